//! `/help`: the same for everybody.

use actix_web::http::StatusCode;

use super::views::HelpPage;
use super::{PageResult, Visit, render};

/// `GET /help`
pub(in crate::web) async fn help(visit: Visit) -> PageResult {
    render(
        StatusCode::OK,
        &HelpPage {
            frame: visit.frame()?,
        },
    )
}
