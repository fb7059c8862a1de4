//! The pages of somebody who is signed in: security, password, devices, activity.

use askama::Template;

use super::status::{Notice, Tone};
use super::{
    AdviceLink, Event, ForecastText, PasskeySection, Signals, StatusHeader, Way, When, methods,
};
use crate::web::pages::frame::Frame;
use crate::words::Messages;

/// A signed-in device.
#[derive(Clone, Debug)]
pub struct DeviceRow {
    /// The session's id, for the form.
    pub session: String,
    /// "Chrome on macOS", or `None` when the client is not known.
    pub name: Option<String>,
    /// Whether it signed in through the API and not through a page.
    pub is_app: bool,
    /// Whether it is a phone or tablet; decides the icon.
    pub is_mobile: bool,
    /// What the client sent as its name, shown when `name` is `None`.
    pub user_agent: String,
    /// The session that looks at the page.
    pub is_current: bool,
    /// When it signed in.
    pub signed_in: When,
    /// The password was proved for that.
    pub has_password: bool,
    /// What was proved besides or instead, last.
    pub factor: Option<Way>,
    /// Its browser was trusted, which stood for that.
    pub is_trusted: bool,
    /// When it was last seen.
    pub last_active: When,
    /// The peer's address.
    pub address: String,
}

impl DeviceRow {
    /// What to call it on the page and in the flash.
    pub fn title(&self, t: &Messages) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None if self.is_app => t.text("security-devices-unknown-app"),
            None => t.text("security-devices-unknown-browser"),
        }
    }

    /// What was proved at its sign-in, inside "Signed in ... with ...".
    pub fn proof(&self, t: &Messages) -> String {
        match self.factor {
            None if self.is_trusted => t.text("security-devices-proof-trusted"),
            None => t.text("security-devices-proof-password"),
            Some(way) if !self.has_password => way.noun(t),
            Some(way) => t.with("security-devices-proof-factor", "factor", way.noun(t)),
        }
    }
}

/// What an organization requires of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Its name.
    pub organization: String,
    /// The day since which, or from which, it does: `When::day`.
    pub from: When,
    /// Whether that day has come.
    pub is_in_force: bool,
    /// The methods that count, the strongest first.
    pub methods: String,
}

/// A browser that is asked for the password alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedRow {
    /// Its id, for the form.
    pub id: String,
    /// "Chrome on macOS", or that it is not known.
    pub name: String,
    /// Whether it is on a phone; decides the icon.
    pub is_mobile: bool,
    /// The day on which that ends: `When::day`.
    pub until: When,
}

impl TrustedRow {
    /// Where its form posts to.
    pub fn stop(&self) -> String {
        format!("/security/trusted/{}/stop", self.id)
    }
}

/// One recorded event.
#[derive(Clone, Debug)]
pub struct ActivityRow {
    /// What happened.
    pub what: Event,
    /// When.
    pub when: When,
    /// From where: address and client, or empty.
    pub place: String,
}

/// Since when a method is there, and when it was last used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// When it was proved: `When::day`.
    pub since: When,
    /// When it was last used.
    pub last_used: Option<When>,
}

/// How a method that is one thing stands: the authenticator app, or the email link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can be set up.
    NotSetUp,
    /// In use.
    On(Usage),
    /// Set up, and switched off by its holder.
    Off(Usage),
    /// Set up, and switched off by the server after far too many wrong codes.
    Suspended(Usage),
    /// Set up, and not accepted any more by the service or the organization.
    NotAllowed(Usage),
}

/// How the email link stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailSection {
    /// As any method.
    pub standing: Standing,
    /// Where its mails go, masked.
    pub address: String,
    /// The password came by mail as well, so it is not accepted for now.
    pub is_set_aside: bool,
}

/// The live set of backup codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodesLeft {
    /// How many of the ten are unused.
    pub left: u32,
    /// When they were made: `When::day`.
    pub created: When,
    /// Whether their holder said that they are saved.
    pub is_saved: bool,
}

/// `/security`.
#[derive(Template)]
#[template(path = "security.html")]
pub struct SecurityPage {
    /// The shared part.
    pub frame: Frame,
    /// The multi-factor status.
    pub status: StatusHeader,
    /// What a lost phone would leave; `None` where there is nothing to lose.
    pub forecast: Option<ForecastText>,
    /// Backup codes left, when this visit began by signing in with one.
    pub backup_code_used: Option<u32>,
    /// What the passkey manager is told; `None` unless it is the whole truth.
    pub signals: Option<Signals>,
    /// The passkeys; `None` when there are none and none can be added.
    pub passkeys: Option<PasskeySection>,
    /// The authenticator app; `None` when it is neither set up nor allowed.
    pub app: Option<Standing>,
    /// The email link; `None` when it is neither set up nor allowed.
    pub email: Option<EmailSection>,
    /// The backup codes; `None` when there are none.
    pub codes: Option<CodesLeft>,
    /// When the password was last changed.
    pub password_changed: Option<When>,
    /// Whether the language was chosen, and not what the browser asks for.
    pub has_chosen_language: bool,
    /// What the page was rendered from, to learn when that has changed.
    pub version: String,
    /// Who requires MFA of the account, where an organization does.
    pub demand: Option<Demand>,
    /// The current device first.
    pub devices: Vec<DeviceRow>,
    /// The trusted browsers; `None` where there can be none.
    pub trusted: Option<Vec<TrustedRow>>,
    /// The last 20, newest first.
    pub activity: Vec<ActivityRow>,
}

