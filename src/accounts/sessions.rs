//! Sessions: who a token belongs to, what it may do now, which sessions there are, and how one ends.
//!
//! The session's row is the authority. Access is computed from the session and the account at each request
//! and stored nowhere, so a change is felt by the very next one.

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use super::{Error, tokens};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::token::{self, Kind, Token, TokenHash};
use crate::db::factors::Factor;
use crate::db::organizations::Organization;
use crate::db::session_tokens;
use crate::db::sessions::{self, Presented, Session};
use crate::db::users::User;
use crate::db::{
    self, Conn, backup_codes, known_devices, magic_links, one_time_links, passkey_ceremonies,
    password_failures, totp_setups, trusted_browsers,
};
use crate::mfa::{self, Account, Status};

/// How many complete sessions of one kind an account may have, and how many that still owe a factor. Each
/// is counted alone, so that somebody who only knows the password cannot push the holder out.
pub const MAX_SESSIONS: usize = 50;

/// How often at most a session's last-seen time is written.
const LAST_SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);

/// How long ended sessions and expired rows are kept before they are removed.
const KEEP_ENDED: TimeDelta = TimeDelta::hours(24);

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

/// Ends the oldest sessions of the new session's kind and state that are over the cap.
pub(super) fn enforce_cap(
    conn: &mut Conn,
    session: &Session,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let mut live =
        sessions::list_ids_for_cap(conn, &session.user_id, &session.kind, session.pending, now)?;
    let over = live.len().saturating_sub(MAX_SESSIONS);
    live.truncate(over);
    if !live.is_empty() {
        sessions::update_ended(conn, &session.user_id, &live, now)?;
    }
    Ok(())
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

/// Ends every session of the caller's account but the caller's own.
pub(super) fn end_others(
    conn: &mut Conn,
    caller: &Caller,
    now: NaiveDateTime,
) -> Result<usize, Error> {
    Ok(sessions::update_others_ended(
        conn,
        &caller.user.id,
        Some(&caller.session.id),
        now,
    )?)
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

/// Ends one of the caller's live sessions, possibly their own, of any kind or `only` of one, and answers it.
///
/// # Errors
///
/// [`Error::NotFound`] for the id of nothing, of somebody else's session, or of one that has ended.
pub fn revoke(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    session_id: &str,
    only: Option<SessionKind>,
    now: NaiveDateTime,
) -> Result<Session, Error> {
    if !db::is_storable(session_id) {
        return Err(Error::NotFound);
    }
    let session = sessions::find_by_user(conn, &caller.user.id, session_id)?
        .filter(|session| !session.pending)
        .filter(|session| only.is_none_or(|kind| session.kind == kind.column()))
        .ok_or(Error::NotFound)?;
    let ids = [session.id.clone()];
    if sessions::update_ended(conn, &caller.user.id, &ids, now)? != 1 {
        return Err(Error::NotFound);
    }
    let entry = Entry::success(Event::TokenRevoked)
        .of(&caller.user)
        .about(session.user_agent.clone());
    activity::record(conn, &app.keys, origin, entry, now)?;
    Ok(session)
}

/// Ends every session of the caller's account but their own, also those that still owe a factor, and trusts no browser any
/// more. Answers how many sessions there were.
///
/// # Errors
///
/// As [`recheck`].
pub fn revoke_others(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    now: NaiveDateTime,
) -> Result<usize, Error> {
    recheck(conn, app, caller, now)?;
    let ended = end_others(conn, caller, now)?;
    let trusted = trusted_browsers::delete_by_user(conn, &caller.user.id)?;
    let entry = Entry::success(Event::TokenRevoked)
        .of(&caller.user)
        .by("all_others");
    activity::record(conn, &app.keys, origin, entry, now)?;
    if trusted > 0 {
        let entry = Entry::success(Event::TrustRevoked)
            .of(&caller.user)
            .by("all");
        activity::record(conn, &app.keys, origin, entry, now)?;
    }
    Ok(ended)
}

/// Signs out: ends the session that `bearer` belongs to, or, without a known one, that of `refresh`. Tokens
/// may be dead already; of two that belong to different sessions only the bearer's ends.
///
/// # Errors
///
/// Only the database's: there is nothing that could not be signed out of.
pub fn sign_out(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    presented: &[TokenHash],
    now: NaiveDateTime,
) -> Result<(), Error> {
    for hash in presented {
        let Some(rows) = sessions::find_by_token(conn, hash.as_bytes())? else {
            continue;
        };
        let ids = [rows.session.id];
        if sessions::update_ended(conn, &rows.user.id, &ids, now)? == 1 {
            let mut origin = origin.clone();
            origin.actor_id = Some(rows.user.id.clone());
            origin.session_id = ids.into_iter().next();
            let entry = Entry::success(Event::SignOut).of(&rows.user);
            activity::record(conn, &app.keys, &origin, entry, now)?;
        }
        break;
    }
    Ok(())
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

/// Removes what has ended or expired and is of no use any more.
///
/// # Errors
///
/// Only the database's.
pub fn purge(conn: &mut Conn, app: &App, now: NaiveDateTime) -> Result<(), Error> {
    let grace = app.config.lifetimes.refresh_grace;
    session_tokens::update_successors_older_gone(conn, now - grace)?;
    session_tokens::delete_expired(conn, now - KEEP_ENDED)?;
    sessions::delete_expired(conn, now - KEEP_ENDED)?;
    one_time_links::delete_expired(conn, now - KEEP_ENDED)?;
    password_failures::delete_older(conn, now - super::throttle::MEMORY)?;
    super::link_requests::purge(conn, app, now)?;
    known_devices::delete_older(conn, now - super::devices::MEMORY)?;
    totp_setups::delete_expired(conn, now)?;
    trusted_browsers::delete_expired(conn, now)?;
    magic_links::delete_expired(conn, now - KEEP_ENDED)?;
    passkey_ceremonies::delete_expired(conn, now)?;
    backup_codes::update_plain_gone(conn, now)?;
    backup_codes::delete_inert_older(conn, now - app.config.lifetimes.setup)?;
    activity::purge(conn, &app.keys, now)?;
    Ok(())
}
