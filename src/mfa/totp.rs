//! Authenticator apps: time-based codes of six digits (RFC 6238), their set-up, and the rule that a code is
//! accepted once. Counting wrong answers is `attempts`.

use chrono::{NaiveDateTime, TimeDelta};
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

use super::six_digits::Code;
use super::{Error, Method, settings};
use crate::crypto::keyring::{Keyring, Label, Place};
use crate::crypto::random_bytes;
use crate::db::totp_secrets::{self, TotpSecret};
use crate::db::totp_setups::{self, TotpSetup};
use crate::db::users::User;
use crate::db::{Conn, new_id};

/// Seconds for which a code is new.
pub const STEP_SECONDS: u64 = 30;

/// How many steps a phone's clock may be off: one (RFC 6238 section 5.2).
const WINDOW: i64 = 1;

/// How far off a clock is recognised, to help its owner; such a code is refused all the same. Ten minutes.
const DRIFT_WINDOW: i64 = 20;

/// Who the code is for, as the app shows it.
pub const ISSUER: &str = super::PRODUCT;

/// A secret that waits for its first code.
#[derive(Clone)]
pub struct SetUp {
    pub(super) id: String,
    pub(super) secret: Zeroizing<Vec<u8>>,
    pub(super) account: String,
}

impl SetUp {
    /// The secret in base32, for typing it in.
    pub fn secret(&self) -> Result<String, Error> {
        Ok(totp(&self.secret, &self.account)?.secret().to_base32())
    }

    /// The `otpauth://` URI, for the QR code and for a tap on the phone itself.
    pub fn uri(&self) -> Result<String, Error> {
        totp(&self.secret, &self.account)?
            .to_url()
            .map_err(|_| Error::Internal("an otpauth URI could not be made"))
    }
}

/// Starts a set-up, or starts it over: a new secret replaces one that waits. Nothing is enabled by it, and an
/// app that is in use keeps working. Runs in the caller's transaction.
///
/// # Errors
///
/// The database's, and the keys'.
pub fn start_setup(
    conn: &mut Conn,
    keys: &Keyring,
    user: &User,
    session_id: &str,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> Result<SetUp, Error> {
    let id = new_id();
    let secret = Zeroizing::new(random_bytes::<20>()?.to_vec());
    let sealed = keys.seal(Label::Totp, &setup_place(&user.id, &id), &secret)?;
    totp_setups::replace(
        conn,
        &TotpSetup {
            user_id: user.id.clone(),
            id: id.clone(),
            session_id: session_id.to_owned(),
            secret: sealed,
            created_at: now,
            expires_at,
        },
    )?;
    Ok(SetUp {
        id,
        secret,
        account: user.email.clone(),
    })
}

/// The set-up that this session has started, while it waits. Looking changes nothing.
///
/// # Errors
///
/// [`Error::NoSetup`] when there is none (any more).
pub fn find_setup(
    conn: &mut Conn,
    keys: &Keyring,
    user: &User,
    session_id: &str,
    now: NaiveDateTime,
) -> Result<SetUp, Error> {
    let row = totp_setups::find(conn, &user.id)?
        .filter(|row| row.session_id == session_id && row.expires_at > now)
        .ok_or(Error::NoSetup)?;
    let secret = keys.open(Label::Totp, &setup_place(&user.id, &row.id), &row.secret)?;
    Ok(SetUp {
        id: row.id,
        secret,
        account: user.email.clone(),
    })
}

/// Proves a set-up by its first code, which is spent by that, and puts the app in place of the one before.
/// Runs in the caller's transaction, which holds the account's lock. `wall` is the time that codes are made of.
///
/// # Errors
///
/// [`Error::NoSetup`]; [`Error::WrongSetupCode`], which leaves the set-up waiting.
pub fn finish_setup(
    conn: &mut Conn,
    keys: &Keyring,
    user: &User,
    session_id: &str,
    code: Code,
    now: NaiveDateTime,
    wall: NaiveDateTime,
) -> Result<(), Error> {
    let setup = find_setup(conn, keys, user, session_id, now)?;
    let step =
        match_step(&setup.secret, code, wall, WINDOW)?.ok_or_else(|| Error::WrongSetupCode {
            drift: drift(&setup.secret, code, wall),
        })?;
    if totp_setups::consume(conn, &setup.id)? != 1 {
        return Err(Error::NoSetup);
    }
    let factor_id = settings::enable_factor(conn, &user.id, Method::Totp, now)?;
    let place = secret_place(&user.id, &factor_id);
    totp_secrets::replace(
        conn,
        &TotpSecret {
            user_id: user.id.clone(),
            secret: keys.seal(Label::Totp, &place, &setup.secret)?,
            factor_id,
            last_step: step,
            created_at: now,
        },
    )?;
    Ok(())
}

/// What a code is to an account's authenticator app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Check {
    /// The code of this step, which has not been used.
    Right(i64),
    /// The code of a step that was used, or that lies before one that was.
    Spent,
    /// Not a code of now; but of a clock that is off by so much.
    Wrong {
        /// Behind (negative), never ahead.
        drift: Option<TimeDelta>,
    },
}

