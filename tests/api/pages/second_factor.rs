//! The second step, the authenticator app and backup codes in a browser without JavaScript.

use chrono::TimeDelta;
use countersign::mfa::Method;

use crate::support::authenticator::Authenticator;
use crate::support::{Browser, PASSWORD, Page, Person, TestApp};

/// The set-up key on the page, as an app.
pub fn app_of(page: &Page) -> Authenticator {
    let uri = page.attribute("a[href^='otpauth:']", "href").unwrap();
    let uri = url::Url::parse(&uri).unwrap();
    let (_, secret) = uri
        .query_pairs()
        .find(|(name, _)| name == "secret")
        .unwrap();
    Authenticator::new(&secret)
}

/// Presses the button of the form that posts here.
pub async fn press(browser: &Browser<'_>, page: &Page, action: &str) -> Page {
    let (_, fields) = page.form_at(&format!("form[action='{action}']"));
    browser.post(action, &fields).await
}

/// Types the app's code into the page that shows its key.
pub async fn prove_app(browser: &Browser<'_>, page: &Page, authenticator: &Authenticator) -> Page {
    let (action, mut fields) = page.form_at("form[action='/security/app/code']");
    fields.retain(|(name, _)| name != "code");
    fields.push(("code".to_owned(), authenticator.code(browser.app)));
    browser.post(&action, &fields).await
}

/// Sets an app up on the pages; answers it and its backup codes.
pub async fn set_up(browser: &Browser<'_>) -> (Authenticator, Vec<String>) {
    let security = browser.get("/security").await;
    let started = press(browser, &security, "/security/app").await;
    assert_eq!((started.status, started.location()), (303, "/security/app"));
    let page = browser.get("/security/app").await;
    let authenticator = app_of(&page);
    let proved = prove_app(browser, &page, &authenticator).await;
    assert_eq!((proved.status, proved.location()), (303, "/security/codes"));
    let codes = browser.get("/security/codes").await.texts(".codes li");
    assert_eq!(codes.len(), 10);
    (authenticator, codes)
}

/// A browser that proved the password and owes a code.
async fn owing<'a>(person: &Person<'a>) -> Browser<'a> {
    let browser = person.app.browser();
    let page = browser.get("/login?return_to=/security/activity").await;
    let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
    let answer = browser.submit(&page, &fields).await;
    assert_eq!(
        answer.location(),
        "/login/verify?return_to=%2Fsecurity%2Factivity"
    );
    browser
}

async fn answer(browser: &Browser<'_>, method: &str, code: &str) -> Page {
    let path = format!("/login/verify?method={method}&return_to=/security/activity");
    let page = browser.get(&path).await;
    let (_, mut fields) = page.form_at("form[action='/login/verify']");
    fields.retain(|(name, _)| name != "code");
    fields.push(("code".to_owned(), code.to_owned()));
    browser.post("/login/verify", &fields).await
}

#[actix_web::test]
async fn the_whole_life_of_an_app_works_without_javascript() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let (authenticator, codes) = set_up(&browser).await;
    let file = browser.get("/security/codes/file").await;
    assert!(
        file.header("content-disposition")
            .unwrap()
            .starts_with("attachment")
    );
    for code in &codes {
        assert!(file.html.contains(code.as_str()), "{code}");
    }
    let page = browser.get("/security/codes").await;
    let saved = press(&browser, &page, "/security/codes/saved").await;
    assert_eq!(saved.location(), "/security");
    assert_eq!(
        browser
            .get("/security/codes")
            .await
            .texts(".codes li")
            .len(),
        0
    );

    let owing = owing(&person).await;
    let inside = answer(&owing, "app", &authenticator.next_code(&app)).await;
    assert_eq!(
        (inside.status, inside.location()),
        (303, "/security/activity")
    );
    assert_eq!(owing.get("/security").await.status, 200);

    let off = owing.get("/security/mfa/off").await;
    let turned_off = press(&owing, &off, "/security/mfa/off").await;
    assert_eq!(turned_off.location(), "/security");
    assert_eq!(
        owing
            .get("/security")
            .await
            .attribute("main", "data-is-enabled")
            .unwrap(),
        "false"
    );
    let on = owing.get("/security").await;
    press(&owing, &on, "/security/mfa/on").await;
    assert_eq!(
        owing
            .get("/security")
            .await
            .attribute("main", "data-is-enabled")
            .unwrap(),
        "true"
    );
    let remove = owing.get("/security/app/remove").await;
    press(&owing, &remove, "/security/app/remove").await;
    let after = owing.get("/security").await;
    assert_eq!(after.attribute("main", "data-enabled-methods").unwrap(), "");
}

