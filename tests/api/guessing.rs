//! Guessing passwords: the waits, the limits, what the time of an answer tells, and what becomes of the victim.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use countersign::config::{Config, Settings};
use serde_json::json;

use crate::support::timing::probability_of_longer;
use crate::support::{Answer, PASSWORD, TestApp};

const WRONG: &str = "not the password at all";

/// A server with the limits that it has when nobody sets any, behind a proxy, so that a test can come from
/// many addresses.
async fn with_default_limits() -> TestApp {
    TestApp::spawn_with(|config| {
        config.limits = Config::from_settings(&Settings::default()).unwrap().limits;
        config.trusted_proxies = 1;
    })
    .await
}

async fn sign_in_from(app: &TestApp, address: &str, email: &str, password: &str) -> Answer {
    let request = app
        .stranger()
        .request(reqwest::Method::POST, "/user/login")
        .header("x-forwarded-for", address)
        .json(&json!({"email": email, "password": password}));
    Answer::of(request.send().await.unwrap()).await
}

#[track_caller]
fn throttled(answer: &Answer) -> u64 {
    answer.refused(429, "rate_limited");
    let seconds = answer.header("retry-after").unwrap().parse().unwrap();
    assert_eq!(answer.body["retryAfter"], seconds);
    assert!((1..=60).contains(&seconds), "{seconds}");
    seconds
}

/// Fails so often that the next try for this address has to wait for a minute.
async fn earn_the_longest_wait(app: &TestApp, email: &str) {
    for n in 0..11 {
        app.advance(TimeDelta::seconds(61));
        let answer = sign_in_from(app, &format!("198.51.100.{n}"), email, WRONG).await;
        answer.refused(401, "invalid_credentials");
    }
}

#[actix_web::test]
async fn j01_the_wait_after_wrong_passwords_is_the_same_for_an_unknown_address() {
    let app = TestApp::spawn().await;
    let known = app.user().create().await;
    let unknown = format!("{}x", known.email);
    let mut waits = Vec::new();
    for email in [&known.email, &unknown] {
        earn_the_longest_wait(&app, email).await;
        waits.push(sign_in_from(&app, "203.0.113.7", email, WRONG).await);
    }
    let names = |answer: &Answer| {
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&waits[0]), names(&waits[1]));
    assert_eq!(waits[0].body["error"], waits[1].body["error"]);
    for wait in &waits {
        assert!(throttled(wait) >= 40, "{}", wait.body);
    }
}

/// The fastest of all, in seconds: whatever else the machine does can only add to it.
fn fastest(times: &[Duration]) -> f64 {
    times.iter().min().unwrap().as_secs_f64()
}

#[actix_web::test]
async fn j02_the_time_of_an_answer_does_not_tell_whether_there_is_an_account() {
    let app = TestApp::spawn_with_live_hashing().await;
    let known = app.user().create().await;
    let passwordless = app.user().without_password().create().await;
    let deactivated = app.user().create().await;
    let now = app.app.clock.now();
    app.db_change_user(&deactivated.id, |user| user.deactivated_at = Some(now));
    let kinds = [
        ("unknown", "nobody@example.com", WRONG),
        ("wrong password", &known.email, WRONG),
        ("without password", &passwordless.email, WRONG),
        ("deactivated", &deactivated.email, PASSWORD),
    ];
    let mut times = vec![Vec::new(); kinds.len()];
    for round in 0..50 {
        // Everybody is first in turn, so that no place in the row is a kind's own.
        for n in 0..kinds.len() {
            let n = (n + round) % kinds.len();
            let (_, email, password) = kinds[n];
            let body = json!({"email": email, "password": password});
            let started = Instant::now();
            let answer = app.stranger().post("/user/login", body).await;
            times[n].push(started.elapsed());
            answer.refused(401, "invalid_credentials");
        }
        // Past every wait that these failures have earned.
        app.advance(TimeDelta::seconds(61));
    }
    for ((name, ..), times_of) in kinds.iter().zip(&times) {
        let probability = probability_of_longer(times_of, &times[1]);
        assert!((0.25..0.75).contains(&probability), "{name}: {probability}");
    }
    let times: Vec<f64> = times.iter().map(|times| fastest(times)).collect();
    for ((name, ..), time) in kinds.iter().zip(&times) {
        let ratio = time / times[1];
        assert!((0.66..1.5).contains(&ratio), "{name}: {ratio} of {times:?}");
    }

    // Of throttled tries nobody's password is hashed.
    let body = json!({"email": known.email, "password": PASSWORD});
    app.stranger().post("/user/login", body.clone()).await.ok();
    for _ in 0..5 {
        known
            .try_sign_in(WRONG)
            .await
            .refused(401, "invalid_credentials");
    }
    let mut refusals = Vec::new();
    for _ in 0..15 {
        let started = Instant::now();
        let answer = app.stranger().post("/user/login", body.clone()).await;
        refusals.push(started.elapsed());
        throttled(&answer);
    }
    let refusal = fastest(&refusals);
    assert!(refusal < times[1] / 2.0, "{refusal} against {times:?}");
}

