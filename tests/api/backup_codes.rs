//! Backup codes: ten for a bad day, each good once.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Program, TestApp};

async fn codes_of(program: &Program<'_>) -> Vec<String> {
    let answer = program.post_nothing("/mfa/backup-codes").await;
    serde_json::from_value(answer.ok()["data"]["backupCodes"].clone()).unwrap()
}

#[actix_web::test]
async fn c01_a_set_is_ten_different_codes_that_stand_nowhere_in_clear() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let codes = program.set_up_totp().await.backup_codes;
    assert_eq!(codes.len(), 10);
    let distinct: std::collections::HashSet<_> = codes.iter().collect();
    assert_eq!(distinct.len(), 10);
    let dump = String::from_utf8_lossy(&app.db_dump()).into_owned();
    for code in &codes {
        assert_eq!(code.len(), 11, "{code}");
        let plain = code.replace('-', "");
        assert!(
            plain
                .chars()
                .all(|c| "0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(c)),
            "{code}"
        );
        assert!(
            !dump.contains(code.as_str()) && !dump.contains(&plain),
            "{code}"
        );
    }
}

#[actix_web::test]
async fn codes_are_inert_until_the_set_up_is_proved() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.start_totp().await;
    assert!(program.status().await.get("backupCodesLeft").is_none());
    program.finish_totp(&authenticator.code(&app)).await.ok();
    assert_eq!(program.status().await["backupCodesLeft"], 10);
    person
        .sign_in()
        .await
        .answer(&authenticator.backup_codes[0])
        .await
        .ok();
}

#[actix_web::test]
async fn c02_a_code_works_once_however_many_use_it_at_once() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let codes = program.set_up_totp().await.backup_codes;
    let mut limited = Vec::new();
    for _ in 0..20 {
        limited.push(person.sign_in().await);
    }
    let answers = join_all(limited.iter().map(|program| program.answer(&codes[0]))).await;
    let right: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(right.len(), 1);
    assert_eq!(right[0].body["backupCodesLeft"], 9);
    assert!(answers.iter().all(|answer| answer.status < 500));
    app.advance(TimeDelta::hours(25));

    let again = person.sign_in().await.answer(&codes[0]).await;
    again.refused(400, "invalid_code");
    assert_eq!(again.text("/error"), "The code was used already");
    let second = person.sign_in().await.answer(&codes[1]).await;
    assert_eq!(second.ok()["backupCodesLeft"], 8);
}

#[actix_web::test]
async fn a_code_is_read_as_people_type_it_and_whatever_the_method() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let codes = program.set_up_totp().await.backup_codes;
    let typed = codes[0]
        .to_lowercase()
        .replace('-', " ")
        .replace('0', "o")
        .replace('1', "l");
    person.sign_in().await.answer(&typed).await.ok();
    let body = json!({"mfaType": "PASSKEY", "code": codes[1]});
    person
        .sign_in()
        .await
        .post("/mfa/verify-login", body)
        .await
        .ok();
}

#[actix_web::test]
async fn c04_a_new_set_kills_the_old_one() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let old = program.set_up_totp().await.backup_codes;
    person.sign_in().await.answer(&old[0]).await.ok();
    let new = codes_of(&program).await;
    assert_eq!(program.status().await["backupCodesLeft"], 10);
    for code in &old {
        let answer = person.sign_in().await.answer(code).await;
        answer.refused(400, "invalid_code");
        app.advance(TimeDelta::hours(1));
    }
    person.sign_in().await.answer(&new[5]).await.ok();
}

#[actix_web::test]
async fn c04_setting_up_again_after_turning_off_kills_the_old_codes() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let old = program.set_up_totp().await.backup_codes;
    program
        .post("/mfa/disable", json!({"mfaType": "GOOGLE_AUTH"}))
        .await
        .ok();
    let again = program.set_up_totp().await;
    assert_eq!(again.backup_codes.len(), 10);
    person
        .sign_in()
        .await
        .answer(&old[0])
        .await
        .refused(400, "invalid_code");
    person
        .sign_in()
        .await
        .answer(&again.backup_codes[0])
        .await
        .ok();
}

#[actix_web::test]
async fn there_are_no_codes_without_a_method_to_stand_in_for() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    program
        .post_nothing("/mfa/backup-codes")
        .await
        .refused(400, "method_not_enabled");
}

#[actix_web::test]
async fn a08_codes_of_somebody_else_are_wrong_here_and_still_work_there() {
    let app = TestApp::spawn().await;
    let (one, program) = app.user().signed_in().await;
    program.set_up_totp().await;
    let (other, program) = app.user().signed_in().await;
    let theirs = program.set_up_totp().await;
    let code = theirs.next_code(&app);
    let limited = one.sign_in().await;
    limited.answer(&code).await.refused(400, "invalid_code");
    let answer = limited.answer(&theirs.backup_codes[0]).await;
    answer.refused(400, "invalid_code");
    assert_eq!(answer.body["attemptsLeft"], 3);
    other.sign_in().await.answer(&code).await.ok();
    other
        .sign_in()
        .await
        .answer(&theirs.backup_codes[0])
        .await
        .ok();
}

#[actix_web::test]
async fn a_backup_code_as_proof_only_opens_what_somebody_who_lost_everything_has_to_do() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let codes = program.set_up_totp().await.backup_codes;
    let limited = person.sign_in().await;
    let answer = limited.answer(&codes[0]).await;
    let program = limited.with_token(&answer.text("/fullAccessToken"));
    let body = json!({"mfaType": "GOOGLE_AUTH"});
    program
        .post("/mfa/primary", body.clone())
        .await
        .refused(403, "step_up_required");
    program
        .post("/mfa/enable", body.clone())
        .await
        .refused(403, "step_up_required");
    codes_of(&program).await;
    program.post("/mfa/setup", body.clone()).await.ok();
    program.post_nothing("/sessions/revoke-all").await.ok();
    program.post("/mfa/disable", body).await.ok();
}

#[actix_web::test]
async fn a_backup_code_proves_nothing_where_no_factor_is_owed() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let codes = program.set_up_totp().await.backup_codes;
    let body = json!({"mfaType": "GOOGLE_AUTH"});
    program.post("/mfa/disable", body.clone()).await.ok();
    let full = person.sign_in().await;
    full.answer(&codes[0])
        .await
        .refused(400, "method_not_enabled");
    // At the gate it is no way around setting a method up.
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let limited = person.sign_in().await;
    limited
        .answer(&codes[0])
        .await
        .refused(400, "method_not_enabled");
    limited
        .get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
    // None of this was counted, and the codes come back with the method.
    limited.post("/mfa/setup", body).await.ok();
}
