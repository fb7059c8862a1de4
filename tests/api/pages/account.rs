//! `/security` and what hangs on it: password, devices, activity.

use chrono::TimeDelta;
use countersign::mfa::Method;
use reqwest::Method as Verb;
use serde_json::json;

use super::second_factor::{self, press};
use crate::support::{Browser, PASSWORD, TestApp};

#[actix_web::test]
async fn se_1_se_2_the_page_has_its_sections_in_order_each_with_a_stable_address() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let page = browser.get("/security").await;
    assert_eq!(page.texts("h1"), ["Security"]);
    let titles = page.texts("main section > * h2");
    assert_eq!(
        titles,
        [
            "Passkeys",
            "Authenticator app",
            "Email link",
            "Backup codes",
            "Password",
            "Email address",
            "Language",
            "Signed-in devices",
            "Recent security activity"
        ]
    );
    for id in [
        "passkeys", "app", "email", "codes", "password", "address", "language", "devices",
        "activity",
    ] {
        assert_eq!(page.texts(&format!("section#{id}")).len(), 1, "{id}");
        let labelled = page.attribute(&format!("section#{id}"), "aria-labelledby");
        assert_eq!(
            page.texts(&format!("#{}", labelled.unwrap())).len(),
            1,
            "{id}"
        );
        assert_eq!(
            page.texts(&format!("nav.sections a[href='#{id}']")).len(),
            1,
            "{id}"
        );
    }
    assert_eq!(page.text("main .badge"), "Off");
    assert_eq!(
        page.text("main .lead"),
        "Your account is protected by a password only."
    );
    assert_eq!(page.text("#passkeys .badge"), "Recommended");
    assert_eq!(
        page.text("#passkeys a[href='/security/passkeys/add']"),
        "Add passkey"
    );
}

#[actix_web::test]
async fn st_2_an_announced_requirement_is_said_with_its_date() {
    let app = TestApp::spawn().await;
    let person = app
        .user()
        .in_organization("Analytical Engines")
        .create()
        .await;
    let id = person.organization_id.as_deref().unwrap();
    let from = app.app.clock.now() + TimeDelta::days(10);
    app.db_require_mfa(id, Some(from), &Method::ALL);
    let browser = person.browser().await;
    let page = browser.get("/security").await;
    let day = from.format("%-d").to_string();
    let badge = page.text("main .badge");
    assert!(badge.starts_with(&format!("Set up by {day} ")), "{badge}");
    let notice = page.text("main .notice");
    assert!(
        notice.starts_with("Analytical Engines requires MFA from "),
        "{notice}"
    );
}

#[actix_web::test]
async fn se_1_se_2_which_method_comes_first_is_a_section_once_there_is_one() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    second_factor::set_up(&browser).await;
    let page = browser.get("/security").await;
    assert_eq!(page.texts("section#primary h2"), ["Primary method"]);
    assert_eq!(page.texts("nav.sections a[href='#primary']").len(), 1);
}

/// The names of the devices on the page, badge included.
async fn devices(browser: &Browser<'_>) -> Vec<String> {
    browser.get("/security").await.texts("#devices li h3")
}

#[actix_web::test]
async fn dv_1_dv_2_this_device_comes_first_and_unknown_ones_say_what_they_call_themselves() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let login = json!({"email": person.email, "password": PASSWORD});
    let request = app
        .stranger()
        .request(Verb::POST, "/user/login")
        .header("user-agent", "backup-script/1.0")
        .json(&login);
    assert_eq!(request.send().await.unwrap().status(), 200);
    let browser = person.browser().await;
    let later = person.browser().await;
    assert_eq!(devices(&later).await.len(), 3);
    let of_later = app.db_session_ids(&person.id)[0].clone();
    app.db_execute(&format!(
        "UPDATE sessions SET user_agent = 'Obscure/0.1 <b>' WHERE id = '{of_later}'"
    ));
    let page = browser.get("/security").await;
    let names = page.texts("#devices li h3");
    assert_eq!(names[0], "Chrome on Linux This device");
    assert!(
        names[1..].iter().all(|name| !name.contains("This device")),
        "{names:?}"
    );
    assert!(names.contains(&"App or script".to_owned()), "{names:?}");
    assert!(names.contains(&"Unknown browser".to_owned()), "{names:?}");
    let raw = page.texts("#devices details code");
    for agent in ["backup-script/1.0", "Obscure/0.1 <b>"] {
        assert!(raw.contains(&agent.to_owned()), "{raw:?}");
    }
    // The one that looks cannot sign itself out here.
    let first = page.texts("#devices li:first-child form, #devices li:first-child .actions a");
    assert!(first.is_empty(), "{first:?}");
    for text in page.texts("#devices time") {
        assert!(text.ends_with(" UTC"), "{text}");
    }
}

