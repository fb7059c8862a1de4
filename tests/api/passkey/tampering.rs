//! Answers whose bytes were changed, shortened and repeated: refused, soon, and without harm.
//!
//! The changes look random and are the same each time.

use serde_cbor_2::Value as Cbor;
use serde_json::json;

use super::malformed::{is_refused, registers_not, soon, soon_refused};
use super::{holder, patient_app};
use crate::support::TestApp;
use crate::support::soft_passkey::SoftPasskey;

/// How many changed answers each test sends.
const CHANGES: u64 = 500;

/// How many passkeys an account may begin to add in an hour.
const STARTS: u64 = 60;

/// Numbers that look random (SplitMix64).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.next() as u8
    }

    /// Other bytes than these: some bits, bytes or stretches of them are not what they were.
    fn change(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        while changed == bytes {
            for _ in 0..=self.below(3) {
                self.change_once(&mut changed);
            }
        }
        changed
    }

    fn change_once(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let end = at + self.below((bytes.len() - at).min(32)) + 1;
        let end = end.min(bytes.len());
        // What CBOR's lengths and types, and the fields' own lengths, are made of.
        const ODD: [u8; 12] = [
            0x00, 0x1b, 0x3b, 0x5b, 0x5f, 0x7f, 0x9b, 0x9f, 0xbb, 0xbf, 0xf9, 0xff,
        ];
        match self.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            1 if at < bytes.len() => bytes[at] = self.byte(),
            2 if at < bytes.len() => bytes[at] = ODD[self.below(ODD.len())],
            3 => bytes.insert(at, self.byte()),
            4 => drop(bytes.drain(at..end)),
            5 => bytes.truncate(at),
            6 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => (0..=self.below(40)).for_each(|_| bytes.push(self.byte())),
        }
    }
}

/// A key whose attestation covers every byte of its data, so that no change is harmless.
fn attested(app: &TestApp) -> SoftPasskey {
    SoftPasskey::new(app).but(|key| key.is_self_attested = true)
}

#[actix_web::test]
async fn e09_no_changed_attestation_object_is_taken() {
    let app = patient_app().await;
    let key = attested(&app);
    let mut program = app.user().signed_in().await.1;
    for n in 0..CHANGES {
        if n % (STARTS - 2) == STARTS - 3 {
            program = app.user().signed_in().await.1;
        }
        let what = format!("change {n}");
        registers_not(&program, &what, &key, |bytes| Noise(n).change(bytes)).await;
    }
    program.enrol(&mut key.clone()).await;
}

#[actix_web::test]
async fn e09_no_changed_data_of_a_new_passkey_is_taken() {
    let app = patient_app().await;
    let key = attested(&app);
    let mut program = app.user().signed_in().await.1;
    for n in 0..CHANGES {
        if n % (STARTS - 2) == STARTS - 3 {
            program = app.user().signed_in().await.1;
        }
        let what = format!("change {n}");
        // Whole CBOR around it, so that nothing but the data itself is odd.
        let change = |bytes: &[u8]| {
            let Ok(Cbor::Map(mut object)) = serde_cbor_2::from_slice(bytes) else {
                panic!("no map");
            };
            let name = Cbor::Text("authData".to_owned());
            let Some(Cbor::Bytes(data)) = object.get_mut(&name) else {
                panic!("no data");
            };
            *data = Noise(n).change(data);
            serde_cbor_2::to_vec(&Cbor::Map(object)).unwrap()
        };
        registers_not(&program, &what, &key, change).await;
    }
    program.enrol(&mut key.clone()).await;
}

#[actix_web::test]
async fn e09_no_changed_data_of_a_used_passkey_is_taken() {
    let app = patient_app().await;
    let (_, program, key) = holder(&app).await;
    for n in 0..CHANGES {
        soon_refused(&format!("change {n}"), async || {
            let mut used = key.get(&program.request_options().await);
            used.authenticator_data = Noise(n).change(&used.authenticator_data);
            program.present(used.json()).await
        })
        .await;
    }
    program.prove(&key).await.ok();
}

#[actix_web::test]
async fn e09_nothing_else_that_was_changed_in_an_answer_is_taken() {
    let app = patient_app().await;
    let (_, program, key) = holder(&app).await;
    for n in 0..CHANGES {
        soon_refused(&format!("change {n}"), async || {
            let mut used = key.get(&program.request_options().await);
            let handle = used.user_handle.as_mut().unwrap();
            let part = match n % 4 {
                0 => &mut used.signature,
                1 => &mut used.client_data,
                2 => &mut used.raw_id,
                _ => handle,
            };
            let changed = Noise(n).change(part);
            // A handle that is not there is allowed.
            *part = if n % 4 == 3 && changed.is_empty() {
                vec![0]
            } else {
                changed
            };
            program.present(used.json()).await
        })
        .await;
    }
    program.prove(&key).await.ok();
}

/// Without an attestation nothing vouches for what a passkey says of its maker and of its count.
#[actix_web::test]
async fn e09_a_changed_object_without_attestation_is_refused_or_makes_a_passkey_all_the_same() {
    let app = patient_app().await;
    let mut program = app.user().signed_in().await.1;
    for n in 0..CHANGES {
        if n % (STARTS - 2) == STARTS - 3 {
            program = app.user().signed_in().await.1;
        }
        let what = format!("change {n}");
        let answer = soon(&what, async || {
            let options = program.creation_options().await;
            let mut made = SoftPasskey::new(&app).create(&options);
            made.attestation_object = Noise(n).change(&made.attestation_object);
            program.register(made.json()).await
        })
        .await;
        if answer.status == 200 {
            program.post("/mfa/reset", json!({})).await.ok();
        } else {
            is_refused(&answer, &what);
        }
    }
}
