//! What can go wrong around accounts. Words for people belong to the faces.

use std::time::Duration;

use crate::crypto::password::HashError;
use crate::crypto::password_policy::PolicyError;
use crate::mail::outbox;
use crate::mfa;

/// Why something about an account, a sign-in or a session was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Unknown address, wrong password, no password yet, or a deactivated account: never said which.
    #[error("wrong address or password")]
    InvalidCredentials,
    /// The password given as a proof inside a session was wrong.
    #[error("wrong password")]
    WrongPassword,
    /// Too many wrong passwords for this address of late.
    #[error("too many tries")]
    Throttled {
        /// When the next try is let through.
        retry_after: Duration,
    },
    /// The caller belongs to no organization.
    #[error("no organization")]
    NoOrganization,
    /// Whoever demands a second factor of others needs one that counts.
    #[error("the caller has no second factor that counts")]
    OwnFactorNeeded,
    /// An organization keeps one owner, and nobody raises themselves.
    #[error("an organization keeps an owner, and nobody raises themselves")]
    RoleConflict,
    /// What was decided on is not as it was any more.
    #[error("changed meanwhile")]
    Outdated,
    /// Not the caller's to do.
    #[error("forbidden")]
    Forbidden,
    /// A password proves nothing here: the account owes a second factor.
    #[error("a second factor is owed")]
    FactorOwed,
    /// What was proved last is a backup code, and that does not open this.
    #[error("more than a backup code has to be proved")]
    StrongProofOwed,
    /// The password may not be chosen.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// A field holds something it cannot hold; the name of the field.
    #[error("{0} cannot be that")]
    Field(&'static str),
    /// The address belongs to an account already.
    #[error("the address is taken")]
    EmailTaken,
    /// The one-time link was used, has expired, was replaced, or never existed.
    #[error("the link is spent")]
    LinkSpent,
    /// The refresh token is not, or no longer, good for anything.
    #[error("the token is not valid")]
    InvalidToken,
    /// No such thing, or not the caller's.
    #[error("not found")]
    NotFound,
    /// A mail could not be handed over now.
    #[error("mail cannot be sent")]
    EmailUnavailable,
    /// A password could not be hashed or checked right now, or ever.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A key, a seal or the system's generator failed.
    #[error(transparent)]
    Crypto(#[from] crate::crypto::Error),
    /// A rule about factors failed.
    #[error(transparent)]
    Mfa(#[from] mfa::Error),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

impl From<outbox::Error> for Error {
    fn from(error: outbox::Error) -> Self {
        match error {
            outbox::Error::Crypto(error) => error.into(),
            outbox::Error::Database(error) => error.into(),
        }
    }
}
