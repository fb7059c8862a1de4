//! `totp_secrets`: what an authenticator app shares with the server, and the last step it was used in.

use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::totp_secrets;
use super::{AtMostOne, Conn};

/// A secret as stored: sealed.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = totp_secrets)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct TotpSecret {
    pub factor_id: String,
    pub user_id: String,
    pub secret: String,
    pub last_step: i64,
    pub created_at: NaiveDateTime,
}

impl fmt::Debug for TotpSecret {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TotpSecret")
            .field("factor_id", &self.factor_id)
            .finish_non_exhaustive()
    }
}

/// The secret of an account's authenticator app.
pub fn find_by_user(conn: &mut Conn, user_id: &str) -> QueryResult<Option<TotpSecret>> {
    totp_secrets::table
        .filter(totp_secrets::user_id.eq(user_id))
        .select(TotpSecret::as_select())
        .at_most_one(conn)
}

/// Stores the secret of a factor in place of the one it had. Call it in a transaction.
pub fn replace(conn: &mut Conn, secret: &TotpSecret) -> QueryResult<()> {
    diesel::delete(totp_secrets::table.find(&secret.factor_id)).execute(conn)?;
    diesel::insert_into(totp_secrets::table)
        .values(secret)
        .execute(conn)
        .map(drop)
}

/// Spends a step of the secret that was made then, and everything before it. The count is the verdict: 1 for exactly one
/// caller, 0 for everybody who comes with the same step or an earlier one, or after the secret was replaced. It is not
/// known by its envelope: a rotation of keys may seal it anew meanwhile.
pub fn consume(
    conn: &mut Conn,
    factor_id: &str,
    created_at: NaiveDateTime,
    step: i64,
) -> QueryResult<usize> {
    diesel::update(
        totp_secrets::table
            .find(factor_id)
            .filter(totp_secrets::created_at.eq(created_at))
            .filter(totp_secrets::last_step.lt(step)),
    )
    .set(totp_secrets::last_step.eq(step))
    .execute(conn)
}
