//! What an administrator sees of one member: methods by name and date, what happened lately, and what a reset would take.

use super::adoption::{self, Listed};
use crate::accounts::users::Role;
use crate::accounts::{Caller, Error, overview, sessions, trusted_browsers};
use crate::app::App;
use crate::db::activity::Happened;
use crate::db::passkeys::Passkey;
use crate::db::{Conn, passkeys};

/// A member, looked at closely.
#[derive(Debug)]
pub struct Profile {
    /// The member with its status.
    pub listed: Listed,
    /// Its passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// On how many devices it is signed in.
    pub devices: usize,
    /// How many browsers it trusts.
    pub trusted: usize,
    /// A page of its record, newest first.
    pub activity: Vec<Happened>,
    /// There is an older page.
    pub has_older: bool,
    /// Whether the caller may reset it.
    pub reset: Reset,
}

/// Whether somebody may reset a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// It can be done.
    Possible,
    /// It is oneself: another administrator has to.
    Oneself,
    /// It is an owner, and only owners may.
    Owner,
    /// There is nothing to remove.
    Nothing,
}

/// Looks at a member of the caller's organization, with one page of its record, counted from 1.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`]; [`Error::NotFound`] for an id that is unknown or belongs elsewhere.
pub fn load(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    user_id: &str,
    page: u32,
) -> Result<Profile, Error> {
    let listed = adoption::find(conn, app, caller, user_id)?;
    let user = &listed.member.user;
    let passkeys = passkeys::list_by_user(conn, &user.id)?;
    let now = app.clock.now();
    let devices = sessions::list_of(conn, app, user, now)?.len();
    // Members are in the caller's organization.
    let organization = caller.organization.as_ref();
    let trusted = trusted_browsers::list(conn, &user.id, organization, now)?.len();
    let (activity, has_older) = overview::load_activity(conn, &user.id, page)?;
    Ok(Profile {
        reset: reset(caller, &listed),
        passkeys,
        devices,
        trusted,
        activity,
        has_older,
        listed,
    })
}

fn reset(caller: &Caller, listed: &Listed) -> Reset {
    let (user, owner) = (&listed.member.user, Role::Owner.number());
    let has_codes = listed.status.backup_codes_left.is_some_and(|left| left > 0);
    let has_methods = listed
        .status
        .methods
        .iter()
        .any(|state| state.is_configured);
    if user.id == caller.user.id {
        Reset::Oneself
    } else if user.role == owner && caller.user.role != owner {
        Reset::Owner
    } else if has_methods || has_codes {
        Reset::Possible
    } else {
        Reset::Nothing
    }
}
