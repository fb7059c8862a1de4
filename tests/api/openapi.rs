//! The document that describes the API: the same routes, the same access and the same answers as the server.

use std::collections::{BTreeMap, BTreeSet};

use countersign::web::{Face, ROUTES, Who};
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, TestApp};

/// One documented operation.
pub struct Operation {
    pub method: String,
    pub path: String,
    /// The scopes of each alternative; an empty list stands for no token at all.
    pub security: Vec<Vec<String>>,
    pub statuses: BTreeSet<u16>,
    pub has_body: bool,
}

impl Operation {
    /// Whether this is only open to a bearer with this scope.
    pub fn asks_for(&self, scope: &str) -> bool {
        self.security
            .iter()
            .all(|scopes| scopes.iter().any(|known| known == scope))
    }

    /// The path with something in place of its parameters.
    pub fn concrete_path(&self, id: &str) -> String {
        self.path.replace("{id}", id)
    }

    /// The method for the client.
    pub fn verb(&self) -> reqwest::Method {
        self.method.parse().unwrap()
    }
}

/// Every documented operation.
pub fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(countersign::web::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if !["get", "put", "post", "delete", "patch"].contains(&method.as_str()) {
                continue;
            }
            let scopes = |requirement: &Value| match requirement.get("bearer") {
                Some(scopes) => serde_json::from_value(scopes.clone()).unwrap(),
                None => Vec::new(),
            };
            found.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                security: operation["security"]
                    .as_array()
                    .unwrap_or_else(|| panic!("{method} {path} says nothing about access"))
                    .iter()
                    .map(scopes)
                    .collect(),
                statuses: operation["responses"]
                    .as_object()
                    .unwrap()
                    .keys()
                    .map(|status| status.parse().unwrap())
                    .collect(),
                has_body: operation.get("requestBody").is_some(),
            });
        }
    }
    found
}

/// What the document has to say about a route of this kind.
fn documented(who: Who, path: &str) -> Vec<Vec<String>> {
    let bearer = |scopes: &[&str]| scopes.iter().map(ToString::to_string).collect();
    match who {
        // A bearer token says what to sign out of, but need not be there.
        Who::Anyone if path == "/user/logout" => vec![bearer(&["limited"]), Vec::new()],
        Who::Anyone => vec![Vec::new()],
        Who::AnySession => vec![bearer(&["limited"])],
        Who::Enrolling => vec![bearer(&["enrolling"])],
        Who::EnrollingStepUp => vec![bearer(&["enrolling", "step_up"])],
        Who::Full => vec![bearer(&["full"])],
        Who::StepUp => vec![bearer(&["full", "step_up"])],
        Who::StrongStepUp => vec![bearer(&["full", "strong_step_up"])],
    }
}

#[test]
fn the_document_and_the_route_table_name_the_same_routes_with_the_same_access() {
    let table: BTreeMap<_, _> = ROUTES
        .iter()
        .filter(|row| row.face == Face::Api)
        .map(|row| {
            let key = (row.path.to_owned(), row.method.to_string());
            (key, documented(row.who, row.path))
        })
        .collect();
    let document: BTreeMap<_, _> = operations()
        .into_iter()
        .map(|operation| ((operation.path, operation.method), operation.security))
        .collect();
    assert_eq!(document, table);
}

#[test]
fn every_operation_documents_the_answers_it_can_give() {
    for operation in operations() {
        let name = format!("{} {}", operation.method, operation.path);
        let mut expected = BTreeSet::from([500]);
        if !operation.path.starts_with("/mfa/") {
            expected.insert(503);
        }
        if operation.security.iter().all(|scopes| !scopes.is_empty()) {
            expected.insert(401);
            if !operation.asks_for("limited") {
                expected.insert(403);
            }
        }
        if operation.has_body {
            expected.extend([400, 408, 413, 415]);
        }
        if operation.path.contains("{id}") {
            expected.insert(404);
        }
        let missing: Vec<_> = expected.difference(&operation.statuses).collect();
        assert!(missing.is_empty(), "{name} lacks {missing:?}");
        assert!(operation.statuses.contains(&200), "{name}");
    }
}

