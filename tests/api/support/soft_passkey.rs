//! A passkey in software: it answers as an authenticator and a browser do, and a test can change every byte of it.
//!
//! What is to be different from the start is a field of [`SoftPasskey`], signed or hashed with everything else; what
//! somebody changes on the way is a field of the answer.

use std::collections::BTreeMap;

use countersign::crypto::random_bytes;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use p256::ecdsa;
use rsa::pkcs1v15;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPrivateKey};
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::TestApp;

/// The bits of an authenticator's flags (WebAuthn L3, section 6.1).
pub mod flags {
    pub const UP: u8 = 0x01;
    pub const UV: u8 = 0x04;
    pub const BE: u8 = 0x08;
    pub const BS: u8 = 0x10;
    pub const AT: u8 = 0x40;
    pub const ED: u8 = 0x80;
}

use flags::{AT, BE, BS, ED, UP, UV};

/// COSE's numbers for the members of a key (RFC 9052, section 7; RFC 9053, section 7).
pub mod cose {
    pub const KTY: i64 = 1;
    pub const ALG: i64 = 3;
    pub const CRV: i64 = -1;
    pub const X: i64 = -2;
    pub const Y: i64 = -3;
    pub const N: i64 = -1;
    pub const E: i64 = -2;
}

/// The primes of the one RSA key: making one takes a debug build too long.
const PRIMES: [&str; 2] = [
    "fbcd4e6aa74fc590ee426a90cdb7ef3b3e64bc8bdb627807b629ee749afead2b77f9adb5b8df6979a4969b0f2be3d124\
     d0203db80d4f8516abee9b7998c08bc85a5c49c34bbc4d0050b7a0952bde034479b87716308d02eb467de127552e9601\
     97e4f703752bd5bd7130047a0c20d4146678026aed78a3d046addeb0ba64a50d",
    "bfc93cca1baf7dc4fdb96f5330c5c8be769e7fe4e0ee8cfdf1b9945430baa18664ffa82859ac541d4435f912bf67e2db\
     3e520616c9f9705887415ae5fcf5ca19a2ac98946fb1c95eb794b63eb55f0ee39132c53e073efc16c53ccb2562b0c838\
     dbcbb8cc00eaa6e4c3b7e9991627f8d117967f71ee2b9afe19a0c9077396c0eb",
];

/// What signs.
#[derive(Clone)]
pub enum Signature {
    Es256(ecdsa::SigningKey),
    Rs256(Box<pkcs1v15::SigningKey<Sha256>>),
}

impl Signature {
    /// A key of its own on P-256.
    pub fn es256() -> Self {
        let secret = random_bytes::<32>().unwrap();
        Self::Es256(ecdsa::SigningKey::from_slice(&secret).unwrap())
    }

    /// The RSA key of all tests.
    pub fn rs256() -> Self {
        let number = |hex: &str| {
            let bytes = HEXLOWER.decode(hex.as_bytes()).unwrap();
            BoxedUint::from_be_slice_vartime(&bytes)
        };
        let [p, q] = PRIMES.map(number);
        let key = RsaPrivateKey::from_p_q(p, q, number("0000000000010001")).unwrap();
        Self::Rs256(Box::new(pkcs1v15::SigningKey::new(key)))
    }

    /// Over these bytes.
    pub fn over(&self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Es256(key) => {
                let signature: ecdsa::Signature = key.sign(bytes);
                signature.to_der().as_bytes().to_vec()
            }
            Self::Rs256(key) => key.sign(bytes).to_vec(),
        }
    }

    /// The public key as COSE has it.
    fn public(&self) -> BTreeMap<i64, Cbor> {
        match self {
            Self::Es256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                let (x, y) = point.as_bytes()[1..].split_at(32);
                BTreeMap::from([
                    (cose::KTY, Cbor::Integer(2)),
                    (cose::ALG, Cbor::Integer(-7)),
                    (cose::CRV, Cbor::Integer(1)),
                    (cose::X, Cbor::Bytes(x.to_vec())),
                    (cose::Y, Cbor::Bytes(y.to_vec())),
                ])
            }
            Self::Rs256(key) => {
                let key: &RsaPrivateKey = (**key).as_ref();
                BTreeMap::from([
                    (cose::KTY, Cbor::Integer(3)),
                    (cose::ALG, Cbor::Integer(-257)),
                    (cose::N, Cbor::Bytes(key.n_bytes().to_vec())),
                    (cose::E, Cbor::Bytes(vec![1, 0, 1])),
                ])
            }
        }
    }
}

