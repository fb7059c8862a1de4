//! Passkeys: WebAuthn credentials that verify who holds them, as a second step, for a step-up, or alone.
//!
//! The ceremonies are webauthn-rs's. What it leaves to its caller is done here: a challenge's age and single use
//! (`ceremony`), the exact origin and the frame (`client_data`), the user handle, the length and uniqueness of
//! ids, counters, and what a passkey is called (`names`).

mod ceremony;
mod client_data;
mod names;
mod providers;

use chrono::NaiveDateTime;
use diesel::result::{DatabaseErrorKind, Error as DbError};
use serde::{Deserialize, Serialize};
use url::Url;
use webauthn_rs::prelude::{
    self as rs, DiscoverableAuthentication, PasskeyRegistration, Uuid, Webauthn, WebauthnBuilder,
    WebauthnError,
};
use webauthn_rs_proto::{
    AllowCredentials, AuthenticatorAssertionResponseRaw, AuthenticatorAttestationResponseRaw,
    AuthenticatorTransport, PublicKeyCredentialDescriptor, PublicKeyCredentialHints,
    RequestRegistrationExtensions, ResidentKeyRequirement,
};

use super::{Error, Method, Status, settings, verify};
use crate::crypto::random_bytes;
use crate::db::passkeys::{self, Passkey, Use};
use crate::db::users::{self, User};
use crate::db::{Conn, new_id};

pub use ceremony::{Holder, Purpose, take};
pub use names::{MAX_NAME, NameProblem, Words, is_security_key};
pub use providers::provider;
pub use webauthn_rs_proto::{
    PublicKeyCredentialCreationOptions, PublicKeyCredentialRequestOptions,
};

/// How many passkeys an account may have.
pub const MAX_PASSKEYS: usize = 20;

/// The longest id of a credential, in bytes (WebAuthn L3, section 6.5.1).
const MAX_CREDENTIAL_ID: usize = 1_023;

/// Where the authenticator's number stands in its data: after 32 bytes of hash, 1 of flags and 4 of counter
/// (WebAuthn L3, sections 6.1 and 6.5.1).
const AAGUID_AT: std::ops::Range<usize> = 37..53;

/// The type of every credential here.
const PUBLIC_KEY: &str = "public-key";

/// Who passkeys are made for: the domain they are bound to, and the origins that may ask for them.
#[derive(Debug)]
pub struct RelyingParty {
    webauthn: Webauthn,
    /// The domain, `rp.id`.
    pub id: String,
    /// What people are told they sign in to, `rp.name`.
    pub name: &'static str,
    /// The origins, this server's own first; compared as they are.
    origins: Vec<String>,
}

impl RelyingParty {
    /// For a domain and the origins that may ask for its passkeys, this server's own first.
    ///
    /// # Errors
    ///
    /// A sentence, when webauthn-rs does not take them.
    pub fn new(id: &str, name: &'static str, origins: Vec<String>) -> Result<Self, String> {
        let mut urls = origins.iter().map(|origin| Url::parse(origin));
        let own = urls.next().ok_or("there is no origin")?;
        let own = own.map_err(|error| error.to_string())?;
        let mut builder = WebauthnBuilder::new(id, &own)
            .map_err(|error| error.to_string())?
            .rp_name(name);
        for url in urls {
            builder = builder.append_allowed_origin(&url.map_err(|error| error.to_string())?);
        }
        Ok(Self {
            webauthn: builder.build().map_err(|error| error.to_string())?,
            id: id.to_owned(),
            name,
            origins,
        })
    }

    /// This server's own origin.
    pub fn origin(&self) -> &str {
        self.origins.first().map_or("", String::as_str)
    }

    /// Every origin that may ask besides this server's own.
    pub fn related_origins(&self) -> &[String] {
        self.origins.get(1..).unwrap_or_default()
    }
}

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

/// A passkey that was verified and is not stored yet.
#[derive(Debug)]
pub struct Verified {
    credential: rs::Credential,
    json: String,
    transports: Vec<String>,
    is_discoverable: bool,
    aaguid: Option<String>,
}

/// What a registration has to know at its end.
#[derive(Serialize, Deserialize)]
struct Registration {
    door: Door,
    state: PasskeyRegistration,
}

