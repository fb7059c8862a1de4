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

fn allowed(passkey: &Passkey) -> AllowCredentials {
    AllowCredentials {
        type_: PUBLIC_KEY.to_owned(),
        id: passkey.credential_id.clone(),
        transports: transports(passkey),
    }
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
}
