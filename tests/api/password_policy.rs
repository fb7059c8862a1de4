//! Which passwords may be chosen, on both faces, and that the current one is asked for.

use chrono::TimeDelta;
use countersign::mfa::Method;
use serde_json::json;

use crate::support::{Answer, PASSWORD, Person, Program, TestApp};

const NEW: &str = "seven green bottles on a wall";

async fn change(program: &Program<'_>, person: &Person<'_>, current: &str, new: &str) -> Answer {
    let body = json!({"currentPassword": current, "password": new});
    program.put(&format!("/user/{}", person.id), body).await
}

/// What may not be chosen: the word for it, and what the page says.
fn refused() -> Vec<(String, &'static str, &'static str)> {
    let (short, long) = ("password_too_short", "password_too_long");
    let (common, guessable) = ("password_common", "password_guessable");
    let (fewer, more) = ("256 characters or fewer", "15 characters or more");
    let (many, others) = ("Many people use", "others know about you");
    [
        ("fourteen chars", short, more),
        ("🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤", short, more),
        ("         14", short, more),
        ("1234567890987654321", common, many),
        ("PassWordPassWord", common, many),
        ("countersigncountersign", guessable, others),
        ("CounterSignCounter", guessable, others),
        ("lovelacelovelace", guessable, others),
        ("ada.the.countess@example.com", guessable, others),
    ]
    .into_iter()
    .map(|(typed, code, words)| (typed.to_owned(), code, words))
    .chain([257, 1_000, 60_000].map(|n| ("long ".repeat(n).split_at(n).0.to_owned(), long, fewer)))
    .chain([("🦊".repeat(257), long, fewer)])
    .collect()
}

/// What may be chosen.
fn accepted() -> Vec<String> {
    let mut list = vec![
        "fifteen chars..".to_owned(),
        "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤🐣".to_owned(),
        "  spaces at both ends  ".to_owned(),
        "\t\"'<script>&amp;%00 + =\\".to_owned(),
        "password is a word in a long sentence".to_owned(),
        "لا أحد يعرف كلمة السر هذه".to_owned(),
    ];
    list.extend([64, 256].map(|n| "correct horse ".repeat(n).split_at(n).0.to_owned()));
    list
}

#[actix_web::test]
async fn j07_the_api_refuses_what_may_not_be_chosen_and_says_why() {
    let app = TestApp::spawn().await;
    let person = app
        .user()
        .email("ada.the.countess@example.com")
        .create()
        .await;
    let program = person.sign_in().await;
    for (typed, code, _) in refused() {
        let answer = change(&program, &person, PASSWORD, &typed).await;
        answer.refused(400, code);
        assert!(!answer.body.to_string().contains(&typed), "{code}");
    }
    let answer = change(&program, &person, PASSWORD, "fourteen chars").await;
    assert!(answer.text("/error").contains("15"), "{}", answer.body);
    let huge = change(&program, &person, PASSWORD, &"x".repeat(100_000)).await;
    huge.refused(413, "payload_too_large");
    person.try_sign_in(PASSWORD).await.ok();
    program.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn j07_the_api_takes_every_character_and_length_that_may_be_chosen() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let mut current = PASSWORD.to_owned();
    for new in accepted() {
        change(&program, &person, &current, &new).await.ok();
        person
            .try_sign_in(&current)
            .await
            .refused(401, "invalid_credentials");
        person.try_sign_in(&new).await.ok();
        if new.trim() != new {
            person
                .try_sign_in(new.trim())
                .await
                .refused(401, "invalid_credentials");
        }
        current = new;
    }
}

