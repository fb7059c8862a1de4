//! Looking at what a requirement would mean, making it, and taking it back.

use chrono::{NaiveDateTime, TimeDelta};
use countersign::accounts::users::Role;
use countersign::mfa::Method;
use countersign::organizations::reminders::tell_due;

use super::{EVERY, ask, confirm, decide, member, owner};
use crate::support::email_links::mailed;
use crate::support::{PASSWORD, Page, TestApp};

/// A day as the form has it, and as people read it.
fn day(at: NaiveDateTime) -> (String, String) {
    let read = at.format("%-d %b %Y").to_string();
    (at.date().to_string(), read)
}

fn state(page: &Page) -> String {
    page.text("#requirement .purpose")
}

#[actix_web::test]
async fn or_2_or_3_or_4_forty_two_people_are_rehearsed_announced_required_and_let_off_again() {
    let (app, server) = mailed().await;
    let (_, browser, _) = owner(&app).await;
    for n in 0..34 {
        let methods: &[Method] = match n % 4 {
            0 => &[Method::Totp],
            1 => &[Method::Passkey],
            2 => &[Method::Passkey, Method::MagicLink],
            _ => &[Method::Totp, Method::Passkey],
        };
        member(&app, &format!("ready{n:02}@example.com"), methods).await;
    }
    for n in 0..3 {
        member(&app, &format!("mail{n}@example.com"), &[Method::MagicLink]).await;
    }
    for n in 0..4 {
        member(&app, &format!("none{n}@example.com"), &[]).await;
    }
    let page = browser.get("/admin").await;
    assert_eq!(page.text("h1"), "A security");
    assert_eq!(
        state(&page),
        "Members choose for themselves. 38 of 42 use MFA."
    );
    assert_eq!(page.text("#adoption .purpose"), "38 of 42 (90%)");
    for method in ["#passkey", "#app", "#email"] {
        assert!(page.attribute(method, "checked").is_some(), "{method}");
    }
    assert_eq!(page.attribute("#days", "value").as_deref(), Some("0"));
    assert_eq!(
        page.text("#email-hint"),
        "A link sent to their email address. Leave it out if whoever reads a member's email must not get in with it."
    );

    // Rehearsed, without the email link.
    let (typed, read) = day(app.app.clock.now() + TimeDelta::days(14));
    assert_eq!(
        page.attribute("#from", "value").as_deref(),
        Some(&*typed),
        "two weeks are proposed"
    );
    let narrow = format!("asks=required&from={typed}&days=0&app=on&passkey=on");
    let before = app.db_state();
    let preview = browser.get(&format!("/admin/requirement?{narrow}")).await;
    assert_eq!(preview.text("h1"), format!("Require MFA from {read}?"));
    let leads = preview.texts("main > .lead");
    assert_eq!(
        leads,
        [
            format!(
                "On {read}, 7 of 42 members would need to set up MFA before they can continue."
            ),
            "3 members only have the email link, which would not count.".to_owned(),
        ]
    );
    let named = preview.texts(".rows .meta");
    assert_eq!(named.len(), 7);
    assert_eq!(named.first().unwrap(), "mail0@example.com");
    let file = browser
        .get(&format!("/admin/requirement.csv?{narrow}"))
        .await;
    assert_eq!(file.html.lines().count(), 8);
    assert_eq!(app.db_state(), before, "looking changes nothing");

    // Announced.
    let wide = format!("asks=required&from={typed}&{EVERY}");
    let preview = browser.get(&format!("/admin/requirement?{wide}")).await;
    assert_eq!(preview.texts(".rows .meta").len(), 4);
    let done = decide(&browser, &preview).await;
    assert_eq!(done.location(), "/admin");
    let page = browser.get("/admin").await;
    assert_eq!(
        page.text(".flash"),
        format!("MFA is required from {read}. Members are told by email.")
    );
    assert_eq!(
        state(&page),
        format!("Required from {read}. 38 of 42 ready, 4 still to set up.")
    );
    while app.db(|conn| tell_due(conn, &app.app).unwrap()) {}
    while app.deliver().await > 0 {}
    let told = server.subjects("none0@example.com");
    assert_eq!(told, [format!("MFA required from {read}")]);

    // In force with the day, or at once. Nobody is removed or signed out; they set up MFA before they go on.
    let none0 = app.browser();
    let form = none0.get("/login").await;
    let fields = [("email", "none0@example.com"), ("password", PASSWORD)];
    none0.submit(&form, &fields).await;
    assert_eq!(none0.get("/security").await.status, 200);
    let people = app.db_count("users");
    let (today, now) = day(app.app.clock.now());
    let at_once = format!("asks=required&from={today}&{EVERY}");
    let preview = browser.get(&format!("/admin/requirement?{at_once}")).await;
    assert_eq!(preview.text("h1"), "Require MFA from now on?");
    let foot = preview.text(".card-foot");
    assert!(
        foot.starts_with("Nobody is removed or signed out."),
        "{foot}"
    );
    decide(&browser, &preview).await;
    assert_eq!(app.db_count("users"), people);
    let gate = none0.get("/security").await;
    assert_eq!((gate.status, gate.location()), (303, "/setup"));
    let page = browser.get("/admin").await;
    assert_eq!(
        state(&page),
        format!("Required since {now}. 38 of 42 ready, 4 set up at next sign-in.")
    );
    // What counts can be changed without choosing the day anew.
    app.advance(TimeDelta::days(2));
    let (_, browser, _) = super::protected(&app, Role::Administrators).await;
    let narrow = format!("asks=required&from={today}&days=0&app=on&passkey=on");
    let preview = browser.get(&format!("/admin/requirement?{narrow}")).await;
    assert_eq!(preview.text("h1"), "Change the requirement?");
    decide(&browser, &preview).await;
    let page = browser.get("/admin").await;
    assert_eq!(
        state(&page),
        format!("Required since {now}. 36 of 43 ready, 7 set up at next sign-in.")
    );

    // Taken back.
    let stop = browser.get("/admin/requirement?asks=off").await;
    assert_eq!(stop.text("h1"), "Stop requiring MFA?");
    decide(&browser, &stop).await;
    let page = browser.get("/admin").await;
    assert!(state(&page).starts_with("Members choose for themselves."));
    assert_eq!(
        browser.get("/admin/requirement?asks=off").await.location(),
        "/admin"
    );
}

