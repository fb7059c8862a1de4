//! The password step over the API and the page: what it answers, and what probing gets out of it.

use std::sync::Arc;

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use countersign::crypto::password::{Hasher, Params};
use countersign::db::users;
use countersign::mfa::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Program, TestApp};

const WRONG: &str = "not the password at all";

#[actix_web::test]
async fn a_sign_in_answers_everything_that_the_client_reads() {
    let app = TestApp::spawn().await;
    let person = app
        .user()
        .in_organization("Analytical Engines")
        .role(Role::Administrators)
        .create()
        .await;
    let before = app.app.clock.now().and_utc().timestamp_millis();
    let answer = person.try_sign_in(PASSWORD).await;
    let body = answer.ok();
    assert!(answer.text("/accessToken").starts_with("cs_at_"));
    assert!(answer.text("/refreshToken").starts_with("cs_rt_"));
    let expires_in = body["expiresAt"].as_i64().unwrap() - before;
    assert!((3_600_000..3_660_000).contains(&expires_in), "{expires_in}");
    assert_eq!(
        body["user"],
        json!({
            "id": person.id, "email": person.email, "name": "Ada Lovelace",
            "orgId": person.organization_id, "orgRole": 254,
        })
    );
    let mut fields: Vec<_> = body.as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "accessToken",
            "expiresAt",
            "refreshToken",
            "success",
            "tokenId",
            "user"
        ]
    );
    let program = app.stranger().with_token(&answer.text("/accessToken"));
    let sessions = program.get("/sessions").await.ok()["sessions"].clone();
    assert_eq!(sessions[0]["id"], body["tokenId"]);
}

#[actix_web::test]
async fn an_address_is_the_same_in_any_case_and_between_spaces() {
    let app = TestApp::spawn().await;
    let person = app.user().email("Grace.Hopper@Example.COM").create().await;
    assert_eq!(person.email, "grace.hopper@example.com");
    for typed in ["grace.hopper@example.com", "  GRACE.HOPPER@EXAMPLE.COM\n"] {
        let body = json!({"email": typed, "password": PASSWORD});
        app.stranger().post("/user/login", body).await.ok();
    }
}

#[actix_web::test]
async fn a01_the_password_alone_gets_a_limited_token_where_a_factor_is_owed() {
    let app = TestApp::spawn().await;
    let person = app.user().with_factor(Method::Totp).create().await;
    let answer = person.try_sign_in(PASSWORD).await;
    let body = answer.ok();
    assert!(answer.text("/accessToken").starts_with("cs_lt_"));
    assert_eq!(body.get("refreshToken"), None);
    assert_eq!(body["mfaRequired"], true);
    assert_eq!(body["mfaMethods"], json!(["GOOGLE_AUTH"]));
    assert_eq!(body["primaryMethod"], "GOOGLE_AUTH");
    assert_eq!(body.get("mfaSetupRequired"), None);
    assert_eq!(answer.header("set-cookie"), None);
    assert!(!body.to_string().contains("cs_rt_") && !body.to_string().contains("cs_at_"));

    let program = app.stranger().with_token(&answer.text("/accessToken"));
    let status = program.get("/mfa/status").await.ok()["data"].clone();
    assert_eq!(status["sessionVerified"], false);
    assert_eq!(status["isEnabled"], true);
    assert_eq!(status["isRequired"], false);
    program
        .get("/user/profile")
        .await
        .refused(403, "mfa_required");
    program.get("/sessions").await.refused(403, "mfa_required");

    app.advance(TimeDelta::seconds(601));
    program
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn a01_a_method_that_cannot_be_used_still_makes_the_password_too_little() {
    let app = TestApp::spawn().await;
    let suspended = app.user().with_factor(Method::Totp).create().await;
    app.db_change_factor(&suspended.id, Method::Totp, true, true);
    let closed = app
        .user()
        .in_organization("Passkeys only")
        .with_factor(Method::MagicLink)
        .create()
        .await;
    let yesterday = app.app.clock.now() - TimeDelta::days(1);
    let organization = closed.organization_id.as_deref().unwrap();
    app.db_require_mfa(organization, Some(yesterday), &[Method::Passkey]);
    // What the organization does not count is proved first; the gate comes after it.
    for (person, methods) in [(suspended, json!([])), (closed, json!(["MAGIC_LINK"]))] {
        let answer = person.try_sign_in(PASSWORD).await;
        let body = answer.ok();
        assert!(answer.text("/accessToken").starts_with("cs_lt_"));
        assert_eq!(body["mfaRequired"], true);
        assert_eq!(body["mfaMethods"], methods);
        assert_eq!(body.get("primaryMethod"), methods.get(0));
        assert_eq!(body.get("refreshToken"), None);
        let program = app.stranger().with_token(&answer.text("/accessToken"));
        program
            .get("/user/profile")
            .await
            .refused(403, "mfa_required");
    }
}

#[actix_web::test]
async fn a_sign_in_under_the_enrolment_gate_says_that_a_method_has_to_be_set_up() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let answer = person.try_sign_in(PASSWORD).await;
    let body = answer.ok();
    assert_eq!(body["mfaSetupRequired"], true);
    assert_eq!(body.get("mfaRequired"), None);
    assert_eq!(body.get("refreshToken"), None);
    let program = app.stranger().with_token(&answer.text("/accessToken"));
    program.get("/mfa/status").await.ok();
    program
        .get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
    program
        .get("/token")
        .await
        .refused(403, "mfa_enrolment_required");
}

