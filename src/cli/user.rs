//! `countersign user`: creating people, listing them, and giving them a link, printed or by mail.

use std::io::Read;

use actix_web::rt::System;
use chrono::NaiveDateTime;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::{Failed, find, say};
use crate::accounts::Error;
use crate::accounts::links::{self, Link, Mailing, Purpose};
use crate::accounts::users::{NewUser, Role};
use crate::activity::{Door, Origin};
use crate::app::App;
use crate::clock::rfc3339;
use crate::crypto::password::Password;
use crate::crypto::password_policy::{PolicyContext, check_policy};
use crate::db::users::User;
use crate::db::{self, Conn, organizations, users, write};
use crate::mail::outbox::Occasion;
use crate::organizations::{founding, members};

/// The longest line that is read as a password.
const MAX_STDIN: u64 = 4_096;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Create an account; prints a one-time link for choosing its password
    Create(Create),
    /// List every account
    List,
    /// Print a fresh one-time link; older ones stop working
    Link {
        /// The account's email address; without it, the link that creates the first owner
        email: Option<String>,
        /// Mail the link to that address instead of printing it; the server sends it
        #[arg(long, requires = "email")]
        mail: bool,
    },
}

#[derive(Args)]
pub(super) struct Create {
    /// Email address, used to sign in
    #[arg(long)]
    email: String,
    /// First name
    #[arg(long)]
    first_name: String,
    /// Last name
    #[arg(long)]
    last_name: String,
    /// Organization to join; created if it is new
    #[arg(long)]
    organization: Option<String>,
    /// Role in the organization
    #[arg(long, value_enum, default_value_t = RoleName::User)]
    role: RoleName,
    /// Read the password from standard input instead of printing a link
    #[arg(long)]
    password_stdin: bool,
    /// Mail the link to the new account's address instead of printing it; the server sends it
    #[arg(long, conflicts_with = "password_stdin")]
    mail: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Owner,
    Administrator,
    User,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Owner => Self::Owner,
            RoleName::Administrator => Self::Administrators,
            RoleName::User => Self::User,
        }
    }
}

pub(super) fn run(app: &App, command: Command, as_json: bool) -> Result<(), Failed> {
    match command {
        Command::Create(create) => run_create(app, create, as_json),
        Command::List => run_list(app, as_json),
        Command::Link { email, mail } => run_link(app, email.as_deref(), mail, as_json),
    }
}

fn run_create(app: &App, create: Create, as_json: bool) -> Result<(), Failed> {
    if create.organization.is_none() && !matches!(create.role, RoleName::User) {
        return Err(Failed::Refused("--role needs --organization".to_owned()));
    }
    let password_hash = if create.password_stdin {
        Some(hash_from_stdin(app, &create)?)
    } else {
        None
    };
    let (needs_link, by_mail) = (password_hash.is_none(), create.mail);
    let organization = create.organization;
    let new = NewUser {
        email: create.email,
        first_name: create.first_name,
        last_name: create.last_name,
        organization_id: None,
        role: create.role.into(),
        password_hash,
    };
    let origin = Origin::local(Door::Cli);
    let now = app.clock.now();
    let mut conn = db::connection(&app.pool)?;
    let (user, link) = write(&mut conn, |conn| {
        let keys = &app.keys;
        let user = members::create(conn, keys, &origin, organization.as_deref(), new, now)?;
        let link = match (needs_link, by_mail) {
            (false, _) => None,
            (true, false) => Some(Handed::Printed(print(conn, app, &origin, &user, now)?)),
            (true, true) => Some(mail(conn, app, &origin, &user, Occasion::Invitation, now)?),
        };
        Ok((user, link))
    })
    .map_err(refused)?;
    let text = match &link {
        Some(link) => link.text(app),
        None => format!("created {}", user.email),
    };
    say(as_json, &text, || {
        json!({
            "id": user.id,
            "email": user.email,
            "link": link.as_ref().and_then(|link| link.url(app)),
            "expiresAt": link.as_ref().map(Handed::expires_at),
        })
    })
}

/// How a link gets to its person.
enum Handed {
    Printed(Link),
    /// To this address, and until when it works.
    Mailed(String, NaiveDateTime),
}

impl Handed {
    /// What is printed, alone on a line.
    fn text(&self, app: &App) -> String {
        match self {
            Self::Printed(link) => link.url(app.config.public_url.origin()),
            Self::Mailed(address, _) => format!("the server mails a link to {address}"),
        }
    }

    fn url(&self, app: &App) -> Option<String> {
        match self {
            Self::Printed(_) => Some(self.text(app)),
            Self::Mailed(..) => None,
        }
    }

