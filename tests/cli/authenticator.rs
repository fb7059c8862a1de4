//! An authenticator app that belongs to somebody.

#[allow(dead_code)] // the other test programs need more of it
#[path = "../shared/authenticator.rs"]
mod shared;

use serde_json::json;

use self::shared::AuthenticatorApp;
use crate::support::Server;

/// An app that was set up, with the backup codes that came with it.
pub struct App {
    app: AuthenticatorApp,
    pub backup_codes: Vec<String>,
}

impl App {
    /// Sets an app up for whoever holds this token. The code of the step before proves it, so that those of now and of the
    /// next step are unspent.
    pub async fn set_up(server: &Server, token: &str) -> Self {
        let body = json!({"mfaType": "GOOGLE_AUTH"});
        let (status, answer) = server.call("POST", "/mfa/setup", token, body).await;
        assert_eq!(status, 200, "{answer}");
        let secret = answer["data"]["secret"].as_str().unwrap();
        let app = Self {
            app: AuthenticatorApp::scanned(secret),
            backup_codes: serde_json::from_value(answer["data"]["backupCodes"].clone()).unwrap(),
        };
        let body = json!({"mfaType": "GOOGLE_AUTH", "code": app.code(-1)});
        let (status, answer) = server.call("POST", "/mfa/verify-setup", token, body).await;
        assert_eq!(status, 200, "{answer}");
        app
    }

    /// The code that it shows `steps` from now.
    pub fn code(&self, steps: i64) -> String {
        self.app.shows(chrono::Utc::now().timestamp() + steps * 30)
    }
}

/// Signs in with the password and a code, and answers the status and the body of the second step.
pub async fn sign_in_with(server: &Server, email: &str, code: &str) -> (u16, serde_json::Value) {
    let (limited, _) = server.sign_in(email).await;
    let body = json!({"mfaType": "GOOGLE_AUTH", "code": code});
    server
        .call("POST", "/mfa/verify-login", &limited, body)
        .await
}
