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
mod trust; // those about trusted browsers

use factors::{confirm_with, factors, step, verify};
use outside::{error, login, welcome};
use passkey::no_passkeys;

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

fn device(name: Option<&str>, is_current: bool, day: u32) -> DeviceRow {
    DeviceRow {
        session: format!("019a9d5e-0000-7000-8000-0000000000{day:02}"),
        name: name.map(str::to_owned),
        is_app: false,
        is_mobile: name.is_some_and(|name| name.contains("iOS")),
        user_agent: "Mozilla/5.0 (X11; Linux x86_64) Obscure/0.1 <script>alert(1)</script>".into(),
        is_current,
        signed_in: when(day, 8, 14),
        has_password: day != 18,
        factor: match day {
            21 => Some(Way::Code(Code::App)),
            19 => Some(Way::Code(Code::Backup)),
            18 => Some(Way::Passkey),
            _ => None,
        },
        is_trusted: false,
        last_active: when(21, 16, 40),
        address: if is_current {
            "203.0.113.7".into()
        } else {
            "2001:db8:4006:812::200e".into()
        },
    }
}

fn event(what: Event, day: u32, place: &str) -> ActivityRow {
    ActivityRow {
        what,
        when: when(day, 9, 3),
        place: place.into(),
    }
}

fn activity() -> Vec<ActivityRow> {
    let mac = "203.0.113.7, Chrome on macOS";
    vec![
        event(Event::SignedIn, 21, mac),
        event(Event::SignInFailed, 21, mac),
        event(
            Event::DeviceSignedOut(Some("Firefox on Windows".into())),
            20,
            mac,
        ),
        event(Event::Confirmed, 20, mac),
        event(Event::TokenReused, 18, "198.51.100.23, unknown browser"),
        event(
            Event::PasswordChanged,
            12,
            "2001:db8:4006:812::200e, Safari on iOS",
        ),
        event(Event::LinkIssued, 3, "command line"),
        event(Event::OrganizationCreated, 3, mac),
        event(Event::AccountCreated, 3, mac),
    ]
}

/// What happens around an authenticator app and backup codes.
fn factor_activity() -> Vec<ActivityRow> {
    let mac = "203.0.113.7, Chrome on macOS";
    vec![
        event(Event::NewDevice, 21, mac),
        event(Event::Unfinished, 21, mac),
        event(Event::PasswordAccepted, 21, mac),
        event(Event::SignedInWithPasskey(Some("Phone".into())), 21, mac),
        event(Event::SignedInWithPasskey(None), 21, mac),
        event(Event::ConfirmedWithPasskey(Some("Phone".into())), 21, mac),
        event(Event::ConfirmedWithPasskey(None), 21, mac),
        event(Event::PasskeyAdded("<Phone>".into()), 21, mac),
        event(Event::PasskeyRenamed("Phone".into()), 21, mac),
        event(Event::PasskeyRemoved("Phone".into()), 21, mac),
        event(Event::PasskeyNotAdded, 21, mac),
        event(Event::PasskeyRefused, 21, mac),
        event(Event::PasskeyCounter, 21, mac),
        event(Event::SignedInWithBackupCode(Some(7)), 21, mac),
        event(Event::SignedInWithBackupCode(None), 21, mac),
        event(Event::SignedInWithApp, 21, mac),
        event(Event::CodeWrong(Code::App), 20, mac),
        event(Event::CodeWrong(Code::Backup), 20, mac),
        event(Event::CodeSpent(Code::App), 20, mac),
        event(Event::CodeSpent(Code::Backup), 20, mac),
        event(Event::CodesLocked, 20, mac),
        event(Event::CodesSuspended, 20, mac),
        event(Event::ConfirmedWithApp, 19, mac),
        event(Event::ConfirmedWithBackupCode(Some(8)), 19, mac),
        event(Event::ConfirmedWithBackupCode(None), 19, mac),
        event(Event::SetUpStarted(Method::Totp), 18, mac),
        event(Event::MethodEnabled(Method::Totp), 18, mac),
        event(Event::MethodDisabled(Method::MagicLink), 18, mac),
        event(Event::MethodRemoved(Method::Passkey), 18, mac),
        event(Event::PrimaryChanged(Some(Method::Totp)), 18, mac),
        event(Event::PrimaryChanged(None), 18, mac),
        event(Event::MfaOn, 17, mac),
        event(Event::MfaOff, 17, mac),
        event(Event::BackupCodesCreated, 17, mac),
        event(Event::MfaResetByHolder, 16, mac),
        event(Event::MfaReset(Some("Grace Hopper".into())), 16, mac),
        event(
            Event::MfaReset(None),
            16,
            &Messages::default().text("activity-command-line"),
        ),
        event(Event::Other("key_rotated".into()), 16, mac),
    ]
}

