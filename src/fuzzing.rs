//! What fuzzers call, one function a target, and the replay of what they kept.
//!
//! `fuzz/` feeds these functions with what a fuzzer makes up, the tests below with the files of `fuzz/corpus/`. Each
//! reads its input as the service reads a stranger's, and panics at what must never be. The functions stand in the
//! rooms whose parsers they call. Nothing else names this module: it is compiled for tests and for `fuzz/` only.

use crate::accounts::users;
use crate::words::client;
use crate::{config, crypto, mfa, web};

/// One target: its name, which is also the name of its folder in `fuzz/corpus/`, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 20] = [
    (
        "attestation_object",
        mfa::passkey::fuzzing::attestation_object,
    ),
    (
        "authenticator_data",
        mfa::passkey::fuzzing::authenticator_data,
    ),
    ("backup_code", mfa::fuzzing::backup_code),
    ("bearer_and_cookie", web::fuzzing::bearer_and_cookie),
    ("client_data", mfa::passkey::fuzzing::client_data),
    ("credential_json", web::fuzzing::credential_json),
    ("email_address", email_address),
    ("forms", web::fuzzing::forms),
    ("forwarded_for", web::fuzzing::forwarded_for),
    ("key_file", crypto::fuzzing::key_file),
    ("local_path", web::fuzzing::local_path),
    ("login_json", web::fuzzing::login_json),
    ("otpauth", mfa::fuzzing::otpauth),
    ("password", crypto::fuzzing::password),
    ("sealed_envelope", crypto::fuzzing::sealed_envelope),
    ("settings", config::fuzzing::settings),
    ("six_digits", mfa::fuzzing::six_digits),
    ("stored_hash", crypto::fuzzing::stored_hash),
    ("user_agent", user_agent),
    ("verify_login_json", web::fuzzing::verify_login_json),
];

/// The target of this name.
///
/// # Panics
///
/// When there is none.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let Some((_, run)) = target else {
        panic!("there is no target {name}");
    };
    run(data);
}

/// The input as text; what is none never reaches a parser of text.
pub(crate) fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// An address and a name, as people type them at a sign-in or an adoption.
fn email_address(data: &[u8]) {
    let Some(typed) = text(data) else { return };
    if let Some(email) = users::normalize_email(typed) {
        assert_eq!(users::normalize_email(&email).as_deref(), Some(&*email));
        assert_eq!(email.matches('@').count(), 1, "one recipient: {email}");
        assert!(!email.contains(|c: char| c.is_whitespace() || c.is_control()));
    }
    if let Some(name) = users::normalize_name(typed) {
        assert_eq!(users::normalize_name(&name).as_deref(), Some(&*name));
        assert!(!name.contains(char::is_control));
    }
}

/// What a client calls itself.
fn user_agent(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Some(client) = client::of(text) {
        assert!(client.browser.len() + client.system.len() < 100);
    }
    if let Some(product) = client::product(text) {
        assert!(text.starts_with(product) && product.is_ascii());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    fn fuzz() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
    }

    fn names(folder: PathBuf) -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
        entries.map(|entry| stem(entry.path())).collect()
    }

    #[test]
    fn whatever_was_kept_is_still_taken_or_refused_in_order() {
        for (name, run) in TARGETS {
            let mut kept = 0;
            for entry in fs::read_dir(fuzz().join("corpus").join(name)).unwrap() {
                let path = entry.unwrap().path();
                // The captured output of a test that fails ends with the file that does it.
                println!("{}", path.display());
                run(&fs::read(path).unwrap());
                kept += 1;
            }
            assert!(kept > 0, "nothing is kept for {name}");
        }
    }

    fn kept() -> Vec<(Target, Vec<Vec<u8>>)> {
        let files = |name: &str| fs::read_dir(fuzz().join("corpus").join(name)).unwrap();
        let read = |entry: std::io::Result<fs::DirEntry>| fs::read(entry.unwrap().path()).unwrap();
        let all = TARGETS.into_iter();
        all.map(|one| (one, files(one.0).map(read).collect()))
            .collect()
    }

    /// What is done to an input at some place of it.
    #[derive(Debug, Clone)]
    enum Change {
        Flip(Index, u8),
        Put(Index, Vec<u8>),
        Cut(Index, usize),
        Repeat(Index, usize),
        /// Goes on as another input of the target does.
        Splice(Index, Index),
    }

    fn changes() -> impl Strategy<Value = Change> {
        let at = any::<Index>;
        let pieces: Vec<Vec<u8>> = [
            "\0",
            "\n",
            " ",
            "%",
            "\\",
            "/",
            "\"",
            "'",
            "..",
            "=",
            "&",
            ":",
            ",",
            ";",
            "@",
            "[",
            "{",
            "-1",
            "\u{202e}",
            "\u{301}",
            "\u{feff}",
            "９",
            "9999999999",
            "true",
            "null",
        ]
        .iter()
        .map(|piece| piece.as_bytes().to_vec())
        .chain([
            vec![0xff],
            vec![0xc0, 0x80],
            vec![0x5b, 0x7f],
            vec![0xbb, 0xff],
        ])
        .collect();
        prop_oneof![
            4 => (at(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
            4 => (at(), select(pieces)).prop_map(|(at, piece)| Change::Put(at, piece)),
            1 => (at(), vec(any::<u8>(), 1..9)).prop_map(|(at, bytes)| Change::Put(at, bytes)),
            2 => (at(), 1..20_usize).prop_map(|(at, length)| Change::Cut(at, length)),
            1 => (at(), 1..20_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
            2 => (at(), at()).prop_map(|(at, other)| Change::Splice(at, other)),
        ]
    }

    fn change(input: &mut Vec<u8>, change: Change, others: &[Vec<u8>]) {
        let length = input.len();
        let place = |at: Index| at.index(length + 1);
        match change {
            Change::Flip(at, bit) if length > 0 => input[at.index(length)] ^= 1 << bit,
            Change::Flip(..) => {}
            Change::Put(at, bytes) => drop(input.splice(place(at)..place(at), bytes)),
            Change::Cut(at, many) => {
                let start = place(at);
                input.drain(start..(start + many).min(length));
            }
            Change::Repeat(at, many) => {
                let start = place(at);
                let piece = input[start..(start + many).min(length)].to_vec();
                input.splice(start..start, piece);
            }
            Change::Splice(at, other) => {
                let other = &others[other.index(others.len())];
                let start = place(at);
                input.truncate(start);
                input.extend(&other[start.min(other.len())..]);
            }
        }
    }

    #[test]
    fn whatever_is_like_it_is_taken_or_refused_in_order() {
        let kept = kept();
        let which = (any::<Index>(), any::<Index>(), vec(changes(), 1..6));
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
            // What breaks a target is printed; it belongs into its corpus.
            failure_persistence: None,
            ..ProptestConfig::default()
        });
        let outcome = runner.run(&which, |(target, input, all)| {
            let ((name, run), inputs) = &kept[target.index(kept.len())];
            let mut input = inputs[input.index(inputs.len())].clone();
            for one in all {
                change(&mut input, one, inputs);
            }
            let shown = String::from_utf8_lossy(&input).into_owned();
            let broke = std::panic::catch_unwind(|| run(&input)).is_err();
            prop_assert!(!broke, "{}: {:?}", name, shown);
            Ok(())
        });
        assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    }

    #[test]
    fn every_target_has_its_program_and_its_corpus_and_there_are_no_others() {
        let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).into()).collect();
        assert_eq!(names(fuzz().join("corpus")), targets);
        assert_eq!(names(fuzz().join("fuzz_targets")), targets);
    }
}