#[actix_web::test]
async fn or_1_somebody_without_a_second_factor_may_look_and_not_require() {
    let app = TestApp::spawn().await;
    let user = app.user().in_organization("A").role(Role::Owner);
    let (_, browser) = user.in_browser().await;
    let page = browser.get("/admin").await;
    assert!(
        page.text("#requirement .alert")
            .starts_with("Set up MFA on your own account first, with a method that counts.")
    );
    let (today, _) = day(app.app.clock.now());
    let path = format!("/admin/requirement?asks=required&from={today}&{EVERY}");
    let preview = browser.get(&path).await;
    assert!(preview.text("main > .lead").contains("1 of 1 members"));
    assert!(preview.texts("main form").is_empty());
    let before = app.db_state();
    let (_, token) = page.form_at("form[action='/logout']");
    let mut fields: Vec<_> = [("asks", "required"), ("from", &today), ("days", "0")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    fields.push(("app".to_owned(), "on".to_owned()));
    fields.extend(token);
    let refused = browser.post("/admin/requirement", &fields).await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.problems(),
        ["Set up MFA on your own account first, with a method that counts."]
    );
    assert_eq!(app.db_state(), before);
}

#[actix_web::test]
async fn what_cannot_be_asked_stays_in_the_form() {
    let app = TestApp::spawn().await;
    let (_, browser, _) = owner(&app).await;
    let (over, _) = day(app.app.clock.now() - TimeDelta::days(1));
    let (far, _) = day(app.app.clock.now() + TimeDelta::days(800));
    let before = app.db_state();
    for (query, problems) in [
        (
            "asks=required&from=soon&days=400".to_owned(),
            vec![
                "Enter the day, for example 2027-01-31",
                "Enter a number of days from 0 to 365",
                "Choose at least one method",
            ],
        ),
        (
            format!("asks=required&from={over}&days=3&app=on"),
            vec!["That day is over. Enter the current day or a later one."],
        ),
        (
            format!("asks=required&from={far}&days=3&app=on"),
            vec!["Enter a day within the next two years"],
        ),
    ] {
        let page = browser.get(&format!("/admin/requirement?{query}")).await;
        assert_eq!(page.status, 400, "{query}");
        assert_eq!(page.problems(), problems);
        let typed = query.split("from=").nth(1).unwrap();
        let typed = typed.split('&').next().unwrap();
        assert_eq!(page.attribute("#from", "value").as_deref(), Some(typed));
        assert!(page.attribute("#asks-required", "checked").is_some());
    }
    assert_eq!(browser.get("/admin/requirement").await.location(), "/admin");
    assert_eq!(app.db_state(), before);
}

