//! The server as it is shipped, in a process of its own; the bare handler; and somebody who signs in.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::cores;
use super::data::{Database, EMAIL, PASSWORD};

pub const BINARY: &str = env!("CARGO_BIN_EXE_countersign");

/// A running server; it ends with this.
pub struct Server {
    pub url: String,
    /// From its start to its first "ready".
    pub ready_after: Duration,
    child: Child,
}

impl Server {
    pub async fn start(database: &Database) -> Self {
        // A port may be taken between being chosen and being used; nothing else runs here.
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let mut command = Command::new(BINARY);
        command
            .arg("serve")
            .env_clear()
            .env("COUNTERSIGN_DATA_DIR", &database.folder)
            .env("COUNTERSIGN_BIND", address.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(url) = &database.url {
            command.env("COUNTERSIGN_DATABASE_URL", url);
        }
        let started = Instant::now();
        let child = command.spawn().unwrap();
        let url = format!("http://{address}");
        let client = reqwest::Client::new();
        loop {
            let answer = client.get(format!("{url}/health/ready")).send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                break;
            }
            assert!(started.elapsed() < Duration::from_secs(20), "never ready");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Self {
            url,
            ready_after: started.elapsed(),
            child,
        }
    }

    /// Resident memory in bytes.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap();
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        kibibytes << 10
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody who is protected by an authenticator app, signed in with a program and with a browser.
pub struct Person {
    pub token: String,
    pub cookie: String,
    /// The status as it is answered, and its tag.
    pub body: String,
    pub etag: String,
}

impl Person {
    pub async fn sign_in(server: &Server) -> Self {
        let client = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let url = |path: &str| format!("{}{path}", server.url);
        let post = async |path: &str, token: Option<&str>, body: Value| -> Value {
            let mut request = client.post(url(path)).json(&body);
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
            answer.json().await.unwrap()
        };
        let login = json!({"email": EMAIL, "password": PASSWORD});
        let signed_in = post("/user/login", None, login).await;
        let token = signed_in["accessToken"].as_str().unwrap().to_owned();
        let method = json!({"mfaType": "GOOGLE_AUTH"});
        let setup = post("/mfa/setup", Some(&token), method).await;
        let code = code_of(setup["data"]["secret"].as_str().unwrap());
        let proof = json!({"mfaType": "GOOGLE_AUTH", "code": code});
        post("/mfa/verify-setup", Some(&token), proof).await;

        // The pages lead to the public host; the server answers to both.
        let page = |path: &str| client.get(url(path)).header("Host", "localhost");
        let form = async |path: &str, fields: &[(&str, &str)]| {
            let html = page(path).send().await.unwrap().text().await.unwrap();
            let mut fields = fields.to_vec();
            let csrf = csrf_of(&html);
            fields.push(("csrf", csrf));
            let answer = client
                .post(url(path))
                .header("Host", "localhost")
                .header("Sec-Fetch-Site", "same-origin")
                .form(&fields)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 303, "{path}");
            // The other one is that of the browser, which opens nothing.
            let cookies = answer.headers().get_all("set-cookie").iter();
            let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap());
            let cookie = cookies.find(|cookie| cookie.starts_with("countersign="));
            cookie.unwrap().split(';').next().unwrap().to_owned()
        };
        form("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
        let code = setup["data"]["backupCodes"][0].as_str().unwrap();
        let cookie = form("/login/verify", &[("method", "backup"), ("code", code)]).await;

        let answer = client
            .get(url("/mfa/status"))
            .bearer_auth(&token)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let etag = answer.headers()["etag"].to_str().unwrap().to_owned();
        let security = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap()
            .get(url("/security"))
            .header("Host", "localhost")
            .header("Cookie", &cookie);
        let security = security.send().await.unwrap();
        assert_eq!(security.status(), 200, "the cookie opens the page");
        Self {
            token,
            cookie,
            body: answer.text().await.unwrap(),
            etag,
        }
    }
}

fn code_of(secret: &str) -> String {
    Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .with_account_name("bench")
        .build()
        .unwrap()
        .generate_current()
        .to_string()
}

fn csrf_of(html: &str) -> &str {
    let field = "name=\"csrf\" value=\"";
    let from = html.find(field).expect("a form") + field.len();
    let to = html[from..].find('"').unwrap() + from;
    &html[from..to]
}

/// What there is to beat: the same body without anything in front of it.
pub struct Bare {
    pub url: String,
    handle: ServerHandle,
}

impl Bare {
    pub fn start(body: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/mfa/status", listener.local_addr().unwrap());
        let server = HttpServer::new(move || {
            let body = body.clone();
            App::new().route(
                "/mfa/status",
                web::get().to(move || {
                    let body = body.clone();
                    async move {
                        HttpResponse::Ok()
                            .content_type("application/json")
                            .body(body)
                    }
                }),
            )
        })
        .workers(cores())
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { url, handle }
    }

    pub async fn stop(self) {
        self.handle.stop(false).await;
    }
}
