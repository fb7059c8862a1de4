//! Taking passkeys away: one, the last one, or all of them.

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use countersign::mfa::Method;
use futures_util::future::join_all;
use serde_json::json;

use super::{holder, patient_app};
use crate::support::TestApp;
use crate::support::soft_passkey::SoftPasskey;

#[actix_web::test]
async fn removing_a_passkey_ends_every_other_session_and_the_passkey() {
    let app = patient_app().await;
    let (person, program, first) = holder(&app).await;
    let mut second = SoftPasskey::new(&app);
    program.enrol(&mut second).await;
    let other = person.sign_in_by(&first).await;
    let limited = person.sign_in().await;
    let waiting = limited.request_options().await;
    let answer = program.delete(&program.newest_passkey().await).await;
    assert_eq!(answer.ok()["message"], "Passkey removed");
    program.get("/user/profile").await.ok();
    let refresh = json!({"refresh_token": other.refresh_token()});
    for ended in [
        other.get("/mfa/status").await,
        app.stranger().post("/user/refresh", refresh).await,
        limited.present(first.get(&waiting).json()).await,
    ] {
        ended.refused(401, "unauthenticated");
    }
    assert_eq!(program.status().await["isEnabled"], true);
    let limited = person.sign_in().await;
    limited.prove(&second).await.refused(400, "invalid_code");
    let alone = app.sign_in_with_only(&second).await;
    alone.refused(401, "unknown_passkey");
    limited.prove(&first).await.ok();
}

#[actix_web::test]
async fn a_passkey_that_is_removed_while_its_challenge_waits_proves_nothing() {
    let app = patient_app().await;
    let (person, program, first) = holder(&app).await;
    let mut second = SoftPasskey::new(&app);
    program.enrol(&mut second).await;
    let alone = second.get(&app.sign_in_options().await).json();
    let own = second.get(&program.request_options().await).json();
    program.delete(&program.newest_passkey().await).await.ok();
    program.present(own).await.refused(400, "invalid_code");
    let answer = app.sign_in_alone(alone).await;
    answer.refused(401, "unknown_passkey");
    // The same authenticator can be registered again, and the other one never stopped.
    person.sign_in_by(&first).await;
    program.enrol(&mut second).await;
    person.sign_in_by(&second).await;
}

#[actix_web::test]
async fn removing_the_last_passkey_turns_mfa_off() {
    let app = TestApp::spawn().await;
    let (person, program, key) = holder(&app).await;
    program.delete(&program.newest_passkey().await).await.ok();
    let status = program.status().await;
    assert_eq!(status["isEnabled"], false);
    assert_eq!(status["enabledMethods"], json!([]));
    assert_eq!(status["sessionVerified"], true);
    assert_eq!(program.own_passkeys().await.len(), 0);
    let full = person.sign_in().await;
    assert!(full.refresh.is_some(), "the password is enough again");
    let answer = full.post_nothing("/mfa/passkey/auth-options").await;
    answer.refused(400, "method_not_configured");
    let alone = app.sign_in_with_only(&key).await;
    alone.refused(401, "unknown_passkey");
    let body = json!({"mfaType": "PASSKEY"});
    let answer = program.post("/mfa/enable", body).await;
    answer.refused(400, "method_not_configured");
}

#[actix_web::test]
async fn f05_the_last_passkey_stays_while_a_second_factor_is_required() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Strict").signed_in().await;
    let (mut first, mut second) = (SoftPasskey::new(&app), SoftPasskey::new(&app));
    program.enrol(&mut first).await;
    program.enrol(&mut second).await;
    let id = person.organization_id.clone().unwrap();
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(&id, Some(tomorrow), &Method::ALL);
    program.delete(&program.newest_passkey().await).await.ok();
    let other = person.sign_in_by(&first).await;
    let before = app.db_state();
    let path = program.newest_passkey().await;
    let answer = program.delete(&path).await;
    answer.refused(409, "last_method_required");
    let body = json!({"mfaType": "PASSKEY"});
    let answer = program.post("/mfa/disable", body).await;
    answer.refused(409, "last_method_required");
    let answer = program.post("/mfa/reset", json!({})).await;
    answer.refused(409, "last_method_required");
    assert_eq!(app.db_state(), before);
    other.get("/user/profile").await.ok();
    person.sign_in_by(&first).await;

    program.set_up_totp().await;
    program.delete(&path).await.ok();
    let status = program.status().await;
    assert_eq!(status["enabledMethods"], json!(["GOOGLE_AUTH"]));
}

