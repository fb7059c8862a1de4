//! `/admin/members/{id}/reset`: removing every method of a member who lost everything, after a page that says what goes.

use actix_web::web;
use serde::Deserialize;

use super::changing;
use super::member::load;
use crate::accounts::users::normalize_email;
use crate::accounts::{Caller, Error};
use crate::mfa::Method;
use crate::organizations::profile::{Profile, Reset};
use crate::organizations::reset::{self as rules, MAX_REASON, Order};
use crate::web::error::Failure;
use crate::web::pages::form::{Posted, Rejected};
use crate::web::pages::views::{Flash, FormProblem, Losses, ResetPage};
use crate::web::pages::{PageResult, Visit, render_form, see_other};

#[derive(Deserialize)]
pub(in crate::web) struct ResetForm {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    confirm: String,
    /// The epoch of the account that the page was about.
    #[serde(default)]
    seen: String,
}

/// `GET /admin/members/{id}/reset`
pub(in crate::web) async fn show(visit: Visit, id: web::Path<String>) -> PageResult {
    let profile = load(&visit, id.into_inner(), 1).await?;
    if profile.reset != Reset::Possible {
        // The member's page says why.
        return Ok(see_other(&back(&profile)));
    }
    page(&visit, &profile, None, None)
}

/// `POST /admin/members/{id}/reset`
pub(in crate::web) async fn submit(
    visit: Visit,
    id: web::Path<String>,
    posted: Posted<ResetForm>,
) -> PageResult {
    changing(&visit).await?;
    let profile = load(&visit, id.into_inner(), 1).await?;
    let user = &profile.listed.member.user;
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => {
            return page(&visit, &profile, Some(&form), Some(&Rejected::stale()));
        }
    };
    match profile.reset {
        Reset::Nothing => return Ok(see_other(&back(&profile))),
        Reset::Possible => {
            let problems = problems(&form, &user.email);
            if !problems.is_empty() {
                let rejected = Rejected::fields(problems);
                return page(&visit, &profile, Some(&form), Some(&rejected));
            }
        }
        // The rule refuses these, and records it.
        Reset::Oneself | Reset::Owner => {}
    }
    let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
    let order = Order {
        user_id: user.id.clone(),
        demand: None,
        reason: Some(form.reason.clone()),
        // Without it the page was never looked at.
        seen: Some(form.seen.parse().unwrap_or(-1)),
    };
    let done = visit
        .app
        .db(move |app, conn| rules::member(conn, app, &origin, &caller, &order))
        .await;
    match done {
        Ok(()) => {
            visit.cookie.leave(&Flash::MemberReset(user.full_name()))?;
            Ok(see_other(&back(&profile)))
        }
        Err(Error::Outdated) => {
            let rejected = Rejected::outdated();
            page(&visit, &profile, Some(&form), Some(&rejected))
        }
        Err(Error::Field(_)) => {
            let rejected = Rejected::fields(vec![FormProblem::ReasonOdd]);
            page(&visit, &profile, Some(&form), Some(&rejected))
        }
        Err(error) => Err(Failure::from(error).into()),
    }
}

fn problems(form: &ResetForm, address: &str) -> Vec<FormProblem> {
    let mut problems = Vec::new();
    match form.reason.trim().chars().count() {
        0 => problems.push(FormProblem::ReasonEmpty),
        1..=MAX_REASON => {}
        _ => problems.push(FormProblem::ReasonLong(MAX_REASON)),
    }
    if normalize_email(&form.confirm).as_deref() != Some(address) {
        problems.push(FormProblem::ConfirmAddress(address.to_owned()));
    }
    problems
}

fn back(profile: &Profile) -> String {
    format!("/admin/members/{}", profile.listed.member.user.id)
}

fn page(
    visit: &Visit,
    profile: &Profile,
    form: Option<&ResetForm>,
    rejected: Option<&Rejected>,
) -> PageResult {
    let (user, status) = (&profile.listed.member.user, &profile.listed.status);
    let has = |method| {
        let state = status.state_of(method);
        state.is_some_and(|state| state.is_configured)
    };
    let page = ResetPage {
        frame: visit.frame_for(rejected)?,
        id: user.id.clone(),
        name: user.full_name(),
        email: user.email.clone(),
        losses: Losses {
            passkeys: profile.passkeys.len(),
            has_app: has(Method::Totp),
            has_email_link: has(Method::MagicLink),
            codes: status.backup_codes_left.unwrap_or(0),
            devices: profile.devices,
            trusted: profile.trusted,
            sets_up_again: status.is_required,
        },
        seen: user.epoch,
        reason: form.map(|form| form.reason.clone()).unwrap_or_default(),
        confirm: form.map(|form| form.confirm.clone()).unwrap_or_default(),
    };
    render_form(rejected, &page)
}
