//! Having a browser trusted: the box, where it stands, and what a tick leaves.

use chrono::TimeDelta;
use countersign::mfa::Method;

use super::{CODE, answer, enter, filled, is_enough, member, server, trusted};
use crate::support::email_links::mailed;
use crate::support::soft_passkey::SoftPasskey;
use crate::support::{Browser, PASSWORD, Page, Person, TestApp};

/// The box on this page, ticked or not; `None` where there is none.
fn box_on(page: &Page) -> Option<bool> {
    page.attribute("#trust", "name")?;
    Some(page.attribute("#trust", "checked").is_some())
}

/// A browser that owes the second step.
async fn owing<'a>(person: &Person<'a>) -> Browser<'a> {
    let browser = person.app.browser();
    enter(&browser, person, PASSWORD).await;
    browser
}

#[actix_web::test]
async fn dv_5_it_is_offered_only_where_the_organization_allows_it() {
    let app = server().await;
    for (days, label) in [
        (0, None),
        (1, Some("Trust this browser for 1 day")),
        (30, Some("Trust this browser for 30 days")),
    ] {
        let (person, _) = member(&app, days).await;
        let page = owing(&person).await.get("/login/verify").await;
        assert_eq!(
            page.texts("label[for=trust]").first().map(String::as_str),
            label
        );
        assert_eq!(box_on(&page).is_some(), label.is_some());
    }
    let (alone, program) = app.user().signed_in().await;
    program.set_up_totp().await;
    let page = owing(&alone).await.get("/login/verify").await;
    assert_eq!(box_on(&page), None, "who is in no organization");
}

#[actix_web::test]
async fn it_is_offered_at_a_sign_in_and_not_at_a_step_up() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = owing(&person).await;
    answer(&browser, &authenticator, false).await;
    assert_eq!(browser.trust_cookie(), None, "nothing was ticked");
    app.advance(TimeDelta::minutes(11));
    let page = browser.get("/confirm?next=/security").await;
    assert_eq!(box_on(&page), None);
    let form = "form[action='/confirm']";
    let fields = filled(&page, form, &authenticator.next_code(&app), true);
    assert_eq!(browser.post("/confirm", &fields).await.status, 303);
    assert_eq!(browser.trust_cookie(), None);
    assert!(app.db_trusted(&person.id).is_empty());
}

#[actix_web::test]
async fn a_tick_where_it_is_not_allowed_leaves_nothing() {
    let app = server().await;
    let (person, authenticator) = member(&app, 0).await;
    let browser = owing(&person).await;
    let done = answer(&browser, &authenticator, true).await;
    assert_eq!((done.status, done.location()), (303, "/security"));
    assert_eq!(browser.trust_cookie(), None);
    assert!(app.db_trusted(&person.id).is_empty());
}

#[actix_web::test]
async fn a_backup_code_has_no_browser_trusted() {
    let app = server().await;
    let (person, program) = app.user().in_organization("Codes").signed_in().await;
    let authenticator = program.set_up_totp().await;
    app.db_trust_days(person.organization_id.as_deref().unwrap(), 30);
    let browser = owing(&person).await;
    let page = browser.get("/login/verify?method=code&trust=on").await;
    assert_eq!(box_on(&page), None);
    let fields = filled(&page, CODE, &authenticator.backup_codes[0], true);
    assert_eq!(browser.post("/login/verify", &fields).await.status, 303);
    assert_eq!(browser.trust_cookie(), None);
    assert!(app.db_trusted(&person.id).is_empty());
}

#[actix_web::test]
async fn ve_4_switching_methods_and_a_refused_code_keep_the_tick() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    app.db_add_factor(&person.id, Method::MagicLink);
    let browser = owing(&person).await;
    let page = browser.get("/login/verify?method=app").await;
    assert_eq!(box_on(&page), Some(false));
    let others = |page: &Page| -> Vec<String> {
        let ways = ["app", "email", "code"];
        let links = ways.map(|way| page.attribute(&format!("a[href*='method={way}']"), "href"));
        links.into_iter().flatten().collect()
    };
    let links = others(&page);
    assert_eq!(links.len(), 2);
    assert!(
        links.iter().all(|link| !link.contains("trust")),
        "{links:?}"
    );

    // What the script writes into the links, and what they say themselves from then on; a code that has no box passes it on.
    for way in ["email", "code", "app"] {
        let page = browser
            .get(&format!("/login/verify?method={way}&trust=on"))
            .await;
        assert_eq!(box_on(&page), (way != "code").then_some(true), "{way}");
        let links = others(&page);
        assert_eq!(links.len(), 2);
        assert!(
            links.iter().all(|link| link.ends_with("&trust=on")),
            "{links:?}"
        );
    }
    let page = browser.get("/login/verify?method=app&trust=").await;
    assert_eq!(box_on(&page), Some(false), "unticked by the script");

    for is_ticked in [true, false] {
        let wrong = authenticator.wrong_code(&app);
        let fields = filled(&page, CODE, &wrong, is_ticked);
        let refused = browser.post("/login/verify", &fields).await;
        assert_eq!(refused.status, 400);
        assert_eq!(box_on(&refused), Some(is_ticked));
        let mut fields = filled(&page, CODE, &wrong, is_ticked);
        fields.retain(|(name, _)| name != "csrf");
        let stale = browser.post("/login/verify", &fields).await;
        assert_eq!((stale.status, box_on(&stale)), (403, Some(is_ticked)));
    }
}

