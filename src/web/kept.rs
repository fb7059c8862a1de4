//! The cookies that outlive a session: what a browser is recognised by at its next sign-in, which opens nothing, and what it
//! is trusted by, which stands for the second factor beside a right password. One browser may hold a few of each, since each
//! account gives its own.

use actix_web::body::BoxBody;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};
use chrono::NaiveDateTime;

use super::access;
use crate::accounts::trusted_browsers::KeptTrust;
use crate::crypto::token::{Kind, NamedToken, Token};

/// Of how many accounts a browser keeps something.
const MAX_VALUES: usize = 5;

/// What stands between two values.
const BETWEEN: char = '.';

/// Longer than this browsers keep no cookie (RFC 6265bis section 5.5); each sign-in starts it anew.
const LIFETIME: Duration = Duration::days(400);

/// As the session's cookie: over https only this very origin can set one.
const DEVICE: [&str; 2] = ["countersign-device", "__Host-countersign-device"];
const TRUST: [&str; 2] = ["countersign-trust", "__Host-countersign-trust"];

/// The cookies that the answer to a request sets.
#[derive(Default)]
struct Kept(Vec<Cookie<'static>>);

/// What a browser says that it is recognised by, as far as it looks like that; the most recent first.
pub(super) fn devices(http: &HttpRequest) -> Vec<Token> {
    read(http, DEVICE, |text| Token::from_text(Kind::Device, text))
}

/// The same of what it is trusted by.
pub(super) fn trusts(http: &HttpRequest) -> Vec<NamedToken> {
    read(http, TRUST, |text| NamedToken::from_text(Kind::Trust, text))
}

/// Has the browser keep what it is recognised by, in front of what it keeps already.
pub(super) fn keep_device(http: &HttpRequest, token: &Token) {
    let before = devices(http);
    let others = before.iter().filter(|other| *other != token);
    let all: Vec<_> = std::iter::once(token)
        .chain(others)
        .take(MAX_VALUES)
        .map(Token::expose)
        .collect();
    keep(http, DEVICE, &all, LIFETIME);
}

/// Has the browser keep what it is trusted by, in front of what is still of use, and as long as anything is.
pub(super) fn keep_trust(http: &HttpRequest, trust: &KeptTrust, now: NaiveDateTime) {
    let before = trusts(http);
    let others = before
        .iter()
        .filter(|other| trust.others.contains(&other.id));
    let all: Vec<_> = std::iter::once(&trust.own)
        .chain(others)
        .take(MAX_VALUES)
        .map(NamedToken::expose)
        .collect();
    let all: Vec<_> = all.iter().map(|text| text.as_str()).collect();
    let lifetime = Duration::seconds((trust.until - now).num_seconds());
    keep(http, TRUST, &all, lifetime);
}

/// Sets what is to be kept, if anything.
pub(super) fn set(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let kept = response.request().extensions_mut().remove::<Kept>();
    for cookie in kept.into_iter().flat_map(|kept| kept.0) {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

fn read<T>(http: &HttpRequest, names: [&str; 2], parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
    http.cookie(name(http, names))
        .map(|cookie| {
            let values = cookie.value().split(BETWEEN).take(MAX_VALUES);
            values.filter_map(parse).collect()
        })
        .unwrap_or_default()
}

fn keep(http: &HttpRequest, names: [&'static str; 2], values: &[&str], lifetime: Duration) {
    let cookie = Cookie::build(name(http, names), values.join(&BETWEEN.to_string()))
        .path("/")
        .secure(is_https(http))
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(lifetime)
        .finish();
    let mut extensions = http.extensions_mut();
    let mut kept: Kept = extensions.remove().unwrap_or_default();
    kept.0.push(cookie);
    extensions.insert(kept);
}

fn name<'a>(http: &HttpRequest, [plain, secure]: [&'a str; 2]) -> &'a str {
    if is_https(http) { secure } else { plain }
}

fn is_https(http: &HttpRequest) -> bool {
    access::app(http).is_ok_and(|app| app.config.public_url.is_https())
}
