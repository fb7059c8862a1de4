//! What holds for every page: looking changes nothing, what people typed is only text, failures say little.

use countersign::mfa::Method;
use countersign::web::{Face, ROUTES, Who};
use reqwest::Method as Verb;
use serde_json::json;

use crate::support::{Browser, PASSWORD, Page, TestApp};

/// Every address of a page, with something in place of its parameters.
fn pages() -> Vec<String> {
    ROUTES
        .iter()
        .filter(|row| row.face != Face::Api && row.method == actix_web::http::Method::GET)
        .map(|row| {
            let path = row.path.replace("{token}", "cs_ln_x");
            path.replace("{hash}", "0000000000000000")
                .replace("{name}", "app.css")
        })
        .chain(["/nowhere".to_owned(), "/mfa/nowhere".to_owned()])
        .collect()
}

#[actix_web::test]
async fn i06_looking_at_pages_changes_nothing() {
    let app = TestApp::spawn().await;
    let (person, full) = app.user().in_browser().await;
    let (_, gated) = {
        let person = app.user().create().await;
        app.db_change_user(&person.id, |user| user.mfa_required = true);
        let browser = person.browser().await;
        (person, browser)
    };
    let owing = app.user().with_factor(Method::Totp).create().await;
    let owing = owing.browser().await;
    let link = app.db_password_link(&person.id);
    let before = app.db_state();
    for browser in [&full, &gated, &owing, &app.browser()] {
        for path in pages().iter().chain([&link]) {
            browser.get(path).await;
            let request = browser.request(Verb::HEAD, path);
            assert!(
                request.send().await.unwrap().status().as_u16() < 500,
                "{path}"
            );
        }
        for path in [
            "/security/devices?session=others",
            "/security/activity?page=2",
            "/logout",
        ] {
            browser.get(path).await;
        }
    }
    assert_eq!(app.db_state(), before);
}

/// Every page that a signed-in browser sees, and the start of every one that it does not.
async fn all_seen(browser: &Browser<'_>) -> Vec<Page> {
    let mut seen = Vec::new();
    for path in pages() {
        let page = browser.get(&path).await;
        if page
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
        {
            seen.push(page);
        }
    }
    seen
}

#[actix_web::test]
async fn fr_4_fr_5_every_page_has_the_frame_and_no_form_is_checked_by_the_browser() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let mut seen = all_seen(&browser).await;
    seen.extend(all_seen(&app.browser()).await);
    assert!(seen.len() > 12, "{}", seen.len());
    for page in seen {
        let at = &page.path;
        assert_eq!(page.texts("h1").len(), 1, "{at}");
        assert!(page.text("title").ends_with(" - Countersign"), "{at}");
        assert_eq!(
            page.attribute("html", "lang").as_deref(),
            Some("en"),
            "{at}"
        );
        assert_eq!(page.texts("a.skip[href='#main']").len(), 1, "{at}");
        assert_eq!(page.texts("main#main").len(), 1, "{at}");
        assert_eq!(page.texts("footer a[href='/help']").len(), 1, "{at}");
        let forms = page.texts("form").len();
        assert_eq!(
            page.texts("form[novalidate][method=post]").len(),
            forms,
            "{at}"
        );
        assert_eq!(page.texts("form > [name=csrf]").len(), forms, "{at}");
        for unwanted in [
            "[style]",
            "style",
            "[onclick]",
            "[required]",
            "[pattern]",
            "iframe",
            "base",
        ] {
            assert!(page.texts(unwanted).is_empty(), "{at}: {unwanted}");
        }
        let scripts = page.texts("script").len();
        assert_eq!(
            page.texts("script[src^='/static/'][defer]").len(),
            scripts,
            "{at}"
        );
        assert_eq!(page.header("cache-control"), Some("no-store"), "{at}");
        assert!(page.html.len() < 30_000, "{at}: {}", page.html.len());
    }
}

/// Names as nobody has them.
const HOSTILE: [&str; 5] = [
    "\"><script>alert(1)</script>",
    "{{7*7}}${7*7}<%=7*7%>",
    "\u{202e}\u{2066}evil",
    "' onfocus=alert(1) autofocus x='",
    "</title><img src=x onerror=alert(1)>&lt;",
];

#[track_caller]
fn is_only_text(page: &Page, typed: &str) {
    let what = format!("{}: {typed:?} {}", page.path, page.html);
    assert!(!page.html.contains("<script>"), "{what}");
    assert!(!page.html.contains("<img"), "{what}");
    assert!(!page.html.contains(">49"), "{what}");
    assert!(page.texts("[onfocus], [onerror]").is_empty(), "{what}");
    assert!(
        page.texts("title").len() == 1 && page.texts("h1").len() == 1,
        "{what}"
    );
}

