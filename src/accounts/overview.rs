//! What the security page shows of an account besides its MFA status: its sessions and what happened lately.

use chrono::NaiveDateTime;

use super::trusted_browsers::Trusted;
use super::{Caller, Error, sessions, trusted_browsers};
use crate::activity::Event;
use crate::app::App;
use crate::db::activity::{self, Happened};
use crate::db::backup_codes::{self, BackupCodeSet};
use crate::db::passkeys::Passkey;
use crate::db::sessions::Session;
use crate::db::{Conn, passkeys, users};

/// How many entries of the record the overview holds.
const RECENT: u32 = 20;

/// How many entries a page of the record holds.
pub const PAGE: u32 = 50;

/// Sessions and recent activity.
#[derive(Debug)]
pub struct Overview {
    /// The live sessions, the caller's own first.
    pub sessions: Vec<Session>,
    /// The trusted browsers, the latest first.
    pub trusted: Vec<Trusted>,
    /// The passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// What authenticators know the account by.
    pub handle: Option<Vec<u8>>,
    /// The live set of backup codes.
    pub codes: Option<BackupCodeSet>,
    /// The newest entries first.
    pub activity: Vec<Happened>,
}

/// Reads the overview.
///
/// # Errors
///
/// Only the database's.
pub fn load(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    now: NaiveDateTime,
) -> Result<Overview, Error> {
    let (passkeys, handle) = passkeys::list_with_handle(conn, &caller.user.id)?;
    Ok(Overview {
        passkeys,
        handle,
        sessions: sessions::list(conn, app, caller, now)?,
        trusted: trusted_browsers::list(conn, &caller.user.id, caller.organization.as_ref(), now)?,
        codes: backup_codes::find_live(conn, &caller.user.id)?,
        activity: recent(conn, &caller.user.id)?,
    })
}

/// The number of the newest of these entries that changed what the overview shows; 0 where none did.
pub fn last_change(entries: &[Happened]) -> i64 {
    let changes = |entry: &&Happened| {
        let succeeded = entry.outcome == "success";
        Event::from_word(&entry.event).is_some_and(|event| event.changes_account(succeeded))
    };
    entries.iter().find(changes).map_or(0, |entry| entry.seq)
}

/// The newest entries of an account's record, as many as the overview holds.
///
/// # Errors
///
/// Only the database's.
pub fn recent(conn: &mut Conn, user_id: &str) -> Result<Vec<Happened>, Error> {
    Ok(activity::list_by_user(conn, user_id, 0, RECENT)?)
}

/// A page of an account's record, counted from 1, newest first; and whether there is an older one.
///
/// # Errors
///
/// Only the database's.
pub fn load_activity(
    conn: &mut Conn,
    user_id: &str,
    page: u32,
) -> Result<(Vec<Happened>, bool), Error> {
    let before = page.saturating_sub(1).saturating_mul(PAGE);
    // One more than a page tells whether there is a next one.
    let mut rows = activity::list_by_user(conn, user_id, before, PAGE + 1)?;
    let has_older = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    Ok((rows, has_older))
}

/// Whether anybody has an account here yet.
///
/// # Errors
///
/// Only the database's.
pub fn has_accounts(conn: &mut Conn) -> Result<bool, Error> {
    Ok(users::exist(conn)?)
}
