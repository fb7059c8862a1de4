//! The command line: what there is to say, and how a command's end is told. What each command does stands
//! in the file of its name.

mod backup;
mod keys;
mod serve;
mod user;

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use serde_json::json;

use crate::activity::{self, Door, Origin, Verdict};
use crate::app::{App, StartError};
use crate::clock::Clock;
use crate::config::{
    Config, ConfigError, Settings, reject_unknown_variables, reject_unreadable_variables,
};
use crate::crypto::password::Params;
use crate::db::{self, users, write};
use crate::mfa;
use crate::web::mfa_status_json;

/// A self-hosted multi-factor-authentication service.
#[derive(Parser)]
#[command(name = "countersign", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    /// Answer in JSON, for scripts
    #[arg(long, global = true)]
    json: bool,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and API (the default)
    Serve,
    /// Create, list and help people
    #[command(subcommand)]
    User(user::Command),
    /// Look at and reset the multi-factor authentication of an account
    #[command(subcommand)]
    Mfa(MfaCommand),
    /// Check the record of what happened
    #[command(subcommand)]
    Activity(ActivityCommand),
    /// Apply pending migrations and exit
    Migrate,
    /// Copy the embedded database into a new file, also while it serves
    Backup(backup::File),
    /// Put a copy that `backup` made in the place of the embedded database
    Restore(backup::File),
    /// Change the keys that the data is sealed with
    #[command(subcommand)]
    Keys(keys::Command),
}

#[derive(Subcommand)]
enum MfaCommand {
    /// Print the MFA status of an account, as the API answers it
    Status(Person),
    /// Remove every second factor of an account and sign it out everywhere
    Reset(Person),
}

#[derive(Args)]
struct Person {
    /// The account's email address
    email: String,
}

#[derive(Subcommand)]
enum ActivityCommand {
    /// Check the chain of the record and name the first broken row
    Verify,
}

/// Why a command ended without having done its work: one line.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("there is no account with the address {0}")]
    NoAccount(String),
    #[error("{0}")]
    Refused(String),
    #[error("the record is broken at row {0}: {1}")]
    BrokenRecord(i64, &'static str),
    #[error("{0}: {1}")]
    Bind(&'static str, std::io::Error),
    #[error(transparent)]
    Accounts(#[from] crate::accounts::Error),
    #[error(transparent)]
    Mfa(#[from] mfa::Error),
    #[error(transparent)]
    KeyFile(#[from] crate::crypto::KeyFileError),
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => match reject_unreadable_variables(std::env::vars_os()) {
            Err(unreadable) if error.kind() == ErrorKind::InvalidUtf8 => {
                return tell(&unreadable.into());
            }
            Ok(()) | Err(_) => error.exit(),
        },
    };
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(
        // A command's answer is its output; only a server's life is worth a line of its own.
        if matches!(cli.command, None | Some(Command::Serve)) {
            // What strangers send must not fill the log: actix tells of every broken request.
            "info,actix_http=off,actix_server=warn,actix_session=error"
        } else {
            "warn"
        },
    ))
    // At some levels it writes out what was sent to it, or the challenge that it was to answer.
    .filter_module("webauthn_rs", log::LevelFilter::Off)
    .init();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => tell(&failed),
    }
}

/// Says on one line why there is nothing to show.
fn tell(failed: &Failed) -> ExitCode {
    let reason = failed.to_string().replace(['\n', '\r'], " ");
    let _ = writeln!(std::io::stderr(), "countersign: {reason}");
    ExitCode::FAILURE
}

fn run(cli: Cli) -> Result<(), Failed> {
    reject_unknown_variables(std::env::vars_os().map(|(name, _)| name))?;
    let config = Config::from_settings(&cli.settings)?;
    let start = |config| App::start(config, Clock::default(), Params::default());
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(start(config)?),
        Command::User(command) => user::run(&start(config)?, command, cli.json),
        Command::Mfa(MfaCommand::Status(person)) => {
            mfa_status(&start(config)?, &person.email, cli.json)
        }
        Command::Mfa(MfaCommand::Reset(person)) => {
            mfa_reset(&start(config)?, &person.email, cli.json)
        }
        Command::Activity(ActivityCommand::Verify) => verify(&start(config)?, cli.json),
        Command::Backup(file) => backup::backup(&start(config)?, &file, cli.json),
        // What is to be replaced need not be a database that anything can be started with.
        Command::Restore(file) => backup::restore(config, &file, cli.json),
        Command::Keys(command) => keys::run(&start(config)?, command, cli.json),
        Command::Migrate => {
            // Starting has applied them.
            start(config)?;
            say(
                cli.json,
                "the database is up to date",
                || json!({"success": true}),
            )
        }
    }
}

