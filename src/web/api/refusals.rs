//! The refusals of each operation as the document lists them: those that follow from what an operation is, those of its
//! own, and the headers that come with them. What the tests are answered is held against this.

use actix_web::http::Method;
use serde_json::Value;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Content, Ref, RefOr, Response, Schema};

use crate::web::error::ErrorCode::{self, *};

/// The schema of every refusal.
const ERROR_BODY: &str = "ErrorBody";

/// What each operation answers beyond what follows from its body, its scopes and its path.
#[rustfmt::skip]
fn own(method: &Method, path: &str) -> &'static [ErrorCode] {
    match (method.as_str(), path) {
        ("GET", "/mfa/status/stream") => &[RateLimited],
        ("POST", "/mfa/setup") => &[InvalidMfaType, MethodNotAvailable, RateLimited, Busy, EmailUnavailable],
        ("POST", "/mfa/verify-setup") => &[InvalidMfaType, MethodNotAvailable, InvalidCode],
        ("POST", "/mfa/enable") => &[InvalidMfaType, MethodNotConfigured],
        ("POST", "/mfa/primary") => &[InvalidMfaType, MethodNotConfigured, MethodNotEnabled],
        ("POST", "/mfa/disable") => &[InvalidMfaType, MethodNotConfigured, LastMethodRequired],
        ("POST", "/mfa/reset") => &[Forbidden, NotFound, LastMethodRequired],
        ("POST", "/mfa/verify-login") => &[InvalidMfaType, MethodNotConfigured, MethodNotEnabled, InvalidCode, Locked, RateLimited, Busy],
        ("POST", "/mfa/passkey/auth-options") => &[MethodNotAvailable, MethodNotConfigured, MethodNotEnabled],
        ("POST", "/mfa/passkey/complete-registration" | "/mfa/passkey/complete-registration-1") => &[MethodNotAvailable, InvalidCode],
        ("POST", "/mfa/magic-link/send") => &[MethodNotConfigured, MethodNotEnabled, RateLimited, EmailUnavailable],
        ("POST", "/mfa/magic-link/activate") => &[LinkSpent, NotFound, RateLimited],
        ("DELETE", "/mfa/passkeys/{id}") => &[LastMethodRequired],
        ("POST", "/mfa/backup-codes") => &[MethodNotEnabled, Busy],
        ("POST", "/mfa/organization/enforce") => &[Forbidden, InvalidMfaType],
        ("GET", "/mfa/organization/adoption" | "/mfa/organization/members" | "/mfa/organization/members.csv") => &[InvalidRequest, Forbidden],
        ("GET", "/mfa/organization/rehearsal" | "/mfa/organization/rehearsal.csv") => &[InvalidRequest, Forbidden, InvalidMfaType],

        ("POST", "/user/login") => &[InvalidCredentials, RateLimited, Busy],
        ("POST", "/user/login/passkey") => &[InvalidCredentials, UnknownPasskey, RateLimited],
        ("POST", "/user/login/passkey/options") => &[MethodNotAvailable, RateLimited],
        ("POST", "/user/refresh") => &[Unauthenticated, RateLimited],
        ("POST", "/user/verify-password") => &[InvalidPassword, StepUpRequired, RateLimited, Busy],
        ("POST", "/user/request-reset-password") => &[RateLimited],
        ("POST", "/user/reset-password") => &[LinkSpent, PasswordTooShort, PasswordTooLong, PasswordCommon, PasswordGuessable, Busy],
        ("PUT", "/user/{id}") => &[InvalidPassword, PasswordTooShort, PasswordTooLong, PasswordCommon, PasswordGuessable, RateLimited, Busy],
        ("PUT", "/user/{id}/role") => &[Forbidden, Conflict],
        ("GET", "/organization/users") => &[InvalidRequest, Forbidden],
        ("POST", "/organization/users") => &[Forbidden, Conflict, PasswordTooShort, PasswordTooLong, PasswordCommon, PasswordGuessable, Busy],
        ("GET", "/organization/users/{id}") => &[InvalidRequest, Forbidden],
        ("PUT", "/organization/users/{id}") => &[Forbidden, Conflict],
        ("DELETE", "/organization/users/{id}") => &[InvalidRequest, Forbidden, Conflict],
        ("PUT", "/organization/{id}") => &[Forbidden],
        _ => &[],
    }
}

