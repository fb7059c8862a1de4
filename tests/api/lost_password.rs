//! A lost password: asking for a link by mail on both faces, what the answer tells, and what the link does.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use countersign::mfa::Method;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::mail_server::{MailServer, Manner};
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

/// Everything that an answer of JSON shows, but for what differs each time.
fn shown(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (answer.status, answer.body.to_string(), headers)
}

#[actix_web::test]
async fn j01_the_answer_does_not_tell_whether_there_is_an_account() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let known = app.user().create().await;
    let passwordless = app.user().without_password().create().await;
    let deactivated = app.user().create().await;
    let now = app.app.clock.now();
    app.db_change_user(&deactivated.id, |user| user.deactivated_at = Some(now));
    let emails = [
        "nobody@example.com",
        &known.email,
        &passwordless.email,
        &deactivated.email,
    ];
    let mut answers = Vec::new();
    for email in emails {
        answers.push(shown(&ask(&app, email).await));
    }
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    assert_eq!(answers[0].0, 200);
    let mut pages = Vec::new();
    for email in emails {
        let page = ask_on_page(&app, email).await;
        pages.push((page.status, page.location().to_owned(), page.html));
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    assert_eq!(pages[0].0, 303);

    app.deliver().await;
    for (email, mails) in emails.iter().zip([0, 1, 1, 0]) {
        assert_eq!(
            server.received_by(email).len(),
            mails,
            "{email}: the newest link only"
        );
    }
    assert_eq!(server.received().len(), 2);
    let refused: Vec<_> = app
        .db_all_activity()
        .into_iter()
        .filter(|row| row.outcome == "failure")
        .map(|row| row.reason.unwrap())
        .collect();
    assert_eq!(
        refused,
        ["no_account", "deactivated", "no_account", "deactivated"]
    );
    assert!(
        !app.db_state_but_records().contains("nobody@example.com"),
        "strangers leave nothing behind"
    );
}

/// How probable it is that one of `some` took longer than one of `others`: 0.5 when they are alike.
fn probability_of_longer(some: &[Duration], others: &[Duration]) -> f64 {
    let longer = some.iter().flat_map(|one| {
        others.iter().map(move |other| match one.cmp(other) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
    });
    #[allow(clippy::cast_precision_loss)]
    let pairs = (some.len() * others.len()) as f64;
    longer.sum::<f64>() / pairs
}

#[actix_web::test]
async fn j02_the_time_of_the_answer_does_not_tell_it_either() {
    let app = TestApp::spawn_with(|config| config.limits.mail = Vec::new()).await;
    let known = app.user().create().await;
    let passwordless = app.user().without_password().create().await;
    let deactivated = app.user().create().await;
    let now = app.app.clock.now();
    app.db_change_user(&deactivated.id, |user| user.deactivated_at = Some(now));
    let emails = [
        "nobody@example.com",
        &known.email,
        &passwordless.email,
        &deactivated.email,
    ];
    let mut times = vec![Vec::new(); emails.len()];
    for round in 0..110 {
        // Everybody is first in turn, so that no place in the row is a kind's own.
        for n in 0..emails.len() {
            let n = (n + round) % emails.len();
            let started = Instant::now();
            ask(&app, emails[n]).await.ok();
            if round >= 10 {
                times[n].push(started.elapsed());
            }
        }
    }
    for (email, times_of) in emails.iter().zip(&times).skip(1) {
        let probability = probability_of_longer(times_of, &times[0]);
        assert!(
            (0.35..0.65).contains(&probability),
            "{email}: {probability}"
        );
    }
}

#[actix_web::test]
async fn d02_no_header_of_the_request_gets_into_the_link() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let body = json!({"email": person.email}).to_string();
    let port = app.address.port();
    for (target, headers) in [
        (
            "/user/request-reset-password",
            "Host: evil.test\r\n".to_owned(),
        ),
        (
            "/user/request-reset-password",
            format!(
                "Host: localhost:{port}\r\nX-Forwarded-Host: evil.test\r\nX-Forwarded-Proto: https\r\n"
            ),
        ),
        (
            "/user/request-reset-password",
            format!("Host: localhost:{port}\r\nForwarded: host=evil.test;proto=https\r\n"),
        ),
        (
            "/user/request-reset-password",
            format!(
                "Host: localhost:{port}\r\nX-Original-URL: http://evil.test/\r\nX-Host: evil.test\r\n"
            ),
        ),
        (
            "http://evil.test/user/request-reset-password",
            "Host: evil.test\r\n".to_owned(),
        ),
        (
            "http://evil.test/user/request-reset-password",
            format!("Host: localhost:{port}\r\n"),
        ),
    ] {
        app.advance(TimeDelta::hours(2));
        let before = server.received().len();
        let request = format!(
            "POST {target} HTTP/1.1\r\n{headers}Content-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        );
        let status = app.wire(request).await.statuses()[0];
        app.deliver().await;
        let mails = server.received();
        if status == 200 {
            assert_eq!(mails.len(), before + 1, "{headers}");
            app.link_in(&mails[before]);
        } else {
            assert!(matches!(status, 400 | 404 | 421), "{headers}: {status}");
            assert_eq!(mails.len(), before, "{headers}");
        }
    }
    for mail in server.received() {
        assert!(!mail.data.contains("evil"), "{}", mail.data);
    }
    assert!(server.received().len() >= 4);
}

#[actix_web::test]
async fn d03_looking_at_the_link_uses_nothing_up() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let link = link_for(&app, &server, &person.email).await;
    let before = app.db_state();
    for verb in ["HEAD", "HEAD", "GET", "GET", "GET", "GET", "GET", "OPTIONS"] {
        let verb = verb.parse().unwrap();
        app.stranger().send(verb, &link, None).await;
    }
    assert_eq!(app.db_state(), before);
    choose(&app, token_of(&link), NEW).await.ok();
}

