//! `/login`, `/logout`, `/confirm` and `/login/recover`.

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use countersign::mfa::Method;

use super::second_factor::press;
use crate::support::email_links::mailed;
use crate::support::{Browser, PASSWORD, Page, TestApp};

const WRONG: &str = "not the password at all";

async fn sign_in(browser: &Browser<'_>, email: &str, password: &str) -> Page {
    let form = browser.get("/login").await;
    browser
        .submit(&form, &[("email", email), ("password", password)])
        .await
}

#[actix_web::test]
async fn si_1_si_2_si_3_the_form_can_be_filled_by_any_password_manager_and_needs_no_script() {
    let app = TestApp::spawn().await;
    let page = app.browser().get("/login").await;
    assert_eq!(page.text("title"), "Sign in - Countersign");
    assert_eq!(page.texts("h1"), ["Sign in"]);
    let attribute = |selector: &str, name: &str| page.attribute(selector, name);
    assert_eq!(attribute("#email", "type").as_deref(), Some("email"));
    assert_eq!(
        attribute("#email", "autocomplete").as_deref(),
        Some("username webauthn")
    );
    assert_eq!(attribute("#password", "type").as_deref(), Some("password"));
    assert_eq!(
        attribute("#password", "autocomplete").as_deref(),
        Some("current-password")
    );
    for selector in ["#email", "#password"] {
        assert_eq!(
            attribute(selector, "autocapitalize").as_deref(),
            Some("off")
        );
        for forbidden in ["required", "maxlength", "pattern", "onpaste"] {
            assert_eq!(
                attribute(selector, forbidden),
                None,
                "{selector} {forbidden}"
            );
        }
    }
    assert!(attribute("main form", "novalidate").is_some());
    assert!(attribute("[data-reveal]", "hidden").is_some());
    // A passkey needs script: without it nothing dead is shown.
    assert!(attribute("form[action='/login/passkey']", "hidden").is_some());
    let instead = "Passkeys need JavaScript. You can sign in with your password.";
    assert!(page.text("noscript").contains(instead));
}

