//! From where somebody came, as the record has it: what a client writes about itself is not believed.

use reqwest::Method as Verb;
use serde_json::json;

use crate::support::{Answer, PASSWORD, TestApp};

/// Fails to sign in, claiming to come from elsewhere, and answers what was recorded about that.
async fn recorded_from(
    app: &TestApp,
    headers: &[(&str, &str)],
) -> (Option<String>, Option<String>) {
    let before = app.db_all_activity().len();
    let body = json!({"email": "nobody@example.com", "password": "wrong"});
    let mut request = app
        .stranger()
        .request(Verb::POST, "/user/login")
        .json(&body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    assert_eq!(request.send().await.unwrap().status(), 401);
    let entry = app.db_all_activity().remove(before);
    app.advance(chrono::TimeDelta::minutes(61));
    (entry.peer_address, entry.forwarded_for)
}

#[actix_web::test]
async fn b08_without_a_trusted_proxy_no_header_changes_the_recorded_address() {
    let app = TestApp::spawn().await;
    for headers in [
        [("x-forwarded-for", "203.0.113.1")],
        [("x-forwarded-for", "203.0.113.1, 203.0.113.2")],
        [("forwarded", "for=203.0.113.1")],
        [("x-real-ip", "203.0.113.1")],
        [("true-client-ip", "203.0.113.1")],
        [("cf-connecting-ip", "203.0.113.1")],
    ] {
        let (address, forwarded) = recorded_from(&app, &headers).await;
        assert_eq!(address.as_deref(), Some("127.0.0.1"), "{headers:?}");
        assert_eq!(forwarded, None, "{headers:?}");
    }
}

#[actix_web::test]
async fn b08_of_a_forwarded_list_only_what_the_trusted_proxies_wrote_is_believed() {
    let one = TestApp::spawn_with(|config| config.trusted_proxies = 1).await;
    let two = TestApp::spawn_with(|config| config.trusted_proxies = 2).await;
    for (list, by_one, by_two) in [
        ("203.0.113.9", "203.0.113.9", "127.0.0.1"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9", "198.51.100.1"),
        (
            "10.0.0.1, 198.51.100.1, 203.0.113.9",
            "203.0.113.9",
            "198.51.100.1",
        ),
        ("2001:db8::1", "2001:db8::1", "127.0.0.1"),
        ("unknown", "127.0.0.1", "127.0.0.1"),
        ("203.0.113.9\" OR 1=1", "127.0.0.1", "127.0.0.1"),
        ("", "127.0.0.1", "127.0.0.1"),
    ] {
        for (app, expected) in [(&one, by_one), (&two, by_two)] {
            let (address, forwarded) = recorded_from(app, &[("x-forwarded-for", list)]).await;
            assert_eq!(address.as_deref(), Some(expected), "{list}");
            assert_eq!(forwarded.as_deref(), Some(list), "{list}");
        }
    }
    for header in ["forwarded", "x-real-ip"] {
        let (address, _) = recorded_from(&one, &[(header, "203.0.113.9")]).await;
        assert_eq!(address.as_deref(), Some("127.0.0.1"), "{header}");
    }
    // Two lines are one list.
    let lines = [
        ("x-forwarded-for", "198.51.100.1"),
        ("x-forwarded-for", "203.0.113.9"),
    ];
    assert_eq!(
        recorded_from(&one, &lines).await.0.as_deref(),
        Some("203.0.113.9")
    );
}

#[actix_web::test]
async fn what_a_client_calls_itself_is_kept_short_and_on_one_line() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let body = json!({"email": person.email, "password": PASSWORD});
    let request = app
        .stranger()
        .request(Verb::POST, "/user/login")
        .header("user-agent", "x\ty".repeat(5_000))
        .json(&body);
    let answer = Answer::of(request.send().await.unwrap()).await;
    answer.ok();
    let entry = app.db_all_activity().pop().unwrap();
    assert_eq!(entry.user_agent.unwrap().chars().count(), 200);
    let program = app.stranger().with_token(&answer.text("/accessToken"));
    let sessions = program.get("/sessions").await.ok()["sessions"].clone();
    let shown = sessions[0]["userAgent"].as_str().unwrap();
    assert_eq!(shown.chars().count(), 200);
    assert!(!shown.contains('\t'));
}
