//! What people do while the server is killed: one request of each is cut off, and what is left of it is judged by the
//! promises of `kill`.

use serde_json::json;

use crate::client::Answer;
use crate::kill::Scene;
use crate::people::{Person, app, with_code};
use crate::scale::chance;

/// A right code of the app.
pub async fn code(scene: &mut Scene, ada: &mut Person) {
    let (owed, other) = (
        ada.sign_in(&scene.client).await,
        ada.sign_in(&scene.client).await,
    );
    ada.forget_steps(&scene.place);
    scene.one_session(ada, &owed, &other, ada.code()).await;
}

/// A backup code.
pub async fn backup_code(scene: &mut Scene, ada: &mut Person) {
    if ada.backup_codes.is_empty() {
        let token = ada
            .enter(&scene.place, &scene.client)
            .await
            .text("fullAccessToken");
        let answer = scene
            .client
            .post("/mfa/backup-codes", &token, json!({}))
            .await
            .unwrap();
        ada.backup_codes =
            serde_json::from_value(answer.body["data"]["backupCodes"].clone()).unwrap();
    }
    let (owed, other) = (
        ada.sign_in(&scene.client).await,
        ada.sign_in(&scene.client).await,
    );
    let code = with_code(&ada.backup_codes.pop().unwrap());
    scene.one_session(ada, &owed, &other, code).await;
}

/// A link in a mail, which is bound to the session that asked.
pub async fn link(scene: &mut Scene, grace: &Person) {
    let (owed, other) = (
        grace.sign_in(&scene.client).await,
        grace.sign_in(&scene.client).await,
    );
    let old = grace.newest_mail(&scene.place);
    let sent = scene
        .client
        .post("/mfa/magic-link/send", &owed, json!({}))
        .await
        .unwrap();
    assert!(sent.is_ok(), "{sent:?}");
    let text = grace.newest_mail(&scene.place).unwrap();
    assert_ne!(old.as_ref(), Some(&text));
    let link = text
        .lines()
        .find(|line| line.contains("/login/link/"))
        .unwrap();
    let token = link.trim().rsplit_once('/').unwrap().1;
    let body = json!({"mfaType": "MAGIC_LINK", "token": token});
    scene.one_session(grace, &owed, &other, body).await;
}

/// A wrong code: I4.
pub async fn wrong_code(scene: &mut Scene, ada: &mut Person) {
    // A right code first: it clears the count.
    ada.enter(&scene.place, &scene.client).await;
    let owed = ada.sign_in(&scene.client).await;
    let first = scene
        .post("/mfa/verify-login", &owed, ada.wrong_code())
        .await;
    let second = scene
        .client
        .post("/mfa/verify-login", &owed, ada.wrong_code())
        .await
        .unwrap();
    let left = second.body["attemptsLeft"].as_u64().unwrap();
    match first {
        Some(first) => {
            assert_eq!(
                (first.status, &first.body["attemptsLeft"]),
                (400, &json!(4)),
                "{first:?}"
            );
            assert_eq!(left, 3, "I4: {second:?}");
        }
        None => assert!((3..=4).contains(&left), "{second:?}"),
    }
}

/// A refresh token.
pub async fn refresh(scene: &mut Scene, ada: &mut Person) {
    let entered = ada.enter(&scene.place, &scene.client).await;
    let body = json!({"refresh_token": entered.text("refreshToken")});
    let first = scene.post("/user/refresh", "", body.clone()).await;
    let second = scene
        .client
        .post("/user/refresh", "", body.clone())
        .await
        .unwrap();
    let third = scene.client.post("/user/refresh", "", body).await.unwrap();
    for answer in first.iter().chain([&second]) {
        assert!(answer.is_ok(), "{answer:?}");
        assert_eq!(answer.body, third.body, "I3: one pair");
    }
    assert!(
        scene.is_verified(&third.text("accessToken")).await,
        "I1: {third:?}"
    );
}

/// Setting an authenticator app up, from nothing: I1, I2, I3.
pub async fn set_up(scene: &mut Scene, ada: &mut Person) {
    let token = ada
        .enter(&scene.place, &scene.client)
        .await
        .text("fullAccessToken");
    let answer = scene
        .client
        .post("/mfa/reset", &token, json!({}))
        .await
        .unwrap();
    assert!(answer.is_ok(), "{answer:?}");
    let token = ada.sign_in(&scene.client).await;
    if chance(3) == 0 {
        // In the middle of the start.
        let started = scene.post("/mfa/setup", &token, app()).await;
        let status = scene.client.get("/mfa/status", &token).await.unwrap();
        assert_eq!(status.body["data"]["isEnabled"], false, "I2: {status:?}");
        match started {
            Some(answer) => {
                assert!(answer.is_ok(), "{answer:?}");
                ada.scan(&answer);
                let proved = scene
                    .client
                    .post("/mfa/verify-setup", &token, ada.code())
                    .await;
                assert!(proved.as_ref().is_some_and(Answer::is_ok), "I1: {proved:?}");
            }
            None => ada.set_up_app(&scene.client, &token).await,
        }
        return;
    }
    let started = scene
        .client
        .post("/mfa/setup", &token, app())
        .await
        .unwrap();
    assert!(started.is_ok(), "{started:?}");
    ada.scan(&started);
    let code = ada.code();
    let proved = scene.post("/mfa/verify-setup", &token, code.clone()).await;
    let login = ada.log_in(&scene.client).await;
    let is_on = login.body["mfaRequired"] == true;
    if let Some(answer) = &proved {
        assert!(answer.is_ok() && is_on, "I1: {answer:?} {login:?}");
    }
    if is_on {
        let owed = login.text("accessToken");
        let again = scene
            .client
            .post("/mfa/verify-login", &owed, code)
            .await
            .unwrap();
        assert_ne!(again.status, 200, "I3: the code of the set-up signs in");
        // I2: the secret opens, and the backup codes came to life with it.
        ada.enter(&scene.place, &scene.client).await;
        let spare = with_code(&ada.backup_codes.pop().unwrap());
        let spare = scene
            .client
            .post("/mfa/verify-login", &owed, spare)
            .await
            .unwrap();
        assert!(spare.is_ok(), "I2: {spare:?}");
    } else {
        let again = scene
            .client
            .post("/mfa/verify-setup", &token, code)
            .await
            .unwrap();
        assert!(again.is_ok(), "I2: half a set-up: {again:?}");
    }
}