#[actix_web::test]
async fn every_refused_code_says_what_is_wrong_with_it() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let (authenticator, codes) = set_up(&browser).await;
    let used = authenticator.next_code(&app);
    assert_eq!(
        answer(&owing(&person).await, "app", &used).await.status,
        303
    );
    assert_eq!(
        answer(&owing(&person).await, "code", &codes[0])
            .await
            .status,
        303
    );
    let browser = owing(&person).await;
    for (method, code, says) in [
        ("app", "", "Enter the code from your authenticator app"),
        ("app", "12345", "Enter all 6 digits of the code"),
        ("app", "12345a", "The code has numbers only"),
        (
            "app",
            used.as_str(),
            "That code was already used. Wait for the next one.",
        ),
        (
            "code",
            codes[0].as_str(),
            "That backup code was already used. Use another one.",
        ),
    ] {
        let page = answer(&browser, method, code).await;
        assert_eq!(page.status, 400, "{code}");
        assert_eq!(page.problems(), [says], "{code}");
        let at_field = page.text("#code-error");
        assert!(at_field.ends_with(says), "{at_field}");
        assert_eq!(page.attribute("#code", "value").unwrap_or_default(), "");
        assert_eq!(
            page.attribute("[name=return_to]", "value").unwrap(),
            "/security/activity"
        );
    }
    let wrong = authenticator.wrong_code(&app);
    for n in 1..=5 {
        let page = answer(&browser, "app", &wrong).await;
        assert_eq!(page.status, 400);
        assert!(
            page.problems()[0].starts_with("That code is not right."),
            "{n}"
        );
    }
    let locked = answer(&browser, "app", &authenticator.next_code(&app)).await;
    assert_eq!(locked.status, 429);
    assert!(locked.header("retry-after").is_some());
    assert!(locked.problems()[0].starts_with("Too many tries. Try again after "));
}

#[actix_web::test]
async fn a05_a_browser_that_owes_a_factor_opens_nothing_and_changes_nothing() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    set_up(&browser).await;
    let owing = owing(&person).await;
    let before = app.db_state_but_records();
    for path in [
        "/security",
        "/security/app",
        "/security/app/remove",
        "/security/codes",
        "/security/codes/file",
        "/security/codes/new",
        "/security/primary",
        "/security/mfa/off",
        "/security/password",
        "/confirm",
        "/setup",
    ] {
        let page = owing.get(path).await;
        assert!(
            page.location().starts_with("/login/verify"),
            "{path}: {}",
            page.status
        );
    }
    for path in [
        "/security/app",
        "/security/app/code",
        "/security/app/remove",
        "/security/codes",
        "/security/codes/saved",
        "/security/primary",
        "/security/mfa/off",
        "/security/mfa/on",
        "/security/password",
        "/security/devices",
        "/confirm",
    ] {
        let page = owing.post(path, &[]).await;
        assert!(
            page.location().starts_with("/login/verify"),
            "{path}: {}",
            page.status
        );
    }
    assert_eq!(app.db_state_but_records(), before);
}

#[actix_web::test]
async fn su_2_an_old_proof_asks_for_the_second_factor_and_goes_on_to_where_one_was_going() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let (authenticator, _) = set_up(&browser).await;
    app.advance(TimeDelta::minutes(11));
    let away = browser.get("/security/mfa/off").await;
    assert_eq!(away.location(), "/confirm?next=%2Fsecurity%2Fmfa%2Foff");
    let page = browser.get("/confirm?next=/security/mfa/off").await;
    assert_eq!(
        page.texts("[name=password]").len(),
        0,
        "the password proves nothing here"
    );
    let (_, mut fields) = page.form_at("form[action='/confirm']");
    fields.retain(|(name, _)| name != "code");
    fields.push(("code".to_owned(), authenticator.next_code(&app)));
    let confirmed = browser.post("/confirm", &fields).await;
    assert_eq!(
        (confirmed.status, confirmed.location()),
        (303, "/security/mfa/off")
    );
    assert_eq!(browser.get("/security/mfa/off").await.status, 200);
}

#[actix_web::test]
async fn i02_each_rise_of_privilege_kills_the_cookie_before_it() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let before = browser.cookie().unwrap();
    let (authenticator, _) = set_up(&browser).await;
    let thief = app.browser();
    thief.plant(&before);
    assert!(
        thief
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
    let owing = owing(&person).await;
    let before = owing.cookie().unwrap();
    answer(&owing, "app", &authenticator.next_code(&app)).await;
    let thief = app.browser();
    thief.plant(&before);
    assert!(
        thief
            .get("/login/verify")
            .await
            .location()
            .starts_with("/login")
    );
}

#[actix_web::test]
async fn i04_the_new_forms_are_refused_from_elsewhere() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    set_up(&browser).await;
    let before = app.db_state_but_records();
    for path in [
        "/security/app",
        "/security/app/code",
        "/security/app/remove",
        "/security/codes",
        "/security/codes/saved",
        "/security/mfa/off",
        "/security/mfa/on",
    ] {
        let page = browser.get("/security").await;
        let (_, fields) = page.form_at("form[action='/security/app']");
        let cross = browser.post_from("cross-site", path, &fields).await;
        let none = browser.post(path, &[]).await;
        for answer in [cross, none] {
            // A set-up that waits for nothing has no page to be shown again.
            let is_refused = answer.status == 403 || answer.location() == "/security#app";
            assert!(
                is_refused,
                "{path}: {} {}",
                answer.status,
                answer.location()
            );
        }
    }
    assert_eq!(app.db_state_but_records(), before);
    let owing = owing(&person).await;
    let page = owing
        .post("/login/verify", &[("code".to_owned(), "123456".to_owned())])
        .await;
    assert_eq!(page.status, 403);
    assert_eq!(
        page.problems(),
        ["This page was open too long. Check the details and try again."]
    );
}

