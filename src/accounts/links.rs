//! One-time links that reach a person outside the browser: the first owner's, the one for choosing a password, and the one
//! that proves a new address. Only the newest of a kind works, once, until it expires.

use chrono::{NaiveDateTime, TimeDelta};

use super::Error;
use crate::activity::{self, Entry, Event, Origin};
use crate::crypto::keyring::Keyring;
use crate::crypto::token::{self, Kind, Token};
use crate::db::one_time_links::{self, OneTimeLink};
use crate::db::users::User;
use crate::db::{Conn, new_id, users};
use crate::mail::outbox::{self, Occasion, Post};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Creates the organization and its owner on a server without accounts.
    FirstOwner,
    /// Lets one person choose a password.
    ChoosePassword,
    /// Proves that a new address is read by the account's holder.
    ChangeAddress,
}

impl Purpose {
    /// The word in the database and in the record.
    pub(crate) const fn column(self) -> &'static str {
        match self {
            Self::FirstOwner => "first_owner",
            Self::ChoosePassword => "choose_password",
            Self::ChangeAddress => "change_address",
        }
    }

    /// How long a link of this kind works.
    pub const fn lifetime(self) -> TimeDelta {
        match self {
            Self::FirstOwner => TimeDelta::hours(24),
            Self::ChoosePassword | Self::ChangeAddress => TimeDelta::hours(1),
        }
    }

    /// The path of the page that the link opens.
    pub const fn path(self) -> &'static str {
        match self {
            Self::FirstOwner => "/welcome/",
            Self::ChoosePassword => "/password/",
            Self::ChangeAddress => "/security/address/confirm/",
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

/// Makes a link that is handed over here and now, and retires older ones of the same kind for the same person. Runs in
/// the caller's transaction.
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
    let (_, link) = make(conn, purpose, user, None, now)?;
    record_created(conn, keys, origin, purpose, user, now)?;
    Ok(link)
}

/// A link to be mailed.
#[derive(Debug)]
pub struct Mailing<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// What the mail says.
    pub occasion: Occasion,
    /// Whose it is.
    pub user: &'a User,
    /// Where it goes: normalised.
    pub address: &'a str,
    /// The name of the organization, where the mail says it.
    pub organization: Option<String>,
}

/// The same for a link that goes out by mail, which is left in the same transaction; the caller records it. Answers until
/// when it works.
///
/// # Errors
///
/// The database's, and the generator's.
pub fn send(
    conn: &mut Conn,
    keys: &Keyring,
    origin: &Origin,
    mailing: Mailing<'_>,
    now: NaiveDateTime,
) -> Result<NaiveDateTime, Error> {
    let Mailing { purpose, user, .. } = mailing;
    let (id, link) = make(conn, purpose, Some(user), Some(mailing.address), now)?;
    let post = Post {
        occasion: mailing.occasion,
        recipient: mailing.address,
        user_id: &user.id,
        organization: mailing.organization,
        link: Some(outbox::Link {
            id: &id,
            path: &link.url(""),
            expires_at: link.expires_at,
        }),
    };
    outbox::leave(conn, keys, origin, post, now)?;
    Ok(link.expires_at)
}

/// The link and its row's id.
fn make(
    conn: &mut Conn,
    purpose: Purpose,
    user: Option<&User>,
    address: Option<&str>,
    now: NaiveDateTime,
) -> Result<(String, Link), Error> {
    let link = Link {
        purpose,
        token: Token::new(Kind::Link)?,
        expires_at: now + purpose.lifetime(),
    };
    let user_id = user.map(|user| user.id.as_str());
    one_time_links::take_turns(conn)?;
    one_time_links::delete_by_purpose(conn, purpose.column(), user_id)?;
    let id = new_id();
    one_time_links::insert(
        conn,
        &OneTimeLink {
            id: id.clone(),
            token_hash: link.token.hash().to_vec(),
            purpose: purpose.column().to_owned(),
            user_id: user_id.map(str::to_owned),
            address: address.map(str::to_owned),
            created_at: now,
            expires_at: link.expires_at,
            consumed_at: None,
        },
    )?;
    Ok((id, link))
}

/// Records that a link was made, or asked for.
///
/// # Errors
///
/// The database's.
pub(crate) fn record_created(
    conn: &mut Conn,
    keys: &Keyring,
    origin: &Origin,
    purpose: Purpose,
    user: Option<&User>,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let entry = Entry::success(Event::LinkCreated).by(purpose.column());
    let entry = match user {
        Some(user) => entry.of(user),
        None => entry,
    };
    activity::record(conn, keys, origin, entry, now)?;
    Ok(())
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
        // What went to a mailbox is good for nothing once the account has another one.
        .filter(|user| link.address.is_none_or(|address| address == user.email))
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
