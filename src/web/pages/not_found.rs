//! Everything that is nowhere: JSON below the paths of the API, a page elsewhere.

use actix_web::{HttpRequest, HttpResponse};

use super::PageResult;
use crate::web::error::{ApiError, Failure, Refusal};
use crate::web::routes::{Face, ROUTES};

/// Any method, any URL that is not in the table.
pub(in crate::web) async fn not_found(http: HttpRequest) -> PageResult {
    if is_api(http.path()) {
        let failure = Failure::from(Refusal::NotFound);
        let answer: HttpResponse = ApiError::from(failure).respond(&http, "");
        return Ok(answer);
    }
    Err(Refusal::NotFound.into())
}

/// Whether a path begins like one of the API's.
fn is_api(path: &str) -> bool {
    let first = |path: &str| {
        path.trim_start_matches('/')
            .split('/')
            .next()
            .map(str::to_owned)
    };
    let asked = first(path);
    ROUTES
        .iter()
        .filter(|row| row.face == Face::Api)
        .any(|row| first(row.path) == asked)
}
