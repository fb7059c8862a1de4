//! Signing in and out, refreshing, and proving the password again, for programs.

use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::json::{Done, Json, done};
use crate::accounts::sessions::{self, SessionKind};
use crate::accounts::sign_in::{self, SignedIn};
use crate::accounts::tokens::{Pair, Tokens};
use crate::accounts::{Access, passwords, refresh as refreshing};
use crate::activity::Door;
use crate::clock::unix_millis;
use crate::crypto::password::Password;
use crate::crypto::token::{self, Kind};
use crate::db::write;
use crate::mfa::Method;
use crate::web::access::{self, Asking};
use crate::web::error::{ApiError, ErrorBody, Failure};
use crate::web::origin::origin;

/// An address and a password.
#[derive(Deserialize, utoipa::ToSchema)]
pub(in crate::web) struct LoginBody {
    /// The account's address.
    email: String,
    /// Its password.
    password: String,
}

/// A sign-in, complete or waiting for a second factor.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoginAnswer {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// Opens the API; only the routes for finishing the sign-in when a second factor is owed.
    access_token: String,
    /// Renews the access token; absent while a second factor is owed.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// The session's id.
    token_id: String,
    /// Until when the access token works, in Unix milliseconds.
    expires_at: i64,
    /// Who signed in.
    user: LoginUser,
    /// A second factor is owed; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa_required: Option<bool>,
    /// The methods that can be used for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<super::status::MfaType>>)]
    mfa_methods: Option<Vec<Method>>,
    /// The one to ask for first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<super::status::MfaType>)]
    primary_method: Option<Method>,
    /// A second factor has to be set up before anything else; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa_setup_required: Option<bool>,
}

/// Who signed in.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoginUser {
    /// The account's id.
    id: String,
    /// Its address.
    email: String,
    /// First and last name.
    name: String,
    /// The organization's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    org_id: Option<String>,
    /// The role's number there.
    #[serde(skip_serializing_if = "Option::is_none")]
    org_role: Option<i32>,
}

impl LoginAnswer {
    pub(super) fn new(signed_in: SignedIn) -> Result<Self, Failure> {
        let SignedIn { caller, tokens } = signed_in;
        let (access_token, expires_at, refresh_token) = match tokens {
            Tokens::Pair(Pair {
                access,
                access_expires_at,
                refresh,
            }) => (access, access_expires_at, Some(refresh)),
            Tokens::Limited { token, expires_at } => (token, expires_at, None),
            Tokens::Cookie(_) | Tokens::Kept | Tokens::Renewed { .. } => {
                return Err(Failure::misplaced_tokens());
            }
        };
        let owes = caller.access == Access::FactorOwed;
        Ok(Self {
            success: true,
            access_token: access_token.expose().to_owned(),
            refresh_token: refresh_token.map(|token| token.expose().to_owned()),
            token_id: caller.session.id,
            expires_at: unix_millis(expires_at),
            mfa_required: owes.then_some(true),
            mfa_methods: owes.then(|| caller.status.offered_methods()),
            primary_method: caller.status.offered_first().filter(|_| owes),
            mfa_setup_required: (caller.access == Access::MustEnrol).then_some(true),
            user: LoginUser {
                name: caller.user.full_name(),
                org_role: caller
                    .user
                    .organization_id
                    .as_ref()
                    .map(|_| caller.user.role),
                id: caller.user.id,
                email: caller.user.email,
                org_id: caller.user.organization_id,
            },
        })
    }
}

/// Signs in with address and password.
#[utoipa::path(
    post, path = "/user/login", tag = "Sign-in", request_body = LoginBody, security(()),
    responses(
        (status = 200, body = LoginAnswer),
        (status = 401, body = ErrorBody),
        (status = 429, body = ErrorBody),
    )
)]
pub(in crate::web) async fn login(
    http: HttpRequest,
    body: Json<LoginBody>,
) -> Result<HttpResponse, ApiError> {
    let Json(LoginBody { email, password }) = body;
    let signed_in = sign_in::with_password(
        access::app(&http)?,
        &origin(&http, Door::Api),
        SessionKind::Api,
        &email,
        Password::new(password),
    )
    .await?;
    Ok(HttpResponse::Ok().json(LoginAnswer::new(signed_in)?))
}

