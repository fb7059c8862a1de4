//! Pages for whoever is not signed in yet, and errors.

use super::*;

pub(super) fn login(frame: Frame, email: &str, ended: Option<Ended>) -> String {
    let return_to = "/security".into();
    LoginPage {
        frame,
        email: email.into(),
        return_to,
        ended,
        passkeys: true,
        signal_unknown: None,
    }
    .render()
    .unwrap()
}

pub(super) fn welcome(frame: Frame, filled: bool) -> String {
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

pub(super) fn error(status: u16) -> String {
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
