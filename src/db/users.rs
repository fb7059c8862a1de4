//! `users`: one row a person.

use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::users;
use super::time::{MaybeTime, Time};
use super::{AtMostOne, Conn};

/// An account, without the times that no rule asks for: this row is read at each request.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct User {
    pub id: String,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub organization_id: Option<String>,
    pub role: i32,
    #[diesel(deserialize_as = MaybeTime)]
    pub joined_at: Option<NaiveDateTime>,
    pub password_hash: Option<String>,
    #[diesel(deserialize_as = MaybeTime)]
    pub password_changed_at: Option<NaiveDateTime>,
    pub mfa_required: bool,
    pub primary_method: Option<String>,
    #[diesel(deserialize_as = MaybeTime)]
    pub mfa_reset_at: Option<NaiveDateTime>,
    pub epoch: i32,
    #[diesel(deserialize_as = MaybeTime)]
    pub deactivated_at: Option<NaiveDateTime>,
    #[diesel(deserialize_as = Time)]
    pub created_at: NaiveDateTime,
    pub backup_codes_left: Option<i32>,
    pub password_by_mail: bool,
    pub language: Option<String>,
}

impl fmt::Debug for User {
    /// The id and nothing else: a row holds a password hash and an address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl User {
    /// First and last name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
            .trim()
            .to_owned()
    }
}

/// What a member is searched by.
fn name_key(first_name: &str, last_name: &str) -> String {
    format!("{first_name} {last_name}").to_lowercase()
}

/// Adds an account.
pub fn insert(conn: &mut Conn, user: &User) -> QueryResult<()> {
    diesel::insert_into(users::table)
        .values((
            user,
            users::updated_at.eq(user.created_at),
            users::name_key.eq(name_key(&user.first_name, &user.last_name)),
            users::last_name_key.eq(user.last_name.to_lowercase()),
        ))
        .execute(conn)
        .map(drop)
}

/// The account with this id.
pub fn find(conn: &mut Conn, id: &str) -> QueryResult<Option<User>> {
    users::table
        .find(id)
        .select(User::as_select())
        .at_most_one(conn)
}

/// The account with this normalised address.
pub fn find_by_email(conn: &mut Conn, email: &str) -> QueryResult<Option<User>> {
    users::table
        .filter(users::email.eq(email))
        .select(User::as_select())
        .at_most_one(conn)
}

/// Every account and when it last signed in, by address.
pub fn list(conn: &mut Conn) -> QueryResult<Vec<(User, Option<NaiveDateTime>)>> {
    users::table
        .order(users::email)
        .select((User::as_select(), users::last_sign_in_at))
        .load(conn)
}

/// Whether there is any account at all.
pub fn exist(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(users::table.select(users::id))).get_result(conn)
}

/// What authenticators know an account by, once it has set a passkey up.
pub fn find_passkey_handle(conn: &mut Conn, id: &str) -> QueryResult<Option<Vec<u8>>> {
    let found: Option<Option<Vec<u8>>> = users::table
        .find(id)
        .select(users::passkey_handle)
        .at_most_one(conn)?;
    Ok(found.flatten())
}

/// Stores what authenticators know an account by.
pub fn update_passkey_handle(conn: &mut Conn, id: &str, handle: &[u8]) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set(users::passkey_handle.eq(handle))
        .execute(conn)
}

/// Takes the row's lock until the transaction ends: every change to what an account is or owes starts here,
/// so that two changes at once happen one after the other. Answers false when there is no such account.
pub fn lock(conn: &mut Conn, id: &str) -> QueryResult<bool> {
    diesel::update(users::table.find(id))
        .set(users::epoch.eq(users::epoch))
        .execute(conn)
        .map(|rows| rows == 1)
}

/// Takes the locks of several accounts, in one order whoever asks.
pub fn lock_all<const N: usize>(conn: &mut Conn, mut ids: [&str; N]) -> QueryResult<()> {
    ids.sort_unstable();
    for id in ids {
        lock(conn, id)?;
    }
    Ok(())
}

/// Stores a person's names.
pub fn update_names(
    conn: &mut Conn,
    id: &str,
    first_name: &str,
    last_name: &str,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set((
            users::first_name.eq(first_name),
            users::last_name.eq(last_name),
            users::name_key.eq(name_key(first_name, last_name)),
            users::last_name_key.eq(last_name.to_lowercase()),
            users::updated_at.eq(now),
        ))
        .execute(conn)
}

/// Stores the address that an account is signed in to with. Normalised; unique by its index.
pub fn update_email(
    conn: &mut Conn,
    id: &str,
    email: &str,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set((users::email.eq(email), users::updated_at.eq(now)))
        .execute(conn)
}

/// Stores a new password hash, and whether it came by a mailed link, and raises the epoch, which ends every session of
/// the account.
pub fn update_password(
    conn: &mut Conn,
    id: &str,
    hash: &str,
    by_mail: bool,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set((
            users::password_hash.eq(hash),
            users::password_by_mail.eq(by_mail),
            users::password_changed_at.eq(now),
            users::epoch.eq(users::epoch + 1),
            users::updated_at.eq(now),
        ))
        .execute(conn)
}

