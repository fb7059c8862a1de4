//! R01 and R02: killed at any moment, in the middle of any sign-in, the server and Postgres break none of these promises:
//!
//! - I1: what was acknowledged is there after the restart
//! - I2: a method that is on has a secret that opens; nothing is set up by half
//! - I3: an acknowledged code, link or token never works again (a refresh token: for nothing but the same pair), and
//!   one that was not acknowledged opens one session at most
//! - I4: an acknowledged wrong code still counts
//! - I5: SQLite's own checks of the file find nothing
//! - I6: two seconds after the start it is ready

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use crate::client::{Answer, Client, until};
use crate::cluster::Cluster;
use crate::deeds::{backup_code, code, link, refresh, set_up, wrong_code};
use crate::people::Person;
use crate::scale::{at_most, chance, millis, scaled, skipped};
use crate::support::{Place, Server, without_limits};

/// What breaks.
enum Cut {
    /// Our process is killed and started again.
    Process,
    /// Postgres ends without a last word and is started again.
    Cluster(Cluster),
    /// The process of Postgres that serves us is killed.
    Backend(Cluster),
}

pub struct Scene {
    pub place: Place,
    server: Server,
    pub client: Client,
    cut: Cut,
    /// How long it took to be ready again, each time.
    healed: Vec<Duration>,
    acknowledged: usize,
}

fn serve(place: &Place) -> Server {
    place.serve_with(|command| {
        without_limits(command);
        // A busy machine may take longer for a restart than the usual ten seconds of grace.
        command
            .env("COUNTERSIGN_REFRESH_GRACE", "5m")
            .env("RUST_LOG", "warn,countersign=info");
    })
}

impl Scene {
    /// And two people: one with an authenticator app and backup codes, one with email links.
    async fn new(place: Place, cut: Cut) -> (Self, Person, Person) {
        let mut ada = Person::new(&place, "ada@example.com");
        let grace = Person::new(&place, "grace@example.com");
        let server = serve(&place);
        let client = Client::of(&server);
        let token = ada.sign_in(&client).await;
        ada.set_up_app(&client, &token).await;
        let token = grace.sign_in(&client).await;
        let link = json!({"mfaType": "MAGIC_LINK"});
        let answer = client.post("/mfa/setup", &token, link).await.unwrap();
        assert!(answer.is_ok(), "{answer:?}");
        let mut text = None;
        until(Duration::from_secs(20), "no mail", async || {
            text = grace.newest_mail(&place);
            text.is_some()
        })
        .await;
        let text = text.unwrap();
        let code = text.trim_end().rsplit_once('#').unwrap().1;
        let body = json!({"mfaType": "MAGIC_LINK", "code": code});
        let answer = client
            .post("/mfa/verify-setup", &token, body)
            .await
            .unwrap();
        assert!(answer.is_ok(), "{answer:?}");
        let healed = Vec::new();
        let scene = Self {
            place,
            server,
            client,
            cut,
            healed,
            acknowledged: 0,
        };
        (scene, ada, grace)
    }

    /// Sends a request and breaks something 0 to 50 ms later, sooner more often than later. Answers what came back, if
    /// it was an answer to the request, once all is well again.
    pub async fn post(&mut self, path: &str, token: &str, body: Value) -> Option<Answer> {
        let part = chance(1_000) as f64 / 1_000.0;
        let moment = Duration::from_secs_f64(0.05 * part.powi(3));
        let breaking = async {
            sleep(moment).await;
            match &self.cut {
                Cut::Process => self.server.signal("KILL"),
                Cut::Cluster(cluster) => cluster.crash(),
                Cut::Backend(cluster) => {
                    let backends = cluster.backends();
                    backends.first().copied().into_iter().for_each(kill);
                    // Postgres trusts none of the others any more, and ends them.
                    let are_gone = async || !backends.iter().any(is_running);
                    until(Duration::from_secs(10), "they go on", are_gone).await;
                }
            }
        };
        let (answer, ()) = join(self.client.post(path, token, body), breaking).await;
        self.heal().await;
        let answer = answer.filter(|answer| answer.status < 500);
        self.acknowledged += usize::from(answer.is_some());
        answer
    }

    /// I5, I6.
    async fn heal(&mut self) {
        if let Cut::Cluster(cluster) = &self.cut {
            cluster.start();
        }
        let since = Instant::now();
        if matches!(self.cut, Cut::Process) {
            assert_eq!(
                self.server.wait(Duration::from_secs(10)),
                None,
                "it was killed"
            );
            self.serve_again();
        }
        // More at once than there are connections, so that each of them is found to be dead, or is new.
        let asked = match self.cut {
            Cut::Process => 1,
            Cut::Cluster(_) | Cut::Backend(_) => 24,
        };
        until(
            Duration::from_secs(20),
            "it is not ready again",
            async || {
                let asked = (0..asked).map(|_| self.client.status_of("/health/ready", ""));
                join_all(asked)
                    .await
                    .into_iter()
                    .all(|status| status == 200)
            },
        )
        .await;
        self.healed.push(since.elapsed());
        if self.place.postgres.is_none() {
            for check in [
                "SELECT count(*) AS n FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
                "SELECT count(*) AS n FROM pragma_foreign_key_check",
            ] {
                assert_eq!(self.place.sql_number(check), 0, "{check}");
            }
        }
    }

