//! Email links: the card, setting up, waiting, the page behind a link, removing.

use super::*;

fn wait(frame: Frame, purpose: MailPurpose, turns_on: bool) -> String {
    EmailWaitPage {
        frame,
        purpose,
        address: masked(ADA),
        until: clock(14, 15),
        return_to: match purpose {
            MailPurpose::SetUp => String::new(),
            _ => "/security/devices?session=1".into(),
        },
        turns_on,
        trust: None,
        back: "/security",
    }
    .render()
    .unwrap()
}

fn landing(frame: Frame, purpose: MailPurpose, landing: Landing, can_send: bool) -> String {
    EmailLandingPage {
        frame,
        purpose,
        token: "cs_ln_0123456789".into(),
        landing,
        trust: None,
        again: can_send.then(|| "/security".to_owned()),
    }
    .render()
    .unwrap()
}

fn ready(asked_by: &str, turns_on: bool) -> Landing {
    Landing::Ready {
        account: ADA.into(),
        asked_by: asked_by.into(),
        turns_on,
    }
}

fn card(facts: StatusFacts, standing: Standing, is_set_aside: bool) -> String {
    SecurityPage {
        email: Some(EmailSection {
            standing,
            address: masked(ADA),
            is_set_aside,
        }),
        ..protected(inside(), facts, Some(Standing::NotSetUp), codes(9, true))
    }
    .render()
    .unwrap()
}

fn remove(after: AfterRemoval) -> String {
    RemovePage {
        frame: inside(),
        method: Method::MagicLink,
        after,
        can_add_other: false,
    }
    .render()
    .unwrap()
}

fn setup(frame: Frame) -> String {
    EmailSetupPage {
        frame,
        address: ADA.into(),
        back: "/security",
    }
    .render()
    .unwrap()
}

pub(super) fn pages() -> Vec<(&'static str, String)> {
    use MailPurpose::{Confirm, SetUp, SignIn};
    let half = || half_inside();
    let mail = || using(&[Method::MagicLink]);
    let alone = |is_mailbox_alone| SecondStep {
        is_mailbox_alone,
        ..step(Some(Way::Code(Code::Mail)), Vec::new())
    };
    let offered = |is_mailbox_alone| {
        VerifyPage {
            frame: half(),
            step: alone(is_mailbox_alone),
            return_to: String::new(),
        }
        .render()
        .unwrap()
    };
    vec![
        ("verify-email", offered(false)),
        ("verify-email-alone", offered(true)),
        (
            "verify-email-unavailable",
            verify(
                refused(half(), &[FormProblem::MailUnavailable]),
                Some(Way::Code(Code::Mail)),
                &[Way::Passkey, Way::Code(Code::Backup)],
            ),
        ),
        (
            "verify-passkey-or-email",
            verify(half(), Some(Way::Passkey), &[Way::Code(Code::Mail)]),
        ),
        ("email-wait", wait(half(), SignIn, false)),
        ("email-wait-confirm", wait(inside(), Confirm, false)),
        ("email-wait-set-up", wait(inside(), SetUp, true)),
        ("email-wait-gate", wait(half(), SetUp, true)),
        (
            "email-wait-wrong",
            wait(
                refused(half(), &[FormProblem::MailCodeWrong(TriesLeft::Few(1))]),
                SignIn,
                false,
            ),
        ),
        (
            "email-wait-spent",
            wait(
                refused(half(), &[FormProblem::MailCodeSpent]),
                SignIn,
                false,
            ),
        ),
        (
            "email-wait-soon",
            wait(
                refused(half(), &[FormProblem::MailTooSoon(clock(14, 6))]),
                SignIn,
                false,
            ),
        ),
        (
            "email-landing",
            landing(
                half(),
                SignIn,
                ready("Chrome on macOS, 203.0.113.7", false),
                true,
            ),
        ),
        (
            "email-landing-confirm",
            landing(inside(), Confirm, ready("", false), true),
        ),
        (
            "email-landing-set-up",
            landing(inside(), SetUp, ready("Chrome on macOS", true), true),
        ),
        (
            "email-landing-elsewhere",
            landing(outside(), SignIn, Landing::Elsewhere, false),
        ),
        (
            "email-landing-used",
            landing(inside(), SignIn, Landing::Used(when(21, 14, 5)), false),
        ),
        (
            "email-landing-newer",
            landing(half(), SignIn, Landing::Newer(when(21, 14, 5)), true),
        ),
        (
            "email-landing-expired",
            landing(half(), SignIn, Landing::Expired(when(21, 14, 5)), true),
        ),
        (
            "email-landing-unknown",
            landing(outside(), SignIn, Landing::Unknown, false),
        ),
        ("email-set-up", setup(inside())),
        (
            "email-set-up-over",
            setup(refused(inside(), &[FormProblem::MailCodeOver])),
        ),
        (
            "security-email-none",
            card(using(&[]), Standing::NotSetUp, false),
        ),
        (
            "security-email-on",
            card(mail(), Standing::On(usage(true)), false),
        ),
        (
            "security-email-set-aside",
            card(mail(), Standing::On(usage(false)), true),
        ),
        (
            "security-email-off",
            card(using(&[Method::Passkey]), Standing::Off(usage(true)), false),
        ),
        (
            "security-email-suspended",
            card(
                using(&[Method::Passkey]),
                Standing::Suspended(usage(true)),
                false,
            ),
        ),
        (
            "email-remove",
            remove(AfterRemoval::Others {
                left: vec![Method::Passkey],
                next: Some(Method::Passkey),
            }),
        ),
        ("email-remove-last", remove(AfterRemoval::TurnsOff)),
        (
            "email-remove-refused",
            remove(AfterRemoval::Refused {
                organization: "Northwind".into(),
            }),
        ),
    ]
}
