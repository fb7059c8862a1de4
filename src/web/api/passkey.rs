//! Passkeys for programs: adding one, asking one to prove itself, and the list of one's own.

use actix_web::{HttpRequest, HttpResponse, web};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json::{Data, Done, Json, data, done};
use super::setup::{VerifySetupAnswer, tokens_of};
use super::sign_in::LoginAnswer;
use crate::accounts::sessions::SessionKind;
use crate::accounts::{Caller, Error, factors, passkeys, second_step, sign_in};
use crate::activity::Door as RequestDoor;
use crate::clock::rfc3339;
use crate::db::is_storable;
use crate::db::passkeys::Passkey;
use crate::mfa;
use crate::mfa::passkey::{
    Assertion, Attestation, Door, PublicKeyCredentialCreationOptions, provider,
};
use crate::web::access::{self, Asking};
use crate::web::credential::{self, AuthenticationCredential, RegistrationCredential};
use crate::web::error::{ApiError, ErrorBody, Failure, Refusal};
use crate::web::language;
use crate::web::origin::origin;

/// What `navigator.credentials.create()` needs.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasskeySetup {
    /// 32 random bytes, base64url.
    challenge: String,
    /// What the person is told they sign in to.
    rp_name: String,
    /// The domain that the passkey is bound to.
    #[serde(rename = "rpID")]
    rp_id: String,
    /// The account's address.
    user_name: String,
    /// What authenticators know the account by: random, base64url.
    user_id: String,
    /// The origin that may ask for it.
    origin: String,
    /// All of it: PublicKeyCredentialCreationOptionsJSON.
    #[schema(value_type = Object)]
    public_key: PublicKeyCredentialCreationOptions,
}

/// Starts adding a passkey.
pub(super) async fn start(
    http: &HttpRequest,
    caller: &Caller,
    door: Door,
) -> Result<PasskeySetup, ApiError> {
    let (caller, from) = (caller.clone(), origin(http, RequestDoor::Api));
    let app = access::app(http)?;
    let options = app
        .db(move |app, conn| passkeys::start(conn, app, &from, &caller, door))
        .await?;
    Ok(PasskeySetup {
        challenge: BASE64URL_NOPAD.encode(&options.challenge),
        rp_name: options.rp.name.clone(),
        rp_id: options.rp.id.clone(),
        user_name: options.user.name.clone(),
        user_id: BASE64URL_NOPAD.encode(&options.user.id),
        origin: app.relying_party()?.origin().to_owned(),
        public_key: options,
    })
}

/// Adds a passkey. `refused` is what this route says when it could not be checked.
pub(super) async fn finish(
    http: &HttpRequest,
    caller: &Caller,
    credential: RegistrationCredential,
    challenge: Option<&str>,
    name: Option<String>,
    refused: Refusal,
) -> Result<passkeys::Added, ApiError> {
    let attestation = credential.read()?;
    if challenge.is_some_and(|challenge| !answers(&attestation, challenge)) {
        return Err(refused.into());
    }
    let (caller, from) = (caller.clone(), origin(http, RequestDoor::Api));
    let words = credential::passkey_words(&language::words(http), http);
    let added = access::app(http)?
        .db(move |app, conn| {
            let name = name.as_deref();
            passkeys::finish(conn, app, &from, &caller, attestation, name, &words)
        })
        .await;
    added.map_err(|error| match error {
        Error::Mfa(mfa::Error::PasskeyRefused(_) | mfa::Error::UnknownChallenge) => refused.into(),
        error => error.into(),
    })
}

/// Whether this is an answer to the challenge that the client says it was.
fn answers(attestation: &Attestation, challenge: &str) -> bool {
    let data: Option<Value> = serde_json::from_slice(&attestation.client_data).ok();
    data.is_some_and(|data| {
        data.get("challenge")
            .is_some_and(|named| named == challenge)
    })
}

/// What an authenticator made, and what for.
#[derive(Deserialize, utoipa::ToSchema)]
pub(in crate::web) struct CompleteBody {
    /// What `create()` answered.
    credential: RegistrationCredential,
    /// The challenge that it answers. The one that counts is the server's own.
    #[serde(default)]
    challenge: Option<String>,
    /// What to call the passkey; without it, it gets a name by itself.
    #[serde(default)]
    name: Option<String>,
}

