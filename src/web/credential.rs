//! What browsers hand over of a passkey: the JSON forms of WebAuthn L3, section 5.1, as they come in forms and in
//! bodies. Members that are not asked for are ignored, so both the standard forms and older clients' are read.

use actix_web::HttpRequest;
use actix_web::http::header;
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;

use super::error::Refusal;
use crate::mfa::passkey::{Assertion, Attestation, Words};
use crate::words::{Messages, client};

/// The longest word for a transport that the standard knows, doubled.
const MAX_TRANSPORT: usize = 20;

/// `RegistrationResponseJSON`: what `create()` answered. Binary values are base64url without padding.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RegistrationCredential {
    /// The credential's id.
    raw_id: String,
    /// What the authenticator answered.
    response: AttestationResponse,
    /// What extensions answered; some clients put it into `response`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    client_extension_results: serde_json::Value,
}

/// What the authenticator answered to `create()`.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttestationResponse {
    /// What the browser saw.
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    /// The attestation object.
    attestation_object: String,
    /// How browsers reach the authenticator.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    transports: serde_json::Value,
    /// See above.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    client_extension_results: serde_json::Value,
}

/// `AuthenticationResponseJSON`: what `get()` answered. Binary values are base64url without padding.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthenticationCredential {
    /// The credential's id.
    raw_id: String,
    /// What the authenticator answered.
    response: AssertionResponse,
}

/// What the authenticator answered to `get()`.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AssertionResponse {
    /// What the browser saw.
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    /// What the authenticator says.
    authenticator_data: String,
    /// Its signature over both.
    signature: String,
    /// Whom the authenticator takes the user for.
    #[serde(default)]
    user_handle: Option<String>,
}

impl RegistrationCredential {
    /// The bytes.
    pub(super) fn read(self) -> Result<Attestation, Refusal> {
        let rk = |results: &serde_json::Value| results.pointer("/credProps/rk")?.as_bool();
        let words = self.response.transports.as_array().into_iter().flatten();
        Ok(Attestation {
            raw_id: bytes(&self.raw_id)?,
            client_data: bytes(&self.response.client_data_json)?,
            attestation_object: bytes(&self.response.attestation_object)?,
            transports: words
                .filter_map(|word| word.as_str())
                .filter(|word| word.len() <= MAX_TRANSPORT)
                .map(str::to_owned)
                .take(MAX_TRANSPORT)
                .collect(),
            is_discoverable: rk(&self.client_extension_results)
                .or_else(|| rk(&self.response.client_extension_results)),
        })
    }
}

impl AuthenticationCredential {
    /// The bytes.
    pub(super) fn read(self) -> Result<Assertion, Refusal> {
        let handle = self
            .response
            .user_handle
            .filter(|handle| !handle.is_empty());
        Ok(Assertion {
            raw_id: bytes(&self.raw_id)?,
            client_data: bytes(&self.response.client_data_json)?,
            authenticator_data: bytes(&self.response.authenticator_data)?,
            signature: bytes(&self.response.signature)?,
            user_handle: handle.as_deref().map(bytes).transpose()?,
        })
    }
}

/// What a new passkey is called when nobody says.
pub(super) fn passkey_words(t: &Messages, http: &HttpRequest) -> Words {
    let user_agent = http.headers().get(header::USER_AGENT);
    let known = user_agent.and_then(|value| client::name(t, value.to_str().ok()?));
    Words {
        security_key: t.text("passkey-default-security-key"),
        phone: t.text("passkey-default-phone"),
        client: known,
        passkey: t.text("passkey-default"),
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, Refusal> {
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| {
        Refusal::BadRequest(
            "A binary value of the credential is not base64url without padding".into(),
        )
    })
}
