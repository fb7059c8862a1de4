//! Proving oneself with a passkey (WebAuthn L3, section 7.2), at the second step and again later.

use chrono::TimeDelta;
use countersign::mfa::Method;
use serde_json::{Value, json};

use crate::support::soft_passkey::{Case, Changes, Edit, SoftPasskey, b64};
use crate::support::{Person, Program, TestApp};

async fn with_passkey(app: &TestApp) -> (Person<'_>, Program<'_>, SoftPasskey) {
    let (person, program) = app.user().signed_in().await;
    let mut key = program.passkey();
    program.add_passkey(&mut key).await;
    (person, program, key)
}

#[actix_web::test]
async fn a_passkey_finishes_a_sign_in_and_the_limited_token_is_dead() {
    let app = TestApp::spawn().await;
    let (person, _, mut key) = with_passkey(&app).await;
    let limited = person.sign_in().await;
    let status = limited.status().await;
    assert_eq!(status["sessionVerified"], false);
    let answer = limited
        .answer_passkey(&key.get(&limited.passkey_options().await))
        .await;
    answer.ok();
    assert_eq!(limited.get("/mfa/status").await.status, 401);
    let full = limited.with_token(&answer.text("/fullAccessToken"));
    assert_eq!(full.status().await["sessionVerified"], true);
    assert_eq!(full.status().await["primaryMethod"], "PASSKEY");
    let used = &full.passkeys().await[0];
    assert!(used["lastUsedAt"].is_string());
    let event = app.db_activity(&person.id).pop().unwrap();
    assert_eq!(
        (event.event.as_str(), event.method.as_deref()),
        ("mfa_verify_success", Some("passkey"))
    );
    assert_eq!(event.detail.as_deref(), used["name"].as_str());
}

#[actix_web::test]
async fn a_passkey_renews_a_proof_and_replaces_the_refresh_token() {
    let app = TestApp::spawn().await;
    let (_, program, mut key) = with_passkey(&app).await;
    app.advance(TimeDelta::minutes(11));
    program
        .post_nothing("/mfa/backup-codes")
        .await
        .refused(403, "step_up_required");
    let answer = program
        .answer_passkey(&key.get(&program.passkey_options().await))
        .await;
    assert_eq!(
        answer.text("/fullAccessToken"),
        program.access.clone().unwrap()
    );
    assert_ne!(answer.text("/refreshToken"), program.refresh_token());
    program.post_nothing("/mfa/backup-codes").await.ok();
    let old = json!({"refresh_token": program.refresh_token()});
    assert_eq!(program.post("/user/refresh", old).await.status, 401);
}

/// Each change of a right answer is refused, and the right answer works afterwards.
async fn refused(app: &TestApp, cases: &[Case<'_>]) {
    let (person, _, mut key) = with_passkey(app).await;
    let limited = person.sign_in().await;
    for (name, change, edit) in cases {
        let mut other = key.clone();
        edit(&mut other);
        let credential = other.get_with(&limited.passkey_options().await, change);
        let answer = limited.answer_passkey(&credential).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "invalid_code"),
            "{name}: {}",
            answer.body
        );
        assert_eq!(limited.status().await["sessionVerified"], false, "{name}");
    }
    limited
        .answer_passkey(&key.get(&limited.passkey_options().await))
        .await
        .ok();
}

const AS_IT_IS: Edit<'_, SoftPasskey> = &|_| {};

