//! `organizations`: one row an organization, with what it asks of its members.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::organizations;
use super::time::{MaybeTime, Time};
use super::{AtMostOne, Conn};

/// An organization as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = organizations)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Organization {
    pub id: String,
    pub name: String,
    pub mfa_requirement: String,
    #[diesel(deserialize_as = MaybeTime)]
    pub mfa_enforce_from: Option<NaiveDateTime>,
    pub mfa_extra_days: i32,
    pub allow_totp: bool,
    pub allow_passkey: bool,
    pub allow_magic_link: bool,
    pub trust_days: i32,
    #[diesel(deserialize_as = Time)]
    pub created_at: NaiveDateTime,
}

/// Adds an organization.
pub fn insert(conn: &mut Conn, organization: &Organization) -> QueryResult<()> {
    diesel::insert_into(organizations::table)
        .values((
            organization,
            organizations::updated_at.eq(organization.created_at),
        ))
        .execute(conn)
        .map(drop)
}

/// Takes the row's lock until the transaction ends: every change to an organization or its members starts here.
pub fn lock(conn: &mut Conn, id: &str) -> QueryResult<bool> {
    diesel::update(organizations::table.find(id))
        .set(organizations::name.eq(organizations::name))
        .execute(conn)
        .map(|rows| rows == 1)
}

/// Stores what an organization asks of its members.
pub fn update_requirement(
    conn: &mut Conn,
    organization: &Organization,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(organizations::table.find(&organization.id))
        .set((
            organizations::mfa_requirement.eq(&organization.mfa_requirement),
            organizations::mfa_enforce_from.eq(organization.mfa_enforce_from),
            organizations::mfa_extra_days.eq(organization.mfa_extra_days),
            organizations::allow_totp.eq(organization.allow_totp),
            organizations::allow_passkey.eq(organization.allow_passkey),
            organizations::allow_magic_link.eq(organization.allow_magic_link),
            organizations::updated_at.eq(now),
        ))
        .execute(conn)
}

/// Stores an organization's name.
pub fn update_name(
    conn: &mut Conn,
    id: &str,
    name: &str,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(organizations::table.find(id))
        .set((
            organizations::name.eq(name),
            organizations::updated_at.eq(now),
        ))
        .execute(conn)
}

/// Stores for how many days members may have a browser trusted.
pub fn update_trust_days(
    conn: &mut Conn,
    id: &str,
    days: i32,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(organizations::table.find(id))
        .set((
            organizations::trust_days.eq(days),
            organizations::updated_at.eq(now),
        ))
        .execute(conn)
}

/// The organization with this id.
pub fn find(conn: &mut Conn, id: &str) -> QueryResult<Option<Organization>> {
    organizations::table
        .find(id)
        .select(Organization::as_select())
        .at_most_one(conn)
}

/// The oldest organization of exactly this name.
pub fn find_by_name(conn: &mut Conn, name: &str) -> QueryResult<Option<Organization>> {
    organizations::table
        .filter(organizations::name.eq(name))
        .order(organizations::created_at)
        .select(Organization::as_select())
        .first(conn)
        .optional()
}
