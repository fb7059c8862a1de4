//! Passkeys over the JSON API, answered by an authenticator every byte of which a test can change: the two ceremonies part
//! by part, many at once, and answers that are broken.

mod authentication;
mod counter;
mod discoverable;
mod domain;
mod enrolment;
mod locked;
mod malformed;
mod manage;
mod new_keys;
mod options;
mod origins;
mod registration;
mod removal;
mod single_use;
mod tampering;
mod waiting;

use crate::support::soft_passkey::SoftPasskey;
use crate::support::{Person, Program, TestApp};

/// A server that takes as many wrong passkeys from one address as a test needs.
async fn patient_app() -> TestApp {
    TestApp::spawn_with(|config| config.limits.code_address = None).await
}

/// Somebody with a passkey, and the program that made it.
async fn holder(app: &TestApp) -> (Person<'_>, Program<'_>, SoftPasskey) {
    let (person, program) = app.user().signed_in().await;
    let mut key = SoftPasskey::new(app);
    program.enrol(&mut key).await;
    (person, program, key)
}
