//! The cookie that a browser is recognised by at its next sign-in, apart from the session's: it outlives the session, and
//! it opens nothing. One browser may hold a few tokens, since each account gives its own.

use actix_web::body::BoxBody;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};

use super::access;
use crate::crypto::token::{Kind, Token};

/// How many accounts a browser is recognised by.
const MAX_TOKENS: usize = 5;

/// Longer than this browsers keep no cookie (RFC 6265bis section 5.5); each sign-in starts it anew.
const LIFETIME: Duration = Duration::days(400);

/// The tokens, most recent first, as they are to be set.
struct Kept(String);

/// The tokens that a browser presents, as far as they look like any.
pub(super) fn presented(http: &HttpRequest) -> Vec<Token> {
    http.cookie(name(http))
        .map(|cookie| {
            let tokens = cookie.value().split('.').take(MAX_TOKENS);
            tokens
                .filter_map(|text| Token::from_text(Kind::Device, text))
                .collect()
        })
        .unwrap_or_default()
}

/// Has the answer to this request set a token, in front of those that the browser has.
pub(super) fn keep(http: &HttpRequest, token: &Token) {
    let others = presented(http);
    let kept: Vec<_> = std::iter::once(token)
        .chain(others.iter().filter(|other| *other != token))
        .take(MAX_TOKENS)
        .map(Token::expose)
        .collect();
    http.extensions_mut().insert(Kept(kept.join(".")));
}

/// Sets what is to be kept, if anything.
pub(super) fn set(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let http = response.request().clone();
    let Some(Kept(tokens)) = http.extensions_mut().remove() else {
        return response;
    };
    let cookie = Cookie::build(name(&http), tokens)
        .path("/")
        .secure(is_https(&http))
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(LIFETIME)
        .finish();
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// As the session's cookie: over https only this very origin can set it.
fn name(http: &HttpRequest) -> &'static str {
    if is_https(http) {
        "__Host-countersign-device"
    } else {
        "countersign-device"
    }
}

fn is_https(http: &HttpRequest) -> bool {
    access::app(http).is_ok_and(|app| app.config.public_url.is_https())
}
