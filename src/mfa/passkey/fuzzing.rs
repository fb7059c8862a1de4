//! What fuzzers call of passkeys: the three things that browsers hand over as bytes. See `crate::fuzzing`.
//!
//! Everything else of an answer is right, so that each is read to the end. The private key is 1, its public key the
//! generator of P-256.

#![allow(clippy::expect_used, clippy::indexing_slicing)] // what fails here is a finding

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDateTime};
use data_encoding::HEXLOWER_PERMISSIVE;
use serde_cbor_2::Value as Cbor;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::registration::Registration;
use super::{
    Assertion, Attestation, Door, RelyingParty, Verified, client_data as seen, to_json,
    verify_assertion, verify_registration,
};
use crate::db::passkeys::Passkey;
use crate::mfa::PRODUCT;

const RP_ID: &str = "example.com";
const ORIGIN: &str = "https://example.com";
const NOW: NaiveDateTime = DateTime::UNIX_EPOCH.naive_utc();

/// 32 zeros.
const CHALLENGE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const CREDENTIAL_ID: [u8; 16] = [7; 16];

const CREATED: &str = r#"{"type":"webauthn.create","challenge":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","origin":"https://example.com","crossOrigin":false}"#;
const USED: &str = r#"{"type":"webauthn.get","challenge":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","origin":"https://example.com","crossOrigin":false}"#;

const X: &str = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
const Y: &str = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

/// Over [`authenticator_data_of`] and [`USED`], with the private key 1 and the nonce 1: r is X, s is the hash plus r,
/// both modulo the order of the curve. In DER.
const SIGNATURE: &str = "304502206b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296022100cd5457eaf983da18cb426a9e6d982857768a724c086532ce25ae06be01c32b30";

/// The flags UP, UV, BE and BS (WebAuthn L3, section 6.1).
const FLAGS: u8 = 0x1d;
/// The flag AT.
const ATTESTED: u8 = 0x40;

struct Stage {
    rp: RelyingParty,
    registration: String,
    authentication: String,
    passkey: Passkey,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let rp = RelyingParty::new(RP_ID, PRODUCT, vec![ORIGIN.to_owned()]).expect("a relying party");
    let (_, state) = rp
        .webauthn
        .start_passkey_registration(Uuid::from_bytes([1; 16]), "ada@example.com", "Ada", None)
        .expect("a registration");
    let door = Door::Passkey;
    let registration = asking(&to_json(&Registration { door, state }).expect("JSON"));
    let (_, state) = rp
        .webauthn
        .start_discoverable_authentication()
        .expect("an authentication");
    let authentication = asking(&to_json(&state).expect("JSON"));
    let made = verify_registration(&rp, &registration, attestation(attestation_object_of()))
        .expect("a passkey");
    let passkey = row(made);
    Stage {
        rp,
        registration,
        authentication,
        passkey,
    }
});

fn row(made: Verified) -> Passkey {
    Passkey {
        id: "1".to_owned(),
        factor_id: "1".to_owned(),
        user_id: "1".to_owned(),
        credential_id: made.credential.cred_id,
        credential: made.json,
        counter: 0,
        backup_eligible: true,
        backup_state: true,
        discoverable: true,
        transports: String::new(),
        aaguid: None,
        rp_id: RP_ID.to_owned(),
        name: "a passkey".to_owned(),
        created_at: NOW,
        last_used_at: None,
        last_used_by: None,
    }
}

/// A ceremony's state with a challenge that is always the same.
fn asking(state: &str) -> String {
    fn replace(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    if name == "challenge" {
                        *member = CHALLENGE.into();
                    } else {
                        replace(member);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(replace),
            _ => {}
        }
    }
    let mut value = serde_json::from_str(state).expect("JSON");
    replace(&mut value);
    value.to_string()
}

fn attestation(attestation_object: Vec<u8>) -> Attestation {
    Attestation {
        raw_id: CREDENTIAL_ID.to_vec(),
        client_data: CREATED.into(),
        attestation_object,
        transports: vec!["internal".to_owned()],
        is_discoverable: Some(true),
    }
}

