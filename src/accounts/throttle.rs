//! How often a password may be guessed for one address. No account is ever locked by wrong passwords: after
//! five failures each further try has to wait, up to a minute, and a right password still gets in.

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use super::Error;
use crate::activity::Origin;
use crate::app::App;
use crate::crypto::keyring::{Keyring, Label};
use crate::db::{Conn, password_failures};

/// The longest wait between two tries.
const LONGEST_WAIT: TimeDelta = TimeDelta::seconds(60);

/// After how long without a failure the count is forgotten.
pub const MEMORY: TimeDelta = TimeDelta::hours(1);

/// The key under which an address's failures are counted: a MAC, so that the table tells nobody which
/// addresses were tried, and the same for addresses with and without an account.
pub fn key(keys: &Keyring, email: &str) -> Vec<u8> {
    keys.mac(Label::Throttle, email.as_bytes()).to_vec()
}

/// Takes a token of the client's address before anything is looked up; [`give_back`] returns it unless a
/// password turned out to be wrong.
///
/// # Errors
///
/// [`Error::Throttled`].
pub fn admit_address(app: &App, origin: &Origin) -> Result<(), Error> {
    app.password_buckets
        .take(origin.address.as_deref(), app.clock.now())
        .map_err(|retry_after| Error::Throttled { retry_after })
}

/// Returns the token that [`admit_address`] took.
pub fn give_back(app: &App, origin: &Origin) {
    app.password_buckets.give_back(origin.address.as_deref());
}

/// Lets a try for this key through, or says how long to wait.
///
/// # Errors
///
/// [`Error::Throttled`].
pub fn admit(conn: &mut Conn, key: &[u8], now: NaiveDateTime) -> Result<(), Error> {
    match password_failures::find(conn, key)? {
        Some(row) if row.next_try_at > now => Err(Error::Throttled {
            retry_after: whole_seconds(row.next_try_at - now),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Counts a failure. `free` failures cost nothing; the next ones 1, 2, 4 ... 60 s. `None` switches the waits
/// off. Runs in the caller's transaction, which is to be tried again when two first failures collide.
///
/// # Errors
///
/// Only the database's.
pub fn count_failure(
    conn: &mut Conn,
    key: &[u8],
    free: Option<u32>,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let Some(free) = free else {
        return Ok(());
    };
    let failures = password_failures::update_count(conn, key, now)?;
    if let Some(wait) = wait_after(failures, free) {
        password_failures::update_next_try(conn, key, now + wait)?;
    }
    Ok(())
}

fn wait_after(failures: i32, free: u32) -> Option<TimeDelta> {
    let over = u32::try_from(failures).ok()?.checked_sub(free)?;
    let wait = TimeDelta::seconds(1_i64 << over.min(6));
    Some(wait.min(LONGEST_WAIT))
}

/// A wait as `Retry-After` says it: whole seconds, at least one.
pub(super) fn whole_seconds(wait: TimeDelta) -> Duration {
    let millis = u64::try_from(wait.num_milliseconds()).unwrap_or(0);
    Duration::from_secs(millis.div_ceil(1_000).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_cost_nothing_and_the_waits_then_double_up_to_a_minute() {
        let waits: Vec<i64> = (1..=13)
            .map(|n| wait_after(n, 5).map_or(0, |wait| wait.num_seconds()))
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
