//! What every answer carries: exactly the headers that the security policy lists, whatever the answer is.

use std::collections::BTreeMap;

use reqwest::Method as Verb;
use reqwest::header::HeaderMap;
use serde_json::json;

use crate::support::{Browser, PASSWORD, TestApp};

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; font-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// What an answer is, as far as its headers depend on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Page,
    /// The answer of a page that leads elsewhere.
    Redirect,
    Json,
    File,
    /// The page that says so where a file is not: the same for everybody.
    NoFile,
}

/// The headers that an answer of this kind must have, with their values.
fn expected(kind: Kind) -> BTreeMap<&'static str, String> {
    let policy = match kind {
        Kind::Page | Kind::NoFile => PAGE_POLICY,
        Kind::Redirect | Kind::Json | Kind::File => DATA_POLICY,
    };
    let mut headers = BTreeMap::from([
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        (
            "permissions-policy",
            "publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), \
             microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
        ),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
        ("x-robots-tag", "noindex, nofollow"),
    ]);
    if matches!(kind, Kind::Page | Kind::Redirect) {
        headers.insert("vary", "Accept-Language, Cookie, Sec-Fetch-Site");
    }
    headers
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .collect()
}

/// Headers that depend on the answer and are looked at where they matter.
const FREE: [&str; 5] = [
    "content-type",
    "content-length",
    "date",
    "x-request-id",
    "set-cookie",
];

/// Compares the headers of an answer with the list; `more` are those that only this answer has.
#[track_caller]
fn check(name: &str, headers: &HeaderMap, kind: Kind, more: &[(&'static str, &str)]) {
    let mut expected = expected(kind);
    for (name, value) in more {
        expected.insert(name, (*value).to_owned());
    }
    let mut found = BTreeMap::new();
    for header in headers.keys().map(reqwest::header::HeaderName::as_str) {
        if FREE.contains(&header) {
            continue;
        }
        let values: Vec<_> = headers.get_all(header).iter().collect();
        assert_eq!(values.len(), 1, "{name}: {header} stands more than once");
        found.insert(header, values[0].to_str().unwrap().to_owned());
    }
    assert_eq!(found, expected, "{name}");
    assert!(headers.contains_key("x-request-id"), "{name}");
}

#[actix_web::test]
async fn i07_every_page_has_exactly_the_listed_headers() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    check("/", &browser.get("/").await.headers, Kind::Page, &[]);
    let (_, signed_in) = app.user().in_browser().await;
    for path in [
        "/login",
        "/login/recover",
        "/help",
        "/nowhere",
        "/welcome/x",
        "/password",
        "/password/x",
    ] {
        check(path, &browser.get(path).await.headers, Kind::Page, &[]);
    }
    for path in [
        "/security",
        "/security/password",
        "/security/address",
        "/security/address/confirm/x",
        "/security/devices",
        "/security/activity",
    ] {
        let signed_out = browser.get(path).await;
        assert_eq!(signed_out.status, 303, "{path}");
        let to = signed_out.location().to_owned();
        check(
            path,
            &signed_out.headers,
            Kind::Redirect,
            &[("location", &to)],
        );
        check(path, &signed_in.get(path).await.headers, Kind::Page, &[]);
    }
    let page = signed_in.get("/confirm").await;
    check("confirm", &page.headers, Kind::Page, &[]);
    let page = signed_in.get("/setup").await;
    check(
        "setup",
        &page.headers,
        Kind::Redirect,
        &[("location", "/security")],
    );
    let page = signed_in.get("/security/activity?page=x").await;
    assert_eq!(page.status, 400);
    check("400", &page.headers, Kind::Page, &[]);
}

#[actix_web::test]
async fn i07_forms_that_succeed_fail_or_are_refused_have_exactly_the_listed_headers() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let browser = app.browser();
    let form = browser.get("/login").await;
    let wrong = browser
        .submit(&form, &[("email", &person.email), ("password", "wrong")])
        .await;
    assert_eq!(wrong.status, 400);
    check("wrong password", &wrong.headers, Kind::Page, &[]);
    let refused = browser.post("/login", &[]).await;
    assert_eq!(refused.status, 403);
    check("stale form", &refused.headers, Kind::Page, &[]);
    let done = browser
        .submit(&form, &[("email", &person.email), ("password", PASSWORD)])
        .await;
    check(
        "signed in",
        &done.headers,
        Kind::Redirect,
        &[("location", "/security")],
    );
    let page = browser.get("/security").await;
    let (_, fields) = page.form_at("header form");
    let out = browser.post("/logout", &fields).await;
    let more = [
        ("location", "/login"),
        ("clear-site-data", "\"cache\", \"storage\""),
    ];
    check("signed out", &out.headers, Kind::Redirect, &more);
    let large = browser
        .post("/login", &[("email".to_owned(), "x".repeat(70_000))])
        .await;
    assert_eq!(large.status, 413);
    check("large form", &large.headers, Kind::Page, &[]);
    let request = browser
        .request(Verb::DELETE, "/login")
        .send()
        .await
        .unwrap();
    assert_eq!(request.status(), 405);
    check(
        "405",
        request.headers(),
        Kind::Page,
        &[("allow", "GET, HEAD, POST")],
    );
    for _ in 0..6 {
        browser
            .submit(&form, &[("email", "x@example.com"), ("password", "wrong")])
            .await;
    }
    let form = browser.get("/login").await;
    let fields = [("email", "x@example.com"), ("password", "wrong")];
    let mut last = browser.submit(&form, &fields).await;
    for _ in 0..6 {
        last = browser.submit(&form, &fields).await;
    }
    assert_eq!(last.status, 429);
    let wait = last.header("retry-after").unwrap().to_owned();
    check("429", &last.headers, Kind::Page, &[("retry-after", &wait)]);
}

