//! R05 and R08: the database is away, or slow, or silent. Each request gets its documented refusal in time, nobody gets
//! in by that, and when the database is back so is everything, without a restart.

use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use futures_util::future::{join, join_all};
use serde_json::Value;

use crate::client::{Answer, Client, until};
use crate::cluster::Cluster;
use crate::people::Person;
use crate::proxy::{Manner, Proxy};
use crate::scale::{at_most, millis, percentile, scaled, skipped};
use crate::support::{Place, Server, without_limits};

struct Scene {
    place: Place,
    server: Server,
    client: Client,
    ada: Person,
    /// Full access.
    full: String,
    /// Owes a second factor.
    owed: String,
}

impl Scene {
    async fn new(place: Place) -> Self {
        let mut ada = Person::new(&place, "ada@example.com");
        let server = place.serve_with(without_limits);
        let client = Client::of(&server);
        let token = ada.sign_in(&client).await;
        ada.set_up_app(&client, &token).await;
        let full = ada.enter(&place, &client).await.text("fullAccessToken");
        let owed = ada.sign_in(&client).await;
        ada.forget_steps(&place);
        Self {
            place,
            server,
            client,
            ada,
            full,
            owed,
        }
    }

    /// One request of each kind; none may get in, and each gets what is documented for it.
    async fn refusals(&self, limit: Duration) {
        let none = Value::Null;
        // A status, a sentence where one is documented; none for what needs no database.
        let cases: [(&str, &str, &str, Value, u16, &str); 6] = [
            (
                "GET",
                "/mfa/status",
                &self.full,
                none.clone(),
                500,
                "Failed to get MFA status",
            ),
            (
                "GET",
                "/mfa/methods",
                &self.full,
                none.clone(),
                500,
                "Failed to get MFA methods",
            ),
            (
                "POST",
                "/mfa/verify-login",
                &self.owed,
                self.ada.code(),
                500,
                "",
            ),
            ("GET", "/user/profile", &self.full, none.clone(), 503, ""),
            ("POST", "/user/login", "", self.ada.password(), 503, ""),
            ("GET", "/health/ready", "", none, 503, ""),
        ];
        let asked = cases
            .iter()
            .map(|(verb, path, token, body, ..)| self.client.call(verb, path, token, body.clone()));
        let answers = join_all(asked).await;
        for ((_, path, _, _, status, sentence), answer) in cases.iter().zip(answers) {
            let answer = answer.unwrap_or_else(|| panic!("{path} gets no answer"));
            assert_eq!(answer.status, *status, "{path}: {answer:?}");
            assert!(answer.retry_after.is_some(), "{path}: {answer:?}");
            assert!(
                sentence.is_empty() || answer.body["error"] == *sentence,
                "{path}: {answer:?}"
            );
            assert!(answer.took <= limit, "{path}: {answer:?}");
        }
        let live = self.client.get("/health/live", "").await.unwrap();
        assert!(
            live.is_ok() && live.took < Duration::from_secs(1),
            "{live:?}"
        );
    }

    /// Until the first success after the database is back: nothing was restarted, the same token works, and the code
    /// that was refused was not spent.
    async fn recovers(&self, id: &str) {
        let back = until(Duration::from_secs(30), "it does not recover", async || {
            self.client.status_of("/mfa/status", &self.full).await == 200
        })
        .await;
        at_most(
            id,
            "until the first success after the return",
            millis(back),
            "ms",
            5_000.0,
        );
        until(Duration::from_secs(10), "it is not ready", async || {
            self.client.status_of("/health/ready", "").await == 200
        })
        .await;
        let owed = self.ada.sign_in(&self.client).await;
        self.ada.forget_steps(&self.place);
        let answer = self
            .client
            .post("/mfa/verify-login", &owed, self.ada.code())
            .await
            .unwrap();
        assert!(answer.is_ok(), "{answer:?}");
        let log = self.server.said().join("\n");
        assert!(!log.contains("panicked"), "{log}");
    }

    /// How many threads the server has.
    fn threads(&self) -> usize {
        let tasks = format!("/proc/{}/task", self.server.pid);
        std::fs::read_dir(tasks).unwrap().count()
    }

    /// How long the process takes to say that it lives, again and again while something else goes on.
    async fn liveness(&self, during: impl Future<Output = ()>) -> Duration {
        let is_over = std::cell::Cell::new(false);
        let watching = async {
            let mut took = Vec::new();
            while !is_over.get() {
                let live = self.client.get("/health/live", "").await.unwrap();
                assert!(live.is_ok(), "{live:?}");
                took.push(live.took);
                sleep(Duration::from_millis(50)).await;
            }
            percentile(&mut took, 99)
        };
        let going_on = async {
            during.await;
            is_over.set(true);
        };
        join(watching, going_on).await.0
    }
}

#[actix_web::test]
async fn r05_while_postgres_is_away_everything_is_refused_in_time_and_comes_back_with_it() {
    let Some(cluster) = Cluster::start_new() else {
        return skipped("R05", "this run has no Postgres");
    };
    let scene = Scene::new(cluster.place()).await;
    for _ in 0..scaled(1, 3) {
        cluster.crash();
        // Beside other tests hashing and connecting may take longer than the two seconds.
        let limit = Duration::from_secs(scaled(5, 2));
        let until = Instant::now() + Duration::from_secs(scaled(3, 20));
        while Instant::now() < until {
            scene.refusals(limit).await;
            sleep(Duration::from_millis(300)).await;
        }
        cluster.start();
        scene.recovers("R05").await;
    }
}

