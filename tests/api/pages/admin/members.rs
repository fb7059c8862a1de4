//! The list of members: filters, search, pages, the file; and one member.

use countersign::accounts::users::Role;
use countersign::mfa::Method;

use super::{EVERY, ask, member, owner};
use crate::support::{Browser, TestApp};

async fn addresses(browser: &Browser<'_>, query: &str) -> Vec<String> {
    let page = browser.get(&format!("/admin/members{query}")).await;
    assert_eq!(page.status, 200, "{query}");
    page.texts("tbody th .meta")
}

#[actix_web::test]
async fn or_5_or_6_members_are_filtered_searched_and_taken_home_as_a_file() {
    let app = TestApp::spawn().await;
    let (boss, browser, _) = owner(&app).await;
    member(&app, "anna@example.com", &[Method::Passkey, Method::Totp]).await;
    member(&app, "ben@example.com", &[]).await;
    app.user().in_organization("B").create().await;

    let page = browser.get("/admin/members").await;
    let filters = ["All 3", "On 2", "Off 1", "No backup codes 1"];
    assert_eq!(page.texts("nav.sections a"), filters);
    assert_eq!(page.text("nav [aria-current=page]"), "All 3");
    let anna = page.texts("tbody tr:first-child td");
    assert_eq!(
        anna,
        ["On", "Passkey, Authenticator app", "Never", "Manage"]
    );
    // What is said of the columns is said to everybody.
    assert_eq!(page.texts("thead th[scope=col]").len(), 5);
    assert_eq!(page.texts("tbody th[scope=row]").len(), 3);
    assert_eq!(
        page.attribute("tbody td", "data-label").as_deref(),
        Some("MFA")
    );

    let of = |query: &'static str| addresses(&browser, query);
    assert_eq!(of("?filter=off").await, ["ben@example.com"]);
    assert_eq!(of("?filter=no_codes").await, ["anna@example.com"]);
    assert_eq!(of("?search=AN").await, ["anna@example.com"]);
    let both = of("?filter=on").await;
    assert_eq!(both.len(), 2);
    assert!(both.contains(&boss.email));

    let page = browser.get("/admin/members?filter=off&search=zoe").await;
    assert_eq!(page.text(".empty"), "No members match. Clear filters");
    assert_eq!(
        page.attribute("#search", "value").as_deref(),
        Some("zoe"),
        "what was typed stays"
    );
    // The filters count everybody, so they lead to everybody; what is empty is as good as absent.
    assert_eq!(
        page.attribute("nav.sections li:nth-child(2) a", "href")
            .as_deref(),
        Some("/admin/members?filter=on")
    );
    assert_eq!(of("?before=&after=&search=&filter=").await.len(), 3);
    let page = browser.get("/admin/members?filter=off&search=be").await;
    let file = page.attribute(".card-foot a", "href").unwrap();
    let file = browser.get(&file).await;
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines: Vec<_> = file.html.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[1].starts_with("ben@example.com,"));
    assert_eq!(browser.get("/admin/members?filter=odd").await.status, 400);
}

#[actix_web::test]
async fn a_long_list_is_read_page_by_page_and_back_again() {
    let app = TestApp::spawn().await;
    let (boss, browser, _) = owner(&app).await;
    for n in 0..104 {
        member(&app, &format!("m{n:03}@example.com"), &[]).await;
    }
    let all = addresses(&browser, "?filter=off").await;
    assert_eq!(all.len(), 50);
    let mut page = browser.get("/admin/members?filter=off").await;
    let mut seen = all.clone();
    assert!(page.attribute("[rel=prev]", "href").is_none());
    for (rows, has_next) in [(50, true), (4, false)] {
        let next = page.attribute("[rel=next]", "href").unwrap();
        page = browser.get(&next).await;
        let found = page.texts("tbody th .meta");
        assert_eq!(found.len(), rows);
        assert_eq!(page.attribute("[rel=next]", "href").is_some(), has_next);
        seen.extend(found);
    }
    seen.dedup();
    assert_eq!(seen.len(), 104);
    assert!(!seen.contains(&boss.email));
    for _ in 0..2 {
        let previous = page.attribute("[rel=prev]", "href").unwrap();
        page = browser.get(&previous).await;
    }
    assert_eq!(page.texts("tbody th .meta"), all);
    assert!(page.attribute("[rel=prev]", "href").is_none());
    assert!(page.html.len() < 30_000, "{} bytes", page.html.len());
}

