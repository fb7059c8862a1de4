//! `trusted_browsers`: the browsers that are asked for the password alone for a while. Triggers end them with any change of
//! what was proved; the migration lists them.

use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{trusted_browsers, users};
use super::{AtMostOne, Conn};

/// A trusted browser as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = trusted_browsers)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct TrustedBrowser {
    pub id: String,
    pub user_id: String,
    pub secret_hash: Vec<u8>,
    pub user_agent: String,
    pub proved_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub last_used_at: Option<NaiveDateTime>,
}

impl fmt::Debug for TrustedBrowser {
    /// Without the hash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustedBrowser")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A trusted browser of an account.
pub fn find_by_user(
    conn: &mut Conn,
    user_id: &str,
    id: &str,
) -> QueryResult<Option<TrustedBrowser>> {
    trusted_browsers::table
        .find(id)
        .filter(trusted_browsers::user_id.eq(user_id))
        .select(TrustedBrowser::as_select())
        .at_most_one(conn)
}

/// The trusted browsers of an account, those first in which the second factor was proved last.
pub fn list_by_user(conn: &mut Conn, user_id: &str) -> QueryResult<Vec<TrustedBrowser>> {
    trusted_browsers::table
        .filter(trusted_browsers::user_id.eq(user_id))
        .order((
            trusted_browsers::proved_at.desc(),
            trusted_browsers::id.desc(),
        ))
        .select(TrustedBrowser::as_select())
        .load(conn)
}

/// Which of these there are, of any account, and until when.
pub fn list_ends(conn: &mut Conn, ids: &[String]) -> QueryResult<Vec<(String, NaiveDateTime)>> {
    trusted_browsers::table
        .filter(trusted_browsers::id.eq_any(ids))
        .select((trusted_browsers::id, trusted_browsers::expires_at))
        .load(conn)
}

/// Adds a trusted browser.
pub fn insert(conn: &mut Conn, browser: &TrustedBrowser) -> QueryResult<()> {
    diesel::insert_into(trusted_browsers::table)
        .values(browser)
        .execute(conn)
        .map(drop)
}

/// Uses a secret up and puts another one in its place. The count is the verdict: 1 for exactly one caller.
pub fn consume(
    conn: &mut Conn,
    id: &str,
    secret_hash: &[u8],
    next_hash: &[u8],
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        trusted_browsers::table
            .find(id)
            .filter(trusted_browsers::secret_hash.eq(secret_hash)),
    )
    .set((
        trusted_browsers::secret_hash.eq(next_hash),
        trusted_browsers::last_used_at.eq(now),
    ))
    .execute(conn)
}

/// Forgets a trusted browser of an account.
pub fn delete(conn: &mut Conn, user_id: &str, id: &str) -> QueryResult<usize> {
    diesel::delete(
        trusted_browsers::table
            .find(id)
            .filter(trusted_browsers::user_id.eq(user_id)),
    )
    .execute(conn)
}

/// Forgets those of an account.
pub fn delete_by_user(conn: &mut Conn, user_id: &str) -> QueryResult<usize> {
    diesel::delete(trusted_browsers::table.filter(trusted_browsers::user_id.eq(user_id)))
        .execute(conn)
}

/// Forgets those of an organization's members in which the second factor was not proved since `proved_until`.
pub fn delete_by_organization(
    conn: &mut Conn,
    organization_id: &str,
    proved_until: NaiveDateTime,
) -> QueryResult<usize> {
    let members = users::table
        .filter(users::organization_id.eq(organization_id))
        .select(users::id);
    diesel::delete(
        trusted_browsers::table
            .filter(trusted_browsers::user_id.eq_any(members))
            .filter(trusted_browsers::proved_at.le(proved_until)),
    )
    .execute(conn)
}

/// Forgets everybody's.
pub fn delete_all(conn: &mut Conn) -> QueryResult<usize> {
    diesel::delete(trusted_browsers::table).execute(conn)
}

/// Removes those that expired before `before`.
pub fn delete_expired(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(trusted_browsers::table.filter(trusted_browsers::expires_at.lt(before)))
        .execute(conn)
}
