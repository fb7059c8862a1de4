//! Failures, and how JSON says them. How a page says them is in `pages`; the status codes of both come from
//! here.

use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use chrono::TimeDelta;
use serde::Serialize;

use super::request_id::request_id;
use crate::crypto::password::HashError;
use crate::crypto::password_policy::PolicyError;
use crate::{accounts, db, mfa};

/// How long somebody should wait when the server cannot say better.
const RETRY_LATER: Duration = Duration::from_secs(2);

/// Why a request was not answered as asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// The request itself is to be refused.
    Refused(Refusal),
    /// The database is away, full or overloaded; or the handler took too long.
    Unavailable,
    /// Our own mistake. The text is logged and never sent.
    Internal(String),
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
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
}

/// Every stable word that a refusal can carry.
pub(super) const CODES: &[&str] = &[
    "invalid_request",
    "invalid_credentials",
    "invalid_password",
    "password_too_short",
    "password_too_long",
    "password_common",
    "password_guessable",
    "invalid_mfa_type",
    "method_not_available",
    "method_not_configured",
    "method_not_enabled",
    "invalid_code",
    "last_method_required",
    "locked",
    "unauthenticated",
    "mfa_required",
    "mfa_enrolment_required",
    "step_up_required",
    "forbidden",
    "not_found",
    "method_not_allowed",
    "conflict",
    "link_spent",
    "payload_too_large",
    "request_timeout",
    "unsupported_media_type",
    "rate_limited",
    "busy",
    "unavailable",
    "internal",
];

/// What there is to say about a code that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrongCode {
    /// Tries until the next lock.
    pub(super) attempts_left: u32,
    /// The lock that this answer caused.
    pub(super) locked_for: Option<Duration>,
    /// How far the phone's clock is off; negative is behind.
    pub(super) drift: Option<TimeDelta>,
    /// The code was right, and used before.
    pub(super) is_spent: bool,
}

impl Refusal {
    /// The HTTP status.
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_)
            | Self::WrongPassword
            | Self::Policy(_)
            | Self::InvalidMfaType
            | Self::NotAvailable
            | Self::NotConfigured
            | Self::NotEnabled
            | Self::SetupNotProved(_)
            | Self::WrongCode(_) => StatusCode::BAD_REQUEST,
            Self::InvalidCredentials | Self::NoToken | Self::InvalidToken => {
                StatusCode::UNAUTHORIZED
            }
            Self::FactorOwed
            | Self::MustEnrol
            | Self::StepUpRequired
            | Self::Forbidden
            | Self::ResetForbidden => StatusCode::FORBIDDEN,
            Self::NotFound | Self::UserNotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict | Self::LastMethod => StatusCode::CONFLICT,
            Self::LinkSpent => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::RateLimited(_) | Self::Locked(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The stable word for programs.
    const fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "invalid_request",
            Self::InvalidCredentials => "invalid_credentials",
            Self::WrongPassword => "invalid_password",
            Self::Policy(error) => error.code(),
            Self::InvalidMfaType => "invalid_mfa_type",
            Self::NotAvailable => "method_not_available",
            Self::NotConfigured => "method_not_configured",
            Self::NotEnabled => "method_not_enabled",
            Self::SetupNotProved(_) | Self::WrongCode(_) => "invalid_code",
            Self::LastMethod => "last_method_required",
            Self::Locked(_) => "locked",
            Self::NoToken | Self::InvalidToken => "unauthenticated",
            Self::FactorOwed => "mfa_required",
            Self::MustEnrol => "mfa_enrolment_required",
            Self::StepUpRequired => "step_up_required",
            Self::Forbidden | Self::ResetForbidden => "forbidden",
            Self::NotFound | Self::UserNotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Conflict => "conflict",
            Self::LinkSpent => "link_spent",
            Self::TooLarge => "payload_too_large",
            Self::TooSlow => "request_timeout",
            Self::NotJson => "unsupported_media_type",
            Self::RateLimited(_) => "rate_limited",
            Self::Busy(_) => "busy",
        }
    }

    /// The sentence for people who read JSON.
    fn sentence(&self) -> String {
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
            Self::ResetForbidden => {
                "Insufficient permissions. OWNER or ADMINISTRATOR role required to reset another user's MFA."
            }
            Self::NotFound => "Not found",
            Self::UserNotFound => "User not found",
            Self::MethodNotAllowed => "This method is not allowed here",
            Self::Conflict => "This is in conflict with the current state",
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
    pub(super) const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited(wait) | Self::Busy(wait) | Self::Locked(wait) => Some(*wait),
            Self::WrongCode(wrong) => wrong.locked_for,
            _ => None,
        }
    }

    /// The challenge of a 401, and of the 403s that a stronger sign-in would mend (RFC 6750, RFC 9470).
    const fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::NoToken => Some("Bearer"),
            Self::InvalidToken => Some("Bearer error=\"invalid_token\""),
            Self::InvalidCredentials => Some("Bearer"),
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

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        if db::is_unavailable(&error) {
            log::warn!("the database could not be used: {error}");
            Self::Unavailable
        } else {
            Self::Internal(format!("database: {error}"))
        }
    }
}

