//! `password_failures`: how often a typed address met a wrong password, known here or not.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::password_failures;
use super::{AtMostOne, Conn};

/// The failures of one address as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = password_failures)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct PasswordFailures {
    pub key: Vec<u8>,
    pub failures: i32,
    pub next_try_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

/// The failures under this key.
pub fn find(conn: &mut Conn, key: &[u8]) -> QueryResult<Option<PasswordFailures>> {
    password_failures::table
        .find(key)
        .select(PasswordFailures::as_select())
        .at_most_one(conn)
}

/// Adds one to a key's failures and answers the new count; the row stays locked until the transaction ends.
/// Two first failures at once: one of them meets the primary key and is to be tried again.
pub fn update_count(conn: &mut Conn, key: &[u8], now: NaiveDateTime) -> QueryResult<i32> {
    let row = password_failures::table.find(key);
    let updated = diesel::update(row)
        .set((
            password_failures::failures.eq(password_failures::failures + 1),
            password_failures::updated_at.eq(now),
        ))
        .execute(conn)?;
    if updated == 0 {
        diesel::insert_into(password_failures::table)
            .values(&PasswordFailures {
                key: key.to_vec(),
                failures: 1,
                next_try_at: now,
                updated_at: now,
            })
            .execute(conn)?;
    }
    row.select(password_failures::failures).first(conn)
}

/// Sets when the next try under this key is let through.
pub fn update_next_try(conn: &mut Conn, key: &[u8], at: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(password_failures::table.find(key))
        .set(password_failures::next_try_at.eq(at))
        .execute(conn)
}

/// Forgets the failures under this key.
pub fn delete(conn: &mut Conn, key: &[u8]) -> QueryResult<usize> {
    diesel::delete(password_failures::table.find(key)).execute(conn)
}

/// Forgets what was last touched before `before`.
pub fn delete_older(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(password_failures::table.filter(password_failures::updated_at.lt(before)))
        .execute(conn)
}
