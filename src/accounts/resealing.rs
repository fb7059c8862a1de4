//! Values that an older key sealed, sealed anew by the key of now, while everybody goes on using them.
//!
//! Hashes are not in here: a password is hashed under the key of now when its owner next signs in, and the record keeps the
//! keys it was written under.

use crate::crypto;
use crate::crypto::keyring::{Keyring, Label};
use crate::db::sealed::{self, Column, Sealed};
use crate::db::{Conn, users, write};
use crate::mail::outbox;
use crate::mfa::{backup_codes, totp};

use super::Error;

/// How far going through a column has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The row that was looked at: go on after this one.
    pub id: String,
    /// What became of its value.
    pub outcome: Outcome,
}

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is sealed by the key of now.
    Resealed,
    /// Somebody replaced it meanwhile.
    Replaced,
    /// No key of the file opens it. It is left as it is.
    Unopened,
}

/// Seals the next value of a column anew, after the row `after`. `None` when there is no further one.
///
/// # Errors
///
/// Only the database's: a value that does not open stops nothing.
pub fn reseal_next(
    conn: &mut Conn,
    keys: &Keyring,
    column: Column,
    after: &str,
) -> Result<Option<Passed>, Error> {
    write(conn, |conn| {
        let prefix = keys.current_prefix();
        let Some(found) = sealed::find_otherwise(conn, column, &prefix, after)? else {
            return Ok(None);
        };
        // Whoever checks a code holds this lock, and finds the envelope that they opened.
        if let Some(user_id) = &found.user_id {
            users::lock(conn, user_id)?;
        }
        let outcome = match reseal(keys, column, &found) {
            Ok(envelope) => match sealed::update(conn, column, &found, &envelope)? {
                0 => Outcome::Replaced,
                _ => Outcome::Resealed,
            },
            Err(_) => Outcome::Unopened,
        };
        Ok(Some(Passed {
            id: found.id,
            outcome,
        }))
    })
}

fn reseal(keys: &Keyring, column: Column, found: &Sealed) -> Result<String, crypto::Error> {
    let user_id = found.user_id.as_deref().unwrap_or_default();
    let (label, place) = match column {
        Column::TotpSecret => (Label::Totp, totp::secret_place(user_id, &found.id)),
        Column::TotpSetup => (Label::Totp, totp::setup_place(user_id, &found.id)),
        Column::BackupCodes => (Label::Token, backup_codes::place(user_id, &found.id)),
        Column::MailLink => (Label::Token, outbox::place(&found.id)),
    };
    keys.reseal(label, &place, &found.envelope)
}