#[actix_web::test]
async fn r05_a_file_of_sqlite_that_cannot_be_read_opens_nothing_and_comes_back() {
    let place = Place::new();
    if place.postgres.is_some() {
        return skipped("R05", "this run has no SQLite");
    }
    let ada = Person::new(&place, "ada@example.com");
    let before = place.serve();
    let token = ada.sign_in(&Client::of(&before)).await;
    before.signal("TERM");
    before.wait(Duration::from_secs(10));
    let server = place.serve();
    let client = Client::of(&server);
    // Its readers open the file when they are first asked.
    let (file, aside) = (place.path("countersign.db"), place.path("aside"));
    std::fs::rename(&file, &aside).unwrap();
    std::fs::write(
        &file,
        b"this is not a database, however long one looks at it ".repeat(200),
    )
    .unwrap();
    for _ in 0..20 {
        for path in ["/mfa/status", "/mfa/methods", "/user/profile"] {
            let answer = client.get(path, &token).await.unwrap();
            let status = if path.starts_with("/mfa") { 500 } else { 503 };
            assert_eq!(answer.status, status, "{path}: {answer:?}");
            assert!(
                answer.retry_after.is_some() && answer.took < Duration::from_secs(2),
                "{answer:?}"
            );
        }
        assert_eq!(client.status_of("/health/live", "").await, 200);
    }
    std::fs::rename(&aside, &file).unwrap();
    let back = until(Duration::from_secs(20), "it does not recover", async || {
        client.status_of("/mfa/status", &token).await == 200
    })
    .await;
    at_most(
        "R05",
        "until the first success after the return",
        millis(back),
        "ms",
        5_000.0,
    );
    assert!(!server.said().join("\n").contains("panicked"));
}

#[actix_web::test]
async fn r08_a_postgres_that_is_slow_or_silent_costs_requests_and_not_the_server() {
    let Some(cluster) = Cluster::start_new() else {
        return skipped("R08", "this run has no Postgres");
    };
    let proxy = Proxy::to(cluster.port());
    let mut place = cluster.place();
    place.postgres = Some(cluster.url_at(proxy.port));
    let scene = Scene::new(place).await;
    let idle = scene.liveness(sleep(Duration::from_secs(1))).await;
    // Many at once, so that every thread that there may be is there; and so few that one address may hold the connections
    // of two rounds.
    let many = async || {
        let asked = (0..25).map(|_| scene.client.get("/mfa/status", &scene.full));
        join_all(asked).await
    };
    many().await;
    let threads = scene.threads();
    for manner in [Manner::Slow, Manner::Silent] {
        proxy.becomes(manner);
        let live = scene
            .liveness(async {
                let until = Instant::now() + Duration::from_secs(scaled(8, 30));
                while Instant::now() < until {
                    for answer in many().await {
                        let answer = answer.unwrap();
                        let limit = Duration::from_millis(5_500);
                        assert!(answer.took < limit, "{manner:?}: {answer:?}");
                        assert!(
                            [200, 500].contains(&answer.status),
                            "{manner:?}: {answer:?}"
                        );
                    }
                }
            })
            .await;
        let goal = millis(idle * 5).max(50.0);
        at_most(
            "R08",
            &format!("{manner:?}: liveness p99"),
            millis(live),
            "ms",
            goal,
        );
        proxy.becomes(Manner::Prompt);
        scene.recovers("R08").await;
        let now = scene.threads();
        println!("R08  {manner:?}: {threads} threads before, {now} after");
        // The pool's own may come and go.
        assert!(now <= threads + 4, "{threads} threads have become {now}");
    }
}

#[actix_web::test]
async fn r08_a_table_that_is_locked_for_ten_seconds_costs_three_at_most() {
    let Some(cluster) = Cluster::start_new() else {
        return skipped("R08", "this run has no Postgres");
    };
    let scene = Scene::new(cluster.place()).await;
    let url = cluster.url();
    let locking = std::thread::spawn(move || {
        use diesel::connection::SimpleConnection;
        use diesel::{Connection, PgConnection};
        let mut conn = PgConnection::establish(&url).unwrap();
        conn.batch_execute(
            "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(10); COMMIT",
        )
        .unwrap();
    });
    let answered = async || scene.client.get("/mfa/status", &scene.full).await.unwrap();
    until(
        Duration::from_secs(5),
        "the lock does not come",
        async || !answered().await.is_ok(),
    )
    .await;
    let refused: Answer = answered().await;
    assert_eq!(refused.status, 500, "{refused:?}");
    assert!(
        refused.took < Duration::from_secs(5) && refused.retry_after.is_some(),
        "{refused:?}"
    );
    let live = scene.liveness(sleep(Duration::from_secs(2))).await;
    at_most("R08", "locked: liveness p99", millis(live), "ms", 50.0);
    locking.join().unwrap();
    scene.recovers("R08").await;
}
