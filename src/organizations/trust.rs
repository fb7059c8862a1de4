//! For how many days members may have a browser trusted.

use chrono::TimeDelta;

use super::rights::as_administrator;
use crate::accounts::trusted_browsers::MAX_DAYS;
use crate::accounts::{Caller, Error};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::db::{Conn, organizations, trusted_browsers};

/// Stores for how many days members of the caller's organization may have a browser trusted; 0 is never. Fewer days hold for
/// browsers that are trusted already.
///
/// # Errors
///
/// [`Error::Field`] for days that are no number of them; [`Error::NoOrganization`] and [`Error::Forbidden`] without an
/// organization or the role.
pub fn set(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    days: i32,
) -> Result<(), Error> {
    as_administrator(conn, app, origin, caller, None, |conn, acting, now| {
        if !(0..=MAX_DAYS).contains(&days) {
            return Err(Error::Field("trustDays"));
        }
        let organization = &acting.organization;
        if days == organization.trust_days {
            return Ok(());
        }
        organizations::update_trust_days(conn, &organization.id, days, now)?;
        // Forgotten, so that more days do not bring them back.
        let proved_until = now - TimeDelta::days(days.into());
        trusted_browsers::delete_by_organization(conn, &organization.id, proved_until)?;
        let entry = Entry::success(Event::TrustDaysChanged)
            .of(&acting.administrator)
            .about(days.to_string());
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(())
    })
}
