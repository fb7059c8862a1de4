//! The middleware that authorises: it finds the route's row, who is asking and what they may do, before the
//! handler runs. Extractors and handlers only read what it found.

use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse, Transform};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, web};
use futures_util::FutureExt;
use std::future::{Ready, ready};

use super::error::{ApiError, Failure, Refusal};
use super::pages::{guard_page, render_failure};
use super::routes::{Endpoint, Face, Who, row_for};
use crate::accounts::sessions::{self, Caller};
use crate::accounts::{self, Access};
use crate::app::App;

/// How long a handler may take.
const HANDLER_TIME: Duration = Duration::from_secs(5);

/// Who is asking, as the middleware found them. Taking it in a handler's signature is safe: without a
/// session it is an error, and the row decides who gets there at all.
#[derive(Clone)]
pub(super) struct Asking(pub(super) Rc<Caller>);

impl FromRequest for Asking {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        let caller = request.extensions().get::<Rc<Caller>>().cloned();
        ready(caller.map(Self).ok_or_else(|| {
            ApiError::from(Failure::Internal(
                "a handler asks for a caller on an open route".into(),
            ))
            .into()
        }))
    }
}

/// The middleware for the routes of one path.
pub(super) fn middleware<S>(
    rows: &'static [Endpoint],
) -> impl Transform<S, ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>
where
    S: actix_web::dev::Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error>
        + 'static,
{
    from_fn(move |request: ServiceRequest, next: Next<BoxBody>| guard(rows, request, next))
}

async fn guard(
    rows: &'static [Endpoint],
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let http = request.request().clone();
    let Some(row) = row_for(rows, request.method()) else {
        let face = rows.first().map_or(Face::Api, |row| row.face);
        let mut response = failed(&http, face, "", Failure::Refused(Refusal::MethodNotAllowed));
        if let Ok(allowed) = HeaderValue::from_str(&allowed(rows)) {
            response.headers_mut().insert(header::ALLOW, allowed);
        }
        return Ok(response);
    };
    let admitted = match row.face {
        Face::Api => admit_program(&http, row).await,
        Face::Page => match guard_page(&http, row).await {
            Ok(None) => Ok(()),
            Ok(Some(elsewhere)) => return Ok(varying(ServiceResponse::new(http, elsewhere))),
            Err(failure) => Err(failure),
        },
        Face::File => Ok(()),
    };
    if let Err(failure) = admitted {
        return Ok(failed(&http, row.face, row.failure, failure));
    }
    // A panic must cost one answer and not the worker; a stuck handler must not hold its connection for ever.
    let called = AssertUnwindSafe(next.call(request)).catch_unwind();
    let response = match tokio::time::timeout(HANDLER_TIME, called).await {
        Ok(Ok(Ok(response))) => match Failure::of(response.response().error()) {
            Some(failure) => failed(&http, row.face, row.failure, failure),
            None => response,
        },
        Ok(Ok(Err(error))) => {
            let failure = Failure::of(Some(&error)).unwrap_or(Failure::Unavailable);
            failed(&http, row.face, row.failure, failure)
        }
        Ok(Err(_panic)) => {
            let failure = Failure::Internal("the handler panicked".into());
            failed(&http, row.face, row.failure, failure)
        }
        Err(_late) => failed(&http, row.face, row.failure, Failure::Unavailable),
    };
    remember_seen(&http);
    Ok(match row.face {
        Face::Page => varying(response),
        Face::Api | Face::File => response,
    })
}

/// A page is one thing to one browser: caches are told what it depends on.
fn varying(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    response.headers_mut().insert(
        header::VARY,
        HeaderValue::from_static("Cookie, Sec-Fetch-Site"),
    );
    response
}

/// Authorises a program by its bearer token.
async fn admit_program(http: &HttpRequest, row: &Endpoint) -> Result<(), Failure> {
    if row.who == Who::Anyone {
        return Ok(());
    }
    let token = bearer(http)
        .ok_or(Failure::Refused(Refusal::NoToken))?
        .to_owned();
    let app = app(http)?;
    let caller = app
        .db(move |app, conn| sessions::authenticate_bearer(conn, app, &token, app.clock.now()))
        .await?
        .ok_or(Failure::Refused(Refusal::InvalidToken))?;
    admit(http, row.who, caller).map_err(Failure::Refused)
}

/// Compares what a caller may do with what a route asks, and leaves the caller for the handler.
pub(super) fn admit(http: &HttpRequest, who: Who, caller: Caller) -> Result<(), Refusal> {
    let allowed = match (who, caller.access) {
        (Who::Anyone | Who::AnySession, _) | (_, Access::Full) => Ok(()),
        (_, Access::FactorOwed) => Err(Refusal::FactorOwed),
        (Who::Enrolling, Access::MustEnrol) => Ok(()),
        (Who::Full | Who::StepUp, Access::MustEnrol) => Err(Refusal::MustEnrol),
    };
    let allowed = allowed.and_then(|()| match app(http) {
        Ok(app)
            if who != Who::StepUp
                || caller.has_fresh_proof(app.config.lifetimes.step_up, app.clock.now()) =>
        {
            Ok(())
        }
        Ok(_) | Err(_) => Err(Refusal::StepUpRequired),
    });
    // Left also when refused: the page that says so shows whose session it is.
    http.extensions_mut().insert(Rc::new(caller));
    allowed
}

/// The bearer token of a request, if its `Authorization` is one (RFC 6750 section 2.1).
pub(super) fn bearer(http: &HttpRequest) -> Option<&str> {
    let value = http.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The process behind a request.
pub(super) fn app(http: &HttpRequest) -> Result<&App, Failure> {
    http.app_data::<web::Data<App>>()
        .map(|data| data.get_ref())
        .ok_or_else(|| Failure::Internal("the application data is missing".into()))
}

/// Turns a failure into the answer of the route's face.
fn failed(
    http: &HttpRequest,
    face: Face,
    sentence: &str,
    failure: Failure,
) -> ServiceResponse<BoxBody> {
    let response = match face {
        Face::Api => ApiError::from(failure).respond(http, sentence),
        Face::Page | Face::File => render_failure(http, failure),
    };
    ServiceResponse::new(http.clone(), response)
}

fn allowed(rows: &[Endpoint]) -> String {
    let mut methods = Vec::new();
    for row in rows {
        methods.push(row.method.as_str());
        if row.method == actix_web::http::Method::GET {
            methods.push("HEAD");
        }
    }
    methods.join(", ")
}

/// Writes the session's last-seen time, at most once a minute, while the answer is already on its way.
fn remember_seen(http: &HttpRequest) {
    let (Some(caller), Ok(app)) = (http.extensions().get::<Rc<Caller>>().cloned(), app(http))
    else {
        return;
    };
    if !sessions::is_due_for_last_seen(&caller.session, app.clock.now()) {
        return;
    }
    let (app, session_id) = (app.clone(), caller.session.id.clone());
    actix_web::rt::spawn(async move {
        let seen = app
            .db(move |app, conn| {
                Ok::<_, accounts::Error>(sessions::see(conn, &session_id, app.clock.now())?)
            })
            .await;
        if let Err(error) = seen {
            log::warn!("the last-seen time of a session was not written: {error}");
        }
    });
}
