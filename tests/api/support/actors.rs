//! People with accounts, and the programs that act for them.

use countersign::accounts::users::{NewUser, Role};
use countersign::activity::{Door, Origin};
use countersign::crypto::password::Password;
use countersign::db::{self, write};
use countersign::mfa::Method;
use countersign::organizations::members;
use reqwest::Method as Verb;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::watched_log::{find_secret, keep};
use super::{Browser, TestApp};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// Somebody with an account.
pub struct Person<'a> {
    pub app: &'a TestApp,
    pub id: String,
    pub email: String,
    pub organization_id: Option<String>,
}

/// What an account will be; ends with [`PersonBuilder::create`].
pub struct PersonBuilder<'a> {
    app: &'a TestApp,
    email: String,
    organization: Option<String>,
    role: Role,
    has_password: bool,
    factors: Vec<Method>,
}

impl TestApp {
    /// Somebody with a fresh address, a password and no organization.
    pub fn user(&self) -> PersonBuilder<'_> {
        PersonBuilder {
            app: self,
            email: format!("person-{}@example.com", db::new_id()),
            organization: None,
            role: Role::User,
            has_password: true,
            factors: Vec::new(),
        }
    }

    /// A request without a token.
    pub fn stranger(&self) -> Program<'_> {
        Program {
            app: self,
            access: None,
            refresh: None,
            session_id: String::new(),
        }
    }

    /// A browser without a cookie.
    pub fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }
}

impl<'a> PersonBuilder<'a> {
    /// With this address.
    pub fn email(mut self, email: &str) -> Self {
        self.email = email.to_owned();
        self
    }

    /// In the organization of this name, which is made if it is new.
    pub fn in_organization(mut self, name: &str) -> Self {
        self.organization = Some(name.to_owned());
        self
    }

    /// With this role there.
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Without a password.
    pub fn without_password(mut self) -> Self {
        self.has_password = false;
        self
    }

    /// With a method whose row is written directly: nothing can set it up yet.
    pub fn with_factor(mut self, method: Method) -> Self {
        self.factors.push(method);
        self
    }

    /// Creates the account.
    pub async fn create(self) -> Person<'a> {
        let app = &self.app.app;
        let password_hash = if self.has_password {
            Some(
                app.hasher
                    .hash(Password::new(PASSWORD.to_owned()))
                    .await
                    .unwrap(),
            )
        } else {
            None
        };
        let new = NewUser {
            email: self.email.clone(),
            first_name: "Ada".to_owned(),
            last_name: "Lovelace".to_owned(),
            organization_id: None,
            role: self.role,
            password_hash,
        };
        let organization = self.organization.clone();
        let user = app
            .db(move |app, conn| {
                write(conn, |conn| {
                    let origin = Origin::local(Door::Cli);
                    let now = app.clock.now();
                    members::create(conn, &app.keys, &origin, organization.as_deref(), new, now)
                })
            })
            .await
            .unwrap();
        let person = Person {
            app: self.app,
            id: user.id,
            email: user.email,
            organization_id: user.organization_id,
        };
        for method in self.factors {
            self.app.db_add_factor(&person.id, method);
        }
        person
    }

    /// Creates the account and signs a program in.
    pub async fn signed_in(self) -> (Person<'a>, Program<'a>) {
        let person = self.create().await;
        let program = person.sign_in().await;
        (person, program)
    }

    /// Creates the account and signs a browser in.
    pub async fn in_browser(self) -> (Person<'a>, Browser<'a>) {
        let person = self.create().await;
        let browser = person.browser().await;
        (person, browser)
    }
}

impl<'a> Person<'a> {
    /// The answer to a sign-in with this password.
    pub async fn try_sign_in(&self, password: &str) -> Answer {
        self.app
            .stranger()
            .post(
                "/user/login",
                json!({"email": self.email, "password": password}),
            )
            .await
    }

    /// A program that is signed in, as far as the password alone gets it.
    pub async fn sign_in(&self) -> Program<'a> {
        let answer = self.try_sign_in(PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        Program {
            app: self.app,
            access: Some(answer.text("/accessToken")),
            refresh: answer.body["refreshToken"].as_str().map(str::to_owned),
            session_id: answer.text("/tokenId"),
        }
    }

    /// A browser that is signed in, as far as the password alone gets it.
    pub async fn browser(&self) -> Browser<'a> {
        let browser = self.app.browser();
        let page = browser.get("/login").await;
        let answer = browser
            .submit(&page, &[("email", &self.email), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.status, 303, "{}", answer.html);
        browser
    }
}

/// A client of the JSON API.
#[derive(Clone)]
pub struct Program<'a> {
    pub app: &'a TestApp,
    pub access: Option<String>,
    pub refresh: Option<String>,
    pub session_id: String,
}

impl Program<'_> {
    /// The same client with another bearer token.
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            access: Some(token.to_owned()),
            ..self.clone()
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Verb::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Verb::POST, path, Some(body)).await
    }

    /// A POST without a body, and without a Content-Type.
    pub async fn post_nothing(&self, path: &str) -> Answer {
        self.send(Verb::POST, path, None).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Verb::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Verb::DELETE, path, None).await
    }

    /// Any request at all.
    pub async fn send(&self, verb: Verb, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(verb, path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    /// A request to be finished by the test.
    pub fn request(&self, verb: Verb, path: &str) -> reqwest::RequestBuilder {
        let request = self.app.client.request(verb, self.app.url(path));
        match &self.access {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// The refresh token that the client holds.
    pub fn refresh_token(&self) -> &str {
        self.refresh.as_deref().unwrap()
    }
}

/// Whether an answer has no end, and so is not read to it (`tests/api/stream.rs` reads them).
pub fn is_stream(headers: &HeaderMap) -> bool {
    headers
        .get("content-type")
        .is_some_and(|kind| kind == "text/event-stream")
}

/// An answer of the JSON API.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null when there is no body.
    pub body: Value,
}

impl Answer {
    /// Reads an answer to its end. The document has to know it.
    pub async fn of(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let path = response.url().path().to_owned();
        let bytes = match is_stream(&headers) {
            true => Default::default(),
            false => response.bytes().await.unwrap(),
        };
        let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if status >= 400 {
            let leak = find_secret(&body.to_string()).map(str::to_owned);
            assert_eq!(leak, None, "K05: a refusal holds a secret: {body}");
        } else if let Some(challenge) = body.pointer("/data/challenge").and_then(Value::as_str) {
            keep(challenge);
        }
        let answer = Self {
            status,
            headers,
            body,
        };
        crate::contract::expect_documented(&path, status, answer.code());
        answer
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The text at a JSON pointer.
    pub fn text(&self, pointer: &str) -> String {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        found
            .unwrap_or_else(|| panic!("no {pointer} in {}", self.body))
            .to_owned()
    }

    /// The stable word of a refusal.
    pub fn code(&self) -> &str {
        self.body["error_code"].as_str().unwrap_or_default()
    }

    /// Asserts a refusal: its status, its word, and the envelope that every refusal has.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.body);
        assert_eq!(self.body["success"], false);
        assert_eq!(self.body["error"], self.body["message"]);
    }

    /// Asserts success.
    #[track_caller]
    pub fn ok(&self) -> &Value {
        assert_eq!(self.status, 200, "{}", self.body);
        assert_eq!(self.body["success"], true);
        &self.body
    }
}