#[actix_web::test]
async fn a_page_names_no_time_to_try_again_that_is_too_early() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let security = browser.get("/security").await;
    for _ in 0..10 {
        let started = press(&browser, &security, "/security/app").await;
        assert_eq!(started.status, 303);
    }
    let before = app.app.clock.now();
    let refused = press(&browser, &security, "/security/app").await;
    assert_eq!(refused.status, 429);
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    let time = refused.attribute("main time", "datetime").unwrap();
    let hour_and_minute = refused.text("main time");
    // What a person reads: the minute, without the seconds that only the attribute has.
    let named = format!(
        "{} {}",
        &time[..10],
        hour_and_minute.trim_end_matches(" UTC")
    );
    let named = chrono::NaiveDateTime::parse_from_str(&named, "%Y-%m-%d %H:%M").unwrap();
    // The wait is rounded up to a second.
    let over = before + TimeDelta::seconds(wait - 1);
    assert!(named >= over, "{named} is before {over}");
}

#[actix_web::test]
async fn a_demand_of_no_organization_reads_as_a_sentence() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    set_up(&browser).await;
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let page = browser.get("/security").await.text("main");
    for says in [
        "You can change methods, but your administrator does not allow turning MFA off.",
        "Required by your administrator",
    ] {
        assert!(page.contains(says), "{page}");
    }
}

#[actix_web::test]
async fn turning_off_a_suspended_method_that_has_to_stay_says_so() {
    let app = TestApp::spawn().await;
    let person = app.user().in_organization("Strict").create().await;
    let browser = person.browser().await;
    set_up(&browser).await;
    let organization = person.organization_id.clone().unwrap();
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(&organization, Some(tomorrow), &Method::ALL);
    app.db_change_factor(&person.id, Method::Totp, true, true);
    let page = browser.get("/security/mfa/off").await;
    assert_eq!(page.status, 403);
    assert!(page.text("main").contains("Strict requires it."));
}

#[actix_web::test]
async fn ve_5_a_sign_in_that_took_too_long_starts_again_with_the_address_kept() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let (authenticator, _) = set_up(&browser).await;
    let in_time = owing(&person).await;
    let late = owing(&person).await;
    let step = "/login/verify?return_to=%2Fsecurity%2Factivity";
    app.advance(TimeDelta::seconds(595));
    assert_eq!(in_time.get(step).await.status, 200);
    app.advance(TimeDelta::seconds(6));
    let gone = late.get(step).await;
    assert_eq!(gone.location(), "/login?return_to=%2Fsecurity%2Factivity");
    let form = late.get(gone.location()).await;
    let said = form.text("main .notice");
    assert_eq!(said, "Signing in took too long. Start again.");
    let email = form.attribute("#email", "value");
    assert_eq!(email.as_deref(), Some(&*person.email));
    let again = late.submit(&form, &[("password", PASSWORD)]).await;
    assert_eq!(again.location(), step);
    // A code that is sent too late is not spent.
    app.advance(TimeDelta::seconds(601));
    let fields = [("method", "app"), ("code", &authenticator.next_code(&app))];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let posted = late.post("/login/verify", &fields).await;
    assert_eq!((posted.status, posted.location()), (303, "/login"));
    assert!(late.get("/login").await.html.contains("took too long"));
    let signed_in = owing(&person).await;
    let inside = answer(&signed_in, "app", &authenticator.next_code(&app)).await;
    assert_eq!(inside.location(), "/security/activity");
}

#[actix_web::test]
async fn bc_9_backup_codes_are_never_first_and_never_enough() {
    let app = TestApp::spawn().await;
    let user = app.user().in_organization("A");
    let (person, browser) = user.in_browser().await;
    set_up(&browser).await;
    app.db_add_factor(&person.id, Method::Passkey);
    let page = browser.get("/security/primary").await;
    assert_eq!(page.texts("main input[type=radio]").len(), 2);
    for word in ["code", "backup_code", "BACKUP_CODE"] {
        let (action, mut fields) = page.form();
        fields.retain(|(name, _)| name != "method");
        fields.push(("method".to_owned(), word.to_owned()));
        browser.post(&action, &fields).await;
        let status = browser.get("/security").await;
        let primary = status.attribute("main", "data-primary-method");
        assert_eq!(primary.as_deref(), Some("GOOGLE_AUTH"), "{word}");
    }
    // With nothing but codes left, whoever has to have a method has to set one up.
    app.db(|conn| {
        countersign::db::factors::delete_by_user(conn, &person.id).unwrap();
    });
    app.db_require_mfa(
        person.organization_id.as_deref().unwrap(),
        None,
        &Method::ALL,
    );
    let again = person.browser().await;
    assert_eq!(again.get("/security").await.location(), "/setup");
    let verify = again.get("/login/verify?method=code").await;
    assert_eq!(verify.location(), "/setup");
}
