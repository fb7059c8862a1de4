//! `/security/devices`: signing out one device, or all but this one after a page that names the count.

use actix_web::web;
use serde::Deserialize;

use super::form::{Posted, Rejected};
use super::views::{DevicesPage, Flash};
use super::{PageResult, Visit, device, render_form, see_other};
use crate::accounts::{Caller, Error, sessions, trusted_browsers};
use crate::db::write;

/// Where the devices are listed.
const LIST: &str = "/security#devices";

/// Which device the page is about; all others without one.
#[derive(Deserialize)]
pub(in crate::web) struct Target {
    #[serde(default)]
    session: String,
}

/// `GET /security/devices`
pub(in crate::web) async fn show(visit: Visit, query: web::Query<Target>) -> PageResult {
    page(&visit, &query.session, None).await
}

#[derive(Deserialize)]
pub(in crate::web) struct SignOutForm {
    /// The session to end, or the word for all others.
    #[serde(default)]
    session: String,
}

/// `POST /security/devices`
pub(in crate::web) async fn submit(visit: Visit, posted: Posted<SignOutForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => return page(&visit, &form.session, Some(Rejected::stale())).await,
    };
    let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
    let flash = if form.session == DevicesPage::OTHERS {
        let ended = visit
            .app
            .db(move |app, conn| {
                write(conn, |conn| {
                    sessions::revoke_others(conn, app, &origin, &caller, app.clock.now())
                })
            })
            .await?;
        Flash::OthersSignedOut(ended)
    } else {
        let ended = visit
            .app
            .db(move |app, conn| {
                let now = app.clock.now();
                write(conn, |conn| {
                    sessions::revoke(conn, app, &origin, &caller, &form.session, None, now)
                })
            })
            .await;
        match ended {
            Ok(session) => Flash::DeviceSignedOut(
                device::row(&visit.t, &session, visit.caller()?).title(&visit.t),
            ),
            // Pressed twice, or on two devices: it is signed out, which is what was asked for.
            Err(Error::NotFound) => return Ok(see_other(LIST)),
            Err(error) => return Err(error.into()),
        }
    };
    visit.cookie.leave(&flash)?;
    // Not to the list: it would scroll what is said out of sight.
    Ok(see_other("/security"))
}

/// The page that asks before anything is signed out, for the first time or again.
async fn page(visit: &Visit, session: &str, rejected: Option<Rejected>) -> PageResult {
    let caller = Caller::clone(visit.caller()?);
    let (live, trusted) = visit
        .app
        .db(move |app, conn| {
            let (organization, now) = (caller.organization.as_ref(), app.clock.now());
            let trusted = trusted_browsers::list(conn, &caller.user.id, organization, now)?;
            Ok::<_, Error>((sessions::list(conn, app, &caller, now)?, trusted))
        })
        .await?;
    let device = match session {
        "" | DevicesPage::OTHERS => None,
        id => match live.iter().find(|live| live.id == id) {
            Some(found) if found.id != visit.caller()?.session.id => {
                Some(device::row(&visit.t, found, visit.caller()?))
            }
            // Signed out meanwhile, or the one that asks: nothing to decide here.
            Some(_) | None => return Ok(see_other(LIST)),
        },
    };
    let page = DevicesPage {
        frame: visit.frame_for(rejected.as_ref())?,
        device,
        others: live.len().saturating_sub(1),
        ends_trust: !trusted.is_empty(),
    };
    render_form(rejected.as_ref(), &page)
}
