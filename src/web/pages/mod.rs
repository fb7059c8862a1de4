//! HTML: one file a stem. Parse, call the rule, render. What every page needs of its request stands here.

pub(super) mod activity;
pub(super) mod address;
pub(super) mod admin;
pub(super) mod backup_codes;
pub(super) mod confirm;
mod device;
pub(super) mod devices;
pub(super) mod email_link;
mod form;
mod frame;
#[cfg(any(test, feature = "fuzzing"))]
pub(in crate::web) mod fuzzing;
pub(super) mod gate;
pub(super) mod help;
pub(super) mod language;
mod local_path;
pub(super) mod not_found;
pub(super) mod passkey;
pub(super) mod password;
pub(super) mod second_step;
pub(super) mod security;
pub(super) mod settings;
pub(super) mod sign_in;
pub(super) mod totp;
pub(super) mod trusted_browsers;
mod views;
pub(super) mod welcome;

use std::future::{Ready, ready};
use std::rc::Rc;
use std::time::Duration;

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use askama::Template;
use chrono::{NaiveDateTime, TimeDelta};

use super::access;
use super::csrf;
use super::endpoint::{Endpoint, Who};
use super::error::{Failure, PageError, Refusal};
use super::files;
use super::origin::origin;
use super::request_id::request_id;
use super::session::Cookie;
use crate::accounts::sessions;
use crate::accounts::{Access, Caller, Error};
use crate::activity::{Door, Origin};
use crate::app::App;
use crate::db::{self, Conn};
use crate::organizations::is_administrator;
use crate::words::Messages;
use form::Rejected;
use frame::{Frame, SignedIn};
use views::{ErrorPage, Flash, FormProblem, When, Why};

/// How long a page that is everybody's waits to learn who is signed in; its handler may have to wait once more.
const GLANCE: Duration = Duration::from_millis(200);

type PageResult = Result<HttpResponse, PageError>;

/// One request for a page: the process, the cookie, who is signed in, the language.
pub(super) struct Visit {
    http: HttpRequest,
    app: App,
    cookie: Cookie,
    caller: Option<Rc<Caller>>,
    t: Messages,
}

impl FromRequest for Visit {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(http: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        ready(Self::of(http).map_err(PageError))
    }
}

impl Visit {
    fn of(http: &HttpRequest) -> Result<Self, Failure> {
        Ok(Self {
            app: access::app(http)?.clone(),
            cookie: Cookie::of(http),
            caller: http.extensions().get::<Rc<Caller>>().cloned(),
            t: super::language::words(http),
            http: http.clone(),
        })
    }

    /// Who is signed in. On routes that ask for a session the middleware has made sure that somebody is.
    fn caller(&self) -> Result<&Rc<Caller>, Failure> {
        self.caller
            .as_ref()
            .ok_or_else(|| Failure::Internal("a page asks for a caller on an open route".into()))
    }

    /// Reads what a page shows. Nothing is written here, and nothing long is asked.
    async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&App, &mut Conn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Failure> {
        Ok(access::reader(&self.http)?.read(f).await?)
    }

    /// Where this request comes from, for the record.
    fn origin(&self) -> Origin {
        origin(&self.http, Door::Browser)
    }

    /// When a wait is over.
    fn until(&self, wait: Duration) -> When {
        full_minute_after(&self.t, self.app.clock.now(), wait)
    }

    /// What the page shares with all others; takes the line that the last page left.
    fn frame(&self) -> Result<Frame, Failure> {
        let flash: Option<Flash> = self.cookie.take_flash();
        Ok(Frame {
            flash_takes_focus: flash.as_ref().is_some_and(Flash::takes_focus),
            flash: flash.map(|flash| flash.text(&self.t)),
            ..self.frame_without_flash()?
        })
    }

    /// The same for a form that was refused.
    fn frame_with(&self, problems: &[FormProblem]) -> Result<Frame, Failure> {
        let problems = problems
            .iter()
            .map(|problem| problem.problem(&self.t))
            .collect();
        Ok(self.frame_without_flash()?.with_problems(problems))
    }

    /// The one or the other.
    fn frame_for(&self, rejected: Option<&Rejected>) -> Result<Frame, Failure> {
        match rejected {
            Some(rejected) => self.frame_with(&rejected.problems),
            None => self.frame(),
        }
    }

    fn frame_without_flash(&self) -> Result<Frame, Failure> {
        Ok(Frame {
            t: self.t,
            csrf: csrf::token(&self.app, &self.cookie.form_binding()?),
            signed_in: self.caller.as_ref().map(|caller| SignedIn {
                email: caller.user.email.clone(),
                full: caller.access == Access::Full,
                administers: is_administrator(&caller.user),
            }),
            flash: None,
            flash_takes_focus: false,
            origin: self.app.config.public_url.origin().to_owned(),
            problems: Vec::new(),
            assets: files::assets(),
        })
    }
}

/// A page with a status.
fn render(status: StatusCode, page: &impl Template) -> PageResult {
    let html = page
        .render()
        .map_err(|error| Failure::Internal(format!("template: {error}")))?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(html))
}

/// A form, for the first time or refused.
fn render_form(rejected: Option<&Rejected>, page: &impl Template) -> PageResult {
    match rejected {
        Some(rejected) => rejected.render(page),
        None => render(StatusCode::OK, page),
    }
}

