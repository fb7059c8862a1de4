//! Changing one's own factors, and what each change asks for and ends.

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use countersign::mfa::Method;
use serde_json::{Value, json};

use crate::support::authenticator::Authenticator;
use crate::support::{Person, Program, TestApp};

fn app_method() -> Value {
    json!({"mfaType": "GOOGLE_AUTH"})
}

async fn protected<'a>(app: &'a TestApp) -> (Person<'a>, Program<'a>, Authenticator) {
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    (person, program, authenticator)
}

#[actix_web::test]
async fn a_method_is_switched_off_and_on_again_and_keeps_what_it_had() {
    let app = TestApp::spawn().await;
    let (person, program, authenticator) = protected(&app).await;
    let other = person.sign_in_with(&authenticator).await;
    for _ in 0..2 {
        let answer = program.post("/mfa/disable", app_method()).await;
        assert_eq!(answer.ok()["message"], "MFA method disabled");
    }
    let status = program.status().await;
    assert_eq!(status["isEnabled"], false);
    assert_eq!(status["enabledMethods"], json!([]));
    assert!(status.get("primaryMethod").is_none());
    other
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
    assert!(
        person.sign_in().await.refresh.is_some(),
        "the password is enough again"
    );
    for _ in 0..2 {
        let answer = program.post("/mfa/enable", app_method()).await;
        assert_eq!(answer.ok()["message"], "MFA method enabled");
    }
    assert_eq!(
        program.status().await["enabledMethods"],
        json!(["GOOGLE_AUTH"])
    );
    person
        .sign_in_with(&authenticator)
        .await
        .get("/user/profile")
        .await
        .ok();
}

#[actix_web::test]
async fn what_is_so_already_is_neither_recorded_nor_told() {
    let app = TestApp::spawn().await;
    let (_, program, _) = protected(&app).await;
    let method = json!({"mfaType": "GOOGLE_AUTH"});
    for path in ["/mfa/enable", "/mfa/primary"] {
        let before = app.db_state();
        program.post(path, method.clone()).await.ok();
        assert_eq!(app.db_state(), before, "{path}");
    }
    program.post("/mfa/disable", method.clone()).await.ok();
    let before = app.db_state();
    program.post("/mfa/disable", method).await.ok();
    assert_eq!(app.db_state(), before);
}

#[actix_web::test]
async fn f08_nothing_is_switched_on_or_put_first_without_proof() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    program.start_totp().await;
    for word in ["GOOGLE_AUTH", "MAGIC_LINK", "PASSKEY"] {
        for path in ["/mfa/enable", "/mfa/primary", "/mfa/disable"] {
            program
                .post(path, json!({"mfaType": word}))
                .await
                .refused(400, "method_not_configured");
        }
    }
    assert_eq!(program.status().await["isEnabled"], false);
}

#[actix_web::test]
async fn f08_removing_the_primary_promotes_the_next() {
    let app = TestApp::spawn().await;
    let (person, program, _) = protected(&app).await;
    app.db_add_factor(&person.id, Method::Passkey);
    app.db_add_factor(&person.id, Method::MagicLink);
    assert_eq!(program.status().await["primaryMethod"], "GOOGLE_AUTH");
    let answer = program
        .post("/mfa/primary", json!({"mfaType": "MAGIC_LINK"}))
        .await;
    assert_eq!(answer.ok()["message"], "Primary MFA method updated");
    assert_eq!(program.status().await["primaryMethod"], "MAGIC_LINK");
    program
        .post("/mfa/disable", json!({"mfaType": "MAGIC_LINK"}))
        .await
        .ok();
    assert_eq!(program.status().await["primaryMethod"], "PASSKEY");
    program
        .post("/mfa/primary", json!({"mfaType": "MAGIC_LINK"}))
        .await
        .refused(400, "method_not_enabled");
}

#[actix_web::test]
async fn f03_a_proof_older_than_ten_minutes_opens_no_change() {
    let app = TestApp::spawn().await;
    let (person, program, authenticator) = protected(&app).await;
    app.advance(TimeDelta::minutes(10));
    let changes = [
        ("/mfa/disable", app_method()),
        ("/mfa/enable", app_method()),
        ("/mfa/primary", app_method()),
        ("/mfa/setup", app_method()),
        ("/mfa/reset", json!({})),
        ("/mfa/backup-codes", json!({})),
        ("/sessions/revoke-all", json!({})),
    ];
    for (path, body) in &changes {
        let answer = program.post(path, body.clone()).await;
        answer.refused(403, "step_up_required");
        assert_eq!(
            answer.header("www-authenticate"),
            Some("Bearer error=\"insufficient_user_authentication\", max_age=\"600\"")
        );
    }
    let password = json!({"password": crate::support::PASSWORD});
    program
        .post("/user/verify-password", password)
        .await
        .refused(403, "step_up_required");

    let proved = program.answer(&authenticator.next_code(&app)).await;
    proved.ok();
    assert_eq!(
        proved.text("/fullAccessToken"),
        program.access.clone().unwrap()
    );
    assert_ne!(proved.text("/refreshToken"), program.refresh_token());
    program
        .post(
            "/user/refresh",
            json!({"refresh_token": program.refresh_token()}),
        )
        .await
        .refused(401, "unauthenticated");
    let renewed = json!({"refresh_token": proved.text("/refreshToken")});
    program.post("/user/refresh", renewed).await.ok();
    program.post("/mfa/primary", app_method()).await.ok();
    program.post("/mfa/disable", app_method()).await.ok();
    drop(person);
}

