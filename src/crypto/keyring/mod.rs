//! Keys for encryption at rest and for signing, each derived from a root key for one purpose.
//!
//! The root keys come from `key_file`; the algorithms are in `seal`. Which value is sealed where, and
//! when it is sealed again under a newer key, is decided by the rooms that own the values.

use std::fmt;
use std::path::Path;

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

/// All keys of this installation, derived once. Shared behind an `Arc`; its memory is wiped on drop.
pub struct Keyring {
    active: KeySet,
    retired: Vec<KeySet>,
    cookie: Zeroizing<[u8; 64]>,
    csrf: Key,
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
            .and_then(|file| Self::derive(&file))
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
            .and_then(|file| Self::derive(&file))
            .map_err(|_| Error::Random)
    }

    fn derive(file: &KeyFile) -> Result<Self, Problem> {
        Ok(Self {
            active: KeySet::derive(&file.active)?,
            retired: file
                .retired
                .iter()
                .map(KeySet::derive)
                .collect::<Result<_, _>>()?,
            cookie: seal::derive(&file.session, COOKIE_INFO)?,
            csrf: seal::derive(&file.session, CSRF_INFO)?,
        })
    }

    /// The id of the key that seals and signs from now on.
    #[must_use]
    pub fn active_kid(&self) -> &str {
        &self.active.kid
    }

    /// The ids of all keys that can open and verify, the active one first.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.key_sets().map(|set| set.kid.as_str())
    }

    /// Encrypts `plaintext` with the active key for one place. The envelope reads
    /// `v1.kid.nonce.ciphertext`.
    ///
    /// # Errors
    /// [`Error::Random`] without a nonce; [`Error::Malformed`] when a part of the place has a colon.
    pub fn seal(&self, label: Label, place: &Place<'_>, plaintext: &[u8]) -> Result<String, Error> {
        let kid = &self.active.kid;
        let place = place.associated_data(kid)?;
        let sealed = seal::encrypt(self.active.key(label), place.as_bytes(), plaintext)?;
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
        let set = self.key_set(kid)?;
        let place = place.associated_data(kid)?;
        seal::decrypt(set.key(label), place.as_bytes(), sealed)
    }

    /// Whether the envelope was sealed with the active key; if not, a rotation still has to reach it.
    #[must_use]
    pub fn is_current(&self, envelope: &str) -> bool {
        split(envelope).is_some_and(|(kid, _)| kid == self.active.kid)
    }

    /// HMAC-SHA-256 with the active key. Store [`Keyring::active_kid`] beside it.
    #[must_use]
    pub fn mac(&self, label: Label, message: &[u8]) -> [u8; 32] {
        seal::hmac(self.active.key(label), message)
    }

    /// HMAC-SHA-256 with the key of that id, to check a value made before a rotation.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] when the key file has no such key.
    pub fn mac_with(&self, label: Label, kid: &str, message: &[u8]) -> Result<[u8; 32], Error> {
        Ok(seal::hmac(self.key_set(kid)?.key(label), message))
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
        Ok((self.active.kid.clone(), envelope))
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

    fn key_sets(&self) -> impl Iterator<Item = &KeySet> {
        std::iter::once(&self.active).chain(&self.retired)
    }

    fn key_set(&self, kid: &str) -> Result<&KeySet, Error> {
        self.key_sets()
            .find(|set| set.kid == kid)
            .ok_or(Error::UnknownKey)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.key_ids().collect();
        f.debug_struct("Keyring")
            .field("key_ids", &ids)
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