/// Prints a command's answer: a sentence for people, or a value for scripts.
fn say<T: Display>(as_json: bool, text: &str, value: impl FnOnce() -> T) -> Result<(), Failed> {
    let mut out = std::io::stdout().lock();
    if as_json {
        writeln!(out, "{}", value())?;
    } else {
        writeln!(out, "{text}")?;
    }
    Ok(())
}

/// The account with this address.
fn find(conn: &mut db::Conn, email: &str) -> Result<users::User, Failed> {
    let normal = crate::accounts::users::normalize_email(email);
    let found = match normal {
        Some(normal) => users::find_by_email(conn, &normal)?,
        None => None,
    };
    found.ok_or_else(|| Failed::NoAccount(email.escape_debug().to_string()))
}

fn mfa_status(app: &App, email: &str, as_json: bool) -> Result<(), Failed> {
    let mut conn = db::connection(&app.pool)?;
    let user = find(&mut conn, email)?;
    let status = mfa::status::load(&mut conn, &user.id, &app.server, app.clock.now())?;
    let words = |methods: &[mfa::Method]| {
        let words: Vec<_> = methods.iter().map(|method| method.wire()).collect();
        if words.is_empty() {
            "none".to_owned()
        } else {
            words.join(", ")
        }
    };
    let yes = |is: bool| if is { "yes" } else { "no" };
    let mut text = format!(
        "MFA:      {}\nRequired: {}\nEnforced: {}\nMethods:  {}",
        if status.is_enabled { "on" } else { "off" },
        yes(status.is_required),
        yes(status.is_enforced),
        words(&status.enabled_methods),
    );
    if let Some(primary) = status.primary_method {
        text.push_str(&format!("\nPrimary:  {}", primary.wire()));
    }
    if let Some(from) = status.enforced_from {
        text.push_str(&format!("\nIn force: from {}", crate::clock::rfc3339(from)));
    }
    if let Some(left) = status.backup_codes_left {
        text.push_str(&format!("\nBackup codes left: {left}"));
    }
    say(as_json, &text, || mfa_status_json(&status))
}

fn mfa_reset(app: &App, email: &str, as_json: bool) -> Result<(), Failed> {
    let mut conn = db::connection(&app.pool)?;
    let user = find(&mut conn, email)?;
    let origin = Origin::local(Door::Cli);
    write(&mut conn, |conn| {
        let now = app.clock.now();
        mfa::settings::reset_by_administrator(conn, &app.keys, &origin, &user, None, now)
    })?;
    let text = format!(
        "MFA of {} was reset; it is signed out everywhere",
        user.email
    );
    say(as_json, &text, || json!({"success": true}))
}

fn verify(app: &App, as_json: bool) -> Result<(), Failed> {
    let mut conn = db::connection(&app.pool)?;
    match activity::verify(&mut conn, &app.keys)? {
        Verdict::Intact { rows } => say(
            as_json,
            &format!("the record is intact: {rows} rows"),
            || json!({"intact": true, "rows": rows}),
        ),
        Verdict::Broken { seq, reason } => {
            if as_json {
                say(
                    true,
                    "",
                    || json!({"intact": false, "row": seq, "reason": reason}),
                )?;
            }
            Err(Failed::BrokenRecord(seq, reason))
        }
    }
}
