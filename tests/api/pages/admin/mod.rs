//! The organization's pages in a browser without JavaScript.

mod members;
mod requirement;
mod reset;

use countersign::accounts::users::Role;
use countersign::mfa::Method;

use super::second_factor::{app_of, press, prove_app};
use crate::support::authenticator::Authenticator;
use crate::support::{Browser, Page, Person, TestApp};

/// Somebody of "A" with this role and an app of their own, signed in.
async fn protected(app: &TestApp, role: Role) -> (Person<'_>, Browser<'_>, Authenticator) {
    let user = app.user().in_organization("A").role(role);
    let (person, browser) = user.in_browser().await;
    let mut page = browser.get("/security").await;
    if page.status == 303 {
        page = browser.get("/setup").await; // the gate
    }
    press(&browser, &page, "/security/app").await;
    let page = browser.get("/security/app").await;
    let authenticator = app_of(&page);
    let proved = prove_app(&browser, &page, &authenticator).await;
    assert_eq!(proved.location(), "/security/codes");
    (person, browser, authenticator)
}

async fn owner(app: &TestApp) -> (Person<'_>, Browser<'_>, Authenticator) {
    protected(app, Role::Owner).await
}

/// A member of "A" with these methods.
async fn member<'a>(app: &'a TestApp, email: &str, methods: &[Method]) -> Person<'a> {
    let user = app.user().email(email).in_organization("A");
    let person = user.create().await;
    for method in methods {
        app.db_add_factor(&person.id, *method);
    }
    person
}

/// Presses the one button of a page, as it stands.
async fn decide(browser: &Browser<'_>, page: &Page) -> Page {
    let (action, fields) = page.form();
    browser.post(&action, &fields).await
}

/// Asks what would change and makes it so.
async fn ask(browser: &Browser<'_>, query: &str) {
    let preview = browser.get(&format!("/admin/requirement?{query}")).await;
    assert_eq!(preview.status, 200, "{query}");
    let done = decide(browser, &preview).await;
    assert_eq!((done.status, done.location()), (303, "/admin"), "{query}");
}

/// Renews an old proof with the app's next code, where a page led to that; answers what was asked and where it leads on.
async fn confirm(browser: &Browser<'_>, asked: &Page, app: &Authenticator) -> (String, Page) {
    assert_eq!(asked.status, 303);
    let confirm = browser.get(asked.location()).await;
    let (action, mut fields) = confirm.form_at("main form:has([name=code])");
    fields.retain(|(name, _)| name != "code");
    fields.push(("code".to_owned(), app.next_code(browser.app)));
    (confirm.text(".lead"), browser.post(&action, &fields).await)
}

const EVERY: &str = "days=0&app=on&email=on&passkey=on";

#[actix_web::test]
async fn g01_these_pages_are_closed_to_everybody_else_and_a_try_to_change_is_recorded() {
    let app = TestApp::spawn().await;
    let (boss, _, _) = owner(&app).await;
    let (person, browser, _) = protected(&app, Role::Workspaces).await;
    let security = browser.get("/security").await;
    assert_eq!(security.attribute("nav a[href='/admin']", "href"), None);
    let reset = format!("/admin/members/{}/reset", person.id);
    for path in [
        "/admin",
        "/admin/requirement?asks=required",
        "/admin/requirement.csv?asks=required",
        "/admin/members",
        "/admin/members.csv",
        reset.trim_end_matches("/reset"),
        reset.as_str(),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 403, "{path}");
        assert!(!page.html.contains(&boss.email), "{path}");
    }
    let (_, fields) = security.form_at("form[action='/logout']");
    for path in ["/admin/requirement", reset.as_str()] {
        assert_eq!(browser.post(path, &fields).await.status, 403, "{path}");
    }
    let rows = app.db_activity(&person.id);
    let refused = rows.iter().filter(|row| row.event == "authz_fail");
    assert_eq!(refused.count(), 2);
    let (_, alone) = app.user().in_browser().await;
    assert_eq!(alone.get("/admin").await.status, 403);
}
