//! `sessions`: one row a sign-in, and the joined read that every authenticated request starts with.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::factors::Factor;
use super::organizations::Organization;
use super::schema::{factors, organizations, session_tokens, sessions, users};
use super::time::{MaybeTime, Time};
use super::users::User;
use super::{AtMostOne, Conn, load};

/// A session as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Session {
    pub id: String,
    pub user_id: String,
    pub kind: String,
    pub epoch: i32,
    pub pending: bool,
    #[diesel(deserialize_as = MaybeTime)]
    pub password_at: Option<NaiveDateTime>,
    #[diesel(deserialize_as = MaybeTime)]
    pub factor_at: Option<NaiveDateTime>,
    pub factor: Option<String>,
    pub peer_address: String,
    pub user_agent: String,
    #[diesel(deserialize_as = Time)]
    pub created_at: NaiveDateTime,
    #[diesel(deserialize_as = Time)]
    pub last_seen_at: NaiveDateTime,
    #[diesel(deserialize_as = Time)]
    pub expires_at: NaiveDateTime,
    #[diesel(deserialize_as = MaybeTime)]
    pub ended_at: Option<NaiveDateTime>,
}

/// What of a presented token has to be asked at each request.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = session_tokens)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct PresentedToken {
    #[diesel(deserialize_as = Time)]
    pub expires_at: NaiveDateTime,
    #[diesel(deserialize_as = MaybeTime)]
    pub consumed_at: Option<NaiveDateTime>,
}

/// Everything one request needs to know about who is asking, read in one query.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // each field is a row of the table of its name
pub struct Presented {
    pub token: PresentedToken,
    pub session: Session,
    pub user: User,
    pub organization: Option<Organization>,
    pub factors: Vec<Factor>,
}

/// Adds a session.
pub fn insert(conn: &mut Conn, session: &Session) -> QueryResult<()> {
    diesel::insert_into(sessions::table)
        .values(session)
        .execute(conn)
        .map(drop)
}

/// What a token leads to: its session, account, organization and factors, whatever state they are in.
///
/// Every request asks this. The rows differ only in the factor.
pub fn find_by_token(conn: &mut Conn, token_hash: &[u8]) -> QueryResult<Option<Presented>> {
    type Row = (
        PresentedToken,
        Session,
        User,
        Option<Organization>,
        Option<Factor>,
    );
    let rows: Vec<Row> = load!(
        conn,
        session_tokens::table
            .filter(session_tokens::hash.eq(token_hash))
            .inner_join(
                sessions::table.inner_join(
                    users::table
                        .left_join(organizations::table)
                        .left_join(factors::table),
                ),
            )
            .select((
                PresentedToken::as_select(),
                Session::as_select(),
                User::as_select(),
                Option::<Organization>::as_select(),
                Option::<Factor>::as_select(),
            ))
    )?;
    let mut rows = rows.into_iter();
    let Some((token, session, user, organization, first_factor)) = rows.next() else {
        return Ok(None);
    };
    let factors = first_factor
        .into_iter()
        .chain(rows.filter_map(|(.., factor)| factor))
        .collect();
    Ok(Some(Presented {
        token,
        session,
        user,
        organization,
        factors,
    }))
}

/// The session with this id, if it belongs to this account.
pub fn find_by_user(
    conn: &mut Conn,
    user_id: &str,
    session_id: &str,
) -> QueryResult<Option<Session>> {
    sessions::table
        .find(session_id)
        .filter(sessions::user_id.eq(user_id))
        .select(Session::as_select())
        .at_most_one(conn)
}

/// The live, complete sessions of an account that some token still opens, most recently seen first.
pub fn list_live(
    conn: &mut Conn,
    user_id: &str,
    epoch: i32,
    now: NaiveDateTime,
) -> QueryResult<Vec<Session>> {
    load!(
        conn,
        sessions::table
            .filter(sessions::user_id.eq(user_id))
            .filter(sessions::epoch.eq(epoch))
            .filter(sessions::pending.eq(false))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::expires_at.gt(now))
            .filter(diesel::dsl::exists(
                session_tokens::table
                    .filter(session_tokens::session_id.eq(sessions::id))
                    .filter(session_tokens::consumed_at.is_null())
                    .filter(session_tokens::expires_at.gt(now)),
            ))
            .order(sessions::last_seen_at.desc())
            .select(Session::as_select())
    )
}

/// The ids of the live sessions of one kind and state, oldest first: what a cap counts.
pub fn list_ids_for_cap(
    conn: &mut Conn,
    user_id: &str,
    kind: &str,
    pending: bool,
    now: NaiveDateTime,
) -> QueryResult<Vec<String>> {
    sessions::table
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::kind.eq(kind))
        .filter(sessions::pending.eq(pending))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .order((sessions::created_at, sessions::id))
        .select(sessions::id)
        .load(conn)
}

/// Ends sessions of an account by id. Sessions that had ended keep their time.
pub fn update_ended(
    conn: &mut Conn,
    user_id: &str,
    session_ids: &[String],
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        sessions::table
            .filter(sessions::user_id.eq(user_id))
            .filter(sessions::id.eq_any(session_ids))
            .filter(sessions::ended_at.is_null()),
    )
    .set(sessions::ended_at.eq(now))
    .execute(conn)
}

