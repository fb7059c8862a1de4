//! The pages that mailed and printed links lead to: what they load, what they tell others, and what the log keeps.

use std::time::{Duration, Instant};

use scraper::{Html, Selector};
use serde_json::json;

use crate::support::{Place, Server, path_of};

const ADA: &str = "ada@example.com";

/// A landing page as it came.
struct Landing {
    what: &'static str,
    path: String,
    headers: reqwest::header::HeaderMap,
    html: String,
}

async fn open(server: &Server, what: &'static str, path: &str) -> Landing {
    let response = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(format!("{}{path}", server.origin))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200, "{what}");
    Landing {
        what,
        path: path.to_owned(),
        headers: response.headers().clone(),
        html: response.text().await.unwrap(),
    }
}

/// The path in the mail that leads below `prefix`, once it is there.
fn mailed(place: &Place, prefix: &str) -> String {
    let began = Instant::now();
    loop {
        let files = std::fs::read_dir(place.path("outbox"))
            .into_iter()
            .flatten();
        for file in files {
            let mail = std::fs::read_to_string(file.unwrap().path()).unwrap_or_default();
            let mail = mail.replace("=\r\n", "").replace("=3D", "=");
            let links = mail.lines().filter(|line| line.starts_with("http://"));
            if let Some(path) = links
                .map(|line| path_of(line.trim()).to_owned())
                .find(|path| path.starts_with(prefix))
            {
                return path;
            }
        }
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "no mail: {prefix}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Everything that a page loads, leads to or posts to.
fn addresses(html: &str) -> Vec<(String, String)> {
    let document = Html::parse_document(html);
    let selectors = [
        ("[src]", "src"),
        ("[href]", "href"),
        ("[action]", "action"),
        ("[formaction]", "formaction"),
        ("[srcset]", "srcset"),
        ("object[data]", "data"),
        ("[ping]", "ping"),
    ];
    let mut found = Vec::new();
    for (selector, attribute) in selectors {
        for element in document.select(&Selector::parse(selector).unwrap()) {
            let value = element.value().attr(attribute).unwrap();
            found.push((element.value().name().to_owned(), value.to_owned()));
        }
    }
    found
}

#[actix_web::test]
async fn d12_where_a_link_leads_tells_its_token_to_nobody_and_no_log() {
    let place = Place::new();
    // Everything that there is to log.
    let server = place.serve_with(|command| {
        command.env("RUST_LOG", "trace");
    });
    let welcome = server.link();
    let mut landings = vec![open(&server, "welcome", path_of(&welcome)).await];
    place.create_user(ADA, &[]);
    let printed = place.run(&["user", "link", ADA]);
    let printed = path_of(printed.ok()).to_owned();
    landings.push(open(&server, "a printed link for a password", &printed).await);

    let (token, _) = server.sign_in(ADA).await;
    let email = json!({"mfaType": "MAGIC_LINK"});
    let (status, answer) = server.call("POST", "/mfa/setup", &token, email).await;
    assert_eq!(status, 200, "{answer}");
    let set_up = mailed(&place, "/security/email/confirm/");
    landings.push(open(&server, "the link of a set-up", &set_up).await);
    let activation = json!({"token": set_up.rsplit_once('/').unwrap().1});
    let (status, answer) = server
        .call("POST", "/mfa/magic-link/activate", "", activation)
        .await;
    assert_eq!(status, 200, "{answer}");
    let (limited, _) = server.sign_in(ADA).await;
    let (status, answer) = server
        .call("POST", "/mfa/magic-link/send", &limited, json!(null))
        .await;
    assert_eq!(status, 200, "{answer}");
    let sign_in = mailed(&place, "/login/link/");
    landings.push(open(&server, "the link of a sign-in", &sign_in).await);
    let lost = json!({"email": ADA});
    let (status, answer) = server
        .call("POST", "/user/request-reset-password", "", lost)
        .await;
    assert_eq!(status, 200, "{answer}");
    let password = mailed(&place, "/password/");
    landings.push(open(&server, "the link for a lost password", &password).await);

    for landing in &landings {
        let what = landing.what;
        let header = |name: &str| {
            landing
                .headers
                .get(name)
                .map(|value| value.to_str().unwrap())
        };
        assert_eq!(header("referrer-policy"), Some("same-origin"), "{what}");
        assert_eq!(header("cache-control"), Some("no-store"), "{what}");
        let policy = header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none';"),
            "{what}: {policy}"
        );
        let token = landing.path.rsplit_once('/').unwrap().1;
        assert!(token.len() > 40, "{what}: {token}");
        let all = addresses(&landing.html);
        assert!(!all.is_empty(), "{what}");
        for (element, address) in &all {
            let is_ours = address.starts_with('/') && !address.starts_with("//");
            assert!(is_ours || address.starts_with('#'), "{what}: {address}");
            // Only the form that uses the link up knows it.
            assert!(
                element == "form" || !address.contains(token),
                "{what}: {element} {address}"
            );
        }
    }
    server.signal("TERM");
    server.wait(Duration::from_secs(30));
    let log: Vec<String> = [server.log.clone(), server.rest_of_log()].concat();
    assert!(
        log.iter().any(|line| line.contains("/login/link/{token}")),
        "no access log"
    );
    for landing in &landings {
        let token = landing.path.rsplit_once('/').unwrap().1;
        let told = log.iter().find(|line| line.contains(token));
        assert_eq!(told, None, "{}", landing.what);
    }
}
