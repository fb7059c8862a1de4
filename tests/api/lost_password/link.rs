//! What the link does, once, while it lives.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use super::{NEW, SUBJECT, ask, choose, link_for, token_of};
use crate::support::mail_server::Manner;
use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn d03_looking_at_the_link_uses_nothing_up() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let link = link_for(&app, &server, &person.email).await;
    let before = app.db_state();
    for verb in ["HEAD", "HEAD", "GET", "GET", "GET", "GET", "GET", "OPTIONS"] {
        let verb = verb.parse().unwrap();
        app.stranger().send(verb, &link, None).await;
    }
    assert_eq!(app.db_state(), before);
    choose(&app, token_of(&link), NEW).await.ok();
}

#[actix_web::test]
async fn d04_of_fifty_who_use_one_link_at_once_exactly_one_chooses_the_password() {
    let (app, server) = TestApp::spawn_with_mail(|config| config.trusted_proxies = 1).await;
    let person = app.user().create().await;
    let link = link_for(&app, &server, &person.email).await;
    let tries = (0..50).map(|n| {
        let (app, token) = (&app, token_of(&link));
        async move { choose(app, token, &format!("{NEW} number {n}")).await }
    });
    let answers = join_all(tries).await;
    let won: Vec<usize> = (0..50).filter(|n| answers[*n].status == 200).collect();
    assert_eq!(won.len(), 1, "{won:?}");
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert!(
            matches!(
                (answer.status, answer.code()),
                (400, "link_spent") | (503, _)
            ),
            "{}",
            answer.body
        );
    }
    choose(&app, token_of(&link), NEW)
        .await
        .refused(400, "link_spent");
    person
        .try_sign_in(&format!("{NEW} number {}", won[0]))
        .await
        .ok();
}

#[actix_web::test]
async fn d05_the_link_works_for_an_hour() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let link = link_for(&app, &server, &person.email).await;
    app.advance(TimeDelta::minutes(59));
    assert_eq!(app.browser().get(&link).await.status, 200);
    app.advance(TimeDelta::seconds(61));
    assert_eq!(app.browser().get(&link).await.status, 410);
    choose(&app, token_of(&link), NEW)
        .await
        .refused(400, "link_spent");
}

#[actix_web::test]
async fn d06_only_the_newest_link_works_and_the_mail_of_an_older_one_goes_unsent() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let first = link_for(&app, &server, &person.email).await;
    let second = link_for(&app, &server, &person.email).await;
    choose(&app, token_of(&first), NEW)
        .await
        .refused(400, "link_spent");
    choose(&app, token_of(&second), NEW).await.ok();
    app.deliver().await;
    app.advance(TimeDelta::hours(1));
    ask(&app, &person.email).await.ok();
    ask(&app, &person.email).await.ok();
    assert_eq!(app.deliver().await, 1);
    let mails = server.received_by(&person.email);
    choose(
        &app,
        token_of(&app.link_in(mails.last().unwrap())),
        PASSWORD,
    )
    .await
    .ok();
}

#[actix_web::test]
async fn a_mail_waits_for_its_server_as_long_as_its_link_works() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (soon, late) = (app.user().create().await, app.user().create().await);
    server.becomes(Manner::NotNow);
    ask(&app, &soon.email).await.ok();
    assert_eq!(app.deliver().await, 0);
    app.advance(TimeDelta::minutes(50));
    server.becomes(Manner::Takes);
    assert_eq!(app.deliver().await, 1);
    let link = app.link_in(&server.received()[0]);
    choose(&app, token_of(&link), NEW).await.ok();
    app.deliver().await;

    server.becomes(Manner::NotNow);
    ask(&app, &late.email).await.ok();
    assert_eq!(app.deliver().await, 0);
    app.advance(TimeDelta::minutes(60));
    server.becomes(Manner::Takes);
    assert_eq!(app.deliver().await, 0);
    assert!(server.received_by(&late.email).is_empty());
    app.advance(TimeDelta::days(1));
    assert_eq!(app.deliver().await, 0);

    // A server that was away for longer makes no link of what nobody waits for any more.
    ask(&app, &late.email).await.ok();
    app.advance(TimeDelta::minutes(61));
    assert_eq!(app.deliver().await, 0);
}

#[actix_web::test]
async fn the_token_stands_in_the_mail_and_nowhere_else() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    server.becomes(Manner::NotNow);
    ask(&app, &person.email).await.ok();
    app.deliver().await;
    let while_waiting = app.db_dump();
    server.becomes(Manner::Takes);
    app.advance(TimeDelta::minutes(1));
    app.deliver().await;
    let link = app.link_in(&server.received()[0]);
    for dump in [while_waiting, app.db_dump()] {
        let token = token_of(&link).as_bytes();
        assert!(!dump.windows(token.len()).any(|bytes| bytes == token));
        let random = &token[6..];
        assert!(!dump.windows(random.len()).any(|bytes| bytes == random));
    }
    for row in app.db_all_activity() {
        assert!(!format!("{row:?}").contains("cs_ln_"));
    }
    let wrong = choose(&app, token_of(&link), "short").await;
    assert!(!wrong.body.to_string().contains("cs_ln_"));
}

#[actix_web::test]
async fn a_sealed_link_opens_in_its_own_mail_only() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (victim, thief) = (app.user().create().await, app.user().create().await);
    server.becomes(Manner::NotNow);
    for person in [&victim, &thief] {
        ask(&app, &person.email).await.ok();
    }
    app.deliver().await;
    app.db_execute(&format!(
        "UPDATE mails SET link = (SELECT link FROM mails WHERE recipient = '{}') WHERE recipient = '{}'",
        victim.email, thief.email
    ));
    server.becomes(Manner::Takes);
    app.advance(TimeDelta::minutes(1));
    assert_eq!(app.deliver().await, 1);
    assert!(server.received_by(&thief.email).is_empty());
}

#[actix_web::test]
async fn a_link_dies_with_every_change_of_the_password_and_so_does_its_mail() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (person, program) = app.user().signed_in().await;
    let link = link_for(&app, &server, &person.email).await;
    let body = json!({"currentPassword": PASSWORD, "password": NEW});
    program
        .put(&format!("/user/{}", person.id), body)
        .await
        .ok();
    choose(&app, token_of(&link), PASSWORD)
        .await
        .refused(400, "link_spent");
}

#[actix_web::test]
async fn g04_a_reset_by_an_administrator_kills_the_link_and_the_mail_that_waits() {
    use countersign::accounts::users::Role;
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let boss = app
        .user()
        .in_organization("Northwind")
        .role(Role::Owner)
        .create()
        .await;
    let member = app.user().in_organization("Northwind").create().await;
    let administrator = boss.sign_in().await;
    let link = link_for(&app, &server, &member.email).await;
    let body = json!({"resetUserId": member.id});
    administrator.post("/mfa/reset", body.clone()).await.ok();
    choose(&app, token_of(&link), NEW)
        .await
        .refused(400, "link_spent");
    app.deliver().await;

    server.becomes(Manner::NotNow);
    ask(&app, &member.email).await.ok();
    app.deliver().await;
    administrator.post("/mfa/reset", body).await.ok();
    server.becomes(Manner::Takes);
    app.advance(TimeDelta::minutes(1));
    app.deliver().await;
    let reset = "Your MFA was reset";
    assert_eq!(server.subjects(&member.email), [SUBJECT, reset, reset]);
}
