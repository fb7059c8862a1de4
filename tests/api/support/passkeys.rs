//! What programs, people and the scripts of pages do with passkeys, the answers of a [`SoftPasskey`] in their hands.

use serde_json::{Value, json};

use super::soft_passkey::SoftPasskey;
use super::{Answer, Browser, Page, Person, Program, TestApp};

impl Program<'_> {
    /// What to hand to `create()`.
    pub async fn creation_options(&self) -> Value {
        let answer = self.post("/mfa/setup", json!({"mfaType": "PASSKEY"})).await;
        answer.ok()["data"]["publicKey"].clone()
    }

    /// What to hand to `create()` for a security key.
    pub async fn security_key_options(&self) -> Value {
        let body = json!({"mfaType": "PASSKEY", "securityKey": true});
        self.post("/mfa/setup", body).await.ok()["data"]["publicKey"].clone()
    }

    /// Hands over what `create()` answered.
    pub async fn register(&self, credential: Value) -> Answer {
        let body = json!({"credential": credential});
        self.post("/mfa/passkey/complete-registration", body).await
    }

    /// Makes a passkey with what the server asks for, and hands it over.
    pub async fn try_passkey(&self, key: &mut SoftPasskey) -> Answer {
        let options = self.creation_options().await;
        self.register(key.create(&options).json()).await
    }

    /// Adds a passkey.
    pub async fn enrol(&self, key: &mut SoftPasskey) {
        self.try_passkey(key).await.ok();
    }

    /// What to hand to `get()`.
    pub async fn request_options(&self) -> Value {
        let answer = self.post_nothing("/mfa/passkey/auth-options").await;
        answer.ok()["data"].clone()
    }

    /// Hands over what `get()` answered.
    pub async fn present(&self, credential: Value) -> Answer {
        let body = json!({"mfaType": "PASSKEY", "credential": credential});
        self.post("/mfa/verify-login", body).await
    }

    /// Proves with a passkey that it is its holder.
    pub async fn prove(&self, key: &SoftPasskey) -> Answer {
        let options = self.request_options().await;
        self.present(key.get(&options).json()).await
    }

    /// One's own passkeys.
    pub async fn own_passkeys(&self) -> Vec<Value> {
        let answer = self.get("/mfa/passkeys").await;
        answer.ok()["data"].as_array().unwrap().clone()
    }

    /// The paths of one's own passkeys, oldest first.
    pub async fn passkey_paths(&self) -> Vec<String> {
        let own = self.own_passkeys().await.into_iter();
        own.map(|one| format!("/mfa/passkeys/{}", one["id"].as_str().unwrap()))
            .collect()
    }

    /// The path of one's newest passkey.
    pub async fn newest_passkey(&self) -> String {
        self.passkey_paths().await.pop().unwrap()
    }
}

impl<'a> Person<'a> {
    /// A program that is signed in with the password and a passkey.
    pub async fn sign_in_by(&self, key: &SoftPasskey) -> Program<'a> {
        let limited = self.sign_in().await;
        let answer = limited.prove(key).await;
        answer.ok();
        Program {
            access: Some(answer.text("/fullAccessToken")),
            refresh: Some(answer.text("/refreshToken")),
            ..limited
        }
    }
}

impl TestApp {
    /// What to hand to `get()` before anybody has said who.
    pub async fn sign_in_options(&self) -> Value {
        let path = "/user/login/passkey/options";
        self.stranger().post_nothing(path).await.ok()["data"].clone()
    }

    /// Signs in with a passkey alone.
    pub async fn sign_in_alone(&self, credential: Value) -> Answer {
        let body = json!({"credential": credential});
        self.stranger().post("/user/login/passkey", body).await
    }

    /// Signs in with what the server asks for.
    pub async fn sign_in_with_only(&self, key: &SoftPasskey) -> Answer {
        let options = self.sign_in_options().await;
        self.sign_in_alone(key.get(&options).json()).await
    }
}

impl Browser<'_> {
    /// What a page's script asks for before it calls the authenticator.
    pub async fn passkey_options(&self, page: &Page, path: &str) -> Value {
        let csrf = page.attribute("input[name=csrf]", "value").unwrap();
        let answer = self.post(path, &[("csrf".to_owned(), csrf)]).await;
        assert_eq!(answer.status, 200, "{}", answer.html);
        serde_json::from_str(&answer.html).unwrap()
    }
}

impl Page {
    /// The fields of the form around a button, as the script fills them with what the authenticator answered.
    pub fn with_passkey(&self, form: &str, credential: &Value) -> Vec<(String, String)> {
        let mut fields = self.form_at(form).1;
        fields.retain(|(name, _)| name != "credential");
        fields.push(("credential".to_owned(), credential.to_string()));
        fields
    }
}
