//! An authenticator app: it knows a secret and the server's time.

use chrono::TimeDelta;
use totp_rs::{Builder, Secret, Totp};

use super::watched_log::keep;
use super::{Answer, Person, Program, TestApp};

/// An app that was set up.
#[derive(Clone)]
pub struct Authenticator {
    totp: Totp,
    /// The backup codes that came with the set-up.
    pub backup_codes: Vec<String>,
}

impl Authenticator {
    /// An app that scanned this secret.
    pub fn new(secret: &str) -> Self {
        keep(secret);
        let secret = Secret::try_from_base32(secret).unwrap();
        Self {
            totp: Builder::new()
                .with_secret(secret)
                .with_account_name("test")
                .build()
                .unwrap(),
            backup_codes: Vec::new(),
        }
    }

    /// The code that the app shows now.
    pub fn code(&self, app: &TestApp) -> String {
        self.code_off(app, 0)
    }

    /// The code of an app whose clock is off by so many seconds.
    pub fn code_off(&self, app: &TestApp, seconds: i64) -> String {
        let now = app.app.clock.now().and_utc().timestamp() + seconds;
        self.totp.generate(now.unsigned_abs()).to_string()
    }

    /// Waits for the next code.
    pub fn next_code(&self, app: &TestApp) -> String {
        app.advance(TimeDelta::seconds(30));
        self.code(app)
    }

    /// Six digits that are no code of now, nor of a clock that is a little off.
    pub fn wrong_code(&self, app: &TestApp) -> String {
        let near: Vec<String> = (-25..=25).map(|n| self.code_off(app, n * 30)).collect();
        (0..)
            .map(|n| format!("{n:06}"))
            .find(|code| !near.contains(code))
            .unwrap()
    }
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
