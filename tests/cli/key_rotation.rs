//! `countersign keys rotate`: another key for everything, while people sign in.

use std::fs;
use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::authenticator::{App, sign_in_with};
use crate::support::{Place, Server};

/// The columns of sealed values.
const SEALED: [(&str, &str); 4] = [
    ("totp_secrets", "secret"),
    ("totp_setups", "secret"),
    ("backup_code_sets", "plain"),
    ("mails", "link"),
];

/// The ids in the key file, the active one first.
fn key_ids(place: &Place) -> Vec<String> {
    let text = fs::read_to_string(place.path("keys")).unwrap();
    let keys = text.lines().filter(|line| line.starts_with("key "));
    let mut keys: Vec<&str> = keys.collect();
    keys.sort_by_key(|line| !line.ends_with(" active"));
    assert_eq!(text.matches(" active").count(), 1, "{text}");
    let id = |line: &&str| line.split(' ').nth(1).unwrap().to_owned();
    keys.iter().map(id).collect()
}

/// How many values another key than this one has sealed.
fn sealed_by_others(place: &Place, kid: &str) -> i64 {
    let count = |(table, column)| {
        place.sql_number(&format!(
            "SELECT count(*) AS n FROM {table} WHERE {column} NOT LIKE 'v1.{kid}.%'"
        ))
    };
    SEALED.into_iter().map(count).sum()
}

fn serve(place: &Place) -> Server {
    place.serve_with(|command| {
        command
            .env("COUNTERSIGN_LIMIT_CODE_ADDRESS", "0")
            .env("COUNTERSIGN_LIMIT_PASSWORD_ADDRESS", "0");
    })
}

/// Somebody with an authenticator app.
async fn with_app(place: &Place, server: &Server, name: &str) -> (String, App) {
    let email = format!("{name}@example.com");
    place.create_user(&email, &[]);
    let (token, _) = server.sign_in(&email).await;
    let app = App::set_up(server, &token).await;
    (email, app)
}

/// A rotation in a process of its own.
fn rotation(place: &Place) -> Child {
    let mut command = place.command(&["--json", "keys", "rotate"]);
    command.stdout(std::process::Stdio::piped());
    command.spawn().unwrap()
}

#[actix_web::test]
async fn r18_everything_is_sealed_anew_and_what_was_in_use_goes_on() {
    let place = Place::new();
    let server = serve(&place);
    let (email, app) = with_app(&place, &server, "ada").await;
    let (token, _) = server.sign_in(&email).await;
    // A set-up that waits, and a link that waits to be mailed.
    place.create_user("grace@example.com", &[]);
    let (grace, _) = server.sign_in("grace@example.com").await;
    let body = json!({"mfaType": "GOOGLE_AUTH"});
    assert_eq!(server.call("POST", "/mfa/setup", &grace, body).await.0, 200);
    let before = key_ids(&place).remove(0);

    let answer = place.run(&["--json", "keys", "rotate"]).json();
    let now = key_ids(&place);
    assert_eq!(now.len(), 2);
    assert_eq!(
        (&answer["key"], &answer["unopened"]),
        (&json!(now[0]), &json!(0))
    );
    assert!(answer["resealed"].as_u64().unwrap() >= 3, "{answer}");
    assert_eq!(now[1], before);
    assert_eq!(sealed_by_others(&place, &now[0]), 0);

    // Tokens, codes and the password go on, on the server that runs and on one that starts.
    let (status, body) = server.call("GET", "/mfa/status", &token, json!(null)).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(sign_in_with(&server, &email, &app.code(0)).await.0, 200);
    let again = serve(&place);
    assert_eq!(sign_in_with(&again, &email, &app.code(1)).await.0, 200);
    let spent = sign_in_with(&again, &email, &app.code(0)).await;
    assert_eq!(spent.0, 400, "{spent:?}");
    assert_eq!(
        sign_in_with(&again, &email, &app.backup_codes[0]).await.0,
        200
    );
    // Who signed in has their password hashed under the key of now.
    let hashed = format!(
        "SELECT count(*) AS n FROM users WHERE email = '{email}' AND password_hash LIKE '%keyid={}$%'",
        now[0]
    );
    assert_eq!(place.sql_number(&hashed), 1);
    place.run(&["activity", "verify"]).ok();
    let rotated = "SELECT count(*) AS n FROM activity WHERE event = 'key_rotated'";
    assert_eq!(place.sql_number(rotated), 1);
}

