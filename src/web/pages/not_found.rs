//! Everything that is nowhere, by whatever method: JSON below the paths of the API, a page elsewhere.

use super::PageResult;
use crate::web::error::{ApiError, Refusal};

/// A URL below the API's.
pub(in crate::web) async fn route() -> Result<&'static str, ApiError> {
    Err(Refusal::NotFound.into())
}

/// Any other URL.
pub(in crate::web) async fn page() -> PageResult {
    Err(Refusal::NotFound.into())
}
