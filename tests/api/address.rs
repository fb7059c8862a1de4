//! Changing the address of an account: the new one is proved by a link that was mailed there.

use chrono::TimeDelta;
use countersign::mfa::Method;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::email_links::mailed;
use crate::support::mail_server::MailServer;
use crate::support::{Browser, PASSWORD, Page, Person, TestApp};

const NEW: &str = "ada.new@example.com";

const SUBJECT: &str = "Confirm your new email address";

async fn ask(browser: &Browser<'_>, address: &str) -> Page {
    let form = browser.get("/security/address").await;
    assert_eq!(form.status, 200, "{}", form.location());
    browser.submit(&form, &[("email", address)]).await
}

/// Asks for a new address and reads the link in its mail.
async fn link_to(
    app: &TestApp,
    server: &MailServer,
    browser: &Browser<'_>,
    address: &str,
) -> String {
    let before = server.received_by(address).len();
    let asked = ask(browser, address).await;
    assert_eq!((asked.status, asked.location()), (303, "/security"));
    app.deliver().await;
    let mails = server.received_by(address);
    assert_eq!(mails.len(), before + 1);
    app.link_in(&mails[before])
}

async fn confirm(browser: &Browser<'_>, link: &str) -> Page {
    let form = browser.get(link).await;
    assert_eq!(form.status, 200, "{}", form.html);
    browser.submit(&form, &[]).await
}

async fn signs_in(app: &TestApp, email: &str) -> bool {
    let body = json!({"email": email, "password": PASSWORD});
    app.stranger().post("/user/login", body).await.status == 200
}

fn email_of(app: &TestApp, person: &Person<'_>) -> String {
    let found = app.db(|conn| countersign::db::users::find(conn, &person.id));
    found.unwrap().unwrap().email
}

#[actix_web::test]
async fn a_new_address_counts_once_it_is_confirmed_and_both_are_told() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (person, browser) = app.user().in_browser().await;
    let old = person.email.clone();
    let security = browser.get("/security").await;
    assert_eq!(security.text("#address .purpose"), old);
    assert_eq!(
        security.attribute("#address a", "href").as_deref(),
        Some("/security/address")
    );
    let form = browser.get("/security/address").await;
    assert_eq!(form.text(".lead"), format!("Your email address is {old}"));
    let asked = browser
        .submit(&form, &[("email", " Ada.New@Example.COM ")])
        .await;
    assert_eq!((asked.status, asked.location()), (303, "/security"));
    let said = browser.get("/security").await.text("main [role=status]");
    assert!(
        said.starts_with("We mailed a link to ada.new@example.com."),
        "{said}"
    );

    assert_eq!(app.deliver().await, 1);
    let mails = server.received();
    let [mail] = mails.as_slice() else {
        panic!("{mails:?}")
    };
    assert_eq!(mail.recipients, [format!("RCPT TO:<{NEW}>")]);
    assert_eq!(mail.header("Subject").as_deref(), Some(SUBJECT));
    assert!(
        !mail.data.contains(&old),
        "whoever reads that mailbox need not know the account"
    );
    let link = app.link_in(mail);
    assert!(
        link.starts_with("/security/address/confirm/cs_ln_"),
        "{link}"
    );

    let before = app.db_state();
    for verb in ["HEAD", "HEAD", "GET", "GET", "OPTIONS"] {
        let request = browser.request(verb.parse().unwrap(), &link);
        request.send().await.unwrap();
    }
    assert_eq!(app.db_state(), before, "looking changes nothing");
    assert!(signs_in(&app, &old).await && !signs_in(&app, NEW).await);
    app.deliver().await;
    let before = server.subjects(&old).len();

    let form = browser.get(&link).await;
    assert_eq!(
        form.text(".lead"),
        format!("Your account gets the address {NEW}")
    );
    assert!(
        !form.html.contains("<script"),
        "nothing sends the form by itself"
    );
    let done = browser.submit(&form, &[]).await;
    assert_eq!((done.status, done.location()), (303, "/security"));
    let page = browser.get("/security").await;
    assert_eq!(page.text("header .who"), NEW);
    assert_eq!(
        page.text("main [role=status]"),
        format!("Your email address is {NEW} now. Sign in with it from now on.")
    );
    assert!(
        page.html
            .contains(&format!("Email address changed to {NEW}"))
    );
    assert!(page.html.contains("Link to a new email address asked for"));
    assert_eq!(app.deliver().await, 2);
    let changed = "Email address changed";
    assert_eq!(server.subjects(&old)[before..], [changed]);
    assert_eq!(server.subjects(NEW), [SUBJECT, changed]);
    let told = server.received_by(&old)[before].text();
    assert!(
        told.contains(&format!("is {NEW} now")) && told.contains("right away"),
        "{told}"
    );
    assert!(
        !told.contains("/security"),
        "the old address opens nothing: {told}"
    );
    assert!(signs_in(&app, NEW).await && !signs_in(&app, &old).await);
    assert_eq!(browser.get(&link).await.status, 410);
}

