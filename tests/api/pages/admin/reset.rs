//! OR-7: resetting a member on the pages.

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use countersign::mfa::Method;

use super::{EVERY, ask, confirm, member, owner, protected};
use crate::pages::second_factor::{app_of, press, prove_app};
use crate::support::email_links::mailed;
use crate::support::{Browser, Page, Person, TestApp};

async fn answer(browser: &Browser<'_>, person: &Person<'_>, reason: &str, confirm: &str) -> Page {
    let path = format!("/admin/members/{}/reset", person.id);
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.location());
    browser
        .submit(&page, &[("reason", reason), ("confirm", confirm)])
        .await
}

#[actix_web::test]
async fn or_7_st_10_a_reset_says_what_goes_and_takes_all_of_it_at_once() {
    let (app, server) = mailed().await;
    let (boss, browser, _) = owner(&app).await;
    let user = app.user().email("mo@example.com").in_organization("A");
    let (person, program) = user.signed_in().await;
    let authenticator = program.set_up_totp().await;
    let phone = person.sign_in_with(&authenticator).await;
    let codes = program.post_nothing("/mfa/backup-codes").await;
    codes.ok();
    let today = app.app.clock.now().date();
    ask(&browser, &format!("asks=required&from={today}&{EVERY}")).await;

    let page = browser
        .get(&format!("/admin/members/{}/reset", person.id))
        .await;
    assert_eq!(page.text("h1"), "Reset MFA for Ada Lovelace?");
    let consequence = page.text(".consequence");
    assert!(
        consequence.starts_with("This removes the authenticator app and 10 backup codes, and")
            && consequence.ends_with("They set up MFA again at next sign-in."),
        "{consequence}"
    );
    let before = app.db_state();
    let refused = answer(&browser, &person, "", "somebody@example.com").await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.problems(),
        [
            "Enter the reason",
            "That is not the address of this member. Type mo@example.com."
        ]
    );
    let refused = answer(&browser, &person, &"x".repeat(201), "mo@example.com").await;
    assert_eq!(
        refused.problems(),
        ["The reason must have 200 characters or fewer"]
    );
    assert_eq!(
        refused.attribute("#confirm", "value").as_deref(),
        Some("mo@example.com")
    );
    assert_eq!(app.db_state(), before);

    let done = answer(&browser, &person, "Lost the phone", " Mo@Example.com ").await;
    assert_eq!(done.location(), format!("/admin/members/{}", person.id));
    let page = browser.get(done.location()).await;
    assert_eq!(
        page.text(".flash"),
        "The MFA of Ada Lovelace was reset. They are signed out everywhere and were told by email."
    );
    assert_eq!(
        page.text("#reset .purpose"),
        "There is nothing to reset: no method is set up."
    );
    for device in [&program, &phone] {
        device
            .get("/user/profile")
            .await
            .refused(401, "unauthenticated");
    }
    let back = person.sign_in().await;
    back.get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
    let own = app.db_activity(&boss.id);
    let kept = own.iter().find(|row| row.event == "member_mfa_reset");
    assert_eq!(
        kept.unwrap().detail.as_deref(),
        Some("mo@example.com: Lost the phone")
    );
    while app.deliver().await > 0 {}
    assert!(
        server
            .subjects("mo@example.com")
            .contains(&"Your MFA was reset".to_owned())
    );
    assert!(
        server
            .subjects(&boss.email)
            .contains(&"You reset the MFA of a member".to_owned())
    );
    let of_member = app.db_activity(&person.id);
    let reset = of_member.iter().find(|row| row.event == "mfa_reset");
    let reset = reset.unwrap();
    assert_eq!(reset.method.as_deref(), Some("administrator"));
    assert_eq!(reset.detail.as_deref(), Some("Ada Lovelace"));
    // ST-10: the member reads who did it, until a method is set up again.
    let member = person.browser().await;
    assert_eq!(member.get("/security").await.location(), "/setup");
    let gate = member.get("/setup").await;
    let notice = gate.text("main .notice");
    assert!(
        notice.starts_with("An administrator of A reset your MFA on "),
        "{notice}"
    );
    press(&member, &gate, "/security/app").await;
    let page = member.get("/security/app").await;
    prove_app(&member, &page, &app_of(&page)).await;
    let after = member.get("/security").await;
    assert!(!after.html.contains("reset your MFA"), "{}", after.html);
    let sentence = "Multi-factor authentication reset by administrator Ada Lovelace";
    let told = after.texts("#activity tbody th");
    assert!(told.iter().any(|cell| cell == sentence), "{told:?}");
}

