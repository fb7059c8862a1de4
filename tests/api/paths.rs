//! Requests that try to slip past the route table: other spellings, methods and headers; what is nowhere.

use std::collections::HashSet;

use countersign::mfa::Method;
use reqwest::Method as Verb;
use serde_json::json;

use crate::support::{Answer, Program, TestApp};

/// The answers that a path trick may get: nothing there, or not by this method, and never what is behind it.
async fn is_shut(caller: &Program<'_>, verb: Verb, path: &str) -> Answer {
    let answer = caller.send(verb.clone(), path, None).await;
    assert!(
        matches!(answer.status, 404 | 405),
        "{verb} {path}: {}",
        answer.status
    );
    answer
}

#[actix_web::test]
async fn k03_paths_written_otherwise_lead_nowhere() {
    let app = TestApp::spawn().await;
    let (_, limited) = app.user().with_factor(Method::Totp).signed_in().await;
    let (_, full) = app.user().signed_in().await;
    let stranger = app.stranger();
    for path in [
        "/MFA/status",
        "/mfa/status/",
        "/mfa/status;x",
        "/mfa/status%00",
        "/mfa/status.json",
        "/mfa%2Fstatus",
        "/mfa//status",
        "/user/profile/",
        "/user/profile;x=1",
        "/%75ser%2Fprofile",
        "/user/Profile/",
        "/sessions/",
        "/token/",
        "/token//",
    ] {
        for caller in [&stranger, &limited, &full] {
            is_shut(caller, Verb::GET, path).await;
        }
    }
    // A client would tidy these up before it sends them.
    for path in [
        "//mfa/status",
        "/mfa/./status",
        "/mfa/x/../status",
        "/mfa/%2e/status",
        "/mfa/%2e%2e/user/profile",
        "/static/../user/profile",
        "/user/../user/profile",
    ] {
        let token = limited.access.as_deref().unwrap();
        let wire = app
            .wire(format!(
                "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
            ))
            .await;
        assert_eq!(wire.statuses(), [404], "{path}");
        assert!(!wire.text.contains("sessionVerified"), "{path}");
    }
    // An escaped letter is the same letter, with the same authorisation.
    limited
        .get("/user/profil%65")
        .await
        .refused(403, "mfa_required");
}

#[actix_web::test]
async fn k03_other_methods_are_405_and_say_which_ones_there_are() {
    let app = TestApp::spawn().await;
    let (_, full) = app.user().signed_in().await;
    let stranger = app.stranger();
    for (verb, path, allow) in [
        (Verb::POST, "/mfa/status", "GET, HEAD"),
        (Verb::TRACE, "/mfa/status", "GET, HEAD"),
        (Verb::OPTIONS, "/user/profile", "GET, HEAD"),
        (Verb::GET, "/user/login", "POST"),
        (Verb::HEAD, "/user/login", "POST"),
        (Verb::PUT, "/user/profile", "GET, HEAD"),
        (Verb::GET, "/user/some-id", "PUT"),
        (Verb::PATCH, "/token", "GET, HEAD"),
        (Verb::GET, "/token/some-id", "DELETE"),
        (Verb::GET, "/sessions/revoke-all", "POST"),
        (Verb::GET, "/logout", "POST"),
        (Verb::DELETE, "/login", "GET, HEAD, POST"),
        (Verb::POST, "/security", "GET, HEAD"),
        (Verb::POST, "/robots.txt", "GET, HEAD"),
        (Verb::from_bytes(b"PROPFIND").unwrap(), "/", "GET, HEAD"),
    ] {
        for caller in [&stranger, &full] {
            let answer = caller.send(verb.clone(), path, None).await;
            assert_eq!(answer.status, 405, "{verb} {path}");
            assert_eq!(answer.header("allow"), Some(allow), "{verb} {path}");
        }
    }
    let refused = stranger.send(Verb::POST, "/mfa/status", None).await;
    refused.refused(405, "method_not_allowed");
}

