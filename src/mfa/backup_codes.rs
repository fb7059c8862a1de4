//! Backup codes: ten single-use codes for the day the other methods are out of reach. They are never a method
//! of their own.
//!
//! Hashing them needs the hasher and no connection, so `accounts` drives: make, hash, store; or parse, read,
//! compare, consume.

use std::fmt;

use chrono::{NaiveDateTime, TimeDelta};
use zeroize::Zeroizing;

use super::Error;
use super::six_digits::is_filler;
use crate::crypto::keyring::{Keyring, Label, Place};
use crate::crypto::password::Password;
use crate::crypto::random_bytes;
use crate::db::backup_codes::{self, BackupCode, BackupCodeSet};
use crate::db::{Conn, new_id};

/// How many codes a set has.
pub const COUNT: usize = 10;

/// How many characters a code has: 50 bits.
const LENGTH: usize = 10;

/// Crockford's base32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How long the codes can be shown by the session that made them.
const SHOWN_FOR: TimeDelta = TimeDelta::minutes(10);

/// One code, as it is stored and compared: ten characters of the alphabet.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(Zeroizing<String>);

impl Code {
    /// Reads a code as typed: case, white space and dashes do not matter; O is read as 0, I and L as 1.
    /// `None` unless exactly ten characters of the alphabet are left.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut code = Zeroizing::new(String::with_capacity(LENGTH));
        for c in typed.chars().filter(|c| !is_filler(*c)) {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            if code.len() == LENGTH || !u8::try_from(c).is_ok_and(|c| ALPHABET.contains(&c)) {
                return None;
            }
            code.push(c);
        }
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// The code as people read it: `XXXXX-XXXXX`.
    pub fn shown(&self) -> String {
        let (first, second) = self.0.split_at(LENGTH / 2);
        format!("{first}-{second}")
    }

    /// The code for the hasher.
    pub fn for_hashing(&self) -> Password {
        Password::new(self.0.to_string())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(redacted)")
    }
}

/// Ten new codes, all different.
///
/// # Errors
///
/// The generator's.
pub fn generate() -> Result<Vec<Code>, Error> {
    let mut codes: Vec<Code> = Vec::with_capacity(COUNT);
    while codes.len() < COUNT {
        let bytes = random_bytes::<LENGTH>()?;
        let text = bytes
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).copied())
            .map(char::from)
            .collect();
        let code = Code(Zeroizing::new(text));
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    Ok(codes)
}

/// Stores a set, inert. An inert one that was there is forgotten. Runs in the caller's transaction.
///
/// # Errors
///
/// The database's, and the keys'.
pub fn store(
    conn: &mut Conn,
    keys: &Keyring,
    user_id: &str,
    session_id: &str,
    codes: &[Code],
    hashes: Vec<String>,
    now: NaiveDateTime,
) -> Result<BackupCodeSet, Error> {
    let id = new_id();
    let plain = Zeroizing::new(
        codes
            .iter()
            .map(|code| code.0.as_str())
            .collect::<Vec<_>>()
            .join(" "),
    );
    let set = BackupCodeSet {
        plain: Some(keys.seal(Label::Token, &place(user_id, &id), plain.as_bytes())?),
        plain_until: Some(now + SHOWN_FOR),
        user_id: user_id.to_owned(),
        session_id: session_id.to_owned(),
        activated_at: None,
        saved_at: None,
        created_at: now,
        id,
    };
    let rows: Vec<BackupCode> = hashes
        .into_iter()
        .map(|hash| BackupCode {
            id: new_id(),
            set_id: set.id.clone(),
            hash,
            used_at: None,
        })
        .collect();
    backup_codes::delete_by_user(conn, user_id, false)?;
    backup_codes::insert(conn, &set, &rows)?;
    Ok(set)
}

/// Brings a stored set to life; the one before dies. Runs in the caller's transaction, which holds the
/// account's lock.
///
/// # Errors
///
/// Only the database's.
pub fn activate(conn: &mut Conn, set: &BackupCodeSet, now: NaiveDateTime) -> Result<(), Error> {
    backup_codes::delete_by_user(conn, &set.user_id, true)?;
    backup_codes::update_activated(conn, set, COUNT as i32, now)?;
    Ok(())
}

