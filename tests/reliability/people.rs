//! Somebody with an account: their authenticator app, their backup codes, the links in their mailbox.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::authenticator::AuthenticatorApp;
use crate::client::{Answer, Client, until};
use crate::mail_server::Received;
use crate::support::{PASSWORD, Place};

/// How long a busy server is asked again.
const PATIENCE: Duration = Duration::from_secs(30);

/// An account, and what its holder holds.
pub struct Person {
    pub id: String,
    pub email: String,
    app: Option<AuthenticatorApp>,
    pub backup_codes: Vec<String>,
}

impl Person {
    pub fn new(place: &Place, email: &str) -> Self {
        Self::with(place, email, &[])
    }

    /// With more on the command line that creates the account.
    pub fn with(place: &Place, email: &str, more: &[&str]) -> Self {
        Self {
            id: place.create_user(email, more),
            email: email.to_owned(),
            app: None,
            backup_codes: Vec::new(),
        }
    }

    /// More people with the same password, all at once: making each by the command line takes a while.
    pub fn copies(&self, place: &Place, count: usize) -> Vec<Self> {
        let name = self.email.replace('@', "-");
        place.sql(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO users (id, email, first_name, last_name, role, password_hash, password_changed_at, created_at, \
             updated_at) SELECT '{name}-' || CAST(i AS TEXT), '{name}-' || CAST(i AS TEXT) || '@example.com', first_name, \
             last_name, role, password_hash, password_changed_at, created_at, updated_at FROM users, n \
             WHERE id = '{}'",
            self.id
        ));
        let copy = |i| Self {
            id: format!("{name}-{i}"),
            email: format!("{name}-{i}@example.com"),
            app: None,
            backup_codes: Vec::new(),
        };
        (1..=count).map(copy).collect()
    }

    /// The right password, as a request sends it.
    pub fn password(&self) -> Value {
        json!({"email": self.email, "password": PASSWORD})
    }

    /// The answer to the right password.
    pub async fn log_in(&self, client: &Client) -> Answer {
        let mut answer = None;
        // A server that hashes too much already says so, and a good client comes back.
        until(PATIENCE, "the server stays busy", async || {
            let said = client.post("/user/login", "", self.password()).await;
            let said = answer.insert(said.unwrap());
            said.status != 503
        })
        .await;
        let answer = answer.unwrap();
        assert!(answer.is_ok(), "{answer:?}");
        answer
    }

    /// A token after the right password: limited, if there is a second factor.
    pub async fn sign_in(&self, client: &Client) -> String {
        self.log_in(client).await.text("accessToken")
    }

    /// The answer after password and authenticator app.
    pub async fn enter(&self, place: &Place, client: &Client) -> Answer {
        self.forget_steps(place);
        let limited = self.sign_in(client).await;
        let answer = client
            .post("/mfa/verify-login", &limited, self.code())
            .await;
        let answer = answer.unwrap();
        assert!(answer.is_ok(), "{answer:?}");
        answer
    }

    /// Keeps what a started set-up answered.
    pub fn scan(&mut self, answer: &Answer) {
        let data = &answer.body["data"];
        let secret = data["secret"].as_str().unwrap();
        self.app = Some(AuthenticatorApp::scanned(secret));
        let codes: Vec<String> = serde_json::from_value(data["backupCodes"].clone()).unwrap();
        if !codes.is_empty() {
            self.backup_codes = codes;
        }
    }

    /// Sets an authenticator app up.
    pub async fn set_up_app(&mut self, client: &Client, token: &str) {
        let answer = client.post("/mfa/setup", token, app()).await.unwrap();
        assert!(answer.is_ok(), "{answer:?}");
        self.scan(&answer);
        let answer = client.post("/mfa/verify-setup", token, self.code()).await;
        assert!(answer.as_ref().is_some_and(Answer::is_ok), "{answer:?}");
    }

    /// The digits that the app shows on a clock that is off by so many seconds.
    pub fn digits(&self, off: i64) -> String {
        let app = self.app.as_ref().unwrap();
        app.shows(chrono::Utc::now().timestamp() + off)
    }

    /// The code of now, as a request sends it.
    pub fn code(&self) -> Value {
        with_code(&self.digits(0))
    }

    /// A code that is not one of any time near now.
    pub fn wrong_code(&self) -> Value {
        let app = self.app.as_ref().unwrap();
        with_code(&app.never_shows(chrono::Utc::now().timestamp()))
    }

    /// Makes the code of now one that was never used: tests need more than one in half a minute.
    pub fn forget_steps(&self, place: &Place) {
        let id = &self.id;
        place.sql(&format!(
            "UPDATE totp_secrets SET last_step = 0 WHERE user_id = '{id}'"
        ));
    }

    /// The text of the newest mail to this person that is in the folder, if there is one.
    pub fn newest_mail(&self, place: &Place) -> Option<String> {
        let to = format!("To: {}", self.email);
        let mut mails: Vec<_> = fs::read_dir(place.path("outbox"))
            .ok()?
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|name| name == "eml"))
            .filter_map(|path| Some((path.metadata().ok()?.modified().ok()?, path)))
            .collect();
        mails.sort();
        let mut texts = mails.into_iter().rev().filter_map(|(_, path)| {
            let data = fs::read_to_string(path).ok()?;
            data.contains(&to).then_some(data)
        });
        let mail = Received {
            recipients: Vec::new(),
            data: texts.next()?,
            is_encrypted: false,
            is_authenticated: false,
        };
        Some(mail.text())
    }
}

/// The cookie of a browser that signed in with the password.
pub async fn sign_in_browser(origin: &str, person: &Person) -> String {
    let http = reqwest::Client::builder()
        .resolve("localhost", ([127, 0, 0, 1], 0).into())
        .redirect(reqwest::redirect::Policy::none())
        .cookie_store(true)
        .no_proxy()
        .build()
        .unwrap();
    let url = format!("{origin}/login");
    let page = http.get(&url).send().await.unwrap().text().await.unwrap();
    let document = scraper::Html::parse_document(&page);
    let fields = scraper::Selector::parse("main form[action='/login'] input[name]").unwrap();
    let mut form: Vec<(String, String)> = document
        .select(&fields)
        .map(|field| {
            let attribute = |name| field.value().attr(name).unwrap_or_default().to_owned();
            match field.value().attr("name") {
                Some("email") => ("email".to_owned(), person.email.clone()),
                Some("password") => ("password".to_owned(), PASSWORD.to_owned()),
                _ => (attribute("name"), attribute("value")),
            }
        })
        .collect();
    form.sort();
    let request = http
        .post(&url)
        .header("sec-fetch-site", "same-origin")
        .form(&form);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 303, "{:?}", response.text().await);
    let cookies = response.headers().get_all("set-cookie").iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().unwrap().split(';').next());
    cookies
        .find(|cookie| cookie.starts_with("countersign="))
        .unwrap()
        .to_owned()
}

/// An authenticator app, as a request names it.
pub fn app() -> Value {
    json!({"mfaType": "GOOGLE_AUTH"})
}

/// A code of the app, or a backup code, as a request sends it.
pub fn with_code(code: &str) -> Value {
    json!({"mfaType": "GOOGLE_AUTH", "code": code})
}
