//! The list of one's passkeys, and what they are called.

use chrono::TimeDelta;
use reqwest::Method as Verb;
use serde_json::{Value, json};

use super::holder;
use crate::support::soft_passkey::{SoftPasskey, from_base64};
use crate::support::{Answer, Program, TestApp};

/// A number that Apple's passkeys carry.
const APPLE: [u8; 16] = [
    0xfb, 0xfc, 0x30, 0x07, 0x15, 0x4e, 0x4e, 0xcc, 0x8c, 0x0b, 0x6e, 0x02, 0x05, 0x57, 0xd7, 0xbd,
];

async fn names(program: &Program<'_>) -> Vec<String> {
    let own = program.own_passkeys().await;
    own.iter()
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Adds a passkey under a name.
async fn add_named(program: &Program<'_>, name: Value) -> Answer {
    let options = program.creation_options().await;
    let made = SoftPasskey::new(program.app).create(&options);
    let body = json!({"credential": made.json(), "name": name});
    let path = "/mfa/passkey/complete-registration";
    program.post(path, body).await
}

#[actix_web::test]
async fn the_list_says_of_each_passkey_what_is_known() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut synced = SoftPasskey::new(&app).but(|key| key.aaguid = APPLE);
    program.enrol(&mut synced).await;
    app.advance(TimeDelta::seconds(5));
    let options = program.security_key_options().await;
    let mut plugged = SoftPasskey::security_key(&app).but(|key| {
        key.transports.push("carrier-pigeon");
    });
    program.register(plugged.create(&options).json()).await.ok();
    let own = program.own_passkeys().await;
    assert_eq!(own.len(), 2, "oldest first");
    assert_eq!(own[0]["name"], "Apple Passwords");
    assert_eq!(own[0]["provider"], "Apple Passwords");
    assert_eq!(own[0]["transports"], json!(["internal", "hybrid"]));
    assert_eq!(own[0]["backupEligible"], true);
    assert_eq!(own[0]["backupState"], true);
    assert_eq!(own[0]["discoverable"], true);
    assert_eq!(own[1]["name"], "Security key");
    assert!(own[1].get("provider").is_none());
    assert_eq!(own[1]["transports"], json!(["usb", "nfc"]));
    assert_eq!(own[1]["backupEligible"], false);
    assert_eq!(own[1]["discoverable"], false);
    for one in &own {
        assert!(one.get("lastUsedAt").is_none(), "it was not used yet");
        assert!(one["createdAt"].as_str().unwrap().ends_with('Z'));
    }
    let request = program
        .request(Verb::POST, "/mfa/verify-login")
        .header("user-agent", "Teapot/1.0");
    plugged.sign_count += 1;
    let used = plugged.get(&program.request_options().await).json();
    let body = json!({"mfaType": "PASSKEY", "credential": used});
    let answer = request.json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let own = program.own_passkeys().await;
    assert!(own[0].get("lastUsedAt").is_none());
    assert!(own[1]["lastUsedAt"].is_string());
    assert_eq!(own[1]["lastUsedBy"], "Teapot/1.0");
}

#[actix_web::test]
async fn the_list_holds_nothing_that_a_passkey_is_made_of() {
    let app = TestApp::spawn().await;
    let (_, program, key) = holder(&app).await;
    let shown = &program.own_passkeys().await[0];
    let allowed = [
        "id",
        "name",
        "createdAt",
        "backupEligible",
        "backupState",
        "discoverable",
        "transports",
    ];
    for member in shown.as_object().unwrap().keys() {
        assert!(allowed.contains(&member.as_str()), "{member}");
    }
    let id = shown["id"].as_str().unwrap();
    assert_ne!(from_base64(&id.replace('-', "_")), key.credential_id);
}