impl SecurityPage {
    /// The one notice above the heading.
    pub fn notice(&self) -> Option<Notice> {
        match self.backup_code_used {
            Some(left) => Some(Notice {
                tone: Tone::Warning,
                text: self.frame.t.count("security-backup-code-used", left),
                action: None,
            }),
            None => self.status.notice.clone(),
        }
    }

    /// What would make the forecast better, unless the notice above says so already.
    pub fn advice(&self) -> Option<&AdviceLink> {
        let advice = self.forecast.as_ref()?.advice.as_ref()?;
        let is_said = self
            .notice()
            .and_then(|notice| notice.action)
            .is_some_and(|action| advice.is_codes && action.href.starts_with("/security/codes"));
        (!is_said).then_some(advice)
    }

    /// Whether methods are saved that a press of a button would bring back.
    pub fn can_turn_on(&self) -> bool {
        let facts = &self.status.facts;
        !facts.is_enabled && facts.saved_methods > 0
    }

    /// What is asked for first, when anything is.
    pub fn primary(&self) -> Option<String> {
        let t = &self.frame.t;
        let primary = self.status.facts.primary_method?;
        Some(if self.has_choice() {
            let method = methods::phrase(t, primary);
            t.with("security-primary-of-several", "method", method)
        } else {
            let method = methods::name(t, primary);
            t.with("security-primary-only", "method", method)
        })
    }

    /// The language of this page, and whose choice it is.
    pub fn language(&self) -> String {
        let t = &self.frame.t;
        let name = t.text("language-name");
        match self.has_chosen_language {
            true => name,
            false => t.with("security-language-browser", "language", name),
        }
    }

    /// Whether there is more than one method to choose from.
    pub fn has_choice(&self) -> bool {
        self.status.facts.enabled_methods.len() > 1
    }

    /// Whether there is a device besides this one.
    pub fn has_other_devices(&self) -> bool {
        self.devices.iter().any(|device| !device.is_current)
    }
}

/// `/security/password`.
#[derive(Template)]
#[template(path = "security/password.html")]
pub struct PasswordPage {
    /// The shared part; `signed_in` names the account for password managers.
    pub frame: Frame,
    /// The smallest number of characters of a password.
    pub min_password: usize,
}

/// `/security/language`. Posts `language`, a tag (BCP 47) or nothing, to its own URL.
#[derive(Template)]
#[template(path = "security/language.html")]
pub struct LanguagePage {
    /// The shared part.
    pub frame: Frame,
    /// The tag of the one that was chosen.
    pub chosen: Option<String>,
}

impl LanguagePage {
    /// Every language there is.
    pub fn languages(&self) -> Vec<Messages> {
        Messages::all().collect()
    }

    /// Whether it was chosen.
    pub fn is_chosen(&self, language: &Messages) -> bool {
        self.chosen.as_deref() == Some(language.tag())
    }
}

/// `/security/address`.
#[derive(Template)]
#[template(path = "security/address.html")]
pub struct AddressPage {
    /// The shared part.
    pub frame: Frame,
    /// The address that the account has.
    pub current: String,
    /// As typed.
    pub email: String,
}

/// `/security/address/confirm/{token}`. The form posts to its own URL.
#[derive(Template)]
#[template(path = "security/address_confirm.html")]
pub struct AddressConfirmPage {
    /// The shared part.
    pub frame: Frame,
    /// The token of the link, for the form's address.
    pub token: String,
    /// The address that the account has.
    pub current: String,
    /// The one it gets.
    pub address: String,
}

/// `/security/devices`: confirms signing out one device, or all others.
#[derive(Template)]
#[template(path = "security/devices.html")]
pub struct DevicesPage {
    /// The shared part.
    pub frame: Frame,
    /// The one to be signed out; all others without it.
    pub device: Option<DeviceRow>,
    /// How many others there are; 0 shows the page's empty state.
    pub others: usize,
    /// Browsers are trusted, and no more after this.
    pub ends_trust: bool,
}

impl DevicesPage {
    /// What the form sends instead of a session's id to mean all others.
    pub const OTHERS: &str = "others";

    /// The heading: a question, where there is something to decide.
    pub fn title(&self) -> String {
        let t = &self.frame.t;
        match &self.device {
            Some(device) => t.with("devices-one-title", "device", device.title(t)),
            None if self.others == 0 => t.text("devices-none-title"),
            None => t.count("devices-title", self.others),
        }
    }

    /// What the form sends; empty when there is nothing to sign out.
    pub fn session(&self) -> &str {
        match &self.device {
            Some(device) => &device.session,
            None if self.others == 0 => "",
            None => Self::OTHERS,
        }
    }
}

/// `/security/activity?page=`.
#[derive(Template)]
#[template(path = "security/activity.html")]
pub struct ActivityPage {
    /// The shared part.
    pub frame: Frame,
    /// At most 50, newest first.
    pub rows: Vec<ActivityRow>,
    /// Which page.
    pub paging: Paging,
}

/// A page of a list that begins with the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// From 1.
    pub page: u32,
    /// Whether a further page exists.
    pub has_older: bool,
}

impl Paging {
    /// The page with newer events.
    pub fn newer(&self) -> Option<u32> {
        self.page.checked_sub(1).filter(|page| *page > 0)
    }

    /// The page with older events.
    pub fn older(&self) -> Option<u32> {
        self.has_older.then(|| self.page.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_activity_have_neighbours_only_where_there_are_some() {
        let page = |page, has_older| Paging { page, has_older };
        assert_eq!(
            (page(1, false).newer(), page(1, false).older()),
            (None, None)
        );
        assert_eq!(
            (page(3, true).newer(), page(3, true).older()),
            (Some(2), Some(4))
        );
        assert_eq!(page(0, false).newer(), None);
    }
}
