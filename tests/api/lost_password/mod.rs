//! A lost password: asking for a link by mail on both faces, and what comes of the link.

mod asking;
mod link;

use countersign::mfa::Method;
use serde_json::json;

use crate::support::mail_server::MailServer;
use crate::support::{Answer, PASSWORD, Page, TestApp};

const NEW: &str = "seven green bottles on a wall";

const SUBJECT: &str = "Your link for a new password";

async fn ask(app: &TestApp, email: &str) -> Answer {
    let body = json!({"email": email});
    app.stranger()
        .post("/user/request-reset-password", body)
        .await
}

async fn ask_on_page(app: &TestApp, email: &str) -> Page {
    let browser = app.browser();
    let form = browser.get("/password").await;
    browser.submit(&form, &[("email", email)]).await
}

async fn choose(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "newPassword": password});
    app.stranger().post("/user/reset-password", body).await
}

fn token_of(link: &str) -> &str {
    link.rsplit('/').next().unwrap()
}

/// Asks for a link and reads it in the mail.
async fn link_for(app: &TestApp, server: &MailServer, email: &str) -> String {
    let links = || {
        let mut mails = server.received_by(email);
        mails.retain(|mail| mail.header("Subject").as_deref() == Some(SUBJECT));
        mails
    };
    let before = links().len();
    ask(app, email).await.ok();
    app.deliver().await;
    let mails = links();
    assert_eq!(mails.len(), before + 1);
    app.link_in(&mails[before])
}

#[actix_web::test]
async fn h11_who_has_lost_the_password_is_mailed_a_link_and_chooses_another_one() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (person, program) = app.user().with_factor(Method::Totp).signed_in().await;
    app.db_prove_factor(&program.session_id, Method::Totp);
    let login = app.browser().get("/login").await;
    let forgot = login.attribute("main form a", "href");
    assert_eq!(forgot.as_deref(), Some("/password"));

    let visitor = app.browser();
    let form = visitor.get("/password").await;
    assert_eq!(form.text("h1"), "Get a new password");
    let typed = format!(" {} ", person.email.to_uppercase());
    let asked = visitor.submit(&form, &[("email", &typed)]).await;
    assert_eq!((asked.status, asked.location()), (303, "/login"));
    let said = visitor.get("/login").await.text("main [role=status]");
    assert!(said.ends_with("has an account, a link is on its way there. It works for an hour."));
    program.get("/user/profile").await.ok();

    assert_eq!(app.deliver().await, 1);
    let mails = server.received();
    let [mail] = mails.as_slice() else {
        panic!("{mails:?}")
    };
    assert_eq!(mail.recipients, [format!("RCPT TO:<{}>", person.email)]);
    assert_eq!(mail.header("Subject").as_deref(), Some(SUBJECT));
    let text = mail.text();
    for part in [
        "Where: 127.0.0.1, Chrome on Linux",
        "The link works once, until ",
        "/password\n",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let link = app.link_in(mail);
    assert!(link.starts_with("/password/cs_ln_"), "{link}");

    let form = visitor.get(&link).await;
    assert_eq!(
        form.text(".lead"),
        format!("For the account {}", person.email)
    );
    let done = visitor.submit(&form, &[("password", NEW)]).await;
    assert_eq!((done.status, done.location()), (303, "/login"));
    assert!(
        visitor
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
    assert_eq!(app.db_session_ids(&person.id), Vec::<String>::new());
    person
        .try_sign_in(PASSWORD)
        .await
        .refused(401, "invalid_credentials");
    let answer = person.try_sign_in(NEW).await;
    assert_eq!(
        answer.ok()["mfaRequired"],
        true,
        "the mailbox is no second factor"
    );
    assert_eq!(visitor.get(&link).await.status, 410);
    assert!(app.db_is_password_by_mail(&person.id));

    app.deliver().await;
    assert_eq!(server.subjects(&person.email), [SUBJECT, "Password set"]);
    let words: Vec<_> = app
        .db_activity(&person.id)
        .into_iter()
        .map(|row| row.event)
        .collect();
    assert!(
        words.contains(&"link_created".to_owned())
            && words.contains(&"authn_password_chosen".to_owned())
    );
}

#[actix_web::test]
async fn h11_the_same_over_json() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (person, program) = app.user().signed_in().await;
    let link = link_for(&app, &server, &person.email).await;
    let token = token_of(&link);
    let short = choose(&app, token, "short").await;
    short.refused(400, "password_too_short");
    choose(&app, token, &person.email)
        .await
        .refused(400, "password_guessable");
    program.get("/user/profile").await.ok();
    let done = choose(&app, token, NEW).await;
    assert_eq!(
        done.ok().as_object().unwrap().len(),
        2,
        "no token: {}",
        done.body
    );
    program
        .get("/user/profile")
        .await
        .refused(401, "unauthenticated");
    choose(&app, token, NEW).await.refused(400, "link_spent");
    person.try_sign_in(NEW).await.ok();
    for body in [
        json!({}),
        json!({"token": token}),
        json!({"newPassword": NEW}),
        json!({"token": 7, "newPassword": NEW}),
    ] {
        let answer = app.stranger().post("/user/reset-password", body).await;
        answer.refused(400, "invalid_request");
    }
    for token in ["", "x", "cs_ln_", "cs_at_x", "\0", &"x".repeat(10_000)] {
        choose(&app, token, NEW).await.refused(400, "link_spent");
    }
}

#[actix_web::test]
async fn a_password_is_remembered_as_mailed_until_it_is_changed_or_chosen_otherwise() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().without_password().create().await;
    let link = link_for(&app, &server, &person.email).await;
    choose(&app, token_of(&link), PASSWORD).await.ok();
    assert!(app.db_is_password_by_mail(&person.id));
    let program = person.sign_in().await;
    let body = json!({"currentPassword": PASSWORD, "password": NEW});
    program
        .put(&format!("/user/{}", person.id), body)
        .await
        .ok();
    assert!(!app.db_is_password_by_mail(&person.id));
    let link = link_for(&app, &server, &person.email).await;
    choose(&app, token_of(&link), PASSWORD).await.ok();
    assert!(app.db_is_password_by_mail(&person.id));
    let printed = app.db_password_link(&person.id);
    choose(&app, token_of(&printed), NEW).await.ok();
    assert!(!app.db_is_password_by_mail(&person.id));
}

#[actix_web::test]
async fn who_has_only_passkeys_sets_a_password_the_same_way() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app
        .user()
        .without_password()
        .with_factor(Method::Passkey)
        .create()
        .await;
    let link = link_for(&app, &server, &person.email).await;
    choose(&app, token_of(&link), NEW).await.ok();
    assert_eq!(person.try_sign_in(NEW).await.ok()["mfaRequired"], true);
}
