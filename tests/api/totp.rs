//! Authenticator apps: set-up, replacement, and codes that are accepted once.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::TestApp;
use crate::support::authenticator::Authenticator;

/// The text in a QR code, read the way a phone does.
fn scan(data_uri: &str) -> String {
    let base64 = data_uri.strip_prefix("data:image/png;base64,").unwrap();
    let bytes = data_encoding::BASE64.decode(base64.as_bytes()).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    image.detect_grids()[0].decode().unwrap().1
}

#[actix_web::test]
async fn f01_an_app_is_enabled_only_once_its_first_code_was_right() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.start_totp().await;
    assert_eq!(program.status().await["enabledMethods"], json!([]));
    let wrong = authenticator.wrong_code(&app);
    let answer = program.finish_totp(&wrong).await;
    answer.refused(400, "invalid_code");
    assert_eq!(answer.text("/error"), "MFA setup verification failed");
    assert_eq!(program.status().await["enabledMethods"], json!([]));

    program.finish_totp(&authenticator.code(&app)).await.ok();
    let status = program.status().await;
    assert_eq!(status["enabledMethods"], json!(["GOOGLE_AUTH"]));
    assert_eq!(status["primaryMethod"], "GOOGLE_AUTH");
    assert_eq!(status["isEnabled"], true);
    assert_eq!(status["sessionVerified"], true);
    assert_eq!(status["backupCodesLeft"], 10);
    let events: Vec<_> = app
        .db_activity(&person.id)
        .into_iter()
        .map(|row| row.event)
        .collect();
    assert!(events.contains(&"mfa_setup_started".to_owned()));
    assert!(events.contains(&"mfa_enabled".to_owned()));
}

#[actix_web::test]
async fn the_qr_code_says_what_the_uri_says() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let answer = program
        .post("/mfa/setup", json!({"mfaType": "GOOGLE_AUTH"}))
        .await;
    let uri = answer.text("/data/otpauthUrl");
    assert_eq!(scan(&answer.text("/data/qrCode")), uri);
    let parsed = url::Url::parse(&uri).unwrap();
    let path = parsed.path().replace("%40", "@");
    assert_eq!(path, format!("/Countersign:{}", person.email));
    let query: std::collections::HashMap<_, _> = parsed.query_pairs().into_owned().collect();
    assert_eq!(query["secret"], answer.text("/data/secret"));
    assert_eq!(query["issuer"], "Countersign");
}

#[actix_web::test]
async fn b14_every_secret_has_160_bits_of_its_own_and_is_never_sent_again() {
    let app = TestApp::spawn().await;
    let mut secrets = std::collections::HashSet::new();
    for _ in 0..10 {
        let (_, program) = app.user().signed_in().await;
        for _ in 0..10 {
            let answer = program
                .post("/mfa/setup", json!({"mfaType": "GOOGLE_AUTH"}))
                .await;
            let secret = answer.text("/data/secret");
            assert_eq!(secret.len(), 32, "base32 of 160 bits");
            assert!(secrets.insert(secret));
        }
        program
            .post("/mfa/setup", json!({"mfaType": "GOOGLE_AUTH"}))
            .await
            .refused(429, "rate_limited");
    }
    let (_, program) = app.user().signed_in().await;
    let setup = program
        .post("/mfa/setup", json!({"mfaType": "GOOGLE_AUTH"}))
        .await;
    let secret = setup.text("/data/secret");
    program
        .finish_totp(&Authenticator::new(&secret).code(&app))
        .await
        .ok();
    for path in ["/mfa/status", "/mfa/methods", "/user/profile"] {
        assert!(!program.get(path).await.body.to_string().contains(&secret));
    }
    let again = program
        .post("/mfa/setup", json!({"mfaType": "GOOGLE_AUTH"}))
        .await;
    assert_ne!(again.text("/data/secret"), secret);
    assert_eq!(
        again.body["data"]["backupCodes"],
        json!([]),
        "a live set exists"
    );
}

