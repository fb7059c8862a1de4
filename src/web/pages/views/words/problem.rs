//! Why a form was refused.

use super::super::{Clock, TriesLeft, When};
use crate::web::pages::frame::Problem;
use crate::words::Messages;

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
    /// `email` is the address that the account has.
    EmailSame,
    /// Too many mails were asked for (429); the next one at this time (`When::clock`).
    MailThrottled(When),
    /// `password` is empty, where an existing one is asked for.
    PasswordEmpty,
    /// Sign-in: unknown address, wrong password or disabled account, one sentence for all.
    WrongPair,
    /// Step-up: the password is wrong.
    WrongPassword,
    /// Sign-in: too many failures (429); may be tried again at this time (`When::clock`).
    SignInThrottled(When),
    /// The same elsewhere.
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
    /// A backup code where something stronger is asked for.
    BackupCodeNotEnough,
    /// `code`, out of a mail: empty.
    MailCodeEmpty,
    /// `code`, out of a mail: wrong.
    MailCodeWrong(TriesLeft),
    /// `code`, out of a mail: was accepted before, has run out, or a newer one was sent.
    MailCodeSpent,
    /// The mail of a set-up is used up: too many wrong codes, or it ran out.
    MailCodeOver,
    /// Another mail may be asked for at this time (429).
    MailTooSoon(When),
    /// No mail server took the mail (503).
    MailUnavailable,
    /// `code`: too many wrong ones, or too many from one address (429); may be tried again at this time
    /// (`When::clock`).
    CodeThrottled(When),
    /// Codes of every kind are switched off for the account.
    CodesSuspended,
    /// A passkey at sign-in that is not, or no longer, registered.
    PasskeyUnknown,
    /// A passkey at sign-in that proves nothing.
    PasskeyRefused,
    /// The same where other ways stand below.
    PasskeyRefusedHere,
    /// Too many passkeys from one address; when the next one counts.
    PasskeyThrottled(When),
    /// A new passkey that could not be checked.
    PasskeyNotAdded,
    /// There are as many as an account may have.
    PasskeysFull(usize),
    /// No name.
    PasskeyNameEmpty,
    /// A name with more characters than this.
    PasskeyNameLong(usize),
    /// A name that another passkey has.
    PasskeyNameTaken(String),
    /// `from` is no day.
    DateFormat,
    /// `from` is over.
    DateOver,
    /// `from` is too far away.
    DateFar,
    /// `days` is no number up to this one.
    ExtraDays(i32),
    /// `trust_days` is no number up to this one.
    TrustDays(i32),
    /// No method would count.
    NoMethodCounts,
    /// Whoever demands a second factor of others has none that counts (403).
    OwnFactorNeeded,
    /// `reason` is empty.
    ReasonEmpty,
    /// `reason` has more characters than this.
    ReasonLong(usize),
    /// `reason` holds what cannot be shown as it was typed.
    ReasonOdd,
    /// What was decided on has changed (409).
    Outdated,
    /// `confirm` is not this address.
    ConfirmAddress(String),
}

impl FormProblem {
    /// The field it stands at and the sentence.
    pub fn problem(&self, t: &Messages) -> Problem {
        let (field, text) = match self {
            Self::PageOld => ("", t.text("form-problem-page-old")),
            Self::Busy => ("", t.text("form-problem-busy")),
            Self::EmailEmpty => ("email", t.text("form-problem-email-empty")),
            Self::EmailFormat => ("email", t.text("form-problem-email-format")),
            Self::EmailSame => ("email", t.text("form-problem-email-same")),
            Self::MailThrottled(until) => (
                "email",
                t.with("form-problem-throttled", "time", &until.text),
            ),
            Self::PasswordEmpty => ("password", t.text("form-problem-password-empty")),
            Self::WrongPair => ("password", t.text("form-problem-wrong-pair")),
            Self::WrongPassword => ("password", t.text("form-problem-wrong-password")),
            Self::SignInThrottled(until) => (
                "password",
                t.with("form-problem-sign-in-throttled", "time", &until.text),
            ),
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
            Self::BackupCodeNotEnough => ("", t.text("form-problem-backup-code-not-enough")),
            Self::MailCodeEmpty => ("code", t.text("form-problem-mail-code-empty")),
            Self::MailCodeWrong(left) => {
                let wrong = t.text("form-problem-mail-code-wrong");
                ("code", sentences([Some(wrong), tries(t, left)]))
            }
            Self::MailCodeSpent => ("code", t.text("form-problem-mail-code-spent")),
            Self::MailCodeOver => ("", t.text("form-problem-mail-code-over")),
            Self::MailTooSoon(at) => ("", t.with("form-problem-mail-too-soon", "time", &at.text)),
            Self::MailUnavailable => ("", t.text("form-problem-mail-unavailable")),
            Self::CodeThrottled(until) => (
                "code",
                t.with("form-problem-throttled", "time", &until.text),
            ),
            Self::CodesSuspended => ("", t.text("form-problem-codes-suspended")),
            Self::PasskeyUnknown => ("", t.text("form-problem-passkey-unknown")),
            Self::PasskeyRefused => ("", t.text("form-problem-passkey-refused")),
            Self::PasskeyRefusedHere => ("", t.text("form-problem-passkey-refused-here")),
            Self::PasskeyThrottled(until) => {
                ("", t.with("form-problem-throttled", "time", &until.text))
            }
            Self::PasskeyNotAdded => ("", t.text("form-problem-passkey-not-added")),
            Self::PasskeysFull(max) => ("", t.with("form-problem-passkeys-full", "max", max)),
            Self::PasskeyNameEmpty => ("name", t.text("form-problem-passkey-name-empty")),
            Self::PasskeyNameLong(max) => {
                ("name", t.with("form-problem-passkey-name-long", "max", max))
            }
            Self::PasskeyNameTaken(name) => (
                "name",
                t.with("form-problem-passkey-name-taken", "name", name),
            ),
            Self::DateFormat => ("from", t.text("form-problem-date-format")),
            Self::DateOver => ("from", t.text("form-problem-date-over")),
            Self::DateFar => ("from", t.text("form-problem-date-far")),
            Self::ExtraDays(max) => ("days", t.with("form-problem-extra-days", "max", max)),
            Self::TrustDays(max) => ("trust_days", t.with("form-problem-extra-days", "max", max)),
            Self::NoMethodCounts => ("passkey", t.text("form-problem-no-method-counts")),
            Self::OwnFactorNeeded => ("", t.text("form-problem-own-factor-needed")),
            Self::ReasonEmpty => ("reason", t.text("form-problem-reason-empty")),
            Self::ReasonLong(max) => ("reason", t.with("form-problem-reason-long", "max", max)),
            Self::ReasonOdd => ("reason", t.text("form-problem-reason-odd")),
            Self::Outdated => ("", t.text("form-problem-outdated")),
            Self::ConfirmAddress(address) => (
                "confirm",
                t.with("form-problem-confirm-address", "address", address),
            ),
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
}
