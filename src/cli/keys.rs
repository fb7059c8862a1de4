//! `countersign keys`: another key for what is sealed and signed, while servers go on.

use std::thread::sleep;
use std::time::Duration;

use clap::Subcommand;
use serde_json::json;

use super::{Failed, say};
use crate::accounts::resealing::{Outcome, reseal_next};
use crate::app::{App, adopt_active_key};
use crate::crypto::key_rotation::{activate_key, add_key};
use crate::db::sealed::{self, Column};
use crate::db::{self, Conn, key_checks};

/// After this long every server that reads the file has read it: they do once a second.
const SETTLED: Duration = Duration::from_secs(2);

/// How many values are sealed anew in a row, and how long others then have the database to themselves.
const IN_A_ROW: usize = 20;
const PAUSE: Duration = Duration::from_millis(10);

#[derive(Subcommand)]
pub(super) enum Command {
    /// Take a new key into use, and seal with it what older ones sealed; goes on where an earlier try was broken off
    Rotate {
        /// Only add the next key to the file: for copying the file to other servers before it is used
        #[arg(long)]
        prepare: bool,
    },
}

pub(super) fn run(app: &App, command: Command, as_json: bool) -> Result<(), Failed> {
    let mut conn = db::connection(&app.pool)?;
    match command {
        Command::Rotate { prepare: true } => prepare(app, &mut conn, as_json),
        Command::Rotate { prepare: false } => rotate(app, &mut conn, as_json),
    }
}

fn prepare(app: &App, conn: &mut Conn, as_json: bool) -> Result<(), Failed> {
    let path = &app.config.key_file;
    let kid = match find_waiting(app, conn)? {
        Some(kid) => kid,
        None => add_key(path)?,
    };
    let text = format!(
        "key {kid} waits in {}: copy that file to every other server, then run `countersign keys rotate`",
        path.display()
    );
    say(as_json, &text, || json!({"key": kid, "isActive": false}))
}

fn rotate(app: &App, conn: &mut Conn, as_json: bool) -> Result<(), Failed> {
    let path = &app.config.key_file;
    let next = match find_waiting(app, conn)? {
        Some(kid) => Some(kid),
        None if is_unfinished(app, conn)? => None,
        None => Some(add_key(path)?),
    };
    if let Some(kid) = next {
        activate_key(path, &kid)?;
        app.keys.reload()?;
        adopt_active_key(conn, &app.keys, app.clock.now())?;
    }
    // Until then a server may still seal with the key before.
    sleep(SETTLED);
    let (resealed, unopened) = reseal_all(app, conn)?;
    let kid = app.keys.active_kid();
    let text = format!(
        "key {kid} is in use, and seals {resealed} values that an older key sealed. Older keys stay in {}: the record, \
         passwords that nobody used since and earlier backups need them",
        path.display()
    );
    say(
        as_json,
        &text,
        || json!({"key": kid, "isActive": true, "resealed": resealed, "unopened": unopened}),
    )?;
    match unopened {
        0 => Ok(()),
        _ => Err(Failed::Refused(format!(
            "{unopened} values are opened by no key of the file, and were left as they are"
        ))),
    }
}

/// A key of the file that was never in use.
fn find_waiting(app: &App, conn: &mut Conn) -> Result<Option<String>, Failed> {
    let used = key_checks::list(conn)?;
    let ids = app.keys.key_ids();
    Ok(ids
        .into_iter()
        .find(|kid| used.iter().all(|check| check.key_id != *kid)))
}

/// Whether an earlier rotation was broken off.
fn is_unfinished(app: &App, conn: &mut Conn) -> Result<bool, Failed> {
    let prefix = app.keys.current_prefix();
    for column in Column::ALL {
        if sealed::find_otherwise(conn, column, &prefix, "")?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Goes through everything until there is nothing left to seal anew. Answers how many values were, and how many do not open.
fn reseal_all(app: &App, conn: &mut Conn) -> Result<(usize, usize), Failed> {
    let mut resealed = 0;
    loop {
        let (mut changed, mut unopened) = (0, 0);
        for column in Column::ALL {
            let mut after = String::new();
            while let Some(passed) = reseal_next(conn, &app.keys, column, &after)? {
                match passed.outcome {
                    Outcome::Resealed => resealed += 1,
                    Outcome::Unopened => unopened += 1,
                    Outcome::Replaced => {}
                }
                changed += usize::from(passed.outcome != Outcome::Unopened);
                after = passed.id;
                if changed % IN_A_ROW == 0 {
                    sleep(PAUSE);
                }
            }
        }
        if changed == 0 {
            return Ok((resealed, unopened));
        }
    }
}
