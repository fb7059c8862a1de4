//! R06, the notices' half: whatever a mail server does, every notice arrives, at least once, within a minute after the server
//! takes mail again; and one that is refused for good holds up no other.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use countersign::config::MailFrom;

use super::{deliver, leave, leave_with, sending_to, waiting, with_mail};
use crate::support::TestApp;
use crate::support::mail_server::{MailServer, Manner, Received};

/// The message ids, without the host.
fn ids(mails: &[Received]) -> Vec<String> {
    let id = |mail: &Received| mail.header("Message-ID").unwrap();
    let bare = |id: String| {
        id.trim_matches(['<', '>'])
            .split('@')
            .next()
            .unwrap()
            .to_owned()
    };
    mails.iter().map(id).map(bare).collect()
}

/// Delivers each second, as a server does, until nothing waits, and answers after how many seconds that was.
async fn seconds_until_empty(app: &TestApp) -> i64 {
    for seconds in 0..=90 {
        deliver(app).await;
        if waiting(app) == 0 {
            return seconds;
        }
        app.advance(TimeDelta::seconds(1));
    }
    panic!("{} mails still wait", waiting(app));
}

#[actix_web::test]
async fn r06_a_server_that_was_away_for_a_minute_gets_every_notice_within_a_minute_after() {
    let (app, server) = with_mail().await;
    server.goes_away();
    let mut left = HashSet::new();
    for n in 0..60 {
        left.insert(leave(&app, &format!("person-{n}")));
        assert_eq!(deliver(&app).await, 0);
        app.advance(TimeDelta::seconds(1));
    }
    server.comes_back();
    let seconds = seconds_until_empty(&app).await;
    assert!(seconds <= 60, "{seconds} s");
    let got = ids(&server.received());
    assert_eq!(got.len(), 60, "each once");
    assert_eq!(HashSet::from_iter(got), left);
}

#[actix_web::test]
async fn r06_a_mail_that_is_refused_for_good_is_given_up_and_holds_up_no_other() {
    let (app, server) = with_mail().await;
    let names = ["person-1", "nobody-1", "person-2", "spam-1", "person-3"];
    let left = names.map(|name| leave(&app, name));
    assert_eq!(deliver(&app).await, 3);
    assert_eq!(waiting(&app), 0);
    let got: HashSet<_> = ids(&server.received()).into_iter().collect();
    let wanted = [&left[0], &left[2], &left[4]].map(Clone::clone);
    assert_eq!(got, HashSet::from(wanted));
}

#[actix_web::test]
async fn r06_greylisting_delays_a_mail_and_no_more() {
    let (app, server) = with_mail().await;
    leave(&app, "later-1");
    leave(&app, "person-1");
    assert_eq!(deliver(&app).await, 1);
    let seconds = seconds_until_empty(&app).await;
    assert!(seconds <= 60, "{seconds} s");
    assert_eq!(server.received().len(), 2);
}

#[actix_web::test]
async fn r06_a_connection_that_is_cut_before_the_answer_brings_the_same_mail_again() {
    let (app, server) = with_mail().await;
    let id = leave(&app, "cut-1");
    assert_eq!(deliver(&app).await, 0, "nobody said that it was taken");
    seconds_until_empty(&app).await;
    assert_eq!(ids(&server.received()), [id.clone(), id], "recognisably");
}

#[actix_web::test]
async fn r06_what_may_be_the_settings_fault_loses_no_mail() {
    let server = MailServer::start();
    server.asks_for("countersign", "right");
    let url = server.url().replace("://", "://countersign:wrong@");
    let app = sending_to(&url).await;
    leave(&app, "person-1");
    for _ in 0..3 {
        assert_eq!((deliver(&app).await, waiting(&app)), (0, 1), "535 to AUTH");
        app.advance(TimeDelta::seconds(31));
    }
    server.asks_for("countersign", "wrong");
    assert!(seconds_until_empty(&app).await <= 60);
    assert!(server.received()[0].is_authenticated);

    let (app, server) = with_mail().await;
    server.becomes(Manner::RefusesSender);
    leave(&app, "person-1");
    assert_eq!((deliver(&app).await, waiting(&app)), (0, 1), "550 to MAIL");
    server.asks_for("countersign", "right");
    server.becomes(Manner::Takes);
    app.advance(TimeDelta::seconds(31));
    assert_eq!((deliver(&app).await, waiting(&app)), (0, 1), "530 to MAIL");
}

