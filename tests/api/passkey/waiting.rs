//! Challenges that wait: for how long, how many, in which session and for what.

use chrono::TimeDelta;
use countersign::mfa::Method;
use serde_json::{Value, json};

use super::{holder, patient_app};
use crate::support::soft_passkey::SoftPasskey;

#[actix_web::test]
async fn e05_d05_a_challenge_waits_five_minutes() {
    // A slow machine gets the last seconds for itself.
    for (seconds, is_in_time) in [(290, true), (300, false)] {
        let app = patient_app().await;
        let (person, program, key) = holder(&app).await;
        let limited = person.sign_in().await;
        let mut new = SoftPasskey::new(&app);
        let used = key.get(&limited.request_options().await).json();
        let alone = key.get(&app.sign_in_options().await).json();
        let made = new.create(&program.creation_options().await).json();
        app.advance(TimeDelta::seconds(seconds));
        let used = limited.present(used).await;
        let alone = app.sign_in_alone(alone).await;
        let made = program.register(made).await;
        if is_in_time {
            for answer in [used, alone, made] {
                answer.ok();
            }
            continue;
        }
        used.refused(400, "invalid_code");
        alone.refused(401, "invalid_credentials");
        made.refused(400, "invalid_code");
        assert_eq!(app.db_passkeys(&person.id).len(), 1);
        // The sessions wait longer, and may ask again.
        limited.prove(&key).await.ok();
        program.enrol(&mut new).await;
    }
}

#[actix_web::test]
async fn a_challenge_is_answered_in_the_session_that_asked_and_in_no_other() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    let (one, other) = (person.sign_in().await, person.sign_in().await);
    let used = key.get(&one.request_options().await).json();
    for elsewhere in [&other, &program] {
        let answer = elsewhere.present(used.clone()).await;
        answer.refused(400, "invalid_code");
    }
    one.present(used).await.ok();

    let full = person.sign_in_by(&key).await;
    let options = program.creation_options().await;
    let made = SoftPasskey::new(&app).create(&options).json();
    let answer = full.register(made.clone()).await;
    answer.refused(400, "invalid_code");
    assert_eq!(app.db_passkeys(&person.id).len(), 1);
    program.register(made).await.ok();
}

#[actix_web::test]
async fn a_challenge_of_one_purpose_is_good_for_no_other() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    let limited = person.sign_in().await;
    let to_register = program.creation_options().await;
    let to_prove = program.request_options().await;
    let to_sign_in = app.sign_in_options().await;
    // All that either ceremony reads, whatever it was given out for.
    let as_any = |options: &Value| {
        let mut any = to_register.clone();
        any["challenge"] = options["challenge"].clone();
        any["rpId"] = to_prove["rpId"].clone();
        any
    };
    for options in [&to_register, &to_sign_in] {
        let used = key.get(&as_any(options)).json();
        for session in [&limited, &program] {
            let answer = session.present(used.clone()).await;
            answer.refused(400, "invalid_code");
        }
    }
    for options in [&to_register, &to_prove] {
        let used = key.get(&as_any(options)).json();
        let answer = app.sign_in_alone(used).await;
        answer.refused(401, "invalid_credentials");
    }
    for options in [&to_prove, &to_sign_in] {
        let made = SoftPasskey::new(&app).create(&as_any(options)).json();
        program.register(made).await.refused(400, "invalid_code");
    }
    assert_eq!(app.db_passkeys(&person.id).len(), 1);
    // None of them was used up by that.
    let made = SoftPasskey::new(&app).create(&to_register).json();
    program.register(made).await.ok();
    program.present(key.get(&to_prove).json()).await.ok();
    app.sign_in_alone(key.get(&to_sign_in).json()).await.ok();
}

#[actix_web::test]
async fn twenty_challenges_wait_in_a_session_and_a_further_one_pushes_the_oldest_out() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let limited = person.sign_in().await;
    let mut asked = Vec::new();
    for _ in 0..21 {
        asked.push(limited.request_options().await);
        app.advance(TimeDelta::seconds(1));
    }
    let answer = limited.present(key.get(&asked[0]).json()).await;
    answer.refused(400, "invalid_code");
    // Two pages that ask at once do not stand in each other's way.
    limited.present(key.get(&asked[1]).json()).await.ok();
}

#[actix_web::test]
async fn what_one_session_asks_pushes_nothing_out_of_another() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let (one, other) = (person.sign_in().await, person.sign_in().await);
    let options = one.request_options().await;
    for _ in 0..25 {
        other.request_options().await;
    }
    one.present(key.get(&options).json()).await.ok();
}

