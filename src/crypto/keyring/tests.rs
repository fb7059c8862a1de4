//! What opens where, what a rotation leaves alone, and who may start at once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

const PLACE: Place<'static> = Place {
    table: "totp",
    column: "secret",
    user_id: "u1",
    row_id: "r1",
};
const OLD: &str = "b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2w=";
const NEW: &str = "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU=";
const SESSION: &str = "c2Vzc2lvbnNlc3Npb25zZXNzaW9uc2Vzc2lvbnNlc3M=";

fn keyring(keys: &str) -> Keyring {
    let text = format!("session {SESSION}\n{keys}");
    Keyring::derive(&KeyFile::parse(&text).unwrap(), None).unwrap()
}

#[test]
fn what_was_sealed_is_opened_again() {
    let ring = Keyring::ephemeral().unwrap();
    for plaintext in [&b""[..], b"x", &[7; 1000]] {
        let envelope = ring.seal(Label::Totp, &PLACE, plaintext).unwrap();
        assert!(envelope.starts_with(&format!("v1.{}.", ring.active_kid())));
        assert_eq!(
            *ring.open(Label::Totp, &PLACE, &envelope).unwrap(),
            plaintext
        );
    }
}

#[test]
fn the_same_value_never_seals_to_the_same_text() {
    let ring = Keyring::ephemeral().unwrap();
    let seal = || ring.seal(Label::Totp, &PLACE, b"secret").unwrap();
    assert_ne!(seal(), seal());
}

#[test]
fn every_flipped_bit_is_refused() {
    let ring = Keyring::ephemeral().unwrap();
    let envelope = ring
        .seal(Label::Totp, &PLACE, b"twenty bytes of secret")
        .unwrap();
    for index in 0..envelope.len() {
        for bit in 0..8 {
            let mut bytes = envelope.clone().into_bytes();
            bytes[index] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(bytes) else {
                continue; // not text any more, so it cannot even be asked
            };
            assert!(
                ring.open(Label::Totp, &PLACE, &changed).is_err(),
                "bit {bit} of byte {index}"
            );
        }
    }
}

#[test]
fn an_envelope_opens_only_where_and_for_what_it_was_sealed() {
    let ring = Keyring::ephemeral().unwrap();
    let envelope = ring.seal(Label::Totp, &PLACE, b"secret").unwrap();
    for place in [
        Place {
            table: "passkeys",
            ..PLACE
        },
        Place {
            column: "other",
            ..PLACE
        },
        Place {
            user_id: "u2",
            ..PLACE
        },
        Place {
            row_id: "r2",
            ..PLACE
        },
    ] {
        assert_eq!(
            ring.open(Label::Totp, &place, &envelope),
            Err(Error::Refused)
        );
    }
    for label in [
        Label::Pepper,
        Label::Token,
        Label::Audit,
        Label::Check,
        Label::Throttle,
    ] {
        assert_eq!(ring.open(label, &PLACE, &envelope), Err(Error::Refused));
    }
    let blurred = Place {
        user_id: "u1:r1",
        row_id: "",
        ..PLACE
    };
    assert_eq!(
        ring.seal(Label::Totp, &blurred, b"secret"),
        Err(Error::Malformed)
    );
}

#[test]
fn text_that_is_no_envelope_is_malformed() {
    let ring = keyring(&format!("key a {OLD} active"));
    for text in [
        "",
        "v1",
        "v1.a",
        "v1.a.",
        "v1.a.AAAA",
        "v2.a.AAAA.AAAA",
        "v1.a.AAAA.AAAA",
    ] {
        assert_eq!(
            ring.open(Label::Totp, &PLACE, text),
            Err(Error::Malformed),
            "{text}"
        );
    }
}

#[test]
fn a_rotation_keeps_old_values_readable_and_sessions_alive() {
    let before = keyring(&format!("key a {OLD} active"));
    let after = keyring(&format!("key a {OLD}\nkey b {NEW} active"));
    let gone = keyring(&format!("key b {NEW} active"));
    let envelope = before.seal(Label::Totp, &PLACE, b"secret").unwrap();

    assert_eq!(
        *after.open(Label::Totp, &PLACE, &envelope).unwrap(),
        b"secret"
    );
    assert_eq!(
        gone.open(Label::Totp, &PLACE, &envelope),
        Err(Error::UnknownKey)
    );
    assert!(envelope.starts_with(&before.current_prefix()));
    let resealed = after.reseal(Label::Totp, &PLACE, &envelope).unwrap();
    assert!(resealed.starts_with(&after.current_prefix()));
    assert_eq!(
        *gone.open(Label::Totp, &PLACE, &resealed).unwrap(),
        b"secret"
    );
    assert_eq!(after.key_ids(), ["b", "a"]);

    let mac = before.mac(Label::Audit, b"row");
    assert_eq!(after.mac_with(Label::Audit, "a", b"row"), Ok(mac));
    assert_ne!(after.mac(Label::Audit, b"row"), mac);
    assert_eq!(
        gone.mac_with(Label::Audit, "a", b"row"),
        Err(Error::UnknownKey)
    );

    assert_eq!(before.cookie_key(), after.cookie_key());
    assert_eq!(before.csrf_mac(b"form"), after.csrf_mac(b"form"));
}

