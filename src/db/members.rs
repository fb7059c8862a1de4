//! `users` as members of an organization: lists by address, filtered by what they have, and counts. Every query here is
//! answered from an index, however many members there are.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Conn;
use super::factors::Factor;
use super::schema::{factors, users};
use super::users::User;

/// A member in a list.
#[derive(Debug, Clone)]
pub struct Member {
    /// The account.
    pub user: User,
    /// When it last signed in.
    pub last_sign_in_at: Option<NaiveDateTime>,
    /// What it has set up.
    pub factors: Vec<Factor>,
}

/// Which members, of one organization.
#[derive(Debug, Clone, Default)]
pub struct Selection<'a> {
    /// Only those in one of these states (`users.member_state`).
    pub states: Option<&'a [i32]>,
    /// Only those whose address, name or last name begins so; in lower case.
    pub prefix: Option<&'a str>,
    /// Only those after this address.
    pub after: Option<&'a str>,
    /// Only those before this address, the last of them.
    pub before: Option<&'a str>,
}

/// Somebody who is to be mailed.
#[derive(Queryable)]
pub struct Addressee {
    /// Whose account it is.
    pub id: String,
    /// The address.
    pub email: String,
}

/// Those with one of these roles whose accounts are in use, at most `limit`.
pub fn list_addressees_by_role(
    conn: &mut Conn,
    organization_id: &str,
    roles: &[i32],
    limit: i64,
) -> QueryResult<Vec<Addressee>> {
    users::table
        .filter(users::organization_id.eq(organization_id))
        .filter(users::role.eq_any(roles))
        .filter(users::deactivated_at.is_null())
        .order((users::role.desc(), users::email))
        .limit(limit)
        .select((users::id, users::email))
        .load(conn)
}

/// Members by address, at most `limit`.
pub fn list(
    conn: &mut Conn,
    organization_id: &str,
    selection: &Selection<'_>,
    limit: i64,
) -> QueryResult<Vec<Member>> {
    let mut found = match (selection.states, selection.prefix) {
        // Each state is a range of the index that is in order, so that a rare one is found as fast as a common one.
        (Some(states), None) => {
            let mut found = Vec::new();
            for state in states {
                let range = Range {
                    state: Some(*state),
                    ..Range::default()
                };
                found.extend(page(conn, organization_id, selection, &range, limit)?);
            }
            found
        }
        (None, None) => page(conn, organization_id, selection, &Range::default(), limit)?,
        (_, Some(prefix)) => search(conn, organization_id, selection, prefix, limit)?,
    };
    found.sort_by(|a, b| a.0.email.cmp(&b.0.email));
    // A search may have found somebody by more than one key.
    found.dedup_by(|a, b| a.0.id == b.0.id);
    let limit = usize::try_from(limit).unwrap_or_default();
    if selection.before.is_some() {
        found.drain(..found.len().saturating_sub(limit));
    } else {
        found.truncate(limit);
    }
    with_factors(conn, found)
}

/// An account and when it last signed in.
type Row = (User, Option<NaiveDateTime>);

/// How many members are looked at one by one before a search goes by what it looks for.
const NEAR: i64 = 500;

/// A search looks at the next few members first: what is common is among them. What is rare is looked up instead, by each key
/// from an index of its own.
fn search(
    conn: &mut Conn,
    organization_id: &str,
    selection: &Selection<'_>,
    prefix: &str,
    limit: i64,
) -> QueryResult<Vec<Row>> {
    let enough = usize::try_from(limit).unwrap_or_default();
    if let Some(until) = edge(conn, organization_id, selection, NEAR)? {
        let range = Range {
            key: Some((Key::Any, prefix)),
            until: Some(&until),
            ..Range::default()
        };
        let near = page(conn, organization_id, selection, &range, limit)?;
        if near.len() >= enough {
            return Ok(near);
        }
    }
    let mut found: Vec<Row> = Vec::new();
    for key in [Key::Email, Key::Name, Key::LastName] {
        let range = Range {
            key: Some((key, prefix)),
            ..Range::default()
        };
        found.extend(page(conn, organization_id, selection, &range, limit)?);
    }
    Ok(found)
}

/// The address of the member that is so many further on, if there are as many.
fn edge(
    conn: &mut Conn,
    organization_id: &str,
    selection: &Selection<'_>,
    further: i64,
) -> QueryResult<Option<String>> {
    let mut query = users::table
        .filter(users::organization_id.eq(organization_id))
        .select(users::email)
        .offset(further - 1)
        .limit(1)
        .into_boxed();
    if let Some(after) = selection.after {
        query = query.filter(users::email.gt(after));
    }
    match selection.before {
        Some(before) => query
            .filter(users::email.lt(before))
            .order(users::email.desc())
            .first(conn)
            .optional(),
        None => query.order(users::email).first(conn).optional(),
    }
}

