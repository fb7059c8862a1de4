//! Setting the email link up.

use chrono::TimeDelta;
use countersign::mfa::Method;
use serde_json::json;

use super::{mailed, reader};
use crate::support::mail_server::Manner;
use crate::support::{Answer, TestApp};

#[actix_web::test]
async fn f01_nothing_is_on_before_the_mail_comes_back() {
    let (app, server) = mailed().await;
    let (person, program) = app.user().signed_in().await;
    let started = program.start_email_link().await;
    let data = json!({"email": person.email, "verificationRequired": true});
    assert_eq!(started.ok()["data"], data);
    assert_eq!(program.status().await["isEnabled"], false);
    let mails = server.received();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].recipients, [format!("RCPT TO:<{}>", person.email)]);
    assert_eq!(
        mails[0].header("Subject").unwrap(),
        "Confirm your email address"
    );
    let link = server.newest_link(&app, &person.email);
    assert!(link.path.starts_with("/security/email/confirm/cs_ln_"));
    program.finish_email_link(&link.code).await.ok();
    let status = program.status().await;
    assert_eq!(status["enabledMethods"], json!(["MAGIC_LINK"]));
    assert_eq!(status["primaryMethod"], "MAGIC_LINK");
    assert_eq!(status["sessionVerified"], true);
    let again = program.finish_email_link(&link.code).await;
    assert_eq!(again.status, 400, "the code is spent");
}

#[actix_web::test]
async fn a_set_up_takes_five_tries_a_mail_and_no_more() {
    let (app, server) = mailed().await;
    let (person, program) = app.user().signed_in().await;
    program.start_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    let wrong = format!("{:06}", (link.code.parse::<u32>().unwrap() + 1) % 1_000_000);
    for _ in 0..5 {
        let answer = program.finish_email_link(&wrong).await;
        answer.refused(400, "invalid_code");
    }
    program
        .finish_email_link(&link.code)
        .await
        .refused(400, "invalid_code");
    assert_eq!(program.status().await["isEnabled"], false);
    // Wrong codes of a set-up lock nobody out, and another mail has five tries of its own.
    program.start_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    program
        .finish_email_link("1234")
        .await
        .refused(400, "invalid_request");
    program.finish_email_link(&wrong).await;
    program.finish_email_link(&link.code).await.ok();
}

#[actix_web::test]
async fn d05_the_code_of_a_set_up_works_ten_minutes_in_the_session_that_asked() {
    let (app, server) = mailed().await;
    let (person, program) = app.user().signed_in().await;
    let other = person.sign_in().await;
    program.start_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    other
        .finish_email_link(&link.code)
        .await
        .refused(400, "invalid_code");
    app.advance(TimeDelta::seconds(601));
    program
        .finish_email_link(&link.code)
        .await
        .refused(400, "invalid_code");
    let body = json!({"token": link.token});
    let answer = app.stranger().post("/mfa/magic-link/activate", body).await;
    answer.refused(400, "link_spent");
    assert_eq!(answer.text("/error"), "Invalid or expired token");
}

async fn activate(app: &TestApp, token: &str) -> Answer {
    let body = json!({"token": token});
    app.stranger().post("/mfa/magic-link/activate", body).await
}

#[actix_web::test]
async fn a_program_without_a_token_completes_a_set_up_and_is_signed_in_by_it_to_nothing() {
    let (app, server) = mailed().await;
    let (person, program) = app.user().signed_in().await;
    let bystander = person.sign_in().await;
    program.start_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    let answer = activate(&app, &link.token).await;
    let done = json!({"success": true, "message": "Magic link MFA activated successfully"});
    assert_eq!(answer.ok(), &done);
    // The session that asked lives on and owes what it has not proved; the others have ended.
    let status = program.status().await;
    assert_eq!(status["enabledMethods"], json!(["MAGIC_LINK"]));
    assert_eq!(status["sessionVerified"], false);
    bystander
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
    for token in [link.token.as_str(), "", "cs_ln_", "\u{0}"] {
        assert_eq!(activate(&app, token).await.status, 400, "{token:?}");
    }
}

#[actix_web::test]
async fn d04_of_fifty_activations_at_once_one_is_done() {
    let (app, server) = mailed().await;
    let (person, program) = app.user().signed_in().await;
    program.start_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    let all = (0..50).map(|_| async {
        let body = json!({"token": link.token});
        app.stranger()
            .post("/mfa/magic-link/activate", body)
            .await
            .status
    });
    let statuses = futures_util::future::join_all(all).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert!(
        statuses.iter().all(|status| [200, 400].contains(status)),
        "{statuses:?}"
    );
}

