//! The front door: `/`, signing in with a password, signing out, and what to do when neither works.

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::form::{Posted, Rejected};
use super::views::{ErrorPage, Flash, FormProblem, HomePage, LoginPage, RecoverPage, Why};
use super::{PageResult, Visit, local_path, render, see_other};
use crate::accounts::sessions::{self, SessionKind};
use crate::accounts::sign_in;
use crate::accounts::tokens::Tokens;
use crate::accounts::{Access, overview};
use crate::crypto::password::Password;
use crate::crypto::token::{self, Kind};
use crate::db::write;
use crate::web::error::Failure;

/// Where people land when they did not ask for anything else.
const LANDING: &str = "/security";

/// `GET /`
pub(in crate::web) async fn home(visit: Visit) -> PageResult {
    if visit.caller.is_some() {
        return Ok(see_other(LANDING));
    }
    if visit.app.db(|_, conn| overview::has_accounts(conn)).await? {
        return Ok(see_other("/login"));
    }
    render(
        StatusCode::OK,
        &HomePage {
            frame: visit.frame()?,
        },
    )
}

#[derive(Deserialize, Default)]
pub(in crate::web) struct ReturnTo {
    #[serde(default)]
    return_to: String,
}

/// `GET /login`
pub(in crate::web) async fn show(visit: Visit, query: web::Query<ReturnTo>) -> PageResult {
    let return_to = local_path::or(&query.return_to, "");
    if let Some(caller) = &visit.caller
        && caller.access == Access::Full
    {
        return Ok(see_other(local_path::or(return_to, LANDING)));
    }
    let ended = visit.cookie.take_ended();
    let page = LoginPage {
        frame: visit.frame()?,
        session_ended: ended.is_some(),
        email: ended.unwrap_or_default(),
        return_to: return_to.to_owned(),
    };
    render(StatusCode::OK, &page)
}

#[derive(Deserialize)]
pub(in crate::web) struct LoginForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    return_to: String,
}

/// `POST /login`
pub(in crate::web) async fn submit(visit: Visit, posted: Posted<LoginForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => return again(&visit, form, &Rejected::stale()),
    };
    let problems = missing(&form);
    if !problems.is_empty() {
        return again(&visit, form, &Rejected::fields(problems));
    }
    let signed_in = sign_in::with_password(
        &visit.app,
        &visit.origin(),
        SessionKind::Browser,
        &form.email,
        Password::new(form.password.clone()),
    )
    .await;
    match signed_in {
        Ok(signed_in) => {
            adopt(&visit, &signed_in.tokens)?;
            Ok(see_other(local_path::or(&form.return_to, LANDING)))
        }
        Err(error) => {
            let rejected = Rejected::by_rule(&visit, error, FormProblem::WrongPair)?;
            again(&visit, form, &rejected)
        }
    }
}

/// Gives the browser the cookie of a session that was just opened.
pub(super) fn adopt(visit: &Visit, tokens: &Tokens) -> Result<(), Failure> {
    match tokens {
        Tokens::Cookie(id) => {
            visit.cookie.forget();
            visit.cookie.adopt(id)
        }
        Tokens::Pair(_) | Tokens::Limited { .. } | Tokens::Renewed { .. } => Err(
            Failure::Internal("a browser was given a program's tokens".into()),
        ),
    }
}

fn missing(form: &LoginForm) -> Vec<FormProblem> {
    let mut problems = Vec::new();
    if form.email.trim().is_empty() {
        problems.push(FormProblem::EmailEmpty);
    } else if !form.email.contains('@') {
        problems.push(FormProblem::EmailFormat);
    }
    if form.password.is_empty() {
        problems.push(FormProblem::PasswordEmpty);
    }
    problems
}

fn again(visit: &Visit, form: LoginForm, rejected: &Rejected) -> PageResult {
    rejected.render(&LoginPage {
        frame: visit.frame_with(&rejected.problems)?,
        email: form.email,
        return_to: local_path::or(&form.return_to, "").to_owned(),
        session_ended: false,
    })
}

#[derive(Deserialize)]
pub(in crate::web) struct NoFields {}

/// `POST /logout`
pub(in crate::web) async fn sign_out(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    if let Posted::Stale(_) = posted {
        return old_page(&visit);
    }
    let presented: Vec<_> = visit
        .cookie
        .id()
        .and_then(|id| token::parse(Kind::Cookie, &id))
        .into_iter()
        .collect();
    let origin = visit.origin();
    visit
        .app
        .db(move |app, conn| {
            write(conn, |conn| {
                sessions::sign_out(conn, app, &origin, &presented, app.clock.now())
            })
        })
        .await?;
    visit.cookie.forget();
    visit.cookie.leave(&Flash::SignedOut)?;
    let mut response: HttpResponse = see_other("/login");
    // Not "cookies": that would take those of sibling hosts too. Ours is overwritten.
    response.headers_mut().insert(
        actix_web::http::header::CLEAR_SITE_DATA,
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}

/// The answer to a sign-out button that is not this session's. It may be the second press on two pages, and
/// then there is nobody left to sign out.
fn old_page(visit: &Visit) -> PageResult {
    if visit.caller.is_none() {
        return Ok(see_other("/login"));
    }
    let status = StatusCode::FORBIDDEN;
    let page = ErrorPage {
        frame: visit.frame_with(&[])?,
        status: status.as_u16(),
        why: Some(Why {
            title: visit.t.text("error-old-page-title"),
            sentence: visit.t.text("error-old-page"),
        }),
        reference: None,
        retry_at: None,
    };
    render(status, &page)
}

/// `GET /login/recover`
pub(in crate::web) async fn recover(visit: Visit) -> PageResult {
    let owes = visit
        .caller
        .as_ref()
        .is_some_and(|caller| caller.access == Access::FactorOwed);
    let page = RecoverPage {
        frame: visit.frame()?,
        contact: None,
        signed_in_but_owed: owes,
    };
    render(StatusCode::OK, &page)
}
