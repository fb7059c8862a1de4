//! What the record says of second factors: one event for each action, good or bad, and never a secret.

use countersign::db::activity::Activity;
use countersign::mfa::Method;
use serde_json::json;

use crate::support::{Person, TestApp};

/// What was recorded about somebody since the last look.
struct Since<'a> {
    person: &'a Person<'a>,
    seen: usize,
}

impl Since<'_> {
    /// The one thing that happened; signing in with the password is not what is looked at.
    #[track_caller]
    fn only(&mut self, event: &str, outcome: &str, method: Option<&str>) -> Activity {
        let all = self.person.app.db_activity(&self.person.id);
        let new: Vec<_> = all[self.seen..]
            .iter()
            .filter(|row| !row.event.starts_with("authn_"))
            .cloned()
            .collect();
        self.seen = all.len();
        let words: Vec<_> = new.iter().map(|row| row.event.as_str()).collect();
        assert_eq!(words, [event]);
        let row = new.into_iter().next().unwrap();
        assert_eq!(row.outcome, outcome, "{event}");
        assert_eq!(row.method.as_deref(), method, "{event}");
        assert_eq!(
            row.actor_id.as_deref(),
            Some(self.person.id.as_str()),
            "{event}"
        );
        assert_eq!(row.organization_id, self.person.organization_id, "{event}");
        assert_eq!(row.peer_address.as_deref(), Some("127.0.0.1"), "{event}");
        assert!(
            row.request_id.is_some() && row.session_hash.is_some(),
            "{event}"
        );
        row
    }
}

#[actix_web::test]
async fn k06_every_action_of_a_second_factor_is_recorded_once_with_all_that_is_known() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Records").signed_in().await;
    let seen = app.db_activity(&person.id).len();
    let mut since = Since {
        person: &person,
        seen,
    };
    let totp = Some("totp");

    let authenticator = program.start_totp().await;
    since.only("mfa_setup_started", "success", totp);
    program.finish_totp(&authenticator.code(&app)).await.ok();
    since.only("mfa_enabled", "success", totp);
    let limited = person.sign_in().await;
    limited.answer(&authenticator.wrong_code(&app)).await;
    let row = since.only("mfa_verify_fail", "failure", totp);
    assert_eq!(row.reason.as_deref(), Some("wrong_code"));
    let code = authenticator.next_code(&app);
    let full = limited.answer(&code).await.text("/fullAccessToken");
    since.only("mfa_verify_success", "success", totp);
    person.sign_in().await.answer(&code).await;
    let row = since.only("mfa_verify_fail", "failure", totp);
    assert_eq!(row.reason.as_deref(), Some("spent_code"));
    person
        .sign_in()
        .await
        .answer(&authenticator.backup_codes[0])
        .await
        .ok();
    let row = since.only("mfa_verify_success", "success", Some("backup_code"));
    assert_eq!(row.detail.as_deref(), Some("9"), "how many are left");

    let program = program.with_token(&full);
    program.post_nothing("/mfa/backup-codes").await.ok();
    since.only("backup_regenerated", "success", None);
    program.answer(&authenticator.next_code(&app)).await.ok();
    since.only("stepup", "success", totp);
    app.db_add_factor(&person.id, Method::Passkey);
    let body = json!({"mfaType": "PASSKEY"});
    program.post("/mfa/primary", body).await.ok();
    since.only("mfa_primary", "success", Some("passkey"));
    let body = json!({"mfaType": "GOOGLE_AUTH"});
    program.post("/mfa/disable", body.clone()).await.ok();
    since.only("mfa_disabled", "success", totp);
    program.post("/mfa/enable", body).await.ok();
    since.only("mfa_enabled", "success", totp);
    program.post_nothing("/mfa/reset").await.ok();
    since.only("mfa_reset", "success", None);
}

#[actix_web::test]
async fn f06_switching_the_app_off_ends_every_other_session_and_its_set_up_and_is_recorded() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let other = person.sign_in_with(&authenticator).await;
    let browser = person.browser().await;
    let waiting = program.start_totp().await;
    program
        .post("/mfa/disable", json!({"mfaType": "GOOGLE_AUTH"}))
        .await
        .ok();
    other
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
    assert!(
        browser
            .get("/security")
            .await
            .location()
            .starts_with("/login?")
    );
    program
        .finish_totp(&waiting.code(&app))
        .await
        .refused(400, "invalid_code");
    program.get("/user/profile").await.ok();
    let recorded = app.db_activity(&person.id);
    assert!(recorded.iter().any(|row| row.event == "mfa_disabled"));
}

#[actix_web::test]
async fn k05_no_secret_or_code_stands_in_the_database() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let setup = program
        .post("/mfa/setup", json!({"mfaType": "GOOGLE_AUTH"}))
        .await;
    let secret = setup.text("/data/secret");
    let authenticator = crate::support::authenticator::Authenticator::new(&secret);
    let first = authenticator.code(&app);
    program.finish_totp(&first).await.ok();
    let raw = data_encoding::BASE32_NOPAD
        .decode(secret.as_bytes())
        .unwrap();
    person
        .sign_in()
        .await
        .answer(&authenticator.next_code(&app))
        .await
        .ok();
    let dump = app.db_dump();
    for needle in [secret.as_bytes(), raw.as_slice(), b"otpauth"] {
        assert!(!dump.windows(needle.len()).any(|window| window == needle));
    }
}