/// The answer to a form that did what it should: a reload repeats nothing.
fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, to))
        .finish()
}

/// The answer to a button, without fields of its own, on a page that is not this session's. It may be a second
/// press after signing out.
fn old_page(visit: &Visit) -> PageResult {
    if visit.caller.is_none() {
        return Ok(see_other("/login"));
    }
    let status = StatusCode::FORBIDDEN;
    let page = ErrorPage {
        frame: visit.frame_with(&[])?,
        status: status.as_u16(),
        why: Some(Why {
            title: visit.t.text("error-old-page-title"),
            sentence: visit.t.text("error-old-page"),
        }),
        reference: None,
        retry_at: None,
    };
    render(status, &page)
}

/// Authorises a visitor by the cookie. `Some` is an answer that leads elsewhere first. `has_page`: the URL can be
/// opened, too, and not only posted to.
pub(super) async fn guard_page(
    http: &HttpRequest,
    row: &Endpoint,
    has_page: bool,
) -> Result<Option<HttpResponse>, Failure> {
    let app = access::app(http)?;
    if let Some(elsewhere) = to_public_host(http, app) {
        return Ok(Some(elsewhere));
    }
    let cookie = Cookie::of(http);
    let id = cookie.id();
    let caller = match id.clone() {
        Some(id) => {
            let wait = match row.who {
                Who::Anyone => GLANCE,
                _ => db::POOL_WAIT,
            };
            let read = access::reader(http)?
                .read_within(wait, move |app, conn| {
                    sessions::authenticate_cookie(conn, app, &id, app.clock.now())
                })
                .await;
            match read {
                // Help and the like stay readable without a database; nothing is granted by that.
                Err(_) if row.who == Who::Anyone => None,
                read => read?,
            }
        }
        None => None,
    };
    // A form is not sent again by itself: whoever is sent away comes back to where its button is.
    let here = match http.uri().path_and_query() {
        Some(here) if has_page => here.as_str(),
        Some(_) | None => "/security",
    };
    let Some(caller) = caller else {
        if row.who == Who::Anyone {
            return Ok(None);
        }
        if let Some(id) = id {
            // Only this browser held that id, so the address it belonged to is no news to it.
            let ended = app.db(move |_, conn| sessions::behind(conn, &id)).await?;
            let ended = ended.unwrap_or_default();
            cookie.forget();
            cookie.leave_ended(&ended.email, ended.was_pending)?;
        }
        return Ok(Some(see_other(&sign_in::before(http, here))));
    };
    match access::admit(http, row.who, caller) {
        Ok(()) => Ok(None),
        Err(Refusal::FactorOwed) => Ok(Some(see_other(&local_path::with(
            "/login/verify",
            "return_to",
            here,
        )))),
        Err(Refusal::MustEnrol) => {
            let wanted = Some(here).filter(|_| http.method() == Method::GET);
            Ok(Some(see_other(&gate::gate(wanted.unwrap_or_default()))))
        }
        Err(Refusal::StepUpRequired) => {
            Ok(Some(see_other(&local_path::with("/confirm", "next", here))))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// In development people open `127.0.0.1`, where passkeys cannot work and links lead elsewhere.
fn to_public_host(http: &HttpRequest, app: &App) -> Option<HttpResponse> {
    let own = &app.config.public_url;
    let asked = http.headers().get(header::HOST)?.to_str().ok()?;
    let is_loopback = asked == "127.0.0.1"
        || asked.starts_with("127.0.0.1:")
        || asked == "[::1]"
        || asked.starts_with("[::1]:");
    (is_loopback && own.host() == "localhost" && http.method().is_safe()).then(|| {
        let here = http
            .uri()
            .path_and_query()
            .map_or("/", |here| here.as_str());
        HttpResponse::TemporaryRedirect()
            .insert_header((header::LOCATION, format!("{}{here}", own.origin())))
            .finish()
    })
}

/// When a wait is over, to the next full minute: sentences name hours and minutes only.
fn full_minute_after(t: &Messages, now: NaiveDateTime, wait: Duration) -> When {
    When::clock(t, now + wait + TimeDelta::seconds(59))
}

/// The page for a failure.
pub(super) fn render_failure(http: &HttpRequest, failure: Failure) -> HttpResponse {
    if let Failure::Refused(Refusal::NoToken | Refusal::InvalidToken) = failure {
        // The session ended while its last request was being answered.
        return see_other("/login");
    }
    failure.log(http);
    let status = failure.status();
    let t = super::language::words(http);
    let retry_after = failure.retry_after();
    let now = access::app(http).ok().map(|app| app.clock.now());
    let retry_at = retry_after
        .zip(now)
        .map(|(wait, now)| full_minute_after(&t, now, wait));
    let frame = Visit::of(http)
        .and_then(|visit| visit.frame_without_flash())
        .unwrap_or_else(|_| Frame {
            t,
            assets: files::assets(),
            ..Frame::default()
        });
    let page = ErrorPage {
        frame,
        status: status.as_u16(),
        why: None,
        reference: status.is_server_error().then(|| request_id(http)),
        retry_at,
    };
    let mut response = render(status, &page)
        .unwrap_or_else(|_| HttpResponse::build(status).body(status.as_str().to_owned()));
    if let Some(wait) = retry_after {
        response.headers_mut().insert(
            header::RETRY_AFTER,
            HeaderValue::from(wait.as_secs().max(1)),
        );
    }
    response
}
