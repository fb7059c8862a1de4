//! Rows G and F05 of the checks that no other file of these holds.

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use countersign::mfa::{Method, status};
use futures_util::future::join;
use serde_json::json;

use super::{member, owner, protected};
use crate::pages::second_factor::press;
use crate::support::email_links::mailed;
use crate::support::{Browser, TestApp};

#[actix_web::test]
async fn g02_a_foreign_administrator_resets_nobody_however_the_id_is_written() {
    let (app, server) = mailed().await;
    let (home, _, _) = owner(&app).await;
    let (person, _, _) = protected(&app, Role::User).await;
    let user = app.user().in_organization("B").role(Role::Owner);
    let (_, foreign) = user.signed_in().await;
    foreign.set_up_totp().await;
    while app.deliver().await > 0 {}
    let before = app.db_state();
    let unknown = json!({"resetUserId": "019a9d5e-0000-7000-8000-000000000099"});
    let unknown = foreign.post("/mfa/reset", unknown).await;
    unknown.refused(404, "not_found");
    let organization = home.organization_id.unwrap();
    for body in [
        json!({"resetUserId": person.id}),
        json!({"resetUserId": person.id, "orgId": organization}),
        json!({"resetUserId": person.id, "organizationId": organization, "enable": true}),
        json!({"resetUserId": person.id.to_uppercase()}),
    ] {
        let answer = foreign.post("/mfa/reset", body.clone()).await;
        assert_eq!(
            (answer.status, &answer.body),
            (404, &unknown.body),
            "{body}"
        );
    }
    let several = json!({"resetUserId": [person.id]});
    let answer = foreign.post("/mfa/reset", several).await;
    answer.refused(400, "invalid_request");
    assert_eq!(app.db_state(), before);
    assert_eq!(app.deliver().await, 0);
    let subjects = server.subjects(&person.email);
    assert!(!subjects.contains(&"Your MFA was reset".to_owned()));
}

#[actix_web::test]
async fn g03_a_limited_token_and_an_old_proof_reset_nobody() {
    let app = TestApp::spawn().await;
    let (boss, admin, _) = owner(&app).await;
    let (person, _, _) = protected(&app, Role::User).await;
    let body = json!({"resetUserId": person.id});
    let limited = boss.sign_in().await;
    let answer = limited.post("/mfa/reset", body.clone()).await;
    answer.refused(403, "mfa_required");
    app.advance(TimeDelta::minutes(11));
    let answer = admin.post("/mfa/reset", body).await;
    answer.refused(403, "step_up_required");
    let now = app.app.clock.now();
    let status = app.db(|conn| status::load(conn, &person.id, &app.app.server, now).unwrap());
    assert!(status.is_enabled);
}

/// A browser and a program of a member of "A" with an app, where a second factor is required.
async fn required<'a>(app: &'a TestApp) -> (String, Browser<'a>, crate::support::Program<'a>) {
    let (_, admin, _) = owner(app).await;
    let (person, program, authenticator) = protected(app, Role::User).await;
    admin.require().await;
    let browser = person.browser().await;
    let page = browser.get("/login/verify?method=app").await;
    let (_, mut fields) = page.form_at("form[action='/login/verify']");
    fields.retain(|(name, _)| name != "code");
    fields.push(("code".to_owned(), authenticator.next_code(app)));
    let inside = browser.post("/login/verify", &fields).await;
    assert_eq!(inside.location(), "/security");
    (person.id, browser, program)
}

#[actix_web::test]
async fn f05_the_last_method_stays_by_every_form_and_every_call_while_the_organization_requires_one()
 {
    let app = TestApp::spawn().await;
    let (_, browser, program) = required(&app).await;
    let security = browser.get("/security").await;
    let before = program.status().await;
    for path in ["/security/app/remove", "/security/mfa/off"] {
        let page = browser.get(path).await;
        assert!(page.texts(&format!("form[action='{path}']")).is_empty());
        let (_, token) = security.form_at("form[action='/logout']");
        let refused = browser.post(path, &token).await;
        assert!(
            matches!(refused.status, 403 | 409),
            "{path}: {}",
            refused.status
        );
        assert_eq!(program.status().await, before, "{path}");
    }
    let of_app = json!({"mfaType": "GOOGLE_AUTH"});
    for (path, body) in [("/mfa/disable", of_app), ("/mfa/reset", json!({}))] {
        let answer = program.post(path, body).await;
        answer.refused(409, "last_method_required");
    }
    assert_eq!(program.status().await, before);
}

#[actix_web::test]
async fn f05_a_page_and_a_program_that_remove_the_last_two_at_once_leave_one() {
    let app = TestApp::spawn().await;
    let (id, browser, program) = required(&app).await;
    for round in 0..4 {
        app.db(|conn| {
            use countersign::db::schema::factors;
            use diesel::prelude::*;
            diesel::delete(factors::table.filter(factors::method.eq("magic_link")))
                .execute(conn)
                .unwrap();
        });
        app.db_add_factor(&id, Method::MagicLink);
        let off = json!({"mfaType": "GOOGLE_AUTH"});
        let page = browser.get("/security/email/remove").await;
        let (removed, switched) = join(
            press(&browser, &page, "/security/email/remove"),
            program.post("/mfa/disable", off),
        )
        .await;
        let done = (removed.location() == "/security", switched.status == 200);
        assert_ne!(
            done.0, done.1,
            "round {round}: {} {}",
            removed.status, switched.body
        );
        let now = app.app.clock.now();
        let status = app.db(|conn| status::load(conn, &id, &app.app.server, now).unwrap());
        assert!(status.is_enabled, "round {round}");
        if done.1 {
            break; // That ended the browser's session.
        }
    }
}

#[actix_web::test]
async fn a_member_s_own_flag_works_the_same_way_without_a_rule_of_the_organization() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    let (person, program) = member(&app).await;
    let body = json!({"resetUserId": person.id, "enable": true});
    admin.post("/mfa/reset", body).await.ok();
    program
        .get("/user/profile")
        .await
        .refused(401, "unauthenticated");
    let back = person.sign_in().await;
    let gate = back.get("/user/profile").await;
    gate.refused(403, "mfa_enrolment_required");
    assert!(
        gate.header("content-type")
            .unwrap()
            .starts_with("application/json")
    );
    let authenticator = back.start_totp().await;
    let proved = back.finish_totp(&authenticator.code(&app)).await;
    let back = app
        .stranger()
        .with_token(&proved.text("/data/fullAccessToken"));
    back.get("/user/profile").await.ok();
    let last = json!({"mfaType": "GOOGLE_AUTH"});
    let answer = back.post("/mfa/disable", last).await;
    answer.refused(409, "last_method_required");
}
