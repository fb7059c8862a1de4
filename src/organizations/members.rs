//! Who belongs to an organization: adding, changing and removing members.

use chrono::NaiveDateTime;

use super::founding::create_organization;
use super::reminders;
use super::rights::{Acting, as_administrator, managed};
use crate::accounts::links::{self, Mailing, Purpose};
use crate::accounts::users::{NewUser, Role, normalize_name};
use crate::accounts::{Caller, Error, users};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::keyring::Keyring;
use crate::crypto::password::Password;
use crate::crypto::password_policy::{PolicyContext, check_policy};
use crate::db::users::User;
use crate::db::{self, Conn, organizations};
use crate::mail::outbox::Occasion;

/// The most members that are listed in one go.
pub const MAX_LISTED: i64 = 1_000;

/// How many members stand on a page.
pub const PER_PAGE: i64 = 50;

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
    let organization = match organization {
        Some(name) => {
            let name = normalize_name(name).ok_or(Error::Field("organization"))?;
            let found = organizations::find_by_name(conn, &name)?;
            Some(match found {
                Some(organization) => organization,
                None => create_organization(conn, keys, origin, name, now)?,
            })
        }
        None => None,
    };
    let new = NewUser {
        organization_id: organization.as_ref().map(|joined| joined.id.clone()),
        ..new
    };
    let user = users::create(conn, keys, origin, new, now)?;
    if let Some(organization) = &organization {
        reminders::welcome(conn, organization, &user, now)?;
    }
    Ok(user)
}

/// The members of the caller's organization by address, and how many there are: one page of them, counted from 1, or as many
/// as there may be.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`].
pub fn list(
    conn: &mut Conn,
    caller: &Caller,
    page: Option<u32>,
) -> Result<(Vec<User>, i64), Error> {
    let organization = managed(caller)?;
    let (offset, limit) = match page {
        Some(page) => (i64::from(page.max(1) - 1) * PER_PAGE, PER_PAGE),
        None => (0, MAX_LISTED),
    };
    let members = db::members::list_page(conn, &organization.id, offset, limit)?;
    let counts = db::members::count_by_state(conn, &organization.id)?;
    Ok((members, counts.iter().map(|(_, count)| count).sum()))
}

/// One member of the caller's organization.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`]; [`Error::NotFound`] for an id that is unknown or belongs elsewhere.
pub fn find(conn: &mut Conn, caller: &Caller, user_id: &str) -> Result<User, Error> {
    let organization = managed(caller)?;
    if !db::is_storable(user_id) {
        return Err(Error::NotFound);
    }
    db::users::find(conn, user_id)?
        .filter(|member| member.organization_id.as_ref() == Some(&organization.id))
        .ok_or(Error::NotFound)
}

/// Somebody to be added.
#[derive(Debug)]
pub struct NewMember {
    /// As typed.
    pub email: String,
    /// As typed.
    pub first_name: String,
    /// As typed.
    pub last_name: String,
    /// A role's number.
    pub role: i32,
    /// The password; without one an invitation with a link for choosing it is mailed.
    pub password: Option<Password>,
    /// The invitation is mailed all the same.
    pub is_invited: bool,
}

/// Adds a member to the caller's organization.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`] also for an owner whom an administrator would make; [`Error::Field`];
/// [`Error::Policy`] and [`Error::Hash`]; [`Error::EmailTaken`] for an address that has an account, wherever it belongs.
pub async fn add(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    new: NewMember,
) -> Result<User, Error> {
    let organization = managed(caller)?;
    let role = Role::from_number(new.role).ok_or(Error::Field("orgRole"))?;
    let is_invited = new.is_invited || new.password.is_none();
    let password_hash = match new.password {
        Some(password) => {
            check_policy(
                password.expose(),
                &PolicyContext {
                    mfa_enforced: false,
                    organization: &organization.name,
                    first_name: &new.first_name,
                    last_name: &new.last_name,
                    email: &new.email,
                },
            )?;
            Some(app.hasher.hash(password).await?)
        }
        None => None,
    };
    let user = NewUser {
        email: new.email,
        first_name: new.first_name,
        last_name: new.last_name,
        organization_id: None,
        role,
        password_hash,
    };
    let (origin, caller) = (origin.clone(), caller.clone());
    app.db(move |app, conn| {
        as_administrator(conn, app, &origin, &caller, None, |conn, acting, now| {
            acting.may_hold(role.number())?;
            let user = NewUser {
                organization_id: Some(acting.organization.id.clone()),
                ..user
            };
            let user = users::create(conn, &app.keys, &origin, user, now)?;
            reminders::welcome(conn, &acting.organization, &user, now)?;
            if is_invited {
                invite(conn, app, &origin, acting, &user, now)?;
            }
            Ok(user)
        })
    })
    .await
}