#[actix_web::test]
async fn d04_of_fifty_who_use_one_link_at_once_exactly_one_chooses_the_password() {
    let (app, server) = TestApp::spawn_with_mail(|config| config.trusted_proxies = 1).await;
    let person = app.user().create().await;
    let link = link_for(&app, &server, &person.email).await;
    let tries = (0..50).map(|n| {
        let (app, token) = (&app, token_of(&link));
        async move { choose(app, token, &format!("{NEW} number {n}")).await }
    });
    let answers = join_all(tries).await;
    let won: Vec<usize> = (0..50).filter(|n| answers[*n].status == 200).collect();
    assert_eq!(won.len(), 1, "{won:?}");
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert!(
            matches!(
                (answer.status, answer.code()),
                (400, "link_spent") | (503, _)
            ),
            "{}",
            answer.body
        );
    }
    choose(&app, token_of(&link), NEW)
        .await
        .refused(400, "link_spent");
    person
        .try_sign_in(&format!("{NEW} number {}", won[0]))
        .await
        .ok();
}

#[actix_web::test]
async fn d05_the_link_works_for_an_hour() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let link = link_for(&app, &server, &person.email).await;
    app.advance(TimeDelta::minutes(59));
    assert_eq!(app.browser().get(&link).await.status, 200);
    app.advance(TimeDelta::seconds(61));
    assert_eq!(app.browser().get(&link).await.status, 410);
    choose(&app, token_of(&link), NEW)
        .await
        .refused(400, "link_spent");
}

#[actix_web::test]
async fn d06_only_the_newest_link_works_and_the_mail_of_an_older_one_goes_unsent() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let first = link_for(&app, &server, &person.email).await;
    let second = link_for(&app, &server, &person.email).await;
    choose(&app, token_of(&first), NEW)
        .await
        .refused(400, "link_spent");
    choose(&app, token_of(&second), NEW).await.ok();
    app.deliver().await;
    app.advance(TimeDelta::hours(1));
    ask(&app, &person.email).await.ok();
    ask(&app, &person.email).await.ok();
    assert_eq!(app.deliver().await, 1);
    let mails = server.received_by(&person.email);
    choose(
        &app,
        token_of(&app.link_in(mails.last().unwrap())),
        PASSWORD,
    )
    .await
    .ok();
}