/// Every refusal of an operation, each once.
fn all(method: &Method, path: &str, operation: &Operation) -> Vec<ErrorCode> {
    let mut codes = vec![Internal];
    // The routes of MFA answer a database that is away with their 500.
    if !path.starts_with("/mfa/") {
        codes.push(Unavailable);
    }
    let is_open = |all: &Vec<_>| all.contains(&SecurityRequirement::default());
    if operation.security.as_ref().is_some_and(|all| !is_open(all)) {
        codes.push(Unauthenticated);
        if !has_scope(operation, &["limited"]) {
            codes.push(MfaRequired);
        }
        if has_scope(operation, &["full"]) {
            codes.push(MfaEnrolmentRequired);
        }
        if has_scope(operation, &["step_up", "strong_step_up"]) {
            codes.push(StepUpRequired);
        }
        // The account may be removed while its request is on the way.
        if method != Method::GET {
            codes.push(NotFound);
        }
    }
    if operation.request_body.is_some() {
        let of_a_body = [
            InvalidRequest,
            RequestTimeout,
            PayloadTooLarge,
            UnsupportedMediaType,
        ];
        codes.extend(of_a_body);
    }
    if path.contains("{id}") {
        codes.push(NotFound);
    }
    codes.extend(own(method, path));
    let mut once = Vec::new();
    for code in codes {
        if !once.contains(&code) {
            once.push(code);
        }
    }
    once
}

fn has_scope(operation: &Operation, wanted: &[&str]) -> bool {
    let scopes = serde_json::to_value(&operation.security).unwrap_or_default();
    let all = scopes.as_array().map(Vec::as_slice).unwrap_or_default();
    let names = all.iter().filter_map(|one| one.get("bearer")?.as_array());
    let mut names = names.flatten().filter_map(|name| name.as_str());
    names.any(|name| wanted.contains(&name))
}

/// Writes the refusals of an operation down, and describes the answers that the handler names without a word.
pub(super) fn complete(method: &Method, path: &str, operation: &mut Operation) {
    let codes = all(method, path, operation);
    let answers = &mut operation.responses.responses;
    for code in &codes {
        let status = code.status().as_str().to_owned();
        answers
            .entry(status)
            .or_insert_with(|| RefOr::T(Response::default()));
    }
    for (status, answer) in answers {
        let RefOr::T(answer) = answer else { continue };
        if answer.description.is_empty() {
            meaning(status).clone_into(&mut answer.description);
        }
        add_header(answer, "X-Request-Id", "Stands in the server's log too");
        if let "401" | "403" = status.as_str() {
            let words = "The challenge, as RFC 6750 and RFC 9470 have it";
            add_header(answer, "WWW-Authenticate", words);
        }
        if let "429" | "500" | "503" = status.as_str() {
            add_header(answer, "Retry-After", "Seconds to wait before the next try");
        }
        let with_status = codes.iter().filter(|code| code.status().as_str() == status);
        let words: Vec<_> = with_status
            .filter_map(|code| serde_json::to_value(code).ok())
            .collect();
        if !words.is_empty() {
            answer.content.clear();
            let content = Content::new(Some(body_with(words)));
            answer
                .content
                .insert("application/json".to_owned(), RefOr::T(content));
        }
    }
}

/// The body of a refusal with one of these words.
fn body_with(words: Vec<Value>) -> RefOr<Schema> {
    let word = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words));
    AllOfBuilder::new()
        .item(Ref::from_schema_name(ERROR_BODY))
        .item(ObjectBuilder::new().property("error_code", word))
        .into()
}

/// A header that an answer may have.
fn add_header(answer: &mut Response, name: &str, words: &str) {
    let kind = match name {
        "Retry-After" => Type::Integer,
        _ => Type::String,
    };
    let header = HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(kind)))
        .description(Some(words))
        .build();
    let header = RefOr::T(header);
    answer.headers.entry(name.to_owned()).or_insert(header);
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
