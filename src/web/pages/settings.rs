//! Which method is asked for first, and turning MFA off and on as a whole.

use actix_web::http::StatusCode;
use serde::Deserialize;

use super::form::{NoFields, Posted, Rejected};
use super::views::{Flash, MfaOffPage, PrimaryPage};
use super::{PageResult, Visit, gate, old_page, render, render_form, see_other};
use crate::accounts::{Caller, Error, factors};
use crate::mfa::settings::{Change, Changed};
use crate::mfa::{self, Method};

/// Makes a change to the factors of whoever is signed in.
pub(super) async fn change(visit: &Visit, change: Change) -> Result<Changed, Error> {
    let caller = visit.caller().map_err(|_| Error::InvalidToken)?;
    let (caller, origin) = (Caller::clone(caller), visit.origin());
    visit
        .app
        .db(move |app, conn| factors::change(conn, app, &origin, &caller, change))
        .await
}

#[derive(Deserialize)]
pub(in crate::web) struct PrimaryForm {
    #[serde(default)]
    method: String,
}

/// `GET /security/primary`
pub(in crate::web) async fn show_primary(visit: Visit) -> PageResult {
    primary_page(&visit, None)
}

/// `POST /security/primary`
pub(in crate::web) async fn primary(visit: Visit, posted: Posted<PrimaryForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(_) => return primary_page(&visit, Some(&Rejected::stale())),
    };
    // Nothing else can be chosen on the page.
    let Some(method) = Method::from_wire(&form.method) else {
        return Ok(see_other("/security/primary"));
    };
    match change(&visit, Change::Primary(method)).await {
        Ok(_) => visit.cookie.leave(&Flash::PrimaryChanged(method))?,
        // Gone meanwhile, on another device: the page shows what there is.
        Err(Error::Mfa(mfa::Error::NotEnabled | mfa::Error::NotConfigured)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(see_other("/security"))
}

fn primary_page(visit: &Visit, rejected: Option<&Rejected>) -> PageResult {
    let status = &visit.caller()?.status;
    let Some(current) = status
        .primary_method
        .filter(|_| status.enabled_methods.len() > 1)
    else {
        return Ok(see_other("/security#primary"));
    };
    let page = PrimaryPage {
        frame: visit.frame_for(rejected)?,
        methods: status.enabled_methods.clone(),
        current,
    };
    render_form(rejected, &page)
}

/// `GET /security/mfa/off`
pub(in crate::web) async fn show_off(visit: Visit) -> PageResult {
    off_page(&visit, None)
}

/// `POST /security/mfa/off`
pub(in crate::web) async fn turn_off(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    if let Posted::Stale(_) = posted {
        return off_page(&visit, Some(&Rejected::stale()));
    }
    match change(&visit, Change::TurnOff).await {
        Ok(_) => {
            visit.cookie.leave(&Flash::MfaOff)?;
            Ok(see_other("/security"))
        }
        Err(Error::Mfa(mfa::Error::LastMethodRequired)) => {
            off_page(&visit, Some(&Rejected::conflict()))
        }
        Err(error) => Err(error.into()),
    }
}

fn off_page(visit: &Visit, rejected: Option<&Rejected>) -> PageResult {
    let caller = visit.caller()?;
    if !caller.status.owes_factor {
        return Ok(see_other("/security"));
    }
    let is_required = caller.status.is_required;
    let page = MfaOffPage {
        frame: visit.frame_for(rejected)?,
        required_by: is_required.then(|| gate::who_demands(&visit.t, caller)),
    };
    if rejected.is_none() && is_required {
        return render(StatusCode::FORBIDDEN, &page);
    }
    render_form(rejected, &page)
}

/// `POST /security/mfa/on`: the saved methods are in use again.
pub(in crate::web) async fn turn_on(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    if let Posted::Stale(_) = posted {
        return old_page(&visit);
    }
    change(&visit, Change::TurnOn).await?;
    visit.cookie.leave(&Flash::MfaOn)?;
    Ok(see_other("/security"))
}
