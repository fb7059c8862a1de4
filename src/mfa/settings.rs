//! Changes to an account's factors as a whole. What a single method needs stands in that method's file.

use chrono::NaiveDateTime;

use super::Error;
use crate::activity::{self, Entry, Event, Origin};
use crate::crypto::keyring::Keyring;
use crate::db::users::User;
use crate::db::{Conn, factors, sessions, users};

/// Removes every method of `user` on somebody else's word: an administrator's, or the operator's.
///
/// Their sessions die with it, and the next sign-in meets whatever the organization then demands. Runs in
/// the caller's transaction.
///
/// # Errors
///
/// [`Error::NotFound`] when the account is gone.
pub fn reset_by_administrator(
    conn: &mut Conn,
    keys: &Keyring,
    origin: &Origin,
    user: &User,
    now: NaiveDateTime,
) -> Result<(), Error> {
    if !users::lock(conn, &user.id)? {
        return Err(Error::NotFound);
    }
    factors::delete_by_user(conn, &user.id)?;
    users::update_mfa_reset(conn, &user.id, now)?;
    sessions::update_others_ended(conn, &user.id, None, now)?;
    activity::record(
        conn,
        keys,
        origin,
        Entry::success(Event::MfaReset).of(user),
        now,
    )?;
    Ok(())
}
