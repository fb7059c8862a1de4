//! `POST /user/logout`: what ends by a bearer token, by a refresh token, by both, and by neither.

use chrono::TimeDelta;
use countersign::mfa::Method;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Program, TestApp};

async fn sign_out(program: &Program<'_>, body: Value) -> Answer {
    program.post("/user/logout", body).await
}

/// Whether a program's tokens still open anything. Both have to agree.
async fn is_alive(program: &Program<'_>) -> bool {
    let bearer = program.get("/mfa/status").await.status == 200;
    if let Some(token) = &program.refresh {
        let body = json!({"refresh_token": token});
        let answer = program.app.stranger().post("/user/refresh", body).await;
        assert_eq!(answer.status == 200, bearer, "{}", answer.body);
    }
    bearer
}

#[actix_web::test]
async fn h05_signing_out_with_both_tokens_kills_both_at_once() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let (other, browser) = (person.sign_in().await, person.browser().await);
    sign_out(&program, json!({"refresh_token": program.refresh}))
        .await
        .ok();
    assert!(!is_alive(&program).await);
    assert!(is_alive(&other).await);
    assert_eq!(browser.get("/security").await.status, 200);
}

#[actix_web::test]
async fn h05_there_is_no_grace_after_signing_out() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let body = json!({"refresh_token": program.refresh});
    let next = app.stranger().post("/user/refresh", body.clone()).await;
    sign_out(&program.with_token(&next.text("/accessToken")), json!({}))
        .await
        .ok();
    let repeated = app.stranger().post("/user/refresh", body).await;
    repeated.refused(401, "unauthenticated");
    assert!(!is_alive(&program).await);
}

#[actix_web::test]
async fn a_bearer_token_alone_signs_out() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    program.post_nothing("/user/logout").await.ok();
    assert!(!is_alive(&program).await);
    let (_, limited) = app.user().with_factor(Method::Totp).signed_in().await;
    sign_out(&limited, json!({})).await.ok();
    assert!(!is_alive(&limited).await);
    let third = person.sign_in().await;
    sign_out(&third, json!({"refresh_token": null})).await.ok();
    assert!(!is_alive(&third).await);
}

#[actix_web::test]
async fn a_refresh_token_alone_signs_out_under_either_name() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let other = person.sign_in().await;
    sign_out(&app.stranger(), json!({"refresh_token": program.refresh}))
        .await
        .ok();
    assert!(!is_alive(&program).await);
    assert!(is_alive(&other).await);
    sign_out(&app.stranger(), json!({"refreshToken": other.refresh}))
        .await
        .ok();
    assert!(!is_alive(&other).await);
}

#[actix_web::test]
async fn of_two_sessions_only_that_of_the_bearer_token_ends() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let own_other = person.sign_in().await;
    let (_, stranger) = app.user().signed_in().await;
    for other in [own_other, stranger] {
        let mine = person.sign_in().await;
        sign_out(&mine, json!({"refresh_token": other.refresh}))
            .await
            .ok();
        assert!(!is_alive(&mine).await);
        assert!(is_alive(&other).await);
    }
    assert!(is_alive(&program).await);
}

#[actix_web::test]
async fn a_dead_bearer_token_still_says_which_session_to_end() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    app.advance(TimeDelta::minutes(61));
    program
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
    sign_out(&program, json!({})).await.ok();
    let body = json!({"refresh_token": program.refresh});
    let refreshed = app.stranger().post("/user/refresh", body).await;
    refreshed.refused(401, "unauthenticated");
}

#[actix_web::test]
async fn a_used_refresh_token_still_says_which_session_to_end() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let body = json!({"refresh_token": program.refresh});
    let next = app.stranger().post("/user/refresh", body.clone()).await;
    app.advance(TimeDelta::minutes(1));
    sign_out(&app.stranger(), body).await.ok();
    let after = program.with_token(&next.text("/accessToken"));
    after
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn an_unknown_bearer_token_does_not_hide_the_refresh_token() {
    let app = TestApp::spawn().await;
    for unknown in [
        "garbage".to_owned(),
        format!("cs_at_{}", "A".repeat(43)),
        String::new(),
    ] {
        let (_, program) = app.user().signed_in().await;
        let client = app.stranger().with_token(&unknown);
        sign_out(&client, json!({"refresh_token": program.refresh}))
            .await
            .ok();
        assert!(!is_alive(&program).await, "{unknown}");
    }
}

#[actix_web::test]
async fn signing_out_with_nothing_known_is_200_and_ends_nothing() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let stranger = app.stranger();
    stranger.post_nothing("/user/logout").await.ok();
    let unknown = format!("cs_rt_{}", "A".repeat(43));
    for text in [
        "",
        "garbage",
        &unknown,
        program.access.as_deref().unwrap(),
        &program.session_id,
    ] {
        sign_out(&stranger, json!({"refresh_token": text}))
            .await
            .ok();
    }
    for text in ["garbage", program.refresh_token(), &program.session_id] {
        sign_out(&stranger.with_token(text), json!({})).await.ok();
    }
    assert!(is_alive(&program).await);
}

#[actix_web::test]
async fn signing_out_twice_is_200_and_recorded_once() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    sign_out(&program, json!({})).await.ok();
    sign_out(&program, json!({})).await.ok();
    sign_out(&program, json!({"refresh_token": program.refresh}))
        .await
        .ok();
    let record = app.db_activity(&person.id);
    let last = record.last().unwrap();
    let ends = record.iter().filter(|row| row.event == last.event).count();
    assert_eq!(ends, 1, "{record:?}");
    assert_eq!(last.actor_id.as_deref(), Some(person.id.as_str()));
    person.try_sign_in(PASSWORD).await.ok();
}
