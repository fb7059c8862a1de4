//! The status as it changes: server-sent events (WHATWG HTML, section 9.2), the same for programs and for pages.

use std::time::Duration;

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use futures_util::stream::unfold;
use tokio::time::timeout;

use super::access;
use super::api::status::{fingerprint, status_of};
use super::error::{Failure, Refusal};
use crate::accounts::{Caller, Error, overview, sessions};
use crate::activity::{Crowded, Listener};
use crate::app::App;
use crate::db::activity::Happened;

/// How long nothing is sent at most. Then whoever is gone is noticed, and what changed by the hour alone is, too.
const SILENCE: Duration = Duration::from_secs(25);

/// When somebody may come back whose account has too many streams.
const CROWDED: Duration = Duration::from_secs(60);

/// How soon whoever lost the connection comes back, in milliseconds: the first line of a stream.
const RETRY: &str = "retry: 2000\n";

/// The last event.
const END: &str = "event: end\ndata: {}\n\n";

const KIND: &str = "text/event-stream";

/// What opened a stream, and has to go on opening it.
#[derive(Clone)]
pub(super) enum Key {
    /// A bearer token.
    Bearer(String),
    /// The id in a browser's cookie.
    Cookie(String),
}

/// A version of what a caller is told: changes with the status, and with what else the account consists of.
pub(super) fn version(caller: &Caller, entries: &[Happened]) -> Result<String, Failure> {
    Ok(version_of(&status_of(caller)?, entries))
}

fn version_of(status: &[u8], entries: &[Happened]) -> String {
    format!("{}.{}", fingerprint(status), overview::last_change(entries))
}

/// Whether a page asks for events, and so cannot be sent elsewhere.
pub(super) fn is_asked_for(http: &HttpRequest) -> bool {
    let accept = http.headers().get(header::ACCEPT);
    accept.is_some_and(|accept| accept == KIND)
}

/// The answer to a page whose session is over.
pub(super) fn ended() -> HttpResponse {
    head().body(END)
}

fn head() -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(KIND)
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        // nginx holds answers back otherwise.
        .insert_header((HeaderName::from_static("x-accel-buffering"), "no"));
    answer
}

/// Answers with the stream. `known` is the version that the client has already, where it cannot say so in `Last-Event-ID`.
pub(super) fn open(
    http: &HttpRequest,
    caller: &Caller,
    key: Key,
    known: Option<String>,
) -> Result<HttpResponse, Failure> {
    if http.method() == Method::HEAD {
        return Ok(head().finish());
    }
    let app = access::app(http)?.clone();
    let organization = caller.organization.as_ref();
    let listener = app
        .watch
        .listen(
            &caller.user.id,
            organization.map(|organization| organization.id.as_str()),
        )
        .map_err(|crowded| match crowded {
            Crowded::Account => Failure::Refused(Refusal::RateLimited(CROWDED)),
            Crowded::Process => Failure::Unavailable,
        })?;
    let last = http.headers().get("last-event-id");
    let last = last.and_then(|id| id.to_str().ok()).map(str::to_owned);
    let live = Live {
        app,
        key,
        listener,
        known: last.or(known),
        state: State::Opened,
    };
    Ok(head().streaming(unfold(live, |live| async {
        let (frame, live) = live.next().await?;
        Some((Ok::<_, actix_web::Error>(frame), live))
    })))
}

/// One open stream.
struct Live {
    app: App,
    key: Key,
    listener: Listener,
    /// The version that the client has.
    known: Option<String>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was sent yet.
    Opened,
    Open,
    /// The session ended, and that was said.
    Ended,
}

impl Live {
    /// What is sent next, once there is something; `None` ends the stream.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        loop {
            let was = self.state;
            let woken = match was {
                State::Ended => return None,
                State::Opened => true,
                State::Open => timeout(SILENCE, self.listener.woken()).await.is_ok(),
            };
            if self.app.is_leaving() {
                return None;
            }
            let seen = match self.look().await {
                Ok(seen) => seen,
                Err(failure) => {
                    // The client comes back with the version that it has.
                    log::warn!("a stream ends, its account could not be read: {failure:?}");
                    return None;
                }
            };
            let frame = match seen {
                None => {
                    self.state = State::Ended;
                    END.to_owned()
                }
                Some((version, _)) if self.known.as_ref() == Some(&version) => {
                    if woken && was == State::Open {
                        continue;
                    }
                    self.state = State::Open;
                    ":\n\n".to_owned()
                }
                Some((version, status)) => {
                    self.state = State::Open;
                    let frame = format!("event: status\nid: {version}\ndata: {status}\n\n");
                    self.known = Some(version);
                    frame
                }
            };
            let frame = match was {
                State::Opened => format!("{RETRY}{frame}"),
                State::Open | State::Ended => frame,
            };
            return Some((Bytes::from(frame), self));
        }
    }

    /// The version and the status of now; `None` when the key opens nothing any more.
    async fn look(&self) -> Result<Option<(String, String)>, Failure> {
        let key = self.key.clone();
        let read = self.app.db(move |app, conn| {
            let now = app.clock.now();
            let caller = match key {
                Key::Bearer(token) => sessions::authenticate_bearer(conn, app, &token, now)?,
                Key::Cookie(id) => sessions::authenticate_cookie(conn, app, &id, now)?,
            };
            let Some(caller) = caller else {
                return Ok::<_, Error>(None);
            };
            let entries = overview::recent(conn, &caller.user.id)?;
            Ok(Some((caller, entries)))
        });
        let Some((caller, entries)) = read.await? else {
            return Ok(None);
        };
        let status = status_of(&caller)?;
        let version = version_of(&status, &entries);
        let status =
            String::from_utf8(status).map_err(|error| Failure::Internal(error.to_string()))?;
        Ok(Some((version, status)))
    }
}
