//! `/welcome/{token}`: the first owner makes the organization and themselves.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::form::{Posted, Rejected};
use super::views::{Flash, FormProblem, LinkSpentPage, WelcomePage};
use super::{PageResult, Visit, render, render_form, see_other, sign_in};
use crate::accounts::Error;
use crate::accounts::users::{MAX_NAME, normalize_email, normalize_name};
use crate::crypto::password::Password;
use crate::crypto::password_policy::PolicyContext;
use crate::organizations::founding::{self, Founding};

#[derive(Deserialize, Default)]
pub(in crate::web) struct WelcomeForm {
    #[serde(default)]
    organization: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// `GET /welcome/{token}`: looking uses nothing up.
pub(in crate::web) async fn show(visit: Visit, token: web::Path<String>) -> PageResult {
    let token = token.into_inner();
    let asked = token.clone();
    let found = visit
        .app
        .db(move |app, conn| founding::find_link(conn, &asked, app.clock.now()))
        .await;
    match found {
        Ok(()) => page(&visit, token, WelcomeForm::default(), None),
        Err(Error::LinkSpent) => spent(&visit),
        Err(error) => Err(error.into()),
    }
}

/// `POST /welcome/{token}`
pub(in crate::web) async fn submit(
    visit: Visit,
    token: web::Path<String>,
    posted: Posted<WelcomeForm>,
) -> PageResult {
    let token = token.into_inner();
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => return page(&visit, token, form, Some(&Rejected::stale())),
    };
    let problems = missing(&form);
    if !problems.is_empty() {
        return page(&visit, token, form, Some(&Rejected::fields(problems)));
    }
    let founding = Founding {
        organization: form.organization.clone(),
        first_name: form.first_name.clone(),
        last_name: form.last_name.clone(),
        email: form.email.clone(),
        password: Password::new(form.password.clone()),
    };
    match founding::create_first_owner(&visit.app, &visit.origin(), &token, founding).await {
        Ok(signed_in) => {
            sign_in::adopt(&visit, &signed_in.tokens)?;
            visit.cookie.leave(&Flash::OrganizationCreated(
                form.organization.trim().to_owned(),
            ))?;
            Ok(see_other("/security"))
        }
        Err(Error::LinkSpent) => spent(&visit),
        Err(error) => {
            let rejected = Rejected::by_rule(&visit, error, FormProblem::NewPasswordEmpty)?;
            page(&visit, token, form, Some(&rejected))
        }
    }
}

/// 410: the link is no good any more, or never was.
pub(super) fn spent(visit: &Visit) -> PageResult {
    render(
        StatusCode::GONE,
        &LinkSpentPage {
            frame: visit.frame_with(&[])?,
        },
    )
}

fn missing(form: &WelcomeForm) -> Vec<FormProblem> {
    let mut problems = Vec::new();
    let mut name = |typed: &str, empty, long| {
        if typed.trim().is_empty() {
            problems.push(empty);
        } else if normalize_name(typed).is_none() {
            problems.push(long);
        }
    };
    name(
        &form.organization,
        FormProblem::OrganizationEmpty,
        FormProblem::OrganizationLong(MAX_NAME),
    );
    name(
        &form.first_name,
        FormProblem::FirstNameEmpty,
        FormProblem::FirstNameLong(MAX_NAME),
    );
    name(
        &form.last_name,
        FormProblem::LastNameEmpty,
        FormProblem::LastNameLong(MAX_NAME),
    );
    if form.email.trim().is_empty() {
        problems.push(FormProblem::EmailEmpty);
    } else if normalize_email(&form.email).is_none() {
        problems.push(FormProblem::EmailFormat);
    }
    if form.password.is_empty() {
        problems.push(FormProblem::NewPasswordEmpty);
    }
    problems
}

fn page(
    visit: &Visit,
    token: String,
    form: WelcomeForm,
    rejected: Option<&Rejected>,
) -> PageResult {
    let page = WelcomePage {
        frame: visit.frame_for(rejected)?,
        token,
        organization: form.organization,
        first_name: form.first_name,
        last_name: form.last_name,
        email: form.email,
        min_password: PolicyContext::default().min_length(),
    };
    render_form(rejected, &page)
}
