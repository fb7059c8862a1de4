//! Answering with a code: what was typed, whether it may be looked at, whether it is right, and spending it.
//!
//! Looking and spending are two steps, so that a code is spent in the same transaction as the sign-in that it
//! buys, and only then.

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use super::attempts::{self, Admission, Counted, Left};
use super::magic_link;
use super::totp;
use super::{Code, Error, Method, Status, backup_codes};
use crate::crypto::keyring::Keyring;
use crate::crypto::token::{self, Kind, TokenHash};
use crate::db::backup_codes::BackupCode;
use crate::db::passkeys::{self, Passkey, Use};
use crate::db::users::User;
use crate::db::{self, Conn, factors, magic_links, totp_secrets, write};

/// The word for a backup code where methods are named.
pub const BACKUP_CODE: &str = "backup_code";

/// A code as typed, understood.
#[derive(Clone)]
pub enum Presented {
    /// Six digits for the authenticator app.
    Totp(Code),
    /// Six digits out of a mail.
    Mailed(Code),
    /// The token of a mailed link.
    Link(TokenHash),
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
            Some(Method::Totp) => Code::parse(typed).map(Self::Totp),
            Some(Method::MagicLink) => Code::parse(typed).map(Self::Mailed),
            // A passkey has no digits.
            Some(Method::Passkey) | None => None,
        }
        .ok_or(Error::MalformedCode)
    }

    /// Understands the token of a mailed link.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedCode`], which is never counted.
    pub fn parse_link(token: &str) -> Result<Self, Error> {
        token::parse(Kind::Link, token)
            .map(Self::Link)
            .ok_or(Error::MalformedCode)
    }

    /// The word for what answered.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Totp(_) => Method::Totp.column(),
            Self::Mailed(_) | Self::Link(_) => Method::MagicLink.column(),
            Self::Backup(_) => BACKUP_CODE,
        }
    }
}

/// An answer that is right and has not been spent.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The authenticator app's code of this step.
    Totp {
        /// The factor's row.
        factor_id: String,
        /// When the secret was made that it was compared with.
        created_at: NaiveDateTime,
        /// The step.
        step: i64,
    },
    /// This mail.
    MagicLink {
        /// Its row.
        link_id: String,
    },
    /// This backup code.
    Backup {
        /// Its row.
        code_id: String,
    },
    /// This passkey.
    Passkey(Box<UsedPasskey>),
}

/// A passkey that was verified.
#[derive(Debug, Clone)]
pub struct UsedPasskey {
    /// Its row, as it was then.
    pub passkey: Passkey,
    /// What the use leaves behind.
    pub used: Use,
}

impl Proof {
    /// The word for what proved it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Totp { .. } => Method::Totp.column(),
            Self::MagicLink { .. } => Method::MagicLink.column(),
            Self::Backup { .. } => BACKUP_CODE,
            Self::Passkey(_) => Method::Passkey.column(),
        }
    }
}

/// What came of looking at a code.
#[derive(Debug)]
pub enum Looked {
    /// It is right, and can be spent. Not counted when it is the third of a run that ends a lock.
    Right(Proof, Option<Counted>),
    /// It is wrong.
    Wrong {
        /// How it was counted.
        counted: Counted,
        /// How far the phone's clock is behind, when that is why.
        drift: Option<TimeDelta>,
    },
    /// It was right, and is spent.
    Spent(Counted),
    /// It was not looked at.
    Locked(Duration),
}

