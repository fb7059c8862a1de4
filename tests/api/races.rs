//! Two changes at once: each is judged by what the other left.

use chrono::TimeDelta;
use countersign::db::users;
use countersign::mfa::Method;
use countersign::mfa::verify::{self, Looked};
use futures_util::future::join_all;
use serde_json::json;

use crate::support::TestApp;

#[actix_web::test]
async fn f05_two_devices_at_once_never_leave_a_required_account_without_a_method() {
    let app = TestApp::spawn().await;
    for round in 0..8 {
        let organization = format!("Strict {round}");
        let (person, program) = app.user().in_organization(&organization).signed_in().await;
        let authenticator = program.set_up_totp().await;
        app.db_add_factor(&person.id, Method::Passkey);
        let other = person.sign_in_with(&authenticator).await;
        let id = person.organization_id.clone().unwrap();
        let tomorrow = app.app.clock.now() + TimeDelta::days(1);
        app.db_require_mfa(&id, Some(tomorrow), &Method::ALL);
        let disable = |program: crate::support::Program<'_>, word: &'static str| {
            let token = program.access.unwrap();
            let program = app.stranger().with_token(&token);
            async move { program.post("/mfa/disable", json!({"mfaType": word})).await }
        };
        let answers = join_all([disable(program, "GOOGLE_AUTH"), disable(other, "PASSKEY")]).await;
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(done, 1, "round {round}: {answers:?}");
        // Whoever came second was signed out by the first, or told that it is the last method.
        let second = answers.iter().find(|answer| answer.status != 200).unwrap();
        assert!([401, 409].contains(&second.status), "{}", second.body);
        let status = countersign_status(&app, &person.id);
        assert!(status.is_enabled, "round {round}");
    }
}

#[actix_web::test]
async fn a_right_code_in_flight_is_not_refused_by_a_lock_that_falls_meanwhile() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    for _ in 0..5 {
        let mut limited = Vec::new();
        for _ in 0..5 {
            limited.push(person.sign_in().await);
        }
        let right = authenticator.next_code(&app);
        let answers = join_all(limited.iter().map(|program| program.answer(&right))).await;
        let accepted = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(accepted, 1, "{answers:?}");
    }
}

fn countersign_status(app: &TestApp, user_id: &str) -> countersign::mfa::Status {
    app.db(|conn| {
        let now = app.app.clock.now();
        countersign::mfa::status::load(conn, user_id, &app.app.server, now).unwrap()
    })
}

#[actix_web::test]
async fn a_code_of_the_app_that_was_just_replaced_is_not_spent() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let old = program.set_up_totp().await;
    let code = old.next_code(&app);
    let new = program.start_totp().await;
    let now = app.app.clock.now();
    let user = app.db(|conn| users::find(conn, &person.id).unwrap().unwrap());
    let status = countersign_status(&app, &person.id);
    let looked = app.db(|conn| {
        let code = countersign::mfa::Code::parse(&code).unwrap();
        let lock = app.app.config.lifetimes.lock_first;
        verify::look_at_totp(conn, &app.app.keys, &user, &status, code, lock, now, now).unwrap()
    });
    let Looked::Right(proof, _) = looked else {
        panic!("{looked:?}");
    };
    // An early code, so that the step alone would not refuse the old one.
    program.finish_totp(&new.code_off(&app, -30)).await.ok();
    let spent = app.db(|conn| verify::spend(conn, &user, &proof, now).unwrap());
    assert!(!spent);
}