/// A server that answers nothing, or one byte a second, takes real time: this is how much, at most.
#[actix_web::test]
async fn r06_silence_and_slowness_cost_half_a_minute_and_hold_up_neither_mails_nor_requests() {
    let (app, server) = with_mail().await;
    for n in 0..3 {
        leave(&app, &format!("quiet-{n}"));
        leave(&app, &format!("slow-{n}"));
    }
    for n in 0..20 {
        leave(&app, &format!("person-{n}"));
    }
    let began = Instant::now();
    let delivering = deliver(&app);
    let watching = async {
        while server.received().len() < 20 {
            assert!(began.elapsed() < Duration::from_secs(15), "the others wait");
            let status = app.stranger().get("/health/ready").await.status;
            assert_eq!(status, 200);
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let (sent, ()) = futures_util::future::join(delivering, watching).await;
    assert_eq!((sent, waiting(&app)), (20, 6));
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[actix_web::test]
async fn a_mail_that_a_process_died_with_is_sent_by_the_next_one_within_half_a_minute() {
    let (app, server) = with_mail().await;
    let id = leave(&app, "quiet-1");
    // Somebody begins, and is no more.
    let begun = tokio::time::timeout(Duration::from_millis(300), deliver(&app)).await;
    assert!(begun.is_err());
    assert_eq!(deliver(&app).await, 0, "it is in somebody's hand");
    let renamed = "UPDATE mails SET recipient = 'person-1@example.com'";
    app.db_execute(renamed);
    let seconds = seconds_until_empty(&app).await;
    assert!(seconds <= 31, "{seconds} s");
    assert_eq!(ids(&server.received()), [id]);
}

#[actix_web::test]
async fn nothing_that_somebody_is_called_reaches_a_header_or_the_conversation() {
    let (app, server) = with_mail().await;
    let sender = "Ops\r\nBcc: eve@example.com <ops@example.com>";
    assert!(
        sender.parse::<MailFrom>().is_err(),
        "no setting can be that"
    );
    let evil = "x\r\nBcc: eve@example.com\r\n.\r\nRCPT TO:<eve@example.com>\r\n";
    for event in ["passkey_added", "passkey_removed"] {
        leave_with(&app, "person-1@example.com", event, evil);
    }
    for none in [
        "a@example.com\r\nRCPT TO:<eve@example.com>",
        "a@example.com>\r\nDATA",
        "a@example.com, eve@example.com",
        "Eve <eve@example.com>",
        "eve",
        "",
    ] {
        leave_with(&app, none, "passkey_added", "Phone");
    }
    assert_eq!((deliver(&app).await, waiting(&app)), (2, 0));
    for mail in server.received() {
        assert_eq!(mail.recipients, ["RCPT TO:<person-1@example.com>"]);
        let head = mail.data.split("\r\n\r\n").next().unwrap();
        assert!(
            !head.contains("eve@") || !head.contains("\r\nBcc"),
            "{head}"
        );
        assert_eq!(mail.header("Bcc"), None);
    }
    let said = server.said();
    assert!(
        said.iter().all(|(line, _)| !line.contains("eve")),
        "{said:?}"
    );
}

#[actix_web::test]
async fn an_address_that_this_server_cannot_write_to_waits_and_harms_no_other() {
    let (app, server) = with_mail().await;
    for address in ["zoë@example.com", "ada@bücher.example"] {
        leave_with(&app, address, "passkey_added", "Zoë's phone");
    }
    leave(&app, "person-1");
    assert_eq!((deliver(&app).await, waiting(&app)), (1, 2));
    assert_eq!(server.received().len(), 1);
}
