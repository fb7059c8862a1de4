//! `POST /mfa/setup` and `POST /mfa/verify-setup`: setting a method up and proving it.

use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::json::{Data, Json, data};
use super::magic_link::{self, MagicLinkSetup};
use super::passkey::{self, PasskeySetup};
use super::status::MfaType;
use crate::accounts::Caller;
use crate::accounts::email_link;
use crate::accounts::factors::{self, Started};
use crate::accounts::tokens::{Pair, Tokens};
use crate::activity::Door as RequestDoor;
use crate::clock::unix_millis;
use crate::mfa::Method;
use crate::mfa::passkey::Door;
use crate::web::access::{self, Asking};
use crate::web::credential::RegistrationCredential;
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

/// What there is to set up with.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub(super) enum SetupData {
    /// For an authenticator app.
    App(AppSetup),
    /// For a passkey.
    Passkey(Box<PasskeySetup>),
    /// For the email link.
    MagicLink(MagicLinkSetup),
}

/// Which method, and, of a passkey, which kind. Other fields that clients send have no effect.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct SetupBody {
    /// The method.
    #[schema(value_type = MfaType)]
    mfa_type: String,
    /// A passkey on a security key: it takes none of the key's few places for passkeys that sign in alone.
    #[serde(default)]
    security_key: bool,
    /// Where the email link goes: the account's own address, or nothing.
    #[serde(default)]
    email: Option<String>,
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
    post, path = "/mfa/setup", tag = "MFA", request_body = SetupBody,
    security(("bearer" = ["enrolling", "step_up"])),
    responses(
        (status = 200, body = inline(Data<SetupData>)),
        (status = 429, body = ErrorBody),
        (status = 500, body = ErrorBody, description = "Failed to setup MFA"), (status = 503, body = ErrorBody),
    )
)]
pub(in crate::web) async fn setup(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<SetupBody>,
) -> Result<HttpResponse, ApiError> {
    match method(&body.0.mfa_type)? {
        Method::Totp => {
            let origin = origin(&http, RequestDoor::Api);
            let app = access::app(&http)?;
            let started = factors::start_totp_with_codes(app, &origin, &caller).await?;
            Ok(HttpResponse::Ok().json(data(SetupData::App(AppSetup::new(&started)?))))
        }
        Method::Passkey => {
            let door = match body.0.security_key {
                true => Door::SecurityKey,
                false => Door::Passkey,
            };
            let started = passkey::start(&http, &caller, door).await?;
            Ok(HttpResponse::Ok().json(data(SetupData::Passkey(Box::new(started)))))
        }
        Method::MagicLink => {
            let started = magic_link::start(&http, &caller, body.0.email.as_deref()).await?;
            Ok(HttpResponse::Ok().json(data(SetupData::MagicLink(started))))
        }
    }
}

/// The first proof of a method.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct VerifySetupBody {
    /// The method.
    #[schema(value_type = MfaType)]
    mfa_type: String,
    /// The six digits that the app shows, or that the activation mail brought.
    #[serde(default)]
    code: Option<String>,
    /// What the authenticator answered, of a passkey.
    #[serde(default)]
    credential: Option<RegistrationCredential>,
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

impl VerifySetupAnswer {
    pub(super) const fn new(message: &'static str, data: Option<FullTokens>) -> Self {
        Self {
            success: true,
            message,
            data,
        }
    }
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
    let VerifySetupBody {
        mfa_type,
        code,
        credential,
    } = body.0;
    let tokens = match method(&mfa_type)? {
        Method::Totp => {
            let (caller, origin) = (Caller::clone(&caller), origin(&http, RequestDoor::Api));
            let code = code.unwrap_or_default();
            let finished = access::app(&http)?
                .db(move |app, conn| factors::finish_totp(conn, app, &origin, &caller, &code))
                .await?;
            finished.tokens
        }
        Method::Passkey => {
            let refused = Refusal::SetupNotProved(None);
            let credential = credential.ok_or_else(|| refused.clone())?;
            let added = passkey::finish(&http, &caller, credential, None, None, refused).await?;
            added.tokens
        }
        Method::MagicLink => {
            let (caller, origin) = (Caller::clone(&caller), origin(&http, RequestDoor::Api));
            let code = code.unwrap_or_default();
            let finished = access::app(&http)?
                .db(move |app, conn| email_link::finish_by_code(conn, app, &origin, &caller, &code))
                .await?;
            finished.tokens
        }
    };
    Ok(HttpResponse::Ok().json(VerifySetupAnswer::new(
        "MFA setup verified and enabled",
        tokens_of(tokens)?,
    )))
}

/// The tokens that a set-up hands out: those of a sign-in that is complete by it.
pub(super) fn tokens_of(tokens: Tokens) -> Result<Option<FullTokens>, Failure> {
    match tokens {
        Tokens::Pair(pair) => Ok(Some(pair.into())),
        Tokens::Kept => Ok(None),
        Tokens::Cookie(_) | Tokens::Limited { .. } | Tokens::Renewed { .. } => {
            Err(Failure::misplaced_tokens())
        }
    }
}
