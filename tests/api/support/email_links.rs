//! Email links as people find them in their mailboxes, and what programs do with them.

use serde_json::{Value, json};

use super::mail_server::{MailServer, Received};
use super::{Answer, Program, TestApp};

/// An email link as its reader sees it.
#[derive(Debug, Clone)]
pub struct EmailLink {
    /// The link without the origin.
    pub path: String,
    /// What stands behind its last slash.
    pub token: String,
    /// The six digits.
    pub code: String,
    /// The whole text.
    pub text: String,
}

impl EmailLink {
    /// Reads one; panics at a mail that has none.
    pub fn of(mail: &Received, origin: &str) -> Self {
        let text = mail.text();
        let line = text.lines().find(|line| line.starts_with(origin)).unwrap();
        let path = line.trim()[origin.len()..].to_owned();
        let code = text.trim_end().rsplit_once('#').unwrap().1.to_owned();
        Self {
            token: path.rsplit_once('/').unwrap().1.to_owned(),
            path,
            code,
            text,
        }
    }
}

impl MailServer {
    /// The newest mail to an address, which has to be an email link.
    pub fn newest_link(&self, app: &TestApp, email: &str) -> EmailLink {
        let newest = self.received_by(email).pop();
        EmailLink::of(&newest.unwrap(), &app.origin)
    }
}

/// A server that sends its mails to a mail server, as many as a test needs.
pub async fn mailed() -> (TestApp, MailServer) {
    TestApp::spawn_with_mail(|config| {
        config.limits.mail = Vec::new();
        config.limits.code_address = None;
    })
    .await
}

impl Program<'_> {
    /// Asks for the mail that sets the method up.
    pub async fn start_email_link(&self) -> Answer {
        self.post("/mfa/setup", json!({"mfaType": "MAGIC_LINK"}))
            .await
    }

    /// Sets the email link up, by the code of the mail.
    pub async fn set_up_email_link(&self, server: &MailServer, email: &str) {
        self.start_email_link().await.ok();
        let code = server.newest_link(self.app, email).code;
        self.finish_email_link(&code).await.ok();
    }

    /// Proves a set-up by a code.
    pub async fn finish_email_link(&self, code: &str) -> Answer {
        let body = json!({"mfaType": "MAGIC_LINK", "code": code});
        self.post("/mfa/verify-setup", body).await
    }

    /// Asks for the mail of the second step.
    pub async fn send_email_link(&self) -> Answer {
        self.post_nothing("/mfa/magic-link/send").await
    }

    /// Answers the second step with `{"code": ...}` or `{"token": ...}`.
    pub async fn answer_email_link(&self, with: &str, value: &str) -> Answer {
        let mut body: Value = json!({"mfaType": "MAGIC_LINK"});
        body[with] = value.into();
        self.post("/mfa/verify-login", body).await
    }
}
