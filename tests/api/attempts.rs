//! Wrong answers: counted, locked, forgiven, and in the end switched off.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use chrono::TimeDelta;
use countersign::crypto::password::Password;
use futures_util::future::join_all;
use reqwest::Method as Verb;
use serde_json::{Value, json};

use crate::support::authenticator::Authenticator;
use crate::support::{Answer, Person, TestApp};

async fn fail(person: &Person<'_>, authenticator: &Authenticator) -> Answer {
    let wrong = authenticator.wrong_code(person.app);
    person.sign_in().await.answer(&wrong).await
}

#[actix_web::test]
async fn b06_the_fifth_wrong_code_locks_for_fifteen_minutes() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    for left in [4, 3, 2, 1] {
        let answer = fail(&person, &authenticator).await;
        answer.refused(400, "invalid_code");
        assert_eq!(answer.body["attemptsLeft"], left);
        assert!(answer.header("retry-after").is_none());
    }
    let fifth = fail(&person, &authenticator).await;
    fifth.refused(400, "invalid_code");
    assert_eq!(fifth.body["attemptsLeft"], 0);
    assert_eq!(fifth.header("retry-after"), Some("900"));
    let limited = person.sign_in().await;
    let sixth = limited.answer(&authenticator.next_code(&app)).await;
    sixth.refused(429, "locked");
    let seconds: u64 = sixth.header("retry-after").unwrap().parse().unwrap();
    assert!((800..=900).contains(&seconds), "{seconds}");
    assert_eq!(sixth.body["retryAfter"], seconds);
    app.advance(TimeDelta::minutes(15));
    person.sign_in_with(&authenticator).await;
}

#[actix_web::test]
async fn each_lock_lasts_twice_as_long_as_the_one_before() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    for minutes in [15, 30, 60] {
        for _ in 0..4 {
            fail(&person, &authenticator)
                .await
                .refused(400, "invalid_code");
        }
        let locking = fail(&person, &authenticator).await;
        assert_eq!(
            locking.header("retry-after"),
            Some((minutes * 60).to_string().as_str())
        );
        app.advance(TimeDelta::minutes(minutes));
    }
    person.sign_in_with(&authenticator).await;
    let answer = fail(&person, &authenticator).await;
    assert_eq!(
        answer.body["attemptsLeft"], 4,
        "a right code clears the count"
    );
}

#[actix_web::test]
async fn b08_nothing_that_a_client_says_about_itself_resets_the_count() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let mut last = None;
    for n in 0..5 {
        let limited = person.sign_in().await;
        let body = json!({
            "mfaType": "GOOGLE_AUTH",
            "code": authenticator.wrong_code(&app),
            "sessionId": format!("s{n}"),
            "ipAddress": format!("203.0.113.{n}"),
            "userAgent": format!("agent {n}"),
        });
        let request = limited
            .request(Verb::POST, "/mfa/verify-login")
            .header("x-forwarded-for", format!("198.51.100.{n}"))
            .header("forwarded", format!("for=198.51.100.{n}"))
            .header("x-real-ip", format!("198.51.100.{n}"))
            .header("user-agent", format!("agent {n}"))
            .json(&body);
        last = Some(Answer::of(request.send().await.unwrap()).await);
    }
    assert_eq!(last.unwrap().body["attemptsLeft"], 0);
    let row = app.db_activity(&person.id).pop().unwrap();
    assert_eq!(row.event, "mfa_verify_lock");
    assert_eq!(row.peer_address.as_deref(), Some("127.0.0.1"));
}

#[actix_web::test]
async fn b11_malformed_codes_are_refused_and_not_counted() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let limited = person.sign_in().await;
    let odd = [
        json!(""),
        Value::Null,
        json!("12345"),
        json!("1234567"),
        json!("12345678"),
        json!("abcdef"),
        json!(123_456),
        json!(["123456"]),
        json!({"code": "123456"}),
        json!("1".repeat(60_000)),
    ];
    for code in odd {
        let body = json!({"mfaType": "GOOGLE_AUTH", "code": code});
        limited
            .post("/mfa/verify-login", body)
            .await
            .refused(400, "invalid_request");
    }
    let huge = json!({"mfaType": "GOOGLE_AUTH", "code": "1".repeat(1_000_000)});
    limited
        .post("/mfa/verify-login", huge)
        .await
        .refused(413, "payload_too_large");
    let zeros = limited.answer("000000").await;
    assert_eq!(zeros.status, 400, "{}", zeros.body);
    assert_eq!(zeros.body["attemptsLeft"], 4, "the first one that counts");
    limited.answer(&authenticator.next_code(&app)).await.ok();
}

