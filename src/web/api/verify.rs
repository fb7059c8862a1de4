//! `POST /mfa/verify-login`: the second step of a sign-in, and with a full token a fresh proof.

use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::json::Json;
use super::setup::method;
use super::status::MfaType;
use crate::accounts::second_step;
use crate::accounts::tokens::Tokens;
use crate::activity::Door;
use crate::clock::unix_millis;
use crate::mfa::{self, Method};
use crate::web::access::{self, Asking};
use crate::web::credential::AuthenticationCredential;
use crate::web::error::{ApiError, ErrorBody, Failure, Refusal};
use crate::web::origin::origin;

/// An answer with a second factor. Ten base32 characters are a backup code, whatever the method.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct VerifyLoginBody {
    /// The method.
    #[schema(value_type = MfaType)]
    mfa_type: String,
    /// Six digits, or a backup code.
    #[serde(default)]
    code: Option<String>,
    /// The token out of a mailed link, in the session that asked for it.
    #[serde(default)]
    token: Option<String>,
    /// What the authenticator answered, of a passkey.
    #[serde(default)]
    credential: Option<AuthenticationCredential>,
}

/// A complete sign-in, or a renewed proof.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerifyLoginAnswer {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// What was done.
    message: &'static str,
    /// Opens the API; a full token that was presented is echoed.
    full_access_token: String,
    /// Renews it.
    refresh_token: String,
    /// Until when the access token works, in Unix milliseconds.
    expires_at: i64,
    /// Backup codes left, when one was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    backup_codes_left: Option<u32>,
}

/// Proves a second factor. With a limited token it finishes the sign-in, and the limited token is dead; with a
/// full token it renews the proof.
#[utoipa::path(
    post, path = "/mfa/verify-login", tag = "MFA", request_body = VerifyLoginBody,
    security(("bearer" = ["limited"])),
    responses(
        (status = 200, body = VerifyLoginAnswer),
        (status = 429, body = ErrorBody),
        (status = 500, body = ErrorBody, description = "Failed to verify MFA"), (status = 503, body = ErrorBody),
    )
)]
pub(in crate::web) async fn verify_login(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<VerifyLoginBody>,
) -> Result<HttpResponse, ApiError> {
    let method = method(&body.0.mfa_type)?;
    let (app, origin) = (access::app(&http)?, origin(&http, Door::Api));
    let VerifyLoginBody {
        credential,
        code,
        token,
        ..
    } = body.0;
    let verified = match (method, credential, code) {
        (Method::Passkey, Some(credential), _) => {
            let assertion = credential.read()?;
            second_step::verify_passkey(app, &origin, &caller, assertion, false).await?
        }
        (Method::MagicLink, _, None) if token.is_some() => {
            let token = token.unwrap_or_default();
            second_step::verify_link(app, &origin, &caller, &token, false).await?
        }
        (_, _, Some(code)) => {
            second_step::verify(app, &origin, &caller, Some(method), &code, false).await?
        }
        (Method::Passkey, None, None) => {
            let sentence = "The field \"credential\" is missing".to_owned();
            return Err(Refusal::BadRequest(sentence).into());
        }
        (_, _, None) => return Err(mfa::Error::MalformedCode.into()),
    };
    let (full_access_token, refresh, expires_at) = match verified.tokens {
        Tokens::Pair(pair) => (
            pair.access.expose().to_owned(),
            pair.refresh,
            pair.access_expires_at,
        ),
        Tokens::Renewed { refresh } => {
            let presented = access::bearer(&http).unwrap_or_default().to_owned();
            (presented, refresh, caller.token_expires_at)
        }
        Tokens::Cookie(_) | Tokens::Kept | Tokens::Limited { .. } => {
            return Err(Failure::misplaced_tokens().into());
        }
    };
    Ok(HttpResponse::Ok().json(VerifyLoginAnswer {
        success: true,
        message: "MFA verification successful",
        full_access_token,
        refresh_token: refresh.expose().to_owned(),
        expires_at: unix_millis(expires_at),
        backup_codes_left: verified.backup_codes_left,
    }))
}
