//! A passkey is no code: it works while codes are locked or switched off, and brings them back.

use serde_json::json;

use super::patient_app;
use crate::support::authenticator::Authenticator;
use crate::support::soft_passkey::{Signature, SoftPasskey};
use crate::support::{Answer, Person, TestApp};

/// Somebody with an app and a passkey.
async fn both(app: &TestApp) -> (Person<'_>, Authenticator, SoftPasskey) {
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let mut key = SoftPasskey::new(app);
    program.enrol(&mut key).await;
    (person, authenticator, key)
}

async fn fail(person: &Person<'_>, authenticator: &Authenticator) -> Answer {
    let wrong = authenticator.wrong_code(person.app);
    person.sign_in().await.answer(&wrong).await
}

/// Five wrong codes, and a right one that is not looked at.
async fn lock(person: &Person<'_>, authenticator: &Authenticator) {
    for _ in 0..5 {
        let answer = fail(person, authenticator).await;
        answer.refused(400, "invalid_code");
    }
    let limited = person.sign_in().await;
    let answer = limited.answer(&authenticator.next_code(person.app)).await;
    answer.refused(429, "locked");
}

/// A hundred wrong codes in a row, of which one is really sent.
async fn suspend(person: &Person<'_>, authenticator: &Authenticator) {
    fail(person, authenticator).await;
    let sql = "UPDATE mfa_attempts SET wrong = 99 WHERE user_id =";
    person.app.db_execute(&format!("{sql} '{}'", person.id));
    let answer = fail(person, authenticator).await;
    answer.refused(400, "invalid_code");
    let limited = person.sign_in().await;
    let answer = limited.answer(&authenticator.next_code(person.app)).await;
    answer.refused(400, "method_not_enabled");
}

/// Codes are looked at again, and counted from the start.
async fn codes_are_back(person: &Person<'_>, authenticator: &Authenticator) {
    let answer = fail(person, authenticator).await;
    answer.refused(400, "invalid_code");
    assert_eq!(answer.body["attemptsLeft"], 4);
    person.sign_in_with(authenticator).await;
    let limited = person.sign_in().await;
    limited.answer(&authenticator.backup_codes[0]).await.ok();
}

#[actix_web::test]
async fn ve_7_a_passkey_as_second_step_ends_a_lock() {
    let app = patient_app().await;
    let (person, authenticator, key) = both(&app).await;
    lock(&person, &authenticator).await;
    person
        .sign_in_by(&key)
        .await
        .get("/user/profile")
        .await
        .ok();
    codes_are_back(&person, &authenticator).await;
}

#[actix_web::test]
async fn ve_7_a_passkey_alone_ends_a_lock() {
    let app = patient_app().await;
    let (person, authenticator, key) = both(&app).await;
    lock(&person, &authenticator).await;
    app.sign_in_with_only(&key).await.ok();
    codes_are_back(&person, &authenticator).await;
}

#[actix_web::test]
async fn ve_7_a_passkey_brings_codes_back_that_were_switched_off() {
    let app = patient_app().await;
    for is_alone in [false, true] {
        let (person, authenticator, key) = both(&app).await;
        suspend(&person, &authenticator).await;
        let limited = person.sign_in().await;
        let status = limited.status().await;
        assert_eq!(status["enabledMethods"], json!(["PASSKEY"]));
        if is_alone {
            app.sign_in_with_only(&key).await.ok();
        } else {
            limited.prove(&key).await.ok();
        }
        let status = person.sign_in().await.status().await;
        assert_eq!(status["enabledMethods"], json!(["GOOGLE_AUTH", "PASSKEY"]));
        codes_are_back(&person, &authenticator).await;
    }
}

#[actix_web::test]
async fn a_wrong_passkey_neither_locks_nor_unlocks_codes() {
    let app = patient_app().await;
    let (person, authenticator, key) = both(&app).await;
    let wrong = key.but(|key| key.signature = Signature::es256());
    for _ in 0..4 {
        fail(&person, &authenticator).await;
    }
    for _ in 0..10 {
        let answer = person.sign_in().await.prove(&wrong).await;
        answer.refused(400, "invalid_code");
        let alone = app.sign_in_with_only(&wrong).await;
        alone.refused(401, "invalid_credentials");
    }
    let fifth = fail(&person, &authenticator).await;
    assert_eq!(fifth.body["attemptsLeft"], 0);
    person.sign_in().await.prove(&wrong).await;
    app.sign_in_with_only(&wrong).await;
    let limited = person.sign_in().await;
    let answer = limited.answer(&authenticator.next_code(&app)).await;
    answer.refused(429, "locked");
    person.sign_in_by(&key).await;
}

#[actix_web::test]
async fn a_passkey_that_counts_back_does_not_end_a_lock() {
    let app = patient_app().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let mut key = SoftPasskey::new(&app).but(|key| key.sign_count = 5);
    program.enrol(&mut key).await;
    lock(&person, &authenticator).await;
    let answer = person.sign_in().await.prove(&key).await;
    answer.refused(400, "invalid_code");
    let limited = person.sign_in().await;
    let answer = limited.answer(&authenticator.next_code(&app)).await;
    answer.refused(429, "locked");
}

#[actix_web::test]
async fn six_digits_are_no_passkey_and_a_backup_code_is_still_one() {
    let app = patient_app().await;
    let (person, authenticator, _) = both(&app).await;
    let limited = person.sign_in().await;
    let as_passkey = async |code: &str| {
        let body = json!({"mfaType": "PASSKEY", "code": code});
        limited.post("/mfa/verify-login", body).await
    };
    let answer = as_passkey(&authenticator.next_code(&app)).await;
    answer.refused(400, "invalid_request");
    let body = json!({"mfaType": "PASSKEY"});
    let answer = limited.post("/mfa/verify-login", body).await;
    answer.refused(400, "invalid_request");
    let sentence = answer.text("/error");
    assert_eq!(sentence, "The field \"credential\" is missing");
    let answer = as_passkey(&authenticator.backup_codes[0]).await;
    assert_eq!(answer.ok()["backupCodesLeft"], 9);
}

#[actix_web::test]
async fn a_passkey_under_another_method_s_word_is_not_looked_at() {
    let app = patient_app().await;
    let (person, _, key) = both(&app).await;
    let limited = person.sign_in().await;
    let used = key.get(&limited.request_options().await).json();
    for word in ["GOOGLE_AUTH", "MAGIC_LINK"] {
        let body = json!({"mfaType": word, "credential": used});
        let answer = limited.post("/mfa/verify-login", body).await;
        answer.refused(400, "invalid_request");
    }
    limited.present(used).await.ok();
}