#[actix_web::test]
async fn a01_the_password_alone_gets_a_limited_token() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let answer = person.try_sign_in(crate::support::PASSWORD).await;
    assert_eq!(answer.body["mfaRequired"], true);
    assert_eq!(answer.body["mfaMethods"], json!(["GOOGLE_AUTH"]));
    assert_eq!(answer.body["primaryMethod"], "GOOGLE_AUTH");
    assert!(answer.body.get("refreshToken").is_none());
    assert!(answer.text("/accessToken").starts_with("cs_lt_"));
    let limited = person.sign_in().await;
    assert_eq!(limited.status().await["sessionVerified"], false);
    limited
        .get("/user/profile")
        .await
        .refused(403, "mfa_required");

    let verified = limited.answer(&authenticator.next_code(&app)).await;
    verified.ok();
    let full = limited.with_token(&verified.text("/fullAccessToken"));
    assert_eq!(full.status().await["sessionVerified"], true);
    full.get("/user/profile").await.ok();
    limited
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn b01_a_code_is_accepted_once() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let code = authenticator.next_code(&app);
    person.sign_in().await.answer(&code).await.ok();
    let again = person.sign_in().await.answer(&code).await;
    again.refused(400, "invalid_code");
    assert_eq!(again.text("/error"), "The code was used already");
    assert_eq!(again.body["attemptsLeft"], 5, "a spent code is not a guess");
}

#[actix_web::test]
async fn the_code_that_proved_the_set_up_cannot_sign_in() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.start_totp().await;
    let code = authenticator.code(&app);
    program.finish_totp(&code).await.ok();
    person
        .sign_in()
        .await
        .answer(&code)
        .await
        .refused(400, "invalid_code");
}

#[actix_web::test]
async fn b05_one_step_early_and_late_is_accepted_and_two_are_not() {
    let app = TestApp::spawn().await;
    for (steps, accepted) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let (person, program) = app.user().signed_in().await;
        let authenticator = program.set_up_totp().await;
        app.advance(TimeDelta::seconds(120));
        let code = authenticator.code_off(&app, steps * 30);
        let answer = person.sign_in().await.answer(&code).await;
        assert_eq!(answer.status == 200, accepted, "{steps}: {}", answer.body);
    }
}

#[actix_web::test]
async fn a_clock_that_is_off_is_refused_and_named() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    app.advance(TimeDelta::minutes(20));
    let limited = person.sign_in().await;
    let behind = limited.answer(&authenticator.code_off(&app, -120)).await;
    behind.refused(400, "invalid_code");
    assert_eq!(
        behind.text("/error"),
        "The code is not right: your phone's clock is about 2 minutes behind"
    );
    assert_eq!(behind.body["attemptsLeft"], 4, "it is counted all the same");
}

#[actix_web::test]
async fn a_code_of_a_minute_to_come_is_told_to_nobody_who_may_be_guessing() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.start_totp().await;
    // At a set-up the secret is known anyway, and a clock that is ahead is worth naming.
    let ahead = program
        .finish_totp(&authenticator.code_off(&app, 300))
        .await;
    assert_eq!(
        ahead.text("/error"),
        "MFA setup verification failed: your phone's clock is about 5 minutes ahead"
    );
    program.finish_totp(&authenticator.code(&app)).await.ok();
    let limited = person.sign_in().await;
    for seconds in [60, 120, 300, 600] {
        let answer = limited.answer(&authenticator.code_off(&app, seconds)).await;
        answer.refused(400, "invalid_code");
        assert_eq!(answer.text("/error"), "The code is not right");
        assert!(answer.body.get("clockDrift").is_none(), "{}", answer.body);
    }
}

#[actix_web::test]
async fn b12_of_fifty_at_once_exactly_one_gets_in() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    for round in 0..4 {
        let mut limited = Vec::new();
        for _ in 0..50 {
            limited.push(person.sign_in().await);
        }
        let code = authenticator.next_code(&app);
        let answers = join_all(limited.iter().map(|program| program.answer(&code))).await;
        let right = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(right, 1, "round {round}");
        assert!(
            answers.iter().all(|answer| answer.status < 500),
            "round {round}"
        );
    }
}

