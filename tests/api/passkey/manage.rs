//! What their holder does with passkeys, and what ends with that.

use chrono::TimeDelta;
use countersign::mfa::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::soft_passkey::SoftPasskey;

async fn rename(
    program: &crate::support::Program<'_>,
    passkey: &Value,
    name: &str,
) -> crate::support::Answer {
    let path = format!("/mfa/passkeys/{}", passkey["id"].as_str().unwrap());
    program.put(&path, json!({"name": name})).await
}

async fn remove(program: &crate::support::Program<'_>, passkey: &Value) -> crate::support::Answer {
    let path = format!("/mfa/passkeys/{}", passkey["id"].as_str().unwrap());
    program.delete(&path).await
}

#[actix_web::test]
async fn the_first_passkey_turns_mfa_on_and_ends_other_sessions_and_a_further_one_does_not() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let other = person.sign_in().await;
    let mut key = program.passkey();
    program.add_passkey(&mut key).await;
    assert_eq!(other.get("/mfa/status").await.status, 401);
    let status = program.status().await;
    assert_eq!(status["enabledMethods"], json!(["PASSKEY"]));
    assert_eq!(
        (&status["primaryMethod"], &status["sessionVerified"]),
        (&json!("PASSKEY"), &json!(true))
    );
    let limited = person.sign_in().await;
    let verified = limited
        .answer_passkey(&key.get(&limited.passkey_options().await))
        .await;
    let other = limited.with_token(&verified.text("/fullAccessToken"));
    program.add_passkey(&mut program.passkey()).await;
    assert_eq!(other.get("/mfa/status").await.status, 200);
    assert_eq!(
        app.db_activity(&person.id).pop().unwrap().event,
        "passkey_added"
    );
}

#[actix_web::test]
async fn names_are_kept_apart_and_cleaned_and_a_wrong_one_changes_nothing() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    for _ in 0..2 {
        program.add_passkey(&mut program.passkey()).await;
    }
    let own = program.passkeys().await;
    assert_eq!(
        (&own[0]["name"], &own[1]["name"]),
        (&json!("Passkey"), &json!("Passkey 2"))
    );
    let long = "x".repeat(61);
    for name in ["", " \u{a0}", &long, "passkey 2", "\0"] {
        rename(&program, &own[0], name)
            .await
            .refused(400, "invalid_request");
    }
    let renamed = rename(&program, &own[0], "  Work\0 laptop ").await;
    assert_eq!(renamed.ok()["data"]["name"], "Work laptop");
    let nobodys = json!({"id": "no-such-passkey"});
    rename(&program, &nobodys, "x")
        .await
        .refused(404, "not_found");
    remove(&program, &nobodys).await.refused(404, "not_found");
    let (_, other) = app.user().signed_in().await;
    rename(&other, &own[0], "x").await.refused(404, "not_found");
    remove(&other, &own[0]).await.refused(404, "not_found");
    assert_eq!(program.passkeys().await.len(), 2);
    // A name that cannot be is said before the challenge is used up.
    let credential = program.passkey().create(&program.start_passkey().await);
    let path = "/mfa/passkey/complete-registration";
    let body = |name: &str| json!({"credential": credential, "name": name});
    program
        .post(path, body("work laptop"))
        .await
        .refused(400, "invalid_request");
    program.post(path, body("Phone")).await.ok();
    assert_eq!(program.passkeys().await[2]["name"], "Phone");
}

#[actix_web::test]
async fn pk_5_there_are_twenty_at_most() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let early = program.passkey().create(&program.start_passkey().await);
    for _ in 0..20 {
        program.add_passkey(&mut program.passkey()).await;
    }
    program
        .post("/mfa/setup", json!({"mfaType": "PASSKEY"}))
        .await
        .refused(400, "invalid_request");
    // Also when it was started before there were so many. (Twenty waiting challenges push the first one out.)
    assert_eq!(program.finish_passkey(&early).await.status, 400);
    assert_eq!(program.passkeys().await.len(), 20);
}