fn security(
    frame: Frame,
    facts: StatusFacts,
    devices: Vec<DeviceRow>,
    activity: Vec<ActivityRow>,
) -> String {
    let facts = StatusFacts {
        organization: "Northwind".into(),
        session_verified: true,
        ..facts
    };
    let demand = demand(&frame.t, &facts);
    let status = StatusHeader::new(&frame.t, facts);
    let password_changed = (!activity.is_empty()).then(|| when(12, 14, 5));
    SecurityPage {
        frame,
        status,
        forecast: None,
        backup_code_used: None,
        signals: None,
        passkeys: Some(PasskeySection {
            can_add: true,
            is_recommended: true,
            ..no_passkeys()
        }),
        app: Some(Standing::NotSetUp),
        email: None,
        codes: None,
        password_changed,
        has_chosen_language: true,
        version: "5f0a.1".into(),
        demand,
        devices,
        trusted: None,
        activity,
    }
    .render()
    .unwrap()
}

/// What the organization requires of somebody with this status.
fn demand(t: &Messages, facts: &StatusFacts) -> Option<Demand> {
    let is_announced = facts.deadline.is_some();
    (is_announced || facts.is_required).then(|| Demand {
        organization: facts.organization.clone(),
        from: facts.deadline.clone().unwrap_or_else(|| day(1)),
        is_in_force: !is_announced,
        methods: methods::names(t, &[Method::Passkey, Method::Totp]),
    })
}

fn day(day: u32) -> When {
    When::day(&Messages::default(), at(day, 0, 0).date())
}

fn clock(hour: u32, minute: u32) -> When {
    When::clock(&Messages::default(), at(21, hour, minute))
}

fn usage(is_used: bool) -> Usage {
    Usage {
        since: day(3),
        last_used: is_used.then(|| when(21, 16, 40)),
    }
}

fn reset() -> Reset {
    Reset {
        at: day(20),
        organization: Some("Northwind".into()),
    }
}

fn codes(left: u32, is_saved: bool) -> Option<CodesLeft> {
    Some(CodesLeft {
        left,
        created: day(3),
        is_saved,
    })
}

/// `/security` of somebody with second factors.
fn protected(
    frame: Frame,
    facts: StatusFacts,
    app: Option<Standing>,
    codes: Option<CodesLeft>,
) -> SecurityPage {
    let facts = StatusFacts {
        organization: "Northwind".into(),
        session_verified: true,
        saved_methods: facts.saved_methods.max(1),
        backup_codes_left: codes.as_ref().map(|codes| codes.left),
        ..facts
    };
    SecurityPage {
        demand: demand(&frame.t, &facts),
        status: StatusHeader::new(&frame.t, facts),
        forecast: codes.is_some().then(|| forecast(&frame.t)),
        frame,
        backup_code_used: None,
        signals: None,
        passkeys: None,
        app,
        email: None,
        codes,
        password_changed: Some(when(12, 14, 5)),
        has_chosen_language: false,
        version: "5f0a.1".into(),
        devices: vec![device(Some("Chrome on macOS"), true, 21)],
        trusted: None,
        activity: activity(),
    }
}

fn forecast(t: &Messages) -> ForecastText {
    let forecast = Forecast {
        passkey: Some(Chance::Unsure),
        magic_link: Some(Chance::Unsure),
        backup_codes: Some(Chance::Sure),
        advice: Some(Advice::AddDurablePasskey),
    };
    ForecastText::new(t, forecast, Details::default())
}

fn using(methods: &[Method]) -> StatusFacts {
    StatusFacts {
        is_enabled: !methods.is_empty(),
        primary_method: methods.first().copied(),
        enabled_methods: methods.to_vec(),
        ..StatusFacts::default()
    }
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
