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

/// The database answers, its schema is up to date, and the process is not about to end.
#[utoipa::path(
    get, path = "/health/ready", tag = "Health", security(()),
    responses((status = 200, body = Health))
)]
pub(in crate::web) async fn ready(http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let app = access::app(&http)?;
    if app.is_leaving() {
        return Err(Failure::Unavailable.into());
    }
    let is_applied = app
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

/// Panics, in the handler or over a connection: what that costs is a test.
#[cfg(feature = "faults")]
pub(in crate::web) async fn panic(http: HttpRequest) -> Result<HttpResponse, ApiError> {
    if http.match_info().get("place") == Some("database") {
        let app = access::app(&http)?;
        app.db(|_, _| -> diesel::QueryResult<()> { panic!("asked to, over a connection") })
            .await?;
    }
    panic!("asked to, in a handler")
}
