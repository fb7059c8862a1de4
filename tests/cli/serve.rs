//! `countersign serve`: the first run, and the end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::{Outcome, Place, path_of};

#[actix_web::test]
async fn the_first_run_prints_a_link_alone_and_the_next_ones_kill_it() {
    let place = Place::new();
    let server = place.serve();
    let link = server.link();
    let first = path_of(&link).to_owned();
    assert!(first.starts_with("/welcome/cs_ln_"));
    assert!(link.starts_with(&server.origin));
    assert!(
        !server.log.iter().any(|line| line.contains("cs_ln_")),
        "{:?}",
        server.log
    );
    assert_eq!(server.get(&first).await, 200);
    assert_eq!(server.get("/health/live").await, 200);
    assert_eq!(server.get("/health/ready").await, 200);

    let reissued = place.run(&["user", "link"]);
    let second = path_of(reissued.ok()).to_owned();
    assert_eq!(
        (server.get(&first).await, server.get(&second).await),
        (410, 200)
    );
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(10)), Some(0));
    assert_eq!(server.printed(), Vec::<String>::new(), "more than the link");

    let server = place.serve();
    let third = path_of(&server.link()).to_owned();
    assert_eq!(
        (server.get(&second).await, server.get(&third).await),
        (410, 200)
    );
    let answer = place.run(&["user", "link", "--json"]).json();
    assert_eq!(
        server.get(path_of(answer["link"].as_str().unwrap())).await,
        200
    );
    place.create_user("ada@example.com", &[]);
    assert_eq!(
        server.get(path_of(answer["link"].as_str().unwrap())).await,
        410
    );
    assert_eq!(server.get(&third).await, 410);
}

#[actix_web::test]
async fn with_an_account_nothing_is_printed() {
    let place = Place::new();
    place.create_user("ada@example.com", &[]);
    let server = place.serve_with(|command| {
        command.env("RUST_LOG", "trace");
    });
    server.sign_in("ada@example.com").await;
    server.signal("TERM");
    server.wait(Duration::from_secs(10));
    assert_eq!(server.printed(), Vec::<String>::new());
    let log = server.rest_of_log().join("\n");
    for secret in ["correct horse", "cs_at_", "cs_rt_"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[actix_web::test]
async fn serving_is_what_happens_without_a_command() {
    let place = Place::new();
    let mut server = place.start(&[], |_| {});
    server.wait_until_it_listens();
    assert_eq!(server.get("/health/live").await, 200);
    server.signal("INT");
    assert_eq!(server.wait(Duration::from_secs(10)), Some(0));
}

#[actix_web::test]
async fn r12_a_termination_ends_it_in_time_with_connections_open() {
    let place = Place::new();
    let server = place.serve();
    let address = server.origin.replace("http://localhost", "127.0.0.1");
    let mut idle = TcpStream::connect(&address).unwrap();
    idle.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let mut slow = TcpStream::connect(&address).unwrap();
    slow.write_all(b"POST /user/login HTTP/1.1\r\nHost: localhost\r\nContent-Le")
        .unwrap();
    let _silent = TcpStream::connect(&address).unwrap();
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(10)), Some(0));
    assert!(
        server
            .rest_of_log()
            .iter()
            .any(|line| line.ends_with("stopped"))
    );
}

#[test]
fn a_port_that_is_taken_names_the_setting() {
    let place = Place::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = place.command(&["serve"]);
    command.env("COUNTERSIGN_BIND", taken.local_addr().unwrap().to_string());
    command.env("RUST_LOG", "error");
    let outcome = Outcome::of(command);
    assert!(
        outcome.failed().starts_with("COUNTERSIGN_BIND: "),
        "{outcome:?}"
    );
    assert_eq!(outcome.stdout, "", "a link that leads nowhere");
}
