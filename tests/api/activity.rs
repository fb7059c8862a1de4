//! The record of what happened: one entry for each thing that did, complete, unchangeable, and without a secret.

use chrono::TimeDelta;
use countersign::accounts;
use countersign::activity::{Verdict, verify};
use countersign::db::activity::Activity;
use countersign::db::write;
use diesel::connection::SimpleConnection;
use serde_json::json;

use crate::support::{Answer, PASSWORD, Page, Person, TestApp};

const WRONG: &str = "not the password at all";

const NEW_PASSWORD: &str = "an entirely different sentence";

/// The entries that were added since there were `before`.
fn added(app: &TestApp, before: usize) -> Vec<Activity> {
    app.db_all_activity().split_off(before)
}

/// What an entry has to say.
struct Expected<'a> {
    event: &'a str,
    outcome: &'a str,
    reason: Option<&'a str>,
    method: Option<&'a str>,
    door: &'a str,
    /// Whose session asked; nobody's when no session did.
    actor: Option<&'a Person<'a>>,
    about: Option<&'a Person<'a>>,
    has_session: bool,
    request_id: Option<String>,
}

/// Asserts that exactly one entry was added, and every field of it.
#[track_caller]
fn is_one(app: &TestApp, before: usize, expected: &Expected<'_>) -> Activity {
    let mut entries = added(app, before);
    let what = format!("{}: {entries:?}", expected.event);
    assert_eq!(entries.len(), 1, "{what}");
    let entry = entries.remove(0);
    assert_eq!(entry.event, expected.event, "{what}");
    assert_eq!(entry.outcome, expected.outcome, "{what}");
    assert_eq!(entry.reason.as_deref(), expected.reason, "{what}");
    assert_eq!(entry.method.as_deref(), expected.method, "{what}");
    assert_eq!(entry.door, expected.door, "{what}");
    let id = |person: Option<&Person<'_>>| person.map(|person| person.id.clone());
    assert_eq!(entry.actor_id, id(expected.actor), "{what}");
    assert_eq!(entry.user_id, id(expected.about), "{what}");
    let organization = expected
        .about
        .and_then(|person| person.organization_id.clone());
    assert_eq!(entry.organization_id, organization, "{what}");
    assert_eq!(entry.peer_address.as_deref(), Some("127.0.0.1"), "{what}");
    assert_eq!(entry.forwarded_for, None, "{what}");
    assert_eq!(entry.request_id, expected.request_id, "{what}");
    assert_eq!(entry.session_hash.is_some(), expected.has_session, "{what}");
    let age = app.app.clock.now() - entry.at;
    assert!(age.num_seconds().abs() < 60, "{what}");
    assert_eq!(
        entry.at.and_utc().timestamp_subsec_micros() % 1_000,
        0,
        "{what}"
    );
    entry
}

fn id_of(answer: &Answer) -> Option<String> {
    answer.header("x-request-id").map(str::to_owned)
}

fn id_on(page: &Page) -> Option<String> {
    page.header("x-request-id").map(str::to_owned)
}

