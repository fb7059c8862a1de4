//! Sessions over HTTP: listing, revoking, the caps, how each ends, what the database keeps of tokens.

use chrono::TimeDelta;
use countersign::accounts::purge;
use countersign::crypto::token;
use countersign::db::write;
use countersign::mfa::Method;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Program, TestApp};

async fn tokens(program: &Program<'_>) -> Vec<Value> {
    program.get("/token").await.ok()["tokens"]
        .as_array()
        .unwrap()
        .clone()
}

async fn sessions(program: &Program<'_>) -> Vec<Value> {
    program.get("/sessions").await.ok()["sessions"]
        .as_array()
        .unwrap()
        .clone()
}

async fn is_dead(program: &Program<'_>) -> bool {
    let bearer = program.get("/mfa/status").await.status;
    let refreshed = match &program.refresh {
        Some(token) => {
            let body = json!({"refresh_token": token});
            program
                .app
                .stranger()
                .post("/user/refresh", body)
                .await
                .status
        }
        None => bearer,
    };
    assert_eq!(
        bearer, refreshed,
        "the bearer and the refresh token disagree"
    );
    bearer == 401
}

/// Waits for the last-seen time, which is written after the answer.
async fn until_seen(app: &TestApp, user_id: &str) {
    use countersign::db::schema::sessions;
    use diesel::prelude::*;
    let recently = app.app.clock.now() - TimeDelta::minutes(1);
    let seen = sessions::table
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::last_seen_at.gt(recently));
    while app.db(|conn| seen.count().get_result::<i64>(conn).unwrap()) == 0 {
        tokio::task::yield_now().await;
    }
}

#[actix_web::test]
async fn h04_an_access_token_dies_at_the_end_of_its_life() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    app.advance(TimeDelta::seconds(3_590));
    program.get("/user/profile").await.ok();
    app.advance(TimeDelta::seconds(11));
    program
        .get("/user/profile")
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn h07_everybody_lists_their_own_sessions_and_no_token() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let (other, browser) = (person.sign_in().await, person.browser().await);
    let (_, stranger) = app.user().signed_in().await;
    person.try_sign_in("not the password at all").await;

    let listed = tokens(&program).await;
    let ids: Vec<_> = listed
        .iter()
        .map(|token| token["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, [&program.session_id, &other.session_id]);
    let fields = "createdAt expiresAt id ipAddress isCurrent lastUsedAt userAgent";
    for (token, is_current) in listed.iter().zip([true, false]) {
        let mut names: Vec<_> = token.as_object().unwrap().keys().cloned().collect();
        names.sort();
        assert_eq!(names.join(" "), fields);
        assert_eq!(token["isCurrent"], is_current);
        assert_eq!(token["ipAddress"], "127.0.0.1");
    }
    assert!(!json!(listed).to_string().contains("cs_"));

    let all = sessions(&other).await;
    assert_eq!(all.len(), 3);
    assert_eq!(all[0]["id"], json!(other.session_id));
    assert_eq!(
        all.iter().filter(|item| item["isCurrent"] == true).count(),
        1
    );
    let browsers: Vec<_> = all
        .iter()
        .filter(|item| item["isBrowser"] == true)
        .collect();
    assert_eq!(browsers.len(), 1);
    assert_eq!(browsers[0]["loginMethod"], "PASSWORD");
    assert_eq!(browser.get("/security").await.status, 200);
    assert_eq!(tokens(&stranger).await.len(), 1);
}

#[actix_web::test]
async fn h07_nobody_revokes_what_is_not_theirs() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let (_, victim) = app.user().signed_in().await;
    let browser_id = {
        person.browser().await;
        let all = sessions(&program).await;
        let item = all.iter().find(|item| item["isBrowser"] == true).unwrap();
        item["id"].as_str().unwrap().to_owned()
    };
    let (own, last) = (
        program.session_id.as_str(),
        program.session_id.chars().last().unwrap(),
    );
    let near = |c| format!("{}{c}", &own[..own.len() - 1]);
    let ids = [
        victim.session_id.clone(),
        victim.session_id.to_uppercase(),
        own.to_uppercase(),
        near(if last == 'f' { 'e' } else { 'f' }),
        near(if last == '0' { '1' } else { '0' }),
        "0".to_owned(),
        "%25".to_owned(),
        "null".to_owned(),
    ];
    for id in &ids {
        program
            .delete(&format!("/token/{id}"))
            .await
            .refused(404, "not_found");
        let path = format!("/sessions/{id}/revoke");
        program.post_nothing(&path).await.refused(404, "not_found");
    }
    // What is listed under /token only is revoked under /token.
    program
        .delete(&format!("/token/{browser_id}"))
        .await
        .refused(404, "not_found");
    victim.get("/user/profile").await.ok();
    assert_eq!(sessions(&program).await.len(), 2);
}