/// Starts making a passkey: what to hand to `navigator.credentials.create()`. Runs in the caller's transaction,
/// which holds the account's lock.
///
/// # Errors
///
/// [`Error::TooManyPasskeys`]; the database's.
pub fn start_registration(
    conn: &mut Conn,
    rp: &RelyingParty,
    user: &User,
    session_id: &str,
    door: Door,
    now: NaiveDateTime,
) -> Result<PublicKeyCredentialCreationOptions, Error> {
    let own = passkeys::list_by_user(conn, &user.id)?;
    if own.len() >= MAX_PASSKEYS {
        return Err(Error::TooManyPasskeys);
    }
    let handle = handle(conn, &user.id)?;
    let ids = own.iter().map(|row| row.credential_id.clone()).collect();
    let shown = format!("{} {}", user.first_name, user.last_name);
    let (created, state) = rp
        .webauthn
        .start_passkey_registration(handle, &user.email, shown.trim(), Some(ids))
        .map_err(not_started)?;
    let mut options = created.public_key;
    if let Some(selection) = &mut options.authenticator_selection {
        selection.require_resident_key = door == Door::Passkey;
        selection.resident_key = Some(match door {
            Door::Passkey => ResidentKeyRequirement::Required,
            Door::SecurityKey => ResidentKeyRequirement::Discouraged,
        });
    }
    options.hints =
        (door == Door::SecurityKey).then(|| vec![PublicKeyCredentialHints::SecurityKey]);
    options.exclude_credentials = Some(own.iter().map(descriptor).collect());
    options.extensions = Some(RequestRegistrationExtensions {
        cred_props: Some(true),
        uvm: None,
        ..RequestRegistrationExtensions::default()
    });
    let holder = Holder::session(&user.id, session_id);
    let state = to_json(&Registration { door, state })?;
    ceremony::keep(
        conn,
        &options.challenge,
        Purpose::Register,
        &holder,
        state,
        now,
    )?;
    Ok(options)
}

/// Verifies a new passkey (WebAuthn L3, section 7.1). `state` is what [`take`] answered.
///
/// # Errors
///
/// [`Error::PasskeyRefused`].
pub fn verify_registration(
    rp: &RelyingParty,
    state: &str,
    attestation: Attestation,
) -> Result<Verified, Error> {
    let Registration { door, state } = from_json(state)?;
    client_data::check(&attestation.client_data, &rp.origins)?;
    let aaguid = aaguid(&attestation.attestation_object);
    let answer = rs::RegisterPublicKeyCredential {
        id: String::new(),
        raw_id: attestation.raw_id,
        response: AuthenticatorAttestationResponseRaw {
            attestation_object: attestation.attestation_object,
            client_data_json: attestation.client_data,
            transports: None,
        },
        type_: PUBLIC_KEY.to_owned(),
        extensions: Default::default(),
    };
    let passkey = rp
        .webauthn
        .finish_passkey_registration(&answer, &state)
        .map_err(not_verified)?;
    if passkey.cred_id().len() > MAX_CREDENTIAL_ID {
        return Err(Error::PasskeyRefused("id_too_long"));
    }
    if *passkey.cred_id() != answer.raw_id {
        return Err(Error::PasskeyRefused("id_differs"));
    }
    Ok(Verified {
        json: to_json(&passkey)?,
        credential: passkey.into(),
        transports: attestation
            .transports
            .into_iter()
            .filter(|word| word.parse::<AuthenticatorTransport>().is_ok())
            .collect(),
        is_discoverable: match door {
            Door::Passkey => true,
            Door::SecurityKey => attestation.is_discoverable.unwrap_or(false),
        },
        aaguid,
    })
}