/// What a search looks at.
#[derive(Clone, Copy)]
enum Key {
    Email,
    Name,
    LastName,
    Any,
}

/// Which members, besides the selection: in one state, found by one key, not further than an address.
#[derive(Default)]
struct Range<'a> {
    state: Option<i32>,
    key: Option<(Key, &'a str)>,
    until: Option<&'a str>,
}

fn page(
    conn: &mut Conn,
    organization_id: &str,
    selection: &Selection<'_>,
    range: &Range<'_>,
    limit: i64,
) -> QueryResult<Vec<Row>> {
    let mut query = users::table
        .filter(users::organization_id.eq(organization_id))
        .select((User::as_select(), users::last_sign_in_at))
        .limit(limit)
        .into_boxed();
    if let Some(state) = range.state {
        query = query.filter(users::member_state.eq(state));
    } else if let Some(states) = selection.states {
        query = query.filter(users::member_state.eq_any(states));
    }
    if let Some((key, prefix)) = range.key {
        // Nothing that begins so comes after this.
        let end = format!("{prefix}\u{10ffff}");
        let email = users::email.ge(prefix).and(users::email.lt(end.clone()));
        let name = users::name_key
            .ge(prefix)
            .and(users::name_key.lt(end.clone()));
        let last_name = users::last_name_key
            .ge(prefix)
            .and(users::last_name_key.lt(end.clone()));
        query = match key {
            Key::Email => query.filter(email),
            Key::Name => query.filter(name),
            Key::LastName => query.filter(last_name),
            // Whoever is near is found by address: no index is of use for the names, and SQLite would take three.
            Key::Any => {
                let name = users::name_key.concat("");
                let last_name = users::last_name_key.concat("");
                let is_named = name.ge(prefix).and(name.lt(end.clone()));
                let is_last_named = last_name.ge(prefix).and(last_name.lt(end));
                query.filter(email.or(is_named).or(is_last_named))
            }
        };
    }
    if let Some(after) = selection.after {
        query = query.filter(users::email.gt(after));
    }
    match selection.before {
        Some(before) => {
            if let Some(until) = range.until {
                query = query.filter(users::email.ge(until));
            }
            query
                .filter(users::email.lt(before))
                .order(users::email.desc())
                .load(conn)
        }
        None => {
            if let Some(until) = range.until {
                query = query.filter(users::email.le(until));
            }
            query.order(users::email).load(conn)
        }
    }
}

fn with_factors(
    conn: &mut Conn,
    found: Vec<(User, Option<NaiveDateTime>)>,
) -> QueryResult<Vec<Member>> {
    let ids: Vec<&str> = found.iter().map(|(user, _)| user.id.as_str()).collect();
    let mut all: Vec<Factor> = factors::table
        .filter(factors::user_id.eq_any(&ids))
        .select(Factor::as_select())
        .load(conn)?;
    all.sort_by(|a, b| a.user_id.cmp(&b.user_id));
    let of = |id: &str| {
        let from = all.partition_point(|factor| factor.user_id.as_str() < id);
        let own = all.iter().skip(from);
        own.take_while(|factor| factor.user_id == id)
            .cloned()
            .collect()
    };
    Ok(found
        .iter()
        .map(|(user, last_sign_in_at)| Member {
            user: user.clone(),
            last_sign_in_at: *last_sign_in_at,
            factors: of(&user.id),
        })
        .collect())
}

/// How many members are in each state.
pub fn count_by_state(conn: &mut Conn, organization_id: &str) -> QueryResult<Vec<(i32, i64)>> {
    users::table
        .filter(users::organization_id.eq(organization_id))
        .group_by(users::member_state)
        .select((users::member_state, diesel::dsl::count_star()))
        .load(conn)
}

/// How many members in one of these states joined after this.
pub fn count_joined_after(
    conn: &mut Conn,
    organization_id: &str,
    states: &[i32],
    joined_after: NaiveDateTime,
) -> QueryResult<i64> {
    users::table
        .filter(users::organization_id.eq(organization_id))
        .filter(users::member_state.eq_any(states))
        .filter(users::joined_at.gt(joined_after))
        .count()
        .get_result(conn)
}

/// One page of members by address, counted from `offset` others. Those are passed by in the index alone.
pub fn list_page(
    conn: &mut Conn,
    organization_id: &str,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<User>> {
    let Some(first) = edge(conn, organization_id, &Selection::default(), offset + 1)? else {
        return Ok(Vec::new());
    };
    users::table
        .filter(users::organization_id.eq(organization_id))
        .filter(users::email.ge(first))
        .order(users::email)
        .limit(limit)
        .select(User::as_select())
        .load(conn)
}