#[actix_web::test]
async fn removing_one_ends_other_sessions_and_removing_the_last_turns_mfa_off() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let (mut first, mut second) = (program.passkey(), program.passkey());
    for key in [&mut first, &mut second] {
        program.add_passkey(key).await;
    }
    let limited = person.sign_in().await;
    let verified = limited
        .answer_passkey(&first.get(&limited.passkey_options().await))
        .await;
    let other = limited.with_token(&verified.text("/fullAccessToken"));
    let waiting = program.passkey_options().await;
    let own = program.passkeys().await;
    remove(&program, &own[0]).await.ok();
    assert_eq!(other.get("/mfa/status").await.status, 401);
    assert_eq!(program.status().await["enabledMethods"], json!(["PASSKEY"]));
    // What was removed proves nothing, also to a challenge from before.
    program
        .answer_passkey(&first.get(&waiting))
        .await
        .refused(400, "invalid_code");
    let stranger = app.stranger();
    let answer = stranger
        .login_with(&first.get(&stranger.login_options().await))
        .await;
    answer.refused(401, "unknown_passkey");
    remove(&program, &own[1]).await.ok();
    let status = program.status().await;
    assert_eq!(
        (&status["isEnabled"], &status["sessionVerified"]),
        (&json!(false), &json!(true))
    );
    let events: Vec<_> = app
        .db_activity(&person.id)
        .into_iter()
        .filter(|row| row.event == "passkey_removed")
        .collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].detail.as_deref(), own[0]["name"].as_str());
}

#[actix_web::test]
async fn the_last_method_stays_where_one_is_required_also_when_two_devices_remove_at_once() {
    let app = TestApp::spawn().await;
    for _ in 0..5 {
        let (person, program) = app.user().signed_in().await;
        let mut key = program.passkey();
        program.add_passkey(&mut key).await;
        program.add_passkey(&mut program.passkey()).await;
        app.db_change_user(&person.id, |user| user.mfa_required = true);
        let limited = person.sign_in().await;
        let verified = limited
            .answer_passkey(&key.get(&limited.passkey_options().await))
            .await;
        let other = limited.with_token(&verified.text("/fullAccessToken"));
        let own = program.passkeys().await;
        let (one, two) = futures_util::join!(remove(&program, &own[0]), remove(&other, &own[1]));
        assert_eq!(
            [one.status, two.status]
                .iter()
                .filter(|status| **status == 200)
                .count(),
            1
        );
        let still = if one.status == 200 { &program } else { &other };
        let left = still.passkeys().await;
        assert_eq!(left.len(), 1);
        remove(still, &left[0])
            .await
            .refused(409, "last_method_required");
        assert_eq!(still.passkeys().await.len(), 1);
    }
}

#[actix_web::test]
async fn g04_a_reset_takes_passkeys_and_waiting_challenges_away() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut key = program.passkey();
    program.add_passkey(&mut key).await;
    let (setup, proof) = (
        program.start_passkey().await,
        program.passkey_options().await,
    );
    program.post("/mfa/reset", json!({})).await.ok();
    assert_eq!(program.passkeys().await, Vec::<Value>::new());
    assert_eq!(
        program
            .finish_passkey(&program.passkey().create(&setup))
            .await
            .status,
        400
    );
    assert_eq!(program.answer_passkey(&key.get(&proof)).await.status, 400);
    assert_eq!(program.status().await["isEnabled"], false);
    // The account is known to authenticators as before.
    assert_eq!(
        program.start_passkey().await["user"]["id"],
        setup["user"]["id"]
    );
}

#[actix_web::test]
async fn at_the_gate_a_passkey_is_the_way_through() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let limited = person.sign_in().await;
    limited
        .get("/mfa/passkeys")
        .await
        .refused(403, "mfa_enrolment_required");
    let credential = limited.passkey().create(&limited.start_passkey().await);
    let answer = limited.finish_passkey(&credential).await;
    let full = limited.with_token(&answer.text("/data/fullAccessToken"));
    assert_eq!(full.status().await["sessionVerified"], true);
    assert_eq!(limited.get("/mfa/status").await.status, 401);
}

#[actix_web::test]
async fn a07_while_a_factor_is_owed_passkeys_are_neither_listed_nor_changed() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    program.add_passkey(&mut program.passkey()).await;
    let own = program.passkeys().await;
    let limited = person.sign_in().await;
    limited
        .get("/mfa/passkeys")
        .await
        .refused(403, "mfa_required");
    rename(&limited, &own[0], "Mine")
        .await
        .refused(403, "mfa_required");
    remove(&limited, &own[0]).await.refused(403, "mfa_required");
    limited
        .post("/mfa/setup", json!({"mfaType": "PASSKEY"}))
        .await
        .refused(403, "mfa_required");
    assert_eq!(program.passkeys().await, own);
}