#[actix_web::test]
async fn i07_json_has_exactly_the_listed_headers() {
    let app = TestApp::spawn().await;
    let (_, full) = app.user().signed_in().await;
    let stranger = app.stranger();
    let mut answers = Vec::new();
    for path in [
        "/user/profile",
        "/sessions",
        "/token",
        "/mfa/methods",
        "/openapi.json",
    ] {
        answers.push((path, full.get(path).await, vec![]));
    }
    answers.push(("health", stranger.get("/health/ready").await, vec![]));
    answers.push(("404", stranger.get("/mfa/nothing").await, vec![]));
    answers.push(("404 of an id", full.delete("/token/x").await, vec![]));
    answers.push(("400", stranger.post("/user/login", json!([])).await, vec![]));
    answers.push((
        "405",
        stranger.get("/user/login").await,
        vec![("allow", "POST")],
    ));
    let bearer = ("www-authenticate", "Bearer");
    answers.push(("401", stranger.get("/user/profile").await, vec![bearer]));
    let invalid = ("www-authenticate", "Bearer error=\"invalid_token\"");
    let dead = stranger.with_token("dead");
    answers.push((
        "401 of a token",
        dead.get("/user/profile").await,
        vec![invalid],
    ));
    let body = json!({"email": "x@example.com", "password": "x"});
    answers.push((
        "401 of a login",
        stranger.post("/user/login", body).await,
        vec![bearer],
    ));
    for (name, answer, more) in answers {
        check(name, &answer.headers, Kind::Json, &more);
        assert_eq!(
            answer.header("content-type"),
            Some("application/json"),
            "{name}"
        );
        assert_eq!(answer.header("set-cookie"), None, "{name}");
    }
}

#[actix_web::test]
async fn i07_the_status_may_be_kept_by_its_reader_and_asked_for_again() {
    let app = TestApp::spawn().await;
    let (_, full) = app.user().signed_in().await;
    let fresh = full.get("/mfa/status").await;
    let etag = fresh.header("etag").unwrap().to_owned();
    let more = [
        ("cache-control", "private, no-cache"),
        ("vary", "Authorization"),
        ("etag", etag.as_str()),
    ];
    check("200", &fresh.headers, Kind::Json, &more);
    let request = full
        .request(Verb::GET, "/mfa/status")
        .header("if-none-match", &etag);
    let unchanged = request.send().await.unwrap();
    assert_eq!(unchanged.status(), 304);
    check("304", unchanged.headers(), Kind::Json, &more);
    let refused = app.stranger().get("/mfa/status").await;
    check(
        "401",
        &refused.headers,
        Kind::Json,
        &[("www-authenticate", "Bearer")],
    );
}

#[actix_web::test]
async fn i07_only_files_whose_address_names_their_content_may_be_kept() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    let page = browser.get("/login").await;
    let mut paths = vec![
        page.attribute("link[rel=stylesheet]", "href").unwrap(),
        page.attribute("link[rel=icon]", "href").unwrap(),
    ];
    paths.push(page.attribute("script", "src").unwrap());
    let for_ever = [("cache-control", "public, max-age=31536000, immutable")];
    for path in &paths {
        let file = browser.get(path).await;
        assert_eq!(file.status, 200, "{path}");
        check(path, &file.headers, Kind::File, &for_ever);
        assert_eq!(file.header("set-cookie"), None, "{path}");
        let parts: Vec<_> = path.split('/').collect();
        let wrong = format!("/static/{}/{}", "0".repeat(16), parts[3]);
        let missing = browser.get(&wrong).await;
        assert_eq!(missing.status, 404);
        check(&wrong, &missing.headers, Kind::NoFile, &[]);
    }
    for path in ["/favicon.ico", "/robots.txt"] {
        check(path, &browser.get(path).await.headers, Kind::File, &[]);
    }
}