#[actix_web::test]
async fn r18_nobody_notices_a_rotation_and_a_killed_one_is_gone_on_with() {
    let place = Place::new();
    let server = serve(&place);
    let mut people = Vec::new();
    for n in 0..6 {
        people.push(with_app(&place, &server, &format!("person-{n}")).await);
    }
    let (signed_in, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    // Two codes of an app and ten of paper each: everybody signs in twelve times, one after the other.
    let load = async {
        for round in 0..12 {
            for (email, app) in &people {
                let code = match round {
                    0 | 1 => app.code(round),
                    paper => app.backup_codes[usize::try_from(paper).unwrap() - 2].clone(),
                };
                let (status, body) = sign_in_with(&server, email, &code).await;
                assert_eq!(status, 200, "{email}, round {round}: {body}");
                signed_in.fetch_add(1, Ordering::SeqCst);
            }
        }
        done.store(true, Ordering::SeqCst);
    };
    let rotations = async {
        let mut killed = 0;
        while !done.load(Ordering::SeqCst) {
            let mut child = rotation(&place);
            // Once early, once while it waits, once while it seals, or at its end.
            let patience = Duration::from_millis([150, 900, 2_300, 60_000][killed % 4]);
            let since = std::time::Instant::now();
            while child.try_wait().unwrap().is_none() && since.elapsed() < patience {
                actix_web::rt::time::sleep(Duration::from_millis(10)).await;
            }
            let _ = child.kill();
            child.wait().unwrap();
            killed += 1;
        }
        killed
    };
    let ((), rounds) = futures_util::future::join(load, rotations).await;
    let signed_in = signed_in.into_inner();
    println!("R18  {signed_in} sign-ins during {rounds} rotations, killed or not: none failed");
    assert_eq!(signed_in, 72);

    place.run(&["keys", "rotate"]).ok();
    let now = key_ids(&place);
    assert_eq!(sealed_by_others(&place, &now[0]), 0);
    place.run(&["activity", "verify"]).ok();
    // A start proves that every key that was ever used is still there.
    let again = serve(&place);
    let (token, _) = again.sign_in(&people[0].0).await;
    assert_eq!(
        again
            .call("GET", "/mfa/status", &token, json!(null))
            .await
            .0,
        200
    );
}

#[actix_web::test]
async fn r18_a_key_that_was_prepared_is_used_by_servers_with_a_copy_of_the_file() {
    let place = Place::new();
    if place.postgres.is_none() {
        return;
    }
    let here = serve(&place);
    let there_place = place.twin();
    let there = serve(&there_place);
    let (email, app) = with_app(&place, &here, "ada").await;
    let waiting = place.run(&["--json", "keys", "rotate", "--prepare"]).json();
    let again = place.run(&["--json", "keys", "rotate", "--prepare"]).json();
    assert_eq!(waiting, again, "one waits, however often it is asked for");
    assert_eq!(waiting["isActive"], false);
    assert_eq!(key_ids(&place).len(), 2);
    fs::copy(place.path("keys"), there_place.path("keys")).unwrap();

    let answer = place.run(&["--json", "keys", "rotate"]).json();
    assert_eq!(answer["key"], waiting["key"]);
    assert_eq!(sign_in_with(&there, &email, &app.code(0)).await.0, 200);
    assert_eq!(sign_in_with(&here, &email, &app.code(1)).await.0, 200);
}

#[test]
fn a_value_that_no_key_opens_is_counted_and_left_alone() {
    let place = Place::new();
    let id = place.create_user("ada@example.com", &[]);
    let outcome = place.run(&["user", "link", "ada@example.com", "--mail"]);
    outcome.ok();
    place.sql("UPDATE mails SET link = 'v1.0000.AAAA.AAAA' WHERE link IS NOT NULL");
    if place.sql_number("SELECT count(*) AS n FROM mails WHERE link IS NOT NULL") == 0 {
        panic!("no mail waits for {id}");
    }
    let outcome = place.run(&["keys", "rotate"]);
    assert_eq!(
        outcome.failed(),
        "1 values are opened by no key of the file, and were left as they are"
    );
    assert!(outcome.stdout.contains("is in use"), "{outcome:?}");
    assert_eq!(
        place.sql_number("SELECT count(*) AS n FROM mails WHERE link = 'v1.0000.AAAA.AAAA'"),
        1
    );
}
