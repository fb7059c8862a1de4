//! `mfa_attempts`: wrong answers in a row, over all codes of an account.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::mfa_attempts;
use super::{AtMostOne, Conn};

/// An account's count as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = mfa_attempts, treat_none_as_null = true)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct MfaAttempts {
    pub user_id: String,
    pub streak: String,
    pub wrong: i32,
    pub locked_until: Option<NaiveDateTime>,
    pub suspended_at: Option<NaiveDateTime>,
    pub run_length: i32,
    pub run_step: Option<i64>,
    pub updated_at: NaiveDateTime,
}

/// The count of an account, if it ever had one.
pub fn find(conn: &mut Conn, user_id: &str) -> QueryResult<Option<MfaAttempts>> {
    mfa_attempts::table
        .find(user_id)
        .select(MfaAttempts::as_select())
        .at_most_one(conn)
}

/// Stores a count, for the first time or again. Call it while holding the account's lock.
pub fn update_or_insert(conn: &mut Conn, row: &MfaAttempts) -> QueryResult<()> {
    let updated = diesel::update(mfa_attempts::table.find(&row.user_id))
        .set(row)
        .execute(conn)?;
    if updated == 0 {
        diesel::insert_into(mfa_attempts::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// Forgets the count of an account.
pub fn delete(conn: &mut Conn, user_id: &str) -> QueryResult<usize> {
    diesel::delete(mfa_attempts::table.find(user_id)).execute(conn)
}
