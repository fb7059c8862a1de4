//! A session as people know it: its client, what was proved in it, when it was last seen.

use super::views::{Code, DeviceRow, TrustedRow, Way, When};
use crate::accounts::Caller;
use crate::accounts::sessions::SessionKind;
use crate::accounts::trusted_browsers::{TRUSTED_BROWSER, Trusted};
use crate::db::sessions::Session;
use crate::mfa::Method;
use crate::mfa::verify::BACKUP_CODE;
use crate::words::Messages;
use crate::words::client::{self, Client};

/// What proved a second factor, by the word that is stored.
pub(super) fn way(word: &str) -> Option<Way> {
    if word == BACKUP_CODE {
        return Some(Way::Code(Code::Backup));
    }
    match Method::from_column(word)? {
        Method::Totp => Some(Way::Code(Code::App)),
        Method::Passkey => Some(Way::Passkey),
        Method::MagicLink => Some(Way::Code(Code::Mail)),
    }
}

/// A row of the list of devices.
pub(super) fn row(t: &Messages, session: &Session, caller: &Caller) -> DeviceRow {
    let client = client::of(&session.user_agent);
    DeviceRow {
        is_mobile: client.as_ref().is_some_and(|client| client.is_mobile),
        name: client.map(|client| client.name(t)),
        session: session.id.clone(),
        is_app: session.kind == SessionKind::Api.column(),
        user_agent: session.user_agent.clone(),
        is_current: session.id == caller.session.id,
        signed_in: When::utc(t, session.created_at),
        has_password: session.password_at.is_some(),
        factor: session.factor.as_deref().and_then(way),
        is_trusted: session.factor.as_deref() == Some(TRUSTED_BROWSER),
        last_active: When::utc(t, session.last_seen_at),
        address: session.peer_address.clone(),
    }
}

/// A row of the list of trusted browsers.
pub(super) fn trusted(t: &Messages, trusted: &Trusted) -> TrustedRow {
    let client = client::of(&trusted.browser.user_agent);
    TrustedRow {
        id: trusted.browser.id.clone(),
        is_mobile: client.as_ref().is_some_and(|client| client.is_mobile),
        name: client_name(t, client),
        until: When::day(t, trusted.until.date()),
    }
}

/// What to call a browser.
pub(super) fn client_name(t: &Messages, client: Option<Client>) -> String {
    client.map_or_else(
        || t.text("security-devices-unknown-browser"),
        |client| client.name(t),
    )
}