/// Stores a verified passkey and switches the method on. Without a `name` it gets one in `words`. Runs in the
/// caller's transaction, which holds the account's lock.
///
/// # Errors
///
/// [`Error::TooManyPasskeys`]; [`Error::PasskeyRefused`] for an id that somebody has already;
/// [`Error::PasskeyName`].
pub fn store(
    conn: &mut Conn,
    rp: &RelyingParty,
    user: &User,
    verified: Verified,
    name: Option<&str>,
    words: &Words,
    now: NaiveDateTime,
) -> Result<Passkey, Error> {
    let own = passkeys::list_by_user(conn, &user.id)?;
    if own.len() >= MAX_PASSKEYS {
        return Err(Error::TooManyPasskeys);
    }
    let credential = verified.credential;
    if passkeys::find_by_credential(conn, &credential.cred_id)?.is_some() {
        return Err(Error::PasskeyRefused("id_taken"));
    }
    let name = match name {
        Some(typed) => names::chosen(typed, &own, None)?,
        None => names::default(
            verified.aaguid.as_deref().and_then(provider),
            &verified.transports,
            credential.backup_eligible,
            words,
            &own,
        ),
    };
    let passkey = Passkey {
        id: new_id(),
        factor_id: settings::enable_factor(conn, &user.id, Method::Passkey, now)?,
        user_id: user.id.clone(),
        credential_id: credential.cred_id,
        credential: verified.json,
        counter: i64::from(credential.counter),
        backup_eligible: credential.backup_eligible,
        backup_state: credential.backup_state,
        discoverable: verified.is_discoverable,
        transports: verified.transports.join(" "),
        aaguid: verified.aaguid,
        rp_id: rp.id.clone(),
        name,
        created_at: now,
        last_used_at: None,
        last_used_by: None,
    };
    match passkeys::insert(conn, &passkey) {
        // Somebody else was faster with the same id.
        Err(DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            Err(Error::PasskeyRefused("id_taken"))
        }
        inserted => {
            inserted?;
            Ok(passkey)
        }
    }
}

/// Whether a new passkey of this account can be called so.
///
/// # Errors
///
/// [`Error::PasskeyName`].
pub fn check_name(conn: &mut Conn, user_id: &str, typed: &str) -> Result<(), Error> {
    let own = passkeys::list_by_user(conn, user_id)?;
    names::chosen(typed, &own, None).map(drop)
}

/// Gives a passkey a name, and answers the passkey with it and whether that is another one. Runs in the caller's
/// transaction, which holds the account's lock.
///
/// # Errors
///
/// [`Error::NotFound`]; [`Error::PasskeyName`].
pub fn rename(
    conn: &mut Conn,
    user_id: &str,
    id: &str,
    typed: &str,
) -> Result<(Passkey, bool), Error> {
    let own = passkeys::list_by_user(conn, user_id)?;
    let before = own.iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
    let name = names::chosen(typed, &own, Some(id))?;
    let is_new = name != before.name;
    passkeys::update_name(conn, user_id, id, &name)?;
    let passkey = Passkey {
        name,
        ..before.clone()
    };
    Ok((passkey, is_new))
}

/// Starts using a passkey: what to hand to `navigator.credentials.get()`. With `own`, one of these has to answer;
/// without any, whichever the person picks. Runs in the caller's transaction.
///
/// # Errors
///
/// Only the database's.
pub fn start_authentication(
    conn: &mut Conn,
    rp: &RelyingParty,
    purpose: Purpose,
    holder: &Holder<'_>,
    own: &[Passkey],
    now: NaiveDateTime,
) -> Result<PublicKeyCredentialRequestOptions, Error> {
    let (request, state) = rp
        .webauthn
        .start_passkey_authentication(&[])
        .map_err(not_started)?;
    let mut options = request.public_key;
    options.allow_credentials = own.iter().map(allowed).collect();
    ceremony::keep(
        conn,
        &options.challenge,
        purpose,
        holder,
        to_json(&state)?,
        now,
    )?;
    Ok(options)
}

