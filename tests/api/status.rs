//! The one status, as JSON, as a page and on the command line: the same in every state.

use chrono::TimeDelta;
use countersign::accounts::users::Role;
use countersign::mfa::{Method, status};
use countersign::web::mfa_status_json;
use serde_json::{Value, json};

use crate::support::soft_passkey::SoftPasskey;
use crate::support::{Browser, Person, Program, TestApp};

/// The status as the page says it in its `data-` attributes, put back into the API's shape.
async fn on_page(browser: &Browser<'_>) -> Value {
    let page = browser.get("/security").await;
    assert_eq!(page.status, 200, "{}", page.location());
    let read = |name: &str| page.attribute("[data-is-enabled]", name);
    let flag = |name: &str| Value::Bool(read(name).unwrap() == "true");
    let mut status = json!({
        "isEnabled": flag("data-is-enabled"),
        "isRequired": flag("data-is-required"),
        "isEnforced": flag("data-is-enforced"),
        "sessionVerified": flag("data-session-verified"),
        "enabledMethods": read("data-enabled-methods")
            .unwrap()
            .split_whitespace()
            .collect::<Vec<_>>(),
    });
    if let Some(primary) = read("data-primary-method") {
        status["primaryMethod"] = primary.into();
    }
    if let Some(from) = read("data-enforced-from") {
        status["enforcedFrom"] = from.into();
    }
    if let Some(left) = read("data-backup-codes-left") {
        status["backupCodesLeft"] = left.parse::<u32>().unwrap().into();
    }
    status
}

/// The status as the command line prints it.
fn on_command_line(person: &Person<'_>) -> Value {
    let app = &person.app.app;
    person.app.db(|conn| {
        let status = status::load(conn, &person.id, &app.server, app.clock.now()).unwrap();
        serde_json::from_str(&mfa_status_json(&status)).unwrap()
    })
}

async fn in_json(program: &Program<'_>) -> Value {
    program.get("/mfa/status").await.ok()["data"].clone()
}

/// Takes out one member.
fn without(status: &Value, member: &str) -> Value {
    let mut status = status.clone();
    status.as_object_mut().unwrap().remove(member);
    status
}

/// Somebody whose status is looked at from three sides.
struct Watched<'a> {
    name: &'static str,
    person: Person<'a>,
}

impl Watched<'_> {
    /// Signs in on both faces; where a factor is owed, it is taken as proved.
    async fn agrees(&self) -> Value {
        let program = self.person.sign_in().await;
        let browser = self.person.browser().await;
        for id in self.person.app.db_session_ids(&self.person.id) {
            self.person.app.db_prove_factor(&id, Method::Totp);
        }
        let json = in_json(&program).await;
        assert_eq!(
            on_command_line(&self.person),
            without(&json, "sessionVerified"),
            "{}",
            self.name
        );
        // At the gate there is no security page, only the gate.
        if json["sessionVerified"] == true {
            // The page says the forecast in words, and knows more for it: `forecast.rs`.
            let json = without(&json, "lockoutForecast");
            assert_eq!(on_page(&browser).await, json, "{}", self.name);
        } else {
            assert_eq!(
                browser.get("/security").await.location(),
                "/setup",
                "{}",
                self.name
            );
        }
        json
    }
}

const EVERY: &[Method] = &Method::ALL;

/// The project's signature: whatever the state, the three answers agree.
#[actix_web::test]
async fn st_11_json_page_and_command_line_agree_in_every_state() {
    let app = TestApp::spawn().await;
    let subsets: Vec<Vec<Method>> = (0..8_usize)
        .map(|bits| {
            let chosen = Method::ALL.into_iter().enumerate();
            chosen
                .filter(|(n, _)| bits >> n & 1 == 1)
                .map(|(_, method)| method)
                .collect()
        })
        .collect();
    for (n, methods) in subsets.iter().enumerate() {
        for requirement in [
            "off",
            "recommended",
            "announced",
            "in force",
            "narrowed",
            "own flag",
        ] {
            let organization = format!("{requirement} {n}");
            let mut builder = app.user().in_organization(&organization).role(Role::Owner);
            for method in methods {
                builder = builder.with_factor(*method);
            }
            let person = builder.create().await;
            let id = person.organization_id.clone().unwrap();
            let now = app.app.clock.now();
            let (tomorrow, yesterday) = (now + TimeDelta::days(1), now - TimeDelta::days(1));
            match requirement {
                "recommended" => app.db_execute(&format!(
                    "UPDATE organizations SET mfa_requirement = 'recommended' WHERE id = '{id}'"
                )),
                "announced" => app.db_require_mfa(&id, Some(tomorrow), EVERY),
                "in force" => app.db_require_mfa(&id, Some(yesterday), EVERY),
                "narrowed" => app.db_require_mfa(&id, Some(yesterday), &[Method::Passkey]),
                "own flag" => app.db_change_user(&person.id, |user| user.mfa_required = true),
                _ => {}
            }
            if requirement == "in force" {
                app.db_change_user(&person.id, |user| user.joined_at = Some(yesterday));
            }
            let watched = Watched {
                name: requirement,
                person,
            };
            let status = watched.agrees().await;

            let usable: Vec<&str> = methods
                .iter()
                .filter(|method| requirement != "narrowed" || **method == Method::Passkey)
                .map(|method| method.wire())
                .collect();
            assert_eq!(status["enabledMethods"], json!(usable), "{requirement}");
            assert_eq!(status["isEnabled"], !usable.is_empty(), "{requirement}");
            let is_required = !["off", "recommended"].contains(&requirement);
            assert_eq!(status["isRequired"], is_required, "{requirement}");
        }
    }
}

