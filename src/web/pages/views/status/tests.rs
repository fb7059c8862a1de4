//! Which words belong to which facts.

use super::*;

fn header(facts: StatusFacts) -> (String, String, Option<String>) {
    let header = StatusHeader::new(
        &Messages::default(),
        StatusFacts {
            organization: "Acme".into(),
            demanded_by: "Acme".into(),
            ..facts
        },
    );
    (
        header.badge,
        header.sentence,
        header.notice.map(|notice| notice.text),
    )
}

fn says(badge: &str, sentence: &str) -> (String, String, Option<String>) {
    (badge.into(), sentence.into(), None)
}

#[test]
fn st_1_st_2_st_3_st_4_st_5_st_8_st_9_every_status_has_its_sentence() {
    assert_eq!(
        header(StatusFacts {
            gate: true,
            is_required: true,
            is_enforced: true,
            ..Default::default()
        }),
        says(
            "Set-up needed",
            "Acme requires MFA. Set up one method to continue."
        )
    );
    let deadline = When {
        iso: "2027-01-01".into(),
        text: "1 Jan 2027".into(),
    };
    assert_eq!(
        header(StatusFacts {
            deadline: Some(deadline),
            is_required: true,
            ..Default::default()
        }),
        (
            "Set up by 1 Jan 2027".into(),
            "Your account is protected by a password only.".into(),
            Some("Acme requires MFA from 1 Jan 2027.".into())
        )
    );
    assert_eq!(
        header(StatusFacts {
            saved_methods: 2,
            ..Default::default()
        }),
        says(
            "Off",
            "2 methods are saved, but you are not asked for them when you sign in."
        )
    );
    assert_eq!(
        header(StatusFacts::default()),
        says("Off", "Your account is protected by a password only.")
    );
    let one = StatusFacts {
        is_enabled: true,
        enabled_methods: vec![Method::Passkey],
        primary_method: Some(Method::Passkey),
        ..Default::default()
    };
    assert_eq!(
        header(one.clone()),
        (
            "On".into(),
            "You have one way to sign in.".into(),
            Some(
                "If you lose it, you lose access. Add a second method or create backup codes."
                    .into()
            )
        )
    );
    let with_codes = StatusFacts {
        backup_codes_left: Some(9),
        ..one
    };
    assert_eq!(
        header(with_codes.clone()),
        says(
            "On",
            "You confirm it's you with a passkey after your password."
        )
    );
    assert_eq!(
        header(StatusFacts {
            is_required: true,
            ..with_codes
        }),
        says(
            "On, required",
            "You can change methods, but Acme does not allow turning MFA off."
        )
    );
}

fn notice_of(facts: StatusFacts) -> (String, Option<(String, &'static str, bool)>) {
    let facts = StatusFacts {
        organization: "Acme".into(),
        demanded_by: "Acme".into(),
        available_methods: vec![Method::Totp],
        ..facts
    };
    let notice = StatusHeader::new(&Messages::default(), facts)
        .notice
        .unwrap();
    let action = notice
        .action
        .map(|action| (action.text, action.href, action.post));
    (notice.text, action)
}

#[test]
fn st_6_st_7_st_10_every_notice_offers_what_can_be_done() {
    let day = || When {
        iso: "2027-01-01".into(),
        text: "1 Jan 2027".into(),
    };
    let deadline = StatusFacts {
        deadline: Some(day()),
        is_required: true,
        ..Default::default()
    };
    let set_up = Some(("Set up".to_owned(), "/security/app", true));
    assert_eq!(
        notice_of(deadline.clone()),
        (
            "Acme requires MFA from 1 Jan 2027. Set it up now; it takes about two minutes.".into(),
            set_up.clone()
        )
    );
    let reset = |organization: Option<&str>| {
        notice_of(StatusFacts {
            reset: Some(Reset {
                at: day(),
                organization: organization.map(str::to_owned),
            }),
            ..deadline.clone()
        })
    };
    let (text, action) = reset(Some("Acme"));
    assert!(text.starts_with("An administrator of Acme reset your MFA on 1 Jan 2027."));
    assert_eq!(action, set_up);
    assert!(
        reset(None)
            .0
            .starts_with("Your MFA was reset on 1 Jan 2027")
    );
    let two = |left| StatusFacts {
        is_enabled: true,
        enabled_methods: vec![Method::Totp, Method::Passkey],
        primary_method: Some(Method::Passkey),
        backup_codes_left: Some(left),
        ..Default::default()
    };
    let new_codes = |href, post| Some(("Create new codes".to_owned(), href, post));
    assert_eq!(
        notice_of(two(0)),
        (
            "You have used all your backup codes.".into(),
            new_codes("/security/codes", true)
        )
    );
    assert_eq!(
        notice_of(two(1)),
        (
            "You have 1 backup code left.".into(),
            new_codes("/security/codes/new", false)
        )
    );
    assert_eq!(StatusHeader::new(&Messages::default(), two(4)).notice, None);
}
