//! What the server asks authenticators for.

use std::collections::HashSet;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::holder;
use crate::support::TestApp;
use crate::support::soft_passkey::{SoftPasskey, from_base64, to_base64};

/// The ids in a list of descriptors.
fn ids(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    list.map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn e02_no_two_of_five_hundred_challenges_are_the_same() {
    let app = TestApp::spawn().await;
    let mut seen = HashSet::new();
    let mut look = |options: &Value| {
        let challenge = options["challenge"].as_str().unwrap();
        assert_eq!(from_base64(challenge).len(), 32);
        assert_eq!(options["timeout"], 300_000);
        assert!(seen.insert(challenge.to_owned()));
    };
    for _ in 0..4 {
        let (_, program, _) = holder(&app).await;
        for _ in 0..50 {
            look(&program.creation_options().await);
            look(&program.request_options().await);
        }
    }
    for _ in 0..100 {
        look(&app.sign_in_options().await);
    }
    assert_eq!(seen.len(), 500);
}

#[actix_web::test]
async fn e02_a_new_passkey_is_asked_to_verify_its_holder_and_to_be_found_without_an_address() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let answer = program
        .post("/mfa/setup", json!({"mfaType": "PASSKEY"}))
        .await;
    let data = &answer.ok()["data"];
    let options = &data["publicKey"];
    assert_eq!(
        options["rp"],
        json!({"id": "localhost", "name": "Countersign"})
    );
    assert_eq!(options["user"]["name"], person.email);
    assert_eq!(options["user"]["displayName"], "Ada Lovelace");
    let selection = &options["authenticatorSelection"];
    assert_eq!(selection["userVerification"], "required");
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(selection["requireResidentKey"], true);
    assert!(
        selection
            .get("authenticatorAttachment")
            .is_none_or(Value::is_null)
    );
    assert!(options.get("hints").is_none_or(Value::is_null));
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["extensions"], json!({"credProps": true}));
    assert_eq!(options["excludeCredentials"], json!([]));
    let algorithms: Vec<i64> = options["pubKeyCredParams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            assert_eq!(one["type"], "public-key");
            one["alg"].as_i64().unwrap()
        })
        .collect();
    assert_eq!(algorithms[0], -7, "the one to be preferred");
    assert!(algorithms.contains(&-257) && !algorithms.contains(&-8));
    // The documented members say the same.
    assert_eq!(data["challenge"], options["challenge"]);
    assert_eq!(data["rpID"], "localhost");
    assert_eq!(data["rpName"], "Countersign");
    assert_eq!(data["userId"], options["user"]["id"]);
    assert_eq!(data["userName"], person.email);
    assert_eq!(data["origin"], app.origin);
    assert_eq!(
        program.status().await["isEnabled"],
        false,
        "nothing is enabled yet"
    );
}

#[actix_web::test]
async fn e02_a_security_key_is_asked_to_verify_its_holder_and_spared_its_places() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let options = program.security_key_options().await;
    let selection = &options["authenticatorSelection"];
    assert_eq!(selection["userVerification"], "required");
    assert_eq!(selection["residentKey"], "discouraged");
    assert_eq!(selection["requireResidentKey"], false);
    assert_eq!(options["hints"], json!(["security-key"]));
}

#[actix_web::test]
async fn e02_authenticators_know_an_account_by_something_that_says_nothing_and_stays() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let handle = program.creation_options().await["user"]["id"].clone();
    let bytes = from_base64(handle.as_str().unwrap());
    assert_eq!(bytes.len(), 16);
    let own = uuid::Uuid::parse_str(&person.id).unwrap();
    assert_ne!(bytes, own.as_bytes());
    let session = uuid::Uuid::parse_str(&program.session_id).unwrap();
    assert_ne!(bytes, session.as_bytes());
    let text = format!("{handle} {}", String::from_utf8_lossy(&bytes));
    assert!(!text.contains(&person.email) && !text.contains(&person.id));
    let again = person.sign_in().await;
    for options in [
        program.creation_options().await,
        program.security_key_options().await,
        again.creation_options().await,
    ] {
        assert_eq!(options["user"]["id"], handle);
    }
    let (_, other) = app.user().signed_in().await;
    assert_ne!(other.creation_options().await["user"]["id"], handle);
}

