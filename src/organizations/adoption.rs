//! How far an organization is: counts, lists of members with their status, and the rehearsal of a requirement.

use chrono::{NaiveDateTime, TimeDelta};

use super::managed;
use super::requirement::{self, Asks, Change, Requirement};
use crate::accounts::{Caller, Error};
use crate::app::App;
use crate::db::members::{self, Member, Selection};
use crate::db::organizations::Organization;
use crate::db::{Conn, is_storable};
use crate::mfa::status::{Account, counting_methods, status};
use crate::mfa::{self, Method, Status, member_state};

/// How many members stand on a page.
pub const PER_PAGE: i64 = 50;

/// How many are named at a rehearsal.
pub const NAMED: i64 = 1_000;

/// The longest text that is searched for, in characters.
const MAX_SEARCH: usize = 100;

/// How many members have what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub members: i64,
    /// Those with a method that counts.
    pub enabled: i64,
    /// Those of them without backup codes.
    pub without_codes: i64,
    /// How many have each method, in wire order, whether or not it counts.
    pub methods: Vec<(Method, i64)>,
}

impl Counts {
    /// How many members have a method.
    pub fn having(&self, method: Method) -> i64 {
        let mut counted = self.methods.iter();
        counted
            .find(|(counted, _)| *counted == method)
            .map_or(0, |(_, count)| *count)
    }

    /// How many members a filter leaves.
    pub const fn of(&self, filter: Filter) -> i64 {
        match filter {
            Filter::All => self.members,
            Filter::On => self.enabled,
            Filter::Off => self.members - self.enabled,
            Filter::WithoutCodes => self.without_codes,
        }
    }
}

/// Counts the members of the caller's organization.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`].
pub fn count(conn: &mut Conn, app: &App, caller: &Caller) -> Result<Counts, Error> {
    let organization = managed(caller)?;
    let counting = counting_methods(organization, &app.server);
    let states = members::count_by_state(conn, &organization.id)?;
    let sum = |counts: &dyn Fn(i32) -> bool| -> i64 {
        let counted = states.iter().filter(|(state, _)| counts(*state));
        counted.map(|(_, count)| count).sum()
    };
    let is_on = |state| member_state::has_any(state, &counting);
    Ok(Counts {
        members: sum(&|_| true),
        enabled: sum(&is_on),
        without_codes: sum(&|state| is_on(state) && !member_state::has_codes(state)),
        methods: Method::ALL
            .into_iter()
            .map(|method| (method, sum(&|state| member_state::has(state, method))))
            .collect(),
    })
}

/// Which members are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Filter {
    /// All of them.
    #[default]
    All,
    /// Those with a method that counts.
    On,
    /// Those without.
    Off,
    /// Those with a method that counts and no backup codes.
    WithoutCodes,
}

impl Filter {
    /// All of them, as they stand beside each other.
    pub const EVERY: [Self; 4] = [Self::All, Self::On, Self::Off, Self::WithoutCodes];

    /// Its word in URLs; empty for all members.
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "",
            Self::On => "on",
            Self::Off => "off",
            Self::WithoutCodes => "no_codes",
        }
    }

    /// The filter of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|filter| filter.word() == word)
    }

    fn states(self, organization: &Organization, app: &App) -> Option<Vec<i32>> {
        let counting = counting_methods(organization, &app.server);
        let is_on = |state: &i32| member_state::has_any(*state, &counting);
        let states = member_state::all();
        match self {
            Self::All => None,
            Self::On => Some(states.filter(is_on).collect()),
            Self::Off => Some(states.filter(|state| !is_on(state)).collect()),
            Self::WithoutCodes => {
                let without = |state: &i32| is_on(state) && !member_state::has_codes(*state);
                Some(states.filter(without).collect())
            }
        }
    }
}

/// Which page of which members, by address.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Which members.
    pub filter: Filter,
    /// What their address, name or last name begins with, as typed.
    pub search: Option<String>,
    /// After this address.
    pub after: Option<String>,
    /// Before this address.
    pub before: Option<String>,
}

/// A member with its status.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The member.
    pub member: Member,
    /// Its MFA state.
    pub status: Status,
}

/// A page of members.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// By address.
    pub members: Vec<Listed>,
    /// There are others before these.
    pub has_previous: bool,
    /// There are others after these.
    pub has_next: bool,
}

/// A page of the members of the caller's organization.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`].
pub fn list(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    query: &Query,
    limit: i64,
) -> Result<Page, Error> {
    let organization = managed(caller)?;
    let mut asked = [&query.search, &query.after, &query.before]
        .into_iter()
        .flatten();
    if !asked.all(|text| is_storable(text)) {
        // What no column can hold is nobody's.
        return Ok(Page::default());
    }
    let states = query.filter.states(organization, app);
    let typed = query.search.as_deref().map(str::trim).unwrap_or_default();
    let prefix: String = typed.to_lowercase().chars().take(MAX_SEARCH).collect();
    let selection = Selection {
        states: states.as_deref(),
        prefix: (!prefix.is_empty()).then_some(prefix.as_str()),
        after: query.after.as_deref(),
        before: query.before.as_deref(),
    };
    let mut found = members::list(conn, &organization.id, &selection, limit + 1)?;
    let is_more = i64::try_from(found.len()).is_ok_and(|found| found > limit);
    let backwards = query.before.is_some();
    if is_more {
        let one_too_many = if backwards { 0 } else { found.len() - 1 };
        found.remove(one_too_many);
    }
    let now = app.clock.now();
    let members = found
        .into_iter()
        .map(|member| listed(member, organization, app, now))
        .collect::<Result<_, _>>()?;
    Ok(Page {
        members,
        has_previous: if backwards {
            is_more
        } else {
            query.after.is_some()
        },
        has_next: backwards || is_more,
    })
}

