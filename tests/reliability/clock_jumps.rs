//! R09: the system's clock is set while the server runs. Nothing that has expired lives again, no code works twice, no
//! lock ends early, and the log says what happened.

use std::path::{Path, PathBuf};
use std::time::Duration;

use actix_web::rt::time::sleep;
use serde_json::json;

use crate::client::{Client, until};
use crate::people::{Person, with_code};
use crate::scale::skipped;
use crate::support::{Place, Server, without_limits};

/// Where Debian's `faketime` keeps what it puts between a process and its clock.
const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/// A server whose clock is a file.
struct Scene {
    place: Place,
    server: Server,
    client: Client,
    ada: Person,
}

fn serve(place: &Place, more: &[(&str, &str)]) -> Server {
    place.serve_with(|command| {
        without_limits(command);
        command
            .env("LD_PRELOAD", LIBRARY)
            .env("FAKETIME_TIMESTAMP_FILE", clock(place))
            .env("FAKETIME_NO_CACHE", "1")
            // Nobody sets the clock that time-outs are measured by.
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("DONT_FAKE_MONOTONIC", "1");
        for (name, value) in more {
            command.env(name, value);
        }
    })
}

fn clock(place: &Place) -> PathBuf {
    place.path("clock")
}

/// Sets the clock of the server so many seconds ahead of ours, for good or until the next time.
fn set(place: &Place, seconds: i64) {
    // A reader must never find half of it.
    let draft = place.path("clock.new");
    std::fs::write(&draft, format!("{seconds:+}s\n")).unwrap();
    std::fs::rename(draft, clock(place)).unwrap();
}

impl Scene {
    /// Somebody with an authenticator app; `None` where clocks cannot be set.
    async fn new(more: &[(&str, &str)]) -> Option<Self> {
        if !Path::new(LIBRARY).exists() {
            assert!(std::env::var_os("CI").is_none(), "faketime is missing");
            skipped("R09", "Debian's package faketime is not installed");
            return None;
        }
        let place = Place::new();
        let mut ada = Person::new(&place, "ada@example.com");
        set(&place, 0);
        let server = serve(&place, more);
        let client = Client::of(&server);
        let token = ada.sign_in(&client).await;
        ada.set_up_app(&client, &token).await;
        ada.forget_steps(&place);
        Some(Self {
            place,
            server,
            client,
            ada,
        })
    }

    /// Sets the clock.
    fn set(&self, seconds: i64) {
        set(&self.place, seconds);
    }

    /// What a limited token of this moment is answered with these digits.
    async fn answer(&self, digits: &str) -> u16 {
        let owed = self.ada.sign_in(&self.client).await;
        let code = with_code(digits);
        let answer = self.client.post("/mfa/verify-login", &owed, code).await;
        answer.unwrap().status
    }

    /// Whether a token still opens the status.
    async fn lives(&self, token: &str) -> bool {
        self.client.status_of("/mfa/status", token).await == 200
    }
}

#[actix_web::test]
async fn r09_what_has_expired_stays_expired_when_the_clock_goes_back() {
    let Some(scene) = Scene::new(&[("COUNTERSIGN_ACCESS_TTL", "10m")]).await else {
        return;
    };
    let owed = scene.ada.sign_in(&scene.client).await;
    let full = scene
        .ada
        .enter(&scene.place, &scene.client)
        .await
        .text("fullAccessToken");
    for step in [-30, 30, -300, 300] {
        scene.set(step);
        assert!(scene.lives(&full).await, "it dies by {step} s");
    }
    scene.set(3_600);
    assert!(!scene.lives(&owed).await && !scene.lives(&full).await);
    for back in [0, 300, -30, -3_600] {
        scene.set(back);
        assert!(
            !scene.lives(&owed).await,
            "a limited token lives again at {back} s"
        );
        assert!(
            !scene.lives(&full).await,
            "an access token lives again at {back} s"
        );
    }
}

