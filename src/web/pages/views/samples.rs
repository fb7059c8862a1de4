//! Every page in every state, with made-up people, for the tests that look at rendered HTML.

use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};

use crate::web::files::Assets;
use crate::web::messages::Messages;
use crate::web::pages::frame::{Frame, SignedIn};
use crate::web::pages::views::*;

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
            icon: "/static/0123456789abcdef/favicon.svg".into(),
        },
        ..Frame::default()
    }
}

fn inside() -> Frame {
    Frame {
        signed_in: Some(SignedIn {
            email: ADA.into(),
            full: true,
        }),
        ..outside()
    }
}

fn half_inside() -> Frame {
    Frame {
        signed_in: Some(SignedIn {
            email: ADA.into(),
            full: false,
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
    let status = StatusHeader::new(&frame.t, facts);
    let password_changed = (!activity.is_empty()).then(|| when(12, 14, 5));
    SecurityPage {
        frame,
        status,
        password_changed,
        devices,
        activity,
    }
    .render()
    .unwrap()
}

fn login(frame: Frame, email: &str, session_ended: bool) -> String {
    let return_to = "/security".into();
    LoginPage {
        frame,
        email: email.into(),
        return_to,
        session_ended,
    }
    .render()
    .unwrap()
}

fn welcome(frame: Frame, filled: bool) -> String {
    let value = |text: &str| {
        if filled {
            text.to_owned()
        } else {
            String::new()
        }
    };
    WelcomePage {
        frame,
        token: "k7Tn2c".into(),
        organization: value("Northwind & <Sons>"),
        first_name: value("Ada"),
        last_name: value("Byron"),
        email: value("ada.example"),
        min_password: 15,
    }
    .render()
    .unwrap()
}

fn error(status: u16) -> String {
    let t = Messages::default();
    ErrorPage {
        frame: if status == 403 { inside() } else { outside() },
        status,
        why: None,
        reference: (status == 500).then(|| "019a9d5e-7c1f-7b0a-9f1d-3a5f0c2b7e11".into()),
        retry_at: (status == 429).then(|| When::clock(&t, at(21, 14, 5))),
    }
    .render()
    .unwrap()
}

/// The name of each state and its page.
pub fn all() -> Vec<(String, String)> {
    let throttled = FormProblem::Throttled(When::clock(&Messages::default(), at(21, 14, 5)));
    let link = |frame| PasswordLinkPage {
        frame,
        token: "k7Tn2c".into(),
        email: "grace.hopper@northwind.example".into(),
        min_password: 15,
    };
    let confirm = |frame: Frame| ConfirmPage {
        action: ConfirmPage::action_for(&frame.t, "/security/devices?all"),
        next: "/security/devices".into(),
        frame,
    };
    let recover = |frame, contact: bool, signed_in_but_owed| RecoverPage {
        frame,
        contact: contact.then(|| "IT desk, ext. 4471\nitdesk@northwind.example".into()),
        signed_in_but_owed,
    };
    let setup = |cards| SetupPage {
        frame: half_inside(),
        organization: "Northwind".into(),
        cards,
    };
    let change = |frame| PasswordPage {
        frame,
        min_password: 15,
    };
    let deadline = || StatusFacts {
        is_required: true,
        deadline: Some(When::day(&Messages::default(), at(30, 0, 0).date())),
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
        (
            "link-spent",
            LinkSpentPage { frame: outside() }.render().unwrap(),
        ),
        ("login", login(outside(), "", false)),
        (
            "login-empty",
            login(
                refused(
                    outside(),
                    &[FormProblem::EmailEmpty, FormProblem::PasswordEmpty],
                ),
                "",
                false,
            ),
        ),
        (
            "login-wrong",
            login(refused(outside(), &[FormProblem::WrongPair]), ADA, true),
        ),
        (
            "login-throttled",
            login(refused(outside(), &[throttled]), ADA, false),
        ),
        (
            "login-page-old",
            login(refused(outside(), &[FormProblem::PageOld]), ADA, false),
        ),
        (
            "login-signed-out",
            login(flashed(outside(), Flash::SignedOut), "", false),
        ),
        ("login-ended", login(outside(), ADA, true)),
        ("confirm", confirm(inside()).render().unwrap()),
        (
            "confirm-wrong",
            confirm(refused(inside(), &[FormProblem::WrongPassword]))
                .render()
                .unwrap(),
        ),
        (
            "recover",
            recover(outside(), false, false).render().unwrap(),
        ),
        (
            "recover-contact",
            recover(outside(), true, false).render().unwrap(),
        ),
        (
            "recover-owed",
            recover(half_inside(), true, true).render().unwrap(),
        ),
        ("setup", setup(Vec::new()).render().unwrap()),
        (
            "setup-cards",
            setup(vec![super::outside::GateCard {
                title: "Passkey".into(),
                text: "Sign in with your fingerprint, face or device PIN.".into(),
                href: "/security/passkeys/add".into(),
            }])
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
        (
            "security-devices",
            DevicesPage {
                frame: inside(),
                device: None,
                others: 3,
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
            }
            .render()
            .unwrap(),
        ),
        (
            "security-activity",
            ActivityPage {
                frame: inside(),
                rows: activity(),
                page: 2,
                has_older: true,
            }
            .render()
            .unwrap(),
        ),
        (
            "security-activity-empty",
            ActivityPage {
                frame: inside(),
                rows: Vec::new(),
                page: 1,
                has_older: false,
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
    let errors = [400, 403, 404, 405, 410, 413, 429, 500, 503]
        .map(|status| (format!("error-{status}"), error(status)));
    let mut named: Vec<(String, String)> = pages
        .drain(..)
        .map(|(name, page)| (name.to_owned(), page))
        .collect();
    named.extend(errors);
    named
}