#[actix_web::test]
async fn h07_a_revoked_session_is_dead_at_once_with_its_refresh_token() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let (other, third) = (person.sign_in().await, person.sign_in().await);
    program
        .delete(&format!("/token/{}", other.session_id))
        .await
        .ok();
    assert!(is_dead(&other).await);
    let again = program
        .delete(&format!("/token/{}", other.session_id))
        .await;
    again.refused(404, "not_found");
    program
        .post_nothing(&format!("/sessions/{}/revoke", third.session_id))
        .await
        .ok();
    assert!(is_dead(&third).await);
    assert_eq!(tokens(&program).await.len(), 1);
    program
        .delete(&format!("/token/{}", program.session_id))
        .await
        .ok();
    assert!(is_dead(&program).await);
}

#[actix_web::test]
async fn revoking_all_ends_every_kind_of_session_but_the_callers() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let (other, browser) = (person.sign_in().await, person.browser().await);
    let (_, stranger) = app.user().signed_in().await;
    program.post_nothing("/sessions/revoke-all").await.ok();
    assert!(is_dead(&other).await);
    assert!(
        browser
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
    program.get("/user/profile").await.ok();
    stranger.get("/user/profile").await.ok();
    assert_eq!(sessions(&program).await.len(), 1);
}

#[actix_web::test]
async fn the_devices_page_signs_out_one_or_all_others() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    let (one, two, other) = (
        person.sign_in().await,
        person.sign_in().await,
        person.browser().await,
    );
    let page = browser.get("/security/devices").await;
    let (action, mut fields) = page.form();
    fields.retain(|(name, _)| name != "session");
    fields.push(("session".to_owned(), one.session_id.clone()));
    assert_eq!(browser.post(&action, &fields).await.status, 303);
    assert!(is_dead(&one).await);
    assert!(!is_dead(&two).await);
    let page = browser.get("/security/devices").await;
    assert_eq!(browser.submit(&page, &[]).await.location(), "/security");
    assert_eq!(two.get("/user/profile").await.status, 401);
    assert!(
        other
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
    assert_eq!(browser.get("/security").await.status, 200);
}

#[actix_web::test]
async fn the_oldest_of_more_than_fifty_programs_is_signed_out_and_no_browser() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let browser = person.browser().await;
    let mut programs = Vec::new();
    for _ in 0..51 {
        programs.push(person.sign_in().await);
    }
    assert!(is_dead(&programs[0]).await);
    programs[1].get("/user/profile").await.ok();
    assert_eq!(tokens(&programs[50]).await.len(), 50);
    assert_eq!(browser.get("/security").await.status, 200);
}

#[actix_web::test]
async fn the_oldest_of_more_than_fifty_browsers_is_signed_out_and_no_program() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let mut browsers = Vec::new();
    for _ in 0..51 {
        browsers.push(person.browser().await);
    }
    assert!(
        browsers[0]
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
    assert_eq!(browsers[1].get("/security").await.status, 200);
    program.get("/user/profile").await.ok();
    assert_eq!(sessions(&program).await.len(), 51);
}