#[actix_web::test]
async fn j07_the_page_refuses_what_may_not_be_chosen_and_says_why() {
    let app = TestApp::spawn().await;
    let person = app
        .user()
        .email("ada.the.countess@example.com")
        .create()
        .await;
    let browser = person.browser().await;
    let form = browser.get("/security/password").await;
    assert!(
        form.html.contains("At least 15 characters"),
        "{}",
        form.html
    );
    for (typed, code, words) in refused() {
        let fields = [("current_password", PASSWORD), ("password", typed.as_str())];
        let page = browser.submit(&form, &fields).await;
        let status = if typed.len() * 3 > 64 * 1024 {
            vec![400, 413]
        } else {
            vec![400]
        };
        assert!(status.contains(&page.status), "{code}: {}", page.status);
        if page.status == 400 {
            let problems = page.problems().join(" ");
            assert!(problems.contains(words), "{code}: {problems}");
            let kept = page
                .attribute("[name=password]", "value")
                .unwrap_or_default();
            assert_eq!(kept, "", "{code}");
        }
    }
    let huge = "x".repeat(100_000);
    let page = browser
        .submit(
            &form,
            &[("current_password", PASSWORD), ("password", &huge)],
        )
        .await;
    assert_eq!(page.status, 413);
    let cases = [
        ("", NEW, "Enter your current password"),
        (PASSWORD, "", "Enter a new password"),
        (PASSWORD, PASSWORD, "differs from the current one"),
        (
            "not my password at all",
            NEW,
            "That is not your current password",
        ),
    ];
    for (current, new, words) in cases {
        let fields = [("current_password", current), ("password", new)];
        let page = browser.submit(&form, &fields).await;
        assert_eq!(page.status, 400, "{words}");
        assert!(
            page.problems().join(" ").contains(words),
            "{:?}",
            page.problems()
        );
    }
    person.try_sign_in(PASSWORD).await.ok();
}

#[actix_web::test]
async fn j07_the_page_takes_every_character_and_length_that_may_be_chosen() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let mut current = PASSWORD.to_owned();
    for new in accepted() {
        let form = browser.get("/security/password").await;
        let fields = [("current_password", current.as_str()), ("password", &new)];
        let done = browser.submit(&form, &fields).await;
        assert_eq!(
            (done.status, done.location()),
            (303, "/security"),
            "{new}: {:?}",
            done.problems()
        );
        person.try_sign_in(&new).await.ok();
        current = new;
    }
}

#[actix_web::test]
async fn j07_a_new_password_needs_the_current_one() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let path = format!("/user/{}", person.id);
    let without = [
        json!({"password": NEW}),
        json!({"password": NEW, "currentPassword": null}),
        json!({"password": NEW, "current_password": PASSWORD}),
    ];
    for body in without {
        program
            .put(&path, body)
            .await
            .refused(400, "invalid_request");
    }
    for wrong in [
        "",
        "not my password at all",
        &PASSWORD.to_uppercase(),
        "x".repeat(5_000).as_str(),
    ] {
        let answer = change(&program, &person, wrong, NEW).await;
        assert!(
            matches!(answer.code(), "invalid_password" | "password_too_long"),
            "{}",
            answer.body
        );
        assert_eq!(answer.status, 400);
    }
    person.try_sign_in(PASSWORD).await.ok();
    change(&program, &person, PASSWORD, NEW).await.ok();
}

#[actix_web::test]
async fn j07_eight_characters_do_where_a_second_factor_is_enforced() {
    let app = TestApp::spawn().await;
    let (person, program) = app
        .user()
        .in_organization("Enforced")
        .with_factor(Method::Totp)
        .signed_in()
        .await;
    app.db_prove_factor(&program.session_id, Method::Totp);
    change(&program, &person, PASSWORD, "kz4-wq9x")
        .await
        .refused(400, "password_too_short");
    let yesterday = app.app.clock.now() - TimeDelta::days(1);
    app.db_change_user(&person.id, |user| user.joined_at = Some(yesterday));
    app.db_require_mfa(
        person.organization_id.as_deref().unwrap(),
        Some(yesterday),
        &Method::ALL,
    );
    change(&program, &person, PASSWORD, "kz4-wq9")
        .await
        .refused(400, "password_too_short");
    change(&program, &person, PASSWORD, "password")
        .await
        .refused(400, "password_common");
    change(&program, &person, PASSWORD, "kz4-wq9x").await.ok();
}

#[actix_web::test]
async fn every_spelling_of_a_letter_is_the_same_password() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    change(
        &program,
        &person,
        PASSWORD,
        "un cafe\u{301} cre\u{300}me bru\u{302}le\u{301}",
    )
    .await
    .ok();
    person.try_sign_in("un café crème brûlé").await.ok();
    person
        .try_sign_in("un cafe creme brule")
        .await
        .refused(401, "invalid_credentials");
}