/// Records whether the password of an account came by a mailed link.
pub fn update_password_by_mail(conn: &mut Conn, id: &str, by_mail: bool) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set(users::password_by_mail.eq(by_mail))
        .execute(conn)
}

/// Stores the same password hashed anew; only if nobody changed it in between. Sessions live on.
pub fn update_password_hash(
    conn: &mut Conn,
    id: &str,
    old_hash: &str,
    new_hash: &str,
) -> QueryResult<usize> {
    diesel::update(
        users::table
            .find(id)
            .filter(users::password_hash.eq(old_hash)),
    )
    .set(users::password_hash.eq(new_hash))
    .execute(conn)
}

/// When somebody last signed in to an account, if ever.
pub fn find_last_sign_in(conn: &mut Conn, id: &str) -> QueryResult<Option<NaiveDateTime>> {
    let found: Option<Option<NaiveDateTime>> = users::table
        .find(id)
        .select(users::last_sign_in_at)
        .at_most_one(conn)?;
    Ok(found.flatten())
}

/// Records the time of a completed sign-in, and the language that the browser asked for, if it did.
pub fn update_last_sign_in(
    conn: &mut Conn,
    id: &str,
    language: Option<&str>,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set((
            users::last_sign_in_at.eq(now),
            language.map(|language| users::browser_language.eq(language)),
        ))
        .execute(conn)
}

/// Stores the language that somebody's browser may ask for.
pub fn update_browser_language(
    conn: &mut Conn,
    id: &str,
    language: Option<&str>,
) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set(users::browser_language.eq(language))
        .execute(conn)
}

/// Stores the language that somebody chose; `None` for that of the browser.
pub fn update_language(
    conn: &mut Conn,
    id: &str,
    language: Option<&str>,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set((users::language.eq(language), users::updated_at.eq(now)))
        .execute(conn)
}

/// In which language somebody reads: as chosen, or else as their browser asked for.
pub fn find_language(conn: &mut Conn, id: &str) -> QueryResult<Option<String>> {
    let found: Option<(Option<String>, Option<String>)> = users::table
        .find(id)
        .select((users::language, users::browser_language))
        .at_most_one(conn)?;
    Ok(found.and_then(|(chosen, of_browser)| chosen.or(of_browser)))
}

/// How many members of an organization hold a role.
pub fn count_by_role(conn: &mut Conn, organization_id: &str, role: i32) -> QueryResult<i64> {
    users::table
        .filter(users::organization_id.eq(organization_id))
        .filter(users::role.eq(role))
        .count()
        .get_result(conn)
}

/// Stores somebody's role in their organization.
pub fn update_role(conn: &mut Conn, id: &str, role: i32, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set((users::role.eq(role), users::updated_at.eq(now)))
        .execute(conn)
}

/// Removes an account, and with it everything that hangs on it.
pub fn delete(conn: &mut Conn, id: &str) -> QueryResult<usize> {
    diesel::delete(users::table.find(id)).execute(conn)
}

/// Raises the epoch, which ends every session that is not moved along.
pub fn raise_epoch(conn: &mut Conn, id: &str, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set((users::epoch.eq(users::epoch + 1), users::updated_at.eq(now)))
        .execute(conn)
}

/// Stores the method that is asked for first.
pub fn update_primary_method(
    conn: &mut Conn,
    id: &str,
    method: Option<&str>,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set((users::primary_method.eq(method), users::updated_at.eq(now)))
        .execute(conn)
}

/// Stores whether a second factor is demanded of this one person.
pub fn update_mfa_required(
    conn: &mut Conn,
    id: &str,
    required: bool,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set((users::mfa_required.eq(required), users::updated_at.eq(now)))
        .execute(conn)
}

/// Forgets that the account's MFA was reset: it has been set up again.
pub fn update_reset_done(conn: &mut Conn, id: &str) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set(users::mfa_reset_at.eq(None::<NaiveDateTime>))
        .execute(conn)
}

/// Records that somebody asks for a reset, unless they did so after `since`. The count is the verdict.
pub fn update_reset_requested(
    conn: &mut Conn,
    id: &str,
    since: NaiveDateTime,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let asked = users::reset_requested_at;
    let is_due = asked.is_null().or(asked.le(since));
    diesel::update(users::table.find(id).filter(is_due))
        .set(asked.eq(now))
        .execute(conn)
}

/// Marks the account's MFA as reset by somebody else, and raises the epoch.
pub fn update_mfa_reset(conn: &mut Conn, id: &str, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(users::table.find(id))
        .set((
            users::primary_method.eq(None::<String>),
            users::mfa_reset_at.eq(now),
            users::reset_requested_at.eq(None::<NaiveDateTime>),
            users::epoch.eq(users::epoch + 1),
            users::updated_at.eq(now),
        ))
        .execute(conn)
}
