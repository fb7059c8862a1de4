//! What people type and what they are given stays out of logs, answers and the record, whatever happens.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use reqwest::Method as Verb;
use serde_json::{Value, json};

use crate::support::Page;

/// A real process with everything in its log.
struct Process {
    child: std::process::Child,
    origin: String,
    link: String,
    output: std::thread::JoinHandle<String>,
    errors: std::thread::JoinHandle<String>,
    folder: tempfile::TempDir,
}

impl Process {
    fn start() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .arg("serve")
            .env("COUNTERSIGN_DATA_DIR", folder.path().join("data"))
            .env("COUNTERSIGN_BIND", format!("127.0.0.1:{port}"))
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut errors = child.stderr.take().unwrap();
        // Read from the start, or a full pipe would stop the process.
        let errors = std::thread::spawn(move || {
            let mut text = Vec::new();
            errors.read_to_end(&mut text).unwrap();
            String::from_utf8_lossy(&text).into_owned()
        });
        let mut link = String::new();
        output.read_line(&mut link).unwrap();
        let output = std::thread::spawn(move || {
            let mut text = String::new();
            output.read_to_string(&mut text).unwrap();
            text
        });
        Self {
            child,
            origin: format!("http://localhost:{port}"),
            link: link.trim().to_owned(),
            output,
            errors,
            folder,
        }
    }

    /// Runs another command over the same data.
    fn command(&self, arguments: &[&str]) -> (Value, String) {
        let done = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(arguments)
            .arg("--json")
            .env("COUNTERSIGN_DATA_DIR", self.folder.path().join("data"))
            .env("COUNTERSIGN_PUBLIC_URL", &self.origin)
            .env("RUST_LOG", "trace")
            .output()
            .unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(done.status.success(), "{said}");
        (serde_json::from_slice(&done.stdout).unwrap(), said)
    }

    /// The path in the mail that comes for this address and leads below `prefix`.
    async fn mailed_link(&self, address: &str, prefix: &str) -> String {
        let outbox = self.folder.path().join("data/outbox");
        for _ in 0..100 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            let Ok(files) = std::fs::read_dir(&outbox) else {
                continue;
            };
            for file in files {
                let mail = std::fs::read_to_string(file.unwrap().path()).unwrap_or_default();
                let mail = mail.replace("=\r\n", "");
                let link = mail
                    .lines()
                    .filter_map(|line| line.strip_prefix(&self.origin))
                    .find(|path| path.starts_with(prefix));
                if let Some(link) = link.filter(|_| mail.contains(&format!("To: {address}\r\n"))) {
                    return link.to_owned();
                }
            }
        }
        panic!("no mail for {address}");
    }

    /// Ends it and answers all that it said after the link.
    fn end(mut self) -> (String, tempfile::TempDir) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let said = self.output.join().unwrap() + &self.errors.join().unwrap();
        (said, self.folder)
    }
}

