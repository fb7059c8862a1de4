//! Streams of the status: what one process changes arrives at the other's within two seconds, and a thousand of them cost
//! little and hold nobody up.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::rt::net::TcpStream;
use actix_web::rt::time::timeout;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

use crate::client::Client;
use crate::load::statuses;
use crate::people::Person;
use crate::process::resident;
use crate::scale::{at_most, millis, percentile, scaled};
use crate::support::{Place, Server, without_limits};

const MEBIBYTE: f64 = 1_048_576.0;

/// One open stream, as bytes.
struct Stream {
    wire: TcpStream,
    arrived: String,
}

impl Stream {
    /// Opens a stream from the `n`th address of this machine, and reads its first event.
    async fn open(server: &Server, token: &str, n: u8) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        let own = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 1, n)), 0);
        socket.bind(own).unwrap();
        let port = server.origin.rsplit(':').next().unwrap();
        let there = SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap()));
        let mut wire = socket.connect(there).await.unwrap();
        let head = format!(
            "GET /mfa/status/stream HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        wire.write_all(head.as_bytes()).await.unwrap();
        let arrived = String::new();
        let mut stream = Self { wire, arrived };
        let first = stream.until("event: status").await;
        assert!(first.starts_with("HTTP/1.1 200"), "{first}");
        stream
    }

    /// Reads on until this has arrived, and a whole event with it; answers everything since the last time.
    async fn until(&mut self, what: &str) -> String {
        let mut buffer = [0; 4_096];
        loop {
            if let Some(at) = self.arrived.find(what)
                && let Some(end) = self.arrived[at..].find("\n\n")
            {
                let rest = self.arrived.split_off(at + end + 2);
                return std::mem::replace(&mut self.arrived, rest);
            }
            let read = timeout(Duration::from_secs(20), self.wire.read(&mut buffer));
            let read = read.await.expect("nothing arrives").unwrap();
            assert!(read > 0, "the stream ended: {}", self.arrived);
            self.arrived
                .push_str(std::str::from_utf8(&buffer[..read]).unwrap());
        }
    }
}

#[actix_web::test]
async fn what_another_process_changes_arrives_within_two_seconds() {
    let place = Place::new();
    let mut ada = Person::new(&place, "ada@example.com");
    let twin = place.postgres.is_some().then(|| place.twin());
    let here = place.serve_with(without_limits);
    let there = twin.as_ref().unwrap_or(&place).serve_with(without_limits);
    let other = Client::of(&there);
    let token = ada.sign_in(&other).await;
    let mut stream = Stream::open(&here, &token, 1).await;
    ada.set_up_app(&other, &token).await;
    let since = Instant::now();
    let event = stream.until("\"isEnabled\":true").await;
    at_most(
        "S01",
        "change by another process",
        millis(since.elapsed()),
        "ms",
        2_000.0,
    );
    assert!(
        event.contains("\"enabledMethods\":[\"GOOGLE_AUTH\"]"),
        "{event}"
    );
}

#[actix_web::test]
async fn a_thousand_streams_cost_little_and_hold_nobody_up() {
    let (accounts, each) = (scaled(10, 63), 16);
    let place = Place::new();
    let ada = Person::new(&place, "ada@example.com");
    let server = place.serve_with(|command| {
        without_limits(command);
        command.env("RUST_LOG", "warn,countersign=info");
    });
    let client = Rc::new(Client::from(&server, "127.0.0.2"));
    let token = ada.sign_in(&client).await;
    let mut tokens = Vec::new();
    for person in ada.copies(&place, accounts) {
        tokens.push(person.sign_in(&client).await);
    }
    let duration = Duration::from_secs(scaled(2, 10));
    let mut without = statuses(Rc::clone(&client), token.clone(), duration).await;
    let before = resident(server.pid);
    let mut streams = Vec::new();
    for token in &tokens {
        for _ in 0..each {
            let address = u8::try_from(1 + streams.len() / 50).unwrap();
            streams.push(Stream::open(&server, token, address).await);
        }
    }
    let mut with = statuses(Rc::clone(&client), token.clone(), duration).await;
    let grown = resident(server.pid).saturating_sub(before) as f64 / MEBIBYTE;
    let count = streams.len();
    at_most(
        "S02",
        &format!("memory of {count} streams"),
        grown,
        "MiB",
        32.0,
    );
    let median = millis(percentile(&mut without, 50));
    println!("S03  status without streams {median:.1} ms");
    at_most(
        "S03",
        "status beside them",
        millis(percentile(&mut with, 50)),
        "ms",
        1.5 * median + 1.0,
    );

    // What happens to one account wakes the streams of that account.
    let changed = json!({"name": "Grace"});
    let id = client.get("/user/profile", &tokens[0]).await.unwrap().body["data"]["id"].clone();
    let path = format!("/user/{}", id.as_str().unwrap());
    let answer = client
        .call("PUT", &path, &tokens[0], changed)
        .await
        .unwrap();
    assert!(answer.is_ok(), "{answer:?}");
    let since = Instant::now();
    for stream in &mut streams[..each] {
        stream.until("event: status").await;
    }
    at_most(
        "S04",
        "change in one of them",
        millis(since.elapsed()),
        "ms",
        2_000.0,
    );
    // And a stop ends them all, long before anybody has to be killed.
    server.signal("TERM");
    let since = Instant::now();
    for mut stream in streams {
        let mut rest = Vec::new();
        let ended = timeout(Duration::from_secs(20), stream.wire.read_to_end(&mut rest));
        ended.await.expect("a stream is still open").unwrap();
    }
    at_most(
        "S05",
        "end of all at a stop",
        millis(since.elapsed()),
        "ms",
        2_000.0,
    );
    assert_eq!(server.wait(Duration::from_secs(20)), Some(0));
}
