//! `countersign backup` and `restore`: the embedded database as one file, and back.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{Failed, say};
use crate::activity::{self, Door, Entry, Event, Origin};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl};
use crate::crypto::password::Params;
use crate::db::backup::{InUse, copy_into, find_fault, replace};
use crate::db::{self, one_time_links, sessions, trusted_browsers, users, write};

/// What to say to whom has a server.
const POSTGRES: &str =
    "a Postgres database is copied with pg_dump and put back with pg_restore; README says how";

#[derive(Args)]
pub(super) struct File {
    /// The copy; it holds everything but the keys, and is not opened without them
    file: PathBuf,
}

pub(super) fn backup(app: &App, to: &File, as_json: bool) -> Result<(), Failed> {
    let failed = |error| failed(&to.file, error);
    let path = text(&to.file)?;
    let mut conn = db::connection(&app.pool)?;
    // Made here, so that nobody else can read it and nothing is ever overwritten.
    let file = new_file(&to.file).map_err(failed)?;
    let copied = copy_into(&mut conn, path)
        .map_err(|error| Failed::Refused(format!("{path}: {error}")))
        .and_then(|done| done.ok_or_else(|| Failed::Refused(POSTGRES.to_owned())))
        .and_then(|()| file.sync_all().map_err(failed))
        .and_then(|()| whole(path));
    if let Err(error) = copied {
        // What was begun is of no use to anybody.
        let _ = fs::remove_file(&to.file);
        return Err(error);
    }
    let keys = app.config.key_file.display();
    let text = format!(
        "{path} is a whole copy; it opens only with the keys in {keys}, which belong elsewhere"
    );
    say(as_json, &text, || json!({"success": true, "file": path}))
}

pub(super) fn restore(mut config: Config, from: &File, as_json: bool) -> Result<(), Failed> {
    let DatabaseUrl::Sqlite(place) = config.database.clone() else {
        return Err(Failed::Refused(POSTGRES.to_owned()));
    };
    // SQLite would make a file that is missing.
    fs::metadata(&from.file).map_err(|error| failed(&from.file, error))?;
    whole(text(&from.file)?)?;
    let _alone = InUse::alone(&place).map_err(|error| match error.kind() {
        std::io::ErrorKind::WouldBlock => {
            let place = place.display();
            Failed::Refused(format!("{place} is in use: stop the server first"))
        }
        _ => failed(&place, error),
    })?;
    let clock = Clock::default();
    let stamp = clock.now().format("%Y%m%dT%H%M%SZ");
    let staging = place.with_file_name(format!(".restoring-{stamp}"));
    let draft = staging.join("countersign.db");
    config.database = DatabaseUrl::Sqlite(draft.clone());
    let restored = stage(&from.file, &draft)
        .and_then(|()| open_copy(config, clock))
        .and_then(|accounts| {
            let mut kept = place.clone().into_os_string();
            kept.push(format!(".{stamp}"));
            let kept = PathBuf::from(kept);
            let had_one = replace(&draft, &place, &kept).map_err(|error| failed(&place, error))?;
            Ok((accounts, had_one.then_some(kept)))
        });
    // Whatever came of it: what is left in there is of no use to anybody.
    let _ = fs::remove_dir_all(&staging);
    let (accounts, kept) = restored?;
    let before = match &kept {
        Some(kept) => format!("; what was there is {}", kept.display()),
        None => String::new(),
    };
    let text = format!(
        "{} is back, with {accounts} accounts, who all sign in again{before}",
        place.display()
    );
    say(
        as_json,
        &text,
        || json!({"success": true, "accounts": accounts, "kept": kept}),
    )
}

/// Copies the copy to where it can be changed, next to its place.
fn stage(from: &Path, draft: &Path) -> Result<(), Failed> {
    let folder = draft.parent().unwrap_or(draft);
    fs::DirBuilder::new()
        .mode(0o700)
        .create(folder)
        .map_err(|error| failed(folder, error))?;
    let copy = || {
        let mut to = new_file(draft)?;
        std::io::copy(&mut fs::File::open(from)?, &mut to)?;
        to.sync_all()
    };
    copy().map_err(|error| failed(draft, error))
}

/// Starts with the copy, which proves that it can be started with; and ends what was in use when it was made: what has
/// been revoked or used up since then would live again. Answers how many accounts there are.
fn open_copy(config: Config, clock: Clock) -> Result<usize, Failed> {
    let app = App::start(config, clock, Params::default())?;
    let mut conn = db::connection(&app.pool)?;
    let now = app.clock.now();
    write(&mut conn, |conn| {
        sessions::update_all_ended(conn, now)?;
        one_time_links::delete_all(conn)?;
        trusted_browsers::delete_all(conn)?;
        let entry = Entry::success(Event::Restored);
        activity::record(conn, &app.keys, &Origin::local(Door::Cli), entry, now)
    })?;
    db::checkpoint(&mut conn)?;
    Ok(users::list(&mut conn)?.len())
}

fn whole(path: &str) -> Result<(), Failed> {
    match find_fault(path) {
        Ok(None) => Ok(()),
        Ok(Some(fault)) | Err(fault) => Err(Failed::Refused(format!("{path}: {fault}"))),
    }
}

fn new_file(path: &Path) -> std::io::Result<fs::File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

fn text(path: &Path) -> Result<&str, Failed> {
    let text = path.to_str();
    text.ok_or_else(|| Failed::Refused(format!("{}: the name is not UTF-8", path.display())))
}

fn failed(path: &Path, error: std::io::Error) -> Failed {
    Failed::File(path.display().to_string(), error)
}
