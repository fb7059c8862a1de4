//! Changing a password on both faces, and choosing one by a link.

use chrono::TimeDelta;
use countersign::mfa::Method;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Person, Program, TestApp};

const NEW: &str = "seven green bottles on a wall";

async fn change(program: &Program<'_>, person: &Person<'_>, current: &str, new: &str) -> Answer {
    let body = json!({"currentPassword": current, "password": new});
    program.put(&format!("/user/{}", person.id), body).await
}

#[actix_web::test]
async fn a_password_change_over_the_api_ends_every_other_session_and_not_its_own() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let other = person.sign_in().await;
    let browser = person.browser().await;
    let (_, bystander) = app.user().signed_in().await;
    change(&program, &person, PASSWORD, NEW).await.ok();

    program.get("/user/profile").await.ok();
    program
        .post("/user/refresh", json!({"refresh_token": program.refresh}))
        .await
        .ok();
    other
        .get("/user/profile")
        .await
        .refused(401, "unauthenticated");
    let dead = other
        .post("/user/refresh", json!({"refresh_token": other.refresh}))
        .await;
    dead.refused(401, "unauthenticated");
    assert!(
        browser
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
    bystander.get("/user/profile").await.ok();
    person
        .try_sign_in(PASSWORD)
        .await
        .refused(401, "invalid_credentials");
}

#[actix_web::test]
async fn a_password_change_on_the_page_ends_every_other_session_and_renews_the_cookie() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let (other, program) = (person.browser().await, person.sign_in().await);
    let stolen = app.browser();
    stolen.plant(&browser.cookie().unwrap());
    assert_eq!(stolen.get("/security").await.status, 200);

    let form = browser.get("/security/password").await;
    let fields = [("current_password", PASSWORD), ("password", NEW)];
    let done = browser.submit(&form, &fields).await;
    assert_eq!((done.status, done.location()), (303, "/security"));
    let page = browser.get("/security").await;
    assert_eq!(page.status, 200);
    assert!(page.html.contains("Password changed."), "{}", page.html);
    assert!(
        other
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
    assert!(
        stolen
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
    program
        .get("/user/profile")
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn a_password_change_counts_as_a_fresh_proof() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    app.advance(TimeDelta::seconds(601));
    program
        .post_nothing("/sessions/revoke-all")
        .await
        .refused(403, "step_up_required");
    change(&program, &person, PASSWORD, NEW).await.ok();
    program.post_nothing("/sessions/revoke-all").await.ok();
}

#[actix_web::test]
async fn a_refused_change_changes_neither_password_nor_name() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let other = person.sign_in().await;
    let path = format!("/user/{}", person.id);
    let bodies = [
        json!({"name": "Grace", "password": "short", "currentPassword": PASSWORD}),
        json!({"name": "Grace", "password": NEW, "currentPassword": "not my password at all"}),
        json!({"name": "\u{0}", "password": NEW, "currentPassword": PASSWORD}),
        json!({"lastName": "x".repeat(101), "password": NEW, "currentPassword": PASSWORD}),
    ];
    for body in bodies {
        assert_eq!(program.put(&path, body.clone()).await.status, 400, "{body}");
    }
    assert_eq!(other.get("/user/profile").await.ok()["data"]["name"], "Ada");
    person.try_sign_in(PASSWORD).await.ok();
}

#[actix_web::test]
async fn names_change_without_a_password_and_end_nothing() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let (other, browser) = (person.sign_in().await, person.browser().await);
    let path = format!("/user/{}", person.id);
    program.put(&path, json!({"name": " Grace "})).await.ok();
    let profile = other.get("/user/profile").await.ok()["data"].clone();
    assert_eq!(
        (&profile["name"], &profile["lastName"]),
        (&json!("Grace"), &json!("Lovelace"))
    );
    program
        .put(&path, json!({"lastName": "Hopper", "name": null}))
        .await
        .ok();
    let profile = other.get("/user/profile").await.ok()["data"].clone();
    assert_eq!(
        (&profile["name"], &profile["lastName"]),
        (&json!("Grace"), &json!("Hopper"))
    );
    program.put(&path, json!({})).await.ok();
    assert_eq!(browser.get("/security").await.status, 200);
    for name in [
        json!(""),
        json!("  "),
        json!(7),
        json!("a\nb"),
        json!("x".repeat(101)),
    ] {
        let answer = program.put(&path, json!({"name": name})).await;
        answer.refused(400, "invalid_request");
    }
}

