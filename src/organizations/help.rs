//! Asking the administrators for a reset: for somebody who proved the password and can't prove anything else.

use chrono::TimeDelta;

use crate::accounts::users::Role;
use crate::accounts::{Access, Caller, Error, sessions};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::db::members::{self, Addressee};
use crate::db::{Conn, users, write};
use crate::mail::reset_request;

/// How often administrators are mailed about one member.
const PAUSE: TimeDelta = TimeDelta::days(1);

/// How many administrators are mailed.
const MAX_ASKED: i64 = 20;

/// Whether there is anybody to be asked: somebody else in the caller's organization who may reset the caller.
///
/// # Errors
///
/// Only the database's.
pub fn can_ask(conn: &mut Conn, caller: &Caller) -> Result<bool, Error> {
    Ok(caller.access == Access::FactorOwed && !administrators(conn, caller)?.is_empty())
}

fn administrators(conn: &mut Conn, caller: &Caller) -> Result<Vec<Addressee>, Error> {
    let Some(organization) = &caller.organization else {
        return Ok(Vec::new());
    };
    let (owner, administrator) = (Role::Owner.number(), Role::Administrators.number());
    let roles = match caller.user.role == owner {
        true => vec![owner],
        false => vec![owner, administrator],
    };
    // The caller may be one of them, which still leaves as many.
    let mut found =
        members::list_addressees_by_role(conn, &organization.id, &roles, MAX_ASKED + 1)?;
    found.retain(|one| one.id != caller.user.id);
    found.truncate(usize::try_from(MAX_ASKED).unwrap_or_default());
    Ok(found)
}

/// Mails the administrators of the caller's organization, once a day. Answers whether it did: asked again before, it does not.
///
/// # Errors
///
/// [`Error::NotFound`] when there is nobody to ask; [`Error::Forbidden`] for a session that owes nothing.
pub fn ask_for_reset(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
) -> Result<bool, Error> {
    if caller.access != Access::FactorOwed {
        return Err(Error::Forbidden);
    }
    let now = app.clock.now();
    write(conn, |conn| {
        let user = sessions::recheck(conn, app, caller, now)?;
        let administrators = administrators(conn, caller)?;
        if administrators.is_empty() {
            return Err(Error::NotFound);
        }
        if users::update_reset_requested(conn, &user.id, now - PAUSE, now)? == 0 {
            return Ok(false);
        }
        reset_request::ask(conn, &administrators, origin, &user, now)?;
        let entry = Entry::success(Event::ResetAsked).of(&user);
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(true)
    })
}
