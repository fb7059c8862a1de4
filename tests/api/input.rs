//! What a server gets that nobody should have sent it: broken bodies and ids, fields that are not theirs to set,
//! other hosts.

use std::time::{Duration, Instant};

use countersign::accounts::users::Role;
use countersign::mfa::Method;
use reqwest::Method as Verb;
use serde_json::{Value, json};

use crate::openapi::{documented_codes, operations};
use crate::support::{Answer, PASSWORD, Program, TestApp};

/// Bodies that are no good to anybody.
fn hostile_bodies() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |open: &str, close: &str| [open.repeat(10_000), close.repeat(10_000)].concat();
    let field = |value: &str| {
        format!(
            r#"{{"email":{value},"password":{value},"refresh_token":{value},"name":{value},"lastName":{value},"currentPassword":{value}}}"#
        )
    };
    let texts = [
        ("nothing but a brace", "{".to_owned()),
        ("two values", "{}{}".to_owned()),
        ("an array", "[]".to_owned()),
        ("an array of strings", r#"["a@example.com","correct horse"]"#.to_owned()),
        ("null", "null".to_owned()),
        ("a string", "\"{}\"".to_owned()),
        ("a number", "1".to_owned()),
        ("deep arrays", deep("[", "]")),
        ("deep objects", deep("{\"a\":", "}")),
        ("a deep field", field(&deep("[", "]"))),
        ("duplicate fields", r#"{"email":"a","email":"b","password":"c","password":"d","name":"e","name":"f","refresh_token":"g","refreshToken":"h"}"#.to_owned()),
        ("huge numbers", field(&"9".repeat(5_000))),
        ("a huge exponent", field("1e999999999")),
        ("negative zero", field("-0")),
        ("booleans", field("true")),
        ("arrays of one", field("[\"a@example.com\"]")),
        ("objects", field(r#"{"$gt":""}"#)),
        ("a lone surrogate", field("\"\\ud800\"")),
        ("NUL", field("\"a\\u0000b@example.com\"")),
        ("SQL", field("\"' OR 1=1; DROP TABLE users; --\"")),
        ("LIKE", field("\"%\"")),
        ("a template", field("\"{{7*7}}${7*7}<%= 7*7 %>\"")),
        ("right to left", field("\"\\u202e\\u2066@example.com\"")),
        ("a long string", field(&format!("\"{}\"", "a".repeat(10_000)))),
        ("single quotes", "{'email':'a'}".to_owned()),
        ("a comment", "{/**/}".to_owned()),
        ("a byte order mark", "\u{feff}{}".to_owned()),
        ("a form", "email=a%40example.com&password=b".to_owned()),
    ];
    let mut bodies: Vec<_> = texts
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()))
        .collect();
    bodies.push((
        "invalid UTF-8",
        b"{\"email\":\"\xff\xfe\",\"password\":\"\xc0\xaf\"}".to_vec(),
    ));
    bodies.push((
        "UTF-16",
        "{}".encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ));
    bodies.push(("binary", (0..=255).collect()));
    bodies
}

#[actix_web::test]
async fn k01_no_body_is_answered_with_success_late_or_with_a_failure_of_ours() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let before = app.db_state_but_records();
    let codes = documented_codes();
    for operation in operations().iter().filter(|operation| operation.has_body) {
        // Nothing in its body is required: every object is a good request to start anew.
        if operation.path == "/mfa/reset" {
            continue;
        }
        let path = operation.concrete_path("unknown");
        for (name, body) in hostile_bodies() {
            // Nothing in it is required, so these are good requests to sign out of nothing.
            let may_succeed = operation.path == "/user/logout" && body.starts_with(b"{");
            let caller = if operation.path == "/user/logout" {
                app.stranger()
            } else {
                program.clone()
            };
            let started = Instant::now();
            let request = caller
                .request(operation.verb(), &path)
                .header("content-type", "application/json")
                .body(body);
            let answer = Answer::of(request.send().await.unwrap()).await;
            let what = format!("{path}, {name}: {} {}", answer.status, answer.body);
            assert!(started.elapsed() < Duration::from_secs(1), "{what}");
            assert!((400..500).contains(&answer.status) || may_succeed, "{what}");
            assert!(operation.statuses.contains(&answer.status), "{what}");
            if answer.status >= 400 {
                assert!(codes.contains(answer.code()), "{what}");
                for leak in [
                    "serde", "column", "line ", "sqlite", "Postgres", "users", "src/",
                ] {
                    assert!(!answer.body.to_string().contains(leak), "{what}");
                }
            }
        }
    }
    assert_eq!(app.db_state_but_records(), before);
}