#[actix_web::test]
async fn e02_the_lists_name_one_s_own_passkeys_and_nobody_else_s() {
    let app = TestApp::spawn().await;
    let (_, program, first) = holder(&app).await;
    let mut second = SoftPasskey::new(&app).but(|key| key.transports = vec!["usb", "nfc"]);
    program.enrol(&mut second).await;
    let (_, _, foreign) = holder(&app).await;
    let own = [
        to_base64(&first.credential_id),
        to_base64(&second.credential_id),
    ];
    let excluded = program.creation_options().await["excludeCredentials"].clone();
    assert_eq!(ids(&excluded), own);
    assert!(!ids(&excluded).contains(&to_base64(&foreign.credential_id)));
    let options = program.request_options().await;
    assert_eq!(ids(&options["allowCredentials"]), own);
    assert_eq!(options["rpId"], "localhost");
    assert_eq!(options["userVerification"], "required");
    for list in [&excluded, &options["allowCredentials"]] {
        assert_eq!(list[0]["type"], "public-key");
        assert_eq!(list[0]["transports"], json!(["internal", "hybrid"]));
        assert_eq!(list[1]["transports"], json!(["usb", "nfc"]));
    }
}

#[actix_web::test]
async fn j03_what_is_asked_before_anybody_has_said_who_names_nobody() {
    let app = TestApp::spawn().await;
    let before = app.sign_in_options().await;
    holder(&app).await;
    let mut after = app.sign_in_options().await;
    assert_ne!(after["challenge"], before["challenge"]);
    after["challenge"] = before["challenge"].clone();
    assert_eq!(after, before, "whether there are passkeys or not");
    assert_eq!(after["allowCredentials"], json!([]));
    assert_eq!(after["rpId"], "localhost");
    assert_eq!(after["userVerification"], "required");
}

#[actix_web::test]
async fn j03_what_one_s_passkeys_are_is_told_to_nobody_without_the_password() {
    let app = TestApp::spawn().await;
    let (person, _, key) = holder(&app).await;
    let plain = app.user().create().await;
    let path = "/mfa/passkey/auth-options";
    let stranger = app.stranger();
    stranger
        .post_nothing(path)
        .await
        .refused(401, "unauthenticated");
    let body = json!({"email": person.email, "userId": person.id});
    let answer = stranger.post(path, body).await;
    answer.refused(401, "unauthenticated");
    assert!(
        !answer
            .body
            .to_string()
            .contains(&to_base64(&key.credential_id))
    );
    stranger
        .with_token("cs_lt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        .post_nothing(path)
        .await
        .refused(401, "unauthenticated");
    let with = person.try_sign_in("not the password at all").await;
    let without = plain.try_sign_in("not the password at all").await;
    with.refused(401, "invalid_credentials");
    assert_eq!(with.body, without.body);
}

#[actix_web::test]
async fn without_a_passkey_there_is_nothing_to_ask_for() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let path = "/mfa/passkey/auth-options";
    program
        .post_nothing(path)
        .await
        .refused(400, "method_not_configured");
    program.set_up_totp().await;
    let limited = person.sign_in().await;
    limited
        .post_nothing(path)
        .await
        .refused(400, "method_not_configured");
}

#[actix_web::test]
async fn passkeys_are_started_sixty_times_an_hour_and_no_more() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let start = || program.post("/mfa/setup", json!({"mfaType": "PASSKEY"}));
    // A minute gives one back: a slow machine gets another.
    let mut started = 0;
    let answer = loop {
        let answer = start().await;
        if answer.status != 200 {
            break answer;
        }
        started += 1;
    };
    assert!((60..63).contains(&started), "{started}");
    answer.refused(429, "rate_limited");
    let wait: i64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let (_, other) = app.user().signed_in().await;
    other.creation_options().await;
    app.advance(TimeDelta::seconds(wait));
    start().await.ok();
}

#[actix_web::test]
async fn where_the_public_host_is_an_address_there_are_no_passkeys() {
    let app = TestApp::spawn_with(|config| config.rp_id = None).await;
    let (_, program) = app.user().signed_in().await;
    let methods = program.get("/mfa/methods").await;
    assert_eq!(methods.ok()["data"][2]["type"], "PASSKEY");
    assert_eq!(methods.body["data"][2]["isAvailable"], false);
    program
        .post("/mfa/setup", json!({"mfaType": "PASSKEY"}))
        .await
        .refused(400, "method_not_available");
    app.stranger()
        .post_nothing("/user/login/passkey/options")
        .await
        .refused(400, "method_not_available");
}
