//! What adding a passkey changes around it: the status, other sessions, the gate.

use chrono::TimeDelta;
use countersign::mfa::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{holder, patient_app};
use crate::support::soft_passkey::SoftPasskey;
use crate::support::{Program, TestApp};

/// How `GET /mfa/methods` describes passkeys.
async fn method(program: &Program<'_>) -> Value {
    let answer = program.get("/mfa/methods").await;
    answer.ok()["data"][2].clone()
}

#[actix_web::test]
async fn the_status_follows_each_step() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let off = program.status().await;
    assert_eq!(off["isEnabled"], false);
    assert_eq!(method(&program).await["isConfigured"], false);
    let options = program.creation_options().await;
    assert_eq!(program.status().await, off, "started is not enabled");
    assert_eq!(method(&program).await["isConfigured"], false);

    let mut key = SoftPasskey::new(&app);
    program.register(key.create(&options).json()).await.ok();
    let on = json!({
        "isEnabled": true,
        "isRequired": false,
        "isEnforced": false,
        "enabledMethods": ["PASSKEY"],
        "primaryMethod": "PASSKEY",
        "sessionVerified": true,
        "lockoutForecast": {"survives": [], "mightSurvive": ["PASSKEY"], "advice": "create_backup_codes"},
    });
    assert_eq!(program.status().await, on);
    let shown = method(&program).await;
    assert_eq!(shown["type"], "PASSKEY");
    for member in ["isAvailable", "isConfigured", "isEnabled"] {
        assert_eq!(shown[member], true, "{member}");
    }
    let limited = person.sign_in().await;
    assert_eq!(limited.status().await["sessionVerified"], false);
    assert_eq!(limited.status().await["isEnabled"], true);
    limited.prove(&key).await.ok();

    let passkey = json!({"mfaType": "PASSKEY"});
    program.post("/mfa/disable", passkey.clone()).await.ok();
    let status = program.status().await;
    assert_eq!(status["isEnabled"], false);
    assert_eq!(status["enabledMethods"], json!([]));
    assert!(status.get("primaryMethod").is_none());
    let shown = method(&program).await;
    assert_eq!(shown["isConfigured"], true, "it is kept");
    assert_eq!(shown["isEnabled"], false);
    let answer = program.post_nothing("/mfa/passkey/auth-options").await;
    answer.refused(400, "method_not_enabled");
    program.post("/mfa/enable", passkey).await.ok();
    assert_eq!(program.status().await, on);

    program.delete(&program.newest_passkey().await).await.ok();
    assert_eq!(program.status().await, off);
    assert_eq!(method(&program).await["isConfigured"], false);
}

#[actix_web::test]
async fn a_passkey_beside_an_app_comes_second_and_can_be_put_first() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    let status = program.status().await;
    assert_eq!(status["enabledMethods"], json!(["GOOGLE_AUTH", "PASSKEY"]));
    assert_eq!(status["primaryMethod"], "GOOGLE_AUTH");
    let body = json!({"mfaType": "PASSKEY"});
    program.post("/mfa/primary", body).await.ok();
    assert_eq!(program.status().await["primaryMethod"], "PASSKEY");
    person.sign_in_by(&key).await;
    person.sign_in_with(&authenticator).await;
    program.delete(&program.newest_passkey().await).await.ok();
    assert_eq!(program.status().await["primaryMethod"], "GOOGLE_AUTH");
}

#[actix_web::test]
async fn the_first_passkey_ends_every_other_session_and_a_further_one_none() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let other = person.sign_in().await;
    let browser = person.browser().await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    program.get("/user/profile").await.ok();
    let refresh = json!({"refresh_token": other.refresh_token()});
    for ended in [
        other.get("/mfa/status").await,
        app.stranger().post("/user/refresh", refresh).await,
    ] {
        ended.refused(401, "unauthenticated");
    }
    let page = browser.get("/security").await;
    assert!(page.location().starts_with("/login"));

    let other = person.sign_in_by(&key).await;
    let limited = person.sign_in().await;
    program.enrol(&mut SoftPasskey::new(&app)).await;
    other.get("/user/profile").await.ok();
    limited.prove(&key).await.ok();
    let refresh = json!({"refresh_token": program.refresh_token()});
    app.stranger().post("/user/refresh", refresh).await.ok();
}

#[actix_web::test]
async fn a_passkey_beside_an_app_ends_no_session() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let other = person.sign_in_with(&authenticator).await;
    program.enrol(&mut SoftPasskey::new(&app)).await;
    other.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn a_sign_in_that_waits_at_the_gate_is_complete_with_a_passkey() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let limited = person.sign_in().await;
    assert!(limited.refresh.is_none());
    assert_eq!(limited.status().await["sessionVerified"], false);
    let shut = limited.get("/mfa/passkeys").await;
    shut.refused(403, "mfa_enrolment_required");
    let mut key = SoftPasskey::new(&app);
    let answer = limited.try_passkey(&mut key).await;
    let data = &answer.ok()["data"];
    assert!(data["expiresAt"].is_number());
    let gone = limited.get("/mfa/status").await;
    gone.refused(401, "unauthenticated");
    let full = limited.with_token(&answer.text("/data/fullAccessToken"));
    full.get("/user/profile").await.ok();
    let status = full.status().await;
    assert_eq!(status["sessionVerified"], true);
    assert_eq!(status["enabledMethods"], json!(["PASSKEY"]));
    let refresh = json!({"refresh_token": answer.text("/data/refreshToken")});
    app.stranger().post("/user/refresh", refresh).await.ok();
    // It counted as a proof.
    full.delete(&full.newest_passkey().await)
        .await
        .refused(409, "last_method_required");
    person.sign_in_by(&key).await;
}