fn client(change: Edit<'_, Value>) -> Changes<'_> {
    Changes {
        client: Some(change),
        ..Changes::default()
    }
}

fn signature(change: Edit<'_, Vec<u8>>) -> Changes<'_> {
    Changes {
        signature: Some(change),
        ..Changes::default()
    }
}

#[actix_web::test]
async fn e03_e07_e08_e09_e15_an_answer_that_is_not_right_in_every_part_is_refused() {
    let app = TestApp::spawn_with(|config| config.limits.code_address = None).await;
    let port = app.address.port();
    let of = |origin: String| move |client: &mut Value| client["origin"] = origin.clone().into();
    let https = of(format!("https://localhost:{port}"));
    let other_port = of("http://localhost:1".into());
    let below = of(format!("http://a.localhost:{port}"));
    let dot = of(format!("http://localhost.:{port}"));
    let upper = of(format!("HTTP://LOCALHOST:{port}"));
    let null = of("null".into());
    let evil = of("https://rp.evil.test".into());
    let as_it_is = Changes::default;
    refused(
        &app,
        &[
            (
                "e03 type",
                client(&|client| client["type"] = "webauthn.create".into()),
                AS_IT_IS,
            ),
            (
                "e03 random",
                client(&|client| client["challenge"] = b64(&[7; 32]).into()),
                AS_IT_IS,
            ),
            ("e07 https", client(&https), AS_IT_IS),
            ("e07 port", client(&other_port), AS_IT_IS),
            ("e07 below", client(&below), AS_IT_IS),
            ("e07 dot", client(&dot), AS_IT_IS),
            ("e07 upper case", client(&upper), AS_IT_IS),
            ("e07 null", client(&null), AS_IT_IS),
            ("e07 elsewhere", client(&evil), AS_IT_IS),
            (
                "e07 framed",
                client(&|client| client["crossOrigin"] = true.into()),
                AS_IT_IS,
            ),
            (
                "e07 top",
                client(&|client| client["topOrigin"] = "https://a.test".into()),
                AS_IT_IS,
            ),
            ("e07 rp", as_it_is(), &|key| key.rp_id = "evil.test".into()),
            ("e08 not verified", as_it_is(), &|key| key.uv = false),
            ("e08 not present", as_it_is(), &|key| key.up = false),
            ("e09 key", as_it_is(), &|key| {
                key.secret = SoftPasskey::es256("").secret
            }),
            (
                "e09 other bytes",
                signature(&|bytes| bytes[20] ^= 1),
                AS_IT_IS,
            ),
            ("e09 empty", signature(&|bytes| bytes.clear()), AS_IT_IS),
            (
                "e09 no DER",
                signature(&|bytes| *bytes = vec![0x30, 0xff, 0x02, 0xff]),
                AS_IT_IS,
            ),
            (
                "e09 large",
                signature(&|bytes| *bytes = vec![0x30; 30_000]),
                AS_IT_IS,
            ),
            ("e15 not eligible any more", as_it_is(), &|key| {
                (key.be, key.bs) = (false, false)
            }),
            ("e15 backed up, not eligible", as_it_is(), &|key| {
                key.be = false
            }),
            ("another user's handle", as_it_is(), &|key| {
                key.user_handle = Some(vec![7; 16])
            }),
        ],
    )
    .await;
}

#[actix_web::test]
async fn e09_five_hundred_broken_answers_are_refused() {
    let app = TestApp::spawn_with(|config| config.limits.code_address = None).await;
    let (person, _, key) = with_passkey(&app).await;
    let limited = person.sign_in().await;
    for n in 0..500_usize {
        let change = |bytes: &mut Vec<u8>| match n % 3 {
            0 => bytes.truncate(n * 7 % 37),
            1 => bytes.extend(vec![n as u8; n % 60 + 1]),
            _ => bytes[n * 13 % 37] ^= 1 << (n % 8),
        };
        let mut credential = key.get_with(&limited.passkey_options().await, &Changes::default());
        let mut bytes =
            crate::support::soft_passkey::unb64(&credential["response"]["authenticatorData"]);
        change(&mut bytes);
        credential["response"]["authenticatorData"] = b64(&bytes).into();
        let answer = limited.answer_passkey(&credential).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "invalid_code"),
            "{n}: {}",
            answer.body
        );
    }
}

#[actix_web::test]
async fn what_is_no_credential_at_all_is_a_bad_request() {
    let app = TestApp::spawn().await;
    let (person, _, key) = with_passkey(&app).await;
    let limited = person.sign_in().await;
    let right = key.get_with(&limited.passkey_options().await, &Changes::default());
    for (pointer, value) in [
        ("/rawId", json!("a+b/")),
        ("/rawId", json!("AA==")),
        ("/rawId", json!(7)),
        ("/response", json!("x")),
        ("/response/signature", json!(null)),
        ("/response/clientDataJSON", json!("é")),
    ] {
        let mut credential = right.clone();
        *credential.pointer_mut(pointer).unwrap() = value;
        limited
            .answer_passkey(&credential)
            .await
            .refused(400, "invalid_request");
    }
    let six = json!({"mfaType": "PASSKEY", "code": "123456"});
    limited
        .post("/mfa/verify-login", six)
        .await
        .refused(400, "invalid_request");
    limited.answer_passkey(&right).await.ok();
}

