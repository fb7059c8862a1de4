//! Which changes are told, to whom, and that they are told as surely as they are made.

use chrono::TimeDelta;
use serde_json::json;

use super::{deliver, subjects, told, with_mail};
use crate::support::mail_server::Manner;
use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn a_method_that_is_set_up_is_told_to_the_accounts_own_address_and_to_nobody_else() {
    let (app, server) = with_mail().await;
    let (person, program) = app.user().signed_in().await;
    program.set_up_totp().await;
    assert_eq!(deliver(&app).await, 1);
    let mails = server.received();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.recipients, [format!("RCPT TO:<{}>", person.email)]);
    assert_eq!(mail.header("To").unwrap(), person.email);
    assert_eq!(
        mail.header("Subject").unwrap(),
        "Authenticator app turned on"
    );
    assert_eq!(mail.header("Auto-Submitted").unwrap(), "auto-generated");
    let said = mail.text();
    for part in [
        "Authenticator app was turned on for your account.",
        &format!("Account: {}", person.email),
        "When: ",
        " UTC",
        "Where: 127.0.0.1",
        &format!("{}/security#activity", app.app.config.public_url.origin()),
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert_eq!(deliver(&app).await, 0, "once");
}

#[actix_web::test]
async fn what_is_refused_is_no_news_and_a_password_that_changed_is() {
    let (app, server) = with_mail().await;
    let (person, program) = app.user().signed_in().await;
    person.try_sign_in("not the password at all").await;
    let change = |current: &str| json!({"password": "an entirely different sentence", "currentPassword": current});
    let path = format!("/user/{}", person.id);
    assert_ne!(program.put(&path, change("not the one")).await.status, 200);
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(program.put(&path, change(PASSWORD)).await.status, 200);
    assert_eq!(deliver(&app).await, 1);
    let subject = server.received()[0].header("Subject");
    assert_eq!(subject.as_deref(), Some("Password changed"));
}

#[actix_web::test]
async fn a_used_backup_code_is_told_with_how_many_are_left() {
    let (app, server) = with_mail().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let limited = person.sign_in().await;
    limited.answer(&authenticator.backup_codes[0]).await.ok();
    deliver(&app).await;
    let subjects: Vec<_> = server
        .received()
        .iter()
        .filter_map(|mail| mail.header("Subject"))
        .collect();
    assert!(
        subjects.contains(&"A backup code was used (9 left)".to_owned()),
        "{subjects:?}"
    );
}

#[actix_web::test]
async fn a_mail_waits_for_a_server_that_is_away_and_is_there_within_a_minute_after() {
    for manner in [Manner::NotNow, Manner::HangsUp] {
        let (app, server) = with_mail().await;
        let (_, program) = app.user().signed_in().await;
        program.set_up_totp().await;
        server.becomes(manner);
        for _ in 0..12 {
            assert_eq!(deliver(&app).await, 0);
            app.advance(TimeDelta::seconds(31));
        }
        server.becomes(Manner::Takes);
        let (mut waited, mut sent) = (0, 0);
        while sent == 0 {
            assert!(waited <= 60, "{manner:?}");
            sent = deliver(&app).await;
            app.advance(TimeDelta::seconds(1));
            waited += 1;
        }
        assert_eq!(server.received().len(), 1);
    }
}

#[actix_web::test]
async fn a_mail_that_is_refused_for_good_is_not_sent_for_ever() {
    let (app, server) = with_mail().await;
    let (_, program) = app.user().signed_in().await;
    program.set_up_totp().await;
    server.becomes(Manner::Refuses);
    assert_eq!(deliver(&app).await, 0);
    server.becomes(Manner::Takes);
    app.advance(TimeDelta::hours(1));
    assert_eq!(deliver(&app).await, 0);
    assert!(server.received().is_empty());
}

#[actix_web::test]
async fn of_many_who_send_at_once_one_sends_each_mail() {
    let (app, server) = with_mail().await;
    for _ in 0..5 {
        let (_, program) = app.user().signed_in().await;
        program.set_up_totp().await;
    }
    let all = (0..4).map(|_| deliver(&app));
    let sent: usize = futures_util::future::join_all(all).await.into_iter().sum();
    assert_eq!((sent, server.received().len()), (5, 5));
}

#[actix_web::test]
async fn without_a_mail_server_mails_become_files_that_only_the_operator_reads() {
    use std::os::unix::fs::PermissionsExt;
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    program.set_up_totp().await;
    assert_eq!(deliver(&app).await, 1);
    let folder = app.app.config.data_dir.join("outbox");
    let files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1);
    let mail = std::fs::read_to_string(&files[0]).unwrap();
    assert!(mail.contains(&format!("To: {}", person.email)), "{mail}");
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&files[0])), (0o700, 0o600));
}

#[actix_web::test]
async fn a_mail_is_as_lasting_as_what_it_tells_of() {
    let (app, server) = with_mail().await;
    let (_, program) = app.user().signed_in().await;
    app.db_execute("ALTER TABLE mails RENAME TO mails_hidden");
    let setup = program.start_totp().await;
    let answer = program.finish_totp(&setup.code(&app)).await;
    assert_eq!(answer.status, 500, "what cannot be told is not done");
    app.db_execute("ALTER TABLE mails_hidden RENAME TO mails");
    let status = program.get("/mfa/status").await.ok()["data"].clone();
    assert_eq!(status["isEnabled"], false);
    assert_eq!((deliver(&app).await, server.received().len()), (0, 0));
}

#[actix_web::test]
async fn ve_7_that_codes_are_locked_is_told_once_a_lock() {
    let (app, server) = with_mail().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    told(&app, &server).await;
    for lock in 1..=2 {
        let limited = person.sign_in().await;
        for _ in 0..7 {
            limited.answer(&authenticator.wrong_code(&app)).await;
        }
        let told = subjects(&told(&app, &server).await);
        let locked = told
            .iter()
            .filter(|subject| *subject == "Codes locked for a while");
        assert_eq!(locked.count(), 1, "lock {lock}: {told:?}");
        app.advance(TimeDelta::minutes(20));
    }
}