fn assertion(authenticator_data: Vec<u8>, client_data: Vec<u8>) -> Assertion {
    Assertion {
        raw_id: CREDENTIAL_ID.to_vec(),
        client_data,
        authenticator_data,
        signature: hex(SIGNATURE),
        user_handle: Some(vec![1; 16]),
    }
}

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).expect("hex")
}

/// What the authenticator says when it is used: no counter.
fn authenticator_data_of() -> Vec<u8> {
    let mut data = Sha256::digest(RP_ID).to_vec();
    data.push(FLAGS);
    data.extend([0; 4]);
    data
}

fn attestation_object_of() -> Vec<u8> {
    let key = [
        (1, Cbor::Integer(2)),
        (3, Cbor::Integer(-7)),
        (-1, Cbor::Integer(1)),
        (-2, Cbor::Bytes(hex(X))),
        (-3, Cbor::Bytes(hex(Y))),
    ];
    let key = key.map(|(name, value)| (Cbor::Integer(name), value));
    let mut data = Sha256::digest(RP_ID).to_vec();
    data.push(FLAGS | ATTESTED);
    data.extend([0; 4]);
    data.extend([0; 16]);
    data.extend([0, 16]);
    data.extend(CREDENTIAL_ID);
    data.extend(serde_cbor_2::to_vec(&Cbor::Map(BTreeMap::from(key))).expect("CBOR"));
    let members = [
        ("fmt", Cbor::Text("none".to_owned())),
        ("attStmt", Cbor::Map(BTreeMap::new())),
        ("authData", Cbor::Bytes(data)),
    ];
    let members = members.map(|(name, value)| (Cbor::Text(name.to_owned()), value));
    serde_cbor_2::to_vec(&Cbor::Map(BTreeMap::from(members))).expect("CBOR")
}

/// What an authenticator says when a passkey is made.
pub(crate) fn attestation_object(data: &[u8]) {
    let answer = attestation(data.to_vec());
    if let Ok(made) = verify_registration(&STAGE.rp, &STAGE.registration, answer) {
        assert_eq!(
            made.credential.cred_id, CREDENTIAL_ID,
            "the id that was said"
        );
    }
}

/// What an authenticator says when a passkey is used.
pub(crate) fn authenticator_data(data: &[u8]) {
    let answer = assertion(data.to_vec(), USED.into());
    let is_right = is_taken(answer);
    assert_eq!(is_right, data == authenticator_data_of(), "what was signed");
}

/// What a browser says it saw.
pub(crate) fn client_data(data: &[u8]) {
    let _ = seen::challenge(data);
    // Members that nobody reads may hold what is no text.
    let value = serde_json::from_slice::<Value>(data).ok();
    let is_seen = seen::check(data, &STAGE.rp.origins).is_ok();
    if let Some(value) = value.as_ref().filter(|_| is_seen) {
        assert_eq!(value["origin"], ORIGIN);
        assert!(value["crossOrigin"] != true && value["topOrigin"].is_null());
    }
    let is_right = is_taken(assertion(authenticator_data_of(), data.to_vec()));
    assert_eq!(is_right, data == USED.as_bytes(), "what was signed");
    let mut answer = attestation(attestation_object_of());
    answer.client_data = data.to_vec();
    let is_made = verify_registration(&STAGE.rp, &STAGE.registration, answer).is_ok();
    if let Some(value) = value.filter(|_| is_made) {
        assert_eq!(value["type"], "webauthn.create");
        assert_eq!(value["challenge"], CHALLENGE);
    }
}

fn is_taken(answer: Assertion) -> bool {
    let (rp, state, passkey) = (&STAGE.rp, &STAGE.authentication, &STAGE.passkey);
    verify_assertion(rp, state, answer, passkey, None, NOW).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_right_is_taken() {
        assert!(is_taken(assertion(authenticator_data_of(), USED.into())));
        let answer = attestation(attestation_object_of());
        assert!(verify_registration(&STAGE.rp, &STAGE.registration, answer).is_ok());
    }
}