/// Compares a code with an account's authenticator app. Spends nothing.
///
/// # Errors
///
/// [`Error::Sealed`] when the secret does not open: swapped, changed, or sealed by a key that is gone.
pub(super) fn check(
    keys: &Keyring,
    row: &TotpSecret,
    code: Code,
    wall: NaiveDateTime,
) -> Result<Check, Error> {
    let place = secret_place(&row.user_id, &row.factor_id);
    let secret = keys.open(Label::Totp, &place, &row.secret)?;
    Ok(match match_step(&secret, code, wall, WINDOW)? {
        Some(step) if step > row.last_step => Check::Right(step),
        Some(_) => Check::Spent,
        None => Check::Wrong {
            // A code of a minute to come works in a minute: whoever guesses must not be told of one.
            drift: drift(&secret, code, wall).filter(|off| *off < TimeDelta::zero()),
        },
    })
}

/// The newest step within `window` steps of now whose code this is. All of them are compared, in constant
/// time: which one matches is nobody's business.
fn match_step(
    secret: &[u8],
    code: Code,
    now: NaiveDateTime,
    window: i64,
) -> Result<Option<i64>, Error> {
    let totp = totp(secret, "check")?;
    let mut found = None;
    for step in steps_around(now, window) {
        let right = totp
            .generate(step.unsigned_abs() * STEP_SECONDS)
            .to_string();
        if bool::from(right.as_bytes().ct_eq(code.as_bytes())) {
            found = Some(step);
        }
    }
    Ok(found)
}

/// How far off the clock would have to be that made this code, if that is less than ten minutes.
fn drift(secret: &[u8], code: Code, now: NaiveDateTime) -> Option<TimeDelta> {
    let step = match_step(secret, code, now, DRIFT_WINDOW).ok()??;
    Some(TimeDelta::seconds(
        (step - current_step(now)) * STEP_SECONDS as i64,
    ))
}

fn steps_around(now: NaiveDateTime, window: i64) -> impl Iterator<Item = i64> {
    let current = current_step(now);
    (current - window..=current + window).filter(|step| *step >= 0)
}

fn current_step(now: NaiveDateTime) -> i64 {
    now.and_utc().timestamp() / STEP_SECONDS as i64
}

fn totp(secret: &[u8], account: &str) -> Result<Totp, Error> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(STEP_SECONDS)
        .with_secret(Secret::from(secret.to_vec()))
        .with_issuer(Some(ISSUER))
        .with_account_name(account)
        .build()
        .map_err(|_| Error::Internal("a TOTP secret has the wrong shape"))
}

pub(crate) const fn setup_place<'a>(user_id: &'a str, id: &'a str) -> Place<'a> {
    Place {
        table: "totp_setups",
        column: "secret",
        user_id,
        row_id: id,
    }
}

pub(crate) const fn secret_place<'a>(user_id: &'a str, factor_id: &'a str) -> Place<'a> {
    Place {
        table: "totp_secrets",
        column: "secret",
        user_id,
        row_id: factor_id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn at(seconds: i64) -> NaiveDateTime {
        DateTime::from_timestamp(seconds, 0).unwrap().naive_utc()
    }

    /// RFC 6238 appendix B, SHA-1, the last six of its eight digits.
    #[test]
    fn the_vectors_of_the_rfc_match() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let code = Code::parse(code).unwrap();
            let step = match_step(secret, code, at(seconds), 0).unwrap();
            assert_eq!(step, Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn one_step_early_and_late_is_in_the_window_and_two_is_not() {
        let (secret, now) = (b"12345678901234567890", 1_234_567_890_i64);
        let code = Code::parse("005924").unwrap();
        for (off, is_in) in [
            (-60, false),
            (-30, true),
            (0, true),
            (30, true),
            (60, false),
        ] {
            let found = match_step(secret, code, at(now + off), WINDOW).unwrap();
            assert_eq!(found.is_some(), is_in, "{off}");
        }
    }

    #[test]
    fn a_clock_that_is_off_is_recognised_up_to_ten_minutes() {
        let (secret, now) = (b"12345678901234567890", 1_234_567_890_i64);
        let code = Code::parse("005924").unwrap();
        let off = |seconds: i64| drift(secret, code, at(now + seconds)).map(|d| d.num_seconds());
        assert_eq!(off(120), Some(-120));
        assert_eq!(off(-600), Some(600));
        assert_eq!(off(630), None);
    }

    #[test]
    fn the_uri_says_what_the_app_has_to_know() {
        let setup = SetUp {
            id: String::new(),
            secret: Zeroizing::new(b"12345678901234567890".to_vec()),
            account: "ada@example.com".to_owned(),
        };
        let uri = url::Url::parse(&setup.uri().unwrap()).unwrap();
        assert_eq!(uri.scheme(), "otpauth");
        assert_eq!(uri.host_str(), Some("totp"));
        assert_eq!(uri.path(), "/Countersign:ada%40example.com");
        let query: std::collections::HashMap<_, _> = uri.query_pairs().collect();
        assert_eq!(query["secret"], "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(query["issuer"], "Countersign");
        assert_eq!(query.get("algorithm").map_or("SHA1", |a| a), "SHA1");
        assert_eq!(query.get("digits").map_or("6", |d| d), "6");
        assert_eq!(query.get("period").map_or("30", |p| p), "30");
    }
}
