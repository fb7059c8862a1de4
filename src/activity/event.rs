//! What can happen, the word for it in the record, and who is told of it.

/// What happened. The words are those of the OWASP logging vocabulary where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the words say it
pub enum Event {
    SignIn,
    NewDevice,
    Unfinished,
    PasswordAccepted,
    TokenRevoked,
    TokenReuse,
    /// A browser is asked for the password alone for a while.
    TrustGiven,
    TrustRevoked,
    /// What a trusted browser keeps was presented once more than it can be.
    TrustReuse,
    SignOut,
    StepUp,
    PasswordChanged,
    PasswordChosen,
    ProfileChanged,
    AddressChanged,
    AccountCreated,
    OrganizationCreated,
    LinkCreated,
    MagicLinkSent,
    MfaReset,
    MfaSetupStarted,
    MfaEnabled,
    MfaDisabled,
    MfaRemoved,
    MfaPrimary,
    MfaVerify,
    MfaLocked,
    MfaSuspended,
    PasskeyAdded,
    PasskeyRenamed,
    PasskeyRemoved,
    PasskeyCounter,
    BackupCodesCreated,
    Refused,
    EnforceOn,
    EnforceOff,
    OrganizationChanged,
    /// For how many days members may have a browser trusted.
    TrustDaysChanged,
    MemberReset,
    /// Somebody who can't prove who they are asked the administrators for a reset.
    ResetAsked,
    RoleChanged,
    MemberChanged,
    MemberRemoved,
    AccountRemoved,
    DecryptFailed,
    /// Another key seals and signs from then on.
    KeyRotated,
    /// The database was replaced by a copy of it.
    Restored,
}

impl Event {
    /// Every event.
    pub(crate) const ALL: [Self; 47] = [
        Self::SignIn,
        Self::NewDevice,
        Self::Unfinished,
        Self::PasswordAccepted,
        Self::TokenRevoked,
        Self::TokenReuse,
        Self::TrustGiven,
        Self::TrustRevoked,
        Self::TrustReuse,
        Self::SignOut,
        Self::StepUp,
        Self::PasswordChanged,
        Self::PasswordChosen,
        Self::ProfileChanged,
        Self::AddressChanged,
        Self::AccountCreated,
        Self::OrganizationCreated,
        Self::LinkCreated,
        Self::MagicLinkSent,
        Self::MfaReset,
        Self::MfaSetupStarted,
        Self::MfaEnabled,
        Self::MfaDisabled,
        Self::MfaRemoved,
        Self::MfaPrimary,
        Self::MfaVerify,
        Self::MfaLocked,
        Self::MfaSuspended,
        Self::PasskeyAdded,
        Self::PasskeyRenamed,
        Self::PasskeyRemoved,
        Self::PasskeyCounter,
        Self::BackupCodesCreated,
        Self::Refused,
        Self::EnforceOn,
        Self::EnforceOff,
        Self::OrganizationChanged,
        Self::TrustDaysChanged,
        Self::MemberReset,
        Self::ResetAsked,
        Self::RoleChanged,
        Self::MemberChanged,
        Self::MemberRemoved,
        Self::AccountRemoved,
        Self::DecryptFailed,
        Self::KeyRotated,
        Self::Restored,
    ];

