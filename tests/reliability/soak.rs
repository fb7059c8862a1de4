//! R16: everything at once for a long time leaves nothing behind.

use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::rt::spawn;
use actix_web::rt::task::JoinHandle;
use actix_web::rt::time::{interval, sleep};
use futures_util::future::join_all;
use serde_json::json;

use crate::client::Client;
use crate::people::Person;
use crate::process::{open_files, resident};
use crate::scale::{at_most, scaled};
use crate::support::{Place, Server, without_limits};

const MEBIBYTE: f64 = 1_048_576.0;

/// In the warm-up, everybody comes at once after so many turns.
const CROWD_EVERY: usize = 500;

/// Who asks, and what for.
struct Mix {
    client: Client,
    place: Rc<Place>,
    ada: Person,
    /// Full access, all the time.
    token: String,
    browser: reqwest::Client,
}

impl Mix {
    /// One request, or one sign-in with all that belongs to it; answers whether it went as it should.
    async fn turn(&self, n: usize) -> bool {
        let Self {
            client,
            place,
            ada,
            token,
            browser,
        } = self;
        match n % 20 {
            // Signing in hashes, and a fifth of the requests would not leave room for others.
            0 => {
                let answer = client.post("/user/login", "", ada.password()).await;
                answer.is_some_and(|answer| [200, 503].contains(&answer.status))
            }
            1 => {
                let login = client.post("/user/login", "", ada.password()).await;
                let Some(login) = login.filter(|answer| answer.is_ok()) else {
                    return true;
                };
                let owed = login.text("accessToken");
                ada.forget_steps(place);
                let entered = client
                    .post("/mfa/verify-login", &owed, ada.code())
                    .await
                    .unwrap();
                if !entered.is_ok() {
                    // Another turn had the code, or there are too many sign-ins that were left in the middle.
                    return [400, 401, 429].contains(&entered.status);
                }
                let body = json!({"refresh_token": entered.text("refreshToken")});
                let fresh = client.post("/user/refresh", "", body).await.unwrap();
                let token = if fresh.is_ok() {
                    fresh.text("accessToken")
                } else {
                    entered.text("fullAccessToken")
                };
                let out = client
                    .post("/user/logout", &token, json!({}))
                    .await
                    .unwrap();
                out.is_ok() && [200, 429].contains(&fresh.status)
            }
            2 | 3 => {
                let url = format!("{}/login", client.origin);
                browser
                    .get(url)
                    .send()
                    .await
                    .is_ok_and(|answer| answer.status() == 200)
            }
            4 => client.status_of("/user/profile", "cs_at_unknown").await == 401,
            5 => client.status_of("/health/ready", "").await == 200,
            6 => client.status_of("/mfa/methods", token).await == 200,
            _ => client.status_of("/mfa/status", token).await == 200,
        }
    }
}

/// What the process holds at a moment.
#[derive(Debug, Clone, Copy)]
struct Sample {
    at: Duration,
    memory: f64,
    files: usize,
    log: u64,
}

fn sample(place: &Place, server: &Server, since: Instant) -> Sample {
    let log = std::fs::metadata(place.path("countersign.db-wal"));
    Sample {
        at: since.elapsed(),
        memory: resident(server.pid) as f64 / MEBIBYTE,
        files: open_files(server.pid),
        log: log.map_or(0, |log| log.len()),
    }
}

/// MiB in ten minutes, by least squares: one sample more or less must not decide.
fn slope(samples: &[Sample]) -> f64 {
    let count = samples.len() as f64;
    let mean = |of: fn(&Sample) -> f64| samples.iter().map(of).sum::<f64>() / count;
    let (time, memory) = (mean(|one| one.at.as_secs_f64()), mean(|one| one.memory));
    let (mut above, mut below) = (0.0, 0.0);
    for one in samples {
        let off = one.at.as_secs_f64() - time;
        above += off * (one.memory - memory);
        below += off * off;
    }
    above / below * 600.0
}

/// Sign-ins that all have to wait for the database, since another process writes: now the server has every thread and every
/// connection that it will ever have. Whether the mix ever gets it there is chance, and might be after the warm-up. Answers
/// how many did not go as they should.
async fn crowd(place: &Place, mix: &Rc<Mix>) -> usize {
    let writing = place.hold_writers(Duration::from_millis(700));
    let turns = (0..40).map(|n| {
        let mix = Rc::clone(mix);
        spawn(async move { mix.turn(n % 2).await })
    });
    let failures = failed(turns.collect()).await;
    writing.join().unwrap();
    failures
}

