//! What is asked, how often, and how little the answer tells.

use std::time::Instant;

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use super::{ask, ask_on_page, link_for};
use crate::support::timing::probability_of_longer;
use crate::support::{Answer, TestApp};

/// Everything that an answer of JSON shows, but for what differs each time.
fn shown(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (answer.status, answer.body.to_string(), headers)
}

#[actix_web::test]
async fn j01_the_answer_does_not_tell_whether_there_is_an_account() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let known = app.user().create().await;
    let passwordless = app.user().without_password().create().await;
    let deactivated = app.user().create().await;
    let now = app.app.clock.now();
    app.db_change_user(&deactivated.id, |user| user.deactivated_at = Some(now));
    let emails = [
        "nobody@example.com",
        &known.email,
        &passwordless.email,
        &deactivated.email,
    ];
    let mut answers = Vec::new();
    for email in emails {
        answers.push(shown(&ask(&app, email).await));
    }
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    assert_eq!(answers[0].0, 200);
    let mut pages = Vec::new();
    for email in emails {
        let page = ask_on_page(&app, email).await;
        pages.push((page.status, page.location().to_owned(), page.html));
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    assert_eq!(pages[0].0, 303);

    app.deliver().await;
    for (email, mails) in emails.iter().zip([0, 1, 1, 0]) {
        assert_eq!(
            server.received_by(email).len(),
            mails,
            "{email}: the newest link only"
        );
    }
    assert_eq!(server.received().len(), 2);
    let refused: Vec<_> = app
        .db_all_activity()
        .into_iter()
        .filter(|row| row.outcome == "failure")
        .map(|row| row.reason.unwrap())
        .collect();
    assert_eq!(
        refused,
        ["no_account", "deactivated", "no_account", "deactivated"]
    );
    assert!(
        !app.db_state_but_records().contains("nobody@example.com"),
        "strangers leave nothing behind"
    );
}

#[actix_web::test]
async fn j02_the_time_of_the_answer_does_not_tell_it_either() {
    let app = TestApp::spawn_with(|config| config.limits.mail = Vec::new()).await;
    let known = app.user().create().await;
    let passwordless = app.user().without_password().create().await;
    let deactivated = app.user().create().await;
    let now = app.app.clock.now();
    app.db_change_user(&deactivated.id, |user| user.deactivated_at = Some(now));
    let emails = [
        "nobody@example.com",
        &known.email,
        &passwordless.email,
        &deactivated.email,
    ];
    let mut times = vec![Vec::new(); emails.len()];
    for round in 0..110 {
        // Everybody is first in turn, so that no place in the row is a kind's own.
        for n in 0..emails.len() {
            let n = (n + round) % emails.len();
            let started = Instant::now();
            ask(&app, emails[n]).await.ok();
            if round >= 10 {
                times[n].push(started.elapsed());
            }
        }
    }
    for (email, times_of) in emails.iter().zip(&times).skip(1) {
        let probability = probability_of_longer(times_of, &times[0]);
        assert!(
            (0.35..0.65).contains(&probability),
            "{email}: {probability}"
        );
    }
}

#[actix_web::test]
async fn d02_no_header_of_the_request_gets_into_the_link() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let body = json!({"email": person.email}).to_string();
    let port = app.address.port();
    for (target, headers) in [
        (
            "/user/request-reset-password",
            "Host: evil.test\r\n".to_owned(),
        ),
        (
            "/user/request-reset-password",
            format!(
                "Host: localhost:{port}\r\nX-Forwarded-Host: evil.test\r\nX-Forwarded-Proto: https\r\n"
            ),
        ),
        (
            "/user/request-reset-password",
            format!("Host: localhost:{port}\r\nForwarded: host=evil.test;proto=https\r\n"),
        ),
        (
            "/user/request-reset-password",
            format!(
                "Host: localhost:{port}\r\nX-Original-URL: http://evil.test/\r\nX-Host: evil.test\r\n"
            ),
        ),
        (
            "http://evil.test/user/request-reset-password",
            "Host: evil.test\r\n".to_owned(),
        ),
        (
            "http://evil.test/user/request-reset-password",
            format!("Host: localhost:{port}\r\n"),
        ),
    ] {
        app.advance(TimeDelta::hours(2));
        let before = server.received().len();
        let request = format!(
            "POST {target} HTTP/1.1\r\n{headers}Content-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        );
        let status = app.wire(request).await.statuses()[0];
        app.deliver().await;
        let mails = server.received();
        if status == 200 {
            assert_eq!(mails.len(), before + 1, "{headers}");
            app.link_in(&mails[before]);
        } else {
            assert!(matches!(status, 400 | 404 | 421), "{headers}: {status}");
            assert_eq!(mails.len(), before, "{headers}");
        }
    }
    for mail in server.received() {
        assert!(!mail.data.contains("evil"), "{}", mail.data);
    }
    assert!(server.received().len() >= 4);
}

