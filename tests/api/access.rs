//! Who gets where: limited tokens, the gate, stale proofs; what opens the API and what opens a page.

use chrono::TimeDelta;
use countersign::mfa::Method;
use countersign::web::{Face, ROUTES, Who};
use reqwest::Method as Verb;
use serde_json::json;

use crate::openapi::operations;
use crate::support::{Answer, PASSWORD, TestApp};

/// A body with which a route that lets the caller in would do something.
fn body_of(path: &str) -> serde_json::Value {
    match path {
        "/user/verify-password" => json!({"password": PASSWORD}),
        "/user/{id}" => json!({"name": "Mallory", "lastName": "Mallory"}),
        _ => json!({}),
    }
}

#[actix_web::test]
async fn a02_a_limited_token_opens_no_operation_that_the_document_does_not_open_to_it() {
    let app = TestApp::spawn().await;
    let (person, limited) = app.user().with_factor(Method::Totp).signed_in().await;
    let before = app.db_state();
    let mut tried = 0;
    for operation in operations() {
        if operation.asks_for("limited") || operation.security.iter().any(Vec::is_empty) {
            continue;
        }
        // Both a session of one's own and one's own account stand behind the id.
        for id in [&limited.session_id, &person.id] {
            let path = operation.concrete_path(id);
            let body = operation.has_body.then(|| body_of(&operation.path));
            let answer = limited.send(operation.verb(), &path, body).await;
            answer.refused(403, "mfa_required");
            let challenge = answer.header("www-authenticate").unwrap();
            assert!(
                challenge.contains("insufficient_user_authentication"),
                "{path}"
            );
            tried += 1;
        }
    }
    assert!(tried > 0);
    assert_eq!(app.db_state(), before);
}

#[actix_web::test]
async fn a02_the_routes_that_are_open_while_a_factor_is_owed_are_these() {
    let open: Vec<String> = operations()
        .into_iter()
        .filter(|operation| operation.asks_for("limited") || operation.path == "/user/logout")
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    assert_eq!(
        open,
        [
            "POST /mfa/magic-link/send",
            "GET /mfa/methods",
            "POST /mfa/passkey/auth-options",
            "GET /mfa/status",
            "GET /mfa/status/stream",
            "POST /mfa/verify-login",
            "POST /user/logout"
        ]
    );
}

#[actix_web::test]
async fn a02_without_a_live_token_no_operation_opens_that_the_document_does_not_open_to_everybody()
{
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let ended = person.sign_in().await;
    ended.post_nothing("/user/logout").await.ok();
    let before = app.db_state();
    let mut tried = 0;
    for operation in operations() {
        if operation.security.iter().any(Vec::is_empty) {
            continue;
        }
        let path = operation.concrete_path(&program.session_id);
        let body = || operation.has_body.then(|| body_of(&operation.path));
        let nobody = app.stranger().send(operation.verb(), &path, body()).await;
        nobody.refused(401, "unauthenticated");
        assert_eq!(nobody.header("www-authenticate"), Some("Bearer"), "{path}");
        let dead = ended.send(operation.verb(), &path, body()).await;
        dead.refused(401, "unauthenticated");
        let challenge = dead.header("www-authenticate");
        assert_eq!(challenge, Some("Bearer error=\"invalid_token\""), "{path}");
        tried += 1;
    }
    assert!(tried > 0);
    assert_eq!(app.db_state(), before);
}

#[actix_web::test]
async fn a05_a_browser_that_owes_a_factor_sees_and_changes_nothing() {
    let app = TestApp::spawn().await;
    let person = app.user().in_organization("Secret Society").create().await;
    let other = person.sign_in().await;
    app.db_add_factor(&person.id, Method::Passkey);
    let browser = person.browser().await;
    let pages = || ROUTES.iter().filter(|row| row.face == Face::Page);
    let before = app.db_state();
    for row in pages().filter(|row| !matches!(row.who, Who::Anyone | Who::AnySession)) {
        let page = if row.method == actix_web::http::Method::GET {
            browser.get(row.path).await
        } else {
            let form = [
                ("session", other.session_id.as_str()),
                ("password", PASSWORD),
                ("current_password", PASSWORD),
            ];
            let form: Vec<_> = form.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
            browser.post(row.path, &form).await
        };
        assert_eq!(page.status, 303, "{} {}", row.method, row.path);
        assert!(page.location().starts_with("/login/"), "{}", row.path);
        assert_eq!(page.html, "", "{}", row.path);
    }
    assert_eq!(app.db_state(), before);
    let recover = browser.get("/login/recover").await;
    assert_eq!(recover.status, 200);
    assert!(!recover.html.contains("Secret Society"));
    assert!(!recover.html.contains(&other.session_id));
}

