//! `key_checks`: one sealed constant a root key.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Conn;
use super::schema::key_checks;

/// A sealed constant as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = key_checks)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct KeyCheck {
    pub key_id: String,
    pub envelope: String,
    pub created_at: NaiveDateTime,
}

/// Every stored check value.
pub fn list(conn: &mut Conn) -> QueryResult<Vec<KeyCheck>> {
    key_checks::table.select(KeyCheck::as_select()).load(conn)
}

/// Adds a check value.
pub fn insert(conn: &mut Conn, check: &KeyCheck) -> QueryResult<()> {
    diesel::insert_into(key_checks::table)
        .values(check)
        .execute(conn)
        .map(drop)
}
