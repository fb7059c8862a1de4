//! Mail: what is told, and that it arrives, over a real SMTP conversation.

mod devices;
mod notices;
mod refusals;
mod secrecy;
mod unfinished;

use countersign::db::mails::{self, Mail};
use countersign::mail::deliver_due;
use serde_json::json;

use crate::support::mail_server::{MailServer, Received};
use crate::support::{Browser, PASSWORD, Page, Person, TestApp};

/// The subject of the mail about a new device.
const SIGN_IN: &str = "New sign-in to Countersign";

async fn with_mail() -> (TestApp, MailServer) {
    let server = MailServer::start();
    let app = sending_to(&server.url()).await;
    (app, server)
}

/// An app that hands its mails to this server.
async fn sending_to(url: &str) -> TestApp {
    let url = url.parse().unwrap();
    TestApp::spawn_with(|config| config.smtp_url = Some(url)).await
}

/// Leaves a notice for somebody of this name and answers its id.
fn leave(app: &TestApp, name: &str) -> String {
    leave_with(
        app,
        &format!("{name}@example.com"),
        "passkey_added",
        "Phone",
    )
}

/// Leaves a notice about something of this name.
fn leave_with(app: &TestApp, recipient: &str, event: &str, detail: &str) -> String {
    let now = app.app.clock.now();
    let params = json!({"method": "passkey", "detail": detail, "at": now, "address": "127.0.0.1",
        "user_agent": null});
    let mail = Mail::new(recipient, event, &params, now).unwrap();
    let id = mail.id.clone();
    app.db(move |conn| mails::insert(conn, mail, None).unwrap());
    id
}

/// How many mails wait.
fn waiting(app: &TestApp) -> i64 {
    use countersign::db::schema::mails;
    use diesel::prelude::*;
    app.db(|conn| mails::table.count().get_result(conn).unwrap())
}

async fn deliver(app: &TestApp) -> usize {
    deliver_due(&app.app).await.unwrap()
}

/// Delivers what is due and answers what the server got by that.
async fn told(app: &TestApp, server: &MailServer) -> Vec<Received> {
    let before = server.received().len();
    deliver(app).await;
    server.received().split_off(before)
}

fn subjects(mails: &[Received]) -> Vec<String> {
    mails
        .iter()
        .map(|mail| mail.header("Subject").unwrap())
        .collect()
}

/// Signs in with the password, in a browser that may have been used before.
async fn sign_in(browser: &Browser<'_>, person: &Person<'_>) -> Page {
    browser.restart();
    let form = browser.get("/login").await;
    let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
    let page = browser.submit(&form, &fields).await;
    assert_eq!(page.status, 303, "{}", page.html);
    page
}

/// Finishes a sign-in with a code of the authenticator app.
async fn answer(browser: &Browser<'_>, code: &str) {
    let page = browser.get("/login/verify?method=app").await;
    let (_, mut fields) = page.form_at("form[action='/login/verify']");
    fields.retain(|(name, _)| name != "code");
    fields.push(("code".to_owned(), code.to_owned()));
    let done = browser.post("/login/verify", &fields).await;
    assert_eq!(done.location(), "/security", "{}", done.html);
}
