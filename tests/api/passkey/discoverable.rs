//! Signing in with a passkey and nothing else.

use chrono::TimeDelta;
use countersign::mfa::Method;
use serde_json::{Value, json};

use super::{holder, patient_app};
use crate::support::soft_passkey::{Signature, SoftPasskey};
use crate::support::{Answer, Program, TestApp};

/// Asserts that nobody was signed in, and that nothing says why.
#[track_caller]
fn is_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 401, "{what}: {}", answer.body);
    answer.refused(401, "invalid_credentials");
    let sentence = answer.text("/error");
    assert_eq!(sentence, "The passkey does not sign in to an account here");
}

/// The program that an answer signed in.
fn signed_in<'a>(app: &'a TestApp, answer: &Answer) -> Program<'a> {
    answer.ok();
    app.stranger().with_token(&answer.text("/accessToken"))
}

#[actix_web::test]
async fn a_passkey_alone_signs_in_completely() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Keys").signed_in().await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    let answer = app.sign_in_with_only(&key).await;
    let body = answer.ok();
    assert!(answer.text("/accessToken").starts_with("cs_at_"));
    assert!(answer.text("/refreshToken").starts_with("cs_rt_"));
    assert_eq!(body["user"]["id"], person.id);
    assert_eq!(body["user"]["email"], person.email);
    assert_eq!(
        body["user"]["orgId"],
        person.organization_id.clone().unwrap()
    );
    for absent in ["mfaRequired", "mfaMethods", "mfaSetupRequired"] {
        assert!(body.get(absent).is_none(), "{absent}");
    }
    let full = signed_in(&app, &answer);
    assert_eq!(full.status().await["sessionVerified"], true);
    full.get("/user/profile").await.ok();
    // It is a fresh proof, too.
    let path = full.newest_passkey().await;
    full.put(&path, json!({"name": "Mine"})).await.ok();
    let shown = full.get("/token").await;
    let tokens = shown.ok()["tokens"].as_array().unwrap();
    let own = tokens.iter().find(|one| one["isCurrent"] == true).unwrap();
    assert_eq!(own["id"], answer.text("/tokenId"));
    let rows = app.db_activity(&person.id);
    let row = rows.iter().rfind(|row| row.event == "authn_login_success");
    let row = row.unwrap();
    assert_eq!(row.method.as_deref(), Some("passkey"));
    assert_eq!(row.detail.as_deref(), Some("Passkey"), "which one");
    assert!(row.session_hash.is_some());
    let refresh = json!({"refresh_token": answer.text("/refreshToken")});
    app.stranger().post("/user/refresh", refresh).await.ok();
}

#[actix_web::test]
async fn somebody_without_a_password_signs_in_with_a_passkey() {
    let app = TestApp::spawn().await;
    let (person, _, key) = holder(&app).await;
    app.db_execute(&format!(
        "UPDATE users SET password_hash = NULL WHERE id = '{}'",
        person.id
    ));
    let full = signed_in(&app, &app.sign_in_with_only(&key).await);
    full.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn the_published_client_s_shape_signs_in_too() {
    let app = TestApp::spawn().await;
    let (_, _, key) = holder(&app).await;
    let used = key.get(&app.sign_in_options().await);
    app.sign_in_alone(used.client_shape()).await.ok();
    let options = app.sign_in_options().await;
    let good = key.get(&options).json();
    let path = "/user/login/passkey";
    for body in [
        json!({}),
        json!({"credential": "text"}),
        json!({"credential": {}}),
    ] {
        let answer = app.stranger().post(path, body).await;
        answer.refused(400, "invalid_request");
    }
    let mut padded = good.clone();
    padded["response"]["signature"] = json!("AA==");
    let answer = app.sign_in_alone(padded).await;
    answer.refused(400, "invalid_request");
    app.sign_in_alone(good).await.ok();
}

#[actix_web::test]
async fn alone_an_answer_has_to_say_whose_it_is() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let (_, _, other) = holder(&app).await;
    for (what, handle) in [
        ("missing", None),
        ("empty", Some(vec![])),
        ("of another account", other.user_handle.clone()),
        ("the account's id", Some(person.id.clone().into_bytes())),
        ("random", Some(vec![7; 16])),
    ] {
        let odd = key.but(|key| key.user_handle = handle);
        is_refused(&app.sign_in_with_only(&odd).await, what);
    }
    let reasons = app.db_reasons(&person.id, "authn_login_fail");
    assert_eq!(reasons, ["user_handle"; 5]);
    app.sign_in_with_only(&key).await.ok();
}

#[actix_web::test]
async fn a_passkey_that_is_not_registered_is_called_unknown() {
    let app = patient_app().await;
    let (_, program, key) = holder(&app).await;
    let handle = key.user_handle.clone();
    let never = SoftPasskey::new(&app).but(|new| new.user_handle = handle);
    let answer = app.sign_in_with_only(&never).await;
    answer.refused(401, "unknown_passkey");
    assert_eq!(answer.text("/error"), "The passkey is not registered here");
    let path = program.newest_passkey().await;
    program.delete(&path).await.ok();
    let answer = app.sign_in_with_only(&key).await;
    answer.refused(401, "unknown_passkey");
}

