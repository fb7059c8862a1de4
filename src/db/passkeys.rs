//! `passkeys`: one row a passkey.

use chrono::NaiveDateTime;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::schema::{factors, passkeys, users};
use super::time::{MaybeTime, Time};
use super::{AtMostOne, Conn, load};

/// A passkey as stored. Nothing in it is secret.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = passkeys)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Passkey {
    pub id: String,
    pub factor_id: String,
    pub user_id: String,
    pub credential_id: Vec<u8>,
    pub credential: String,
    pub counter: i64,
    pub backup_eligible: bool,
    pub backup_state: bool,
    pub discoverable: bool,
    pub transports: String,
    pub aaguid: Option<String>,
    pub rp_id: String,
    pub name: String,
    #[diesel(deserialize_as = Time)]
    pub created_at: NaiveDateTime,
    #[diesel(deserialize_as = MaybeTime)]
    pub last_used_at: Option<NaiveDateTime>,
    pub last_used_by: Option<String>,
}

/// What a use of a passkey leaves behind.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = passkeys)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Use {
    pub credential: String,
    pub counter: i64,
    pub backup_eligible: bool,
    pub backup_state: bool,
    pub last_used_at: NaiveDateTime,
    pub last_used_by: Option<String>,
}

/// The passkeys of an account, oldest first.
pub fn list_by_user(conn: &mut Conn, user_id: &str) -> QueryResult<Vec<Passkey>> {
    load!(
        conn,
        passkeys::table
            .filter(passkeys::user_id.eq(user_id))
            .order((passkeys::created_at, passkeys::id))
            .select(Passkey::as_select())
    )
}

/// The same, together with what authenticators know the account by: one question, so one moment.
pub fn list_with_handle(
    conn: &mut Conn,
    user_id: &str,
) -> QueryResult<(Vec<Passkey>, Option<Vec<u8>>)> {
    type Row = (Option<Vec<u8>>, Option<Passkey>);
    let rows: Vec<Row> = load!(
        conn,
        users::table
            .find(user_id)
            .left_join(passkeys::table.on(passkeys::user_id.eq(users::id)))
            .order((passkeys::created_at, passkeys::id))
            .select((users::passkey_handle, Option::<Passkey>::as_select(),))
    )?;
    let handle = rows.first().and_then(|(handle, _)| handle.clone());
    let own = rows
        .into_iter()
        .filter_map(|(_, passkey)| passkey)
        .collect();
    Ok((own, handle))
}

/// The passkey with this id, if it belongs to this account.
pub fn find_by_user(conn: &mut Conn, user_id: &str, id: &str) -> QueryResult<Option<Passkey>> {
    passkeys::table
        .find(id)
        .filter(passkeys::user_id.eq(user_id))
        .select(Passkey::as_select())
        .at_most_one(conn)
}

/// The passkey that authenticators know by this id, whoever's it is.
pub fn find_by_credential(conn: &mut Conn, credential_id: &[u8]) -> QueryResult<Option<Passkey>> {
    passkeys::table
        .filter(passkeys::credential_id.eq(credential_id))
        .select(Passkey::as_select())
        .at_most_one(conn)
}

/// Whether any passkey is bound to another domain than this one. The index answers it.
pub fn exist_of_other_rp(conn: &mut Conn, rp_id: &str) -> QueryResult<bool> {
    let below = passkeys::table.filter(passkeys::rp_id.lt(rp_id));
    let above = passkeys::table.filter(passkeys::rp_id.gt(rp_id));
    diesel::select(exists(below).or(exists(above))).get_result(conn)
}

/// Marks the method as one that cannot be used, though it is still owed, for accounts that have passkeys and none of this
/// domain. Answers how many there are.
pub fn update_orphaned(conn: &mut Conn, rp_id: &str, now: NaiveDateTime) -> QueryResult<usize> {
    let own = || passkeys::table.filter(passkeys::factor_id.eq(factors::id));
    diesel::update(
        factors::table
            .filter(factors::suspended_at.is_null())
            .filter(exists(own()))
            .filter(not(exists(own().filter(passkeys::rp_id.eq(rp_id))))),
    )
    .set(factors::suspended_at.eq(now))
    .execute(conn)
}

/// Lets it be used again where there is one of this domain.
pub fn update_found_again(conn: &mut Conn, rp_id: &str) -> QueryResult<usize> {
    let own = passkeys::table
        .filter(passkeys::factor_id.eq(factors::id))
        .filter(passkeys::rp_id.eq(rp_id));
    diesel::update(
        factors::table
            .filter(factors::suspended_at.is_not_null())
            .filter(exists(own)),
    )
    .set(factors::suspended_at.eq(None::<NaiveDateTime>))
    .execute(conn)
}

/// Adds a passkey.
pub fn insert(conn: &mut Conn, passkey: &Passkey) -> QueryResult<()> {
    diesel::insert_into(passkeys::table)
        .values(passkey)
        .execute(conn)
        .map(drop)
}

/// Stores a use. The count is the verdict: 0 when the passkey is gone, or was used with this counter or a higher
/// one before. An authenticator that does not count says 0 each time.
pub fn consume(conn: &mut Conn, id: &str, used: &Use) -> QueryResult<usize> {
    let row = passkeys::table.find(id);
    if used.counter == 0 {
        return diesel::update(row.filter(passkeys::counter.eq(0)))
            .set(used)
            .execute(conn);
    }
    diesel::update(row.filter(passkeys::counter.lt(used.counter)))
        .set(used)
        .execute(conn)
}

/// Gives a passkey another name.
pub fn update_name(conn: &mut Conn, user_id: &str, id: &str, name: &str) -> QueryResult<usize> {
    diesel::update(
        passkeys::table
            .find(id)
            .filter(passkeys::user_id.eq(user_id)),
    )
    .set(passkeys::name.eq(name))
    .execute(conn)
}

/// Removes a passkey.
pub fn delete(conn: &mut Conn, user_id: &str, id: &str) -> QueryResult<usize> {
    diesel::delete(
        passkeys::table
            .find(id)
            .filter(passkeys::user_id.eq(user_id)),
    )
    .execute(conn)
}
