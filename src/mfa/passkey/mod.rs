//! Passkeys: WebAuthn credentials that verify who holds them, as a second step, for a step-up, or alone.
//!
//! The ceremonies are webauthn-rs's. What it leaves to its caller is done here: a challenge's age and single use
//! (`ceremony`), the exact origin and the frame (`client_data`), the user handle, the length and uniqueness of
//! ids, counters, and what a passkey is called (`names`).

mod authentication;
mod ceremony;
mod client_data;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod names;
mod providers;
mod registration;
mod relying_party;

use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::WebauthnError;
use webauthn_rs_proto::AuthenticatorTransport;

use super::{Error, Method, Status, verify};
use crate::db::passkeys::{self, Passkey};
use crate::db::{Conn, users};

pub use authentication::{start_authentication, verify_assertion};
pub use ceremony::{Holder, Purpose, take};
pub use names::{MAX_NAME, NameProblem, Words, is_security_key};
pub use providers::provider;
pub use registration::{
    Verified, check_name, rename, start_registration, store, verify_registration,
};
pub use relying_party::RelyingParty;
pub use webauthn_rs_proto::{
    PublicKeyCredentialCreationOptions, PublicKeyCredentialRequestOptions,
};

/// How many passkeys an account may have.
pub const MAX_PASSKEYS: usize = 20;

/// The type of every credential here.
const PUBLIC_KEY: &str = "public-key";

/// The two ways to a new passkey: one ceremony that differs in what is asked of the authenticator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Door {
    /// One that can be found without an address, and so signs in alone.
    Passkey,
    /// A security key, whose few places for such ones are spared: used after the password.
    SecurityKey,
}

/// What an authenticator answers when a passkey is made.
#[derive(Debug, Clone)]
pub struct Attestation {
    /// The new credential's id.
    pub raw_id: Vec<u8>,
    /// What the browser saw, as JSON.
    pub client_data: Vec<u8>,
    /// What the authenticator says.
    pub attestation_object: Vec<u8>,
    /// How browsers reach it, words of the standard.
    pub transports: Vec<String>,
    /// Whether it can be found without an address, if the browser knows (`credProps.rk`).
    pub is_discoverable: Option<bool>,
}

/// What an authenticator answers when a passkey is used.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// The credential's id.
    pub raw_id: Vec<u8>,
    /// What the browser saw, as JSON.
    pub client_data: Vec<u8>,
    /// What the authenticator says.
    pub authenticator_data: Vec<u8>,
    /// Its signature over both.
    pub signature: Vec<u8>,
    /// Whom the authenticator takes the user for.
    pub user_handle: Option<Vec<u8>>,
}

/// Whether the user handle of an answer is this account's. One that is not there is no lie where the account is
/// known; where it `must` say who it is, it is.
///
/// # Errors
///
/// [`Error::PasskeyRefused`].
pub fn check_handle(
    conn: &mut Conn,
    assertion: &Assertion,
    user_id: &str,
    must: bool,
) -> Result<(), Error> {
    let stored = users::find_passkey_handle(conn, user_id)?;
    match &assertion.user_handle {
        Some(handle) if stored.as_ref() == Some(handle) => Ok(()),
        None if !must => Ok(()),
        Some(_) | None => Err(Error::PasskeyRefused("user_handle")),
    }
}

/// Why a passkey that was verified could not be spent: somebody removed it meanwhile, or it counted no further.
///
/// # Errors
///
/// Only the database's.
pub fn not_spent(conn: &mut Conn, passkey: &Passkey) -> Result<Error, Error> {
    let found = passkeys::find_by_user(conn, &passkey.user_id, &passkey.id)?;
    Ok(match found {
        Some(_) => Error::PasskeyCounter,
        None => Error::UnknownPasskey,
    })
}

/// Whether the method can answer now.
///
/// # Errors
///
/// [`Error::NotConfigured`], [`Error::NotEnabled`].
pub fn usable(status: &Status) -> Result<(), Error> {
    verify::usable(status, Method::Passkey)
}

fn transports(passkey: &Passkey) -> Option<Vec<AuthenticatorTransport>> {
    let words = passkey.transports.split_whitespace();
    let known: Vec<_> = words.filter_map(|word| word.parse().ok()).collect();
    (!known.is_empty()).then_some(known)
}

fn not_started(error: WebauthnError) -> Error {
    log::error!("a passkey ceremony could not be started: {error:?}");
    Error::Internal("a passkey ceremony could not be started")
}

fn not_verified(error: WebauthnError) -> Error {
    log::debug!("a passkey was refused: {error:?}");
    Error::PasskeyRefused("not_verified")
}

fn to_json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::Internal("a passkey could not be written"))
}

fn from_json<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| Error::UnknownValue("passkey"))
}
