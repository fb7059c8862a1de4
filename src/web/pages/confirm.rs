//! `/confirm?next=`: proving again that it is you, and going on to where you were going. Nothing that was
//! posted is repeated: the person presses the final button themselves.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::form::{Posted, Rejected};
use super::views::{ConfirmPage, Flash, FormProblem};
use super::{PageResult, Visit, local_path, render, see_other};
use crate::accounts::passwords;
use crate::crypto::password::Password;
use crate::web::error::PageError;

#[derive(Deserialize)]
pub(in crate::web) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(in crate::web) struct ConfirmForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /confirm`
pub(in crate::web) async fn show(visit: Visit, query: web::Query<Next>) -> PageResult {
    render(StatusCode::OK, &page(&visit, &query.next, &[])?)
}

/// `POST /confirm`
pub(in crate::web) async fn submit(visit: Visit, posted: Posted<ConfirmForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => return again(&visit, &form.next, &Rejected::stale()),
    };
    if form.password.is_empty() {
        let rejected = Rejected::fields(vec![FormProblem::PasswordEmpty]);
        return again(&visit, &form.next, &rejected);
    }
    let password = Password::new(form.password);
    match passwords::prove(&visit.app, &visit.origin(), visit.caller()?, password).await {
        Ok(cookie) => {
            if let Some(id) = cookie {
                visit.cookie.adopt(&id)?;
            }
            visit.cookie.leave(&Flash::Confirmed)?;
            Ok(see_other(local_path::or(&form.next, "/security")))
        }
        Err(error) => {
            let rejected = Rejected::by_rule(&visit, error, FormProblem::WrongPassword)?;
            again(&visit, &form.next, &rejected)
        }
    }
}

fn again(visit: &Visit, next: &str, rejected: &Rejected) -> PageResult {
    rejected.render(&page(visit, next, &rejected.problems)?)
}

fn page(visit: &Visit, next: &str, problems: &[FormProblem]) -> Result<ConfirmPage, PageError> {
    let next = local_path::or(next, "/security");
    let frame = if problems.is_empty() {
        visit.frame()?
    } else {
        visit.frame_with(problems)?
    };
    Ok(ConfirmPage {
        action: ConfirmPage::action_for(&visit.t, next),
        next: next.to_owned(),
        frame,
    })
}