/// How many did not go as they should.
async fn failed(turns: Vec<JoinHandle<bool>>) -> usize {
    let done = join_all(turns).await;
    let wrong = done.iter().filter(|went| !matches!(went, Ok(true)));
    wrong.count()
}

#[actix_web::test]
async fn r16_a_long_mix_of_everything_leaves_nothing_behind() {
    let place = Rc::new(Place::new());
    let mut ada = Person::new(&place, "ada@example.com");
    let server = place.serve_with(|command| {
        without_limits(command);
        command.env("RUST_LOG", "warn,countersign=info");
    });
    let client = Client::of(&server);
    let token = ada.sign_in(&client).await;
    ada.set_up_app(&client, &token).await;
    let token = ada.enter(&place, &client).await.text("fullAccessToken");
    // What is two days past its end is to be gone soon.
    let old = chrono::Utc::now() - chrono::TimeDelta::days(2);
    let old = old.format("%Y-%m-%d %H:%M:%S");
    let doomed = ada.sign_in(&client).await;
    assert_eq!(client.status_of("/mfa/status", &doomed).await, 200);
    place.sql(&format!(
        "UPDATE session_tokens SET expires_at = '{old}' WHERE kind = 'limited'"
    ));
    let expired = || {
        place.sql_number(&format!(
            "SELECT count(*) AS n FROM session_tokens WHERE expires_at <= '{old}'"
        ))
    };
    assert!(expired() > 0);

    let browser = reqwest::Client::builder()
        .resolve("localhost", ([127, 0, 0, 1], 0).into())
        .no_proxy()
        .build()
        .unwrap();
    let since = Instant::now();
    let (duration, every) = scaled((8, 50), (600, 10));
    let (duration, warm_up) = (
        Duration::from_secs(duration),
        Duration::from_secs(scaled(2, 240)),
    );
    let mut ticks = interval(Duration::from_millis(every));
    let (mut asked, mut samples) = (Vec::new(), Vec::new());
    let mut purged = None;
    let mut failures = 0;
    let mix = Rc::new(Mix {
        client,
        place: Rc::clone(&place),
        ada,
        token,
        browser,
    });
    for n in 0.. {
        ticks.tick().await;
        if since.elapsed() > duration {
            break;
        }
        let one = Rc::clone(&mix);
        asked.push(spawn(async move { one.turn(n).await }));
        // One address may hold 64 connections.
        if asked.len() == 50 {
            failures += failed(asked.drain(..25).collect()).await;
        }
        if since.elapsed() < warm_up && n % CROWD_EVERY == 0 {
            failures += failed(std::mem::take(&mut asked)).await;
            failures += crowd(&place, &mix).await;
        }
        let step = Duration::from_millis(scaled(250, 5_000));
        if samples
            .last()
            .is_none_or(|last: &Sample| since.elapsed() - last.at >= step)
        {
            samples.push(sample(&place, &server, since));
            if purged.is_none() && expired() == 0 {
                purged = Some(since.elapsed());
            }
        }
    }
    failures += failed(asked).await;
    let warm: Vec<Sample> = samples
        .iter()
        .copied()
        .filter(|one| one.at > warm_up)
        .collect();
    let largest = |of: fn(&Sample) -> u64| warm.iter().map(of).max().unwrap() as f64;
    at_most(
        "R16",
        "memory slope",
        slope(&warm),
        "MiB/10 min",
        scaled(1_000.0, 1.0),
    );
    at_most(
        "R16",
        "write-ahead log",
        largest(|one| one.log) / MEBIBYTE,
        "MiB",
        64.0,
    );
    // Those of the pool, the readers and one client come and go.
    sleep(Duration::from_secs(1)).await;
    let (first, last) = (warm[0].files, sample(&place, &server, since).files);
    at_most(
        "R16",
        "more files open than after the warm-up",
        last as f64 - first as f64,
        "",
        32.0,
    );
    if let Some(purged) = purged {
        at_most(
            "R16",
            "until expired rows were gone",
            purged.as_secs_f64(),
            "s",
            600.0,
        );
    }
    assert!(
        purged.is_some() || duration < Duration::from_secs(120),
        "expired rows are kept"
    );
    assert_eq!(failures, 0, "requests that did not go as they should");
}