    fn expires_at(&self) -> String {
        match self {
            Self::Printed(Link { expires_at, .. }) | Self::Mailed(_, expires_at) => {
                rfc3339(*expires_at)
            }
        }
    }
}

fn print(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    user: &User,
    now: NaiveDateTime,
) -> Result<Link, Error> {
    let purpose = Purpose::ChoosePassword;
    links::issue(conn, &app.keys, origin, purpose, Some(user), now)
}

fn mail(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    user: &User,
    occasion: Occasion,
    now: NaiveDateTime,
) -> Result<Handed, Error> {
    let organization = match &user.organization_id {
        Some(id) => organizations::find(conn, id)?.map(|organization| organization.name),
        None => None,
    };
    let mailing = Mailing {
        purpose: Purpose::ChoosePassword,
        occasion,
        user,
        address: &user.email,
        organization,
    };
    let expires_at = links::send(conn, &app.keys, origin, mailing, now)?;
    let purpose = Purpose::ChoosePassword;
    links::record_created(conn, &app.keys, origin, purpose, Some(user), now)?;
    Ok(Handed::Mailed(user.email.clone(), expires_at))
}

fn run_list(app: &App, as_json: bool) -> Result<(), Failed> {
    let mut conn = db::connection(&app.pool)?;
    let people = users::list(&mut conn)?;
    let role = |number| Role::from_number(number).map_or("?", Role::name);
    let lines: Vec<String> = people
        .iter()
        .map(|(user, _)| {
            let (email, first, last) = (&user.email, &user.first_name, &user.last_name);
            format!("{email}\t{first} {last}\t{}", role(user.role))
        })
        .collect();
    let text = if lines.is_empty() {
        "there is no account yet".to_owned()
    } else {
        lines.join("\n")
    };
    say(as_json, &text, || {
        let list: serde_json::Value = people
            .iter()
            .map(|(user, last_sign_in_at)| {
                json!({
                    "id": user.id,
                    "email": user.email,
                    "firstName": user.first_name,
                    "lastName": user.last_name,
                    "organizationId": user.organization_id,
                    "role": role(user.role),
                    "lastSignInAt": last_sign_in_at.map(rfc3339),
                })
            })
            .collect();
        list
    })
}

fn run_link(app: &App, email: Option<&str>, by_mail: bool, as_json: bool) -> Result<(), Failed> {
    let mut conn = db::connection(&app.pool)?;
    let origin = Origin::local(Door::Cli);
    let now = app.clock.now();
    let link = match email {
        Some(email) => {
            let user = find(&mut conn, email)?;
            write(&mut conn, |conn| {
                if by_mail {
                    // Who never had a password is still being invited.
                    let occasion = match &user.password_hash {
                        Some(_) => Occasion::PasswordLink,
                        None => Occasion::Invitation,
                    };
                    mail(conn, app, &origin, &user, occasion, now)
                } else {
                    print(conn, app, &origin, &user, now).map(Handed::Printed)
                }
            })?
        }
        None => match founding::first_owner_link(&mut conn, &app.keys, &origin, now) {
            Err(Error::LinkSpent) => {
                let reason = "there are accounts already; name one: countersign user link EMAIL";
                return Err(Failed::Refused(reason.to_owned()));
            }
            link => Handed::Printed(link?),
        },
    };
    say(
        as_json,
        &link.text(app),
        || json!({"link": link.url(app), "expiresAt": link.expires_at()}),
    )
}

/// Reads a password from the standard input, checks it, and hashes it.
fn hash_from_stdin(app: &App, create: &Create) -> Result<String, Failed> {
    let mut typed = String::new();
    std::io::stdin()
        .take(MAX_STDIN)
        .read_to_string(&mut typed)?;
    let password = Password::new(typed.trim_end_matches(['\r', '\n']).to_owned());
    let context = PolicyContext {
        mfa_enforced: false,
        organization: create.organization.as_deref().unwrap_or_default(),
        first_name: &create.first_name,
        last_name: &create.last_name,
        email: &create.email,
    };
    check_policy(password.expose(), &context)
        .map_err(|error| Failed::Refused(format!("the password cannot be used: {error}")))?;
    Ok(System::new()
        .block_on(app.hasher.hash(password))
        .map_err(Error::from)?)
}

/// A rule's refusal in the words of the command line.
fn refused(error: Error) -> Failed {
    match error {
        Error::EmailTaken => Failed::Refused("the address has an account already".to_owned()),
        Error::Field(name) => {
            Failed::Refused(format!("--{} cannot be that", name.replace('_', "-")))
        }
        error => error.into(),
    }
}
