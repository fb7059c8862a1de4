//! Answering with a code: what was typed, whether it may be looked at, whether it is right, and spending it.
//!
//! Looking and spending are two steps, so that a code is spent in the same transaction as the sign-in that it
//! buys, and only then.

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use super::attempts::{self, Admission, Left};
use super::totp::{self, Check};
use super::{Error, Method, Status, backup_codes};
use crate::crypto::keyring::Keyring;
use crate::db::backup_codes::BackupCode;
use crate::db::users::User;
use crate::db::{self, Conn, factors, totp_secrets, write};

/// The word for a backup code where methods are named.
pub const BACKUP_CODE: &str = "backup_code";

/// A code as typed, understood.
#[derive(Clone)]
pub enum Presented {
    /// Six digits for the authenticator app.
    Totp(totp::Code),
    /// Ten characters.
    Backup(backup_codes::Code),
}

impl Presented {
    /// Understands what was typed as an answer by `method`, or, without one, as a backup code. Ten characters
    /// are a backup code whatever the method; six digits are checked only against the method's own secret.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedCode`], which is never counted.
    pub fn parse(method: Option<Method>, typed: &str) -> Result<Self, Error> {
        if let Some(code) = backup_codes::Code::parse(typed) {
            return Ok(Self::Backup(code));
        }
        match method {
            Some(Method::Totp) => totp::Code::parse(typed)
                .map(Self::Totp)
                .ok_or(Error::MalformedCode),
            // A passkey has no digits; the mailed code comes with the mail.
            Some(Method::Passkey | Method::MagicLink) | None => Err(Error::MalformedCode),
        }
    }

    /// The word for what answered.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Totp(_) => Method::Totp.column(),
            Self::Backup(_) => BACKUP_CODE,
        }
    }
}

/// A code that is right and has not been spent.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The authenticator app's code of this step.
    Totp {
        /// The factor's row.
        factor_id: String,
        /// The step.
        step: i64,
    },
    /// This backup code.
    Backup {
        /// Its row.
        code_id: String,
    },
}

impl Proof {
    /// The word for what proved it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Totp { .. } => Method::Totp.column(),
            Self::Backup { .. } => BACKUP_CODE,
        }
    }
}

/// What came of looking at a code.
#[derive(Debug)]
pub enum Looked {
    /// It is right, and can be spent.
    Right(Proof),
    /// It is wrong, and was counted.
    Wrong {
        /// What is left.
        left: Left,
        /// How far the phone's clock is off, when that is why.
        drift: Option<TimeDelta>,
    },
    /// It was right, and is spent.
    Spent,
    /// It was not looked at.
    Locked(Duration),
}

/// Looks at a code of the authenticator app. Counts it before; runs transactions of its own.
///
/// # Errors
///
/// [`Error::NotConfigured`], [`Error::NotEnabled`] and [`Error::Suspended`], which are not counted;
/// [`Error::Sealed`] when the secret does not open.
pub fn look_at_totp(
    conn: &mut Conn,
    keys: &Keyring,
    user: &User,
    status: &Status,
    code: totp::Code,
    first_lock: Duration,
    now: NaiveDateTime,
) -> Result<Looked, Error> {
    usable(status, Method::Totp)?;
    let row = totp_secrets::find_by_user(conn, &user.id)?.ok_or(Error::NotConfigured)?;
    let locked = match write(conn, |conn| {
        attempts::admit(conn, &user.id, first_lock, now)
    })? {
        Admission::Admitted => None,
        Admission::Locked(wait) => Some(wait),
        Admission::Suspended => return Err(Error::Suspended),
    };
    let checked = totp::check(keys, &row, code, now)?;
    let factor_id = row.factor_id;
    if let Some(wait) = locked {
        let step = match checked {
            Check::Right(step) => Some(step),
            Check::Spent | Check::Wrong { .. } => None,
        };
        let unlocked = write(conn, |conn| {
            attempts::advance_run(conn, &user.id, step, now)
        })?;
        return Ok(match step.filter(|_| unlocked) {
            Some(step) => Looked::Right(Proof::Totp { factor_id, step }),
            None => Looked::Locked(wait),
        });
    }
    match checked {
        Check::Right(step) => Ok(Looked::Right(Proof::Totp { factor_id, step })),
        Check::Spent => Ok(Looked::Spent),
        Check::Wrong { drift } => {
            let left = write(conn, |conn| attempts::after_wrong(conn, &user.id, now))?;
            Ok(Looked::Wrong { left, drift })
        }
    }
}