/// Brings the set to life that this session was given with its set-up, if there is one.
///
/// # Errors
///
/// Only the database's.
pub fn activate_pending(
    conn: &mut Conn,
    user_id: &str,
    session_id: &str,
    now: NaiveDateTime,
) -> Result<bool, Error> {
    match backup_codes::find_pending(conn, user_id, session_id)? {
        Some(set) => activate(conn, &set, now).map(|()| true),
        None => Ok(false),
    }
}

/// A set that can be shown, for the last time.
#[derive(Debug, Clone)]
pub struct Shown {
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// Its codes.
    pub codes: Vec<Code>,
}

/// The codes of the live set, for the session that made it and only for ten minutes. Looking changes
/// nothing. `None` when they are not to be seen any more.
///
/// # Errors
///
/// [`Error::Sealed`] when the codes do not open.
pub fn show(
    conn: &mut Conn,
    keys: &Keyring,
    user_id: &str,
    session_id: &str,
    now: NaiveDateTime,
) -> Result<Option<Shown>, Error> {
    let Some(set) = backup_codes::find_live(conn, user_id)? else {
        return Ok(None);
    };
    let is_open = set.session_id == session_id && set.plain_until.is_some_and(|until| until > now);
    let Some(sealed) = set.plain.as_deref().filter(|_| is_open) else {
        return Ok(None);
    };
    let plain = keys.open(Label::Token, &place(user_id, &set.id), sealed)?;
    let codes = std::str::from_utf8(&plain)
        .map_err(|_| Error::Internal("stored backup codes are not text"))?
        .split(' ')
        .map(|code| Code(Zeroizing::new(code.to_owned())))
        .collect();
    Ok(Some(Shown {
        created_at: set.created_at,
        codes,
    }))
}

/// Removes every code of an account.
///
/// # Errors
///
/// Only the database's.
pub fn remove(conn: &mut Conn, user_id: &str) -> Result<(), Error> {
    backup_codes::delete_by_user(conn, user_id, true)?;
    backup_codes::delete_by_user(conn, user_id, false)?;
    backup_codes::update_none_left(conn, user_id)?;
    Ok(())
}

pub(crate) const fn place<'a>(user_id: &'a str, set_id: &'a str) -> Place<'a> {
    Place {
        table: "backup_code_sets",
        column: "plain",
        user_id,
        row_id: set_id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_shown_in_two_halves() {
        assert_eq!(Code::parse("abcde12345").unwrap().shown().len(), 11);
        let code = generate().unwrap().remove(0);
        assert_eq!(code.shown().find('-'), Some(LENGTH / 2));
    }

    #[test]
    fn every_sign_of_the_alphabet_is_drawn() {
        let drawn: std::collections::BTreeSet<u8> = (0..20)
            .flat_map(|_| generate().unwrap())
            .flat_map(|code| code.0.bytes().collect::<Vec<_>>())
            .collect();
        // 2,000 signs: that one of 32 is missing by chance happens once in 10^26.
        assert_eq!(drawn.len(), ALPHABET.len());
    }

    #[test]
    fn a_set_is_ten_different_codes_of_fifty_bits() {
        let codes = generate().unwrap();
        assert_eq!(codes.len(), COUNT);
        for code in &codes {
            assert_eq!(code.0.len(), LENGTH);
            assert!(code.0.bytes().all(|c| ALPHABET.contains(&c)));
            assert_eq!(Code::parse(&code.shown()).as_ref(), Some(code));
        }
    }

    #[test]
    fn case_spaces_dashes_and_look_alikes_are_forgiven() {
        let code = Code::parse("7K3QM-9XW20");
        assert!(code.is_some());
        for typed in ["7k3qm9xw2o", " 7K3QM 9XW2O ", "7k-3q-m9-xw-20"] {
            assert_eq!(Code::parse(typed), code, "{typed}");
        }
        assert_eq!(Code::parse("IL000-00000"), Code::parse("11000-00000"));
    }

    #[test]
    fn anything_else_is_no_code() {
        for typed in [
            "",
            "123456",
            "7K3QM-9XW2",
            "7K3QM-9XW2TT",
            "UUUUU-UUUUU",
            "7K3QM-9XW2!",
        ] {
            assert!(Code::parse(typed).is_none(), "{typed}");
        }
    }
}
