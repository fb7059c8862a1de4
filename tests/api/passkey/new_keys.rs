//! What a new passkey may consist of: its key, its id, its flags, its attestation.

use serde_cbor_2::Value as Cbor;

use super::registration::{is_refused, refuses};
use super::{holder, patient_app};
use crate::support::TestApp;
use crate::support::soft_passkey::flags::{AT, BE, BS, ED, UP, UV};
use crate::support::soft_passkey::{SoftPasskey, cose};

#[actix_web::test]
async fn flags_that_promise_what_is_not_there_are_refused() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    refuses(&program, "AT=0, and a key", |key| key.flipped = AT).await;
    refuses(&program, "ED=1, and no extensions", |key| key.flipped = ED).await;
}

#[actix_web::test]
async fn e14_an_id_that_is_empty_is_refused() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    refuses(&program, "an empty id", |key| key.credential_id.clear()).await;
}

#[actix_web::test]
async fn e14_an_algorithm_that_was_not_offered_is_refused() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    for (what, algorithm, curve) in [("ES256K", -47, 8), ("EdDSA", -8, 6), ("none", 0, 1)] {
        for curve in [1, curve] {
            refuses(&program, what, |key| {
                key.public_key.insert(cose::ALG, Cbor::Integer(algorithm));
                key.public_key.insert(cose::CRV, Cbor::Integer(curve));
            })
            .await;
        }
    }
    refuses(&program, "Ed25519", |key| {
        key.public_key = [
            (cose::KTY, Cbor::Integer(1)),
            (cose::ALG, Cbor::Integer(-8)),
            (cose::CRV, Cbor::Integer(6)),
            (cose::X, Cbor::Bytes(vec![9; 32])),
        ]
        .into();
    })
    .await;
    for (what, algorithm) in [("RS1", -65_535), ("RS512", -259), ("PS256", -37)] {
        let rsa = SoftPasskey::rs256(&app).public_key;
        refuses(&program, what, |key| {
            key.public_key = rsa;
            key.public_key.insert(cose::ALG, Cbor::Integer(algorithm));
        })
        .await;
    }
}

#[actix_web::test]
async fn a_public_key_that_could_never_verify_anything_is_refused() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    refuses(&program, "no y", |key| {
        key.public_key.remove(&cose::Y);
    })
    .await;
    for length in [0, 31, 33, 1_000] {
        refuses(&program, "the length of x", |key| {
            key.public_key.insert(cose::X, Cbor::Bytes(vec![1; length]));
        })
        .await;
    }
    refuses(&program, "not on the curve", |key| {
        key.public_key.insert(cose::Y, Cbor::Bytes(vec![1; 32]));
    })
    .await;
}

#[actix_web::test]
async fn e14_an_id_of_1023_bytes_is_the_longest() {
    let app = TestApp::spawn().await;
    let (person, program, _) = holder(&app).await;
    let of_length = |length: usize| {
        SoftPasskey::new(&app).but(|key| {
            key.credential_id = (0..length).map(|n| (n % 251) as u8).collect();
        })
    };
    let mut longest = of_length(1_023);
    program.enrol(&mut longest).await;
    person.sign_in_by(&longest).await;
    for length in [1_024, 4_096, 4_097] {
        let answer = program.try_passkey(&mut of_length(length)).await;
        is_refused(&answer, &length.to_string());
        assert_eq!(program.own_passkeys().await.len(), 2, "{length}");
    }
}

#[actix_web::test]
async fn e14_an_id_that_somebody_has_is_given_to_nobody_else() {
    let app = TestApp::spawn().await;
    let (person, program, key) = holder(&app).await;
    let (thief, other) = app.user().signed_in().await;
    let mut taken = SoftPasskey::new(&app).but(|new| new.credential_id = key.credential_id.clone());
    is_refused(&other.try_passkey(&mut taken).await, "somebody else's");
    is_refused(&program.try_passkey(&mut taken).await, "one's own");
    let again = program.try_passkey(&mut key.clone()).await;
    is_refused(&again, "the same again");
    assert_eq!(other.status().await["isEnabled"], false);
    assert_eq!(program.own_passkeys().await.len(), 1);
    assert_eq!(app.db_reasons(&thief.id, "passkey_added"), ["id_taken"]);
    let other = thief.sign_in().await;
    assert!(other.refresh.is_some(), "no method was switched on");
    person.sign_in_by(&key).await;
}

#[actix_web::test]
async fn an_id_on_the_outside_must_be_the_one_that_was_made() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    let options = program.creation_options().await;
    let mut made = SoftPasskey::new(&app).create(&options);
    made.raw_id[0] ^= 1;
    is_refused(&program.register(made.json()).await, "rawId");
    assert_eq!(program.own_passkeys().await.len(), 1);
}

#[actix_web::test]
async fn e15_a_copy_of_what_cannot_be_copied_is_not_added() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    refuses(&program, "BE=0, BS=1", |key| key.flags = UP | UV | BS).await;
    for (flags, eligible, copied) in [
        (UP | UV, false, false),
        (UP | UV | BE, true, false),
        (UP | UV | BE | BS, true, true),
    ] {
        let mut key = SoftPasskey::new(&app).but(|key| key.flags = flags);
        program.enrol(&mut key).await;
        let shown = program.own_passkeys().await.pop().unwrap();
        assert_eq!(shown["backupEligible"], eligible);
        assert_eq!(shown["backupState"], copied);
    }
}

#[actix_web::test]
async fn an_attestation_is_not_asked_for_and_one_that_does_not_hold_is_refused() {
    let app = patient_app().await;
    let (person, program, _) = holder(&app).await;
    let mut key = SoftPasskey::new(&app).but(|key| key.is_self_attested = true);
    program.enrol(&mut key).await;
    person.sign_in_by(&key).await;
    let options = program.creation_options().await;
    let mut key = SoftPasskey::new(&app).but(|key| key.is_self_attested = true);
    let mut made = key.create(&options);
    made.client_data.insert(1, b' ');
    is_refused(
        &program.register(made.json()).await,
        "it signed other bytes",
    );
    assert_eq!(program.own_passkeys().await.len(), 2);
}