    fn serve_again(&mut self) {
        self.server = serve(&self.place);
        self.client = Client::of(&self.server);
    }

    /// Where the process is not killed it would soon say that an account has set up enough for an hour.
    fn forget_limits(&mut self) {
        self.server.signal("TERM");
        assert_eq!(self.server.wait(Duration::from_secs(20)), Some(0));
        self.serve_again();
    }

    /// How many sign-ins this person has completed with a second factor.
    fn completed(&self, person: &Person) -> i64 {
        let id = &person.id;
        self.place.sql_number(&format!(
            "SELECT count(*) AS n FROM sessions WHERE user_id = '{id}' AND factor_at IS NOT NULL"
        ))
    }

    pub async fn is_verified(&self, token: &str) -> bool {
        let status = self.client.get("/mfa/status", token).await.unwrap();
        status.body["data"]["sessionVerified"] == true
    }

    /// I1 and I3 of an answer that opens a session. `other` is a second session that owes a factor.
    pub async fn one_session(&mut self, person: &Person, owed: &str, other: &str, body: Value) {
        let before = self.completed(person);
        let answer = self.post("/mfa/verify-login", owed, body.clone()).await;
        let mut opened = 0;
        if let Some(answer) = answer {
            assert!(answer.is_ok(), "{answer:?}");
            opened += 1;
            assert!(
                self.is_verified(&answer.text("fullAccessToken")).await,
                "I1: {answer:?}"
            );
        }
        for token in [owed, other] {
            let again = self
                .client
                .post("/mfa/verify-login", token, body.clone())
                .await
                .unwrap();
            assert!(again.status < 500, "{again:?}");
            opened += usize::from(again.is_ok());
        }
        assert!(opened <= 1, "I3: {body} opened {opened} sessions");
        let completed = self.completed(person) - before;
        assert!(completed <= 1, "I3: {body} completed {completed} sessions");
        assert!(completed == 1, "{body} was lost");
    }
}

/// Ends a process that may just have ended.
fn kill(pid: i64) {
    let mut kill = Command::new("kill");
    let _ = kill.args(["-KILL", &pid.to_string()]).output();
}

fn is_running(pid: &i64) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

/// So many rounds, each a deed in the middle of which something breaks.
async fn rounds(id: &str, place: Place, cut: Cut, count: usize, goal: f64) {
    let (mut scene, mut ada, grace) = Scene::new(place, cut).await;
    for round in 0..count {
        if round > 0 && round % 24 == 0 && !matches!(scene.cut, Cut::Process) {
            scene.forget_limits();
        }
        match round % 6 {
            0 => set_up(&mut scene, &mut ada).await,
            1 => code(&mut scene, &mut ada).await,
            2 => refresh(&mut scene, &mut ada).await,
            3 => backup_code(&mut scene, &mut ada).await,
            4 => wrong_code(&mut scene, &mut ada).await,
            _ => link(&mut scene, &grace).await,
        }
    }
    let verified = scene.place.run(&["activity", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    let (acknowledged, worst) = (scene.acknowledged, scene.healed.iter().max().unwrap());
    println!("{id}  {count} rounds, {acknowledged} answers came before the cut, 0 promises broken");
    at_most(id, "longest way back to ready", millis(*worst), "ms", goal);
}

#[actix_web::test]
async fn r01_r02_a_process_that_is_killed_at_any_moment_breaks_no_promise() {
    let place = Place::new();
    let id = if place.postgres.is_some() {
        "R02"
    } else {
        "R01"
    };
    rounds(id, place, Cut::Process, scaled(50, 500), 2_000.0).await;
}

#[actix_web::test]
async fn r02_a_postgres_that_crashes_at_any_moment_breaks_no_promise() {
    let Some(cluster) = Cluster::start_new() else {
        return skipped("R02", "this run has no Postgres");
    };
    rounds(
        "R02",
        cluster.place(),
        Cut::Cluster(cluster),
        scaled(12, 60),
        5_000.0,
    )
    .await;
}

#[actix_web::test]
async fn r02_a_backend_that_is_killed_at_any_moment_breaks_no_promise() {
    let Some(cluster) = Cluster::start_new() else {
        return skipped("R02", "this run has no Postgres");
    };
    rounds(
        "R02",
        cluster.place(),
        Cut::Backend(cluster),
        scaled(12, 60),
        5_000.0,
    )
    .await;
}