fn invite(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    acting: &Acting,
    user: &User,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let mailing = Mailing {
        purpose: Purpose::ChoosePassword,
        occasion: Occasion::Invitation,
        user,
        address: &user.email,
        organization: Some(acting.organization.name.clone()),
    };
    links::send(conn, &app.keys, origin, mailing, now)?;
    links::record_created(
        conn,
        &app.keys,
        origin,
        Purpose::ChoosePassword,
        Some(user),
        now,
    )
}

/// What is to change about a member; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// As typed.
    pub first_name: Option<String>,
    /// As typed.
    pub last_name: Option<String>,
    /// A role's number.
    pub role: Option<i32>,
}

/// Changes a member of the caller's organization. Answers the member as before and as now.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`] also for an owner whom an administrator would change or make;
/// [`Error::NotFound`]; [`Error::Field`]; [`Error::RoleConflict`] for raising oneself, and for the last owner.
pub fn change(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    user_id: &str,
    change: &Change,
) -> Result<(User, User), Error> {
    let name = |typed: &Option<String>, field| match typed {
        Some(typed) => normalize_name(typed).ok_or(Error::Field(field)).map(Some),
        None => Ok(None),
    };
    let (first_name, last_name) = (
        name(&change.first_name, "name")?,
        name(&change.last_name, "lastName")?,
    );
    let role = match change.role {
        Some(number) => Some(Role::from_number(number).ok_or(Error::Field("orgRole"))?),
        None => None,
    };
    let id = Some(user_id);
    as_administrator(conn, app, origin, caller, id, |conn, acting, now| {
        let before = acting.member(conn, user_id)?;
        let after = User {
            first_name: first_name.unwrap_or_else(|| before.first_name.clone()),
            last_name: last_name.unwrap_or_else(|| before.last_name.clone()),
            role: role.map_or(before.role, Role::number),
            ..before.clone()
        };
        if after.role != before.role {
            change_role(conn, acting, &before, after.role, now)?;
            let role = role.map_or("", Role::name);
            let entry = Entry::success(Event::RoleChanged).of(&before).about(role);
            activity::record(conn, &app.keys, origin, entry, now)?;
        }
        let is_renamed =
            (&after.first_name, &after.last_name) != (&before.first_name, &before.last_name);
        if is_renamed {
            let (first, last) = (&after.first_name, &after.last_name);
            db::users::update_names(conn, user_id, first, last, now)?;
            let entry = Entry::success(Event::ProfileChanged).of(&before);
            activity::record(conn, &app.keys, origin, entry, now)?;
        }
        if is_renamed || after.role != before.role {
            record_by(
                conn,
                app,
                origin,
                acting,
                Event::MemberChanged,
                &before,
                now,
            )?;
        }
        Ok((before, after))
    })
}

fn change_role(
    conn: &mut Conn,
    acting: &Acting,
    member: &User,
    role: i32,
    now: NaiveDateTime,
) -> Result<(), Error> {
    acting.may_hold(role)?;
    if member.id == acting.administrator.id && role > member.role {
        return Err(Error::RoleConflict);
    }
    keep_an_owner(conn, acting, member)?;
    db::users::update_role(conn, &member.id, role, now)?;
    Ok(())
}

/// The last owner stays one.
fn keep_an_owner(conn: &mut Conn, acting: &Acting, member: &User) -> Result<(), Error> {
    let owner = Role::Owner.number();
    let is_last = member.role == owner
        && db::users::count_by_role(conn, &acting.organization.id, owner)? == 1;
    if is_last {
        Err(Error::RoleConflict)
    } else {
        Ok(())
    }
}

/// Removes a member's account with everything that hangs on it.
///
/// # Errors
///
/// [`Error::NoOrganization`], [`Error::Forbidden`] also for an owner whom an administrator would remove;
/// [`Error::NotFound`]; [`Error::RoleConflict`] for oneself and for the last owner.
pub fn remove(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    user_id: &str,
) -> Result<(), Error> {
    let id = Some(user_id);
    as_administrator(conn, app, origin, caller, id, |conn, acting, now| {
        let member = acting.member(conn, user_id)?;
        if member.id == acting.administrator.id {
            return Err(Error::RoleConflict);
        }
        keep_an_owner(conn, acting, &member)?;
        db::users::delete(conn, &member.id)?;
        let entry = Entry::success(Event::AccountRemoved)
            .of(&member)
            .about(&acting.organization.name);
        activity::record(conn, &app.keys, origin, entry, now)?;
        record_by(
            conn,
            app,
            origin,
            acting,
            Event::MemberRemoved,
            &member,
            now,
        )
    })
}

/// The administrator's own side of a change to a member.
fn record_by(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    acting: &Acting,
    event: Event,
    member: &User,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let entry = Entry::success(event)
        .of(&acting.administrator)
        .about(&member.email);
    Ok(activity::record(conn, &app.keys, origin, entry, now)?)
}
