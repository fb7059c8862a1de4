//! `POST /mfa/setup` and `POST /mfa/verify-setup`: setting a method up and proving it.

use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::json::{Data, Json, data};
use super::status::MfaType;
use crate::accounts::Caller;
use crate::accounts::factors::{self, Finished, Started};
use crate::accounts::tokens::{Pair, Tokens};
use crate::activity::Door;
use crate::clock::unix_millis;
use crate::mfa::{self, Method};
use crate::web::access::{self, Asking};
use crate::web::error::{ApiError, ErrorBody, Failure, Refusal};
use crate::web::origin::origin;
use crate::web::qr::Qr;

/// Which method. Other fields that clients send have no effect.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct MethodBody {
    /// The method.
    #[schema(value_type = MfaType)]
    mfa_type: String,
}

impl MethodBody {
    /// The method that is meant.
    pub(super) fn method(&self) -> Result<Method, Refusal> {
        method(&self.mfa_type)
    }
}

/// The method behind a word of a request.
pub(super) fn method(word: &str) -> Result<Method, Refusal> {
    Method::from_wire(word).ok_or(Refusal::InvalidMfaType)
}

/// What an authenticator app needs, and the codes that come to life with it.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AppSetup {
    /// The secret, in base32.
    secret: String,
    /// A PNG of the QR code, as a `data:` URI.
    qr_code: String,
    /// Ten backup codes, inert until the app is proved; none when a live set exists.
    backup_codes: Vec<String>,
    /// What the QR code says.
    otpauth_url: String,
}

impl AppSetup {
    fn new(started: &Started) -> Result<Self, ApiError> {
        let otpauth_url = started.setup.uri()?;
        Ok(Self {
            secret: started.setup.secret()?,
            qr_code: Qr::new(&otpauth_url)?.data_uri()?,
            backup_codes: started.codes.iter().map(|code| code.shown()).collect(),
            otpauth_url,
        })
    }
}

/// Starts setting a method up. Nothing is enabled by it; started again, it starts over.
#[utoipa::path(
    post, path = "/mfa/setup", tag = "MFA", request_body = MethodBody,
    security(("bearer" = ["enrolling", "step_up"])),
    responses(
        (status = 200, body = inline(Data<AppSetup>)),
        (status = 429, body = ErrorBody),
        (status = 500, body = ErrorBody, description = "Failed to setup MFA"), (status = 503, body = ErrorBody),
    )
)]
pub(in crate::web) async fn setup(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<MethodBody>,
) -> Result<HttpResponse, ApiError> {
    match body.0.method()? {
        Method::Totp => {
            let origin = origin(&http, Door::Api);
            let app = access::app(&http)?;
            let started = factors::start_totp_with_codes(app, &origin, &caller).await?;
            Ok(HttpResponse::Ok().json(data(AppSetup::new(&started)?)))
        }
        Method::MagicLink | Method::Passkey => Err(mfa::Error::NotAvailable.into()),
    }
}

/// The first proof of a method.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct VerifySetupBody {
    /// The method.
    #[schema(value_type = MfaType)]
    mfa_type: String,
    /// The six digits that the app shows.
    #[serde(default)]
    code: Option<String>,
}

/// A method that is set up.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct VerifySetupAnswer {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// What was done.
    message: &'static str,
    /// The tokens of a sign-in that waited for this; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<FullTokens>,
}

/// The tokens of a complete sign-in.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FullTokens {
    /// Opens the API.
    full_access_token: String,
    /// Renews it.
    refresh_token: String,
    /// Until when it works, in Unix milliseconds.
    expires_at: i64,
}

impl From<Pair> for FullTokens {
    fn from(pair: Pair) -> Self {
        Self {
            full_access_token: pair.access.expose().to_owned(),
            refresh_token: pair.refresh.expose().to_owned(),
            expires_at: unix_millis(pair.access_expires_at),
        }
    }
}

/// Proves a method and enables it. The code is spent by that.
#[utoipa::path(
    post, path = "/mfa/verify-setup", tag = "MFA", request_body = VerifySetupBody,
    security(("bearer" = ["enrolling"])),
    responses(
        (status = 200, body = VerifySetupAnswer),
        (status = 400, body = ErrorBody, description = "MFA setup verification failed"),
        (status = 500, body = ErrorBody, description = "Failed to verify MFA setup"),
    )
)]
pub(in crate::web) async fn verify_setup(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<VerifySetupBody>,
) -> Result<HttpResponse, ApiError> {
    let VerifySetupBody { mfa_type, code } = body.0;
    match method(&mfa_type)? {
        Method::Totp => {}
        Method::MagicLink | Method::Passkey => return Err(mfa::Error::NoSetup.into()),
    }
    let (caller, origin) = (Caller::clone(&caller), origin(&http, Door::Api));
    let code = code.unwrap_or_default();
    let finished = access::app(&http)?
        .db(move |app, conn| factors::finish_totp(conn, app, &origin, &caller, &code))
        .await?;
    Ok(HttpResponse::Ok().json(VerifySetupAnswer {
        success: true,
        message: "MFA setup verified and enabled",
        data: tokens_of(finished)?,
    }))
}

/// The tokens that a set-up hands out: those of a sign-in that is complete by it.
fn tokens_of(finished: Finished) -> Result<Option<FullTokens>, Failure> {
    match finished.tokens {
        Tokens::Pair(pair) => Ok(Some(pair.into())),
        Tokens::Kept => Ok(None),
        Tokens::Cookie(_) | Tokens::Limited { .. } | Tokens::Renewed { .. } => {
            Err(Failure::misplaced_tokens())
        }
    }
}
