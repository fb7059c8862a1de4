//! Many people who sign in with their passwords at once.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use serde_json::json;

use super::cores;
use super::data::{PASSWORD, WITH_PASSWORD};
use super::server::Server;

/// How many passwords the server hashes at once.
pub fn permits() -> usize {
    cores().saturating_sub(1).max(1)
}

/// How long one sign-in takes when nobody else is there; the median of ten.
pub async fn time_of_one(server: &Server) -> Duration {
    let client = client_at(1);
    let mut times = Vec::new();
    for _ in 0..10 {
        let started = Instant::now();
        assert!(sign_in_once(&client, server, 1).await);
        times.push(started.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2]
}

/// 64 clients, each of which signs in again and again, and waits when it is told to. Answers how many sign-ins were
/// finished.
pub async fn sign_in(server: &Server, time: Duration) -> usize {
    let started = Instant::now();
    let clients = (1..=WITH_PASSWORD).map(async |account| {
        let client = client_at(account);
        let mut finished = 0;
        while started.elapsed() < time {
            if sign_in_once(&client, server, account).await {
                finished += usize::from(started.elapsed() < time);
            } else {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        finished
    });
    let finished: Vec<usize> = futures_util::future::join_all(clients).await;
    finished.into_iter().sum()
}

/// A client with an address of its own: wrong and unfinished passwords are limited by address.
fn client_at(n: usize) -> reqwest::Client {
    let address = IpAddr::from([127, 0, 0, u8::try_from(n + 1).unwrap()]);
    reqwest::Client::builder()
        .local_address(address)
        .build()
        .unwrap()
}

/// False when the server is busy.
async fn sign_in_once(client: &reqwest::Client, server: &Server, account: usize) -> bool {
    let body = json!({"email": format!("u{account}@example.com"), "password": PASSWORD});
    let url = format!("{}/user/login", server.url);
    let answer = client.post(url).json(&body).send().await.unwrap();
    match answer.status().as_u16() {
        200 => true,
        503 => false,
        status => panic!("{status}: {}", answer.text().await.unwrap()),
    }
}
