//! Refresh tokens over HTTP: rotation, the grace for repeats, reuse, the limits in time.

use std::collections::HashSet;

use chrono::TimeDelta;
use countersign::mfa::Method;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Program, TestApp};

async fn refresh(app: &TestApp, token: &str) -> Answer {
    let body = json!({"refresh_token": token});
    app.stranger().post("/user/refresh", body).await
}

/// The client after a refresh with `token`, which has to succeed.
async fn refreshed<'a>(app: &'a TestApp, token: &str) -> Program<'a> {
    let answer = refresh(app, token).await;
    answer.ok();
    Program {
        refresh: Some(answer.text("/refreshToken")),
        ..app.stranger().with_token(&answer.text("/accessToken"))
    }
}

#[track_caller]
fn dead(answer: &Answer) {
    answer.refused(401, "unauthenticated");
    let challenge = answer.header("www-authenticate");
    assert_eq!(challenge, Some("Bearer error=\"invalid_token\""));
}

#[actix_web::test]
async fn a_refresh_answers_a_new_pair_under_both_names() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    app.advance(TimeDelta::minutes(5));
    let before = app.app.clock.now().and_utc().timestamp_millis();
    let answer = refresh(&app, program.refresh_token()).await;
    let body = answer.ok();
    assert_eq!(body["token"], body["accessToken"]);
    assert!(answer.text("/accessToken").starts_with("cs_at_"));
    assert!(answer.text("/refreshToken").starts_with("cs_rt_"));
    assert_ne!(answer.text("/refreshToken"), program.refresh_token());
    assert_ne!(body["accessToken"], json!(program.access));
    let expires_in = body["expiresAt"].as_i64().unwrap() - before;
    assert!((3_600_000..3_660_000).contains(&expires_in), "{expires_in}");
    // The access token of before is still good for what is in flight.
    program.get("/user/profile").await.ok();
    let next = program.with_token(&answer.text("/accessToken"));
    let tokens = next.get("/token").await.ok()["tokens"].clone();
    assert_eq!(tokens.as_array().unwrap().len(), 1);
    assert_eq!(tokens[0]["id"], json!(program.session_id));
}

#[actix_web::test]
async fn both_spellings_of_the_field_are_understood() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let body = json!({"refreshToken": program.refresh, "something": "else"});
    let answer = app.stranger().post("/user/refresh", body).await;
    answer.ok();
    let body = json!({"refresh_token": answer.text("/refreshToken")});
    app.stranger().post("/user/refresh", body).await.ok();
    for body in [
        json!({}),
        json!({"refresh_token": null}),
        json!({"refresh_token": 7}),
        json!([]),
    ] {
        let answer = app.stranger().post("/user/refresh", body).await;
        answer.refused(400, "invalid_request");
    }
    app.stranger()
        .post_nothing("/user/refresh")
        .await
        .refused(400, "invalid_request");
}

#[actix_web::test]
async fn h01_a_used_refresh_token_ends_the_session_after_its_grace() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let next = refreshed(&app, program.refresh_token()).await;
    app.advance(TimeDelta::seconds(60));
    dead(&refresh(&app, program.refresh_token()).await);
    dead(&refresh(&app, next.refresh_token()).await);
    dead(&next.get("/user/profile").await);
    dead(&program.get("/user/profile").await);
}

#[actix_web::test]
async fn h01_the_grace_ends_on_the_second() {
    let app = TestApp::spawn_with(|config| {
        // So long that the test's own time is nothing beside it.
        config.lifetimes.refresh_grace = std::time::Duration::from_secs(1_000);
    })
    .await;
    let (_, program) = app.user().signed_in().await;
    refreshed(&app, program.refresh_token()).await;
    app.advance(TimeDelta::seconds(900));
    refresh(&app, program.refresh_token()).await.ok();
    app.advance(TimeDelta::seconds(100));
    dead(&refresh(&app, program.refresh_token()).await);
}

#[actix_web::test]
async fn without_a_grace_a_repeat_is_reuse_at_once() {
    let app = TestApp::spawn_with(|config| {
        config.lifetimes.refresh_grace = std::time::Duration::ZERO;
    })
    .await;
    let (_, program) = app.user().signed_in().await;
    let next = refreshed(&app, program.refresh_token()).await;
    dead(&refresh(&app, program.refresh_token()).await);
    dead(&next.get("/user/profile").await);
}