impl From<mfa::Error> for Failure {
    fn from(error: mfa::Error) -> Self {
        use mfa::Error;
        let wrong = |left: mfa::Left, drift, is_spent| {
            Refusal::WrongCode(WrongCode {
                attempts_left: left.tries,
                locked_for: left.locked_for,
                drift,
                is_spent,
            })
            .into()
        };
        match error {
            Error::NotFound => Refusal::NotFound.into(),
            Error::NotAvailable => Refusal::NotAvailable.into(),
            Error::NotConfigured => Refusal::NotConfigured.into(),
            Error::NotEnabled | Error::NothingEnabled | Error::Suspended => {
                Refusal::NotEnabled.into()
            }
            Error::LastMethodRequired(_) => Refusal::LastMethod.into(),
            Error::NoSetup => Refusal::SetupNotProved(None).into(),
            Error::WrongSetupCode { drift } => Refusal::SetupNotProved(drift).into(),
            Error::MalformedCode => {
                let sentence = "The code is six digits, or a backup code".to_owned();
                Refusal::BadRequest(sentence).into()
            }
            Error::WrongCode { left, drift } => wrong(left, drift, false),
            Error::SpentCode { left } => wrong(left, None, true),
            Error::Locked { wait } => Refusal::Locked(wait).into(),
            Error::UnknownValue(column) => {
                Self::Internal(format!("{column} holds a value that no rule knows"))
            }
            error @ (Error::Sealed(_) | Error::Internal(_)) => Self::Internal(error.to_string()),
            Error::Database(error) => error.into(),
        }
    }
}

impl From<accounts::Error> for Failure {
    fn from(error: accounts::Error) -> Self {
        use accounts::Error;
        match error {
            Error::InvalidCredentials => Refusal::InvalidCredentials.into(),
            Error::WrongPassword => Refusal::WrongPassword.into(),
            Error::Throttled { retry_after } => Refusal::RateLimited(retry_after).into(),
            Error::Forbidden => Refusal::Forbidden.into(),
            Error::FactorOwed => Refusal::StepUpRequired.into(),
            Error::Policy(error) => Refusal::Policy(error).into(),
            Error::Field(name) => {
                Refusal::BadRequest(format!("The field \"{name}\" cannot be that")).into()
            }
            Error::EmailTaken => Refusal::Conflict.into(),
            Error::LinkSpent => Refusal::LinkSpent.into(),
            Error::InvalidToken => Refusal::InvalidToken.into(),
            Error::NotFound => Refusal::NotFound.into(),
            Error::Hash(HashError::Busy { retry_after }) => Refusal::Busy(retry_after).into(),
            Error::Hash(HashError::TooLong) => Refusal::Policy(PolicyError::TooLong).into(),
            Error::Hash(error) => Self::Internal(format!("hashing: {error}")),
            Error::Crypto(error) => Self::Internal(format!("keys: {error}")),
            Error::Mfa(error) => error.into(),
            Error::Database(error) => error.into(),
        }
    }
}

