//! An authenticator in software whose every byte a test can change: what it says, what the browser says it saw, and what it
//! signs.

use countersign::crypto::token::hash_bytes;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs1v15;
use rsa::signature::SignatureEncoding as _;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};

use super::{Answer, Program};

/// A key that signs nothing but what tests sign. Making one anew takes seconds without optimisation.
const RSA_KEY: &str = "\
    MIIEpQIBAAKCAQEAxoolKqr3lW8EgpegFYXNtdzHnT05/y7YIFvFPL7M0Kar+zvzSap4bxbwp7unCjQrXtJ3XxC2tLxscsX18/pu\
    pEwyF++SOb2gTdFEMsidNYj0lQL/ijJ25k9v+2Pm5LaYUBnzO4mo+XLsHcX/UoJJjkSmvxC/8/c35ZlwVwtOFdvnz+TFIKUkPxQQ\
    IIUpxrVb1uxKXQQt1KmfOpD9HWczLi1CZYZaG8s04CPpSRQusmFXivtDidDoLTZDXfMHu3i4RZx+VDwbFxrg5mYNfhXJ6RgoQ9iz\
    EST4ZECxSoCm+SkAIjPdTEKOnXDHzitDpTrRI4UVpD8MJMVf70hlLv1y2QIDAQABAoIBAAUC/bcwWPmZCNMcbWUTBe3+TxJQC65p\
    CfmfIhZ2ITNvJvjmOtj0MwAS4yueGAmw5sYI/WG/8+y8s5FzdSbzKRHVU+UOHhx+Wz/mSsNsFFPX9jHra8nwRizAJUKCSL94ldWy\
    d1UHFOXfGci9SRmrF5zowhDL+nHNHshunCBbtQfmLsx8rpZvu0b7H2CJpF3QR53WsUTdaY78IyfyhWfyuJw1KoG7phOTMhAzMaqC\
    2cB6v8vWqOAh7uOjhDm4cVen0KuyqOTuy1ZXJr+vvbyXyf0lpKH8pIbDBIfWQGdPcCilxiBFqUfx9bceet2Xd6OcJOqyExRHJkjm\
    8xaPRGpnzyUCgYEA5fmNmXMQC0+8LEUjNkIvD8zPH56nIXsPIlHUG5uwQuB/hW2PQ5KKB+aJ/4MxCbERLJp3FZ9fiT78FPgYT7vr\
    rmf2D5NHh4az0qLDFB30y+pfdoiF9d2rAYnZAQI9qBT8p0FEBrnQVFqy2XOg3HYBHGNvSmz+RmIfk5vx9on6mTsCgYEA3QHnfBNa\
    9SFQ0c3qtYyTEwX9vK9nCojmPVjtKIOAEpCQLKibxC1YcYR4j3/CZqtM7U/Ezcy1tpUibE+SIjCUrHmiNub3u5IUqnqMAaDivwYN\
    KucgAaOVGkK8qHVD9GguZNanR8BreKmQzKjkr9nkJ1aM4RVhSPnoL3A4T/PYQvsCgYEArRiYq9cfTGRHjkq7pitKoOnXPEV+JoUp\
    bvuIWv9kO/IeCZ/dJU829ZtgYyGr10+fTaM13uCGWBdARcg3BEy9qBg37KE+RZPt5az8iDfD+Xf/Qoify998xzuqSkgVgF3LjVhi\
    i21wkQ1zcJjHiyiGzYdKTQqcmP1iJwhJpvdT1+ECgYEAt1pUFPDt3j6EkXsXhQUaI4ct6jNO9kN7WFwFbT4jq8M5iYNcr1W7cXoo\
    l0y0GH93c85hBSgXfWGezGL7ZtgNEEZdGNVno7re4EyJCPTUCQzZMcXMHO/8zGufntaiyQsBqnEXGQT/ZHyw/8oC6A2KJkS83iPh\
    sSx7v5eHcHVp7q8CgYEAuA6/MYpr4WF9DXOmC1uRCwqNZ60zbCXVOuxnSEnrNCsGJga96gIN/XwNqoJFdvbB2rYiyPTXjniu+Tda\
    GCFD3m9hrrTr3uw2RYMuqJyTye2nCj3+16tkvCIHa8ZzvvWCoLezIz/UvCluKbdlwLzlidCxStYW1HAIPjocw7cW/RU=\
";

/// What a passkey signs with.
#[derive(Clone)]
pub enum Secret {
    Es256(SigningKey),
    Rs256(Box<rsa::RsaPrivateKey>),
}