/// Adds the passkey that an authenticator has made.
#[utoipa::path(
    post, path = "/mfa/passkey/complete-registration", tag = "Passkeys", request_body = CompleteBody,
    security(("bearer" = ["enrolling"])),
    responses(
        (status = 200, body = VerifySetupAnswer),
        (status = 400, body = ErrorBody, description = "Passkey registration failed"),
        (status = 500, body = ErrorBody, description = "Failed to complete passkey registration"),
    )
)]
pub(in crate::web) async fn complete_registration(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<CompleteBody>,
) -> Result<HttpResponse, ApiError> {
    let CompleteBody {
        credential,
        challenge,
        name,
    } = body.0;
    let refused = Refusal::PasskeyNotAdded;
    let challenge = challenge.as_deref();
    let added = finish(&http, &caller, credential, challenge, name, refused).await?;
    let tokens = tokens_of(added.tokens)?;
    Ok(HttpResponse::Ok().json(VerifySetupAnswer::new(
        "Passkey registration completed",
        tokens,
    )))
}

/// The same under its other documented name.
#[utoipa::path(
    post, path = "/mfa/passkey/complete-registration-1", tag = "Passkeys", request_body = CompleteBody,
    security(("bearer" = ["enrolling"])),
    responses(
        (status = 200, body = VerifySetupAnswer),
        (status = 400, body = ErrorBody, description = "Passkey registration failed"),
        (status = 500, body = ErrorBody, description = "Failed to complete passkey registration"),
    )
)]
pub(in crate::web) async fn complete_registration_1(
    http: HttpRequest,
    asking: Asking,
    body: Json<CompleteBody>,
) -> Result<HttpResponse, ApiError> {
    complete_registration(http, asking, body).await
}

/// What `navigator.credentials.get()` needs for the caller's own passkeys: PublicKeyCredentialRequestOptionsJSON.
#[utoipa::path(
    post, path = "/mfa/passkey/auth-options", tag = "Passkeys", security(("bearer" = ["limited"])),
    responses(
        (status = 200, body = inline(Data<Object>)),
        (status = 400, body = ErrorBody),
        (status = 500, body = ErrorBody, description = "Failed to generate authentication options"),
    )
)]
pub(in crate::web) async fn auth_options(
    http: HttpRequest,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let caller = Caller::clone(&caller);
    let options = access::app(&http)?
        .db(move |app, conn| second_step::start_passkey(conn, app, &caller))
        .await?;
    Ok(HttpResponse::Ok().json(data(options)))
}

/// One of the caller's passkeys.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasskeyItem {
    /// Its id here.
    id: String,
    /// What its holder calls it.
    name: String,
    /// Who keeps it, where that is known; unverified.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'static str>,
    /// When it was added.
    created_at: String,
    /// When it was last used; absent before.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<String>,
    /// The User-Agent that it was last used by.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_by: Option<String>,
    /// It may be copied to other devices.
    backup_eligible: bool,
    /// It has been.
    backup_state: bool,
    /// It signs in without an address.
    discoverable: bool,
    /// How browsers reach its authenticator.
    transports: Vec<String>,
}

impl From<Passkey> for PasskeyItem {
    fn from(row: Passkey) -> Self {
        Self {
            provider: row.aaguid.as_deref().and_then(provider),
            created_at: rfc3339(row.created_at),
            last_used_at: row.last_used_at.map(rfc3339),
            last_used_by: row.last_used_by,
            backup_eligible: row.backup_eligible,
            backup_state: row.backup_state,
            discoverable: row.discoverable,
            transports: row
                .transports
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            id: row.id,
            name: row.name,
        }
    }
}

/// The caller's passkeys, oldest first.
#[utoipa::path(
    get, path = "/mfa/passkeys", tag = "Passkeys", security(("bearer" = ["full"])),
    responses(
        (status = 200, body = inline(Data<Vec<PasskeyItem>>)),
        (status = 500, body = ErrorBody, description = "Failed to get passkeys"),
    )
)]
pub(in crate::web) async fn list(
    http: HttpRequest,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let caller = Caller::clone(&caller);
    let rows = access::reader(&http)?
        .read(move |_, conn| passkeys::list(conn, &caller))
        .await?;
    let items: Vec<PasskeyItem> = rows.into_iter().map(PasskeyItem::from).collect();
    Ok(HttpResponse::Ok().json(data(items)))
}

