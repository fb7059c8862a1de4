//! Every page in every state, with made-up people, for the tests that look at rendered HTML.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use qrcode::{Color, QrCode};

use crate::mfa::Method;
use crate::mfa::forecast::{Advice, Chance, Details, Forecast};
use crate::web::files::Assets;
use crate::web::pages::frame::{Frame, SignedIn};
use crate::web::pages::views::*;
use crate::words::Messages;

mod email; // those about email links
mod factors; // those about other second factors
mod organization; // those of administrators
mod outside; // those for whoever is not signed in
mod passkey; // those about passkeys
mod record; // devices and events
mod security; // the security page
mod trust; // those about trusted browsers

use factors::{confirm_with, factors, step, verify};
use outside::{error, login, welcome};
use passkey::no_passkeys;
use record::{activity, device, event, factor_activity};
use security::{codes, protected, reset, security, usage, using};

const ADA: &str = "ada@northwind.example";

fn at(day: u32, hour: u32, minute: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, day)
        .unwrap()
        .and_hms_opt(hour, minute, 0)
        .unwrap()
}

fn when(day: u32, hour: u32, minute: u32) -> When {
    When::utc(&Messages::default(), at(day, hour, minute))
}

fn outside() -> Frame {
    Frame {
        csrf: "q3mF0v-token".into(),
        assets: Assets {
            css: "/static/0123456789abcdef/app.css".into(),
            js: "/static/0123456789abcdef/security.js".into(),
            passkey_js: "/static/0123456789abcdef/passkey.js".into(),
            live_js: "/static/0123456789abcdef/live.js".into(),
            icon: "/static/0123456789abcdef/favicon.svg".into(),
        },
        origin: "https://login.northwind.example".into(),
        ..Frame::default()
    }
}

fn inside() -> Frame {
    Frame {
        signed_in: Some(SignedIn {
            email: ADA.into(),
            full: true,
            administers: false,
        }),
        ..outside()
    }
}

fn half_inside() -> Frame {
    Frame {
        signed_in: Some(SignedIn {
            email: ADA.into(),
            full: false,
            administers: false,
        }),
        ..outside()
    }
}

fn refused(frame: Frame, problems: &[FormProblem]) -> Frame {
    let problems = problems
        .iter()
        .map(|problem| problem.problem(&frame.t))
        .collect();
    frame.with_problems(problems)
}

fn flashed(frame: Frame, flash: Flash) -> Frame {
    Frame {
        flash: Some(flash.text(&frame.t)),
        flash_takes_focus: flash.takes_focus(),
        ..frame
    }
}

fn day(day: u32) -> When {
    When::day(&Messages::default(), at(day, 0, 0).date())
}

fn clock(hour: u32, minute: u32) -> When {
    When::clock(&Messages::default(), at(21, hour, minute))
}

