//! How often a second factor may be answered wrongly: one count an account, over all its codes.
//!
//! An answer is counted before it is looked at, in a transaction of its own, so that however many come at
//! once, no more than five are looked at between two locks. A right answer clears the count; an answer that
//! was right but spent is not counted after all.

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use super::{Error, Method};
use crate::db::mfa_attempts::{self, MfaAttempts};
use crate::db::{Conn, factors, new_id, users};

/// How many wrong answers in a row lock.
const FREE: i32 = 5;

/// How many wrong answers in a row switch codes off (NIST SP 800-63B-4 section 3.2.2).
const MAX_WRONG: i32 = 100;

/// How many right codes in a row, each of a later step, unlock.
const RUN: i32 = 3;

/// The longest lock.
const LONGEST_LOCK: TimeDelta = TimeDelta::hours(24);

/// One answer that was counted as wrong, until it proves right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The row of wrong answers that it stands in.
    streak: String,
    /// The how-manieth of them it is.
    wrong: i32,
}

impl Counted {
    /// Whether it is one of the wrong answers of this row.
    fn counts_in(&self, row: &MfaAttempts) -> bool {
        self.streak == row.streak && row.wrong > 0
    }
}

/// Whether an answer may be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Admission {
    /// It may, and is counted.
    Admitted(Counted),
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
    /// This answer switches codes off.
    pub is_suspended: bool,
}

/// Counts an answer, unless the account is locked or its codes are switched off. Takes the account's lock; the
/// caller's transaction ends before the answer is looked at, and is kept whatever it turns out to be.
pub(super) fn admit(
    conn: &mut Conn,
    user_id: &str,
    first_lock: Duration,
    now: NaiveDateTime,
) -> Result<Admission, Error> {
    let mut row = locked_row(conn, user_id, now)?;
    if row.suspended_at.is_some() {
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
    Ok(Admission::Admitted(Counted {
        streak: row.streak,
        wrong: row.wrong,
    }))
}

/// Clears the count: the answer was right. Codes that were switched off are on again: either this answer was counted
/// before the wrong one that did it, so that it was no hundred in a row, or it was no code. The caller holds the
/// account's lock.
pub(super) fn clear(conn: &mut Conn, user_id: &str) -> Result<(), Error> {
    let row = mfa_attempts::find(conn, user_id)?;
    mfa_attempts::delete(conn, user_id)?;
    if row.is_some_and(|row| row.suspended_at.is_some()) {
        unsuspend(conn, user_id)?;
    }
    Ok(())
}

/// Switches codes of every kind on again. Passkeys are no codes: what makes them unusable is not a wrong answer.
fn unsuspend(conn: &mut Conn, user_id: &str) -> Result<(), Error> {
    factors::update_unsuspended(conn, user_id, Method::Passkey.column())?;
    Ok(())
}

/// Takes back the count of one answer that was not wrong after all, if its row of wrong answers still stands.
/// Answers what is left. Takes the account's lock.
pub(super) fn give_back(
    conn: &mut Conn,
    user_id: &str,
    counted: Option<&Counted>,
    now: NaiveDateTime,
) -> Result<Left, Error> {
    let mut row = locked_row(conn, user_id, now)?;
    if counted.is_some_and(|counted| counted.counts_in(&row)) {
        let was_suspended = row.suspended_at.is_some();
        take_one(&mut row, now);
        if was_suspended && row.suspended_at.is_none() {
            unsuspend(conn, user_id)?;
        }
        mfa_attempts::update_or_insert(conn, &row)?;
    }
    Ok(left(&row, None, now))
}

/// One wrong answer fewer: what the one that is taken back led to is lifted.
fn take_one(row: &mut MfaAttempts, now: NaiveDateTime) {
    if row.wrong % FREE == 0 {
        row.locked_until = None;
    }
    row.wrong -= 1;
    row.updated_at = now;
    row.suspended_at = row.suspended_at.filter(|_| row.wrong >= MAX_WRONG);
}

/// What is left after an answer that was counted and proved wrong. The hundredth in a row switches codes off.
/// Takes the account's lock.
pub(super) fn after_wrong(
    conn: &mut Conn,
    user_id: &str,
    counted: &Counted,
    now: NaiveDateTime,
) -> Result<Left, Error> {
    let mut row = locked_row(conn, user_id, now)?;
    let left = left(&row, Some(counted), now);
    if left.is_suspended {
        row.suspended_at = Some(now);
        mfa_attempts::update_or_insert(conn, &row)?;
    }
    Ok(left)
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
            streak: new_id(),
            wrong: 0,
            locked_until: None,
            suspended_at: None,
            run_length: 0,
            run_step: None,
            updated_at: now,
        }),
    )
}

/// What is left, told to the answer that was counted so. Of answers that are looked at together each is told its
/// own number, so that one of them is told of the lock; none is, once the count was cleared or given back below it.
/// (A count that is given back lets one more in, which may cause the same lock again, and is told of it, too.)
fn left(row: &MfaAttempts, counted: Option<&Counted>, now: NaiveDateTime) -> Left {
    let own = counted
        .filter(|counted| counted.streak == row.streak && counted.wrong <= row.wrong)
        .map(|counted| counted.wrong);
    let locked_for = row
        .locked_until
        .filter(|_| own.is_some_and(|own| own % FREE == 0))
        .map(|until| wait_until(until, now));
    let used = own.unwrap_or(row.wrong) % FREE;
    let is_locked = own.is_none() && row.locked_until.is_some_and(|until| until > now);
    Left {
        tries: if locked_for.is_some() || is_locked {
            0
        } else {
            u32::try_from(FREE - used).unwrap_or(0)
        },
        locked_for,
        is_suspended: own.is_some_and(|own| own >= MAX_WRONG) && row.suspended_at.is_none(),
    }
}

