//! The sentences that handlers put into a page: why a form was refused, what just worked, what an event in
//! the activity list was. Handlers name the case, the message files have the words.

use serde::{Deserialize, Serialize};

use super::When;
use crate::web::messages::Messages;
use crate::web::pages::frame::Problem;

/// Why a form was refused. Each case knows its field and its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormProblem {
    /// The form token was missing or stale.
    PageOld,
    /// No hashing permit came free in time (503).
    Busy,
    /// `email` is empty.
    EmailEmpty,
    /// `email` has no `@`.
    EmailFormat,
    /// `password` is empty, where an existing one is asked for.
    PasswordEmpty,
    /// Sign-in: unknown address, wrong password or disabled account, one sentence for all.
    WrongPair,
    /// Step-up: the password is wrong.
    WrongPassword,
    /// Too many failures (429); may be tried again at this time (`When::clock`).
    Throttled(When),
    /// The new `password` is empty.
    NewPasswordEmpty,
    /// The new `password` has fewer characters than this.
    NewPasswordShort(usize),
    /// The new `password` has more characters than this.
    NewPasswordLong(usize),
    /// The new `password` is on the blocklist.
    NewPasswordCommon,
    /// The new `password` is a name or address of the account, organization or service.
    NewPasswordPersonal,
    /// The new `password` equals the current one.
    NewPasswordSame,
    /// `current_password` is empty.
    CurrentPasswordEmpty,
    /// `current_password` is wrong.
    CurrentPasswordWrong,
    /// `organization` is empty.
    OrganizationEmpty,
    /// `organization` has more characters than this.
    OrganizationLong(usize),
    /// `first_name` is empty.
    FirstNameEmpty,
    /// `first_name` has more characters than this.
    FirstNameLong(usize),
    /// `last_name` is empty.
    LastNameEmpty,
    /// `last_name` has more characters than this.
    LastNameLong(usize),
}

impl FormProblem {
    /// The field it stands at and the sentence.
    pub fn problem(&self, t: &Messages) -> Problem {
        let (field, text) = match self {
            Self::PageOld => ("", t.text("form-problem-page-old")),
            Self::Busy => ("", t.text("form-problem-busy")),
            Self::EmailEmpty => ("email", t.text("form-problem-email-empty")),
            Self::EmailFormat => ("email", t.text("form-problem-email-format")),
            Self::PasswordEmpty => ("password", t.text("form-problem-password-empty")),
            Self::WrongPair => ("password", t.text("form-problem-wrong-pair")),
            Self::WrongPassword => ("password", t.text("form-problem-wrong-password")),
            Self::Throttled(until) => (
                "password",
                t.with("form-problem-throttled", "time", &until.text),
            ),
            Self::NewPasswordEmpty => ("password", t.text("form-problem-new-password-empty")),
            Self::NewPasswordShort(min) => (
                "password",
                t.with("form-problem-new-password-short", "min", min),
            ),
            Self::NewPasswordLong(max) => (
                "password",
                t.with("form-problem-new-password-long", "max", max),
            ),
            Self::NewPasswordCommon => ("password", t.text("form-problem-new-password-common")),
            Self::NewPasswordPersonal => ("password", t.text("form-problem-new-password-personal")),
            Self::NewPasswordSame => ("password", t.text("form-problem-new-password-same")),
            Self::CurrentPasswordEmpty => (
                "current_password",
                t.text("form-problem-current-password-empty"),
            ),
            Self::CurrentPasswordWrong => (
                "current_password",
                t.text("form-problem-current-password-wrong"),
            ),
            Self::OrganizationEmpty => ("organization", t.text("form-problem-organization-empty")),
            Self::OrganizationLong(max) => (
                "organization",
                t.with("form-problem-organization-long", "max", max),
            ),
            Self::FirstNameEmpty => ("first_name", t.text("form-problem-first-name-empty")),
            Self::FirstNameLong(max) => (
                "first_name",
                t.with("form-problem-first-name-long", "max", max),
            ),
            Self::LastNameEmpty => ("last_name", t.text("form-problem-last-name-empty")),
            Self::LastNameLong(max) => (
                "last_name",
                t.with("form-problem-last-name-long", "max", max),
            ),
        };
        Problem { field, text }
    }
}