#[actix_web::test]
async fn g08_or_7_nobody_resets_themselves_and_no_administrator_an_owner() {
    let app = TestApp::spawn().await;
    let (boss, _, _) = owner(&app).await;
    let (own, browser, _) = protected(&app, Role::Administrators).await;
    for (id, sentence) in [
        (
            &own.id,
            "You can't reset yourself. Ask another administrator.",
        ),
        (&boss.id, "Only an owner can reset an owner."),
    ] {
        let path = format!("/admin/members/{id}");
        let page = browser.get(&path).await;
        assert_eq!(page.text("#reset .purpose"), sentence);
        assert!(page.texts("#reset a").is_empty());
        let reset = format!("{path}/reset");
        assert_eq!(browser.get(&reset).await.location(), path);
        let (_, mut fields) = page.form_at("form[action='/logout']");
        let person = if *id == own.id { &own } else { &boss };
        for (name, value) in [("reason", "because"), ("confirm", person.email.as_str())] {
            fields.push((name.to_owned(), value.to_owned()));
        }
        assert_eq!(browser.post(&reset, &fields).await.status, 403);
    }
    let rows = app.db_activity(&own.id);
    let refused = rows.iter().filter(|row| row.event == "authz_fail");
    assert_eq!(refused.count(), 2);
    assert!(boss.try_sign_in(crate::support::PASSWORD).await.body["fullAccessToken"].is_null());
}

#[actix_web::test]
async fn or_7_a_reset_needs_a_fresh_proof_and_goes_on_after_it() {
    let app = TestApp::spawn().await;
    let (_, browser, authenticator) = owner(&app).await;
    let person = member(&app, "mo@example.com", &[Method::Passkey]).await;
    app.advance(TimeDelta::minutes(11));
    let path = format!("/admin/members/{}/reset", person.id);
    let asked = browser.get(&path).await;
    let (lead, proved) = confirm(&browser, &asked, &authenticator).await;
    assert_eq!(lead, "You're about to reset the MFA of a member.");
    assert_eq!(proved.location(), path);
    let done = answer(&browser, &person, "Lost", "mo@example.com").await;
    assert_eq!(done.status, 303);
}

#[actix_web::test]
async fn or_7_a_reset_that_was_decided_on_before_the_member_changed_is_asked_again() {
    let app = TestApp::spawn().await;
    let (_, browser, _) = owner(&app).await;
    let user = app.user().email("mo@example.com").in_organization("A");
    let (person, program) = user.signed_in().await;
    program.set_up_totp().await;
    let path = format!("/admin/members/{}/reset", person.id);
    let decided = browser.get(&path).await;
    let fields = [("reason", "Lost"), ("confirm", "mo@example.com")];
    assert_eq!(browser.submit(&decided, &fields).await.status, 303);
    // Pressed once more there is nothing left, and nobody is told of anything.
    let before = app.db_state();
    assert_eq!(browser.submit(&decided, &fields).await.status, 303);
    assert_eq!(app.db_state(), before);
    // Set up again meanwhile, it is not taken away by the page of before.
    let back = person.sign_in().await;
    let authenticator = back.start_totp().await;
    back.finish_totp(&authenticator.code(&app)).await.ok();
    let before = app.db_state();
    let again = browser.submit(&decided, &fields).await;
    assert_eq!(again.status, 409);
    assert_eq!(
        again.problems(),
        [
            "This member has changed since you opened the page. Look at what would be removed now, and decide again."
        ]
    );
    assert_eq!(again.attribute("#reason", "value").as_deref(), Some("Lost"));
    assert_eq!(app.db_state(), before);
    assert_eq!(browser.submit(&again, &fields).await.status, 303);
}

#[actix_web::test]
async fn a_reason_that_cannot_be_shown_as_typed_is_refused_on_both_faces() {
    let app = TestApp::spawn().await;
    let (_, browser, _) = owner(&app).await;
    let person = member(&app, "mo@example.com", &[Method::Passkey]).await;
    let boss = app.user().in_organization("A").role(Role::Owner);
    let (_, admin) = boss.signed_in().await;
    let before = app.db_state();
    for reason in ["a\u{0}b", "a\nb", "a\u{202e}b"] {
        let refused = answer(&browser, &person, reason, "mo@example.com").await;
        assert_eq!(refused.status, 400, "{reason:?}");
        assert!(refused.problems()[0].starts_with("The reason has characters"));
        let body = serde_json::json!({"resetUserId": person.id, "reason": reason});
        let answer = admin.post("/mfa/reset", body).await;
        answer.refused(400, "invalid_request");
    }
    assert_eq!(app.db_state(), before);
}

#[actix_web::test]
async fn a_backup_code_is_not_spent_on_what_it_does_not_open() {
    let app = TestApp::spawn().await;
    let (_, browser, authenticator) = owner(&app).await;
    let codes = browser.get("/security/codes").await.texts(".codes li");
    let person = member(&app, "mo@example.com", &[Method::Passkey]).await;
    app.advance(TimeDelta::minutes(11));
    let path = format!("/admin/members/{}/reset", person.id);
    let asked = browser.get(&path).await;
    let confirm = browser.get(asked.location()).await;
    assert!(!confirm.html.contains("method=code"), "it is not offered");
    let before = app.db_state();
    let (action, mut fields) = confirm.form_at("main form:has([name=code])");
    fields.retain(|(name, _)| name != "code" && name != "method");
    fields.push(("method".to_owned(), "code".to_owned()));
    fields.push(("code".to_owned(), codes[0].clone()));
    let refused = browser.post(&action, &fields).await;
    assert_eq!(
        refused.problems(),
        ["A backup code is not enough for this. Use another method."]
    );
    assert_eq!(app.db_state(), before);
    // Elsewhere it is offered as before.
    let asked = browser.get("/security/codes/new").await;
    let confirm = browser.get(asked.location()).await;
    assert!(confirm.html.contains("method=code"));
    drop(authenticator);
}
