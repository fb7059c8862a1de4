//! In which language pages and mails are.

use reqwest::Method as Verb;

use crate::support::{Browser, PASSWORD, Page, TestApp};

/// A page as somebody's browser asks for it.
async fn get(browser: &Browser<'_>, path: &str, language: &str) -> Page {
    let request = browser
        .request(Verb::GET, path)
        .header("accept-language", language);
    Page::of(path, request.send().await.unwrap()).await
}

async fn choose(browser: &Browser<'_>, language: &str) -> Page {
    let page = browser.get("/security/language").await;
    browser.submit(&page, &[("language", language)]).await
}

#[actix_web::test]
async fn a_page_is_in_the_first_language_of_the_browsers_that_there_is() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    for (asked, tag, title) in [
        ("de-AT, en;q=0.5", "de", "Anmelden"),
        ("fr, es;q=0.8, de;q=0.7", "es", "Iniciar sesión"),
        ("fr", "en", "Sign in"),
        ("", "en", "Sign in"),
    ] {
        let page = get(&browser, "/login", asked).await;
        assert_eq!(page.attribute("html", "lang").as_deref(), Some(tag));
        assert_eq!(page.text("h1"), title, "{asked}");
    }
}

#[actix_web::test]
async fn an_error_is_in_the_language_of_whoever_meets_it() {
    let app = TestApp::spawn().await;
    let page = get(&app.browser(), "/no/such/page", "es").await;
    assert_eq!(page.status, 404);
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("es"));
}

#[actix_web::test]
async fn the_language_that_was_chosen_goes_before_the_browsers_until_it_is_taken_back() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    assert!(
        browser
            .get("/security")
            .await
            .html
            .contains("As your browser asks: English")
    );
    let answer = choose(&browser, "de").await;
    assert_eq!((answer.status, answer.location()), (303, "/security"));
    let page = get(&browser, "/security", "es").await;
    assert_eq!(page.text("h1"), "Sicherheit");
    assert!(page.html.contains("Sprache gespeichert."));
    assert_eq!(page.text("#language .purpose"), "Deutsch");
    assert!(page.html.contains("Sprache geändert"), "it is recorded");
    // Also on another device, and not for anybody else.
    let other = person.browser().await;
    assert_eq!(other.get("/security").await.text("h1"), "Sicherheit");
    let page = get(&app.user().in_browser().await.1, "/security", "en").await;
    assert_eq!(page.text("h1"), "Security");

    assert_eq!(choose(&browser, "").await.status, 303);
    let page = get(&browser, "/security", "es").await;
    assert_eq!(page.text("#language .purpose"), "El del navegador: Español");
}

#[actix_web::test]
async fn a_language_that_there_is_not_changes_nothing() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    choose(&browser, "de").await;
    let answer = choose(&browser, "tlh").await;
    assert_eq!(answer.location(), "/security/language");
    assert_eq!(browser.get("/security").await.text("h1"), "Sicherheit");
}

#[actix_web::test]
async fn a_mail_is_in_the_language_of_the_last_sign_in_unless_one_was_chosen() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let browser = app.browser();
    let page = get(&browser, "/login", "de").await;
    let (action, mut form) = page.form();
    form.retain(|(name, _)| name != "email" && name != "password");
    form.push(("email".into(), person.email.clone()));
    form.push(("password".into(), PASSWORD.into()));
    let request = browser
        .request(Verb::POST, &action)
        .header("sec-fetch-site", "same-origin")
        .header("accept-language", "de")
        .form(&form);
    assert_eq!(request.send().await.unwrap().status(), 303);
    // A program asks for no language, and takes none away.
    person.sign_in().await.set_up_totp().await;
    app.deliver().await;
    let subjects = server.subjects(&person.email);
    let wanted = "Authenticator-App eingeschaltet".to_owned();
    assert!(subjects.contains(&wanted), "{subjects:?}");

    let (person, browser) = app.user().in_browser().await;
    choose(&browser, "es").await;
    person.sign_in().await.set_up_totp().await;
    app.deliver().await;
    let mails = server.received_by(&person.email);
    let wanted = "Se activó este método en su cuenta";
    assert!(mails.iter().any(|mail| mail.text().contains(wanted)));
}
