//! What a start opens, and why it may fail.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use chrono::NaiveDateTime;
use diesel::result::Error as DbError;

use crate::activity::{self, Door, Entry, Event, Origin};
use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl};
use crate::crypto::keyring::Keyring;
use crate::crypto::{self, KeyFileError};
use crate::db::key_checks::KeyCheck;
use crate::db::{self, Conn, InUse, MigrationError, Pool, key_checks, write};
use crate::mail;
use crate::mfa;
use crate::mfa::passkey::RelyingParty;

/// Why a process could not start. Each is one line, and none holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be made.
    #[error("COUNTERSIGN_DATA_DIR: {0} cannot be made: {1}")]
    DataDir(String, std::io::Error),
    /// The database cannot be opened.
    #[error("COUNTERSIGN_DATABASE_URL: the database cannot be opened: {0}")]
    Database(String),
    /// The database cannot be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The key file cannot be used.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The key file is not the one this database was made with.
    #[error(
        "COUNTERSIGN_KEY_FILE: the key file does not open this database: it lacks key {0}, or holds another one of \
         that name"
    )]
    WrongKey(String),
    /// A key or the generator failed.
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    /// The public URL and the domain of passkeys do not go together.
    #[error("COUNTERSIGN_RP_ID: {0}")]
    RelyingParty(String),
    /// Mail cannot be set up.
    #[error(transparent)]
    Mail(#[from] mail::StartError),
    /// There can be no threads.
    #[error("threads cannot be had: {0}")]
    Threads(std::io::Error),
    /// Hashing does not work here.
    #[error("passwords cannot be hashed here: {0}")]
    Hasher(#[from] crypto::password::HashError),
}

impl From<DbError> for StartError {
    fn from(error: DbError) -> Self {
        Self::Database(one_line(&error))
    }
}

/// The folder that holds the embedded database, the key file and the outbox; nobody else may read it.
pub(super) fn make_data_dir(path: &Path) -> Result<(), StartError> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| StartError::DataDir(path.display().to_string(), error))
}

/// Says that this process uses the database, where that is a file which another one may want to replace.
pub(super) fn use_database(url: &DatabaseUrl) -> Result<Option<InUse>, StartError> {
    let DatabaseUrl::Sqlite(path) = url else {
        return Ok(None);
    };
    InUse::shared(path).map(Some).map_err(|error| {
        let reason = match error.kind() {
            ErrorKind::WouldBlock => "it is being restored".to_owned(),
            _ => error.to_string(),
        };
        StartError::Database(format!("{}: {reason}", path.display()))
    })
}

pub(super) fn open_pool(url: &DatabaseUrl) -> Result<Pool, StartError> {
    db::open(url).map_err(|error| {
        let reason = one_line(&error);
        StartError::Database(match url {
            DatabaseUrl::Sqlite(path) => format!("{}: {reason}", path.display()),
            DatabaseUrl::Postgres(_) => without_quotation(&reason),
        })
    })
}

/// libpq quotes what it cannot read of a URL, and that may be the password in it. Once it has reached a
/// server it names host, user and database only.
fn without_quotation(reason: &str) -> String {
    match (reason.find('"'), reason.rfind('"')) {
        (Some(start), Some(end)) if !reason.starts_with("connection to server") => {
            let before = reason.get(..start).unwrap_or_default();
            let after = reason.get(end + 1..).unwrap_or_default();
            format!("{before}...{after}")
        }
        _ => reason.to_owned(),
    }
}

/// Who passkeys are made for, unless the public host is an IP address.
pub(super) fn open_relying_party(config: &Config) -> Result<Option<RelyingParty>, StartError> {
    let Some(id) = &config.rp_id else {
        return Ok(None);
    };
    let own = config.public_url.origin().to_owned();
    let origins = std::iter::once(own).chain(config.related_origins.iter().cloned());
    RelyingParty::new(id, mfa::PRODUCT, origins.collect())
        .map(Some)
        .map_err(StartError::RelyingParty)
}

/// A passkey works for the domain it was made for and for no other: after a change of that, an account without another one
/// is not said to be protected by what it cannot use. It still owes a second factor.
pub(super) fn find_orphans(
    conn: &mut Conn,
    rp_id: Option<&str>,
    now: NaiveDateTime,
) -> Result<(), StartError> {
    let Some(rp_id) = rp_id else { return Ok(()) };
    db::passkeys::update_found_again(conn, rp_id)?;
    if db::passkeys::exist_of_other_rp(conn, rp_id)? {
        let orphans = db::passkeys::update_orphaned(conn, rp_id, now)?;
        log::warn!(
            "there are passkeys of another domain than {rp_id}, which COUNTERSIGN_RP_ID sets: they cannot be used, and \
             {orphans} more accounts have no other one"
        );
    }
    Ok(())
}

/// Opens the key file, makes it on the very first start, and proves that it belongs to this database.
pub(super) fn open_keys(
    conn: &mut Conn,
    path: &Path,
    clock: &Clock,
) -> Result<Keyring, StartError> {
    // A database with data and no key file is a mistake to be mended, not a first start.
    let keys = if key_checks::list(conn)?.is_empty() {
        Keyring::load_or_create(path)?
    } else {
        Keyring::load(path)?
    };
    adopt_active_key(conn, &keys, clock.now()).or_else(|error| match key_checks::list(conn) {
        // Two first starts at once: the other process has stored the same check by now.
        Ok(stored)
            if stored.iter().any(|check| {
                check.key_id == keys.active_kid()
                    && keys.verify_check(&check.key_id, &check.envelope).is_ok()
            }) =>
        {
            Ok(())
        }
        _ => Err(error),
    })?;
    Ok(keys)
}

/// Proves that the keys fit the database, and notes the active one down there if it is new.
///
/// # Errors
///
/// [`StartError::WrongKey`]; the database's.
pub fn adopt_active_key(
    conn: &mut Conn,
    keys: &Keyring,
    now: NaiveDateTime,
) -> Result<(), StartError> {
    write(conn, |conn| {
        let stored = key_checks::list(conn)?;
        for check in &stored {
            keys.verify_check(&check.key_id, &check.envelope)
                .map_err(|_| StartError::WrongKey(check.key_id.clone()))?;
        }
        let (key_id, envelope) = keys.check_value()?;
        if stored.iter().any(|check| check.key_id == key_id) {
            return Ok(());
        }
        let entry = Entry::success(Event::KeyRotated).about(&key_id);
        key_checks::insert(
            conn,
            &KeyCheck {
                key_id,
                envelope,
                created_at: now,
            },
        )?;
        if !stored.is_empty() {
            let origin = Origin::local(Door::Server);
            activity::record(conn, keys, &origin, entry, now)?;
        }
        Ok(())
    })
}

/// A database's error on one line, as the start prints it.
fn one_line(error: &dyn std::error::Error) -> String {
    error
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
