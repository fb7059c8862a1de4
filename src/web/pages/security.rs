//! `GET /security`: the status as people read it, and everything that makes it so.

use actix_web::http::StatusCode;

use super::views::{SecurityPage, StatusFacts, StatusHeader, When};
use super::{PageResult, Visit, activity, device, gate, render};
use crate::accounts::{Access, Caller, overview};
use crate::clock::rfc3339;
use crate::web::messages::Messages;

/// `GET /security`
pub(in crate::web) async fn show(visit: Visit) -> PageResult {
    let caller = visit.caller()?;
    let asking = Caller::clone(caller);
    let overview = visit
        .app
        .db(move |app, conn| overview::load(conn, app, &asking, app.clock.now()))
        .await?;
    let t = &visit.t;
    let page = SecurityPage {
        frame: visit.frame()?,
        status: StatusHeader::new(t, facts(t, caller)),
        password_changed: caller.user.password_changed_at.map(|at| When::utc(t, at)),
        devices: overview
            .sessions
            .iter()
            .map(|session| device::row(t, session, caller))
            .collect(),
        activity: overview
            .activity
            .iter()
            .map(|row| activity::row(t, row))
            .collect(),
    };
    render(StatusCode::OK, &page)
}

fn facts(t: &Messages, caller: &Caller) -> StatusFacts {
    let status = &caller.status;
    let saved = status
        .methods
        .iter()
        .filter(|state| state.is_configured)
        .count();
    StatusFacts {
        is_enabled: status.is_enabled,
        is_required: status.is_required,
        is_enforced: status.is_enforced,
        enabled_methods: status.enabled_methods.clone(),
        primary_method: status.primary_method,
        session_verified: caller.access == Access::Full,
        backup_codes_left: status.backup_codes_left,
        saved_methods: u32::try_from(saved).unwrap_or(u32::MAX),
        gate: status.must_enrol,
        deadline: status.enforced_from.map(|at| When::day(t, at.date())),
        enforced_from: status.enforced_from.map(rfc3339),
        organization: gate::who_demands(t, caller),
    }
}