#[actix_web::test]
async fn a07_a_limited_token_neither_lists_nor_ends_sessions() {
    let app = TestApp::spawn().await;
    let (person, full) = app.user().signed_in().await;
    app.db_add_factor(&person.id, Method::Totp);
    app.db_prove_factor(&full.session_id, Method::Totp);
    let limited = person.sign_in().await;
    let before = app.db_state();
    let token = format!("/token/{}", full.session_id);
    let session = format!("/sessions/{}/revoke", full.session_id);
    limited.get("/token").await.refused(403, "mfa_required");
    limited.delete(&token).await.refused(403, "mfa_required");
    limited
        .post_nothing(&session)
        .await
        .refused(403, "mfa_required");
    limited
        .post_nothing("/sessions/revoke-all")
        .await
        .refused(403, "mfa_required");
    assert_eq!(app.db_state(), before);
    full.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn a02_a_session_at_the_gate_gets_the_routes_for_enrolling_and_no_others() {
    let app = TestApp::spawn().await;
    let (person, earlier) = app.user().signed_in().await;
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let later = person.sign_in().await;
    for program in [&earlier, &later] {
        for operation in operations() {
            if operation.security.iter().any(Vec::is_empty) {
                continue;
            }
            let body = operation.has_body.then(|| body_of(&operation.path));
            let path = operation.concrete_path(&person.id);
            let answer = program.send(operation.verb(), &path, body).await;
            if operation.asks_for("limited") || operation.asks_for("enrolling") {
                let what = format!("{path}: {}", answer.body);
                assert!(!matches!(answer.status, 401 | 403), "{what}");
            } else {
                answer.refused(403, "mfa_enrolment_required");
            }
        }
    }
    let browser = person.browser().await;
    let gate = browser.get("/setup").await;
    let started = browser.submit(&gate, &[]).await;
    assert_eq!(started.location(), "/security/app");
    for row in ROUTES
        .iter()
        .filter(|row| row.face == Face::Page && row.who != Who::Anyone)
    {
        if row.method != actix_web::http::Method::GET {
            continue;
        }
        let page = browser.get(row.path).await;
        match row.who {
            Who::AnySession => {}
            Who::Enrolling | Who::EnrollingStepUp => assert_eq!(page.status, 200, "{}", row.path),
            _ if row.path == "/security" => assert_eq!(page.location(), "/setup"),
            // Where they were going is not forgotten.
            _ => assert!(
                page.location().starts_with("/setup?return_to=%2F"),
                "{}",
                row.path
            ),
        }
    }
}

#[actix_web::test]
async fn somebody_whose_methods_do_not_count_proves_one_of_them_before_the_gate() {
    let app = TestApp::spawn().await;
    let person = app
        .user()
        .in_organization("Picky")
        .with_factor(Method::Totp)
        .create()
        .await;
    let yesterday = app.app.clock.now() - TimeDelta::days(1);
    app.db_change_user(&person.id, |user| user.joined_at = Some(yesterday));
    app.db_require_mfa(
        person.organization_id.as_deref().unwrap(),
        Some(yesterday),
        &[Method::Passkey],
    );
    let program = person.sign_in().await;
    program
        .get("/user/profile")
        .await
        .refused(403, "mfa_required");
    program.get("/mfa/status").await.ok();
    app.db_prove_factor(&program.session_id, Method::Totp);
    program
        .get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
}

#[actix_web::test]
async fn a_stale_proof_opens_no_route_that_needs_a_fresh_one_and_changes_nothing() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let other = person.sign_in().await;
    let browser = person.browser().await;
    app.advance(TimeDelta::seconds(601));
    let before = app.db_state();
    for operation in operations()
        .iter()
        .filter(|operation| operation.asks_for("step_up") || operation.asks_for("strong_step_up"))
    {
        let path = operation.concrete_path(&other.session_id);
        let answer = program.send(operation.verb(), &path, None).await;
        answer.refused(403, "step_up_required");
        let challenge = answer.header("www-authenticate").unwrap();
        assert_eq!(
            challenge,
            "Bearer error=\"insufficient_user_authentication\", max_age=\"600\""
        );
    }
    for row in ROUTES
        .iter()
        .filter(|row| row.face == Face::Page && row.who == Who::StepUp)
    {
        let page = if row.method == actix_web::http::Method::GET {
            browser.get(row.path).await
        } else {
            let form = [("session".to_owned(), other.session_id.clone())];
            browser.post(row.path, &form).await
        };
        assert_eq!(page.status, 303, "{}", row.path);
        assert!(
            page.location().starts_with("/confirm?next=%2F"),
            "{}",
            page.location()
        );
    }
    assert_eq!(app.db_state(), before);
    other.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn neither_refresh_nor_activity_renews_a_proof() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    app.advance(TimeDelta::minutes(9));
    program.get("/user/profile").await.ok();
    let body = json!({"refresh_token": program.refresh_token()});
    let pair = program.post("/user/refresh", body).await;
    pair.ok();
    let renewed = program.with_token(&pair.text("/accessToken"));
    renewed.post_nothing("/sessions/revoke-all").await.ok();
    app.advance(TimeDelta::seconds(61));
    renewed
        .post_nothing("/sessions/revoke-all")
        .await
        .refused(403, "step_up_required");
}

