//! One code and two servers on one database: whoever asks, it is accepted once.

use futures_util::future::join_all;
use serde_json::json;

use crate::authenticator::App;
use crate::support::{Place, Server};

fn without_limits(place: &Place) -> Server {
    place.serve_with(|command| {
        command
            .env("COUNTERSIGN_LIMIT_CODE_ADDRESS", "0")
            .env("COUNTERSIGN_LIMIT_PASSWORD_ADDRESS", "0");
    })
}

/// How many of fifty, spread over both servers, get in with one code, which is made once all have said their password.
async fn accepted(servers: [&Server; 2], code: impl FnOnce() -> String) -> usize {
    let mut limited = Vec::new();
    for n in 0..50 {
        limited.push(servers[n % 2].sign_in("ada@example.com").await.0);
    }
    let body = json!({"mfaType": "GOOGLE_AUTH", "code": code()});
    let answers =
        join_all(limited.iter().enumerate().map(|(n, token)| {
            servers[n % 2].call("POST", "/mfa/verify-login", token, body.clone())
        }))
        .await;
    for (status, body) in &answers {
        assert!([200, 400, 429, 503].contains(status), "{status} {body}");
    }
    answers.iter().filter(|(status, _)| *status == 200).count()
}

#[actix_web::test]
async fn b12_c02_of_fifty_over_two_processes_exactly_one_gets_in() {
    let place = Place::new();
    if place.postgres.is_none() {
        return;
    }
    place.create_user("ada@example.com", &[]);
    let other_place = place.twin();
    let (one, two) = (without_limits(&place), without_limits(&other_place));
    let (token, _) = one.sign_in("ada@example.com").await;
    let app = App::set_up(&one, &token).await;

    assert_eq!(accepted([&one, &two], || app.code(1)).await, 1);
    place.sql("DELETE FROM mfa_attempts");
    assert_eq!(
        accepted([&one, &two], || app.backup_codes[0].clone()).await,
        1
    );
    let status = place.run(&["--json", "mfa", "status", "ada@example.com"]);
    assert_eq!(status.json()["backupCodesLeft"], 9);
}