#[actix_web::test]
async fn where_the_public_host_is_an_ip_address_nothing_says_passkey() {
    let app = TestApp::spawn_with(|config| config.rp_id = None).await;
    let (_, browser) = app.user().in_browser().await;
    for page in [
        app.browser().get("/login").await,
        browser.get("/security").await,
    ] {
        assert!(
            !page.html.to_lowercase().contains("passkey"),
            "{}",
            page.html
        );
    }
    assert_eq!(
        browser.get("/security/passkeys/add").await.location(),
        "/security#passkeys"
    );
    let program = app.stranger();
    let options = program.post_nothing("/user/login/passkey/options").await;
    options.refused(400, "method_not_available");
    for path in ["/.well-known/passkey-endpoints", "/.well-known/webauthn"] {
        assert_eq!(program.get(path).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn every_problem_of_the_form_has_its_sentence() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let browser = app.browser();
    let pair = "Check your email address and password, and try again";
    let format = "Enter an email address in the format name@example.com";
    for (email, password, problems) in [
        (
            "",
            "",
            vec!["Enter your email address", "Enter your password"],
        ),
        ("", "x", vec!["Enter your email address"]),
        ("ada", "x", vec![format]),
        ("ada", "", vec![format, "Enter your password"]),
        (person.email.as_str(), "", vec!["Enter your password"]),
        (person.email.as_str(), WRONG, vec![pair]),
        ("nobody@example.com", WRONG, vec![pair]),
    ] {
        let page = sign_in(&browser, email, password).await;
        assert_eq!(page.status, 400, "{email} {password}");
        assert_eq!(page.problems(), problems, "{email} {password}");
        assert_eq!(page.text("title"), "Error: Sign in - Countersign");
        // FR-1, FR-2, FR-3: the summary has the focus, what was typed is there, passwords are not.
        assert!(page.attribute("[role=alert]", "autofocus").is_some());
        assert_eq!(
            page.attribute("[role=alert]", "tabindex").as_deref(),
            Some("-1")
        );
        assert_eq!(page.attribute("#email", "value").as_deref(), Some(email));
        assert_eq!(page.attribute("#password", "value"), None);
        assert!(!page.html.contains(WRONG));
        for id in ["email", "password"] {
            let error = page.texts(&format!("#{id}-error"));
            let invalid = page.attribute(&format!("#{id}"), "aria-invalid");
            assert_eq!(invalid.is_some(), !error.is_empty(), "{id}");
            if let Some(text) = error.first() {
                assert!(
                    problems.contains(&text.strip_prefix("Error: ").unwrap()),
                    "{text}"
                );
                let described = page.attribute(&format!("#{id}"), "aria-describedby");
                assert_eq!(described, Some(format!("{id}-error")));
                assert!(page.texts(&format!("[role=alert] a[href='#{id}']")).len() == 1);
            }
        }
        assert!(page.texts("main > [role=status]").is_empty());
    }
}

#[actix_web::test]
async fn si_4_an_unknown_address_a_wrong_password_and_a_disabled_account_look_the_same() {
    let app = TestApp::spawn().await;
    let (known, disabled) = (app.user().create().await, app.user().create().await);
    let secured = app.user().with_factor(Method::Totp).create().await;
    let now = app.app.clock.now();
    app.db_change_user(&disabled.id, |user| user.deactivated_at = Some(now));
    let mut seen = Vec::new();
    for (email, password) in [
        ("nobody@example.com", PASSWORD),
        (known.email.as_str(), WRONG),
        (secured.email.as_str(), WRONG),
        (disabled.email.as_str(), PASSWORD),
    ] {
        let page = sign_in(&app.browser(), email, password).await;
        let token = page.attribute("[name=csrf]", "value").unwrap();
        let html = page.html.replace(email, "EMAIL").replace(&token, "TOKEN");
        seen.push((page.status, html));
    }
    assert!(seen.iter().all(|page| *page == seen[0]));
}

#[actix_web::test]
async fn after_too_many_tries_the_page_says_when_and_a_right_password_gets_in_then() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let browser = app.browser();
    for _ in 0..5 {
        assert_eq!(sign_in(&browser, &person.email, WRONG).await.status, 400);
    }
    let page = sign_in(&browser, &person.email, PASSWORD).await;
    assert_eq!(page.status, 429);
    let wait: i64 = page.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let problem = &page.problems()[0];
    assert!(
        problem.starts_with("Too many tries. Try again after "),
        "{problem}"
    );
    assert!(
        problem.ends_with(" UTC, or reset your password."),
        "{problem}"
    );
    assert_eq!(
        page.attribute("#email", "value"),
        Some(person.email.clone())
    );
    app.advance(TimeDelta::seconds(wait));
    assert_eq!(sign_in(&browser, &person.email, PASSWORD).await.status, 303);
}

#[actix_web::test]
async fn si_6_the_right_password_leads_on_by_what_the_account_owes() {
    let app = TestApp::spawn().await;
    let plain = app.user().create().await;
    assert_eq!(
        sign_in(&app.browser(), &plain.email, PASSWORD)
            .await
            .location(),
        "/security"
    );
    let (gated, owing) = (app.user().create().await, app.user().create().await);
    app.db_change_user(&gated.id, |user| user.mfa_required = true);
    app.db_add_factor(&owing.id, Method::Totp);
    for (person, to) in [(gated, "/setup"), (owing, "/login/verify")] {
        let browser = app.browser();
        let mut page = sign_in(&browser, &person.email, PASSWORD).await;
        while page.status == 303 && page.location() != to {
            let next = page.location().to_owned();
            page = browser.get(&next).await;
        }
        assert_eq!(page.location(), to);
        assert_eq!(browser.get(to).await.status, 200);
        assert!(browser.get(to).await.html.contains(&person.email));
    }
}

#[actix_web::test]
async fn si_7_only_a_path_of_our_own_is_returned_to() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    for (asked, to) in [
        ("/security/activity?page=2", "/security/activity?page=2"),
        ("/security#devices", "/security#devices"),
        ("", "/security"),
        ("security", "/security"),
        ("//evil.test", "/security"),
        ("/\\evil.test", "/security"),
        ("\\\\evil.test", "/security"),
        ("https://evil.test/", "/security"),
        ("https:evil.test", "/security"),
        ("javascript:alert(1)", "/security"),
        ("/\t/evil.test", "/security"),
        ("/\n/evil.test", "/security"),
        (" //evil.test", "/security"),
        ("/security\r\nSet-Cookie: a=b", "/security"),
        ("///evil.test", "/security"),
    ] {
        // In the address of the form, and forged in the form itself.
        for forged in [false, true] {
            let browser = app.browser();
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("return_to", if forged { "" } else { asked })
                .finish();
            let page = browser.get(&format!("/login?{query}")).await;
            let mut fields = vec![("email", person.email.as_str()), ("password", PASSWORD)];
            if forged {
                fields.push(("return_to", asked));
            }
            let done = browser.submit(&page, &fields).await;
            assert_eq!(
                (done.status, done.location()),
                (303, to),
                "{asked:?} {forged}"
            );
        }
    }
}

