//! Sign-ins that stopped after the password: whoever holds the account is told, since somebody knows it.

use chrono::{NaiveDateTime, TimeDelta};

use super::Error;
use super::sessions::SessionKind;
use crate::activity::{self, Door, Entry, Event, Origin};
use crate::app::App;
use crate::db::sessions::{self, Session};
use crate::db::{Conn, users, write};

/// How long a second factor may take to follow.
const PATIENCE: TimeDelta = TimeDelta::minutes(3);

/// How often at most the holder of an account is told.
const TELL_EVERY: TimeDelta = TimeDelta::hours(1);

/// How many are looked at in one go.
const BATCH: i64 = 100;

/// Has a session that was just opened, and that owes a second factor, looked at later. One that has to set a method up
/// first is not: there is nothing to prove.
pub(super) fn watch(conn: &mut Conn, session: &Session) -> Result<(), Error> {
    sessions::update_watched_until(conn, &session.id, session.created_at + PATIENCE)?;
    Ok(())
}

/// Looks at the sessions whose second factor did not follow, each in a transaction of its own, and tells the holder of each
/// account. Several processes may do this at once. Answers how many were told.
///
/// # Errors
///
/// Only the database's.
pub fn tell_due(conn: &mut Conn, app: &App) -> Result<usize, Error> {
    let now = app.clock.now();
    let mut told = 0;
    for session in sessions::list_watched(conn, now, BATCH)? {
        let is_told = write(conn, |conn| look_at(conn, app, &session, now))?;
        told += usize::from(is_told);
    }
    Ok(told)
}

/// Tells the holder, unless the same client got in after all, as somebody does who starts twice, or unless they were told of
/// another one lately. A session that was ended meanwhile counts: signing out hides nothing.
fn look_at(
    conn: &mut Conn,
    app: &App,
    session: &Session,
    now: NaiveDateTime,
) -> Result<bool, Error> {
    users::lock(conn, &session.user_id)?;
    let until = session.created_at + PATIENCE;
    let is_news = !sessions::exist_completed_beside(conn, session, until)?
        && !sessions::exist_told_after(conn, &session.user_id, now - TELL_EVERY)?;
    let is_ours = sessions::update_looked_at(conn, &session.id, is_news.then_some(now))? == 1;
    if !is_ours || !is_news {
        return Ok(false);
    }
    let Some(user) = users::find(conn, &session.user_id)? else {
        return Ok(false);
    };
    let entry = Entry::failure(Event::Unfinished, "no_second_factor")
        .of(&user)
        .begun(session.created_at);
    activity::record(conn, &app.keys, &origin_of(session), entry, now)?;
    Ok(true)
}

/// From where the password was entered.
fn origin_of(session: &Session) -> Origin {
    let door = if session.kind == SessionKind::Browser.column() {
        Door::Browser
    } else {
        Door::Api
    };
    let known = |text: &String| (!text.is_empty()).then(|| text.clone());
    Origin {
        address: known(&session.peer_address),
        user_agent: known(&session.user_agent),
        session_id: Some(session.id.clone()),
        ..Origin::local(door)
    }
}