#[actix_web::test]
async fn i07_failures_of_the_server_itself_have_exactly_the_listed_headers() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let program = person.sign_in().await;
    app.db_hide_sessions();
    let page = browser.get("/security").await;
    assert!(page.status >= 500);
    let wait = page.header("retry-after").map(str::to_owned);
    let more: Vec<_> = wait
        .iter()
        .map(|wait| ("retry-after", wait.as_str()))
        .collect();
    check("page", &page.headers, Kind::Page, &more);
    for path in ["/mfa/status", "/sessions"] {
        let answer = program.get(path).await;
        assert!(answer.status >= 500);
        let wait = answer.header("retry-after").map(str::to_owned);
        let more: Vec<_> = wait
            .iter()
            .map(|wait| ("retry-after", wait.as_str()))
            .collect();
        check(path, &answer.headers, Kind::Json, &more);
    }
    app.db_show_sessions();
}

#[actix_web::test]
async fn i07_nothing_is_said_to_other_origins() {
    let app = TestApp::spawn().await;
    for (verb, path) in [
        (Verb::GET, "/health/live"),
        (Verb::OPTIONS, "/user/login"),
        (Verb::OPTIONS, "/login"),
        (Verb::GET, "/login"),
    ] {
        let request = app
            .stranger()
            .request(verb, path)
            .header("origin", "https://evil.test")
            .header("access-control-request-method", "POST");
        let answer = request.send().await.unwrap();
        let told = answer
            .headers()
            .keys()
            .find(|name| name.as_str().starts_with("access-control"));
        assert_eq!(told, None, "{path}");
    }
}

/// A server that is reached over https, as far as it knows.
async fn https() -> TestApp {
    TestApp::spawn_with(|config| {
        config.public_url = "https://countersign.example".parse().unwrap();
        config.rp_id = Some("countersign.example".to_owned());
    })
    .await
}

/// The session's cookie that an answer sets, and its attributes.
#[track_caller]
fn set_cookie(headers: &HeaderMap) -> (String, Vec<String>) {
    let all = headers.get_all("set-cookie").iter();
    let mut all: Vec<_> = all.map(|cookie| cookie.to_str().unwrap()).collect();
    all.retain(|cookie| !cookie.contains("countersign-device="));
    assert_eq!(all.len(), 1, "{headers:?}");
    let mut parts = all[0].split("; ").map(str::to_owned);
    (parts.next().unwrap(), parts.collect())
}

#[actix_web::test]
async fn i01_over_https_the_cookie_is_bound_to_this_very_host_and_opaque() {
    let app = https().await;
    let person = app.user().create().await;
    let browser = app.browser();
    let keep = |browser: &Browser<'_>, headers: &HeaderMap| {
        let (cookie, attributes) = set_cookie(headers);
        let (name, value) = cookie.split_once('=').unwrap();
        assert_eq!(name, "__Host-countersign");
        let mut sorted = attributes;
        sorted.sort();
        assert_eq!(sorted, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
        assert!(cookie.len() < 4_096, "{}", cookie.len());
        for readable in ["cs_ck_", "id", &person.id, &person.email] {
            assert!(readable == "id" || !value.contains(readable), "{value}");
        }
        // The client would not send a secure cookie over http.
        browser.plant(&cookie);
    };
    let form = browser.get("/login").await;
    keep(&browser, &form.headers);
    let wrong = browser
        .submit(&form, &[("email", &person.email), ("password", "wrong")])
        .await;
    assert_eq!(wrong.status, 400);
    let done = browser
        .submit(&form, &[("email", &person.email), ("password", PASSWORD)])
        .await;
    assert_eq!(done.status, 303, "{}", done.html);
    keep(&browser, &done.headers);
    let page = browser.get("/security").await;
    assert_eq!(page.status, 200);
    let out = browser
        .post("/logout", &page.form_at("header form").1)
        .await;
    assert_eq!(out.status, 303);
    keep(&browser, &out.headers);
}

#[actix_web::test]
async fn i01_over_https_browsers_are_told_to_stay_there_and_over_http_they_are_not() {
    let app = https().await;
    for path in [
        "/login",
        "/health/live",
        "/nowhere",
        "/robots.txt",
        "/security",
        "/mfa/status",
    ] {
        let answer = app.stranger().get(path).await;
        let told = answer.header("strict-transport-security");
        assert_eq!(told, Some("max-age=63072000"), "{path}");
    }
    let app = TestApp::spawn().await;
    let answer = app.stranger().get("/login").await;
    assert_eq!(answer.header("strict-transport-security"), None);
}

#[actix_web::test]
async fn over_http_on_localhost_the_cookie_is_the_same_but_for_what_cannot_work_there() {
    let app = TestApp::spawn().await;
    let (cookie, mut attributes) = set_cookie(&app.browser().get("/login").await.headers);
    assert!(cookie.starts_with("countersign="));
    attributes.sort();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax"]);
}