/// Another name.
#[derive(Deserialize, utoipa::ToSchema)]
pub(in crate::web) struct RenameBody {
    /// At most 60 characters, and no other passkey's.
    name: String,
}

/// Gives a passkey another name.
#[utoipa::path(
    put, path = "/mfa/passkeys/{id}", tag = "Passkeys", request_body = RenameBody, params(("id" = String, Path)),
    security(("bearer" = ["full", "strong_step_up"])),
    responses(
        (status = 200, body = inline(Data<PasskeyItem>)), (status = 404, body = ErrorBody),
        (status = 500, body = ErrorBody, description = "Failed to rename the passkey"),
    )
)]
pub(in crate::web) async fn rename(
    http: HttpRequest,
    Asking(caller): Asking,
    id: web::Path<String>,
    body: Json<RenameBody>,
) -> Result<HttpResponse, ApiError> {
    let (caller, from) = (Caller::clone(&caller), origin(&http, RequestDoor::Api));
    let row = access::app(&http)?
        .db(move |app, conn| passkeys::rename(conn, app, &from, &caller, &id, &body.0.name))
        .await?;
    Ok(HttpResponse::Ok().json(data(PasskeyItem::from(row))))
}

/// Removes a passkey, and with the last one the method. Every other session of the account ends.
#[utoipa::path(
    delete, path = "/mfa/passkeys/{id}", tag = "Passkeys", params(("id" = String, Path)),
    security(("bearer" = ["full", "step_up"])),
    responses(
        (status = 200, body = Done), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 500, body = ErrorBody, description = "Failed to remove the passkey"),
    )
)]
pub(in crate::web) async fn remove(
    http: HttpRequest,
    Asking(caller): Asking,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    if !is_storable(&id) {
        return Err(Refusal::NotFound.into());
    }
    let (caller, from) = (Caller::clone(&caller), origin(&http, RequestDoor::Api));
    let app = access::app(&http)?;
    let change = passkeys::removal(app, &id);
    app.db(move |app, conn| factors::change(conn, app, &from, &caller, change))
        .await?;
    Ok(HttpResponse::Ok().json(done("Passkey removed")))
}

/// What `navigator.credentials.get()` needs before anybody has said who: PublicKeyCredentialRequestOptionsJSON.
#[utoipa::path(
    post, path = "/user/login/passkey/options", tag = "Sign-in", security(()),
    responses(
        (status = 200, body = inline(Data<Object>)),
        (status = 400, body = ErrorBody), (status = 429, body = ErrorBody),
    )
)]
pub(in crate::web) async fn login_options(http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let from = origin(&http, RequestDoor::Api);
    let options = sign_in::start_with_passkey(access::app(&http)?, &from, None).await?;
    Ok(HttpResponse::Ok().json(data(options)))
}

/// A passkey's answer.
#[derive(Deserialize, utoipa::ToSchema)]
pub(in crate::web) struct PasskeyLoginBody {
    /// What `get()` answered.
    credential: AuthenticationCredential,
}

/// Signs in with a passkey alone. Nothing further is owed: it verifies who holds it.
#[utoipa::path(
    post, path = "/user/login/passkey", tag = "Sign-in", request_body = PasskeyLoginBody, security(()),
    responses(
        (status = 200, body = LoginAnswer),
        (status = 401, body = ErrorBody),
        (status = 429, body = ErrorBody),
    )
)]
pub(in crate::web) async fn login(
    http: HttpRequest,
    body: Json<PasskeyLoginBody>,
) -> Result<HttpResponse, ApiError> {
    let assertion: Assertion = body.0.credential.read()?;
    let (app, from) = (access::app(&http)?, origin(&http, RequestDoor::Api));
    let signed_in = sign_in::with_passkey(app, &from, SessionKind::Api, None, assertion)
        .await
        .map_err(|error| match error {
            Error::Mfa(mfa::Error::UnknownPasskey) => Refusal::UnknownPasskey.into(),
            Error::Mfa(
                mfa::Error::PasskeyRefused(_)
                | mfa::Error::UnknownChallenge
                | mfa::Error::PasskeyCounter,
            ) => Refusal::PasskeyNotAccepted.into(),
            error => Failure::from(error),
        })?;
    Ok(HttpResponse::Ok().json(LoginAnswer::new(signed_in)?))
}
