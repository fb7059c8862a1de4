//! Email links in a browser without JavaScript.

use chrono::TimeDelta;
use countersign::mfa::Method;

use crate::support::email_links::mailed;
use crate::support::mail_server::{MailServer, Manner};
use crate::support::{Browser, PASSWORD, Page, Person, TestApp};

/// Presses the button of the form that posts here.
async fn press(browser: &Browser<'_>, page: &Page, action: &str) -> Page {
    let (_, fields) = page.form_at(&format!("form[action='{action}']"));
    browser.post(action, &fields).await
}

/// Fills the code in and sends it.
async fn type_code(browser: &Browser<'_>, page: &Page, code: &str) -> Page {
    browser.submit(page, &[("code", code)]).await
}

/// A browser that proved the password, and owes what a mail brings.
async fn owing<'a>(person: &Person<'a>) -> Browser<'a> {
    let browser = person.app.browser();
    let page = browser.get("/login?return_to=/security/activity").await;
    let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
    browser.submit(&page, &fields).await;
    browser
}

/// The same, after pressing "Send link": the page that waits.
async fn waiting<'a>(person: &Person<'a>) -> (Browser<'a>, Page) {
    let browser = owing(person).await;
    let page = browser
        .get("/login/verify?return_to=/security/activity")
        .await;
    let sent = press(&browser, &page, "/login/link").await;
    assert_eq!((sent.status, sent.location()), (303, "/login/link"));
    let page = browser.get("/login/link").await;
    (browser, page)
}

/// Somebody whose email link is on.
async fn reader<'a>(app: &'a TestApp, server: &MailServer) -> Person<'a> {
    let (person, program) = app.user().signed_in().await;
    program.set_up_email_link(server, &person.email).await;
    person
}

#[actix_web::test]
async fn it_is_set_up_by_the_code_and_leads_to_backup_codes() {
    let (app, server) = mailed().await;
    let (person, browser) = app.user().in_browser().await;
    let security = browser.get("/security").await;
    assert!(
        security
            .text("#email .purpose")
            .starts_with("Not set up. We send a link to p****@")
    );
    let page = browser.get("/security/email").await;
    assert_eq!(page.text("h1"), "Set up email link");
    assert!(
        page.html.contains("NIST SP 800-63B"),
        "what the standard thinks of it"
    );
    assert_eq!(server.received().len(), 0, "looking sends nothing");
    let sent = press(&browser, &page, "/security/email").await;
    assert_eq!((sent.status, sent.location()), (303, "/security/email"));
    let page = browser.get("/security/email").await;
    assert_eq!(page.text("h1"), "Check your email");
    let wrong = type_code(&browser, &page, "12").await;
    assert_eq!(wrong.problems(), ["Enter all 6 digits of the code"]);
    let code = server.newest_link(&app, &person.email).code;
    let done = type_code(&browser, &wrong, &code).await;
    assert_eq!((done.status, done.location()), (303, "/security/codes"));
    let security = browser.get("/security").await;
    assert!(security.text("#email .purpose").starts_with("On since"));
    assert_eq!(
        security.attribute("main", "data-enabled-methods").unwrap(),
        "MAGIC_LINK"
    );
}

#[actix_web::test]
async fn it_is_set_up_by_the_link_in_the_browser_that_asked() {
    let (app, server) = mailed().await;
    let (person, browser) = app.user().in_browser().await;
    let page = browser.get("/security/email").await;
    press(&browser, &page, "/security/email").await;
    let link = server.newest_link(&app, &person.email);
    let stranger = app.browser();
    let elsewhere = stranger.get(&link.path).await;
    assert_eq!(elsewhere.status, 200);
    assert_eq!(elsewhere.text("h1"), "Open this link where you started");
    assert!(elsewhere.texts("main form").is_empty());
    let page = browser.get(&link.path).await;
    assert_eq!(page.text("h1"), "Confirm your email address");
    let done = press(&browser, &page, &link.path).await;
    assert_eq!((done.status, done.location()), (303, "/security/codes"));
    let again = browser.get(&link.path).await;
    assert_eq!(again.status, 410);
    assert!(again.text(".lead").starts_with("It was already used at"));
}

