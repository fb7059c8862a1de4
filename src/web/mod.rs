//! The front desk: every URL, who may call it, and the two faces of the rules, JSON and pages.
//!
//! No rule stands here. A handler parses, makes one domain call, and renders what it answers.

mod access;
mod api;
mod connections;
mod credential;
mod csrf;
mod csv;
mod endpoint;
mod error;
mod files;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod guard;
mod headers;
mod kept;
mod language;
mod metrics;
mod origin;
mod pages;
mod qr;
mod request_id;
mod routes;
mod server;
mod session;
mod stream;
mod well_known;

pub use api::openapi::document as openapi;
pub use api::status::mfa_status_json;
pub use endpoint::{Endpoint, Face, Who};
pub use metrics::start as start_metrics;
pub use routes::ROUTES;
pub use server::{MAX_CONNECTIONS, ServerOptions, start};