#[actix_web::test]
async fn d11_the_mail_goes_to_the_accounts_own_address_whatever_is_asked_for() {
    let (app, server) = mailed().await;
    let (person, program) = app.user().signed_in().await;
    let own = person.email.to_uppercase();
    for (email, status) in [
        (own.as_str(), 200),
        ("eve@example.com", 400),
        ("a@x.example\r\nBcc: b@y.example", 400),
        ("a@x.example,b@y.example", 400),
        ("\"n\" <a@x.example>", 400),
        ("ä@exämple.example", 400),
        ("a@x.example.", 400),
        (&format!("{}@x.example", "a".repeat(10_000)), 400),
    ] {
        let body = json!({"mfaType": "MAGIC_LINK", "email": email});
        let answer = program.post("/mfa/setup", body).await;
        assert_eq!(answer.status, status, "{email}: {}", answer.body);
    }
    let mails = server.received();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].recipients.len(), 1);
    assert!(mails[0].header("Bcc").is_none());
}

#[actix_web::test]
async fn d02_the_link_begins_with_the_public_url_whatever_the_request_says() {
    let (app, server) = mailed().await;
    let (person, program) = app.user().signed_in().await;
    for (name, value) in [
        ("host", "evil.test"),
        ("x-forwarded-host", "evil.test"),
        ("forwarded", "host=evil.test"),
        ("x-original-url", "http://evil.test/"),
    ] {
        let before = server.received().len();
        let answer = program
            .request(reqwest::Method::POST, "/mfa/setup")
            .header(name, value)
            .json(&json!({"mfaType": "MAGIC_LINK"}))
            .send()
            .await
            .unwrap();
        let mails = server.received();
        if answer.status() == 200 {
            let link = server.newest_link(&app, &person.email);
            assert!(link.path.starts_with("/security/email/confirm/"), "{name}");
            assert!(!link.text.contains("evil"), "{name}");
        } else {
            assert!([400, 421].contains(&answer.status().as_u16()), "{name}");
            assert_eq!(mails.len(), before);
        }
    }
}

#[actix_web::test]
async fn where_it_is_not_to_be_had_there_is_no_mail() {
    let (app, server) = mailed().await;
    let (person, program) = app.user().in_organization("Keys only").signed_in().await;
    let organization = person.organization_id.clone().unwrap();
    program.start_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(&organization, Some(tomorrow), &[Method::Passkey]);
    program
        .start_email_link()
        .await
        .refused(400, "method_not_available");
    assert_eq!(server.received().len(), 1);
    // One that was started before is not finished after.
    program
        .finish_email_link(&link.code)
        .await
        .refused(400, "method_not_available");
    let off = TestApp::spawn_with(|config| config.email_link = false).await;
    let (_, program) = off.user().signed_in().await;
    program
        .start_email_link()
        .await
        .refused(400, "method_not_available");
    program
        .send_email_link()
        .await
        .refused(400, "method_not_configured");
}

#[actix_web::test]
async fn when_no_mail_server_takes_the_mail_the_set_up_of_before_still_waits() {
    let (app, server) = mailed().await;
    let (person, program) = app.user().signed_in().await;
    program.start_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    server.becomes(Manner::NotNow);
    let answer = program.start_email_link().await;
    answer.refused(503, "email_unavailable");
    assert!(answer.header("retry-after").is_some());
    program.finish_email_link(&link.code).await.ok();
}

#[actix_web::test]
async fn f06_removing_it_takes_its_mails_along_and_is_told() {
    let (app, server) = mailed().await;
    let (person, program) = reader(&app, &server).await;
    let limited = person.sign_in().await;
    limited.send_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    program
        .post("/mfa/disable", json!({"mfaType": "MAGIC_LINK"}))
        .await
        .ok();
    limited
        .answer_email_link("token", &link.token)
        .await
        .refused(401, "unauthenticated");
    program
        .post("/mfa/enable", json!({"mfaType": "MAGIC_LINK"}))
        .await
        .ok();
    assert_eq!(
        program.status().await["enabledMethods"],
        json!(["MAGIC_LINK"])
    );
}
