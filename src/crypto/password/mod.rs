//! Hashing and verifying passwords and backup codes: argon2id, then a pepper.
//!
//! Hashing is slow on purpose, so it runs off the event loop and only as often at once as the machine
//! has cores to spare. Never hold a database connection while calling in here. Which passwords may be
//! chosen is `password_policy`'s business; counting wrong ones belongs to `accounts`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::Error;
use super::argon::Engine;
use super::keyring::Keyring;
use crate::threads::Threads;

pub use super::stored_hash::Params;

/// Longest password in bytes, before and after normalisation.
pub(super) const MAX_BYTES: usize = 1024;
/// Longest password in code points, after normalisation.
pub(super) const MAX_CODE_POINTS: usize = 256;

/// How many callers may wait for a permit; one more is told to come back later.
const QUEUE: usize = 32;
/// How long one of them waits before it is told the same.
const WAIT: Duration = Duration::from_secs(2);

/// A password or backup code as somebody typed it; wiped when dropped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes over the text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the policy.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(redacted)")
    }
}

/// The password in NFC, so that every keyboard's spelling of a letter is the same password; `None`
/// when it is too long to be one.
pub(super) fn normalize(password: &str) -> Option<Zeroizing<String>> {
    if password.len() > MAX_BYTES {
        return None;
    }
    // NFC grows UTF-8 threefold at most. With the room made beforehand the string never moves, and so
    // leaves no copy behind in freed memory.
    let mut normal = Zeroizing::new(String::with_capacity(3 * password.len()));
    normal.extend(password.nfc());
    (normal.len() <= MAX_BYTES && normal.chars().count() <= MAX_CODE_POINTS).then_some(normal)
}

/// Why a password was neither hashed nor verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Too many are hashing already.
    #[error("too many passwords are being hashed")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// Longer than any password may be.
    #[error("the password is too long")]
    TooLong,
    /// The stored hash is none of ours, or asks for more memory or time than we ever would.
    #[error("the stored password hash is unusable")]
    Unusable,
    /// The pepper's key is missing, or the system gave no random bytes.
    #[error(transparent)]
    Crypto(#[from] Error),
    /// argon2 refused the parameters or the memory, or its thread died.
    #[error("hashing failed")]
    Failed,
}

/// What verifying found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the password is the right one.
    pub matches: bool,
    /// A new hash to store in place of the old one, when the password is right and the parameters or
    /// the pepper's key have changed since.
    pub rehash: Option<String>,
}

/// Hashes and verifies, a bounded number at a time. Clones share the bound.
#[derive(Clone)]
pub struct Hasher {
    engine: Arc<Engine>,
    threads: Arc<Threads>,
    permits: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    wait: Duration,
}

impl Hasher {
    /// A hasher that leaves one core to everything else. Computes one hash, the dummy, at once.
    ///
    /// # Errors
    /// [`HashError::Failed`] when argon2 cannot work with `params`.
    pub fn new(keyring: Arc<Keyring>, params: Params) -> Result<Self, HashError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with_permits(keyring, params, cores.saturating_sub(1).max(1))
    }

    /// As [`Hasher::new`], with a given number of hashes at a time.
    ///
    /// # Errors
    /// As [`Hasher::new`].
    pub fn with_permits(
        keyring: Arc<Keyring>,
        params: Params,
        permits: usize,
    ) -> Result<Self, HashError> {
        let threads = Threads::new("passwords", permits);
        Ok(Self {
            engine: Arc::new(Engine::new(keyring, params)?),
            threads: Arc::new(threads.map_err(|_| HashError::Failed)?),
            permits: Arc::new(Semaphore::new(permits)),
            queue: Arc::new(Semaphore::new(QUEUE)),
            wait: WAIT,
        })
    }

    /// The text to store for a password. It has passed the policy already.
    ///
    /// # Errors
    /// [`HashError::Busy`]; [`HashError::TooLong`] when the policy was not asked.
    pub async fn hash(&self, password: Password) -> Result<String, HashError> {
        self.run(move |engine| engine.hash(&password)).await
    }

    /// Compares a password with what is stored. `None`, for an account that is unknown or has no
    /// password, takes as long and never matches.
    ///
    /// # Errors
    /// [`HashError::Busy`]; [`HashError::Unusable`] when the stored text is none of ours.
    pub async fn verify(
        &self,
        password: Password,
        stored: Option<String>,
    ) -> Result<Verdict, HashError> {
        self.run(move |engine| engine.verify(&password, stored.as_deref()))
            .await
    }

    /// The texts to store for a set of backup codes, in their order. They share one salt, so that one
    /// guess is compared with all of them at the price of one hash.
    ///
    /// # Errors
    /// As [`Hasher::hash`].
    pub async fn hash_set(&self, codes: Vec<Password>) -> Result<Vec<String>, HashError> {
        self.run(move |engine| engine.hash_set(&codes)).await
    }

    /// The position of the code in a set made by [`Hasher::hash_set`], if it is one of them. An empty
    /// set takes as long and never matches.
    ///
    /// # Errors
    /// [`HashError::Busy`]; [`HashError::Unusable`] when the texts were not made as one set.
    pub async fn find_in_set(
        &self,
        code: Password,
        stored: Vec<String>,
    ) -> Result<Option<usize>, HashError> {
        self.run(move |engine| engine.find_in_set(&code, &stored))
            .await
    }

    /// Runs `work` on a blocking thread once there is a permit for it.
    async fn run<T, F>(&self, work: F) -> Result<T, HashError>
    where
        T: Send + 'static,
        F: FnOnce(&Engine) -> Result<T, HashError> + Send + 'static,
    {
        let permit = self.admit().await?;
        let engine = Arc::clone(&self.engine);
        let hashed = self.threads.run(move || {
            // Owned by the work and not by the request: a client that hangs up frees nothing while
            // its hash still burns a core.
            let _permit = permit;
            work(&engine)
        });
        hashed.await.map_err(|_| HashError::Failed)?
    }

    async fn admit(&self) -> Result<OwnedSemaphorePermit, HashError> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let busy = HashError::Busy {
            retry_after: self.wait,
        };
        let _place_in_queue = self.queue.try_acquire().map_err(|_| busy)?;
        let permit = Arc::clone(&self.permits).acquire_owned();
        match tokio::time::timeout(self.wait, permit).await {
            Ok(permit) => permit.map_err(|_| HashError::Failed),
            Err(_) => Err(busy),
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher")
            .field("params", &self.engine.params)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
