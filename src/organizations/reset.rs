//! Resetting the MFA of a member who lost everything.

use super::rights::{as_administrator, managed};
use crate::accounts::{Caller, Error};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::db::{Conn, users};
use crate::mfa::settings;

/// The longest reason that is kept, in characters.
pub const MAX_REASON: usize = 200;

/// Removes every method of a member of the caller's organization; their sessions, set-ups and codes die with
/// it. `demand` says whether a second factor is demanded of them from now on; `reason` is kept in the record.
///
/// # Errors
///
/// [`Error::Forbidden`] without the role, which is looked at before the id is; for oneself; for an owner whom
/// an administrator would reset. [`Error::StrongProofOwed`] when only a backup code was proved.
/// [`Error::NotFound`] for an id that is unknown or belongs elsewhere. [`Error::Field`] for a reason that is too long.
pub fn member(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    user_id: &str,
    demand: Option<bool>,
    reason: Option<&str>,
) -> Result<(), Error> {
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        return Err(Error::Field("reason"));
    }
    if managed(caller).is_ok() && user_id != caller.user.id && caller.used_backup_code() {
        return Err(Error::StrongProofOwed);
    }
    let id = Some(user_id);
    as_administrator(conn, app, origin, caller, id, |conn, acting, now| {
        if user_id == acting.administrator.id {
            return Err(Error::Forbidden);
        }
        let member = acting.member(conn, user_id)?;
        if let Some(demand) = demand {
            users::update_mfa_required(conn, &member.id, demand, now)?;
        }
        settings::reset_by_administrator(conn, &app.keys, origin, &member, now)?;
        let about = match reason {
            Some(reason) => format!("{}: {reason}", member.email),
            None => member.email,
        };
        let entry = Entry::success(Event::MemberReset)
            .of(&acting.administrator)
            .about(about);
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(())
    })
}