fn listed(
    member: Member,
    organization: &Organization,
    app: &App,
    now: NaiveDateTime,
) -> Result<Listed, Error> {
    let account = Account {
        user: &member.user,
        organization: Some(organization),
        factors: &member.factors,
    };
    let status = status(account, &app.server, now)?;
    Ok(Listed { member, status })
}

/// When a requirement is felt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It is already.
    InForce,
    /// From the next request on.
    Now,
    /// From a later day on.
    Later,
}

/// What would happen if the organization asked something.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    /// What it would ask.
    pub requirement: Requirement,
    /// From when it would be felt: now, where it is required already.
    pub at: NaiveDateTime,
    /// The same in a word.
    pub start: Start,
    /// How many members there are.
    pub members: i64,
    /// How many would have to set a method up first.
    pub stopped: i64,
    /// How many of them have the email link alone, and it would not count.
    pub only_email: i64,
    /// How many of them would have days left then, because they joined lately.
    pub later: i64,
    /// It is in force now, and would not be until then.
    pub lifts: bool,
    /// The caller has none of the methods that would count, and may not ask for this.
    pub needs_own_factor: bool,
    /// The first of them, by address.
    pub named: Vec<Listed>,
}

/// Says whom a change would stop, and changes nothing.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`]; [`Error::Field`] as [`requirement::after`].
pub fn rehearse(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    change: &Change,
    names: i64,
) -> Result<Rehearsal, Error> {
    let organization = managed(caller)?;
    let now = app.clock.now();
    let wanted = requirement::after(organization, change, now)?;
    let then = wanted.applied_to(organization);
    let counting = counting_methods(&then, &app.server);
    let is_stopped = |state: i32| !member_state::has_any(state, &counting);
    let states = members::count_by_state(conn, &organization.id)?;
    let stopped = states.iter().filter(|(state, _)| is_stopped(*state));
    let only_email = stopped
        .clone()
        .filter(|(state, _)| member_state::has_only_email(*state));
    let at = wanted.from.unwrap_or(now).max(now);
    let start = match wanted.from {
        Some(from) if from > now => Start::Later,
        Some(from) if from < now => Start::InForce,
        Some(_) | None => Start::Now,
    };
    let of_them: Vec<i32> = member_state::all()
        .filter(|state| is_stopped(*state))
        .collect();
    let later = count_joined_lately(conn, &organization.id, &wanted, &of_them, at)?;
    let selection = Selection {
        states: Some(&of_them),
        ..Selection::default()
    };
    let named = members::list(conn, &organization.id, &selection, names)?;
    Ok(Rehearsal {
        at,
        start,
        members: states.iter().map(|(_, count)| count).sum(),
        stopped: stopped.map(|(_, count)| count).sum(),
        only_email: only_email.map(|(_, count)| count).sum(),
        later,
        lifts: start == Start::Later && Requirement::of(organization)?.is_in_force(now),
        needs_own_factor: !counting
            .iter()
            .any(|method| caller.status.enabled_methods.contains(method)),
        named: named
            .into_iter()
            .map(|member| listed(member, &then, app, now))
            .collect::<Result<_, _>>()?,
        requirement: wanted,
    })
}

/// How many members of the caller's organization have no method that counts, and days left that others don't have.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`].
pub fn count_later(conn: &mut Conn, app: &App, caller: &Caller) -> Result<i64, Error> {
    let organization = managed(caller)?;
    let requirement = Requirement::of(organization)?;
    if requirement.asks != Asks::Required {
        return Ok(0);
    }
    let now = app.clock.now();
    let at = requirement.from.unwrap_or(now).max(now);
    let off = Filter::Off.states(organization, app).unwrap_or_default();
    count_joined_lately(conn, &organization.id, &requirement, &off, at)
}

/// How many members in these states would have some of the extra days left at an instant.
fn count_joined_lately(
    conn: &mut Conn,
    organization_id: &str,
    requirement: &Requirement,
    states: &[i32],
    at: NaiveDateTime,
) -> Result<i64, Error> {
    if requirement.extra_days == 0 {
        return Ok(0);
    }
    let since = at - TimeDelta::days(requirement.extra_days.into());
    let count = members::count_joined_after(conn, organization_id, states, since)?;
    Ok(count)
}

/// One member of the caller's organization with its status.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`]; [`Error::NotFound`] for an id that is unknown or belongs elsewhere.
pub fn find(conn: &mut Conn, app: &App, caller: &Caller, user_id: &str) -> Result<Listed, Error> {
    let organization = managed(caller)?;
    let user = super::members::find(conn, caller, user_id)?;
    let rows = mfa::status::Rows::read(conn, user)?;
    let member = Member {
        last_sign_in_at: crate::db::users::find_last_sign_in(conn, user_id)?,
        factors: rows.factors,
        user: rows.user,
    };
    listed(member, organization, app, app.clock.now())
}
