//! `GET /security`: the status as people read it, and everything that makes it so; and `/security/stream`, by which an open
//! page learns that it is not so any more.

use actix_web::http::StatusCode;
use actix_web::web::Query;
use serde::Deserialize;

use super::views::{
    CodesLeft, EmailSection, ForecastText, Reset, SecurityPage, Standing, StatusFacts,
    StatusHeader, TrustedRow, Usage, When, masked,
};
use super::{PageResult, Visit, activity, device, gate, passkey, render};
use crate::accounts::overview::Overview;
use crate::accounts::{Access, Caller, Error, overview, trusted_browsers};
use crate::clock::rfc3339;
use crate::db::backup_codes::BackupCodeSet;
use crate::mfa::Method;
use crate::mfa::forecast::{Details, Kept, forecast};
use crate::mfa::passkey::MAX_PASSKEYS;
use crate::web::error::{Failure, Refusal};
use crate::web::stream::{self, Key};
use crate::words::Messages;

/// `GET /security`
pub(in crate::web) async fn show(visit: Visit) -> PageResult {
    let caller = visit.caller()?;
    // Whoever is here is not on the way through a set-up any more.
    visit.cookie.take_wanted();
    let asking = Caller::clone(caller);
    let overview = visit
        .read(move |app, conn| overview::load(conn, app, &asking, app.clock.now()))
        .await?;
    let (t, details) = (&visit.t, details(&visit, &overview));
    let page = SecurityPage {
        frame: visit.frame()?,
        status: StatusHeader::new(t, facts(t, caller)?),
        forecast: forecast(&caller.status, details)
            .map(|forecast| ForecastText::new(t, forecast, details)),
        backup_code_used: visit.cookie.take_code_used(),
        passkeys: passkey::section(t, caller, &overview.passkeys),
        signals: passkey::signals(
            &visit,
            caller,
            &overview.passkeys,
            overview.handle.as_deref(),
        ),
        app: standing(t, caller, Method::Totp),
        email: standing(t, caller, Method::MagicLink).map(|standing| EmailSection {
            standing,
            address: masked(&caller.user.email),
            is_set_aside: caller.status.is_link_set_aside(),
        }),
        codes: overview
            .codes
            .as_ref()
            .map(|set| codes_left(t, caller, set)),
        password_changed: caller.user.password_changed_at.map(|at| When::utc(t, at)),
        has_chosen_language: caller.user.language.is_some(),
        version: stream::version(caller, &overview.activity)?,
        demand: gate::demand(t, caller)?,
        devices: overview
            .sessions
            .iter()
            .map(|session| device::row(t, session, caller))
            .collect(),
        trusted: trusted(t, caller, &overview),
        activity: overview
            .activity
            .iter()
            .map(|row| activity::row(t, row))
            .collect(),
    };
    render(StatusCode::OK, &page)
}

/// What the page that asks was rendered from.
#[derive(Deserialize)]
pub(in crate::web) struct Since {
    #[serde(default)]
    since: Option<String>,
}

/// `GET /security/stream`
pub(in crate::web) async fn stream(visit: Visit, query: Query<Since>) -> PageResult {
    let id = visit
        .cookie
        .id()
        .ok_or(Failure::Refused(Refusal::InvalidToken))?;
    let since = query.into_inner().since;
    Ok(stream::open(
        &visit.http,
        visit.caller()?,
        Key::Cookie(id),
        since,
    )?)
}

/// That somebody else removed every method, and it is not set up again.
pub(super) fn reset(t: &Messages, caller: &Caller) -> Option<Reset> {
    let at = caller.user.mfa_reset_at?;
    let organization = caller.organization.as_ref();
    Some(Reset {
        at: When::day(t, at.date()),
        organization: organization.map(|organization| organization.name.clone()),
    })
}

fn facts(t: &Messages, caller: &Caller) -> Result<StatusFacts, Error> {
    let status = &caller.status;
    // Saved and not asked for: a method that is owed is neither, even when it cannot be used.
    let saved = caller
        .factors
        .iter()
        .filter(|factor| factor.verified_at.is_some() && !factor.enabled)
        .count();
    Ok(StatusFacts {
        is_enabled: status.is_enabled,
        is_required: status.is_required,
        is_enforced: status.is_enforced,
        enabled_methods: status.enabled_methods.clone(),
        primary_method: status.primary_method,
        session_verified: caller.access == Access::Full,
        backup_codes_left: status.backup_codes_left,
        saved_methods: u32::try_from(saved).unwrap_or(u32::MAX),
        available_methods: status
            .methods
            .iter()
            .filter(|state| state.is_available)
            .map(|state| state.method)
            .collect(),
        reset: reset(t, caller),
        gate: status.must_enrol,
        deadline: status.enforced_from.map(|at| When::day(t, at.date())),
        enforced_from: status.enforced_from.map(rfc3339),
        recommended_by: gate::recommended_by(caller)?,
        organization: gate::who_demands(t, caller),
        demanded_by: gate::demanded_by(t, caller),
    })
}

/// The trusted browsers, where there can be any: `None` where the organization allows none, or nothing is asked for in them.
fn trusted(t: &Messages, caller: &Caller, overview: &Overview) -> Option<Vec<TrustedRow>> {
    trusted_browsers::days(caller.organization.as_ref()).filter(|_| caller.status.owes_factor)?;
    let rows = overview.trusted.iter();
    Some(rows.map(|row| device::trusted(t, row)).collect())
}

/// How a method stands; `None` when it is neither set up nor to be had.
fn standing(t: &Messages, caller: &Caller, method: Method) -> Option<Standing> {
    let status = &caller.status;
    let state = status.state_of(method)?;
    let factor = caller
        .factors
        .iter()
        .find(|factor| factor.method == method.column());
    let proved = factor.and_then(|factor| Some((factor, factor.verified_at?)));
    let Some((factor, since)) = proved else {
        return state.is_available.then_some(Standing::NotSetUp);
    };
    let usage = Usage {
        since: When::day(t, since.date()),
        last_used: factor.last_used_at.map(|at| When::utc(t, at)),
    };
    Some(if state.is_enabled {
        Standing::On(usage)
    } else if state.is_suspended {
        Standing::Suspended(usage)
    } else if !factor.enabled {
        Standing::Off(usage)
    } else {
        Standing::NotAllowed(usage)
    })
}

/// What the page knows of the account's ways to sign in beyond the status.
fn details(visit: &Visit, overview: &Overview) -> Details {
    let rp = visit.app.relying_party().ok();
    Details {
        passkey: rp.and_then(|rp| Kept::safest(&overview.passkeys, &rp.id)),
        is_full: overview.passkeys.len() >= MAX_PASSKEYS,
        are_codes_unsaved: overview
            .codes
            .as_ref()
            .is_some_and(|set| set.saved_at.is_none()),
    }
}

fn codes_left(t: &Messages, caller: &Caller, set: &BackupCodeSet) -> CodesLeft {
    CodesLeft {
        left: caller.status.backup_codes_left.unwrap_or(0),
        created: When::day(t, set.created_at.date()),
        is_saved: set.saved_at.is_some(),
    }
}
