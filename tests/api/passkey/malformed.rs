//! Answers that no authenticator gives: nested, cut off, of another make, as large as can be. Refused, soon, and without
//! harm.

use std::time::{Duration, Instant};

use serde_cbor_2::Value as Cbor;
use serde_json::Value;

use super::{holder, patient_app};
use crate::support::soft_passkey::flags::{AT, ED};
use crate::support::soft_passkey::{SoftPasskey, attestation_object, map};
use crate::support::{Answer, Program};

/// The longest that a refusal may take.
const SOON: Duration = Duration::from_secs(1);

/// What is answered, soon. `ask` asks once more, for a machine may be busy once.
pub(super) async fn soon(what: &str, mut ask: impl AsyncFnMut() -> Answer) -> Answer {
    let mut took = Duration::MAX;
    for _ in 0..2 {
        let begun = Instant::now();
        let answer = ask().await;
        took = begun.elapsed();
        if took < SOON {
            return answer;
        }
    }
    panic!("{what} took {took:?}");
}

/// Asserts that an answer is a refusal.
#[track_caller]
pub(super) fn is_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 400, "{what}: {}", answer.body);
    assert!(["invalid_code", "invalid_request"].contains(&answer.code()));
}

/// Asserts that an answer is a refusal and comes soon.
pub(super) async fn soon_refused(what: &str, ask: impl AsyncFnMut() -> Answer) {
    is_refused(&soon(what, ask).await, what);
}

/// Registers an attestation object that was made out of a good one.
pub(super) async fn registers_not(
    program: &Program<'_>,
    what: &str,
    key: &SoftPasskey,
    change: impl Fn(&[u8]) -> Vec<u8>,
) {
    soon_refused(what, async || {
        let options = program.creation_options().await;
        let mut made = key.clone().create(&options);
        made.attestation_object = change(&made.attestation_object);
        program.register(made.json()).await
    })
    .await;
}

#[actix_web::test]
async fn e09_data_that_is_signed_and_cannot_be_read_is_refused() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    let limited = person.sign_in().await;
    let sent = async |what: &str, change: &dyn Fn(&mut Vec<u8>)| {
        soon_refused(what, async || {
            let used = key.get(&limited.request_options().await);
            let odd = used.but(|used| change(&mut used.authenticator_data));
            limited.present(odd.signed_by(&key).json()).await
        })
        .await;
    };
    for length in 0..37 {
        sent("cut off", &|data| data.truncate(length)).await;
    }
    for nested in nests() {
        sent("nested extensions", &|data| {
            data[32] |= ED;
            data.extend(&nested);
        })
        .await;
        sent("a nested key", &|data| {
            data[32] |= AT;
            data.extend([0; 16]);
            data.extend([0, 1, 7]);
            data.extend(&nested);
        })
        .await;
    }
    sent("an id longer than everything", &|data| {
        data[32] |= AT;
        data.extend([0; 16]);
        data.extend([0xff, 0xff, 7]);
    })
    .await;
    limited.prove(&key).await.ok();
    program.prove(&key).await.ok();
}

#[actix_web::test]
async fn e09_an_attestation_object_that_is_nested_or_cut_off_is_refused() {
    let app = patient_app().await;
    let key = SoftPasskey::new(&app);
    let mut program = app.user().signed_in().await.1;
    for (n, nested) in nests().into_iter().enumerate() {
        if n % 15 == 14 {
            program = app.user().signed_in().await.1;
        }
        registers_not(&program, "nothing but depth", &key, |_| nested.clone()).await;
        registers_not(&program, "depth in the data", &key, |_| {
            let mut data = vec![0; 37];
            data[32] = 0x45;
            data.extend([0; 16]);
            data.extend([0, 1, 7]);
            data.extend(&nested);
            attestation_object("none", map([]), data)
        })
        .await;
        registers_not(&program, "depth in the statement", &key, |good| {
            // "attStmt", whose empty map is replaced.
            let name = b"gattStmt\xa0";
            let at = good.windows(name.len()).position(|part| part == name);
            let at = at.unwrap() + name.len() - 1;
            [&good[..at], &nested, &good[at + 1..]].concat()
        })
        .await;
    }
    let length = {
        let options = program.creation_options().await;
        key.clone().create(&options).attestation_object.len()
    };
    for (n, end) in (0..length).step_by(4).enumerate() {
        if n % 40 == 0 {
            program = app.user().signed_in().await.1;
        }
        registers_not(&program, "cut off", &key, |good| good[..end].to_vec()).await;
    }
    program.enrol(&mut key.clone()).await;
}