#[actix_web::test]
async fn dv_5_a_tick_beside_a_code_makes_the_password_enough() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = owing(&person).await;
    let page = browser.get("/login/verify").await;
    let code = authenticator.next_code(&app);
    let done = browser
        .post("/login/verify", &filled(&page, CODE, &code, true))
        .await;
    let all = done.headers.get_all("set-cookie").iter();
    let all: Vec<_> = all.map(|cookie| cookie.to_str().unwrap()).collect();
    let cookie = all.iter().find(|cookie| cookie.contains("-trust="));
    let cookie = cookie.unwrap();
    assert!(cookie.starts_with("countersign-trust="), "{cookie}");
    for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let lifetime = cookie.split_once("; Max-Age=").unwrap().1;
    let lifetime: i64 = lifetime.parse().unwrap();
    let days = TimeDelta::days(30).num_seconds();
    assert!((days - 60..=days).contains(&lifetime), "{lifetime}");
    let rows = app.db_trusted(&person.id);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].last_used_at, None);
    assert!(app.app.clock.now() - rows[0].proved_at < TimeDelta::minutes(1));
    assert_eq!(rows[0].expires_at - rows[0].proved_at, TimeDelta::days(30));
    assert!(rows[0].user_agent.contains("Chrome"));
    assert!(is_enough(&browser, &person).await);
    assert!(
        !is_enough(&app.browser(), &person).await,
        "any other browser"
    );
}

#[actix_web::test]
async fn i01_over_https_the_cookie_is_for_this_origin_alone() {
    let app = TestApp::spawn_with(|config| {
        config.public_url = "https://countersign.example".parse().unwrap();
        config.rp_id = Some("countersign.example".to_owned());
    })
    .await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = app.browser();
    // The client would not send a secure cookie over http.
    let cookies = |page: &Page| -> Vec<String> {
        let all = page.headers.get_all("set-cookie").iter();
        let all = all.map(|cookie| cookie.to_str().unwrap().to_owned());
        let all: Vec<_> = all.collect();
        for cookie in &all {
            browser.plant(cookie.split(';').next().unwrap());
        }
        all
    };
    let form = browser.get("/login").await;
    cookies(&form);
    let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
    cookies(&browser.submit(&form, &fields).await);
    let page = browser.get("/login/verify").await;
    cookies(&page);
    let code = authenticator.next_code(&app);
    let done = browser
        .post("/login/verify", &filled(&page, CODE, &code, true))
        .await;
    let all = cookies(&done);
    let trust = all.iter().find(|cookie| cookie.contains("-trust="));
    let trust = trust.unwrap();
    assert!(trust.starts_with("__Host-countersign-trust="), "{trust}");
    for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(trust.contains(part), "{part} in {trust}");
    }
    assert!(!trust.contains("Domain"), "{trust}");
    let form = app.browser();
    let page = form.get("/login").await;
    for cookie in [trust, &cookies(&page)[0]] {
        form.plant(cookie.split(';').next().unwrap());
    }
    let inside = form.submit(&page, &fields).await;
    assert_eq!(inside.location(), "/security");
}

#[actix_web::test]
async fn a_passkey_that_finishes_a_sign_in_has_the_browser_trusted_too() {
    let app = server().await;
    let (person, program) = app.user().in_organization("Keys").signed_in().await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    app.db_trust_days(person.organization_id.as_deref().unwrap(), 30);
    let browser = owing(&person).await;
    let page = browser.get("/login/verify").await;
    assert_eq!(box_on(&page), Some(false));
    let options = browser
        .passkey_options(&page, "/login/verify/options")
        .await;
    let mut fields = page.with_passkey("form[data-passkey]", &key.get(&options).json());
    fields.retain(|(name, _)| name != "trust");
    fields.push(("trust".to_owned(), "on".to_owned()));
    let done = browser.post("/login/verify", &fields).await;
    assert_eq!((done.status, done.location()), (303, "/security"));
    assert!(is_enough(&browser, &person).await);
}

