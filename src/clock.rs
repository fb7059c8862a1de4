//! The time. Everything that asks what time it is asks a [`Clock`], so that tests own it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDateTime, SubsecRound, TimeDelta, Utc};

/// A clock that can be moved; clones move together.
///
/// Times are UTC without a zone, to the microsecond: Postgres keeps no more, and a time must read back equal
/// to what was written.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
}

impl Clock {
    /// The system's time.
    pub fn now(&self) -> NaiveDateTime {
        let offset = TimeDelta::microseconds(self.offset_micros.load(Ordering::Relaxed));
        (Utc::now().naive_utc() + offset).trunc_subsecs(6)
    }

    /// Moves this clock, and its clones, against the system's. Only tests do.
    pub fn advance(&self, by: TimeDelta) {
        let micros = by.num_microseconds().unwrap_or(0);
        self.offset_micros.fetch_add(micros, Ordering::Relaxed);
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
