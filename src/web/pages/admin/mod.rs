//! The organization's own pages: what it asks of its members, how far they are, and helping one of them. Only administrators
//! get past the first line of each handler; the rules look again.

pub(in crate::web) mod member;
pub(in crate::web) mod members;
pub(in crate::web) mod requirement;
pub(in crate::web) mod reset;
pub(in crate::web) mod trust;

use actix_web::http::StatusCode;

use super::views::{AdminPage, AdoptionText, StandingText};
use super::{PageResult, Visit, render};
use crate::accounts::Caller;
use crate::db::organizations::Organization;
use crate::organizations::adoption::{self, Counts};
use crate::organizations::requirement::Requirement;
use crate::organizations::{managed, record_refusal};
use crate::web::error::{Failure, Refusal};

/// `GET /admin`
pub(in crate::web) async fn show(visit: Visit) -> PageResult {
    let organization = organization(&visit)?;
    let requirement = Requirement::of(organization)?;
    let counts = count(&visit).await?;
    let caller = Caller::clone(visit.caller()?);
    let later = visit
        .read(move |app, conn| adoption::count_later(conn, app, &caller))
        .await?;
    let (t, now) = (&visit.t, visit.app.clock.now());
    let page = AdminPage {
        frame: visit.frame()?,
        organization: organization.name.clone(),
        standing: StandingText::new(t, &requirement, &counts, later, now),
        form: requirement::form_of(&requirement, now),
        needs_own_factor: needs_own_factor(&visit)?,
        trust_days: organization.trust_days,
        adoption: AdoptionText::new(t, &counts),
    };
    render(StatusCode::OK, &page)
}

/// The organization that the visitor manages. To anybody else these pages are closed.
fn organization(visit: &Visit) -> Result<&Organization, Failure> {
    managed(visit.caller()?).map_err(|_| Refusal::Forbidden.into())
}

/// The same for a change: that somebody else tried it is recorded.
async fn changing(visit: &Visit) -> Result<&Organization, Failure> {
    let managed = organization(visit);
    if managed.is_err() {
        let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
        visit
            .app
            .db(move |app, conn| record_refusal(conn, app, &origin, &caller))
            .await?;
    }
    managed
}

async fn count(visit: &Visit) -> Result<Counts, Failure> {
    let caller = Caller::clone(visit.caller()?);
    visit
        .read(move |app, conn| adoption::count(conn, app, &caller))
        .await
}

/// Whoever demands a second factor of others has one.
fn needs_own_factor(visit: &Visit) -> Result<bool, Failure> {
    Ok(!visit.caller()?.status.is_enabled)
}