#[actix_web::test]
async fn a_sign_in_link_of_before_stays_retired_when_the_address_comes_back() {
    let (app, server) = mailed().await;
    let (person, browser) = app.user().in_browser().await;
    let page = browser.get("/security/email").await;
    browser.submit(&page, &[]).await;
    let code = server.newest_link(&app, &person.email).code;
    let page = browser.get("/security/email").await;
    browser.submit(&page, &[("code", &code)]).await;
    let limited = person.sign_in().await;
    limited.send_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    for address in [NEW, &person.email] {
        let confirming = link_to(&app, &server, &browser, address).await;
        confirm(&browser, &confirming).await;
        app.deliver().await;
    }
    assert_eq!(email_of(&app, &person), person.email);
    limited
        .answer_email_link("token", &link.token)
        .await
        .refused(400, "invalid_code");
}

#[actix_web::test]
async fn only_the_account_that_asked_can_confirm() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (person, browser) = app.user().in_browser().await;
    let (_, other) = app.user().in_browser().await;
    let link = link_to(&app, &server, &browser, NEW).await;
    assert_eq!(other.get(&link).await.status, 410);
    let (_, fields) = other.get("/security/address").await.form();
    let before = app.db_state();
    assert_eq!(other.post(&link, &fields).await.status, 410);
    assert_eq!(app.db_state(), before);
    let stranger = app.browser().get(&link).await;
    assert_eq!(stranger.status, 303);
    assert!(
        stranger.location().starts_with("/login?return_to="),
        "{}",
        stranger.location()
    );
    // The link is for nothing else.
    let as_password = link.replace("/security/address/confirm/", "/password/");
    assert_eq!(browser.get(&as_password).await.status, 410);
    let password = app
        .db_password_link(&person.id)
        .replace("/password/", "/security/address/confirm/");
    assert_eq!(browser.get(&password).await.status, 410);
    // Another session of the same account will do.
    assert_eq!(confirm(&person.browser().await, &link).await.status, 303);
}

#[actix_web::test]
async fn an_address_that_is_taken_gets_the_same_answer_and_another_mail() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let holder = app.user().create().await;
    let (person, browser) = app.user().in_browser().await;
    let earlier = link_to(&app, &server, &browser, NEW).await;
    let free = ask(&browser, "free@example.com").await;
    app.deliver().await;
    let shown_free = browser
        .get("/security")
        .await
        .texts("main [role=status], #activity tr th");
    let taken = ask(&browser, &holder.email).await;
    app.deliver().await;
    let shown_taken = browser
        .get("/security")
        .await
        .texts("main [role=status], #activity tr th");
    assert_eq!(
        (free.status, free.location(), &free.html),
        (taken.status, taken.location(), &taken.html)
    );
    assert_eq!(
        shown_free[0].replace("free@example.com", &holder.email),
        shown_taken[0]
    );
    assert_eq!(
        shown_free[1], shown_taken[1],
        "the record says the same, too"
    );

    assert_eq!(
        server.subjects(&holder.email),
        ["This email address has an account"]
    );
    let told = &server.received_by(&holder.email)[0];
    assert!(!told.data.contains("cs_ln_") && !told.data.contains(&person.email));
    // A taken address retires older links as a free one does.
    for link in [
        earlier,
        app.link_in(&server.received_by("free@example.com")[0]),
    ] {
        assert_eq!(browser.get(&link).await.status, 410);
    }
    assert_eq!(email_of(&app, &person), person.email);
}

#[actix_web::test]
async fn of_two_accounts_that_want_one_address_the_first_to_confirm_has_it() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (one, first) = app.user().in_browser().await;
    let (other, second) = app.user().in_browser().await;
    let links = [
        link_to(&app, &server, &first, NEW).await,
        link_to(&app, &server, &second, NEW).await,
    ];
    let late = second.get(&links[1]).await;
    assert_eq!(confirm(&first, &links[0]).await.status, 303);
    assert_eq!(second.submit(&late, &[]).await.status, 410);
    assert_eq!(
        (email_of(&app, &one), email_of(&app, &other)),
        (NEW.to_owned(), other.email.clone())
    );
}

