//! What fuzzers call of this room: key files, envelopes, stored hashes, passwords. See `crate::fuzzing`.

#![allow(clippy::expect_used)] // what fails here is a finding

use std::path::Path;
use std::sync::LazyLock;

use super::key_file::KeyFile;
use super::keyring::{Keyring, Label, Place};
use super::password::normalize;
use super::stored_hash::StoredHash;
use super::{open_under, token};

/// The keys that [`SEALED`] was sealed with. They protect nothing.
const KEYS: &str = "session QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=\n\
                    key old VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVU=\n\
                    key new QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY= active\n";

/// The one text that opens at [`PLACE`].
const SEALED: &str = "v1.new.TDA5EqAMrtyk2D-q.gnAhYETkDvb_EYOEDi1DEk96DWkwlS0w";

const PLACE: Place<'static> = Place {
    table: "totp_secrets",
    column: "secret",
    user_id: "somebody",
    row_id: "1",
};

static KEYRING: LazyLock<Keyring> = LazyLock::new(|| {
    let file = KeyFile::parse(KEYS).ok();
    file.and_then(|file| Keyring::derive(&file, None).ok())
        .expect("keys that work")
});

/// A key file.
pub(crate) fn key_file(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match KeyFile::parse(text) {
        Ok(file) => {
            assert!(file.session.len() >= 32);
            let mut ids = vec![&file.active.kid];
            for key in file.retired.iter().chain([&file.active]) {
                assert!(key.root.len() >= 32);
                assert!(!key.kid.contains(['.', ':', ',', '$']));
            }
            ids.extend(file.retired.iter().map(|key| &key.kid));
            ids.sort();
            assert!(ids.windows(2).all(|two| two.first() != two.last()));
            let keys = Keyring::derive(&file, None).expect("a file that was read works");
            let (kid, check) = keys.check_value().expect("a check value");
            assert_eq!(keys.verify_check(&kid, &check), Ok(()));
        }
        Err(problem) => {
            let said = problem.at(Path::new("/keys")).to_string();
            assert!(said.is_ascii() && said.len() < 200 && !said.contains('\n'));
            let long = text.split_whitespace().filter(|word| word.len() > 24);
            assert!(long.into_iter().all(|word| !said.contains(word)), "{said}");
        }
    }
}

/// A sealed value as a tampered row would have it, and what else is stored as text beside it.
pub(crate) fn sealed_envelope(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for label in [Label::Totp, Label::Token, Label::Audit, Label::Check] {
        let is_opened = KEYRING.open(label, &PLACE, text).is_ok();
        assert_eq!(is_opened, label == Label::Totp && text == SEALED, "{text}");
    }
    let _ = KEYRING.reseal(Label::Totp, &PLACE, text);
    for kid in ["new", "old", text] {
        assert!(KEYRING.verify_check(kid, text).is_err());
    }
    assert!(open_under(b"a token of somebody's", "a purpose", text).is_err());
}

/// A stored hash as a tampered row would have it.
pub(crate) fn stored_hash(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Some(hash) = StoredHash::parse(text) {
        assert_eq!(hash.to_string(), text, "one hash has one spelling");
        let params = hash.recipe.params;
        assert!(params.memory_kib <= 128 * 1024 && params.passes <= 10 && params.lanes <= 16);
    }
}

/// A password as it is typed.
pub(crate) fn password(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Some(once) = normalize(text) {
        assert!(once.len() <= 1_024 && once.chars().count() <= 256);
        assert_eq!(normalize(&once), Some(once.clone()));
    }
}

/// A token as a client presents it: of one kind at most.
pub(crate) fn token_kinds(text: &str) -> usize {
    use token::Kind;
    let kinds = [
        Kind::Access,
        Kind::Refresh,
        Kind::Limited,
        Kind::Cookie,
        Kind::Link,
        Kind::Device,
        Kind::Trust,
    ];
    kinds
        .into_iter()
        .filter(|kind| token::parse(*kind, text).is_some())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_text_opens() {
        let fresh = KEYRING
            .seal(Label::Totp, &PLACE, b"a secret")
            .expect("sealed");
        let opened = KEYRING.open(Label::Totp, &PLACE, SEALED);
        assert_eq!(
            opened.as_deref().map(Vec::as_slice),
            Ok(&b"a secret"[..]),
            "{fresh}"
        );
    }
}
