//! An authenticator app: it knows a secret and the server's time.

#[path = "../../shared/authenticator.rs"]
mod shared;

use chrono::TimeDelta;

use self::shared::AuthenticatorApp;
use super::watched_log::keep;
use super::{Answer, Person, Program, TestApp};

/// An app that was set up.
#[derive(Clone)]
pub struct Authenticator {
    app: AuthenticatorApp,
    /// The backup codes that came with the set-up.
    pub backup_codes: Vec<String>,
}

impl Authenticator {
    /// An app that scanned this secret.
    pub fn new(secret: &str) -> Self {
        keep(secret);
        Self {
            app: AuthenticatorApp::scanned(secret),
            backup_codes: Vec::new(),
        }
    }

    /// The code that the app shows now.
    pub fn code(&self, app: &TestApp) -> String {
        self.code_off(app, 0)
    }

    /// The code of an app whose clock is off by so many seconds.
    pub fn code_off(&self, app: &TestApp, seconds: i64) -> String {
        self.app.shows(seconds_of(app) + seconds)
    }

    /// Waits for the next code.
    pub fn next_code(&self, app: &TestApp) -> String {
        app.advance(TimeDelta::seconds(30));
        self.code(app)
    }

    /// Six digits that are no code of now, nor of a clock that is a little off.
    pub fn wrong_code(&self, app: &TestApp) -> String {
        self.app.never_shows(seconds_of(app))
    }
}

/// The server's time, in seconds after 1970.
fn seconds_of(app: &TestApp) -> i64 {
    app.app.clock.now().and_utc().timestamp()
}

impl Program<'_> {
    /// Starts setting an authenticator app up.
    pub async fn start_totp(&self) -> Authenticator {
        let answer = self
            .post("/mfa/setup", serde_json::json!({"mfaType": "GOOGLE_AUTH"}))
            .await;
        let data = &answer.ok()["data"];
        let mut app = Authenticator::new(data["secret"].as_str().unwrap());
        app.backup_codes = serde_json::from_value(data["backupCodes"].clone()).unwrap();
        app.backup_codes.iter().for_each(|code| keep(code));
        app
    }

    /// Proves it.
    pub async fn finish_totp(&self, code: &str) -> Answer {
        let body = serde_json::json!({"mfaType": "GOOGLE_AUTH", "code": code});
        self.post("/mfa/verify-setup", body).await
    }

    /// Sets an authenticator app up.
    pub async fn set_up_totp(&self) -> Authenticator {
        let app = self.start_totp().await;
        self.finish_totp(&app.code(self.app)).await.ok();
        app
    }

    /// Answers with a code of the authenticator app, or with a backup code.
    pub async fn answer(&self, code: &str) -> Answer {
        let body = serde_json::json!({"mfaType": "GOOGLE_AUTH", "code": code});
        self.post("/mfa/verify-login", body).await
    }

    /// The caller's own MFA status.
    pub async fn status(&self) -> serde_json::Value {
        self.get("/mfa/status").await.ok()["data"].clone()
    }
}

impl<'a> Person<'a> {
    /// A program that is signed in with password and the authenticator app's next code.
    pub async fn sign_in_with(&self, app: &Authenticator) -> Program<'a> {
        let limited = self.sign_in().await;
        let answer = limited.answer(&app.next_code(self.app)).await;
        answer.ok();
        Program {
            access: Some(answer.text("/fullAccessToken")),
            refresh: Some(answer.text("/refreshToken")),
            ..limited
        }
    }
}
