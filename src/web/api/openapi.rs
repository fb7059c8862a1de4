//! The OpenAPI document, made from the handlers. A test compares it with the route table.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::Method;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{RefOr, Required, Schema};

use super::{
    adoption, examples, health, magic_link, members, organization, passkey, password, profile,
    refusals, sessions, settings, setup, sign_in, status, verify,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Countersign",
        description = "Multi-factor authentication: what is this account's MFA status, and what makes it so. \
            Scopes of the bearer scheme: `limited` routes are open while a second factor is owed, \
            `enrolling` routes while one has to be set up, `full` routes need full access, \
            `step_up` routes a recent proof too, `strong_step_up` routes one by more than a backup code.",
    ),
    paths(
        status::status, status::stream, status::methods,
        setup::setup, setup::verify_setup, verify::verify_login,
        settings::enable, settings::disable, settings::primary, settings::reset, settings::backup_codes,
        magic_link::send, magic_link::activate,
        passkey::complete_registration, passkey::complete_registration_1, passkey::auth_options,
        passkey::list, passkey::rename, passkey::remove, passkey::login_options, passkey::login,
        sign_in::login, sign_in::refresh, sign_in::logout, sign_in::verify_password,
        password::request_reset, password::reset,
        profile::profile, profile::update,
        sessions::tokens, sessions::revoke_token,
        sessions::sessions, sessions::revoke_all, sessions::revoke,
        organization::enforce, organization::organization, organization::change_organization,
        adoption::adoption, adoption::members, adoption::members_csv, adoption::rehearsal, adoption::rehearsal_csv,
        members::list, members::show, members::add, members::update, members::remove, members::change_role,
        health::live, health::ready, json,
    ),
    modifiers(&Bearer, &Completed),
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

/// What holds for every operation and is said once: its id, its refusals, its headers, and examples.
struct Completed;

impl utoipa::Modify for Completed {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                operation.operation_id = Some(id_of(&method, path));
                plain_body(operation);
                refusals::complete(&method, path, operation);
            }
        }
        examples::add(document);
    }
}

/// The operations of a path.
pub(super) fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    [
        (Method::GET, &mut item.get),
        (Method::PUT, &mut item.put),
        (Method::POST, &mut item.post),
        (Method::DELETE, &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// An id that no other operation has, as functions of clients are called by it: `post_mfa_setup`.
fn id_of(method: &Method, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    let words: Vec<&str> = std::iter::once(method.as_str()).chain(words).collect();
    words.join("_").to_lowercase()
}

/// A body that may be left out is still an object and never `null`, which is what an `Option` would say.
fn plain_body(operation: &mut Operation) {
    let Some(RefOr::T(body)) = &mut operation.request_body else {
        return;
    };
    for content in body.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        if let Some(RefOr::T(Schema::OneOf(either))) = &content.schema {
            content.schema = either
                .items
                .iter()
                .find(|item| matches!(item, RefOr::Ref(_)))
                .cloned();
            body.required = Some(Required::False);
        }
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
    responses((status = 200, description = "An OpenAPI 3.1 document", content_type = "application/json", body = Object))
)]
pub(in crate::web) async fn json() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(JSON.as_slice())
}