#[actix_web::test]
async fn after_five_wrong_codes_of_a_set_up_another_mail_is_asked_for() {
    let (app, server) = mailed().await;
    let (person, browser) = app.user().in_browser().await;
    let page = browser.get("/security/email").await;
    press(&browser, &page, "/security/email").await;
    let code = server.newest_link(&app, &person.email).code;
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    let mut page = browser.get("/security/email").await;
    for _ in 0..5 {
        page = type_code(&browser, &page, &wrong).await;
        assert_eq!(
            page.problems(),
            ["That code is not right. Use the newest email."]
        );
    }
    let over = type_code(&browser, &page, &code).await;
    assert_eq!(
        over.problems(),
        ["That code does not work any more. Send another email."]
    );
    assert_eq!(over.text("h1"), "Set up email link");
    app.advance(TimeDelta::seconds(61));
    let sent = press(&browser, &over, "/security/email").await;
    assert_eq!(sent.status, 303);
}

#[actix_web::test]
async fn el_1_d03_looking_at_a_link_uses_nothing_up_and_pressing_its_button_signs_in() {
    let (app, server) = mailed().await;
    let person = reader(&app, &server).await;
    let (browser, _) = waiting(&person).await;
    let link = server.newest_link(&app, &person.email);
    for _ in 0..2 {
        let head = browser.request(reqwest::Method::HEAD, &link.path);
        assert_eq!(head.send().await.unwrap().status(), 200);
    }
    for _ in 0..5 {
        assert_eq!(app.browser().get(&link.path).await.status, 200);
    }
    let page = browser.get(&link.path).await;
    assert_eq!(page.text("h1"), "Finish signing in");
    let lead = page.text(".lead");
    assert!(
        lead.contains(&person.email) && lead.contains("Chrome on Linux"),
        "{lead}"
    );
    assert!(page.header("cache-control").unwrap().contains("no-store"));
    assert!(page.header("referrer-policy").is_some());
    assert!(page.texts("main script").is_empty());
    let done = press(&browser, &page, &link.path).await;
    assert_eq!((done.status, done.location()), (303, "/security/activity"));
    let activity = browser.get("/security/activity").await;
    assert!(activity.html.contains("Signed in with email link"));
    // The tab that waited goes on, too.
    let waited = browser.get("/login/link").await;
    assert_eq!(
        (waited.status, waited.location()),
        (303, "/security/activity")
    );
}

#[actix_web::test]
async fn a_scanner_that_opens_and_sends_everything_signs_nobody_in_and_out() {
    let (app, server) = mailed().await;
    let person = reader(&app, &server).await;
    let (browser, _) = waiting(&person).await;
    let link = server.newest_link(&app, &person.email);
    let scanner = app.browser();
    let page = scanner.get(&link.path).await;
    assert!(page.texts("form").is_empty(), "nothing to send");
    let posted = scanner.post(&link.path, &[]).await;
    assert_eq!(posted.status, 200);
    assert_eq!(posted.text("h1"), "Open this link where you started");
    assert_eq!(scanner.get("/security").await.status, 303);
    let page = browser.get(&link.path).await;
    assert_eq!(press(&browser, &page, &link.path).await.status, 303);
}

#[actix_web::test]
async fn el_2_in_another_browser_of_the_same_person_the_code_is_what_helps() {
    let (app, server) = mailed().await;
    let person = reader(&app, &server).await;
    let (browser, page) = waiting(&person).await;
    let second = owing(&person).await;
    let link = server.newest_link(&app, &person.email);
    let elsewhere = second.get(&link.path).await;
    assert_eq!(elsewhere.text("h1"), "Open this link where you started");
    assert!(elsewhere.text(".lead").contains("type the 6-digit code"));
    let done = type_code(&browser, &page, &link.code).await;
    assert_eq!((done.status, done.location()), (303, "/security/activity"));
}

#[actix_web::test]
async fn el_3_el_4_a_link_that_does_not_work_says_why() {
    let (app, server) = mailed().await;
    let person = reader(&app, &server).await;
    let (browser, page) = waiting(&person).await;
    let first = server.newest_link(&app, &person.email);
    let soon = press(&browser, &page, "/login/link").await;
    assert_eq!(soon.status, 429);
    assert!(soon.problems()[0].starts_with("You can ask for another link after "));
    app.advance(TimeDelta::seconds(61));
    let sent = press(&browser, &soon, "/login/link").await;
    assert_eq!(sent.status, 303);
    let page = browser.get(&first.path).await;
    assert_eq!(page.status, 410);
    assert!(page.text(".lead").starts_with("A newer link was sent at"));
    let second = server.newest_link(&app, &person.email);
    app.advance(TimeDelta::minutes(10));
    let page = browser.get(&second.path).await;
    assert_eq!(page.status, 410);
    assert!(page.text(".lead").starts_with("It expired at"));
    let unknown = browser.get("/login/link/cs_ln_nothing").await;
    assert_eq!(unknown.status, 410);
    let set_up = browser
        .get(&first.path.replace("/login/link", "/security/email/confirm"))
        .await;
    assert_eq!(set_up.status, 410, "a link works for what it was sent for");
}

