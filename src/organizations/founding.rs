//! The first run: a link, printed where only the operator can read it, creates the first organization and
//! its owner.

use chrono::NaiveDateTime;

use crate::accounts::links::{self, Link, Purpose};
use crate::accounts::sessions::SessionKind;
use crate::accounts::sign_in::{self, Opened, SignedIn};
use crate::accounts::users::{NewUser, Role, normalize_name};
use crate::accounts::{Error, users};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::keyring::Keyring;
use crate::crypto::password::Password;
use crate::crypto::password_policy::{PolicyContext, check_policy};
use crate::db::organizations::Organization;
use crate::db::{self, Conn, new_id, organizations, write};

/// What the first owner fills in.
#[derive(Debug, Clone)]
pub struct Founding {
    /// The organization's name, as typed.
    pub organization: String,
    /// As typed.
    pub first_name: String,
    /// As typed.
    pub last_name: String,
    /// As typed.
    pub email: String,
    /// The owner's password.
    pub password: Password,
}

/// A fresh link for the first owner, while there is no account; older ones die.
///
/// # Errors
///
/// [`Error::LinkSpent`] once there is an account: nobody can become the first owner any more.
pub fn first_owner_link(
    conn: &mut Conn,
    keys: &Keyring,
    origin: &Origin,
    now: NaiveDateTime,
) -> Result<Link, Error> {
    write(conn, |conn| {
        if db::users::exist(conn)? {
            return Err(Error::LinkSpent);
        }
        links::issue(conn, keys, origin, Purpose::FirstOwner, None, now)
    })
}

/// Whether a token is that of a live link for the first owner, on a server that has none. Looking uses nothing up.
///
/// # Errors
///
/// [`Error::LinkSpent`] for anything else.
pub fn find_link(conn: &mut Conn, token: &str, now: NaiveDateTime) -> Result<(), Error> {
    links::find(conn, Purpose::FirstOwner, token, now)?;
    if db::users::exist(conn)? {
        return Err(Error::LinkSpent);
    }
    Ok(())
}

/// Creates the organization and its owner, and signs the owner in.
///
/// # Errors
///
/// [`Error::LinkSpent`]; [`Error::Field`] and [`Error::Policy`], which leave the link usable;
/// [`Error::Hash`] when the server is busy.
pub async fn create_first_owner(
    app: &App,
    origin: &Origin,
    token: &str,
    founding: Founding,
) -> Result<SignedIn, Error> {
    // Nobody without the link may make the server hash.
    let checked = token.to_owned();
    app.db(move |app, conn| find_link(conn, &checked, app.clock.now()))
        .await?;
    let name = normalize_name(&founding.organization).ok_or(Error::Field("organization"))?;
    check_policy(
        founding.password.expose(),
        &PolicyContext {
            mfa_enforced: false,
            organization: &name,
            first_name: &founding.first_name,
            last_name: &founding.last_name,
            email: &founding.email,
        },
    )?;
    let hash = app.hasher.hash(founding.password).await?;
    let (token, origin) = (token.to_owned(), origin.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        write(conn, |conn| {
            links::consume(conn, Purpose::FirstOwner, &token, now)?;
            if db::users::exist(conn)? {
                return Err(Error::LinkSpent);
            }
            let organization = create_organization(conn, &app.keys, &origin, name, now)?;
            let owner = NewUser {
                email: founding.email,
                first_name: founding.first_name,
                last_name: founding.last_name,
                organization_id: Some(organization.id),
                role: Role::Owner,
                password_hash: Some(hash),
            };
            let owner = users::create(conn, &app.keys, &origin, owner, now)?;
            sign_in::open(
                conn,
                app,
                &origin,
                SessionKind::Browser,
                owner,
                Opened::ByPassword,
            )
        })
    })
    .await
}

/// Creates an organization that asks nothing of its members yet. Runs in the caller's transaction.
pub(super) fn create_organization(
    conn: &mut Conn,
    keys: &Keyring,
    origin: &Origin,
    name: String,
    now: NaiveDateTime,
) -> Result<Organization, Error> {
    let organization = Organization {
        id: new_id(),
        name,
        mfa_requirement: "off".to_owned(),
        mfa_enforce_from: None,
        mfa_extra_days: 0,
        allow_totp: true,
        allow_passkey: true,
        allow_magic_link: true,
        trust_days: 0,
        created_at: now,
    };
    organizations::insert(conn, &organization)?;
    let entry = Entry::success(Event::OrganizationCreated).about(organization.name.clone());
    activity::record(conn, keys, origin, entry, now)?;
    Ok(organization)
}