/// The name of each state and its page.
pub fn all() -> Vec<(String, String)> {
    let throttled = FormProblem::SignInThrottled(When::clock(&Messages::default(), at(21, 14, 5)));
    let link = |frame| PasswordLinkPage {
        frame,
        token: "k7Tn2c".into(),
        email: "grace.hopper@northwind.example".into(),
        min_password: 15,
    };
    let mail_throttled =
        FormProblem::MailThrottled(When::clock(&Messages::default(), at(21, 14, 5)));
    let lost = |frame, email: &str| PasswordLostPage {
        frame,
        email: email.into(),
    };
    let address = |frame, email: &str| AddressPage {
        frame,
        current: ADA.into(),
        email: email.into(),
    };
    let address_confirm = |frame| AddressConfirmPage {
        frame,
        token: "k7Tn2c".into(),
        current: ADA.into(),
        address: "ada.lovelace@northwind.example".into(),
    };
    let confirm = |frame: Frame| ConfirmPage {
        action: ConfirmPage::action_for(&frame.t, "/security/devices?all"),
        next: "/security/devices".into(),
        step: None,
        frame,
    };
    let recover = |frame, contact: bool, owed| RecoverPage {
        frame,
        contact: contact.then(|| "IT desk, ext. 4471\nitdesk@northwind.example".into()),
        owed,
        can_ask: None,
    };
    let owed = |has_backup_codes, has_usable_method| {
        Some(Owed {
            has_backup_codes,
            has_usable_method,
        })
    };
    let setup = |cards| SetupPage {
        frame: half_inside(),
        organization: "Northwind".into(),
        from: None,
        later: "/security".into(),
        reset: None,
        cards,
    };
    let card = |method| GateCard::of(&Messages::default(), method).unwrap();
    let change = |frame| PasswordPage {
        frame,
        min_password: 15,
    };
    let deadline = || StatusFacts {
        is_required: true,
        deadline: Some(day(30)),
        available_methods: vec![Method::Totp],
        ..StatusFacts::default()
    };
    let devices = || {
        vec![
            device(Some("Chrome on macOS"), true, 21),
            device(Some("Safari on iOS"), false, 19),
            device(None, false, 11),
        ]
    };
    let script = || DeviceRow {
        is_app: true,
        ..device(None, false, 2)
    };
    let mut pages = vec![
        ("home", HomePage { frame: outside() }.render().unwrap()),
        ("welcome", welcome(outside(), false)),
        (
            "welcome-problems",
            welcome(
                refused(
                    outside(),
                    &[
                        FormProblem::LastNameEmpty,
                        FormProblem::EmailFormat,
                        FormProblem::NewPasswordShort(15),
                    ],
                ),
                true,
            ),
        ),
        ("password-link", link(outside()).render().unwrap()),
        (
            "password-link-problem",
            link(refused(outside(), &[FormProblem::NewPasswordCommon]))
                .render()
                .unwrap(),
        ),
        ("password-lost", lost(outside(), "").render().unwrap()),
        (
            "password-lost-problem",
            lost(refused(outside(), &[FormProblem::EmailFormat]), "ada")
                .render()
                .unwrap(),
        ),
        (
            "password-lost-throttled",
            lost(
                refused(outside(), std::slice::from_ref(&mail_throttled)),
                ADA,
            )
            .render()
            .unwrap(),
        ),
        (
            "link-spent",
            LinkSpentPage { frame: outside() }.render().unwrap(),
        ),
        ("login", login(outside(), "", None)),
        (
            "login-empty",
            login(
                refused(
                    outside(),
                    &[FormProblem::EmailEmpty, FormProblem::PasswordEmpty],
                ),
                "",
                None,
            ),
        ),
        (
            "login-wrong",
            login(
                refused(outside(), &[FormProblem::WrongPair]),
                ADA,
                Some(Ended::Session),
            ),
        ),
        (
            "login-throttled",
            login(refused(outside(), &[throttled]), ADA, None),
        ),
        (
            "login-page-old",
            login(refused(outside(), &[FormProblem::PageOld]), ADA, None),
        ),
        (
            "login-signed-out",
            login(flashed(outside(), Flash::SignedOut), "", None),
        ),
        (
            "login-password-link-asked",
            login(
                flashed(outside(), Flash::PasswordLinkAsked(ADA.into())),
                "",
                None,
            ),
        ),
        ("login-ended", login(outside(), ADA, Some(Ended::Session))),
        (
            "login-took-too-long",
            login(outside(), ADA, Some(Ended::SignIn)),
        ),
        ("confirm", confirm(inside()).render().unwrap()),
        (
            "confirm-wrong",
            confirm(refused(inside(), &[FormProblem::WrongPassword]))
                .render()
                .unwrap(),
        ),
        ("recover", recover(outside(), false, None).render().unwrap()),
        (
            "recover-contact",
            recover(outside(), true, None).render().unwrap(),
        ),
        (
            "recover-owed",
            recover(half_inside(), true, owed(false, false))
                .render()
                .unwrap(),
        ),
        (
            "recover-owed-codes",
            recover(half_inside(), true, owed(true, true))
                .render()
                .unwrap(),
        ),
        (
            "recover-owed-ask",
            RecoverPage {
                can_ask: Some("Northwind <b>".into()),
                ..recover(
                    flashed(half_inside(), Flash::ResetAsked),
                    false,
                    owed(false, true),
                )
            }
            .render()
            .unwrap(),
        ),
        (
            "recover-signed-in",
            recover(inside(), false, None).render().unwrap(),
        ),
        ("setup", setup(Vec::new()).render().unwrap()),
        (
            "setup-cards",
            setup(vec![card(Method::Passkey), card(Method::Totp)])
                .render()
                .unwrap(),
        ),
        (
            "setup-reset",
            SetupPage {
                reset: Some(reset().sentence(&Messages::default())),
                ..setup(vec![card(Method::Passkey), card(Method::Totp)])
            }
            .render()
            .unwrap(),
        ),
        (
            "setup-announced",
            SetupPage {
                frame: inside(),
                from: Some(day(30)),
                ..setup(vec![card(Method::Passkey), card(Method::Totp)])
            }
            .render()
            .unwrap(),
        ),
        (
            "setup-later",
            LaterPage {
                frame: inside(),
                organization: "Northwind".into(),
                from: day(30),
                now: "/setup?return_to=%2Fsecurity".into(),
                later: "/security".into(),
            }
            .render()
            .unwrap(),
        ),
        (
            "security",
            security(inside(), StatusFacts::default(), devices(), activity()),
        ),
        (
            "security-new",
            security(
                flashed(inside(), Flash::OrganizationCreated("Northwind".into())),
                StatusFacts::default(),
                vec![device(Some("Chrome on macOS"), true, 21)],
                Vec::new(),
            ),
        ),
        (
            "security-deadline",
            security(
                flashed(inside(), Flash::DeviceSignedOut("Safari on iOS".into())),
                deadline(),
                vec![device(Some("Chrome on macOS"), true, 21), script()],
                activity(),
            ),
        ),
        ("security-password", change(inside()).render().unwrap()),
        (
            "security-password-problems",
            change(refused(
                inside(),
                &[
                    FormProblem::CurrentPasswordWrong,
                    FormProblem::NewPasswordPersonal,
                ],
            ))
            .render()
            .unwrap(),
        ),
        ("security-address", address(inside(), "").render().unwrap()),
        (
            "security-address-problem",
            address(refused(inside(), &[FormProblem::EmailSame]), ADA)
                .render()
                .unwrap(),
        ),
        (
            "security-address-throttled",
            address(
                refused(inside(), &[mail_throttled]),
                "ada.lovelace@northwind.example",
            )
            .render()
            .unwrap(),
        ),
        (
            "security-address-confirm",
            address_confirm(inside()).render().unwrap(),
        ),
        (
            "security-address-confirm-old",
            address_confirm(refused(inside(), &[FormProblem::PageOld]))
                .render()
                .unwrap(),
        ),
        (
            "security-devices",
            DevicesPage {
                frame: inside(),
                device: None,
                others: 3,
                ends_trust: false,
            }
            .render()
            .unwrap(),
        ),
        (
            "security-devices-one",
            DevicesPage {
                frame: flashed(inside(), Flash::Confirmed),
                device: Some(device(Some("Safari on iOS"), false, 19)),
                others: 3,
                ends_trust: false,
            }
            .render()
            .unwrap(),
        ),
        (
            "security-devices-none",
            DevicesPage {
                frame: inside(),
                device: None,
                others: 0,
                ends_trust: false,
            }
            .render()
            .unwrap(),
        ),
        (
            "security-activity",
            ActivityPage {
                frame: inside(),
                rows: activity(),
                paging: Paging {
                    page: 2,
                    has_older: true,
                },
            }
            .render()
            .unwrap(),
        ),
        (
            "security-activity-empty",
            ActivityPage {
                frame: inside(),
                rows: Vec::new(),
                paging: Paging {
                    page: 1,
                    has_older: false,
                },
            }
            .render()
            .unwrap(),
        ),
        ("help", HelpPage { frame: outside() }.render().unwrap()),
        (
            "help-signed-in",
            HelpPage { frame: inside() }.render().unwrap(),
        ),
    ];
    pages.extend(factors());
    pages.extend(passkey::pages());
    pages.extend(email::pages());
    pages.extend(organization::pages());
    pages.extend(trust::pages());
    let errors = [400, 403, 404, 405, 408, 410, 413, 429, 500, 503]
        .map(|status| (format!("error-{status}"), error(status)));
    let mut named: Vec<(String, String)> = pages
        .drain(..)
        .map(|(name, page)| (name.to_owned(), page))
        .collect();
    named.extend(errors);
    named
}
