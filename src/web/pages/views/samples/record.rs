//! Devices, and what is in the record.

use super::*;

pub(super) fn device(name: Option<&str>, is_current: bool, day: u32) -> DeviceRow {
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

pub(super) fn event(what: Event, day: u32, place: &str) -> ActivityRow {
    ActivityRow {
        what,
        when: when(day, 9, 3),
        place: place.into(),
    }
}

pub(super) fn activity() -> Vec<ActivityRow> {
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
pub(super) fn factor_activity() -> Vec<ActivityRow> {
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
