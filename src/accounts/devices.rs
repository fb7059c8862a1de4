//! Known devices: whether a sign-in that is now complete came from where earlier ones came from. What is known grants
//! nothing; it only keeps a mail away.

use std::net::IpAddr;

use chrono::{NaiveDateTime, TimeDelta};

use super::Error;
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::token::{self, Kind, Token};
use crate::db::users::User;
use crate::db::{Conn, known_devices, users};

/// A device that was not seen for so long is told of as if it were new.
const LONG: TimeDelta = TimeDelta::days(90);

/// How long a device is remembered: as long as browsers keep a cookie at most (RFC 6265bis section 5.5).
pub(super) const MEMORY: TimeDelta = TimeDelta::days(400);

/// How many devices of an account are remembered.
const MAX_DEVICES: usize = 50;

/// The device of a sign-in that is complete.
pub(super) struct Met {
    /// What a browser is recognised by next time.
    pub(super) token: Option<Token>,
    is_news: bool,
}

/// Remembers the device of a sign-in that is complete, and says whether its holder has to be told. Called before the
/// sign-in itself is written down, under the account's lock; the very first sign-in of an account is no news.
///
/// A browser is recognised by a random token that this account gave it. One that it did not give is never taken over:
/// somebody else may have put it there. A program is recognised by what it calls itself, without the version, and where it is.
///
/// # Errors
///
/// Only the database's and the random generator's.
pub(super) fn meet(
    conn: &mut Conn,
    origin: &Origin,
    is_browser: bool,
    user_id: &str,
    now: NaiveDateTime,
) -> Result<Met, Error> {
    let presented: Vec<_> = if is_browser {
        let devices = origin.devices.iter();
        devices
            .map(|token| (Some(token.clone()), token.hash().to_vec()))
            .collect()
    } else {
        vec![(None, program(origin))]
    };
    for (token, hash) in presented {
        if let Some(seen) = known_devices::find_last_seen(conn, user_id, &hash)? {
            known_devices::update_last_seen(conn, user_id, &hash, now)?;
            return Ok(Met {
                token,
                is_news: is_long_ago(seen, now),
            });
        }
    }
    let token = is_browser.then(|| Token::new(Kind::Device)).transpose()?;
    let hash = token
        .as_ref()
        .map_or_else(|| program(origin), |token| token.hash().to_vec());
    known_devices::insert(conn, user_id, &hash, now)?;
    for over in known_devices::list_over(conn, user_id, MAX_DEVICES)? {
        known_devices::delete(conn, user_id, &over)?;
    }
    let is_news = users::find_last_sign_in(conn, user_id)?.is_some();
    Ok(Met { token, is_news })
}

fn is_long_ago(seen: NaiveDateTime, now: NaiveDateTime) -> bool {
    seen + LONG < now
}

impl Met {
    /// Records the device, and leaves the mail, if it is news. Takes the lock of the record's end.
    ///
    /// # Errors
    ///
    /// Only the database's.
    pub(super) fn record(
        &self,
        conn: &mut Conn,
        app: &App,
        origin: &Origin,
        user: &User,
        now: NaiveDateTime,
    ) -> Result<(), Error> {
        if self.is_news {
            let entry = Entry::success(Event::NewDevice).of(user);
            activity::record(conn, &app.keys, origin, entry, now)?;
        }
        Ok(())
    }
}

/// The hash of what a program calls itself, without its version, of "curl" where it says "curl/8.5.0", and of the network
/// that it is in: anybody can call themselves that. What a browser says is more, and it moves about.
fn program(origin: &Origin) -> Vec<u8> {
    let agent = origin.user_agent.as_deref().unwrap_or_default();
    let product = agent.split(['/', ' ']).next().unwrap_or_default();
    if product == "Mozilla" {
        let is_version = |c: char| c.is_ascii_digit() || c == '.';
        return token::hash(&format!("browser {}", agent.replace(is_version, "")));
    }
    let network = origin.address.as_deref().map(network).unwrap_or_default();
    token::hash(&format!("program {} {network}", product.to_lowercase()))
}

/// The part of an address that stays when a program gets another one: 24 bits, or 48 of IPv6.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V4(address)) => format!("{:?}", &address.octets()[..3]),
        Ok(IpAddr::V6(address)) => format!("{:?}", &address.segments()[..3]),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::Door;

    fn known_as(user_agent: &str, address: &str) -> Vec<u8> {
        program(&Origin {
            user_agent: Some(user_agent.into()),
            address: Some(address.into()),
            ..Origin::local(Door::Api)
        })
    }

    #[test]
    fn a_program_is_the_same_in_another_version_and_another_one_in_another_network() {
        let curl = known_as("curl/8.5.0", "203.0.113.7");
        assert_eq!(curl, known_as("curl/9.0", "203.0.113.200"));
        assert_ne!(curl, known_as("curl/8.5.0", "203.0.114.7"));
        assert_ne!(curl, known_as("wget/8.5.0", "203.0.113.7"));
        let six = known_as("curl/8.5.0", "2001:db8:1:2::1");
        assert_eq!(six, known_as("curl/8.5.0", "2001:db8:1:3::1"));
        assert_ne!(six, known_as("curl/8.5.0", "2001:db8:2:2::1"));
    }

    #[test]
    fn a_browser_is_the_same_wherever_it_is() {
        let browser = known_as("Mozilla/5.0 (X11) Firefox/140.0", "203.0.113.7");
        assert_eq!(
            browser,
            known_as("Mozilla/5.0 (X11) Firefox/141.0", "198.51.100.1")
        );
        assert_ne!(
            browser,
            known_as("Mozilla/5.0 (Macintosh) Firefox/140.0", "203.0.113.7")
        );
    }

    #[test]
    fn a_device_is_news_again_after_more_than_ninety_days() {
        let seen = chrono::DateTime::UNIX_EPOCH.naive_utc();
        assert!(!is_long_ago(seen, seen + LONG));
        assert!(is_long_ago(seen, seen + LONG + TimeDelta::microseconds(1)));
    }
}
