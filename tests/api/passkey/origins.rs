//! Where a passkey may be used from: the origins and the domain, letter by letter.

use serde_json::{Value, json};

use super::patient_app;
use crate::support::soft_passkey::SoftPasskey;
use crate::support::{Person, Program, TestApp};

/// A server that people reach at `https://login.example.com`, for passkeys of `example.com`, which
/// `https://shop.example.net` may use as well.
async fn public_app() -> TestApp {
    TestApp::spawn_with(|config| {
        config.limits.code_address = None;
        config.public_url = "https://login.example.com".parse().unwrap();
        config.rp_id = Some("example.com".to_owned());
        config.related_origins = vec!["https://shop.example.net".to_owned()];
    })
    .await
}

const OWN: &str = "https://login.example.com";

/// What may ask for nothing at `public_app`.
const FOREIGN: [&str; 24] = [
    "http://login.example.com",
    "https://login.example.com/",
    "https://login.example.com:443",
    "https://login.example.com:8443",
    "https://LOGIN.example.com",
    "HTTPS://login.example.com",
    "https://login.example.com.",
    "https://sub.login.example.com",
    "https://example.com",
    "https://other.example.com",
    "https://login.example.com.evil.test",
    "https://login.example.com@evil.test",
    "https://evil-login.example.com",
    "https://evil-example.com",
    "https://evil.test",
    "https://login.example.co",
    "https://sub.shop.example.net",
    "http://shop.example.net",
    "http://localhost",
    "login.example.com",
    " https://login.example.com",
    "https://login.example.com#",
    "null",
    "",
];

/// Somebody at `public_app` with a passkey, made at the server's own origin.
async fn holder(app: &TestApp) -> (Person<'_>, Program<'_>, SoftPasskey) {
    let (person, program) = app.user().signed_in().await;
    let mut key = SoftPasskey::new(app).but(|key| key.origin = OWN.to_owned());
    program.enrol(&mut key).await;
    (person, program, key)
}

/// Hands over what this passkey answers, in every ceremony there is; nothing may come of it.
async fn refused_everywhere(
    (person, program, key): &(Person<'_>, Program<'_>, SoftPasskey),
    what: &str,
    change: impl Fn(&mut SoftPasskey),
) {
    let app = person.app;
    let odd = key.but(&change);
    let limited = person.sign_in().await;
    let answer = limited.prove(&odd).await;
    assert_eq!(answer.status, 400, "{what}: {}", answer.body);
    answer.refused(400, "invalid_code");
    let alone = app.sign_in_with_only(&odd).await;
    assert_eq!(alone.status, 401, "{what}: {}", alone.body);
    alone.refused(401, "invalid_credentials");
    let mut new = SoftPasskey::new(app).but(|new| {
        new.origin = key.origin.clone();
        change(new);
    });
    let answer = program.try_passkey(&mut new).await;
    assert_eq!(answer.status, 400, "{what}: {}", answer.body);
    answer.refused(400, "invalid_code");
    assert_eq!(app.db_passkeys(&person.id).len(), 1, "{what}");
}

#[actix_web::test]
async fn e07_only_the_origins_on_the_list_may_ask() {
    let app = public_app().await;
    let all = holder(&app).await;
    for origin in FOREIGN {
        refused_everywhere(&all, origin, |key| key.origin = origin.to_owned()).await;
    }
    for (what, odd) in [
        ("missing", Value::Null),
        ("a number", json!(7)),
        ("a list", json!([OWN])),
    ] {
        refused_everywhere(&all, what, |key| key.client_data = json!({"origin": odd})).await;
    }
    let (person, program, key) = all;
    person.sign_in_by(&key).await;
    let mut new = SoftPasskey::new(&app).but(|key| key.origin = OWN.to_owned());
    program.enrol(&mut new).await;
}

#[actix_web::test]
async fn e07_a_related_origin_may_ask() {
    let app = public_app().await;
    let (person, program, key) = holder(&app).await;
    let related = "https://shop.example.net".to_owned();
    let elsewhere = key.but(|key| key.origin = related.clone());
    person.sign_in_by(&elsewhere).await;
    app.sign_in_with_only(&elsewhere).await.ok();
    let mut new = SoftPasskey::new(&app).but(|key| key.origin = related);
    program.enrol(&mut new).await;
}

#[actix_web::test]
async fn wk_4_browsers_are_told_which_origins_are_related() {
    let app = public_app().await;
    let path = "/.well-known/webauthn";
    let told = app.stranger().get(path).await;
    assert_eq!(told.status, 200);
    assert_eq!(told.body, json!({"origins": ["https://shop.example.net"]}));
    let app = TestApp::spawn().await;
    assert_eq!(app.stranger().get(path).await.status, 404);
}