impl Failure {
    /// The failure that a handler or an extractor answered with, whoever wrapped it.
    pub(super) fn of(error: Option<&actix_web::Error>) -> Option<Self> {
        let error = error?;
        if let Some(error) = error.as_error::<ApiError>() {
            return Some(error.0.again());
        }
        if let Some(error) = error.as_error::<PageError>() {
            return Some(error.0.again());
        }
        // What actix itself refuses: a path or a query that cannot be read.
        Some(match error.as_response_error().status_code() {
            StatusCode::NOT_FOUND => Refusal::NotFound.into(),
            status if status.is_client_error() => {
                Refusal::BadRequest("The request could not be read".to_owned()).into()
            }
            _ => Self::Internal(error.to_string()),
        })
    }

    fn again(&self) -> Self {
        match self {
            Self::Refused(refusal) => Self::Refused(refusal.clone()),
            Self::Unavailable => Self::Unavailable,
            Self::Internal(text) => Self::Internal(text.clone()),
        }
    }

    /// The HTTP status.
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => refusal.status(),
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// How long to wait before the next try, where waiting helps.
    pub(super) const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refusal) => refusal.retry_after(),
            Self::Unavailable => Some(RETRY_LATER),
            Self::Internal(_) => None,
        }
    }

    /// Writes our own mistakes to the log, once, with the id that the answer carries.
    pub(super) fn log(&self, http: &HttpRequest) {
        if let Self::Internal(text) = self {
            log::error!("{}: {text}", request_id(http));
        }
    }
}

/// A failure as JSON says it. The answer is written by the middleware, which knows the route.
#[derive(Debug)]
pub(crate) struct ApiError(pub(super) Failure);

impl<F: Into<Failure>> From<F> for ApiError {
    fn from(failure: F) -> Self {
        Self(failure.into())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.status().as_str())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.0.status()
    }
}

/// A failure as a page says it. The answer is written by the middleware.
#[derive(Debug)]
pub(super) struct PageError(pub(super) Failure);

impl<F: Into<Failure>> From<F> for PageError {
    fn from(failure: F) -> Self {
        Self(failure.into())
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.status().as_str())
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        self.0.status()
    }
}

/// The body of every refusal. `error` and `message` are the same sentence: two kinds of client read one each.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ErrorBody {
    /// Always false.
    #[schema(example = false)]
    success: bool,
    /// A sentence that a person can read.
    error: String,
    /// The same sentence.
    message: String,
    /// A stable word for programs.
    #[serde(rename = "error_code")]
    error_code: &'static str,
    /// Seconds to wait before the next try.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    /// Tries until the next lock, after a wrong code.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts_left: Option<u32>,
    /// Seconds by which the phone's clock is off, when that is why a code was wrong; negative is behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_drift: Option<i64>,
}

impl ApiError {
    /// The answer. `sentence` is what the route says when it fails for our own reasons.
    pub(super) fn respond(&self, http: &HttpRequest, sentence: &str) -> HttpResponse {
        self.0.log(http);
        // A client of the MFA routes reads the same documented answer whichever part of us failed.
        let is_mfa = http.path().starts_with("/mfa/");
        let (status, code, text) = match &self.0 {
            Failure::Refused(refusal) => (refusal.status(), refusal.code(), refusal.sentence()),
            Failure::Unavailable if is_mfa => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                sentence.to_owned(),
            ),
            Failure::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "The service is not available right now; try again shortly".to_owned(),
            ),
            Failure::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                sentence.to_owned(),
            ),
        };
        let retry_after = self.0.retry_after().map(|wait| wait.as_secs().max(1));
        let wrong = match &self.0 {
            Failure::Refused(Refusal::WrongCode(wrong)) => Some(wrong),
            Failure::Refused(_) | Failure::Unavailable | Failure::Internal(_) => None,
        };
        let mut response = HttpResponse::build(status).json(ErrorBody {
            success: false,
            error: text.clone(),
            message: text,
            error_code: code,
            retry_after,
            attempts_left: wrong.map(|wrong| wrong.attempts_left),
            clock_drift: wrong
                .and_then(|wrong| wrong.drift)
                .map(|drift| drift.num_seconds()),
        });
        let headers = response.headers_mut();
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Failure::Refused(refusal) = &self.0
            && let Some(challenge) = refusal.challenge()
        {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(challenge),
            );
        }
        response
    }
}
