//! The id of one request: in the log, in the record, and in the answer.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::{HttpMessage, HttpRequest};

use crate::crypto::random_bytes;

/// Odd, so that 2^64 steps pass before a number comes again, and near the golden ratio of 2^64, so that numbers
/// made one after the other look nothing alike.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A random place to start from: two processes that write into one log do not meet. It is no secret, and a
/// generator without random bytes costs only that.
static NEXT: LazyLock<AtomicU64> =
    LazyLock::new(|| AtomicU64::new(random_bytes().map_or(0, u64::from_ne_bytes)));

/// The id of one request, as the log and the answer carry it.
#[derive(Clone)]
pub(super) struct RequestId(pub(super) String);

impl RequestId {
    /// An id that no other request of this process has: 16 hexadecimal digits.
    pub(super) fn next() -> Self {
        Self(format!("{:016x}", NEXT.fetch_add(STEP, Ordering::Relaxed)))
    }
}

/// The id of this request.
pub(super) fn request_id(http: &HttpRequest) -> String {
    http.extensions()
        .get::<RequestId>()
        .map_or_else(String::new, |id| id.0.clone())
}
