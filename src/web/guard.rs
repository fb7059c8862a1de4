//! The middleware around every handler: it finds the route's row, authorises from it, bounds the handler's
//! time, and turns every failure into the answer of the route's face.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, HttpMessage, HttpRequest};
use futures_util::FutureExt;
use tokio::time::timeout;

use super::access::{admit, app, bearer, reader};
use super::api::json::{BODY_TIME, is_arriving};
use super::endpoint::{Endpoint, Face, Who, row_for};
use super::error::{ApiError, Failure, Refusal};
use super::kept;
use super::pages::{guard_page, render_failure};
use super::stream;
use crate::accounts::sessions::{self, Caller};
use crate::db::is_storable;

/// How long finding out who asks and the handler may take together.
const HANDLER_TIME: Duration = Duration::from_secs(5);

/// The middleware for the routes of one path.
pub(super) fn middleware<S>(
    rows: &'static [Endpoint],
) -> impl Transform<S, ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error> + 'static,
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
        return Ok(varying(face, response));
    };
    let began = Instant::now();
    let admission = async {
        match row.face {
            Face::Api => admit_program(&http, row).await.map(|()| None),
            Face::Page => guard_page(&http, row, has_page(rows)).await,
            Face::File => Ok(None),
        }
    };
    let admitted = match timeout(HANDLER_TIME, admission).await {
        Ok(Ok(None)) => Ok(()),
        Ok(Ok(Some(elsewhere))) => {
            let answer = match stream::is_asked_for(&http) {
                true => stream::ended(),
                false => elsewhere,
            };
            return Ok(varying(row.face, ServiceResponse::new(http, answer)));
        }
        Ok(Err(failure)) => Err(failure),
        Err(_late) => Err(Failure::Unavailable),
    };
    // No id and no token holds what cannot be stored, also not in an address that is still encoded.
    let is_no_name = |part: &str| !is_storable(part) || part.contains("%00");
    let admitted = match admitted {
        Ok(()) if http.match_info().iter().any(|(_, part)| is_no_name(part)) => {
            Err(Failure::Refused(Refusal::NotFound))
        }
        admitted => admitted,
    };
    if let Err(failure) = admitted {
        let response = failed(&http, row.face, row.failure, failure);
        return Ok(varying(row.face, response));
    }
    // A panic must cost one answer and not the worker; a stuck handler must not hold its connection for ever.
    let mut called = pin!(AssertUnwindSafe(next.call(request)).catch_unwind());
    let left = HANDLER_TIME.saturating_sub(began.elapsed());
    let mut answered = timeout(left, &mut called).await;
    if answered.is_err() && is_arriving(&http) {
        answered = timeout(BODY_TIME, called).await;
    }
    let response = match answered {
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
    Ok(kept::set(varying(row.face, response)))
}

/// A page is one thing to one browser: caches are told what it depends on.
fn varying(face: Face, mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    if face == Face::Page {
        response.headers_mut().insert(
            header::VARY,
            HeaderValue::from_static("Accept-Language, Cookie, Sec-Fetch-Site"),
        );
    }
    response
}

/// Whether a path can be opened, and not only posted to.
fn has_page(rows: &[Endpoint]) -> bool {
    rows.iter().any(|row| row.method == Method::GET)
}

/// Authorises a program by its bearer token.
async fn admit_program(http: &HttpRequest, row: &Endpoint) -> Result<(), Failure> {
    if row.who == Who::Anyone {
        return Ok(());
    }
    let token = bearer(http)
        .ok_or(Failure::Refused(Refusal::NoToken))?
        .to_owned();
    let caller = reader(http)?
        .read(move |app, conn| sessions::authenticate_bearer(conn, app, &token, app.clock.now()))
        .await?
        .ok_or(Failure::Refused(Refusal::InvalidToken))?;
    admit(http, row.who, caller).map_err(Failure::Refused)
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
        if row.method == Method::GET {
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
            .db(move |app, conn| sessions::see(conn, &session_id, app.clock.now()))
            .await;
        if let Err(error) = seen {
            log::warn!("the last-seen time of a session was not written: {error}");
        }
    });
}