#[actix_web::test]
async fn st_11_json_page_and_command_line_agree_at_each_step_of_a_passkeys_life() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let watched = Watched {
        name: "passkeys",
        person,
    };
    let says = async |methods: &[&str], primary: Option<&str>| {
        let status = watched.agrees().await;
        assert_eq!(status["enabledMethods"], json!(methods));
        assert_eq!(status["primaryMethod"].as_str(), primary);
    };
    says(&[], None).await;
    program.enrol(&mut SoftPasskey::new(&app)).await;
    says(&["PASSKEY"], Some("PASSKEY")).await;
    let options = program.security_key_options().await;
    let made = SoftPasskey::security_key(&app).create(&options);
    program.register(made.json()).await.ok();
    says(&["PASSKEY"], Some("PASSKEY")).await;
    program.set_up_totp().await;
    says(&["GOOGLE_AUTH", "PASSKEY"], Some("PASSKEY")).await;
    let passkey = json!({"mfaType": "PASSKEY"});
    program.post("/mfa/disable", passkey.clone()).await.ok();
    says(&["GOOGLE_AUTH"], Some("GOOGLE_AUTH")).await;
    program.post("/mfa/enable", passkey.clone()).await.ok();
    program.post("/mfa/primary", passkey).await.ok();
    says(&["GOOGLE_AUTH", "PASSKEY"], Some("PASSKEY")).await;
    for path in program.passkey_paths().await {
        program.delete(&path).await.ok();
    }
    says(&["GOOGLE_AUTH"], Some("GOOGLE_AUTH")).await;
    program.post("/mfa/reset", json!({})).await.ok();
    says(&[], None).await;
}

#[actix_web::test]
async fn st_11_json_page_and_command_line_agree_about_methods_that_cannot_be_used() {
    let app = TestApp::spawn().await;
    for (name, enabled, suspended) in [("switched off", false, false), ("suspended", true, true)] {
        let person = app
            .user()
            .with_factor(Method::Totp)
            .with_factor(Method::Passkey)
            .create()
            .await;
        app.db_change_factor(&person.id, Method::Passkey, enabled, suspended);
        app.db_change_user(&person.id, |user| {
            user.primary_method = Some("passkey".into())
        });
        let status = Watched { name, person }.agrees().await;
        assert_eq!(status["enabledMethods"], json!(["GOOGLE_AUTH"]), "{name}");
        assert_eq!(status["primaryMethod"], "GOOGLE_AUTH", "{name}");
    }
}

#[actix_web::test]
async fn st_11_json_page_and_command_line_agree_about_backup_codes() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let browser = person.browser().await;
    let authenticator = program.set_up_totp().await;
    // Turning MFA on ended that browser's session.
    drop(browser);
    for (used, left) in authenticator.backup_codes.iter().zip((0..10).rev()) {
        person.sign_in().await.answer(used).await.ok();
        let name = "codes";
        let owner = Person {
            app: &app,
            id: person.id.clone(),
            email: person.email.clone(),
            organization_id: None,
        };
        let status = Watched {
            name,
            person: owner,
        }
        .agrees()
        .await;
        assert_eq!(status["backupCodesLeft"], left);
    }
}

#[actix_web::test]
async fn a_fresh_account_has_exactly_the_documented_status() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    insta::assert_json_snapshot!(program.get("/mfa/status").await.body, @r#"
    {
      "data": {
        "enabledMethods": [],
        "isEnabled": false,
        "isEnforced": false,
        "isRequired": false,
        "sessionVerified": true
      },
      "success": true
    }
    "#);
}