/// Ends every session of an account but the one named.
pub fn update_others_ended(
    conn: &mut Conn,
    user_id: &str,
    keep: Option<&str>,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        sessions::table
            .filter(sessions::user_id.eq(user_id))
            .filter(sessions::id.ne(keep.unwrap_or_default()))
            .filter(sessions::ended_at.is_null()),
    )
    .set(sessions::ended_at.eq(now))
    .execute(conn)
}

/// Ends every session of everybody.
pub fn update_all_ended(conn: &mut Conn, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(sessions::table.filter(sessions::ended_at.is_null()))
        .set(sessions::ended_at.eq(now))
        .execute(conn)
}

/// Moves a session to its account's new epoch: the session that made the change survives it.
pub fn update_epoch(conn: &mut Conn, session_id: &str) -> QueryResult<usize> {
    let Some(epoch) = sessions::table
        .find(session_id)
        .inner_join(users::table)
        .select(users::epoch)
        .first::<i32>(conn)
        .optional()?
    else {
        return Ok(0);
    };
    diesel::update(sessions::table.find(session_id))
        .set(sessions::epoch.eq(epoch))
        .execute(conn)
}

/// Records that the password was proved again in a session.
pub fn update_password_proof(
    conn: &mut Conn,
    session_id: &str,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        sessions::table
            .find(session_id)
            .filter(sessions::ended_at.is_null()),
    )
    .set(sessions::password_at.eq(now))
    .execute(conn)
}

/// Records that a second factor was proved in a session. For a `pending` one this completes the sign-in: the
/// count is the verdict, 1 for exactly one caller.
pub fn update_factor_proof(
    conn: &mut Conn,
    session_id: &str,
    pending: bool,
    factor: &str,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        sessions::table
            .find(session_id)
            .filter(sessions::pending.eq(pending))
            .filter(sessions::ended_at.is_null()),
    )
    .set((
        sessions::pending.eq(false),
        sessions::factor_at.eq(now),
        sessions::factor.eq(factor),
        sessions::expires_at.eq(expires_at),
        sessions::watched_until.eq(None::<NaiveDateTime>),
    ))
    .execute(conn)
}

/// Has a session looked at when its second factor did not follow until then.
pub fn update_watched_until(
    conn: &mut Conn,
    session_id: &str,
    until: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(sessions::table.find(session_id))
        .set(sessions::watched_until.eq(until))
        .execute(conn)
}

/// The sessions whose second factor did not follow in time and that nobody has looked at, oldest first.
pub fn list_watched(conn: &mut Conn, now: NaiveDateTime, limit: i64) -> QueryResult<Vec<Session>> {
    sessions::table
        .filter(sessions::watched_until.le(now))
        .order(sessions::watched_until)
        .limit(limit)
        .select(Session::as_select())
        .load(conn)
}

/// Stops watching a session, and records when its holder was told, if so. The count is the verdict: of several
/// processes one looks at it.
pub fn update_looked_at(
    conn: &mut Conn,
    session_id: &str,
    told_at: Option<NaiveDateTime>,
) -> QueryResult<usize> {
    diesel::update(
        sessions::table
            .find(session_id)
            .filter(sessions::watched_until.is_not_null()),
    )
    .set((
        sessions::watched_until.eq(None::<NaiveDateTime>),
        sessions::told_at.eq(told_at),
    ))
    .execute(conn)
}

/// Whether the same client completed a sign-in of the same account, one that was begun or finished after this one was
/// begun, and begun before `until`.
pub fn exist_completed_beside(
    conn: &mut Conn,
    session: &Session,
    until: NaiveDateTime,
) -> QueryResult<bool> {
    let since = session.created_at;
    diesel::select(diesel::dsl::exists(
        sessions::table
            .filter(sessions::user_id.eq(&session.user_id))
            .filter(sessions::kind.eq(&session.kind))
            .filter(sessions::user_agent.eq(&session.user_agent))
            .filter(sessions::peer_address.eq(&session.peer_address))
            .filter(sessions::pending.eq(false))
            .filter(sessions::created_at.le(until))
            .filter(
                sessions::created_at
                    .ge(since)
                    .or(sessions::factor_at.ge(since).assume_not_null()),
            ),
    ))
    .get_result(conn)
}

/// Whether the holder of an account was told of such a session after `since`.
pub fn exist_told_after(conn: &mut Conn, user_id: &str, since: NaiveDateTime) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        sessions::table
            .filter(sessions::user_id.eq(user_id))
            .filter(sessions::told_at.gt(since)),
    ))
    .get_result(conn)
}

/// Records that a session was seen, unless that was recorded after `unless_after` already.
pub fn update_last_seen(
    conn: &mut Conn,
    session_id: &str,
    now: NaiveDateTime,
    unless_after: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        sessions::table
            .find(session_id)
            .filter(sessions::last_seen_at.lt(unless_after)),
    )
    .set(sessions::last_seen_at.eq(now))
    .execute(conn)
}

/// Removes sessions, and with them their tokens, that ended or expired before `before`.
pub fn delete_expired(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(
        sessions::table.filter(
            sessions::expires_at
                .lt(before)
                .or(sessions::ended_at.lt(before).assume_not_null()),
        ),
    )
    .execute(conn)
}
