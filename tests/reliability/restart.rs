//! R11 and R12: a restart loses nobody, and a stop breaks no request.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::rt::time::{interval, sleep};
use futures_util::future::{join, join_all};
use serde_json::json;

use crate::client::{Client, until};
use crate::people::{Person, app, sign_in_browser};
use crate::scale::{at_most, millis, scaled};
use crate::support::{Place, Server, without_limits};

/// How many sessions of one kind an account may have.
const SESSIONS: usize = 50;

/// Whether a browser with this cookie is signed in.
async fn opens_pages(server: &Server, cookie: &str) -> bool {
    let url = format!("{}/security", server.origin);
    let client = reqwest::Client::builder()
        .resolve("localhost", ([127, 0, 0, 1], 0).into())
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    let request = client.build().unwrap().get(url).header("cookie", cookie);
    request.send().await.unwrap().status() == 200
}

#[actix_web::test]
async fn r11_a_restart_signs_nobody_out_and_loses_nothing_that_was_begun() {
    let place = Place::new();
    let (sessions, begun) = scaled((25, 10), (1_000, 100));
    let ada = Person::new(&place, "ada@example.com");
    let holders = ada.copies(&place, usize::div_ceil(sessions, SESSIONS));
    let server = place.serve_with(without_limits);
    let client = Client::of(&server);
    let (mut tokens, mut cookies) = (Vec::new(), Vec::new());
    for n in 0..sessions {
        let holder = &holders[n / SESSIONS];
        tokens.push(holder.sign_in(&client).await);
        cookies.push(sign_in_browser(&server.origin, holder).await);
    }
    // Each of these has a secret on the screen, and a link in the mailbox.
    let beginner = Person::new(&place, "grace@example.com");
    let mut beginners = Vec::new();
    for mut person in beginner.copies(&place, begun) {
        let token = person.sign_in(&client).await;
        let started = client.post("/mfa/setup", &token, app()).await.unwrap();
        assert!(started.is_ok(), "{started:?}");
        person.scan(&started);
        let link = json!({"mfaType": "MAGIC_LINK"});
        let sent = client.post("/mfa/setup", &token, link).await.unwrap();
        assert!(sent.is_ok(), "{sent:?}");
        beginners.push((person, token));
    }
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(10)), Some(0));

    let server = place.serve_with(without_limits);
    let client = Client::of(&server);
    let mut lost = 0;
    for (token, cookie) in tokens.iter().zip(&cookies) {
        lost += usize::from(client.status_of("/user/profile", token).await != 200);
        lost += usize::from(!opens_pages(&server, cookie).await);
    }
    for (person, token) in &beginners {
        let proved = client.post("/mfa/verify-setup", token, person.code()).await;
        lost += usize::from(!proved.is_some_and(|answer| answer.is_ok()));
        let text = person.newest_mail(&place).unwrap();
        let code = text.trim_end().rsplit_once('#').unwrap().1;
        let body = json!({"mfaType": "MAGIC_LINK", "code": code});
        let proved = client.post("/mfa/verify-setup", token, body).await;
        lost += usize::from(!proved.is_some_and(|answer| answer.is_ok()));
    }
    println!(
        "R11  {sessions} tokens, {sessions} cookies, {begun} begun set-ups of each kind: {lost} lost"
    );
    assert_eq!(lost, 0);
}

/// What became of the requests around a stop.
#[derive(Default)]
struct Seen {
    answered: Cell<usize>,
    broken: RefCell<Vec<String>>,
    /// When readiness was denied, counted from the signal.
    not_ready: Cell<Option<Duration>>,
}

#[actix_web::test]
async fn r12_a_stop_under_load_is_announced_breaks_nothing_and_leaves_no_log() {
    let place = Place::new();
    let ada = Person::new(&place, "ada@example.com");
    let server = place.serve_with(without_limits);
    let client = Rc::new(Client::of(&server));
    let token = Rc::new(ada.sign_in(&client).await);
    // Too many sessions of one account would drop the first.
    let others = Rc::new(ada.copies(&place, 64));
    let seen = Rc::new(Seen::default());
    // Like a proxy with a look at readiness: until that is denied it sends fifty requests a second.
    let load = async {
        let mut ticks = interval(Duration::from_millis(20));
        let mut sent = Vec::new();
        while seen.not_ready.get().is_none() {
            ticks.tick().await;
            let (client, seen, token) = (client.clone(), seen.clone(), token.clone());
            let (others, n) = (others.clone(), sent.len());
            sent.push(actix_web::rt::spawn(async move {
                // Every fifth hashes a password, which takes its time.
                let answer = if n % 5 == 0 {
                    client
                        .post("/user/login", "", others[n % 64].password())
                        .await
                } else {
                    client.get("/mfa/status", &token).await
                };
                match answer {
                    // A machine that is busy with other tests may not come to hash all of them in time, and says so.
                    Some(answer) if answer.is_ok() || answer.body["error_code"] == "busy" => {
                        seen.answered.set(seen.answered.get() + 1);
                    }
                    other => seen.broken.borrow_mut().push(format!("{n}: {other:?}")),
                }
            }));
        }
        join_all(sent).await
    };
    let stop = async {
        sleep(scaled(Duration::from_secs(1), Duration::from_secs(10))).await;
        server.signal("TERM");
        let since = Instant::now();
        until(
            Duration::from_secs(5),
            "it never says that it is not ready",
            async || client.status_of("/health/ready", "").await == 503,
        )
        .await;
        seen.not_ready.set(Some(since.elapsed()));
        since
    };
    let (_, since) = join(load, stop).await;
    assert_eq!(server.wait(Duration::from_secs(10)), Some(0));
    let took = since.elapsed();
    let broken = seen.broken.borrow();
    println!(
        "R12  {} requests answered, {} broken",
        seen.answered.get(),
        broken.len()
    );
    assert!(broken.is_empty(), "{broken:?}");
    let announced = seen.not_ready.get().unwrap();
    at_most(
        "R12",
        "until readiness is denied",
        millis(announced),
        "ms",
        1_000.0,
    );
    at_most("R12", "until the end", millis(took), "ms", 10_000.0);
    if place.postgres.is_none() {
        let log = place.path("countersign.db-wal");
        let left = std::fs::metadata(log).map_or(0, |log| log.len());
        assert_eq!(left, 0, "bytes in the write-ahead log");
    }
}
