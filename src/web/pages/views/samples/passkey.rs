//! Passkeys: the cards, adding, naming, removing, and being asked for one.

use super::*;

pub(super) fn no_passkeys() -> PasskeySection {
    PasskeySection {
        on_devices: Vec::new(),
        on_keys: Vec::new(),
        can_add: false,
        is_full: None,
        is_off: false,
        is_not_allowed: false,
        is_fragile: false,
        is_recommended: false,
    }
}

fn laptop() -> PasskeyRow {
    PasskeyRow {
        id: "019a9d5e-0000-7000-8000-000000000031".into(),
        name: "Work laptop".into(),
        is_security_key: false,
        is_bound: false,
        is_not_backed_up: false,
        is_after_password: false,
        provider: Some("1Password"),
        added: day(3),
        last_used: Some(day(21)),
        last_used_by: Some("Chrome on macOS".into()),
    }
}

fn key() -> PasskeyRow {
    PasskeyRow {
        id: "019a9d5e-0000-7000-8000-000000000032".into(),
        name: "\"><script>alert(1)</script>".into(),
        is_security_key: true,
        is_bound: true,
        is_after_password: true,
        provider: None,
        last_used: None,
        last_used_by: None,
        ..laptop()
    }
}

fn section(passkeys: PasskeySection, facts: StatusFacts, flash: Option<Flash>) -> String {
    let frame = match flash {
        Some(flash) => flashed(inside(), flash),
        None => inside(),
    };
    SecurityPage {
        signals: Some(Signals {
            all: r#"{"rpId":"localhost","userId":"AA","allAcceptedCredentialIds":["AQ"]}"#.into(),
            user: r#"{"rpId":"localhost","userId":"AA","name":"<a@b>","displayName":"A"}"#.into(),
        }),
        passkeys: Some(passkeys),
        ..protected(frame, facts, Some(Standing::NotSetUp), codes(9, true))
    }
    .render()
    .unwrap()
}

fn add(frame: Frame, is_first: bool, is_full: Option<usize>) -> String {
    PasskeyAddPage {
        frame,
        is_first,
        is_full,
        can_use_app: is_first,
        signal_unknown: None,
        back: "/security#passkeys",
    }
    .render()
    .unwrap()
}

fn name(frame: Frame, typed: &str) -> String {
    PasskeyNamePage {
        frame,
        id: laptop().id,
        typed: typed.into(),
        next: "/security#passkeys",
    }
    .render()
    .unwrap()
}

fn remove(passkey: PasskeyRow, after: AfterPasskey) -> String {
    PasskeyRemovePage {
        frame: inside(),
        passkey,
        after,
    }
    .render()
    .unwrap()
}

