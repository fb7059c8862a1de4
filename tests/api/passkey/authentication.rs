//! Answering with a passkey, as a second step and in a session that is complete already.

use chrono::TimeDelta;
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};

use super::{holder, patient_app};
use crate::support::soft_passkey::flags::{AT, BE, BS, ED, UP, UV};
use crate::support::soft_passkey::{Signature, SoftPasskey, map, to_base64};
use crate::support::{Answer, PASSWORD, Person, TestApp};

/// Asserts that a passkey's answer was refused.
#[track_caller]
fn is_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 400, "{what}: {}", answer.body);
    answer.refused(400, "invalid_code");
    assert_eq!(answer.text("/error"), "The passkey could not be checked");
    assert!(answer.body.get("attemptsLeft").is_none(), "it is no code");
}

/// Answers with a passkey that differs from the registered one; nothing may come of it.
async fn refuses(person: &Person<'_>, what: &str, odd: &SoftPasskey) {
    let limited = person.sign_in().await;
    let stored = format!("{:?}", person.app.db_passkeys(&person.id));
    is_refused(&limited.prove(odd).await, what);
    let after = format!("{:?}", person.app.db_passkeys(&person.id));
    assert_eq!(after, stored, "{what}");
    limited
        .get("/user/profile")
        .await
        .refused(403, "mfa_required");
}

#[actix_web::test]
async fn e01_a_passkey_finishes_a_sign_in_and_the_limited_token_is_dead() {
    let app = TestApp::spawn().await;
    let (person, _, key) = holder(&app).await;
    let answer = person.try_sign_in(PASSWORD).await;
    assert_eq!(answer.body["mfaRequired"], true);
    assert_eq!(answer.body["mfaMethods"], json!(["PASSKEY"]));
    assert_eq!(answer.body["primaryMethod"], "PASSKEY");
    let limited = person.sign_in().await;
    let options = limited.request_options().await;
    let verified = limited.present(key.get(&options).client_shape()).await;
    assert_eq!(verified.ok()["message"], "MFA verification successful");
    assert!(verified.text("/fullAccessToken").starts_with("cs_at_"));
    assert!(verified.text("/refreshToken").starts_with("cs_rt_"));
    assert!(verified.body["expiresAt"].is_number());
    limited
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
    let full = limited.with_token(&verified.text("/fullAccessToken"));
    let status = full.status().await;
    assert_eq!(status["sessionVerified"], true);
    assert_eq!(status["primaryMethod"], "PASSKEY");
    let row = app.db_activity(&person.id).pop().unwrap();
    assert_eq!(row.event, "mfa_verify_success");
    assert_eq!(row.method.as_deref(), Some("passkey"));
    let name = app.db_passkeys(&person.id).remove(0).name;
    assert_eq!(row.detail, Some(name), "which one");
}

#[actix_web::test]
async fn e03_an_answer_to_another_question_is_refused() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let (other, _, other_key) = holder(&app).await;
    let waiting = other.sign_in().await;
    let foreign = waiting.request_options().await;
    let swapped = json!({"type": "webauthn.create"});
    refuses(&person, "type", &key.but(|key| key.client_data = swapped)).await;
    for (what, challenge) in [
        ("random", json!(to_base64(&[7; 32]))),
        ("of another account", foreign["challenge"].clone()),
        ("empty", json!("")),
        ("missing", Value::Null),
        ("a list", json!([foreign["challenge"]])),
    ] {
        let odd = key.but(|key| key.client_data = json!({"challenge": challenge}));
        refuses(&person, what, &odd).await;
    }
    // Nobody used up what was given to somebody else.
    waiting.present(other_key.get(&foreign).json()).await.ok();
    person.sign_in_by(&key).await;
}

#[actix_web::test]
async fn e03_a_challenge_is_compared_in_the_one_form_it_was_given_out_in() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let limited = person.sign_in().await;
    let options = loop {
        let options = limited.request_options().await;
        if options["challenge"].as_str().unwrap().contains(['-', '_']) {
            break options;
        }
    };
    let challenge = options["challenge"].as_str().unwrap();
    for other in [
        format!("{challenge}="),
        challenge.replace('-', "+").replace('_', "/"),
        format!("{challenge}AAAA"),
        challenge[1..].to_owned(),
        format!("{challenge}\n"),
    ] {
        let odd = key.but(|key| key.client_data = json!({"challenge": other}));
        is_refused(&limited.present(odd.get(&options).json()).await, &other);
    }
    limited.present(key.get(&options).json()).await.ok();
}

#[actix_web::test]
async fn e08_an_answer_that_verified_nobody_is_refused() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    for (what, bits) in [("UV=0", UV), ("UP=0", UP), ("neither", UP | UV)] {
        refuses(&person, what, &key.but(|key| key.flags &= !bits)).await;
    }
    // Whoever edits the options on the way has gained nothing.
    let unverified = key.but(|key| key.flags &= !UV);
    let limited = person.sign_in().await;
    let mut options = limited.request_options().await;
    options["userVerification"] = json!("discouraged");
    let used = unverified.get(&options);
    is_refused(&limited.present(used.json()).await, "edited");
    is_refused(&program.prove(&unverified).await, "as a fresh proof");
    let alone = app.sign_in_with_only(&unverified).await;
    alone.refused(401, "invalid_credentials");
    person.sign_in_by(&key).await;
}

