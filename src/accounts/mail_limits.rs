//! How many mails an account may ask for.

use chrono::{NaiveDateTime, TimeDelta};

use crate::config::Rate;

/// How long mails are remembered where none is limited.
const WITHOUT_LIMIT: TimeDelta = TimeDelta::hours(1);

/// The longest wait that any of the rates asks for after these mails, newest first.
pub(super) fn wait_after(
    rates: &[Rate],
    times: &[NaiveDateTime],
    now: NaiveDateTime,
) -> Option<TimeDelta> {
    let waits = rates.iter().filter_map(|rate| {
        let last = usize::try_from(rate.count).ok()?.checked_sub(1)?;
        let wait = *times.get(last)? + period(rate) - now;
        (wait > TimeDelta::zero()).then_some(wait)
    });
    waits.max()
}

/// How far back the rates look.
pub(super) fn longest(rates: &[Rate]) -> TimeDelta {
    rates.iter().map(period).max().unwrap_or(WITHOUT_LIMIT)
}

fn period(rate: &Rate) -> TimeDelta {
    TimeDelta::from_std(rate.period).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn three_in_five_minutes_five_in_ten_and_fifteen_in_an_hour_are_let_through() {
        let rates: Vec<Rate> = ["3/5m", "5/10m", "15/1h"]
            .iter()
            .map(|rate| rate.parse().unwrap())
            .collect();
        let start = chrono::DateTime::UNIX_EPOCH.naive_utc();
        let (mut times, mut let_through) = (Vec::new(), Vec::new());
        for second in 0..=3_600 {
            let now = start + TimeDelta::seconds(second);
            if wait_after(&rates, &times, now).is_none() {
                times.insert(0, now);
                let_through.push(second);
            }
        }
        assert_eq!(let_through[..6], [0, 1, 2, 300, 301, 600]);
        assert_eq!(let_through.iter().filter(|at| **at < 3_600).count(), 15);
        let now = start + TimeDelta::seconds(2);
        let three = [now, now, start];
        assert_eq!(
            wait_after(&rates, &three, now),
            Some(TimeDelta::seconds(298))
        );
        assert_eq!(wait_after(&[], &times, now), None);
    }
}
