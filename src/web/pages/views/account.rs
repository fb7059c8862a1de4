//! The pages of somebody who is signed in: security, password, devices, activity.

use askama::Template;

use super::{Event, StatusHeader, When};
use crate::web::messages::Messages;
use crate::web::pages::frame::Frame;

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
    /// When the password was proved.
    pub signed_in: When,
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
        t.text("security-devices-proof-password")
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

/// `/security`.
#[derive(Template)]
#[template(path = "security.html")]
pub struct SecurityPage {
    /// The shared part.
    pub frame: Frame,
    /// The multi-factor status.
    pub status: StatusHeader,
    /// When the password was last changed.
    pub password_changed: Option<When>,
    /// The current device first.
    pub devices: Vec<DeviceRow>,
    /// The last 20, newest first.
    pub activity: Vec<ActivityRow>,
}

impl SecurityPage {
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
    /// From 1.
    pub page: u32,
    /// Whether a further page exists.
    pub has_older: bool,
}

impl ActivityPage {
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
        let page = |page, has_older| ActivityPage {
            frame: Frame::default(),
            rows: Vec::new(),
            page,
            has_older,
        };
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