/// Counts a backup code, and answers what it is to be compared with: the hashes of the live set, used ones
/// too.
///
/// # Errors
///
/// [`Error::NotConfigured`] without a live set and [`Error::Suspended`], which are not counted;
/// [`Error::Locked`], which breaks a run of right codes.
pub fn admit_backup(
    conn: &mut Conn,
    user: &User,
    first_lock: Duration,
    now: NaiveDateTime,
) -> Result<Vec<BackupCode>, Error> {
    let codes = db::backup_codes::list_live(conn, &user.id)?;
    if codes.is_empty() {
        return Err(Error::NotConfigured);
    }
    match write(conn, |conn| {
        attempts::admit(conn, &user.id, first_lock, now)
    })? {
        Admission::Admitted => Ok(codes),
        Admission::Locked(wait) => {
            write(conn, |conn| {
                attempts::advance_run(conn, &user.id, None, now)
            })?;
            Err(Error::Locked { wait })
        }
        Admission::Suspended => Err(Error::Suspended),
    }
}

/// What a backup code proved to be: `found` is the one it matched.
///
/// # Errors
///
/// Only the database's.
pub fn judge_backup(
    conn: &mut Conn,
    user: &User,
    found: Option<&BackupCode>,
    now: NaiveDateTime,
) -> Result<Looked, Error> {
    match found {
        Some(code) if code.used_at.is_none() => Ok(Looked::Right(Proof::Backup {
            code_id: code.id.clone(),
        })),
        Some(_) => Ok(Looked::Spent),
        None => {
            let left = write(conn, |conn| attempts::after_wrong(conn, &user.id, now))?;
            Ok(Looked::Wrong { left, drift: None })
        }
    }
}

/// Spends a right code and clears the count. Answers false when somebody else was faster. Runs in the
/// caller's transaction.
///
/// # Errors
///
/// Only the database's.
pub fn spend(
    conn: &mut Conn,
    user: &User,
    proof: &Proof,
    now: NaiveDateTime,
) -> Result<bool, Error> {
    let spent = match proof {
        Proof::Totp { factor_id, step } => totp_secrets::consume(conn, factor_id, *step)?,
        Proof::Backup { code_id } => db::backup_codes::consume(conn, &user.id, code_id, now)?,
    };
    if spent != 1 {
        return Ok(false);
    }
    attempts::clear(conn, &user.id)?;
    if let Proof::Totp { factor_id, .. } = proof {
        factors::update_used(conn, factor_id, now)?;
    }
    Ok(true)
}

/// Takes back the count of a code that was right, but spent. Runs in the caller's transaction.
///
/// # Errors
///
/// Only the database's.
pub fn give_back(conn: &mut Conn, user: &User, now: NaiveDateTime) -> Result<Left, Error> {
    attempts::give_back(conn, &user.id, now)
}

/// Switches every kind of code off after far too many wrong ones. Runs in the caller's transaction.
///
/// # Errors
///
/// Only the database's.
pub fn suspend_codes(conn: &mut Conn, user: &User, now: NaiveDateTime) -> Result<(), Error> {
    for method in [Method::Totp, Method::MagicLink] {
        factors::update_suspended(conn, &user.id, method.column(), now)?;
    }
    Ok(())
}

/// Whether a method can answer now.
fn usable(status: &Status, method: Method) -> Result<(), Error> {
    match status.state_of(method) {
        Some(state) if state.is_enabled => Ok(()),
        Some(state) if state.is_suspended => Err(Error::Suspended),
        Some(state) if state.is_configured => Err(Error::NotEnabled),
        Some(_) | None => Err(Error::NotConfigured),
    }
}
