//! One-time links that reach a person outside the browser: the first owner's, and the one for choosing a
//! password. Only the newest of a kind works, once, until it expires.

use chrono::{NaiveDateTime, TimeDelta};

use super::Error;
use crate::activity::{self, Entry, Event, Origin};
use crate::crypto::keyring::Keyring;
use crate::crypto::token::{self, Kind, Token};
use crate::db::one_time_links::{self, OneTimeLink};
use crate::db::users::User;
use crate::db::{Conn, new_id, users};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Creates the organization and its owner on a server without accounts.
    FirstOwner,
    /// Lets one person choose a password.
    ChoosePassword,
}

impl Purpose {
    const fn column(self) -> &'static str {
        match self {
            Self::FirstOwner => "first_owner",
            Self::ChoosePassword => "choose_password",
        }
    }

    /// How long a link of this kind works.
    pub const fn lifetime(self) -> TimeDelta {
        match self {
            Self::FirstOwner => TimeDelta::hours(24),
            Self::ChoosePassword => TimeDelta::hours(1),
        }
    }

    /// The path of the page that the link opens.
    pub const fn path(self) -> &'static str {
        match self {
            Self::FirstOwner => "/welcome/",
            Self::ChoosePassword => "/password/",
        }
    }
}

/// A link just made. The token is in it and nowhere else.
#[derive(Debug, Clone)]
pub struct Link {
    /// What it is for.
    pub purpose: Purpose,
    /// The secret part.
    pub token: Token,
    /// Until when it works.
    pub expires_at: NaiveDateTime,
}

impl Link {
    /// The whole address. `public_url` has no slash at its end.
    pub fn url(&self, public_url: &str) -> String {
        format!("{public_url}{}{}", self.purpose.path(), self.token.expose())
    }
}

/// Makes a link and retires older ones of the same kind for the same person. Runs in the caller's
/// transaction.
///
/// # Errors
///
/// The database's, and the generator's.
pub fn issue(
    conn: &mut Conn,
    keys: &Keyring,
    origin: &Origin,
    purpose: Purpose,
    user: Option<&User>,
    now: NaiveDateTime,
) -> Result<Link, Error> {
    let link = Link {
        purpose,
        token: Token::new(Kind::Link)?,
        expires_at: now + purpose.lifetime(),
    };
    let user_id = user.map(|user| user.id.as_str());
    one_time_links::take_turns(conn)?;
    one_time_links::delete_by_purpose(conn, purpose.column(), user_id)?;
    one_time_links::insert(
        conn,
        &OneTimeLink {
            id: new_id(),
            token_hash: link.token.hash().to_vec(),
            purpose: purpose.column().to_owned(),
            user_id: user_id.map(str::to_owned),
            created_at: now,
            expires_at: link.expires_at,
            consumed_at: None,
        },
    )?;
    let entry = Entry::success(Event::LinkCreated).by(purpose.column());
    let entry = match user {
        Some(user) => entry.of(user),
        None => entry,
    };
    activity::record(conn, keys, origin, entry, now)?;
    Ok(link)
}

/// The live link behind a token. Looking uses nothing up, however often it is done.
///
/// # Errors
///
/// [`Error::LinkSpent`] for anything but a live link.
pub fn find(
    conn: &mut Conn,
    purpose: Purpose,
    typed: &str,
    now: NaiveDateTime,
) -> Result<OneTimeLink, Error> {
    let hash = token::parse(Kind::Link, typed).ok_or(Error::LinkSpent)?;
    one_time_links::find_by_token(conn, purpose.column(), hash.as_bytes())?
        .filter(|link| link.consumed_at.is_none() && link.expires_at > now)
        .ok_or(Error::LinkSpent)
}

/// The person a live link for choosing a password belongs to.
///
/// # Errors
///
/// [`Error::LinkSpent`] for anything but a live link of an active account.
pub fn find_person(conn: &mut Conn, typed: &str, now: NaiveDateTime) -> Result<User, Error> {
    let link = find(conn, Purpose::ChoosePassword, typed, now)?;
    let user_id = link.user_id.ok_or(Error::LinkSpent)?;
    users::find(conn, &user_id)?
        .filter(|user| user.deactivated_at.is_none())
        .ok_or(Error::LinkSpent)
}

/// Uses a link up: succeeds for exactly one caller.
///
/// # Errors
///
/// [`Error::LinkSpent`] for everybody else.
pub fn consume(
    conn: &mut Conn,
    purpose: Purpose,
    typed: &str,
    now: NaiveDateTime,
) -> Result<OneTimeLink, Error> {
    let link = find(conn, purpose, typed, now)?;
    if one_time_links::consume(conn, &link.id, now)? != 1 {
        return Err(Error::LinkSpent);
    }
    Ok(link)
}
