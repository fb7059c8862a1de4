//! G, F05: what an organization asks is felt by the next request, shuts nobody out and opens nothing.

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use countersign::clock::rfc3339;
use countersign::mfa::Method;
use futures_util::future::join_all;
use serde_json::json;

use super::{member, owner, protected};
use crate::support::TestApp;
use crate::support::email_links::mailed;

#[actix_web::test]
async fn st_13_the_gate_appears_and_vanishes_with_the_next_request() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    let (_, program) = member(&app).await;
    program.get("/user/profile").await.ok();
    let answer = admin.enforce(json!({"enforced": true})).await;
    assert_eq!(
        answer.ok()["message"],
        "MFA enforcement enabled for organization"
    );
    program
        .get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
    let status = program.status().await;
    assert_eq!(
        (&status["isRequired"], &status["isEnforced"]),
        (&json!(true), &json!(true))
    );
    // Nobody is shut out of setting a method up, and with it the gate is gone.
    let authenticator = program.start_totp().await;
    program.finish_totp(&authenticator.code(&app)).await.ok();
    program.get("/user/profile").await.ok();

    let (_, other) = member(&app).await;
    other
        .get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
    let answer = admin.enforce(json!({"enforced": false})).await;
    assert_eq!(
        answer.ok()["message"],
        "MFA enforcement disabled for organization"
    );
    other.get("/user/profile").await.ok();
    let status = program.status().await;
    assert_eq!(status["isRequired"], false);
    assert_eq!(status["enabledMethods"], json!(["GOOGLE_AUTH"]));
}

#[actix_web::test]
async fn a_requirement_that_is_announced_comes_into_force_on_its_day() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    let (_, program) = member(&app).await;
    let day = app.app.clock.now() + TimeDelta::hours(12);
    let body = json!({"enforced": true, "enforceFrom": rfc3339(day)});
    admin.enforce(body).await.ok();
    let status = program.status().await;
    assert_eq!(
        (&status["isRequired"], &status["isEnforced"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(status["enforcedFrom"], rfc3339(day));
    program.get("/user/profile").await.ok();
    // Moved to today, it is there with the next request.
    admin.require().await;
    program
        .get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
    // Asked for again, it stays in force since then.
    let id = admin.get("/user/profile").await.ok()["data"]["orgId"].clone();
    let path = format!("/organization/{}", id.as_str().unwrap());
    let since = admin.get(&path).await.ok()["data"]["mfaEnforceFrom"].clone();
    app.advance(TimeDelta::minutes(5));
    admin.require().await;
    assert_eq!(admin.get(&path).await.ok()["data"]["mfaEnforceFrom"], since);
}

#[actix_web::test]
async fn g01_a_member_changes_nothing_and_the_refusal_is_recorded() {
    let app = TestApp::spawn().await;
    owner(&app).await;
    let (person, program, _) = protected(&app, Role::Workspaces).await;
    let answer = program.enforce(json!({"enforced": true})).await;
    answer.refused(403, "forbidden");
    let rows = app.db_activity(&person.id);
    let refused = rows.iter().filter(|row| row.event == "authz_fail");
    assert_eq!(refused.count(), 1);
    assert_eq!(program.status().await["isRequired"], false);
    let (_, alone) = app.user().signed_in().await;
    alone.set_up_totp().await;
    let answer = alone.enforce(json!({"enforced": true})).await;
    answer.refused(400, "invalid_request");
    assert_eq!(
        answer.text("/error"),
        "User not associated with an organization"
    );
}

#[actix_web::test]
async fn g03_a_limited_token_and_an_old_proof_change_nothing() {
    let app = TestApp::spawn().await;
    let (person, admin, _) = owner(&app).await;
    let limited = person.sign_in().await;
    let answer = limited.enforce(json!({"enforced": true})).await;
    answer.refused(403, "mfa_required");
    app.advance(TimeDelta::minutes(11));
    let answer = admin.enforce(json!({"enforced": true})).await;
    answer.refused(403, "step_up_required");
    assert_eq!(admin.status().await["isRequired"], false);
}

#[actix_web::test]
async fn or_1_whoever_demands_a_second_factor_has_one_that_counts() {
    let app = TestApp::spawn().await;
    let person = app.user().in_organization("A").role(Role::Owner);
    let (person, admin) = person.signed_in().await;
    let answer = admin.enforce(json!({"enforced": true})).await;
    answer.refused(403, "forbidden");
    assert_eq!(
        answer.text("/error"),
        "Set up MFA on your own account first"
    );
    admin.set_up_totp().await;
    let only_passkeys = json!({"enforced": true, "allowedMethods": ["PASSKEY"]});
    admin.enforce(only_passkeys).await.refused(403, "forbidden");
    assert_eq!(admin.status().await["isRequired"], false);
    drop(person);
}

#[actix_web::test]
async fn what_cannot_be_asked_changes_nothing() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    let before = app.db_state();
    let far = rfc3339(app.app.clock.now() + TimeDelta::days(800));
    for body in [
        json!({}),
        json!({"enforced": "yes"}),
        json!({"enforced": true, "allowedMethods": []}),
        json!({"enforced": true, "allowedMethods": ["TELEPATHY"]}),
        json!({"enforced": true, "enforceFrom": "tomorrow"}),
        json!({"enforced": true, "enforceFrom": far}),
        json!({"enforced": true, "extraDays": -1}),
        json!({"enforced": true, "extraDays": 366}),
    ] {
        let answer = admin.enforce(body.clone()).await;
        assert_eq!(answer.status, 400, "{body} {}", answer.body);
    }
    assert_eq!(app.db_state(), before);
}

#[actix_web::test]
async fn a_narrowed_list_never_makes_the_password_enough_and_shuts_nobody_out() {
    let (app, server) = mailed().await;
    let (_, admin, _) = owner(&app).await;
    let person = app.user().in_organization("A").create().await;
    app.db_add_factor(&person.id, Method::MagicLink);
    let narrow = json!({"enforced": true, "allowedMethods": ["GOOGLE_AUTH"]});
    admin.enforce(narrow).await.ok();
    let limited = person.sign_in().await;
    assert!(limited.refresh.is_none());
    limited
        .get("/user/profile")
        .await
        .refused(403, "mfa_required");
    limited
        .post("/mfa/setup", json!({"mfaType": "GOOGLE_AUTH"}))
        .await
        .refused(403, "mfa_required");
    // What does not count is proved first, and then the gate is met.
    limited.send_email_link().await.ok();
    let code = server.newest_link(&app, &person.email).code;
    let answer = limited.answer_email_link("code", &code).await;
    let full = app.stranger().with_token(&answer.text("/fullAccessToken"));
    let status = full.status().await;
    assert_eq!(
        (&status["isEnabled"], &status["sessionVerified"]),
        (&json!(false), &json!(false))
    );
    full.get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
    let authenticator = full.start_totp().await;
    full.finish_totp(&authenticator.code(&app)).await.ok();
    full.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn new_members_have_the_extra_days_from_joining() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    let body = json!({"enforced": true, "extraDays": 3});
    admin.enforce(body).await.ok();
    let (person, program) = member(&app).await;
    let status = program.status().await;
    assert_eq!(status["isEnforced"], false);
    assert!(status["enforcedFrom"].is_string());
    app.advance(TimeDelta::days(3));
    let limited = person.sign_in().await;
    assert_eq!(limited.status().await["isEnforced"], true);
    limited
        .get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
}

#[actix_web::test]
async fn f05_of_two_last_methods_removed_at_once_from_two_devices_one_stays() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    admin.require().await;
    for round in 0..6 {
        let (person, first, phone) = protected(&app, Role::User).await;
        let second = person.sign_in().await;
        app.db_add_factor(&person.id, Method::MagicLink);
        let answer = second.answer(&phone.next_code(&app)).await;
        let second = app.stranger().with_token(&answer.text("/fullAccessToken"));
        let answers = join_all(
            [(&first, "GOOGLE_AUTH"), (&second, "MAGIC_LINK")]
                .map(|(device, method)| device.post("/mfa/disable", json!({"mfaType": method}))),
        )
        .await;
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(done, 1, "round {round}");
        let status = countersign::mfa::status::load;
        let status = app.db(|conn| {
            let now = app.app.clock.now();
            status(conn, &person.id, &app.app.server, now).unwrap()
        });
        assert!(status.is_enabled, "round {round}");
    }
}

