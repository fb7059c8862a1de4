//! What an organization asks of its members: nothing, a recommendation, or a second factor from a day on. It is looked at
//! with each request, so nothing else has to be told of a change; and it takes nobody's methods away.

use chrono::{NaiveDateTime, TimeDelta};

use super::reminders;
use super::rights::as_administrator;
use crate::accounts::{Caller, Error};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::clock::rfc3339;
use crate::db::organizations::{self, Organization};
use crate::db::{Conn, is_storable};
use crate::mfa::status::allows;
use crate::mfa::{self, Method};

/// The furthest day that can be announced.
const FURTHEST: TimeDelta = TimeDelta::days(731);

/// The most days that new members can have.
pub const MAX_EXTRA_DAYS: i32 = 365;

/// What is asked of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Nothing: they choose for themselves.
    Nothing,
    /// A second factor, without consequence.
    Recommended,
    /// A second factor.
    Required,
}

impl Asks {
    const fn column(self) -> &'static str {
        match self {
            Self::Nothing => "off",
            Self::Recommended => "recommended",
            Self::Required => "required",
        }
    }
}

/// What an organization asks of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// How much.
    pub asks: Asks,
    /// From when, where it is required.
    pub from: Option<NaiveDateTime>,
    /// How many days new members have, counted from joining.
    pub extra_days: i32,
    /// The methods that count, in wire order.
    pub methods: Vec<Method>,
}

impl Requirement {
    /// What the organization asks now.
    ///
    /// # Errors
    ///
    /// [`mfa::Error::UnknownValue`] for a word that no rule knows.
    pub fn of(organization: &Organization) -> Result<Self, Error> {
        let asks = [Asks::Nothing, Asks::Recommended, Asks::Required]
            .into_iter()
            .find(|asks| asks.column() == organization.mfa_requirement)
            .ok_or(mfa::Error::UnknownValue("organizations.mfa_requirement"))?;
        Ok(Self {
            asks,
            from: organization
                .mfa_enforce_from
                .filter(|_| asks == Asks::Required),
            extra_days: organization.mfa_extra_days,
            methods: Method::ALL
                .into_iter()
                .filter(|method| allows(organization, *method))
                .collect(),
        })
    }

    /// Whether it is required and the day has come.
    pub fn is_in_force(&self, now: NaiveDateTime) -> bool {
        self.asks == Asks::Required && self.from.is_none_or(|from| from <= now)
    }

    /// All of it in one line of the record: the instant, the methods in wire order, the days.
    fn written(&self, now: NaiveDateTime) -> String {
        let methods: Vec<_> = self.methods.iter().map(|method| method.wire()).collect();
        let from = rfc3339(self.from.unwrap_or(now));
        format!("{from} {} {}", methods.join(","), self.extra_days)
    }

    /// The organization as it would be with this.
    pub(super) fn applied_to(&self, organization: &Organization) -> Organization {
        Organization {
            mfa_requirement: self.asks.column().to_owned(),
            mfa_enforce_from: self.from,
            mfa_extra_days: self.extra_days,
            allow_totp: self.methods.contains(&Method::Totp),
            allow_magic_link: self.methods.contains(&Method::MagicLink),
            allow_passkey: self.methods.contains(&Method::Passkey),
            ..organization.clone()
        }
    }
}

/// What is to be asked from now on. What is `None` stays as it is.
#[derive(Debug, Clone)]
pub struct Change {
    /// How much.
    pub asks: Asks,
    /// From when it is required; without it at once, unless it is already. A day that is over means at once.
    pub from: Option<NaiveDateTime>,
    /// How many days new members have.
    pub extra_days: Option<i32>,
    /// The methods that count.
    pub methods: Option<Vec<Method>>,
}

