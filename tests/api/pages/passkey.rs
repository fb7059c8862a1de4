//! Passkeys on pages, as far as they are forms: what the script of a browser would send.

use serde_json::{Value, json};

use crate::support::soft_passkey::SoftPasskey;
use crate::support::{Browser, Page, TestApp};

/// What the page's script asks for.
async fn options(browser: &Browser<'_>, page: &Page, path: &str) -> Value {
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let answer = browser.post(path, &[("csrf".to_owned(), csrf)]).await;
    assert_eq!(answer.status, 200, "{}", answer.html);
    serde_json::from_str(&answer.html).unwrap()
}

/// The fields of the form around the button, filled by the script.
fn filled(page: &Page, form: &str, credential: &Value) -> Vec<(String, String)> {
    let mut fields = page.form_at(form).1;
    fields.retain(|(name, _)| name != "credential");
    fields.push(("credential".into(), credential.to_string()));
    fields
}

const ADD: &str = "form[action='/security/passkeys/add']";

async fn add(browser: &Browser<'_>, key: &mut SoftPasskey) -> Page {
    let page = browser.get("/security/passkeys/add").await;
    let options = options(browser, &page, "/security/passkeys/options").await;
    let fields = filled(&page, ADD, &key.create(&options));
    browser.post("/security/passkeys/add", &fields).await
}

#[actix_web::test]
async fn a_first_passkey_leads_to_its_name_and_then_to_backup_codes() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let answer = add(&browser, &mut SoftPasskey::es256(&app.origin)).await;
    assert_eq!(answer.status, 303);
    let named = answer.location().to_owned();
    assert!(
        named.starts_with("/security/passkeys/") && named.ends_with("/name"),
        "{named}"
    );
    let page = browser.get(&named).await;
    assert_eq!(page.text("h1"), "Name your passkey");
    let saved = browser.submit(&page, &[("name", "")]).await;
    assert_eq!(saved.status, 400);
    assert_eq!(saved.text("[role=alert] li a"), "Enter a name");
    let saved = browser.submit(&page, &[("name", "Work laptop")]).await;
    assert_eq!((saved.status, saved.location()), (303, "/security/codes"));
    let page = browser.get("/security").await;
    assert_eq!(page.texts("#passkeys h3"), ["Work laptop"]);
    let signal: Value =
        serde_json::from_str(&page.attribute("main", "data-signal-all").unwrap()).unwrap();
    assert_eq!(
        signal["allAcceptedCredentialIds"].as_array().unwrap().len(),
        1
    );
}

#[actix_web::test]
async fn sg_3_a_form_that_is_sent_many_times_hides_no_passkey_that_works() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let page = browser.get("/security/passkeys/add").await;
    let options = options(&browser, &page, "/security/passkeys/options").await;
    let fields = filled(
        &page,
        ADD,
        &SoftPasskey::es256(&app.origin).create(&options),
    );
    let all = (0..8).map(|_| browser.post("/security/passkeys/add", &fields));
    let answers = futures_util::future::join_all(all).await;
    let added = answers
        .iter()
        .filter(|answer| answer.status == 303 && answer.location().ends_with("/name"));
    assert_eq!(added.count(), 1);
    let last = answers.iter().filter(|answer| answer.status == 400);
    for answer in last {
        assert_eq!(answer.attribute("main", "data-signal-unknown"), None);
    }
}

#[actix_web::test]
async fn sg_3_what_was_refused_and_is_not_here_is_said_to_be_unknown() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let mut key = SoftPasskey::es256(&app.origin);
    key.uv = false;
    let answer = add(&browser, &mut key).await;
    assert_eq!(answer.status, 400);
    let signal = answer.attribute("main", "data-signal-unknown").unwrap();
    let signal: Value = serde_json::from_str(&signal).unwrap();
    assert_eq!(
        signal,
        json!({"rpId": "localhost", "credentialId": crate::support::soft_passkey::b64(&key.id)})
    );
}

#[actix_web::test]
async fn si_5_a_passkey_signs_a_browser_in_and_leads_where_it_was_going() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let mut key = SoftPasskey::es256(&app.origin);
    add(&browser, &mut key).await;
    let other = app.browser();
    let page = other.get("/login?return_to=/security/devices").await;
    let options = options(&other, &page, "/login/passkey/options").await;
    let fields = filled(&page, "form[action='/login/passkey']", &key.get(&options));
    // What one browser was given is of no use in another.
    let thief = app.browser();
    let their_page = thief.get("/login").await;
    let theirs = filled(
        &their_page,
        "form[action='/login/passkey']",
        &key.get(&options),
    );
    let refused = thief.post("/login/passkey", &theirs).await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.text("[role=alert] li"),
        "That passkey could not be checked. Try again or use your password."
    );
    let answer = other.post("/login/passkey", &fields).await;
    assert_eq!(
        (answer.status, answer.location()),
        (303, "/security/devices")
    );
    let page = other.get("/security").await;
    assert_eq!(page.status, 200);
    assert!(page.text("#devices").contains("with passkey"));
    // The second step takes it too.
    let third = person.browser().await;
    let page = third.get("/login/verify").await;
    assert_eq!(
        page.text("form.passkey .lead"),
        "Use the passkey you saved as Chrome on Linux."
    );
    let asked = crate::pages::passkey::options(&third, &page, "/login/verify/options").await;
    let fields = filled(&page, "form.passkey", &key.get(&asked));
    let answer = third.post("/login/verify", &fields).await;
    assert_eq!((answer.status, answer.location()), (303, "/security"));
}

#[actix_web::test]
async fn a_script_that_asks_from_elsewhere_gets_nothing() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let before = app.db_state();
    for path in [
        "/login/passkey/options",
        "/login/verify/options",
        "/security/passkeys/options",
    ] {
        let answer = browser
            .post(path, &[("csrf".to_owned(), "of another page".to_owned())])
            .await;
        assert_eq!((answer.status, answer.html.as_str()), (403, ""), "{path}");
    }
    assert_eq!(app.db_state(), before);
}