#[actix_web::test]
async fn e09_an_attestation_object_of_another_make_is_refused() {
    let app = patient_app().await;
    let key = SoftPasskey::new(&app);
    let mut program = app.user().signed_in().await.1;
    let formats = [
        "",
        "None",
        "packed",
        "tpm",
        "apple",
        "android-key",
        "android-safetynet",
        "fido-u2f",
        "compound",
        "\u{0}",
    ];
    let statements = [
        map([]),
        map([("alg", Cbor::Integer(-7)), ("sig", Cbor::Bytes(vec![]))]),
        map([("alg", Cbor::Integer(i128::from(i64::MIN)))]),
        map([("x5c", Cbor::Array(vec![Cbor::Bytes(vec![0x30])]))]),
        map([("x5c", Cbor::Array(vec![])), ("sig", Cbor::Null)]),
        map([("ver", Cbor::Text("2.0".to_owned()))]),
        Cbor::Null,
        Cbor::Array(vec![]),
    ];
    for format in formats {
        program = app.user().signed_in().await.1;
        for statement in &statements {
            let what = format!("{format}: {statement:?}");
            registers_not(&program, &what, &key, |good| {
                let Ok(Cbor::Map(object)) = serde_cbor_2::from_slice(good) else {
                    panic!("no map");
                };
                let Cbor::Bytes(data) = object[&Cbor::Text("authData".to_owned())].clone() else {
                    panic!("no data");
                };
                attestation_object(format, statement.clone(), data)
            })
            .await;
        }
    }
    program.enrol(&mut key.clone()).await;
}

#[actix_web::test]
async fn e09_a_credential_as_large_as_a_body_may_be_is_refused_soon() {
    let app = patient_app().await;
    let (_, program, key) = holder(&app).await;
    let wide = {
        let mut bytes = vec![0x9a, 0, 0, 0xb0, 0];
        bytes.resize(45_000, 0xf6);
        bytes
    };
    for bytes in [
        vec![0; 45_000],
        vec![0xff; 45_000],
        vec![0x81; 45_000],
        wide,
    ] {
        registers_not(&program, "large", &key, |_| bytes.clone()).await;
        soon_refused("large", async || {
            let mut used = key.get(&program.request_options().await);
            used.authenticator_data = bytes.clone();
            program.present(used.signed_by(&key).json()).await
        })
        .await;
    }
    assert_eq!(program.own_passkeys().await.len(), 1);
    let strange: Vec<Value> = (0..5_000).map(|_| Value::Null).collect();
    let options = program.request_options().await;
    let mut credential = key.get(&options).json();
    credential["clientExtensionResults"] = Value::Array(strange);
    program.present(credential).await.ok();
}

/// CBOR inside CBOR: lists, maps and tags, many of them, and lengths without end.
fn nests() -> Vec<Vec<u8>> {
    let mut nests = Vec::new();
    for depth in [100, 1_000, 20_000] {
        for opening in [
            &[0x81][..],
            &[0x9f],
            &[0xa1, 0x01],
            &[0xbf, 0x01],
            &[0xc1],
            &[0x5f],
        ] {
            nests.push(opening.repeat(depth));
        }
    }
    nests.push(vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    nests.push(vec![0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    nests.push(vec![0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    nests
}
