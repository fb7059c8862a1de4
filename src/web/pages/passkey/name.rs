//! Giving a passkey its name.

use actix_web::web;
use serde::Deserialize;

use super::find;
use crate::accounts::{Caller, Error, factors, passkeys};
use crate::mfa;
use crate::mfa::passkey::{MAX_NAME, NameProblem};
use crate::web::error::PageError;
use crate::web::pages::form::{Posted, Rejected};
use crate::web::pages::views::{Flash, FormProblem, PasskeyNamePage};
use crate::web::pages::{PageResult, Visit, render_form, see_other};
#[derive(Deserialize)]
pub(in crate::web) struct NameForm {
    #[serde(default)]
    name: String,
}

/// `GET /security/passkeys/{id}/name`
pub(in crate::web) async fn show_name(visit: Visit, id: web::Path<String>) -> PageResult {
    let (passkey, _) = find(&visit, &id).await?;
    name_page(&visit, passkey.id, passkey.name, None).await
}

/// `POST /security/passkeys/{id}/name`
pub(in crate::web) async fn name(
    visit: Visit,
    id: web::Path<String>,
    posted: Posted<NameForm>,
) -> PageResult {
    let id = id.into_inner();
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => {
            return name_page(&visit, id, form.name, Some(&Rejected::stale())).await;
        }
    };
    let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
    let (of, typed) = (id.clone(), form.name.clone());
    let renamed = visit
        .app
        .db(move |app, conn| passkeys::rename(conn, app, &origin, &caller, &of, &typed))
        .await;
    match renamed {
        Ok(passkey) => {
            visit.cookie.leave(&Flash::PasskeyNamed(passkey.name))?;
            Ok(see_other(next_after_naming(&visit).await?))
        }
        Err(Error::Mfa(mfa::Error::PasskeyName(problem))) => {
            let problem = match problem {
                NameProblem::Empty => FormProblem::PasskeyNameEmpty,
                NameProblem::TooLong => FormProblem::PasskeyNameLong(MAX_NAME),
                NameProblem::Taken(name) => FormProblem::PasskeyNameTaken(name),
            };
            let rejected = Rejected::fields(vec![problem]);
            name_page(&visit, id, form.name, Some(&rejected)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn name_page(
    visit: &Visit,
    id: String,
    typed: String,
    rejected: Option<&Rejected>,
) -> PageResult {
    let page = PasskeyNamePage {
        frame: visit.frame_for(rejected)?,
        id,
        typed,
        next: next_after_naming(visit).await?,
    };
    render_form(rejected, &page)
}

/// The codes of a first method wait to be saved; otherwise there is nothing more to do, and `/setup` leads on to what it was
/// in the way of.
async fn next_after_naming(visit: &Visit) -> Result<&'static str, PageError> {
    let caller = Caller::clone(visit.caller()?);
    let shown = visit
        .app
        .db(move |app, conn| factors::show_codes(conn, app, &caller, app.clock.now()))
        .await?;
    Ok(match shown {
        Some(_) => "/security/codes",
        None if visit.cookie.wanted().is_some() => "/setup",
        None => "/security#passkeys",
    })
}
