//! R14: clients that send slowly, or nothing, hold connections and nothing else: they are hung up on in time, and a good
//! client notices nothing.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use futures_util::future::{join, join_all, select};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::client::Client;
use crate::people::Person;
use crate::scale::{at_most, is_soak, millis, percentile, scaled};
use crate::support::{Place, Server};

/// How many connections one address may hold.
const PER_ADDRESS: usize = 64;

/// A connection from the nth of many addresses, each of which holds as many as it may.
async fn connect(server: &Server, n: usize) -> TcpStream {
    let port = server.origin.rsplit_once(':').unwrap().1.parse().unwrap();
    let last = u8::try_from(10 + n / PER_ADDRESS).unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket
        .bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0)))
        .unwrap();
    socket
        .connect(SocketAddr::from(([127, 0, 0, 1], port)))
        .await
        .unwrap()
}

/// What is sent, byte by byte, one a second; and how long the server may go on listening to it.
struct Trickle {
    name: &'static str,
    at_once: &'static str,
    limit: Duration,
}

const TRICKLES: [Trickle; 3] = [
    Trickle {
        name: "heads closed",
        at_once: "POST /user/login HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        limit: Duration::from_secs(6),
    },
    Trickle {
        name: "bodies closed",
        at_once: "POST /user/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                  Content-Length: 1000\r\n\r\n{",
        limit: Duration::from_secs(15),
    },
    Trickle {
        name: "silent connections closed",
        at_once: "",
        limit: Duration::from_secs(6),
    },
];

/// Sends a trickle until the server hangs up; answers when it did.
async fn trickle(server: &Server, n: usize, trickle: &Trickle) -> Duration {
    let mut stream = connect(server, n).await;
    let since = Instant::now();
    stream.write_all(trickle.at_once.as_bytes()).await.unwrap();
    let (mut from, mut to) = stream.split();
    let sending = async {
        while !trickle.at_once.is_empty() && to.write_all(b"x").await.is_ok() {
            sleep(Duration::from_secs(1)).await;
        }
        std::future::pending::<()>().await;
    };
    let hearing = async {
        let mut answer = Vec::new();
        // An answer that it takes too long, or none; then the end.
        let _ = from.read_to_end(&mut answer).await;
    };
    let hearing = pin!(hearing);
    let sending = pin!(sending);
    let heard = select(hearing, sending);
    let patience = Duration::from_secs(60);
    assert!(
        tokio::time::timeout(patience, heard).await.is_ok(),
        "{} never",
        trickle.name
    );
    since.elapsed()
}

/// A good client's requests while something goes on; answers their 99th percentile.
async fn good_client(client: &Client, token: &str, during: impl Future<Output = ()>) -> Duration {
    let is_over = std::cell::Cell::new(false);
    let asking = async {
        let mut took = Vec::new();
        while !is_over.get() {
            let answer = client
                .get("/mfa/status", token)
                .await
                .expect("the good client is cut off");
            assert!(answer.is_ok(), "{answer:?}");
            took.push(answer.took);
            sleep(Duration::from_millis(50)).await;
        }
        percentile(&mut took, 99)
    };
    let going_on = async {
        during.await;
        is_over.set(true);
    };
    join(asking, going_on).await.0
}

#[actix_web::test]
async fn r14_slow_clients_are_hung_up_on_and_a_good_one_notices_nothing() {
    let place = Place::new();
    let ada = Person::new(&place, "ada@example.com");
    let server = place.serve();
    let client = Client::from(&server, "127.0.0.2");
    let token = ada.sign_in(&client).await;
    let idle = good_client(&client, &token, sleep(Duration::from_secs(1))).await;
    let connections = scaled(150, 500);
    let goal = millis(idle * 5).max(100.0);
    for kind in &TRICKLES {
        let mut closed = Vec::new();
        let p99 = good_client(&client, &token, async {
            closed = join_all((0..connections).map(|n| trickle(&server, n, kind))).await;
        })
        .await;
        let last = closed.iter().max().unwrap();
        at_most(
            "R14",
            &format!("last of {connections} {}", kind.name),
            last.as_secs_f64(),
            "s",
            kind.limit.as_secs_f64(),
        );
        at_most("R14", "good client p99", millis(p99), "ms", goal);
        // However busy the machine is.
        assert!(*last < kind.limit * 2, "{} after {last:?}", kind.name);
    }
}

#[actix_web::test]
async fn r14_one_address_holds_no_more_connections_than_its_share() {
    let place = Place::new();
    let server = place.serve();
    let address = server.origin.replace("http://localhost", "127.0.0.1");
    let mut streams: Vec<_> = (0..PER_ADDRESS + 8)
        .map(|_| std::net::TcpStream::connect(&address).unwrap())
        .collect();
    let mut statuses = Vec::new();
    for stream in &mut streams {
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        stream
            .write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        statuses.push(String::from_utf8_lossy(&answer[9..]).into_owned());
    }
    let refused = statuses.iter().filter(|status| *status == "503").count();
    assert_eq!(refused, 8, "{statuses:?}");
    // Another address is none of theirs.
    let other = Client::from(&server, "127.0.0.3");
    assert_eq!(other.status_of("/health/live", "").await, 200);
}

/// What `slowhttptest` does to a server for a minute, each in its own way.
#[actix_web::test]
#[ignore = "make soak"]
async fn r14_slowhttptest_does_not_slow_a_good_client_down() {
    assert!(is_soak(), "it takes minutes");
    let place = Place::new();
    let ada = Person::new(&place, "ada@example.com");
    let server = place.serve();
    let client = Client::from(&server, "127.0.0.2");
    let token = ada.sign_in(&client).await;
    for (name, way) in [
        ("slow heads", "-H"),
        ("slow bodies", "-B"),
        ("slow reading", "-X"),
    ] {
        let url = format!(
            "{}/user/login",
            server.origin.replace("localhost", "127.0.0.1")
        );
        let mut command = Command::new("slowhttptest");
        command.args([
            way, "-c", "500", "-r", "200", "-i", "10", "-l", "60", "-u", &url,
        ]);
        let mut attack = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let p99 = good_client(&client, &token, async {
            let until = Instant::now() + Duration::from_secs(90);
            while attack.try_wait().unwrap().is_none() && Instant::now() < until {
                sleep(Duration::from_millis(200)).await;
            }
        })
        .await;
        drop(attack.kill());
        drop(attack.wait());
        at_most(
            "R14",
            &format!("slowhttptest, {name}: good client p99"),
            millis(p99),
            "ms",
            100.0,
        );
    }
}