#[actix_web::test]
async fn a10_a_token_that_was_tampered_with_is_no_token() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().with_factor(Method::Totp).signed_in().await;
    let token = program.access.clone().unwrap();
    let flipped: String = token
        .chars()
        .map(|c| {
            if c.is_ascii_lowercase() {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    let last = if token.ends_with('A') { 'B' } else { 'A' };
    let tampered = [
        token[..token.len() - 1].to_owned(),
        flipped,
        format!("{token}A"),
        format!("{token}="),
        format!("{}{last}", &token[..token.len() - 1]),
        token.replacen("cs_lt_", "cs_at_", 1),
        token.replacen('_', "%5F", 1),
        format!("{token},{token}"),
        format!("{token} {token}"),
        format!("\"{token}\""),
        format!("cs_lt_{}", "x".repeat(4_096)),
        "null".to_owned(),
    ];
    let mut bodies = Vec::new();
    for text in tampered {
        let answer = program.with_token(&text).get("/mfa/status").await;
        answer.refused(401, "unauthenticated");
        let challenge = answer.header("www-authenticate");
        assert_eq!(challenge, Some("Bearer error=\"invalid_token\""), "{text}");
        bodies.push(answer.body);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    program.get("/mfa/status").await.ok();
}

/// What somebody who does not know whether an address has an account gets to see.
async fn seen(program: &Program<'_>, email: &str) -> (u16, Vec<String>, String, Value) {
    let body = json!({"email": email, "password": WRONG});
    let answer = program.post("/user/login", body).await;
    let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
    names.sort();
    let length = answer.header("content-length").unwrap().to_owned();
    (answer.status, names, length, answer.body)
}

#[actix_web::test]
async fn j01_known_and_unknown_addresses_get_the_same_answer() {
    let app = TestApp::spawn().await;
    let known = app.user().create().await;
    let passwordless = app.user().without_password().create().await;
    let deactivated = app.user().create().await;
    let now = app.app.clock.now();
    app.db_change_user(&deactivated.id, |user| user.deactivated_at = Some(now));
    let stranger = app.stranger();
    let unknown = seen(&stranger, "nobody@example.com").await;
    assert_eq!(unknown.0, 401);
    assert_eq!(unknown.3["error_code"], "invalid_credentials");
    for email in [
        known.email.as_str(),
        &passwordless.email,
        &deactivated.email,
        "not an address",
        "",
    ] {
        assert_eq!(seen(&stranger, email).await, unknown, "{email}");
    }
    let right = deactivated.try_sign_in(PASSWORD).await;
    right.refused(401, "invalid_credentials");
    assert_eq!(right.body, unknown.3);
}

#[actix_web::test]
async fn j01_the_page_says_the_same_to_known_and_unknown_addresses() {
    let app = TestApp::spawn().await;
    let known = app.user().create().await;
    let mut pages = Vec::new();
    for email in [known.email.clone(), known.email.replace("person", "nobody")] {
        let browser = app.browser();
        let form = browser.get("/login").await;
        let page = browser
            .submit(&form, &[("email", &email), ("password", WRONG)])
            .await;
        let token = page.attribute("[name=csrf]", "value").unwrap();
        let mut names: Vec<_> = page.headers.keys().map(ToString::to_string).collect();
        names.sort();
        let html = page.html.replace(&email, "EMAIL").replace(&token, "TOKEN");
        pages.push((page.status, names, page.html.len(), html));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0].0, 400);
}

#[actix_web::test]
async fn j03_nothing_shows_who_uses_mfa_before_the_right_password() {
    let app = TestApp::spawn().await;
    let plain = app.user().create().await;
    let secured = app
        .user()
        .with_factor(Method::Passkey)
        .with_factor(Method::Totp)
        .create()
        .await;
    let stranger = app.stranger();
    let (without, with) = (
        seen(&stranger, &plain.email).await,
        seen(&stranger, &secured.email).await,
    );
    assert_eq!(without, with);
    assert!(!with.3.to_string().to_lowercase().contains("mfa"));
    for path in ["/mfa/status", "/mfa/methods"] {
        stranger.get(path).await.refused(401, "unauthenticated");
    }
    for path in [
        "/mfa/passkey/auth-options",
        "/mfa/magic-link/send",
        "/mfa/verify-login",
    ] {
        let body = json!({"email": secured.email, "mfaType": "PASSKEY"});
        let answer = stranger.post(path, body).await;
        assert!(
            matches!(answer.status, 401 | 404),
            "{path}: {}",
            answer.status
        );
    }
}

#[actix_web::test]
async fn a_password_that_is_hashed_anew_at_a_sign_in_refuses_nobody_who_signs_in_at_the_same_time()
{
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    // As it was hashed before the parameters changed.
    let before = Params {
        memory_kib: 16,
        passes: 1,
        lanes: 1,
    };
    let hasher = Hasher::new(Arc::clone(&app.app.keys), before).unwrap();
    let old = hasher.hash(PASSWORD.to_owned().into()).await.unwrap();
    app.db_execute(&format!(
        "UPDATE users SET password_hash = '{old}' WHERE id = '{}'",
        person.id
    ));
    let answers = join_all((0..8).map(|_| person.try_sign_in(PASSWORD))).await;
    for answer in &answers {
        answer.ok();
    }
    let now = app
        .db(|conn| users::find(conn, &person.id))
        .unwrap()
        .unwrap();
    assert!(now.password_hash.is_some_and(|hash| hash != old));
}
