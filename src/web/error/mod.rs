//! Failures, and how JSON says them. How a page says them is in `pages`; the status codes of both come from
//! here.

mod refusal; // why a request is refused
mod rules; // what each rule's error is to a client

use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;

use super::request_id::request_id;

pub(in crate::web) use refusal::{ErrorCode, Refusal};

/// How long somebody should wait when the server cannot say better.
const RETRY_LATER: Duration = Duration::from_secs(2);

/// Why a request was not answered as asked.
#[derive(Debug)]
pub(in crate::web) enum Failure {
    /// The request itself is to be refused.
    Refused(Refusal),
    /// The database is away, full or overloaded; or the handler took too long.
    Unavailable,
    /// Our own mistake. The text is logged and never sent.
    Internal(String),
}

impl Failure {
    /// A rule handed out tokens that this answer has no place for: our own mistake.
    pub(in crate::web) fn misplaced_tokens() -> Self {
        Self::Internal("the tokens are of a kind that this answer does not carry".into())
    }

    /// The failure that a handler or an extractor answered with, whoever wrapped it.
    pub(in crate::web) fn of(error: Option<&actix_web::Error>) -> Option<Self> {
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
    pub(in crate::web) const fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => refusal.status(),
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// How long to wait before the next try, where waiting helps.
    pub(in crate::web) const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refusal) => refusal.retry_after(),
            Self::Unavailable => Some(RETRY_LATER),
            Self::Internal(_) => None,
        }
    }

    /// Writes our own mistakes to the log, once, with the id that the answer carries.
    pub(in crate::web) fn log(&self, http: &HttpRequest) {
        if let Self::Internal(text) = self {
            log::error!("{}: {text}", request_id(http));
        }
    }
}

/// A failure as JSON says it. The answer is written by the middleware, which knows the route.
#[derive(Debug)]
pub(crate) struct ApiError(pub(in crate::web) Failure);

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
pub(in crate::web) struct PageError(pub(in crate::web) Failure);

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
pub(in crate::web) struct ErrorBody {
    /// Always false.
    #[schema(example = false)]
    success: bool,
    /// A sentence that a person can read.
    error: String,
    /// The same sentence.
    message: String,
    /// A stable word for programs.
    #[serde(rename = "error_code")]
    error_code: ErrorCode,
    /// Seconds to wait before the next try.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    /// Tries until the next lock, after a wrong code.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts_left: Option<u32>,
    /// Seconds by which the phone's clock is off, when that is why a code was wrong; negative is behind. Ahead is only
    /// told at a set-up: elsewhere it would name a code that works in a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_drift: Option<i64>,
}

impl ApiError {
    /// The answer. `sentence` is what the route says when it fails for our own reasons.
    pub(in crate::web) fn respond(&self, http: &HttpRequest, sentence: &str) -> HttpResponse {
        self.0.log(http);
        // A client of the MFA routes reads the same documented answer whichever part of us failed.
        let is_mfa = http.path().starts_with("/mfa/");
        let (status, code, text) = match &self.0 {
            Failure::Refused(refusal) => {
                let code = refusal.code();
                (code.status(), code, refusal.sentence())
            }
            Failure::Unavailable if is_mfa => (
                StatusCode::INTERNAL_SERVER_ERROR,
                ErrorCode::Internal,
                sentence.to_owned(),
            ),
            Failure::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                ErrorCode::Unavailable,
                "The service is not available right now; try again shortly".to_owned(),
            ),
            Failure::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                ErrorCode::Internal,
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