#[actix_web::test]
async fn i10_names_and_programs_are_only_text_wherever_they_are_shown() {
    for typed in HOSTILE {
        let app = TestApp::spawn().await;
        let browser = app.browser();
        let form = browser.get(&app.db_first_owner_link()).await;
        let fields = [
            ("organization", typed),
            ("first_name", typed),
            ("last_name", typed),
            ("email", "{{7*7}}'&=*/@example.com"),
            ("password", "short"),
        ];
        let again = browser.submit(&form, &fields).await;
        assert_eq!(again.status, 400);
        is_only_text(&again, typed);
        for name in ["organization", "first_name", "last_name"] {
            let shown = again.attribute(&format!("#{name}"), "value");
            assert_eq!(shown.as_deref(), Some(typed), "{name}");
        }
        let done = browser
            .submit(
                &again,
                &[fields.as_slice(), &[("password", PASSWORD)]].concat(),
            )
            .await;
        assert_eq!(done.status, 303, "{}", done.html);
        let page = browser.get("/security").await;
        is_only_text(&page, typed);
        assert_eq!(page.text("header .who"), "{{7*7}}'&=*/@example.com");
        assert!(page.text("main [role=status]").starts_with(typed));

        let login = json!({"email": "{{7*7}}'&=*/@example.com", "password": PASSWORD});
        let request = app
            .stranger()
            .request(Verb::POST, "/user/login")
            .header("user-agent", typed.as_bytes())
            .json(&login);
        assert_eq!(request.send().await.unwrap().status(), 200);
        let page = browser.get("/security").await;
        is_only_text(&page, typed);
        assert_eq!(page.text("#devices details code"), typed);

        let id = page
            .attribute("main", "data-organization")
            .unwrap_or_default();
        assert_eq!(id, "");
        app.db_execute("UPDATE organizations SET mfa_requirement = 'required', mfa_enforce_from = '2020-01-01 00:00:00'");
        app.db_execute("UPDATE users SET joined_at = '2020-01-01 00:00:00'");
        let gate = browser.get("/setup").await;
        is_only_text(&gate, typed);
        assert!(gate.text(".lead").starts_with(typed), "{}", gate.html);
    }
}

#[actix_web::test]
async fn i10_what_was_typed_into_an_address_or_a_form_comes_back_as_text() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    for typed in HOSTILE {
        let form = browser.get("/login").await;
        let fields = [("email", typed), ("password", typed), ("return_to", typed)];
        let page = browser.submit(&form, &fields).await;
        assert_eq!(page.status, 400);
        is_only_text(&page, typed);
        assert_eq!(page.attribute("#email", "value").as_deref(), Some(typed));
        assert_eq!(
            page.attribute("[name=return_to]", "value").as_deref(),
            Some("")
        );
        for path in [
            "/login?return_to=",
            "/welcome/",
            "/password/",
            "/",
            "/security/activity?page=",
        ] {
            let request = browser.request(Verb::GET, &format!("{path}{typed}"));
            let response = request.send().await.unwrap();
            let page = Page {
                path: path.to_owned(),
                status: response.status().as_u16(),
                headers: response.headers().clone(),
                html: response.text().await.unwrap(),
            };
            assert!(page.status < 500);
            if page.status != 303 {
                is_only_text(&page, typed);
            }
        }
    }
}

/// What no answer to somebody outside may hold.
const INSIDE: [&str; 12] = [
    "sessions_hidden",
    "session_tokens",
    "no such table",
    "does not exist",
    "SELECT",
    "sqlite",
    "SQLite",
    "postgres",
    "diesel",
    "panicked",
    ".rs",
    "/src/",
];

#[actix_web::test]
async fn k04_a_failure_of_ours_says_that_it_is_ours_with_a_reference_and_nothing_else() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let program = person.sign_in().await;
    let login = app.browser();
    let form = login.get("/login").await;
    app.db_hide_sessions();
    for row in ROUTES
        .iter()
        .filter(|row| row.face == Face::Page && row.who != Who::Anyone)
    {
        let page = if row.method == actix_web::http::Method::GET {
            browser.get(row.path).await
        } else {
            browser.post(row.path, &[]).await
        };
        assert!(
            matches!(page.status, 500 | 503),
            "{}: {}",
            row.path,
            page.status
        );
        let title = page.text("h1");
        let known = [
            "There is a problem with the service",
            "The service is not available right now",
        ];
        assert!(known.contains(&title.as_str()), "{title}");
        let id = page.header("x-request-id").unwrap();
        assert_eq!(page.text("main code"), id, "{}", row.path);
        for leak in INSIDE {
            assert!(!page.html.contains(leak), "{}: {leak}", row.path);
        }
        assert!(!page.html.contains(&person.email));
    }
    let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
    let page = login.submit(&form, &fields).await;
    assert!(page.status >= 500);
    for path in [
        "/user/profile",
        "/sessions",
        "/token",
        "/mfa/status",
        "/mfa/methods",
    ] {
        let answer = program.get(path).await;
        assert!(answer.status >= 500, "{path}");
        for leak in INSIDE {
            assert!(!answer.body.to_string().contains(leak), "{path}: {leak}");
        }
        assert!(answer.header("retry-after").is_some(), "{path}");
    }
    // What needs no session is still there, and so is the process.
    for path in ["/help", "/login", "/login/recover", "/robots.txt"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    app.stranger().get("/health/live").await.ok();
    app.db_show_sessions();
    assert_eq!(browser.get("/security").await.status, 200);
    program.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn k04_every_error_page_has_its_own_words() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    for (page, status, title) in [
        (browser.get("/nowhere").await, 404, "Page not found"),
        (
            browser.get("/logout").await,
            405,
            "This address can't be opened that way",
        ),
        (
            browser.get("/security/activity?page=x").await,
            400,
            "This request could not be read",
        ),
        (
            browser.get("/welcome/x").await,
            410,
            "This link no longer works",
        ),
        (
            browser
                .post("/login", &[("email".to_owned(), "x".repeat(70_000))])
                .await,
            413,
            "That was too much text",
        ),
    ] {
        assert_eq!(page.status, status, "{title}");
        assert_eq!(page.text("h1"), title);
        assert_eq!(page.text("title"), format!("{title} - Countersign"));
        assert!(
            page.texts("main code").is_empty() || status == 410,
            "{title}"
        );
    }
}