#[actix_web::test]
async fn k06_every_action_of_a_program_is_recorded_once_with_all_that_is_known() {
    let app = TestApp::spawn().await;
    let person = app.user().in_organization("Engines").create().await;
    let base = Expected {
        event: "",
        outcome: "success",
        reason: None,
        method: None,
        door: "api",
        actor: Some(&person),
        about: Some(&person),
        has_session: true,
        request_id: None,
    };
    let count = || app.db_all_activity().len();

    let before = count();
    let answer = person.try_sign_in(PASSWORD).await;
    let event = "authn_login_success";
    let request_id = id_of(&answer);
    let method = Some("password");
    let entry = is_one(
        &app,
        before,
        &Expected {
            event,
            method,
            request_id,
            ..base
        },
    );
    let program = app.stranger().with_token(&answer.text("/accessToken"));
    let refresh = answer.text("/refreshToken");
    let session = entry.session_hash.clone();

    let before = count();
    let answer = person.try_sign_in(WRONG).await;
    let failure = Expected {
        event: "authn_login_fail",
        outcome: "failure",
        reason: Some("wrong_password"),
        method,
        actor: None,
        has_session: false,
        request_id: id_of(&answer),
        ..base
    };
    is_one(&app, before, &failure);

    let before = count();
    let body = json!({"email": "nobody@example.com", "password": WRONG});
    let answer = app.stranger().post("/user/login", body).await;
    let request_id = id_of(&answer);
    is_one(
        &app,
        before,
        &Expected {
            about: None,
            request_id,
            ..failure
        },
    );

    let before = count();
    let answer = program
        .post("/user/verify-password", json!({"password": PASSWORD}))
        .await;
    let request_id = id_of(&answer);
    let entry = is_one(
        &app,
        before,
        &Expected {
            event: "stepup",
            method,
            request_id,
            ..base
        },
    );
    assert_eq!(entry.session_hash, session, "the session that signed in");

    let before = count();
    let answer = program
        .post("/user/verify-password", json!({"password": WRONG}))
        .await;
    let request_id = id_of(&answer);
    let failed = Expected {
        event: "stepup",
        outcome: "failure",
        reason: Some("wrong_password"),
        method,
        request_id,
        ..base
    };
    is_one(&app, before, &failed);

    let before = count();
    let path = format!("/user/{}", person.id);
    let answer = program.put(&path, json!({"name": "Augusta"})).await;
    let request_id = id_of(&answer);
    is_one(
        &app,
        before,
        &Expected {
            event: "user_changed",
            request_id,
            ..base
        },
    );

    let before = count();
    let body = json!({"password": NEW_PASSWORD, "currentPassword": WRONG});
    let answer = program.put(&path, body).await;
    let event = "authn_password_change";
    is_one(
        &app,
        before,
        &Expected {
            event,
            request_id: id_of(&answer),
            ..failed
        },
    );

    let before = count();
    let body = json!({"password": NEW_PASSWORD, "currentPassword": PASSWORD});
    let answer = program.put(&path, body).await;
    answer.ok();
    is_one(
        &app,
        before,
        &Expected {
            event,
            request_id: id_of(&answer),
            ..base
        },
    );

    let other = person.try_sign_in(NEW_PASSWORD).await;
    let before = count();
    let answer = program
        .delete(&format!("/token/{}", other.text("/tokenId")))
        .await;
    let event = "authn_token_revoked";
    let request_id = id_of(&answer);
    let entry = is_one(
        &app,
        before,
        &Expected {
            event,
            request_id,
            ..base
        },
    );
    assert_eq!(entry.session_hash, session, "who revoked");

    let before = count();
    let answer = program.post_nothing("/sessions/revoke-all").await;
    let (method, request_id) = (Some("all_others"), id_of(&answer));
    is_one(
        &app,
        before,
        &Expected {
            event,
            method,
            request_id,
            ..base
        },
    );

    app.stranger()
        .post("/user/refresh", json!({"refresh_token": refresh}))
        .await
        .ok();
    app.advance(chrono::TimeDelta::seconds(11));
    let before = count();
    let answer = app
        .stranger()
        .post("/user/refresh", json!({"refresh_token": refresh}))
        .await;
    let reuse = Expected {
        event: "authn_token_reuse",
        outcome: "failure",
        reason: Some("refresh_token_reused"),
        actor: None,
        request_id: id_of(&answer),
        ..base
    };
    let entry = is_one(&app, before, &reuse);
    assert_eq!(entry.session_hash, session, "whose tokens they were");

    let signed_in = person.try_sign_in(NEW_PASSWORD).await;
    let before = count();
    let program = app.stranger().with_token(&signed_in.text("/accessToken"));
    let answer = program.post_nothing("/user/logout").await;
    let request_id = id_of(&answer);
    is_one(
        &app,
        before,
        &Expected {
            event: "authn_logout",
            request_id,
            ..base
        },
    );

    let intact = app.db(|conn| verify(conn, &app.app.keys).unwrap());
    assert_eq!(
        intact,
        Verdict::Intact {
            rows: count() as u64
        }
    );
}

#[actix_web::test]
async fn k06_every_action_of_a_browser_is_recorded_once_with_all_that_is_known() {
    let app = TestApp::spawn().await;
    let person = app.user().in_organization("Engines").create().await;
    let base = Expected {
        event: "",
        outcome: "success",
        reason: None,
        method: None,
        door: "browser",
        actor: Some(&person),
        about: Some(&person),
        has_session: true,
        request_id: None,
    };
    let count = || app.db_all_activity().len();
    let browser = app.browser();
    let method = Some("password");

    let form = browser.get("/login").await;
    let before = count();
    let page = browser
        .submit(&form, &[("email", &person.email), ("password", PASSWORD)])
        .await;
    let request_id = id_on(&page);
    let event = "authn_login_success";
    let entry = is_one(
        &app,
        before,
        &Expected {
            event,
            method,
            request_id,
            ..base
        },
    );
    assert!(entry.user_agent.unwrap().contains("Chrome"));

    let form = browser.get("/confirm").await;
    let before = count();
    let page = browser.submit(&form, &[("password", PASSWORD)]).await;
    let request_id = id_on(&page);
    is_one(
        &app,
        before,
        &Expected {
            event: "stepup",
            method,
            request_id,
            ..base
        },
    );

    let form = browser.get("/security/password").await;
    let before = count();
    let fields = [("current_password", PASSWORD), ("password", NEW_PASSWORD)];
    let page = browser.submit(&form, &fields).await;
    let request_id = id_on(&page);
    is_one(
        &app,
        before,
        &Expected {
            event: "authn_password_change",
            request_id,
            ..base
        },
    );

    let form = browser.get("/security/devices").await;
    assert!(form.texts("main form").is_empty());
    let page = browser.get("/security").await;
    let fields = page.form_at("header form").1;
    let before = count();
    let page = browser.post("/logout", &fields).await;
    let request_id = id_on(&page);
    is_one(
        &app,
        before,
        &Expected {
            event: "authn_logout",
            request_id,
            ..base
        },
    );

    let link = app.db_password_link(&person.id);
    let form = browser.get(&link).await;
    let before = count();
    let page = browser.submit(&form, &[("password", PASSWORD)]).await;
    let chosen = Expected {
        event: "authn_password_chosen",
        actor: None,
        has_session: false,
        request_id: id_on(&page),
        ..base
    };
    is_one(&app, before, &chosen);

    // Refused before anything was looked at: not an event of the account.
    let before = count();
    browser.post("/login", &[]).await;
    browser.get("/security").await;
    assert!(added(&app, before).is_empty());
}