#[actix_web::test]
async fn d04_of_many_who_confirm_at_once_exactly_one_does() {
    let (app, server) = TestApp::spawn_with_mail(|config| config.trusted_proxies = 1).await;
    let (person, browser) = app.user().in_browser().await;
    let link = link_to(&app, &server, &browser, NEW).await;
    let (action, fields) = browser.get(&link).await.form();
    let tries = (0..50).map(|_| browser.post(&action, &fields));
    let statuses: Vec<u16> = join_all(tries)
        .await
        .iter()
        .map(|page| page.status)
        .collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 303).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses
            .iter()
            .all(|status| matches!(status, 303 | 410 | 503)),
        "{statuses:?}"
    );
    assert_eq!(email_of(&app, &person), NEW);
    let changed = app.db_activity(&person.id);
    assert_eq!(
        changed
            .iter()
            .filter(|row| row.event == "user_address_changed")
            .count(),
        1
    );
}

#[actix_web::test]
async fn d05_d06_the_newest_link_works_for_an_hour() {
    // A session that idles out would end before the link does.
    let idle = std::time::Duration::from_secs(86_400);
    let (app, server) =
        TestApp::spawn_with_mail(|config| config.lifetimes.session_idle = idle).await;
    let (person, browser) = app.user().in_browser().await;
    let old = link_to(&app, &server, &browser, NEW).await;
    let link = link_to(&app, &server, &browser, "ada.newer@example.com").await;
    assert_eq!(browser.get(&old).await.status, 410);
    app.advance(TimeDelta::minutes(59));
    assert_eq!(browser.get(&link).await.status, 200);
    let late = browser.get(&link).await;
    app.advance(TimeDelta::seconds(61));
    let spent = browser.get(&link).await;
    assert_eq!(
        (spent.status, spent.text("h1")),
        (410, "This link no longer works".to_owned())
    );
    assert_eq!(browser.submit(&late, &[]).await.status, 410);
    assert_eq!(email_of(&app, &person), person.email);
}

#[actix_web::test]
async fn f03_asking_needs_a_fresh_proof_by_the_factor_where_one_is_owed() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (_, browser) = app.user().in_browser().await;
    app.advance(TimeDelta::minutes(11));
    let away = browser.get("/security/address").await;
    assert_eq!(
        (away.status, away.location()),
        (303, "/confirm?next=%2Fsecurity%2Faddress")
    );
    let (_, mut fields) = browser.get("/security/password").await.form();
    fields.push(("email".to_owned(), NEW.to_owned()));
    assert_eq!(browser.post("/security/address", &fields).await.status, 303);
    assert_eq!(app.deliver().await, 0);
    let step = browser.get(away.location()).await;
    assert_eq!(
        step.text(".lead"),
        "You're about to change your email address."
    );
    browser.submit(&step, &[("password", PASSWORD)]).await;
    link_to(&app, &server, &browser, NEW).await;

    // A backup code is for getting back in, and not for this.
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let browser = person.browser().await;
    let page = browser.get("/login/verify?method=code").await;
    let code = &authenticator.backup_codes[0];
    let (_, mut fields) = page.form_at("form[action='/login/verify']");
    fields.retain(|(name, _)| name != "code");
    fields.push(("code".to_owned(), code.clone()));
    let done = browser.post("/login/verify", &fields).await;
    assert_eq!((done.status, done.location()), (303, "/security"));
    let away = browser.get("/security/address").await;
    assert_eq!(away.status, 303);
    assert!(
        away.location().starts_with("/confirm"),
        "{}",
        away.location()
    );
}

