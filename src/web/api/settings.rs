//! Changes to the caller's own factors: switched on and off, put first, reset; and new backup codes.

use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json::{Data, Done, Json, data, done};
use super::setup::MethodBody;
use crate::accounts::{Caller, Error, factors};
use crate::activity::Door;
use crate::mfa::settings::Change;
use crate::organizations::reset::{self, Order};
use crate::web::access::{self, Asking};
use crate::web::error::{ApiError, ErrorBody, Failure, Refusal};
use crate::web::origin::origin;

async fn change(
    http: &HttpRequest,
    caller: &Caller,
    change: Change,
    message: &'static str,
) -> Result<HttpResponse, ApiError> {
    let (caller, origin) = (caller.clone(), origin(http, Door::Api));
    access::app(http)?
        .db(move |app, conn| factors::change(conn, app, &origin, &caller, change))
        .await?;
    Ok(HttpResponse::Ok().json(done(message)))
}

/// Switches a configured method on.
#[utoipa::path(
    post, path = "/mfa/enable", tag = "MFA", request_body = MethodBody,
    security(("bearer" = ["full", "strong_step_up"])),
    responses(
        (status = 200, body = Done),
        (status = 500, body = ErrorBody, description = "Failed to enable MFA"),
    )
)]
pub(in crate::web) async fn enable(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<MethodBody>,
) -> Result<HttpResponse, ApiError> {
    let method = body.0.method()?;
    change(&http, &caller, Change::Enable(method), "MFA method enabled").await
}

/// Switches a method off; what was configured is kept.
#[utoipa::path(
    post, path = "/mfa/disable", tag = "MFA", request_body = MethodBody,
    security(("bearer" = ["full", "step_up"])),
    responses(
        (status = 200, body = Done), (status = 409, body = ErrorBody),
        (status = 500, body = ErrorBody, description = "Failed to disable MFA"),
    )
)]
pub(in crate::web) async fn disable(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<MethodBody>,
) -> Result<HttpResponse, ApiError> {
    let method = body.0.method()?;
    change(
        &http,
        &caller,
        Change::Disable(method),
        "MFA method disabled",
    )
    .await
}

/// Asks for this method first from now on.
#[utoipa::path(
    post, path = "/mfa/primary", tag = "MFA", request_body = MethodBody,
    security(("bearer" = ["full", "strong_step_up"])),
    responses(
        (status = 200, body = Done),
        (status = 500, body = ErrorBody, description = "Failed to set primary MFA"),
    )
)]
pub(in crate::web) async fn primary(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<MethodBody>,
) -> Result<HttpResponse, ApiError> {
    let method = body.0.method()?;
    change(
        &http,
        &caller,
        Change::Primary(method),
        "Primary MFA method updated",
    )
    .await
}

/// Whose MFA to reset; one's own without an id.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct ResetBody {
    /// A member of the caller's organization. Present, it has to be a non-empty string.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, min_length = 1)]
    reset_user_id: Option<Value>,
    /// Whether a second factor is demanded of that member from now on.
    #[serde(default)]
    enable: Option<bool>,
    /// Why, for the administrator's record; at most 200 characters.
    #[serde(default)]
    reason: Option<String>,
}

/// Tells `null` from a field that is not there.
fn present<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

/// Removes every method, backup code and pending set-up: one's own, or a member's.
#[utoipa::path(
    post, path = "/mfa/reset", tag = "MFA", request_body = Option<ResetBody>,
    security(("bearer" = ["full", "step_up"])),
    responses(
        (status = 200, body = Done),
        (status = 403, body = ErrorBody, description = "Also when the role is missing"),
        (status = 404, body = ErrorBody, description = "User not found"), (status = 409, body = ErrorBody),
        (status = 500, body = ErrorBody, description = "Failed to reset MFA"),
    )
)]
pub(in crate::web) async fn reset(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<ResetBody>,
) -> Result<HttpResponse, ApiError> {
    const DONE: &str = "MFA reset successfully";
    let ResetBody {
        reset_user_id,
        enable,
        reason,
    } = body.0;
    let Some(user_id) = reset_user_id else {
        return change(&http, &caller, Change::Reset, DONE).await;
    };
    let user_id = user_id.as_str().filter(|id| !id.is_empty());
    let user_id = user_id
        .ok_or_else(|| Refusal::BadRequest("resetUserId must be a non-empty string".to_owned()))?;
    let order = Order {
        user_id: user_id.to_owned(),
        demand: enable,
        reason,
        seen: None,
    };
    let (caller, origin) = (Caller::clone(&caller), origin(&http, Door::Api));
    access::app(&http)?
        .db(move |app, conn| reset::member(conn, app, &origin, &caller, &order))
        .await
        .map_err(|error| match error {
            Error::Forbidden | Error::NoOrganization => Refusal::ResetForbidden.into(),
            Error::NotFound => Refusal::UserNotFound.into(),
            error => Failure::from(error),
        })?;
    Ok(HttpResponse::Ok().json(done(DONE)))
}

/// A new set of backup codes.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BackupCodes {
    /// Ten codes; they are never shown again.
    backup_codes: Vec<String>,
}

/// Makes ten new backup codes; older ones stop working.
#[utoipa::path(
    post, path = "/mfa/backup-codes", tag = "MFA", security(("bearer" = ["full", "step_up"])),
    responses(
        (status = 200, body = inline(Data<BackupCodes>)),
        (status = 400, body = ErrorBody),
        (status = 500, body = ErrorBody, description = "Failed to create backup codes"), (status = 503, body = ErrorBody),
    )
)]
pub(in crate::web) async fn backup_codes(
    http: HttpRequest,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let origin = origin(&http, Door::Api);
    let codes = factors::create_codes(access::app(&http)?, &origin, &caller).await?;
    let backup_codes = codes.iter().map(|code| code.shown()).collect();
    Ok(HttpResponse::Ok().json(data(BackupCodes { backup_codes })))
}
