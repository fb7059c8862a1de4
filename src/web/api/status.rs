//! `GET /mfa/status`, `/mfa/status/stream` and `/mfa/methods`: the status as programs read it.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use data_encoding::HEXLOWER;
use serde::Serialize;

use super::forecast::LockoutForecast;
use super::json::data;
use crate::accounts::{Access, Caller};
use crate::clock::rfc3339;
use crate::mfa::{Method, MethodState, Status};
use crate::web::access::{self, Asking};
use crate::web::error::{ApiError, ErrorBody, Failure, Refusal};
use crate::web::stream::{self, Key};

/// An account's MFA status.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MfaStatus {
    /// At least one method can be used to sign in.
    is_enabled: bool,
    /// A second factor is demanded of this account, now or from an announced day.
    is_required: bool,
    /// The organization's requirement is in force for this account.
    is_enforced: bool,
    /// The methods that can be used.
    #[schema(value_type = Vec<MfaType>, example = json!([Method::Totp, Method::Passkey]))]
    enabled_methods: Vec<Method>,
    /// The method asked for first; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MfaType>)]
    primary_method: Option<Method>,
    /// The presented token has full access now.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_verified: Option<bool>,
    /// When an announced requirement comes into force.
    #[serde(skip_serializing_if = "Option::is_none")]
    enforced_from: Option<String>,
    /// Unused backup codes; absent when no set was ever issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    backup_codes_left: Option<u32>,
    /// What a lost phone would leave; absent where the password alone is enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    lockout_forecast: Option<LockoutForecast>,
}

impl MfaStatus {
    /// The status as the API writes it. `session_verified` is left out where there is no session.
    pub(crate) fn new(status: &Status, session_verified: Option<bool>) -> Self {
        Self {
            is_enabled: status.is_enabled,
            is_required: status.is_required,
            is_enforced: status.is_enforced,
            enabled_methods: status.enabled_methods.clone(),
            primary_method: status.primary_method,
            session_verified,
            enforced_from: status.enforced_from.map(rfc3339),
            backup_codes_left: status.backup_codes_left,
            lockout_forecast: LockoutForecast::of(status),
        }
    }
}

/// The status of an account as the API writes it, where no session asks.
pub fn mfa_status_json(status: &Status) -> String {
    serde_json::to_string(&MfaStatus::new(status, None)).unwrap_or_default()
}

/// The words for methods.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(dead_code)] // only the document's
pub(super) enum MfaType {
    /// An authenticator app (RFC 6238).
    GoogleAuth,
    /// A link mailed to the account's address.
    MagicLink,
    /// A WebAuthn credential.
    Passkey,
}

/// One method, as the list of methods describes it.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MethodItem {
    /// Which one.
    #[serde(rename = "type")]
    #[schema(value_type = MfaType)]
    method: Method,
    /// Its name for people.
    name: &'static str,
    /// What it is, in a sentence.
    description: &'static str,
    /// It can be set up here and now.
    is_available: bool,
    /// It has been set up and proved.
    is_configured: bool,
    /// It can be used to sign in.
    is_enabled: bool,
}

impl From<&MethodState> for MethodItem {
    fn from(state: &MethodState) -> Self {
        let (name, description) = match state.method {
            Method::Totp => (
                "Authenticator app",
                "A six-digit code that an app shows, new every 30 seconds",
            ),
            Method::MagicLink => (
                "Email link",
                "A link sent to the account's email address, good for one sign-in",
            ),
            Method::Passkey => (
                "Passkey",
                "A fingerprint, face or device PIN, or a security key",
            ),
        };
        Self {
            method: state.method,
            name,
            description,
            is_available: state.is_available,
            is_configured: state.is_configured,
            is_enabled: state.is_enabled,
        }
    }
}

/// The caller's MFA status.
#[utoipa::path(
    get, path = "/mfa/status", tag = "MFA", security(("bearer" = ["limited"])),
    responses(
        (status = 200, body = inline(super::json::Data<MfaStatus>),
            headers(("ETag" = String, description = "Changes when the answer does"))),
        (status = 304, description = "Unchanged since the ETag in If-None-Match",
            headers(("ETag" = String, description = "The same"))),
        (status = 500, body = ErrorBody, description = "Failed to get MFA status"),
    )
)]
pub(in crate::web) async fn status(
    http: HttpRequest,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let body = status_of(&caller)?;
    let etag = format!("\"{}\"", fingerprint(&body));
    let mut response = if is_unchanged(&http, &etag) {
        HttpResponse::NotModified().finish()
    } else {
        HttpResponse::Ok()
            .content_type("application/json")
            .body(body)
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Authorization"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

/// What a caller is told of their status.
pub(in crate::web) fn status_of(caller: &Caller) -> Result<Vec<u8>, Failure> {
    let verified = caller.access == Access::Full;
    serde_json::to_vec(&data(MfaStatus::new(&caller.status, Some(verified))))
        .map_err(|error| Failure::Internal(error.to_string()))
}

/// What changes when an answer does: half of its hash.
pub(in crate::web) fn fingerprint(body: &[u8]) -> String {
    let hash = crate::crypto::token::hash_bytes(body);
    HEXLOWER.encode(hash.get(..16).unwrap_or_default())
}

/// Whether the client holds this very answer already (RFC 9110 section 13.1.2).
fn is_unchanged(http: &HttpRequest, etag: &str) -> bool {
    http.headers()
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}

/// The caller's MFA status, now and whenever it may have changed.
///
/// Server-sent events. `status` has the same data as the answer of `GET /mfa/status`: the first comes at once, unless
/// `Last-Event-ID` is the id that it would have; the next ones within two seconds after the account, its methods or its
/// organization's rules have changed, wherever that was done. `end` says that the token opens nothing any more; the stream
/// ends with it. It ends also when the server is about to stop, and is to be opened again with the last id.
#[utoipa::path(
    get, path = "/mfa/status/stream", tag = "MFA", security(("bearer" = ["limited"])),
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that arrived")),
    responses(
        (status = 200, content_type = "text/event-stream", body = String),
        (status = 429, body = ErrorBody, description = "Sixteen streams of this account are open"),
        (status = 500, body = ErrorBody, description = "Failed to follow MFA status"),
    )
)]
pub(in crate::web) async fn stream(
    http: HttpRequest,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let token = access::bearer(&http).ok_or(Refusal::NoToken)?.to_owned();
    Ok(stream::open(&http, &caller, Key::Bearer(token), None)?)
}

/// Every method there is, and what the caller can do with it.
#[utoipa::path(
    get, path = "/mfa/methods", tag = "MFA", security(("bearer" = ["limited"])),
    responses(
        (status = 200, body = inline(super::json::Data<Vec<MethodItem>>)),
        (status = 500, body = ErrorBody, description = "Failed to get MFA methods"),
    )
)]
pub(in crate::web) async fn methods(Asking(caller): Asking) -> HttpResponse {
    let items: Vec<MethodItem> = caller.status.methods.iter().map(MethodItem::from).collect();
    HttpResponse::Ok().json(data(items))
}