#[actix_web::test]
async fn one_s_own_reset_removes_everything_and_ends_every_other_session() {
    let app = TestApp::spawn().await;
    let (person, program, authenticator) = protected(&app).await;
    let other = person.sign_in_with(&authenticator).await;
    let answer = program.post_nothing("/mfa/reset").await;
    assert_eq!(answer.ok()["message"], "MFA reset successfully");
    let status = program.status().await;
    assert_eq!(status["isEnabled"], false);
    assert!(status.get("backupCodesLeft").is_none());
    other
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
    program
        .post("/mfa/enable", app_method())
        .await
        .refused(400, "method_not_configured");
    assert!(person.sign_in().await.refresh.is_some());
}

#[actix_web::test]
async fn f05_the_last_method_stays_while_one_is_required() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Strict").signed_in().await;
    let authenticator = program.set_up_totp().await;
    let id = person.organization_id.clone().unwrap();
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(&id, Some(tomorrow), &Method::ALL);
    let before = program.status().await;
    for (path, body) in [("/mfa/disable", app_method()), ("/mfa/reset", json!({}))] {
        program
            .post(path, body)
            .await
            .refused(409, "last_method_required");
    }
    assert_eq!(program.status().await, before);
    app.db_add_factor(&person.id, Method::Passkey);
    program.post("/mfa/disable", app_method()).await.ok();
    drop(authenticator);
}

#[actix_web::test]
async fn f05_a_suspended_last_method_stays_while_one_is_required() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Strict").signed_in().await;
    program.set_up_totp().await;
    let id = person.organization_id.clone().unwrap();
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(&id, Some(tomorrow), &Method::ALL);
    app.db_change_factor(&person.id, Method::Totp, true, true);
    for (path, body) in [("/mfa/disable", app_method()), ("/mfa/reset", json!({}))] {
        program
            .post(path, body)
            .await
            .refused(409, "last_method_required");
    }
    let limited = person.sign_in().await;
    assert!(limited.refresh.is_none(), "the password is not enough");
}

#[actix_web::test]
async fn there_is_no_reset_of_one_s_own_while_a_method_is_required() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Strict").signed_in().await;
    let id = person.organization_id.clone().unwrap();
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(&id, Some(tomorrow), &Method::ALL);
    program
        .post("/mfa/reset", json!({}))
        .await
        .refused(409, "last_method_required");
}

#[actix_web::test]
async fn a_limited_token_at_the_gate_is_exchanged_for_a_full_one_by_setting_up() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let limited = person.sign_in().await;
    assert!(limited.refresh.is_none());
    limited
        .get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
    let authenticator = limited.start_totp().await;
    let answer = limited.finish_totp(&authenticator.code(&app)).await;
    let full = limited.with_token(&answer.text("/data/fullAccessToken"));
    full.get("/user/profile").await.ok();
    let refresh = json!({"refresh_token": answer.text("/data/refreshToken")});
    full.post("/user/refresh", refresh).await.ok();
    limited
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn a_full_token_that_meets_the_gate_stays_the_same_token() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    program
        .get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
    let authenticator = program.start_totp().await;
    let answer = program.finish_totp(&authenticator.code(&app)).await;
    assert!(answer.ok().get("data").is_none());
    program.get("/user/profile").await.ok();
    let refresh = json!({"refresh_token": program.refresh_token()});
    program.post("/user/refresh", refresh).await.ok();
}

#[actix_web::test]
async fn setting_up_a_method_leaves_a_full_session_its_refresh_token() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    program.set_up_totp().await;
    let refresh = json!({"refresh_token": program.refresh_token()});
    program.post("/user/refresh", refresh).await.ok();
}

#[actix_web::test]
async fn g01_a_member_resets_nobody_and_the_role_comes_before_the_id() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().in_organization("A").signed_in().await;
    let other = app.user().in_organization("A").create().await;
    for id in [other.id.as_str(), "no-such-id"] {
        let answer = program.post("/mfa/reset", json!({"resetUserId": id})).await;
        answer.refused(403, "forbidden");
        assert_eq!(
            answer.text("/error"),
            "Insufficient permissions. OWNER or ADMINISTRATOR role required to reset another user's MFA."
        );
    }
    for id in [Value::Null, json!(""), json!(["x"]), json!(7)] {
        program
            .post("/mfa/reset", json!({"resetUserId": id}))
            .await
            .refused(400, "invalid_request");
    }
}