/// A refresh token, under either of the names that clients use.
#[derive(Deserialize, utoipa::ToSchema)]
pub(in crate::web) struct RefreshBody {
    /// The refresh token.
    #[serde(alias = "refreshToken")]
    refresh_token: String,
}

/// The next pair of tokens.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefreshAnswer {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// The access token, under its older name.
    token: String,
    /// The access token.
    access_token: String,
    /// The next refresh token.
    refresh_token: String,
    /// Until when the access token works, in Unix milliseconds.
    expires_at: i64,
}

/// Exchanges a refresh token for the next pair.
#[utoipa::path(
    post, path = "/user/refresh", tag = "Sign-in", request_body = RefreshBody, security(()),
    responses(
        (status = 200, body = RefreshAnswer),
        (status = 401, body = ErrorBody),
        (status = 429, body = ErrorBody),
    )
)]
pub(in crate::web) async fn refresh(
    http: HttpRequest,
    body: Json<RefreshBody>,
) -> Result<HttpResponse, ApiError> {
    let origin = origin(&http, Door::Api);
    let Json(RefreshBody { refresh_token }) = body;
    let pair = access::app(&http)?
        .db(move |app, conn| refreshing::refresh(conn, app, &origin, &refresh_token))
        .await?;
    Ok(HttpResponse::Ok().json(RefreshAnswer {
        success: true,
        token: pair.access.expose().to_owned(),
        access_token: pair.access.expose().to_owned(),
        refresh_token: pair.refresh.expose().to_owned(),
        expires_at: unix_millis(pair.access_expires_at),
    }))
}

/// What to sign out of besides the bearer token's session; may be left out.
#[derive(Deserialize, utoipa::ToSchema)]
pub(in crate::web) struct LogoutBody {
    /// A refresh token of the session.
    #[serde(alias = "refreshToken", default)]
    refresh_token: Option<String>,
}

/// Ends the session of the bearer token or of the refresh token, live or not.
#[utoipa::path(
    post, path = "/user/logout", tag = "Sign-in", request_body = Option<LogoutBody>,
    security(("bearer" = ["limited"]), ()),
    responses(
        (status = 200, body = Done),
    )
)]
pub(in crate::web) async fn logout(
    http: HttpRequest,
    body: Json<LogoutBody>,
) -> Result<HttpResponse, ApiError> {
    let bearer = access::bearer(&http).and_then(sessions::parse_bearer);
    let refresh = body
        .0
        .refresh_token
        .and_then(|text| token::parse(Kind::Refresh, &text));
    let presented: Vec<_> = bearer.into_iter().chain(refresh).collect();
    let origin = origin(&http, Door::Api);
    access::app(&http)?
        .db(move |app, conn| {
            write(conn, |conn| {
                sessions::sign_out(conn, app, &origin, &presented, app.clock.now())
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(done("Signed out")))
}

/// A password, as a proof.
#[derive(Deserialize, utoipa::ToSchema)]
pub(in crate::web) struct VerifyPasswordBody {
    /// The account's password.
    password: String,
}

/// Proves the password again, so that what needs a fresh proof can be done. Accounts that owe a second
/// factor prove that instead.
#[utoipa::path(
    post, path = "/user/verify-password", tag = "Sign-in", request_body = VerifyPasswordBody,
    security(("bearer" = ["enrolling"])),
    responses(
        (status = 200, body = Done), (status = 429, body = ErrorBody),
    )
)]
pub(in crate::web) async fn verify_password(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<VerifyPasswordBody>,
) -> Result<HttpResponse, ApiError> {
    let password = Password::new(body.0.password);
    let origin = origin(&http, Door::Api);
    passwords::prove(access::app(&http)?, &origin, &caller, password).await?;
    Ok(HttpResponse::Ok().json(done("Password verified")))
}
