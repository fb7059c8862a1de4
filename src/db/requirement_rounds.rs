//! `requirement_rounds`: mails about a requirement that are to go to many members.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::requirement_rounds;
use super::{AtMostOne, Conn};

/// A round as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = requirement_rounds)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Round {
    pub id: String,
    pub organization_id: String,
    pub user_id: Option<String>,
    pub comes_at: NaiveDateTime,
    pub days: Option<i32>,
    pub due_at: NaiveDateTime,
    pub told: String,
}

/// Adds a round.
pub fn insert(conn: &mut Conn, round: &Round) -> QueryResult<()> {
    diesel::insert_into(requirement_rounds::table)
        .values(round)
        .execute(conn)
        .map(drop)
}

/// The rounds that are due, oldest first.
pub fn list_due(conn: &mut Conn, now: NaiveDateTime, limit: i64) -> QueryResult<Vec<Round>> {
    requirement_rounds::table
        .filter(requirement_rounds::due_at.le(now))
        .order((requirement_rounds::due_at, requirement_rounds::id))
        .limit(limit)
        .select(Round::as_select())
        .load(conn)
}

/// A round as it is now, unless it is over.
pub fn find(conn: &mut Conn, id: &str) -> QueryResult<Option<Round>> {
    requirement_rounds::table
        .find(id)
        .select(Round::as_select())
        .at_most_one(conn)
}

/// Records how far a round has come.
pub fn update_told(conn: &mut Conn, id: &str, told: &str) -> QueryResult<usize> {
    diesel::update(requirement_rounds::table.find(id))
        .set(requirement_rounds::told.eq(told))
        .execute(conn)
}

/// Ends a round.
pub fn delete(conn: &mut Conn, id: &str) -> QueryResult<usize> {
    diesel::delete(requirement_rounds::table.find(id)).execute(conn)
}

/// Ends every round of an organization.
pub fn delete_by_organization(conn: &mut Conn, organization_id: &str) -> QueryResult<usize> {
    diesel::delete(
        requirement_rounds::table.filter(requirement_rounds::organization_id.eq(organization_id)),
    )
    .execute(conn)
}

/// Ends the reminders of an organization, and leaves what is being announced.
pub fn delete_reminders(conn: &mut Conn, organization_id: &str) -> QueryResult<usize> {
    diesel::delete(
        requirement_rounds::table
            .filter(requirement_rounds::organization_id.eq(organization_id))
            .filter(requirement_rounds::days.is_not_null()),
    )
    .execute(conn)
}
