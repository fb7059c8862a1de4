//! Making a passkey: what is accepted, and what is refused although everything else is right.

use data_encoding::BASE64;
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};

use super::holder;
use crate::support::soft_passkey::flags::{UP, UV};
use crate::support::soft_passkey::{SoftPasskey, from_base64, map, to_base64};
use crate::support::{Answer, Program, TestApp};

/// Asserts that a passkey was refused.
#[track_caller]
pub(super) fn is_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 400, "{what}: {}", answer.body);
    answer.refused(400, "invalid_code");
    assert_eq!(answer.text("/error"), "Passkey registration failed");
}

/// Hands over a passkey that differs from a good one; nothing may come of it.
pub(super) async fn refuses(
    program: &Program<'_>,
    what: &str,
    change: impl FnOnce(&mut SoftPasskey),
) {
    let before = program.own_passkeys().await;
    let mut odd = SoftPasskey::new(program.app).but(change);
    is_refused(&program.try_passkey(&mut odd).await, what);
    assert_eq!(program.own_passkeys().await, before, "{what}");
}

#[actix_web::test]
async fn e01_a_passkey_on_either_algorithm_is_added_and_signs_in() {
    let app = TestApp::spawn().await;
    for mut key in [SoftPasskey::new(&app), SoftPasskey::rs256(&app)] {
        let (person, program) = app.user().signed_in().await;
        let answer = program.try_passkey(&mut key).await;
        assert_eq!(answer.ok()["message"], "Passkey registration completed");
        assert!(answer.body.get("data").is_none(), "no new tokens");
        let full = person.sign_in_by(&key).await;
        full.get("/user/profile").await.ok();
    }
}

#[actix_web::test]
async fn e01_two_passkeys_of_one_account_sign_in_each_for_itself() {
    let app = TestApp::spawn().await;
    let (person, program, first) = holder(&app).await;
    let mut second = SoftPasskey::rs256(&app);
    program.enrol(&mut second).await;
    for key in [&first, &second, &first] {
        person.sign_in_by(key).await.get("/user/profile").await.ok();
    }
    let used = program.own_passkeys().await;
    assert_eq!(used.len(), 2);
    assert!(used.iter().all(|one| one["lastUsedAt"].is_string()));
}

#[actix_web::test]
async fn e01_every_documented_route_adds_a_passkey_in_either_shape() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut added = 0;
    let completed = "Passkey registration completed";
    for (path, said) in [
        ("/mfa/passkey/complete-registration", completed),
        ("/mfa/passkey/complete-registration-1", completed),
        ("/mfa/verify-setup", "MFA setup verified and enabled"),
    ] {
        for has_client_shape in [false, true] {
            let options = program.creation_options().await;
            let made = SoftPasskey::new(&app).create(&options);
            let credential = match has_client_shape {
                true => made.client_shape(),
                false => made.json(),
            };
            let body = json!({
                "mfaType": "PASSKEY",
                "credential": credential,
                "challenge": options["challenge"],
            });
            let answer = program.post(path, body).await;
            assert_eq!(answer.ok()["message"], said, "{path}");
            added += 1;
            assert_eq!(program.own_passkeys().await.len(), added, "{path}");
        }
    }
}

#[actix_web::test]
async fn e01_what_extensions_answer_unasked_is_ignored() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let mut key = SoftPasskey::new(&app);
    let list = Cbor::Array(vec![Cbor::Bool(true), Cbor::Null]);
    let nested = map([("a", Cbor::Bytes(vec![0; 300]))]);
    key.extensions = Some(map([("example.unknown", list), ("example.nested", nested)]));
    key.client_extensions = json!({
        "appid": "not even a boolean",
        "credProps": {"rk": true, "authenticatorDisplayName": "?"},
        "example.unknown": [1, {"two": null}],
        "largeBlob": {"supported": true},
        "prf": {"enabled": true, "results": {"first": "AAAA"}},
    });
    key.client_data = json!({"other_keys_can_be_added_here": "do not compare", "extra": [1]});
    program.enrol(&mut key).await;

    let limited = person.sign_in().await;
    let mut used = key.get(&limited.request_options().await);
    used.extensions = key.client_extensions.clone();
    limited.present(used.client_shape()).await.ok();
}