#[test]
fn the_check_value_tells_whether_the_keys_fit_the_database() {
    let right = keyring(&format!("key a {OLD} active"));
    let (kid, envelope) = right.check_value().unwrap();
    assert_eq!(right.verify_check(&kid, &envelope), Ok(()));
    let namesake = keyring(&format!("key a {NEW} active"));
    assert_eq!(namesake.verify_check(&kid, &envelope), Err(Error::Refused));
    let stranger = keyring(&format!("key b {OLD} active"));
    assert_eq!(
        stranger.verify_check(&kid, &envelope),
        Err(Error::UnknownKey)
    );
    assert_eq!(right.verify_check("b", &envelope), Err(Error::Malformed));
}

#[test]
fn processes_that_start_at_once_share_one_key_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    assert!(Keyring::load(&path).is_err());
    let kids: Vec<String> = std::thread::scope(|scope| {
        let starters: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| Keyring::load_or_create(&path).unwrap().active_kid()))
            .collect();
        starters
            .into_iter()
            .map(|starter| starter.join().unwrap())
            .collect()
    });
    assert!(kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "drafts are cleaned up");
}

#[test]
fn debug_shows_ids_and_nothing_else() {
    let ring = keyring(&format!("key a {OLD} active"));
    assert_eq!(format!("{ring:?}"), r#"Keyring { key_ids: ["a"], .. }"#);
}

const LABELS: [Label; 6] = [
    Label::Totp,
    Label::Pepper,
    Label::Token,
    Label::Audit,
    Label::Check,
    Label::Throttle,
];

proptest! {
    #[test]
    fn any_value_opens_where_it_was_sealed_as_it_was_sealed_and_nowhere_else(
        plaintext in vec(any::<u8>(), 0..200),
        (label, other_label) in (select(LABELS.to_vec()), select(LABELS.to_vec())),
        place in "[a-z0-9_-]{0,4}(:?[a-z0-9_-]{0,4}){3}",
        other_place in "[ab]{1,2}:[ab]{1,2}:[ab]{1,2}:[ab]{1,2}",
        (byte, bit) in (any::<Index>(), 0..8_u8),
    ) {
        let parts = |text: &str| -> Vec<String> {
            text.split(':').chain(["", "", "", ""]).take(4).map(str::to_owned).collect()
        };
        let (own, others) = (parts(&place), parts(&other_place));
        let at = |parts: &[String]| -> [String; 4] { parts.to_vec().try_into().unwrap() };
        let (own, others) = (at(&own), at(&others));
        let ring = keyring(&format!("key a {OLD} active"));
        let envelope = ring.seal(label, &named(&own), &plaintext).unwrap();
        let opened = ring.open(label, &named(&own), &envelope);
        prop_assert_eq!(opened.map(|opened| opened.to_vec()), Ok(plaintext));
        let elsewhere = ring.open(label, &named(&others), &envelope);
        prop_assert_eq!(elsewhere.is_ok(), own == others);
        let otherwise = ring.open(other_label, &named(&own), &envelope);
        prop_assert_eq!(otherwise.is_ok(), label == other_label);
        let mut bytes = envelope.into_bytes();
        let byte = byte.index(bytes.len());
        bytes[byte] ^= 1 << bit;
        if let Ok(changed) = String::from_utf8(bytes) {
            prop_assert!(ring.open(label, &named(&own), &changed).is_err());
        }
    }
}

fn named([table, column, user_id, row_id]: &[String; 4]) -> Place<'_> {
    Place {
        table,
        column,
        user_id,
        row_id,
    }
}

#[test]
fn cookies_and_forms_of_another_installation_are_strangers_here() {
    let (one, other) = (Keyring::ephemeral().unwrap(), Keyring::ephemeral().unwrap());
    assert_ne!(one.cookie_key(), other.cookie_key());
    assert!(
        one.cookie_key()
            .iter()
            .any(|byte| *byte != one.cookie_key()[0])
    );
}
