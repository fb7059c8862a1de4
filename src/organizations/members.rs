//! Who belongs to an organization.

use chrono::NaiveDateTime;

use super::founding::create_organization;
use crate::accounts::users::{NewUser, Role, normalize_name};
use crate::accounts::{Error, users};
use crate::activity::Origin;
use crate::crypto::keyring::Keyring;
use crate::db::users::User;
use crate::db::{Conn, organizations};

/// Creates an account in the organization of this name, which is created too when it is new. Without a name
/// the account belongs to no organization. Runs in the caller's transaction.
///
/// # Errors
///
/// As [`users::create`], and [`Error::Field`] for a name that cannot be an organization's.
pub fn create(
    conn: &mut Conn,
    keys: &Keyring,
    origin: &Origin,
    organization: Option<&str>,
    new: NewUser,
    now: NaiveDateTime,
) -> Result<User, Error> {
    let organization_id = match organization {
        Some(name) => {
            let name = normalize_name(name).ok_or(Error::Field("organization"))?;
            let found = organizations::find_by_name(conn, &name)?;
            let organization = match found {
                Some(organization) => organization,
                None => create_organization(conn, keys, origin, name, now)?,
            };
            Some(organization.id)
        }
        None => None,
    };
    let new = NewUser {
        organization_id,
        ..new
    };
    users::create(conn, keys, origin, new, now)
}

/// Whether the caller manages the members of their organization. Read with each request, so that a demotion
/// is felt by the next one.
pub fn is_administrator(user: &User) -> bool {
    user.organization_id.is_some()
        && matches!(
            Role::from_number(user.role),
            Some(Role::Administrators | Role::Owner)
        )
}