#[actix_web::test]
async fn the_cookie_never_opens_the_api_and_a_bearer_token_never_opens_a_page() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let program = person.sign_in().await;
    let cookie = browser.cookie().unwrap();
    for operation in operations() {
        if operation.security.iter().any(Vec::is_empty) {
            continue;
        }
        let path = operation.concrete_path(&person.id);
        let request = browser.request(operation.verb(), &path);
        let answer = Answer::of(request.send().await.unwrap()).await;
        answer.refused(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    // Nor by its value, nor by the token of its forms.
    let form_token = browser.get("/security").await.form_at("form").1[0]
        .1
        .clone();
    let value = cookie.split_once('=').unwrap().1;
    for text in [value, &form_token, program.refresh_token()] {
        program
            .with_token(text)
            .get("/user/profile")
            .await
            .refused(401, "unauthenticated");
    }
    for path in ["/security", "/security/password", "/confirm", "/setup"] {
        let answer = program.get(path).await;
        assert_eq!(answer.status, 303, "{path}");
        assert!(
            answer.header("location").unwrap().starts_with("/login?"),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn a_token_counts_in_the_authorization_header_and_nowhere_else() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let token = program.access.clone().unwrap();
    let stranger = app.stranger();
    for path in [
        format!("/user/profile?access_token={token}"),
        format!("/user/profile?token={token}"),
    ] {
        stranger.get(&path).await.refused(401, "unauthenticated");
    }
    for (name, value) in [
        ("authorization", token.clone()),
        ("authorization", format!("Token {token}")),
        ("authorization", format!("Basic {token}")),
        ("authorization", format!("Bearer{token}")),
        ("x-access-token", token.clone()),
        ("cookie", format!("access_token={token}")),
        ("cookie", format!("countersign={token}")),
    ] {
        let request = stranger
            .request(Verb::GET, "/user/profile")
            .header(name, value);
        let answer = Answer::of(request.send().await.unwrap()).await;
        answer.refused(401, "unauthenticated");
    }
    let request = stranger
        .request(Verb::GET, "/user/profile")
        .header("authorization", format!("bearer {token}"));
    Answer::of(request.send().await.unwrap()).await.ok();
}
