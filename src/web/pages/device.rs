//! A session as people know it: "Chrome on macOS". The name is a guess from what the browser says.

use woothee::parser::Parser;

use super::views::{DeviceRow, Way, When};
use crate::accounts::Caller;
use crate::accounts::sessions::SessionKind;
use crate::db::sessions::Session;
use crate::mfa::Method;
use crate::mfa::verify::BACKUP_CODE;
use crate::web::messages::Messages;

/// What a client calls itself.
pub(super) struct Client {
    /// "Chrome on macOS".
    pub(super) name: String,
    is_mobile: bool,
}

/// The client behind a User-Agent, where that is a browser that is known.
pub(super) fn client(user_agent: &str) -> Option<Client> {
    let found = Parser::new().parse(user_agent)?;
    let browser = match found.name {
        "Internet Explorer" | "UNKNOWN" | "" => return None,
        name => name,
    };
    let system = match found.os {
        "Mac OSX" => "macOS",
        "iPhone" | "iPad" | "iPod" => "iOS",
        os if os.starts_with("Windows Phone") => "Windows Phone",
        os if os.starts_with("Windows") => "Windows",
        os @ ("Android" | "Linux" | "ChromeOS") => os,
        _ => return None,
    };
    Some(Client {
        name: format!("{browser} on {system}"),
        is_mobile: found.category == "smartphone",
    })
}

/// What proved a second factor, by the word that is stored.
pub(super) fn way(word: &str) -> Option<Way> {
    if word == BACKUP_CODE {
        return Some(Way::BackupCode);
    }
    match Method::from_column(word)? {
        Method::Totp => Some(Way::App),
        // No page can answer with these yet.
        Method::MagicLink | Method::Passkey => None,
    }
}

/// A row of the list of devices.
pub(super) fn row(t: &Messages, session: &Session, caller: &Caller) -> DeviceRow {
    let client = client(&session.user_agent);
    DeviceRow {
        is_mobile: client.as_ref().is_some_and(|client| client.is_mobile),
        name: client.map(|client| client.name),
        session: session.id.clone(),
        is_app: session.kind == SessionKind::Api.column(),
        user_agent: session.user_agent.clone(),
        is_current: session.id == caller.session.id,
        signed_in: When::utc(t, session.created_at),
        factor: session.factor.as_deref().and_then(way),
        last_active: When::utc(t, session.last_seen_at),
        address: session.peer_address.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(user_agent: &str) -> Option<String> {
        client(user_agent).map(|client| client.name)
    }

    #[test]
    fn common_browsers_are_known_by_name() {
        let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(name(mac).as_deref(), Some("Chrome on macOS"));
        let firefox =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(name(firefox).as_deref(), Some("Firefox on Windows"));
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
        assert_eq!(name(phone).as_deref(), Some("Safari on iOS"));
        assert!(client(phone).is_some_and(|client| client.is_mobile));
    }

    #[test]
    fn anything_else_has_no_name() {
        for unknown in ["", "curl/8.5.0", "\"><script>alert(1)</script>"] {
            assert_eq!(name(unknown), None, "{unknown}");
        }
    }
}
