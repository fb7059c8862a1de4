//! The sentences that handlers put into a page: why a form was refused, what just worked, what an event in
//! the activity list was. Handlers name the case, the message files have the words.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Clock, TriesLeft, Way, When, methods};
use crate::mfa::Method;
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
    /// `code`, of an authenticator app: empty.
    AppCodeEmpty,
    /// `code`, of an authenticator app: not six digits.
    AppCodeLength,
    /// `code`, of an authenticator app: has letters.
    AppCodeLetters,
    /// `code`, of an authenticator app: wrong.
    AppCodeWrong(Clock, TriesLeft),
    /// `code`, of an authenticator app: was accepted before.
    AppCodeSpent,
    /// `code`, a backup code: empty.
    BackupCodeEmpty,
    /// `code`, a backup code: not ten of the characters that codes are made of.
    BackupCodeLength,
    /// `code`, a backup code: wrong.
    BackupCodeWrong(TriesLeft),
    /// `code`, a backup code: was accepted before.
    BackupCodeSpent,
    /// `code`: too many wrong ones, or too many from one address (429); may be tried again at this time
    /// (`When::clock`).
    CodeThrottled(When),
    /// Codes of every kind are switched off for the account.
    CodesSuspended,
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
            Self::AppCodeEmpty => ("code", t.text("form-problem-app-code-empty")),
            Self::AppCodeLength => ("code", t.text("form-problem-app-code-length")),
            Self::AppCodeLetters => ("code", t.text("form-problem-app-code-letters")),
            Self::AppCodeWrong(clock, left) => ("code", wrong_app_code(t, *clock, left)),
            Self::AppCodeSpent => ("code", t.text("form-problem-app-code-spent")),
            Self::BackupCodeEmpty => ("code", t.text("form-problem-backup-code-empty")),
            Self::BackupCodeLength => ("code", t.text("form-problem-backup-code-length")),
            Self::BackupCodeWrong(left) => {
                let wrong = t.text("form-problem-backup-code-wrong");
                ("code", sentences([Some(wrong), tries(t, left)]))
            }
            Self::BackupCodeSpent => ("code", t.text("form-problem-backup-code-spent")),
            Self::CodeThrottled(until) => (
                "code",
                t.with("form-problem-throttled", "time", &until.text),
            ),
            Self::CodesSuspended => ("", t.text("form-problem-codes-suspended")),
        };
        Problem { field, text }
    }
}

fn wrong_app_code(t: &Messages, clock: Clock, left: &TriesLeft) -> String {
    let (wrong, advice) = match clock {
        Clock::Unknown => (t.text("form-problem-app-code-wrong"), None),
        Clock::Suspect => (
            t.text("form-problem-app-code-wrong"),
            Some(t.text("form-problem-clock-suspect")),
        ),
        Clock::Behind(minutes) => (
            t.text("form-problem-app-code-off"),
            Some(t.count("form-problem-clock-behind", minutes)),
        ),
        Clock::Ahead(minutes) => (
            t.text("form-problem-app-code-off"),
            Some(t.count("form-problem-clock-ahead", minutes)),
        ),
    };
    sentences([Some(wrong), advice, tries(t, left)])
}

fn tries(t: &Messages, left: &TriesLeft) -> Option<String> {
    match left {
        TriesLeft::Enough => None,
        TriesLeft::Few(count) => Some(t.count("form-problem-tries-left", count)),
        TriesLeft::None(until) => Some(t.with("form-problem-throttled", "time", &until.text)),
    }
}

fn sentences<const N: usize>(sentences: [Option<String>; N]) -> String {
    let said: Vec<_> = sentences.into_iter().flatten().collect();
    said.join(" ")
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
    /// On /security/codes: the app works, and it turned multi-factor authentication on.
    AppFirst,
    /// On /security: the app works, besides other methods.
    AppOn,
    /// On /security: another app took the place of the one before.
    AppReplaced,
    /// On /security: the app was removed, and what is asked for first stays.
    AppRemoved,
    /// On /security: the app was removed, and this method is asked for first from now on.
    AppRemovedNext(#[serde(deserialize_with = "method")] Method),
    /// On /security: the app was the last method and is removed.
    AppRemovedLast,
    /// On /security/app: the set-up that was shown ran out.
    AppSetUpExpired,
    /// On /security/codes.
    CodesCreated,
    /// On /security.
    CodesSaved,
    /// On /security; the method that is asked for first from now on.
    PrimaryChanged(#[serde(deserialize_with = "method")] Method),
    /// On /security: the saved methods are in use again.
    MfaOn,
    /// On /security: no method is in use, all stay saved.
    MfaOff,
}

fn method<'de, D: Deserializer<'de>>(from: D) -> Result<Method, D::Error> {
    let word = String::deserialize(from)?;
    Method::from_wire(&word).ok_or_else(|| D::Error::custom("no such method"))
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
            Self::AppFirst => t.text("flash-app-first"),
            Self::AppOn => t.text("flash-app-on"),
            Self::AppReplaced => t.text("flash-app-replaced"),
            Self::AppRemoved => t.text("flash-app-removed"),
            Self::AppRemovedNext(next) => {
                let next = methods::phrase(t, *next);
                t.with("flash-app-removed-next", "method", next)
            }
            Self::AppRemovedLast => t.text("flash-app-removed-last"),
            Self::AppSetUpExpired => t.text("flash-app-set-up-expired"),
            Self::CodesCreated => t.text("flash-codes-created"),
            Self::CodesSaved => t.text("flash-codes-saved"),
            Self::PrimaryChanged(method) => {
                let method = methods::phrase(t, *method);
                t.with("flash-primary-changed", "method", method)
            }
            Self::MfaOn => t.text("flash-mfa-on"),
            Self::MfaOff => t.text("flash-mfa-off"),
        }
    }
}