/// One passkey, and the browser it is used in.
#[derive(Clone)]
pub struct SoftPasskey {
    pub secret: Secret,
    /// The credential's id.
    pub id: Vec<u8>,
    pub aaguid: [u8; 16],
    /// User present, user verified.
    pub up: bool,
    pub uv: bool,
    /// Backup eligible, backed up.
    pub be: bool,
    pub bs: bool,
    /// The next answer's counter; 0 for one that does not count.
    pub counter: u32,
    /// The algorithm that its public key names.
    pub algorithm: i64,
    pub rp_id: String,
    pub origin: String,
    pub user_handle: Option<Vec<u8>>,
    pub transports: Vec<&'static str>,
    /// CBOR of what the authenticator says besides.
    pub extensions: Option<Vec<u8>>,
    /// Whether it can be found without an address, as the browser says.
    pub is_discoverable: bool,
}

/// What a test makes of something.
pub type Edit<'a, T> = &'a dyn Fn(&mut T);

/// A name, what is changed of an answer, and what is changed of the passkey before.
pub type Case<'a> = (&'a str, Changes<'a>, Edit<'a, SoftPasskey>);

/// What is changed of an answer.
#[derive(Default)]
pub struct Changes<'a> {
    /// What the browser saw, before it is signed.
    pub client: Option<Edit<'a, Value>>,
    /// The signature, after it was made.
    pub signature: Option<Edit<'a, Vec<u8>>>,
}