#[actix_web::test]
async fn a_security_key_is_found_without_an_address_when_the_browser_says_so() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    for (results, has_client_shape, expected) in [
        (json!({"credProps": {"rk": true}}), false, true),
        (json!({"credProps": {"rk": true}}), true, true),
        (json!({"credProps": {"rk": false}}), true, false),
        (json!({"credProps": {"rk": "yes"}}), false, false),
        (json!({}), false, false),
    ] {
        let options = program.security_key_options().await;
        let mut key = SoftPasskey::new(&app).but(|key| key.client_extensions = results.clone());
        let made = key.create(&options);
        let credential = match has_client_shape {
            true => made.client_shape(),
            false => made.json(),
        };
        program.register(credential).await.ok();
        let shown = program.own_passkeys().await.pop().unwrap();
        assert_eq!(shown["discoverable"], expected, "{results}");
    }
}

#[actix_web::test]
async fn pk_4_a_new_passkey_without_a_name_gets_one_that_no_other_has() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    for _ in 0..2 {
        program.enrol(&mut SoftPasskey::new(&app)).await;
        program.enrol(&mut SoftPasskey::security_key(&app)).await;
    }
    let expected = ["Passkey", "Security key", "Passkey 2", "Security key 2"];
    assert_eq!(names(&program).await, expected);
}

#[actix_web::test]
async fn a_new_passkey_gets_the_name_that_comes_with_it() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    add_named(&program, json!("  Work\tlaptop ")).await.ok();
    assert_eq!(names(&program).await, ["Work laptop"]);
    for name in [
        json!(""),
        json!("\u{0}"),
        json!("work LAPTOP"),
        json!("x".repeat(61)),
        json!(7),
    ] {
        let answer = add_named(&program, name.clone()).await;
        assert_eq!(answer.status, 400, "{name}");
        answer.refused(400, "invalid_request");
    }
    assert_eq!(names(&program).await, ["Work laptop"]);
    add_named(&program, Value::Null).await.ok();
    assert_eq!(names(&program).await.len(), 2);
}

#[actix_web::test]
async fn a_name_that_cannot_be_uses_no_challenge_up() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    let options = program.creation_options().await;
    let made = SoftPasskey::new(&app).create(&options).json();
    let complete = async |name: &str| {
        let body = json!({"credential": made, "name": name});
        let path = "/mfa/passkey/complete-registration";
        program.post(path, body).await
    };
    for name in [" ", "\u{200b}", "PASSKEY"] {
        complete(name).await.refused(400, "invalid_request");
    }
    complete("Mine").await.ok();
    assert_eq!(names(&program).await, ["Passkey", "Mine"]);
}

#[actix_web::test]
async fn a_passkey_is_renamed() {
    let app = TestApp::spawn().await;
    let (person, program, key) = holder(&app).await;
    let other = person.sign_in_by(&key).await;
    let path = program.newest_passkey().await;
    for (typed, name) in [
        ("Phone", "Phone"),
        ("phone", "phone"),
        ("  My\u{0}key\n", "My key"),
        // What cannot be seen, and what turns the direction of the text around it.
        ("\u{202e}Own\u{200b}key\u{feff}", "Own key"),
        ("<b>&amp;\"'", "<b>&amp;\"'"),
        ("Ключ 🔑", "Ключ 🔑"),
    ] {
        let answer = program.put(&path, json!({"name": typed})).await;
        assert_eq!(answer.ok()["data"]["name"], name);
        assert_eq!(names(&program).await, [name]);
    }
    let longest = "ä".repeat(60);
    program.put(&path, json!({"name": longest})).await.ok();
    assert_eq!(names(&program).await, std::slice::from_ref(&longest));
    let renamed = || {
        let rows = app.db_activity(&person.id).into_iter();
        rows.filter(|row| row.event == "passkey_renamed").count()
    };
    let before = renamed();
    program.put(&path, json!({"name": longest})).await.ok();
    assert_eq!(renamed(), before, "the same name is no news");
    program.put(&path, json!({"name": "Phone"})).await.ok();
    assert_eq!(renamed(), before + 1);
    other.get("/user/profile").await.ok();
}

