//! An authenticator app, on whatever clock it is asked by.

use totp_rs::{Builder, Secret, Totp};

/// An app that holds one secret.
#[derive(Clone)]
pub struct AuthenticatorApp(Totp);

impl AuthenticatorApp {
    /// One that was given this secret.
    pub fn holding(secret: Secret) -> Self {
        let app = Builder::new().with_secret(secret);
        Self(app.with_account_name("test").build().unwrap())
    }

    /// One that scanned this secret, which is in Base32.
    pub fn scanned(secret: &str) -> Self {
        Self::holding(Secret::try_from_base32(secret).unwrap())
    }

    /// What it shows so many seconds after 1970.
    pub fn shows(&self, seconds: i64) -> String {
        self.0.generate(seconds.unsigned_abs()).to_string()
    }

    /// Six digits that it shows nowhere near then.
    pub fn never_shows(&self, seconds: i64) -> String {
        let near: Vec<_> = (-25..=25).map(|n| self.shows(seconds + n * 30)).collect();
        let mut all = (0..).map(|n| format!("{n:06}"));
        all.find(|code| !near.contains(code)).unwrap()
    }
}