/// What the organization would ask after a change.
///
/// # Errors
///
/// [`Error::Field`] for a day too far away, days that are no number of them, and for no method at all.
pub fn after(
    organization: &Organization,
    change: &Change,
    now: NaiveDateTime,
) -> Result<Requirement, Error> {
    let before = Requirement::of(organization)?;
    let from = match (change.asks, change.from) {
        (Asks::Nothing | Asks::Recommended, _) => None,
        (Asks::Required, None) if before.is_in_force(now) => before.from,
        (Asks::Required, from) => Some(from.unwrap_or(now).max(now)),
    };
    // Asked for again, a day that has come stays the day that it was.
    let from = match (from, before.from) {
        (Some(from), Some(was)) if from == now && was <= now => Some(was),
        (from, _) => from,
    };
    if from.is_some_and(|from| from > now + FURTHEST) {
        return Err(Error::Field("enforceFrom"));
    }
    let extra_days = change.extra_days.unwrap_or(before.extra_days);
    if !(0..=MAX_EXTRA_DAYS).contains(&extra_days) {
        return Err(Error::Field("extraDays"));
    }
    let chosen = change.methods.as_ref().unwrap_or(&before.methods);
    let methods: Vec<_> = Method::ALL
        .into_iter()
        .filter(|method| chosen.contains(method))
        .collect();
    if methods.is_empty() {
        return Err(Error::Field("allowedMethods"));
    }
    Ok(Requirement {
        asks: change.asks,
        from,
        extra_days,
        methods,
    })
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// What is asked now.
    pub requirement: Requirement,
    /// It was something else before.
    pub is_new: bool,
    /// Members are told of it.
    pub is_announced: bool,
}

/// Changes what the caller's organization asks of its members, from their next request on.
///
/// # Errors
///
/// [`Error::NoOrganization`] and [`Error::Forbidden`] without an organization or the role; [`Error::OwnFactorNeeded`] for
/// somebody without a second factor that counts; [`Error::Field`] as [`after`].
pub fn set(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    change: &Change,
) -> Result<Set, Error> {
    as_administrator(conn, app, origin, caller, None, |conn, acting, now| {
        let organization = &acting.organization;
        let wanted = after(organization, change, now)?;
        let status = mfa::status::load(conn, &acting.administrator.id, &app.server, now)?;
        let counts =
            |method: &Method| wanted.asks != Asks::Required || wanted.methods.contains(method);
        if !status.enabled_methods.iter().any(counts) {
            return Err(Error::OwnFactorNeeded);
        }
        let before = Requirement::of(organization)?;
        // Who has a day of their own is told of it when they join.
        let is_the_same = (before.asks, before.from, &before.methods)
            == (wanted.asks, wanted.from, &wanted.methods);
        let set = Set {
            requirement: wanted.clone(),
            is_new: wanted != before,
            is_announced: wanted.asks == Asks::Required && !is_the_same,
        };
        if !set.is_new {
            return Ok(set);
        }
        let then = wanted.applied_to(organization);
        organizations::update_requirement(conn, &then, now)?;
        reminders::schedule(conn, &then, set.is_announced, now)?;
        let (event, detail) = match wanted.asks {
            Asks::Required => (Event::EnforceOn, wanted.written(now)),
            asks => (Event::EnforceOff, asks.column().to_owned()),
        };
        let entry = Entry::success(event)
            .of(&acting.administrator)
            .about(detail);
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(set)
    })
}

/// Gives the caller's organization another name.
///
/// # Errors
///
/// [`Error::Field`] for what cannot be one; otherwise as [`set`].
pub fn rename(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    typed: &str,
) -> Result<(), Error> {
    let name = crate::accounts::users::normalize_name(typed)
        .filter(|name| is_storable(name))
        .ok_or(Error::Field("name"))?;
    as_administrator(conn, app, origin, caller, None, |conn, acting, now| {
        if name == acting.organization.name {
            return Ok(());
        }
        organizations::update_name(conn, &acting.organization.id, &name, now)?;
        let entry = Entry::success(Event::OrganizationChanged)
            .of(&acting.administrator)
            .about(&name);
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(())
    })
}
