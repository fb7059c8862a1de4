//! `factors`: one row a method that an account has started to set up.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::factors;
use super::time::MaybeTime;
use super::{AtMostOne, Conn};

/// A method of an account as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = factors)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Factor {
    pub id: String,
    pub user_id: String,
    pub method: String,
    #[diesel(deserialize_as = MaybeTime)]
    pub verified_at: Option<NaiveDateTime>,
    pub enabled: bool,
    #[diesel(deserialize_as = MaybeTime)]
    pub suspended_at: Option<NaiveDateTime>,
    #[diesel(deserialize_as = MaybeTime)]
    pub last_used_at: Option<NaiveDateTime>,
}

/// The methods of an account.
pub fn list_by_user(conn: &mut Conn, user_id: &str) -> QueryResult<Vec<Factor>> {
    factors::table
        .filter(factors::user_id.eq(user_id))
        .select(Factor::as_select())
        .load(conn)
}

/// Adds a method.
pub fn insert(conn: &mut Conn, factor: &Factor, now: NaiveDateTime) -> QueryResult<()> {
    diesel::insert_into(factors::table)
        .values((factor, factors::created_at.eq(now)))
        .execute(conn)
        .map(drop)
}

/// Marks a method that an account has as proved now and switched on. Answers its id, if there is one.
pub fn update_proved(
    conn: &mut Conn,
    user_id: &str,
    method: &str,
    now: NaiveDateTime,
) -> QueryResult<Option<String>> {
    let row = factors::table
        .filter(factors::user_id.eq(user_id))
        .filter(factors::method.eq(method));
    diesel::update(row)
        .set((
            factors::verified_at.eq(now),
            factors::enabled.eq(true),
            factors::suspended_at.eq(None::<NaiveDateTime>),
            factors::last_used_at.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?;
    row.select(factors::id).at_most_one(conn)
}

/// Switches one proved method of an account on or off, or all of them. Answers how many were not so yet.
pub fn update_enabled(
    conn: &mut Conn,
    user_id: &str,
    method: Option<&str>,
    enabled: bool,
) -> QueryResult<usize> {
    let rows = factors::table
        .filter(factors::user_id.eq(user_id))
        .filter(factors::verified_at.is_not_null())
        .filter(factors::enabled.ne(enabled));
    match method {
        Some(method) => diesel::update(rows.filter(factors::method.eq(method)))
            .set(factors::enabled.eq(enabled))
            .execute(conn),
        None => diesel::update(rows)
            .set(factors::enabled.eq(enabled))
            .execute(conn),
    }
}

/// Records when a method of an account was last used.
pub fn update_used(
    conn: &mut Conn,
    user_id: &str,
    method: &str,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        factors::table
            .filter(factors::user_id.eq(user_id))
            .filter(factors::method.eq(method)),
    )
    .set(factors::last_used_at.eq(now))
    .execute(conn)
}

/// Lets the methods of an account be used again that could not be, but for one.
pub fn update_unsuspended(conn: &mut Conn, user_id: &str, except: &str) -> QueryResult<usize> {
    diesel::update(
        factors::table
            .filter(factors::user_id.eq(user_id))
            .filter(factors::method.ne(except))
            .filter(factors::suspended_at.is_not_null()),
    )
    .set(factors::suspended_at.eq(None::<NaiveDateTime>))
    .execute(conn)
}

/// Marks a method as one that cannot be used, though it is still owed.
pub fn update_suspended(
    conn: &mut Conn,
    user_id: &str,
    method: &str,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        factors::table
            .filter(factors::user_id.eq(user_id))
            .filter(factors::method.eq(method))
            .filter(factors::suspended_at.is_null()),
    )
    .set(factors::suspended_at.eq(now))
    .execute(conn)
}

/// Removes a method of an account, and with it what hangs on it.
pub fn delete(conn: &mut Conn, user_id: &str, method: &str) -> QueryResult<usize> {
    diesel::delete(
        factors::table
            .filter(factors::user_id.eq(user_id))
            .filter(factors::method.eq(method)),
    )
    .execute(conn)
}

/// Removes every method of an account, and with them what hangs on them.
pub fn delete_by_user(conn: &mut Conn, user_id: &str) -> QueryResult<usize> {
    diesel::delete(factors::table.filter(factors::user_id.eq(user_id))).execute(conn)
}
