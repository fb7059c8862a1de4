//! Times in the rows that every request reads: read by hand from the text that SQLite keeps. diesel tries chrono's
//! patterns on it, and parses the pattern anew each time; with a dozen times a request, that was a tenth of it.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow, FromStaticSqlRow, Queryable};
use diesel::pg::Pg;
use diesel::sql_types::{Nullable, SingleValue, Timestamp};
use diesel::sqlite::Sqlite;

use super::conn::MultiBackend;

/// A time of a row: `#[diesel(deserialize_as = Time)]`.
#[derive(Debug, FromSqlRow)]
pub struct Time(NaiveDateTime);

/// A time that may be missing: `#[diesel(deserialize_as = MaybeTime)]`.
#[derive(Debug)]
pub struct MaybeTime(Option<Time>);

impl From<Time> for NaiveDateTime {
    fn from(time: Time) -> Self {
        time.0
    }
}

impl From<MaybeTime> for Option<NaiveDateTime> {
    fn from(time: MaybeTime) -> Self {
        time.0.map(|time| time.0)
    }
}

impl FromSql<Timestamp, Sqlite> for Time {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        match parse(value.read_text().as_bytes()) {
            Some(time) => Ok(Self(time)),
            None => <NaiveDateTime as FromSql<Timestamp, Sqlite>>::from_sql(value).map(Self),
        }
    }
}

impl FromSql<Timestamp, Pg> for Time {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <NaiveDateTime as FromSql<Timestamp, Pg>>::from_sql(value).map(Self)
    }
}

impl FromSql<Timestamp, MultiBackend> for Time {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Timestamp>()
    }
}

impl<DB: Backend> Queryable<Nullable<Timestamp>, DB> for MaybeTime
where
    Nullable<Timestamp>: SingleValue,
    Option<Time>: FromStaticSqlRow<Nullable<Timestamp>, DB>,
{
    type Row = Option<Time>;

    fn build(row: Self::Row) -> deserialize::Result<Self> {
        Ok(Self(row))
    }
}

/// "2026-11-12 14:05:59" with or without a fraction, as diesel writes it. `None` for every other form.
fn parse(text: &[u8]) -> Option<NaiveDateTime> {
    let (whole, fraction) = text.split_at_checked(19)?;
    let [
        y0,
        y1,
        y2,
        y3,
        b'-',
        m0,
        m1,
        b'-',
        d0,
        d1,
        b' ',
        h0,
        h1,
        b':',
        i0,
        i1,
        b':',
        s0,
        s1,
    ] = whole
    else {
        return None;
    };
    let year = digits(&[*y0, *y1, *y2, *y3])?;
    let month = digits(&[*m0, *m1])?;
    let day = digits(&[*d0, *d1])?;
    let nanos = match fraction {
        [] => 0,
        [b'.', digits_of @ ..] if digits_of.len() <= 9 && !digits_of.is_empty() => {
            let shift = 10_u32.pow(9 - u32::try_from(digits_of.len()).ok()?);
            digits(digits_of)? * shift
        }
        _ => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?.and_hms_nano_opt(
        digits(&[*h0, *h1])?,
        digits(&[*i0, *i1])?,
        digits(&[*s0, *s1])?,
        nanos,
    )
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, digit| match digit {
        b'0'..=b'9' => Some(number * 10 + u32::from(digit - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_diesel_does_not_write_is_left_to_diesel() {
        for other in [
            "",
            "2026-11-12",
            "2026-11-12T14:05:59",
            "2026-11-12 14:05",
            "2026-11-12 14:05:59.",
            "2026-11-12 14:05:59Z",
            "2026-11-12 14:05:59.1234567890",
            "2026-02-30 14:05:59",
            "2026-11-12 24:05:59",
            "2026-11-1\u{0662} 14:05:59",
            "+026-11-12 14:05:59",
        ] {
            assert_eq!(parse(other.as_bytes()), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn a_time_reads_back_as_diesel_writes_it(seconds in 0_i64..253_402_300_799, micros in 0_u32..1_000_000) {
            let at = chrono::DateTime::from_timestamp(seconds, micros * 1_000).unwrap().naive_utc();
            let text = at.format("%F %T%.f").to_string();
            prop_assert_eq!(parse(text.as_bytes()), Some(at));
        }
    }
}