#[actix_web::test]
async fn e09_only_the_registered_key_s_signature_over_these_bytes_is_accepted() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    let mut rsa = SoftPasskey::rs256(&app);
    program.enrol(&mut rsa).await;
    for own in [&key, &rsa] {
        let stranger = own.but(|key| key.signature = Signature::es256());
        refuses(&person, "another key", &stranger).await;
        let limited = person.sign_in().await;
        let fresh = async || own.get(&limited.request_options().await);
        for (what, signature) in [
            ("empty", vec![]),
            ("one byte", vec![0x30]),
            ("zeros", vec![0; 72]),
            ("not DER", vec![0xff; 64]),
            ("lengths beyond its end", vec![0x30, 0xff, 2, 0xff]),
            ("r and s are 0", vec![0x30, 6, 2, 1, 0, 2, 1, 0]),
            (
                "a length of 4 GiB",
                vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 2, 1, 1],
            ),
            ("32 KiB", vec![0x30; 32 * 1024]),
        ] {
            let odd = fresh().await.but(|used| used.signature = signature);
            is_refused(&limited.present(odd.json()).await, what);
        }
        let odd = fresh().await.but(|used| used.signature.push(0));
        is_refused(&limited.present(odd.json()).await, "a byte more");
        let odd = fresh().await.but(|used| used.client_data.push(b' '));
        is_refused(&limited.present(odd.json()).await, "other client data");
        let odd = fresh().await.but(|used| used.authenticator_data[36] ^= 1);
        is_refused(&limited.present(odd.json()).await, "another count");
        let good = fresh().await;
        let odd = good.but(|used| used.signature = vec![0x30; 64 * 1024]);
        let answer = limited.present(odd.json()).await;
        answer.refused(413, "payload_too_large");
        limited.present(good.json()).await.ok();
    }
}

#[actix_web::test]
async fn e09_a_signature_of_the_raw_form_is_refused() {
    let app = TestApp::spawn().await;
    let (person, _, key) = holder(&app).await;
    let limited = person.sign_in().await;
    let used = key.get(&limited.request_options().await);
    let raw = p256::ecdsa::Signature::from_der(&used.signature).unwrap();
    let odd = used.but(|used| used.signature = raw.to_bytes().to_vec());
    is_refused(&limited.present(odd.json()).await, "r and s side by side");
}

#[actix_web::test]
async fn e10_a_passkey_of_somebody_else_proves_nothing() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    let (other, _, other_key) = holder(&app).await;
    refuses(&person, "theirs as it is", &other_key).await;
    let handle = key.user_handle.clone();
    let posing = other_key.but(|odd| odd.user_handle = handle);
    refuses(&person, "theirs under this account's handle", &posing).await;
    let nameless = other_key.but(|odd| odd.user_handle = None);
    refuses(&person, "theirs without a handle", &nameless).await;
    let under_id = posing.but(|odd| odd.credential_id = key.credential_id.clone());
    refuses(&person, "theirs under this passkey's id", &under_id).await;
    let with_id = key.but(|odd| odd.credential_id = other_key.credential_id.clone());
    refuses(&person, "this account's under their passkey's id", &with_id).await;
    is_refused(&program.prove(&other_key).await, "as a fresh proof");
    let reasons = app.db_reasons(&person.id, "mfa_verify_fail");
    let expected = [["not_own"; 3], ["not_verified", "not_own", "not_own"]];
    assert_eq!(reasons, expected.concat());
    assert_eq!(app.db_reasons(&other.id, "mfa_verify_fail"), [""; 0]);
    person.sign_in_by(&key).await;
    other.sign_in_by(&other_key).await;
}

#[actix_web::test]
async fn the_user_handle_need_not_be_there_but_must_not_be_another_one() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let (_, _, other_key) = holder(&app).await;
    let handle = key.user_handle.clone().unwrap();
    for odd in [
        other_key.user_handle.clone().unwrap(),
        handle[1..].to_vec(),
        [&handle[..], &[0]].concat(),
        person.id.clone().into_bytes(),
    ] {
        let odd = key.but(|key| key.user_handle = Some(odd));
        refuses(&person, "a handle", &odd).await;
    }
    for fine in [None, Some(Vec::new()), Some(handle)] {
        let fine = key.but(|key| key.user_handle = fine);
        person.sign_in_by(&fine).await;
    }
}

#[actix_web::test]
async fn an_id_that_nobody_registered_is_refused_like_any_other() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    for id in [vec![], vec![0; 20], vec![9; 20_000]] {
        let odd = key.but(|key| key.credential_id = id);
        refuses(&person, "an id", &odd).await;
    }
    let reasons = app.db_reasons(&person.id, "mfa_verify_fail");
    assert_eq!(reasons, ["unknown_passkey"; 3]);
}

