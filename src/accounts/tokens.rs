//! What clients and browsers present: the kinds of tokens, and how a session gets one. Whether a token is
//! alive is the session's matter.

use chrono::NaiveDateTime;

use super::Error;
use super::trusted_browsers::KeptTrust;
use crate::app::App;
use crate::crypto::token::{Kind, Token};
use crate::db::Conn;
use crate::db::session_tokens::{self, SessionToken};
use crate::db::sessions::Session;

/// An access token and the refresh token that renews it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Opens the API.
    pub access: Token,
    /// Until when.
    pub access_expires_at: NaiveDateTime,
    /// Is exchanged for the next pair.
    pub refresh: Token,
}

/// What a browser keeps.
#[derive(Debug, Clone)]
pub struct Cookies {
    /// The id that its session's cookie carries.
    pub session: Token,
    /// What it is recognised by at its next sign-in; only a complete sign-in gives one.
    pub device: Option<Token>,
    /// What it is trusted by at its next sign-in, where it is.
    pub trust: Option<KeptTrust>,
}

/// What a sign-in hands out.
#[derive(Debug, Clone)]
pub enum Tokens {
    /// A browser's cookies.
    Cookie(Cookies),
    /// A program's full access.
    Pair(Pair),
    /// A program's tokens stay as they are.
    Kept,
    /// A program's access token stays, and its refresh token is replaced: the proof was renewed.
    Renewed {
        /// Is exchanged for the next pair.
        refresh: Token,
    },
    /// Only good for finishing the sign-in.
    Limited {
        /// The limited token.
        token: Token,
        /// Until when.
        expires_at: NaiveDateTime,
    },
}

/// The word in the database for a kind of token.
pub(super) const fn column(kind: Kind) -> &'static str {
    match kind {
        Kind::Access => "access",
        Kind::Refresh => "refresh",
        Kind::Limited => "limited",
        Kind::Cookie => "cookie",
        Kind::Link => "link",
        Kind::Device => "device",
        Kind::Trust => "trust",
    }
}

/// Adds a token of this kind to a session and answers its text.
pub(super) fn add(
    conn: &mut Conn,
    session_id: &str,
    kind: Kind,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> Result<Token, Error> {
    let token = Token::new(kind)?;
    session_tokens::insert(
        conn,
        &SessionToken {
            hash: token.hash().to_vec(),
            session_id: session_id.to_owned(),
            kind: column(kind).to_owned(),
            created_at: now,
            expires_at,
            consumed_at: None,
            successor: None,
        },
    )?;
    Ok(token)
}

/// As [`add`], and the tokens of this kind that the session had before are dead: its privilege has risen.
pub(super) fn replace(
    conn: &mut Conn,
    session_id: &str,
    kind: Kind,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> Result<Token, Error> {
    session_tokens::delete_by_session_and_kind(conn, session_id, column(kind))?;
    add(conn, session_id, kind, now, expires_at)
}

/// A new pair for a session.
pub(super) fn pair(
    conn: &mut Conn,
    app: &App,
    session: &Session,
    now: NaiveDateTime,
) -> Result<Pair, Error> {
    let lifetimes = &app.config.lifetimes;
    let access_expires_at = (now + lifetimes.access).min(session.expires_at);
    let refresh_expires_at = refresh_end(app, session, now);
    Ok(Pair {
        access: add(conn, &session.id, Kind::Access, now, access_expires_at)?,
        access_expires_at,
        refresh: add(conn, &session.id, Kind::Refresh, now, refresh_expires_at)?,
    })
}

/// A new refresh token in place of those that a session had.
pub(super) fn replace_refresh(
    conn: &mut Conn,
    app: &App,
    session: &Session,
    now: NaiveDateTime,
) -> Result<Token, Error> {
    let expires_at = refresh_end(app, session, now);
    replace(conn, &session.id, Kind::Refresh, now, expires_at)
}

fn refresh_end(app: &App, session: &Session, now: NaiveDateTime) -> NaiveDateTime {
    (now + app.config.lifetimes.refresh_idle).min(session.expires_at)
}