#[actix_web::test]
async fn k06_the_first_owner_is_recorded_with_the_organization() {
    let app = TestApp::spawn().await;
    let link = app.db_first_owner_link();
    let browser = app.browser();
    let form = browser.get(&link).await;
    let before = app.db_all_activity().len();
    let fields = [
        ("organization", "Analytical Engines"),
        ("first_name", "Ada"),
        ("last_name", "Lovelace"),
        ("email", "ada@example.com"),
        ("password", PASSWORD),
    ];
    let page = browser.submit(&form, &fields).await;
    let entries = added(&app, before);
    let events: Vec<_> = entries.iter().map(|entry| entry.event.as_str()).collect();
    assert_eq!(
        events,
        [
            "organization_created",
            "user_created",
            "authn_login_success"
        ]
    );
    assert_eq!(entries[0].detail.as_deref(), Some("Analytical Engines"));
    assert!(entries.iter().all(|entry| entry.request_id == id_on(&page)));
    assert!(entries.iter().all(|entry| entry.outcome == "success"));
    assert!(entries[1].user_id.is_some() && entries[1].user_id == entries[2].user_id);
    assert!(entries[1].organization_id.is_some());
}

#[actix_web::test]
async fn the_record_takes_no_change_and_a_changed_one_is_found_out() {
    let app = TestApp::spawn().await;
    let (person, _) = app.user().signed_in().await;
    person
        .try_sign_in(WRONG)
        .await
        .refused(401, "invalid_credentials");
    let before = app.db_state();
    for sql in [
        "UPDATE activity SET outcome = 'success'",
        "UPDATE activity SET peer_address = NULL WHERE seq = 1",
        "UPDATE activity SET seq = seq + 100",
    ] {
        let refused = app.db(|conn| conn.batch_execute(sql)).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
    assert_eq!(app.db_state(), before);
    let rows = app.db_all_activity().len() as u64;
    let check = || app.db(|conn| verify(conn, &app.app.keys).unwrap());
    assert_eq!(check(), Verdict::Intact { rows });
    app.db_execute("DELETE FROM activity WHERE seq = 2");
    assert!(matches!(check(), Verdict::Broken { seq: 2, .. }));
}

/// Lets what has expired go, as the server does once a minute.
fn purge(app: &TestApp) {
    let now = app.app.clock.now();
    app.db(|conn| write(conn, |conn| accounts::purge(conn, &app.app, now)).unwrap());
}

fn verdict(app: &TestApp) -> Verdict {
    app.db(|conn| verify(conn, &app.app.keys).unwrap())
}

#[actix_web::test]
async fn the_record_lets_go_of_rows_after_400_days_and_what_is_left_is_still_proved() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    person.sign_in().await;
    let old = app.db_all_activity();
    app.advance(TimeDelta::days(399));
    person.sign_in().await;
    purge(&app);
    let all = app.db_all_activity();
    assert!(
        all.len() > old.len() && all[..old.len()] == old[..],
        "too early"
    );

    app.advance(TimeDelta::days(2));
    purge(&app);
    let left = app.db_all_activity();
    assert_eq!(left, all[old.len()..]);
    let rows = u64::try_from(left.len()).unwrap();
    assert_eq!(verdict(&app), Verdict::Intact { rows });

    // Whoever takes away one more, or says that more went than did, is found out.
    let first = left[0].seq;
    app.db_execute(&format!("DELETE FROM activity WHERE seq = {first}"));
    let Verdict::Broken { seq, .. } = verdict(&app) else {
        panic!("a missing row is not missed")
    };
    assert_eq!(seq, first);
    app.db_execute(&format!("UPDATE activity_anchor SET seq = {first}"));
    assert!(
        matches!(verdict(&app), Verdict::Broken { .. }),
        "a forged anchor is believed"
    );

    // When everything has gone, the record goes on from its end.
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    app.advance(TimeDelta::days(401));
    purge(&app);
    assert_eq!(verdict(&app), Verdict::Intact { rows: 0 });
    person.sign_in().await;
    assert!(matches!(verdict(&app), Verdict::Intact { rows: 1.. }));
}
