//! For how many days an organization lets its members have a browser trusted.

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use serde_json::json;

use super::{answer, enter, is_enough, server, trust, trusted};
use crate::support::authenticator::Authenticator;
use crate::support::{Browser, PASSWORD, Page, Person, TestApp};

/// Somebody of "A" with this role and an app, and a browser of theirs.
async fn protected(app: &TestApp, role: Role) -> (Person<'_>, Browser<'_>, Authenticator) {
    let user = app.user().in_organization("A").role(role);
    let (person, program) = user.signed_in().await;
    let authenticator = program.set_up_totp().await;
    let browser = app.browser();
    enter(&browser, &person, PASSWORD).await;
    answer(&browser, &authenticator, false).await;
    (person, browser, authenticator)
}

fn said(page: &Page) -> String {
    page.text("#trust .purpose")
}

/// Types a number of days on the page, looks at what would change, and makes it so.
async fn allow(browser: &Browser<'_>, days: i32) -> Page {
    let preview = browser
        .get(&format!("/admin/trust?trust_days={days}"))
        .await;
    assert_eq!(preview.status, 200, "{}", preview.location());
    let done = browser.submit(&preview, &[]).await;
    assert_eq!((done.status, done.location()), (303, "/admin"), "{days}");
    browser.get("/admin").await
}

#[actix_web::test]
async fn dv_5_an_administrator_allows_it_after_reading_what_it_means() {
    let app = server().await;
    let (boss, browser, authenticator) = protected(&app, Role::Administrators).await;
    let (person, _, of_member) = protected(&app, Role::User).await;
    let page = browser.get("/admin").await;
    assert_eq!(
        said(&page),
        "Members are asked for the second step at every sign-in."
    );
    assert_eq!(page.attribute("#trust_days", "value").as_deref(), Some("0"));
    let before = app.db_state();
    let preview = browser.get("/admin/trust?trust_days=30").await;
    assert_eq!(preview.text("h1"), "Trust browsers for 30 days?");
    assert!(
        preview
            .text(".consequence")
            .contains("For 30 days their password is then enough")
    );
    assert_eq!(app.db_state(), before, "looking changes nothing");

    // An old proof is renewed on the way, and what was typed is not lost.
    app.advance(TimeDelta::minutes(11));
    let asked = browser.submit(&preview, &[]).await;
    assert_eq!(asked.status, 303);
    let confirm = browser.get(asked.location()).await;
    assert!(
        confirm
            .text(".lead")
            .contains("change for how long browsers are trusted")
    );
    let (_, mut fields) = confirm.form_at("form[action='/confirm']");
    fields.retain(|(name, _)| name != "code");
    fields.push(("code".to_owned(), authenticator.next_code(&app)));
    let back = browser.post("/confirm", &fields).await;
    assert_eq!(back.location(), "/admin/trust?trust_days=30");
    let page = allow(&browser, 30).await;
    assert_eq!(
        page.text(".flash"),
        "Members may have a browser trusted for 30 days."
    );
    assert!(said(&page).starts_with("Members may have a browser trusted for 30 days"));
    let rows = app.db_activity(&boss.id);
    let changed = rows
        .iter()
        .find(|row| row.event == "organization_trust_changed");
    assert_eq!(changed.unwrap().detail.as_deref(), Some("30"));
    let activity = browser.get("/security/activity").await;
    assert!(
        activity
            .html
            .contains("Members may have a browser trusted for 30 days")
    );

    let members = trusted(&person, &of_member).await;
    assert!(is_enough(&members, &person).await);
    // The same once more is nothing new.
    let before = rows.len();
    allow(&browser, 30).await;
    let rows = app.db_activity(&boss.id);
    let changes = rows
        .iter()
        .filter(|row| row.event == "organization_trust_changed");
    assert_eq!((changes.count(), rows.len()), (1, before));
}