#[actix_web::test]
async fn e05_an_answer_works_once_and_a_wrong_one_uses_its_challenge_up() {
    let app = TestApp::spawn().await;
    let (person, _, mut key) = with_passkey(&app).await;
    let limited = person.sign_in().await;
    let options = limited.passkey_options().await;
    let credential = key.get(&options);
    limited.answer_passkey(&credential).await.ok();
    let again = person.sign_in().await;
    again
        .answer_passkey(&credential)
        .await
        .refused(400, "invalid_code");
    let options = again.passkey_options().await;
    let wrong = key.get_with(&options, &signature(&|bytes| bytes[20] ^= 1));
    again
        .answer_passkey(&wrong)
        .await
        .refused(400, "invalid_code");
    again
        .answer_passkey(&key.get(&options))
        .await
        .refused(400, "invalid_code");
    // The challenge of one session is none of another's, and is not used up by it.
    let other = person.sign_in().await;
    let credential = key.get(&again.passkey_options().await);
    other
        .answer_passkey(&credential)
        .await
        .refused(400, "invalid_code");
    again.answer_passkey(&credential).await.ok();
    // It is none for signing in without a name either.
    let credential = key.get(&other.passkey_options().await);
    assert_eq!(app.stranger().login_with(&credential).await.status, 401);
    // And it does not live long.
    let options = other.passkey_options().await;
    app.advance(TimeDelta::seconds(300));
    other
        .answer_passkey(&key.get(&options))
        .await
        .refused(400, "invalid_code");
}

#[actix_web::test]
async fn e05_r04_of_fifty_equal_answers_exactly_one_signs_in() {
    let app = TestApp::spawn_with(|config| config.limits.code_address = None).await;
    let (person, _, mut key) = with_passkey(&app).await;
    for round in 0..5 {
        let limited = person.sign_in().await;
        let credential = key.get(&limited.passkey_options().await);
        let all = (0..50).map(|_| limited.answer_passkey(&credential));
        let answers = futures_util::future::join_all(all).await;
        let signed_in = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(signed_in, 1, "round {round}");
        // Those who come after it find the limited token dead.
        let known = [200, 400, 401];
        assert!(answers.iter().all(|answer| known.contains(&answer.status)));
    }
}

#[actix_web::test]
async fn e10_nobody_answers_with_somebody_elses_passkey() {
    let app = TestApp::spawn().await;
    let (person, _, mut key) = with_passkey(&app).await;
    let (_, _, mut foreign) = with_passkey(&app).await;
    let limited = person.sign_in().await;
    for handle in [foreign.user_handle.clone(), key.user_handle.clone(), None] {
        foreign.user_handle = handle;
        let credential = foreign.get(&limited.passkey_options().await);
        limited
            .answer_passkey(&credential)
            .await
            .refused(400, "invalid_code");
    }
    // Without a handle the account's own passkey is taken: the account is known.
    key.user_handle = None;
    limited
        .answer_passkey(&key.get(&limited.passkey_options().await))
        .await
        .ok();
}

#[actix_web::test]
async fn e15_a_passkey_that_begins_to_be_backed_up_is_taken_and_shown_so() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut key = program.passkey();
    (key.be, key.bs) = (false, false);
    program.add_passkey(&mut key).await;
    assert_eq!(program.passkeys().await[0]["backupEligible"], false);
    for (be, bs) in [(true, true), (true, false), (true, true)] {
        (key.be, key.bs) = (be, bs);
        program
            .answer_passkey(&key.get(&program.passkey_options().await))
            .await
            .ok();
        let shown = program.passkeys().await[0].clone();
        assert_eq!(
            (&shown["backupEligible"], &shown["backupState"]),
            (&json!(be), &json!(bs))
        );
    }
}

