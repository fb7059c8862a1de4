//! `/security/devices`: signing out one device, or all but this one after a page that names the count.

use actix_web::http::StatusCode;
use serde::Deserialize;

use super::form::{Posted, Rejected};
use super::views::{DevicesPage, Flash};
use super::{PageResult, Visit, device, render, see_other};
use crate::accounts::sessions;
use crate::accounts::{Caller, Error};
use crate::db::write;
use crate::web::error::Failure;

/// What the form sends instead of a session's id to mean all others.
const OTHERS: &str = "others";

/// `GET /security/devices`
pub(in crate::web) async fn show(visit: Visit) -> PageResult {
    let frame = visit.frame()?;
    render(
        StatusCode::OK,
        &DevicesPage {
            frame,
            others: count_others(&visit).await?,
        },
    )
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
        Posted::Stale(_) => {
            let rejected = Rejected::stale();
            let frame = visit.frame_with(&rejected.problems)?;
            return rejected.render(&DevicesPage {
                frame,
                others: count_others(&visit).await?,
            });
        }
    };
    let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
    let flash = if form.session == OTHERS {
        let ended = visit
            .app
            .db(move |app, conn| {
                write(conn, |conn| {
                    sessions::revoke_others(conn, app, &origin, &caller, app.clock.now())
                })
            })
            .await?;
        Some(Flash::OthersSignedOut(ended))
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
            Ok(session) => Some(Flash::DeviceSignedOut(
                device::row(&visit.t, &session, visit.caller()?).title(&visit.t),
            )),
            // Pressed twice, or on two devices: it is signed out, which is what was asked for.
            Err(Error::NotFound) => None,
            Err(error) => return Err(error.into()),
        }
    };
    if let Some(flash) = flash {
        visit.cookie.leave(&flash)?;
    }
    Ok(see_other("/security#devices"))
}

async fn count_others(visit: &Visit) -> Result<usize, Failure> {
    let caller = Caller::clone(visit.caller()?);
    let live = visit
        .app
        .db(move |app, conn| sessions::list(conn, app, &caller, app.clock.now()))
        .await?;
    Ok(live.len().saturating_sub(1))
}