#[actix_web::test]
async fn a_demotion_is_felt_by_the_next_request() {
    let app = TestApp::spawn().await;
    let (_, boss, _) = owner(&app).await;
    let (person, admin, _) = protected(&app, Role::Administrators).await;
    admin.get("/organization/users").await.ok();
    let path = format!("/user/{}/role", person.id);
    boss.put(&path, json!({"orgRole": 0})).await.ok();
    admin
        .get("/organization/users")
        .await
        .refused(403, "forbidden");
    admin
        .enforce(json!({"enforced": true}))
        .await
        .refused(403, "forbidden");
}

#[actix_web::test]
async fn the_organization_tells_and_takes_the_same_rule() {
    let app = TestApp::spawn().await;
    let (person, admin, _) = owner(&app).await;
    let (_, program) = member(&app).await;
    let path = format!("/organization/{}", person.organization_id.unwrap());
    let data = program.get(&path).await.ok()["data"].clone();
    assert_eq!(
        (&data["name"], &data["mfaEnforced"], &data["is_business"]),
        (&json!("A"), &json!(false), &json!(true))
    );
    let body = json!({"name": "Northwind", "mfaEnforced": true, "city": "Oslo"});
    program
        .put(&path, body.clone())
        .await
        .refused(403, "forbidden");
    let changed = admin.put(&path, body).await;
    assert_eq!(changed.ok()["data"]["name"], "Northwind");
    assert_eq!(changed.body["data"]["mfaEnforced"], true);
    assert_eq!(program.status().await["isEnforced"], true);
    let lifted = admin.put(&path, json!({"mfaEnforced": false})).await;
    assert_eq!(lifted.ok()["data"]["mfaEnforced"], false);
    let (_, foreign) = app
        .user()
        .in_organization("B")
        .role(Role::Owner)
        .signed_in()
        .await;
    for path in [path.as_str(), "/organization/no-such-id"] {
        foreign.get(path).await.refused(404, "not_found");
        foreign
            .put(path, json!({"name": "Mine"}))
            .await
            .refused(404, "not_found");
    }
}