#[actix_web::test]
async fn f02_replacing_an_app_keeps_the_old_one_until_the_new_one_is_proved() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let old = program.set_up_totp().await;
    let new = program.start_totp().await;
    app.advance(TimeDelta::seconds(60));
    person
        .sign_in()
        .await
        .answer(&new.code(&app))
        .await
        .refused(400, "invalid_code");
    let program = person.sign_in_with(&old).await;
    // The set-up belongs to the session that started it.
    program
        .finish_totp(&new.code(&app))
        .await
        .refused(400, "invalid_code");
    let new = program.start_totp().await;
    program.finish_totp(&new.code(&app)).await.ok();
    app.advance(TimeDelta::seconds(60));
    person
        .sign_in()
        .await
        .answer(&old.code(&app))
        .await
        .refused(400, "invalid_code");
    person
        .sign_in_with(&new)
        .await
        .get("/user/profile")
        .await
        .ok();
}

#[actix_web::test]
async fn f09_of_many_set_ups_at_once_exactly_one_secret_lives() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let started = join_all((0..10).map(|_| program.start_totp())).await;
    let codes: Vec<String> = started.iter().map(|one| one.code(&app)).collect();
    let answers = join_all(codes.iter().map(|code| program.finish_totp(code))).await;
    let proved: Vec<usize> = (0..10).filter(|n| answers[*n].status == 200).collect();
    assert_eq!(proved.len(), 1, "{answers:?}");
    for (n, authenticator) in started.iter().enumerate() {
        // Past the lock that the fifth wrong code causes: it refuses the right one, too.
        app.advance(TimeDelta::hours(1));
        let code = authenticator.next_code(&app);
        let answer = person.sign_in().await.answer(&code).await;
        assert_eq!(answer.status == 200, n == proved[0], "{n}");
    }
}

#[actix_web::test]
async fn d05_a_set_up_waits_fifteen_minutes() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let authenticator = program.start_totp().await;
    app.advance(TimeDelta::seconds(15 * 60 + 1));
    program
        .finish_totp(&authenticator.code(&app))
        .await
        .refused(400, "invalid_code");
}

#[actix_web::test]
async fn turning_mfa_on_ends_every_other_session() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let other = person.sign_in().await;
    let browser = person.browser().await;
    program.set_up_totp().await;
    program.get("/user/profile").await.ok();
    other
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
    assert!(
        browser
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
}

#[actix_web::test]
async fn a_secret_that_was_changed_refuses_the_sign_in_and_is_no_wrong_code() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    let (other, other_program) = app.user().signed_in().await;
    other_program.set_up_totp().await;
    // Swap the two accounts' ciphertexts.
    app.db_swap_totp_secrets(&person.id, &other.id);
    let answer = person
        .sign_in()
        .await
        .answer(&authenticator.next_code(&app))
        .await;
    answer.refused(500, "internal");
    assert_eq!(answer.text("/error"), "Failed to verify MFA");
    let row = app.db_activity(&person.id).pop().unwrap();
    assert_eq!(row.event, "crypt_decrypt_fail");
}

#[actix_web::test]
async fn methods_that_are_not_set_up_or_do_not_exist_answer_honestly() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    for word in ["MAGIC_LINK", "PASSKEY"] {
        program
            .post("/mfa/enable", json!({"mfaType": word}))
            .await
            .refused(400, "method_not_configured");
    }
    for (word, refusal) in [
        ("MAGIC_LINK", "method_not_configured"),
        ("PASSKEY", "invalid_request"),
    ] {
        let body = json!({"mfaType": word, "code": "123456"});
        let answer = program.post("/mfa/verify-login", body).await;
        answer.refused(400, refusal);
    }
    for word in ["google_auth", "", "SMS"] {
        let answer = program.post("/mfa/setup", json!({"mfaType": word})).await;
        answer.refused(400, "invalid_mfa_type");
        assert_eq!(answer.text("/error"), "Invalid MFA type specified");
    }
}
