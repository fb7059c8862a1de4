//! Passkeys on pages, as far as they are forms: what the script of a browser would send.

use serde_json::{Value, json};

use crate::support::soft_passkey::flags::UV;
use crate::support::soft_passkey::{SoftPasskey, to_base64};
use crate::support::{Browser, Page, TestApp};

const ADD: &str = "form[action='/security/passkeys/add']";

const SIGN_IN: &str = "form[action='/login/passkey']";

pub async fn add(browser: &Browser<'_>, key: &mut SoftPasskey) -> Page {
    let page = browser.get("/security/passkeys/add").await;
    let options = browser
        .passkey_options(&page, "/security/passkeys/options")
        .await;
    let fields = page.with_passkey(ADD, &key.create(&options).json());
    browser.post("/security/passkeys/add", &fields).await
}

#[actix_web::test]
async fn a_first_passkey_leads_to_its_name_and_then_to_backup_codes() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let answer = add(&browser, &mut SoftPasskey::new(&app)).await;
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
    let options = browser
        .passkey_options(&page, "/security/passkeys/options")
        .await;
    let made = SoftPasskey::new(&app).create(&options).json();
    let fields = page.with_passkey(ADD, &made);
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
    let mut key = SoftPasskey::new(&app).but(|key| key.flags &= !UV);
    let answer = add(&browser, &mut key).await;
    assert_eq!(answer.status, 400);
    let signal = answer.attribute("main", "data-signal-unknown").unwrap();
    let signal: Value = serde_json::from_str(&signal).unwrap();
    assert_eq!(
        signal,
        json!({"rpId": "localhost", "credentialId": to_base64(&key.credential_id)})
    );
}

#[actix_web::test]
async fn si_5_a_passkey_signs_a_browser_in_and_leads_where_it_was_going() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let mut key = SoftPasskey::new(&app);
    add(&browser, &mut key).await;
    let other = app.browser();
    let page = other.get("/login?return_to=/security/devices").await;
    let options = other.passkey_options(&page, "/login/passkey/options").await;
    let used = key.get(&options).json();
    let fields = page.with_passkey(SIGN_IN, &used);
    // What one browser was given is of no use in another.
    let thief = app.browser();
    let their_page = thief.get("/login").await;
    let theirs = their_page.with_passkey(SIGN_IN, &used);
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
    let asked = third.passkey_options(&page, "/login/verify/options").await;
    let fields = page.with_passkey("form.passkey", &key.get(&asked).json());
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

#[actix_web::test]
async fn ac_3_a_passkey_that_was_removed_is_still_named() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let added = add(&browser, &mut SoftPasskey::new(&app)).await;
    let name = browser.get(added.location()).await;
    browser.submit(&name, &[("name", "Work laptop")]).await;
    let page = browser.get("/security").await;
    let remove = page.attribute("#passkeys a[href$='/remove']", "href");
    let confirm = browser.get(&remove.unwrap()).await;
    browser.submit(&confirm, &[]).await;
    let rows = browser.get("/security").await.texts("#activity tbody th");
    for sentence in [
        "Passkey \"Work laptop\" removed",
        "Passkey renamed to \"Work laptop\"",
    ] {
        assert!(rows.contains(&sentence.to_owned()), "{rows:?}");
    }
}
