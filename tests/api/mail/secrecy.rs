//! What is said to whom: mails and passwords leave encrypted, or not at all.

use chrono::TimeDelta;

use super::{deliver, leave, sending_to, waiting};
use crate::support::mail_server::{Certificates, MailServer, Tls};

fn with_account(server: &MailServer, scheme: &str, more: &str) -> String {
    server.asks_for("countersign", "right");
    let at = server.address;
    format!("{scheme}://countersign:right@{at}{more}")
}

#[actix_web::test]
async fn a_password_is_told_to_a_server_on_this_machine() {
    let server = MailServer::start();
    let app = sending_to(&with_account(&server, "smtp", "")).await;
    leave(&app, "person-1");
    assert_eq!(deliver(&app).await, 1);
    assert!(server.received()[0].is_authenticated);
}

#[actix_web::test]
async fn without_starttls_where_it_is_required_neither_mail_nor_password_is_said() {
    let server = MailServer::start();
    let app = sending_to(&with_account(&server, "smtp", "?tls=required")).await;
    leave(&app, "person-1");
    assert_eq!((deliver(&app).await, waiting(&app)), (0, 1));
    for (line, _) in server.said() {
        assert!(line.starts_with("EHLO") || line == "QUIT", "{line}");
    }
    assert!(server.received().is_empty());
}

#[actix_web::test]
async fn a_server_that_nobody_vouches_for_is_told_nothing() {
    for scheme in ["smtps", "smtp"] {
        let own = Certificates::new();
        let (tls, more) = if scheme == "smtps" {
            (Tls::Wrapped(own), "")
        } else {
            (Tls::Upgraded(own), "?tls=required")
        };
        let server = MailServer::start_with(tls);
        let app = sending_to(&with_account(&server, scheme, more)).await;
        leave(&app, "person-1");
        for _ in 0..3 {
            assert_eq!((deliver(&app).await, waiting(&app)), (0, 1), "{scheme}");
            app.advance(TimeDelta::seconds(31));
        }
        let said = server.said();
        let is_harmless = |line: &str| line.starts_with("EHLO") || line == "STARTTLS";
        assert!(said.iter().all(|(line, _)| is_harmless(line)), "{said:?}");
    }
}
