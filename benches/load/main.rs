//! The load benchmark: `GET /mfa/status` against a bare actix handler that returns the same body, in one process
//! and one build, alternating, so that the ratio holds although the machine's speed drifts.
//!
//! `make bench` runs it. `ACCOUNTS`, `ROUNDS` and `SECONDS` change its size; Postgres is measured too when
//! `TEST_DATABASE_URL` names one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::net::TcpListener;
use std::process::Command;

use actix_web::dev::ServerHandle;
use actix_web::{App as HttpApp, HttpResponse, HttpServer, web};
use countersign::accounts::users::{NewUser, Role};
use countersign::activity::{Door, Origin};
use countersign::app::App;
use countersign::clock::Clock;
use countersign::config::{Config, Settings};
use countersign::crypto::password::{Params, Password};
use countersign::db::{self, write};
use countersign::organizations::members;
use countersign::web::{ServerOptions, start};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

const PASSWORD: &str = "correct horse battery staple";
const CONNECTIONS: &str = "-c32";
const WORKERS: usize = 2;

/// Accounts that are made by one statement.
const PIECE: usize = 20_000;

fn main() {
    // The log at its default, as in earnest; only where it goes is nowhere.
    let nowhere = std::fs::File::create("/dev/null").unwrap();
    env_logger::Builder::new()
        .parse_filters("info")
        .target(env_logger::Target::Pipe(Box::new(nowhere)))
        .init();
    let accounts = number("ACCOUNTS", 10_000);
    let (rounds, seconds) = (number("ROUNDS", 5), number("SECONDS", 3));
    println!(
        "{accounts} accounts, {rounds} alternating rounds of {seconds} s, medians of requests per second"
    );
    println!(
        "{:<10} {:>10} {:>10} {:>10} {:>7} {:>8}",
        "", "bare", "status", "304", "ratio", "goal"
    );
    actix_web::rt::System::new().block_on(async {
        measure("SQLite", None, 0.50, accounts, rounds, seconds).await;
        match std::env::var("TEST_DATABASE_URL") {
            Ok(url) => {
                let url = own_schema(&url);
                measure("Postgres", Some(url), 0.20, accounts, rounds, seconds).await;
            }
            Err(_) => println!("Postgres   not measured (TEST_DATABASE_URL is not set)"),
        }
    });
}

async fn measure(
    name: &str,
    url: Option<String>,
    goal: f64,
    accounts: usize,
    rounds: usize,
    seconds: usize,
) {
    let folder = tempfile::tempdir().unwrap();
    let (ours, token) = serve(folder.path(), url, accounts).await;
    let bearer = format!("Authorization: Bearer {token}");
    let (body, etag) = status(&ours.url, &token).await;
    let bare = serve_bare(body);
    let known = format!("If-None-Match: {etag}");
    let mut results: [Vec<f64>; 3] = Default::default();
    for _ in 0..rounds {
        for (n, (url, headers)) in [
            (&bare.url, vec![&bearer]),
            (&ours.url, vec![&bearer]),
            (&ours.url, vec![&bearer, &known]),
        ]
        .into_iter()
        .enumerate()
        {
            results[n].push(wrk(url, &headers, seconds).await);
        }
    }
    let [bare_rate, status_rate, unchanged] = results.map(median);
    let ratio = status_rate / bare_rate;
    println!(
        "{name:<10} {bare_rate:>10.0} {status_rate:>10.0} {unchanged:>10.0} {ratio:>7.2} {goal:>8.2}"
    );
    ours.handle.stop(false).await;
    bare.handle.stop(false).await;
}

struct Running {
    url: String,
    handle: ServerHandle,
}

