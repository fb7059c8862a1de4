//! Changes to an account's factors: switched on and off, put first, removed, reset. What a single method
//! needs stands in that method's file.
//!
//! Everything here runs in the caller's transaction and takes the account's lock first, so that two changes
//! at once, from two devices, happen one after the other, each judged by what the other left.

use chrono::NaiveDateTime;

use super::status::{Server, Status};
use super::{Error, Method, attempts, backup_codes, status};
use crate::activity::{self, Entry, Event, Origin};
use crate::crypto::keyring::Keyring;
use crate::db::factors::Factor;
use crate::db::users::User;
use crate::db::{
    Conn, factors, magic_links, new_id, one_time_links, passkey_ceremonies, passkeys, sessions,
    totp_setups, users,
};

/// A change that somebody makes to their own factors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Switch a configured method on.
    Enable(Method),
    /// Switch a method off; what was configured is kept.
    Disable(Method),
    /// Ask for this method first.
    Primary(Method),
    /// Remove a method and what was configured.
    Remove(Method),
    /// Remove a passkey, and with the last one that can be used the method.
    RemovePasskey {
        /// Its id.
        id: String,
        /// The domain that passkeys are bound to now; those of another one cannot be used.
        rp_id: Option<String>,
    },
    /// Switch every configured method on.
    TurnOn,
    /// Switch every method off; what was configured is kept.
    TurnOff,
    /// Remove every method, pending set-up and backup code.
    Reset,
}

/// What a change did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The state after it.
    pub status: Status,
    /// There was anything to change.
    pub did_anything: bool,
    /// Every other session has to end. The account's epoch was raised for it.
    pub ends_sessions: bool,
}

/// Makes a change.
///
/// # Errors
///
/// [`Error::NotConfigured`] for a method that was never set up; [`Error::NotEnabled`] for putting one first
/// that is not in use; [`Error::LastMethodRequired`] when the account would be left without a method that
/// has to have one.
pub fn change(
    conn: &mut Conn,
    server: &Server,
    user_id: &str,
    change: &Change,
    now: NaiveDateTime,
) -> Result<Changed, Error> {
    if !users::lock(conn, user_id)? {
        return Err(Error::NotFound);
    }
    let before = status::load(conn, user_id, server, now)?;
    let did_anything = apply(conn, user_id, &before, change, now)?;
    let after = status::load(conn, user_id, server, now)?;
    let takes_away = matches!(
        change,
        Change::Disable(_)
            | Change::Remove(_)
            | Change::RemovePasskey { .. }
            | Change::TurnOff
            | Change::Reset
    );
    // A suspended method is still owed, so it must not be thrown away either: the password would be enough.
    let leaves_nothing = before.is_enabled && !after.is_enabled
        || before.owes_factor && !after.owes_factor
        || *change == Change::Reset;
    if takes_away && before.is_required && leaves_nothing {
        return Err(Error::LastMethodRequired);
    }
    keep_primary(conn, user_id, &after, now)?;
    let turns_on = !before.owes_factor && after.owes_factor;
    let ends_sessions = did_anything && (takes_away || turns_on);
    if ends_sessions {
        users::raise_epoch(conn, user_id, now)?;
    }
    Ok(Changed {
        status: after,
        did_anything,
        ends_sessions,
    })
}

/// Writes a change. Answers whether there was anything to do.
fn apply(
    conn: &mut Conn,
    user_id: &str,
    before: &Status,
    change: &Change,
    now: NaiveDateTime,
) -> Result<bool, Error> {
    let rows = match *change {
        Change::Enable(method) | Change::Disable(method) => {
            configured(before, method)?;
            let on = matches!(change, Change::Enable(_));
            factors::update_enabled(conn, user_id, Some(method.column()), on)?
        }
        Change::TurnOn | Change::TurnOff => {
            let on = *change == Change::TurnOn;
            factors::update_enabled(conn, user_id, None, on)?
        }
        Change::Primary(method) => {
            configured(before, method)?;
            if !before.enabled_methods.contains(&method) {
                return Err(Error::NotEnabled);
            }
            if before.primary_method == Some(method) {
                0
            } else {
                users::update_primary_method(conn, user_id, Some(method.column()), now)?
            }
        }
        Change::Remove(method) => {
            configured(before, method)?;
            factors::delete(conn, user_id, method.column())?
        }
        Change::RemovePasskey { ref id, ref rp_id } => {
            remove_passkey(conn, user_id, id, rp_id.as_deref())?
        }
        Change::Reset => {
            remove_everything(conn, user_id, now)?;
            1
        }
    };
    if matches!(
        change,
        Change::Disable(Method::Totp) | Change::Remove(Method::Totp)
    ) {
        totp_setups::delete_by_user(conn, user_id)?;
    }
    let takes_passkeys = matches!(
        change,
        Change::Disable(Method::Passkey)
            | Change::Remove(Method::Passkey)
            | Change::RemovePasskey { .. }
            | Change::TurnOff
    );
    let takes_links = matches!(
        change,
        Change::Disable(Method::MagicLink) | Change::Remove(Method::MagicLink) | Change::TurnOff
    );
    if takes_links {
        magic_links::update_replaced(conn, user_id, None, None, now)?;
    }
    if takes_passkeys {
        // What was begun before would bring the method back.
        passkey_ceremonies::delete_by_user(conn, user_id)?;
    }
    Ok(rows > 0)
}

