//! Sessions: who a token belongs to, what it may do now, and which sessions there are.
//!
//! The session's row is the authority. Access is computed from the session and the account at each request
//! and stored nowhere, so a change is felt by the very next one.

mod ending;

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use super::{Error, tokens};
use crate::app::App;
use crate::crypto::token::{self, Kind, Token, TokenHash};
use crate::db::factors::Factor;
use crate::db::organizations::Organization;
use crate::db::sessions::{self, Presented, Session};
use crate::db::users::User;
use crate::db::{self, Conn};
use crate::mfa::{self, Account, Status};

pub use self::ending::{MAX_SESSIONS, revoke, revoke_others, sign_out};
pub(super) use self::ending::{end_others, enforce_cap};

/// How often at most a session's last-seen time is written.
const LAST_SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);

/// What a session is spoken to with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// A cookie.
    Browser,
    /// Bearer tokens.
    Api,
}

impl SessionKind {
    /// The word in the database.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Api => "api",
        }
    }
}

/// What a session may do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everything the role allows.
    Full,
    /// A second factor is owed and not yet proved in this session.
    FactorOwed,
    /// A second factor is demanded, and there is none to prove: one has to be set up first.
    MustEnrol,
}

/// Who is asking: the rows behind the presented token, and what follows from them.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Until when the presented token works.
    pub token_expires_at: NaiveDateTime,
    /// The session.
    pub session: Session,
    /// The account.
    pub user: User,
    /// The account's organization.
    pub organization: Option<Organization>,
    /// The account's factors.
    pub factors: Vec<Factor>,
    /// The account's MFA state, computed from those rows.
    pub status: Status,
    /// What this session may do.
    pub access: Access,
}

impl Caller {
    /// Whether the session holds a proof younger than `ttl`: a second factor where one is owed, else the
    /// password or a factor.
    pub fn has_fresh_proof(&self, ttl: Duration, now: NaiveDateTime) -> bool {
        let proof = if self.status.owes_factor {
            self.session.factor_at
        } else {
            self.session.password_at.max(self.session.factor_at)
        };
        proof.is_some_and(|at| now < at + ttl)
    }

    /// As [`Caller::has_fresh_proof`], and by more than a backup code: that only opens what somebody who lost
    /// everything has to do.
    pub fn has_strong_proof(&self, ttl: Duration, now: NaiveDateTime) -> bool {
        self.has_fresh_proof(ttl, now) && !self.used_backup_code()
    }

    /// Whether a second factor is owed, and the one that was proved last is a backup code.
    pub fn used_backup_code(&self) -> bool {
        self.status.owes_factor && self.session.factor.as_deref() == Some(mfa::verify::BACKUP_CODE)
    }

    /// Whether this is a browser's session.
    pub fn is_browser(&self) -> bool {
        self.session.kind == SessionKind::Browser.column()
    }
}

/// What a session may do, given its account's MFA state.
pub fn access(status: &Status, session: &Session) -> Access {
    if status.owes_factor && session.factor_at.is_none() {
        Access::FactorOwed
    } else if status.must_enrol {
        Access::MustEnrol
    } else {
        Access::Full
    }
}

/// Who presents this token, if anybody: `None` for a token that is unknown, expired, used or revoked.
///
/// # Errors
///
/// A read that fails is an error, never "nobody".
pub fn authenticate(
    conn: &mut Conn,
    app: &App,
    presented: &TokenHash,
    now: NaiveDateTime,
) -> Result<Option<Caller>, Error> {
    match sessions::find_by_token(conn, presented.as_bytes())? {
        Some(rows) if is_live(&rows, app, now) => caller(rows, app, now).map(Some),
        Some(_) | None => Ok(None),
    }
}

/// A bearer token, understood: only access and limited tokens are any.
pub fn parse_bearer(text: &str) -> Option<TokenHash> {
    token::parse(Kind::Access, text).or_else(|| token::parse(Kind::Limited, text))
}

/// Who a bearer token belongs to.
///
/// # Errors
///
/// As [`authenticate`].
pub fn authenticate_bearer(
    conn: &mut Conn,
    app: &App,
    text: &str,
    now: NaiveDateTime,
) -> Result<Option<Caller>, Error> {
    match parse_bearer(text) {
        Some(hash) => authenticate(conn, app, &hash, now),
        None => Ok(None),
    }
}

/// Who a cookie's id belongs to.
///
/// # Errors
///
/// As [`authenticate`].
pub fn authenticate_cookie(
    conn: &mut Conn,
    app: &App,
    text: &str,
    now: NaiveDateTime,
) -> Result<Option<Caller>, Error> {
    match token::parse(Kind::Cookie, text) {
        Some(hash) => authenticate(conn, app, &hash, now),
        None => Ok(None),
    }
}

/// What a cookie's id stood for whose session has ended.
#[derive(Debug, Clone, Default)]
pub struct Ended {
    /// The address of the account.
    pub email: String,
    /// The sign-in was not complete.
    pub was_pending: bool,
}