#[actix_web::test]
async fn r09_what_has_expired_stays_expired_for_the_next_process_too() {
    let Some(scene) = Scene::new(&[]).await else {
        return;
    };
    let owed = scene.ada.sign_in(&scene.client).await;
    scene.set(3_600);
    assert!(!scene.lives(&owed).await);
    // Something is recorded an hour later, and the clock is set right while the process is down.
    scene.ada.sign_in(&scene.client).await;
    scene.server.signal("KILL");
    scene.server.wait(Duration::from_secs(10));
    scene.set(0);
    let again = serve(&scene.place, &[]);
    let client = Client::of(&again);
    assert_eq!(client.status_of("/mfa/status", &owed).await, 401);
}

#[actix_web::test]
async fn r09_a_code_works_once_however_the_clock_is_set() {
    let Some(scene) = Scene::new(&[]).await else {
        return;
    };
    let code = scene.ada.digits(0);
    assert_eq!(scene.answer(&code).await, 200);
    for step in [0, 30, -30, 20, -20, 300, -300, 0] {
        scene.set(step);
        assert_ne!(scene.answer(&code).await, 200, "again at {step} s");
    }
    // After an hour ahead, codes of that hour are spent, and an older one is not taken for a new one.
    scene.set(3_600);
    let later = scene.ada.digits(3_600);
    assert_eq!(scene.answer(&later).await, 200);
    scene.set(0);
    for digits in [&later, &code, &scene.ada.digits(30)] {
        assert_ne!(scene.answer(digits).await, 200);
    }
}

#[actix_web::test]
async fn r09_codes_follow_the_clock_of_the_wall_at_once() {
    let Some(scene) = Scene::new(&[]).await else {
        return;
    };
    // A clock that was an hour ahead is set right: whoever has a phone that is right gets in.
    scene.set(3_600);
    scene.ada.sign_in(&scene.client).await;
    scene.set(0);
    assert_eq!(scene.answer(&scene.ada.digits(0)).await, 200);
}

#[actix_web::test]
async fn r09_a_phone_that_is_25_seconds_off_signs_in() {
    let Some(scene) = Scene::new(&[]).await else {
        return;
    };
    for off in [25, -25] {
        scene.ada.forget_steps(&scene.place);
        assert_eq!(scene.answer(&scene.ada.digits(off)).await, 200, "{off} s");
    }
}

#[actix_web::test]
async fn r09_no_lock_ends_early_because_the_clock_goes_back() {
    let Some(scene) = Scene::new(&[("COUNTERSIGN_LOCK_FIRST", "4s")]).await else {
        return;
    };
    let wrong = scene.ada.wrong_code();
    let digits = wrong["code"].as_str().unwrap();
    let since = std::time::Instant::now();
    for _ in 0..5 {
        scene.answer(digits).await;
    }
    assert_eq!(scene.answer(&scene.ada.digits(0)).await, 429);
    for step in [-30, -3_600, -30, -1] {
        scene.set(step);
        if since.elapsed() < Duration::from_secs(4) {
            assert_eq!(scene.answer(digits).await, 429, "{step} s");
        }
    }
    // And it does end, in twice its time at most.
    scene.set(0);
    until(Duration::from_secs(30), "the lock never ends", async || {
        sleep(Duration::from_millis(200)).await;
        scene.answer(digits).await == 400
    })
    .await;
    assert!(since.elapsed() >= Duration::from_secs(4));
}

#[actix_web::test]
async fn r09_a_jump_of_more_than_five_seconds_is_in_the_log() {
    let Some(scene) = Scene::new(&[]).await else {
        return;
    };
    let said = |words: &str| {
        let log = scene.server.said();
        log.iter()
            .any(|line| line.contains("WARN") && line.contains(words))
    };
    scene.set(2);
    sleep(Duration::from_millis(2_500)).await;
    assert!(!said("clock jumped"), "two seconds are no jump");
    for (to, words) in [(3_600, "jumped by +359"), (0, "jumped by -3")] {
        scene.set(to);
        until(Duration::from_secs(10), words, async || said(words)).await;
    }
    let status = scene
        .client
        .call("GET", "/health/ready", "", json!(null))
        .await;
    assert!(status.unwrap().is_ok());
}
