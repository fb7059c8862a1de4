//! `session_tokens`: the hashes of what a client or a browser presents.

use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::session_tokens;
use super::{AtMostOne, Conn};

/// A token as stored: its hash, and the session it opens.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_tokens)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct SessionToken {
    pub hash: Vec<u8>,
    pub session_id: String,
    pub kind: String,
    pub created_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub consumed_at: Option<NaiveDateTime>,
    pub successor: Option<String>,
}

impl fmt::Debug for SessionToken {
    /// Without the hash and the successor.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionToken")
            .field("session_id", &self.session_id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Adds a token.
pub fn insert(conn: &mut Conn, token: &SessionToken) -> QueryResult<()> {
    diesel::insert_into(session_tokens::table)
        .values(token)
        .execute(conn)
        .map(drop)
}

/// The token with this hash, whatever its state.
pub fn find(conn: &mut Conn, hash: &[u8]) -> QueryResult<Option<SessionToken>> {
    session_tokens::table
        .find(hash)
        .select(SessionToken::as_select())
        .at_most_one(conn)
}

/// Uses a live token up. The count is the verdict: 1 for exactly one caller, 0 for everybody else.
pub fn consume(conn: &mut Conn, hash: &[u8], now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(
        session_tokens::table
            .find(hash)
            .filter(session_tokens::consumed_at.is_null())
            .filter(session_tokens::expires_at.gt(now)),
    )
    .set(session_tokens::consumed_at.eq(now))
    .execute(conn)
}

/// Keeps the sealed successor pair beside the token that it replaces.
pub fn update_successor(conn: &mut Conn, hash: &[u8], sealed: &str) -> QueryResult<usize> {
    diesel::update(session_tokens::table.find(hash))
        .set(session_tokens::successor.eq(sealed))
        .execute(conn)
}

/// Forgets every sealed successor of a session: its grace is over.
pub fn update_successors_gone(conn: &mut Conn, session_id: &str) -> QueryResult<usize> {
    diesel::update(
        session_tokens::table
            .filter(session_tokens::session_id.eq(session_id))
            .filter(session_tokens::successor.is_not_null()),
    )
    .set(session_tokens::successor.eq(None::<String>))
    .execute(conn)
}

/// Forgets the sealed successors of tokens that were used before `before`.
pub fn update_successors_older_gone(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(
        session_tokens::table
            .filter(session_tokens::successor.is_not_null())
            .filter(session_tokens::consumed_at.lt(before)),
    )
    .set(session_tokens::successor.eq(None::<String>))
    .execute(conn)
}

/// Removes the tokens of one kind that a session has: after a rise of privilege the earlier ones are dead.
pub fn delete_by_session_and_kind(
    conn: &mut Conn,
    session_id: &str,
    kind: &str,
) -> QueryResult<usize> {
    diesel::delete(
        session_tokens::table
            .filter(session_tokens::session_id.eq(session_id))
            .filter(session_tokens::kind.eq(kind)),
    )
    .execute(conn)
}

/// Removes tokens that expired before `before`. Used refresh tokens stay until then: presenting one is reuse.
pub fn delete_expired(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(session_tokens::table.filter(session_tokens::expires_at.lt(before)))
        .execute(conn)
}
