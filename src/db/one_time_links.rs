//! `one_time_links`: links that a person receives outside the browser and uses once.

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::schema::one_time_links;
use super::{AtMostOne, Conn};

/// The key of the lock that issuers of links take turns with on Postgres ("link" in ASCII).
const ADVISORY_LOCK: i64 = 0x6c69_6e6b;

/// A link as stored; the token itself never is.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = one_time_links)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct OneTimeLink {
    pub id: String,
    pub token_hash: Vec<u8>,
    pub purpose: String,
    pub user_id: Option<String>,
    pub address: Option<String>,
    pub created_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub consumed_at: Option<NaiveDateTime>,
}

/// Adds a link.
pub fn insert(conn: &mut Conn, link: &OneTimeLink) -> QueryResult<()> {
    diesel::insert_into(one_time_links::table)
        .values(link)
        .execute(conn)
        .map(drop)
}

/// The link with this token and purpose, whatever its state.
pub fn find_by_token(
    conn: &mut Conn,
    purpose: &str,
    token_hash: &[u8],
) -> QueryResult<Option<OneTimeLink>> {
    one_time_links::table
        .filter(one_time_links::token_hash.eq(token_hash))
        .filter(one_time_links::purpose.eq(purpose))
        .select(OneTimeLink::as_select())
        .at_most_one(conn)
}

/// Uses a live link up. The count is the verdict: 1 for exactly one caller, 0 for everybody else.
pub fn consume(conn: &mut Conn, id: &str, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(
        one_time_links::table
            .find(id)
            .filter(one_time_links::consumed_at.is_null())
            .filter(one_time_links::expires_at.gt(now)),
    )
    .set(one_time_links::consumed_at.eq(now))
    .execute(conn)
}

/// Lets issuers go one after the other until the transaction ends: on Postgres, two that retire and insert
/// at once would not see each other's link and leave both alive. On SQLite writers take turns anyway.
pub fn take_turns(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Postgres(pg) => {
            pg.batch_execute(&format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
        }
        Conn::Sqlite(_) => Ok(()),
    }
}

/// Retires the older links of the same purpose and person.
pub fn delete_by_purpose(
    conn: &mut Conn,
    purpose: &str,
    user_id: Option<&str>,
) -> QueryResult<usize> {
    let older = one_time_links::table.filter(one_time_links::purpose.eq(purpose));
    match user_id {
        Some(id) => diesel::delete(older.filter(one_time_links::user_id.eq(id))).execute(conn),
        None => diesel::delete(older.filter(one_time_links::user_id.is_null())).execute(conn),
    }
}

/// Removes every link of a person, and with it what waits to be mailed.
pub fn delete_by_user(conn: &mut Conn, user_id: &str) -> QueryResult<usize> {
    diesel::delete(one_time_links::table.filter(one_time_links::user_id.eq(user_id))).execute(conn)
}

/// Removes every link of everybody, and with it what waits to be mailed.
pub fn delete_all(conn: &mut Conn) -> QueryResult<usize> {
    diesel::delete(one_time_links::table).execute(conn)
}

/// Removes links that ended before `before`.
pub fn delete_expired(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(one_time_links::table.filter(one_time_links::expires_at.lt(before)))
        .execute(conn)
}