#[actix_web::test]
async fn ve_4_a_mail_brings_the_tick_back_by_its_code_and_by_its_link() {
    let (app, server) = mailed().await;
    let (person, program) = app.user().in_organization("Mails").signed_in().await;
    program.set_up_email_link(&server, &person.email).await;
    app.db_trust_days(person.organization_id.as_deref().unwrap(), 30);
    for by_link in [false, true] {
        app.advance(TimeDelta::minutes(2));
        let browser = owing(&person).await;
        let page = browser.get("/login/verify?trust=on").await;
        assert_eq!(box_on(&page), Some(true));
        let (_, mut fields) = page.form_at("form[action='/login/link']");
        fields.retain(|(name, _)| name != "trust");
        fields.push(("trust".to_owned(), "on".to_owned()));
        let sent = browser.post("/login/link", &fields).await;
        assert_eq!((sent.status, sent.location()), (303, "/login/link"));
        let wait = browser.get("/login/link").await;
        assert_eq!(box_on(&wait), Some(true));
        let other = wait.attribute("a[href^='/login/verify']", "href");
        assert_eq!(other.as_deref(), Some("/login/verify?trust=on"));
        let again = "form[action='/login/link'] [name=trust]";
        assert_eq!(wait.attribute(again, "value").as_deref(), Some("on"));
        let link = server.newest_link(&app, &person.email);
        let wrong = filled(&wait, "form[action='/login/link/code']", "12", true);
        let refused = browser.post("/login/link/code", &wrong).await;
        assert_eq!((refused.status, box_on(&refused)), (400, Some(true)));
        let done = if by_link {
            let landing = browser.get(&link.path).await;
            assert_eq!(box_on(&landing), Some(true));
            let form = format!("form[action='{}']", link.path);
            browser
                .post(&link.path, &filled(&landing, &form, "", true))
                .await
        } else {
            let form = "form[action='/login/link/code']";
            let fields = filled(&wait, form, &link.code, true);
            browser.post("/login/link/code", &fields).await
        };
        assert_eq!((done.status, done.location()), (303, "/security"));
        assert!(is_enough(&browser, &person).await, "by link: {by_link}");
    }
    assert_eq!(app.db_trusted(&person.id).len(), 2);
}

#[actix_web::test]
async fn it_is_told_by_mail_and_recorded() {
    let (app, server) = mailed().await;
    let (person, authenticator) = member(&app, 30).await;
    trusted(&person, &authenticator).await;
    while app.deliver().await > 0 {}
    let mails = server.received_by(&person.email);
    let subject = |mail: &&_| -> bool {
        let mail: &crate::support::mail_server::Received = mail;
        mail.header("Subject").as_deref() == Some("Browser trusted")
    };
    let said = mails.iter().find(subject).unwrap().text();
    assert!(
        said.contains("For 30 days your password is enough"),
        "{said}"
    );
    assert!(said.contains("Where: 127.0.0.1, Chrome on Linux"), "{said}");
    let events = super::events(&app, &person);
    assert!(events.ends_with(&[
        "mfa_verify_success".to_owned(),
        "authn_trust_created".to_owned()
    ]));
}

#[actix_web::test]
async fn twenty_browsers_are_trusted_and_the_oldest_goes() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let first = trusted(&person, &authenticator).await;
    for _ in 0..19 {
        app.advance(TimeDelta::seconds(1));
        app.db_trust(&person.id);
    }
    assert!(is_enough(&first, &person).await);
    trusted(&person, &authenticator).await;
    assert_eq!(app.db_trusted(&person.id).len(), 20);
    assert!(!is_enough(&first, &person).await);
}

#[actix_web::test]
async fn a_browser_that_is_trusted_anew_is_trusted_once() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = trusted(&person, &authenticator).await;
    let organization = person.organization_id.as_deref().unwrap();
    app.advance(TimeDelta::days(3));
    app.db_trust_days(organization, 2);
    super::trust(&browser, &person, &authenticator).await;
    assert_eq!(app.db_trusted(&person.id).len(), 1);
    let cookie = browser.trust_cookie().unwrap();
    assert_eq!(cookie.matches("cs_tb_").count(), 1, "{cookie}");
}

#[actix_web::test]
async fn no_secret_of_it_is_stored_in_clear() {
    let app: TestApp = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = trusted(&person, &authenticator).await;
    let first = browser.trust_cookie().unwrap();
    assert!(is_enough(&browser, &person).await);
    let second = browser.trust_cookie().unwrap();
    assert_ne!(first, second);
    let dump = app.db_dump();
    for cookie in [first, second] {
        let secret = cookie.split_once("cs_tb_").unwrap().1.to_owned();
        assert!(
            !dump
                .windows(secret.len())
                .any(|part| part == secret.as_bytes())
        );
    }
}
