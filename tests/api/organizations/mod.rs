//! Organizations over the JSON API: what they ask of their members, and who those are.

mod adoption;
mod checks;
mod members;
mod reminders;
mod requirement;

use countersign::accounts::users::Role;
use serde_json::{Value, json};

use crate::support::authenticator::Authenticator;
use crate::support::{Answer, Person, Program, TestApp};

/// An owner of the organization "A" with an authenticator app.
async fn owner(app: &TestApp) -> (Person<'_>, Program<'_>, Authenticator) {
    protected(app, Role::Owner).await
}

/// Somebody of "A" with this role and an authenticator app.
async fn protected(app: &TestApp, role: Role) -> (Person<'_>, Program<'_>, Authenticator) {
    let person = app.user().in_organization("A").role(role);
    let (person, program) = person.signed_in().await;
    let authenticator = program.set_up_totp().await;
    (person, program, authenticator)
}

/// An ordinary member of "A" without anything.
async fn member(app: &TestApp) -> (Person<'_>, Program<'_>) {
    app.user().in_organization("A").signed_in().await
}

impl Program<'_> {
    async fn enforce(&self, body: Value) -> Answer {
        self.post("/mfa/organization/enforce", body).await
    }

    /// What a route that answers no JSON says.
    async fn get_raw(&self, path: &str) -> (u16, String) {
        let answer = self.request(reqwest::Method::GET, path).send().await;
        let answer = answer.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn require(&self) {
        self.enforce(json!({"enforced": true})).await.ok();
    }
}
