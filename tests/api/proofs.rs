//! Proofs inside a session: what needs a fresh one, and how the password renews it.

use chrono::TimeDelta;
use countersign::mfa::Method;
use serde_json::json;

use crate::support::{Answer, PASSWORD, Program, TestApp};

const CHALLENGE: &str = "Bearer error=\"insufficient_user_authentication\", max_age=\"600\"";

#[track_caller]
fn needs_proof(answer: &Answer) {
    answer.refused(403, "step_up_required");
    assert_eq!(answer.header("www-authenticate"), Some(CHALLENGE));
}

async fn prove(program: &Program<'_>, password: &str) -> Answer {
    program
        .post("/user/verify-password", json!({"password": password}))
        .await
}

#[actix_web::test]
async fn revoking_needs_a_fresh_proof_and_the_password_renews_it() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    app.advance(TimeDelta::seconds(590));
    let other = person.sign_in().await;
    program
        .delete(&format!("/token/{}", other.session_id))
        .await
        .ok();
    app.advance(TimeDelta::seconds(11));
    let other = person.sign_in().await;
    let path = format!("/token/{}", other.session_id);
    needs_proof(&program.delete(&path).await);
    needs_proof(&program.delete("/token/unknown").await);
    needs_proof(&program.post_nothing("/sessions/revoke-all").await);
    needs_proof(
        &program
            .post_nothing(&format!("/sessions/{}/revoke", other.session_id))
            .await,
    );
    other.get("/user/profile").await.ok();
    prove(&program, "not the password at all")
        .await
        .refused(400, "invalid_password");
    needs_proof(&program.delete(&path).await);
    prove(&program, PASSWORD).await.ok();
    program.delete(&path).await.ok();
    other
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
    app.advance(TimeDelta::seconds(601));
    needs_proof(&program.post_nothing("/sessions/revoke-all").await);
}

#[actix_web::test]
async fn a_proof_belongs_to_the_session_it_was_given_in() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let other = person.sign_in().await;
    app.advance(TimeDelta::seconds(601));
    prove(&other, PASSWORD).await.ok();
    needs_proof(&program.post_nothing("/sessions/revoke-all").await);
    other.post_nothing("/sessions/revoke-all").await.ok();
}

#[actix_web::test]
async fn where_a_factor_is_owed_the_password_proves_nothing() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().with_factor(Method::Totp).signed_in().await;
    prove(&program, PASSWORD).await.refused(403, "mfa_required");
    app.db_prove_factor(&program.session_id, Method::Totp);
    program.get("/user/profile").await.ok();
    app.advance(TimeDelta::seconds(540));
    needs_proof(&prove(&program, PASSWORD).await);
    needs_proof(&prove(&program, "not the password at all").await);
    program.post_nothing("/sessions/revoke-all").await.ok();
}

#[actix_web::test]
async fn a_password_typed_as_a_proof_is_guessed_no_faster_than_at_sign_in() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    for _ in 0..5 {
        prove(&program, "not the password at all")
            .await
            .refused(400, "invalid_password");
    }
    let answer = prove(&program, PASSWORD).await;
    answer.refused(429, "rate_limited");
    assert_eq!(answer.header("retry-after"), Some("1"));
    person
        .try_sign_in(PASSWORD)
        .await
        .refused(429, "rate_limited");
    program.get("/user/profile").await.ok();
    app.advance(TimeDelta::seconds(1));
    prove(&program, PASSWORD).await.ok();
}
