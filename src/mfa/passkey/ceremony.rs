//! Challenges that wait for their answer: who may answer, for how long, and once only.

use chrono::{NaiveDateTime, TimeDelta};

use super::client_data;
use crate::crypto::token::hash_bytes;
use crate::db::passkey_ceremonies::{self, PasskeyCeremony};
use crate::db::{Conn, write};
use crate::mfa::Error;

/// How long an answer may take. Browsers are told the same (WebAuthn L3, section 15.1).
const LIFETIME: TimeDelta = TimeDelta::seconds(300);

/// How many challenges may wait in one session; each new one beyond pushes the oldest out.
const MAX_WAITING: usize = 20;

/// What a challenge was asked for. An answer to one is no answer to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Making a passkey.
    Register,
    /// Proving in a session that it is you.
    Prove,
    /// Signing in without having said who.
    SignIn,
}

impl Purpose {
    const fn column(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Prove => "prove",
            Self::SignIn => "sign_in",
        }
    }
}

/// Who was given a challenge, and alone may answer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder<'a> {
    /// An account in one of its sessions.
    Session {
        /// The account.
        user_id: &'a str,
        /// Its session.
        session_id: &'a str,
    },
    /// A browser in which nobody need be signed in, by what its cookie holds.
    Browser(&'a str),
    /// A program without a session: the challenge itself is all that it has.
    Program,
}

impl<'a> Holder<'a> {
    /// An account in one of its sessions.
    pub const fn session(user_id: &'a str, session_id: &'a str) -> Self {
        Self::Session {
            user_id,
            session_id,
        }
    }

    fn user_id(&self) -> Option<&str> {
        match self {
            Self::Session { user_id, .. } => Some(user_id),
            Self::Browser(_) | Self::Program => None,
        }
    }

    fn session_id(&self) -> Option<&str> {
        match self {
            Self::Session { session_id, .. } => Some(session_id),
            Self::Browser(_) | Self::Program => None,
        }
    }

    /// Hashed: what the cookie holds opens the forms of that browser.
    fn browser(&self) -> Option<String> {
        match self {
            Self::Browser(binding) => {
                Some(data_encoding::HEXLOWER.encode(&hash_bytes(binding.as_bytes())))
            }
            Self::Session { .. } | Self::Program => None,
        }
    }

    fn may_answer(&self, row: &PasskeyCeremony) -> bool {
        row.user_id.as_deref() == self.user_id()
            && row.session_id.as_deref() == self.session_id()
            && row.browser == self.browser()
    }
}

/// Keeps a challenge until it is answered. Runs in the caller's transaction.
pub(super) fn keep(
    conn: &mut Conn,
    challenge: &[u8],
    purpose: Purpose,
    holder: &Holder<'_>,
    state: String,
    now: NaiveDateTime,
) -> Result<(), Error> {
    if let Some(session_id) = holder.session_id() {
        let waiting = passkey_ceremonies::list_by_session(conn, session_id)?;
        let over = (waiting.len() + 1).saturating_sub(MAX_WAITING);
        for oldest in waiting.iter().take(over) {
            passkey_ceremonies::consume(conn, oldest)?;
        }
    }
    let ceremony = PasskeyCeremony {
        challenge_hash: hash_bytes(challenge).to_vec(),
        purpose: purpose.column().to_owned(),
        user_id: holder.user_id().map(str::to_owned),
        session_id: holder.session_id().map(str::to_owned),
        browser: holder.browser(),
        state,
        created_at: now,
        expires_at: now + LIFETIME,
    };
    passkey_ceremonies::insert(conn, &ceremony)?;
    Ok(())
}

/// Takes the challenge away that an answer names, and answers what its ceremony has to know. From here on it is
/// gone, whatever the answer proves to be. Runs a transaction of its own.
///
/// # Errors
///
/// [`Error::UnknownChallenge`]; [`Error::PasskeyRefused`] for one that has expired.
pub fn take(
    conn: &mut Conn,
    purpose: Purpose,
    holder: &Holder<'_>,
    client_data: &[u8],
    now: NaiveDateTime,
) -> Result<String, Error> {
    let challenge = client_data::challenge(client_data).ok_or(Error::UnknownChallenge)?;
    let hash = hash_bytes(&challenge);
    let taken = write(conn, |conn| {
        let found = passkey_ceremonies::find(conn, &hash)?
            .filter(|row| row.purpose == purpose.column() && holder.may_answer(row));
        // Nobody uses up what was given to somebody else.
        let Some(row) = found else { return Ok(None) };
        let is_first = passkey_ceremonies::consume(conn, &hash)? == 1;
        Ok::<_, Error>(is_first.then_some(row))
    })?;
    match taken {
        Some(row) if row.expires_at > now => Ok(row.state),
        Some(_) => Err(Error::PasskeyRefused("expired")),
        None => Err(Error::UnknownChallenge),
    }
}
