//! The front door: `/`, signing in with a password, signing out, and what to do when neither works.

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::form::{NoFields, Posted, Rejected};
use super::views::{Ended, Flash, FormProblem, HomePage, LoginPage, Owed, RecoverPage};
use super::{PageResult, Visit, gate, local_path, render, render_form, second_step, see_other};
use crate::accounts::sessions::{self, SessionKind};
use crate::accounts::sign_in;
use crate::accounts::tokens::Tokens;
use crate::accounts::{Access, Caller, Error, overview};
use crate::crypto::password::Password;
use crate::crypto::token::{self, Kind};
use crate::db::write;
use crate::organizations::help;
use crate::web::error::Failure;
use crate::web::kept;

/// Where people land when they did not ask for anything else.
pub(super) const LANDING: &str = "/security";

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
    pub(super) return_to: String,
}

/// `GET /login`
pub(in crate::web) async fn show(visit: Visit, query: web::Query<ReturnTo>) -> PageResult {
    let return_to = local_path::or(&query.return_to, "");
    if let Some(caller) = &visit.caller
        && caller.access == Access::Full
    {
        return Ok(see_other(local_path::or(return_to, LANDING)));
    }
    let (email, ended) = match visit.cookie.take_ended() {
        Some((email, true)) => (email, Some(Ended::SignIn)),
        Some((email, false)) => (email, Some(Ended::Session)),
        None => (String::new(), None),
    };
    let page = LoginPage {
        frame: visit.frame()?,
        passkeys: visit.app.server.passkey,
        ended,
        email,
        return_to: return_to.to_owned(),
        signal_unknown: None,
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
        Posted::Stale(form) => return again(&visit, form, &Rejected::stale(), None),
    };
    let problems = missing(&form);
    if !problems.is_empty() {
        return again(&visit, form, &Rejected::fields(problems), None);
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
            Ok(see_other(&after_sign_in(
                &signed_in.caller,
                &form.return_to,
            )))
        }
        Err(Error::Throttled { retry_after }) => {
            let problem = FormProblem::SignInThrottled(visit.until(retry_after));
            let rejected = Rejected::throttled(retry_after, problem);
            again(&visit, form, &rejected, None)
        }
        Err(error) => {
            let rejected = Rejected::by_rule(&visit, error, FormProblem::WrongPair)?;
            again(&visit, form, &rejected, None)
        }
    }
}

/// Where somebody signs in first who wanted to be `here`. A step of a sign-in that took too long is not come back to, but
/// where that was going.
pub(super) fn before(http: &HttpRequest, here: &str) -> String {
    let wanted = if here.starts_with("/login/") {
        let query = web::Query::<ReturnTo>::from_query(http.query_string());
        query.map_or_else(|_| String::new(), |query| query.into_inner().return_to)
    } else {
        here.to_owned()
    };
    match local_path::or(&wanted, "") {
        "" => "/login".to_owned(),
        wanted => local_path::with("/login", "return_to", wanted),
    }
}

impl LoginForm {
    /// A form with nothing in it but where to go afterwards.
    pub(super) fn returning_to(return_to: String) -> Self {
        Self {
            email: String::new(),
            password: String::new(),
            return_to,
        }
    }
}

/// Where a right password, or a passkey, leads.
pub(super) fn after_sign_in(caller: &Caller, return_to: &str) -> String {
    match caller.access {
        Access::Full => gate::landing(&caller.status, return_to),
        Access::MustEnrol => gate::gate(return_to),
        Access::FactorOwed if return_to.is_empty() => "/login/verify".to_owned(),
        Access::FactorOwed => local_path::with("/login/verify", "return_to", return_to),
    }
}

/// Gives the browser the cookies of a session that was just opened.
pub(super) fn adopt(visit: &Visit, tokens: &Tokens) -> Result<(), Failure> {
    match tokens {
        Tokens::Cookie(cookies) => {
            visit.cookie.forget();
            visit.cookie.adopt(&cookies.session)?;
            if let Some(token) = &cookies.device {
                kept::keep_device(&visit.http, token);
            }
            if let Some(trust) = &cookies.trust {
                kept::keep_trust(&visit.http, trust, visit.app.clock.now());
            }
            Ok(())
        }
        Tokens::Pair(_) | Tokens::Limited { .. } | Tokens::Kept | Tokens::Renewed { .. } => {
            Err(Failure::misplaced_tokens())
        }
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

/// The page again. `signal_unknown` is a passkey that nobody here knows, for whoever keeps it.
pub(super) fn again(
    visit: &Visit,
    form: LoginForm,
    rejected: &Rejected,
    signal_unknown: Option<String>,
) -> PageResult {
    rejected.render(&LoginPage {
        frame: visit.frame_with(&rejected.problems)?,
        passkeys: visit.app.server.passkey,
        signal_unknown,
        email: form.email,
        return_to: local_path::or(&form.return_to, "").to_owned(),
        ended: None,
    })
}

/// `POST /logout`
pub(in crate::web) async fn sign_out(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    if let Posted::Stale(_) = posted {
        return super::old_page(&visit);
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

/// `GET /login/recover`
pub(in crate::web) async fn recover(visit: Visit) -> PageResult {
    recover_page(&visit, None).await
}

/// `POST /login/recover`
pub(in crate::web) async fn ask_for_reset(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    if let Posted::Stale(_) = posted {
        return recover_page(&visit, Some(&Rejected::stale())).await;
    }
    let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
    if caller.access == Access::FactorOwed {
        let is_mailed = visit
            .app
            .db(move |app, conn| help::ask_for_reset(conn, app, &origin, &caller))
            .await?;
        visit.cookie.leave(&match is_mailed {
            true => Flash::ResetAsked,
            false => Flash::ResetAskedBefore,
        })?;
    }
    Ok(see_other("/login/recover"))
}

async fn recover_page(visit: &Visit, rejected: Option<&Rejected>) -> PageResult {
    let owing = visit
        .caller
        .as_ref()
        .filter(|caller| caller.access == Access::FactorOwed);
    let can_ask = match owing {
        None => None,
        Some(caller) => {
            let asking = Caller::clone(caller);
            let can_ask = visit
                .read(move |_, conn| help::can_ask(conn, &asking))
                .await?;
            let organization = caller.organization.as_ref().filter(|_| can_ask);
            organization.map(|organization| organization.name.clone())
        }
    };
    let page = RecoverPage {
        frame: visit.frame_for(rejected)?,
        contact: visit.app.config.contact.clone(),
        owed: owing.map(|caller| Owed {
            has_backup_codes: caller.status.has_backup_codes(),
            has_usable_method: !second_step::ways(caller).is_empty(),
        }),
        can_ask,
    };
    render_form(rejected, &page)
}
