//! Keys for encryption at rest and for signing, each derived from a root key for one purpose.
//!
//! The root keys come from `key_file`; the algorithms are in `seal`. Which value is sealed where, and
//! when it is sealed again under a newer key, is decided by the rooms that own the values.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use super::Error;
use super::key_file::{self, KeyFile, KeyFileError, Problem, RootKey};
use super::seal::{self, Key, VERSION};

const COOKIE_INFO: &str = "countersign/v1/cookie";
const CSRF_INFO: &str = "countersign/v1/csrf";

/// Where the check value claims to stand: a place no other envelope has.
const CHECK_PLACE: Place<'static> = Place {
    table: "keyring",
    column: "check",
    user_id: "",
    row_id: "",
};
const CHECK_PLAINTEXT: &[u8] = b"countersign";

/// What a derived key is for. Each purpose has a key of its own, so that a value made for one can
/// never pass for a value of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Seals the secrets of authenticator apps.
    Totp,
    /// Peppers the hashes of passwords and backup codes.
    Pepper,
    /// Seals and signs short-lived values, such as a mailed code.
    Token,
    /// Chains the activity record.
    Audit,
    /// Seals the check value.
    Check,
    /// Hides the addresses by which failed passwords are counted.
    Throttle,
}

impl Label {
    /// The HKDF info string. Changing one orphans everything made with it.
    const fn info(self) -> &'static str {
        match self {
            Self::Totp => "countersign/v1/totp",
            Self::Pepper => "countersign/v1/pepper",
            Self::Token => "countersign/v1/token",
            Self::Audit => "countersign/v1/audit",
            Self::Check => "countersign/v1/check",
            Self::Throttle => "countersign/v1/throttle",
        }
    }
}

/// The cell of the database that a sealed value belongs to. It is authenticated with the value, so an
/// envelope copied to another row, column or user does not open there.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The table's name.
    pub table: &'a str,
    /// The column's name.
    pub column: &'a str,
    /// The user the row belongs to; empty when it belongs to none.
    pub user_id: &'a str,
    /// The row's id; empty when the table has one row per user.
    pub row_id: &'a str,
}

impl Place<'_> {
    /// `table:column:user_id:row_id:kid`. A part with a colon of its own could make two places look
    /// alike, so it is refused.
    fn associated_data(&self, kid: &str) -> Result<String, Error> {
        let parts = [self.table, self.column, self.user_id, self.row_id, kid];
        if parts.iter().any(|part| part.contains(':')) {
            return Err(Error::Malformed);
        }
        Ok(parts.join(":"))
    }
}

/// All keys of this installation. Shared behind an `Arc`; its memory is wiped on drop.
///
/// A rotation changes the file under a process that serves. The keys of root keys are therefore read again when asked to,
/// and when something names a key that is not known yet; those of the session root never change.
pub struct Keyring {
    /// `None` for keys that no file holds.
    path: Option<PathBuf>,
    sets: RwLock<Arc<KeySets>>,
    cookie: Zeroizing<[u8; 64]>,
    csrf: Key,
}

/// The keys of every root key in the file, at one time.
struct KeySets {
    active: KeySet,
    retired: Vec<KeySet>,
}

impl KeySets {
    fn derive(file: &KeyFile) -> Result<Self, Problem> {
        Ok(Self {
            active: KeySet::derive(&file.active)?,
            retired: file
                .retired
                .iter()
                .map(KeySet::derive)
                .collect::<Result<_, _>>()?,
        })
    }

    fn all(&self) -> impl Iterator<Item = &KeySet> {
        std::iter::once(&self.active).chain(&self.retired)
    }

    fn find(&self, kid: &str) -> Option<&KeySet> {
        self.all().find(|set| set.kid == kid)
    }
}

/// The keys derived from one root key.
struct KeySet {
    kid: String,
    totp: Key,
    pepper: Key,
    token: Key,
    audit: Key,
    check: Key,
    throttle: Key,
}

impl KeySet {
    fn derive(key: &RootKey) -> Result<Self, Error> {
        let derive = |label: Label| seal::derive(&key.root, label.info());
        Ok(Self {
            kid: key.kid.clone(),
            totp: derive(Label::Totp)?,
            pepper: derive(Label::Pepper)?,
            token: derive(Label::Token)?,
            audit: derive(Label::Audit)?,
            check: derive(Label::Check)?,
            throttle: derive(Label::Throttle)?,
        })
    }