fn remove_passkey(
    conn: &mut Conn,
    user_id: &str,
    id: &str,
    rp_id: Option<&str>,
) -> Result<usize, Error> {
    if passkeys::delete(conn, user_id, id)? == 0 {
        return Err(Error::NotFound);
    }
    // Those of a domain of before are of no use, and would only keep the method owed.
    let left = passkeys::list_by_user(conn, user_id)?;
    if !left
        .iter()
        .any(|passkey| Some(passkey.rp_id.as_str()) == rp_id)
    {
        factors::delete(conn, user_id, Method::Passkey.column())?;
    }
    Ok(1)
}

/// The row of a method, proved and switched on, whether it was there or not. Answers its id.
pub(super) fn enable_factor(
    conn: &mut Conn,
    user_id: &str,
    method: Method,
    now: NaiveDateTime,
) -> Result<String, Error> {
    if let Some(id) = factors::update_proved(conn, user_id, method.column(), now)? {
        return Ok(id);
    }
    let factor = Factor {
        id: new_id(),
        user_id: user_id.to_owned(),
        method: method.column().to_owned(),
        verified_at: Some(now),
        enabled: true,
        suspended_at: None,
        last_used_at: None,
    };
    factors::insert(conn, &factor, now)?;
    Ok(factor.id)
}

/// Records that a method was proved at its set-up. The first one that is in use becomes primary and turns
/// MFA on, which every other session has to end for.
///
/// # Errors
///
/// [`Error::NotAvailable`] for a method that is not allowed any more.
pub fn set_up(
    conn: &mut Conn,
    server: &Server,
    user_id: &str,
    method: Method,
    before: &Status,
    now: NaiveDateTime,
) -> Result<Changed, Error> {
    let state = before.state_of(method);
    if !state.is_some_and(|state| state.is_available) {
        return Err(Error::NotAvailable);
    }
    if !before.is_enabled {
        users::update_primary_method(conn, user_id, Some(method.column()), now)?;
    }
    users::update_reset_done(conn, user_id)?;
    // A method that was just bound anew starts with a clean count, and codes that were switched off are on again.
    attempts::clear(conn, user_id)?;
    let turns_on = !before.owes_factor;
    if turns_on {
        users::raise_epoch(conn, user_id, now)?;
    }
    Ok(Changed {
        status: status::load(conn, user_id, server, now)?,
        did_anything: true,
        ends_sessions: turns_on,
    })
}

/// Stores the method that is asked for first from now on, when the chosen one cannot be used any more.
fn keep_primary(
    conn: &mut Conn,
    user_id: &str,
    after: &Status,
    now: NaiveDateTime,
) -> Result<(), Error> {
    if let Some(primary) = after.primary_method {
        let user = users::find(conn, user_id)?.ok_or(Error::NotFound)?;
        if user.primary_method.as_deref() != Some(primary.column()) {
            users::update_primary_method(conn, user_id, Some(primary.column()), now)?;
        }
    }
    Ok(())
}

fn configured(status: &Status, method: Method) -> Result<(), Error> {
    match status.state_of(method) {
        Some(state) if state.is_configured => Ok(()),
        Some(_) | None => Err(Error::NotConfigured),
    }
}

/// Removes every method, backup code, pending set-up and count of an account.
fn remove_everything(conn: &mut Conn, user_id: &str, now: NaiveDateTime) -> Result<(), Error> {
    backup_codes::remove(conn, user_id)?;
    totp_setups::delete_by_user(conn, user_id)?;
    passkey_ceremonies::delete_by_user(conn, user_id)?;
    magic_links::update_replaced(conn, user_id, None, None, now)?;
    attempts::clear(conn, user_id)?;
    factors::delete_by_user(conn, user_id)?;
    Ok(())
}

/// Removes every method of `user` on somebody else's word: that of an administrator with this name, or the operator's.
///
/// Their sessions die with it, and the next sign-in meets whatever the organization then demands.
///
/// # Errors
///
/// [`Error::NotFound`] when the account is gone.
pub fn reset_by_administrator(
    conn: &mut Conn,
    keys: &Keyring,
    origin: &Origin,
    user: &User,
    by: Option<&str>,
    now: NaiveDateTime,
) -> Result<(), Error> {
    if !users::lock(conn, &user.id)? {
        return Err(Error::NotFound);
    }
    remove_everything(conn, &user.id, now)?;
    users::update_mfa_reset(conn, &user.id, now)?;
    sessions::update_others_ended(conn, &user.id, None, now)?;
    one_time_links::delete_by_user(conn, &user.id)?;
    let entry = Entry::success(Event::MfaReset).of(user).by("administrator");
    let entry = match by {
        Some(name) => entry.about(name),
        None => entry,
    };
    activity::record(conn, keys, origin, entry, now)?;
    Ok(())
}