#[actix_web::test]
async fn fewer_days_forget_what_is_older_and_more_do_not_bring_it_back() {
    let app = server().await;
    let (_, browser, _) = protected(&app, Role::Owner).await;
    let (person, _, authenticator) = protected(&app, Role::User).await;
    allow(&browser, 30).await;
    let members = trusted(&person, &authenticator).await;
    app.advance(TimeDelta::minutes(3));
    let page = allow(&browser, 0).await;
    assert_eq!(page.text(".flash"), "Browsers are not trusted any more.");
    assert!(app.db_trusted(&person.id).is_empty());
    allow(&browser, 90).await;
    assert!(!is_enough(&members, &person).await);
    trust(&members, &person, &authenticator).await;
    allow(&browser, 1).await;
    assert!(is_enough(&members, &person).await, "a day is not over yet");
    // Another organization's members are not asked.
    let (other, of_other) = super::member(&app, 30).await;
    let others = trusted(&other, &of_other).await;
    allow(&browser, 0).await;
    assert!(is_enough(&others, &other).await);
}

#[actix_web::test]
async fn what_is_no_number_of_days_is_said_at_its_field() {
    let app = server().await;
    let (_, browser, _) = protected(&app, Role::Owner).await;
    assert_eq!(browser.get("/admin/trust").await.location(), "/admin");
    let before = app.db_state();
    for typed in ["", "91", "-1", "1.5", "ten", "99999999999"] {
        let page = browser
            .get(&format!("/admin/trust?trust_days={typed}"))
            .await;
        assert_eq!(page.status, 400, "{typed}");
        assert_eq!(page.problems(), ["Enter a number of days from 0 to 90"]);
        assert_eq!(
            page.attribute("[role=alert] a", "href").as_deref(),
            Some("#trust_days")
        );
        assert_eq!(
            page.attribute("#trust_days", "aria-invalid").as_deref(),
            Some("true")
        );
        assert_eq!(
            page.attribute("#trust_days", "value").as_deref(),
            Some(typed)
        );
        let good = browser.get("/admin/trust?trust_days=1").await;
        let posted = browser.submit(&good, &[("trust_days", typed)]).await;
        assert_eq!(posted.status, 400, "{typed}");
    }
    let good = browser.get("/admin/trust?trust_days=1").await;
    let stale = browser.submit(&good, &[("csrf", "x")]).await;
    assert_eq!(stale.status, 403);
    assert_eq!(stale.text("h1"), "Trust browsers for 1 day?");
    assert_eq!(app.db_state(), before);
}

#[actix_web::test]
async fn g01_it_is_closed_to_everybody_else_and_a_try_is_recorded() {
    let app = server().await;
    let (person, browser, authenticator) = protected(&app, Role::Workspaces).await;
    assert_eq!(browser.get("/admin/trust?trust_days=30").await.status, 403);
    let page = browser.get("/security").await;
    let (_, mut fields) = page.form_at("form[action='/logout']");
    fields.push(("trust_days".to_owned(), "30".to_owned()));
    assert_eq!(browser.post("/admin/trust", &fields).await.status, 403);
    let organization = person.organization_id.clone().unwrap();
    let path = format!("/organization/{organization}");
    let program = person.sign_in_with(&authenticator).await;
    let refused = program.put(&path, json!({"trustDays": 30})).await;
    refused.refused(403, "forbidden");
    assert_eq!(program.get(&path).await.ok()["data"]["trustDays"], 0);
    let rows = app.db_activity(&person.id);
    let refused = rows.iter().filter(|row| row.event == "authz_fail");
    assert_eq!(refused.count(), 2);
}

#[actix_web::test]
async fn programs_read_and_set_the_days() {
    let app = server().await;
    let (boss, _, authenticator) = protected(&app, Role::Owner).await;
    let program = boss.sign_in_with(&authenticator).await;
    let path = format!("/organization/{}", boss.organization_id.clone().unwrap());
    for days in [30, 0, 90] {
        let changed = program.put(&path, json!({"trustDays": days})).await;
        assert_eq!(changed.ok()["data"]["trustDays"], days);
        assert_eq!(program.get(&path).await.ok()["data"]["trustDays"], days);
    }
    for days in [-1, 91] {
        let refused = program.put(&path, json!({"trustDays": days})).await;
        refused.refused(400, "invalid_request");
    }
    let named = program.put(&path, json!({"name": "B"})).await;
    assert_eq!(
        named.ok()["data"]["trustDays"],
        90,
        "what is left out stays"
    );
    app.advance(TimeDelta::minutes(11));
    let refused = program.put(&path, json!({"trustDays": 1})).await;
    refused.refused(403, "step_up_required");
}