#[actix_web::test]
async fn what_a_client_leaves_out_or_gets_wrong_is_told_and_uses_nothing_up() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let options = program.creation_options().await;
    let good = SoftPasskey::new(&app).create(&options).json();
    for (pointer, value) in [
        ("/rawId", Value::Null),
        ("/rawId", json!("not base64!")),
        ("/response", json!("text")),
        ("/response/clientDataJSON", Value::Null),
        ("/response/clientDataJSON", json!("AA==")),
        ("/response/attestationObject", json!(7)),
        ("/response/attestationObject", json!("+/+/")),
    ] {
        let mut odd = good.clone();
        *odd.pointer_mut(pointer).unwrap() = value.clone();
        let answer = program.register(odd).await;
        assert_eq!(answer.status, 400, "{pointer} = {value}");
        answer.refused(400, "invalid_request");
    }
    let path = "/mfa/passkey/complete-registration";
    for body in [
        json!({}),
        json!({"credential": null}),
        json!({"credential": []}),
    ] {
        let answer = program.post(path, body).await;
        answer.refused(400, "invalid_request");
    }
    let without = json!({"mfaType": "PASSKEY"});
    let answer = program.post("/mfa/verify-setup", without).await;
    answer.refused(400, "invalid_code");
    assert_eq!(answer.text("/error"), "MFA setup verification failed");
    assert_eq!(program.own_passkeys().await, [Value::Null; 0]);
    program.register(good).await.ok();
}

#[actix_web::test]
async fn the_challenge_in_the_body_is_compared_and_uses_nothing_up() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let options = program.creation_options().await;
    let other = program.creation_options().await;
    let credential = SoftPasskey::new(&app).create(&options).json();
    let complete = async |challenge: &Value| {
        let body = json!({"credential": credential, "challenge": challenge});
        let path = "/mfa/passkey/complete-registration";
        program.post(path, body).await
    };
    is_refused(&complete(&other["challenge"]).await, "another challenge");
    is_refused(&complete(&json!("")).await, "no challenge");
    assert_eq!(program.status().await["isEnabled"], false);
    complete(&options["challenge"]).await.ok();
}

#[actix_web::test]
async fn e03_a_passkey_that_answers_another_question_is_not_added() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    let (_, stranger) = app.user().signed_in().await;
    let foreign = stranger.creation_options().await;
    refuses(&program, "type", |key| {
        key.client_data = json!({"type": "webauthn.get"});
    })
    .await;
    for (what, challenge) in [
        ("random", json!(to_base64(&[7; 32]))),
        ("of another account", foreign["challenge"].clone()),
        ("empty", json!("")),
        ("a number", json!(7)),
        ("missing", Value::Null),
    ] {
        refuses(&program, what, |key| {
            key.client_data = json!({"challenge": challenge});
        })
        .await;
    }
    refuses(&program, "nothing at all", |key| {
        key.client_data = json!({
            "type": null, "challenge": null, "origin": null, "crossOrigin": null,
        });
    })
    .await;
    // The one whose challenge it was can still answer it.
    let made = SoftPasskey::new(&app).create(&foreign);
    stranger.register(made.json()).await.ok();
}

#[actix_web::test]
async fn e03_a_challenge_is_compared_in_the_one_form_it_was_given_out_in() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    // One that looks different in the other alphabet.
    let options = loop {
        let options = program.creation_options().await;
        if options["challenge"].as_str().unwrap().contains(['-', '_']) {
            break options;
        }
    };
    let challenge = options["challenge"].as_str().unwrap();
    let in_base64 = BASE64.encode(&from_base64(challenge));
    // The same bytes, with a bit set that stands for nothing.
    let (most, last) = challenge.split_at(challenge.len() - 1);
    let with_loose_bit = format!("{most}{}", char::from(last.as_bytes()[0] + 1));
    for other in [
        format!("{challenge}="),
        in_base64.replace('=', ""),
        in_base64,
        with_loose_bit,
        format!(" {challenge}"),
        challenge.to_lowercase(),
    ] {
        let mut key = SoftPasskey::new(&app);
        key.client_data = json!({"challenge": other});
        let made = key.create(&options);
        is_refused(&program.register(made.json()).await, &other);
    }
    assert_eq!(program.own_passkeys().await.len(), 1);
    let good = SoftPasskey::new(&app).create(&options);
    program.register(good.json()).await.ok();
}

#[actix_web::test]
async fn e08_a_passkey_that_did_not_verify_anybody_is_not_added() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    refuses(&program, "UV=0", |key| key.flags &= !UV).await;
    refuses(&program, "UP=0", |key| key.flags &= !UP).await;
    refuses(&program, "neither", |key| key.flags &= !(UP | UV)).await;
    program.enrol(&mut SoftPasskey::new(&app)).await;
}

#[actix_web::test]
async fn e08_a_security_key_that_was_asked_for_less_is_not_added_either() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut options = program.security_key_options().await;
    options["authenticatorSelection"]["userVerification"] = json!("discouraged");
    let made = SoftPasskey::new(&app)
        .but(|key| key.flags = UP)
        .create(&options);
    is_refused(&program.register(made.json()).await, "UV=0");
    assert_eq!(program.status().await["isEnabled"], false);
}
