//! Secrets and the primitives that guard them: keys, envelopes, tokens, passwords.
//!
//! Everything here works on bytes and strings. What a secret is for, where it is stored and who may
//! ask for it is decided by the rule rooms; nothing here opens a connection or knows of a request.

mod argon; // argon2id and the pepper, as `password` runs them
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing; // what fuzzers call of this room
mod key_file; // the file that holds the root keys: its format, its birth, its permissions
pub mod key_rotation; // changing that file: a further key, another active one
pub mod keyring; // keys derived from the root keys; sealing, opening and signing with them
pub mod password; // argon2id with a pepper, behind a bounded number of permits
pub mod password_policy; // which passwords may be chosen at all
mod seal; // HKDF, HMAC and AES-GCM as the rest of this room uses them
mod stored_hash; // the text form of a password hash
pub mod token; // opaque tokens, and the hashes by which they are found again

pub use key_file::KeyFileError;
pub use seal::{open_under, seal_under};

/// Why a cryptographic operation gave no result. Deliberately coarse: whoever may hand in an
/// envelope must not learn from the answer which part of it was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text does not have the shape of an envelope, or a place has a part it cannot have.
    #[error("malformed envelope")]
    Malformed,
    /// The key named by the envelope or by the caller is not in the key file.
    #[error("unknown key")]
    UnknownKey,
    /// The key does not open this envelope in this place.
    #[error("refused by the key")]
    Refused,
    /// The operating system gave no random bytes.
    #[error("no random bytes from the operating system")]
    Random,
}

/// `N` bytes from the operating system's generator.
///
/// # Errors
/// [`Error::Random`] when the system has none to give. There is no fallback: a guessable secret is
/// worse than no answer.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::Random)?;
    Ok(bytes)
}
