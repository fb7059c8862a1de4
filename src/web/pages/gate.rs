//! `/setup`: the gate, where a second factor is demanded and there is none yet; and `/setup/later`, which reminds of one that
//! will be. Where its holder was going travels in `return_to`, and from `/setup` on in the cookie, past every page of a set-up.

use actix_web::http::StatusCode;
use actix_web::web;

use super::sign_in::{LANDING, ReturnTo, adopt};
use super::views::{Demand, GateCard, LaterPage, SetupPage, When, methods};
use super::{PageResult, Visit, local_path, render, security, see_other};
use crate::accounts::tokens::Tokens;
use crate::accounts::{Access, Caller, Error};
use crate::db::organizations::Organization;
use crate::mfa::{Method, Status};
use crate::organizations::requirement::{Asks, Requirement};
use crate::web::error::Failure;
use crate::words::Messages;

/// `GET /setup`
pub(in crate::web) async fn setup(visit: Visit, query: web::Query<ReturnTo>) -> PageResult {
    let caller = visit.caller()?;
    let return_to = local_path::or(&query.return_to, "");
    if !return_to.is_empty() {
        visit.cookie.leave_wanted(return_to)?;
    }
    if caller.access == Access::Full && !is_announced(&caller.status) {
        return Ok(see_other(&resume(&visit)));
    }
    let page = SetupPage {
        frame: visit.frame()?,
        organization: who_demands(&visit.t, caller),
        from: from(&visit),
        later: visit.cookie.wanted().unwrap_or_else(|| LANDING.to_owned()),
        reset: security::reset(&visit.t, caller).map(|reset| reset.sentence(&visit.t)),
        cards: cards(&visit.t, caller),
    };
    render(StatusCode::OK, &page)
}

/// `GET /setup/later`: what a sign-in passes while a requirement is announced. Once that is in force there is no later.
pub(in crate::web) async fn later(visit: Visit, query: web::Query<ReturnTo>) -> PageResult {
    let Some(from) = from(&visit) else {
        return setup(visit, query).await;
    };
    let return_to = local_path::or(&query.return_to, LANDING);
    let page = LaterPage {
        frame: visit.frame()?,
        organization: who_demands(&visit.t, visit.caller()?),
        from,
        now: local_path::with("/setup", "return_to", return_to),
        later: return_to.to_owned(),
    };
    render(StatusCode::OK, &page)
}

/// From when a second factor will be demanded of somebody who has none.
fn from(visit: &Visit) -> Option<When> {
    let status = &visit.caller.as_ref()?.status;
    let from = status.enforced_from.filter(|_| is_announced(status))?;
    Some(When::day(&visit.t, from.date()))
}

/// A second factor will be demanded, there is none that counts, and one could be set up now.
fn is_announced(status: &Status) -> bool {
    status.enforced_from.is_some()
        && !status.must_enrol
        && !status.is_enabled
        && status.methods.iter().any(|state| state.is_available)
}

/// Where a sign-in leads once it is complete: to where its holder was going, past a reminder of what is announced.
pub(super) fn landing(status: &Status, return_to: &str) -> String {
    let return_to = local_path::or(return_to, LANDING);
    match is_announced(status) {
        true => local_path::with("/setup/later", "return_to", return_to),
        false => return_to.to_owned(),
    }
}

/// The gate, for somebody who was going elsewhere.
pub(super) fn gate(return_to: &str) -> String {
    match local_path::or(return_to, LANDING) {
        LANDING => "/setup".to_owned(),
        return_to => local_path::with("/setup", "return_to", return_to),
    }
}

/// Where the end of a set-up leads: to where its holder was going when the gate, or the reminder, was in the way.
pub(super) fn resume(visit: &Visit) -> String {
    let wanted = visit.cookie.take_wanted().unwrap_or_default();
    local_path::or(&wanted, LANDING).to_owned()
}

/// Where a set-up that is given up leads.
pub(super) fn back(visit: &Visit, section: &'static str) -> Result<&'static str, Failure> {
    let caller = visit.caller()?;
    let came_from_here = is_announced(&caller.status) && visit.cookie.wanted().is_some();
    Ok(match caller.access {
        Access::MustEnrol => "/setup",
        Access::Full | Access::FactorOwed if came_from_here => "/setup",
        Access::Full | Access::FactorOwed => section,
    })
}

/// Gives the browser the cookies of a session that goes on with more than it had.
pub(super) fn renew(visit: &Visit, tokens: &Tokens) -> Result<(), Failure> {
    let wanted = visit.cookie.take_wanted();
    adopt(visit, tokens)?;
    wanted.map_or(Ok(()), |wanted| visit.cookie.leave_wanted(&wanted))
}

/// What can be set up here and now, strongest first.
fn cards(t: &Messages, caller: &Caller) -> Vec<GateCard> {
    let is_available = |method: &Method| {
        let state = caller.status.state_of(*method);
        state.is_some_and(|state| state.is_available)
    };
    Method::BY_STRENGTH
        .into_iter()
        .filter(is_available)
        .filter_map(|method| GateCard::of(t, method))
        .collect()
}

/// Who demands a second factor of this account, as a sentence begins: the organization when its requirement
/// stands, in force or announced, else whoever set the account's own flag.
pub(super) fn who_demands(t: &Messages, caller: &Caller) -> String {
    name(caller).unwrap_or_else(|| t.text("status-your-administrator"))
}

/// The same inside a sentence.
pub(super) fn demanded_by(t: &Messages, caller: &Caller) -> String {
    name(caller).unwrap_or_else(|| t.text("status-by-your-administrator"))
}

/// The organization that recommends a second factor, and demands none.
pub(super) fn recommended_by(caller: &Caller) -> Result<Option<String>, Error> {
    let Some(organization) = &caller.organization else {
        return Ok(None);
    };
    let is_recommended = Requirement::of(organization)?.asks == Asks::Recommended;
    Ok(is_recommended.then(|| organization.name.clone()))
}

/// The organization whose requirement stands, in force or announced.
fn demanding(caller: &Caller) -> Option<&Organization> {
    let status = &caller.status;
    let stands = status.is_enforced || status.enforced_from.is_some();
    caller.organization.as_ref().filter(|_| stands)
}

fn name(caller: &Caller) -> Option<String> {
    demanding(caller).map(|organization| organization.name.clone())
}

/// What an organization requires of this account, and since or from when: a new member may have days of their own.
pub(super) fn demand(t: &Messages, caller: &Caller) -> Result<Option<Demand>, Error> {
    let Some(organization) = demanding(caller) else {
        return Ok(None);
    };
    let requirement = Requirement::of(organization)?;
    let announced = caller.status.enforced_from;
    Ok(announced.or(requirement.from).map(|from| Demand {
        organization: organization.name.clone(),
        from: When::day(t, from.date()),
        is_in_force: announced.is_none(),
        methods: methods::names(t, &requirement.methods),
    }))
}