    /// The event behind a word in the record.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|event| event.word(true) == word || event.word(false) == word)
    }

    /// The word in the record.
    pub const fn word(self, succeeded: bool) -> &'static str {
        match self {
            Self::SignIn if succeeded => "authn_login_success",
            Self::SignIn => "authn_login_fail",
            Self::NewDevice => "authn_new_device",
            Self::Unfinished => "authn_unfinished",
            Self::PasswordAccepted => "authn_password_success",
            Self::TokenRevoked => "authn_token_revoked",
            Self::TokenReuse => "authn_token_reuse",
            Self::TrustGiven => "authn_trust_created",
            Self::TrustRevoked => "authn_trust_revoked",
            Self::TrustReuse => "authn_trust_reuse",
            Self::SignOut => "authn_logout",
            Self::StepUp => "stepup",
            Self::PasswordChanged => "authn_password_change",
            Self::PasswordChosen => "authn_password_chosen",
            Self::ProfileChanged => "user_changed",
            Self::AddressChanged => "user_address_changed",
            Self::AccountCreated => "user_created",
            Self::OrganizationCreated => "organization_created",
            Self::LinkCreated => "link_created",
            Self::MagicLinkSent => "magic_link_sent",
            Self::MfaReset => "mfa_reset",
            Self::MfaSetupStarted => "mfa_setup_started",
            Self::MfaEnabled => "mfa_enabled",
            Self::MfaDisabled => "mfa_disabled",
            Self::MfaRemoved => "mfa_removed",
            Self::MfaPrimary => "mfa_primary",
            Self::MfaVerify if succeeded => "mfa_verify_success",
            Self::MfaVerify => "mfa_verify_fail",
            Self::MfaLocked => "mfa_verify_lock",
            Self::MfaSuspended => "mfa_suspended",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRenamed => "passkey_renamed",
            Self::PasskeyRemoved => "passkey_removed",
            Self::PasskeyCounter => "passkey_counter_regress",
            Self::BackupCodesCreated => "backup_regenerated",
            Self::Refused => "authz_fail",
            Self::EnforceOn => "enforce_on",
            Self::EnforceOff => "enforce_off",
            Self::OrganizationChanged => "organization_changed",
            Self::TrustDaysChanged => "organization_trust_changed",
            Self::MemberReset => "member_mfa_reset",
            Self::ResetAsked => "mfa_reset_requested",
            Self::RoleChanged => "authz_role_changed",
            Self::MemberChanged => "member_changed",
            Self::MemberRemoved => "member_removed",
            Self::AccountRemoved => "user_removed",
            Self::DecryptFailed => "crypt_decrypt_fail",
            Self::KeyRotated => "key_rotated",
            Self::Restored => "database_restored",
        }
    }
}

impl Event {
    /// Whether the account's holder is told of it by mail. Nobody can switch that off.
    pub(crate) fn is_told(self, succeeded: bool, method: Option<&str>) -> bool {
        match self {
            Self::NewDevice
            | Self::TrustGiven
            | Self::PasswordChanged
            | Self::PasswordChosen
            | Self::AddressChanged
            | Self::MfaEnabled
            | Self::MfaDisabled
            | Self::MfaRemoved
            | Self::MfaPrimary
            | Self::MfaReset
            | Self::PasskeyAdded
            | Self::PasskeyRemoved
            | Self::BackupCodesCreated
            | Self::MemberReset
            | Self::ResetAsked
            | Self::RoleChanged
            | Self::AccountRemoved => succeeded,
            Self::MfaVerify | Self::StepUp => succeeded && method == Some("backup_code"),
            Self::Unfinished
            | Self::MfaLocked
            | Self::MfaSuspended
            | Self::PasskeyCounter
            | Self::TokenReuse
            | Self::TrustReuse => true,
            Self::SignIn
            | Self::PasswordAccepted
            | Self::TokenRevoked
            | Self::TrustRevoked
            | Self::SignOut
            | Self::ProfileChanged
            | Self::AccountCreated
            | Self::OrganizationCreated
            | Self::LinkCreated
            | Self::MagicLinkSent
            | Self::MfaSetupStarted
            | Self::PasskeyRenamed
            | Self::Refused
            | Self::EnforceOn
            | Self::EnforceOff
            | Self::OrganizationChanged
            | Self::TrustDaysChanged
            | Self::MemberChanged
            | Self::MemberRemoved
            | Self::DecryptFailed
            | Self::KeyRotated
            | Self::Restored => false,
        }
    }

    /// Whether it concerns every member of the organization that it happened in.
    pub(crate) fn is_of_organization(self) -> bool {
        matches!(
            self,
            Self::EnforceOn | Self::EnforceOff | Self::OrganizationChanged | Self::TrustDaysChanged
        )
    }

    /// Whether what an account's page shows, besides its record, may be different after it. What was presented a second time
    /// ended what it was for, so there the refusal is the change.
    pub(crate) fn changes_account(self, succeeded: bool) -> bool {
        match self {
            Self::PasswordAccepted
            | Self::StepUp
            | Self::MfaVerify
            | Self::MfaSetupStarted
            | Self::MagicLinkSent
            | Self::LinkCreated
            | Self::Unfinished
            | Self::NewDevice
            | Self::ResetAsked
            | Self::Refused => false,
            Self::TokenReuse | Self::TrustReuse => true,
            _ => succeeded,
        }
    }
}
