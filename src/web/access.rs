//! Who is asking, and whether a route is open to them. Decided once, by the middleware in `guard`; extractors
//! and handlers only read what it found.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, web};

use super::endpoint::{Proof, Who};
use super::error::{ApiError, Failure, Refusal};
use crate::accounts::{Access, Caller};
use crate::app::{App, Reader};

/// Who is asking, as the middleware found them. Taking it in a handler's signature is safe: without a
/// session it is an error, and the row decides who gets there at all.
#[derive(Clone)]
pub(super) struct Asking(pub(super) Rc<Caller>);

impl FromRequest for Asking {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions().get::<Rc<Caller>>().cloned();
        ready(caller.map(Self).ok_or_else(|| {
            ApiError::from(Failure::Internal(
                "a handler asks for a caller on an open route".into(),
            ))
            .into()
        }))
    }
}

/// Compares what a caller may do with what a route asks, and leaves the caller for the handler.
pub(super) fn admit(http: &HttpRequest, who: Who, caller: Caller) -> Result<(), Refusal> {
    let allowed = match (who, caller.access) {
        (Who::Anyone | Who::AnySession, _) | (_, Access::Full) => Ok(()),
        (_, Access::FactorOwed) => Err(Refusal::FactorOwed),
        (Who::Enrolling | Who::EnrollingStepUp, Access::MustEnrol) => Ok(()),
        (Who::Full | Who::StepUp | Who::StrongStepUp, Access::MustEnrol) => Err(Refusal::MustEnrol),
    };
    let allowed = allowed.and_then(|()| match app(http) {
        Ok(app) if has_proof(app, who, &caller) => Ok(()),
        Ok(_) | Err(_) => Err(Refusal::StepUpRequired),
    });
    // Left also when refused: the page that says so shows whose session it is.
    http.extensions_mut().insert(Rc::new(caller));
    allowed
}

fn has_proof(app: &App, who: Who, caller: &Caller) -> bool {
    let (ttl, now) = (app.config.lifetimes.step_up, app.clock.now());
    match who.proof() {
        Proof::Session => true,
        Proof::Fresh => caller.has_fresh_proof(ttl, now),
        Proof::Strong => caller.has_strong_proof(ttl, now),
    }
}

/// The bearer token of a request, if its `Authorization` is one (RFC 6750 section 2.1).
pub(super) fn bearer(http: &HttpRequest) -> Option<&str> {
    let value = http.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The door of this thread to the database, for the read that decides who is asking.
pub(super) fn reader(http: &HttpRequest) -> Result<&Reader, Failure> {
    http.app_data()
        .ok_or_else(|| Failure::Internal("the reader is missing".into()))
}

/// The process behind a request.
pub(super) fn app(http: &HttpRequest) -> Result<&App, Failure> {
    http.app_data::<web::Data<App>>()
        .map(|data| data.get_ref())
        .ok_or_else(|| Failure::Internal("the application data is missing".into()))
}
