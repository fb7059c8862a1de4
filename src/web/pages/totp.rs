//! The authenticator app: scan, prove, move to a new phone, remove.

use serde::Deserialize;

use super::form::{NoFields, Posted, Rejected};
use super::settings::change;
use super::views::{AfterRemoval, AppRemovePage, AppSetupPage, Code, Flash, QrSvg, SetUpKind};
use super::{PageResult, Visit, gate, local_path, old_page, render_form, see_other, sign_in};
use crate::accounts::factors::{self, Finished};
use crate::accounts::{Access, Caller, Error};
use crate::mfa::settings::Change;
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
        Ok(finished) => finished_page(&visit, &finished, was_on).await,
        Err(Error::Mfa(mfa::Error::NoSetup)) => expired(&visit).await,
        Err(Error::Mfa(error)) => {
            let rejected = Rejected::by_code(&visit, error, Code::App, &form.code)?;
            setup_page(&visit, Some(&rejected)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Where a proved app leads: the first one to its backup codes.
async fn finished_page(visit: &Visit, finished: &Finished, was_on: bool) -> PageResult {
    sign_in::adopt(visit, &finished.tokens)?;
    if finished.is_first {
        let codes = factors::create_codes(&visit.app, &visit.origin(), visit.caller()?).await;
        if codes.is_ok() {
            visit.cookie.leave(&Flash::AppFirst)?;
            return Ok(see_other("/security/codes"));
        }
        // The app works; the security page says that there are no codes yet.
        log::warn!("backup codes could not be made after a first set-up");
    }
    let flash = if was_on {
        Flash::AppReplaced
    } else {
        Flash::AppOn
    };
    visit.cookie.leave(&flash)?;
    Ok(see_other("/security"))
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
        return Ok(see_other(match caller.access {
            Access::MustEnrol => "/setup",
            Access::Full | Access::FactorOwed => "/security#app",
        }));
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
        uri,
    };
    render_form(rejected, &page)
}

fn is_on(caller: &Caller) -> bool {
    caller.status.enabled_methods.contains(&Method::Totp)
}

/// `GET /security/app/remove`
pub(in crate::web) async fn show_remove(visit: Visit) -> PageResult {
    remove_page(&visit, None)
}

/// `POST /security/app/remove`
pub(in crate::web) async fn remove(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    if let Posted::Stale(_) = posted {
        return remove_page(&visit, Some(&Rejected::stale()));
    }
    let before = visit.caller()?.status.primary_method;
    let flash = match change(&visit, Change::Remove(Method::Totp)).await {
        Ok(changed) => match changed.status.primary_method {
            None => Flash::AppRemovedLast,
            Some(next) if before == Some(Method::Totp) => Flash::AppRemovedNext(next),
            Some(_) => Flash::AppRemoved,
        },
        // Removed already, on another device: that is what was asked for.
        Err(Error::Mfa(mfa::Error::NotConfigured)) => Flash::AppRemoved,
        Err(Error::Mfa(mfa::Error::LastMethodRequired)) => {
            return remove_page(&visit, Some(&Rejected::conflict()));
        }
        Err(error) => return Err(error.into()),
    };
    visit.cookie.leave(&flash)?;
    Ok(see_other("/security"))
}

fn remove_page(visit: &Visit, rejected: Option<&Rejected>) -> PageResult {
    let caller = visit.caller()?;
    let status = &caller.status;
    let state = status.state_of(Method::Totp);
    if !state.is_some_and(|state| state.is_configured) {
        return Ok(see_other("/security#app"));
    }
    let left: Vec<Method> = status
        .enabled_methods
        .iter()
        .copied()
        .filter(|method| *method != Method::Totp)
        .collect();
    let after = if !left.is_empty() {
        let next = Method::BY_STRENGTH
            .into_iter()
            .find(|method| left.contains(method));
        AfterRemoval::Others {
            left,
            next: next.filter(|_| status.primary_method == Some(Method::Totp)),
        }
    } else if status.is_required && status.owes_factor {
        AfterRemoval::Refused {
            organization: gate::who_demands(&visit.t, caller),
        }
    } else if status.owes_factor {
        AfterRemoval::TurnsOff
    } else {
        AfterRemoval::Others { left, next: None }
    };
    let page = AppRemovePage {
        frame: visit.frame_for(rejected)?,
        after,
        can_add_other: status
            .methods
            .iter()
            .any(|state| state.method != Method::Totp && state.is_available),
    };
    render_form(rejected, &page)
}
