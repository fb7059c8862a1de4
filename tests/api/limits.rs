//! Too much of everything, too slowly, and requests that two readers would take for different ones.

use std::time::{Duration, Instant};

use crate::support::{TestApp, Wire};

/// The head of a sign-in over the wire, without its end.
fn head(more: &str) -> String {
    format!(
        "POST /user/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}"
    )
}

#[actix_web::test]
async fn k02_a_body_over_64_kib_is_413_however_it_is_sent() {
    let app = TestApp::spawn().await;
    let largest = format!("{{\"email\":\"{}\"}}", "a".repeat(64 * 1024 - 12));
    assert_eq!(largest.len(), 64 * 1024);
    let length = |body: &str| format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let fits = app.wire(head(&length(&largest))).await;
    assert_eq!(fits.statuses(), [400], "{:.300}", fits.text);
    let over = format!("{largest} ");
    let refused = app.wire(head(&length(&over))).await;
    assert_eq!(refused.statuses(), [413], "{:.300}", refused.text);
    assert!(refused.text.contains("payload_too_large"));
    let chunked = format!(
        "Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{over}\r\n0\r\n\r\n",
        over.len()
    );
    assert_eq!(app.wire(head(&chunked)).await.statuses(), [413]);
    // Said to be enormous: refused without waiting for it.
    let wire = app.wire(head("Content-Length: 99999999999\r\n\r\n{")).await;
    assert!(
        wire.statuses()
            .iter()
            .all(|status| matches!(status, 400 | 413)),
        "{}",
        wire.text
    );
    let page = app
        .wire(format!(
            "POST /login HTTP/1.1\r\nHost: localhost\r\n{}",
            length(&over)
        ))
        .await;
    assert_eq!(page.statuses(), [413]);
}

#[actix_web::test]
async fn k02_too_many_or_too_long_headers_and_addresses_are_refused_and_the_connection_closed() {
    let app = TestApp::spawn().await;
    let get = |path: &str, headers: &str| {
        app.wire(format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"
        ))
    };
    assert_eq!(
        get("/health/live", &"X-A: b\r\n".repeat(90))
            .await
            .statuses(),
        [200]
    );
    let refused = |wire: Wire, allowed: &[u16], what: &str| {
        let statuses = wire.statuses();
        assert!(
            statuses.is_empty() || (statuses.len() == 1 && allowed.contains(&statuses[0])),
            "{what}: {statuses:?}"
        );
    };
    refused(
        get("/health/live", &"X-A: b\r\n".repeat(97)).await,
        &[400, 431],
        "97 headers",
    );
    let long = format!("X-Long: {}\r\n", "a".repeat(130 * 1024));
    refused(
        get("/health/live", &long).await,
        &[400, 431],
        "a long header",
    );
    let path = format!("/health/live?{}", "a".repeat(9 * 1024));
    let wire = get(&path, "").await;
    assert!(
        wire.statuses().iter().all(|status| *status < 500),
        "{}",
        wire.text
    );
    let path = format!("/{}", "a".repeat(70_000));
    refused(get(&path, "").await, &[400, 404, 414], "a long address");
    app.stranger().get("/health/live").await.ok();
}