#[actix_web::test]
async fn su_2_an_old_proof_leads_through_the_confirmation_back_to_the_same_question() {
    let app = TestApp::spawn().await;
    let (_, browser, authenticator) = owner(&app).await;
    app.advance(TimeDelta::minutes(11));
    let (typed, read) = day(app.app.clock.now() + TimeDelta::days(30));
    let path = format!("/admin/requirement?asks=required&from={typed}&days=5&passkey=on&app=on");
    let preview = browser.get(&path).await;
    let asked = decide(&browser, &preview).await;
    let (lead, proved) = confirm(&browser, &asked, &authenticator).await;
    assert_eq!(
        lead,
        "You're about to change what your organization asks of its members."
    );
    let preview = browser.get(proved.location()).await;
    assert_eq!(preview.text("h1"), format!("Require MFA from {read}?"));
    assert_eq!(
        preview.texts(".facts dd"),
        ["Passkey, Authenticator app", "5 extra days"]
    );
    decide(&browser, &preview).await;
    let page = browser.get("/admin").await;
    assert!(state(&page).starts_with(&format!("Required from {read}.")));
}

#[actix_web::test]
async fn a_recommendation_is_a_line_on_the_security_page_and_stops_nobody() {
    let app = TestApp::spawn().await;
    let (_, browser, _) = owner(&app).await;
    let person = member(&app, "mo@example.com", &[]).await;
    let member = person.browser().await;
    ask(&browser, "asks=recommended").await;
    let page = browser.get("/admin").await;
    assert_eq!(
        state(&page),
        "MFA is recommended, and members choose for themselves. 1 of 2 use it."
    );
    let security = member.get("/security").await;
    assert_eq!(
        security.text(".notice p"),
        "A recommends MFA. Set it up now; it takes about two minutes."
    );
    assert_eq!(
        security.attribute("main", "data-is-required").as_deref(),
        Some("false")
    );
    // Whoever has it reads nothing of it.
    assert!(browser.get("/security").await.texts(".notice").is_empty());
    ask(&browser, "asks=off").await;
    assert!(member.get("/security").await.texts(".notice").is_empty());
}