#[actix_web::test]
async fn the_state_of_a_member_is_said_as_it_is() {
    let app = TestApp::spawn().await;
    let (_, browser, _) = owner(&app).await;
    let person = member(&app, "mo@example.com", &[Method::Totp]).await;
    let state = async |browser: &Browser<'_>| {
        let page = browser.get("/admin/members?search=mo@").await;
        page.text("tbody td")
    };
    assert_eq!(state(&browser).await, "On");
    let day = app.app.clock.now() + chrono::TimeDelta::days(20);
    let read = day.format("%-d %b %Y").to_string();
    ask(
        &browser,
        &format!("asks=required&from={}&{EVERY}", day.date()),
    )
    .await;
    assert_eq!(state(&browser).await, "On");
    member(&app, "mob@example.com", &[]).await;
    let page = browser.get("/admin/members?search=mob@").await;
    assert_eq!(page.text("tbody td"), format!("Set up by {read}"));
    let now = app.app.clock.now();
    app.db(|conn| {
        countersign::db::users::update_mfa_reset(conn, &person.id, now).unwrap();
        countersign::db::factors::delete_by_user(conn, &person.id).unwrap();
    });
    let today = now.format("%-d %b %Y").to_string();
    assert_eq!(state(&browser).await, format!("Reset {today}"));
}

#[actix_web::test]
async fn a_member_s_page_names_methods_and_dates_and_no_address() {
    let app = TestApp::spawn().await;
    let (_, browser, _) = owner(&app).await;
    let user = app.user().email("mo@example.com").in_organization("A");
    let (person, program) = user.signed_in().await;
    let authenticator = program.set_up_totp().await;
    let page = browser.get("/admin/members?search=mo@").await;
    let manage = page.attribute("td.more a", "href").unwrap();
    assert_eq!(manage, format!("/admin/members/{}", person.id));
    let page = browser.get(&manage).await;
    assert_eq!(page.text("h1"), "Ada Lovelace");
    assert_eq!(page.text(".badge"), "On");
    assert_eq!(page.text("#methods h3"), "Authenticator app");
    assert!(page.text("#methods .meta").starts_with("Since "));
    let happened = page.texts("#activity tbody th");
    assert_eq!(happened.first().unwrap(), "Authenticator app turned on");
    assert!(!page.html.contains("127.0.0.1"));
    assert!(!page.html.contains(&authenticator.code(&app)));
    // Its own page is one's own security page for somebody else: nothing is reset there.
    let own = browser
        .get(&format!("/admin/members?search={}", "ada"))
        .await;
    assert_eq!(own.status, 200);
}

#[actix_web::test]
async fn or_8_an_unknown_and_a_foreign_member_are_the_same_missing_page() {
    let app = TestApp::spawn().await;
    let (_, browser, _) = owner(&app).await;
    let foreign = app.user().in_organization("B").role(Role::User);
    let foreign = foreign.create().await;
    let missing = browser.get("/admin/no-such-page").await;
    assert_eq!(missing.status, 404);
    for id in [
        foreign.id.as_str(),
        "no-such-id",
        "%00",
        "019a9d5e-0000-7000-8000-000000000099",
    ] {
        for path in [
            format!("/admin/members/{id}"),
            format!("/admin/members/{id}/reset"),
        ] {
            let page = browser.get(&path).await;
            assert_eq!(page.status, 404, "{path}");
            assert_eq!(page.html, missing.html, "{path}");
        }
    }
}
