//! Signing in with nothing but a passkey, for programs.

use chrono::TimeDelta;
use countersign::mfa::Method;
use serde_json::json;

use crate::support::soft_passkey::Changes;
use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn a_passkey_alone_is_a_complete_sign_in() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Alone").signed_in().await;
    let mut key = program.passkey();
    program.add_passkey(&mut key).await;
    let stranger = app.stranger();
    let options = stranger.login_options().await;
    assert_eq!(options["allowCredentials"], json!([]));
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["rpId"], "localhost");
    let answer = stranger.login_with(&key.get(&options)).await;
    answer.ok();
    assert_eq!(answer.body["user"]["email"], person.email.as_str());
    assert!(answer.body.get("mfaRequired").is_none());
    assert!(answer.text("/refreshToken").starts_with("cs_rt_"));
    let program = stranger.with_token(&answer.text("/accessToken"));
    assert_eq!(program.status().await["sessionVerified"], true);
    // It is a fresh proof, too.
    program.post_nothing("/mfa/backup-codes").await.ok();
    let event = app.db_activity(&person.id);
    let event = event
        .iter()
        .rfind(|row| row.event == "authn_login_success")
        .unwrap();
    assert_eq!(event.method.as_deref(), Some("passkey"));
    assert!(event.detail.is_some() && event.session_hash.is_some());
}

#[actix_web::test]
async fn who_it_is_has_to_be_said_and_to_be_true() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut key = program.passkey();
    program.add_passkey(&mut key).await;
    let (_, other) = app.user().signed_in().await;
    let mut foreign = other.passkey();
    other.add_passkey(&mut foreign).await;
    let stranger = app.stranger();
    for handle in [
        None,
        foreign.user_handle.clone(),
        Some(vec![7; 16]),
        Some(Vec::new()),
    ] {
        let mut lying = key.clone();
        lying.user_handle = handle;
        let answer = stranger
            .login_with(&lying.get(&stranger.login_options().await))
            .await;
        answer.refused(401, "invalid_credentials");
    }
    let unknown = app.stranger().passkey();
    let mut unknown = crate::support::soft_passkey::SoftPasskey {
        user_handle: key.user_handle.clone(),
        ..unknown
    };
    let answer = stranger
        .login_with(&unknown.get(&stranger.login_options().await))
        .await;
    answer.refused(401, "unknown_passkey");
    let mut unverified = key.clone();
    unverified.uv = false;
    let answer = stranger
        .login_with(&unverified.get(&stranger.login_options().await))
        .await;
    answer.refused(401, "invalid_credentials");
    stranger
        .login_with(&key.get(&stranger.login_options().await))
        .await
        .ok();
}

#[actix_web::test]
async fn an_account_or_method_that_is_not_to_be_used_is_not_signed_in_to() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Closed").signed_in().await;
    let mut key = program.passkey();
    program.add_passkey(&mut key).await;
    program.set_up_totp().await;
    let stranger = app.stranger();
    let organization = person.organization_id.clone().unwrap();
    let joined = app.app.clock.now() - TimeDelta::days(1);
    program
        .post("/mfa/disable", json!({"mfaType": "PASSKEY"}))
        .await
        .ok();
    let answer = stranger
        .login_with(&key.get(&stranger.login_options().await))
        .await;
    answer.refused(401, "invalid_credentials");
    program
        .post("/mfa/enable", json!({"mfaType": "PASSKEY"}))
        .await
        .ok();
    app.db_require_mfa(&organization, Some(joined), &[Method::Totp]);
    let answer = stranger
        .login_with(&key.get(&stranger.login_options().await))
        .await;
    answer.refused(401, "invalid_credentials");
    app.db_lift_requirement(&organization);
    app.db_change_user(&person.id, |user| user.deactivated_at = Some(joined));
    let answer = stranger
        .login_with(&key.get(&stranger.login_options().await))
        .await;
    answer.refused(401, "invalid_credentials");
    app.db_change_user(&person.id, |user| user.deactivated_at = None);
    stranger
        .login_with(&key.get(&stranger.login_options().await))
        .await
        .ok();
}

#[actix_web::test]
async fn e05_of_fifty_equal_sign_ins_one_opens_a_session() {
    let app = TestApp::spawn_with(|config| config.limits.code_address = None).await;
    let (person, program) = app.user().signed_in().await;
    let mut key = program.passkey();
    program.add_passkey(&mut key).await;
    let stranger = app.stranger();
    let before = app.db_session_ids(&person.id).len();
    let credential = key.get(&stranger.login_options().await);
    let all = (0..50).map(|_| stranger.login_with(&credential));
    let answers = futures_util::future::join_all(all).await;
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 200).count(),
        1
    );
    assert!(
        answers
            .iter()
            .all(|answer| [200, 401].contains(&answer.status))
    );
    assert_eq!(app.db_session_ids(&person.id).len(), before + 1);
}

#[actix_web::test]
async fn a_challenge_for_a_program_is_none_for_a_browser_and_lives_300_seconds() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let mut key = program.passkey();
    program.add_passkey(&mut key).await;
    let stranger = app.stranger();
    let options = stranger.login_options().await;
    let limited = person.sign_in().await;
    limited
        .answer_passkey(&key.get(&options))
        .await
        .refused(400, "invalid_code");
    let browser = app.browser();
    let page = browser.get("/login").await;
    let credential = key.get_with(&options, &Changes::default()).to_string();
    let mut fields = page.form_at("form[action='/login/passkey']").1;
    fields.retain(|(name, _)| name != "credential");
    fields.push(("credential".into(), credential));
    let answer = browser.post("/login/passkey", &fields).await;
    assert_eq!(answer.status, 400);
    app.advance(TimeDelta::seconds(300));
    stranger
        .login_with(&key.get(&options))
        .await
        .refused(401, "invalid_credentials");
}

#[actix_web::test]
async fn too_many_challenges_from_one_address_have_to_wait_and_a_password_does_not() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let stranger = app.stranger();
    let mut answers = Vec::new();
    for _ in 0..130 {
        answers.push(stranger.post_nothing("/user/login/passkey/options").await);
    }
    let refused = answers.iter().find(|answer| answer.status != 200).unwrap();
    refused.refused(429, "rate_limited");
    assert!(refused.header("retry-after").is_some());
    assert_eq!(person.try_sign_in(PASSWORD).await.status, 200);
}