#[actix_web::test]
async fn a_complete_session_at_the_gate_keeps_its_tokens() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let shut = program.get("/user/profile").await;
    shut.refused(403, "mfa_enrolment_required");
    let shut = program.get("/mfa/passkeys").await;
    shut.refused(403, "mfa_enrolment_required");
    let options = program.creation_options().await;
    let made = SoftPasskey::new(&app).create(&options);
    let body = json!({"mfaType": "PASSKEY", "credential": made.client_shape()});
    let answer = program.post("/mfa/verify-setup", body).await;
    assert_eq!(answer.ok()["message"], "MFA setup verified and enabled");
    assert!(answer.body.get("data").is_none());
    program.get("/user/profile").await.ok();
    let refresh = json!({"refresh_token": program.refresh_token()});
    app.stranger().post("/user/refresh", refresh).await.ok();
}

#[actix_web::test]
async fn where_the_organization_does_not_allow_passkeys_none_is_added() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Codes").signed_in().await;
    let options = program.creation_options().await;
    let id = person.organization_id.clone().unwrap();
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(&id, Some(tomorrow), &[Method::Totp]);
    assert_eq!(method(&program).await["isAvailable"], false);
    let body = json!({"mfaType": "PASSKEY"});
    let answer = program.post("/mfa/setup", body).await;
    answer.refused(400, "method_not_available");
    // One that was started before is not finished after.
    let made = SoftPasskey::new(&app).create(&options);
    let answer = program.register(made.json()).await;
    answer.refused(400, "method_not_available");
    assert_eq!(program.status().await["isEnabled"], false);
    assert_eq!(app.db_passkeys(&person.id).len(), 0);
}

#[actix_web::test]
async fn pk_5_twenty_passkeys_are_the_most_an_account_may_have() {
    let app = TestApp::spawn().await;
    let (person, program, key) = holder(&app).await;
    for _ in 1..19 {
        program.enrol(&mut SoftPasskey::new(&app)).await;
    }
    // Of two that both began as the twentieth, one is too many.
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let options = program.creation_options().await;
        waiting.push(SoftPasskey::new(&app).create(&options).json());
    }
    let both = waiting.into_iter().map(|made| program.register(made));
    let answers = join_all(both).await;
    let added = answers.iter().filter(|answer| answer.status == 200);
    assert_eq!(added.count(), 1, "{answers:?}");
    let other = answers.iter().find(|answer| answer.status != 200);
    other.unwrap().refused(400, "invalid_request");
    assert_eq!(app.db_passkeys(&person.id).len(), 20);
    let body = json!({"mfaType": "PASSKEY"});
    let answer = program.post("/mfa/setup", body).await;
    answer.refused(400, "invalid_request");
    assert_eq!(
        answer.text("/error"),
        "There are 20 passkeys, the most an account may have"
    );
    let options = program.request_options().await;
    assert_eq!(options["allowCredentials"].as_array().unwrap().len(), 20);
    person.sign_in_by(&key).await;
    program.delete(&program.newest_passkey().await).await.ok();
    program.enrol(&mut SoftPasskey::new(&app)).await;
}

#[actix_web::test]
async fn k06_what_happens_to_a_passkey_is_recorded_without_a_secret() {
    let app = patient_app().await;
    let (person, program) = app.user().signed_in().await;
    let options = program.creation_options().await;
    let mut key = SoftPasskey::new(&app);
    let bad = key.but(|key| key.flags = 0).create(&options);
    program
        .register(bad.json())
        .await
        .refused(400, "invalid_code");
    program.enrol(&mut key).await;
    let path = program.newest_passkey().await;
    program.put(&path, json!({"name": "Mine"})).await.ok();
    program.put(&path, json!({"name": "Mine"})).await.ok();
    program.delete(&path).await.ok();
    let rows = app.db_activity(&person.id);
    let rows: Vec<_> = rows
        .iter()
        .filter(|row| !row.event.starts_with("authn_") && row.event != "user_created")
        .collect();
    let words: Vec<_> = rows
        .iter()
        .map(|row| (row.event.as_str(), row.outcome.as_str()))
        .collect();
    assert_eq!(
        words,
        [
            ("mfa_setup_started", "success"),
            ("passkey_added", "failure"),
            ("mfa_setup_started", "success"),
            ("passkey_added", "success"),
            ("passkey_renamed", "success"),
            ("passkey_removed", "success"),
        ]
    );
    let removed = rows.last().unwrap();
    assert_eq!(removed.detail.as_deref(), Some("Mine"), "which one");
    let challenge = options["challenge"].as_str().unwrap();
    for row in rows {
        assert_eq!(row.method.as_deref(), Some("passkey"), "{}", row.event);
        assert_eq!(row.actor_id.as_deref(), Some(person.id.as_str()));
        assert!(!format!("{row:?}").contains(challenge), "{}", row.event);
    }
}

#[actix_web::test]
async fn f03_a_passkey_is_started_only_with_a_fresh_proof() {
    let app = TestApp::spawn().await;
    let (person, program, key) = holder(&app).await;
    app.advance(TimeDelta::minutes(10));
    let body = json!({"mfaType": "PASSKEY"});
    let answer = program.post("/mfa/setup", body).await;
    answer.refused(403, "step_up_required");
    program.prove(&key).await.ok();
    program.enrol(&mut SoftPasskey::new(&app)).await;
    assert_eq!(app.db_passkeys(&person.id).len(), 2);
}
