//! Asking for a link for a lost password, choosing a password by one, and changing it on the page.

use actix_web::web;
use serde::Deserialize;

use super::form::{Posted, Rejected};
use super::views::{Flash, FormProblem, PasswordLinkPage, PasswordLostPage, PasswordPage};
use super::{PageResult, Visit, render_form, see_other, welcome};
use crate::accounts::{Error, link_requests, passwords};
use crate::crypto::password::Password;

#[derive(Deserialize, Default)]
pub(in crate::web) struct LostForm {
    #[serde(default)]
    email: String,
}

/// `GET /password`
pub(in crate::web) async fn show_lost(visit: Visit) -> PageResult {
    lost_page(&visit, LostForm::default(), None)
}

/// `POST /password`: the same answer for everybody.
pub(in crate::web) async fn submit_lost(visit: Visit, posted: Posted<LostForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => return lost_page(&visit, form, Some(&Rejected::stale())),
    };
    if form.email.trim().is_empty() {
        let rejected = Rejected::fields(vec![FormProblem::EmailEmpty]);
        return lost_page(&visit, form, Some(&rejected));
    }
    let asked = link_requests::ask_for_password(&visit.app, &visit.origin(), &form.email).await;
    let rejected = match asked {
        Ok(()) => {
            let address = form.email.trim().to_owned();
            visit.cookie.leave(&Flash::PasswordLinkAsked(address))?;
            return Ok(see_other("/login"));
        }
        Err(Error::Field(_)) => Rejected::fields(vec![FormProblem::EmailFormat]),
        Err(Error::Throttled { retry_after }) => {
            let problem = FormProblem::MailThrottled(visit.until(retry_after));
            Rejected::throttled(retry_after, problem)
        }
        Err(error) => return Err(error.into()),
    };
    lost_page(&visit, form, Some(&rejected))
}

fn lost_page(visit: &Visit, form: LostForm, rejected: Option<&Rejected>) -> PageResult {
    let page = PasswordLostPage {
        frame: visit.frame_for(rejected)?,
        email: form.email,
    };
    render_form(rejected, &page)
}

#[derive(Deserialize)]
pub(in crate::web) struct LinkForm {
    #[serde(default)]
    password: String,
}

/// `GET /password/{token}`: looking uses nothing up.
pub(in crate::web) async fn show_link(visit: Visit, token: web::Path<String>) -> PageResult {
    link_page(&visit, token.into_inner(), None).await
}

/// `POST /password/{token}`
pub(in crate::web) async fn submit_link(
    visit: Visit,
    token: web::Path<String>,
    posted: Posted<LinkForm>,
) -> PageResult {
    let token = token.into_inner();
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(_) => return link_page(&visit, token, Some(Rejected::stale())).await,
    };
    if form.password.is_empty() {
        let rejected = Rejected::fields(vec![FormProblem::NewPasswordEmpty]);
        return link_page(&visit, token, Some(rejected)).await;
    }
    let password = Password::new(form.password);
    match passwords::choose(&visit.app, &visit.origin(), &token, password).await {
        Ok(()) => {
            visit.cookie.forget();
            visit.cookie.leave(&Flash::PasswordChosen)?;
            Ok(see_other("/login"))
        }
        Err(Error::LinkSpent) => welcome::spent(&visit),
        Err(error) => {
            let rejected = Rejected::by_rule(&visit, error, FormProblem::NewPasswordEmpty)?;
            link_page(&visit, token, Some(rejected)).await
        }
    }
}

/// The form of a link, for the first time or again.
async fn link_page(visit: &Visit, token: String, rejected: Option<Rejected>) -> PageResult {
    let asked = token.clone();
    let found = visit
        .app
        .db(move |app, conn| passwords::find_choosing(conn, app, &asked))
        .await;
    let choosing = match found {
        Ok(choosing) => choosing,
        Err(Error::LinkSpent) => return welcome::spent(visit),
        Err(error) => return Err(error.into()),
    };
    let page = PasswordLinkPage {
        frame: visit.frame_for(rejected.as_ref())?,
        token,
        min_password: choosing.policy_context().min_length(),
        email: choosing.user.email,
    };
    render_form(rejected.as_ref(), &page)
}

#[derive(Deserialize)]
pub(in crate::web) struct ChangeForm {
    #[serde(default)]
    current_password: String,
    #[serde(default)]
    password: String,
}

/// `GET /security/password`
pub(in crate::web) async fn show_change(visit: Visit) -> PageResult {
    change_page(&visit, None)
}

/// `POST /security/password`
pub(in crate::web) async fn submit_change(visit: Visit, posted: Posted<ChangeForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(_) => return change_page(&visit, Some(&Rejected::stale())),
    };
    let mut problems = Vec::new();
    if form.current_password.is_empty() {
        problems.push(FormProblem::CurrentPasswordEmpty);
    }
    if form.password.is_empty() {
        problems.push(FormProblem::NewPasswordEmpty);
    } else if form.password == form.current_password {
        problems.push(FormProblem::NewPasswordSame);
    }
    if !problems.is_empty() {
        return change_page(&visit, Some(&Rejected::fields(problems)));
    }
    let changed = passwords::change(
        &visit.app,
        &visit.origin(),
        visit.caller()?,
        Password::new(form.current_password),
        Password::new(form.password),
    )
    .await;
    match changed {
        Ok(cookie) => {
            if let Some(id) = cookie {
                visit.cookie.adopt(&id)?;
            }
            visit.cookie.leave(&Flash::PasswordChanged)?;
            Ok(see_other("/security"))
        }
        Err(error) => {
            let wrong = FormProblem::CurrentPasswordWrong;
            change_page(&visit, Some(&Rejected::by_rule(&visit, error, wrong)?))
        }
    }
}

fn change_page(visit: &Visit, rejected: Option<&Rejected>) -> PageResult {
    let page = PasswordPage {
        frame: visit.frame_for(rejected)?,
        min_password: passwords::policy_of(visit.caller()?).min_length(),
    };
    render_form(rejected, &page)
}
