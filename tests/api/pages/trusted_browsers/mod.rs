//! Trusted browsers, in a browser without JavaScript.

mod allowing;
mod ending;
mod giving;
mod listing;
mod using;

use crate::support::authenticator::Authenticator;
use crate::support::{Browser, PASSWORD, Page, Person, TestApp};

/// The form that takes a code of the app.
const CODE: &str = "form[action='/login/verify']";

/// A server that does not count codes by address: all tests share one.
async fn server() -> TestApp {
    TestApp::spawn_with(|config| config.limits.code_address = None).await
}

/// Somebody with an app, in an organization of its own that trusts browsers for so many days.
async fn member(app: &TestApp, days: i32) -> (Person<'_>, Authenticator) {
    let name = countersign::db::new_id();
    let (person, program) = app.user().in_organization(&name).signed_in().await;
    let authenticator = program.set_up_totp().await;
    app.db_trust_days(person.organization_id.as_deref().unwrap(), days);
    (person, authenticator)
}

/// Enters a password after the browser was closed and opened again.
async fn enter(browser: &Browser<'_>, person: &Person<'_>, password: &str) -> Page {
    browser.restart();
    let form = browser.get("/login").await;
    let fields = [("email", person.email.as_str()), ("password", password)];
    browser.submit(&form, &fields).await
}

/// Whether the password is enough in this browser; it is signed in or waits for the second step afterwards.
async fn is_enough(browser: &Browser<'_>, person: &Person<'_>) -> bool {
    let page = enter(browser, person, PASSWORD).await;
    assert_eq!(page.status, 303, "{}", page.html);
    match page.location() {
        "/security" => true,
        "/login/verify" => false,
        elsewhere => panic!("{elsewhere}"),
    }
}

/// The fields of a form with this code, and with the box as it is said.
fn filled(page: &Page, form: &str, code: &str, is_ticked: bool) -> Vec<(String, String)> {
    let (_, mut fields) = page.form_at(form);
    fields.retain(|(name, _)| name != "code" && name != "trust");
    fields.push(("code".to_owned(), code.to_owned()));
    if is_ticked {
        fields.push(("trust".to_owned(), "on".to_owned()));
    }
    fields
}

/// Answers the second step with the app's next code.
async fn answer(browser: &Browser<'_>, authenticator: &Authenticator, is_ticked: bool) -> Page {
    let page = browser.get("/login/verify?method=app").await;
    let fields = filled(
        &page,
        CODE,
        &authenticator.next_code(browser.app),
        is_ticked,
    );
    browser.post("/login/verify", &fields).await
}

/// A new browser, signed in and trusted.
async fn trusted<'a>(person: &Person<'a>, authenticator: &Authenticator) -> Browser<'a> {
    let browser = person.app.browser();
    trust(&browser, person, authenticator).await;
    browser
}

/// Signs in with the box ticked.
async fn trust(browser: &Browser<'_>, person: &Person<'_>, authenticator: &Authenticator) {
    assert!(!is_enough(browser, person).await);
    let done = answer(browser, authenticator, true).await;
    assert_eq!((done.status, done.location()), (303, "/security"));
    assert!(browser.trust_cookie().is_some());
}

/// The words of what was recorded of an account, oldest first.
fn events(app: &TestApp, person: &Person<'_>) -> Vec<String> {
    let rows = app.db_activity(&person.id).into_iter();
    rows.map(|row| row.event).collect()
}
