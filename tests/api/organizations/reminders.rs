//! Members are told of a requirement: all of them when it is made, and 14, 7 and 1 days before whoever has nothing yet.

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use countersign::clock::rfc3339;
use countersign::organizations::reminders::tell_due;
use serde_json::json;

use super::{member, owner, protected};
use crate::support::email_links::mailed;
use crate::support::mail_server::MailServer;
use crate::support::{Person, TestApp};

/// Has everything done that is due.
async fn tick(app: &TestApp) {
    while app.db(|conn| tell_due(conn, &app.app).unwrap()) {}
    while app.deliver().await > 0 {}
}

/// The subjects of what somebody was told about the requirement.
fn told(server: &MailServer, person: &Person<'_>) -> Vec<String> {
    let mut subjects = server.subjects(&person.email);
    subjects.retain(|subject| subject.contains("required"));
    subjects
}

#[actix_web::test]
async fn everybody_is_told_at_once_and_who_is_not_ready_again_on_three_days() {
    let (app, server) = mailed().await;
    let (boss, admin, _) = owner(&app).await;
    let (late, _) = member(&app).await;
    let (ready, _, _) = protected(&app, Role::User).await;
    let foreign = app.user().in_organization("B").create().await;
    let day = app.app.clock.now() + TimeDelta::days(20);
    let body = json!({"enforced": true, "enforceFrom": rfc3339(day)});
    admin.enforce(body).await.ok();
    tick(&app).await;
    for person in [&boss, &late, &ready] {
        let subjects = told(&server, person);
        assert_eq!(subjects.len(), 1, "{subjects:?}");
        assert!(
            subjects[0].starts_with("MFA required from "),
            "{subjects:?}"
        );
    }
    assert!(told(&server, &foreign).is_empty());
    let text = |person: &Person<'_>| {
        let mails = server.received_by(&person.email).into_iter();
        let mut texts = mails.map(|mail| mail.text());
        texts.find(|text| text.contains("requires")).unwrap()
    };
    let (late_s, ready_s) = (text(&late), text(&ready));
    assert!(
        late_s.contains("takes about two minutes:\nhttp") && late_s.contains("/security\n"),
        "{late_s}"
    );
    assert!(ready_s.contains("there is nothing to do"), "{ready_s}");
    let mut mails = 1;
    for (days, is_told) in [
        (5, false),
        (1, true),
        (7, true),
        (3, false),
        (3, true),
        (1, false),
        (3, false),
    ] {
        app.advance(TimeDelta::days(days));
        tick(&app).await;
        mails += usize::from(is_told);
        assert_eq!(told(&server, &late).len(), mails, "{days}");
        assert_eq!(told(&server, &ready).len(), 1);
    }
}

#[actix_web::test]
async fn one_at_once_is_told_as_that_and_one_that_is_lifted_reminds_nobody() {
    let (app, server) = mailed().await;
    let (_, admin, _) = owner(&app).await;
    let (late, _) = member(&app).await;
    admin.require().await;
    tick(&app).await;
    assert_eq!(told(&server, &late), ["MFA is required now"]);
    // The same again is no news.
    admin.require().await;
    tick(&app).await;
    assert_eq!(told(&server, &late).len(), 1);
    let day = rfc3339(app.app.clock.now() + TimeDelta::days(8));
    let body = json!({"enforced": true, "enforceFrom": day});
    admin.enforce(body).await.ok();
    tick(&app).await;
    assert_eq!(told(&server, &late).len(), 2);
    admin.enforce(json!({"enforced": false})).await.ok();
    app.advance(TimeDelta::days(2));
    tick(&app).await;
    assert_eq!(told(&server, &late).len(), 2);
}

#[actix_web::test]
async fn who_has_days_of_their_own_is_told_of_those() {
    let (app, server) = mailed().await;
    let (_, admin, _) = owner(&app).await;
    let (person, _) = member(&app).await;
    admin
        .enforce(json!({"enforced": true, "extraDays": 10}))
        .await
        .ok();
    tick(&app).await;
    assert_eq!(told(&server, &person).len(), 1);
    assert!(told(&server, &person)[0].starts_with("MFA required from "));
    let body = json!({"email": "grace@example.com", "password": "seven quiet lanterns drift",
        "firstName": "Grace", "lastName": "Hopper"});
    admin.post("/organization/users", body).await.ok();
    for (days, mails) in [(2, 1), (1, 2), (5, 2), (1, 3), (2, 3)] {
        app.advance(TimeDelta::days(days));
        tick(&app).await;
        assert_eq!(told(&server, &person).len(), mails, "{days}");
        let joined_later = server.subjects("grace@example.com");
        assert_eq!(joined_later.len(), mails - 1, "{days} {joined_later:?}");
    }
}

#[actix_web::test]
async fn a_server_that_was_away_sends_the_newest_reminder_alone() {
    let (app, server) = mailed().await;
    let (_, admin, _) = owner(&app).await;
    let (late, _) = member(&app).await;
    let day = rfc3339(app.app.clock.now() + TimeDelta::days(20));
    let body = json!({"enforced": true, "enforceFrom": day});
    admin.enforce(body).await.ok();
    tick(&app).await;
    app.advance(TimeDelta::days(19) + TimeDelta::hours(1));
    tick(&app).await;
    assert_eq!(told(&server, &late).len(), 2);
    app.advance(TimeDelta::days(1));
    tick(&app).await;
    assert_eq!(told(&server, &late).len(), 2);
}

#[actix_web::test]
async fn many_members_are_told_piece_by_piece_and_once_each_whoever_helps() {
    let (app, server) = mailed().await;
    let (_, admin, _) = owner(&app).await;
    for n in 0..450 {
        let user = app.user().email(&format!("m{n:03}@example.com"));
        user.without_password().in_organization("A").create().await;
    }
    admin.require().await;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| while app.db(|conn| tell_due(conn, &app.app).unwrap()) {});
        }
    });
    tick(&app).await;
    let mut recipients: Vec<_> = server
        .received()
        .into_iter()
        .filter(|mail| mail.header("Subject").unwrap().contains("required"))
        .flat_map(|mail| mail.recipients)
        .collect();
    assert_eq!(recipients.len(), 451);
    recipients.sort();
    recipients.dedup();
    assert_eq!(recipients.len(), 451);
}
