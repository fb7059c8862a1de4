//! The id of one request: in the log, in the record, and in the answer.

use actix_web::{HttpMessage, HttpRequest};

/// The id of one request, as the log and the answer carry it.
#[derive(Clone)]
pub(super) struct RequestId(pub(super) String);

/// The id of this request.
pub(super) fn request_id(http: &HttpRequest) -> String {
    http.extensions()
        .get::<RequestId>()
        .map_or_else(String::new, |id| id.0.clone())
}
