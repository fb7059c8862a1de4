//! The lock-out forecast: what a lost phone would leave, beside the status and on the security page.

use countersign::mfa::Method;
use serde_json::{Value, json};

use crate::support::soft_passkey::SoftPasskey;
use crate::support::soft_passkey::flags::{BE, BS};
use crate::support::{Browser, Program, TestApp};

const FORECAST: &str = ".page-head .hint";

async fn in_json(program: &Program<'_>) -> Value {
    program.get("/mfa/status").await.ok()["data"]["lockoutForecast"].clone()
}

/// The sentences on the page, and where its advice leads.
async fn on_page(browser: &Browser<'_>) -> (String, Option<String>) {
    let page = browser.get("/security").await;
    assert_eq!(page.status, 200, "{}", page.location());
    let link = page.attribute(&format!("{FORECAST} a"), "href");
    (page.text(FORECAST), link)
}

#[actix_web::test]
async fn a_password_alone_has_no_forecast() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    assert_eq!(in_json(&program).await, Value::Null);
    let browser = person.browser().await;
    let page = browser.get("/security").await;
    assert!(page.texts(FORECAST).is_empty());
}

#[actix_web::test]
async fn the_forecast_follows_what_is_set_up_and_gets_better_by_its_own_advice() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    app.db_add_factor(&person.id, Method::Totp);
    app.db_prove_factor(&program.session_id, Method::Totp);
    let browser = person.browser().await;
    let prove = || {
        for id in app.db_session_ids(&person.id) {
            app.db_prove_factor(&id, Method::Totp);
        }
    };
    prove();
    assert_eq!(
        in_json(&program).await,
        json!({"survives": [], "mightSurvive": [], "advice": "create_backup_codes"})
    );
    // The notice above says the rest.
    let (says, link) = on_page(&browser).await;
    assert_eq!(says, "If you lost your phone, you might not get back in.");
    assert_eq!(link, None);

    let security = browser.get("/security").await;
    let (create, fields) = security.form_at("#codes form");
    browser.post(&create, &fields).await;
    assert_eq!(
        in_json(&program).await,
        json!({"survives": ["BACKUP_CODE"], "mightSurvive": [], "advice": "add_passkey"})
    );
    let (says, link) = on_page(&browser).await;
    assert_eq!(
        says,
        "If you lost your phone, you could still get in with: backup codes, if you saved them. \
         To be safer, create new backup codes and save them."
    );
    assert_eq!(link.as_deref(), Some("#codes"));
    let codes = browser.get("/security/codes").await;
    let (saved, fields) = codes.form_at("form[action='/security/codes/saved']");
    browser.post(&saved, &fields).await;
    let (says, link) = on_page(&browser).await;
    assert!(
        says.ends_with("backup codes. To be safer, add a passkey."),
        "{says}"
    );
    assert_eq!(link.as_deref(), Some("/security/passkeys/add"));

    let mut bound = SoftPasskey::new(&app).but(|key| key.flags &= !(BE | BS));
    program.enrol(&mut bound).await;
    assert_eq!(
        in_json(&program).await,
        json!({"survives": ["BACKUP_CODE"], "mightSurvive": ["PASSKEY"]})
    );
    let (says, _) = on_page(&browser).await;
    assert_eq!(
        says,
        "If you lost your phone, you could still get in with: a passkey, unless it is on that phone; \
         backup codes. To be safer, add a security key or a passkey that is backed up."
    );

    let mut synced = SoftPasskey::new(&app).but(|key| key.flags |= BE | BS);
    program.enrol(&mut synced).await;
    let (says, link) = on_page(&browser).await;
    assert_eq!(
        says,
        "If you lost your phone, you could still get in with: a passkey that is backed up; backup codes."
    );
    assert_eq!(link, None);

    let options = program.security_key_options().await;
    let made = SoftPasskey::security_key(&app).create(&options);
    program.register(made.json()).await.ok();
    app.db_add_factor(&person.id, Method::MagicLink);
    let (says, _) = on_page(&browser).await;
    assert_eq!(
        says,
        "If you lost your phone, you could still get in with: a security key; backup codes; \
         an email link, if you can read your email elsewhere."
    );
    assert_eq!(
        in_json(&program).await,
        json!({"survives": ["BACKUP_CODE"], "mightSurvive": ["MAGIC_LINK", "PASSKEY"]})
    );
}
