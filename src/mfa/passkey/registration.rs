//! Making a passkey: the options, the check of the answer, and storing it under a name.

use chrono::NaiveDateTime;
use diesel::result::{DatabaseErrorKind, Error as DbError};
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{self as rs, PasskeyRegistration, Uuid};
use webauthn_rs_proto::{
    AuthenticatorAttestationResponseRaw, AuthenticatorTransport,
    PublicKeyCredentialCreationOptions, PublicKeyCredentialDescriptor, PublicKeyCredentialHints,
    RequestRegistrationExtensions, ResidentKeyRequirement,
};

use super::names::{self, Words};
use super::providers::provider;
use super::{
    Attestation, Door, Holder, MAX_PASSKEYS, PUBLIC_KEY, Purpose, RelyingParty, ceremony,
    client_data, from_json, not_started, not_verified, to_json, transports,
};
use crate::crypto::random_bytes;
use crate::db::passkeys::{self, Passkey};
use crate::db::users::{self, User};
use crate::db::{Conn, new_id};
use crate::mfa::{Error, Method, settings};

/// How long the id of a credential may be, in bytes (WebAuthn L3, section 6.5.1).
const CREDENTIAL_ID: std::ops::RangeInclusive<usize> = 1..=1_023;

/// Where the authenticator's number stands in its data: after 32 bytes of hash, 1 of flags and 4 of counter
/// (WebAuthn L3, sections 6.1 and 6.5.1).
const AAGUID_AT: std::ops::Range<usize> = 37..53;

/// A passkey that was verified and is not stored yet.
#[derive(Debug)]
pub struct Verified {
    pub(super) credential: rs::Credential,
    pub(super) json: String,
    transports: Vec<String>,
    is_discoverable: bool,
    aaguid: Option<String>,
}

/// What a registration has to know at its end.
#[derive(Serialize, Deserialize)]
pub(super) struct Registration {
    pub(super) door: Door,
    pub(super) state: PasskeyRegistration,
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
    let (created, state) = rp
        .webauthn
        .start_passkey_registration(handle, &user.email, &user.full_name(), Some(ids))
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
    if !CREDENTIAL_ID.contains(&passkey.cred_id().len()) {
        return Err(Error::PasskeyRefused("id_length"));
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

fn descriptor(passkey: &Passkey) -> PublicKeyCredentialDescriptor {
    PublicKeyCredentialDescriptor {
        type_: PUBLIC_KEY.to_owned(),
        id: passkey.credential_id.clone(),
        transports: transports(passkey),
    }
}
