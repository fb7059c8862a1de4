//! The OpenAPI document, made from the handlers. A test compares it with the route table.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

use super::{health, profile, sessions, sign_in, status};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Countersign",
        description = "Multi-factor authentication: what is this account's MFA status, and what makes it so. \
            Scopes of the bearer scheme: `limited` routes are open while a second factor is owed, \
            `enrolling` routes while one has to be set up, `full` routes need full access, \
            `step_up` routes a recent proof too.",
    ),
    paths(
        status::status, status::methods,
        sign_in::login, sign_in::refresh, sign_in::logout, sign_in::verify_password,
        profile::profile, profile::update,
        sessions::tokens, sessions::revoke_token,
        sessions::sessions, sessions::revoke_all, sessions::revoke,
        health::live, health::ready, json,
    ),
    modifiers(&Bearer),
)]
struct Document;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        document
            .components
            .get_or_insert_default()
            .add_security_scheme(
                "bearer",
                SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
            );
    }
}

/// The document.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

static JSON: LazyLock<Vec<u8>> =
    LazyLock::new(|| serde_json::to_vec(&document()).unwrap_or_default());

/// This document.
#[utoipa::path(
    get, path = "/openapi.json", tag = "Health", security(()),
    responses((status = 200, description = "An OpenAPI 3.1 document"))
)]
pub(in crate::web) async fn json() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(JSON.as_slice())
}
