//! `activity`, `activity_head` and `activity_anchor`: the append-only record, the end of its chain, and what stands for the
//! rows that were let go.

use chrono::NaiveDateTime;
use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;

use super::schema::{activity, activity_anchor, activity_head};
use super::time::Time;
use super::{AtMostOne, Conn};

/// One thing that happened, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = activity)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Activity {
    pub seq: i64,
    pub id: String,
    pub at: NaiveDateTime,
    pub event: String,
    pub outcome: String,
    pub reason: Option<String>,
    pub door: String,
    pub actor_id: Option<String>,
    pub user_id: Option<String>,
    pub organization_id: Option<String>,
    pub method: Option<String>,
    pub detail: Option<String>,
    pub peer_address: Option<String>,
    pub forwarded_for: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
    pub session_hash: Option<String>,
    pub key_id: String,
    pub hash: Vec<u8>,
}

/// Where the chain ends: the number and the hash of its last row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The last row's number; 0 while there is none.
    pub seq: i64,
    /// The last row's hash; 32 zero bytes while there is none.
    pub hash: Vec<u8>,
}

/// When the newest row was written.
pub fn newest(conn: &mut Conn) -> QueryResult<Option<NaiveDateTime>> {
    activity::table
        .order(activity::seq.desc())
        .select(activity::at)
        .first(conn)
        .optional()
}

/// The end of the chain.
pub fn head(conn: &mut Conn) -> QueryResult<Head> {
    activity_head::table
        .find(1)
        .select((activity_head::seq, activity_head::hash))
        .first(conn)
        .map(|(seq, hash)| Head { seq, hash })
}

/// The end of the chain, locked until the transaction ends: rows get their numbers one after the other.
pub fn lock_head(conn: &mut Conn) -> QueryResult<Head> {
    diesel::update(activity_head::table.find(1))
        .set(activity_head::id.eq(1))
        .execute(conn)?;
    head(conn)
}

/// Adds the row that follows the head, and moves the head to it.
pub fn insert(conn: &mut Conn, row: &Activity) -> QueryResult<()> {
    diesel::insert_into(activity::table)
        .values(row)
        .execute(conn)?;
    diesel::update(activity_head::table.find(1))
        .set((
            activity_head::seq.eq(row.seq),
            activity_head::hash.eq(&row.hash),
        ))
        .execute(conn)
        .map(drop)
}

/// What stands for the rows that were let go.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = activity_anchor)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Anchor {
    pub seq: i64,
    pub hash: Vec<u8>,
    pub key_id: String,
    pub mac: Vec<u8>,
}

/// What stands for the rows that were let go, if any were.
pub fn find_anchor(conn: &mut Conn) -> QueryResult<Option<Anchor>> {
    activity_anchor::table
        .select(Anchor::as_select())
        .at_most_one(conn)
}

/// Removes the rows up to a number, and puts the anchor in the place of the one before.
pub fn delete_up_to(conn: &mut Conn, anchor: &Anchor) -> QueryResult<()> {
    diesel::delete(activity::table.filter(activity::seq.le(anchor.seq))).execute(conn)?;
    diesel::delete(activity_anchor::table).execute(conn)?;
    diesel::insert_into(activity_anchor::table)
        .values(anchor)
        .execute(conn)
        .map(drop)
}

/// The rows after number `after`, in order, at most `limit` of them.
pub fn list_after(conn: &mut Conn, after: i64, limit: i64) -> QueryResult<Vec<Activity>> {
    activity::table
        .filter(activity::seq.gt(after))
        .order(activity::seq)
        .limit(limit)
        .select(Activity::as_select())
        .load(conn)
}

/// Whom an entry is about.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = activity)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Subject {
    pub seq: i64,
    pub user_id: Option<String>,
    pub organization_id: Option<String>,
    pub event: String,
}

/// Whom the rows after number `after` are about, in order, at most `limit` of them.
pub fn list_subjects_after(conn: &mut Conn, after: i64, limit: u32) -> QueryResult<Vec<Subject>> {
    activity::table
        .filter(activity::seq.gt(after))
        .order(activity::seq)
        .limit(limit.into())
        .select(Subject::as_select())
        .load(conn)
}

/// What of the record an account's holder is shown.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = activity)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Happened {
    pub seq: i64,
    #[diesel(deserialize_as = Time)]
    pub at: NaiveDateTime,
    pub event: String,
    pub outcome: String,
    pub reason: Option<String>,
    pub door: String,
    pub method: Option<String>,
    pub detail: Option<String>,
    pub peer_address: Option<String>,
    pub user_agent: Option<String>,
}

/// What happened to an account, newest first: after the first `skip` of it, at most `take`.
///
/// SQLite hands its rows out one by one, and looks at the number that is bound to a LIMIT to plan the statement anew;
/// Postgres sends everything that it is not told to leave out.
pub fn list_by_user(
    conn: &mut Conn,
    user_id: &str,
    skip: u32,
    take: u32,
) -> QueryResult<Vec<Happened>> {
    macro_rules! newest_first {
        () => {
            activity::table
                .filter(activity::user_id.eq(user_id))
                .order(activity::seq.desc())
                .select(Happened::as_select())
        };
    }
    match conn {
        Conn::Postgres(conn) => newest_first!()
            .offset(skip.into())
            .limit(take.into())
            .load(conn),
        Conn::Sqlite(conn) => newest_first!()
            .load_iter::<Happened, DefaultLoadingMode>(conn)?
            .skip(skip as usize)
            .take(take as usize)
            .collect(),
    }
}
