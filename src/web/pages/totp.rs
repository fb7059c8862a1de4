//! The authenticator app: scan, prove, move to a new phone, remove.

use serde::Deserialize;

use super::form::{NoFields, Posted, Rejected};
use super::settings::{Removal, after_set_up, remove_method, show_removal};
use super::views::{AppSetupPage, Code, Flash, QrSvg, SetUpKind};
use super::{PageResult, Visit, gate, local_path, old_page, render_form, see_other};
use crate::accounts::factors;
use crate::accounts::{Caller, Error};
use crate::mfa::totp::{ISSUER, SetUp};
use crate::mfa::{self, Method};
use crate::web::error::{Failure, PageError};
use crate::web::qr::Qr;

const SET_UP: &str = "/security/app";

/// `POST /security/app`: starts a set-up, or starts it over.
pub(in crate::web) async fn start(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    if let Posted::Stale(_) = posted {
        return old_page(&visit);
    }
    begin(&visit, None).await
}

async fn begin(visit: &Visit, flash: Option<Flash>) -> PageResult {
    let started = factors::start_totp(&visit.app, &visit.origin(), visit.caller()?).await;
    match started {
        Ok(()) => {
            if let Some(flash) = flash {
                visit.cookie.leave(&flash)?;
            }
            Ok(see_other(SET_UP))
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /security/app`: what waits to be proved. Looking starts nothing.
pub(in crate::web) async fn show(visit: Visit) -> PageResult {
    setup_page(&visit, None).await
}

#[derive(Deserialize)]
pub(in crate::web) struct CodeForm {
    #[serde(default)]
    code: String,
}

/// `POST /security/app/code`: proves the app.
pub(in crate::web) async fn finish(visit: Visit, posted: Posted<CodeForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(_) => return setup_page(&visit, Some(&Rejected::stale())).await,
    };
    let was_on = is_on(visit.caller()?);
    let (caller, origin, code) = (
        Caller::clone(visit.caller()?),
        visit.origin(),
        form.code.clone(),
    );
    let finished = visit
        .app
        .db(move |app, conn| factors::finish_totp(conn, app, &origin, &caller, &code))
        .await;
    match finished {
        Ok(finished) => {
            let flash = match was_on {
                true => Flash::AppReplaced,
                false => Flash::AppOn,
            };
            after_set_up(&visit, &finished, Flash::AppFirst, flash).await
        }
        Err(Error::Mfa(mfa::Error::NoSetup)) => expired(&visit).await,
        Err(Error::Mfa(error)) => {
            let rejected = Rejected::by_code(&visit, error, Code::App, &form.code)?;
            setup_page(&visit, Some(&rejected)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A set-up that ran out while its page was open: a new one, where the session may start it.
async fn expired(visit: &Visit) -> PageResult {
    let (ttl, now) = (visit.app.config.lifetimes.step_up, visit.app.clock.now());
    if visit.caller()?.has_fresh_proof(ttl, now) {
        return begin(visit, Some(Flash::AppSetUpExpired)).await;
    }
    Ok(see_other(&local_path::with(
        "/confirm",
        "next",
        "/security",
    )))
}

async fn waiting(visit: &Visit) -> Result<Option<SetUp>, PageError> {
    let caller = Caller::clone(visit.caller()?);
    let found = visit
        .app
        .db(move |app, conn| factors::find_totp(conn, app, &caller, app.clock.now()))
        .await;
    match found {
        Ok(setup) => Ok(Some(setup)),
        Err(Error::Mfa(mfa::Error::NoSetup)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What waits to be proved, for the first time or again; where it belongs, when nothing does.
async fn setup_page(visit: &Visit, rejected: Option<&Rejected>) -> PageResult {
    let caller = visit.caller()?;
    let Some(setup) = waiting(visit).await? else {
        return Ok(see_other(gate::back(visit, "/security#app")?));
    };
    let uri = setup.uri().map_err(Failure::from)?;
    let qr = Qr::new(&uri)?;
    let page = AppSetupPage {
        frame: visit.frame_for(rejected)?,
        kind: if is_on(caller) {
            SetUpKind::Move
        } else if caller.status.is_enabled {
            SetUpKind::Further
        } else {
            SetUpKind::First
        },
        qr: QrSvg::draw(qr.width(), |x, y| qr.is_dark(x, y)),
        key: setup.secret().map_err(Failure::from)?,
        account: caller.user.email.clone(),
        issuer: ISSUER.to_owned(),
        back: gate::back(visit, "/security")?,
        uri,
    };
    render_form(rejected, &page)
}

fn is_on(caller: &Caller) -> bool {
    caller.status.enabled_methods.contains(&Method::Totp)
}

const REMOVAL: Removal = Removal {
    method: Method::Totp,
    section: "/security#app",
    removed: Flash::AppRemoved,
    removed_next: Flash::AppRemovedNext,
    removed_last: Flash::AppRemovedLast,
};

/// `GET /security/app/remove`
pub(in crate::web) async fn show_remove(visit: Visit) -> PageResult {
    show_removal(&visit, &REMOVAL, None)
}

/// `POST /security/app/remove`
pub(in crate::web) async fn remove(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    remove_method(&visit, &REMOVAL, &posted).await
}
