//! Resetting the MFA of a member who lost everything.

use super::members::is_administrator;
use crate::accounts::users::Role;
use crate::accounts::{Caller, Error, sessions};
use crate::activity::Origin;
use crate::app::App;
use crate::db::{Conn, is_storable, users, write};
use crate::mfa::settings;

/// Removes every method of a member of the caller's organization; their sessions, set-ups and codes die with
/// it. `demand` says whether a second factor is demanded of them from now on.
///
/// # Errors
///
/// [`Error::Forbidden`] without the role, which is looked at before the id is; for oneself; for an owner whom
/// an administrator would reset. [`Error::StrongProofOwed`] when only a backup code was proved.
/// [`Error::NotFound`] for an id that is unknown or belongs elsewhere.
pub fn member(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    user_id: &str,
    demand: Option<bool>,
) -> Result<(), Error> {
    let now = app.clock.now();
    if !is_administrator(&caller.user) || user_id == caller.user.id {
        return Err(Error::Forbidden);
    }
    if caller.used_backup_code() {
        return Err(Error::StrongProofOwed);
    }
    if !is_storable(user_id) {
        return Err(Error::NotFound);
    }
    write(conn, |conn| {
        // Both accounts are locked in one order: two administrators may reset each other at once.
        users::lock_all(conn, [&caller.user.id, user_id])?;
        let administrator = sessions::recheck(conn, app, caller, now)?;
        if !is_administrator(&administrator) {
            return Err(Error::Forbidden);
        }
        let member = users::find(conn, user_id)?
            .filter(|member| member.organization_id == administrator.organization_id)
            .ok_or(Error::NotFound)?;
        if member.role == Role::Owner.number() && administrator.role != Role::Owner.number() {
            return Err(Error::Forbidden);
        }
        if let Some(demand) = demand {
            users::update_mfa_required(conn, &member.id, demand, now)?;
        }
        settings::reset_by_administrator(conn, &app.keys, origin, &member, now)?;
        Ok(())
    })
}