#[test]
fn every_answer_of_the_document_is_described_and_every_refusal_has_the_one_shape() {
    let document = serde_json::to_value(countersign::web::openapi()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let name = format!("{method} {path} {status}");
                let described = answer["description"].as_str().unwrap_or_default();
                assert!(!described.is_empty(), "{name} is not described");
                if status.starts_with(['4', '5']) {
                    let shape = answer.pointer("/content/application~1json/schema/allOf/0/$ref");
                    assert_eq!(
                        shape,
                        Some(&json!("#/components/schemas/ErrorBody")),
                        "{name}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_500_of_mfa_is_documented_with_the_sentence_that_the_route_says() {
    let document = serde_json::to_value(countersign::web::openapi()).unwrap();
    for row in ROUTES.iter().filter(|row| row.path.starts_with("/mfa/")) {
        let method = row.method.as_str().to_lowercase();
        let operation = &document["paths"][row.path][&method];
        let said = operation.pointer("/responses/500/description");
        assert_eq!(said, Some(&json!(row.failure)), "{method} {}", row.path);
    }
}

#[actix_web::test]
async fn the_document_is_openapi_3_1_and_open_to_everybody() {
    let app = TestApp::spawn().await;
    let answer = app.stranger().get("/openapi.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.text("/openapi").starts_with("3.1."));
    assert_eq!(
        answer.text("/components/securitySchemes/bearer/scheme"),
        "bearer"
    );
    assert_eq!(
        answer.body,
        serde_json::to_value(countersign::web::openapi()).unwrap()
    );
}

#[test]
fn these_are_the_routes_of_the_api() {
    let lines: Vec<String> = operations()
        .into_iter()
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    GET /health/live
    GET /health/ready
    POST /mfa/backup-codes
    POST /mfa/disable
    POST /mfa/enable
    POST /mfa/magic-link/activate
    POST /mfa/magic-link/send
    GET /mfa/methods
    GET /mfa/organization/adoption
    POST /mfa/organization/enforce
    GET /mfa/organization/members
    GET /mfa/organization/members.csv
    GET /mfa/organization/rehearsal
    GET /mfa/organization/rehearsal.csv
    POST /mfa/passkey/auth-options
    POST /mfa/passkey/complete-registration
    POST /mfa/passkey/complete-registration-1
    GET /mfa/passkeys
    DELETE /mfa/passkeys/{id}
    PUT /mfa/passkeys/{id}
    POST /mfa/primary
    POST /mfa/reset
    POST /mfa/setup
    GET /mfa/status
    GET /mfa/status/stream
    POST /mfa/verify-login
    POST /mfa/verify-setup
    GET /openapi.json
    GET /organization/users
    POST /organization/users
    DELETE /organization/users/{id}
    GET /organization/users/{id}
    PUT /organization/users/{id}
    GET /organization/{id}
    PUT /organization/{id}
    GET /sessions
    POST /sessions/revoke-all
    POST /sessions/{id}/revoke
    GET /token
    DELETE /token/{id}
    POST /user/login
    POST /user/login/passkey
    POST /user/login/passkey/options
    POST /user/logout
    GET /user/profile
    POST /user/refresh
    POST /user/request-reset-password
    POST /user/reset-password
    POST /user/verify-password
    PUT /user/{id}
    PUT /user/{id}/role
    ");
}

/// The words of `error_code` that the document lists.
pub fn documented_codes() -> BTreeSet<String> {
    let document = serde_json::to_value(countersign::web::openapi()).unwrap();
    let words = &document["components"]["schemas"]["ErrorCode"]["enum"];
    serde_json::from_value(words.clone()).unwrap()
}

#[actix_web::test]
async fn the_server_gives_no_answer_that_the_document_does_not_know() {
    let app = TestApp::spawn().await;
    let (_, full) = app.user().signed_in().await;
    let (gated, at_gate) = app.user().signed_in().await;
    app.db_change_user(&gated.id, |user| user.mfa_required = true);
    let (_, stale) = app.user().signed_in().await;
    let (owing, limited) = app.user().signed_in().await;
    app.db_add_factor(&owing.id, countersign::mfa::Method::Totp);
    let stranger = app.stranger();
    let dead = stranger.with_token("cs_at_dead");
    app.advance(chrono::TimeDelta::minutes(11));
    let fresh = json!({"password": PASSWORD});
    full.post("/user/verify-password", fresh).await.ok();

    let codes = documented_codes();
    for operation in operations() {
        let path = operation.concrete_path("unknown");
        let callers = [&stranger, &dead, &limited, &at_gate, &stale, &full];
        let bodies = [
            None,
            Some(("text/plain", "hello".to_owned())),
            Some(("application/json", "{".to_owned())),
            Some(("application/json", "[]".to_owned())),
            Some(("application/json", "{\"email\":1}".to_owned())),
            Some(("application/json", " ".repeat(70_000))),
        ];
        for caller in callers {
            for body in &bodies {
                // It would end the session that the next requests are sent with.
                if operation.path == "/user/logout" && body.is_none() {
                    continue;
                }
                let mut request = caller.request(operation.verb(), &path);
                if let Some((kind, text)) = body {
                    request = request.header("content-type", *kind).body(text.clone());
                }
                let answer = Answer::of(request.send().await.unwrap()).await;
                let what = format!(
                    "{} {path}: {} {}",
                    operation.method, answer.status, answer.body
                );
                assert!(operation.statuses.contains(&answer.status), "{what}");
                assert!(answer.status < 500, "{what}");
                if answer.status >= 400 {
                    assert!(codes.contains(answer.code()), "{what}");
                    answer.refused(answer.status, answer.code());
                }
            }
        }
    }
}
