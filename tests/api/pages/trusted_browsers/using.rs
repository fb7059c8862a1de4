//! Signing in with a trusted browser: what the password opens there, and what it does not.

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::Method as Verb;
use serde_json::json;

use super::{answer, enter, events, is_enough, member, server, trust, trusted};
use crate::support::email_links::mailed;
use crate::support::{Answer, PASSWORD};

#[actix_web::test]
async fn dv_5_it_opens_everything_but_what_asks_for_a_fresh_proof() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = trusted(&person, &authenticator).await;
    let proved_at = app.db_trusted(&person.id)[0].proved_at;
    app.advance(TimeDelta::hours(30));
    assert_eq!(enter(&browser, &person, "wrong").await.status, 400);
    assert!(is_enough(&browser, &person).await);
    let page = browser.get("/security").await;
    assert_eq!(page.status, 200);
    assert_eq!(
        page.attribute("main", "data-session-verified").as_deref(),
        Some("true")
    );
    let signed_in = page.text("#devices .meta");
    assert!(
        signed_in.ends_with("with password, in a trusted browser"),
        "{signed_in}"
    );

    // Whatever asks for a fresh proof asks for the app, and the password is no proof.
    for path in [
        "/security/app/remove",
        "/security/address",
        "/security/devices",
    ] {
        let asked = browser.get(path).await;
        assert_eq!(asked.status, 303, "{path}");
        assert!(asked.location().starts_with("/confirm?next="), "{path}");
    }
    let confirm = browser.get("/confirm?next=/security/app/remove").await;
    assert!(confirm.texts("[name=password]").is_empty());
    let (_, mut fields) = confirm.form_at("form[action='/confirm']");
    fields.retain(|(name, _)| name != "code");
    fields.push(("code".to_owned(), authenticator.next_code(&app)));
    let proved = browser.post("/confirm", &fields).await;
    assert_eq!(proved.location(), "/security/app/remove");
    assert_eq!(browser.get("/security/app/remove").await.status, 200);

    let rows = app.db_trusted(&person.id);
    assert_eq!(
        rows[0].proved_at, proved_at,
        "a sign-in by it proves nothing anew"
    );
    assert!(rows[0].last_used_at.is_some());
    let activity = browser.get("/security/activity").await;
    for sentence in [
        "Browser trusted for 30 days",
        "Signed in with password, in a trusted browser",
        "Confirmed with authenticator app",
    ] {
        assert!(activity.html.contains(sentence), "{sentence}");
    }
}

#[actix_web::test]
async fn programs_read_what_a_session_was_opened_with() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = trusted(&person, &authenticator).await;
    assert!(is_enough(&browser, &person).await);
    let program = person.sign_in_with(&authenticator).await;
    let answer = program.get("/sessions").await;
    let sessions = answer.ok()["sessions"].as_array().unwrap().clone();
    let browser = sessions.iter().find(|one| one["isBrowser"] == true);
    assert_eq!(browser.unwrap()["loginMethod"], "PASSWORD+TRUSTED_BROWSER");
}

#[actix_web::test]
async fn each_use_replaces_the_secret_and_an_earlier_one_ends_trust_and_is_told() {
    let (app, mails) = mailed().await;
    let (person, authenticator) = member(&app, 30).await;
    for uses in 1..=3 {
        let browser = trusted(&person, &authenticator).await;
        let copied = browser.trust_cookie().unwrap();
        let mut last = copied.clone();
        for _ in 0..uses {
            assert!(is_enough(&browser, &person).await);
            assert_ne!(browser.trust_cookie().unwrap(), last);
            last = browser.trust_cookie().unwrap();
        }
        let thief = app.browser();
        thief.plant(&copied);
        assert!(!is_enough(&thief, &person).await, "after {uses}");
        assert!(app.db_trusted(&person.id).is_empty());
        assert!(
            !is_enough(&browser, &person).await,
            "nobody knows who is who"
        );
        let why = app.db_reasons(&person.id, "authn_trust_reuse");
        assert_eq!(why, vec!["used_before"; uses]);
    }
    while app.deliver().await > 0 {}
    let told = mails.subjects(&person.email);
    let told = told
        .iter()
        .filter(|said| *said == "A trusted browser may have been copied");
    assert_eq!(told.count(), 3);
    let browser = app.browser();
    enter(&browser, &person, PASSWORD).await;
    answer(&browser, &authenticator, false).await;
    let activity = browser.get("/security/activity").await;
    assert!(
        activity.html.contains(
            "Chrome on Linux is not trusted any more: what it keeps may have been copied"
        )
    );
}

