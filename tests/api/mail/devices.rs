//! A sign-in from a new device, or after a long time, is told.

use chrono::TimeDelta;
use serde_json::json;

use super::{SIGN_IN as SUBJECT, answer, sign_in, subjects, told, with_mail};
use crate::support::{PASSWORD, Page, Person, TestApp};

/// Signs a program in that calls itself so.
async fn sign_in_as(person: &Person<'_>, agent: &str) {
    sign_in_from(person, agent, "203.0.113.7").await;
}

/// The same from an address, as a proxy that is trusted tells it.
async fn sign_in_from(person: &Person<'_>, agent: &str, address: &str) {
    let body = json!({"email": person.email, "password": PASSWORD});
    let stranger = person.app.stranger();
    let request = stranger.request(reqwest::Method::POST, "/user/login");
    let request = request.header("x-forwarded-for", address);
    let answer = request.header("user-agent", agent).json(&body);
    assert_eq!(answer.send().await.unwrap().status(), 200);
}

fn devices_of(app: &TestApp, person: &Person<'_>) -> i64 {
    use countersign::db::schema::known_devices;
    use diesel::prelude::*;
    app.db(|conn| {
        known_devices::table
            .filter(known_devices::user_id.eq(&person.id))
            .count()
            .get_result(conn)
            .unwrap()
    })
}