#[actix_web::test]
async fn e15_a_passkey_that_could_be_copied_stays_one_that_can() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let with = |flags| key.but(|key| key.flags = flags);
    refuses(&person, "BE 1->0", &with(UP | UV)).await;
    refuses(&person, "BE=0, BS=1", &with(UP | UV | BS)).await;
    let full = person.sign_in_by(&with(UP | UV | BE)).await;
    let shown = &full.own_passkeys().await[0];
    assert_eq!(shown["backupEligible"], true);
    assert_eq!(shown["backupState"], false, "the copy is gone");
    let full = person.sign_in_by(&key).await;
    assert_eq!(full.own_passkeys().await[0]["backupState"], true);
}

#[actix_web::test]
async fn e15_a_passkey_may_become_one_that_can_be_copied() {
    let app = patient_app().await;
    let (person, program) = app.user().signed_in().await;
    let mut key = SoftPasskey::new(&app).but(|key| key.flags = UP | UV);
    program.enrol(&mut key).await;
    assert_eq!(program.own_passkeys().await[0]["backupEligible"], false);
    let with = |flags| key.but(|key| key.flags = flags);
    refuses(&person, "BE=0, BS=1", &with(UP | UV | BS)).await;
    for (flags, copied) in [
        (UP | UV | BE | BS, true),
        (UP | UV | BE, false),
        (UP | UV | BE | BS, true),
    ] {
        let full = person.sign_in_by(&with(flags)).await;
        let shown = &full.own_passkeys().await[0];
        assert_eq!(shown["backupEligible"], true);
        assert_eq!(shown["backupState"], copied);
    }
    refuses(&person, "and back", &key).await;
}

#[actix_web::test]
async fn what_an_authenticator_adds_to_its_data_must_be_readable_and_is_ignored() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let unknown = map([("example.unknown", Cbor::Array(vec![Cbor::Null]))]);
    let extended = key.but(|key| key.extensions = Some(unknown));
    person.sign_in_by(&extended).await;
    refuses(&person, "ED=1, and none", &key.but(|key| key.flipped = ED)).await;
    refuses(&person, "AT=1, no key", &key.but(|key| key.flipped = AT)).await;
    person.sign_in_by(&key).await;
}

#[actix_web::test]
async fn f03_a_passkey_renews_the_proof_of_a_complete_session() {
    let app = TestApp::spawn().await;
    let (person, program, key) = holder(&app).await;
    let path = program.newest_passkey().await;
    app.advance(TimeDelta::minutes(10));
    let rename = || program.put(&path, json!({"name": "Mine"}));
    rename().await.refused(403, "step_up_required");
    let wrong = key.but(|key| key.signature = Signature::es256());
    is_refused(&program.prove(&wrong).await, "another key");
    rename().await.refused(403, "step_up_required");
    let new_codes = || program.post_nothing("/mfa/backup-codes");
    new_codes().await.refused(403, "step_up_required");

    let renewed = program.prove(&key).await;
    renewed.ok();
    let echoed = renewed.text("/fullAccessToken");
    assert_eq!(Some(echoed), program.access);
    rename().await.ok();
    new_codes().await.ok();
    let events = app.db_activity(&person.id);
    assert!(events.iter().any(|row| row.event == "stepup"));
    let new = renewed.text("/refreshToken");
    assert_ne!(new, program.refresh_token());
    let refresh = async |token: &str| {
        let body = json!({"refresh_token": token});
        app.stranger().post("/user/refresh", body).await
    };
    refresh(&new).await.ok();
    // The old one was replaced and not used: there is no grace for it.
    let old = refresh(program.refresh_token()).await;
    old.refused(401, "unauthenticated");
}

#[actix_web::test]
async fn wrong_passkeys_from_one_address_are_slowed_down_and_right_ones_are_not() {
    let app = TestApp::spawn().await;
    let (person, program, key) = holder(&app).await;
    for _ in 0..40 {
        program.prove(&key).await.ok();
    }
    let wrong = key.but(|key| key.signature = Signature::es256());
    // Two seconds give one back: a slow machine gets a few more.
    let mut taken = 0;
    let answer = loop {
        let answer = program.prove(&wrong).await;
        if answer.status != 400 {
            break answer;
        }
        taken += 1;
    };
    assert!((30..60).contains(&taken), "{taken}");
    answer.refused(429, "rate_limited");
    app.advance(TimeDelta::minutes(1));
    person.sign_in_by(&key).await;
}

#[actix_web::test]
async fn a_passkey_of_one_algorithm_is_not_verified_as_one_of_the_other() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    let mut rsa = SoftPasskey::rs256(&app);
    program.enrol(&mut rsa).await;
    let odd = key.but(|key| key.signature = rsa.signature.clone());
    refuses(&person, "RSA under the id of an elliptic curve", &odd).await;
    let odd = rsa.but(|rsa| rsa.signature = key.signature.clone());
    refuses(&person, "an elliptic curve under the id of RSA", &odd).await;
    person.sign_in_by(&rsa).await;
}
