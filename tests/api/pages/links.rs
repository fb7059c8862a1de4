//! One-time links: the first owner's, and the one for choosing a password.

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use futures_util::future::join_all;
use reqwest::Method as Verb;
use serde_json::json;

use crate::support::{PASSWORD, Page, TestApp};

const OWNER: [(&str, &str); 5] = [
    ("organization", "Analytical Engines"),
    ("first_name", "Ada"),
    ("last_name", "Lovelace"),
    ("email", " Ada@Example.com "),
    ("password", PASSWORD),
];

const NEW_PASSWORD: &str = "an entirely different sentence";

#[track_caller]
fn is_spent(page: &Page) {
    assert_eq!(page.status, 410, "{}", page.html);
    assert_eq!(page.text("h1"), "This link no longer works");
    assert!(page.texts("main form").is_empty(), "{}", page.html);
}

#[actix_web::test]
async fn a_server_without_accounts_says_where_to_find_the_link_and_no_more() {
    let app = TestApp::spawn().await;
    let page = app.browser().get("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.text("h1"), "Set up Countersign");
    assert!(page.html.contains("countersign user link"));
    assert!(!page.html.contains("/welcome/"));
    assert_eq!(app.browser().get("/security").await.status, 303);
    app.user().create().await;
    assert_eq!(app.browser().get("/").await.location(), "/login");
}

#[actix_web::test]
async fn the_first_owner_makes_the_organization_and_is_signed_in() {
    let app = TestApp::spawn().await;
    let link = app.db_first_owner_link();
    let (browser, late) = (app.browser(), app.browser());
    let form = browser.get(&link).await;
    let late_form = late.get(&link).await;
    assert_eq!(form.status, 200);
    assert_eq!(form.text("title"), "Create your organization - Countersign");
    let done = browser.submit(&form, &OWNER).await;
    assert_eq!((done.status, done.location()), (303, "/security"));

    let page = browser.get("/security").await;
    assert_eq!(page.status, 200);
    let said = page.text("main [role=status]");
    assert_eq!(said, "Analytical Engines is ready and you are its owner.");
    let again = browser.get("/security").await;
    assert!(again.texts("main [role=status]").is_empty());
    assert_eq!(page.text("header .who"), "ada@example.com");
    assert_eq!(browser.get("/").await.location(), "/security");

    let login = json!({"email": "ada@example.com", "password": PASSWORD});
    let answer = app.stranger().post("/user/login", login).await;
    assert_eq!(answer.ok()["user"]["orgRole"], Role::Owner.number());
    assert_eq!(answer.body["user"]["name"], "Ada Lovelace");

    is_spent(&browser.get(&link).await);
    is_spent(&late.submit(&late_form, &OWNER).await);
    assert!(late.get("/security").await.location().starts_with("/login"));
}

#[actix_web::test]
async fn looking_at_a_link_uses_nothing_up() {
    let app = TestApp::spawn().await;
    let person = app.user().without_password().create().await;
    let links = [app.db_password_link(&person.id)];
    looked_at(&app, &links).await;
    let app = TestApp::spawn().await;
    let links = [app.db_first_owner_link()];
    looked_at(&app, &links).await;
}

async fn looked_at(app: &TestApp, links: &[String]) {
    let before = app.db_state();
    for link in links {
        for _ in 0..3 {
            for verb in [Verb::GET, Verb::HEAD, Verb::OPTIONS, Verb::PUT] {
                app.stranger().send(verb, link, None).await;
            }
        }
        assert_eq!(app.browser().get(link).await.status, 200);
    }
    assert_eq!(app.db_state(), before);
}

#[actix_web::test]
async fn the_first_owners_link_works_for_a_day_and_only_the_newest_one() {
    let app = TestApp::spawn().await;
    let old = app.db_first_owner_link();
    let link = app.db_first_owner_link();
    is_spent(&app.browser().get(&old).await);
    app.advance(TimeDelta::hours(24) - TimeDelta::seconds(60));
    let browser = app.browser();
    let form = browser.get(&link).await;
    assert_eq!(form.status, 200);
    app.advance(TimeDelta::seconds(60));
    is_spent(&browser.get(&link).await);
    is_spent(&browser.submit(&form, &OWNER).await);
    for never in ["/welcome/x", "/welcome/cs_ln_", "/password/x"] {
        is_spent(&browser.get(never).await);
    }
    // A link opens only the page that it was made for.
    let other = app.db_first_owner_link().replace("/welcome/", "/password/");
    is_spent(&browser.get(&other).await);
}

#[actix_web::test]
async fn the_first_owners_link_is_no_good_once_there_is_an_account() {
    let app = TestApp::spawn().await;
    let link = app.db_first_owner_link();
    let browser = app.browser();
    let form = browser.get(&link).await;
    app.user().create().await;
    is_spent(&browser.submit(&form, &OWNER).await);
    is_spent(&browser.get(&link).await);
}

#[actix_web::test]
async fn of_fifty_first_owners_at_once_exactly_one_is() {
    // Behind a proxy, so that the connections of one address are not counted.
    let app = TestApp::spawn_with(|config| config.trusted_proxies = 1).await;
    let link = app.db_first_owner_link();
    let browsers: Vec<_> = (0..50).map(|_| app.browser()).collect();
    let forms = join_all(browsers.iter().map(|browser| browser.get(&link))).await;
    let answers = join_all(
        browsers
            .iter()
            .zip(&forms)
            .enumerate()
            .map(|(n, (browser, form))| {
                let email = format!("owner-{n}@example.com");
                async move {
                    let mut fields = OWNER;
                    fields[3] = ("email", email.as_str());
                    browser.submit(form, &fields).await.status
                }
            }),
    )
    .await;
    let made = answers.iter().filter(|status| **status == 303).count();
    assert_eq!(made, 1, "{answers:?}");
    assert!(
        answers
            .iter()
            .all(|status| matches!(status, 303 | 410 | 503)),
        "{answers:?}"
    );
    let state = app.db_state();
    assert_eq!(state.matches("owner-").count(), 1);
    assert_eq!(
        state.matches("Analytical Engines").count(),
        2,
        "its row and its record"
    );
    is_spent(&app.browser().get(&link).await);
}

#[actix_web::test]
async fn every_field_of_the_first_owner_has_its_sentence_and_keeps_what_was_typed() {
    let app = TestApp::spawn().await;
    let link = app.db_first_owner_link();
    let browser = app.browser();
    let mut form = browser.get(&link).await;
    let long = "x".repeat(101);
    let same = "Analytical Engines";
    for (name, typed, said) in [
        ("organization", " ", "Enter the name of your organization"),
        (
            "organization",
            &long,
            "The organization name must have 100 characters or fewer",
        ),
        ("first_name", "", "Enter your first name"),
        (
            "first_name",
            &long,
            "The first name must have 100 characters or fewer",
        ),
        ("last_name", "", "Enter your last name"),
        (
            "last_name",
            &long,
            "The last name must have 100 characters or fewer",
        ),
        ("email", "", "Enter your email address"),
        (
            "email",
            "ada",
            "Enter an email address in the format name@example.com",
        ),
        (
            "email",
            "ada@",
            "Enter an email address in the format name@example.com",
        ),
        ("password", "", "Enter a new password"),
        (
            "password",
            "fourteen chars",
            "The new password must have 15 characters or more",
        ),
        (
            "password",
            same,
            "That password is a name or address that others know about you. Choose another one.",
        ),
        (
            "password",
            "passwordpassword",
            "Many people use that password, so it is easy to guess. Choose another one.",
        ),
    ] {
        let mut fields = OWNER;
        for field in &mut fields {
            if field.0 == name {
                field.1 = typed;
            }
        }
        form = browser.submit(&form, &fields).await;
        assert_eq!(form.status, 400, "{name} {typed:?}");
        assert_eq!(form.problems(), [said], "{name} {typed:?}");
        assert_eq!(
            form.text(&format!("#{name}-error")),
            format!("Error: {said}")
        );
        for (name, typed) in &fields[..4] {
            let shown = form.attribute(&format!("#{name}"), "value");
            assert_eq!(shown.as_deref(), Some(*typed), "{name}");
        }
        assert_eq!(form.attribute("#password", "value"), None);
    }
    // All at once, in the order of the fields.
    let empty = OWNER.map(|(name, _)| (name, ""));
    let page = browser.submit(&form, &empty).await;
    assert_eq!(page.problems().len(), 5);
    // None of this used the link up.
    assert_eq!(browser.submit(&page, &OWNER).await.status, 303);
}

#[actix_web::test]
async fn a_link_for_a_password_sets_it_signs_everybody_out_and_nobody_in() {
    let app = TestApp::spawn().await;
    let (person, signed_in) = app.user().in_browser().await;
    let program = person.sign_in().await;
    let link = app.db_password_link(&person.id);
    let browser = app.browser();
    let form = browser.get(&link).await;
    assert_eq!(form.status, 200);
    assert_eq!(form.text("h1"), "Choose a password");
    assert_eq!(
        form.text(".lead"),
        format!("For the account {}", person.email)
    );

    let short = browser.submit(&form, &[("password", "short")]).await;
    assert_eq!(short.status, 400);
    let personal = browser.submit(&short, &[("password", &person.email)]).await;
    assert_eq!(personal.status, 400, "{}", personal.html);
    program.get("/user/profile").await.ok();

    let done = browser
        .submit(&personal, &[("password", NEW_PASSWORD)])
        .await;
    assert_eq!((done.status, done.location()), (303, "/login"));
    let login = browser.get("/login").await;
    let said = login.text("main [role=status]");
    assert_eq!(said, "Your password is set. Sign in with it now.");
    assert!(
        browser
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
    program
        .get("/user/profile")
        .await
        .refused(401, "unauthenticated");
    assert!(
        signed_in
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
    is_spent(&browser.get(&link).await);
    is_spent(&browser.submit(&form, &[("password", NEW_PASSWORD)]).await);
    person
        .try_sign_in(PASSWORD)
        .await
        .refused(401, "invalid_credentials");
    person.try_sign_in(NEW_PASSWORD).await.ok();
}

#[actix_web::test]
async fn a_link_for_a_password_works_for_an_hour_and_only_the_newest_of_that_person() {
    let app = TestApp::spawn().await;
    let (person, other) = (app.user().create().await, app.user().create().await);
    let old = app.db_password_link(&person.id);
    let link = app.db_password_link(&person.id);
    let theirs = app.db_password_link(&other.id);
    let browser = app.browser();
    is_spent(&browser.get(&old).await);
    assert_eq!(browser.get(&link).await.status, 200);
    assert_eq!(browser.get(&theirs).await.status, 200);
    let form = browser.get(&theirs).await;
    let now = app.app.clock.now();
    app.db_change_user(&other.id, |user| user.deactivated_at = Some(now));
    is_spent(&browser.get(&theirs).await);
    is_spent(&browser.submit(&form, &[("password", NEW_PASSWORD)]).await);
    app.advance(TimeDelta::minutes(60));
    is_spent(&browser.get(&link).await);
}

#[actix_web::test]
async fn of_many_passwords_chosen_at_once_exactly_one_counts() {
    let app = TestApp::spawn_with(|config| config.trusted_proxies = 1).await;
    let person = app.user().create().await;
    let link = app.db_password_link(&person.id);
    let browsers: Vec<_> = (0..10).map(|_| app.browser()).collect();
    let forms = join_all(browsers.iter().map(|browser| browser.get(&link))).await;
    let answers = join_all(
        browsers
            .iter()
            .zip(&forms)
            .enumerate()
            .map(|(n, (browser, form))| {
                let password = format!("{NEW_PASSWORD} {n}");
                async move {
                    browser
                        .submit(form, &[("password", &password)])
                        .await
                        .status
                }
            }),
    )
    .await;
    let chosen = answers.iter().filter(|status| **status == 303).count();
    assert_eq!(chosen, 1, "{answers:?}");
    let mut work = 0;
    for n in 0..10 {
        let answer = person.try_sign_in(&format!("{NEW_PASSWORD} {n}")).await;
        work += usize::from(answer.status == 200);
        app.advance(TimeDelta::seconds(61));
    }
    assert_eq!(work, 1);
}

#[actix_web::test]
async fn a_link_for_a_password_does_not_make_the_password_enough() {
    let app = TestApp::spawn().await;
    let person = app
        .user()
        .with_factor(countersign::mfa::Method::Totp)
        .create()
        .await;
    let link = app.db_password_link(&person.id);
    let browser = app.browser();
    let form = browser.get(&link).await;
    assert_eq!(
        browser
            .submit(&form, &[("password", NEW_PASSWORD)])
            .await
            .status,
        303
    );
    let answer = person.try_sign_in(NEW_PASSWORD).await;
    assert!(answer.text("/accessToken").starts_with("cs_lt_"));
}
