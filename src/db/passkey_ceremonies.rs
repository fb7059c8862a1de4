//! `passkey_ceremonies`: challenges that wait for their answer.

use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::passkey_ceremonies;
use super::{AtMostOne, Conn};

/// A ceremony as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = passkey_ceremonies)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct PasskeyCeremony {
    pub challenge_hash: Vec<u8>,
    pub purpose: String,
    pub user_id: Option<String>,
    pub session_id: Option<String>,
    pub browser: Option<String>,
    pub state: String,
    pub created_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
}

impl fmt::Debug for PasskeyCeremony {
    /// Without the state, which holds the challenge.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasskeyCeremony")
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

/// The ceremony of this challenge, whatever its state.
pub fn find(conn: &mut Conn, challenge_hash: &[u8]) -> QueryResult<Option<PasskeyCeremony>> {
    passkey_ceremonies::table
        .find(challenge_hash)
        .select(PasskeyCeremony::as_select())
        .at_most_one(conn)
}

/// Adds a ceremony.
pub fn insert(conn: &mut Conn, ceremony: &PasskeyCeremony) -> QueryResult<()> {
    diesel::insert_into(passkey_ceremonies::table)
        .values(ceremony)
        .execute(conn)
        .map(drop)
}

/// Uses a ceremony up. The count is the verdict.
pub fn consume(conn: &mut Conn, challenge_hash: &[u8]) -> QueryResult<usize> {
    diesel::delete(passkey_ceremonies::table.find(challenge_hash)).execute(conn)
}

/// The challenges that wait in a session, oldest first.
pub fn list_by_session(conn: &mut Conn, session_id: &str) -> QueryResult<Vec<Vec<u8>>> {
    passkey_ceremonies::table
        .filter(passkey_ceremonies::session_id.eq(session_id))
        .order(passkey_ceremonies::created_at)
        .select(passkey_ceremonies::challenge_hash)
        .load(conn)
}

/// Forgets the ceremonies of an account.
pub fn delete_by_user(conn: &mut Conn, user_id: &str) -> QueryResult<usize> {
    diesel::delete(passkey_ceremonies::table.filter(passkey_ceremonies::user_id.eq(user_id)))
        .execute(conn)
}

/// Removes ceremonies that expired before `before`.
pub fn delete_expired(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(passkey_ceremonies::table.filter(passkey_ceremonies::expires_at.lt(before)))
        .execute(conn)
}
