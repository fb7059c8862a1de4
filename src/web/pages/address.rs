//! The address of the account: asking for another one, and confirming it with the link that was mailed there.

use actix_web::web;
use serde::Deserialize;

use super::form::{NoFields, Posted, Rejected};
use super::views::{AddressConfirmPage, AddressPage, Flash, FormProblem};
use super::{PageResult, Visit, render_form, see_other, welcome};
use crate::accounts::{Caller, Error, address as rules, link_requests};

#[derive(Deserialize, Default)]
pub(in crate::web) struct AddressForm {
    #[serde(default)]
    email: String,
}

/// `GET /security/address`
pub(in crate::web) async fn show(visit: Visit) -> PageResult {
    page(&visit, AddressForm::default(), None)
}

/// `POST /security/address`
pub(in crate::web) async fn submit(visit: Visit, posted: Posted<AddressForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => return page(&visit, form, Some(&Rejected::stale())),
    };
    if form.email.trim().is_empty() {
        let rejected = Rejected::fields(vec![FormProblem::EmailEmpty]);
        return page(&visit, form, Some(&rejected));
    }
    let (origin, caller) = (visit.origin(), visit.caller()?);
    let rejected =
        match link_requests::ask_for_address(&visit.app, &origin, caller, &form.email).await {
            Ok(address) => {
                visit.cookie.leave(&Flash::AddressLinkAsked(address))?;
                return Ok(see_other("/security"));
            }
            Err(Error::Field(_)) => Rejected::fields(vec![FormProblem::EmailFormat]),
            Err(Error::EmailTaken) => Rejected::fields(vec![FormProblem::EmailSame]),
            Err(Error::Throttled { retry_after }) => {
                let problem = FormProblem::MailThrottled(visit.until(retry_after));
                Rejected::throttled(retry_after, problem)
            }
            Err(error) => return Err(error.into()),
        };
    page(&visit, form, Some(&rejected))
}

fn page(visit: &Visit, form: AddressForm, rejected: Option<&Rejected>) -> PageResult {
    let page = AddressPage {
        frame: visit.frame_for(rejected)?,
        current: visit.caller()?.user.email.clone(),
        email: form.email,
    };
    render_form(rejected, &page)
}

/// `GET /security/address/confirm/{token}`: looking uses nothing up.
pub(in crate::web) async fn show_confirm(visit: Visit, token: web::Path<String>) -> PageResult {
    confirm_page(&visit, token.into_inner(), None).await
}

/// `POST /security/address/confirm/{token}`
pub(in crate::web) async fn confirm(
    visit: Visit,
    token: web::Path<String>,
    posted: Posted<NoFields>,
) -> PageResult {
    let token = token.into_inner();
    if let Posted::Stale(_) = posted {
        return confirm_page(&visit, token, Some(&Rejected::stale())).await;
    }
    let (origin, caller) = (visit.origin(), Caller::clone(visit.caller()?));
    let changed = visit
        .app
        .db(move |app, conn| rules::change(conn, app, &origin, &caller, &token))
        .await;
    match changed {
        Ok(address) => {
            visit.cookie.leave(&Flash::AddressChanged(address))?;
            Ok(see_other("/security"))
        }
        Err(Error::LinkSpent) => welcome::spent(&visit),
        Err(error) => Err(error.into()),
    }
}

async fn confirm_page(visit: &Visit, token: String, rejected: Option<&Rejected>) -> PageResult {
    let (asking, asked) = (Caller::clone(visit.caller()?), token.clone());
    let found = visit
        .app
        .db(move |app, conn| rules::find(conn, app, &asking, &asked))
        .await;
    let address = match found {
        Ok(address) => address,
        Err(Error::LinkSpent) => return welcome::spent(visit),
        Err(error) => return Err(error.into()),
    };
    let page = AddressConfirmPage {
        frame: visit.frame_for(rejected)?,
        token,
        current: visit.caller()?.user.email.clone(),
        address,
    };
    render_form(rejected, &page)
}