#[actix_web::test]
async fn e16_a_counter_that_does_not_go_on_is_refused_and_recorded() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let mut key = SoftPasskey::security_key(&app.origin);
    key.counter = 10;
    program.add_passkey(&mut key).await;
    for counter in [9, 10, 0] {
        key.counter = counter;
        let credential = key.get_with(&program.passkey_options().await, &Changes::default());
        program
            .answer_passkey(&credential)
            .await
            .refused(400, "invalid_code");
        let event = app.db_activity(&person.id).pop().unwrap();
        assert_eq!(event.event, "passkey_counter_regress", "{counter}");
    }
    key.counter = 11;
    program
        .answer_passkey(&key.get(&program.passkey_options().await))
        .await
        .ok();
    // Two at once: whichever comes first, the higher one stays.
    let two = [
        program.passkey_options().await,
        program.passkey_options().await,
    ];
    let (mut twelve, mut thirteen) = (key.clone(), key.clone());
    (twelve.counter, thirteen.counter) = (12, 13);
    let (twelve, thirteen) = (twelve.get(&two[0]), thirteen.get(&two[1]));
    let (_, second) = futures_util::join!(
        program.answer_passkey(&twelve),
        program.answer_passkey(&thirteen)
    );
    second.ok();
    key.counter = 13;
    let credential = key.get_with(&program.passkey_options().await, &Changes::default());
    program
        .answer_passkey(&credential)
        .await
        .refused(400, "invalid_code");
    key.counter = 14;
    program
        .answer_passkey(&key.get(&program.passkey_options().await))
        .await
        .ok();
}

#[actix_web::test]
async fn ve_7_a_passkey_works_while_codes_are_locked_and_lifts_the_lock() {
    let app = TestApp::spawn_with(|config| config.limits.code_address = None).await;
    let (person, program, mut key) = with_passkey(&app).await;
    let authenticator = program.set_up_totp().await;
    for wrong in [5, 100] {
        let limited = person.sign_in().await;
        for _ in 0..wrong {
            limited.answer(&authenticator.wrong_code(&app)).await;
            if wrong == 100 {
                app.advance(TimeDelta::hours(25));
                break;
            }
        }
        if wrong == 100 {
            app.db_suspend_codes(&person.id);
        }
        let limited = person.sign_in().await;
        let refused = limited.answer(&authenticator.next_code(&app)).await;
        assert!([400, 429].contains(&refused.status), "{}", refused.body);
        let answer = limited
            .answer_passkey(&key.get(&limited.passkey_options().await))
            .await;
        answer.ok();
        let full = limited.with_token(&answer.text("/fullAccessToken"));
        let enabled = full.status().await["enabledMethods"].clone();
        assert_eq!(enabled, json!(["GOOGLE_AUTH", "PASSKEY"]));
        person.sign_in_with(&authenticator).await;
    }
}

#[actix_web::test]
async fn a_method_that_is_switched_off_or_not_allowed_answers_nothing() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Narrow").signed_in().await;
    let mut key = program.passkey();
    program.add_passkey(&mut key).await;
    program.set_up_totp().await;
    let limited = person.sign_in().await;
    let early = key.get(&limited.passkey_options().await);
    let joined = app.app.clock.now() - TimeDelta::days(1);
    app.db_require_mfa(
        person.organization_id.as_deref().unwrap(),
        Some(joined),
        &[Method::Totp],
    );
    limited
        .post_nothing("/mfa/passkey/auth-options")
        .await
        .refused(400, "method_not_enabled");
    assert_eq!(limited.answer_passkey(&early).await.status, 400);
    app.db_lift_requirement(person.organization_id.as_deref().unwrap());
    limited
        .answer_passkey(&key.get(&limited.passkey_options().await))
        .await
        .ok();
    program
        .post("/mfa/disable", json!({"mfaType": "PASSKEY"}))
        .await
        .ok();
    let limited = person.sign_in().await;
    limited
        .post_nothing("/mfa/passkey/auth-options")
        .await
        .refused(400, "method_not_enabled");
}

#[actix_web::test]
async fn j03_without_the_password_nobody_learns_of_a_passkey() {
    let app = TestApp::spawn().await;
    let (person, _, _) = with_passkey(&app).await;
    let answer = app
        .stranger()
        .post_nothing("/mfa/passkey/auth-options")
        .await;
    answer.refused(401, "unauthenticated");
    let with = person.try_sign_in("not the password at all").await;
    let without = app
        .user()
        .create()
        .await
        .try_sign_in("not the password at all")
        .await;
    assert_eq!(with.body, without.body);
    let options = app.stranger().login_options().await;
    assert_eq!(options["allowCredentials"], json!([]));
}
