//! The static files, embedded in the binary. Their URLs carry a hash of the content, so they can be kept for
//! ever; a wrong hash is not found.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use data_encoding::HEXLOWER;

use super::error::{ApiError, Refusal};

/// The addresses of the embedded static files, hash included.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// `/static/{hash}/app.css`
    pub css: String,
    /// `/static/{hash}/security.js`
    pub js: String,
    /// `/static/{hash}/passkey.js`
    pub passkey_js: String,
    /// `/static/{hash}/live.js`
    pub live_js: String,
    /// `/static/{hash}/favicon.svg`
    pub icon: String,
}

struct File {
    name: &'static str,
    kind: &'static str,
    content: &'static [u8],
    hash: String,
}

impl File {
    fn new(name: &'static str, kind: &'static str, content: &'static [u8]) -> Self {
        let hash = crate::crypto::token::hash_bytes(content);
        Self {
            name,
            kind,
            content,
            hash: HEXLOWER.encode(hash.get(..8).unwrap_or_default()),
        }
    }

    fn path(&self) -> String {
        format!("/static/{}/{}", self.hash, self.name)
    }
}

struct Files {
    css: File,
    js: File,
    passkey_js: File,
    live_js: File,
    icon: File,
}

static FILES: LazyLock<Files> = LazyLock::new(|| Files {
    css: File::new(
        "app.css",
        "text/css; charset=utf-8",
        include_bytes!("../../static/css/app.css"),
    ),
    js: File::new(
        "security.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../static/js/security.js"),
    ),
    passkey_js: File::new(
        "passkey.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../static/js/passkey.js"),
    ),
    live_js: File::new(
        "live.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../static/js/live.js"),
    ),
    icon: File::new(
        "favicon.svg",
        "image/svg+xml",
        include_bytes!("../../static/favicon.svg"),
    ),
});

/// Where pages find the files.
pub(super) fn assets() -> Assets {
    Assets {
        css: FILES.css.path(),
        js: FILES.js.path(),
        passkey_js: FILES.passkey_js.path(),
        live_js: FILES.live_js.path(),
        icon: FILES.icon.path(),
    }
}

/// `GET /static/{hash}/{name}`
pub(super) async fn hashed(path: web::Path<(String, String)>) -> Result<HttpResponse, ApiError> {
    let (hash, name) = path.into_inner();
    let all = [
        &FILES.css,
        &FILES.js,
        &FILES.passkey_js,
        &FILES.live_js,
        &FILES.icon,
    ];
    let file = all
        .into_iter()
        .find(|file| file.name == name && file.hash == hash)
        .ok_or(Refusal::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, file.kind))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(file.content))
}

/// `GET /favicon.ico`, for browsers that ask without having read a page.
pub(super) async fn favicon() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, FILES.icon.kind))
        .body(FILES.icon.content)
}

/// `GET /robots.txt`
pub(super) async fn robots() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .body("User-agent: *\nDisallow: /\n")
}
