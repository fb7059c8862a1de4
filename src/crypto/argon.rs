//! argon2id and the pepper, synchronously: the work that `password` hands to a blocking thread.
//!
//! No permits and no waiting here, and nothing that is not needed while a core is busy hashing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::{Algorithm, Argon2, Block, Version};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::keyring::{Keyring, Label};
use super::password::{HashError, Password, Verdict, normalize};
use super::stored_hash::{Params, Recipe, StoredHash};
use super::{Error, random_bytes};

/// Everything a hash needs besides the password.
pub(super) struct Engine {
    pub(super) keyring: Arc<Keyring>,
    pub(super) params: Params,
    /// Stands in for the hash of an account that has none, at the same price.
    dummy: StoredHash,
    /// Memory that is not in use: as much as was ever needed at once. Taken from the system and given back for each
    /// hash, it would stay behind in every thread that ever hashed.
    memory: Mutex<Vec<Vec<Block>>>,
    #[cfg(test)]
    pub(super) runs: std::sync::atomic::AtomicUsize,
}

impl Engine {
    /// Prepares the dummy with a real run, so that parameters which cannot work are found at start
    /// and not at a sign-in.
    pub(super) fn new(keyring: Arc<Keyring>, params: Params) -> Result<Self, HashError> {
        let mut engine = Self {
            dummy: StoredHash {
                recipe: fresh_recipe(&keyring, params)?,
                tag: [0; 32],
            },
            keyring,
            params,
            memory: Mutex::default(),
            #[cfg(test)]
            runs: std::sync::atomic::AtomicUsize::default(),
        };
        engine.dummy.tag = engine.tag(&engine.dummy.recipe, &random_bytes::<32>()?)?;
        Ok(engine)
    }

    /// The text to store for one password.
    pub(super) fn hash(&self, password: &Password) -> Result<String, HashError> {
        self.store(fresh_recipe(&self.keyring, self.params)?, password)
    }

    /// The texts to store for a set of codes, all with one salt.
    pub(super) fn hash_set(&self, codes: &[Password]) -> Result<Vec<String>, HashError> {
        let recipe = fresh_recipe(&self.keyring, self.params)?;
        codes
            .iter()
            .map(|code| self.store(recipe.clone(), code))
            .collect()
    }

    /// Compares, and hashes again what was made another way than it would be made now.
    pub(super) fn verify(
        &self,
        password: &Password,
        stored: Option<&str>,
    ) -> Result<Verdict, HashError> {
        let stored = stored
            .map(|text| StoredHash::parse(text).ok_or(HashError::Unusable))
            .transpose()?;
        let secret = normalize(password.expose());
        // Whatever is missing, the same work is done: the time an answer takes tells nothing.
        let tag = self.tag(
            &stored.as_ref().unwrap_or(&self.dummy).recipe,
            secret.as_ref().map_or(b"", |secret| secret.as_bytes()),
        )?;
        let matches = match &stored {
            Some(stored) => secret.is_some() && bool::from(tag.ct_eq(&stored.tag)),
            None => false,
        };
        let rehash = match &stored {
            Some(stored) if matches && !self.is_current(&stored.recipe) => {
                Some(self.hash(password)?)
            }
            _ => None,
        };
        Ok(Verdict { matches, rehash })
    }

    /// The position of the code in the set, at the price of one hash.
    pub(super) fn find_in_set(
        &self,
        code: &Password,
        stored: &[String],
    ) -> Result<Option<usize>, HashError> {
        let set: Vec<StoredHash> = stored
            .iter()
            .map(|text| StoredHash::parse(text).ok_or(HashError::Unusable))
            .collect::<Result<_, _>>()?;
        let recipe = &set.first().unwrap_or(&self.dummy).recipe;
        if set.iter().any(|stored| stored.recipe != *recipe) {
            return Err(HashError::Unusable);
        }
        let secret = normalize(code.expose());
        let tag = self.tag(
            recipe,
            secret.as_ref().map_or(b"", |secret| secret.as_bytes()),
        )?;
        Ok(set
            .iter()
            .position(|stored| tag.ct_eq(&stored.tag).into())
            .filter(|_| secret.is_some()))
    }

    #[cfg(test)]
    pub(super) fn kept_memory(&self) -> usize {
        self.memory().len()
    }

    fn memory(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_current(&self, recipe: &Recipe) -> bool {
        recipe.params == self.params && recipe.kid == self.keyring.active_kid()
    }

    fn store(&self, recipe: Recipe, password: &Password) -> Result<String, HashError> {
        let secret = normalize(password.expose()).ok_or(HashError::TooLong)?;
        let tag = self.tag(&recipe, secret.as_bytes())?;
        Ok(StoredHash { recipe, tag }.to_string())
    }

    /// HMAC-SHA-256(pepper, argon2id(secret, salt)). The pepper lives in the key file, so a copy of the
    /// database alone is not enough to guess at passwords.
    fn tag(&self, recipe: &Recipe, secret: &[u8]) -> Result<[u8; 32], HashError> {
        #[cfg(test)]
        self.runs.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let Params {
            memory_kib,
            passes,
            lanes,
        } = recipe.params;
        let mut tag = Zeroizing::new([0; 32]);
        let params = argon2::Params::new(memory_kib, passes, lanes, Some(tag.len()))
            .map_err(|_| HashError::Failed)?;
        let mut memory = self.memory().pop().unwrap_or_default();
        memory.resize(params.block_count(), Block::default());
        let hashed = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(secret, &recipe.salt, tag.as_mut(), &mut memory);
        self.memory().push(memory);
        hashed.map_err(|_| HashError::Failed)?;
        Ok(self
            .keyring
            .mac_with(Label::Pepper, &recipe.kid, tag.as_ref())?)
    }
}

fn fresh_recipe(keyring: &Keyring, params: Params) -> Result<Recipe, Error> {
    Ok(Recipe {
        params,
        kid: keyring.active_kid(),
        salt: random_bytes()?,
    })
}
