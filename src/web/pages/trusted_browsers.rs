//! Trusted browsers: the box at the second step that asks for it, and `/security/trusted/{id}/stop`.

use actix_web::web;
use serde::{Deserialize, Deserializer};

use super::form::{NoFields, Posted};
use super::views::{Flash, TrustBox};
use super::{PageResult, Visit, device, old_page, see_other};
use crate::accounts::{Caller, Error, trusted_browsers};
use crate::db::write;
use crate::words::client;

/// Where they are listed.
const LIST: &str = "/security#trusted";

/// Whether a box was ticked. One that was not sends nothing.
#[derive(Clone, Copy, Default)]
pub(in crate::web) struct Ticked(pub(super) bool);

impl Ticked {
    pub(super) const fn is_on(self) -> bool {
        self.0
    }
}

impl<'de> Deserialize<'de> for Ticked {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(from)? == TrustBox::ON))
    }
}

/// The box, where trust can be had: at the end of a sign-in, if the organization allows it.
pub(super) fn offer(visit: &Visit, ticked: Ticked) -> Option<TrustBox> {
    let days = trusted_browsers::offered(visit.caller.as_ref()?)?;
    let is_ticked = ticked.is_on();
    Some(TrustBox { days, is_ticked })
}

/// `POST /security/trusted/{id}/stop`
pub(in crate::web) async fn stop(
    visit: Visit,
    id: web::Path<String>,
    posted: Posted<NoFields>,
) -> PageResult {
    if let Posted::Stale(_) = posted {
        return old_page(&visit);
    }
    let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
    let stopped = visit
        .app
        .db(move |app, conn| {
            let now = app.clock.now();
            write(conn, |conn| {
                trusted_browsers::stop(conn, app, &origin, &caller, &id, now)
            })
        })
        .await;
    let browser = match stopped {
        Ok(browser) => browser,
        // Pressed twice, or ended meanwhile: it is not trusted, which is what was asked for.
        Err(Error::NotFound) => return Ok(see_other(LIST)),
        Err(error) => return Err(error.into()),
    };
    let name = device::client_name(&visit.t, client::of(&browser.user_agent));
    visit.cookie.leave(&Flash::TrustStopped(name))?;
    // Not to the list: it would scroll what is said out of sight.
    Ok(see_other("/security"))
}
