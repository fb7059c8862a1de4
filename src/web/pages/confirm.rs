//! `/confirm?next=`: proving again that it is you, and going on to where you were going. Nothing that was
//! posted is repeated: the person presses the final button themselves.

use actix_web::web;
use serde::Deserialize;

use super::form::{Posted, Rejected};
use super::views::{Code, ConfirmPage, Flash, FormProblem, Way};
use super::{PageResult, Visit, local_path, render_form, second_step, see_other, sign_in};
use crate::accounts::passwords;
use crate::crypto::password::Password;
use crate::web::error::PageError;
use crate::web::routes::needs_strong_proof;

const BACKUP: Way = Way::Code(Code::Backup);

#[derive(Deserialize)]
pub(in crate::web) struct Next {
    #[serde(default)]
    next: String,
    #[serde(default)]
    method: String,
}

#[derive(Deserialize)]
pub(in crate::web) struct ConfirmForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    credential: String,
    #[serde(default)]
    next: String,
}

/// `GET /confirm`
pub(in crate::web) async fn show(visit: Visit, query: web::Query<Next>) -> PageResult {
    page(&visit, &query.next, &query.method, None).await
}

/// `POST /confirm`
pub(in crate::web) async fn submit(visit: Visit, posted: Posted<ConfirmForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => {
            return page(&visit, &form.next, &form.method, Some(&Rejected::stale())).await;
        }
    };
    if needs_strong_proof(&form.next) && Way::from_word(&form.method) == Some(BACKUP) {
        // It would be spent for nothing.
        let rejected = Rejected::fields(vec![FormProblem::BackupCodeNotEnough]);
        return page(&visit, &form.next, "", Some(&rejected)).await;
    }
    // An account that owes a second factor proves that; a password says nothing there.
    let proved = if visit.caller()?.status.owes_factor {
        second_step::verify(&visit, &form.method, &form.code, &form.credential, false).await?
    } else {
        with_password(&visit, &form).await?
    };
    match proved {
        Ok(()) => {
            visit.cookie.leave(&Flash::Confirmed)?;
            Ok(see_other(local_path::or(&form.next, sign_in::LANDING)))
        }
        Err(rejected) => page(&visit, &form.next, &form.method, Some(&rejected)).await,
    }
}

/// The inner error is what the form says.
async fn with_password(
    visit: &Visit,
    form: &ConfirmForm,
) -> Result<Result<(), Rejected>, PageError> {
    if form.password.is_empty() {
        return Ok(Err(Rejected::fields(vec![FormProblem::PasswordEmpty])));
    }
    let password = Password::new(form.password.clone());
    match passwords::prove(&visit.app, &visit.origin(), visit.caller()?, password).await {
        Ok(cookie) => {
            if let Some(id) = cookie {
                visit.cookie.adopt(&id)?;
            }
            Ok(Ok(()))
        }
        Err(error) => {
            let rejected = Rejected::by_rule(visit, error, FormProblem::WrongPassword)?;
            Ok(Err(rejected))
        }
    }
}

pub(super) async fn page(
    visit: &Visit,
    next: &str,
    method: &str,
    rejected: Option<&Rejected>,
) -> PageResult {
    let next = local_path::or(next, sign_in::LANDING);
    let step = match visit.caller()?.status.owes_factor {
        true => {
            let mut ways = second_step::ways(visit.caller()?);
            ways.retain(|way| *way != BACKUP || !needs_strong_proof(next));
            Some(second_step::step(visit, method, ways).await?)
        }
        false => None,
    };
    let page = ConfirmPage {
        frame: visit.frame_for(rejected)?,
        action: ConfirmPage::action_for(&visit.t, next),
        next: next.to_owned(),
        step,
    };
    render_form(rejected, &page)
}
