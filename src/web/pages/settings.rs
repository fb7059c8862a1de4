//! What methods have in common: the end of a set-up, removing one, which is asked for first, and turning MFA off and on as a
//! whole.

use actix_web::http::StatusCode;
use serde::Deserialize;

use super::form::{NoFields, Posted, Rejected};
use super::views::{AfterRemoval, Flash, MfaOffPage, PrimaryPage, RemovePage};
use super::{PageResult, Visit, gate, old_page, render, render_form, see_other};
use crate::accounts::factors::Finished;
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

/// Where a proved method leads: the first one to its backup codes. The flashes are for the first one and for a further one.
pub(super) async fn after_set_up(
    visit: &Visit,
    finished: &Finished,
    first: Flash,
    further: Flash,
) -> PageResult {
    gate::renew(visit, &finished.tokens)?;
    if finished.is_first {
        let codes = factors::create_codes(&visit.app, &visit.origin(), visit.caller()?).await;
        if codes.is_ok() {
            visit.cookie.leave(&first)?;
            return Ok(see_other("/security/codes"));
        }
        // The method works; the security page says that there are no codes yet.
        log::warn!("backup codes could not be made after a first set-up");
    }
    visit.cookie.leave(&further)?;
    Ok(see_other(&gate::resume(visit)))
}

/// A method that is removed as a whole, and what its pages say and where they lead.
pub(super) struct Removal {
    pub(super) method: Method,
    pub(super) section: &'static str,
    pub(super) removed: Flash,
    pub(super) removed_next: fn(Method) -> Flash,
    pub(super) removed_last: Flash,
}

/// Removes a method.
pub(super) async fn remove_method(
    visit: &Visit,
    removal: &Removal,
    posted: &Posted<NoFields>,
) -> PageResult {
    if let Posted::Stale(_) = posted {
        return show_removal(visit, removal, Some(&Rejected::stale()));
    }
    let before = visit.caller()?.status.primary_method;
    let flash = match change(visit, Change::Remove(removal.method)).await {
        Ok(changed) => match changed.status.primary_method {
            None => removal.removed_last.clone(),
            Some(next) if before == Some(removal.method) => (removal.removed_next)(next),
            Some(_) => removal.removed.clone(),
        },
        // Removed already, on another device: that is what was asked for.
        Err(Error::Mfa(mfa::Error::NotConfigured)) => removal.removed.clone(),
        Err(Error::Mfa(mfa::Error::LastMethodRequired)) => {
            return show_removal(visit, removal, Some(&Rejected::conflict()));
        }
        Err(error) => return Err(error.into()),
    };
    visit.cookie.leave(&flash)?;
    Ok(see_other("/security"))
}

/// Asks before a method is removed, and says what that means.
pub(super) fn show_removal(
    visit: &Visit,
    removal: &Removal,
    rejected: Option<&Rejected>,
) -> PageResult {
    let (caller, method) = (visit.caller()?, removal.method);
    let status = &caller.status;
    let state = status.state_of(method);
    if !state.is_some_and(|state| state.is_configured) {
        return Ok(see_other(removal.section));
    }
    let left: Vec<Method> = status
        .enabled_methods
        .iter()
        .copied()
        .filter(|other| *other != method)
        .collect();
    let after = if !left.is_empty() {
        let next = Method::BY_STRENGTH
            .into_iter()
            .find(|other| left.contains(other));
        AfterRemoval::Others {
            left,
            next: next.filter(|_| status.primary_method == Some(method)),
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
    let page = RemovePage {
        frame: visit.frame_for(rejected)?,
        method,
        after,
        can_add_other: status
            .methods
            .iter()
            .any(|state| state.method != method && state.is_available),
    };
    render_form(rejected, &page)
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