#[actix_web::test]
async fn fifty_repeats_at_once_get_one_and_the_same_pair() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    for _ in 0..3 {
        let (_, program) = app.user().signed_in().await;
        let tries = (0..50).map(|_| refresh(&app, program.refresh_token()));
        let answers = futures_util::future::join_all(tries).await;
        let bodies: HashSet<String> = answers
            .iter()
            .map(|answer| answer.ok().to_string())
            .collect();
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        let pair: Value = serde_json::from_str(bodies.iter().next().unwrap()).unwrap();
        let next = program.with_token(pair["accessToken"].as_str().unwrap());
        assert_eq!(
            next.get("/token").await.ok()["tokens"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
        app.advance(TimeDelta::seconds(5));
        assert_eq!(*refresh(&app, program.refresh_token()).await.ok(), pair);
    }
    program.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn the_grace_ends_when_the_successor_is_used() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let second = refreshed(&app, program.refresh_token()).await;
    let third = refreshed(&app, second.refresh_token()).await;
    // The last one used has its own grace; the one before it has none any more.
    refresh(&app, second.refresh_token()).await.ok();
    dead(&refresh(&app, program.refresh_token()).await);
    dead(&third.get("/user/profile").await);
    dead(&refresh(&app, third.refresh_token()).await);
}

#[actix_web::test]
async fn h03_a_replayed_token_kills_its_own_family_and_no_other_device() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let (device, browser) = (person.sign_in().await, person.browser().await);
    let (_, stranger) = app.user().signed_in().await;
    let mut family = vec![program.clone()];
    for _ in 0..3 {
        app.advance(TimeDelta::minutes(1));
        let last = family.last().unwrap().refresh_token().to_owned();
        family.push(refreshed(&app, &last).await);
    }
    app.advance(TimeDelta::minutes(1));
    dead(&refresh(&app, family[1].refresh_token()).await);
    for member in &family {
        dead(&member.get("/user/profile").await);
        dead(&refresh(&app, member.refresh_token()).await);
    }
    device.get("/user/profile").await.ok();
    refreshed(&app, device.refresh_token()).await;
    assert_eq!(browser.get("/security").await.status, 200);
    stranger.get("/user/profile").await.ok();

    let record = app.db_activity(&person.id);
    let reuse: Vec<_> = record
        .iter()
        .filter(|row| row.event.contains("reuse"))
        .collect();
    assert_eq!(reuse.len(), 1, "{record:?}");
    assert_eq!(reuse[0].outcome, "failure");
    assert_eq!(reuse[0].reason.as_deref(), Some("refresh_token_reused"));
}

#[actix_web::test]
async fn h04_a_refresh_token_dies_of_idleness() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    app.advance(TimeDelta::hours(23));
    let next = refreshed(&app, program.refresh_token()).await;
    app.advance(TimeDelta::hours(24) + TimeDelta::seconds(1));
    dead(&refresh(&app, next.refresh_token()).await);
}

#[actix_web::test]
async fn h04_refreshing_does_not_extend_a_session_beyond_its_absolute_end() {
    let app = TestApp::spawn().await;
    let (_, mut program) = app.user().signed_in().await;
    let end = app.app.clock.now() + TimeDelta::days(7);
    loop {
        app.advance(TimeDelta::hours(1));
        if app.app.clock.now() > end {
            break;
        }
        program = refreshed(&app, program.refresh_token()).await;
    }
    dead(&refresh(&app, program.refresh_token()).await);
    dead(&program.get("/user/profile").await);
}

#[actix_web::test]
async fn h04_an_access_token_made_near_the_end_ends_with_the_session() {
    let app = TestApp::spawn_with(|config| {
        config.lifetimes.refresh_absolute = std::time::Duration::from_secs(3_600 * 3 / 2);
    })
    .await;
    let (_, program) = app.user().signed_in().await;
    let end = app.app.clock.now() + TimeDelta::minutes(90);
    app.advance(TimeDelta::minutes(59));
    let answer = refresh(&app, program.refresh_token()).await;
    let expires_at = answer.ok()["expiresAt"].as_i64().unwrap();
    assert!(expires_at <= end.and_utc().timestamp_millis());
    let next = program.with_token(&answer.text("/accessToken"));
    next.get("/user/profile").await.ok();
    app.advance(TimeDelta::minutes(31));
    dead(&next.get("/user/profile").await);
}

