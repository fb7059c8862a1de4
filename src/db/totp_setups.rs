//! `totp_setups`: authenticator apps that have not proved themselves yet.

use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::totp_setups;
use super::{AtMostOne, Conn};

/// A set-up as stored: sealed.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = totp_setups)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct TotpSetup {
    pub user_id: String,
    pub id: String,
    pub session_id: String,
    pub secret: String,
    pub created_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
}

impl fmt::Debug for TotpSetup {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TotpSetup")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The set-up of an account, whatever its state.
pub fn find(conn: &mut Conn, user_id: &str) -> QueryResult<Option<TotpSetup>> {
    totp_setups::table
        .find(user_id)
        .select(TotpSetup::as_select())
        .at_most_one(conn)
}

/// Stores a set-up in place of the one the account had. Call it in a transaction.
pub fn replace(conn: &mut Conn, setup: &TotpSetup) -> QueryResult<()> {
    delete_by_user(conn, &setup.user_id)?;
    diesel::insert_into(totp_setups::table)
        .values(setup)
        .execute(conn)
        .map(drop)
}

/// Uses a set-up up. The count is the verdict.
pub fn consume(conn: &mut Conn, id: &str) -> QueryResult<usize> {
    diesel::delete(totp_setups::table.filter(totp_setups::id.eq(id))).execute(conn)
}

/// Forgets the set-up of an account.
pub fn delete_by_user(conn: &mut Conn, user_id: &str) -> QueryResult<usize> {
    diesel::delete(totp_setups::table.find(user_id)).execute(conn)
}

/// Removes set-ups that expired before `before`.
pub fn delete_expired(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(totp_setups::table.filter(totp_setups::expires_at.lt(before))).execute(conn)
}