#[actix_web::test]
async fn nobody_changes_somebody_else() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let victim = app.user().create().await;
    let body: Value = json!({"name": "Mallory", "password": NEW, "currentPassword": PASSWORD});
    for id in [
        victim.id.as_str(),
        &person.id.to_uppercase(),
        "nobody",
        "me",
    ] {
        let answer = program.put(&format!("/user/{id}"), body.clone()).await;
        answer.refused(404, "not_found");
    }
    victim.try_sign_in(PASSWORD).await.ok();
}

#[actix_web::test]
async fn h11_a_password_link_signs_nobody_in_and_ends_every_session() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().with_factor(Method::Totp).signed_in().await;
    app.db_prove_factor(&program.session_id, Method::Totp);
    program.get("/user/profile").await.ok();
    let path = app.db_password_link(&person.id);

    let visitor = app.browser();
    for _ in 0..3 {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.html.contains(&person.email));
    }
    let form = visitor.get(&path).await;
    let short = visitor.submit(&form, &[("password", "too short")]).await;
    assert_eq!(short.status, 400);
    program.get("/user/profile").await.ok();
    let done = visitor.submit(&form, &[("password", NEW)]).await;
    assert_eq!((done.status, done.location()), (303, "/login"));
    assert!(
        visitor
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );

    program
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
    assert_eq!(app.db_session_ids(&person.id), Vec::<String>::new());
    person
        .try_sign_in(PASSWORD)
        .await
        .refused(401, "invalid_credentials");
    let answer = person.try_sign_in(NEW).await;
    assert_eq!(answer.ok()["mfaRequired"], true);
    assert!(answer.text("/accessToken").starts_with("cs_lt_"));

    assert_eq!(visitor.get(&path).await.status, 410);
    let again = app.browser();
    let csrf = again
        .get("/login")
        .await
        .attribute("[name=csrf]", "value")
        .unwrap();
    let fields = [
        ("csrf", csrf.as_str()),
        ("password", "another one that is long"),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(again.post(&path, &fields).await.status, 410);
    person.try_sign_in(NEW).await.ok();
}

#[actix_web::test]
async fn h11_of_two_people_with_one_link_exactly_one_chooses_the_password() {
    let app = TestApp::spawn().await;
    let person = app.user().without_password().create().await;
    let path = app.db_password_link(&person.id);
    let visitors = [app.browser(), app.browser(), app.browser(), app.browser()];
    let tries = visitors.iter().enumerate().map(|(n, visitor)| {
        let path = &path;
        async move {
            let form = visitor.get(path).await;
            let password = format!("password of visitor number {n}");
            let status = visitor
                .submit(&form, &[("password", &password)])
                .await
                .status;
            (status, password)
        }
    });
    let outcomes = futures_util::future::join_all(tries).await;
    let chosen: Vec<_> = outcomes
        .iter()
        .filter(|(status, _)| *status == 303)
        .collect();
    assert_eq!(chosen.len(), 1, "{outcomes:?}");
    assert!(
        outcomes
            .iter()
            .all(|(status, _)| matches!(status, 303 | 410)),
        "{outcomes:?}"
    );
    person.try_sign_in(&chosen[0].1).await.ok();
}

#[actix_web::test]
async fn h11_a_link_dies_of_age_of_a_newer_one_and_with_its_account() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let visitor = app.browser();
    let (first, second) = (
        app.db_password_link(&person.id),
        app.db_password_link(&person.id),
    );
    assert_eq!(visitor.get(&first).await.status, 410);
    assert_eq!(visitor.get(&second).await.status, 200);
    app.advance(TimeDelta::minutes(61));
    assert_eq!(visitor.get(&second).await.status, 410);

    let third = app.db_password_link(&person.id);
    let form = visitor.get(&third).await;
    let now = app.app.clock.now();
    app.db_change_user(&person.id, |user| user.deactivated_at = Some(now));
    assert_eq!(visitor.get(&third).await.status, 410);
    assert_eq!(
        visitor.submit(&form, &[("password", NEW)]).await.status,
        410
    );
    for garbage in [
        "x",
        "cs_ln_",
        &third.to_lowercase()[10..],
        "%00",
        "..%2flogin",
    ] {
        let page = visitor.get(&format!("/password/{garbage}")).await;
        assert!(
            matches!(page.status, 404 | 410),
            "{garbage}: {}",
            page.status
        );
    }
}
