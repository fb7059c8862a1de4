//! R04 and R21: one code and many users of it, and several processes on one database, which see at once what another did.
//!
//! On Postgres each process has a place of its own; on SQLite they share the file.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::client::{Answer, Client, until};
use crate::people::{Person, with_code};
use crate::scale::{is_soak, scaled};
use crate::support::{PASSWORD, Place, Server, without_limits};

/// Two servers on one database, and a client of each.
struct Pair {
    place: Place,
    /// Whose second server runs there, on Postgres.
    _twin: Option<Place>,
    servers: [Server; 2],
    clients: [Client; 2],
    ada: Person,
}

/// Whether a server may have answered that it has no time. In `make soak` only hashing may take too long; beside other
/// tests everything may.
fn may_be_busy(answer: &Answer, is_hashed: bool) -> bool {
    answer.retry_after.is_some() && (is_hashed || !is_soak())
}

impl Pair {
    /// Somebody with an authenticator app, who set it up partly here, partly there.
    async fn new() -> Self {
        let place = Place::new();
        let mut ada = Person::new(&place, "ada@example.com");
        let twin = place.postgres.is_some().then(|| place.twin());
        let servers = [
            place.serve_with(without_limits),
            twin.as_ref().unwrap_or(&place).serve_with(without_limits),
        ];
        let clients = [Client::of(&servers[0]), Client::of(&servers[1])];
        let token = ada.sign_in(&clients[0]).await;
        ada.set_up_app(&clients[1], &token).await;
        Self {
            place,
            _twin: twin,
            servers,
            clients,
            ada,
        }
    }

    /// Fifty of the same request, spread over both servers.
    async fn fifty(&self, path: &str, tokens: &[String], body: &Value) -> Vec<Answer> {
        let asked = (0..50).map(|n| {
            let token = tokens.get(n).map_or("", String::as_str);
            self.clients[n % 2].post(path, token, body.clone())
        });
        let answers = join_all(asked).await;
        answers.into_iter().map(Option::unwrap).collect()
    }

    /// Rounds in which fifty sessions of this person answer with the same thing, made for the round; in each of them
    /// exactly one gets in. Only the hashing of backup codes may have too long a queue.
    async fn rounds(
        &self,
        person: &Person,
        is_hashed: bool,
        mut thing: impl AsyncFnMut() -> Value,
    ) {
        let mut owed = Vec::new();
        for _ in 0..scaled(2, 100) {
            while owed.len() < 50 {
                owed.push(person.sign_in(&self.clients[owed.len() % 2]).await);
            }
            self.place.sql("DELETE FROM mfa_attempts");
            let body = thing().await;
            let answers = self.fifty("/mfa/verify-login", &owed, &body).await;
            let winners = answers.iter().filter(|answer| answer.is_ok()).count();
            assert_eq!(winners, 1, "{answers:?}");
            for answer in &answers {
                assert!(
                    answer.status < 500 || may_be_busy(answer, is_hashed),
                    "{answer:?}"
                );
            }
            let winner = answers.iter().position(Answer::is_ok).unwrap();
            owed.remove(winner);
        }
        let log = self.servers.iter().flat_map(Server::said);
        let locked: Vec<_> = log
            .filter(|line| line.contains("database is locked"))
            .collect();
        assert!(locked.is_empty(), "{locked:?}");
    }
}

#[actix_web::test]
async fn r04_b12_of_fifty_with_one_code_exactly_one_gets_in() {
    let pair = Pair::new().await;
    pair.rounds(&pair.ada, false, async || {
        pair.ada.forget_steps(&pair.place);
        pair.ada.code()
    })
    .await;
}

#[actix_web::test]
async fn r04_c02_of_fifty_with_one_backup_code_exactly_one_gets_in() {
    let pair = Pair::new().await;
    let mut left = pair.ada.backup_codes.clone();
    pair.rounds(&pair.ada, true, async || {
        if left.is_empty() {
            let entered = pair.ada.enter(&pair.place, &pair.clients[0]).await;
            let token = entered.text("fullAccessToken");
            let answer = pair.clients[0]
                .post("/mfa/backup-codes", &token, json!({}))
                .await
                .unwrap();
            left = serde_json::from_value(answer.body["data"]["backupCodes"].clone()).unwrap();
        }
        with_code(&left.pop().unwrap())
    })
    .await;
    let status = pair
        .place
        .run(&["--json", "mfa", "status", "ada@example.com"]);
    assert_eq!(status.json()["backupCodesLeft"], left.len());
}