#[actix_web::test]
async fn e07_at_localhost_the_port_counts() {
    let app = patient_app().await;
    let (person, program) = app.user().signed_in().await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    let all = (person, program, key);
    let port = app.address.port();
    for origin in [
        "http://localhost".to_owned(),
        format!("http://localhost:{}", port ^ 1),
        format!("https://localhost:{port}"),
        format!("http://127.0.0.1:{port}"),
        format!("http://[::1]:{port}"),
        format!("http://sub.localhost:{port}"),
        format!("http://localhost.:{port}"),
        format!("http://LOCALHOST:{port}"),
        format!("http://localhost:{port}/"),
        format!("http://evil-localhost:{port}"),
    ] {
        refused_everywhere(&all, &origin, |key| key.origin = origin.clone()).await;
    }
    all.0.sign_in_by(&all.2).await;
}

#[actix_web::test]
async fn e07_a_passkey_of_another_domain_is_refused() {
    let app = public_app().await;
    let all = holder(&app).await;
    for rp_id in [
        "login.example.com",
        "com",
        "evil.test",
        "EXAMPLE.com",
        "example.com.",
        "https://example.com",
        "",
    ] {
        refused_everywhere(&all, rp_id, |key| key.rp_id = Some(rp_id.to_owned())).await;
    }
    let (person, program, key) = all;
    assert_eq!(program.request_options().await["rpId"], "example.com");
    person.sign_in_by(&key).await;
}

#[actix_web::test]
async fn e07_a_page_in_somebody_else_s_frame_may_not_ask() {
    let app = public_app().await;
    let all = holder(&app).await;
    for odd in [
        json!({"crossOrigin": true}),
        json!({"crossOrigin": "true"}),
        json!({"crossOrigin": "false"}),
        json!({"crossOrigin": 1}),
        json!({"crossOrigin": 0}),
        json!({"crossOrigin": true, "topOrigin": OWN}),
        json!({"topOrigin": OWN}),
        json!({"topOrigin": "https://evil.test"}),
        json!({"topOrigin": ""}),
    ] {
        refused_everywhere(&all, &odd.to_string(), |key| key.client_data = odd.clone()).await;
    }
    let (person, _, key) = all;
    // Older browsers do not say.
    let silent = key.but(|key| key.client_data = json!({"crossOrigin": null}));
    person.sign_in_by(&silent).await;
}

#[actix_web::test]
async fn client_data_that_says_something_twice_is_refused() {
    let app = patient_app().await;
    let (person, program) = app.user().signed_in().await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    let limited = person.sign_in().await;
    for twice in [
        r#""origin":"https://evil.test""#,
        r#""challenge":"AAAA""#,
        r#""type":"webauthn.create""#,
        r#""crossOrigin":true"#,
    ] {
        for is_first in [true, false] {
            let used = key.get(&limited.request_options().await);
            let honest = String::from_utf8(used.client_data.clone()).unwrap();
            let inside = &honest[1..honest.len() - 1];
            let text = match is_first {
                true => format!("{{{twice},{inside}}}"),
                false => format!("{{{inside},{twice}}}"),
            };
            let odd = used.but(|used| used.client_data = text.into_bytes());
            let answer = limited.present(odd.signed_by(&key).json()).await;
            assert_eq!(answer.status, 400, "{twice}: {}", answer.body);
            answer.refused(400, "invalid_code");
        }
    }
    limited.prove(&key).await.ok();
}

#[actix_web::test]
async fn client_data_that_is_not_plain_json_is_refused() {
    let app = patient_app().await;
    let (person, program) = app.user().signed_in().await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    let limited = person.sign_in().await;
    let deep = "[".repeat(20_000);
    for odd in [
        b"".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"{}".to_vec(),
        b"\xff\xfe{}".to_vec(),
        deep.into_bytes(),
    ] {
        let used = key.get(&limited.request_options().await);
        let odd = used.but(|used| used.client_data = odd);
        let answer = limited.present(odd.signed_by(&key).json()).await;
        answer.refused(400, "invalid_code");
    }
    let used = key.get(&limited.request_options().await);
    let odd = used.but(|used| {
        used.client_data
            .splice(0..0, *b"\xef\xbb\xbf")
            .for_each(drop)
    });
    let answer = limited.present(odd.signed_by(&key).json()).await;
    assert!(answer.status < 500, "{}", answer.body);
    let mut used = key.get(&limited.request_options().await);
    used.client_data.extend(*b"{}");
    let answer = limited.present(used.signed_by(&key).json()).await;
    answer.refused(400, "invalid_code");
    limited.prove(&key).await.ok();
}
