//! Trusted browsers: the box, the list, and for how many days an organization allows it.

use super::organization::{administrator, overview_of, reset_of};
use super::*;

fn offer(is_ticked: bool) -> Option<TrustBox> {
    Some(TrustBox {
        days: 30,
        is_ticked,
    })
}

fn verify(open: Way, others: &[Way], is_ticked: bool) -> String {
    VerifyPage {
        frame: half_inside(),
        step: SecondStep {
            trust: offer(is_ticked),
            ..step(Some(open), others.to_vec())
        },
        return_to: "/security/devices?session=1".into(),
    }
    .render()
    .unwrap()
}

fn wait(is_ticked: bool) -> String {
    EmailWaitPage {
        frame: half_inside(),
        purpose: MailPurpose::SignIn,
        address: masked(ADA),
        until: clock(14, 15),
        return_to: String::new(),
        turns_on: false,
        trust: offer(is_ticked),
        back: "/security",
    }
    .render()
    .unwrap()
}

fn landing(landing: Landing, is_ticked: bool) -> String {
    EmailLandingPage {
        frame: half_inside(),
        purpose: MailPurpose::SignIn,
        token: "cs_ln_0123456789".into(),
        landing,
        trust: offer(is_ticked),
        again: Some("/security".into()),
    }
    .render()
    .unwrap()
}

fn listed(rows: Vec<TrustedRow>) -> String {
    let app = Some(Standing::On(usage(true)));
    SecurityPage {
        devices: vec![DeviceRow {
            factor: None,
            is_trusted: true,
            ..device(Some("Firefox on Windows"), true, 21)
        }],
        trusted: Some(rows),
        activity: vec![
            event(Event::SignedInByTrust, 21, "203.0.113.7"),
            event(Event::TrustGiven(30), 21, "203.0.113.7"),
            event(Event::TrustGiven(1), 20, "203.0.113.7"),
            event(Event::TrustEnded(None), 20, "203.0.113.7"),
            event(
                Event::TrustEnded(Some("Firefox on Windows".into())),
                20,
                "203.0.113.7",
            ),
            event(Event::AllTrustEnded, 19, "203.0.113.7"),
            event(Event::TrustCopied(None), 19, "203.0.113.7"),
            event(
                Event::TrustCopied(Some("Firefox on Windows".into())),
                19,
                "203.0.113.7",
            ),
            event(Event::TrustDaysChanged(0), 18, "203.0.113.7"),
            event(Event::TrustDaysChanged(30), 18, "203.0.113.7"),
        ],
        ..protected(
            flashed(
                inside(),
                Flash::TrustStopped(Messages::default().text("security-devices-unknown-browser")),
            ),
            using(&[Method::Totp]),
            app,
            codes(10, true),
        )
    }
    .render()
    .unwrap()
}

fn row(name: &str, is_mobile: bool) -> TrustedRow {
    TrustedRow {
        id: "019a9d5e-0000-7000-8000-000000000201".into(),
        name: name.into(),
        is_mobile,
        until: day(30),
    }
}

fn days(days: Option<i32>, typed: &str) -> String {
    TrustPage {
        frame: match days {
            Some(_) => administrator(),
            None => refused(administrator(), &[FormProblem::TrustDays(90)]),
        },
        typed: typed.into(),
        days,
    }
    .render()
    .unwrap()
}

pub(super) fn pages() -> Vec<(&'static str, String)> {
    let (app, mail, backup) = (
        Way::Code(Code::App),
        Way::Code(Code::Mail),
        Way::Code(Code::Backup),
    );
    let ready = || Landing::Ready {
        account: ADA.into(),
        asked_by: "Chrome on macOS, 203.0.113.7".into(),
        turns_on: false,
    };
    let saved = |days| flashed(administrator(), Flash::TrustDays(days));
    vec![
        ("verify-trust", verify(app, &[mail, backup], false)),
        ("verify-trust-ticked", verify(app, &[mail, backup], true)),
        (
            "verify-trust-passkey",
            verify(Way::Passkey, &[app, backup], true),
        ),
        (
            "verify-trust-passkey-or-email",
            verify(Way::Passkey, &[mail], false),
        ),
        ("verify-trust-email", verify(mail, &[app], true)),
        ("verify-trust-code", verify(backup, &[app], true)),
        ("email-wait-trust", wait(false)),
        ("email-wait-trust-ticked", wait(true)),
        ("email-landing-trust", landing(ready(), false)),
        ("email-landing-trust-ticked", landing(ready(), true)),
        (
            "email-landing-trust-over",
            landing(Landing::Expired(when(21, 14, 5)), true),
        ),
        ("security-trusted-none", listed(Vec::new())),
        (
            "security-trusted",
            listed(vec![
                row("Firefox on Windows", false),
                row("Safari on iOS", true),
            ]),
        ),
        (
            "security-devices-trust",
            DevicesPage {
                frame: inside(),
                device: None,
                others: 1,
                ends_trust: true,
            }
            .render()
            .unwrap(),
        ),
        ("admin-trust-saved", overview_of(saved(30), 30)),
        ("admin-trust-stopped", overview_of(saved(0), 0)),
        ("admin-trust", days(Some(30), "30")),
        ("admin-trust-never", days(Some(0), "0")),
        ("admin-trust-refused", days(None, "91 <b>")),
        ("admin-member-reset-trust", reset_of(2)),
    ]
}