#[actix_web::test]
async fn the_first_sign_in_is_no_news_a_known_browser_is_none_and_another_one_is() {
    let (app, server) = with_mail().await;
    let person = app.user().create().await;
    let own = app.browser();
    sign_in(&own, &person).await;
    assert!(told(&app, &server).await.is_empty(), "the first");
    sign_in(&own, &person).await;
    assert!(told(&app, &server).await.is_empty(), "known");
    let other = app.browser();
    sign_in(&other, &person).await;
    let mails = told(&app, &server).await;
    assert_eq!(subjects(&mails), [SUBJECT]);
    assert_eq!(mails[0].header("To").unwrap(), person.email);
    let said = mails[0].text();
    for part in [
        "from a device that is new",
        "Where: 127.0.0.1, Chrome on Linux",
        " UTC",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    sign_in(&other, &person).await;
    assert!(told(&app, &server).await.is_empty(), "known by now");
    let events: Vec<_> = app.db_activity(&person.id);
    let news = events.iter().filter(|row| row.event == "authn_new_device");
    assert_eq!(news.count(), 1);
    let page = other.get("/security/activity").await;
    assert!(page.html.contains("New device: a mail was sent about it"));
}

#[actix_web::test]
async fn a_device_that_was_not_used_for_ninety_days_is_told_again() {
    let (app, server) = with_mail().await;
    let person = app.user().create().await;
    let browser = app.browser();
    sign_in(&browser, &person).await;
    app.advance(TimeDelta::days(90) - TimeDelta::minutes(1));
    sign_in(&browser, &person).await;
    assert!(told(&app, &server).await.is_empty());
    app.advance(TimeDelta::days(90) + TimeDelta::minutes(1));
    sign_in(&browser, &person).await;
    assert_eq!(subjects(&told(&app, &server).await), [SUBJECT]);
    assert_eq!(devices_of(&app, &person), 1);
}

#[actix_web::test]
async fn a_program_is_known_by_what_it_calls_itself_without_its_version() {
    let (app, server) = with_mail().await;
    let person = app.user().create().await;
    for agent in ["sync/1.0 (linux)", "sync/2.4.1", "Sync"] {
        sign_in_as(&person, agent).await;
        assert!(told(&app, &server).await.is_empty(), "{agent}");
    }
    sign_in_as(&person, "curl/8.5.0").await;
    let mails = told(&app, &server).await;
    assert_eq!(subjects(&mails), [SUBJECT]);
    assert!(
        mails[0].text().contains("Where: 127.0.0.1, curl\n"),
        "{}",
        mails[0].text()
    );
    // What a stranger calls himself is no place to write to somebody.
    sign_in_as(&person, "your-account-is-locked.example/1 call us").await;
    let mails = told(&app, &server).await;
    assert!(
        mails[0].text().contains("Where: 127.0.0.1\n"),
        "{}",
        mails[0].text()
    );
}

#[actix_web::test]
async fn what_calls_itself_a_browser_is_known_as_that_browser() {
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let (app, server) = with_mail().await;
    let person = app.user().create().await;
    for agent in [FIREFOX, &FIREFOX.replace("140", "141")] {
        sign_in_as(&person, agent).await;
        assert!(told(&app, &server).await.is_empty(), "{agent}");
    }
    for agent in [
        FIREFOX.replace("X11; Linux x86_64", "Windows NT 10.0"),
        "Mozilla/5.0".into(),
    ] {
        sign_in_as(&person, &agent).await;
        assert_eq!(subjects(&told(&app, &server).await), [SUBJECT], "{agent}");
    }
}

#[actix_web::test]
async fn the_same_program_in_another_network_is_news() {
    let (app, server) = TestApp::spawn_with_mail(|config| config.trusted_proxies = 1).await;
    let person = app.user().create().await;
    for (address, is_news) in [
        ("203.0.113.7", false),
        ("203.0.113.99", false),
        ("198.51.100.7", true),
        ("2001:db8:1:2::1", true),
        ("2001:db8:1:3::1", false),
    ] {
        sign_in_from(&person, "curl/8.5.0", address).await;
        assert_eq!(
            told(&app, &server).await.len(),
            usize::from(is_news),
            "{address}"
        );
    }
}

#[actix_web::test]
async fn what_needs_a_second_step_is_told_once_that_is_done_and_not_before() {
    let (app, server) = with_mail().await;
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    told(&app, &server).await;
    let browser = app.browser();
    let page = sign_in(&browser, &person).await;
    assert_eq!(page.location(), "/login/verify");
    assert!(told(&app, &server).await.is_empty(), "not complete");
    assert_eq!(browser.device_cookie(), None);
    answer(&browser, &authenticator.next_code(&app)).await;
    assert_eq!(subjects(&told(&app, &server).await), [SUBJECT]);
    assert!(browser.device_cookie().is_some());
}

#[actix_web::test]
async fn the_cookie_grants_nothing_and_one_that_somebody_planted_is_never_taken_over() {
    let (app, server) = with_mail().await;
    let (person, other) = (app.user().create().await, app.user().create().await);
    let mallory = app.browser();
    sign_in(&mallory, &other).await;
    sign_in(&app.browser(), &person).await;
    told(&app, &server).await;
    let planted = mallory.device_cookie().unwrap();
    let stranger = app.browser();
    stranger.plant(&planted);
    assert_eq!(stranger.get("/security").await.status, 303);
    assert_eq!(stranger.device_cookie().as_deref(), Some(planted.as_str()));

    let victim = app.browser();
    for cookie in [
        planted.as_str(),
        "countersign-device=cs_dv_",
        "countersign-device=..x",
    ] {
        victim.plant(cookie);
        sign_in(&victim, &person).await;
        assert_eq!(subjects(&told(&app, &server).await), [SUBJECT], "{cookie}");
        let kept = victim.device_cookie().unwrap();
        let (first, _) = kept.split_once('.').unwrap_or((kept.as_str(), ""));
        assert!(first.starts_with("countersign-device=cs_dv_") && first != planted);
    }
    sign_in(&mallory, &person).await;
    assert_eq!(
        subjects(&told(&app, &server).await),
        [SUBJECT],
        "his is still strange"
    );
}

#[actix_web::test]
async fn a_browser_that_two_people_share_is_known_to_both() {
    let (app, server) = with_mail().await;
    let (one, two) = (app.user().create().await, app.user().create().await);
    let browser = app.browser();
    for _ in 0..3 {
        sign_in(&browser, &one).await;
        sign_in(&browser, &two).await;
    }
    assert!(told(&app, &server).await.is_empty());
    // More than a handful of accounts are not remembered: the cookie stays small.
    for _ in 0..5 {
        sign_in(&browser, &app.user().create().await).await;
    }
    assert!(browser.device_cookie().unwrap().len() < 300);
    sign_in(&browser, &one).await;
    assert_eq!(subjects(&told(&app, &server).await), [SUBJECT]);
}

#[actix_web::test]
async fn fifty_devices_are_remembered_and_for_four_hundred_days() {
    let (app, _server) = with_mail().await;
    let person = app.user().create().await;
    let first = app.browser();
    sign_in(&first, &person).await;
    for n in 0..51 {
        app.advance(TimeDelta::seconds(1));
        sign_in_as(&person, &format!("agent{n}")).await;
    }
    assert_eq!(devices_of(&app, &person), 50);
    let purge = || {
        app.db(|conn| {
            let now = app.app.clock.now();
            countersign::accounts::purge(conn, &app.app, now).unwrap();
        })
    };
    app.advance(TimeDelta::days(399));
    purge();
    assert_eq!(devices_of(&app, &person), 50);
    app.advance(TimeDelta::days(2));
    purge();
    assert_eq!(devices_of(&app, &person), 0);
}

#[actix_web::test]
async fn i01_the_device_cookie_is_for_this_origin_unseen_by_scripts_and_set_only_by_a_sign_in() {
    for is_https in [false, true] {
        let app = TestApp::spawn_with(|config| {
            if is_https {
                config.public_url = "https://countersign.example".parse().unwrap();
                config.rp_id = Some("countersign.example".to_owned());
            }
        })
        .await;
        let person = app.user().create().await;
        let browser = app.browser();
        let form = browser.get("/login").await;
        let cookies = |page: &Page| -> Vec<String> {
            let all = page.headers.get_all("set-cookie").iter();
            all.map(|value| value.to_str().unwrap().to_owned())
                .collect()
        };
        let is_device = |cookie: &&String| cookie.contains("countersign-device=");
        assert_eq!(cookies(&form).iter().filter(is_device).count(), 0);
        // The client would not send a secure cookie over http.
        browser.plant(cookies(&form)[0].split(';').next().unwrap());
        let wrong = browser
            .submit(&form, &[("email", &person.email), ("password", "wrong")])
            .await;
        assert_eq!(cookies(&wrong).iter().filter(is_device).count(), 0);
        let done = browser
            .submit(&form, &[("email", &person.email), ("password", PASSWORD)])
            .await;
        assert_eq!(done.status, 303);
        let all = cookies(&done);
        assert_eq!(all.len(), 2, "{all:?}");
        let device = all.iter().find(is_device).unwrap();
        let mut parts: Vec<_> = device.split("; ").collect();
        let (name, value) = parts.remove(0).split_once('=').unwrap();
        parts.sort_unstable();
        let lasting = "Max-Age=34560000";
        if is_https {
            assert_eq!(name, "__Host-countersign-device");
            assert_eq!(
                parts,
                ["HttpOnly", lasting, "Path=/", "SameSite=Lax", "Secure"]
            );
        } else {
            assert_eq!(name, "countersign-device");
            assert_eq!(parts, ["HttpOnly", lasting, "Path=/", "SameSite=Lax"]);
        }
        assert_eq!(value.len(), 49);
        let dump = app.db_dump();
        let found = dump
            .windows(value.len())
            .any(|part| part == value.as_bytes());
        assert!(!found, "only its hash is stored");
    }
}
