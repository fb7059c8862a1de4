//! What happened, in the past tense.

use super::super::{Code, methods};
use crate::accounts::users::Role;
use crate::mfa::Method;
use crate::words::Messages;

/// What an event in the activity list was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The password was right and the person is signed in.
    SignedIn,
    /// The password was right, and the browser is trusted.
    SignedInByTrust,
    /// The device of a sign-in was new, or not used for a long time.
    NewDevice,
    /// No second factor followed a right password.
    Unfinished,
    /// The password was right, and a second factor is owed.
    PasswordAccepted,
    /// The authenticator app finished a sign-in.
    SignedInWithApp,
    /// An email link finished a sign-in.
    SignedInWithMail,
    /// An email link was sent, to finish a sign-in or to confirm.
    MailSent,
    /// A backup code finished a sign-in; how many are left, if the record has it.
    SignedInWithBackupCode(Option<u32>),
    /// A passkey signed in, alone or after the password; its name then, if the record has it.
    SignedInWithPasskey(Option<String>),
    /// A wrong password at sign-in.
    SignInFailed,
    /// Signed out by its own button.
    SignedOut,
    /// One device was signed out from another; its name, if the record has one.
    DeviceSignedOut(Option<String>),
    /// Every other device was signed out.
    OthersSignedOut,
    /// The browser is trusted for so many days.
    TrustGiven(u32),
    /// One browser is not trusted any more; its name, if it has one.
    TrustEnded(Option<String>),
    /// No browser is trusted any more.
    AllTrustEnded,
    /// The same of one, because a copy of what it keeps may be in use; its name, if it has one.
    TrustCopied(Option<String>),
    /// The step-up worked.
    Confirmed,
    /// The step-up worked, with the authenticator app.
    ConfirmedWithApp,
    /// The step-up worked, with an email link.
    ConfirmedWithMail,
    /// The step-up worked, with a backup code; how many are left, if the record has it.
    ConfirmedWithBackupCode(Option<u32>),
    /// The step-up worked, with a passkey; its name then, if the record has it.
    ConfirmedWithPasskey(Option<String>),
    /// A passkey that could not be checked, or was not to be used here.
    PasskeyRefused,
    /// A passkey that counted backwards.
    PasskeyCounter,
    /// A passkey was added, under this name.
    PasskeyAdded(String),
    /// A new passkey could not be checked.
    PasskeyNotAdded,
    /// A passkey got this name.
    PasskeyRenamed(String),
    /// The passkey of this name was removed.
    PasskeyRemoved(String),
    /// A wrong code.
    CodeWrong(Code),
    /// A code that was used before.
    CodeSpent(Code),
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
    /// Another language was chosen.
    LanguageChanged,
    /// A used refresh token was presented again.
    TokenReused,
    /// A one-time password link was made.
    LinkIssued,
    /// Such a link was asked for by mail too often, or for an account that is switched off.
    LinkRefused,
    /// A link that proves a new address was asked for.
    AddressAsked,
    /// The account has this address from then on.
    AddressChanged(String),
    /// Members may have a browser trusted for so many days.
    TrustDaysChanged(u32),
    /// An administrator reset the account's multi-factor authentication; with the name, where one is known.
    MfaReset(Option<String>),
    /// Something that only administrators may do.
    Refused,
    /// The organization requires MFA from this day.
    EnforceOn {
        /// That day.
        from: String,
        /// The methods that count.
        methods: Vec<Method>,
        /// How many days new members have.
        days: u32,
    },
    /// It does not any more.
    EnforceOff,
    /// It recommends it.
    Recommended,
    /// The organization has this name from then on.
    OrganizationRenamed(String),
    /// A member's MFA was reset by this account.
    MemberReset(String),
    /// The administrators were asked for a reset.
    ResetAsked,
    /// The account has this role from then on.
    RoleChanged(Role),
    /// A member was changed by this account.
    MemberChanged(String),
    /// A member was removed by this account.
    MemberRemoved(String),
    /// Anything else, under the name it is recorded with.
    Other(String),
}

