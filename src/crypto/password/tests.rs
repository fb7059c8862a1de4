//! What matches, what is hashed again, and who has to wait.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::sync::atomic::Ordering;

use proptest::prelude::*;

use super::*;

const CHEAP: Params = Params {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(test);
}

fn hasher(params: Params) -> Hasher {
    Hasher::with_permits(Arc::new(Keyring::ephemeral().unwrap()), params, 1).unwrap()
}

/// The same keys with other parameters.
fn retuned(hasher: &Hasher, params: Params) -> Hasher {
    Hasher::with_permits(Arc::clone(&hasher.engine.keyring), params, 1).unwrap()
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned())
}

#[test]
fn the_right_password_matches_and_no_other() {
    run(async {
        let hasher = hasher(CHEAP);
        let stored = hasher.hash(password("correct horse")).await.unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=8,t=1,p=1,keyid="),
            "{stored}"
        );
        let right = hasher
            .verify(password("correct horse"), Some(stored.clone()))
            .await;
        assert_eq!(
            right,
            Ok(Verdict {
                matches: true,
                rehash: None
            })
        );
        for wrong in ["", "correct hors", "Correct horse", "correct horse "] {
            let verdict = hasher
                .verify(password(wrong), Some(stored.clone()))
                .await
                .unwrap();
            assert!(!verdict.matches, "{wrong}");
        }
    });
}

#[test]
fn composed_and_decomposed_letters_are_the_same_password() {
    run(async {
        let hasher = hasher(CHEAP);
        let stored = hasher.hash(password("caf\u{e9} \u{212b}")).await.unwrap();
        let verdict = hasher
            .verify(password("cafe\u{301} A\u{30a}"), Some(stored))
            .await;
        assert!(verdict.unwrap().matches);
    });
}

#[test]
fn a_hash_made_another_way_is_made_again() {
    run(async {
        let old = hasher(CHEAP);
        let new = retuned(&old, Params { passes: 2, ..CHEAP });
        let stored = old.hash(password("correct horse")).await.unwrap();
        let wrong = new
            .verify(password("wrong"), Some(stored.clone()))
            .await
            .unwrap();
        assert_eq!(
            wrong,
            Verdict {
                matches: false,
                rehash: None
            }
        );
        let right = new
            .verify(password("correct horse"), Some(stored))
            .await
            .unwrap();
        let rehash = right.rehash.unwrap();
        assert!(right.matches && rehash.contains("t=2"), "{rehash}");
        let again = new
            .verify(password("correct horse"), Some(rehash))
            .await
            .unwrap();
        assert_eq!(
            again,
            Verdict {
                matches: true,
                rehash: None
            }
        );
    });
}

#[test]
fn another_keyring_is_no_help_to_a_thief_of_hashes() {
    run(async {
        let hasher = hasher(CHEAP);
        let stored = hasher.hash(password("correct horse")).await.unwrap();
        let thief =
            Hasher::with_permits(Arc::new(Keyring::ephemeral().unwrap()), CHEAP, 1).unwrap();
        let verdict = thief.verify(password("correct horse"), Some(stored)).await;
        assert_eq!(verdict, Err(HashError::Crypto(Error::UnknownKey)));
    });
}

#[test]
fn a_ruinous_stored_hash_is_refused_without_being_computed() {
    run(async {
        let hasher = hasher(CHEAP);
        let stored = hasher.hash(password("correct horse")).await.unwrap();
        let before = hasher.engine.runs.load(Ordering::SeqCst);
        for (from, to) in [("m=8,", "m=4194304,"), ("t=1,", "t=11,")] {
            let stored = stored.replace(from, to);
            let verdict = hasher.verify(password("correct horse"), Some(stored)).await;
            assert_eq!(verdict, Err(HashError::Unusable));
        }
        assert_eq!(hasher.engine.runs.load(Ordering::SeqCst), before);
    });
}

#[test]
fn nobody_costs_as_much_as_somebody() {
    run(async {
        let hasher = hasher(CHEAP);
        let stored = hasher.hash(password("correct horse")).await.unwrap();
        for (typed, stored) in [
            ("correct horse".to_owned(), None),
            (String::new(), None),
            ("x".repeat(MAX_BYTES + 1), None),
            ("x".repeat(MAX_BYTES + 1), Some(stored.clone())),
            ("wrong".to_owned(), Some(stored)),
        ] {
            let before = hasher.engine.runs.load(Ordering::SeqCst);
            let verdict = hasher.verify(Password::new(typed), stored).await.unwrap();
            assert!(!verdict.matches);
            assert_eq!(hasher.engine.runs.load(Ordering::SeqCst), before + 1);
        }
    });
}