#[actix_web::test]
async fn somebody_signed_in_does_not_see_the_form_and_is_returned_to_where_they_were_going() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    assert_eq!(browser.get("/login").await.location(), "/security");
    let page = browser.get("/login?return_to=/security/activity").await;
    assert_eq!(page.location(), "/security/activity");
    let page = browser.get("/login?return_to=//evil.test").await;
    assert_eq!(page.location(), "/security");
    let stranger = app.browser();
    let page = stranger.get("/security/activity?page=2").await;
    assert_eq!(
        page.location(),
        "/login?return_to=%2Fsecurity%2Factivity%3Fpage%3D2"
    );
    assert!(
        stranger
            .get(page.location())
            .await
            .texts("main .notice")
            .is_empty()
    );
}

#[actix_web::test]
async fn fr_8_signing_out_lands_on_the_form_with_a_word_about_it() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let page = browser.get("/security").await;
    let out = browser
        .post("/logout", &page.form_at("header form").1)
        .await;
    assert_eq!((out.status, out.location()), (303, "/login"));
    let page = browser.get("/login").await;
    assert_eq!(page.text("main > [role=status]"), "You have signed out.");
    let again = browser.get("/login").await;
    assert!(again.texts("main > [role=status]").is_empty());
}

#[actix_web::test]
async fn a_9_a_session_that_ended_is_explained_once_and_resumed_where_it_was() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    app.advance(TimeDelta::minutes(61));
    let page = browser.get("/security/activity").await;
    assert_eq!(page.location(), "/login?return_to=%2Fsecurity%2Factivity");
    let form = browser.get(page.location()).await;
    let notice = form.text("main .notice");
    assert_eq!(notice, "Your session ended. Sign in again to continue.");
    assert!(browser.get("/login").await.texts("main .notice").is_empty());
    let email = form.attribute("#email", "value");
    assert_eq!(email.as_deref(), Some(&*person.email));
    let done = browser.submit(&form, &[("password", PASSWORD)]).await;
    assert_eq!(done.location(), "/security/activity");
}

