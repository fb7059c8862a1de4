//! Passkeys of another domain than the server's, as a change of the setting leaves them.

use serde_json::json;

use super::{holder, patient_app};
use crate::support::TestApp;
use crate::support::soft_passkey::SoftPasskey;

/// Starts with all passkeys being of this domain.
fn start_with_passkeys_of(app: &TestApp, rp_id: &str) {
    app.db_execute(&format!("UPDATE passkeys SET rp_id = '{rp_id}'"));
    app.start_again();
}

#[actix_web::test]
async fn a_passkey_of_another_domain_protects_nobody_and_is_owed_all_the_same() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    start_with_passkeys_of(&app, "before.example");
    let limited = person.sign_in().await;
    let status = limited.status().await;
    assert_eq!(status["isEnabled"], false);
    assert_eq!(status["enabledMethods"], json!([]));
    let shut = limited.get("/mfa/passkeys").await;
    shut.refused(403, "mfa_required");
    let alone = app.sign_in_with_only(&key).await;
    alone.refused(401, "invalid_credentials");
    // A new one makes the method usable, and is the last one although the old one is still there.
    app.db_change_user(&person.id, |user| user.mfa_required = true);
    program.enrol(&mut SoftPasskey::new(&app)).await;
    assert_eq!(program.status().await["isEnabled"], true);
    assert_eq!(program.own_passkeys().await.len(), 2);
    let path = program.newest_passkey().await;
    let answer = program.delete(&path).await;
    answer.refused(409, "last_method_required");
    app.db_change_user(&person.id, |user| user.mfa_required = false);
    program.delete(&path).await.ok();
    assert_eq!(program.own_passkeys().await.len(), 0);
}

#[actix_web::test]
async fn a_domain_that_comes_back_brings_its_passkeys_back() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    for (rp_id, is_enabled) in [
        ("a.example", false),
        ("localhost", true),
        ("z.example", false),
        ("localhost", true),
    ] {
        start_with_passkeys_of(&app, rp_id);
        let status = person.sign_in().await.status().await;
        assert_eq!(status["isEnabled"], is_enabled, "{rp_id}");
    }
    person.sign_in_by(&key).await;
}