#[actix_web::test]
async fn a_challenge_dies_with_its_session() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    let limited = person.sign_in().await;
    let used = key.get(&limited.request_options().await).json();
    limited.post_nothing("/user/logout").await.ok();
    let answer = limited.present(used.clone()).await;
    answer.refused(401, "unauthenticated");
    let limited = person.sign_in().await;
    limited.present(used).await.refused(400, "invalid_code");

    let options = program.creation_options().await;
    let made = SoftPasskey::new(&app).create(&options).json();
    program.post_nothing("/user/logout").await.ok();
    let full = person.sign_in_by(&key).await;
    full.register(made).await.refused(400, "invalid_code");
    assert_eq!(full.own_passkeys().await.len(), 1);
}

#[actix_web::test]
async fn what_is_no_credential_at_all_uses_no_challenge_up() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let limited = person.sign_in().await;
    let right = key.get(&limited.request_options().await).json();
    for (pointer, value) in [
        ("/rawId", json!("a+b/")),
        ("/rawId", json!("AA==")),
        ("/rawId", json!(7)),
        ("/response", json!("x")),
        ("/response/signature", Value::Null),
        ("/response/clientDataJSON", json!("é")),
        ("/response/authenticatorData", json!([])),
        ("/response/userHandle", json!("AA==")),
    ] {
        let mut odd = right.clone();
        *odd.pointer_mut(pointer).unwrap() = value;
        let answer = limited.present(odd).await;
        answer.refused(400, "invalid_request");
    }
    limited.present(right).await.ok();
}

#[actix_web::test]
async fn a_challenge_from_before_passkeys_were_forbidden_is_answered_in_vain() {
    let app = patient_app().await;
    let (person, program) = app.user().in_organization("Narrow").signed_in().await;
    program.set_up_totp().await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    let id = person.organization_id.clone().unwrap();
    let limited = person.sign_in().await;
    let early = key.get(&limited.request_options().await).json();
    let alone = key.get(&app.sign_in_options().await).json();
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(&id, Some(tomorrow), &[Method::Totp]);
    let answer = limited.present(early).await;
    answer.refused(400, "method_not_enabled");
    let answer = app.sign_in_alone(alone).await;
    answer.refused(401, "invalid_credentials");
    app.db_lift_requirement(&id);
    limited.prove(&key).await.ok();
}

#[actix_web::test]
async fn a_suspended_passkey_is_of_no_use_and_still_owed() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let limited = person.sign_in().await;
    let early = key.get(&limited.request_options().await).json();
    app.db_change_factor(&person.id, Method::Passkey, true, true);
    limited
        .present(early)
        .await
        .refused(400, "method_not_enabled");
    let alone = app.sign_in_with_only(&key).await;
    alone.refused(401, "invalid_credentials");
    let limited = person.sign_in().await;
    let status = limited.status().await;
    assert_eq!(status["isEnabled"], false);
    assert_eq!(status["sessionVerified"], false);
    let answer = limited.get("/mfa/passkeys").await;
    answer.refused(403, "mfa_required");
}

#[actix_web::test]
async fn a_method_that_is_switched_off_or_not_allowed_is_not_asked_for_beside_another() {
    let app = patient_app().await;
    let (person, program) = app.user().in_organization("Both").signed_in().await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    program.set_up_totp().await;
    let id = person.organization_id.clone().unwrap();
    let yesterday = app.app.clock.now() - TimeDelta::days(1);
    let limited = person.sign_in().await;
    let early = key.get(&limited.request_options().await).json();
    let ask = || limited.post_nothing("/mfa/passkey/auth-options");
    app.db_require_mfa(&id, Some(yesterday), &[Method::Totp]);
    ask().await.refused(400, "method_not_enabled");
    let answer = limited.present(early).await;
    answer.refused(400, "method_not_enabled");
    app.db_lift_requirement(&id);
    ask().await.ok();
    let body = json!({"mfaType": "PASSKEY"});
    program.post("/mfa/disable", body).await.ok();
    let limited = person.sign_in().await;
    let answer = limited.post_nothing("/mfa/passkey/auth-options").await;
    answer.refused(400, "method_not_enabled");
}

#[actix_web::test]
async fn f06_what_was_begun_before_a_method_went_does_not_bring_it_back() {
    let app = patient_app().await;
    let (_, program, _) = holder(&app).await;
    let begin = async || {
        let options = program.creation_options().await;
        SoftPasskey::new(&app).create(&options).json()
    };
    let body = json!({"mfaType": "PASSKEY"});
    let begun = begin().await;
    program.post("/mfa/disable", body.clone()).await.ok();
    program.register(begun).await.refused(400, "invalid_code");
    assert_eq!(program.status().await["isEnabled"], false);
    program.post("/mfa/enable", body).await.ok();
    let begun = begin().await;
    program.delete(&program.newest_passkey().await).await.ok();
    program.register(begun).await.refused(400, "invalid_code");
    assert_eq!(program.status().await["isEnabled"], false);
}
