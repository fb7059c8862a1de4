//! What is thrown away, and when, over all tables.

use chrono::{NaiveDateTime, TimeDelta};

use super::{Error, devices, link_requests, throttle};
use crate::activity;
use crate::app::App;
use crate::db::{
    Conn, backup_codes, known_devices, magic_links, one_time_links, passkey_ceremonies,
    password_failures, session_tokens, sessions, totp_setups, trusted_browsers,
};

/// How long ended sessions and expired rows are kept before they are removed.
const KEEP_ENDED: TimeDelta = TimeDelta::hours(24);

/// Removes what has ended or expired and is of no use any more.
///
/// # Errors
///
/// Only the database's.
pub fn purge(conn: &mut Conn, app: &App, now: NaiveDateTime) -> Result<(), Error> {
    let grace = app.config.lifetimes.refresh_grace;
    session_tokens::update_successors_older_gone(conn, now - grace)?;
    session_tokens::delete_expired(conn, now - KEEP_ENDED)?;
    sessions::delete_expired(conn, now - KEEP_ENDED)?;
    one_time_links::delete_expired(conn, now - KEEP_ENDED)?;
    password_failures::delete_older(conn, now - throttle::MEMORY)?;
    link_requests::purge(conn, app, now)?;
    known_devices::delete_older(conn, now - devices::MEMORY)?;
    totp_setups::delete_expired(conn, now)?;
    trusted_browsers::delete_expired(conn, now)?;
    magic_links::delete_expired(conn, now - KEEP_ENDED)?;
    passkey_ceremonies::delete_expired(conn, now)?;
    backup_codes::update_plain_gone(conn, now)?;
    backup_codes::delete_inert_older(conn, now - app.config.lifetimes.setup)?;
    activity::purge(conn, &app.keys, now)?;
    Ok(())
}
