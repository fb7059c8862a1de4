//! `backup_code_sets` and `backup_codes`: sets of single-use codes, by their hashes.

use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{backup_code_sets, backup_codes, users};
use super::time::{MaybeTime, Time};
use super::{Conn, load};

/// A set as stored; its codes are sealed while they may be shown, and gone afterwards.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = backup_code_sets)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct BackupCodeSet {
    pub id: String,
    pub user_id: String,
    pub session_id: String,
    #[diesel(deserialize_as = MaybeTime)]
    pub activated_at: Option<NaiveDateTime>,
    pub plain: Option<String>,
    #[diesel(deserialize_as = MaybeTime)]
    pub plain_until: Option<NaiveDateTime>,
    #[diesel(deserialize_as = MaybeTime)]
    pub saved_at: Option<NaiveDateTime>,
    #[diesel(deserialize_as = Time)]
    pub created_at: NaiveDateTime,
}

impl fmt::Debug for BackupCodeSet {
    /// Without the codes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackupCodeSet")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A code as stored: its hash.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = backup_codes)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct BackupCode {
    pub id: String,
    pub set_id: String,
    pub hash: String,
    pub used_at: Option<NaiveDateTime>,
}

impl fmt::Debug for BackupCode {
    /// Without the hash.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackupCode")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Adds a set with its codes.
pub fn insert(conn: &mut Conn, set: &BackupCodeSet, codes: &[BackupCode]) -> QueryResult<()> {
    diesel::insert_into(backup_code_sets::table)
        .values(set)
        .execute(conn)?;
    for code in codes {
        diesel::insert_into(backup_codes::table)
            .values(code)
            .execute(conn)?;
    }
    Ok(())
}

/// The live set of an account.
pub fn find_live(conn: &mut Conn, user_id: &str) -> QueryResult<Option<BackupCodeSet>> {
    let mut sets: Vec<BackupCodeSet> = load!(
        conn,
        backup_code_sets::table
            .filter(backup_code_sets::user_id.eq(user_id))
            .filter(backup_code_sets::activated_at.is_not_null())
            .select(BackupCodeSet::as_select())
    )?;
    Ok(sets.pop())
}

/// The newest inert set that this session made.
pub fn find_pending(
    conn: &mut Conn,
    user_id: &str,
    session_id: &str,
) -> QueryResult<Option<BackupCodeSet>> {
    backup_code_sets::table
        .filter(backup_code_sets::user_id.eq(user_id))
        .filter(backup_code_sets::session_id.eq(session_id))
        .filter(backup_code_sets::activated_at.is_null())
        .order(backup_code_sets::created_at.desc())
        .select(BackupCodeSet::as_select())
        .first(conn)
        .optional()
}

/// The codes of an account's live set, used ones too: a used code has to be told from a wrong one.
pub fn list_live(conn: &mut Conn, user_id: &str) -> QueryResult<Vec<BackupCode>> {
    backup_codes::table
        .inner_join(backup_code_sets::table)
        .filter(backup_code_sets::user_id.eq(user_id))
        .filter(backup_code_sets::activated_at.is_not_null())
        .select(BackupCode::as_select())
        .load(conn)
}

/// Uses a code of the live set up. The count is the verdict: 1 for exactly one caller. The account's count
/// of what is left falls with it.
pub fn consume(
    conn: &mut Conn,
    user_id: &str,
    code_id: &str,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let live = backup_code_sets::table
        .filter(backup_code_sets::user_id.eq(user_id))
        .filter(backup_code_sets::activated_at.is_not_null())
        .select(backup_code_sets::id);
    let used = diesel::update(
        backup_codes::table
            .find(code_id)
            .filter(backup_codes::used_at.is_null())
            .filter(backup_codes::set_id.eq_any(live)),
    )
    .set(backup_codes::used_at.eq(now))
    .execute(conn)?;
    if used == 1 {
        diesel::update(users::table.find(user_id))
            .set(users::backup_codes_left.eq(users::backup_codes_left - 1))
            .execute(conn)?;
    }
    Ok(used)
}

/// Brings an inert set to life.
pub fn update_activated(
    conn: &mut Conn,
    set: &BackupCodeSet,
    codes: i32,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(users::table.find(&set.user_id))
        .set(users::backup_codes_left.eq(codes))
        .execute(conn)?;
    diesel::update(backup_code_sets::table.find(&set.id))
        .set(backup_code_sets::activated_at.eq(now))
        .execute(conn)
}

/// Records that the holder saved the codes, which are not shown any more.
pub fn update_saved(
    conn: &mut Conn,
    user_id: &str,
    session_id: &str,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        backup_code_sets::table
            .filter(backup_code_sets::user_id.eq(user_id))
            .filter(backup_code_sets::session_id.eq(session_id))
            .filter(backup_code_sets::activated_at.is_not_null())
            .filter(backup_code_sets::saved_at.is_null()),
    )
    .set((
        backup_code_sets::saved_at.eq(now),
        backup_code_sets::plain.eq(None::<String>),
    ))
    .execute(conn)
}

/// Forgets the sealed codes that may not be shown any more.
pub fn update_plain_gone(conn: &mut Conn, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(
        backup_code_sets::table
            .filter(backup_code_sets::plain.is_not_null())
            .filter(backup_code_sets::plain_until.le(now)),
    )
    .set(backup_code_sets::plain.eq(None::<String>))
    .execute(conn)
}

/// Removes the live set of an account, or its inert ones.
pub fn delete_by_user(conn: &mut Conn, user_id: &str, live: bool) -> QueryResult<usize> {
    let of_user = backup_code_sets::table.filter(backup_code_sets::user_id.eq(user_id));
    if live {
        diesel::delete(of_user.filter(backup_code_sets::activated_at.is_not_null())).execute(conn)
    } else {
        diesel::delete(of_user.filter(backup_code_sets::activated_at.is_null())).execute(conn)
    }
}

/// Removes inert sets that were made before `before`.
pub fn delete_inert_older(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(
        backup_code_sets::table
            .filter(backup_code_sets::activated_at.is_null())
            .filter(backup_code_sets::created_at.lt(before)),
    )
    .execute(conn)
}

/// Says that an account has no codes and never had.
pub fn update_none_left(conn: &mut Conn, user_id: &str) -> QueryResult<usize> {
    diesel::update(users::table.find(user_id))
        .set(users::backup_codes_left.eq(None::<i32>))
        .execute(conn)
}
