//! Finishing a sign-in with an email link, and proving again with one.

use std::collections::HashSet;

use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use super::{mailed, reader};
use crate::support::TestApp;
use crate::support::email_links::EmailLink;

/// What the database knows of the tokens and codes: nothing but digests.
fn stored(app: &TestApp) -> String {
    app.db(|conn| {
        use countersign::db::schema::magic_links::dsl;
        let rows: Vec<(Vec<u8>, String)> = dsl::magic_links
            .select((dsl::token_hash, dsl::code_hash))
            .load(conn)
            .unwrap();
        for (token, code) in &rows {
            assert_eq!(token.len(), 32);
            assert_eq!(code.rsplit_once('.').unwrap().1.len(), 64);
        }
        format!("{rows:?}")
    })
}

#[actix_web::test]
async fn either_the_link_or_the_code_finishes_a_sign_in_once() {
    let (app, server) = mailed().await;
    let (person, _) = reader(&app, &server).await;
    for with in ["token", "code"] {
        let limited = person.sign_in().await;
        limited.send_email_link().await.ok();
        let link = server.newest_link(&app, &person.email);
        let value = match with {
            "token" => &link.token,
            _ => &link.code,
        };
        let answer = limited.answer_email_link(with, value).await;
        let full = app.stranger().with_token(&answer.text("/fullAccessToken"));
        assert_eq!(full.status().await["sessionVerified"], true);
        limited
            .get("/mfa/status")
            .await
            .refused(401, "unauthenticated");
        // Either of the two used the mail up.
        for (with, value) in [("token", &link.token), ("code", &link.code)] {
            full.answer_email_link(with, value)
                .await
                .refused(400, "invalid_code");
        }
    }
}

#[actix_web::test]
async fn a_complete_session_proves_again_with_one() {
    let (app, server) = mailed().await;
    let (person, program) = reader(&app, &server).await;
    app.advance(TimeDelta::minutes(11));
    let disable = json!({"mfaType": "MAGIC_LINK"});
    program
        .post("/mfa/disable", disable.clone())
        .await
        .refused(403, "step_up_required");
    program.send_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    program.answer_email_link("code", &link.code).await.ok();
    program.post("/mfa/disable", disable).await.ok();
}

#[actix_web::test]
async fn d01_two_hundred_mails_are_all_different_and_the_database_knows_none() {
    let (app, server) = mailed().await;
    let (person, program) = reader(&app, &server).await;
    let before = server.received().len();
    for _ in 0..200 {
        program.send_email_link().await.ok();
    }
    let mails = server.received();
    let links: Vec<EmailLink> = mails[before..]
        .iter()
        .map(|mail| EmailLink::of(mail, &app.origin))
        .collect();
    assert_eq!(links.len(), 200);
    let tokens: HashSet<&str> = links.iter().map(|link| link.token.as_str()).collect();
    assert_eq!(tokens.len(), 200);
    let stored = stored(&app);
    for (link, mail) in links.iter().zip(&mails[before..]) {
        assert_eq!(link.path, format!("/login/link/{}", link.token));
        let secret = link.token.strip_prefix("cs_ln_").unwrap();
        let bytes = data_encoding::BASE64URL_NOPAD
            .decode(secret.as_bytes())
            .unwrap();
        assert_eq!(bytes.len(), 32);
        assert!(!stored.contains(secret));
        assert_eq!(mail.recipients, [format!("RCPT TO:<{}>", person.email)]);
        let last = link.text.trim_end().lines().last().unwrap();
        assert_eq!(last, format!("@localhost #{}", link.code));
    }
}

#[actix_web::test]
async fn d04_of_fifty_answers_at_once_one_signs_in() {
    let (app, server) = mailed().await;
    let (person, _) = reader(&app, &server).await;
    for (with, rounds) in [("token", 3), ("code", 3)] {
        for _ in 0..rounds {
            let limited = person.sign_in().await;
            limited.send_email_link().await.ok();
            let link = server.newest_link(&app, &person.email);
            let value = match with {
                "token" => &link.token,
                _ => &link.code,
            };
            let all = (0..50).map(|_| limited.answer_email_link(with, value));
            let answers = futures_util::future::join_all(all).await;
            let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
            assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
            // Answers that were right cost nobody a try.
            app.advance(TimeDelta::minutes(16));
        }
    }
}

