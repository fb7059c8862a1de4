//! R15: requests that are too large, too deep or too well compressed are refused at once and leave nothing behind.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use crate::process::resident;
use crate::scale::{at_most, millis, scaled};
use crate::support::{Place, Server};

/// Sends a login with this body, however much of it is taken; answers the status and how long it took.
fn post(server: &Server, more: &str, body: &[u8]) -> (u16, Duration) {
    let address = server.origin.replace("http://localhost", "127.0.0.1");
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let since = Instant::now();
    let length = body.len();
    let head = format!(
        "POST /user/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The server may hang up in the middle, having heard enough.
    let _ = stream.write_all(body);
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    let status = std::str::from_utf8(&answer[9..]).unwrap().parse().unwrap();
    (status, since.elapsed())
}

#[actix_web::test]
async fn r15_what_is_too_large_is_refused_at_once_and_leaves_nothing_behind() {
    let place = Place::new();
    let server = place.serve();
    let padded = |length: usize| {
        let mut body = br#"{"email":"ada@example.com","password":""#.to_vec();
        body.resize(length - 2, b'x');
        body.extend(br#""}"#);
        body
    };
    let deep = [
        b"{\"email\":".as_slice(),
        &b"[".repeat(10_000),
        &b"]".repeat(10_000),
        b"}",
    ]
    .concat();
    // A megabyte of zeros, as gzip packs it a thousandfold; nobody unpacks it.
    let bomb = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xec\xc1\x01\x0d\x00\x00\x00\xc2\xa0\xf7Om\x0f\x07\x14".repeat(500);
    let cases: [(&str, &str, Vec<u8>, u16); 5] = [
        ("64 KiB and a byte", "", padded(64 * 1_024 + 1), 413),
        ("10 MB", "", padded(10_000_000), 413),
        ("10,000 deep", "", deep, 400),
        ("gzip", "Content-Encoding: gzip\r\n", bomb, 400),
        ("too long a password", "", padded(2_000), 401),
    ];
    // The first of each kind may need buffers that are kept.
    let mut before = 0;
    let mut slowest = Duration::ZERO;
    for round in 0..scaled(4, 100) {
        for (name, more, body, expected) in &cases {
            let (status, took) = post(&server, more, body);
            let is_refused =
                status == *expected || (*expected == 401 && [400, 401, 429].contains(&status));
            assert!(is_refused, "{name}: {status}");
            if round > 0 && *expected != 401 {
                slowest = slowest.max(took);
            }
        }
        if round == 0 {
            before = resident(server.pid);
        }
    }
    let grown = resident(server.pid).saturating_sub(before);
    at_most("R15", "slowest refusal", millis(slowest), "ms", 100.0);
    at_most(
        "R15",
        "memory grown",
        grown as f64 / 1_024.0,
        "KiB",
        4_096.0,
    );
    assert!(grown < 16 * 1_024 * 1_024, "{grown} bytes");
}