#[actix_web::test]
async fn over_the_limits_the_answer_is_the_same_and_no_mail_comes() {
    let (app, server) = TestApp::spawn_with_mail(|config| config.trusted_proxies = 1).await;
    let (victim, other) = (app.user().create().await, app.user().create().await);
    let mut answers = Vec::new();
    // An hour and a bit, one try each half minute, each from another address.
    for n in 0..125 {
        let request = app
            .stranger()
            .request(reqwest::Method::POST, "/user/request-reset-password")
            .header("x-forwarded-for", format!("198.51.100.{n}"))
            .json(&json!({"email": victim.email}));
        answers.push(shown(&Answer::of(request.send().await.unwrap()).await));
        app.deliver().await;
        let (minutes, mails) = (n / 2, server.received_by(&victim.email).len());
        match minutes {
            0..=4 => assert!(mails <= 3, "{n}: {mails}"),
            5..=9 => assert!(mails <= 5, "{n}: {mails}"),
            10..=59 => assert!(mails <= 15, "{n}: {mails}"),
            _ => {}
        }
        app.advance(TimeDelta::seconds(30));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let mails = server.received_by(&victim.email).len();
    assert!(
        (16..=18).contains(&mails),
        "{mails}: the first hour is over"
    );
    let refused = app.db_activity(&victim.id);
    assert!(
        refused
            .iter()
            .any(|row| row.reason.as_deref() == Some("too_many"))
    );
    link_for(&app, &server, &other.email).await;
}

#[actix_web::test]
async fn one_client_address_asks_for_twenty_mails_in_five_minutes_and_no_more() {
    let app = TestApp::spawn().await;
    for n in 0..20 {
        ask(&app, &format!("nobody-{n}@example.com")).await.ok();
    }
    let refused = ask(&app, "nobody@example.com").await;
    refused.refused(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), Some("15"));
    let page = ask_on_page(&app, "nobody@example.com").await;
    assert_eq!(page.status, 429);
    assert!(page.problems()[0].starts_with("Too many tries. Try again after "));
    assert_eq!(
        page.attribute("#email", "value").as_deref(),
        Some("nobody@example.com")
    );
    app.advance(TimeDelta::seconds(15));
    ask(&app, "nobody@example.com").await.ok();
}

#[actix_web::test]
async fn what_cannot_be_an_address_is_refused_and_kept() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let email = &person.email;
    for typed in [
        format!("{email}\r\nBcc: eve@example.com"),
        format!("{email},eve@example.com"),
        format!("{email}, eve@example.com"),
        format!("\"n\" <{email}>"),
        format!("{email}."),
        format!("{}@example.com", "x".repeat(10_000)),
        "\0".to_owned(),
        "ada".to_owned(),
    ] {
        ask(&app, &typed).await.refused(400, "invalid_request");
        let page = ask_on_page(&app, &typed).await;
        assert_eq!(page.status, 400, "{typed}");
        assert_eq!(
            page.problems(),
            ["Enter an email address in the format name@example.com"]
        );
    }
    let page = ask_on_page(&app, "ada").await;
    assert_eq!(page.attribute("#email", "value").as_deref(), Some("ada"));
    assert_eq!(
        ask_on_page(&app, " ").await.problems(),
        ["Enter your email address"]
    );
    for body in [
        json!({}),
        json!({"email": 7}),
        json!({"email": [email]}),
        json!({"email": null}),
    ] {
        let answer = app
            .stranger()
            .post("/user/request-reset-password", body)
            .await;
        answer.refused(400, "invalid_request");
    }
    assert_eq!(app.deliver().await, 0);
    assert!(server.received().is_empty());
}

#[actix_web::test]
async fn a_mail_waits_for_its_server_as_long_as_its_link_works() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (soon, late) = (app.user().create().await, app.user().create().await);
    server.becomes(Manner::NotNow);
    ask(&app, &soon.email).await.ok();
    assert_eq!(app.deliver().await, 0);
    app.advance(TimeDelta::minutes(50));
    server.becomes(Manner::Takes);
    assert_eq!(app.deliver().await, 1);
    let link = app.link_in(&server.received()[0]);
    choose(&app, token_of(&link), NEW).await.ok();
    app.deliver().await;

    server.becomes(Manner::NotNow);
    ask(&app, &late.email).await.ok();
    assert_eq!(app.deliver().await, 0);
    app.advance(TimeDelta::minutes(60));
    server.becomes(Manner::Takes);
    assert_eq!(app.deliver().await, 0);
    assert!(server.received_by(&late.email).is_empty());
    app.advance(TimeDelta::days(1));
    assert_eq!(app.deliver().await, 0);

    // A server that was away for longer makes no link of what nobody waits for any more.
    ask(&app, &late.email).await.ok();
    app.advance(TimeDelta::minutes(61));
    assert_eq!(app.deliver().await, 0);
}

