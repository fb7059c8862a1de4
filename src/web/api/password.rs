//! A lost password, for programs: asking for a link by mail, and using it.

use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::json::{Done, Json, done};
use crate::accounts::{link_requests, passwords};
use crate::activity::Door;
use crate::crypto::password::Password;
use crate::web::access;
use crate::web::error::{ApiError, ErrorBody};
use crate::web::origin::origin;

/// Whose password is lost.
#[derive(Deserialize, utoipa::ToSchema)]
pub(in crate::web) struct RequestResetBody {
    /// The account's address.
    email: String,
}

/// Asks for a link by mail with which a new password is chosen. The answer is the same whether or not the address has an
/// account.
#[utoipa::path(
    post, path = "/user/request-reset-password", tag = "Account", request_body = RequestResetBody,
    security(()),
    responses(
        (status = 200, body = Done), (status = 429, body = ErrorBody),
    )
)]
pub(in crate::web) async fn request_reset(
    http: HttpRequest,
    body: Json<RequestResetBody>,
) -> Result<HttpResponse, ApiError> {
    let (app, origin) = (access::app(&http)?, origin(&http, Door::Api));
    link_requests::ask_for_password(app, &origin, &body.0.email).await?;
    let sentence = "If the address has an account, a link is on its way to it";
    Ok(HttpResponse::Ok().json(done(sentence)))
}

/// A new password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct NewPasswordBody {
    /// What follows `/password/` in the link.
    token: String,
    /// The password to be.
    new_password: String,
}

/// Chooses a password with the token of a link. Every session of the account ends, and nobody is signed in.
#[utoipa::path(
    post, path = "/user/reset-password", tag = "Account", request_body = NewPasswordBody,
    security(()),
    responses(
        (status = 200, body = Done),
    )
)]
pub(in crate::web) async fn reset(
    http: HttpRequest,
    body: Json<NewPasswordBody>,
) -> Result<HttpResponse, ApiError> {
    let Json(NewPasswordBody {
        token,
        new_password,
    }) = body;
    let (app, origin) = (access::app(&http)?, origin(&http, Door::Api));
    passwords::choose(app, &origin, &token, Password::new(new_password)).await?;
    Ok(HttpResponse::Ok().json(done("Password reset")))
}