#[actix_web::test]
async fn r04_d04_of_fifty_with_one_mailed_link_exactly_one_gets_in() {
    let pair = Pair::new().await;
    let grace = Person::new(&pair.place, "grace@example.com");
    let client = &pair.clients[0];
    let token = grace.sign_in(client).await;
    let link = json!({"mfaType": "MAGIC_LINK"});
    assert!(
        client
            .post("/mfa/setup", &token, link)
            .await
            .unwrap()
            .is_ok()
    );
    let text = grace.newest_mail(&pair.place).unwrap();
    let code = text.trim_end().rsplit_once('#').unwrap().1;
    let body = json!({"mfaType": "MAGIC_LINK", "code": code});
    assert!(
        client
            .post("/mfa/verify-setup", &token, body)
            .await
            .unwrap()
            .is_ok()
    );
    // A link belongs to the session that asked: the fifty are copies of one request.
    for _ in 0..scaled(2, 100) {
        let owed = grace.sign_in(client).await;
        let sent = client
            .post("/mfa/magic-link/send", &owed, json!({}))
            .await
            .unwrap();
        assert!(sent.is_ok(), "{sent:?}");
        let text = grace.newest_mail(&pair.place).unwrap();
        let link = text
            .lines()
            .find(|line| line.contains("/login/link/"))
            .unwrap();
        let token = link.trim().rsplit_once('/').unwrap().1;
        let body = json!({"mfaType": "MAGIC_LINK", "token": token});
        let answers = pair
            .fifty("/mfa/verify-login", &vec![owed; 50], &body)
            .await;
        let winners = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(winners, 1, "{answers:?}");
        let is_fine = |answer: &Answer| answer.status < 500 || may_be_busy(answer, false);
        assert!(answers.iter().all(is_fine), "{answers:?}");
    }
}

#[actix_web::test]
async fn r04_fifty_with_one_refresh_token_get_one_and_the_same_pair() {
    let pair = Pair::new().await;
    // Each account has sixty refreshes a minute.
    for person in pair.ada.copies(&pair.place, scaled(2, 100)) {
        let body = json!({"email": person.email, "password": PASSWORD});
        let signed_in = pair.clients[0].post("/user/login", "", body).await.unwrap();
        let body = json!({"refresh_token": signed_in.text("refreshToken")});
        let answers = pair.fifty("/user/refresh", &[], &body).await;
        for answer in &answers {
            assert!(
                answer.is_ok() && answer.body == answers[0].body,
                "{answers:?}"
            );
        }
    }
}

#[actix_web::test]
async fn r21_a_lock_by_one_process_is_felt_at_the_other_at_once() {
    let pair = Pair::new().await;
    for n in 0..5 {
        let client = &pair.clients[n % 2];
        let owed = pair.ada.sign_in(client).await;
        let answer = client
            .post("/mfa/verify-login", &owed, pair.ada.wrong_code())
            .await
            .unwrap();
        assert_eq!(
            (answer.status, &answer.body["attemptsLeft"]),
            (400, &json!(4 - n)),
            "{answer:?}"
        );
    }
    pair.ada.forget_steps(&pair.place);
    for client in &pair.clients {
        let owed = pair.ada.sign_in(client).await;
        let answer = client
            .post("/mfa/verify-login", &owed, pair.ada.code())
            .await
            .unwrap();
        assert_eq!(answer.status, 429, "{answer:?}");
    }
}

#[actix_web::test]
async fn r21_a_sign_out_and_a_reset_by_one_process_are_felt_at_the_other_at_once() {
    let pair = Pair::new().await;
    let [one, two] = &pair.clients;
    let token = pair
        .ada
        .enter(&pair.place, one)
        .await
        .text("fullAccessToken");
    let other = pair
        .ada
        .enter(&pair.place, two)
        .await
        .text("fullAccessToken");
    assert_eq!(two.status_of("/user/profile", &token).await, 200);
    assert!(
        one.post("/user/logout", &token, json!({}))
            .await
            .unwrap()
            .is_ok()
    );
    assert_eq!(two.status_of("/user/profile", &token).await, 401);
    pair.place.run(&["mfa", "reset", "ada@example.com"]).ok();
    for client in [one, two] {
        assert_eq!(client.status_of("/user/profile", &other).await, 401);
    }
}

#[actix_web::test]
async fn r21_a_requirement_set_at_one_process_is_felt_at_the_other_at_once() {
    let pair = Pair::new().await;
    let [one, two] = &pair.clients;
    let engines = ["--organization", "Engines", "--role", "owner"];
    let mut owner = Person::with(&pair.place, "owner@example.com", &engines);
    let member = Person::with(&pair.place, "member@example.com", &engines[..2]);
    let token = owner.sign_in(one).await;
    owner.set_up_app(one, &token).await;
    let held = member.sign_in(two).await;
    assert_eq!(two.status_of("/user/profile", &held).await, 200);
    let answer = one
        .post(
            "/mfa/organization/enforce",
            &token,
            json!({"enforced": true}),
        )
        .await
        .unwrap();
    assert!(answer.is_ok(), "{answer:?}");
    let felt = until(Duration::from_secs(1), "it is not felt", async || {
        two.status_of("/user/profile", &held).await == 403
    });
    felt.await;
}
