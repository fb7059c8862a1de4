//! A client that expects the worst: every answer with how long it took, or that none came whole.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::Server;

/// How long it waits for anything.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client of one server. Each request has a connection of its own.
pub struct Client {
    http: reqwest::Client,
    pub origin: String,
}

/// An answer that came whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    /// Seconds.
    pub retry_after: Option<u64>,
    pub took: Duration,
}

impl Client {
    pub fn of(server: &Server) -> Self {
        Self::at(&server.origin)
    }

    pub fn at(origin: &str) -> Self {
        Self::built(origin, |builder| builder)
    }

    /// A client with another address on this machine: limits per address are none for it alone.
    pub fn from(server: &Server, address: &str) -> Self {
        let address: IpAddr = address.parse().unwrap();
        Self::built(&server.origin, |builder| builder.local_address(address))
    }

    fn built(
        origin: &str,
        change: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Self {
        let builder = reqwest::Client::builder()
            .resolve("localhost", ([127, 0, 0, 1], 0).into())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(0)
            .timeout(PATIENCE);
        Self {
            http: change(builder).build().unwrap(),
            origin: origin.to_owned(),
        }
    }

    /// Calls the API; `None` when no whole answer comes.
    pub async fn call(&self, verb: &str, path: &str, token: &str, body: Value) -> Option<Answer> {
        let url = format!("{}{path}", self.origin);
        let mut request = self.http.request(verb.parse().unwrap(), url);
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if !body.is_null() {
            request = request.json(&body);
        }
        let since = Instant::now();
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let header = response.headers().get("retry-after");
        let retry_after = header.and_then(|value| value.to_str().ok()?.parse().ok());
        let text = response.text().await.ok()?;
        Some(Answer {
            status,
            body: serde_json::from_str(&text).unwrap_or_default(),
            retry_after,
            took: since.elapsed(),
        })
    }

    pub async fn get(&self, path: &str, token: &str) -> Option<Answer> {
        self.call("GET", path, token, json!(null)).await
    }

    pub async fn post(&self, path: &str, token: &str, body: Value) -> Option<Answer> {
        self.call("POST", path, token, body).await
    }

    /// The status of a GET; 0 when no answer comes.
    pub async fn status_of(&self, path: &str, token: &str) -> u16 {
        let answer = self.get(path, token).await;
        answer.map_or(0, |answer| answer.status)
    }
}

impl Answer {
    pub fn is_ok(&self) -> bool {
        self.status == 200
    }

    /// The text of a field.
    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        let text = self.body[name].as_str();
        text.unwrap_or_else(|| panic!("no {name} in {self:?}"))
            .to_owned()
    }
}

/// Asks again and again until it is so; answers how long that took.
pub async fn until(
    patience: Duration,
    what: &str,
    mut is_so: impl AsyncFnMut() -> bool,
) -> Duration {
    let since = Instant::now();
    while !is_so().await {
        assert!(since.elapsed() < patience, "{what}");
        actix_web::rt::time::sleep(Duration::from_millis(20)).await;
    }
    since.elapsed()
}