#[actix_web::test]
async fn f03_an_old_proof_or_a_backup_code_does_not_rename_and_an_old_one_does_not_remove() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    program.add_passkey(&mut program.passkey()).await;
    let codes = program.post_nothing("/mfa/backup-codes").await.ok()["data"]["backupCodes"].clone();
    let own = program.passkeys().await;
    app.advance(TimeDelta::minutes(11));
    rename(&program, &own[0], "Mine")
        .await
        .refused(403, "step_up_required");
    remove(&program, &own[0])
        .await
        .refused(403, "step_up_required");
    program
        .post("/mfa/setup", json!({"mfaType": "PASSKEY"}))
        .await
        .refused(403, "step_up_required");
    let limited = person.sign_in().await;
    let verified = limited.answer(codes[0].as_str().unwrap()).await;
    let lost = limited.with_token(&verified.text("/fullAccessToken"));
    rename(&lost, &own[0], "Mine")
        .await
        .refused(403, "step_up_required");
    remove(&lost, &own[0]).await.ok();
}

#[actix_web::test]
async fn a_security_key_is_after_the_password_unless_it_says_otherwise() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    for is_discoverable in [false, true] {
        let body = json!({"mfaType": "PASSKEY", "securityKey": true});
        let options = program.post("/mfa/setup", body).await.ok()["data"]["publicKey"].clone();
        let mut key = SoftPasskey::security_key(&app.origin);
        key.is_discoverable = is_discoverable;
        program.finish_passkey(&key.create(&options)).await.ok();
        let shown = program.passkeys().await.pop().unwrap();
        assert_eq!(shown["discoverable"], is_discoverable);
        assert_eq!(shown["backupEligible"], false);
        assert_eq!(shown["transports"], json!(["usb", "nfc"]));
    }
    let names: Vec<_> = program
        .passkeys()
        .await
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!(names, ["Security key", "Security key 2"]);
}

#[actix_web::test]
async fn without_a_usable_method_the_status_says_so_and_the_factor_is_still_owed() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    program.add_passkey(&mut program.passkey()).await;
    app.db_change_factor(&person.id, Method::Passkey, true, true);
    let limited = person.sign_in().await;
    let status = limited.status().await;
    assert_eq!(
        (&status["isEnabled"], &status["sessionVerified"]),
        (&json!(false), &json!(false))
    );
    limited
        .get("/mfa/passkeys")
        .await
        .refused(403, "mfa_required");
}

#[actix_web::test]
async fn f06_what_was_begun_before_a_method_went_does_not_bring_it_back() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    program.add_passkey(&mut program.passkey()).await;
    let begun = program.passkey().create(&program.start_passkey().await);
    let body = json!({"mfaType": "PASSKEY"});
    program.post("/mfa/disable", body.clone()).await.ok();
    program
        .finish_passkey(&begun)
        .await
        .refused(400, "invalid_code");
    assert_eq!(program.status().await["isEnabled"], false);
    program.post("/mfa/enable", body).await.ok();
    let begun = program.passkey().create(&program.start_passkey().await);
    let own = program.passkeys().await;
    remove(&program, &own[0]).await.ok();
    program
        .finish_passkey(&begun)
        .await
        .refused(400, "invalid_code");
    assert_eq!(program.status().await["isEnabled"], false);
}

/// As a start with the settings of now.
fn start_again(app: &TestApp) {
    use countersign::app::App;
    use countersign::crypto::password::Params;
    let params = Params {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };
    App::start(app.app.config.clone(), app.app.clock.clone(), params).unwrap();
}

#[actix_web::test]
async fn a_passkey_of_another_domain_protects_nobody_and_is_owed_all_the_same() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    program.add_passkey(&mut program.passkey()).await;
    app.db_execute("UPDATE passkeys SET rp_id = 'before.example'");
    start_again(&app);
    let limited = person.sign_in().await;
    let status = limited.status().await;
    assert_eq!(
        (&status["isEnabled"], &status["enabledMethods"]),
        (&json!(false), &json!([]))
    );
    limited
        .get("/mfa/passkeys")
        .await
        .refused(403, "mfa_required");
    // A new one makes the method usable, and is the last one although the old one is still there.
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    program.add_passkey(&mut program.passkey()).await;
    assert_eq!(program.status().await["isEnabled"], true);
    let own = program.passkeys().await;
    remove(&program, &own[1])
        .await
        .refused(409, "last_method_required");
    app.db_change_user(&person.id, |user| user.mfa_required = false);
    remove(&program, &own[1]).await.ok();
    assert_eq!(program.passkeys().await, Vec::<Value>::new());
}

#[actix_web::test]
async fn a_domain_that_comes_back_brings_its_passkeys_back() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let mut key = program.passkey();
    program.add_passkey(&mut key).await;
    for (rp_id, is_enabled) in [
        ("a.example", false),
        ("localhost", true),
        ("z.example", false),
    ] {
        app.db_execute(&format!("UPDATE passkeys SET rp_id = '{rp_id}'"));
        start_again(&app);
        let status = person.sign_in().await.status().await;
        assert_eq!(status["isEnabled"], is_enabled, "{rp_id}");
    }
}
