//! What can go wrong in the rules of factors. Words for people belong to the faces.

/// Why a rule about factors could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such account.
    #[error("no such account")]
    NotFound,
    /// A stored row says something that no rule knows.
    #[error("a stored {0} has an unknown value")]
    UnknownValue(&'static str),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}