#[actix_web::test]
async fn refreshing_renews_no_proof() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    app.advance(TimeDelta::seconds(601));
    let next = refreshed(&app, program.refresh_token()).await;
    next.post_nothing("/sessions/revoke-all")
        .await
        .refused(403, "step_up_required");
}

#[actix_web::test]
async fn a_refresh_keeps_a_session_no_freer_than_its_account_allows() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    app.db_add_factor(&person.id, Method::Totp);
    let next = refreshed(&app, program.refresh_token()).await;
    next.get("/user/profile").await.refused(403, "mfa_required");
}

#[actix_web::test]
async fn the_tokens_of_a_deactivated_account_are_dead_and_nothing_is_said_about_it() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let now = app.app.clock.now();
    app.db_change_user(&person.id, |user| user.deactivated_at = Some(now));
    dead(&program.get("/user/profile").await);
    let answer = refresh(&app, program.refresh_token()).await;
    dead(&answer);
    assert_eq!(
        answer.body,
        refresh(&app, &format!("cs_rt_{}", "A".repeat(43)))
            .await
            .body
    );
}

#[actix_web::test]
async fn h08_no_token_passes_for_one_of_another_kind() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let browser = person.browser().await;
    let (_, limited) = app.user().with_factor(Method::Totp).signed_in().await;
    let csrf = browser
        .get("/security/password")
        .await
        .attribute("[name=csrf]", "value")
        .unwrap();
    let cookie = browser.cookie().unwrap();
    let cookie_value = cookie.split_once('=').unwrap().1.to_owned();
    let (access, refresh_token) = (program.access.clone().unwrap(), program.refresh_token());
    let limited_token = limited.access.clone().unwrap();

    for text in [
        access.as_str(),
        &limited_token,
        &cookie_value,
        &csrf,
        PASSWORD,
    ] {
        dead(&refresh(&app, text).await);
    }
    for text in [refresh_token, &cookie_value, &csrf, &program.session_id] {
        dead(&program.with_token(text).get("/mfa/status").await);
        dead(&program.with_token(text).get("/user/profile").await);
    }
    for text in [&access, refresh_token, &limited_token] {
        let swapped = text.replace("cs_rt_", "cs_at_").replace("cs_lt_", "cs_at_");
        if swapped != *text {
            dead(&program.with_token(&swapped).get("/mfa/status").await);
        }
    }
    for (scheme, token) in [("Basic", access.as_str()), ("", &access), ("Bearer", "")] {
        let request = app
            .stranger()
            .request(reqwest::Method::GET, "/user/profile")
            .header("authorization", format!("{scheme} {token}"));
        let answer = Answer::of(request.send().await.unwrap()).await;
        answer.refused(401, "unauthenticated");
    }
    let with_cookie = app
        .stranger()
        .request(reqwest::Method::GET, "/user/profile")
        .header("cookie", &cookie);
    let answer = Answer::of(with_cookie.send().await.unwrap()).await;
    answer.refused(401, "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));

    for text in [access.as_str(), refresh_token] {
        let visitor = app.browser();
        visitor.plant(&format!("countersign={text}"));
        let bearing = visitor
            .request(reqwest::Method::GET, "/security")
            .bearer_auth(text);
        assert_eq!(bearing.send().await.unwrap().status(), 303);
    }
    program.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn an_account_refreshes_sixty_times_a_minute() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let (_, other) = app.user().signed_in().await;
    let mut token = program.refresh_token().to_owned();
    // Each second gives one back.
    let mut refreshed = 0;
    let refused = loop {
        let answer = refresh(&app, &token).await;
        if answer.status != 200 {
            break answer;
        }
        token = answer.text("/refreshToken");
        refreshed += 1;
    };
    refused.refused(429, "rate_limited");
    assert!((60..80).contains(&refreshed), "{refreshed}");
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    refresh(&app, other.refresh_token()).await.ok();
    app.advance(TimeDelta::seconds(wait));
    refresh(&app, &token).await.ok();
}

#[actix_web::test]
async fn a_token_of_a_session_that_ended_costs_the_others_no_refresh() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let other = person.sign_in().await;
    program.post_nothing("/user/logout").await.ok();
    for _ in 0..61 {
        dead(&refresh(&app, program.refresh_token()).await);
    }
    refresh(&app, other.refresh_token()).await.ok();
}
