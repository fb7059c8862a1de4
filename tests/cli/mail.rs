//! Mail from the binary itself: TLS with whom the machine trusts, several processes, and a process that is killed.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::mail_server::{Certificates, MailServer, Tls};
use crate::support::{Place, Server};

/// Leaves notices for so many people.
fn leave(place: &Place, from: usize, count: usize) {
    let now = chrono::Utc::now().format("%Y-%m-%d %H:%M:%S");
    let rows: Vec<_> = (from..from + count)
        .map(|n| {
            format!(
                "('mail-{n}', 'person-{n}@example.com', 'mfa_enabled', \
                 '{{\"method\":null,\"detail\":null,\"at\":\"2026-01-01T00:00:00\",\"address\":null,\"user_agent\":null}}', \
                 '{now}', 0, '{now}', NULL)"
            )
        })
        .collect();
    place.sql(&format!(
        "INSERT INTO mails (id, recipient, event, params, created_at, tries, next_try_at, claimed_until) \
         VALUES {}",
        rows.join(", ")
    ));
}

fn waiting(place: &Place) -> i64 {
    place.sql_number("SELECT count(*) AS n FROM mails")
}

fn wait_until(patience: u64, what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(patience), "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// How often each mail came.
fn counts(server: &MailServer) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for mail in server.received() {
        *counts
            .entry(mail.header("Message-ID").unwrap())
            .or_default() += 1;
    }
    counts
}

fn serve(place: &Place, url: &str) -> Server {
    place.serve_with(|command| {
        command.env("COUNTERSIGN_SMTP_URL", url);
    })
}

#[test]
fn r06_two_processes_send_two_hundred_notices_once_each() {
    let place = Place::new();
    let server = MailServer::start();
    place.run(&["migrate"]).ok();
    let one = serve(&place, &server.url());
    let twin = place.twin();
    let two = if place.postgres.is_some() {
        serve(&twin, &server.url())
    } else {
        serve(&place, &server.url())
    };
    for batch in 0..4 {
        leave(&place, batch * 50, 50);
        std::thread::sleep(Duration::from_millis(500));
    }
    wait_until(60, "they are not sent", || waiting(&place) == 0);
    let counts = counts(&server);
    assert_eq!(counts.len(), 200);
    let twice: Vec<_> = counts.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    drop((one, two));
}

#[test]
fn r06_what_a_killed_process_had_in_hand_is_sent_after_its_restart() {
    let place = Place::new();
    let server = MailServer::start();
    server.takes_as_long_as(Duration::from_millis(300));
    place.run(&["migrate"]).ok();
    let killed = serve(&place, &server.url());
    leave(&place, 0, 40);
    wait_until(30, "nothing is sent", || server.received().len() > 10);
    killed.signal("KILL");
    killed.wait(Duration::from_secs(10));
    let left = waiting(&place);
    assert!(
        (1..40).contains(&left),
        "{left}: it was killed in the middle"
    );
    server.takes_as_long_as(Duration::ZERO);
    let _again = serve(&place, &server.url());
    wait_until(60, "they are not sent", || waiting(&place) == 0);
    let counts = counts(&server);
    assert_eq!(counts.len(), 40, "none is lost");
    let twice = counts.values().filter(|times| **times > 1).count();
    assert!(twice <= 8, "{twice}: no more than were in hand");
}

#[test]
fn an_authority_of_ones_own_is_trusted_by_ssl_cert_file_and_its_servers_get_mail() {
    for scheme in ["smtps", "smtp"] {
        let own = Certificates::new();
        let server = MailServer::start_with(if scheme == "smtps" {
            Tls::Wrapped(own.clone())
        } else {
            Tls::Upgraded(own.clone())
        });
        server.asks_for("countersign", "p@ss/word");
        let place = Place::new();
        std::fs::write(place.path("authority.pem"), &own.authority).unwrap();
        place.run(&["migrate"]).ok();
        let more = if scheme == "smtp" {
            "?tls=required"
        } else {
            ""
        };
        let port = server.address.port();
        let url = format!("{scheme}://countersign:p%40ss%2Fword@localhost:{port}{more}");
        let _serving = place.serve_with(|command| {
            command
                .env("SSL_CERT_FILE", place.path("authority.pem"))
                .env("COUNTERSIGN_SMTP_URL", &url);
        });
        leave(&place, 0, 3);
        wait_until(30, "they are not sent", || waiting(&place) == 0);
        let received = server.received();
        assert_eq!(received.len(), 3);
        assert!(
            received
                .iter()
                .all(|mail| mail.is_encrypted && mail.is_authenticated)
        );
        let said = server.said();
        let in_the_clear = |(line, is_encrypted): &&(String, bool)| {
            !is_encrypted && !line.starts_with("EHLO") && line != "STARTTLS"
        };
        assert_eq!(said.iter().find(in_the_clear), None);
    }
}

#[test]
fn a_certificate_for_another_name_is_refused_although_its_authority_is_trusted() {
    let own = Certificates::of(&["mail.example.com"]);
    let server = MailServer::start_with(Tls::Wrapped(own.clone()));
    let place = Place::new();
    std::fs::write(place.path("authority.pem"), &own.authority).unwrap();
    place.run(&["migrate"]).ok();
    let url = format!("smtps://localhost:{}", server.address.port());
    let serving = place.serve_with(|command| {
        command
            .env("SSL_CERT_FILE", place.path("authority.pem"))
            .env("COUNTERSIGN_SMTP_URL", &url);
    });
    leave(&place, 0, 1);
    let tried = "SELECT count(*) AS n FROM mails WHERE tries > 0 AND claimed_until IS NULL";
    wait_until(30, "it is not tried", || place.sql_number(tried) == 1);
    assert!(server.received().is_empty() && server.said().is_empty());
    serving.signal("TERM");
    serving.wait(Duration::from_secs(10));
    let log = serving.rest_of_log().join("\n");
    assert!(
        log.contains("is tried again") && log.contains("certificate"),
        "{log}"
    );
}