#[actix_web::test]
async fn signing_in_again_leaves_the_old_session_of_this_browser_behind() {
    let app = TestApp::spawn().await;
    let (first, browser) = app.user().in_browser().await;
    let second = app.user().create().await;
    // The form of somebody else, opened before the first one signed in.
    let token = browser.get("/help").await.form_at("form").1[0].1.clone();
    let fields = [
        ("csrf", token.as_str()),
        ("email", &second.email),
        ("password", PASSWORD),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let done = browser.post("/login", &fields).await;
    assert_eq!(done.status, 303, "{}", done.html);
    assert!(app.db_session_ids(&first.id).is_empty());
    assert_eq!(
        browser.get("/security").await.text("header .who"),
        second.email
    );
}

#[actix_web::test]
async fn su_1_su_2_su_3_the_step_up_lasts_ten_minutes_and_resumes_without_repeating() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let other = person.sign_in().await;
    app.advance(TimeDelta::minutes(11));
    let target = format!("/security/devices?session={}", other.session_id);
    let ask = browser.get(&target).await;
    assert!(
        ask.location()
            .starts_with("/confirm?next=%2Fsecurity%2Fdevices%3Fsession")
    );
    let form = browser.get(ask.location()).await;
    assert_eq!(form.text("h1"), "Confirm it's you");
    assert_eq!(form.text(".lead"), "You're about to sign out a device.");
    for (typed, said) in [
        ("", "Enter your password"),
        (WRONG, "That password is not right. Try again."),
    ] {
        let page = browser.submit(&form, &[("password", typed)]).await;
        assert_eq!(page.status, 400);
        assert_eq!(page.problems(), [said]);
        assert_eq!(page.attribute("[name=next]", "value"), Some(target.clone()));
    }
    let done = browser.submit(&form, &[("password", PASSWORD)]).await;
    assert_eq!((done.status, done.location()), (303, target.as_str()));
    let page = browser.get(&target).await;
    assert_eq!(page.status, 200);
    let said = page.text("main > [role=status]");
    assert_eq!(said, "Confirmed. Finish what you were about to do.");
    // Nothing was done on the way here.
    other.get("/user/profile").await.ok();
    assert_eq!(browser.submit(&page, &[]).await.location(), "/security");
    other
        .get("/user/profile")
        .await
        .refused(401, "unauthenticated");
    app.advance(TimeDelta::seconds(599));
    assert_eq!(browser.get("/security/devices").await.status, 200);
    app.advance(TimeDelta::seconds(2));
    assert_eq!(browser.get("/security/devices").await.status, 303);
}

#[actix_web::test]
async fn the_step_up_leads_nowhere_but_to_our_own_pages() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    for next in [
        "//evil.test",
        "https://evil.test",
        "/\\evil.test",
        "javascript:x",
        "",
    ] {
        let form = browser.get(&format!("/confirm?next={next}")).await;
        let done = browser.submit(&form, &[("password", PASSWORD)]).await;
        assert_eq!(done.location(), "/security", "{next}");
        let form = browser.get("/confirm").await;
        let done = browser
            .submit(&form, &[("password", PASSWORD), ("next", next)])
            .await;
        assert_eq!(done.location(), "/security", "{next}");
    }
}

#[actix_web::test]
async fn whoever_proved_the_password_alone_asks_the_administrators_once_a_day() {
    let (app, server) = mailed().await;
    let boss = app.user().in_organization("Northwind").role(Role::Owner);
    let boss = boss.create().await;
    let helper = app.user().role(Role::Administrators);
    let helper = helper.in_organization("Northwind").create().await;
    let foreign = app.user().in_organization("B").role(Role::Owner);
    let foreign = foreign.create().await;
    let user = app.user().email("mo@example.com");
    let person = user.in_organization("Northwind").create().await;
    app.db_add_factor(&person.id, Method::Totp);
    let browser = person.browser().await;
    for round in 1..=3 {
        let page = browser.get("/login/recover").await;
        assert!(
            page.texts("main h2")
                .contains(&"Ask an administrator of Northwind to reset your MFA".to_owned())
        );
        assert!(!page.html.contains(&boss.email));
        let asked = press(&browser, &page, "/login/recover").await;
        assert_eq!(asked.location(), "/login/recover");
        let page = browser.get("/login/recover").await;
        let is_mailed = page.text(".flash").contains("were asked by email");
        assert_eq!(is_mailed, round != 2, "{round}");
        while app.deliver().await > 0 {}
        // The third time a day is over.
        let mails = if round == 3 { 2 } else { 1 };
        for administrator in [&boss, &helper] {
            let subjects = server.subjects(&administrator.email);
            assert_eq!(subjects.len(), mails, "{round}: {subjects:?}");
            assert_eq!(
                subjects.first().unwrap(),
                "Reset of MFA asked for: Ada Lovelace"
            );
        }
        if round == 2 {
            app.db_execute("UPDATE users SET reset_requested_at = '2020-01-01 00:00:00'");
        }
    }
    assert!(server.subjects(&foreign.email).is_empty());
    let mail = server.received_by(&boss.email).remove(0).text();
    assert!(mail.contains("mo@example.com") && mail.contains("call them back"));
    assert!(!mail.contains("127.0.0.1"), "{mail}");
    assert!(mail.contains(&format!("/admin/members/{}", person.id)));
    assert_eq!(
        server.subjects("mo@example.com"),
        ["You asked for a reset of your MFA"; 2]
    );
    // Nothing else came of it.
    assert_eq!(browser.get("/security").await.status, 303);
}

