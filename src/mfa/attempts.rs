//! How often a second factor may be answered wrongly: one count an account, over all its codes.
//!
//! An answer is counted before it is looked at, in a transaction of its own, so that however many come at
//! once, no more than five are looked at between two locks. A right answer clears the count; an answer that
//! was right but spent is not counted after all.

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use super::Error;
use crate::db::mfa_attempts::{self, MfaAttempts};
use crate::db::{Conn, users};

/// How many wrong answers in a row lock.
const FREE: i32 = 5;

/// How many wrong answers in a row switch codes off (NIST SP 800-63B-4 section 3.2.2).
const MAX_WRONG: i32 = 100;

/// How many right codes in a row, each of a later step, unlock.
const RUN: i32 = 3;

/// The longest lock.
const LONGEST_LOCK: TimeDelta = TimeDelta::hours(24);

/// Whether an answer may be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Admission {
    /// It may, and is counted as wrong until it proves right.
    Admitted,
    /// Not before so long.
    Locked(Duration),
    /// Codes are switched off for this account.
    Suspended,
}

/// What is left after a wrong answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// How many more tries until the next lock.
    pub tries: u32,
    /// How long the lock lasts, if this answer caused one.
    pub locked_for: Option<Duration>,
    /// This answer switched codes off.
    pub is_suspended: bool,
}

/// Counts an answer, unless the account is locked or its codes are switched off. Takes the account's lock;
/// runs in a transaction of its own, which is kept whatever the answer turns out to be.
pub(super) fn admit(
    conn: &mut Conn,
    user_id: &str,
    first_lock: Duration,
    now: NaiveDateTime,
) -> Result<Admission, Error> {
    let mut row = locked_row(conn, user_id, now)?;
    if row.wrong >= MAX_WRONG {
        return Ok(Admission::Suspended);
    }
    if let Some(until) = row.locked_until.filter(|until| *until > now) {
        return Ok(Admission::Locked(wait_until(until, now)));
    }
    row.wrong += 1;
    row.locked_until = (row.wrong % FREE == 0).then(|| now + lock_time(row.wrong, first_lock));
    row.run_length = 0;
    row.run_step = None;
    row.updated_at = now;
    mfa_attempts::update_or_insert(conn, &row)?;
    Ok(Admission::Admitted)
}

/// Clears the count: the answer was right.
pub(super) fn clear(conn: &mut Conn, user_id: &str) -> Result<(), Error> {
    mfa_attempts::delete(conn, user_id)?;
    Ok(())
}

/// Takes back the count of one answer: it was right, but spent. Answers what is left. Takes the account's
/// lock.
pub(super) fn give_back(conn: &mut Conn, user_id: &str, now: NaiveDateTime) -> Result<Left, Error> {
    let mut row = locked_row(conn, user_id, now)?;
    if row.wrong > 0 {
        if row.wrong % FREE == 0 {
            row.locked_until = None;
        }
        row.wrong -= 1;
        row.updated_at = now;
        mfa_attempts::update_or_insert(conn, &row)?;
    }
    Ok(left(&row, now))
}

/// What is left after an answer that was counted and proved wrong.
pub(super) fn after_wrong(
    conn: &mut Conn,
    user_id: &str,
    now: NaiveDateTime,
) -> Result<Left, Error> {
    Ok(left(&locked_row(conn, user_id, now)?, now))
}

/// While locked: a right code of a later step than the one before brings the end of the lock closer, anything
/// else starts over. Answers whether this was the third. Takes the account's lock.
pub(super) fn advance_run(
    conn: &mut Conn,
    user_id: &str,
    step: Option<i64>,
    now: NaiveDateTime,
) -> Result<bool, Error> {
    let mut row = locked_row(conn, user_id, now)?;
    match step.filter(|step| row.run_step.is_none_or(|last| *step > last)) {
        Some(step) => {
            row.run_length += 1;
            row.run_step = Some(step);
        }
        None => {
            row.run_length = 0;
            row.run_step = None;
        }
    }
    row.updated_at = now;
    mfa_attempts::update_or_insert(conn, &row)?;
    Ok(row.run_length >= RUN)
}

fn locked_row(conn: &mut Conn, user_id: &str, now: NaiveDateTime) -> Result<MfaAttempts, Error> {
    if !users::lock(conn, user_id)? {
        return Err(Error::NotFound);
    }
    Ok(
        mfa_attempts::find(conn, user_id)?.unwrap_or_else(|| MfaAttempts {
            user_id: user_id.to_owned(),
            wrong: 0,
            locked_until: None,
            run_length: 0,
            run_step: None,
            updated_at: now,
        }),
    )
}

fn left(row: &MfaAttempts, now: NaiveDateTime) -> Left {
    let used = row.wrong % FREE;
    let is_at_lock = row.wrong > 0 && used == 0 && row.locked_until.is_some();
    Left {
        tries: if is_at_lock {
            0
        } else {
            u32::try_from(FREE - used).unwrap_or(0)
        },
        locked_for: row
            .locked_until
            .filter(|_| is_at_lock)
            .map(|until| wait_until(until, now)),
        is_suspended: row.wrong >= MAX_WRONG,
    }
}

/// The time that is left until then.
fn wait_until(until: NaiveDateTime, now: NaiveDateTime) -> Duration {
    let millis = u64::try_from((until - now).num_milliseconds()).unwrap_or(0);
    Duration::from_secs(millis.div_ceil(1_000))
}

/// The first lock, doubled by each lock before, up to a day.
fn lock_time(wrong: i32, first: Duration) -> TimeDelta {
    let first = TimeDelta::from_std(first).unwrap_or(LONGEST_LOCK);
    let doublings = (wrong / FREE - 1).clamp(0, 16);
    (first * (1 << doublings)).min(LONGEST_LOCK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lock_is_twice_as_long_as_the_one_before_up_to_a_day() {
        let minutes: Vec<i64> = (1..=9)
            .map(|n| lock_time(n * FREE, Duration::from_secs(15 * 60)).num_minutes())
            .collect();
        assert_eq!(minutes, [15, 30, 60, 120, 240, 480, 960, 1_440, 1_440]);
    }

    #[test]
    fn the_fifth_wrong_answer_leaves_none_and_names_the_end_of_the_lock() {
        let now = chrono::DateTime::UNIX_EPOCH.naive_utc();
        let row = |wrong, locked_until| MfaAttempts {
            user_id: String::new(),
            wrong,
            locked_until,
            run_length: 0,
            run_step: None,
            updated_at: now,
        };
        assert_eq!(left(&row(1, None), now).tries, 4);
        assert_eq!(left(&row(4, None), now).tries, 1);
        let lock = Duration::from_secs(900);
        let fifth = left(&row(5, Some(now + lock)), now);
        assert_eq!((fifth.tries, fifth.locked_for), (0, Some(lock)));
        assert_eq!(left(&row(6, None), now).tries, 4);
        assert!(left(&row(100, Some(now)), now).is_suspended);
    }
}
