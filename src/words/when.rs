//! Instants as people read them, always in UTC.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

use super::Messages;

/// An instant as pages show it: for machines in `<time datetime>`, and for people, always in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// RFC 3339 in whole seconds, or only the date.
    pub iso: String,
    /// For example "12 Nov 2026, 14:05 UTC".
    pub text: String,
}

impl When {
    /// From an instant in UTC.
    pub fn utc(t: &Messages, at: NaiveDateTime) -> Self {
        let date = date(t, at.date());
        Self {
            text: t.with2("frame-date-time", "date", date, "time", hour_and_minute(at)),
            iso: iso(at),
        }
    }

    /// Only the day, for a date that was chosen as such: "30 Nov 2026".
    pub fn day(t: &Messages, day: NaiveDate) -> Self {
        Self {
            text: date(t, day),
            iso: iso_date(day),
        }
    }

    /// Only the time of day, for an instant in the next hours: "14:05 UTC".
    pub fn clock(t: &Messages, at: NaiveDateTime) -> Self {
        Self {
            text: t.with("frame-time", "time", hour_and_minute(at)),
            iso: iso(at),
        }
    }

    /// The same with seconds, for an instant in the next minute: "14:05:09 UTC".
    pub fn clock_with_seconds(t: &Messages, at: NaiveDateTime) -> Self {
        let time = format!("{}:{:02}", hour_and_minute(at), at.second());
        Self {
            text: t.with("frame-time", "time", time),
            iso: iso(at),
        }
    }
}

// A page shows dozens of times; chrono's patterns would be parsed anew for each.

fn iso(at: NaiveDateTime) -> String {
    let date = iso_date(at.date());
    format!(
        "{date}T{:02}:{:02}:{:02}Z",
        at.hour(),
        at.minute(),
        at.second()
    )
}

fn iso_date(day: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

fn hour_and_minute(at: NaiveDateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

fn date(t: &Messages, day: NaiveDate) -> String {
    let (number, year) = (day.day().to_string(), day.year().to_string());
    t.with3(
        "frame-date",
        ("day", number),
        ("month", day.month()),
        ("year", year),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_names_its_day_and_its_zone() {
        let at = NaiveDate::from_ymd_opt(2026, 11, 12)
            .unwrap()
            .and_hms_opt(14, 5, 59)
            .unwrap();
        let t = Messages::default();
        let when = When::utc(&t, at);
        assert_eq!(when.text, "12 Nov 2026, 14:05 UTC");
        assert_eq!(when.iso, "2026-11-12T14:05:59Z");
        assert_eq!(When::clock(&t, at).text, "14:05 UTC");
        let day = When::day(&t, at.date());
        assert_eq!(
            (day.text.as_str(), day.iso.as_str()),
            ("12 Nov 2026", "2026-11-12")
        );
    }

    #[test]
    fn every_month_has_its_name() {
        let months: Vec<String> = (1..=12)
            .map(|month| {
                let at = NaiveDate::from_ymd_opt(2027, month, 1)
                    .unwrap()
                    .and_hms_opt(0, 0, 0)
                    .unwrap();
                When::utc(&Messages::default(), at).text
            })
            .collect();
        assert_eq!(months.first().unwrap(), "1 Jan 2027, 00:00 UTC");
        assert_eq!(months.get(7).unwrap(), "1 Aug 2027, 00:00 UTC");
        assert_eq!(months.last().unwrap(), "1 Dec 2027, 00:00 UTC");
    }
}
