//! How a session ends before its time: by its holder, or because there are too many.

use chrono::NaiveDateTime;

use super::{Caller, Error, SessionKind, recheck};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::token::TokenHash;
use crate::db::sessions::{self, Session};
use crate::db::{self, Conn, trusted_browsers};

/// How many complete sessions of one kind an account may have, and how many that still owe a factor. Each
/// is counted alone, so that somebody who only knows the password cannot push the holder out.
pub const MAX_SESSIONS: usize = 50;

/// Ends the oldest sessions of the new session's kind and state that are over the cap.
pub(in crate::accounts) fn enforce_cap(
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

/// Ends every session of the caller's account but the caller's own.
pub(in crate::accounts) fn end_others(
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
