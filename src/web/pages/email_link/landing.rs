//! The page behind the link of a mail. Any number of looks leaves the link as it is; a press of the button uses it up, in the
//! session that asked for it and nowhere else.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use crate::accounts::email_link::Opened;
use crate::accounts::{Access, Error, email_link, second_step as rules};
use crate::mfa;
use crate::mfa::magic_link::{Purpose, State};
use crate::web::error::Failure;
use crate::web::pages::form::{NoFields, Posted, Rejected};
use crate::web::pages::settings::after_set_up;
use crate::web::pages::sign_in::LANDING;
use crate::web::pages::trusted_browsers::Ticked;
use crate::web::pages::views::{Code, EmailLandingPage, Flash, Landing, MailPurpose, When};
use crate::web::pages::{PageResult, Visit, gate, local_path, render, see_other, trusted_browsers};
use crate::words::client;

#[derive(Deserialize)]
pub(in crate::web) struct LinkForm {
    #[serde(default)]
    trust: Ticked,
}

/// `GET /login/link/{token}`
pub(in crate::web) async fn open(visit: Visit, token: web::Path<String>) -> PageResult {
    page(&visit, &token, Purpose::Prove, None).await
}

/// `GET /security/email/confirm/{token}`
pub(in crate::web) async fn open_set_up(visit: Visit, token: web::Path<String>) -> PageResult {
    page(&visit, &token, Purpose::SetUp, None).await
}

/// `POST /login/link/{token}`: finishes the sign-in, or the step-up.
pub(in crate::web) async fn confirm(
    visit: Visit,
    token: web::Path<String>,
    posted: Posted<LinkForm>,
) -> PageResult {
    let (token, purpose) = (token.into_inner(), Purpose::Prove);
    let Some(opened) = own(&visit, &token, purpose).await? else {
        return page(&visit, &token, purpose, None).await;
    };
    let (LinkForm { trust }, is_genuine) = match posted {
        Posted::Genuine(form) => (form, true),
        Posted::Stale(form) => (form, false),
    };
    // The page again shows the box as it was.
    visit.cookie.leave_trust(trust.is_on())?;
    if !is_genuine {
        return page(&visit, &token, purpose, Some(&Rejected::stale())).await;
    }
    let (caller, origin) = (visit.caller()?, visit.origin());
    match rules::verify_link(&visit.app, &origin, caller, &token, trust.is_on()).await {
        Ok(verified) => {
            gate::renew(&visit, &verified.tokens)?;
            let return_to = &opened.link.return_to;
            if caller.access == Access::FactorOwed {
                return Ok(see_other(&gate::landing(&caller.status, return_to)));
            }
            visit.cookie.leave(&Flash::Confirmed)?;
            Ok(see_other(local_path::or(return_to, LANDING)))
        }
        Err(Error::Mfa(mfa::Error::SpentCode { .. })) => page(&visit, &token, purpose, None).await,
        Err(Error::Mfa(mfa::Error::NotEnabled | mfa::Error::NotConfigured)) => {
            Ok(see_other("/login/verify"))
        }
        Err(Error::Mfa(error)) => {
            let rejected = Rejected::by_code(&visit, error, Code::Mail, "")?;
            page(&visit, &token, purpose, Some(&rejected)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /security/email/confirm/{token}`: turns the method on.
pub(in crate::web) async fn confirm_set_up(
    visit: Visit,
    token: web::Path<String>,
    posted: Posted<NoFields>,
) -> PageResult {
    let (token, purpose) = (token.into_inner(), Purpose::SetUp);
    if own(&visit, &token, purpose).await?.is_none() {
        return page(&visit, &token, purpose, None).await;
    }
    if let Posted::Stale(_) = posted {
        return page(&visit, &token, purpose, Some(&Rejected::stale())).await;
    }
    let (caller, origin) = (visit.caller()?.as_ref().clone(), visit.origin());
    let typed = token.clone();
    let finished = visit
        .app
        .db(move |app, conn| email_link::finish_by_link(conn, app, &origin, &caller, &typed))
        .await;
    match finished {
        Ok(finished) => after_set_up(&visit, &finished, Flash::MailFirst, Flash::MailOn).await,
        Err(Error::LinkSpent) => page(&visit, &token, purpose, None).await,
        Err(error) => Err(error.into()),
    }
}

async fn find(visit: &Visit, token: &str, purpose: Purpose) -> Result<Option<Opened>, Failure> {
    let token = token.to_owned();
    visit
        .read(move |app, conn| email_link::open(conn, app, &token, purpose))
        .await
}

/// The mail, while it works and where this browser asked for it.
async fn own(visit: &Visit, token: &str, purpose: Purpose) -> Result<Option<Opened>, Failure> {
    let opened = find(visit, token, purpose).await?;
    Ok(opened.filter(|opened| opened.state == State::Live && is_own(visit, opened)))
}

fn is_own(visit: &Visit, opened: &Opened) -> bool {
    let caller = visit.caller.as_ref();
    caller.is_some_and(|caller| caller.session.id == opened.link.session_id)
}

async fn page(
    visit: &Visit,
    token: &str,
    purpose: Purpose,
    rejected: Option<&Rejected>,
) -> PageResult {
    let opened = find(visit, token, purpose).await?;
    // Where it was used there is nothing left to ask for.
    let again = opened
        .as_ref()
        .filter(|opened| is_own(visit, opened) && !matches!(opened.state, State::Used(_)))
        .map(|opened| opened.link.return_to.clone());
    let page = EmailLandingPage {
        frame: visit.frame_for(rejected)?,
        purpose: match (purpose, visit.caller.as_ref().map(|caller| caller.access)) {
            (Purpose::SetUp, _) => MailPurpose::SetUp,
            (Purpose::Prove, Some(Access::Full)) => MailPurpose::Confirm,
            (Purpose::Prove, _) => MailPurpose::SignIn,
        },
        token: token.to_owned(),
        landing: landing(visit, opened.as_ref()),
        trust: match purpose {
            Purpose::Prove => trusted_browsers::offer(visit, Ticked(visit.cookie.wants_trust())),
            Purpose::SetUp => None,
        },
        again,
    };
    if let Some(rejected) = rejected {
        return rejected.render(&page);
    }
    let status = match page.landing {
        Landing::Ready { .. } | Landing::Elsewhere => StatusCode::OK,
        _ => StatusCode::GONE,
    };
    render(status, &page)
}

fn landing(visit: &Visit, opened: Option<&Opened>) -> Landing {
    let t = &visit.t;
    let Some(opened) = opened else {
        return Landing::Unknown;
    };
    match (opened.state, opened.newer_sent_at) {
        (State::Used(at), _) => Landing::Used(When::utc(t, at)),
        (State::Replaced(_), Some(at)) => Landing::Newer(When::utc(t, at)),
        (State::Replaced(at), None) => Landing::Expired(When::utc(t, at)),
        (State::Expired, _) => Landing::Expired(When::utc(t, opened.link.expires_at)),
        (State::Live, _) if !is_own(visit, opened) => Landing::Elsewhere,
        (State::Live, _) => {
            let session = opened.session.as_ref();
            let client = session.and_then(|session| client::name(&visit.t, &session.user_agent));
            let address = session.map(|session| session.peer_address.clone());
            let parts = [client, address];
            Landing::Ready {
                account: opened.link.address.clone(),
                asked_by: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
                turns_on: opened.link.purpose == "set_up"
                    && visit
                        .caller
                        .as_ref()
                        .is_some_and(|caller| !caller.status.owes_factor),
            }
        }
    }
}
