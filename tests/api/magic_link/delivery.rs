//! R06: a mail server that is away, slow or unwilling, while somebody waits for an email link.

use std::time::{Duration, Instant};

use tokio::net::TcpListener;

use super::{mailed, reader};
use crate::support::TestApp;
use crate::support::mail_server::Manner;

#[actix_web::test]
async fn r06_a_mail_that_nobody_takes_is_said_at_once_and_burns_nothing() {
    let (app, server) = mailed().await;
    let (person, _) = reader(&app, &server).await;
    let limited = person.sign_in().await;
    limited.send_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    for manner in [Manner::NotNow, Manner::Refuses, Manner::HangsUp] {
        server.becomes(manner);
        let since = Instant::now();
        let answer = limited.send_email_link().await;
        answer.refused(503, "email_unavailable");
        assert!(answer.header("retry-after").is_some());
        assert!(since.elapsed() < Duration::from_secs(6), "{manner:?}");
    }
    limited.answer_email_link("token", &link.token).await.ok();
}

#[actix_web::test]
async fn r06_a_mail_server_that_says_nothing_is_waited_for_and_answered_within_five_seconds() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let url = format!("smtp://127.0.0.1:{port}").parse().unwrap();
    let app = TestApp::spawn_with(|config| config.smtp_url = Some(url)).await;
    let (_, program) = app.user().signed_in().await;
    let since = Instant::now();
    let answer = program.start_email_link().await;
    answer.refused(503, "email_unavailable");
    let waited = since.elapsed();
    assert!(waited >= Duration::from_secs(3), "{waited:?}");
    assert!(waited < Duration::from_secs(6), "{waited:?}");
    drop(silent);
    let answer = program.start_email_link().await;
    answer.refused(503, "email_unavailable");
}

#[actix_web::test]
async fn a_mail_that_may_have_arrived_counts_as_asked_for_and_its_code_is_no_wrong_one() {
    let (app, server) = mailed().await;
    let url = server.url().parse().unwrap();
    drop(app);
    let app = TestApp::spawn_with(|config| {
        config.smtp_url = Some(url);
        config.limits.mail = vec!["3/5m".parse().unwrap()];
    })
    .await;
    let (person, _) = reader(&app, &server).await;
    let limited = person.sign_in().await;
    limited.send_email_link().await.ok();
    let first = server.newest_link(&app, &person.email);
    server.takes_as_long_as(Duration::from_secs(8));
    let answer = limited.send_email_link().await;
    answer.refused(503, "email_unavailable");
    let late = server.newest_link(&app, &person.email);
    assert_ne!(late.code, first.code);
    for (with, value) in [("code", &late.code), ("token", &late.token)] {
        let answer = limited.answer_email_link(with, value).await;
        answer.refused(400, "invalid_code");
        assert_eq!(answer.body["attemptsLeft"], 5, "{with}");
    }
    let answer = limited.send_email_link().await;
    answer.refused(429, "rate_limited");
    limited.answer_email_link("code", &first.code).await.ok();
}

#[actix_web::test]
async fn without_a_mail_server_the_link_is_in_a_file_and_in_no_log() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    program.start_email_link().await.ok();
    let folder = app.app.config.data_dir.join("outbox");
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap())
        .collect();
    assert_eq!(files.len(), 1);
    let mail = std::fs::read_to_string(files[0].path()).unwrap();
    assert!(mail.contains(&format!("To: {}", person.email)));
    assert!(mail.contains("/security/email/confirm/cs_ln_"));
}