/// Everything that must not be found again.
#[derive(Default)]
struct Canaries(Vec<(&'static str, String)>);

impl Canaries {
    fn add(&mut self, name: &'static str, secret: &str) {
        assert!(secret.len() > 8, "{name}: {secret}");
        self.0.push((name, secret.to_owned()));
    }

    #[track_caller]
    fn are_not_in(&self, place: &str, text: &str) {
        for (name, secret) in &self.0 {
            let at = text.find(secret.as_str());
            let around = at.map(|at| {
                let from = text[..at].rfind('\n').unwrap_or(0);
                text[from..].chars().take(300).collect::<String>()
            });
            assert_eq!(around, None, "{name} stands in {place}");
        }
    }
}

/// Somebody with a browser and a program, who remembers every secret that passes by.
struct Witness {
    client: reqwest::Client,
    origin: String,
    seen: Canaries,
}

impl Witness {
    fn new(origin: &str) -> Self {
        let client = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        Self {
            client: client.build().unwrap(),
            origin: origin.to_owned(),
            seen: Canaries::default(),
        }
    }

    async fn page(&mut self, verb: Verb, path: &str, form: &[(String, String)]) -> Page {
        let mut request = self
            .client
            .request(verb.clone(), format!("{}{path}", self.origin));
        request = request.header("sec-fetch-site", "same-origin");
        if verb == Verb::POST {
            request = request.form(form);
        }
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let value = cookie
                .to_str()
                .unwrap()
                .split(['=', ';'])
                .nth(1)
                .unwrap()
                .to_owned();
            // The first letters are enough: a cut-off secret is one too.
            self.seen.add("a cookie", &value[..40]);
        }
        let page = Page {
            path: path.to_owned(),
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            html: response.text().await.unwrap(),
        };
        if let Some(token) = page.attribute("[name=csrf]", "value") {
            self.seen.add("a form token", &token);
        }
        page
    }

    async fn open(&mut self, path: &str) -> Page {
        self.page(Verb::GET, path, &[]).await
    }

    async fn fill(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let (action, mut form) = page.form();
        for (name, value) in fields {
            form.retain(|(known, _)| known != name);
            form.push(((*name).to_owned(), (*value).to_owned()));
        }
        self.page(Verb::POST, &action, &form).await
    }

    async fn call(&mut self, verb: Verb, path: &str, token: &str, body: &Value) -> Value {
        let request = self
            .client
            .request(verb, format!("{}{path}", self.origin))
            .bearer_auth(token)
            .json(body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        for name in ["accessToken", "refreshToken"] {
            if let Some(token) = answer[name].as_str() {
                self.seen.add("a token", token);
            }
        }
        answer
    }
}

const EMAIL: &str = "ada@example.com";

#[actix_web::test]
async fn k05_no_secret_is_ever_logged_or_recorded_whatever_the_log_level() {
    let process = Process::start();
    let mut ada = Witness::new(&process.origin);
    let passwords = [
        "first canary horse battery",
        "second canary horse battery",
        "third canary horse battery",
    ];
    let wrong = "wrong canary horse battery";
    for password in passwords.iter().chain([&wrong]) {
        ada.seen.add("a password", password);
        ada.seen
            .add("a password in a form", &password.replace(' ', "+"));
    }
    let welcome = process
        .link
        .strip_prefix(&process.origin)
        .unwrap()
        .to_owned();
    ada.seen.add("a link", welcome.rsplit('/').next().unwrap());

    // A browser: welcome, wrong and right passwords, the step-up, a change, signing out.
    let form = ada.open(&welcome).await;
    let owner = [
        ("organization", "Engines"),
        ("first_name", "Ada"),
        ("last_name", "Lovelace"),
        ("email", EMAIL),
        ("password", passwords[0]),
    ];
    assert_eq!(ada.fill(&form, &owner).await.status, 303);
    assert_eq!(ada.open(&welcome).await.status, 410);
    let form = ada.open("/confirm").await;
    assert_eq!(ada.fill(&form, &[("password", wrong)]).await.status, 400);
    assert_eq!(
        ada.fill(&form, &[("password", passwords[0])]).await.status,
        303
    );
    let form = ada.open("/security/password").await;
    let fields = [
        ("current_password", passwords[0]),
        ("password", passwords[1]),
    ];
    assert_eq!(ada.fill(&form, &fields).await.status, 303);
    let page = ada.open("/security").await;
    let out = page.form_at("header form").1;
    assert_eq!(ada.page(Verb::POST, "/logout", &out).await.status, 303);
    let form = ada.open("/login").await;
    let fields = [("email", EMAIL), ("password", wrong)];
    assert_eq!(ada.fill(&form, &fields).await.status, 400);
    let stale = [("password".to_owned(), wrong.to_owned())];
    assert_eq!(ada.page(Verb::POST, "/login", &stale).await.status, 403);

    // A program: every route with a secret in it, well and badly used.
    let login = json!({"email": EMAIL, "password": passwords[1]});
    let signed_in = ada.call(Verb::POST, "/user/login", "x", &login).await;
    let access = signed_in["accessToken"].as_str().unwrap().to_owned();
    let refresh = signed_in["refreshToken"].as_str().unwrap().to_owned();
    for (verb, path, body) in [
        (
            Verb::POST,
            "/user/verify-password",
            json!({"password": wrong}),
        ),
        (
            Verb::POST,
            "/user/verify-password",
            json!({"password": [wrong]}),
        ),
        (
            Verb::POST,
            "/user/login",
            json!({"email": wrong, "password": {"a": wrong}}),
        ),
        (Verb::POST, "/user/login", json!([wrong])),
        (Verb::PUT, "/user/x", json!({"password": wrong})),
        (
            Verb::POST,
            "/user/refresh",
            json!({"refresh_token": refresh}),
        ),
        (
            Verb::POST,
            "/user/refresh",
            json!({"refresh_token": access}),
        ),
        (Verb::GET, "/user/profile", json!({})),
        (Verb::GET, "/mfa/status", json!({})),
    ] {
        let answer = ada.call(verb, path, &access, &body).await;
        let refused = answer["success"] == false;
        if refused {
            ada.seen.are_not_in(path, &answer.to_string());
        }
    }
    let path = format!("/token/{access}");
    ada.call(Verb::DELETE, &path, &access, &json!({})).await;
    let path = format!("/nowhere/{access}");
    ada.open(&path).await;
    ada.call(
        Verb::POST,
        "/user/logout",
        &access,
        &json!({"refresh_token": refresh}),
    )
    .await;

    // Links that come by mail, for a new address and for a lost password.
    let login = ada.open("/login").await;
    let fields = [("email", EMAIL), ("password", passwords[1])];
    assert_eq!(ada.fill(&login, &fields).await.status, 303);
    let form = ada.open("/security/address").await;
    let new = "ada.new@example.com";
    assert_eq!(ada.fill(&form, &[("email", new)]).await.status, 303);
    let link = process.mailed_link(new, "/security/address/confirm/").await;
    ada.seen.add("a link", link.rsplit('/').next().unwrap());
    let mut signed_out = Witness::new(&process.origin);
    let away = signed_out.open(&link).await;
    assert_eq!(away.status, 303);
    let sent_to = away.location().to_owned();
    signed_out.open(&sent_to).await;
    assert_eq!(ada.open(&link).await.status, 200);
    let lost = json!({"email": EMAIL});
    let asked = "/user/request-reset-password";
    ada.call(Verb::POST, asked, "x", &lost).await;
    let link = process.mailed_link(EMAIL, "/password/cs_ln_").await;
    let token = link.rsplit('/').next().unwrap();
    ada.seen.add("a link", token);
    for body in [
        json!({"token": token, "newPassword": "short"}),
        json!({"token": [token], "newPassword": wrong}),
        json!({"token": format!("{token}x"), "newPassword": wrong}),
    ] {
        let answer = ada
            .call(Verb::POST, "/user/reset-password", "x", &body)
            .await;
        assert_eq!(answer["success"], false);
        ada.seen.are_not_in("a refused reset", &answer.to_string());
    }
    let body = json!({"token": token, "newPassword": passwords[0]});
    let answer = ada
        .call(Verb::POST, "/user/reset-password", "x", &body)
        .await;
    assert_eq!(answer["success"], true, "{answer}");

    // A link for a password, made beside the running process.
    let (answer, said) = process.command(&["user", "link", EMAIL]);
    let link = answer["link"]
        .as_str()
        .unwrap()
        .strip_prefix(&process.origin)
        .unwrap()
        .to_owned();
    ada.seen.add("a link", link.rsplit('/').next().unwrap());
    ada.seen.are_not_in("the log of a command", &said);
    let form = ada.open(&link).await;
    assert_eq!(
        ada.fill(&form, &[("password", passwords[2])]).await.status,
        303
    );

    let (said, folder) = process.end();
    for key in std::fs::read_to_string(folder.path().join("data/keys"))
        .unwrap()
        .split_whitespace()
    {
        if key.len() > 30 {
            ada.seen.add("a root key", key);
        }
    }
    assert!(
        said.contains("TRACE"),
        "the log was not at its most talkative"
    );
    assert!(said.contains("authn_login_success"));
    ada.seen.are_not_in("the log", &said);
    for name in ["countersign.db", "countersign.db-wal"] {
        let bytes = std::fs::read(folder.path().join("data").join(name)).unwrap_or_default();
        ada.seen.are_not_in(name, &String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn k05_what_must_not_be_logged_is_recognised_wherever_it_stands() {
    use crate::support::watched_log::{find_secret, keep};
    let token = format!("cs_at_{}", "a-_9".repeat(11));
    for text in [
        format!("Authorization: Bearer {token}"),
        format!("{{\"token\":\"{token}\"}}"),
        "otpauth://totp/x".to_owned(),
        format!("password={}&x=1", crate::support::PASSWORD),
    ] {
        assert!(find_secret(&text).is_some(), "{text}");
    }
    keep("JBSWY3DPEHPK3PXPJBSW");
    assert_eq!(
        find_secret("secret=JBSWY3DPEHPK3PXPJBSW;"),
        Some("JBSWY3DPEHPK3PXPJBSW")
    );
    assert_eq!(
        find_secret("GET /mfa/status 200 0.3 ms, cs_at_ and nothing more"),
        None
    );
}