pub(super) fn pages() -> Vec<(&'static str, String)> {
    let on = using(&[Method::Passkey, Method::Totp]);
    let some = PasskeySection {
        on_devices: vec![
            laptop(),
            PasskeyRow {
                id: "019a9d5e-0000-7000-8000-000000000033".into(),
                name: "Phone".into(),
                is_not_backed_up: true,
                last_used_by: None,
                ..laptop()
            },
        ],
        can_add: true,
        ..no_passkeys()
    };
    let codes = [Way::Code(Code::App), Way::Code(Code::Backup)];
    let left = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    vec![
        ("security-passkeys", section(some.clone(), on.clone(), None)),
        (
            "security-passkeys-both",
            section(
                PasskeySection {
                    on_keys: vec![key()],
                    ..some.clone()
                },
                on.clone(),
                Some(Flash::PasskeyRemoved("Old phone".into())),
            ),
        ),
        (
            "security-passkeys-fragile",
            section(
                PasskeySection {
                    on_devices: Vec::new(),
                    on_keys: vec![key()],
                    is_fragile: true,
                    ..some.clone()
                },
                using(&[Method::Passkey]),
                Some(Flash::PasskeyRemovedNext("Phone".into(), Method::Totp)),
            ),
        ),
        (
            "security-passkeys-off",
            section(
                PasskeySection {
                    is_off: true,
                    ..some.clone()
                },
                using(&[Method::Totp]),
                Some(Flash::PasskeyRemovedLast("Phone".into())),
            ),
        ),
        (
            "security-passkeys-full",
            section(
                PasskeySection {
                    can_add: false,
                    is_full: Some(20),
                    is_not_allowed: true,
                    ..some
                },
                on,
                Some(Flash::PasskeyNamed("Phone".into())),
            ),
        ),
        ("passkey-add", add(inside(), true, None)),
        ("passkey-add-more", add(inside(), false, None)),
        ("passkey-add-gate", add(half_inside(), true, None)),
        ("passkey-add-full", add(inside(), false, Some(20))),
        (
            "passkey-add-refused",
            add(
                refused(inside(), &[FormProblem::PasskeyNotAdded]),
                false,
                None,
            ),
        ),
        (
            "passkey-name",
            name(flashed(inside(), Flash::PasskeyFirst), "Chrome on macOS"),
        ),
        (
            "passkey-name-more",
            name(flashed(inside(), Flash::PasskeyAdded), "Security key 2"),
        ),
        (
            "passkey-name-empty",
            name(refused(inside(), &[FormProblem::PasskeyNameEmpty]), ""),
        ),
        (
            "passkey-name-long",
            name(
                refused(inside(), &[FormProblem::PasskeyNameLong(60)]),
                &"x".repeat(61),
            ),
        ),
        (
            "passkey-name-taken",
            name(
                refused(inside(), &[FormProblem::PasskeyNameTaken("Phone".into())]),
                "Phone",
            ),
        ),
        (
            "passkey-remove",
            remove(
                laptop(),
                AfterPasskey::Others {
                    left: left(&[
                        &Messages::default().with("passkey-remove-left-passkey", "name", "Phone"),
                        &Messages::default().text("method-app"),
                    ]),
                    next: None,
                },
            ),
        ),
        (
            "passkey-remove-next",
            remove(
                key(),
                AfterPasskey::Others {
                    left: left(&[&Messages::default().text("method-app")]),
                    next: Some(Method::Totp),
                },
            ),
        ),
        (
            "passkey-remove-last",
            remove(
                PasskeyRow {
                    provider: None,
                    ..laptop()
                },
                AfterPasskey::TurnsOff,
            ),
        ),
        (
            "passkey-remove-refused",
            remove(
                laptop(),
                AfterPasskey::Refused {
                    organization: "Northwind".into(),
                },
            ),
        ),
        (
            "verify-passkey",
            verify(half_inside(), Some(Way::Passkey), &codes),
        ),
        (
            "verify-passkey-alone",
            verify(half_inside(), Some(Way::Passkey), &[]),
        ),
        (
            "verify-passkey-refused",
            verify(
                refused(half_inside(), &[FormProblem::PasskeyRefusedHere]),
                Some(Way::Passkey),
                &codes[..1],
            ),
        ),
        (
            "confirm-passkey",
            confirm_with(inside(), Some(Way::Passkey), &codes),
        ),
        (
            "login-passkey-unknown",
            LoginPage {
                frame: refused(outside(), &[FormProblem::PasskeyUnknown]),
                email: String::new(),
                return_to: "/security".into(),
                ended: None,
                passkeys: true,
                signal_unknown: Some(r#"{"rpId":"localhost","credentialId":"AQ"}"#.into()),
            }
            .render()
            .unwrap(),
        ),
        (
            "login-passkey-refused",
            login(refused(outside(), &[FormProblem::PasskeyRefused]), "", None),
        ),
        (
            "login-without-passkeys",
            LoginPage {
                frame: outside(),
                email: String::new(),
                return_to: String::new(),
                ended: None,
                passkeys: false,
                signal_unknown: None,
            }
            .render()
            .unwrap(),
        ),
    ]
}
