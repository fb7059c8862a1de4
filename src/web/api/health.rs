//! Whether the process lives, and whether it can do its work.

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::db::{self, MigrationError};
use crate::web::access;
use crate::web::error::{ApiError, Failure};

/// A good state of health.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Health {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// What is the case.
    status: &'static str,
}

/// The process answers.
#[utoipa::path(
    get, path = "/health/live", tag = "Health", security(()),
    responses((status = 200, body = Health))
)]
pub(in crate::web) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Health {
        success: true,
        status: "live",
    })
}

/// The database answers, and its schema is up to date.
#[utoipa::path(
    get, path = "/health/ready", tag = "Health", security(()),
    responses((status = 200, body = Health))
)]
pub(in crate::web) async fn ready(http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let is_applied = access::app(&http)?
        .db(|_, conn| {
            db::applied(conn).or_else(|error: MigrationError| {
                log::warn!("not ready: {error}");
                Ok::<_, diesel::result::Error>(false)
            })
        })
        .await;
    match is_applied {
        Ok(true) => Ok(HttpResponse::Ok().json(Health {
            success: true,
            status: "ready",
        })),
        Ok(false) | Err(_) => Err(Failure::Unavailable.into()),
    }
}
