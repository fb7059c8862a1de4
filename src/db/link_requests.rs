//! `link_requests`: what was asked for by mail, until a link is made of it, and for the limits a while longer.

use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Conn;
use super::schema::link_requests;

/// A request as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = link_requests)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct LinkRequest {
    pub id: String,
    pub purpose: String,
    pub address: String,
    pub user_id: Option<String>,
    pub origin: String,
    pub created_at: NaiveDateTime,
    pub handled_at: Option<NaiveDateTime>,
}

impl fmt::Debug for LinkRequest {
    /// Without the address and where it was asked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkRequest")
            .field("id", &self.id)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

/// Adds a request.
pub fn insert(conn: &mut Conn, request: &LinkRequest) -> QueryResult<()> {
    diesel::insert_into(link_requests::table)
        .values(request)
        .execute(conn)
        .map(drop)
}

/// The requests that nobody has handled, oldest first.
pub fn list_waiting(conn: &mut Conn, limit: i64) -> QueryResult<Vec<LinkRequest>> {
    link_requests::table
        .filter(link_requests::handled_at.is_null())
        .order((link_requests::created_at, link_requests::id))
        .limit(limit)
        .select(LinkRequest::as_select())
        .load(conn)
}

/// When requests of a person were made since `since`, newest first.
pub fn list_times(
    conn: &mut Conn,
    purpose: &str,
    user_id: &str,
    since: NaiveDateTime,
) -> QueryResult<Vec<NaiveDateTime>> {
    link_requests::table
        .filter(link_requests::user_id.eq(user_id))
        .filter(link_requests::purpose.eq(purpose))
        .filter(link_requests::created_at.gt(since))
        .order(link_requests::created_at.desc())
        .select(link_requests::created_at)
        .load(conn)
}

/// Takes a request for handling. The count is the verdict: of several processes one gets it.
pub fn consume(conn: &mut Conn, id: &str, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(
        link_requests::table
            .find(id)
            .filter(link_requests::handled_at.is_null()),
    )
    .set(link_requests::handled_at.eq(now))
    .execute(conn)
}

/// Stores whose request it turned out to be.
pub fn update_user(conn: &mut Conn, id: &str, user_id: &str) -> QueryResult<usize> {
    diesel::update(link_requests::table.find(id))
        .set(link_requests::user_id.eq(user_id))
        .execute(conn)
}

/// Forgets a request of which nothing came.
pub fn delete(conn: &mut Conn, id: &str) -> QueryResult<usize> {
    diesel::delete(link_requests::table.find(id)).execute(conn)
}

/// Removes what was handled and was asked for before `before`.
pub fn delete_older(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(
        link_requests::table
            .filter(link_requests::handled_at.is_not_null())
            .filter(link_requests::created_at.lt(before)),
    )
    .execute(conn)
}