#[actix_web::test]
async fn a_thief_of_the_password_cannot_push_out_who_has_the_second_factor() {
    let app = TestApp::spawn().await;
    let (person, owner) = app.user().with_factor(Method::Totp).signed_in().await;
    app.db_prove_factor(&owner.session_id, Method::Totp);
    let first = person.sign_in().await;
    let mut thieves = Vec::new();
    for _ in 0..50 {
        thieves.push(person.sign_in().await);
    }
    owner.get("/user/profile").await.ok();
    assert_eq!(
        tokens(&owner).await.len(),
        1,
        "what owes a factor is not listed"
    );
    assert!(is_dead(&first).await);
    thieves[0].get("/mfa/status").await.ok();
    owner
        .delete(&format!("/token/{}", thieves[0].session_id))
        .await
        .refused(404, "not_found");
    owner.post_nothing("/sessions/revoke-all").await.ok();
    for thief in &thieves {
        assert!(is_dead(thief).await);
    }
    owner.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn i11_a_browser_session_dies_of_idleness_and_of_age() {
    let app = TestApp::spawn().await;
    let (person, browser) = app.user().in_browser().await;
    app.advance(TimeDelta::seconds(3_590));
    assert_eq!(browser.get("/security").await.status, 200);
    let idle = person.browser().await;
    app.advance(TimeDelta::seconds(3_601));
    assert!(idle.get("/security").await.location().starts_with("/login"));

    let (holder, active) = app.user().in_browser().await;
    let end = app.app.clock.now() + TimeDelta::hours(24);
    while app.app.clock.now() < end - TimeDelta::hours(1) {
        app.advance(TimeDelta::minutes(50));
        assert_eq!(active.get("/security").await.status, 200);
        until_seen(&app, &holder.id).await;
    }
    app.advance(TimeDelta::minutes(59));
    assert!(
        active
            .get("/security")
            .await
            .location()
            .starts_with("/login")
    );
}

#[actix_web::test]
async fn h10_the_database_holds_hashes_and_no_token() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    person.browser().await;
    let (_, limited) = app.user().with_factor(Method::Totp).signed_in().await;
    let body = json!({"refresh_token": program.refresh});
    let next = app.stranger().post("/user/refresh", body).await;
    let link = app.db_password_link(&person.id);
    let issued = [
        program.access.clone().unwrap(),
        program.refresh_token().to_owned(),
        limited.access.clone().unwrap(),
        next.text("/accessToken"),
        next.text("/refreshToken"),
        link.rsplit('/').next().unwrap().to_owned(),
    ];
    let dump = app.db_dump();
    let holds = |needle: &[u8]| dump.windows(needle.len()).any(|bytes| bytes == needle);
    for text in &issued {
        let (prefix, random) = text.split_at(6);
        assert!(
            ["cs_at_", "cs_rt_", "cs_lt_", "cs_ln_"].contains(&prefix),
            "{prefix}"
        );
        let secret = BASE64URL_NOPAD.decode(random.as_bytes()).unwrap();
        assert_eq!(secret.len(), 32);
        let hash = token::hash(text);
        let as_hex = |bytes: &[u8]| HEXLOWER.encode(bytes).into_bytes();
        assert!(
            holds(&hash) || holds(&as_hex(&hash)),
            "the dump is not what it should be"
        );
        for needle in [
            random.as_bytes(),
            &secret,
            &as_hex(&secret),
            &as_hex(random.as_bytes()),
        ] {
            assert!(!holds(needle), "{prefix} is stored");
        }
    }
    for needle in ["cs_at_", "cs_rt_", "cs_lt_", "cs_ck_", "cs_ln_", PASSWORD] {
        assert!(!holds(needle.as_bytes()), "{needle}");
    }
}

#[actix_web::test]
async fn what_has_ended_is_kept_for_a_day_and_then_goes() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let program = person.sign_in().await;
    program.post_nothing("/user/logout").await.ok();
    app.db_password_link(&person.id);
    let purge = || {
        let now = app.app.clock.now();
        app.db(|conn| write(conn, |conn| purge(conn, &app.app, now)).unwrap());
    };
    let counts = || ["sessions", "session_tokens"].map(|table| app.db_count(table));
    let before = counts();
    assert!(before.iter().all(|rows| *rows > 0), "{before:?}");
    app.advance(TimeDelta::hours(23));
    purge();
    assert_eq!(counts(), before);
    app.advance(TimeDelta::hours(2));
    purge();
    assert_eq!(counts(), [0, 0]);
    app.advance(TimeDelta::days(30));
    purge();
    assert_eq!(app.db_count("one_time_links"), 0);
}