/// A request that must not be read as part of another one's body, or after it.
const HIDDEN: &str = "GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[actix_web::test]
async fn k10_a_request_whose_length_is_doubtful_gets_at_most_one_answer() {
    let app = TestApp::spawn().await;
    let chunk = "0\r\n\r\n";
    for (name, more) in [
        (
            "both lengths",
            format!("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}{HIDDEN}"),
        ),
        (
            "both, the other way",
            format!("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n{chunk}{HIDDEN}"),
        ),
        (
            "two lengths",
            format!(
                "Content-Length: 0\r\nContent-Length: {}\r\n\r\n{HIDDEN}",
                HIDDEN.len()
            ),
        ),
        (
            "two equal lengths",
            format!("Content-Length: 2\r\nContent-Length: 2\r\n\r\n{{}}{HIDDEN}"),
        ),
        (
            "a list of lengths",
            format!("Content-Length: 0, {}\r\n\r\n{HIDDEN}", HIDDEN.len()),
        ),
        (
            "a signed length",
            format!("Content-Length: +2\r\n\r\n{{}}{HIDDEN}"),
        ),
        (
            "a negative length",
            format!("Content-Length: -1\r\n\r\n{HIDDEN}"),
        ),
        (
            "a length in hex",
            format!("Content-Length: 0x2\r\n\r\n{{}}{HIDDEN}"),
        ),
        (
            "an unknown coding",
            format!("Transfer-Encoding: xchunked\r\n\r\n{chunk}{HIDDEN}"),
        ),
        (
            "chunked not last",
            format!("Transfer-Encoding: chunked, identity\r\n\r\n{chunk}{HIDDEN}"),
        ),
        (
            "chunked twice",
            format!(
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n{chunk}{HIDDEN}"
            ),
        ),
        (
            "a bad chunk",
            format!("Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n{HIDDEN}"),
        ),
        (
            "a chunk without its end",
            format!("Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}X\r\n0\r\n\r\n{HIDDEN}"),
        ),
        (
            "a folded header",
            format!("X-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n{HIDDEN}"),
        ),
        (
            "a space before the colon",
            format!("Content-Length : 0\r\n\r\n{HIDDEN}"),
        ),
        (
            "a space before the name",
            format!(" Content-Length: 0\r\n\r\n{HIDDEN}"),
        ),
        (
            "a bare carriage return",
            format!("X-A: b\rContent-Length: 0\r\n\r\n{HIDDEN}"),
        ),
        (
            "NUL in a header",
            format!("X-A: \0\r\nContent-Length: 0\r\n\r\n{HIDDEN}"),
        ),
    ] {
        let wire = app.wire(head(&more)).await;
        let statuses = wire.statuses();
        assert!(statuses.len() <= 1, "{name}: {statuses:?}\n{}", wire.text);
        assert!(
            statuses.iter().all(|status| *status == 400),
            "{name}: {statuses:?}"
        );
        assert!(!wire.text.contains("User-agent"), "{name}");
    }
    app.stranger().get("/health/live").await.ok();
}

#[actix_web::test]
async fn k10_requests_one_after_the_other_get_one_answer_each() {
    let app = TestApp::spawn().await;
    let body = "{\"email\":\"a@example.com\"}";
    let post = head(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    let wire = app.wire(format!("{post}{HIDDEN}{post}")).await;
    assert_eq!(wire.statuses(), [400, 200, 400]);
    let chunked = head(&format!(
        "Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n{HIDDEN}",
        body.len()
    ));
    assert_eq!(app.wire(chunked).await.statuses(), [400, 200]);
    // httparse takes a bare line feed for an end of line: one answer all the same.
    let bare = app
        .wire("GET /robots.txt HTTP/1.1\nHost: localhost\n\n")
        .await;
    assert!(bare.statuses().len() <= 1, "{}", bare.text);
    // What is left of a body that was refused is not a request.
    let inside = HIDDEN.repeat(2_000);
    let refused = head(&format!("Content-Length: {}\r\n\r\n{inside}", inside.len()));
    let wire = app.wire(&refused).await;
    assert_eq!(wire.statuses(), [413], "{:.400}", wire.text);
    // Nor is a body that nobody reads.
    let unread = format!(
        "GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{HIDDEN}",
        HIDDEN.len()
    );
    let wire = app.wire(unread).await;
    assert_eq!(wire.statuses(), [200], "{}", wire.text);
}

#[actix_web::test]
async fn k10_endless_chunk_extensions_and_trailers_end_the_connection() {
    let app = TestApp::spawn().await;
    let extension = "x".repeat(1024 * 1024);
    for more in [
        format!("Transfer-Encoding: chunked\r\n\r\n2;{extension}\r\n{{}}\r\n0\r\n\r\n"),
        format!("Transfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: {extension}\r\n\r\n"),
    ] {
        let started = Instant::now();
        let wire = app.wire(head(&more)).await;
        assert!(wire.statuses().len() <= 1, "{:.300}", wire.text);
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    app.stranger().get("/health/live").await.ok();
}

#[actix_web::test]
async fn a_body_that_does_not_arrive_is_given_up_after_ten_seconds_and_said_to_be_late() {
    let app = TestApp::spawn().await;
    let started = Instant::now();
    let wire = app
        .wire_left_open(head("Content-Length: 100\r\n\r\n{"))
        .await;
    assert_eq!(wire.statuses(), [408], "{}", wire.text);
    assert!(wire.text.contains("request_timeout"), "{}", wire.text);
    let waited = started.elapsed().as_secs();
    assert!((9..=15).contains(&waited), "{waited}");
}
