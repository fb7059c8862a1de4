//! Who may do what in an organization. Looked at with each request, and again under the locks of the change, so that a
//! demotion is felt at once; what is refused is recorded.

use chrono::NaiveDateTime;

use crate::accounts::users::Role;
use crate::accounts::{Caller, Error, sessions};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::db::organizations::Organization;
use crate::db::users::User;
use crate::db::{Conn, is_storable, organizations, users, write};

/// Whether somebody manages the members of their organization.
pub fn is_administrator(user: &User) -> bool {
    user.organization_id.is_some()
        && matches!(
            Role::from_number(user.role),
            Some(Role::Administrators | Role::Owner)
        )
}

/// The organization that the caller manages.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`].
pub fn managed(caller: &Caller) -> Result<&Organization, Error> {
    let organization = caller.organization.as_ref().ok_or(Error::NoOrganization)?;
    if is_administrator(&caller.user) {
        Ok(organization)
    } else {
        Err(Error::Forbidden)
    }
}

/// Whoever acts on an organization, both as they are now.
pub(super) struct Acting {
    pub(super) administrator: User,
    pub(super) organization: Organization,
}

impl Acting {
    /// A member of the organization; not one that only an owner may touch.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] for an id that is unknown or belongs elsewhere, [`Error::Forbidden`] for an owner.
    pub(super) fn member(&self, conn: &mut Conn, user_id: &str) -> Result<User, Error> {
        let member = users::find(conn, user_id)?
            .filter(|member| member.organization_id.as_ref() == Some(&self.organization.id))
            .ok_or(Error::NotFound)?;
        self.may_hold(member.role)?;
        Ok(member)
    }

    /// Nobody but an owner touches owners, or makes one.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`].
    pub(super) fn may_hold(&self, role: i32) -> Result<(), Error> {
        let owner = Role::Owner.number();
        if role == owner && self.administrator.role != owner {
            return Err(Error::Forbidden);
        }
        Ok(())
    }
}

/// Makes a change to the caller's organization or to one of its members. Holds the organization's lock, and then those of
/// the accounts in one order whoever asks: two administrators may change each other at once.
///
/// # Errors
///
/// [`Error::NoOrganization`]; [`Error::Forbidden`] without the role, which is looked at before any id is;
/// [`Error::NotFound`] for an id that cannot be one; otherwise what `act` answers.
pub(super) fn as_administrator<T>(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    member_id: Option<&str>,
    act: impl FnOnce(&mut Conn, &Acting, NaiveDateTime) -> Result<T, Error>,
) -> Result<T, Error> {
    let result = attempt(conn, app, caller, member_id, act);
    if matches!(result, Err(Error::Forbidden)) {
        record_refusal(conn, app, origin, caller)?;
    }
    result
}

/// Records that somebody tried what only administrators may do.
///
/// # Errors
///
/// Only the database's.
pub fn record_refusal(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
) -> Result<(), Error> {
    let entry = Entry::failure(Event::Refused, "role").of(&caller.user);
    write(conn, |conn| {
        activity::record(conn, &app.keys, origin, entry, app.clock.now())
    })?;
    Ok(())
}

fn attempt<T>(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    member_id: Option<&str>,
    act: impl FnOnce(&mut Conn, &Acting, NaiveDateTime) -> Result<T, Error>,
) -> Result<T, Error> {
    let organization_id = managed(caller)?.id.clone();
    if member_id.is_some_and(|id| !is_storable(id)) {
        return Err(Error::NotFound);
    }
    write(conn, |conn| {
        organizations::lock(conn, &organization_id)?;
        let own = caller.user.id.as_str();
        users::lock_all(conn, [own, member_id.unwrap_or(own)])?;
        // Not before: the record is in the order of its times.
        let now = app.clock.now();
        let administrator = sessions::recheck(conn, app, caller, now)?;
        let organization = organizations::find(conn, &organization_id)?.ok_or(Error::Forbidden)?;
        let is_of_it = administrator.organization_id.as_ref() == Some(&organization.id);
        if !is_of_it || !is_administrator(&administrator) {
            return Err(Error::Forbidden);
        }
        let acting = Acting {
            administrator,
            organization,
        };
        act(conn, &acting, now)
    })
}