#[actix_web::test]
async fn d11_what_cannot_be_one_address_is_refused_and_kept() {
    let (app, server) = TestApp::spawn_with_mail(|config| config.limits.mail = Vec::new()).await;
    let (person, browser) = app.user().in_browser().await;
    let format = "Enter an email address in the format name@example.com";
    for (typed, said) in [
        ("a@x\r\nBcc: b@y".to_owned(), format),
        ("a@x,b@y".to_owned(), format),
        ("a@x b@y".to_owned(), format),
        ("\"n\" <a@x>".to_owned(), format),
        ("a@x>\r\nRCPT TO:<b@y".to_owned(), format),
        ("ada@example.com.".to_owned(), format),
        ("ada".to_owned(), format),
        ("\0".to_owned(), format),
        (format!("{}@example.com", "x".repeat(10_000)), format),
        (" ".to_owned(), "Enter your email address"),
        (
            person.email.to_uppercase(),
            "That is your email address already. Enter the new one.",
        ),
    ] {
        let page = ask(&browser, &typed).await;
        assert_eq!(page.status, 400, "{typed}");
        assert_eq!(page.problems(), [said], "{typed}");
        if !typed.contains(['\r', '\0']) {
            assert_eq!(page.attribute("#email", "value").as_ref(), Some(&typed));
        }
    }
    assert_eq!(app.deliver().await, 0);
    // What can be one goes to exactly one recipient, or nowhere.
    for typed in ["müller@exämple.de", "ada@exämple.de", "ada+tag@example.com"] {
        assert_eq!(ask(&browser, typed).await.status, 303, "{typed}");
        app.deliver().await;
    }
    for mail in server.received() {
        assert_eq!(mail.recipients.len(), 1, "{mail:?}");
        assert!(mail.header("Bcc").is_none());
    }
    assert_eq!(server.received_by("ada+tag@example.com").len(), 1);
}

#[actix_web::test]
async fn over_the_limits_the_page_says_when_to_ask_again() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (_, browser) = app.user().in_browser().await;
    for n in 0..3 {
        link_to(&app, &server, &browser, &format!("ada-{n}@example.com")).await;
    }
    let refused = ask(&browser, NEW).await;
    assert_eq!(refused.status, 429);
    assert!(
        refused
            .header("retry-after")
            .unwrap()
            .parse::<u64>()
            .unwrap()
            <= 300
    );
    assert!(refused.problems()[0].starts_with("Too many tries. Try again after "));
    assert_eq!(refused.attribute("#email", "value").as_deref(), Some(NEW));
    assert_eq!(app.deliver().await, 0);
    app.advance(TimeDelta::minutes(5));
    link_to(&app, &server, &browser, NEW).await;
}

#[actix_web::test]
async fn what_hung_on_the_old_address_goes_with_it_and_methods_stay() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (person, browser) = app.user().in_browser().await;
    let link = link_to(&app, &server, &browser, NEW).await;
    let printed = app.db_password_link(&person.id);
    let ask = json!({"email": person.email});
    for email in [&person.email, NEW] {
        for n in 0..5 {
            let body = json!({"email": email, "password": format!("wrong password {n}")});
            app.stranger().post("/user/login", body).await;
        }
    }
    assert_eq!(app.browser().get(&printed).await.status, 200);
    assert_eq!(confirm(&browser, &link).await.status, 303);
    assert_eq!(
        app.browser().get(&printed).await.status,
        410,
        "links of the account die"
    );
    assert!(signs_in(&app, NEW).await, "guesses at nobody are nobody's");
    app.stranger()
        .post("/user/request-reset-password", ask)
        .await
        .ok();
    app.deliver().await;
    let subjects = server.subjects(&person.email);
    assert_eq!(
        subjects,
        ["Email address changed"],
        "the old mailbox opens nothing"
    );

    app.db_add_factor(&person.id, Method::MagicLink);
    app.db_add_factor(&person.id, Method::Totp);
    let status = json!({"email": NEW, "password": PASSWORD});
    let answer = app.stranger().post("/user/login", status).await;
    assert_eq!(answer.ok()["mfaRequired"], true);
}

#[actix_web::test]
async fn a_form_of_another_site_changes_nothing() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (person, browser) = app.user().in_browser().await;
    let link = link_to(&app, &server, &browser, NEW).await;
    let (_, fields) = browser.get(&link).await.form();
    let refused = browser.post_from("cross-site", &link, &fields).await;
    assert_eq!(
        (refused.status, refused.text("h1")),
        (403, SUBJECT.to_owned())
    );
    assert_eq!(browser.post(&link, &[]).await.status, 403);
    let (_, mut fields) = browser.get("/security/address").await.form();
    fields.retain(|(name, _)| name != "email");
    fields.push(("email".to_owned(), NEW.to_owned()));
    let refused = browser
        .post_from("cross-site", "/security/address", &fields)
        .await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.attribute("#email", "value").as_deref(), Some(NEW));
    assert_eq!(email_of(&app, &person), person.email);
}
