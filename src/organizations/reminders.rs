//! Mails about a requirement: to everybody when it is made, and to whoever has nothing that counts 14, 7 and 1 days before.
//! They are left piece by piece by whichever process comes first, so that a large organization holds up nobody.

use chrono::{NaiveDateTime, TimeDelta};

use super::requirement::{Asks, Requirement};
use crate::accounts::Error;
use crate::app::App;
use crate::db::members::{self, Member, Selection};
use crate::db::organizations::{self, Organization};
use crate::db::requirement_rounds::{self, Round};
use crate::db::users::{self, User};
use crate::db::{Conn, new_id, write};
use crate::mail::requirement::{Announcement, announce};
use crate::mfa::status::{Account, Rows, status};

/// How many days before it comes into force members are reminded.
const REMINDERS: [i32; 3] = [14, 7, 1];

/// How many members are told in one transaction.
const PIECE: i64 = 200;

/// How many rounds are looked at in one go.
const BATCH: i64 = 20;

/// Begins the rounds of a requirement as it is now, and ends those of before; what is being announced goes on unless it is
/// announced anew. Runs in the caller's transaction, which holds the organization's lock.
pub(super) fn schedule(
    conn: &mut Conn,
    organization: &Organization,
    announces: bool,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let requirement = Requirement::of(organization)?;
    if requirement.asks != Asks::Required {
        requirement_rounds::delete_by_organization(conn, &organization.id)?;
        return Ok(());
    }
    let comes_at = requirement.from.unwrap_or(now);
    if announces {
        requirement_rounds::delete_by_organization(conn, &organization.id)?;
        let announcing = round(organization, None, comes_at, None, now);
        requirement_rounds::insert(conn, &announcing)?;
    } else {
        requirement_rounds::delete_reminders(conn, &organization.id)?;
    }
    remind(conn, organization, None, comes_at, now)
}

/// Has a member who has days of their own reminded. Runs in the caller's transaction.
pub(super) fn welcome(
    conn: &mut Conn,
    organization: &Organization,
    user: &User,
    now: NaiveDateTime,
) -> Result<(), Error> {
    match own_day(organization, user)? {
        Some(comes_at) => remind(conn, organization, Some(user), comes_at, now),
        None => Ok(()),
    }
}

/// When the requirement comes into force for a member.
fn own_day(organization: &Organization, user: &User) -> Result<Option<NaiveDateTime>, Error> {
    let account = Account {
        user,
        organization: Some(organization),
        factors: &[],
    };
    Ok(crate::mfa::status::comes_at(account)?)
}

fn remind(
    conn: &mut Conn,
    organization: &Organization,
    user: Option<&User>,
    comes_at: NaiveDateTime,
    now: NaiveDateTime,
) -> Result<(), Error> {
    for days in REMINDERS {
        let due_at = comes_at - TimeDelta::days(days.into());
        if due_at > now {
            let reminding = round(organization, user, comes_at, Some(days), due_at);
            requirement_rounds::insert(conn, &reminding)?;
        }
    }
    Ok(())
}

fn round(
    organization: &Organization,
    user: Option<&User>,
    comes_at: NaiveDateTime,
    days: Option<i32>,
    due_at: NaiveDateTime,
) -> Round {
    Round {
        id: new_id(),
        organization_id: organization.id.clone(),
        user_id: user.map(|user| user.id.clone()),
        comes_at,
        days,
        due_at,
        told: String::new(),
    }
}

/// Leaves the mails of one piece of each round that is due. Several processes may do this at once. Answers whether there is
/// more to do right away.
///
/// # Errors
///
/// The database's.
pub fn tell_due(conn: &mut Conn, app: &App) -> Result<bool, Error> {
    let now = app.clock.now();
    let mut is_more = false;
    for due in requirement_rounds::list_due(conn, now, BATCH)? {
        is_more |= write(conn, |conn| tell(conn, app, &due, now))?;
    }
    Ok(is_more)
}

/// Leaves the mails of one piece of a round, unless it is over. Answers whether it goes on.
fn tell(conn: &mut Conn, app: &App, due: &Round, now: NaiveDateTime) -> Result<bool, Error> {
    organizations::lock(conn, &due.organization_id)?;
    let Some(round) = requirement_rounds::find(conn, &due.id)? else {
        return Ok(false);
    };
    let organization = organizations::find(conn, &round.organization_id)?;
    let Some(organization) = organization.filter(|_| !is_overtaken(&round, now)) else {
        requirement_rounds::delete(conn, &round.id)?;
        return Ok(false);
    };
    if let Some(user_id) = &round.user_id {
        if let Some(user) = users::find(conn, user_id)? {
            let factors = Rows::read(conn, user.clone())?.factors;
            let member = Member {
                user,
                last_sign_in_at: None,
                factors,
            };
            tell_one(conn, app, &organization, &round, &member, now)?;
        }
        requirement_rounds::delete(conn, &round.id)?;
        return Ok(false);
    }
    let selection = Selection {
        after: Some(&round.told),
        ..Selection::default()
    };
    let piece = members::list(conn, &organization.id, &selection, PIECE)?;
    for member in &piece {
        tell_one(conn, app, &organization, &round, member, now)?;
    }
    match piece.last() {
        Some(last) => requirement_rounds::update_told(conn, &round.id, &last.user.email)?,
        None => requirement_rounds::delete(conn, &round.id)?,
    };
    Ok(!piece.is_empty())
}

/// A reminder whose day has come, or whose successor's, is none any more: the server was away.
fn is_overtaken(round: &Round, now: NaiveDateTime) -> bool {
    let next = |days: &i32| {
        let later = REMINDERS.iter().find(|next| *next < days).unwrap_or(&0);
        round.comes_at - TimeDelta::days((*later).into())
    };
    round.days.as_ref().is_some_and(|days| next(days) <= now)
}

fn tell_one(
    conn: &mut Conn,
    app: &App,
    organization: &Organization,
    round: &Round,
    member: &Member,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let user = &member.user;
    let Some(comes_at) = own_day(organization, user)? else {
        return Ok(());
    };
    let has_own_day = comes_at != round.comes_at;
    let account = Account {
        user,
        organization: Some(organization),
        factors: &member.factors,
    };
    let is_ready = status(account, &app.server, now)?.is_enabled;
    let is_told = match round.days {
        // Everybody; whoever has days of their own is reminded of those from here on.
        None => {
            if has_own_day && round.user_id.is_none() {
                remind(conn, organization, Some(user), comes_at, now)?;
            }
            true
        }
        Some(_) => !is_ready && !has_own_day,
    };
    if is_told && user.deactivated_at.is_none() {
        let announcement = Announcement {
            organization: organization.name.clone(),
            comes_at,
            is_ready,
        };
        announce(conn, user, &announcement, now)?;
    }
    Ok(())
}
