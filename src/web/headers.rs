//! What every answer carries: the request id, the security headers, one line in the access log.

use std::time::Instant;

use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;

use super::access;
use super::connections;
use super::request_id::RequestId;
use crate::app::App;
use crate::metrics;

/// What a page may load and do: our own styles, scripts and images, forms to ourselves, nothing else.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; font-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// What is no page can load nothing at all.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

const PERMISSIONS: &str = "publickey-credentials-get=(self), publickey-credentials-create=(self), \
     camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()";

/// `same-origin` and not `no-referrer`: that would turn the `Origin` of a form's POST into `null`.
const REFERRER: &str = "same-origin";

const TRANSPORT: &str = "max-age=63072000";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost middleware.
pub(super) async fn middleware(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let RequestId(id) = RequestId::next();
    request.extensions_mut().insert(RequestId(id.clone()));
    let app = access::app(request.request()).ok();
    let is_https = app.is_some_and(|app| app.config.public_url.is_https());
    let is_leaving = app.is_some_and(App::is_leaving);
    let mut response = if connections::is_over_limit(request.request()) {
        let refused = connections::refuse();
        request.into_response(refused)
    } else {
        next.call(request).await?
    };
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    if is_leaving {
        // Nobody should come back on this connection to find it closed.
        response
            .response_mut()
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    secure(response.headers_mut(), is_https);
    note(&response, &id, started);
    Ok(response)
}

fn secure(headers: &mut HeaderMap, is_https: bool) {
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let policy = if is_page { PAGE_POLICY } else { DATA_POLICY };
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, REFERRER),
        (header::PERMISSIONS_POLICY, PERMISSIONS),
        (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(TRANSPORT),
        );
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// One line a request, and its part in the metrics. The route's pattern and not the path: a path can hold the token of a link.
fn note(response: &ServiceResponse<BoxBody>, id: &str, started: Instant) {
    let request = response.request();
    let pattern = request.match_pattern();
    let pattern = pattern.as_deref().unwrap_or("-");
    let (status, took) = (response.status().as_u16(), started.elapsed());
    log::info!(
        target: "access",
        "{id} {} {pattern} {status} {:.1} ms",
        request.method(),
        took.as_secs_f64() * 1_000.0,
    );
    metrics::count_request(request.method().as_str(), pattern, status, took);
}
