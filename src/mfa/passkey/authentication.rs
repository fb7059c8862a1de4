//! Using a passkey: the options, and the check of the answer.

use chrono::NaiveDateTime;
use webauthn_rs::prelude::{self as rs, DiscoverableAuthentication, WebauthnError};
use webauthn_rs_proto::{
    AllowCredentials, AuthenticatorAssertionResponseRaw, PublicKeyCredentialRequestOptions,
};

use super::{
    Assertion, Holder, PUBLIC_KEY, Purpose, RelyingParty, ceremony, client_data, from_json,
    not_started, not_verified, to_json, transports,
};
use crate::db::Conn;
use crate::db::passkeys::{Passkey, Use};
use crate::mfa::Error;

/// Where the flags stand in an authenticator's data: after 32 bytes of hash.
const FLAGS_AT: usize = 32;

/// "May be on several devices."
const BACKUP_ELIGIBLE: u8 = 1 << 3;

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
        .start_discoverable_authentication()
        .map_err(not_started)?;
    let mut options = request.public_key;
    options.extensions = None;
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
    let state: DiscoverableAuthentication = from_json(state)?;
    client_data::check(&assertion.client_data, &rp.origins)?;
    let stored: rs::Passkey = from_json(&passkey.credential)?;
    let mut stored: rs::Credential = stored.into();
    // Providers begin to back up what they did not. The signature covers this bit: a lie about it is refused below.
    stored.backup_eligible |= says_backup_eligible(&assertion.authenticator_data);
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
    let mut stored = rs::Passkey::from(stored);
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

/// The flag BE (WebAuthn L3, section 6.1).
fn says_backup_eligible(authenticator_data: &[u8]) -> bool {
    authenticator_data
        .get(FLAGS_AT)
        .is_some_and(|flags| flags & BACKUP_ELIGIBLE != 0)
}

fn allowed(passkey: &Passkey) -> AllowCredentials {
    AllowCredentials {
        type_: PUBLIC_KEY.to_owned(),
        id: passkey.credential_id.clone(),
        transports: transports(passkey),
    }
}
