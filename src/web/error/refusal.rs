//! Why a request is refused: with which status, which word for programs, which sentence for people.

use std::time::Duration;

use actix_web::http::StatusCode;
use chrono::TimeDelta;
use serde::Serialize;

use crate::crypto::password_policy::PolicyError;

/// When mail may be tried again that could not be handed over.
const MAIL_AGAIN: Duration = Duration::from_secs(30);

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) enum Refusal {
    /// The body is not what this route takes; a sentence that says why.
    BadRequest(String),
    /// A wrong address or password at sign-in.
    InvalidCredentials,
    /// A wrong password inside a session.
    WrongPassword,
    /// A password that may not be chosen.
    Policy(PolicyError),
    /// A method that does not exist.
    InvalidMfaType,
    /// A method that cannot be set up here.
    NotAvailable,
    /// A method that was never set up.
    NotConfigured,
    /// A method that is set up but cannot be used.
    NotEnabled,
    /// The set-up was not proved.
    SetupNotProved(Option<TimeDelta>),
    /// A wrong or spent code.
    WrongCode(WrongCode),
    /// A passkey that proves nothing.
    WrongPasskey,
    /// A new passkey that could not be checked.
    PasskeyNotAdded,
    /// A passkey that no account here can be signed in to with.
    PasskeyNotAccepted,
    /// A passkey that is not, or no longer, registered here.
    UnknownPasskey,
    /// The change would leave an account without a method that has to have one.
    LastMethod,
    /// Too many wrong codes.
    Locked(Duration),
    /// No bearer token.
    NoToken,
    /// A bearer token that opens nothing (any more).
    InvalidToken,
    /// A second factor is owed.
    FactorOwed,
    /// A second factor has to be set up first.
    MustEnrol,
    /// The proof is too old.
    StepUpRequired,
    /// Not the caller's to do.
    Forbidden,
    /// The caller belongs to no organization.
    NoOrganization,
    /// Demanding a second factor of others without one of one's own.
    OwnFactorNeeded,
    /// Raising oneself, or leaving an organization without an owner.
    RoleConflict,
    /// Resetting somebody else's MFA without the role for it.
    ResetForbidden,
    /// No such thing.
    NotFound,
    /// No such person, or not in the caller's organization.
    UserNotFound,
    /// No such method here.
    MethodNotAllowed,
    /// The change meets another one.
    Conflict,
    /// The link is spent.
    LinkSpent,
    /// The body is too large.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// The body is not JSON.
    NotJson,
    /// Too many tries.
    RateLimited(Duration),
    /// Too many passwords are being hashed.
    Busy(Duration),
    /// A mail could not be handed over.
    EmailUnavailable,
    /// The token of an activation link that does not work (any more).
    ActivationRefused,
    /// The account behind an activation link is gone or inactive.
    ActivationOfNobody,
}

/// Every stable word that a refusal can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web) enum ErrorCode {
    /// The body or a field is not what the route takes.
    InvalidRequest,
    /// Wrong address or password at sign-in.
    InvalidCredentials,
    /// A passkey that is not, or no longer, registered here.
    UnknownPasskey,
    /// Wrong password inside a session.
    InvalidPassword,
    /// Fewer characters than needed.
    PasswordTooShort,
    /// More characters than a password may have.
    PasswordTooLong,
    /// One of the most common passwords.
    PasswordCommon,
    /// A name that is easy to guess.
    PasswordGuessable,
    /// No such method.
    InvalidMfaType,
    /// The method cannot be set up here.
    MethodNotAvailable,
    /// The method was never set up.
    MethodNotConfigured,
    /// The method cannot be used now.
    MethodNotEnabled,
    /// A wrong or spent code, or a passkey that proves nothing.
    InvalidCode,
    /// A second factor is required, and this is the last one.
    LastMethodRequired,
    /// Too many wrong codes.
    Locked,
    /// No token, or one that opens nothing.
    Unauthenticated,
    /// A second factor is owed.
    MfaRequired,
    /// A second factor has to be set up first.
    MfaEnrolmentRequired,
    /// The proof is too old, or too weak.
    StepUpRequired,
    /// Not for this role.
    Forbidden,
    /// No such thing, or not the caller's.
    NotFound,
    /// No such HTTP method here.
    MethodNotAllowed,
    /// The change meets another one.
    Conflict,
    /// The link was used or has expired.
    LinkSpent,
    /// The body is larger than 64 KiB.
    PayloadTooLarge,
    /// The body took too long to arrive.
    RequestTimeout,
    /// The body is not application/json.
    UnsupportedMediaType,
    /// Too many tries.
    RateLimited,
    /// Too many passwords are being hashed.
    Busy,
    /// A mail could not be handed over.
    EmailUnavailable,
    /// The database is away, full or overloaded.
    Unavailable,
    /// Our own mistake.
    Internal,
}

