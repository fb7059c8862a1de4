//! Token buckets in memory, one a key (a client's address, an account): a burst, then one more every so often
//! (GCRA).
//!
//! Ours and not a crate's, because a success gives its token back and because tests move the clock.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use crate::config::Rate;

/// How many keys are remembered at most.
const MAX_KEYS: usize = 65_536;

/// What a limit counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A client's address; of IPv6, the network that one household gets.
    Address,
    /// An account's id.
    Account,
}

/// The buckets of one limit.
#[derive(Debug)]
pub struct Buckets {
    by: By,
    /// How long a token takes to come back; `None` switches the limit off.
    interval: Option<TimeDelta>,
    /// How far ahead of now a key may be: the burst.
    window: TimeDelta,
    /// When each key's bucket will be full again.
    full_at: Mutex<HashMap<String, NaiveDateTime>>,
}

impl Buckets {
    /// Buckets of `rate`; without one, everything is let through.
    pub fn new(by: By, rate: Option<&Rate>) -> Self {
        let interval = rate.and_then(|rate| TimeDelta::from_std(rate.interval()).ok());
        let burst = rate.map_or(0, |rate| i32::try_from(rate.count).unwrap_or(i32::MAX));
        Self {
            by,
            window: interval.map_or(TimeDelta::zero(), |interval| interval * burst),
            interval,
            full_at: Mutex::default(),
        }
    }

    /// Takes a token, or says how long until there is one. Without a key (the command line has no address)
    /// nothing is limited.
    ///
    /// # Errors
    ///
    /// How long to wait, in whole seconds, at least one.
    pub fn take(&self, key: Option<&str>, now: NaiveDateTime) -> Result<(), Duration> {
        let (Some(interval), Some(key)) = (self.interval, key.and_then(|key| self.key(key))) else {
            return Ok(());
        };
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= MAX_KEYS {
            make_room(&mut full_at, now);
        }
        let at = full_at.entry(key).or_insert(now);
        let next = (*at).max(now) + interval;
        let over = next - now - self.window;
        if over > TimeDelta::zero() {
            let millis = u64::try_from(over.num_milliseconds()).unwrap_or(0);
            return Err(Duration::from_secs(millis.div_ceil(1_000).max(1)));
        }
        *at = next;
        Ok(())
    }

    /// Gives back a token that was taken: what it was taken for did not count.
    pub fn give_back(&self, key: Option<&str>) {
        let (Some(interval), Some(key)) = (self.interval, key.and_then(|key| self.key(key))) else {
            return;
        };
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = full_at.get_mut(&key) {
            *at -= interval;
        }
    }

    fn key(&self, text: &str) -> Option<String> {
        match self.by {
            By::Address => household(text).map(|address| address.to_string()),
            By::Account => Some(text.to_owned()),
        }
    }
}

/// Forgets full buckets; when that is not enough, the emptier half of the others is kept.
fn make_room(full_at: &mut HashMap<String, NaiveDateTime>, now: NaiveDateTime) {
    full_at.retain(|_, at| *at > now);
    if full_at.len() >= MAX_KEYS {
        let mut times: Vec<_> = full_at.values().copied().collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = *median;
        full_at.retain(|_, at| *at > median);
    }
}

/// A client's address as a key.
fn household(address: &str) -> Option<IpAddr> {
    match address.parse().ok()? {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => Some(IpAddr::V4(v4)),
            None => Some(IpAddr::V6(Ipv6Addr::from_bits(
                v6.to_bits() & (u128::MAX << 64),
            ))),
        },
        v4 @ IpAddr::V4(_) => Some(v4),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn buckets() -> Buckets {
        Buckets::new(By::Address, Some(&"10/60s".parse().unwrap()))
    }

    fn start() -> NaiveDateTime {
        chrono::DateTime::UNIX_EPOCH.naive_utc()
    }

    #[test]
    fn a_burst_is_let_through_and_then_one_every_six_seconds() {
        let (buckets, now) = (buckets(), start());
        for _ in 0..10 {
            buckets.take(Some("203.0.113.7"), now).unwrap();
        }
        assert_eq!(
            buckets.take(Some("203.0.113.7"), now),
            Err(Duration::from_secs(6))
        );
        buckets
            .take(Some("203.0.113.7"), now + TimeDelta::seconds(6))
            .unwrap();
        assert!(
            buckets
                .take(Some("203.0.113.7"), now + TimeDelta::seconds(6))
                .is_err()
        );
        buckets.take(Some("203.0.113.8"), now).unwrap();
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let (buckets, now) = (buckets(), start());
        for _ in 0..50 {
            buckets.take(Some("203.0.113.7"), now).unwrap();
            buckets.give_back(Some("203.0.113.7"));
        }
    }

    #[test]
    fn one_household_is_one_address() {
        let (buckets, now) = (buckets(), start());
        for n in 0..10 {
            buckets
                .take(Some(&format!("2001:db8:1:2::{n}")), now)
                .unwrap();
        }
        assert!(buckets.take(Some("2001:db8:1:2:ffff::1"), now).is_err());
        buckets.take(Some("2001:db8:1:3::1"), now).unwrap();
    }

    #[test]
    fn without_a_rate_or_an_address_nothing_is_limited() {
        let off = Buckets::new(By::Address, None);
        for _ in 0..100 {
            off.take(Some("203.0.113.7"), start()).unwrap();
            buckets().take(None, start()).unwrap();
        }
    }
}
