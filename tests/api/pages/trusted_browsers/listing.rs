//! The trusted browsers on the security page, and no longer trusting one or all of them.

use chrono::TimeDelta;
use countersign::accounts::users::Role;

use super::{answer, enter, events, is_enough, member, server, trusted};
use crate::pages::second_factor::press;
use crate::support::{Browser, PASSWORD, Page, Person, TestApp};

/// Opens the security page in a browser that finishes the second step without being trusted.
async fn inside<'a>(
    person: &Person<'a>,
    authenticator: &crate::support::authenticator::Authenticator,
) -> Browser<'a> {
    let browser = person.app.browser();
    enter(&browser, person, PASSWORD).await;
    answer(&browser, authenticator, false).await;
    browser
}

fn stop(app: &TestApp, person: &Person<'_>) -> String {
    format!(
        "/security/trusted/{}/stop",
        app.db_trusted(&person.id)[0].id
    )
}

#[actix_web::test]
async fn dv_5_each_is_listed_with_its_last_day_and_can_be_stopped() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = trusted(&person, &authenticator).await;
    app.db_trust(&person.id);
    app.advance(TimeDelta::hours(1));
    assert!(is_enough(&browser, &person).await);
    let page = browser.get("/security").await;
    assert_eq!(page.text("nav a[href='#trusted']"), "Trusted browsers");
    assert_eq!(
        page.texts("#trusted h3"),
        ["Firefox on Windows", "Chrome on Linux"]
    );
    let last = app.db_trusted(&person.id)[0].expires_at.format("%-d %b %Y");
    assert_eq!(page.text("#trusted .meta"), format!("Trusted until {last}"));
    let button = page.text("#trusted button");
    assert_eq!(button, "Stop trusting Firefox on Windows");

    // An old proof is enough: it only takes away.
    app.advance(TimeDelta::minutes(20));
    let path = stop(&app, &person);
    let stopped = press(&browser, &page, &path).await;
    assert_eq!((stopped.status, stopped.location()), (303, "/security"));
    let page = browser.get("/security").await;
    assert_eq!(
        page.text(".flash"),
        "Firefox on Windows is not trusted any more. It is asked for the second step at the next sign-in."
    );
    assert_eq!(page.texts("#trusted h3"), ["Chrome on Linux"]);
    assert_eq!(events(&app, &person).last().unwrap(), "authn_trust_revoked");
    press(&browser, &page, &stop(&app, &person)).await;
    let page = browser.get("/security").await;
    assert_eq!(
        page.text("#trusted .empty"),
        "No trusted browsers. You are asked for a second step every time."
    );
    assert!(
        page.html
            .contains("Chrome on Linux is not trusted any more")
    );
    assert!(!is_enough(&browser, &person).await);
}

#[actix_web::test]
async fn the_list_is_only_where_there_can_be_something_in_it() {
    let app = server().await;
    let has_list = |page: &Page| !page.texts("#trusted").is_empty();
    for days in [0, 30] {
        let (person, authenticator) = member(&app, days).await;
        let page = inside(&person, &authenticator).await.get("/security").await;
        assert_eq!(has_list(&page), days > 0);
    }
    // Nothing is asked for in any browser of theirs.
    let (person, browser) = app.user().in_organization("Open").in_browser().await;
    app.db_trust_days(person.organization_id.as_deref().unwrap(), 30);
    assert!(!has_list(&browser.get("/security").await));
}

#[actix_web::test]
async fn nobody_stops_what_is_somebody_elses_and_twice_is_once() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    trusted(&person, &authenticator).await;
    let (other, of_other) = member(&app, 30).await;
    app.db_trust(&other.id);
    let foreign = stop(&app, &other);
    let browser = inside(&person, &authenticator).await;
    let page = browser.get("/security").await;
    let path = stop(&app, &person);
    let (_, fields) = page.form_at(&format!("form[action='{path}']"));
    let before = app.db_state();
    for unknown in [foreign.as_str(), "/security/trusted/x/stop"] {
        let answer = browser.post(unknown, &fields).await;
        assert_eq!(
            (answer.status, answer.location()),
            (303, "/security#trusted")
        );
    }
    for (site, fields) in [("cross-site", fields.as_slice()), ("same-origin", &[])] {
        let answer = browser.post_from(site, &path, fields).await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.text("h1"), "This page was open too long");
    }
    assert_eq!(app.db_state(), before);
    assert_eq!(browser.post(&path, &fields).await.location(), "/security");
    assert_eq!(
        browser.post(&path, &fields).await.location(),
        "/security#trusted"
    );
    drop(of_other);
}

#[actix_web::test]
async fn signing_out_all_other_devices_ends_it_and_says_so_before() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = inside(&person, &authenticator).await;
    let other = inside(&person, &authenticator).await;
    let consequence = |page: &Page| page.text(".consequence");
    let trust =
        "No browser is trusted after that: each is asked for the second step at its next sign-in.";
    let page = browser.get("/security/devices").await;
    assert!(!consequence(&page).contains("trusted"));
    let third = trusted(&person, &authenticator).await;
    let page = browser.get("/security/devices").await;
    assert!(
        consequence(&page).ends_with(trust),
        "{}",
        consequence(&page)
    );
    assert_eq!(
        press(&browser, &page, "/security/devices").await.status,
        303
    );
    assert_eq!(other.get("/security").await.status, 303);
    assert!(app.db_trusted(&person.id).is_empty());
    assert!(!is_enough(&third, &person).await);
    let page = browser.get("/security").await;
    assert!(page.html.contains("No browser is trusted any more"));
    // Over the other face it is the same rule.
    app.db_trust(&person.id);
    let program = person.sign_in_with(&authenticator).await;
    program.post_nothing("/sessions/revoke-all").await.ok();
    assert!(app.db_trusted(&person.id).is_empty());
}

#[actix_web::test]
async fn or_7_the_reset_of_a_member_says_in_how_many_browsers_it_ends() {
    let app = server().await;
    let user = app.user().in_organization("A").role(Role::Owner);
    let (boss, program) = user.signed_in().await;
    let authenticator = program.set_up_totp().await;
    app.db_trust_days(boss.organization_id.as_deref().unwrap(), 30);
    let (person, member) = app.user().in_organization("A").signed_in().await;
    member.set_up_totp().await;
    let browser = inside(&boss, &authenticator).await;
    let path = format!("/admin/members/{}/reset", person.id);
    for (n, said) in [
        (0, None),
        (1, Some("It also ends trust in 1 browser.")),
        (2, Some("It also ends trust in 2 browsers.")),
    ] {
        while app.db_trusted(&person.id).len() < n {
            app.db_trust(&person.id);
        }
        let page = browser.get(&path).await;
        let consequence = page.text(".consequence");
        match said {
            Some(said) => assert!(consequence.contains(said), "{consequence}"),
            None => assert!(!consequence.contains("trust"), "{consequence}"),
        }
    }
    let page = browser.get(&path).await;
    let fields = [("reason", "Lost"), ("confirm", person.email.as_str())];
    assert_eq!(browser.submit(&page, &fields).await.status, 303);
    assert!(app.db_trusted(&person.id).is_empty());
}