/// What a cookie's id stood for, also when its session has ended.
///
/// # Errors
///
/// Only the database's.
pub fn behind(conn: &mut Conn, text: &str) -> Result<Option<Ended>, Error> {
    let Some(hash) = token::parse(Kind::Cookie, text) else {
        return Ok(None);
    };
    let rows = sessions::find_by_token(conn, hash.as_bytes())?;
    Ok(rows.map(|rows| Ended {
        email: rows.user.email,
        was_pending: rows.session.pending,
    }))
}

/// Whether a token and everything behind it is alive.
fn is_live(rows: &Presented, app: &App, now: NaiveDateTime) -> bool {
    rows.token.consumed_at.is_none()
        && rows.token.expires_at > now
        && is_session_live(&rows.session, &rows.user, app, now)
}

/// Whether a session is alive, whatever token is presented.
pub(super) fn is_session_live(
    session: &Session,
    user: &User,
    app: &App,
    now: NaiveDateTime,
) -> bool {
    session.ended_at.is_none()
        && session.expires_at > now
        && session.epoch == user.epoch
        && user.deactivated_at.is_none()
        && !is_idle(session, app, now)
}

/// A browser session idles from its last use; a program's ends with its refresh token.
fn is_idle(session: &Session, app: &App, now: NaiveDateTime) -> bool {
    session.kind == SessionKind::Browser.column()
        && session.last_seen_at + app.config.lifetimes.session_idle <= now
}

fn caller(rows: Presented, app: &App, now: NaiveDateTime) -> Result<Caller, Error> {
    let account = Account {
        user: &rows.user,
        organization: rows.organization.as_ref(),
        factors: &rows.factors,
    };
    let status = mfa::status::status(account, &app.server, now)?;
    Ok(Caller {
        access: access(&status, &rows.session),
        token_expires_at: rows.token.expires_at,
        session: rows.session,
        user: rows.user,
        organization: rows.organization,
        factors: rows.factors,
        status,
    })
}

/// The caller's account as it is now; fails unless the session is still alive: what was read when the request
/// came in may have changed while a password was hashed. Takes the account's lock.
///
/// # Errors
///
/// [`Error::InvalidToken`].
pub(crate) fn recheck(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    now: NaiveDateTime,
) -> Result<User, Error> {
    db::users::lock(conn, &caller.user.id)?;
    let user = db::users::find(conn, &caller.user.id)?.ok_or(Error::InvalidToken)?;
    let session =
        sessions::find_by_user(conn, &user.id, &caller.session.id)?.ok_or(Error::InvalidToken)?;
    if is_session_live(&session, &user, app, now) {
        Ok(user)
    } else {
        Err(Error::InvalidToken)
    }
}

/// Records that the password was just proved in the caller's session. A browser gets a new cookie, and the
/// old one dies: the session's privilege has risen.
pub(super) fn prove_password(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    now: NaiveDateTime,
) -> Result<Option<Token>, Error> {
    recheck(conn, app, caller, now)?;
    sessions::update_password_proof(conn, &caller.session.id, now)?;
    if !caller.is_browser() {
        return Ok(None);
    }
    let session = &caller.session;
    tokens::replace(conn, &session.id, Kind::Cookie, now, session.expires_at).map(Some)
}

/// Moves the caller's session to its account's new epoch.
pub(super) fn adopt_epoch(conn: &mut Conn, caller: &Caller) -> Result<(), Error> {
    sessions::update_epoch(conn, &caller.session.id)?;
    Ok(())
}

/// The caller's live sessions, their own first, then the most recently seen.
///
/// # Errors
///
/// Only the database's.
pub fn list(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    now: NaiveDateTime,
) -> Result<Vec<Session>, Error> {
    let mut live = list_of(conn, app, &caller.user, now)?;
    live.sort_by_key(|session| session.id != caller.session.id);
    Ok(live)
}

/// The live sessions of an account, the most recently seen first.
///
/// # Errors
///
/// Only the database's.
pub fn list_of(
    conn: &mut Conn,
    app: &App,
    user: &User,
    now: NaiveDateTime,
) -> Result<Vec<Session>, Error> {
    let mut live = sessions::list_live(conn, &user.id, user.epoch, now)?;
    live.retain(|session| !is_idle(session, app, now));
    Ok(live)
}

/// Whether a session's last-seen time is old enough to be written again.
pub fn is_due_for_last_seen(session: &Session, now: NaiveDateTime) -> bool {
    session.last_seen_at + LAST_SEEN_EVERY <= now
}

/// Writes a session's last-seen time.
///
/// # Errors
///
/// Only the database's.
pub fn see(conn: &mut Conn, session_id: &str, now: NaiveDateTime) -> Result<(), Error> {
    sessions::update_last_seen(conn, session_id, now, now - LAST_SEEN_EVERY)?;
    Ok(())
}