#[actix_web::test]
async fn whom_the_operator_names_stands_on_the_recovery_page() {
    let text = "IT desk <b>\next. 4471";
    let app = TestApp::spawn_with(|config| config.contact = Some(text.to_owned())).await;
    let page = app.browser().get("/login/recover").await;
    assert_eq!(page.text(".as-written"), "IT desk <b> ext. 4471");
}

#[actix_web::test]
async fn nobody_is_asked_where_there_is_nobody_to_ask() {
    let (app, server) = mailed().await;
    let alone = app.user().with_factor(Method::Totp).create().await;
    let only = app.user().in_organization("A").role(Role::Owner);
    let only = only.with_factor(Method::Totp).create().await;
    // Nobody but an owner resets an owner.
    let helper = app.user().in_organization("A").role(Role::Administrators);
    helper.create().await;
    for person in [&alone, &only] {
        let browser = person.browser().await;
        let page = browser.get("/login/recover").await;
        assert!(page.texts("form[action='/login/recover']").is_empty());
        let (_, token) = page.form_at("form[action='/logout']");
        assert_eq!(browser.post("/login/recover", &token).await.status, 404);
    }
    // Whoever is signed in needs no reset, and whoever is not is not known.
    let (_, browser) = app.user().in_organization("A").in_browser().await;
    let page = browser.get("/login/recover").await;
    let (_, token) = page.form_at("form[action='/logout']");
    let answer = browser.post("/login/recover", &token).await;
    assert_eq!(answer.location(), "/login/recover");
    let answer = app.browser().post("/login/recover", &token).await;
    assert_eq!(answer.location(), "/login");
    while app.deliver().await > 0 {}
    assert!(server.subjects(&only.email).is_empty());
}

#[actix_web::test]
async fn rc_1_the_page_for_getting_back_in_is_the_same_for_everybody() {
    let app = TestApp::spawn().await;
    let before = app.browser().get("/login/recover").await;
    let person = app.user().in_organization("Secret Society").create().await;
    let after = app.browser().get("/login/recover").await;
    assert_eq!(before.html, after.html);
    assert!(!after.html.contains("Secret Society"));
    let browser = person.browser().await;
    assert_eq!(
        browser.get("/login/recover").await.texts("main h2"),
        after.texts("main h2")
    );
}

#[actix_web::test]
async fn whoever_was_signed_out_elsewhere_finds_their_address_filled_in() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    app.db_execute("UPDATE sessions SET ended_at = created_at");
    let sent = browser.get("/security").await;
    assert_eq!(sent.location(), "/login?return_to=%2Fsecurity");
    let page = browser.get(sent.location()).await;
    let email = page.attribute("input[name=email]", "value");
    assert_eq!(email.as_deref(), Some(person.email.as_str()));
}
