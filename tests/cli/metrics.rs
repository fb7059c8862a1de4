//! `/metrics`: nowhere unless it is asked for, and then only there.

use std::net::TcpListener;

use serde_json::json;

use crate::support::{Outcome, PASSWORD, Place};

async fn scrape(address: &str) -> String {
    let response = reqwest::get(format!("http://{address}/metrics"))
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let kind = response.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    response.text().await.unwrap()
}

/// The value of the one line that begins so.
fn value(text: &str, beginning: &str) -> f64 {
    let mut found = text.lines().filter(|line| line.starts_with(beginning));
    let line = found
        .next()
        .unwrap_or_else(|| panic!("no {beginning} in {text}"));
    assert!(found.next().is_none(), "{beginning} is not one line");
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[actix_web::test]
async fn metrics_count_what_happens_where_they_are_bound_and_are_nowhere_else() {
    let place = Place::new();
    place.create_user("ada@example.com", &[]);
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let address = format!("127.0.0.1:{port}");
    let server = place.serve_with(|command| {
        command.env("COUNTERSIGN_METRICS_BIND", &address);
    });
    let (token, _) = server.sign_in("ada@example.com").await;
    let wrong = json!({"email": "ada@example.com", "password": "not the password at all"});
    assert_eq!(server.call("POST", "/user/login", "", wrong).await.0, 401);
    for _ in 0..3 {
        assert_eq!(
            server
                .call("GET", "/mfa/status", &token, json!(null))
                .await
                .0,
            200
        );
    }
    assert_eq!(
        server
            .call("BREW", "/no-such-secret", "", json!(null))
            .await
            .0,
        404
    );
    assert_eq!(
        server.get("/metrics").await,
        404,
        "the public listener answers it"
    );

    let text = scrape(&address).await;
    let requests = |method: &str, route: &str, status: u16| {
        format!(
            "countersign_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}"
        )
    };
    assert_eq!(value(&text, &requests("GET", "/mfa/status", 200)), 3.0);
    assert_eq!(value(&text, &requests("POST", "/user/login", 401)), 1.0);
    assert_eq!(
        value(
            &text,
            "countersign_events_total{event=\"authn_login_success\"}"
        ),
        1.0
    );
    assert_eq!(
        value(
            &text,
            "countersign_events_total{event=\"authn_login_fail\"}"
        ),
        1.0
    );
    let count = "countersign_http_request_duration_seconds_count{route=\"/mfa/status\"}";
    assert_eq!(value(&text, count), 3.0);
    assert!(value(&text, "countersign_resident_memory_bytes ") > 1e6);
    assert!(value(&text, "countersign_open_files ") > 3.0);
    assert!(value(&text, "countersign_mails_waiting ") >= 0.0);
    for secret in ["ada", PASSWORD, token.as_str(), "no-such-secret", "BREW"] {
        assert!(!text.contains(secret), "{secret} is in the metrics");
    }
    let elsewhere = reqwest::get(format!("http://{address}/mfa/status"))
        .await
        .unwrap();
    assert_eq!(elsewhere.status(), 404);

    server.signal("TERM");
    assert_eq!(server.wait(std::time::Duration::from_secs(10)), Some(0));
}

#[test]
fn a_port_for_metrics_that_is_taken_names_its_setting() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = place.command(&["serve"]);
    command
        .env("COUNTERSIGN_BIND", "127.0.0.1:0")
        .env("COUNTERSIGN_PUBLIC_URL", "http://localhost:8080")
        .env(
            "COUNTERSIGN_METRICS_BIND",
            taken.local_addr().unwrap().to_string(),
        )
        .env("RUST_LOG", "error");
    let outcome = Outcome::of(command);
    assert!(
        outcome.failed().starts_with("COUNTERSIGN_METRICS_BIND: "),
        "{outcome:?}"
    );
    assert_eq!(outcome.stdout, "");
}