/// Our server, on a database with this many accounts, and somebody's bearer token.
async fn serve(
    folder: &std::path::Path,
    url: Option<String>,
    accounts: usize,
) -> (Running, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = Settings {
        data_dir: Some(folder.to_str().unwrap().to_owned()),
        database_url: url,
        bind: Some(listener.local_addr().unwrap().to_string()),
        ..Settings::default()
    };
    let config = Config::from_settings(&settings).unwrap();
    let app = App::start(config, Clock::default(), Params::default()).unwrap();
    fill(&app, accounts);
    let hash = app
        .hasher
        .hash(Password::new(PASSWORD.to_owned()))
        .await
        .unwrap();
    let new = NewUser {
        email: "ada@example.com".to_owned(),
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        organization_id: None,
        role: Role::User,
        password_hash: Some(hash),
    };
    let mut conn = db::connection(&app.pool).unwrap();
    write(&mut conn, |conn| {
        let origin = Origin::local(Door::Cli);
        members::create(conn, &app.keys, &origin, Some("Acme"), new, app.clock.now())
    })
    .unwrap();
    drop(conn);
    let base = format!("http://{}", listener.local_addr().unwrap());
    let options = ServerOptions {
        workers: WORKERS,
        handle_signals: false,
    };
    let server = start(app, listener, options).unwrap();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    let answer: serde_json::Value = reqwest::Client::new()
        .post(format!("{base}/user/login"))
        .json(&serde_json::json!({"email": "ada@example.com", "password": PASSWORD}))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = answer["accessToken"].as_str().unwrap().to_owned();
    let url = format!("{base}/mfa/status");
    (Running { url, handle }, token)
}

/// What there is to beat: the same body without anything in front of it.
fn serve_bare(body: String) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/mfa/status", listener.local_addr().unwrap());
    let server = HttpServer::new(move || {
        let body = body.clone();
        HttpApp::new().route(
            "/mfa/status",
            web::get().to(move || {
                let body = body.clone();
                async move {
                    HttpResponse::Ok()
                        .content_type("application/json")
                        .body(body)
                }
            }),
        )
    })
    .workers(WORKERS)
    .disable_signals()
    .listen(listener)
    .unwrap()
    .run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Running { url, handle }
}

/// Accounts, each with a session and a token, so that the indexes are as deep as in earnest.
fn fill(app: &App, accounts: usize) {
    let mut conn = db::connection(&app.pool).unwrap();
    let at = "'2026-01-01 00:00:00'";
    // In pieces, each well within the time that the server grants a statement.
    for from in (1..=accounts).step_by(PIECE) {
        let to = accounts.min(from + PIECE - 1);
        let numbers = format!(
            "WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})"
        );
        for sql in [
            format!(
                "INSERT INTO users (id, email, first_name, last_name, created_at, updated_at) {numbers} \
                 SELECT 'u' || i, 'u' || i || '@example.com', 'A', 'B', {at}, {at} FROM n"
            ),
            format!(
                "INSERT INTO sessions (id, user_id, kind, epoch, pending, peer_address, user_agent, created_at, \
                 last_seen_at, expires_at) {numbers} SELECT 's' || i, 'u' || i, 'api', 0, FALSE, '', '', {at}, \
                 {at}, '2099-01-01 00:00:00' FROM n"
            ),
        ] {
            conn.batch_execute(&sql).unwrap();
        }
    }
}

/// The body and the tag that the other side has to match.
async fn status(url: &str, token: &str) -> (String, String) {
    let request = reqwest::Client::new().get(url).bearer_auth(token);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let etag = answer.headers()["etag"].to_str().unwrap().to_owned();
    (answer.text().await.unwrap(), etag)
}

/// Requests per second.
async fn wrk(url: &str, headers: &[&String], seconds: usize) -> f64 {
    let mut command = Command::new("wrk");
    command.args(["-t1", CONNECTIONS, &format!("-d{seconds}s"), url]);
    for header in headers {
        command.args(["-H", header]);
    }
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .expect("wrk runs");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("Non-2xx"), "{text}");
    let rate = text
        .lines()
        .find_map(|line| line.strip_prefix("Requests/sec:"));
    rate.unwrap_or_else(|| panic!("{text}"))
        .trim()
        .parse()
        .unwrap()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn own_schema(base: &str) -> String {
    let schema = format!("bench_{}", db::new_id().replace('-', "_"));
    PgConnection::establish(base)
        .unwrap()
        .batch_execute(&format!("CREATE SCHEMA {schema}"))
        .unwrap();
    format!("{base}?options=-csearch_path%3D{schema}")
}