#[actix_web::test]
async fn a_spent_code_does_not_bring_a_lock_closer() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let code = authenticator.next_code(&app);
    person.sign_in().await.answer(&code).await.ok();
    for _ in 0..4 {
        fail(&person, &authenticator).await;
    }
    for _ in 0..3 {
        let answer = person.sign_in().await.answer(&code).await;
        answer.refused(400, "invalid_code");
        assert_eq!(answer.body["attemptsLeft"], 1);
    }
    person.sign_in_with(&authenticator).await;
}

#[actix_web::test]
async fn three_right_codes_in_a_row_end_a_lock() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    for _ in 0..5 {
        fail(&person, &authenticator).await;
    }
    let answer = async |code: &str| person.sign_in().await.answer(code).await;
    answer(&authenticator.next_code(&app))
        .await
        .refused(429, "locked");
    answer(&authenticator.next_code(&app))
        .await
        .refused(429, "locked");
    answer(&authenticator.wrong_code(&app))
        .await
        .refused(429, "locked");
    for _ in 0..2 {
        answer(&authenticator.next_code(&app))
            .await
            .refused(429, "locked");
        // The same step again breaks the run as a wrong code does; so this one starts it anew.
    }
    answer(&authenticator.next_code(&app)).await.ok();
    let after = fail(&person, &authenticator).await;
    assert_eq!(after.body["attemptsLeft"], 4);
}

#[actix_web::test]
async fn b13_a_hundred_wrong_codes_switch_codes_off_and_never_make_the_password_enough() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    for n in 1..=100 {
        let answer = fail(&person, &authenticator).await;
        answer.refused(400, "invalid_code");
        if n % 5 == 0 {
            app.advance(TimeDelta::hours(24));
        }
    }
    let limited = person.sign_in().await;
    limited
        .answer(&authenticator.next_code(&app))
        .await
        .refused(400, "method_not_enabled");
    limited
        .answer(&authenticator.backup_codes[0])
        .await
        .refused(400, "method_not_enabled");
    let status = limited.status().await;
    assert_eq!(status["isEnabled"], false);
    assert_eq!(status["sessionVerified"], false);
    limited
        .get("/user/profile")
        .await
        .refused(403, "mfa_required");
    assert_eq!(records(&app, &person, "mfa_suspended"), 1);
}

#[actix_web::test]
async fn of_wrong_codes_at_once_one_is_told_of_the_lock_and_it_is_recorded_once() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let mut limited = Vec::new();
    for _ in 0..12 {
        limited.push(person.sign_in().await);
    }
    let wrong = authenticator.wrong_code(&app);
    let answers = join_all(limited.iter().map(|program| program.answer(&wrong))).await;
    let mut told: Vec<u64> = answers
        .iter()
        .filter(|answer| answer.status == 400)
        .map(|answer| answer.body["attemptsLeft"].as_u64().unwrap())
        .collect();
    told.sort_unstable();
    assert_eq!(told, [0, 1, 2, 3, 4]);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer.status, 400 | 429))
    );
    assert_eq!(records(&app, &person, "mfa_verify_lock"), 1);
}

#[actix_web::test]
async fn a_hundredth_answer_that_nobody_judged_is_a_lock_and_no_dead_end() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    // As a server leaves it that is killed while it looks at the code.
    let never_judged = |app: &TestApp| {
        app.db_execute("DELETE FROM mfa_attempts");
        app.db_execute(&format!(
            "INSERT INTO mfa_attempts (user_id, streak, wrong, run_length, updated_at) \
             VALUES ('{}', 's', 100, 0, '2026-01-01 00:00:00')",
            person.id
        ));
    };
    never_judged(&app);
    person.sign_in_with(&authenticator).await;
    never_judged(&app);
    fail(&person, &authenticator)
        .await
        .refused(400, "invalid_code");
    assert_eq!(records(&app, &person, "mfa_suspended"), 1);
    let limited = person.sign_in().await;
    limited
        .answer(&authenticator.next_code(&app))
        .await
        .refused(400, "method_not_enabled");
    assert_eq!(limited.status().await["isEnabled"], false);
}