    const fn key(&self, label: Label) -> &Key {
        match label {
            Label::Totp => &self.totp,
            Label::Pepper => &self.pepper,
            Label::Token => &self.token,
            Label::Audit => &self.audit,
            Label::Check => &self.check,
            Label::Throttle => &self.throttle,
        }
    }
}

impl Keyring {
    /// Reads the key file at `path`.
    ///
    /// # Errors
    /// One line that names the file when it is missing, readable by others or not a key file.
    pub fn load(path: &Path) -> Result<Self, KeyFileError> {
        key_file::read(path)
            .and_then(|file| Self::derive(&file, Some(path.to_owned())))
            .map_err(|problem| problem.at(path))
    }

    /// Reads the key file at `path`, after making one with mode 0600 if there is none. Processes that
    /// start at the same time all end up with the same keys.
    ///
    /// # Errors
    /// As [`Keyring::load`], and when the file cannot be written.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyFileError> {
        key_file::create_if_missing(path).map_err(|problem| problem.at(path))?;
        Self::load(path)
    }

    /// New keys that no file holds: for tests, whose data may die with the process.
    ///
    /// # Errors
    /// [`Error::Random`] when the system gives no random bytes.
    pub fn ephemeral() -> Result<Self, Error> {
        KeyFile::fresh()
            .and_then(|text| KeyFile::parse(&text))
            .and_then(|file| Self::derive(&file, None))
            .map_err(|_| Error::Random)
    }

    pub(super) fn derive(file: &KeyFile, path: Option<PathBuf>) -> Result<Self, Problem> {
        Ok(Self {
            path,
            sets: RwLock::new(Arc::new(KeySets::derive(file)?)),
            cookie: seal::derive(&file.session, COOKIE_INFO)?,
            csrf: seal::derive(&file.session, CSRF_INFO)?,
        })
    }

    /// Reads the file again, and answers the ids of what changed: the key that is active from now on, if that is another
    /// one. A file that cannot be used, or has another session root, changes nothing.
    ///
    /// # Errors
    /// As [`Keyring::load`].
    pub fn reload(&self) -> Result<Option<String>, KeyFileError> {
        let Some(path) = &self.path else {
            return Ok(None);
        };
        let read = || {
            let file = key_file::read(path)?;
            if seal::derive::<64>(&file.session, COOKIE_INFO)? != self.cookie {
                return Err(Problem::OtherSession);
            }
            KeySets::derive(&file)
        };
        let sets = Arc::new(read().map_err(|problem| problem.at(path))?);
        let mut current = self.sets.write().unwrap_or_else(PoisonError::into_inner);
        let is_other = current.active.kid != sets.active.kid;
        *current = Arc::clone(&sets);
        Ok(is_other.then(|| sets.active.kid.clone()))
    }

    /// The id of the key that seals and signs from now on.
    #[must_use]
    pub fn active_kid(&self) -> String {
        self.sets().active.kid.clone()
    }

    /// The ids of all keys that can open and verify, the active one first.
    #[must_use]
    pub fn key_ids(&self) -> Vec<String> {
        self.sets().all().map(|set| set.kid.clone()).collect()
    }

    /// Encrypts `plaintext` with the active key for one place. The envelope reads
    /// `v1.kid.nonce.ciphertext`.
    ///
    /// # Errors
    /// [`Error::Random`] without a nonce; [`Error::Malformed`] when a part of the place has a colon.
    pub fn seal(&self, label: Label, place: &Place<'_>, plaintext: &[u8]) -> Result<String, Error> {
        let sets = self.sets();
        let KeySet { kid, .. } = &sets.active;
        let place = place.associated_data(kid)?;
        let sealed = seal::encrypt(sets.active.key(label), place.as_bytes(), plaintext)?;
        Ok(format!("{VERSION}.{kid}.{sealed}"))
    }

    /// Decrypts an envelope that was sealed for the same label and place, with whichever key it names.
    ///
    /// # Errors
    /// [`Error::Malformed`], [`Error::UnknownKey`] or [`Error::Refused`]; nothing finer.
    pub fn open(
        &self,
        label: Label,
        place: &Place<'_>,
        envelope: &str,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (kid, sealed) = split(envelope).ok_or(Error::Malformed)?;
        let place = place.associated_data(kid)?;
        self.with_key(label, kid, |key| {
            seal::decrypt(key, place.as_bytes(), sealed)
        })?
    }

    /// How every envelope begins that the active key sealed; a rotation still has to reach all others.
    #[must_use]
    pub fn current_prefix(&self) -> String {
        format!("{VERSION}.{}.", self.active_kid())
    }

    /// Opens an envelope and seals what was in it with the active key, for the same place.
    ///
    /// # Errors
    /// As [`Keyring::open`] and [`Keyring::seal`].
    pub fn reseal(&self, label: Label, place: &Place<'_>, envelope: &str) -> Result<String, Error> {
        self.seal(label, place, &self.open(label, place, envelope)?)
    }

    /// HMAC-SHA-256 with the active key, for what is not asked for again once that is another one.
    #[must_use]
    pub fn mac(&self, label: Label, message: &[u8]) -> [u8; 32] {
        seal::hmac(self.sets().active.key(label), message)
    }

    /// The same for what is stored: the id of the key, to be stored beside it, and the HMAC of what `message` makes of
    /// that id.
    pub fn sign(&self, label: Label, message: impl FnOnce(&str) -> Vec<u8>) -> (String, [u8; 32]) {
        let sets = self.sets();
        let active = &sets.active;
        let mac = seal::hmac(active.key(label), &message(&active.kid));
        (active.kid.clone(), mac)
    }

    /// HMAC-SHA-256 with the key of that id, to check a value made before a rotation.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] when the key file has no such key.
    pub fn mac_with(&self, label: Label, kid: &str, message: &[u8]) -> Result<[u8; 32], Error> {
        self.with_key(label, kid, |key| seal::hmac(key, message))
    }

    /// The key of the browser's cookie. It comes from the session root, which never rotates, so that a
    /// key rotation signs nobody out.
    #[must_use]
    pub fn cookie_key(&self) -> [u8; 64] {
        *self.cookie
    }

    /// HMAC-SHA-256 for form tokens. Also from the session root: a form that is open in a browser
    /// survives a rotation.
    #[must_use]
    pub fn csrf_mac(&self, message: &[u8]) -> [u8; 32] {
        seal::hmac(&self.csrf, message)
    }

    /// The active key's id and a sealed constant, to be stored in a new database. At later starts
    /// [`Keyring::verify_check`] proves with it that database and key file belong together.
    ///
    /// # Errors
    /// [`Error::Random`] without a nonce.
    pub fn check_value(&self) -> Result<(String, String), Error> {
        let envelope = self.seal(Label::Check, &CHECK_PLACE, CHECK_PLAINTEXT)?;
        let kid = split(&envelope).map(|(kid, _)| kid.to_owned());
        Ok((kid.ok_or(Error::Malformed)?, envelope))
    }

    /// Whether the key `kid` of this keyring is the one that made the check value.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] when the key is not in the file, [`Error::Refused`] when another key goes
    /// by its id, [`Error::Malformed`] when the stored value is none of ours.
    pub fn verify_check(&self, kid: &str, envelope: &str) -> Result<(), Error> {
        if split(envelope).is_none_or(|(sealed_by, _)| sealed_by != kid) {
            return Err(Error::Malformed);
        }
        let plaintext = self.open(Label::Check, &CHECK_PLACE, envelope)?;
        if *plaintext == CHECK_PLAINTEXT {
            Ok(())
        } else {
            Err(Error::Refused)
        }
    }

    fn sets(&self) -> Arc<KeySets> {
        Arc::clone(&self.sets.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Uses the key of that id. One that is not known may have come into the file a moment ago.
    fn with_key<T>(&self, label: Label, kid: &str, f: impl FnOnce(&Key) -> T) -> Result<T, Error> {
        let mut sets = self.sets();
        if sets.find(kid).is_none() && self.reload().is_ok() {
            sets = self.sets();
        }
        let set = sets.find(kid).ok_or(Error::UnknownKey)?;
        Ok(f(set.key(label)))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("key_ids", &self.key_ids())
            .finish_non_exhaustive()
    }
}

/// Splits `v1.kid.rest` into `kid` and `rest`.
fn split(envelope: &str) -> Option<(&str, &str)> {
    envelope
        .strip_prefix(VERSION)?
        .strip_prefix('.')?
        .split_once('.')
}

#[cfg(test)]
mod tests;