impl Event {
    /// The sentence, in the past tense.
    pub fn text(&self, t: &Messages) -> String {
        match self {
            Self::SignedIn => t.text("activity-signed-in"),
            Self::NewDevice => t.text("activity-new-device"),
            Self::Unfinished => t.text("activity-unfinished"),
            Self::SignInFailed => t.text("activity-sign-in-failed"),
            Self::SignedOut => t.text("activity-signed-out"),
            Self::DeviceSignedOut(None) => t.text("activity-device-signed-out"),
            Self::DeviceSignedOut(Some(name)) => {
                t.with("activity-device-signed-out-named", "name", name)
            }
            Self::OthersSignedOut => t.text("activity-others-signed-out"),
            Self::Confirmed => t.text("activity-confirmed"),
            Self::PasswordAccepted => t.text("activity-password-accepted"),
            Self::SignedInWithApp => t.text("activity-signed-in-app"),
            Self::SignedInWithMail => t.text("activity-signed-in-email"),
            Self::MailSent => t.text("activity-email-sent"),
            Self::SignedInWithPasskey(None) => t.text("activity-signed-in-passkey"),
            Self::SignedInWithPasskey(Some(name)) => {
                t.with("activity-signed-in-passkey-named", "name", name)
            }
            Self::SignedInWithBackupCode(None) => t.text("activity-signed-in-code"),
            Self::SignedInWithBackupCode(Some(left)) => {
                t.count("activity-signed-in-code-left", left)
            }
            Self::ConfirmedWithApp => t.text("activity-confirmed-app"),
            Self::ConfirmedWithMail => t.text("activity-confirmed-email"),
            Self::ConfirmedWithPasskey(None) => t.text("activity-confirmed-passkey"),
            Self::ConfirmedWithPasskey(Some(name)) => {
                t.with("activity-confirmed-passkey-named", "name", name)
            }
            Self::PasskeyRefused => t.text("activity-passkey-refused"),
            Self::PasskeyCounter => t.text("activity-passkey-counter"),
            Self::PasskeyAdded(name) => t.with("activity-passkey-added", "name", name),
            Self::PasskeyNotAdded => t.text("activity-passkey-not-added"),
            Self::PasskeyRenamed(name) => t.with("activity-passkey-renamed", "name", name),
            Self::PasskeyRemoved(name) => t.with("activity-passkey-removed", "name", name),
            Self::ConfirmedWithBackupCode(None) => t.text("activity-confirmed-code"),
            Self::ConfirmedWithBackupCode(Some(left)) => {
                t.count("activity-confirmed-code-left", left)
            }
            Self::CodeWrong(Code::App) => t.text("activity-app-code-wrong"),
            Self::CodeWrong(Code::Mail) => t.text("activity-email-code-wrong"),
            Self::CodeWrong(Code::Backup) => t.text("activity-backup-code-wrong"),
            Self::CodeSpent(Code::App) => t.text("activity-app-code-spent"),
            Self::CodeSpent(Code::Mail) => t.text("activity-email-code-spent"),
            Self::CodeSpent(Code::Backup) => t.text("activity-backup-code-spent"),
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
            Self::LanguageChanged => t.text("activity-language-changed"),
            Self::TokenReused => t.text("activity-token-reused"),
            Self::LinkIssued => t.text("activity-link-issued"),
            Self::LinkRefused => t.text("activity-link-refused"),
            Self::AddressAsked => t.text("activity-address-asked"),
            Self::AddressChanged(address) => t.with("activity-address-changed", "address", address),
            Self::MfaReset(None) => t.text("activity-mfa-reset"),
            Self::MfaReset(Some(name)) => t.with("activity-mfa-reset-named", "name", name),
            Self::Refused => t.text("activity-refused"),
            Self::EnforceOn {
                from,
                methods,
                days,
            } => t.with3(
                "activity-enforce-on",
                ("date", from),
                ("methods", methods::names(t, methods)),
                ("days", days),
            ),
            Self::EnforceOff => t.text("activity-enforce-off"),
            Self::Recommended => t.text("activity-recommended"),
            Self::OrganizationRenamed(name) => {
                t.with("activity-organization-renamed", "name", name)
            }
            Self::MemberReset(member) => t.with("activity-member-reset", "member", member),
            Self::ResetAsked => t.text("activity-reset-asked"),
            Self::RoleChanged(role) => {
                t.with("activity-role-changed", "role", super::role(t, *role))
            }
            Self::MemberChanged(member) => t.with("activity-member-changed", "member", member),
            Self::MemberRemoved(member) => t.with("activity-member-removed", "member", member),
            Self::SignedInByTrust => t.text("activity-signed-in-trust"),
            Self::TrustGiven(days) => t.count("activity-trust-given", days),
            Self::TrustEnded(None) => t.text("activity-trust-ended"),
            Self::TrustEnded(Some(name)) => t.with("activity-trust-ended-named", "name", name),
            Self::AllTrustEnded => t.text("activity-trust-ended-all"),
            Self::TrustCopied(None) => t.text("activity-trust-copied"),
            Self::TrustCopied(Some(name)) => t.with("activity-trust-copied-named", "name", name),
            Self::TrustDaysChanged(days) => t.count("activity-trust-days", days),
            Self::Other(event) => t.with("activity-other", "event", event),
        }
    }

    /// Whether the row is marked as a failure.
    pub fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::SignInFailed
                | Self::Unfinished
                | Self::ConfirmFailed
                | Self::PasswordChangeFailed
                | Self::TokenReused
                | Self::TrustCopied(_)
                | Self::LinkRefused
                | Self::Refused
                | Self::CodeWrong(_)
                | Self::CodeSpent(_)
                | Self::CodesLocked
                | Self::CodesSuspended
                | Self::PasskeyRefused
                | Self::PasskeyCounter
                | Self::PasskeyNotAdded
        )
    }
}