pub fn b64(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

pub fn unb64(text: &Value) -> Vec<u8> {
    BASE64URL_NOPAD
        .decode(text.as_str().unwrap().as_bytes())
        .unwrap()
}

/// The head of a CBOR item (RFC 8949 section 3).
fn head(major: u8, n: u64) -> Vec<u8> {
    let major = major << 5;
    match n {
        0..=23 => vec![major | n as u8],
        24..=0xff => vec![major | 24, n as u8],
        0x100..=0xffff => [&[major | 25][..], &(n as u16).to_be_bytes()].concat(),
        _ => [&[major | 26][..], &(n as u32).to_be_bytes()].concat(),
    }
}

fn int(n: i64) -> Vec<u8> {
    match u64::try_from(n) {
        Ok(n) => head(0, n),
        Err(_) => head(1, (-1 - n) as u64),
    }
}

fn bytes(bytes: &[u8]) -> Vec<u8> {
    [head(2, bytes.len() as u64), bytes.to_vec()].concat()
}

/// A text as CBOR.
pub fn text(text: &str) -> Vec<u8> {
    [head(3, text.len() as u64), text.as_bytes().to_vec()].concat()
}

/// A map as CBOR.
pub fn map(entries: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut cbor = head(5, entries.len() as u64);
    for (key, value) in entries {
        cbor.extend([key.as_slice(), value].concat());
    }
    cbor
}

impl SoftPasskey {
    /// A synced passkey of this server: it does not count.
    pub fn es256(origin: &str) -> Self {
        let seed = countersign::crypto::random_bytes::<32>().unwrap();
        let id = countersign::crypto::random_bytes::<32>().unwrap();
        Self {
            secret: Secret::Es256(SigningKey::from_slice(&seed).unwrap()),
            id: id.to_vec(),
            aaguid: [0; 16],
            up: true,
            uv: true,
            be: true,
            bs: true,
            counter: 0,
            algorithm: -7,
            rp_id: "localhost".into(),
            origin: origin.into(),
            user_handle: None,
            transports: vec!["internal", "hybrid"],
            extensions: None,
            is_discoverable: true,
        }
    }

    /// The same with an RSA key.
    pub fn rs256(origin: &str) -> Self {
        let der = BASE64.decode(RSA_KEY.as_bytes()).unwrap();
        Self {
            secret: Secret::Rs256(Box::new(rsa::RsaPrivateKey::from_pkcs1_der(&der).unwrap())),
            algorithm: -257,
            ..Self::es256(origin)
        }
    }

    /// A security key: it never leaves its case, and it counts.
    pub fn security_key(origin: &str) -> Self {
        Self {
            be: false,
            bs: false,
            counter: 1,
            transports: vec!["usb", "nfc"],
            is_discoverable: false,
            ..Self::es256(origin)
        }
    }

    /// The public key as COSE (RFC 9052).
    fn public_key(&self) -> Vec<u8> {
        let algorithm = (int(3), int(self.algorithm));
        match &self.secret {
            Secret::Es256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                let (x, y) = (point.x().unwrap(), point.y().unwrap());
                map(&[
                    (int(1), int(2)),
                    algorithm,
                    (int(-1), int(1)),
                    (int(-2), bytes(x)),
                    (int(-3), bytes(y)),
                ])
            }
            Secret::Rs256(key) => map(&[
                (int(1), int(3)),
                algorithm,
                (int(-1), bytes(&key.n_bytes())),
                (int(-2), bytes(&key.e_bytes())),
            ]),
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::Es256(key) => {
                let signature: Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Secret::Rs256(key) => {
                let key = pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new((**key).clone());
                key.sign(message).to_vec()
            }
        }
    }

    /// The authenticator's data (WebAuthn L3 section 6.1).
    fn auth_data(&self, is_new: bool) -> Vec<u8> {
        let flag = |is_set: bool, bit: u8| u8::from(is_set) << bit;
        let flags = flag(self.up, 0)
            | flag(self.uv, 2)
            | flag(self.be, 3)
            | flag(self.bs, 4)
            | flag(is_new, 6)
            | flag(self.extensions.is_some(), 7);
        let mut data = hash_bytes(self.rp_id.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        if is_new {
            data.extend(self.aaguid);
            data.extend((self.id.len() as u16).to_be_bytes());
            data.extend(&self.id);
            data.extend(self.public_key());
        }
        data.extend(self.extensions.iter().flatten());
        data
    }

    fn client_data(&self, kind: &str, options: &Value, changes: &Changes<'_>) -> Vec<u8> {
        let mut client = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        if let Some(change) = changes.client {
            change(&mut client);
        }
        serde_json::to_vec(&client).unwrap()
    }

    /// What `create()` answers.
    pub fn create(&mut self, options: &Value) -> Value {
        self.create_with(options, &Changes::default())
    }

    pub fn create_with(&mut self, options: &Value, changes: &Changes<'_>) -> Value {
        self.user_handle = Some(unb64(&options["user"]["id"]));
        let client = self.client_data("webauthn.create", options, changes);
        let auth_data = self.auth_data(true);
        let object = map(&[
            (text("fmt"), text("none")),
            (text("attStmt"), map(&[])),
            (text("authData"), bytes(&auth_data)),
        ]);
        json!({
            "id": b64(&self.id),
            "rawId": b64(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": self.is_discoverable}},
            "response": {
                "clientDataJSON": b64(&client),
                "attestationObject": b64(&object),
                "transports": self.transports,
            },
        })
    }

    /// What `get()` answers.
    pub fn get(&mut self, options: &Value) -> Value {
        let answer = self.get_with(options, &Changes::default());
        if self.counter > 0 {
            self.counter += 1;
        }
        answer
    }

    pub fn get_with(&self, options: &Value, changes: &Changes<'_>) -> Value {
        let client = self.client_data("webauthn.get", options, changes);
        let auth_data = self.auth_data(false);
        let message = [auth_data.as_slice(), &hash_bytes(&client)].concat();
        let mut signature = self.sign(&message);
        if let Some(change) = changes.signature {
            change(&mut signature);
        }
        json!({
            "id": b64(&self.id),
            "rawId": b64(&self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": b64(&client),
                "authenticatorData": b64(&auth_data),
                "signature": b64(&signature),
                "userHandle": self.user_handle.as_deref().map(b64),
            },
        })
    }
}

impl Program<'_> {
    /// A passkey that is not registered yet, in this program's browser.
    pub fn passkey(&self) -> SoftPasskey {
        SoftPasskey::es256(&self.app.origin)
    }

    /// Starts adding a passkey; what `create()` needs.
    pub async fn start_passkey(&self) -> Value {
        let answer = self.post("/mfa/setup", json!({"mfaType": "PASSKEY"})).await;
        answer.ok()["data"]["publicKey"].clone()
    }

    /// Hands in what an authenticator made.
    pub async fn finish_passkey(&self, credential: &Value) -> Answer {
        let path = "/mfa/passkey/complete-registration";
        self.post(path, json!({"credential": credential})).await
    }

    /// Adds a passkey.
    pub async fn add_passkey(&self, key: &mut SoftPasskey) {
        let credential = key.create(&self.start_passkey().await);
        self.finish_passkey(&credential).await.ok();
    }

    /// Asks for a challenge to one's own passkeys.
    pub async fn passkey_options(&self) -> Value {
        let answer = self.post_nothing("/mfa/passkey/auth-options").await;
        answer.ok()["data"].clone()
    }

    /// Answers it.
    pub async fn answer_passkey(&self, credential: &Value) -> Answer {
        let body = json!({"mfaType": "PASSKEY", "credential": credential});
        self.post("/mfa/verify-login", body).await
    }

    /// Asks for a challenge without having said who.
    pub async fn login_options(&self) -> Value {
        let answer = self.post_nothing("/user/login/passkey/options").await;
        answer.ok()["data"].clone()
    }

    /// Signs in with a passkey alone.
    pub async fn login_with(&self, credential: &Value) -> Answer {
        self.post("/user/login/passkey", json!({"credential": credential}))
            .await
    }

    /// One's own passkeys.
    pub async fn passkeys(&self) -> Vec<Value> {
        let answer = self.get("/mfa/passkeys").await;
        answer.ok()["data"].as_array().unwrap().clone()
    }
}
