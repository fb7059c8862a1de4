//! Form tokens, and whether a POST comes from one of our own pages.

use actix_web::HttpRequest;
use actix_web::http::header;
use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;

use super::access;
use super::session::Cookie;
use crate::app::App;

/// The token for a form of the browser that `binding` stands for. It lives and dies with that binding.
pub(super) fn token(app: &App, binding: &str) -> String {
    BASE64URL_NOPAD.encode(&app.keys.csrf_mac(binding.as_bytes()))
}

/// Whether a form was sent by a page of ours to the browser that now sends it back.
pub(super) fn is_genuine(http: &HttpRequest, sent: &str) -> bool {
    let (Ok(app), Some(binding)) = (access::app(http), Cookie::of(http).known_form_binding())
    else {
        return false;
    };
    let expected = token(app, &binding);
    is_same_origin(http, app.config.public_url.origin())
        && bool::from(expected.as_bytes().ct_eq(sent.as_bytes()))
}

/// What the browser itself says: `Sec-Fetch-Site`, or from older browsers `Origin`. Neither: not ours.
fn is_same_origin(http: &HttpRequest, own: &str) -> bool {
    let text = |name: &str| {
        http.headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => text(header::ORIGIN.as_str()) == Some(own),
    }
}
