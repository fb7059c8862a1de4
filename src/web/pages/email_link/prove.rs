//! `/login/link`: an email link as the second step, and as the step-up.

use actix_web::HttpResponse;
use serde::Deserialize;

use super::{CodeForm, newest, not_sent, too_soon, waiting};
use crate::accounts::{Access, email_link};
use crate::db::magic_links::MagicLink;
use crate::mfa::magic_link::{Purpose, State, state};
use crate::web::pages::form::{Posted, Rejected};
use crate::web::pages::sign_in::LANDING;
use crate::web::pages::trusted_browsers::Ticked;
use crate::web::pages::views::{Code, EmailWaitPage, Flash, MailPurpose, When, masked};
use crate::web::pages::{
    PageResult, Visit, confirm, gate, local_path, old_page, render_form, second_step, see_other,
    trusted_browsers,
};

#[derive(Deserialize)]
pub(in crate::web) struct SendForm {
    #[serde(default)]
    return_to: String,
    #[serde(default)]
    trust: Ticked,
}

/// `POST /login/link`: sends a mail. Whether this browser is to be trusted is remembered until the link comes back.
pub(in crate::web) async fn send(visit: Visit, posted: Posted<SendForm>) -> PageResult {
    let Posted::Genuine(form) = posted else {
        return old_page(&visit);
    };
    visit.cookie.leave_trust(form.trust.is_on())?;
    let waiting = waiting(&visit, Purpose::Prove).await?;
    if let Some(rejected) = too_soon(&visit, waiting.as_ref()) {
        let (return_to, trust) = (&form.return_to, form.trust);
        return page(&visit, waiting.as_ref(), return_to, trust, Some(&rejected)).await;
    }
    let return_to = local_path::or(&form.return_to, "");
    let origin = visit.origin();
    match email_link::send_link(&visit.app, &origin, visit.caller()?, return_to).await {
        Ok(()) => Ok(see_other("/login/link")),
        Err(error) => {
            let rejected = not_sent(&visit, error)?;
            let waiting = waiting.as_ref();
            page(&visit, waiting, return_to, form.trust, Some(&rejected)).await
        }
    }
}

/// `GET /login/link`: waits for the link to be opened, or for the code.
pub(in crate::web) async fn show(visit: Visit) -> PageResult {
    let newest = newest(&visit, Purpose::Prove).await?;
    let access = visit.caller()?.access;
    match newest {
        Some(link) => match state(&link, visit.app.clock.now()) {
            State::Live => {
                let trust = Ticked(visit.cookie.wants_trust());
                page(&visit, Some(&link), &link.return_to, trust, None).await
            }
            // It was opened in another tab.
            State::Used(_) if access == Access::Full => {
                Ok(see_other(local_path::or(&link.return_to, LANDING)))
            }
            _ => Ok(see_other(&elsewhere(access, &link.return_to))),
        },
        None => Ok(see_other(&elsewhere(access, ""))),
    }
}

/// Where somebody belongs who waits for nothing.
fn elsewhere(access: Access, return_to: &str) -> String {
    match access {
        Access::FactorOwed if return_to.is_empty() => "/login/verify?method=email".to_owned(),
        Access::FactorOwed => {
            let verify = local_path::with("/login/verify", "return_to", return_to);
            format!("{verify}&method=email")
        }
        Access::MustEnrol => gate::gate(return_to),
        Access::Full => local_path::or(return_to, LANDING).to_owned(),
    }
}

/// The page that waits for this mail; without one, the page that offers it.
async fn page(
    visit: &Visit,
    waiting: Option<&MagicLink>,
    return_to: &str,
    trust: Ticked,
    rejected: Option<&Rejected>,
) -> PageResult {
    let is_owed = visit.caller()?.access == Access::FactorOwed;
    let Some(link) = waiting else {
        let word = Code::Mail.word();
        return if is_owed {
            second_step::page(visit, word, return_to, trust, rejected).await
        } else {
            confirm::page(visit, return_to, word, rejected).await
        };
    };
    let page = EmailWaitPage {
        frame: visit.frame_for(rejected)?,
        purpose: match is_owed {
            true => MailPurpose::SignIn,
            false => MailPurpose::Confirm,
        },
        address: masked(&link.address),
        until: When::clock(&visit.t, link.expires_at),
        return_to: local_path::or(&link.return_to, "").to_owned(),
        turns_on: false,
        trust: trusted_browsers::offer(visit, trust),
        back: LANDING,
    };
    render_form(rejected, &page)
}

/// `POST /login/link/code`: the code out of the mail.
pub(in crate::web) async fn submit_code(visit: Visit, posted: Posted<CodeForm>) -> PageResult {
    let waiting = waiting(&visit, Purpose::Prove).await?;
    let waiting = waiting.as_ref();
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => {
            let (return_to, rejected) = (&form.return_to, Rejected::stale());
            return page(&visit, waiting, return_to, form.trust, Some(&rejected)).await;
        }
    };
    let was_owed = visit.caller()?.access == Access::FactorOwed;
    let wants_trust = form.trust.is_on();
    match second_step::verify_code(&visit, Code::Mail, &form.code, wants_trust).await? {
        Ok(()) => {
            if was_owed {
                return Ok(see_other(&gate::landing(
                    &visit.caller()?.status,
                    &form.return_to,
                )));
            }
            visit.cookie.leave(&Flash::Confirmed)?;
            Ok(see_other(local_path::or(&form.return_to, LANDING)))
        }
        Err(rejected) => {
            let (return_to, trust) = (&form.return_to, form.trust);
            page(&visit, waiting, return_to, trust, Some(&rejected)).await
        }
    }
}

/// `GET /login/link/status`: 204 while there is something to wait for.
pub(in crate::web) async fn poll(visit: Visit) -> PageResult {
    let is_waiting = match &visit.caller {
        Some(_) => waiting(&visit, Purpose::Prove).await?.is_some(),
        None => false,
    };
    Ok(match is_waiting {
        true => HttpResponse::NoContent().finish(),
        false => HttpResponse::Ok().finish(),
    })
}