#[actix_web::test]
async fn j04_twenty_wrong_passwords_for_one_account_meet_the_limit() {
    let app = with_default_limits().await;
    let person = app.user().create().await;
    let mut refused = 0;
    for _ in 0..20 {
        let answer = sign_in_from(&app, "203.0.113.7", &person.email, WRONG).await;
        if answer.status == 429 {
            throttled(&answer);
            refused += 1;
        } else {
            answer.refused(401, "invalid_credentials");
        }
    }
    assert_eq!(
        refused, 15,
        "five failures are free, and the clock stood still"
    );
    let right = sign_in_from(&app, "203.0.113.7", &person.email, PASSWORD).await;
    let wait = throttled(&right);
    app.advance(TimeDelta::seconds(wait.cast_signed()));
    sign_in_from(&app, "203.0.113.7", &person.email, PASSWORD)
        .await
        .ok();
}

#[actix_web::test]
async fn j04_one_wrong_password_for_each_of_forty_accounts_meets_the_limit_of_the_address() {
    let app = with_default_limits().await;
    let known = app.user().create().await;
    for n in 0..40 {
        let email = format!("victim-{n}@example.com");
        let answer = sign_in_from(&app, "203.0.113.7", &email, WRONG).await;
        if n < 10 {
            answer.refused(401, "invalid_credentials");
        } else {
            assert!(throttled(&answer) <= 6);
        }
    }
    throttled(&sign_in_from(&app, "203.0.113.7", &known.email, PASSWORD).await);
    sign_in_from(&app, "203.0.113.8", &known.email, PASSWORD)
        .await
        .ok();
    app.advance(TimeDelta::seconds(6));
    sign_in_from(&app, "203.0.113.7", &known.email, PASSWORD)
        .await
        .ok();
}

#[actix_web::test]
async fn j04_a_right_password_gives_its_token_back() {
    let app = with_default_limits().await;
    let person = app.user().create().await;
    for _ in 0..25 {
        sign_in_from(&app, "203.0.113.7", &person.email, PASSWORD)
            .await
            .ok();
    }
}

#[actix_web::test]
async fn j04_tries_that_an_account_has_to_wait_for_do_not_use_up_the_address() {
    let app = with_default_limits().await;
    let attacked = app.user().create().await;
    let colleague = app.user().create().await;
    for n in 0..5 {
        let address = format!("198.51.100.{n}");
        sign_in_from(&app, &address, &attacked.email, WRONG)
            .await
            .refused(401, "invalid_credentials");
    }
    for _ in 0..15 {
        throttled(&sign_in_from(&app, "203.0.113.7", &attacked.email, PASSWORD).await);
    }
    sign_in_from(&app, "203.0.113.7", &colleague.email, PASSWORD)
        .await
        .ok();
}

#[actix_web::test]
async fn j04_a_forwarded_address_is_believed_only_behind_a_proxy() {
    let limits = Config::from_settings(&Settings::default()).unwrap().limits;
    let app = TestApp::spawn_with(|config| config.limits = limits).await;
    for n in 0..12 {
        let (address, email) = (format!("203.0.113.{n}"), format!("victim-{n}@example.com"));
        let answer = sign_in_from(&app, &address, &email, WRONG).await;
        assert_eq!(answer.status, if n < 10 { 401 } else { 429 }, "{n}");
    }
}

#[actix_web::test]
async fn j05_an_attacker_neither_ends_sessions_nor_keeps_the_victim_out() {
    let app = with_default_limits().await;
    let (victim, program) = app.user().signed_in().await;
    let browser = victim.browser().await;
    for n in 0..200 {
        let address = format!("198.51.100.{n}");
        let answer = sign_in_from(&app, &address, &victim.email, WRONG).await;
        assert!(matches!(answer.status, 401 | 429), "{}", answer.body);
        if n % 5 == 0 {
            app.advance(TimeDelta::seconds(61));
        }
    }
    program.get("/user/profile").await.ok();
    program
        .post("/user/refresh", json!({"refresh_token": program.refresh}))
        .await
        .ok();
    assert_eq!(browser.get("/security").await.status, 200);

    let home = "192.0.2.1";
    let waiting = sign_in_from(&app, home, &victim.email, PASSWORD).await;
    let wait = throttled(&waiting);
    app.advance(TimeDelta::seconds(wait.cast_signed()));
    sign_in_from(&app, home, &victim.email, PASSWORD).await.ok();
    for _ in 0..5 {
        let typo = sign_in_from(&app, home, &victim.email, WRONG).await;
        typo.refused(401, "invalid_credentials");
    }
}