#[actix_web::test]
async fn a_name_that_cannot_be_changes_nothing() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    add_named(&program, json!("Work laptop")).await.ok();
    let path = program.passkey_paths().await.remove(0);
    let before = program.own_passkeys().await;
    for name in [
        json!(""),
        json!(" \u{a0} "),
        json!("\u{200b}\u{ad}\u{2060}"),
        json!("\u{0}"),
        json!("x".repeat(61)),
        json!("Work laptop"),
        json!("WORK  laptop\u{0}"),
        json!(7),
        json!(null),
        json!(["x"]),
    ] {
        let answer = program.put(&path, json!({"name": name})).await;
        assert_eq!(answer.status, 400, "{name}");
        answer.refused(400, "invalid_request");
    }
    let answer = program.put(&path, json!({})).await;
    answer.refused(400, "invalid_request");
    assert_eq!(program.own_passkeys().await, before);
}

#[actix_web::test]
async fn the_id_of_somebody_else_s_passkey_is_the_id_of_nothing() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    let (other, foreign, key) = holder(&app).await;
    let before = foreign.own_passkeys().await;
    let theirs = foreign.newest_passkey().await;
    let mine = program.newest_passkey().await;
    for path in [
        theirs.as_str(),
        "/mfa/passkeys/unknown",
        "/mfa/passkeys/%00",
        "/mfa/passkeys/a%00b",
        "/mfa/passkeys/%27%20OR%201=1--",
        &mine
            .to_uppercase()
            .replace("/MFA/PASSKEYS/", "/mfa/passkeys/"),
    ] {
        let renamed = program.put(path, json!({"name": "Mine now"})).await;
        renamed.refused(404, "not_found");
        let removed = program.delete(path).await;
        removed.refused(404, "not_found");
        assert_eq!(renamed.body, removed.body, "{path}");
    }
    assert_eq!(foreign.own_passkeys().await, before);
    assert_eq!(program.own_passkeys().await.len(), 1);
    other.sign_in_by(&key).await;
}

#[actix_web::test]
async fn a07_a_limited_token_neither_sees_nor_changes_passkeys() {
    let app = TestApp::spawn().await;
    let (person, program, key) = holder(&app).await;
    let options = program.creation_options().await;
    let made = SoftPasskey::new(&app).create(&options).json();
    let path = program.newest_passkey().await;
    let limited = person.sign_in().await;
    let before = app.db_state();
    let credential = json!({"credential": made});
    let verify = json!({"mfaType": "PASSKEY", "credential": made});
    let setup = json!({"mfaType": "PASSKEY"});
    let name = json!({"name": "Mine now"});
    let complete = "/mfa/passkey/complete-registration";
    for (verb, path, body) in [
        (Verb::GET, "/mfa/passkeys", None),
        (Verb::PUT, path.as_str(), Some(name)),
        (Verb::DELETE, path.as_str(), None),
        (Verb::POST, "/mfa/setup", Some(setup)),
        (Verb::POST, complete, Some(credential.clone())),
        (Verb::POST, &format!("{complete}-1"), Some(credential)),
        (Verb::POST, "/mfa/verify-setup", Some(verify)),
    ] {
        let answer = limited.send(verb, path, body).await;
        answer.refused(403, "mfa_required");
    }
    assert_eq!(app.db_state(), before);
    limited.prove(&key).await.ok();
    program.register(made).await.ok();
}

#[actix_web::test]
async fn without_a_token_there_are_no_passkeys() {
    let app = TestApp::spawn().await;
    let (_, program, _) = holder(&app).await;
    let path = program.newest_passkey().await;
    let stranger = app.stranger();
    for answer in [
        stranger.get("/mfa/passkeys").await,
        stranger.put(&path, json!({"name": "Mine"})).await,
        stranger.delete(&path).await,
    ] {
        answer.refused(401, "unauthenticated");
    }
}

#[actix_web::test]
async fn f03_a_backup_code_removes_a_lost_passkey_and_renames_none() {
    let app = TestApp::spawn().await;
    let (person, program, _) = holder(&app).await;
    let codes = program.post_nothing("/mfa/backup-codes").await;
    let limited = person.sign_in().await;
    let answer = limited.answer(&codes.text("/data/backupCodes/0")).await;
    let full = limited.with_token(&answer.text("/fullAccessToken"));
    let path = full.newest_passkey().await;
    let renamed = full.put(&path, json!({"name": "Mine"})).await;
    renamed.refused(403, "step_up_required");
    full.delete(&path).await.ok();
    assert_eq!(full.own_passkeys().await.len(), 0);
}
