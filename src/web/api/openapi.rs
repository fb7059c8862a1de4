//! The OpenAPI document, made from the handlers. A test compares it with the route table.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder};

use super::{
    adoption, health, magic_link, members, organization, passkey, password, profile, sessions,
    settings, setup, sign_in, status, verify,
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
        status::status, status::methods,
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
    modifiers(&Bearer, &Refusals),
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

/// Adds the refusals that follow from what an operation is. Handlers name only those that do not.
struct Refusals;

impl utoipa::Modify for Refusals {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            for operation in operations(item) {
                complete(path, operation);
            }
        }
    }
}

/// The schema of every refusal.
const ERROR_BODY: &str = "ErrorBody";

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
    ]
    .into_iter()
    .flatten()
}

fn complete(path: &str, operation: &mut Operation) {
    let scopes = serde_json::to_value(&operation.security).unwrap_or_default();
    let has_scope = |scope: &str| {
        let all = scopes.as_array().map(Vec::as_slice).unwrap_or_default();
        let names = all.iter().filter_map(|one| one.get("bearer")?.as_array());
        names.flatten().any(|name| name == scope)
    };
    let is_open = operation.security.as_ref().is_none_or(|all| {
        let open = utoipa::openapi::SecurityRequirement::default();
        all.contains(&open)
    });
    let mut statuses = vec!["500"];
    // The routes of MFA answer a database that is away with their 500.
    if !path.starts_with("/mfa/") {
        statuses.push("503");
    }
    if !is_open {
        statuses.push("401");
        if !has_scope("limited") {
            statuses.push("403");
        }
    }
    if operation.request_body.is_some() {
        statuses.extend(["400", "408", "413", "415"]);
    }
    let answers = &mut operation.responses.responses;
    for status in statuses {
        answers.entry(status.to_owned()).or_insert_with(|| {
            let schema = Ref::from_schema_name(ERROR_BODY);
            let content = Content::new(Some(schema));
            RefOr::T(
                ResponseBuilder::new()
                    .content("application/json", content)
                    .build(),
            )
        });
    }
    for (status, answer) in answers {
        if let RefOr::T(answer) = answer
            && answer.description.is_empty()
        {
            meaning(status).clone_into(&mut answer.description);
        }
    }
}

/// What a status means, where the operation itself does not say it better.
fn meaning(status: &str) -> &'static str {
    match status {
        "200" => "Done",
        "400" => "The request cannot be read, or asks for what cannot be",
        "401" => "No credentials, or such that open nothing",
        "403" => {
            "A second factor or a recent proof is missing, a method has to be set up first, or it is not the \
             caller's to do"
        }
        "404" => "No such thing, or not the caller's",
        "408" => "The body took too long to arrive",
        "409" => "In conflict with the current state",
        "413" => "The body is over 64 KiB",
        "415" => "The body is not application/json",
        "429" => "Too many tries; Retry-After says when the next one counts",
        "500" => "It failed for the server's own reasons",
        "503" => "Not available right now; Retry-After says when to try again",
        _ => "",
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