#[actix_web::test]
async fn a_right_code_that_was_counted_before_the_hundredth_wrong_one_leaves_codes_in_use() {
    let app = TestApp::spawn().await;
    for round in 0..8 {
        let (person, program) = app.user().signed_in().await;
        let authenticator = program.set_up_totp().await;
        fail_so_often(&person, &authenticator, 98).await;
        let (one, other) = (person.sign_in().await, person.sign_in().await);
        let right = authenticator.next_code(&app);
        let wrong = authenticator.wrong_code(&app);
        let (right, wrong) = futures_util::join!(one.answer(&right), other.answer(&wrong));
        assert_eq!(wrong.status, 400, "round {round}: {}", wrong.body);
        right.ok();
        let status = person.sign_in().await.status().await;
        assert_eq!(status["isEnabled"], true, "round {round}");
    }
}

#[actix_web::test]
async fn the_hundredth_wrong_code_and_a_change_at_once_wait_for_each_other() {
    let app = TestApp::spawn().await;
    for round in 0..12 {
        let (person, program) = app.user().signed_in().await;
        let authenticator = program.set_up_totp().await;
        fail_so_often(&person, &authenticator, 99).await;
        let limited = person.sign_in().await;
        let wrong = authenticator.wrong_code(&app);
        let body = json!({"mfaType": "GOOGLE_AUTH"});
        let (wrong, changed) =
            futures_util::join!(limited.answer(&wrong), program.post("/mfa/disable", body));
        changed.ok();
        // Turning MFA off ended the other session, perhaps before its code was looked at.
        assert!(
            matches!(wrong.status, 400 | 401),
            "round {round}: {}",
            wrong.body
        );
    }
}

#[actix_web::test]
async fn a_backup_code_that_a_busy_server_did_not_look_at_is_not_counted() {
    let app = TestApp::spawn_with_live_hashing().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let mut limited = person.sign_in().await;
    let is_over = Rc::new(Cell::new(false));
    let crowd: Vec<_> = (0..60)
        .map(|_| {
            let (app, is_over) = (app.app.clone(), Rc::clone(&is_over));
            actix_web::rt::spawn(async move {
                while !is_over.get() {
                    let password = Password::new("correct horse battery staple".to_owned());
                    if app.hasher.hash(password).await.is_err() {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                }
            })
        })
        .collect();
    tokio::task::yield_now().await;
    // A place in the queue may be free for a moment.
    let mut codes = authenticator.backup_codes.iter();
    let refused = loop {
        let answer = limited.answer(codes.next().unwrap()).await;
        if answer.status != 200 {
            break answer;
        }
        limited = limited.with_token(&answer.text("/fullAccessToken"));
    };
    is_over.set(true);
    refused.refused(503, "busy");
    join_all(crowd).await;
    let wrong = limited.answer(&authenticator.wrong_code(&app)).await;
    assert_eq!(wrong.body["attemptsLeft"], 4);
}

#[actix_web::test]
async fn a_secret_that_does_not_open_locks_nobody_out_of_their_backup_codes() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    app.db_execute("UPDATE totp_secrets SET secret = 'v1.none.none.none'");
    for _ in 0..6 {
        let answer = person
            .sign_in()
            .await
            .answer(&authenticator.next_code(&app))
            .await;
        assert_eq!(answer.status, 500, "{}", answer.body);
    }
    let limited = person.sign_in().await;
    limited.answer(&authenticator.backup_codes[0]).await.ok();
}

/// One wrong code that counts for many.
async fn fail_so_often(person: &Person<'_>, authenticator: &Authenticator, wrong: u32) {
    fail(person, authenticator).await;
    person.app.db_execute(&format!(
        "UPDATE mfa_attempts SET wrong = {wrong} WHERE user_id = '{}'",
        person.id
    ));
}

fn records(app: &TestApp, person: &Person<'_>, event: &str) -> usize {
    app.db_activity(&person.id)
        .iter()
        .filter(|row| row.event == event)
        .count()
}