/// What an event in the activity list was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The password was right and the person is signed in.
    SignedIn,
    /// The password was right, and a second factor is owed.
    PasswordAccepted,
    /// A second factor finished a sign-in; the backup codes left, when it was one.
    SignedInWith(Way, Option<u32>),
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
    /// The step-up worked, with this; the backup codes left, when it was one.
    ConfirmedWith(Way, Option<u32>),
    /// A wrong code.
    CodeWrong(Way),
    /// A code that was used before.
    CodeSpent(Way),
    /// Too many wrong codes: no more for a while.
    CodesLocked,
    /// Far too many wrong codes: switched off.
    CodesSuspended,
    /// A set-up was started.
    SetUpStarted(Method),
    /// A method was proved, or switched on again.
    MethodEnabled(Method),
    /// A method was switched off.
    MethodDisabled(Method),
    /// A method was removed.
    MethodRemoved(Method),
    /// Another method is asked for first; which, if the record has it.
    PrimaryChanged(Option<Method>),
    /// Every saved method was switched on.
    MfaOn,
    /// Every method was switched off.
    MfaOff,
    /// A new set of backup codes was made.
    BackupCodesCreated,
    /// The account's holder removed every method.
    MfaResetByHolder,
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
            Self::PasswordAccepted => t.text("activity-password-accepted"),
            Self::SignedInWith(Way::App, _) => t.text("activity-signed-in-app"),
            Self::SignedInWith(Way::BackupCode, None) => t.text("activity-signed-in-code"),
            Self::SignedInWith(Way::BackupCode, Some(left)) => {
                t.count("activity-signed-in-code-left", left)
            }
            Self::ConfirmedWith(Way::App, _) => t.text("activity-confirmed-app"),
            Self::ConfirmedWith(Way::BackupCode, None) => t.text("activity-confirmed-code"),
            Self::ConfirmedWith(Way::BackupCode, Some(left)) => {
                t.count("activity-confirmed-code-left", left)
            }
            Self::CodeWrong(Way::App) => t.text("activity-app-code-wrong"),
            Self::CodeWrong(Way::BackupCode) => t.text("activity-backup-code-wrong"),
            Self::CodeSpent(Way::App) => t.text("activity-app-code-spent"),
            Self::CodeSpent(Way::BackupCode) => t.text("activity-backup-code-spent"),
            Self::CodesLocked => t.text("activity-codes-locked"),
            Self::CodesSuspended => t.text("activity-codes-suspended"),
            Self::SetUpStarted(method) => {
                let method = methods::phrase(t, *method);
                t.with("activity-set-up-started", "method", method)
            }
            Self::MethodEnabled(method) => {
                let method = methods::name(t, *method);
                t.with("activity-method-enabled", "method", method)
            }
            Self::MethodDisabled(method) => {
                let method = methods::name(t, *method);
                t.with("activity-method-disabled", "method", method)
            }
            Self::MethodRemoved(method) => {
                let method = methods::name(t, *method);
                t.with("activity-method-removed", "method", method)
            }
            Self::PrimaryChanged(None) => t.text("activity-primary-changed"),
            Self::PrimaryChanged(Some(method)) => {
                let method = methods::phrase(t, *method);
                t.with("activity-primary-changed-to", "method", method)
            }
            Self::MfaOn => t.text("activity-mfa-on"),
            Self::MfaOff => t.text("activity-mfa-off"),
            Self::BackupCodesCreated => t.text("activity-backup-codes-created"),
            Self::MfaResetByHolder => t.text("activity-mfa-reset-by-holder"),
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
                | Self::CodeWrong(_)
                | Self::CodeSpent(_)
                | Self::CodesLocked
                | Self::CodesSuspended
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(problem: &FormProblem) -> String {
        problem.problem(&Messages::default()).text
    }

    #[test]
    fn a_wrong_code_says_why_and_how_many_tries_are_left() {
        let until = || When {
            iso: "2026-11-12T14:05:00Z".into(),
            text: "14:05 UTC".into(),
        };
        let wrong = "That code is not right. Codes change every 30 seconds; enter the newest one.";
        for (clock, left, wanted) in [
            (Clock::Unknown, TriesLeft::Enough, wrong.to_owned()),
            (
                Clock::Suspect,
                TriesLeft::Few(2),
                format!(
                    "{wrong} If it keeps failing, check that the clock on your phone is set automatically. You have 2 tries left."
                ),
            ),
            (
                Clock::Behind(2),
                TriesLeft::Few(1),
                "That code is not right. Your phone's clock is about 2 minutes behind. Set it automatically, then enter the newest code. You have 1 try left.".to_owned(),
            ),
            (
                Clock::Unknown,
                TriesLeft::None(until()),
                format!("{wrong} Too many tries. Try again after 14:05 UTC."),
            ),
        ] {
            assert_eq!(text(&FormProblem::AppCodeWrong(clock, left)), wanted);
        }
        assert_eq!(
            text(&FormProblem::BackupCodeWrong(TriesLeft::Few(1))),
            "That backup code is not right. Check for letters that look alike. You have 1 try left."
        );
    }

    #[test]
    fn a_line_survives_the_cookie() {
        for flash in [
            Flash::AppRemovedNext(Method::Passkey),
            Flash::PrimaryChanged(Method::Totp),
            Flash::MfaOff,
        ] {
            let kept = serde_json::to_string(&flash).unwrap();
            assert_eq!(serde_json::from_str::<Flash>(&kept).unwrap(), flash);
        }
    }
}
