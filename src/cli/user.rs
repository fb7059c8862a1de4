//! `countersign user`: creating people, listing them, and giving them a link.

use std::io::Read;

use actix_web::rt::System;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::{Failed, find, say};
use crate::accounts::Error;
use crate::accounts::links::{self, Link, Purpose};
use crate::accounts::users::{NewUser, Role};
use crate::activity::{Door, Origin};
use crate::app::App;
use crate::clock::rfc3339;
use crate::crypto::password::Password;
use crate::crypto::password_policy::{PolicyContext, check_policy};
use crate::db::{self, users, write};
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
        Command::Link { email } => run_link(app, email.as_deref(), as_json),
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
    let needs_link = password_hash.is_none();
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
        let link = if needs_link {
            let purpose = Purpose::ChoosePassword;
            Some(links::issue(
                conn,
                keys,
                &origin,
                purpose,
                Some(&user),
                now,
            )?)
        } else {
            None
        };
        Ok((user, link))
    })
    .map_err(refused)?;
    let url = link
        .as_ref()
        .map(|link| link.url(app.config.public_url.origin()));
    let text = match &url {
        Some(url) => url.clone(),
        None => format!("created {}", user.email),
    };
    say(as_json, &text, || {
        json!({
            "id": user.id,
            "email": user.email,
            "link": url,
            "expiresAt": link.map(|link| rfc3339(link.expires_at)),
        })
    })
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

fn run_link(app: &App, email: Option<&str>, as_json: bool) -> Result<(), Failed> {
    let mut conn = db::connection(&app.pool)?;
    let origin = Origin::local(Door::Cli);
    let now = app.clock.now();
    let link: Link = match email {
        Some(email) => {
            let user = find(&mut conn, email)?;
            write(&mut conn, |conn| {
                let purpose = Purpose::ChoosePassword;
                links::issue(conn, &app.keys, &origin, purpose, Some(&user), now)
            })?
        }
        None => match founding::first_owner_link(&mut conn, &app.keys, &origin, now) {
            Err(Error::LinkSpent) => {
                let reason = "there are accounts already; name one: countersign user link EMAIL";
                return Err(Failed::Refused(reason.to_owned()));
            }
            link => link?,
        },
    };
    let url = link.url(app.config.public_url.origin());
    say(
        as_json,
        &url,
        || json!({"link": url, "expiresAt": rfc3339(link.expires_at)}),
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
