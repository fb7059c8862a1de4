//! What people may change about their own account besides its factors: their names, and with the current
//! password the password.

use super::users::normalize_name;
use super::{Caller, Error, passwords};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::password::Password;
use crate::db::{users, write};

/// What the record says besides "changed" when another language was chosen.
pub const LANGUAGE: &str = "language";

/// What is to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// As typed.
    pub first_name: Option<String>,
    /// As typed.
    pub last_name: Option<String>,
    /// The current password and the new one.
    pub password: Option<(Password, Password)>,
}

/// Changes the caller's own account. A password goes first: when it is refused, nothing has changed.
///
/// # Errors
///
/// [`Error::Field`] for a name that cannot be one; otherwise as [`passwords::change`].
pub async fn update(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    update: Update,
) -> Result<(), Error> {
    let checked = |typed: Option<String>, stored: &str, field| match typed {
        Some(typed) => normalize_name(&typed).ok_or(Error::Field(field)),
        None => Ok(stored.to_owned()),
    };
    let first_name = checked(update.first_name, &caller.user.first_name, "name")?;
    let last_name = checked(update.last_name, &caller.user.last_name, "lastName")?;
    if let Some((current, new)) = update.password {
        passwords::change(app, origin, caller, current, new).await?;
    }
    if first_name == caller.user.first_name && last_name == caller.user.last_name {
        return Ok(());
    }
    let (origin, user) = (origin.clone(), caller.user.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        write(conn, |conn| {
            users::update_names(conn, &user.id, &first_name, &last_name, now)?;
            let entry = Entry::success(Event::ProfileChanged).of(&user);
            activity::record(conn, &app.keys, &origin, entry, now)?;
            Ok(())
        })
    })
    .await
}

/// Chooses the language (a tag, BCP 47) of pages and mails; `None` for that of the browser.
///
/// # Errors
///
/// The database's.
pub async fn choose_language(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    language: Option<&'static str>,
) -> Result<(), Error> {
    let (origin, user) = (origin.clone(), caller.user.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        write(conn, |conn| {
            users::update_language(conn, &user.id, language, now)?;
            let entry = Entry::success(Event::ProfileChanged)
                .of(&user)
                .about(LANGUAGE);
            activity::record(conn, &app.keys, &origin, entry, now)?;
            Ok(())
        })
    })
    .await
}
