//! `/setup`: the gate. A second factor is demanded, and there is none yet.

use actix_web::http::StatusCode;

use super::views::SetupPage;
use super::{PageResult, Visit, render, see_other};
use crate::accounts::{Access, Caller};
use crate::web::messages::Messages;

/// `GET /setup`
pub(in crate::web) async fn setup(visit: Visit) -> PageResult {
    let caller = visit.caller()?;
    if caller.access == Access::Full {
        return Ok(see_other("/security"));
    }
    let organization = who_demands(&visit.t, caller);
    let page = SetupPage {
        frame: visit.frame()?,
        organization,
        cards: Vec::new(),
    };
    render(StatusCode::OK, &page)
}

/// Who demands a second factor of this account: the organization when its requirement stands, in force or
/// announced, else whoever set the account's own flag.
pub(super) fn who_demands(t: &Messages, caller: &Caller) -> String {
    let status = &caller.status;
    match &caller.organization {
        Some(organization) if status.is_enforced || status.enforced_from.is_some() => {
            organization.name.clone()
        }
        Some(_) | None => t.text("status-your-administrator"),
    }
}
