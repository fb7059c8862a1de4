//! The lock-out forecast: what would still let somebody in who lost their phone, and the one thing that would make it
//! better.
//!
//! [`forecast`] is a pure function of the status and of what its caller happens to know besides. What is not known might be
//! on the phone: nothing is called sure that only may be.

use super::passkey::is_security_key;
use super::{Method, Status};
use crate::db::passkeys::Passkey;

/// What a lost phone would leave of the ways to sign in. An app's codes are taken as gone with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// A passkey, if the account uses them.
    pub passkey: Option<Chance>,
    /// The email link, if it is accepted.
    pub magic_link: Option<Chance>,
    /// The backup codes, if any can be used.
    pub backup_codes: Option<Chance>,
    /// What would make it better, if anything that can be done here and now would.
    pub advice: Option<Advice>,
}

/// How sure it is that a way to sign in is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chance {
    /// It does not depend on the phone.
    Sure,
    /// It may have been on the phone, or have needed it.
    Unsure,
}

/// What makes the forecast better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Create backup codes, and keep them.
    CreateBackupCodes,
    /// Add a passkey.
    AddPasskey,
    /// Add a security key, or a passkey that is backed up: those there are may all be on the phone.
    AddDurablePasskey,
    /// Set up the email link.
    AddMagicLink,
}

/// What is known beyond the status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Details {
    /// Where the passkey is that is safest, if they were looked at.
    pub passkey: Option<Kept>,
    /// There are as many passkeys as there may be.
    pub is_full: bool,
    /// Their holder never said that the backup codes are saved.
    pub are_codes_unsaved: bool,
}

/// Where a passkey is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// On one device, which may be the phone.
    OnOneDevice,
    /// In a backup that other devices can read.
    InBackup,
    /// On a key that is no phone.
    OnSecurityKey,
}

impl Kept {
    /// Where this passkey is kept.
    fn of(passkey: &Passkey) -> Self {
        if is_security_key(passkey) {
            Self::OnSecurityKey
        } else if passkey.backup_state {
            Self::InBackup
        } else {
            Self::OnOneDevice
        }
    }

    /// Where the safest of those is kept that work for this relying party; `None` without any.
    pub fn safest(passkeys: &[Passkey], rp_id: &str) -> Option<Self> {
        let own = passkeys.iter().filter(|passkey| passkey.rp_id == rp_id);
        own.map(Self::of).max()
    }
}

/// What a lost phone would leave. `None` where the password alone is enough: there is nothing to be locked out by.
pub fn forecast(status: &Status, details: Details) -> Option<Forecast> {
    if !status.owes_factor {
        return None;
    }
    let sure = |is_sure| match is_sure {
        true => Chance::Sure,
        false => Chance::Unsure,
    };
    let is_kept = details.passkey.is_some_and(|kept| kept > Kept::OnOneDevice);
    let found = Forecast {
        passkey: status.offers(Method::Passkey).then(|| sure(is_kept)),
        // A mailbox may be protected by something on the phone.
        magic_link: status.offers(Method::MagicLink).then_some(Chance::Unsure),
        backup_codes: status
            .has_backup_codes()
            .then(|| sure(!details.are_codes_unsaved)),
        advice: None,
    };
    Some(Forecast {
        advice: found.advice(status, details),
        ..found
    })
}

impl Forecast {
    /// The first of these that is lacking. Where it is not known what is lacking, nothing is advised.
    fn advice(&self, status: &Status, details: Details) -> Option<Advice> {
        let can_add = |method| {
            let state = status.state_of(method);
            state.is_some_and(|state| state.is_available)
        };
        let can_add_passkey = can_add(Method::Passkey) && !details.is_full;
        // Codes would work again only once what is suspended was set up again; its own words say so.
        if self.backup_codes != Some(Chance::Sure) && !status.is_suspended() {
            return Some(Advice::CreateBackupCodes);
        }
        match self.passkey {
            None if can_add_passkey => Some(Advice::AddPasskey),
            Some(Chance::Unsure) if can_add_passkey && details.passkey.is_some() => {
                Some(Advice::AddDurablePasskey)
            }
            None if can_add(Method::MagicLink) && !has(status, Method::MagicLink) => {
                Some(Advice::AddMagicLink)
            }
            _ => None,
        }
    }
}