#[actix_web::test]
async fn dv_3_a_device_that_is_signed_out_feels_it_on_its_very_next_request() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let other = person.browser().await;
    let program = person.sign_in().await;
    assert_eq!(other.get("/security").await.status, 200);
    let page = browser.get("/security/devices").await;
    assert_eq!(page.text("h1"), "Sign out 2 other devices?");
    let done = browser.submit(&page, &[]).await;
    assert_eq!((done.status, done.location()), (303, "/security"));
    let said = browser.get("/security").await.text("main [role=status]");
    assert_eq!(said, "2 other devices are signed out.");
    assert!(
        other
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
    program
        .get("/user/profile")
        .await
        .refused(401, "unauthenticated");
    assert_eq!(devices(&browser).await.len(), 1);
    let none = browser.get("/security/devices").await;
    assert_eq!(none.text("h1"), "No other devices");
    assert!(none.texts("main form").is_empty());
}

#[actix_web::test]
async fn dv_3_somebody_elses_device_cannot_be_signed_out_and_is_not_told_from_none() {
    let app = TestApp::spawn().await;
    let (_, theirs) = app.user().signed_in().await;
    let (_, browser) = app.user().in_browser().await;
    let token = browser.get("/security").await.form_at("form").1[0]
        .1
        .clone();
    let mut answers = Vec::new();
    for session in [theirs.session_id.as_str(), "nothing"] {
        let fields = [("csrf", token.as_str()), ("session", session)];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let page = browser.post("/security/devices", &fields).await;
        answers.push((page.status, page.location().to_owned(), page.html.clone()));
        let page = browser
            .get(&format!("/security/devices?session={session}"))
            .await;
        answers.push((page.status, page.location().to_owned(), page.html.clone()));
    }
    assert_eq!(answers[..2], answers[2..]);
    theirs.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn dv_4_a_password_change_signs_the_others_out_and_says_so_beforehand() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let other = person.browser().await;
    let form = browser.get("/security/password").await;
    let consequence = form.text(".consequence");
    assert!(consequence.starts_with("All other devices are signed out when you save."));
    let fields = [
        ("current_password", PASSWORD),
        ("password", "an entirely different sentence"),
    ];
    assert_eq!(browser.submit(&form, &fields).await.location(), "/security");
    let page = browser.get("/security").await;
    let said = page.text("main [role=status]");
    assert_eq!(said, "Password changed. All other devices are signed out.");
    assert!(page.text("#password .purpose").starts_with("Last changed "));
    assert!(
        other
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
}

#[actix_web::test]
async fn dv_4_turning_it_on_signs_the_others_out_and_says_so_beforehand() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    second_factor::set_up(&browser).await;
    let off = browser.get("/security/mfa/off").await;
    press(&browser, &off, "/security/mfa/off").await;
    let other = person.browser().await;
    assert_eq!(other.get("/security").await.status, 200);
    let page = browser.get("/security").await;
    let hints = page.texts(".page-head .hint");
    let said = "Turning it on signs out all other devices. This one stays signed in.";
    assert!(hints.contains(&said.to_owned()), "{hints:?}");
    let done = press(&browser, &page, "/security/mfa/on").await;
    assert_eq!(done.location(), "/security");
    let gone = other.get("/security").await;
    assert!(gone.location().starts_with("/login"), "{}", gone.location());
    assert_eq!(browser.get("/security").await.status, 200);
}

