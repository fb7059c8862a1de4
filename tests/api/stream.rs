//! The status as it changes: what a stream sends, when it says nothing, and when it ends.

use std::time::Duration;

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use countersign::activity::MAX_PER_ACCOUNT;
use countersign::db;
use countersign::mfa::Method;
use reqwest::Method as Verb;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{Browser, Page, Program, TestApp};

const OF_PROGRAMS: &str = "/mfa/status/stream";

/// One open stream, read event by event.
struct Stream {
    response: reqwest::Response,
    arrived: String,
}

/// What one event says.
#[derive(Debug)]
struct Event {
    name: String,
    id: String,
    data: Value,
}

impl Stream {
    async fn open(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        Self {
            response,
            arrived: String::new(),
        }
    }

    /// The next event; `None` when the stream ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.arrived.split_once("\n\n") {
                let field = |name: &str| {
                    let mut lines = block.lines();
                    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                };
                let event = field("event").map(|name| Event {
                    name: name.to_owned(),
                    id: field("id").unwrap_or_default().to_owned(),
                    data: serde_json::from_str(field("data").unwrap()).unwrap(),
                });
                self.arrived = rest.to_owned();
                match event {
                    Some(event) => return Some(event),
                    None => continue, // a comment
                }
            }
            let chunk = timeout(Duration::from_secs(10), self.response.chunk());
            let chunk = chunk.await.expect("nothing arrives").unwrap()?;
            self.arrived.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    async fn event(&mut self) -> Event {
        self.next().await.expect("the stream ended")
    }

    /// Nothing but silence and comments for a while.
    async fn is_silent(&mut self) {
        let next = timeout(Duration::from_millis(300), self.next()).await;
        assert!(next.is_err(), "{next:?}");
    }
}

impl Program<'_> {
    async fn follow(&self) -> Stream {
        Stream::open(self.request(Verb::GET, OF_PROGRAMS)).await
    }

    async fn follow_from(&self, id: &str) -> Stream {
        let request = self.request(Verb::GET, OF_PROGRAMS);
        Stream::open(request.header("last-event-id", id)).await
    }
}

impl Browser<'_> {
    /// As the page does.
    async fn follow(&self, page: &Page) -> Stream {
        let address = page.attribute("main", "data-live").unwrap();
        Stream::open(self.request(Verb::GET, &address)).await
    }
}

impl TestApp {
    /// What a serving process does once a second.
    fn look(&self) {
        self.db(|conn| self.app.watch.look(conn)).unwrap();
    }
}

#[actix_web::test]
async fn the_first_event_is_the_status_as_a_request_gets_it() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut stream = program.follow().await;
    let headers = stream.response.headers().clone();
    assert_eq!(headers["content-type"], "text/event-stream");
    assert_eq!(headers["cache-control"], "private, no-store");
    let event = stream.event().await;
    assert_eq!(event.name, "status");
    assert_eq!(&event.data, program.get("/mfa/status").await.ok());
    stream.is_silent().await;
}

#[actix_web::test]
async fn a_change_made_elsewhere_arrives_with_the_whole_status() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut stream = program.follow().await;
    assert_eq!(stream.event().await.data["data"]["isEnabled"], false);
    app.look();
    stream.is_silent().await;
    program.set_up_totp().await;
    app.look();
    let event = stream.event().await;
    assert_eq!(event.data["data"]["enabledMethods"], json!(["GOOGLE_AUTH"]));
    assert_eq!(&event.data, program.get("/mfa/status").await.ok());
    stream.is_silent().await;
}

#[actix_web::test]
async fn who_comes_back_with_the_newest_id_is_told_nothing_twice_and_with_an_older_one_what_is_so()
{
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let id = program.follow().await.event().await.id;
    let mut stream = program.follow_from(&id).await;
    stream.is_silent().await;
    program.set_up_totp().await;
    app.look();
    assert_eq!(stream.event().await.data["data"]["isEnabled"], true);
    let mut late = program.follow_from(&id).await;
    assert_eq!(late.event().await.data["data"]["isEnabled"], true);
}

#[actix_web::test]
async fn what_happens_to_others_and_what_changes_nothing_is_not_told() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().in_organization("A").signed_in().await;
    let (_, colleague) = app.user().in_organization("A").signed_in().await;
    let mut stream = program.follow().await;
    stream.event().await;
    app.look();
    colleague.set_up_totp().await;
    program
        .post("/user/verify-password", json!({"password": "wrong"}))
        .await
        .refused(400, "invalid_password");
    app.look();
    stream.is_silent().await;
}

#[actix_web::test]
async fn a_requirement_reaches_every_member_of_its_organization_and_nobody_else() {
    let app = TestApp::spawn().await;
    let admin = app.user().in_organization("A").role(Role::Owner);
    let (_, admin) = admin.signed_in().await;
    admin.set_up_totp().await;
    let (_, member) = app.user().in_organization("A").signed_in().await;
    let (_, other) = app.user().in_organization("B").signed_in().await;
    let (mut of_member, mut of_other) = (member.follow().await, other.follow().await);
    of_member.event().await;
    of_other.event().await;
    app.look();
    let asked = json!({"enforced": true});
    admin.post("/mfa/organization/enforce", asked).await.ok();
    app.look();
    let status = of_member.event().await.data;
    assert_eq!(status["data"]["isEnforced"], true);
    assert_eq!(status["data"]["sessionVerified"], false);
    of_other.is_silent().await;
}

