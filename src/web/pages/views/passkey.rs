//! Passkeys on pages: the cards of the security page, adding, naming, removing.

use askama::Template;

use super::{When, methods};
use crate::mfa::Method;
use crate::web::pages::frame::Frame;
use crate::words::Messages;

/// One passkey, as its card shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Its id, for URLs.
    pub id: String,
    /// What its holder calls it.
    pub name: String,
    /// It lives on a key that is plugged in or held against the device.
    pub is_security_key: bool,
    /// It cannot leave its device.
    pub is_bound: bool,
    /// It could be on other devices too, and is not yet.
    pub is_not_backed_up: bool,
    /// It signs in only after the password.
    pub is_after_password: bool,
    /// Who keeps it, where that is known.
    pub provider: Option<&'static str>,
    /// When it was added: `When::day`.
    pub added: When,
    /// When it was last used: `When::day`.
    pub last_used: Option<When>,
    /// The browser that used it last, where that is known.
    pub last_used_by: Option<String>,
}

impl PasskeyRow {
    /// The word of its badge; the normal case, a passkey that is backed up, has none.
    pub fn badge(&self, t: &Messages) -> Option<String> {
        if self.is_bound {
            Some(t.text("security-passkeys-bound"))
        } else if self.is_not_backed_up {
            Some(t.text("security-passkeys-not-backed-up"))
        } else {
            None
        }
    }
}

/// The passkeys of the security page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeySection {
    /// Those on devices and in password managers.
    pub on_devices: Vec<PasskeyRow>,
    /// Those on security keys.
    pub on_keys: Vec<PasskeyRow>,
    /// Another one can be added.
    pub can_add: bool,
    /// As many as there may be: the number.
    pub is_full: Option<usize>,
    /// Their holder switched them off.
    pub is_off: bool,
    /// The service or the organization does not accept them any more.
    pub is_not_allowed: bool,
    /// Each would be lost with its device, and there are no backup codes.
    pub is_fragile: bool,
    /// Nothing protects the account yet.
    pub is_recommended: bool,
}

impl PasskeySection {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.on_devices.is_empty() && self.on_keys.is_empty()
    }

    /// Whether both kinds are there, so that each needs a heading.
    pub fn has_both(&self) -> bool {
        !self.on_devices.is_empty() && !self.on_keys.is_empty()
    }
}

/// What the page tells the passkey manager, as JSON for its script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signals {
    /// Every passkey that is accepted: the whole list, or this struct is not made.
    pub all: String,
    /// What the account is called now.
    pub user: String,
}

/// `/security/passkeys/add`: the browser is asked by script, and its answer posted to the same URL.
#[derive(Template)]
#[template(path = "security/passkey_add.html")]
pub struct PasskeyAddPage {
    /// The shared part.
    pub frame: Frame,
    /// It turns multi-factor authentication on, and every other device is signed out.
    pub is_first: bool,
    /// There are as many as an account may have: the number.
    pub is_full: Option<usize>,
    /// An authenticator app could be set up instead.
    pub can_use_app: bool,
    /// The passkey that was refused, for the passkey manager, as JSON.
    pub signal_unknown: Option<String>,
    /// Where giving it up leads.
    pub back: &'static str,
}

/// `/security/passkeys/{id}/name`: after adding, and when a new name was refused. Posts `name` to its own URL.
#[derive(Template)]
#[template(path = "security/passkey_name.html")]
pub struct PasskeyNamePage {
    /// The shared part.
    pub frame: Frame,
    /// The passkey's id.
    pub id: String,
    /// As typed, or as it is called now.
    pub typed: String,
    /// Where "Keep this name" leads.
    pub next: &'static str,
}

/// What removing a passkey leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterPasskey {
    /// Signing in goes on, with other passkeys or methods.
    Others {
        /// What can still be used, in words.
        left: Vec<String>,
        /// The method that takes the passkeys' place, when this was the last of them.
        next: Option<Method>,
    },
    /// It was the last method, and the password alone will be enough.
    TurnsOff,
    /// It is the last method, and one is required: it cannot be removed.
    Refused {
        /// Who requires it.
        organization: String,
    },
}

/// `/security/passkeys/{id}/remove`: posts to its own URL.
#[derive(Template)]
#[template(path = "security/passkey_remove.html")]
pub struct PasskeyRemovePage {
    /// The shared part.
    pub frame: Frame,
    /// The passkey.
    pub passkey: PasskeyRow,
    /// What it means.
    pub after: AfterPasskey,
}

impl PasskeyRemovePage {
    /// The heading.
    pub fn title(&self) -> String {
        let t = &self.frame.t;
        match &self.after {
            AfterPasskey::Others { .. } => {
                t.with("passkey-remove-title", "name", &self.passkey.name)
            }
            AfterPasskey::TurnsOff => t.text("mfa-off-title"),
            AfterPasskey::Refused { .. } => {
                t.with("passkey-remove-refused-title", "name", &self.passkey.name)
            }
        }
    }

    /// Where the form goes.
    pub fn url(&self) -> String {
        format!("/security/passkeys/{}/remove", self.passkey.id)
    }

    /// What becomes of it elsewhere.
    pub fn elsewhere(&self) -> String {
        let t = &self.frame.t;
        match self.passkey.provider {
            Some(provider) => t.with("passkey-remove-after", "provider", provider),
            None if self.passkey.is_security_key => t.text("passkey-remove-after-key"),
            None => t.text("passkey-remove-after-unknown"),
        }
    }

    /// A method inside a sentence.
    pub fn phrase(&self, method: &Method) -> String {
        methods::phrase(&self.frame.t, *method)
    }
}
