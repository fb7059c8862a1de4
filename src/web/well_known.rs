//! `/.well-known/...`: what browsers and password managers ask a site for.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::access;
use super::error::{ApiError, Refusal};

/// `GET /.well-known/passkey-endpoints` (W3C, "A Well-Known URL for Relying Party Passkey Endpoints").
pub(super) async fn passkey_endpoints(http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let app = access::app(&http)?;
    app.relying_party().map_err(|_| Refusal::NotFound)?;
    let origin = app.config.public_url.origin();
    Ok(HttpResponse::Ok().json(json!({
        "enroll": format!("{origin}/security/passkeys/add"),
        "manage": format!("{origin}/security#passkeys"),
    })))
}

/// `GET /.well-known/change-password` (W3C, "A Well-Known URL for Changing Passwords").
pub(super) async fn change_password() -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, "/security/password"))
        .finish()
}

/// `GET /.well-known/webauthn`: which other origins may use the passkeys of this one (WebAuthn L3, section 5.11).
pub(super) async fn webauthn(http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let app = access::app(&http)?;
    let rp = app.relying_party().map_err(|_| Refusal::NotFound)?;
    if rp.related_origins().is_empty() {
        return Err(Refusal::NotFound.into());
    }
    Ok(HttpResponse::Ok().json(json!({"origins": rp.related_origins()})))
}