/// Looks at a code of the authenticator app. Counts it before; runs transactions of its own.
///
/// # Errors
///
/// [`Error::NotConfigured`], [`Error::NotEnabled`] and [`Error::Suspended`], which are not counted;
/// [`Error::Sealed`] when the secret does not open.
#[allow(clippy::too_many_arguments)] // two times: locks end by the one, codes are made of the other
pub fn look_at_totp(
    conn: &mut Conn,
    keys: &Keyring,
    user: &User,
    status: &Status,
    code: Code,
    first_lock: Duration,
    now: NaiveDateTime,
    wall: NaiveDateTime,
) -> Result<Looked, Error> {
    usable(status, Method::Totp)?;
    let (admission, row) = write(conn, |conn| {
        let admission = attempts::admit(conn, &user.id, first_lock, now)?;
        let row = totp_secrets::find_by_user(conn, &user.id)?.ok_or(Error::NotConfigured)?;
        Ok::<_, Error>((admission, row))
    })?;
    let proof = |step| Proof::Totp {
        factor_id: row.factor_id.clone(),
        created_at: row.created_at,
        step,
    };
    match admission {
        Admission::Suspended => Err(Error::Suspended),
        Admission::Admitted(counted) => match totp::check(keys, &row, code, wall) {
            Ok(totp::Check::Right(step)) => Ok(Looked::Right(proof(step), Some(counted))),
            Ok(totp::Check::Spent) => Ok(Looked::Spent(counted)),
            Ok(totp::Check::Wrong { drift }) => Ok(Looked::Wrong { counted, drift }),
            Err(error) => {
                // Nobody can say whether the code was wrong.
                write(conn, |conn| give_back(conn, user, Some(&counted), now))?;
                Err(error)
            }
        },
        Admission::Locked(wait) => {
            let step = match totp::check(keys, &row, code, wall)? {
                totp::Check::Right(step) => Some(step),
                totp::Check::Spent | totp::Check::Wrong { .. } => None,
            };
            let unlocked = write(conn, |conn| {
                attempts::advance_run(conn, &user.id, step, now)
            })?;
            Ok(match step.filter(|_| unlocked) {
                Some(step) => Looked::Right(proof(step), None),
                None => Looked::Locked(wait),
            })
        }
    }
}

/// Looks at what a mail brought, in the session that it is presented in. Counts it before; runs transactions of its own.
///
/// # Errors
///
/// As [`look_at_totp`].
#[allow(clippy::too_many_arguments)] // as look_at_totp, and the session
pub fn look_at_mail(
    conn: &mut Conn,
    keys: &Keyring,
    user: &User,
    status: &Status,
    session_id: &str,
    presented: &Presented,
    first_lock: Duration,
    now: NaiveDateTime,
) -> Result<Looked, Error> {
    usable(status, Method::MagicLink)?;
    let admission = write(conn, |conn| {
        let admission = attempts::admit(conn, &user.id, first_lock, now)?;
        if let Admission::Locked(_) = admission {
            attempts::advance_run(conn, &user.id, None, now)?;
        }
        Ok::<_, Error>(admission)
    })?;
    let counted = match admission {
        Admission::Admitted(counted) => counted,
        Admission::Locked(wait) => return Ok(Looked::Locked(wait)),
        Admission::Suspended => return Err(Error::Suspended),
    };
    let checked = match presented {
        Presented::Link(token) => magic_link::check_token(conn, user, session_id, token, now),
        Presented::Mailed(code) => magic_link::check_code(conn, keys, user, session_id, *code, now),
        Presented::Totp(_) | Presented::Backup(_) => Err(Error::MalformedCode),
    };
    match checked {
        Ok(magic_link::Check::Right(link_id)) => {
            let proof = Proof::MagicLink { link_id };
            Ok(Looked::Right(proof, Some(counted)))
        }
        Ok(magic_link::Check::Spent) => Ok(Looked::Spent(counted)),
        Ok(magic_link::Check::Wrong) => Ok(Looked::Wrong {
            counted,
            drift: None,
        }),
        Err(error) => {
            // Nobody can say whether it was wrong.
            write(conn, |conn| give_back(conn, user, Some(&counted), now))?;
            Err(error)
        }
    }
}