#[actix_web::test]
async fn of_two_at_once_with_one_secret_exactly_one_gets_in() {
    let app = server().await;
    for round in 0..5 {
        let (person, authenticator) = member(&app, 30).await;
        let browser = trusted(&person, &authenticator).await;
        let cookie = browser.trust_cookie().unwrap();
        let both = [app.browser(), app.browser()];
        for one in &both {
            one.plant(&cookie);
        }
        let answers = join_all(both.iter().map(|one| is_enough(one, &person))).await;
        let inside = answers.iter().filter(|inside| **inside).count();
        assert_eq!(inside, 1, "round {round}");
    }
}

#[actix_web::test]
async fn what_no_account_gave_is_worth_nothing_and_ends_nothing() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = trusted(&person, &authenticator).await;
    let good = browser.trust_cookie().unwrap();
    let value = good.split_once('=').unwrap().1.to_owned();
    let (id, secret) = value.split_once(':').unwrap();
    let unknown = countersign::db::new_id();
    for cookie in [
        String::new(),
        "..".to_owned(),
        id.to_owned(),
        secret.to_owned(),
        format!("{unknown}:{secret}"),
        format!("{id}:cs_dv_{}", &secret[6..]),
        format!("{id}:{}", &secret[..secret.len() - 1]),
    ] {
        let stranger = app.browser();
        stranger.plant(&format!("countersign-trust={cookie}"));
        assert!(!is_enough(&stranger, &person).await, "{cookie}");
        assert_eq!(app.db_trusted(&person.id).len(), 1, "{cookie}");
    }
    assert!(is_enough(&browser, &person).await);
}

#[actix_web::test]
async fn another_accounts_trust_is_of_no_use_and_stays_as_it_is() {
    let app = server().await;
    let (one, of_one) = member(&app, 30).await;
    let (two, of_two) = member(&app, 30).await;
    let browser = trusted(&one, &of_one).await;
    assert!(!is_enough(&browser, &two).await);
    assert!(is_enough(&browser, &one).await);
    // A browser that two people share is trusted by both, and one's end is not the other's.
    trust(&browser, &two, &of_two).await;
    for _ in 0..2 {
        assert!(is_enough(&browser, &one).await);
        assert!(is_enough(&browser, &two).await);
    }
    app.db_execute(&format!(
        "UPDATE users SET epoch = epoch + 1 WHERE id = '{}'",
        one.id
    ));
    assert!(!is_enough(&browser, &one).await);
    assert!(is_enough(&browser, &two).await);
    let cookie = browser.trust_cookie().unwrap();
    assert_eq!(
        cookie.matches("cs_tb_").count(),
        1,
        "what is over is not kept: {cookie}"
    );
    // More than a handful of accounts are not kept: the cookie stays small.
    for _ in 0..5 {
        let (person, authenticator) = member(&app, 30).await;
        trust(&browser, &person, &authenticator).await;
    }
    assert!(browser.trust_cookie().unwrap().len() < 500);
    assert!(!is_enough(&browser, &two).await);
}

#[actix_web::test]
async fn programs_neither_use_nor_get_trust() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = trusted(&person, &authenticator).await;
    let before = app.db_trusted(&person.id)[0].secret_hash.clone();
    let body = json!({"email": person.email, "password": PASSWORD, "trust": "on"});
    let request = app
        .stranger()
        .request(Verb::POST, "/user/login")
        .json(&body);
    let request = request.header("cookie", browser.trust_cookie().unwrap());
    let limited = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(limited.ok()["mfaRequired"], true);
    assert_eq!(limited.header("set-cookie"), None);
    let program = app.stranger().with_token(&limited.text("/accessToken"));
    let code = authenticator.next_code(&app);
    let body = json!({"mfaType": "GOOGLE_AUTH", "code": code, "trust": "on"});
    let full = program.post("/mfa/verify-login", body).await;
    full.ok();
    assert_eq!(full.header("set-cookie"), None);
    let rows = app.db_trusted(&person.id);
    assert_eq!((rows.len(), &rows[0].secret_hash), (1, &before));
    assert!(is_enough(&browser, &person).await);
}

#[actix_web::test]
async fn it_stands_for_a_factor_and_for_no_method_that_is_demanded() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = trusted(&person, &authenticator).await;
    let organization = person.organization_id.as_deref().unwrap();
    let yesterday = app.app.clock.now() - TimeDelta::days(1);
    app.db_change_user(&person.id, |user| user.joined_at = Some(yesterday));
    app.db_require_mfa(
        organization,
        Some(yesterday),
        &[countersign::mfa::Method::Passkey],
    );
    let page = enter(&browser, &person, PASSWORD).await;
    assert_eq!(
        (page.status, page.location()),
        (303, "/setup"),
        "the gate is in the way"
    );
    app.db_lift_requirement(organization);
    assert!(is_enough(&browser, &person).await);
    let recorded = events(&app, &person);
    assert_eq!(
        recorded.last().map(String::as_str),
        Some("authn_login_success")
    );
}
