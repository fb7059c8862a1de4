//! What a cookie is good for, and when it stops being good for anything.

use crate::support::{Browser, PASSWORD, TestApp};

/// Whether somebody who holds this cookie is signed in.
async fn opens(app: &TestApp, cookie: &str) -> bool {
    let thief = app.browser();
    thief.plant(cookie);
    thief.get("/security").await.status == 200
}

/// The cookie of this browser now.
fn cookie(browser: &Browser<'_>) -> String {
    browser.cookie().unwrap()
}

#[actix_web::test]
async fn i02_each_rise_of_privilege_renews_the_cookie_and_kills_the_one_before() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let browser = app.browser();
    let form = browser.get("/login").await;
    let mut dead = vec![cookie(&browser)];
    let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
    assert_eq!(browser.submit(&form, &fields).await.status, 303);
    assert!(opens(&app, &cookie(&browser)).await);
    assert!(!opens(&app, &dead[0]).await);

    dead.push(cookie(&browser));
    let form = browser.get("/confirm").await;
    assert_eq!(
        browser
            .submit(&form, &[("password", PASSWORD)])
            .await
            .status,
        303
    );
    assert!(opens(&app, &cookie(&browser)).await);

    dead.push(cookie(&browser));
    let form = browser.get("/security/password").await;
    let fields = [
        ("current_password", PASSWORD),
        ("password", "an entirely different sentence"),
    ];
    assert_eq!(browser.submit(&form, &fields).await.status, 303);
    assert!(opens(&app, &cookie(&browser)).await);

    for (n, old) in dead.iter().enumerate() {
        assert!(!opens(&app, old).await, "cookie {n}");
    }
    assert_eq!(browser.get("/security").await.status, 200);
}

#[actix_web::test]
async fn i02_a_planted_cookie_is_never_adopted() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let mallory = app.browser();
    let form = mallory.get("/login").await;
    let planted = cookie(&mallory);
    let value = planted.split_once('=').unwrap().1;
    for cookie in [
        planted.clone(),
        "countersign=chosen-by-somebody-else".to_owned(),
        format!("countersign={}", "A".repeat(value.len())),
        format!("countersign={}x", value),
        "countersign=cs_ck_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        "countersign=".to_owned(),
    ] {
        let victim = app.browser();
        victim.plant(&cookie);
        let page = victim.get("/login").await;
        assert_eq!(page.status, 200);
        let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
        assert_eq!(victim.submit(&page, &fields).await.status, 303, "{cookie}");
        assert_eq!(victim.get("/security").await.status, 200, "{cookie}");
        assert_ne!(victim.cookie().unwrap(), cookie);
        assert!(!opens(&app, &cookie).await, "{cookie}");
    }
    // The form token that came with the planted cookie is of no use either.
    let token = form.attribute("[name=csrf]", "value").unwrap();
    let victim = person.browser().await;
    let fields = [("csrf", token.as_str()), ("session", "others")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let page = victim.post("/security/devices", &fields).await;
    assert_eq!(page.status, 403);
}

#[actix_web::test]
async fn i02_a_cookie_that_was_changed_by_one_letter_opens_nothing() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let good = cookie(&browser);
    assert!(opens(&app, &good).await);
    let (name, value) = good.split_once('=').unwrap();
    for at in [0, value.len() / 2, value.len() - 2] {
        let mut changed = value.to_owned();
        let other = if &value[at..=at] == "A" { "B" } else { "A" };
        changed.replace_range(at..=at, other);
        assert!(!opens(&app, &format!("{name}={changed}")).await, "{at}");
    }
    // Nor does another server's, made with other keys.
    let other = TestApp::spawn().await;
    assert!(!opens(&other, &good).await);
}

#[actix_web::test]
async fn i03_a_cookie_kept_from_before_signing_out_opens_nothing() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let page = browser.get("/security").await;
    let saved = cookie(&browser);
    assert!(opens(&app, &saved).await);

    let before = app.db_state();
    assert_eq!(browser.get("/logout").await.status, 405);
    assert_eq!(app.db_state(), before);
    assert!(opens(&app, &saved).await);

    let out = browser
        .post("/logout", &page.form_at("header form").1)
        .await;
    assert_eq!((out.status, out.location()), (303, "/login"));
    assert_eq!(
        out.header("clear-site-data"),
        Some("\"cache\", \"storage\"")
    );
    assert!(!opens(&app, &saved).await);
    assert!(!opens(&app, &cookie(&browser)).await);
    let thief = app.browser();
    thief.plant(&saved);
    let page = thief.get("/security").await;
    assert_eq!(
        (page.status, page.location()),
        (303, "/login?return_to=%2Fsecurity")
    );
}

#[actix_web::test]
async fn a_browser_session_ends_with_the_browser_and_not_by_a_date() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let browser = app.browser();
    let form = browser.get("/login").await;
    let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
    let done = browser.submit(&form, &fields).await;
    for page in [form, done] {
        let all = page.headers.get_all("set-cookie").iter();
        let mut all = all.map(|cookie| cookie.to_str().unwrap().to_lowercase());
        let cookie = all
            .find(|cookie| cookie.starts_with("countersign="))
            .unwrap();
        assert!(
            !cookie.contains("max-age") && !cookie.contains("expires"),
            "{cookie}"
        );
        assert!(!cookie.contains("domain"), "{cookie}");
    }
}

#[actix_web::test]
async fn a_cookie_is_sent_when_it_changes_and_not_with_every_page() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    for path in ["/security", "/security/activity", "/security/password"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("set-cookie"), None, "{path}");
    }
}