/// Verifies that this passkey answered (WebAuthn L3, section 7.2). `state` is what [`take`] answered, `handle` what
/// authenticators know the passkey's owner by, `client` what the browser calls itself. Spends nothing.
///
/// # Errors
///
/// [`Error::PasskeyRefused`]; [`Error::PasskeyCounter`].
pub fn verify_assertion(
    rp: &RelyingParty,
    state: &str,
    assertion: Assertion,
    passkey: &Passkey,
    client: Option<&str>,
    now: NaiveDateTime,
) -> Result<Use, Error> {
    // Inside, every kind of state is the same. Read as this kind, the passkey is handed in as it is stored now,
    // instead of as it was when the ceremony began.
    let state: DiscoverableAuthentication = from_json(state)?;
    client_data::check(&assertion.client_data, &rp.origins)?;
    let mut stored: rs::Passkey = from_json(&passkey.credential)?;
    let answer = rs::PublicKeyCredential {
        id: String::new(),
        raw_id: assertion.raw_id,
        response: AuthenticatorAssertionResponseRaw {
            authenticator_data: assertion.authenticator_data,
            client_data_json: assertion.client_data,
            signature: assertion.signature,
            user_handle: assertion.user_handle,
        },
        extensions: Default::default(),
        type_: PUBLIC_KEY.to_owned(),
    };
    let result = rp
        .webauthn
        .finish_discoverable_authentication_v2(&answer, state, &stored)
        .map_err(|error| match error {
            WebauthnError::CredentialPossibleCompromise => Error::PasskeyCounter,
            error => not_verified(error),
        })?;
    if !result.user_verified() {
        return Err(Error::PasskeyRefused("user_not_verified"));
    }
    stored.update_credential(&result);
    Ok(Use {
        credential: to_json(&stored)?,
        counter: i64::from(result.counter()),
        backup_eligible: passkey.backup_eligible || result.backup_eligible(),
        backup_state: result.backup_state(),
        last_used_at: now,
        last_used_by: client.map(str::to_owned),
    })
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

/// Whether the method can answer now.
///
/// # Errors
///
/// [`Error::NotConfigured`], [`Error::NotEnabled`].
pub fn usable(status: &Status) -> Result<(), Error> {
    verify::usable(status, Method::Passkey)
}

/// What authenticators know an account by: 16 random bytes (WebAuthn L3, section 14.6.1). Made when first asked for.
fn handle(conn: &mut Conn, user_id: &str) -> Result<Uuid, Error> {
    if let Some(handle) = users::find_passkey_handle(conn, user_id)? {
        return Uuid::from_slice(&handle).map_err(|_| Error::UnknownValue("users.passkey_handle"));
    }
    let handle = random_bytes::<16>()?;
    users::update_passkey_handle(conn, user_id, &handle)?;
    Ok(Uuid::from_bytes(handle))
}

/// The number of the authenticator's maker and model. Nobody vouches for it: it is shown and nothing else.
fn aaguid(attestation_object: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Object<'a> {
        #[serde(rename = "authData", borrow)]
        auth_data: &'a [u8],
    }
    let object: Object<'_> = serde_cbor_2::from_slice(attestation_object).ok()?;
    let aaguid = Uuid::from_slice(object.auth_data.get(AAGUID_AT)?).ok()?;
    (!aaguid.is_nil()).then(|| aaguid.hyphenated().to_string())
}

fn transports(passkey: &Passkey) -> Option<Vec<AuthenticatorTransport>> {
    let words = passkey.transports.split_whitespace();
    let known: Vec<_> = words.filter_map(|word| word.parse().ok()).collect();
    (!known.is_empty()).then_some(known)
}

fn descriptor(passkey: &Passkey) -> PublicKeyCredentialDescriptor {
    PublicKeyCredentialDescriptor {
        type_: PUBLIC_KEY.to_owned(),
        id: passkey.credential_id.clone(),
        transports: transports(passkey),
    }
}

fn allowed(passkey: &Passkey) -> AllowCredentials {
    AllowCredentials {
        type_: PUBLIC_KEY.to_owned(),
        id: passkey.credential_id.clone(),
        transports: transports(passkey),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rp() -> RelyingParty {
        let origins = vec!["https://login.example.com".to_owned()];
        RelyingParty::new("example.com", "Countersign", origins).unwrap()
    }

    /// A provider may begin to back up what it did not: that is taken up, and not refused.
    #[test]
    fn the_state_of_one_passkey_ceremony_reads_as_that_of_any() {
        let (_, state) = rp().webauthn.start_passkey_authentication(&[]).unwrap();
        let json = to_json(&state).unwrap();
        assert!(json.contains("\"allow_backup_eligible_upgrade\":true"));
        assert!(from_json::<DiscoverableAuthentication>(&json).is_ok());
    }

    #[test]
    fn an_origin_outside_the_domain_is_refused_at_the_start() {
        let origins = vec!["https://login.example.org".to_owned()];
        assert!(RelyingParty::new("example.com", "Countersign", origins).is_err());
    }
}