#[actix_web::test]
async fn ac_1_ac_2_the_activity_lists_failures_too_and_no_secret() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let wrong = "not the password at all";
    person
        .try_sign_in(wrong)
        .await
        .refused(401, "invalid_credentials");
    let program = person.sign_in().await;
    let browser = person.browser().await;
    let link = app.db_password_link(&person.id);
    for path in ["/security", "/security/activity"] {
        let page = browser.get(path).await;
        let rows = page.texts("table.events tbody th");
        assert_eq!(
            rows,
            [
                "One-time password link issued",
                "Signed in with password",
                "New device: a mail was sent about it",
                "Signed in with password",
                "Sign-in failed: wrong password",
                "Account created",
            ],
            "{path}"
        );
        assert_eq!(page.texts("table.events caption").len(), 1);
        let token = link.rsplit('/').next().unwrap();
        for secret in [
            wrong,
            PASSWORD,
            token,
            program.access.as_deref().unwrap(),
            program.refresh_token(),
        ] {
            assert!(!page.html.contains(secret), "{path}");
        }
    }
}

#[actix_web::test]
async fn ac_3_a_device_that_was_signed_out_is_still_named() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    person.browser().await;
    let other = app.db_session_ids(&person.id)[0].clone();
    let page = browser
        .get(&format!("/security/devices?session={other}"))
        .await;
    browser.submit(&page, &[]).await;
    let page = browser.get("/security").await;
    assert_eq!(
        page.text("main [role=status]"),
        "Chrome on Linux is signed out."
    );
    assert_eq!(
        page.text("table.events tbody th"),
        "Chrome on Linux signed out"
    );
}

#[actix_web::test]
async fn the_activity_has_pages_of_fifty() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let id = person.id.clone();
    app.db(|conn| {
        use countersign::activity::{Door, Entry, Event, Origin, record};
        let user = countersign::db::users::find(conn, &id).unwrap().unwrap();
        let (keys, now) = (&app.app.keys, app.app.clock.now());
        countersign::db::write(conn, |conn| {
            for _ in 0..60 {
                let entry = Entry::success(Event::ProfileChanged).of(&user);
                record(conn, keys, &Origin::local(Door::Cli), entry, now)?;
            }
            Ok::<_, diesel::result::Error>(())
        })
        .unwrap();
    });
    let rows = |page: &crate::support::Page| page.texts("table.events tbody tr").len();
    assert_eq!(rows(&browser.get("/security").await), 20);
    let first = browser.get("/security/activity").await;
    assert_eq!(rows(&first), 50);
    let older = first.attribute("a[rel=next]", "href").unwrap();
    assert!(first.texts("a[rel=prev]").is_empty());
    let second = browser.get(&older).await;
    assert_eq!(rows(&second), 12);
    assert!(second.texts("a[rel=next]").is_empty());
    assert_eq!(
        second.attribute("a[rel=prev]", "href").as_deref(),
        Some("/security/activity?page=1")
    );
    for beyond in ["3", "4294967295", "0"] {
        let page = browser
            .get(&format!("/security/activity?page={beyond}"))
            .await;
        assert_eq!(page.status, 200, "{beyond}");
    }
    for nonsense in ["-1", "x", "99999999999999999999", "1.5"] {
        let page = browser
            .get(&format!("/security/activity?page={nonsense}"))
            .await;
        assert_eq!(page.status, 400, "{nonsense}");
        assert_eq!(page.text("h1"), "This request could not be read");
    }
}

#[actix_web::test]
async fn nobody_sees_what_happened_to_somebody_else() {
    let app = TestApp::spawn().await;
    let (person, _) = app.user().signed_in().await;
    person
        .try_sign_in("wrong")
        .await
        .refused(401, "invalid_credentials");
    let (_, browser) = app.user().in_browser().await;
    let rows = browser
        .get("/security/activity")
        .await
        .texts("table.events tbody th");
    assert_eq!(rows, ["Signed in with password", "Account created"]);
}