#[actix_web::test]
async fn k03_no_header_turns_one_method_or_path_into_another() {
    let app = TestApp::spawn().await;
    let (person, full) = app.user().signed_in().await;
    let other = person.sign_in().await;
    let path = format!("/token/{}", other.session_id);
    for name in [
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
    ] {
        for verb in [Verb::GET, Verb::POST] {
            let request = full.request(verb, &path).header(name, "DELETE");
            assert_eq!(request.send().await.unwrap().status(), 405, "{name}");
        }
    }
    for name in [
        "x-original-url",
        "x-rewrite-url",
        "x-forwarded-prefix",
        "x-forwarded-path",
    ] {
        let request = app
            .stranger()
            .request(Verb::GET, "/health/live")
            .header(name, "/user/profile");
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.ok()["status"], "live", "{name}");
    }
    let body = [("_method", "DELETE")];
    let request = full.request(Verb::POST, &path).form(&body);
    assert_eq!(request.send().await.unwrap().status(), 405);
    other.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn k03_head_needs_what_get_needs_and_has_no_body() {
    let app = TestApp::spawn().await;
    let (_, full) = app.user().signed_in().await;
    let stranger = app.stranger();
    assert_eq!(
        stranger
            .send(Verb::HEAD, "/user/profile", None)
            .await
            .status,
        401
    );
    assert_eq!(
        full.send(Verb::HEAD, "/user/profile", None).await.status,
        200
    );
    for path in [
        "/help",
        "/login",
        "/health/live",
        "/nowhere",
        "/mfa/status",
        "/robots.txt",
    ] {
        let wire = app
            .wire(format!("HEAD {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
            .await;
        assert!(wire.text.ends_with("\r\n\r\n"), "{path}: {}", wire.text);
        assert_eq!(
            wire.text.matches("\r\n\r\n").count(),
            1,
            "{path}: {}",
            wire.text
        );
    }
}

#[actix_web::test]
async fn nothing_below_the_api_is_json_and_nothing_elsewhere_is_a_page() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    for path in [
        "/mfa",
        "/mfa/nothing",
        "/user",
        "/user/a/b",
        "/token/a/b",
        "/sessions/a",
        "/health/x",
    ] {
        let answer = app.stranger().get(path).await;
        answer.refused(404, "not_found");
        assert_eq!(
            answer.header("content-type"),
            Some("application/json"),
            "{path}"
        );
        assert_eq!(answer.header("set-cookie"), None, "{path}");
        let in_browser: serde_json::Value =
            serde_json::from_str(&browser.get(path).await.html).unwrap();
        assert_eq!(in_browser, answer.body, "{path}");
    }
    for path in [
        "/nothing",
        "/security/nothing",
        "/login/",
        "/Login",
        "/static/x",
        "/.well-known/x",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert_eq!(page.text("h1"), "Page not found", "{path}");
        let as_json = browser
            .request(Verb::GET, path)
            .header("accept", "application/json");
        let kind = as_json.send().await.unwrap().headers()["content-type"].clone();
        assert_eq!(kind, "text/html; charset=utf-8", "{path}");
    }
    app.stranger()
        .post("/mfa/nothing", json!({}))
        .await
        .refused(404, "not_found");
    assert_eq!(app.stranger().post("/nothing", json!({})).await.status, 404);
}

#[actix_web::test]
async fn every_answer_has_a_request_id_of_its_own() {
    let app = TestApp::spawn().await;
    let mut seen = HashSet::new();
    for path in [
        "/health/live",
        "/nowhere",
        "/mfa/status",
        "/login",
        "/robots.txt",
        "/mfa/x",
    ] {
        for _ in 0..5 {
            let request = app
                .stranger()
                .request(Verb::GET, path)
                .header("x-request-id", "mine");
            let answer = Answer::of(request.send().await.unwrap()).await;
            let id = answer.header("x-request-id").unwrap().to_owned();
            assert_eq!(id.len(), 16, "{id}");
            assert!(seen.insert(id), "{path}");
        }
    }
}
