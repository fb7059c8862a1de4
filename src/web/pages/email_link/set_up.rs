//! `/security/email`: setting the email link up.

use super::{CodeForm, not_sent, too_soon, waiting};
use crate::accounts::{Error, email_link};
use crate::db::magic_links::MagicLink;
use crate::mfa::magic_link::Purpose;
use crate::mfa::{self, Method};
use crate::web::pages::form::{NoFields, Posted, Rejected};
use crate::web::pages::settings::after_set_up;
use crate::web::pages::views::{
    Code, EmailSetupPage, EmailWaitPage, Flash, FormProblem, MailPurpose, When, masked,
};
use crate::web::pages::{PageResult, Visit, gate, render_form, see_other};

const SET_UP: &str = "/security/email";

/// `GET /security/email`: what the method is; or, once a mail is on its way, where its code is typed.
pub(in crate::web) async fn show_set_up(visit: Visit) -> PageResult {
    let status = &visit.caller()?.status;
    if status.enabled_methods.contains(&Method::MagicLink) {
        return Ok(see_other("/security"));
    }
    let waiting = waiting(&visit, Purpose::SetUp).await?;
    page(&visit, waiting.as_ref(), None)
}

/// `POST /security/email`: sends the mail.
pub(in crate::web) async fn start(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    let waiting = waiting(&visit, Purpose::SetUp).await?;
    if let Posted::Stale(_) = posted {
        return page(&visit, waiting.as_ref(), Some(&Rejected::stale()));
    }
    if let Some(rejected) = too_soon(&visit, waiting.as_ref()) {
        return page(&visit, waiting.as_ref(), Some(&rejected));
    }
    match email_link::start_set_up(&visit.app, &visit.origin(), visit.caller()?).await {
        Ok(()) => Ok(see_other(SET_UP)),
        Err(error) => {
            let rejected = not_sent(&visit, error)?;
            page(&visit, waiting.as_ref(), Some(&rejected))
        }
    }
}

/// `POST /security/email/code`: turns the method on by the code of the mail.
pub(in crate::web) async fn submit_set_up_code(
    visit: Visit,
    posted: Posted<CodeForm>,
) -> PageResult {
    let waiting = waiting(&visit, Purpose::SetUp).await?;
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(_) => return page(&visit, waiting.as_ref(), Some(&Rejected::stale())),
    };
    let (caller, origin) = (visit.caller()?.as_ref().clone(), visit.origin());
    let code = form.code.clone();
    let finished = visit
        .app
        .db(move |app, conn| email_link::finish_by_code(conn, app, &origin, &caller, &code))
        .await;
    match finished {
        Ok(finished) => after_set_up(&visit, &finished, Flash::MailFirst, Flash::MailOn).await,
        Err(Error::Mfa(mfa::Error::NoSetup)) => {
            let rejected = Rejected::fields(vec![FormProblem::MailCodeOver]);
            page(&visit, None, Some(&rejected))
        }
        Err(Error::Mfa(error)) => {
            let rejected = Rejected::by_code(&visit, error, Code::Mail, &form.code)?;
            page(&visit, waiting.as_ref(), Some(&rejected))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(visit: &Visit, waiting: Option<&MagicLink>, rejected: Option<&Rejected>) -> PageResult {
    let caller = visit.caller()?;
    let back = gate::back(visit, "/security")?;
    let state = caller.status.state_of(Method::MagicLink);
    if !state.is_some_and(|state| state.is_available) {
        return Ok(see_other(back));
    }
    let frame = visit.frame_for(rejected)?;
    match waiting {
        None => {
            let page = EmailSetupPage {
                frame,
                address: caller.user.email.clone(),
                back,
            };
            render_form(rejected, &page)
        }
        Some(link) => {
            let page = EmailWaitPage {
                frame,
                purpose: MailPurpose::SetUp,
                address: masked(&link.address),
                until: When::clock(&visit.t, link.expires_at),
                return_to: String::new(),
                trust: None,
                turns_on: !caller.status.owes_factor,
                back,
            };
            render_form(rejected, &page)
        }
    }
}