#[actix_web::test]
async fn over_the_limits_the_answer_is_the_same_and_no_mail_comes() {
    let (app, server) = TestApp::spawn_with_mail(|config| config.trusted_proxies = 1).await;
    let (victim, other) = (app.user().create().await, app.user().create().await);
    let mut answers = Vec::new();
    // An hour and a bit, one try each half minute, each from another address.
    for n in 0..125 {
        let request = app
            .stranger()
            .request(reqwest::Method::POST, "/user/request-reset-password")
            .header("x-forwarded-for", format!("198.51.100.{n}"))
            .json(&json!({"email": victim.email}));
        answers.push(shown(&Answer::of(request.send().await.unwrap()).await));
        app.deliver().await;
        let (minutes, mails) = (n / 2, server.received_by(&victim.email).len());
        match minutes {
            0..=4 => assert!(mails <= 3, "{n}: {mails}"),
            5..=9 => assert!(mails <= 5, "{n}: {mails}"),
            10..=59 => assert!(mails <= 15, "{n}: {mails}"),
            _ => {}
        }
        app.advance(TimeDelta::seconds(30));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let mails = server.received_by(&victim.email).len();
    assert!(
        (16..=18).contains(&mails),
        "{mails}: the first hour is over"
    );
    let refused = app.db_activity(&victim.id);
    assert!(
        refused
            .iter()
            .any(|row| row.reason.as_deref() == Some("too_many"))
    );
    link_for(&app, &server, &other.email).await;
}

#[actix_web::test]
async fn one_client_address_asks_for_twenty_mails_in_five_minutes_and_no_more() {
    let app = TestApp::spawn().await;
    for n in 0..20 {
        ask(&app, &format!("nobody-{n}@example.com")).await.ok();
    }
    let refused = ask(&app, "nobody@example.com").await;
    refused.refused(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), Some("15"));
    let page = ask_on_page(&app, "nobody@example.com").await;
    assert_eq!(page.status, 429);
    assert!(page.problems()[0].starts_with("Too many tries. Try again after "));
    assert_eq!(
        page.attribute("#email", "value").as_deref(),
        Some("nobody@example.com")
    );
    app.advance(TimeDelta::seconds(15));
    ask(&app, "nobody@example.com").await.ok();
}

#[actix_web::test]
async fn what_cannot_be_an_address_is_refused_and_kept() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let email = &person.email;
    for typed in [
        format!("{email}\r\nBcc: eve@example.com"),
        format!("{email},eve@example.com"),
        format!("{email}, eve@example.com"),
        format!("\"n\" <{email}>"),
        format!("{email}."),
        format!("{}@example.com", "x".repeat(10_000)),
        "\0".to_owned(),
        "ada".to_owned(),
    ] {
        ask(&app, &typed).await.refused(400, "invalid_request");
        let page = ask_on_page(&app, &typed).await;
        assert_eq!(page.status, 400, "{typed}");
        assert_eq!(
            page.problems(),
            ["Enter an email address in the format name@example.com"]
        );
    }
    let page = ask_on_page(&app, "ada").await;
    assert_eq!(page.attribute("#email", "value").as_deref(), Some("ada"));
    assert_eq!(
        ask_on_page(&app, " ").await.problems(),
        ["Enter your email address"]
    );
    for body in [
        json!({}),
        json!({"email": 7}),
        json!({"email": [email]}),
        json!({"email": null}),
    ] {
        let answer = app
            .stranger()
            .post("/user/request-reset-password", body)
            .await;
        answer.refused(400, "invalid_request");
    }
    assert_eq!(app.deliver().await, 0);
    assert!(server.received().is_empty());
}

#[actix_web::test]
async fn several_processes_make_one_link_of_one_request() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let people = [
        app.user().create().await,
        app.user().create().await,
        app.user().create().await,
    ];
    for person in &people {
        ask(&app, &person.email).await.ok();
    }
    join_all((0..4).map(|_| app.deliver())).await;
    app.deliver().await;
    for person in &people {
        assert_eq!(server.received_by(&person.email).len(), 1);
    }
}

#[actix_web::test]
async fn a_form_of_another_site_asks_for_nothing() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let browser = app.browser();
    let (_, mut fields) = browser.get("/password").await.form();
    fields.retain(|(name, _)| name != "email");
    fields.push(("email".to_owned(), person.email.clone()));
    let refused = browser.post_from("cross-site", "/password", &fields).await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.attribute("#email", "value").as_ref(),
        Some(&person.email)
    );
    assert_eq!(app.deliver().await, 0);
    assert!(server.received().is_empty());
}