#[actix_web::test]
async fn the_token_stands_in_the_mail_and_nowhere_else() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    server.becomes(Manner::NotNow);
    ask(&app, &person.email).await.ok();
    app.deliver().await;
    let while_waiting = app.db_dump();
    server.becomes(Manner::Takes);
    app.advance(TimeDelta::minutes(1));
    app.deliver().await;
    let link = app.link_in(&server.received()[0]);
    for dump in [while_waiting, app.db_dump()] {
        let token = token_of(&link).as_bytes();
        assert!(!dump.windows(token.len()).any(|bytes| bytes == token));
        let random = &token[6..];
        assert!(!dump.windows(random.len()).any(|bytes| bytes == random));
    }
    for row in app.db_all_activity() {
        assert!(!format!("{row:?}").contains("cs_ln_"));
    }
    let wrong = choose(&app, token_of(&link), "short").await;
    assert!(!wrong.body.to_string().contains("cs_ln_"));
}

#[actix_web::test]
async fn a_sealed_link_opens_in_its_own_mail_only() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (victim, thief) = (app.user().create().await, app.user().create().await);
    server.becomes(Manner::NotNow);
    for person in [&victim, &thief] {
        ask(&app, &person.email).await.ok();
    }
    app.deliver().await;
    app.db_execute(&format!(
        "UPDATE mails SET link = (SELECT link FROM mails WHERE recipient = '{}') WHERE recipient = '{}'",
        victim.email, thief.email
    ));
    server.becomes(Manner::Takes);
    app.advance(TimeDelta::minutes(1));
    assert_eq!(app.deliver().await, 1);
    assert!(server.received_by(&thief.email).is_empty());
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

#[actix_web::test]
async fn a_link_dies_with_every_change_of_the_password_and_so_does_its_mail() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let (person, program) = app.user().signed_in().await;
    let link = link_for(&app, &server, &person.email).await;
    let body = json!({"currentPassword": PASSWORD, "password": NEW});
    program
        .put(&format!("/user/{}", person.id), body)
        .await
        .ok();
    choose(&app, token_of(&link), PASSWORD)
        .await
        .refused(400, "link_spent");
}

#[actix_web::test]
async fn g04_a_reset_by_an_administrator_kills_the_link_and_the_mail_that_waits() {
    use countersign::accounts::users::Role;
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let boss = app
        .user()
        .in_organization("Northwind")
        .role(Role::Owner)
        .create()
        .await;
    let member = app.user().in_organization("Northwind").create().await;
    let administrator = boss.sign_in().await;
    let link = link_for(&app, &server, &member.email).await;
    let body = json!({"resetUserId": member.id});
    administrator.post("/mfa/reset", body.clone()).await.ok();
    choose(&app, token_of(&link), NEW)
        .await
        .refused(400, "link_spent");
    app.deliver().await;

    server.becomes(Manner::NotNow);
    ask(&app, &member.email).await.ok();
    app.deliver().await;
    administrator.post("/mfa/reset", body).await.ok();
    server.becomes(Manner::Takes);
    app.advance(TimeDelta::minutes(1));
    app.deliver().await;
    let reset = "Your MFA was reset";
    assert_eq!(server.subjects(&member.email), [SUBJECT, reset, reset]);
}

#[actix_web::test]
async fn several_processes_make_one_link_of_one_request() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let people = [
        app.user().create().await,
        app.user().create().await,
        app.user().create().await,
    ];
    for person in &people {
        ask(&app, &person.email).await.ok();
    }
    join_all((0..4).map(|_| app.deliver())).await;
    app.deliver().await;
    for person in &people {
        assert_eq!(server.received_by(&person.email).len(), 1);
    }
}

#[actix_web::test]
async fn a_form_of_another_site_asks_for_nothing() {
    let (app, server) = TestApp::spawn_with_mail(|_| {}).await;
    let person = app.user().create().await;
    let browser = app.browser();
    let (_, mut fields) = browser.get("/password").await.form();
    fields.retain(|(name, _)| name != "email");
    fields.push(("email".to_owned(), person.email.clone()));
    let refused = browser.post_from("cross-site", "/password", &fields).await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.attribute("#email", "value").as_ref(),
        Some(&person.email)
    );
    assert_eq!(app.deliver().await, 0);
    assert!(server.received().is_empty());
}
