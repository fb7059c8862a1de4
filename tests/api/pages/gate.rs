//! `/setup` and `/setup/later`: where people were going when a set-up came in between, and the reminder before the day.

use chrono::TimeDelta;
use countersign::mfa::Method;

use super::second_factor::{app_of, press, prove_app};
use crate::support::{Browser, PASSWORD, Page, Person, TestApp};

const WANTED: &str = "/security/activity?page=1";
const ENCODED: &str = "%2Fsecurity%2Factivity%3Fpage%3D1";

/// Signs in on the way to a page; answers where that leads.
async fn sign_in<'a>(person: &Person<'a>, return_to: &str) -> (Browser<'a>, String) {
    let browser = person.app.browser();
    let page = browser.get(&format!("/login?return_to={return_to}")).await;
    let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
    let answer = browser.submit(&page, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.html);
    let leads_to = answer.location().to_owned();
    (browser, leads_to)
}

/// Presses what a page calls so.
async fn follow(browser: &Browser<'_>, page: &Page, link: &str) -> Page {
    let href = page.attribute(link, "href");
    browser
        .get(&href.unwrap_or_else(|| panic!("no {link} in {}", page.html)))
        .await
}

/// Chooses the app on this page, proves it, and says that the backup codes are saved; answers where that leads.
async fn set_up(browser: &Browser<'_>, page: &Page) -> String {
    assert_eq!(page.status, 200, "{}", page.location());
    let started = press(browser, page, "/security/app").await;
    assert_eq!(started.location(), "/security/app");
    let page = browser.get("/security/app").await;
    let proved = prove_app(browser, &page, &app_of(&page)).await;
    assert_eq!(proved.location(), "/security/codes");
    let codes = browser.get("/security/codes").await;
    let saved = press(browser, &codes, "/security/codes/saved").await;
    saved.location().to_owned()
}

#[actix_web::test]
async fn ga_2_where_somebody_was_going_is_resumed_after_the_set_up() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let (browser, leads_to) = sign_in(&person, WANTED).await;
    assert_eq!(leads_to, format!("/setup?return_to={ENCODED}"));
    let gate = browser.get(&leads_to).await;
    // Looking around does not change where they were going, and neither does giving one method up or a step-up.
    assert_eq!(browser.get("/security").await.location(), "/setup");
    let add = browser.get("/security/passkeys/add").await;
    let back = follow(&browser, &add, "main .actions a").await;
    assert_eq!((back.path.as_str(), back.status), ("/setup", 200));
    app.advance(TimeDelta::seconds(601));
    let confirm = press(&browser, &gate, "/security/app").await;
    assert_eq!(confirm.location(), "/confirm?next=%2Fsecurity%2Fapp");
    let confirm = browser.get(confirm.location()).await;
    let proved = browser.submit(&confirm, &[("password", PASSWORD)]).await;
    assert_eq!(proved.location(), "/security/app");
    assert_eq!(browser.get("/security/app").await.location(), "/setup");
    let gate = browser.get("/setup").await;
    assert_eq!(set_up(&browser, &gate).await, WANTED);
    assert_eq!(browser.get(WANTED).await.status, 200);
    // Once, and not for whatever is set up later.
    assert_eq!(browser.get("/setup").await.location(), "/security");
}

#[actix_web::test]
async fn ga_2_a_page_that_was_open_when_the_gate_came_is_resumed_and_a_form_is_not() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let security = browser.get("/security/password").await;
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let posted = browser.submit(&security, &[("password", PASSWORD)]).await;
    assert_eq!(posted.location(), "/setup");
    let stopped = browser.get(WANTED).await;
    assert_eq!(stopped.location(), format!("/setup?return_to={ENCODED}"));
    let gate = browser.get(stopped.location()).await;
    assert_eq!(set_up(&browser, &gate).await, WANTED);
}

#[actix_web::test]
async fn ga_2_the_gate_that_vanished_lets_people_on_and_nobody_is_led_off_this_origin() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let require = |is| app.db_change_user(&person.id, |user| user.mfa_required = is);
    require(true);
    browser.get(&format!("/setup?return_to={ENCODED}")).await;
    require(false);
    assert_eq!(browser.get("/setup").await.location(), WANTED);
    for evil in [
        "https://evil.test/",
        "//evil.test",
        "/%5Cevil.test",
        "/a%09b",
    ] {
        let (browser, _) = sign_in(&person, "").await;
        require(true);
        let gate = browser.get(&format!("/setup?return_to={evil}")).await;
        assert_eq!(set_up(&browser, &gate).await, "/security", "{evil}");
        return_to_password_only(&browser, &app, &person).await;
    }
}

/// Removes what was set up.
async fn return_to_password_only(browser: &Browser<'_>, app: &TestApp, person: &Person<'_>) {
    app.db_change_user(&person.id, |user| user.mfa_required = false);
    let page = browser.get("/security/app/remove").await;
    let removed = press(browser, &page, "/security/app/remove").await;
    assert_eq!(removed.status, 303);
}