#[actix_web::test]
async fn an_unchanged_status_is_304_without_a_body_and_a_changed_one_is_sent() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let first = program.get("/mfa/status").await;
    let etag = first.header("etag").unwrap().to_owned();
    assert!(etag.starts_with('"'), "strong: {etag}");
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));
    assert_eq!(first.header("vary"), Some("Authorization"));

    let ask_again = || async {
        let request = program
            .request(reqwest::Method::GET, "/mfa/status")
            .header("if-none-match", &etag);
        request.send().await.unwrap()
    };
    let unchanged = ask_again().await;
    assert_eq!(unchanged.status(), 304);
    assert_eq!(unchanged.headers()["etag"], etag.as_str());
    assert_eq!(unchanged.text().await.unwrap(), "");

    app.db_change_user(&person.id, |user| user.mfa_required = true);
    let changed = ask_again().await;
    assert_eq!(changed.status(), 200);
    assert_ne!(changed.headers()["etag"], etag.as_str());
}

#[actix_web::test]
async fn the_methods_are_listed_in_wire_order_and_say_what_can_be_set_up() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let list = program.get("/mfa/methods").await.ok()["data"].clone();
    let words: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["type"].clone())
        .collect();
    assert_eq!(words, ["GOOGLE_AUTH", "MAGIC_LINK", "PASSKEY"]);
    for item in list.as_array().unwrap() {
        assert_eq!(item["isAvailable"], true);
        assert_eq!(item["isConfigured"], false);
        assert_eq!(item["isEnabled"], false);
        assert!(item["name"].is_string() && item["description"].is_string());
    }
    app.db_add_factor(&person.id, Method::Passkey);
    app.db_prove_factor(&program.session_id, Method::Passkey);
    let list = program.get("/mfa/methods").await.ok()["data"].clone();
    assert_eq!(list[2]["isConfigured"], true);
    assert_eq!(list[2]["isEnabled"], true);
}

#[actix_web::test]
async fn the_gate_appears_and_vanishes_on_the_next_request() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Gate").signed_in().await;
    let browser = person.browser().await;
    let id = person.organization_id.as_deref().unwrap();
    assert_eq!(browser.get("/security").await.status, 200);

    let joined = app.app.clock.now() - TimeDelta::days(1);
    app.db_change_user(&person.id, |user| user.joined_at = Some(joined));
    app.db_require_mfa(id, Some(joined), EVERY);
    let status = program.get("/mfa/status").await.ok()["data"].clone();
    assert_eq!(status["isEnforced"], true);
    assert_eq!(status["sessionVerified"], false);
    program
        .get("/user/profile")
        .await
        .refused(403, "mfa_enrolment_required");
    assert_eq!(browser.get("/security").await.location(), "/setup");
    let gate = browser.get("/setup").await;
    assert_eq!(gate.status, 200);
    assert!(gate.html.contains("Gate"), "{}", gate.html);
    assert_eq!(browser.get("/help").await.status, 200);

    app.db_lift_requirement(id);
    assert_eq!(
        program.get("/mfa/status").await.ok()["data"]["sessionVerified"],
        true
    );
    program.get("/user/profile").await.ok();
    assert_eq!(browser.get("/security").await.status, 200);
    assert_eq!(browser.get("/setup").await.location(), "/security");
}

#[actix_web::test]
async fn the_database_itself_refuses_a_requirement_that_no_rule_knows() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Strange").signed_in().await;
    let id = person.organization_id.clone().unwrap();
    app.db(|conn| {
        use countersign::db::schema::organizations;
        use diesel::prelude::*;
        let forbidden = diesel::update(organizations::table.find(&id))
            .set(organizations::mfa_requirement.eq("sometimes"))
            .execute(conn);
        assert!(forbidden.is_err());
    });
    assert_eq!(program.get("/mfa/status").await.status, 200);
}

#[actix_web::test]
async fn the_status_of_a_database_that_is_gone_is_the_documented_500() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    app.db_hide_sessions();
    let answer = program.get("/mfa/status").await;
    answer.refused(500, "internal");
    assert_eq!(answer.text("/error"), "Failed to get MFA status");
    let answer = program.get("/mfa/methods").await;
    answer.refused(500, "internal");
    assert_eq!(answer.text("/error"), "Failed to get MFA methods");
    let answer = program.get("/sessions").await;
    assert!(answer.status >= 500, "{}", answer.body);
    assert!(!answer.body.to_string().contains("sessions_hidden"));
    app.db_show_sessions();
    program.get("/mfa/status").await.ok();
}