#[test]
fn a_code_is_found_in_its_set_with_one_hash() {
    run(async {
        let hasher = hasher(CHEAP);
        let codes = ["AAAA", "BBBB", "CCCC"].map(password).to_vec();
        let stored = hasher.hash_set(codes).await.unwrap();
        let before = hasher.engine.runs.load(Ordering::SeqCst);
        let found = hasher.find_in_set(password("CCCC"), stored.clone()).await;
        assert_eq!(found, Ok(Some(2)));
        assert_eq!(hasher.engine.runs.load(Ordering::SeqCst), before + 1);
        let absent = hasher.find_in_set(password("DDDD"), stored.clone()).await;
        assert_eq!(absent, Ok(None));
        assert_eq!(
            hasher.find_in_set(password("AAAA"), Vec::new()).await,
            Ok(None)
        );
        let mixed = vec![stored[0].clone(), hasher.hash(password("x")).await.unwrap()];
        assert_eq!(
            hasher.find_in_set(password("x"), mixed).await,
            Err(HashError::Unusable)
        );
    });
}

#[test]
fn an_overlong_password_is_not_hashed() {
    run(async {
        let hasher = hasher(CHEAP);
        let long = password(&"x".repeat(MAX_CODE_POINTS + 1));
        assert_eq!(hasher.hash(long).await, Err(HashError::TooLong));
    });
}

#[test]
fn the_thirty_fourth_caller_is_sent_away_and_the_others_are_after_a_while() {
    run(async {
        let mut hasher = hasher(CHEAP);
        hasher.wait = Duration::from_millis(200);
        let busy = HashError::Busy {
            retry_after: hasher.wait,
        };
        let first = Arc::clone(&hasher.permits).acquire_owned().await.unwrap();
        let waiting: Vec<_> = (0..QUEUE)
            .map(|_| {
                let hasher = hasher.clone();
                tokio::spawn(async move { hasher.hash(password("waiting")).await })
            })
            .collect();
        while hasher.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(hasher.hash(password("the 34th")).await, Err(busy));
        for waiter in waiting {
            assert_eq!(waiter.await.unwrap(), Err(busy));
        }
        drop(first);
        assert!(hasher.hash(password("later")).await.is_ok());
    });
}

#[test]
fn a_caller_who_leaves_frees_no_permit_while_the_hash_still_runs() {
    run(async {
        let hasher = hasher(Params {
            memory_kib: 64 * 1024,
            passes: 4,
            lanes: 1,
        });
        let left = tokio::time::timeout(Duration::ZERO, hasher.hash(password("impatient"))).await;
        assert!(left.is_err());
        assert_eq!(hasher.permits.available_permits(), 0);
        assert!(hasher.hash(password("patient")).await.is_ok());
    });
}

#[test]
fn hashing_takes_memory_once_and_keeps_it() {
    run(async {
        let hasher = hasher(CHEAP);
        for n in 0..5 {
            hasher.hash(password(&format!("number {n}"))).await.unwrap();
        }
        assert_eq!(hasher.engine.kept_memory(), 1);
    });
}

#[test]
fn a_password_is_measured_as_it_is_sent() {
    // Two code points of three bytes together, which become one of two.
    let pair = "e\u{301}";
    let long = pair.repeat(MAX_CODE_POINTS);
    assert!(long.len() < MAX_BYTES && normalize(&long).is_some());
    // What is longer than that is not even looked at, although it would become short enough.
    let padded = "\u{1100}\u{1161}\u{11a8}".repeat(114);
    assert!(padded.len() > MAX_BYTES && normalize(&padded).is_none());
    let full = "\u{1f511}".repeat(MAX_CODE_POINTS);
    assert!(full.len() == MAX_BYTES && normalize(&full).is_some());
}

#[test]
fn debug_shows_no_password() {
    assert_eq!(format!("{:?}", password("hunter2")), "Password(redacted)");
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing(text in "\\PC{0,80}") {
        if let Some(once) = normalize(&text) {
            prop_assert_eq!(&normalize(&once), &Some(once.clone()));
        }
    }
}