fn has(status: &Status, method: Method) -> bool {
    let state = status.state_of(method);
    state.is_some_and(|state| state.is_configured)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::mfa::MethodState;

    fn with(methods: &[Method], codes: Option<u32>) -> Status {
        let states = Method::ALL.into_iter().map(|method| MethodState {
            method,
            is_available: true,
            is_configured: methods.contains(&method),
            is_enabled: methods.contains(&method),
            is_provable: methods.contains(&method),
            is_suspended: false,
        });
        Status {
            is_enabled: !methods.is_empty(),
            is_required: false,
            is_enforced: false,
            enabled_methods: methods.to_vec(),
            primary_method: methods.first().copied(),
            enforced_from: None,
            backup_codes_left: codes,
            methods: states.collect(),
            owes_factor: !methods.is_empty(),
            must_enrol: false,
            password_by_mail: false,
        }
    }

    fn passkeys(kept: Kept) -> Details {
        Details {
            passkey: Some(kept),
            ..Details::default()
        }
    }

    #[test]
    fn a_password_alone_cannot_be_lost_with_a_phone() {
        assert_eq!(forecast(&with(&[], None), Details::default()), None);
    }

    #[test]
    fn an_app_is_gone_with_the_phone_and_backup_codes_are_not() {
        let alone = forecast(&with(&[Method::Totp], None), Details::default()).unwrap();
        let expected = Forecast {
            passkey: None,
            magic_link: None,
            backup_codes: None,
            advice: Some(Advice::CreateBackupCodes),
        };
        assert_eq!(alone, expected);
        let codes = forecast(&with(&[Method::Totp], Some(3)), Details::default()).unwrap();
        assert_eq!(codes.backup_codes, Some(Chance::Sure));
        assert_eq!(codes.advice, Some(Advice::AddPasskey));
        let used_up = forecast(&with(&[Method::Totp], Some(0)), Details::default()).unwrap();
        assert_eq!(used_up, expected);
        let unsaved = Details {
            are_codes_unsaved: true,
            ..Details::default()
        };
        let unsaved = forecast(&with(&[Method::Totp], Some(10)), unsaved).unwrap();
        assert_eq!(unsaved.backup_codes, Some(Chance::Unsure));
        assert_eq!(unsaved.advice, Some(Advice::CreateBackupCodes));
    }

    #[test]
    fn a_passkey_survives_only_where_it_is_known_to_be_elsewhere_too() {
        let status = with(&[Method::Passkey], Some(10));
        let of = |details| {
            let forecast = forecast(&status, details).unwrap();
            (forecast.passkey.unwrap(), forecast.advice)
        };
        assert_eq!(of(Details::default()), (Chance::Unsure, None));
        assert_eq!(
            of(passkeys(Kept::OnOneDevice)),
            (Chance::Unsure, Some(Advice::AddDurablePasskey))
        );
        assert_eq!(of(passkeys(Kept::InBackup)), (Chance::Sure, None));
        assert_eq!(of(passkeys(Kept::OnSecurityKey)), (Chance::Sure, None));
        let full = Details {
            is_full: true,
            ..passkeys(Kept::OnOneDevice)
        };
        assert_eq!(of(full), (Chance::Unsure, None));
    }

    #[test]
    fn a_mailbox_may_need_the_phone_and_does_not_count_while_it_is_set_aside() {
        let mut status = with(&[Method::Totp, Method::MagicLink], Some(10));
        let link = |status: &Status| forecast(status, Details::default()).unwrap().magic_link;
        assert_eq!(link(&status), Some(Chance::Unsure));
        status.password_by_mail = true;
        assert_eq!(link(&status), None);
    }

    #[test]
    fn the_email_link_is_advised_where_passkeys_cannot_be_had() {
        let mut status = with(&[Method::Totp], Some(10));
        let advice = |status: &Status| forecast(status, Details::default()).unwrap().advice;
        status.methods[2].is_available = false;
        assert_eq!(advice(&status), Some(Advice::AddMagicLink));
        status.methods[1].is_available = false;
        assert_eq!(advice(&status), None);
    }

    #[test]
    fn codes_that_would_not_work_are_neither_promised_nor_advised() {
        let mut status = with(&[Method::Totp, Method::Passkey], Some(10));
        status.methods[0].is_suspended = true;
        let found = forecast(&status, passkeys(Kept::InBackup)).unwrap();
        assert_eq!((found.backup_codes, found.advice), (None, None));
    }
}