#[actix_web::test]
async fn k01_no_id_in_a_path_breaks_the_server() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let browser = app.browser();
    for id in [
        "%00",
        "%ff%fe",
        "%C0%AF",
        "a%00b",
        "'%20OR%201=1--",
        "%25",
        "%F0%9F%92%A9",
        "..%2f..%2fetc",
        "%0d%0aSet-Cookie:a=b",
        "%7B%7B7*7%7D%7D",
        "%3Cscript%3E",
        "null",
        "-1",
    ] {
        for (verb, path) in [
            (Verb::DELETE, format!("/token/{id}")),
            (Verb::POST, format!("/sessions/{id}/revoke")),
            (Verb::PUT, format!("/user/{id}")),
        ] {
            let answer = program.send(verb, &path, None).await;
            assert!(
                matches!(answer.status, 400 | 404),
                "{path}: {} {}",
                answer.status,
                answer.body
            );
        }
        for path in [
            format!("/welcome/{id}"),
            format!("/password/{id}"),
            format!("/security/address/confirm/{id}"),
            format!("/static/{id}/app.css"),
            format!("/{id}"),
            format!("/login?return_to={id}"),
            format!("/security/activity?page={id}"),
        ] {
            let page = browser.get(&path).await;
            assert!(page.status < 500, "{path}: {}", page.status);
            assert!(
                !page.html.contains("<script>") && !page.html.contains(">49<"),
                "{path}"
            );
        }
    }
    let (_, browser) = app.user().in_browser().await;
    for session in ["\0", "'--", "others\0", &"x".repeat(60_000), "{{7*7}}"] {
        let page = browser.get("/security").await;
        let mut fields = page.form_at("form").1;
        fields.push(("session".to_owned(), session.to_owned()));
        let answer = browser.post("/security/devices", &fields).await;
        assert!(answer.status < 500, "{session:?}: {}", answer.status);
    }
}

#[actix_web::test]
async fn k01_no_form_breaks_the_server() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let browser = app.browser();
    let page = browser.get("/login").await;
    let token = page.attribute("[name=csrf]", "value").unwrap();
    let before = app.db_state_but_records();
    for body in [
        String::new(),
        "=".to_owned(),
        "&&&".to_owned(),
        "email".to_owned(),
        "%".to_owned(),
        "email=%00&password=%00".to_owned(),
        "email=%ff&password=%ff".to_owned(),
        "email=a%40b.c%00&password=x".to_owned(),
        "email[]=a&password[]=b".to_owned(),
        format!("email={}&password=wrong&email=a", person.email),
        format!("email=a%40b.c&password={}", "%F0%9F%92%A9".repeat(5_000)),
        "a=b&".repeat(15_000),
    ] {
        let request = browser
            .request(Verb::POST, "/login")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("{body}&csrf={token}"));
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        assert!((400..500).contains(&status), "{:.60}: {status}", body);
    }
    assert_eq!(app.db_state_but_records(), before);
}

#[actix_web::test]
async fn bodies_are_json_and_say_so_unless_there_is_none() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let login = json!({"email": person.email, "password": PASSWORD}).to_string();
    let send = |kind: Option<&'static str>, body: String| {
        let mut request = app.stranger().request(Verb::POST, "/user/login").body(body);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        async { Answer::of(request.send().await.unwrap()).await }
    };
    for kind in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
    ] {
        send(Some(kind), login.clone()).await.ok();
    }
    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/jsonp"),
        Some("text/json"),
        Some("application/vnd.api+json"),
        Some(""),
    ] {
        let answer = send(kind, login.clone()).await;
        answer.refused(415, "unsupported_media_type");
    }
    // A POST without a body needs no Content-Type, whatever it says.
    for kind in [None, Some("text/plain")] {
        send(kind, String::new())
            .await
            .refused(400, "invalid_request");
    }
    app.stranger().post_nothing("/user/logout").await.ok();
    program.post_nothing("/sessions/revoke-all").await.ok();
    let request = program.request(Verb::POST, "/sessions/revoke-all");
    let request = request.header("content-type", "text/plain");
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[actix_web::test]
async fn k09_fields_that_nobody_may_set_have_no_effect() {
    let app = TestApp::spawn().await;
    let (person, program) = app
        .user()
        .in_organization("Plain")
        .role(Role::User)
        .signed_in()
        .await;
    let other = app.user().in_organization("Other").create().await;
    let extra = json!({
        "isEnabled": true, "verified": true, "sessionVerified": true, "orgRole": 255, "orgRoles": [255],
        "role": 255, "orgId": other.organization_id, "organizationId": other.organization_id,
        "userId": other.id, "id": other.id, "isAdmin": true, "createdAt": "2000-01-01T00:00:00Z",
        "mfaRequired": true, "epoch": 9, "password_hash": "x", "email": "mallory@example.com",
        "deactivated_at": null, "sessionId": "x", "ipAddress": "203.0.113.1", "userAgent": "forged",
    });
    let with = |mut body: Value| {
        for (name, value) in extra.as_object().unwrap() {
            if body.get(name).is_none() {
                body[name] = value.clone();
            }
        }
        body
    };
    let profile = program.get("/user/profile").await.body;
    let path = format!("/user/{}", person.id);
    let body = with(json!({"name": "Augusta", "lastName": "Lovelace"}));
    program.put(&path, body).await.ok();
    let mut renamed = profile;
    renamed["data"]["name"] = json!("Augusta");
    assert_eq!(program.get("/user/profile").await.body, renamed);

    let body =
        with(json!({"email": person.email, "password": PASSWORD, "deviceInfo": {"os": "x"}}));
    let answer = app.stranger().post("/user/login", body).await;
    assert_eq!(answer.ok()["user"]["id"], json!(person.id));
    assert_eq!(answer.body["user"]["orgRole"], 0);
    let body = with(json!({"refresh_token": answer.text("/refreshToken")}));
    app.stranger().post("/user/refresh", body).await.ok();
    program
        .post("/user/verify-password", with(json!({"password": PASSWORD})))
        .await
        .ok();
    let sessions = program.get("/sessions").await.body;
    assert!(!sessions.to_string().contains("203.0.113.1"));
    assert!(!sessions.to_string().contains("forged"));
    let token = format!("/token/{}", answer.text("/tokenId"));
    let request = program.request(Verb::DELETE, &token).json(&extra);
    Answer::of(request.send().await.unwrap()).await.ok();
    program.get("/user/profile").await.ok();

    // Somebody else's account is not to be found under its id either.
    let foreign = format!("/user/{}", other.id);
    program
        .put(&foreign, json!({"name": "Mallory"}))
        .await
        .refused(404, "not_found");

    let browser = app.browser();
    let page = browser.get("/login").await;
    let answer = browser
        .submit(
            &page,
            &[
                ("email", &person.email),
                ("password", PASSWORD),
                ("user_id", &other.id),
                ("id", &other.id),
                ("role", "255"),
                ("sessionVerified", "true"),
            ],
        )
        .await;
    assert_eq!(answer.location(), "/security");
    assert!(browser.get("/security").await.html.contains(&person.email));
    assert_eq!(program.get("/user/profile").await.body, renamed);
}