/// The time that is left until then, in whole seconds.
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
pub(super) mod tests {
    use super::*;

    #[test]
    fn each_lock_is_twice_as_long_as_the_one_before_up_to_a_day() {
        let minutes: Vec<i64> = (1..=9)
            .map(|n| lock_time(n * FREE, Duration::from_secs(15 * 60)).num_minutes())
            .collect();
        assert_eq!(minutes, [15, 30, 60, 120, 240, 480, 960, 1_440, 1_440]);
    }

    fn row(wrong: i32, locked_until: Option<NaiveDateTime>) -> MfaAttempts {
        MfaAttempts {
            user_id: String::new(),
            streak: "s".into(),
            wrong,
            locked_until,
            suspended_at: None,
            run_length: 0,
            run_step: None,
            updated_at: NOW,
        }
    }

    pub(in crate::mfa) fn counted(wrong: i32) -> Counted {
        Counted {
            streak: "s".into(),
            wrong,
        }
    }

    const NOW: NaiveDateTime = chrono::DateTime::UNIX_EPOCH.naive_utc();
    const LOCK: Duration = Duration::from_secs(900);

    #[test]
    fn the_fifth_wrong_answer_leaves_none_and_names_the_end_of_the_lock() {
        assert_eq!(left(&row(1, None), Some(&counted(1)), NOW).tries, 4);
        assert_eq!(left(&row(4, None), Some(&counted(4)), NOW).tries, 1);
        let fifth = left(&row(5, Some(NOW + LOCK)), Some(&counted(5)), NOW);
        assert_eq!((fifth.tries, fifth.locked_for), (0, Some(LOCK)));
        assert_eq!(left(&row(6, None), Some(&counted(6)), NOW).tries, 4);
    }

    #[test]
    fn of_answers_that_were_counted_together_one_is_told_of_the_lock() {
        let row = row(5, Some(NOW + LOCK));
        let told: Vec<(u32, bool)> = (1..=5)
            .map(|n| left(&row, Some(&counted(n)), NOW))
            .map(|left| (left.tries, left.locked_for.is_some()))
            .collect();
        assert_eq!(
            told,
            [(4, false), (3, false), (2, false), (1, false), (0, true)]
        );
    }

    #[test]
    fn an_answer_is_told_of_no_lock_that_a_right_one_has_lifted() {
        let elsewhere = MfaAttempts {
            streak: "t".into(),
            ..row(0, None)
        };
        let left = left(&elsewhere, Some(&counted(5)), NOW);
        assert_eq!((left.tries, left.locked_for), (5, None));
    }

    #[test]
    fn an_answer_that_was_counted_in_another_row_is_not_told_of_the_lock_in_this_one() {
        let elsewhere = MfaAttempts {
            streak: "t".into(),
            ..row(5, Some(NOW + LOCK))
        };
        let left = left(&elsewhere, Some(&counted(5)), NOW);
        assert_eq!((left.tries, left.locked_for), (0, None));
        let lifted = super::left(&row(4, Some(NOW + LOCK)), Some(&counted(5)), NOW);
        assert_eq!(lifted.locked_for, None);
    }

    #[test]
    fn whoever_was_not_counted_has_no_tries_until_the_lock_ends_and_then_all_of_them() {
        let row = row(5, Some(NOW + LOCK));
        let tries = |now| left(&row, None, now).tries;
        assert_eq!(tries(NOW + LOCK - Duration::from_secs(1)), 0);
        assert_eq!(tries(NOW + LOCK), 5);
        assert_eq!(tries(NOW + LOCK + Duration::from_secs(1)), 5);
    }

    #[test]
    fn an_answer_is_taken_back_from_its_own_row_while_that_counts_any() {
        assert!(counted(1).counts_in(&row(1, None)));
        assert!(counted(1).counts_in(&row(2, None)));
        assert!(!counted(1).counts_in(&row(0, None)));
        let other = MfaAttempts {
            streak: "t".into(),
            ..row(1, None)
        };
        assert!(!counted(1).counts_in(&other));
    }

    #[test]
    fn taking_an_answer_back_lifts_the_lock_and_the_suspension_that_it_led_to() {
        let after = |wrong| {
            let mut row = MfaAttempts {
                suspended_at: Some(NOW),
                ..row(wrong, Some(NOW + LOCK))
            };
            take_one(&mut row, NOW + LOCK);
            assert_eq!((row.wrong, row.updated_at), (wrong - 1, NOW + LOCK));
            (row.locked_until.is_some(), row.suspended_at.is_some())
        };
        assert_eq!(after(100), (false, false));
        assert_eq!(after(101), (true, true));
        assert_eq!(after(102), (true, true));
        assert_eq!(after(99), (true, false));
        assert_eq!(after(5), (false, false));
    }

    #[test]
    fn the_hundredth_wrong_answer_switches_codes_off_and_the_ninety_ninth_does_not() {
        let row = row(100, Some(NOW + LOCK));
        assert!(left(&row, Some(&counted(100)), NOW).is_suspended);
        assert!(!left(&row, Some(&counted(99)), NOW).is_suspended);
        assert!(!left(&row, None, NOW).is_suspended);
    }
}