impl ErrorCode {
    /// The HTTP status that it comes with in JSON.
    pub(in crate::web) const fn status(self) -> StatusCode {
        match self {
            Self::InvalidRequest
            | Self::InvalidPassword
            | Self::PasswordTooShort
            | Self::PasswordTooLong
            | Self::PasswordCommon
            | Self::PasswordGuessable
            | Self::InvalidMfaType
            | Self::MethodNotAvailable
            | Self::MethodNotConfigured
            | Self::MethodNotEnabled
            | Self::InvalidCode
            | Self::LinkSpent => StatusCode::BAD_REQUEST,
            Self::InvalidCredentials | Self::UnknownPasskey | Self::Unauthenticated => {
                StatusCode::UNAUTHORIZED
            }
            Self::MfaRequired
            | Self::MfaEnrolmentRequired
            | Self::StepUpRequired
            | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict | Self::LastMethodRequired => StatusCode::CONFLICT,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::RateLimited | Self::Locked => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy | Self::EmailUnavailable | Self::Unavailable => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}

/// What there is to say about a code that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct WrongCode {
    /// Tries until the next lock.
    pub(in crate::web) attempts_left: u32,
    /// The lock that this answer caused.
    pub(in crate::web) locked_for: Option<Duration>,
    /// How far the phone's clock is off; negative is behind.
    pub(in crate::web) drift: Option<TimeDelta>,
    /// The code was right, and used before.
    pub(in crate::web) is_spent: bool,
}

impl Refusal {
    /// The HTTP status. A link that is gone is a page's; to a program its token is merely wrong.
    pub(in crate::web) const fn status(&self) -> StatusCode {
        match self {
            Self::LinkSpent => StatusCode::GONE,
            _ => self.code().status(),
        }
    }

    /// The stable word for programs.
    pub(super) const fn code(&self) -> ErrorCode {
        match self {
            Self::BadRequest(_) | Self::NoOrganization => ErrorCode::InvalidRequest,
            Self::InvalidCredentials => ErrorCode::InvalidCredentials,
            Self::WrongPassword => ErrorCode::InvalidPassword,
            Self::Policy(PolicyError::TooShort { .. }) => ErrorCode::PasswordTooShort,
            Self::Policy(PolicyError::TooLong) => ErrorCode::PasswordTooLong,
            Self::Policy(PolicyError::Common) => ErrorCode::PasswordCommon,
            Self::Policy(PolicyError::ContainsContext) => ErrorCode::PasswordGuessable,
            Self::InvalidMfaType => ErrorCode::InvalidMfaType,
            Self::NotAvailable => ErrorCode::MethodNotAvailable,
            Self::NotConfigured => ErrorCode::MethodNotConfigured,
            Self::NotEnabled => ErrorCode::MethodNotEnabled,
            Self::SetupNotProved(_)
            | Self::WrongCode(_)
            | Self::WrongPasskey
            | Self::PasskeyNotAdded => ErrorCode::InvalidCode,
            Self::PasskeyNotAccepted => ErrorCode::InvalidCredentials,
            Self::UnknownPasskey => ErrorCode::UnknownPasskey,
            Self::LastMethod => ErrorCode::LastMethodRequired,
            Self::Locked(_) => ErrorCode::Locked,
            Self::NoToken | Self::InvalidToken => ErrorCode::Unauthenticated,
            Self::FactorOwed => ErrorCode::MfaRequired,
            Self::MustEnrol => ErrorCode::MfaEnrolmentRequired,
            Self::StepUpRequired => ErrorCode::StepUpRequired,
            Self::Forbidden | Self::OwnFactorNeeded | Self::ResetForbidden => ErrorCode::Forbidden,
            Self::NotFound | Self::UserNotFound => ErrorCode::NotFound,
            Self::MethodNotAllowed => ErrorCode::MethodNotAllowed,
            Self::Conflict | Self::RoleConflict => ErrorCode::Conflict,
            Self::LinkSpent => ErrorCode::LinkSpent,
            Self::TooLarge => ErrorCode::PayloadTooLarge,
            Self::TooSlow => ErrorCode::RequestTimeout,
            Self::NotJson => ErrorCode::UnsupportedMediaType,
            Self::RateLimited(_) => ErrorCode::RateLimited,
            Self::Busy(_) => ErrorCode::Busy,
            Self::EmailUnavailable => ErrorCode::EmailUnavailable,
            Self::ActivationRefused => ErrorCode::LinkSpent,
            Self::ActivationOfNobody => ErrorCode::NotFound,
        }
    }