#[actix_web::test]
async fn k09_a_limited_session_does_not_become_a_full_one_by_saying_so() {
    let app = TestApp::spawn().await;
    let person = app.user().with_factor(Method::Totp).create().await;
    let body = json!({
        "email": person.email, "password": PASSWORD, "sessionVerified": true, "mfaRequired": false,
        "pending": false, "factor_at": "2020-01-01T00:00:00Z",
    });
    let answer = app.stranger().post("/user/login", body).await;
    assert!(answer.text("/accessToken").starts_with("cs_lt_"));
}

/// Answers to a request that claims to be for another host.
async fn for_host(caller: &Program<'_>, path: &str, host: &str) -> Answer {
    let request = caller
        .request(Verb::GET, path)
        .header("host", host)
        .header("x-forwarded-host", host)
        .header("forwarded", format!("host={host};proto=https"));
    Answer::of(request.send().await.unwrap()).await
}

#[actix_web::test]
async fn no_address_that_we_give_out_follows_the_host_that_was_asked_for() {
    let app = TestApp::spawn().await;
    app.user().create().await;
    let stranger = app.stranger();
    for host in [
        "evil.test",
        "evil.test:80",
        "127.0.0.1.evil.test",
        "localhost@evil.test",
    ] {
        for path in [
            "/",
            "/security",
            "/confirm?next=/security",
            "/setup",
            "/login",
            "/nowhere",
        ] {
            let answer = for_host(&stranger, path, host).await;
            let location = answer.header("location").unwrap_or("/");
            assert!(
                location.starts_with('/') && !location.contains("evil"),
                "{path}: {location}"
            );
        }
        for path in ["/health/live", "/mfa/status", "/openapi.json"] {
            let answer = for_host(&stranger, path, host).await;
            assert!(matches!(answer.status, 200 | 401), "{path}");
        }
    }
    let wire = app
        .wire("GET http://evil.test/security HTTP/1.1\r\nHost: evil.test\r\n\r\n")
        .await;
    assert_eq!(wire.statuses(), [303]);
    assert_eq!(
        wire.header("location"),
        Some("/login?return_to=%2Fsecurity")
    );
}

#[actix_web::test]
async fn pages_opened_at_an_address_lead_to_the_name_and_json_does_not_care() {
    let app = TestApp::spawn().await;
    let stranger = app.stranger();
    let at = app.address.to_string();
    for (path, to) in [
        ("/login?return_to=/security", "/login?return_to=/security"),
        ("/", "/"),
        ("/nowhere", "/nowhere"),
    ] {
        let answer = for_host(&stranger, path, &at).await;
        assert_eq!(answer.status, 307, "{path}");
        assert_eq!(
            answer.header("location"),
            Some(app.url(to).as_str()),
            "{path}"
        );
    }
    for (path, status) in [
        ("/health/live", 200),
        ("/mfa/status", 401),
        ("/mfa/nothing", 404),
        ("/robots.txt", 200),
    ] {
        assert_eq!(
            for_host(&stranger, path, &at).await.status,
            status,
            "{path}"
        );
    }
}