/// Somebody whose organization requires a second factor from tomorrow.
async fn warned(app: &TestApp) -> Person<'_> {
    let person = app.user().in_organization("Northwind").create().await;
    let id = person.organization_id.as_deref().unwrap();
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(id, Some(tomorrow), &Method::ALL);
    person
}

#[actix_web::test]
async fn ga_3_each_sign_in_before_the_day_passes_one_reminder_that_can_be_put_off() {
    let app = TestApp::spawn().await;
    let person = warned(&app).await;
    for _ in 0..2 {
        let (browser, leads_to) = sign_in(&person, WANTED).await;
        assert_eq!(leads_to, format!("/setup/later?return_to={ENCODED}"));
        let page = browser.get(&leads_to).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.text("h1"), "Set up multi-factor authentication soon");
        let lead = page.text(".lead");
        assert!(lead.starts_with("Northwind requires it from "), "{lead}");
        let links = page.texts("main .actions a");
        assert_eq!(links, ["Set it up now", "Remind me later"]);
        let on = follow(&browser, &page, "main .actions a:last-child").await;
        assert_eq!((on.path.as_str(), on.status), (WANTED, 200));
        // Nothing else is in the way.
        assert_eq!(browser.get("/security").await.status, 200);
        assert_eq!(browser.get("/login").await.location(), "/security");
    }
    let (_, leads_to) = sign_in(&person, "").await;
    assert_eq!(leads_to, "/setup/later?return_to=%2Fsecurity");
}

#[actix_web::test]
async fn ga_3_a_set_up_from_the_reminder_leads_on_too_and_ends_the_reminding() {
    let app = TestApp::spawn().await;
    let person = warned(&app).await;
    let (browser, leads_to) = sign_in(&person, WANTED).await;
    let reminder = browser.get(&leads_to).await;
    let choice = follow(&browser, &reminder, "main .actions a.primary").await;
    assert_eq!(choice.text("h1"), "Set up multi-factor authentication");
    let later = choice.attribute("main > .actions a", "href");
    assert_eq!(later.as_deref(), Some(WANTED));
    let add = browser.get("/security/passkeys/add").await;
    let back = follow(&browser, &add, "main .actions a").await;
    assert_eq!((back.path.as_str(), back.status), ("/setup", 200));
    assert_eq!(set_up(&browser, &back).await, WANTED);
    let (_, leads_to) = sign_in(&person, WANTED).await;
    assert_eq!(leads_to, format!("/login/verify?return_to={ENCODED}"));
    // What is left over reminds of nothing.
    assert_eq!(browser.get("/setup/later").await.location(), "/security");
}

#[actix_web::test]
async fn ga_3_on_the_day_there_is_no_later() {
    let app = TestApp::spawn().await;
    let person = warned(&app).await;
    let (browser, leads_to) = sign_in(&person, WANTED).await;
    app.advance(TimeDelta::days(1));
    let (fresh, gate) = sign_in(&person, WANTED).await;
    assert_eq!(gate, format!("/setup?return_to={ENCODED}"));
    drop(browser);
    let page = fresh.get(&leads_to).await;
    assert_eq!(page.text("h1"), "Set up multi-factor authentication");
    assert!(!page.html.contains("Remind me later"));
    assert!(fresh.get(WANTED).await.location().starts_with("/setup"));
}

#[actix_web::test]
async fn ga_3_nobody_is_reminded_of_what_they_have_or_cannot_do_and_programs_never_are() {
    let app = TestApp::spawn().await;
    let person = warned(&app).await;
    let id = person.organization_id.as_deref().unwrap();
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(id, Some(tomorrow), &[]);
    assert_eq!(sign_in(&person, WANTED).await.1, WANTED);
    app.db_lift_requirement(id);
    assert_eq!(sign_in(&person, WANTED).await.1, WANTED);
    app.db_require_mfa(id, Some(tomorrow), &Method::ALL);
    person.sign_in().await.get("/user/profile").await.ok();
}

/// A method that the announcement does not count is asked for first, and the reminder comes after it.
#[actix_web::test]
async fn ga_3_a_sign_in_with_a_second_step_is_reminded_after_it() {
    let app = TestApp::spawn().await;
    let person = warned(&app).await;
    let id = person.organization_id.as_deref().unwrap();
    let browser = person.browser().await;
    let security = browser.get("/security").await;
    press(&browser, &security, "/security/app").await;
    let page = browser.get("/security/app").await;
    let authenticator = app_of(&page);
    prove_app(&browser, &page, &authenticator).await;
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(id, Some(tomorrow), &[Method::Passkey]);
    let (browser, leads_to) = sign_in(&person, WANTED).await;
    let page = browser.get(&leads_to).await;
    let code = authenticator.next_code(&app);
    let (action, mut fields) = page.form_at("form[action='/login/verify']");
    fields.retain(|(name, _)| name != "code");
    fields.push(("code".to_owned(), code));
    let answer = browser.post(&action, &fields).await;
    assert_eq!(
        answer.location(),
        format!("/setup/later?return_to={ENCODED}")
    );
    assert_eq!(browser.get(answer.location()).await.status, 200);
}
