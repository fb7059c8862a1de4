//! `magic_links`: mails with a link and a code, either of which answers once.

use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::magic_links;
use super::{AtMostOne, Conn};

/// A mail as stored: neither its token nor its code is in it.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = magic_links)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct MagicLink {
    pub id: String,
    pub user_id: String,
    pub session_id: String,
    pub purpose: String,
    pub address: String,
    pub token_hash: Vec<u8>,
    pub code_hash: String,
    pub return_to: String,
    pub wrong: i32,
    pub created_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub sent_at: Option<NaiveDateTime>,
    pub used_at: Option<NaiveDateTime>,
    pub replaced_at: Option<NaiveDateTime>,
}

impl fmt::Debug for MagicLink {
    /// Without the address and the hashes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MagicLink")
            .field("id", &self.id)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

/// Adds a mail that is about to be sent.
pub fn insert(conn: &mut Conn, link: &MagicLink) -> QueryResult<()> {
    diesel::insert_into(magic_links::table)
        .values(link)
        .execute(conn)
        .map(drop)
}

/// Forgets a mail that could not be handed over.
pub fn delete(conn: &mut Conn, id: &str) -> QueryResult<usize> {
    diesel::delete(magic_links::table.find(id)).execute(conn)
}

/// Records that a mail server has a mail: from now on it works.
pub fn update_sent(conn: &mut Conn, id: &str, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(
        magic_links::table
            .find(id)
            .filter(magic_links::sent_at.is_null()),
    )
    .set(magic_links::sent_at.eq(now))
    .execute(conn)
}

/// Retires a mail that nobody said was taken.
pub fn update_withdrawn(conn: &mut Conn, id: &str, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(
        magic_links::table
            .find(id)
            .filter(magic_links::sent_at.is_null()),
    )
    .set(magic_links::replaced_at.eq(now))
    .execute(conn)
}

/// Retires the mails of an account that still work, for one purpose or for all, but for one.
pub fn update_replaced(
    conn: &mut Conn,
    user_id: &str,
    purpose: Option<&str>,
    except: Option<&str>,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let mut rows = diesel::update(
        magic_links::table
            .filter(magic_links::user_id.eq(user_id))
            .filter(magic_links::used_at.is_null())
            .filter(magic_links::replaced_at.is_null()),
    )
    .set(magic_links::replaced_at.eq(now))
    .into_boxed();
    if let Some(purpose) = purpose {
        rows = rows.filter(magic_links::purpose.eq(purpose));
    }
    if let Some(except) = except {
        // One that is still on its way belongs to somebody who waits for it.
        rows = rows
            .filter(magic_links::id.ne(except))
            .filter(magic_links::sent_at.is_not_null());
    }
    rows.execute(conn)
}

/// The mail with this token, whatever its state.
pub fn find_by_token(conn: &mut Conn, token_hash: &[u8]) -> QueryResult<Option<MagicLink>> {
    magic_links::table
        .filter(magic_links::token_hash.eq(token_hash))
        .select(MagicLink::as_select())
        .at_most_one(conn)
}

/// The mails that a session asked for, newest first.
pub fn list_by_session(
    conn: &mut Conn,
    session_id: &str,
    purpose: &str,
) -> QueryResult<Vec<MagicLink>> {
    magic_links::table
        .filter(magic_links::session_id.eq(session_id))
        .filter(magic_links::purpose.eq(purpose))
        .order((magic_links::created_at.desc(), magic_links::id.desc()))
        .select(MagicLink::as_select())
        .load(conn)
}

/// When the newest mail of an account for a purpose was handed over.
pub fn find_newest_sent(
    conn: &mut Conn,
    user_id: &str,
    purpose: &str,
) -> QueryResult<Option<NaiveDateTime>> {
    magic_links::table
        .filter(magic_links::user_id.eq(user_id))
        .filter(magic_links::purpose.eq(purpose))
        .select(diesel::dsl::max(magic_links::sent_at))
        .get_result(conn)
}

/// When the mails of an account were asked for since then, newest first.
pub fn list_times(
    conn: &mut Conn,
    user_id: &str,
    since: NaiveDateTime,
) -> QueryResult<Vec<NaiveDateTime>> {
    magic_links::table
        .filter(magic_links::user_id.eq(user_id))
        .filter(magic_links::created_at.gt(since))
        .order(magic_links::created_at.desc())
        .select(magic_links::created_at)
        .load(conn)
}

/// Counts a code before it is looked at. The count is the verdict: 0 once so many were wrong, and for a mail that does not
/// work.
pub fn update_tried(
    conn: &mut Conn,
    id: &str,
    tries: i32,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        magic_links::table
            .find(id)
            .filter(magic_links::used_at.is_null())
            .filter(magic_links::replaced_at.is_null())
            .filter(magic_links::expires_at.gt(now))
            .filter(magic_links::wrong.lt(tries)),
    )
    .set(magic_links::wrong.eq(magic_links::wrong + 1))
    .execute(conn)
}

/// Uses a mail up. The count is the verdict: 1 for exactly one caller, while it works.
pub fn consume(conn: &mut Conn, id: &str, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(
        magic_links::table
            .find(id)
            .filter(magic_links::sent_at.is_not_null())
            .filter(magic_links::used_at.is_null())
            .filter(magic_links::replaced_at.is_null())
            .filter(magic_links::expires_at.gt(now)),
    )
    .set(magic_links::used_at.eq(now))
    .execute(conn)
}

/// Removes mails that expired before `before`.
pub fn delete_expired(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(magic_links::table.filter(magic_links::expires_at.lt(before))).execute(conn)
}
