//! What can go wrong in the rules of factors. Words for people belong to the faces.

use std::time::Duration;

use chrono::TimeDelta;

use super::attempts::Left;
use super::passkey::NameProblem;
use crate::crypto;

/// Why a rule about factors could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such account.
    #[error("no such account")]
    NotFound,
    /// The method cannot be set up here.
    #[error("the method cannot be set up")]
    NotAvailable,
    /// The method was never set up.
    #[error("the method is not configured")]
    NotConfigured,
    /// The method is set up, but cannot be used now.
    #[error("the method is not enabled")]
    NotEnabled,
    /// No method is enabled, so there is nothing that backup codes could stand in for.
    #[error("no method is enabled")]
    NothingEnabled,
    /// The change would leave an account without a method that has to have one.
    #[error("the last method is required")]
    LastMethodRequired,
    /// There is no set-up to finish: never started, expired, replaced, or another session's.
    #[error("no set-up is waiting")]
    NoSetup,
    /// Not the code of the app that is being set up.
    #[error("the set-up code is not right")]
    WrongSetupCode {
        /// How far the phone's clock is off, when that is why.
        drift: Option<TimeDelta>,
    },
    /// Not six digits, and not a backup code.
    #[error("the code is malformed")]
    MalformedCode,
    /// A wrong code.
    #[error("the code is not right")]
    WrongCode {
        /// What is left.
        left: Left,
        /// How far the phone's clock is off, when that is why. Negative is behind.
        drift: Option<TimeDelta>,
    },
    /// A code that was right, and used before.
    #[error("the code was used already")]
    SpentCode {
        /// What is left.
        left: Left,
    },
    /// Too many wrong codes.
    #[error("locked")]
    Locked {
        /// For how long.
        wait: Duration,
    },
    /// Codes are switched off for this account after far too many wrong ones.
    #[error("codes are switched off")]
    Suspended,
    /// The challenge that a passkey answers waits for no answer, or not for this one: it was never given out, not to
    /// this holder or not for this, or it was answered, perhaps a moment ago with the same answer.
    #[error("the challenge is unknown")]
    UnknownChallenge,
    /// A passkey's answer proves nothing, or does not belong here; a fixed word for why.
    #[error("the passkey was refused: {0}")]
    PasskeyRefused(&'static str),
    /// No passkey of this id is registered here.
    #[error("the passkey is unknown")]
    UnknownPasskey,
    /// The passkey counted backwards: there may be a copy of it.
    #[error("the passkey's counter went back")]
    PasskeyCounter,
    /// The account has as many passkeys as one may have.
    #[error("too many passkeys")]
    TooManyPasskeys,
    /// A passkey cannot be called so.
    #[error("a passkey cannot be called so: {0:?}")]
    PasskeyName(NameProblem),
    /// A stored secret does not open: swapped, changed, or sealed by a key that is gone.
    #[error("a stored secret could not be opened: {0}")]
    Sealed(#[from] crypto::Error),
    /// A stored row says something that no rule knows.
    #[error("a stored {0} has an unknown value")]
    UnknownValue(&'static str),
    /// Our own mistake.
    #[error("{0}")]
    Internal(&'static str),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}