#[actix_web::test]
async fn d05_a_mail_works_for_ten_minutes() {
    let (app, server) = mailed().await;
    let (person, program) = reader(&app, &server).await;
    for (seconds, status) in [(599, 200), (601, 400)] {
        program.send_email_link().await.ok();
        let link = server.newest_link(&app, &person.email);
        app.advance(TimeDelta::seconds(seconds));
        let answer = program.answer_email_link("token", &link.token).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
}

#[actix_web::test]
async fn d06_only_the_newest_works_and_an_older_one_costs_no_try() {
    let (app, server) = mailed().await;
    let (person, _) = reader(&app, &server).await;
    let limited = person.sign_in().await;
    limited.send_email_link().await.ok();
    let first = server.newest_link(&app, &person.email);
    limited.send_email_link().await.ok();
    let second = server.newest_link(&app, &person.email);
    for _ in 0..6 {
        let answer = limited.answer_email_link("token", &first.token).await;
        answer.refused(400, "invalid_code");
        assert_eq!(answer.body["attemptsLeft"], 5);
    }
    if first.code != second.code {
        let answer = limited.answer_email_link("code", &first.code).await;
        assert_eq!(answer.body["attemptsLeft"], 5);
    }
    limited.answer_email_link("token", &second.token).await.ok();
}

#[actix_web::test]
async fn a_mail_works_in_the_session_that_asked_and_in_no_other() {
    let (app, server) = mailed().await;
    let (person, _) = reader(&app, &server).await;
    let (other, _) = reader(&app, &server).await;
    let limited = person.sign_in().await;
    let second = person.sign_in().await;
    let foreign = other.sign_in().await;
    limited.send_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    for (with, value) in [("token", &link.token), ("code", &link.code)] {
        second
            .answer_email_link(with, value)
            .await
            .refused(400, "invalid_code");
        foreign
            .answer_email_link(with, value)
            .await
            .refused(400, "invalid_code");
    }
    limited.answer_email_link("token", &link.token).await.ok();
}

#[actix_web::test]
async fn d10_mails_are_limited_by_account_and_guesses_by_the_shared_count() {
    let (app, server) = mailed().await;
    let limits = ["3/5m", "5/10m", "15/1h"].map(|rate| rate.parse().unwrap());
    let url = server.url().parse().unwrap();
    let app_with = TestApp::spawn_with(|config| {
        config.smtp_url = Some(url);
        config.limits.mail = limits.to_vec();
        config.limits.code_address = None;
    })
    .await;
    drop(app);
    let app = app_with;
    let (person, _) = reader(&app, &server).await;
    // The set-up was the first.
    person.sign_in().await.send_email_link().await.ok();
    person.sign_in().await.send_email_link().await.ok();
    let limited = person.sign_in().await;
    let answer = limited.send_email_link().await;
    answer.refused(429, "rate_limited");
    let wait: i64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=300).contains(&wait), "{wait}");
    app.advance(TimeDelta::seconds(wait));
    let limited = person.sign_in().await;
    limited.send_email_link().await.ok();

    let guesses = 20;
    let mut statuses = Vec::new();
    for n in 0..guesses {
        let token = format!("cs_ln_{}", data_encoding::BASE64URL_NOPAD.encode(&[n; 32]));
        statuses.push(limited.answer_email_link("token", &token).await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 5);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 15);
    let link = server.newest_link(&app, &person.email);
    limited
        .answer_email_link("token", &link.token)
        .await
        .refused(429, "locked");
}

#[actix_web::test]
async fn wrong_codes_count_with_all_others_and_malformed_ones_do_not() {
    let (app, server) = mailed().await;
    let (person, _) = reader(&app, &server).await;
    let limited = person.sign_in().await;
    // Nothing was asked for, and yet it is a guess.
    let answer = limited.answer_email_link("code", "123456").await;
    assert_eq!(answer.body["attemptsLeft"], 4);
    for code in ["", "12345", "1234567", "abcdef"] {
        limited
            .answer_email_link("code", code)
            .await
            .refused(400, "invalid_request");
    }
    limited
        .answer_email_link("token", "not a token")
        .await
        .refused(400, "invalid_request");
    let answer = limited.answer_email_link("code", "123456").await;
    assert_eq!(answer.body["attemptsLeft"], 3);
}

#[actix_web::test]
async fn j03_without_the_password_there_is_no_mail_and_no_sign_of_one() {
    let (app, server) = mailed().await;
    let (person, _) = reader(&app, &server).await;
    let before = server.received().len();
    app.stranger()
        .send_email_link()
        .await
        .refused(401, "unauthenticated");
    let plain = app.user().create().await;
    let answers = [
        person.try_sign_in("a wrong password").await,
        plain.try_sign_in("a wrong password").await,
    ];
    assert_eq!(answers[0].body, answers[1].body);
    assert_eq!(server.received().len(), before);
}

#[actix_web::test]
async fn g04_a_reset_takes_waiting_mails_away() {
    let (app, server) = mailed().await;
    let (person, program) = reader(&app, &server).await;
    program.send_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    program.post_nothing("/mfa/reset").await.ok();
    program.set_up_email_link(&server, &person.email).await;
    program
        .answer_email_link("token", &link.token)
        .await
        .refused(400, "invalid_code");
}

#[actix_web::test]
async fn k06_what_happens_is_recorded_without_a_secret() {
    let (app, server) = mailed().await;
    let (person, program) = reader(&app, &server).await;
    program.send_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    program.answer_email_link("token", &link.token).await.ok();
    let rows = app.db_activity(&person.id);
    let events: Vec<(&str, Option<&str>)> = rows
        .iter()
        .map(|row| (row.event.as_str(), row.method.as_deref()))
        .collect();
    for event in [
        "mfa_setup_started",
        "mfa_enabled",
        "magic_link_sent",
        "stepup",
    ] {
        assert!(
            events.contains(&(event, Some("magic_link"))),
            "{event}: {events:?}"
        );
    }
    let all = format!("{rows:?}");
    assert!(!all.contains(&link.token) && !all.contains(&link.code));
}
