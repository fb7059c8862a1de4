//! Changing the address of an account: the new one has to be proved by a link that was mailed to it. Asking for that link
//! is in `link_requests`.

use diesel::result::{DatabaseErrorKind, Error as DbError};

use super::links::{self, Purpose};
use super::{Caller, Error, sessions, throttle};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::db::{Conn, magic_links, one_time_links, password_failures, users, write};

/// The address behind a live link of the caller's. Looking uses nothing up.
///
/// # Errors
///
/// [`Error::LinkSpent`] for anything but a live link of this account.
pub fn find(conn: &mut Conn, app: &App, caller: &Caller, token: &str) -> Result<String, Error> {
    let link = links::find(conn, Purpose::ChangeAddress, token, app.clock.now())?;
    link.address
        .filter(|_| link.user_id.as_deref() == Some(&caller.user.id))
        .ok_or(Error::LinkSpent)
}

/// Gives the caller's account the address that the link was mailed to. Both addresses are told; every other link of the
/// account dies. Answers the new address.
///
/// # Errors
///
/// [`Error::LinkSpent`] for anything but a live link of this account, and when the address has an account by now.
pub fn change(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    token: &str,
) -> Result<String, Error> {
    let now = app.clock.now();
    write(conn, |conn| {
        let user = sessions::recheck(conn, app, caller, now)?;
        let address = find(conn, app, caller, token)?;
        links::consume(conn, Purpose::ChangeAddress, token, now)?;
        if users::find_by_email(conn, &address)?.is_some() {
            return Err(Error::LinkSpent);
        }
        users::update_email(conn, &user.id, &address, now).map_err(|error| match error {
            // Somebody else's transaction came first.
            DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::LinkSpent,
            error => Error::Database(error),
        })?;
        one_time_links::delete_by_user(conn, &user.id)?;
        // They went to the other mailbox, and would work again if the address came back.
        magic_links::update_replaced(conn, &user.id, None, None, now)?;
        // Guesses under either address were made at another account, or will be.
        for email in [&user.email, &address] {
            password_failures::delete(conn, &throttle::key(&app.keys, email))?;
        }
        let entry = Entry::success(Event::AddressChanged)
            .of(&user)
            .also_to(&address)
            .about(&address);
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(address)
    })
}
