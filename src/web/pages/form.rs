//! A form that was sent: its fields, whether it is genuine, and why the rules refused it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::views::{Clock, Code, FormProblem, TriesLeft};
use super::{PageResult, Visit, render};
use crate::accounts::Error;
use crate::crypto::password::HashError;
use crate::crypto::password_policy::PolicyError;
use crate::mfa;
use crate::web::api::json::read_body;
use crate::web::csrf;
use crate::web::error::{Failure, PageError, Refusal};

/// A form as it arrived. A handler has to say what happens when it is not genuine.
pub(in crate::web) enum Posted<T> {
    /// From a page of ours, sent by the browser that got it.
    Genuine(T),
    /// From elsewhere, or from a page that was open too long. The fields are kept for showing them again.
    Stale(T),
}

/// The fields of a form that is only a button.
#[derive(Deserialize)]
pub(in crate::web) struct NoFields {}

#[derive(Deserialize)]
struct Sent<T> {
    #[serde(default)]
    csrf: String,
    #[serde(flatten)]
    fields: T,
}

impl<T: DeserializeOwned + 'static> FromRequest for Posted<T> {
    type Error = PageError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageError>>>>;

    fn from_request(http: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (http, payload) = (http.clone(), payload.take());
        Box::pin(async move {
            let body = read_body(&http, payload).await?;
            let sent: Sent<T> = serde_urlencoded::from_bytes(&body)
                .map_err(|_| Refusal::BadRequest("The form could not be read".to_owned()))?;
            if csrf::is_genuine(&http, &sent.csrf) {
                Ok(Self::Genuine(sent.fields))
            } else {
                Ok(Self::Stale(sent.fields))
            }
        })
    }
}

/// Why a form is shown again, and with which status.
pub(super) struct Rejected {
    status: StatusCode,
    retry_after: Option<u64>,
    pub(super) problems: Vec<FormProblem>,
}

impl Rejected {
    /// Fields that cannot be what they are.
    pub(super) const fn fields(problems: Vec<FormProblem>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            retry_after: None,
            problems,
        }
    }

    /// Not genuine.
    pub(super) fn stale() -> Self {
        Self::forbidden(FormProblem::PageOld)
    }

    /// Something that its sender may not do, and can learn to.
    pub(super) fn forbidden(problem: FormProblem) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            retry_after: None,
            problems: vec![problem],
        }
    }

    /// What was decided on has changed; the page again says how it is now, and so does a line above it.
    pub(super) fn outdated() -> Self {
        Self {
            problems: vec![FormProblem::Outdated],
            ..Self::conflict()
        }
    }

    /// What the rules refused, if it is something that the form can say; else a failure of the page.
    /// `wrong` is the form's word for a wrong password.
    pub(super) fn by_rule(
        visit: &Visit,
        error: Error,
        wrong: FormProblem,
    ) -> Result<Self, PageError> {
        let (status, wait, problem) = match error {
            Error::InvalidCredentials | Error::WrongPassword => {
                (StatusCode::BAD_REQUEST, None, wrong)
            }
            Error::Throttled { retry_after } => {
                let problem = FormProblem::Throttled(visit.until(retry_after));
                (StatusCode::TOO_MANY_REQUESTS, Some(retry_after), problem)
            }
            Error::Hash(HashError::Busy { retry_after }) => (
                StatusCode::SERVICE_UNAVAILABLE,
                Some(retry_after),
                FormProblem::Busy,
            ),
            Error::Policy(error) => (StatusCode::BAD_REQUEST, None, policy(error)),
            Error::Hash(HashError::TooLong) => {
                (StatusCode::BAD_REQUEST, None, policy(PolicyError::TooLong))
            }
            error => return Err(Failure::from(error).into()),
        };
        Ok(Self {
            status,
            retry_after: wait.map(|wait| wait.as_secs().max(1)),
            problems: vec![problem],
        })
    }

    /// The state has changed since the page was shown; the page again says how it is now.
    pub(super) const fn conflict() -> Self {
        Self {
            status: StatusCode::CONFLICT,
            retry_after: None,
            problems: Vec::new(),
        }
    }

    /// Why a code was refused, if it is something that the form can say; else a failure of the page.
    pub(super) fn by_code(
        visit: &Visit,
        error: mfa::Error,
        way: Code,
        typed: &str,
    ) -> Result<Self, PageError> {
        use mfa::Error;
        let wrong = |clock, left| match way {
            Code::App => FormProblem::AppCodeWrong(clock, left),
            Code::Mail => FormProblem::MailCodeWrong(left),
            Code::Backup => FormProblem::BackupCodeWrong(left),
        };
        let (status, wait, problem) = match error {
            Error::MalformedCode => (StatusCode::BAD_REQUEST, None, way.malformed(typed)),
            Error::WrongSetupCode { drift } => {
                let problem = wrong(Clock::of(drift, false), TriesLeft::Enough);
                (StatusCode::BAD_REQUEST, None, problem)
            }
            Error::WrongCode { left, drift } => {
                let tries = match (left.locked_for, left.tries) {
                    (Some(wait), _) => TriesLeft::None(visit.until(wait)),
                    (None, few @ 1..=2) => TriesLeft::Few(few),
                    (None, _) => TriesLeft::Enough,
                };
                let clock = Clock::of(drift, left.tries <= 2);
                (
                    StatusCode::BAD_REQUEST,
                    left.locked_for,
                    wrong(clock, tries),
                )
            }
            Error::SpentCode { .. } => {
                let problem = match way {
                    Code::App => FormProblem::AppCodeSpent,
                    Code::Mail => FormProblem::MailCodeSpent,
                    Code::Backup => FormProblem::BackupCodeSpent,
                };
                (StatusCode::BAD_REQUEST, None, problem)
            }
            Error::Locked { wait } => {
                let problem = FormProblem::CodeThrottled(visit.until(wait));
                (StatusCode::TOO_MANY_REQUESTS, Some(wait), problem)
            }
            Error::Suspended | Error::NotEnabled | Error::NotConfigured => {
                (StatusCode::BAD_REQUEST, None, FormProblem::CodesSuspended)
            }
            error => return Err(Failure::from(error).into()),
        };
        Ok(Self {
            status,
            retry_after: wait.map(|wait| wait.as_secs().max(1)),
            problems: vec![problem],
        })
    }

    /// Too many tries of something that is no password.
    pub(super) fn throttled(wait: Duration, problem: FormProblem) -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            retry_after: Some(wait.as_secs().max(1)),
            problems: vec![problem],
        }
    }

    /// Something that this server needs is away for the moment.
    pub(super) fn unavailable(problem: FormProblem) -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            retry_after: Some(30),
            problems: vec![problem],
        }
    }

    /// The page again.
    pub(super) fn render(&self, page: &impl Template) -> PageResult {
        let mut response: HttpResponse = render(self.status, page)?;
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        Ok(response)
    }
}

/// The longest password that the sentence names.
const MAX_PASSWORD: usize = 256;

fn policy(error: PolicyError) -> FormProblem {
    match error {
        PolicyError::TooShort { min } => FormProblem::NewPasswordShort(min),
        PolicyError::TooLong => FormProblem::NewPasswordLong(MAX_PASSWORD),
        PolicyError::Common => FormProblem::NewPasswordCommon,
        PolicyError::ContainsContext => FormProblem::NewPasswordPersonal,
    }
}