/// What just worked, for the line at the top of the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flash {
    /// On /login after signing out.
    SignedOut,
    /// On /login after a one-time password link was used.
    PasswordChosen,
    /// On /security after the password form.
    PasswordChanged,
    /// On /security after the welcome form; the organization's name.
    OrganizationCreated(String),
    /// On the page the person was sent back to after the step-up.
    Confirmed,
    /// On /security; the device's name as its row showed it.
    DeviceSignedOut(String),
    /// On /security; how many.
    OthersSignedOut(usize),
}

impl Flash {
    /// The sentence.
    pub fn text(&self, t: &Messages) -> String {
        match self {
            Self::SignedOut => t.text("flash-signed-out"),
            Self::PasswordChosen => t.text("flash-password-chosen"),
            Self::PasswordChanged => t.text("flash-password-changed"),
            Self::OrganizationCreated(name) => {
                t.with("flash-organization-created", "organization", name)
            }
            Self::Confirmed => t.text("flash-confirmed"),
            Self::DeviceSignedOut(name) => t.with("flash-device-signed-out", "device", name),
            Self::OthersSignedOut(count) => t.count("flash-others-signed-out", count),
        }
    }
}

/// What an event in the activity list was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The password was right and the person is signed in.
    SignedIn,
    /// A wrong password at sign-in.
    SignInFailed,
    /// Signed out by its own button.
    SignedOut,
    /// One device was signed out from another; its name, if the record has one.
    DeviceSignedOut(Option<String>),
    /// Every other device was signed out.
    OthersSignedOut,
    /// The step-up worked.
    Confirmed,
    /// A wrong password at the step-up.
    ConfirmFailed,
    /// The account came into being.
    AccountCreated,
    /// The organization came into being.
    OrganizationCreated,
    /// A password was chosen with a one-time link.
    PasswordChosen,
    /// The password was changed with the old one.
    PasswordChanged,
    /// The password was not changed: the current one was wrong.
    PasswordChangeFailed,
    /// The names were changed.
    ProfileChanged,
    /// A used refresh token was presented again.
    TokenReused,
    /// A one-time password link was made.
    LinkIssued,
    /// An administrator reset the account's multi-factor authentication.
    MfaReset,
    /// Anything else, under the name it is recorded with.
    Other(String),
}

impl Event {
    /// The sentence, in the past tense.
    pub fn text(&self, t: &Messages) -> String {
        match self {
            Self::SignedIn => t.text("activity-signed-in"),
            Self::SignInFailed => t.text("activity-sign-in-failed"),
            Self::SignedOut => t.text("activity-signed-out"),
            Self::DeviceSignedOut(None) => t.text("activity-device-signed-out"),
            Self::DeviceSignedOut(Some(name)) => {
                t.with("activity-device-signed-out-named", "name", name)
            }
            Self::OthersSignedOut => t.text("activity-others-signed-out"),
            Self::Confirmed => t.text("activity-confirmed"),
            Self::ConfirmFailed => t.text("activity-confirm-failed"),
            Self::AccountCreated => t.text("activity-account-created"),
            Self::OrganizationCreated => t.text("activity-organization-created"),
            Self::PasswordChosen => t.text("activity-password-chosen"),
            Self::PasswordChanged => t.text("activity-password-changed"),
            Self::PasswordChangeFailed => t.text("activity-password-change-failed"),
            Self::ProfileChanged => t.text("activity-profile-changed"),
            Self::TokenReused => t.text("activity-token-reused"),
            Self::LinkIssued => t.text("activity-link-issued"),
            Self::MfaReset => t.text("activity-mfa-reset"),
            Self::Other(event) => t.with("activity-other", "event", event),
        }
    }

    /// Whether the row is marked as a failure.
    pub fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::SignInFailed
                | Self::ConfirmFailed
                | Self::PasswordChangeFailed
                | Self::TokenReused
        )
    }
}