#[actix_web::test]
async fn what_is_in_force_is_changed_in_words_that_say_what_it_means() {
    let (app, server) = mailed().await;
    let (boss, browser, _) = owner(&app).await;
    let person = member(&app, "mo@example.com", &[]).await;
    let (today, read) = day(app.app.clock.now());
    ask(&browser, &format!("asks=required&from={today}&{EVERY}")).await;
    // Saved as it is, nothing happens.
    let before = app.db_state();
    ask(&browser, &format!("asks=required&from={today}&{EVERY}")).await;
    let page = browser.get("/admin").await;
    assert_eq!(
        page.text(".flash"),
        "Nothing changed: this is what was asked already."
    );
    assert_eq!(app.db_state(), before);
    // Put off, it is lifted until then.
    let (typed, then) = day(app.app.clock.now() + TimeDelta::days(20));
    let path = format!("/admin/requirement?asks=required&from={typed}&{EVERY}");
    let preview = browser.get(&path).await;
    assert!(preview.texts("main > .lead").contains(&format!(
        "MFA is required now. Until {then} it would not be, and members without it could go on."
    )));
    // More days for new members are theirs, and nobody is mailed about them.
    while app.db(|conn| tell_due(conn, &app.app).unwrap()) {}
    while app.deliver().await > 0 {}
    let told = server.subjects(&person.email);
    let days = format!("asks=required&from={today}&days=30&app=on&email=on&passkey=on");
    let preview = browser.get(&format!("/admin/requirement?{days}")).await;
    assert_eq!(
        preview.texts("main > .lead"),
        [
            "From now on, 0 of 2 members would need to set up MFA before they can continue.",
            "1 more joined lately, and would have the rest of the extra days first."
        ]
    );
    decide(&browser, &preview).await;
    let page = browser.get("/admin").await;
    assert_eq!(page.text(".flash"), "Requirement saved.");
    assert_eq!(
        state(&page),
        format!(
            "Required since {read}. 1 of 2 ready, 0 set up at next sign-in. 1 joined lately and has extra days."
        )
    );
    while app.db(|conn| tell_due(conn, &app.app).unwrap()) {}
    while app.deliver().await > 0 {}
    assert_eq!(server.subjects(&person.email), told);
    // The record says what was asked each time.
    let page = browser.get("/security/activity").await;
    let happened = page.texts("tbody th");
    let asked = |days: u32| {
        format!(
            "Multi-factor authentication required of the organization from {read} \
             (Passkey, Authenticator app, Email link; {days} extra days)"
        )
    };
    assert_eq!(happened[..2], [asked(30), asked(0)]);
    drop(boss);
}

#[actix_web::test]
async fn or_1_somebody_whose_method_would_not_count_reads_so_before_the_button() {
    let app = TestApp::spawn().await;
    let (_, browser, _) = owner(&app).await;
    let (today, _) = day(app.app.clock.now());
    let path = format!("/admin/requirement?asks=required&from={today}&days=0&passkey=on");
    let preview = browser.get(&path).await;
    assert!(preview.texts("main form").is_empty());
    assert!(
        preview
            .text("main > .card > .alert")
            .contains("with a method that counts")
    );
    assert_eq!(
        browser.get("/admin/requirement.csv?asks=off").await.status,
        400
    );
}

#[actix_web::test]
async fn st_13_members_read_who_requires_mfa_from_when_and_what_counts() {
    let app = TestApp::spawn().await;
    let (_, browser, _) = owner(&app).await;
    let said = async || {
        let page = browser.get("/security").await;
        let meta = page.texts("#organizations .meta span");
        (page.texts("#organizations h3"), meta.join(". "))
    };
    assert_eq!(said().await, (Vec::new(), String::new()));
    let now = app.app.clock.now();
    let ((at_once, today), (later, soon)) = (day(now), day(now + TimeDelta::days(30)));
    ask(&browser, &format!("asks=required&from={later}&{EVERY}")).await;
    let counting = "Methods that count: Passkey, Authenticator app, Email link";
    let announced = format!("Required from {soon}. {counting}");
    assert_eq!(said().await, (vec!["A".to_owned()], announced));
    let narrow = format!("asks=required&from={at_once}&days=0&app=on&passkey=on");
    ask(&browser, &narrow).await;
    let in_force =
        format!("Required since {today}. Methods that count: Passkey, Authenticator app");
    assert_eq!(said().await, (vec!["A".to_owned()], in_force));
    ask(&browser, "asks=off").await;
    assert_eq!(said().await, (Vec::new(), String::new()));
}
