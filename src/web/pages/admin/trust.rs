//! `/admin/trust`: what another number of days would mean, and storing it. The page can be opened as often as one likes and
//! changes nothing.

use actix_web::web;
use serde::Deserialize;

use super::{changing, organization};
use crate::accounts::Caller;
use crate::accounts::trusted_browsers::MAX_DAYS;
use crate::organizations::trust;
use crate::web::error::Failure;
use crate::web::pages::form::{Posted, Rejected};
use crate::web::pages::views::{Flash, FormProblem, TrustPage};
use crate::web::pages::{PageResult, Visit, render_form, see_other};

/// The field, as typed.
#[derive(Deserialize)]
pub(in crate::web) struct Days {
    #[serde(default)]
    trust_days: Option<String>,
}

impl Days {
    fn typed(&self) -> &str {
        self.trust_days.as_deref().unwrap_or_default().trim()
    }

    fn number(&self) -> Option<i32> {
        let days = self.typed().parse().ok();
        days.filter(|days| (0..=MAX_DAYS).contains(days))
    }
}

/// `GET /admin/trust`
pub(in crate::web) async fn show(visit: Visit, query: web::Query<Days>) -> PageResult {
    organization(&visit)?;
    // Opened by hand, without a question.
    if query.trust_days.is_none() {
        return Ok(see_other("/admin"));
    }
    page(&visit, &query, None)
}

/// `POST /admin/trust`
pub(in crate::web) async fn submit(visit: Visit, posted: Posted<Days>) -> PageResult {
    changing(&visit).await?;
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => return page(&visit, &form, Some(Rejected::stale())),
    };
    let Some(days) = form.number() else {
        return page(&visit, &form, None);
    };
    let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
    visit
        .app
        .db(move |app, conn| trust::set(conn, app, &origin, &caller, days))
        .await
        .map_err(Failure::from)?;
    visit.cookie.leave(&Flash::TrustDays(days))?;
    Ok(see_other("/admin"))
}

/// The page that the button stands on, or the form that says what is wrong with it.
fn page(visit: &Visit, form: &Days, rejected: Option<Rejected>) -> PageResult {
    let days = form.number();
    let rejected = match days {
        Some(_) => rejected,
        None => Some(Rejected::fields(vec![FormProblem::TrustDays(MAX_DAYS)])),
    };
    let page = TrustPage {
        frame: visit.frame_for(rejected.as_ref())?,
        typed: form.typed().to_owned(),
        days,
    };
    render_form(rejected.as_ref(), &page)
}