/// A passkey, its authenticator, and the browser that speaks to it.
#[derive(Clone)]
pub struct SoftPasskey {
    pub signature: Signature,
    /// The public key as it is registered.
    pub public_key: BTreeMap<i64, Cbor>,
    pub credential_id: Vec<u8>,
    pub aaguid: [u8; 16],
    /// The domain that is signed for, where it is not the one that was asked for.
    pub rp_id: Option<String>,
    /// What is said about the person and about copies.
    pub flags: u8,
    /// Bits that are turned over in the end, whatever they are.
    pub flipped: u8,
    pub sign_count: u32,
    /// What the authenticator's extensions answer.
    pub extensions: Option<Cbor>,
    /// What the browser's extensions answer.
    pub client_extensions: Value,
    /// The origin of the page that asks.
    pub origin: String,
    /// Members of the client data that are other than usual; null takes one away.
    pub client_data: Value,
    /// Whom the authenticator takes the user for; told when the passkey is made.
    pub user_handle: Option<Vec<u8>>,
    pub transports: Vec<&'static str>,
    /// Signs its own attestation ("packed"), instead of giving none.
    pub is_self_attested: bool,
}

impl SoftPasskey {
    /// On P-256, kept by somebody who copies it to all devices: it does not count.
    pub fn new(app: &TestApp) -> Self {
        Self::signing(app, Signature::es256())
    }

    /// On RSA, as Windows has them.
    pub fn rs256(app: &TestApp) -> Self {
        Self::signing(app, Signature::rs256())
    }

    /// On a key that is plugged in: nobody copies it, and it counts.
    pub fn security_key(app: &TestApp) -> Self {
        Self {
            flags: UP | UV,
            sign_count: 1,
            client_extensions: json!({"credProps": {"rk": false}}),
            transports: vec!["usb", "nfc"],
            ..Self::new(app)
        }
    }

    fn signing(app: &TestApp, signature: Signature) -> Self {
        Self {
            public_key: signature.public(),
            signature,
            credential_id: random_bytes::<20>().unwrap().to_vec(),
            aaguid: [0; 16],
            rp_id: None,
            flags: UP | UV | BE | BS,
            flipped: 0,
            sign_count: 0,
            extensions: None,
            client_extensions: json!({"credProps": {"rk": true}}),
            origin: app.origin.clone(),
            client_data: json!({}),
            user_handle: None,
            transports: vec!["internal", "hybrid"],
            is_self_attested: false,
        }
    }

    /// A copy of it with something changed.
    pub fn but(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = self.clone();
        change(&mut other);
        other
    }

    /// `navigator.credentials.create()`.
    pub fn create(&mut self, options: &Value) -> Attestation {
        self.user_handle = Some(from_base64(options["user"]["id"].as_str().unwrap()));
        let client_data = self.client_data("webauthn.create", options);
        let auth_data = self.auth_data(options["rp"]["id"].as_str().unwrap(), true);
        let (format, statement) = if self.is_self_attested {
            let signature = self.signature.over(&signed(&auth_data, &client_data));
            let algorithm = self.public_key[&cose::ALG].clone();
            let members = [("alg", algorithm), ("sig", Cbor::Bytes(signature))];
            ("packed", map(members))
        } else {
            ("none", map([]))
        };
        Attestation {
            raw_id: self.credential_id.clone(),
            client_data,
            attestation_object: attestation_object(format, statement, auth_data),
            transports: self.transports.clone(),
            extensions: self.client_extensions.clone(),
        }
    }

    /// `navigator.credentials.get()`.
    pub fn get(&self, options: &Value) -> Assertion {
        let client_data = self.client_data("webauthn.get", options);
        let authenticator_data = self.auth_data(options["rpId"].as_str().unwrap(), false);
        let signature = self
            .signature
            .over(&signed(&authenticator_data, &client_data));
        Assertion {
            raw_id: self.credential_id.clone(),
            client_data,
            authenticator_data,
            signature,
            user_handle: self.user_handle.clone(),
            extensions: json!({}),
        }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let mut data = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        for (name, value) in self.client_data.as_object().unwrap() {
            data[name] = value.clone();
        }
        data.as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        serde_json::to_vec(&data).unwrap()
    }

