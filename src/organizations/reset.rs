//! Resetting the MFA of a member who lost everything.

use super::rights::{as_administrator, managed};
use crate::accounts::users::is_unseen;
use crate::accounts::{Caller, Error};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::db::{Conn, users};
use crate::mfa::settings;

/// The longest reason that is kept, in characters.
pub const MAX_REASON: usize = 200;

/// Who is to be reset, and what comes with it.
#[derive(Debug, Clone)]
pub struct Order {
    /// The member.
    pub user_id: String,
    /// Whether a second factor is demanded of the member from now on; `None` leaves that as it is.
    pub demand: Option<bool>,
    /// Why, as typed; kept in the record.
    pub reason: Option<String>,
    /// The epoch of the account that was looked at when this was decided, where it was.
    pub seen: Option<i32>,
}

/// Whether this can be kept: not too long, and text that reads as it was typed.
fn is_reason(reason: &str) -> bool {
    let is_plain = |c: char| !c.is_control() && !is_unseen(c);
    reason.chars().count() <= MAX_REASON && reason.chars().all(is_plain)
}

/// Removes every method of a member of the caller's organization; their sessions, set-ups and codes die with it.
///
/// # Errors
///
/// [`Error::Forbidden`] without the role, which is looked at before the id is; for oneself; for an owner whom
/// an administrator would reset. [`Error::StrongProofOwed`] when only a backup code was proved.
/// [`Error::NotFound`] for an id that is unknown or belongs elsewhere. [`Error::Field`] for a reason that is too long or no
/// plain text. [`Error::Outdated`] when the member has been reset, or has set a first method up, since it was looked at.
pub fn member(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    order: &Order,
) -> Result<(), Error> {
    let user_id = order.user_id.as_str();
    let reason = order.reason.as_deref().map(str::trim);
    let reason = reason.filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| !is_reason(reason)) {
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
        if order.seen.is_some_and(|seen| seen != member.epoch) {
            return Err(Error::Outdated);
        }
        if let Some(demand) = order.demand {
            users::update_mfa_required(conn, &member.id, demand, now)?;
        }
        let by = acting.administrator.full_name();
        settings::reset_by_administrator(conn, &app.keys, origin, &member, Some(&by), now)?;
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