/// Counts a backup code, and answers what it is to be compared with: the hashes of the live set, used ones
/// too.
///
/// # Errors
///
/// [`Error::NotConfigured`] without a live set, [`Error::NotEnabled`] where there is no method for it to stand in
/// for, and [`Error::Suspended`], which are not counted; [`Error::Locked`], which breaks a run of right codes.
pub fn admit_backup(
    conn: &mut Conn,
    user: &User,
    status: &Status,
    first_lock: Duration,
    now: NaiveDateTime,
) -> Result<(Vec<BackupCode>, Counted), Error> {
    let codes = db::backup_codes::list_live(conn, &user.id)?;
    if codes.is_empty() {
        return Err(Error::NotConfigured);
    }
    if !status.owes_factor {
        return Err(Error::NotEnabled);
    }
    match write(conn, |conn| {
        attempts::admit(conn, &user.id, first_lock, now)
    })? {
        Admission::Admitted(counted) => Ok((codes, counted)),
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
pub fn judge_backup(found: Option<&BackupCode>, counted: Counted) -> Looked {
    match found {
        Some(code) if code.used_at.is_none() => {
            let code_id = code.id.clone();
            Looked::Right(Proof::Backup { code_id }, Some(counted))
        }
        Some(_) => Looked::Spent(counted),
        None => Looked::Wrong {
            counted,
            drift: None,
        },
    }
}

/// Spends a right answer and clears the count. Answers false when somebody else was faster, the secret was
/// replaced, or the passkey counted no further. Runs in the caller's transaction, which holds the account's lock.
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
        Proof::Totp {
            factor_id,
            created_at,
            step,
        } => totp_secrets::consume(conn, factor_id, *created_at, *step)?,
        Proof::MagicLink { link_id } => magic_links::consume(conn, link_id, now)?,
        Proof::Backup { code_id } => db::backup_codes::consume(conn, &user.id, code_id, now)?,
        Proof::Passkey(one) => passkeys::consume(conn, &one.passkey.id, &one.used)?,
    };
    if spent != 1 {
        return Ok(false);
    }
    attempts::clear(conn, &user.id)?;
    if let Some(method) = Method::from_column(proof.word()) {
        factors::update_used(conn, &user.id, method.column(), now)?;
    }
    Ok(true)
}

/// Takes back the count of a code that was not wrong: right but spent, or never looked at. Runs in the caller's
/// transaction.
///
/// # Errors
///
/// Only the database's.
pub fn give_back(
    conn: &mut Conn,
    user: &User,
    counted: Option<&Counted>,
    now: NaiveDateTime,
) -> Result<Left, Error> {
    attempts::give_back(conn, &user.id, counted, now)
}

/// Draws the consequences of a wrong code: after far too many in a row every kind of code is switched off. Runs
/// in the caller's transaction.
///
/// # Errors
///
/// Only the database's.
pub fn conclude_wrong(
    conn: &mut Conn,
    user: &User,
    counted: &Counted,
    now: NaiveDateTime,
) -> Result<Left, Error> {
    let left = attempts::after_wrong(conn, &user.id, counted, now)?;
    if left.is_suspended {
        for method in [Method::Totp, Method::MagicLink] {
            factors::update_suspended(conn, &user.id, method.column(), now)?;
        }
    }
    Ok(left)
}

/// Whether a method can answer now.
///
/// # Errors
///
/// [`Error::NotConfigured`], [`Error::NotEnabled`], [`Error::Suspended`].
pub fn usable(status: &Status, method: Method) -> Result<(), Error> {
    match status.state_of(method) {
        Some(_) if status.offered_methods().contains(&method) => Ok(()),
        Some(state) if state.is_suspended => Err(Error::Suspended),
        Some(state) if state.is_configured => Err(Error::NotEnabled),
        Some(_) | None => Err(Error::NotConfigured),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mfa::attempts::tests::counted;

    #[test]
    fn a_backup_code_is_right_once() {
        let code = |used_at| BackupCode {
            id: "c".into(),
            set_id: "s".into(),
            hash: String::new(),
            used_at,
        };
        let now = chrono::DateTime::UNIX_EPOCH.naive_utc();
        let judged = |code: Option<BackupCode>| judge_backup(code.as_ref(), counted(1));
        assert!(matches!(
            judged(Some(code(None))),
            Looked::Right(Proof::Backup { code_id }, Some(_)) if code_id == "c"
        ));
        assert!(matches!(judged(Some(code(Some(now)))), Looked::Spent(_)));
        assert!(matches!(judged(None), Looked::Wrong { .. }));
    }
}