    /// WebAuthn L3, section 6.1.
    fn auth_data(&self, asked: &str, is_new: bool) -> Vec<u8> {
        let rp_id = self.rp_id.as_deref().unwrap_or(asked);
        let mut bits = self.flags;
        bits |= if is_new { AT } else { 0 };
        bits |= if self.extensions.is_some() { ED } else { 0 };
        let mut data = Sha256::digest(rp_id).to_vec();
        data.push(bits ^ self.flipped);
        data.extend(self.sign_count.to_be_bytes());
        if is_new {
            let length = u16::try_from(self.credential_id.len()).unwrap();
            let members = self.public_key.iter();
            let members =
                members.map(|(name, value)| (Cbor::Integer((*name).into()), value.clone()));
            data.extend(self.aaguid);
            data.extend(length.to_be_bytes());
            data.extend(&self.credential_id);
            data.extend(to_cbor(&Cbor::Map(members.collect())));
        }
        data.extend(self.extensions.iter().flat_map(to_cbor));
        data
    }
}

/// What a browser answers when a passkey is made.
#[derive(Clone)]
pub struct Attestation {
    pub raw_id: Vec<u8>,
    pub client_data: Vec<u8>,
    pub attestation_object: Vec<u8>,
    pub transports: Vec<&'static str>,
    pub extensions: Value,
}

impl Attestation {
    /// RegistrationResponseJSON.
    pub fn json(&self) -> Value {
        let response = json!({
            "clientDataJSON": to_base64(&self.client_data),
            "attestationObject": to_base64(&self.attestation_object),
            "transports": self.transports,
        });
        credential(&self.raw_id, response, &self.extensions)
    }

    /// As the published client writes it.
    pub fn client_shape(&self) -> Value {
        moved_inside(self.json())
    }
}

/// What a browser answers when a passkey is used.
#[derive(Clone)]
pub struct Assertion {
    pub raw_id: Vec<u8>,
    pub client_data: Vec<u8>,
    pub authenticator_data: Vec<u8>,
    pub signature: Vec<u8>,
    pub user_handle: Option<Vec<u8>>,
    pub extensions: Value,
}

impl Assertion {
    /// The same with something changed on the way.
    pub fn but(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = self.clone();
        change(&mut other);
        other
    }

    /// The same, signed again after a change.
    pub fn signed_by(mut self, key: &SoftPasskey) -> Self {
        let bytes = signed(&self.authenticator_data, &self.client_data);
        self.signature = key.signature.over(&bytes);
        self
    }

    /// AuthenticationResponseJSON.
    pub fn json(&self) -> Value {
        let mut response = json!({
            "clientDataJSON": to_base64(&self.client_data),
            "authenticatorData": to_base64(&self.authenticator_data),
            "signature": to_base64(&self.signature),
        });
        if let Some(handle) = &self.user_handle {
            response["userHandle"] = to_base64(handle).into();
        }
        credential(&self.raw_id, response, &self.extensions)
    }

    /// As the published client writes it.
    pub fn client_shape(&self) -> Value {
        moved_inside(self.json())
    }
}

/// PublicKeyCredentialJSON.
fn credential(id: &[u8], response: Value, extensions: &Value) -> Value {
    json!({
        "id": to_base64(id),
        "rawId": to_base64(id),
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "response": response,
        "clientExtensionResults": extensions,
    })
}

/// An attestation object of these parts (WebAuthn L3, section 6.5.4).
pub fn attestation_object(format: &str, statement: Cbor, auth_data: Vec<u8>) -> Vec<u8> {
    to_cbor(&map([
        ("fmt", Cbor::Text(format.to_owned())),
        ("attStmt", statement),
        ("authData", Cbor::Bytes(auth_data)),
    ]))
}

/// A map whose names are text.
pub fn map<const N: usize>(members: [(&str, Cbor); N]) -> Cbor {
    let members = members.map(|(name, value)| (Cbor::Text(name.to_owned()), value));
    Cbor::Map(BTreeMap::from(members))
}

pub fn to_base64(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

pub fn from_base64(text: &str) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
}

fn to_cbor(value: &Cbor) -> Vec<u8> {
    serde_cbor_2::to_vec(value).unwrap()
}

/// What an authenticator signs.
fn signed(auth_data: &[u8], client_data: &[u8]) -> Vec<u8> {
    [auth_data, &Sha256::digest(client_data)].concat()
}

fn moved_inside(mut json: Value) -> Value {
    let results = json
        .as_object_mut()
        .unwrap()
        .remove("clientExtensionResults");
    json["response"]["clientExtensionResults"] = results.unwrap();
    json
}
