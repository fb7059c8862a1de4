//! `/setup`: the gate. A second factor is demanded, and there is none yet.

use actix_web::http::StatusCode;

use super::views::{GateCard, SetupPage};
use super::{PageResult, Visit, render, see_other};
use crate::accounts::{Access, Caller};
use crate::mfa::Method;
use crate::words::Messages;

/// `GET /setup`
pub(in crate::web) async fn setup(visit: Visit) -> PageResult {
    let caller = visit.caller()?;
    if caller.access == Access::Full {
        return Ok(see_other("/security"));
    }
    let page = SetupPage {
        frame: visit.frame()?,
        organization: who_demands(&visit.t, caller),
        cards: cards(&visit.t, caller),
    };
    render(StatusCode::OK, &page)
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
    organization(caller).unwrap_or_else(|| t.text("status-your-administrator"))
}

/// The same inside a sentence.
pub(super) fn demanded_by(t: &Messages, caller: &Caller) -> String {
    organization(caller).unwrap_or_else(|| t.text("status-by-your-administrator"))
}

fn organization(caller: &Caller) -> Option<String> {
    let status = &caller.status;
    let stands = status.is_enforced || status.enforced_from.is_some();
    let organization = caller.organization.as_ref().filter(|_| stands)?;
    Some(organization.name.clone())
}