#[actix_web::test]
async fn r06_when_no_mail_server_takes_the_mail_the_page_offers_the_other_ways() {
    let (app, server) = mailed().await;
    let (person, program) = app.user().signed_in().await;
    program.set_up_email_link(&server, &person.email).await;
    program.set_up_totp().await;
    let browser = owing(&person).await;
    server.becomes(Manner::NotNow);
    let page = browser.get("/login/verify?method=email").await;
    let failed = press(&browser, &page, "/login/link").await;
    assert_eq!(failed.status, 503);
    assert!(failed.header("retry-after").is_some());
    assert!(failed.problems()[0].starts_with("The email couldn't be sent."));
    assert_eq!(
        failed.texts("ul.others li a"),
        ["Authenticator app", "Backup code"]
    );
}

#[actix_web::test]
async fn a_step_up_by_mail_goes_back_to_where_it_was_asked_for() {
    let (app, server) = mailed().await;
    let person = reader(&app, &server).await;
    let (browser, page) = waiting(&person).await;
    let code = server.newest_link(&app, &person.email).code;
    type_code(&browser, &page, &code).await;
    app.advance(TimeDelta::minutes(11));
    let asked = browser.get("/security/email/remove").await;
    assert_eq!(
        asked.location(),
        "/confirm?next=%2Fsecurity%2Femail%2Fremove"
    );
    let page = browser.get(asked.location()).await;
    press(&browser, &page, "/login/link").await;
    let link = server.newest_link(&app, &person.email);
    let page = browser.get(&link.path).await;
    assert_eq!(page.text("h1"), "Confirm it's you");
    let done = press(&browser, &page, &link.path).await;
    assert_eq!(done.location(), "/security/email/remove");
    let page = browser.get("/security/email/remove").await;
    assert_eq!(
        page.text("[role=status]"),
        "Confirmed. Finish what you were about to do."
    );
    let removed = press(&browser, &page, "/security/email/remove").await;
    assert_eq!(removed.location(), "/security");
    let page = browser.get("/security").await;
    assert_eq!(page.text("main .badge"), "Off");
}

#[actix_web::test]
async fn the_link_of_a_mailbox_that_is_all_there_is_says_so() {
    let (app, server) = mailed().await;
    let person = reader(&app, &server).await;
    app.db(|conn| countersign::db::users::update_password_by_mail(conn, &person.id, true).unwrap());
    let browser = owing(&person).await;
    let page = browser.get("/login/verify").await;
    assert!(
        page.text(".alert")
            .starts_with("Your password was set by email too")
    );
    let (browser, page) = waiting(&person).await;
    let code = server.newest_link(&app, &person.email).code;
    assert_eq!(type_code(&browser, &page, &code).await.status, 303);
}

#[actix_web::test]
async fn at_the_gate_it_is_the_way_through_where_it_is_allowed() {
    let (app, server) = mailed().await;
    let (person, browser) = app.user().in_organization("Gate").in_browser().await;
    let organization = person.organization_id.clone().unwrap();
    app.db_require_mfa(&organization, None, &[Method::MagicLink]);
    let gate = browser.get("/setup").await;
    assert_eq!(gate.texts(".choices h2"), ["Email link"]);
    let page = browser.get("/security/email").await;
    press(&browser, &page, "/security/email").await;
    let link = server.newest_link(&app, &person.email);
    let page = browser.get(&link.path).await;
    let done = press(&browser, &page, &link.path).await;
    assert_eq!(done.location(), "/security/codes");
    assert_eq!(browser.get("/security").await.status, 200);
}

#[actix_web::test]
async fn el_5_the_waiting_page_learns_that_it_need_not_wait() {
    let (app, server) = mailed().await;
    let person = reader(&app, &server).await;
    let (browser, page) = waiting(&person).await;
    assert_eq!(
        page.attribute("[data-poll]", "data-poll").unwrap(),
        "/login/link/status"
    );
    assert_eq!(browser.get("/login/link/status").await.status, 204);
    let link = server.newest_link(&app, &person.email);
    let landing = browser.get(&link.path).await;
    press(&browser, &landing, &link.path).await;
    assert_eq!(browser.get("/login/link/status").await.status, 200);
    assert_eq!(app.browser().get("/login/link/status").await.status, 200);
}
