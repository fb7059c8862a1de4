//! `factors`: one row a method that an account has started to set up.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Conn;
use super::schema::factors;

/// A method of an account as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = factors)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Factor {
    pub id: String,
    pub user_id: String,
    pub method: String,
    pub verified_at: Option<NaiveDateTime>,
    pub enabled: bool,
    pub suspended_at: Option<NaiveDateTime>,
    pub last_used_at: Option<NaiveDateTime>,
    pub created_at: NaiveDateTime,
}

/// The methods of an account.
pub fn list_by_user(conn: &mut Conn, user_id: &str) -> QueryResult<Vec<Factor>> {
    factors::table
        .filter(factors::user_id.eq(user_id))
        .select(Factor::as_select())
        .load(conn)
}

/// Removes every method of an account, and with them what hangs on them.
pub fn delete_by_user(conn: &mut Conn, user_id: &str) -> QueryResult<usize> {
    diesel::delete(factors::table.filter(factors::user_id.eq(user_id))).execute(conn)
}