#[actix_web::test]
async fn g04_an_administrator_s_reset_ends_everything_of_the_member_at_once() {
    let app = TestApp::spawn().await;
    let (member, program) = app.user().in_organization("A").signed_in().await;
    let authenticator = program.set_up_totp().await;
    let (administrator, admin) = administrator(&app).await;
    let (_, foreign) = app
        .user()
        .in_organization("B")
        .role(Role::Owner)
        .signed_in()
        .await;
    let body = json!({"resetUserId": member.id, "enable": true});
    let answer = foreign.post("/mfa/reset", body.clone()).await;
    answer.refused(404, "not_found");
    assert_eq!(answer.text("/error"), "User not found");
    program.get("/mfa/status").await.ok();

    admin.post("/mfa/reset", body).await.ok();
    program
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
    let limited = member.sign_in().await;
    assert!(
        limited.refresh.is_none(),
        "a second factor is demanded, and there is none"
    );
    assert_eq!(limited.status().await["isRequired"], true);
    limited
        .answer(&authenticator.backup_codes[0])
        .await
        .refused(400, "method_not_configured");

    let owner = app
        .user()
        .in_organization("A")
        .role(Role::Owner)
        .create()
        .await;
    for id in [&owner.id, &administrator.id] {
        let answer = admin.post("/mfa/reset", json!({"resetUserId": id})).await;
        answer.refused(403, "forbidden");
    }
}

#[actix_web::test]
async fn g02_an_id_that_no_account_can_have_is_not_found() {
    let app = TestApp::spawn().await;
    let (_, admin) = administrator(&app).await;
    let (member, _) = app.user().in_organization("A").signed_in().await;
    for id in [
        "a\u{0}b".to_owned(),
        member.id.to_uppercase(),
        format!(" {}", member.id),
    ] {
        let answer = admin.post("/mfa/reset", json!({"resetUserId": id})).await;
        answer.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn resetting_somebody_else_asks_for_more_than_a_backup_code() {
    let app = TestApp::spawn().await;
    let (admin, member) = administrator_by_backup_code(&app).await;
    admin
        .post("/mfa/reset", json!({"resetUserId": member.id}))
        .await
        .refused(403, "step_up_required");
}

#[actix_web::test]
async fn a_backup_code_of_before_is_no_hindrance_once_mfa_is_off() {
    let app = TestApp::spawn().await;
    let (admin, member) = administrator_by_backup_code(&app).await;
    admin.post("/mfa/disable", app_method()).await.ok();
    let body = json!({"resetUserId": member.id});
    admin.post("/mfa/reset", body).await.ok();
}

#[actix_web::test]
async fn signing_out_everywhere_and_turning_mfa_off_at_once_wait_for_each_other() {
    let app = TestApp::spawn().await;
    for round in 0..8 {
        let (person, program, authenticator) = protected(&app).await;
        let other = person.sign_in_with(&authenticator).await;
        let (off, out) = futures_util::join!(
            program.post("/mfa/disable", app_method()),
            other.post_nothing("/sessions/revoke-all")
        );
        // Each ends the other's session, so one of them may find its own gone.
        for answer in [&off, &out] {
            let status = answer.status;
            assert!(
                [200, 401].contains(&status),
                "round {round}: {}",
                answer.body
            );
        }
        assert!(off.status == 200 || out.status == 200, "round {round}");
    }
}

#[actix_web::test]
async fn two_administrators_who_reset_each_other_wait_for_each_other() {
    let app = TestApp::spawn().await;
    for round in 0..8 {
        let (one, as_one) = administrator(&app).await;
        let (other, as_other) = administrator(&app).await;
        let body = |person: &Person<'_>| json!({"resetUserId": person.id});
        let (a, b) = futures_util::join!(
            as_one.post("/mfa/reset", body(&other)),
            as_other.post("/mfa/reset", body(&one))
        );
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401], "round {round}: {} {}", a.body, b.body);
    }
}

async fn administrator(app: &TestApp) -> (Person<'_>, Program<'_>) {
    app.user()
        .in_organization("A")
        .role(Role::Administrators)
        .signed_in()
        .await
}

/// An administrator who signed in with a backup code, and somebody to reset.
async fn administrator_by_backup_code(app: &TestApp) -> (Program<'_>, Person<'_>) {
    let (person, admin) = administrator(app).await;
    let codes = admin.set_up_totp().await.backup_codes;
    let member = app.user().in_organization("A").create().await;
    let limited = person.sign_in().await;
    let answer = limited.answer(&codes[0]).await;
    let admin = limited.with_token(&answer.text("/fullAccessToken"));
    (admin, member)
}
