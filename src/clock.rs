//! The time. Everything that asks what time it is asks a [`Clock`], so that tests own it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDateTime, SubsecRound, TimeDelta, Utc};

/// How far back the system's time may go without being believed. Further than that, it is the time before that was wrong.
const LONGEST_HOLD: TimeDelta = TimeDelta::hours(24);

/// What is no jump of the system's clock: what keeps it right moves it less at a time.
const LARGEST_STEP: TimeDelta = TimeDelta::seconds(5);

/// A clock that can be moved, and never goes back by itself; clones move together.
///
/// Times are UTC without a zone, to the microsecond: Postgres keeps no more, and a time must read back equal
/// to what was written.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Mutex<Reading>>);

#[derive(Debug, Clone, Copy)]
struct Reading {
    /// How far tests have moved it against the system's.
    offset: TimeDelta,
    /// What was answered last.
    last: NaiveDateTime,
    /// When that was, by a clock that nobody sets.
    at: Instant,
}

impl Default for Clock {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Reading {
            offset: TimeDelta::zero(),
            last: Utc::now().naive_utc(),
            at: Instant::now(),
        })))
    }
}

impl Clock {
    /// The time by which things expire. When the system's goes back, what has expired must not live again: then this one
    /// goes on at half its pace until the system has caught up.
    pub fn now(&self) -> NaiveDateTime {
        self.with(|reading| {
            let (system, elapsed) = (reading.system(), reading.at.elapsed());
            reading.at += elapsed;
            reading.last = never_back(reading.last, elapsed, system);
            reading.last.trunc_subsecs(6)
        })
    }

    /// The system's time, whatever became of it: what phones show, and codes are made of.
    pub fn wall(&self) -> NaiveDateTime {
        self.with(|reading| reading.system()).trunc_subsecs(6)
    }

    /// It has been as late as that before, in a process that is gone.
    pub fn was(&self, at: NaiveDateTime) {
        self.with(|reading| {
            if at > reading.last && at - reading.last <= LONGEST_HOLD {
                reading.last = at;
            }
        });
    }

    /// Moves this clock, and its clones, against the system's. Only tests do.
    pub fn advance(&self, by: TimeDelta) {
        self.with(|reading| {
            reading.offset += by;
            reading.last += by;
        });
    }

    fn with<T>(&self, f: impl FnOnce(&mut Reading) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Reading {
    fn system(&self) -> NaiveDateTime {
        Utc::now().naive_utc() + self.offset
    }
}

/// The time after `last`, which was so long ago.
fn never_back(last: NaiveDateTime, elapsed: Duration, system: NaiveDateTime) -> NaiveDateTime {
    if last - system > LONGEST_HOLD {
        return system;
    }
    system.max(last + elapsed / 2)
}

/// Notices when somebody sets the system's clock.
#[derive(Debug)]
pub struct Watch {
    system: NaiveDateTime,
    at: Instant,
}

impl Watch {
    /// Begins to watch.
    pub fn start() -> Self {
        Self {
            system: Utc::now().naive_utc(),
            at: Instant::now(),
        }
    }

    /// By how much the system's clock jumped since the last look, if it did.
    pub fn jump(&mut self) -> Option<TimeDelta> {
        let before = std::mem::replace(self, Self::start());
        let elapsed = TimeDelta::from_std(self.at - before.at).ok()?;
        let jump = self.system - before.system - elapsed;
        (jump.abs() > LARGEST_STEP).then_some(jump)
    }
}

/// An instant as the API writes it: RFC 3339, UTC, milliseconds.
pub fn rfc3339(at: NaiveDateTime) -> String {
    DateTime::<Utc>::from_naive_utc_and_offset(at, Utc)
        .to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// An instant as Unix time in milliseconds, for the `expiresAt` of sign-in answers.
pub fn unix_millis(at: NaiveDateTime) -> i64 {
    at.and_utc().timestamp_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> NaiveDateTime {
        DateTime::from_timestamp(seconds, 0).unwrap().naive_utc()
    }

    #[test]
    fn the_time_follows_the_system_forward() {
        let second = Duration::from_secs(1);
        assert_eq!(never_back(at(1_000), second, at(1_001)), at(1_001));
        assert_eq!(never_back(at(1_000), second, at(4_601)), at(4_601));
    }

    #[test]
    fn it_goes_on_at_half_its_pace_when_the_system_goes_back_until_that_has_caught_up() {
        let (minute, mut last, mut system) = (Duration::from_secs(60), at(7_200), at(3_600));
        let mut minutes = 0;
        while last > system {
            system += TimeDelta::minutes(1);
            let next = never_back(last, minute, system);
            assert!(next > last);
            last = next;
            minutes += 1;
        }
        assert_eq!(minutes, 120, "an hour is made up for in two");
    }

    #[test]
    fn what_goes_back_by_more_than_a_day_was_wrong_before() {
        assert_eq!(never_back(at(200_000), Duration::ZERO, at(0)), at(0));
    }

    #[test]
    fn what_another_process_saw_counts_unless_it_cannot_be() {
        let clock = Clock::default();
        let later = clock.now() + TimeDelta::hours(1);
        clock.was(later);
        assert!(clock.now() >= later && clock.wall() < later);
        clock.was(later + TimeDelta::days(300));
        assert!(clock.now() < later + TimeDelta::hours(1));
    }
}