#[actix_web::test]
async fn what_changes_by_the_hour_alone_is_seen_at_the_next_look() {
    let app = TestApp::spawn().await;
    let person = app.user().in_organization("A").create().await;
    let day = app.app.clock.now() + TimeDelta::minutes(20);
    let organization = person.organization_id.as_deref().unwrap();
    app.db_require_mfa(organization, Some(day), &[Method::Totp]);
    let program = person.sign_in().await;
    let mut stream = program.follow().await;
    assert_eq!(stream.event().await.data["data"]["isEnforced"], false);
    // The program's own token would be over by then.
    app.db_execute("UPDATE session_tokens SET expires_at = '2999-01-01 00:00:00'");
    app.advance(TimeDelta::minutes(21));
    app.app.watch.wake_all();
    assert_eq!(stream.event().await.data["data"]["isEnforced"], true);
}

#[actix_web::test]
async fn a_stream_says_that_its_session_ended_and_ends() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let other = person.sign_in().await;
    let mut stream = program.follow().await;
    stream.event().await;
    app.look();
    other.post("/sessions/revoke-all", json!({})).await.ok();
    app.look();
    let event = stream.event().await;
    assert_eq!((event.name.as_str(), event.data), ("end", json!({})));
    assert!(stream.next().await.is_none());
}

#[actix_web::test]
async fn a_server_that_is_about_to_stop_ends_its_streams() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut stream = program.follow().await;
    stream.event().await;
    app.app.leave();
    assert!(stream.next().await.is_none());
}

#[actix_web::test]
async fn a_stream_whose_account_cannot_be_read_ends_and_says_nothing() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut stream = program.follow().await;
    stream.event().await;
    app.db_hide_sessions();
    app.app.watch.wake_all();
    assert!(stream.next().await.is_none());
    app.db_show_sessions();
    assert_eq!(program.follow().await.event().await.name, "status");
}

#[actix_web::test]
async fn an_account_has_so_many_streams_and_no_more() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut open = Vec::new();
    for _ in 0..MAX_PER_ACCOUNT {
        open.push(program.follow().await);
    }
    let refused = program.get(OF_PROGRAMS).await;
    refused.refused(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), Some("60"));
    let (_, another) = app.user().signed_in().await;
    assert_eq!(another.follow().await.event().await.name, "status");
}

#[actix_web::test]
async fn head_answers_without_a_stream() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let answer = program.send(Verb::HEAD, OF_PROGRAMS, None).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    assert!(app.app.watch.is_idle());
}

#[actix_web::test]
async fn a_page_is_told_of_nothing_until_something_on_it_has_changed() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let page = browser.get("/security").await;
    let mut stream = browser.follow(&page).await;
    app.look();
    stream.is_silent().await;
    // The status is the same, and the list of devices is not.
    let program = person.sign_in().await;
    app.look();
    let event = stream.event().await;
    assert_eq!(event.name, "status");
    assert_eq!(event.data["data"]["isEnabled"], false);
    program.set_up_totp().await;
    app.look();
    // Turning MFA on has signed the browser out.
    assert_eq!(stream.event().await.name, "end");
}

#[actix_web::test]
async fn a_page_is_told_of_what_a_refusal_ended_and_not_of_other_refusals() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let program = person.sign_in().await;
    let refresh = async || {
        let body = json!({"refresh_token": program.refresh_token()});
        app.stranger().post("/user/refresh", body).await
    };
    refresh().await.ok();
    let page = browser.get("/security").await;
    let mut stream = browser.follow(&page).await;
    person.try_sign_in("a wrong password, and long").await;
    app.look();
    stream.is_silent().await;
    app.advance(TimeDelta::minutes(10));
    refresh().await.refused(401, "unauthenticated");
    app.look();
    assert_eq!(stream.event().await.name, "status");
}

#[actix_web::test]
async fn a_page_whose_session_ended_meanwhile_is_told_so_and_not_sent_elsewhere() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let page = browser.get("/security").await;
    let address = page.attribute("main", "data-live").unwrap();
    let elsewhere = person.sign_in().await;
    elsewhere.post_nothing("/sessions/revoke-all").await.ok();
    let request = browser.request(Verb::GET, &address);
    let mut stream = Stream::open(request.header("accept", "text/event-stream")).await;
    assert_eq!(stream.event().await.name, "end");
    assert!(stream.next().await.is_none());
    let form = browser.get("/login").await;
    let said = form.text("main .notice");
    assert_eq!(said, "Your session ended. Sign in again to continue.");
}

#[actix_web::test]
async fn neither_key_opens_the_stream_of_the_other_face() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let with_cookie = browser
        .request(Verb::GET, OF_PROGRAMS)
        .send()
        .await
        .unwrap();
    assert_eq!(with_cookie.status(), 401);
    let (_, program) = app.user().signed_in().await;
    let with_token = program.request(Verb::GET, "/security/stream").send().await;
    let with_token = with_token.unwrap();
    assert_eq!(with_token.status(), 303);
    assert!(
        with_token.headers()["location"]
            .to_str()
            .unwrap()
            .starts_with("/login")
    );
    assert!(app.app.watch.is_idle());
}

#[actix_web::test]
async fn after_more_entries_than_are_looked_at_one_by_one_everybody_looks() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let mut stream = program.follow().await;
    stream.event().await;
    app.look();
    app.db_add_factor(&person.id, Method::Passkey);
    app.db(|conn| {
        use countersign::activity::{Door, Entry, Event, Origin, record};
        let (keys, now) = (&app.app.keys, app.app.clock.now());
        db::write(conn, |conn| {
            for _ in 0..501 {
                let entry = Entry::failure(Event::SignIn, "unknown");
                record(conn, keys, &Origin::local(Door::Server), entry, now)?;
            }
            Ok::<_, diesel::result::Error>(())
        })
        .unwrap();
    });
    app.look();
    let status = stream.event().await.data;
    assert_eq!(status["data"]["enabledMethods"], json!(["PASSKEY"]));
}