#[actix_web::test]
async fn f05_two_devices_that_remove_the_last_two_at_once_leave_one() {
    let app = TestApp::spawn().await;
    for round in 0..6 {
        let (person, program, key) = holder(&app).await;
        program.enrol(&mut SoftPasskey::new(&app)).await;
        app.db_change_user(&person.id, |user| user.mfa_required = true);
        let other = person.sign_in_by(&key).await;
        let paths = program.passkey_paths().await;
        let answers = join_all([program.delete(&paths[0]), other.delete(&paths[1])]).await;
        let done = answers.iter().filter(|answer| answer.status == 200);
        assert_eq!(done.count(), 1, "round {round}: {answers:?}");
        let late = answers.iter().find(|answer| answer.status != 200).unwrap();
        assert!([401, 409].contains(&late.status), "{}", late.body);
        let still = if answers[0].status == 200 {
            &program
        } else {
            &other
        };
        let answer = still.delete(&still.newest_passkey().await).await;
        answer.refused(409, "last_method_required");
        assert_eq!(app.db_passkeys(&person.id).len(), 1, "round {round}");
    }
}

#[actix_web::test]
async fn removing_and_using_a_passkey_at_once_wait_for_each_other() {
    let app = patient_app().await;
    for round in 0..8 {
        let (person, program, key) = holder(&app).await;
        let path = program.newest_passkey().await;
        let used = key.get(&app.sign_in_options().await).json();
        let (removed, signed_in) =
            futures_util::join!(program.delete(&path), app.sign_in_alone(used));
        removed.ok();
        assert!(
            [200, 401].contains(&signed_in.status),
            "round {round}: {}",
            signed_in.body
        );
        if signed_in.status == 200 {
            let token = signed_in.text("/accessToken");
            let answer = program.with_token(&token).get("/mfa/status").await;
            answer.refused(401, "unauthenticated");
        }
        // Whoever took it away is not told that there was a copy of it.
        let copies = app.db_reasons(&person.id, "passkey_counter_regress");
        assert_eq!(copies, [""; 0], "round {round}");
    }
}

#[actix_web::test]
async fn g04_an_administrator_s_reset_ends_passkeys_and_waiting_challenges_at_once() {
    let app = patient_app().await;
    let (member, program) = app.user().in_organization("A").signed_in().await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    let new = SoftPasskey::new(&app).create(&program.creation_options().await);
    let limited = member.sign_in().await;
    let used = key.get(&limited.request_options().await).json();
    let alone = key.get(&app.sign_in_options().await).json();
    let owner = app.user().in_organization("A").role(Role::Owner);
    let (_, owner) = owner.signed_in().await;
    owner.set_up_totp().await;
    let body = json!({"resetUserId": member.id});
    let answer = owner.post("/mfa/reset", body).await;
    answer.ok();
    assert_eq!(answer.body.as_object().unwrap().len(), 2, "{}", answer.body);

    assert_eq!(app.db_passkeys(&member.id).len(), 0);
    for ended in [
        limited.present(used.clone()).await,
        program.register(new.json()).await,
        program.get("/mfa/status").await,
    ] {
        ended.refused(401, "unauthenticated");
    }
    let answer = app.sign_in_alone(alone).await;
    answer.refused(401, "unknown_passkey");
    let again = member.sign_in().await;
    again.present(used).await.refused(400, "invalid_code");
    again
        .register(new.json())
        .await
        .refused(400, "invalid_code");
    assert_eq!(again.status().await["isEnabled"], false);
    assert_eq!(again.own_passkeys().await.len(), 0);
    // The same authenticator may be registered anew.
    again.enrol(&mut key).await;
    member.sign_in_by(&key).await;
}

#[actix_web::test]
async fn g04_one_s_own_reset_ends_passkeys_and_the_challenges_of_the_same_session() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    let options = program.creation_options().await;
    let made = SoftPasskey::new(&app).create(&options).json();
    let used = key.get(&program.request_options().await).json();
    program.post("/mfa/reset", json!({})).await.ok();
    program.register(made).await.refused(400, "invalid_code");
    program.present(used).await.refused(400, "invalid_code");
    assert_eq!(program.status().await["isEnabled"], false);
    assert_eq!(app.db_passkeys(&person.id).len(), 0);
    assert!(person.sign_in().await.refresh.is_some());
    // Authenticators know the account as before.
    let again = program.creation_options().await;
    assert_eq!(again["user"]["id"], options["user"]["id"]);
}

#[actix_web::test]
async fn f03_a_passkey_is_removed_only_with_a_fresh_proof() {
    let app = TestApp::spawn().await;
    let (_, program, key) = holder(&app).await;
    let path = program.newest_passkey().await;
    app.advance(TimeDelta::minutes(10));
    let before = app.db_state();
    let answer = program.delete(&path).await;
    answer.refused(403, "step_up_required");
    assert_eq!(app.db_state(), before);
    program.prove(&key).await.ok();
    program.delete(&path).await.ok();
}