    /// The sentence for people who read JSON.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::BadRequest(sentence) => return sentence.clone(),
            Self::Policy(PolicyError::TooShort { min }) => {
                return format!("The password must have at least {min} characters");
            }
            Self::Policy(PolicyError::TooLong) => "The password is too long",
            Self::Policy(PolicyError::Common) => "The password is one of the most common ones",
            Self::Policy(PolicyError::ContainsContext) => {
                "The password is a name that is easy to guess"
            }
            Self::SetupNotProved(Some(drift)) => {
                return format!("MFA setup verification failed: {}", clock_sentence(*drift));
            }
            Self::WrongCode(WrongCode { drift: Some(drift), .. }) => {
                return format!("The code is not right: {}", clock_sentence(*drift));
            }
            Self::SetupNotProved(None) => "MFA setup verification failed",
            Self::WrongCode(wrong) if wrong.is_spent => "The code was used already",
            Self::WrongCode(_) => "The code is not right",
            Self::WrongPasskey => "The passkey could not be checked",
            Self::PasskeyNotAdded => "Passkey registration failed",
            Self::PasskeyNotAccepted => "The passkey does not sign in to an account here",
            Self::UnknownPasskey => "The passkey is not registered here",
            Self::InvalidMfaType => "Invalid MFA type specified",
            Self::NotAvailable => "This method cannot be set up here",
            Self::NotConfigured => "This method is not set up",
            Self::NotEnabled => "This method cannot be used",
            Self::LastMethod => "A second factor is required, and this is the last one",
            Self::Locked(_) => "Too many wrong codes; wait before the next one",
            Self::InvalidCredentials => "The email address or the password is not right",
            Self::WrongPassword => "The password is not right",
            Self::NoToken => "A bearer token is needed",
            Self::InvalidToken => "The token has expired or was revoked",
            Self::FactorOwed => "A second factor is needed to finish signing in",
            Self::MustEnrol => "A second factor has to be set up first",
            Self::StepUpRequired => "This needs a recent proof that it is you",
            Self::Forbidden => "You are not allowed to do this",
            Self::NoOrganization => "User not associated with an organization",
            Self::OwnFactorNeeded => "Set up MFA on your own account first",
            Self::RoleConflict => "An organization keeps an owner, and nobody raises their own role",
            Self::ResetForbidden => {
                "Insufficient permissions. OWNER or ADMINISTRATOR role required to reset another user's MFA."
            }
            Self::NotFound => "Not found",
            Self::UserNotFound => "User not found",
            Self::MethodNotAllowed => "This method is not allowed here",
            Self::Conflict => "This is in conflict with the current state",
            Self::ActivationRefused => "Invalid or expired token",
            Self::ActivationOfNobody => "User not found or inactive",
            Self::EmailUnavailable => "The mail could not be sent; try another method, or again shortly",
            Self::LinkSpent => "The link has expired or was used",
            Self::TooLarge => "The request body is too large",
            Self::TooSlow => "The request body took too long to arrive",
            Self::NotJson => "The request body must be application/json",
            Self::RateLimited(_) => "Too many tries; wait before the next one",
            Self::Busy(_) => "The server is busy; try again shortly",
        }
        .to_owned()
    }

    /// How long to wait before the next try, where waiting helps.
    pub(in crate::web) const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited(wait) | Self::Busy(wait) | Self::Locked(wait) => Some(*wait),
            Self::WrongCode(wrong) => wrong.locked_for,
            Self::EmailUnavailable => Some(MAIL_AGAIN),
            _ => None,
        }
    }

    /// The challenge of a 401, and of the 403s that a stronger sign-in would mend (RFC 6750, RFC 9470).
    pub(super) const fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::NoToken => Some("Bearer"),
            Self::InvalidToken => Some("Bearer error=\"invalid_token\""),
            Self::InvalidCredentials | Self::UnknownPasskey | Self::PasskeyNotAccepted => {
                Some("Bearer")
            }
            Self::FactorOwed | Self::StepUpRequired => {
                Some("Bearer error=\"insufficient_user_authentication\", max_age=\"600\"")
            }
            _ => None,
        }
    }
}

/// How far a phone's clock is off, in words.
fn clock_sentence(drift: TimeDelta) -> String {
    let seconds = drift.num_seconds();
    let side = if seconds < 0 { "behind" } else { "ahead" };
    match (seconds.abs() + 30) / 60 {
        0 | 1 => format!("your phone's clock is about a minute {side}"),
        minutes => format!("your phone's clock is about {minutes} minutes {side}"),
    }
}