#[actix_web::test]
async fn an_unknown_passkey_is_named_only_for_a_challenge_that_was_given_out() {
    let app = patient_app().await;
    let (_, _, key) = holder(&app).await;
    let mut options = app.sign_in_options().await;
    options["challenge"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    for key in [&key, &SoftPasskey::new(&app)] {
        let answer = app.sign_in_alone(key.get(&options).json()).await;
        is_refused(&answer, "a challenge of nobody's");
    }
}

#[actix_web::test]
async fn a_wrong_key_signs_nobody_in() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let (_, _, other) = holder(&app).await;
    let wrong = key.but(|key| key.signature = Signature::es256());
    is_refused(&app.sign_in_with_only(&wrong).await, "another key");
    let wrong = key.but(|key| key.signature = other.signature.clone());
    is_refused(&app.sign_in_with_only(&wrong).await, "somebody else's key");
    let reasons = app.db_reasons(&person.id, "authn_login_fail");
    assert_eq!(reasons, ["not_verified"; 2]);
    assert_eq!(app.db_session_ids(&person.id).len(), 1);
    app.sign_in_with_only(&key).await.ok();
}

#[actix_web::test]
async fn a_deactivated_account_is_not_signed_in_to() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let now = app.app.clock.now();
    app.db_change_user(&person.id, |user| user.deactivated_at = Some(now));
    let sessions = app.db_session_ids(&person.id);
    is_refused(&app.sign_in_with_only(&key).await, "deactivated");
    assert_eq!(app.db_session_ids(&person.id), sessions);
    app.db_change_user(&person.id, |user| user.deactivated_at = None);
    app.sign_in_with_only(&key).await.ok();
}

#[actix_web::test]
async fn passkeys_that_are_switched_off_sign_nobody_in() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    let method = json!({"mfaType": "PASSKEY"});
    program.post("/mfa/disable", method.clone()).await.ok();
    is_refused(&app.sign_in_with_only(&key).await, "switched off");
    assert_eq!(app.db_session_ids(&person.id).len(), 1);
    program.post("/mfa/enable", method).await.ok();
    app.sign_in_with_only(&key).await.ok();
}

#[actix_web::test]
async fn where_passkeys_do_not_count_they_sign_nobody_in_who_has_what_counts() {
    let app = patient_app().await;
    let (person, program) = app.user().in_organization("Codes").signed_in().await;
    program.set_up_totp().await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    let id = person.organization_id.clone().unwrap();
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(&id, Some(tomorrow), &[Method::Totp]);
    is_refused(&app.sign_in_with_only(&key).await, "not allowed");
    let limited = person.sign_in().await;
    let answer = limited.post_nothing("/mfa/passkey/auth-options").await;
    answer.refused(400, "method_not_enabled");
    limited
        .get("/user/profile")
        .await
        .refused(403, "mfa_required");
    app.db_require_mfa(&id, Some(tomorrow), &Method::ALL);
    app.sign_in_with_only(&key).await.ok();
}

#[actix_web::test]
async fn a_security_key_that_names_its_account_signs_in_alone_as_well() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let options = program.security_key_options().await;
    let mut key = SoftPasskey::new(&app);
    program.register(key.create(&options).json()).await.ok();
    app.sign_in_with_only(&key).await.ok();
}

#[actix_web::test]
async fn a_passkey_satisfies_a_requirement_when_it_signs_in_alone() {
    let app = TestApp::spawn().await;
    let (person, _, key) = holder(&app).await;
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let full = signed_in(&app, &app.sign_in_with_only(&key).await);
    let status = full.status().await;
    assert_eq!(status["isRequired"], true);
    assert_eq!(status["sessionVerified"], true);
}

#[actix_web::test]
async fn challenges_for_nobody_in_particular_are_limited_by_address() {
    let app = TestApp::spawn().await;
    let path = "/user/login/passkey/options";
    // Half a second gives one back: a slow machine gets a few more.
    let mut given = 0;
    let answer = loop {
        let answer = app.stranger().post_nothing(path).await;
        if answer.status != 200 {
            break answer;
        }
        given += 1;
    };
    assert!((120..240).contains(&given), "{given}");
    answer.refused(429, "rate_limited");
    assert!(answer.header("retry-after").is_some());
    app.user().create().await.sign_in().await;
    app.advance(TimeDelta::minutes(1));
    app.sign_in_options().await;
}

#[actix_web::test]
async fn a_challenge_for_a_program_is_none_for_a_browser_nor_the_other_way_round() {
    let app = patient_app().await;
    let (_, _, key) = holder(&app).await;
    let browser = app.browser();
    let page = browser.get("/login").await;
    let present = async |credential: &Value| {
        let fields = page.with_passkey("form[action='/login/passkey']", credential);
        browser.post("/login/passkey", &fields).await
    };
    let options = browser.passkey_options(&page, "/login/passkey/options");
    let for_browser = key.get(&options.await).json();
    let for_program = key.get(&app.sign_in_options().await).json();

    assert_eq!(present(&for_program).await.status, 400);
    let page = browser.get("/security").await;
    assert!(page.location().starts_with("/login"));
    is_refused(&app.sign_in_alone(for_browser.clone()).await, "a browser's");
    // Neither was used up by that.
    app.sign_in_alone(for_program).await.ok();
    assert_eq!(present(&for_browser).await.status, 303);
}
