//! Email links over JSON: sending one for the second step, and completing a set-up with one.

use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::json::{Done, Json, done};
use crate::accounts::users::normalize_email;
use crate::accounts::{Caller, Error, email_link};
use crate::activity::Door;
use crate::web::access::{self, Asking};
use crate::web::error::{ApiError, ErrorBody, Failure, Refusal};
use crate::web::origin::origin;

/// Where the activation mail went.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MagicLinkSetup {
    /// The account's own address.
    #[schema(example = "ada@example.com")]
    email: String,
    /// Always true: the mail's link or code has to come back.
    #[schema(example = true)]
    verification_required: bool,
}

/// Mails the activation link. An address that is named has to be the account's own.
pub(super) async fn start(
    http: &HttpRequest,
    caller: &Caller,
    named: Option<&str>,
) -> Result<MagicLinkSetup, ApiError> {
    let own = &caller.user.email;
    if named.is_some_and(|named| normalize_email(named).as_ref() != Some(own)) {
        let sentence = "The mail goes to the account's own address and to no other".to_owned();
        return Err(Refusal::BadRequest(sentence).into());
    }
    let (app, origin) = (access::app(http)?, origin(http, Door::Api));
    email_link::start_set_up(app, &origin, caller).await?;
    Ok(MagicLinkSetup {
        email: own.clone(),
        verification_required: true,
    })
}

/// Mails a link and a code that finish this sign-in, or renew its proof. Earlier ones stop working once it is on its way.
#[utoipa::path(
    post, path = "/mfa/magic-link/send", tag = "MFA",
    security(("bearer" = ["limited"])),
    responses(
        (status = 200, body = Done),
        (status = 400, body = ErrorBody, description = "The email link cannot be used"),
        (status = 429, body = ErrorBody, description = "Too many mails; `Retry-After` says how long to wait"),
        (status = 500, body = ErrorBody, description = "Failed to send magic link"),
        (status = 503, body = ErrorBody, description = "The mail could not be handed over, and an earlier one still works"),
    )
)]
pub(in crate::web) async fn send(
    http: HttpRequest,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let (app, origin) = (access::app(&http)?, origin(&http, Door::Api));
    email_link::send_link(app, &origin, &caller, "").await?;
    Ok(HttpResponse::Ok().json(done("Magic link sent successfully")))
}

/// The token out of an activation link.
#[derive(Deserialize, utoipa::ToSchema)]
pub(in crate::web) struct ActivateBody {
    /// What stands behind the last slash of the link.
    token: String,
}

/// Completes the set-up of the email link, and signs nobody in. The session that asked has to be alive.
#[utoipa::path(
    post, path = "/mfa/magic-link/activate", tag = "MFA", request_body = ActivateBody,
    security(()),
    responses(
        (status = 200, body = Done),
        (status = 400, body = ErrorBody, description = "Invalid or expired token"),
        (status = 404, body = ErrorBody, description = "User not found or inactive"),
        (status = 429, body = ErrorBody),
        (status = 500, body = ErrorBody, description = "Failed to activate magic link MFA"),
    )
)]
pub(in crate::web) async fn activate(
    http: HttpRequest,
    body: Json<ActivateBody>,
) -> Result<HttpResponse, ApiError> {
    let (app, origin) = (access::app(&http)?, origin(&http, Door::Api));
    let now = app.clock.now();
    app.code_buckets
        .take(origin.address.as_deref(), now)
        .map_err(|retry_after| Error::Throttled { retry_after })?;
    let token = body.0.token;
    app.db(move |app, conn| email_link::activate(conn, app, &origin, &token))
        .await
        .map_err(|error| match error {
            Error::LinkSpent => Refusal::ActivationRefused.into(),
            Error::NotFound => Refusal::ActivationOfNobody.into(),
            error => Failure::from(error),
        })?;
    Ok(HttpResponse::Ok().json(done("Magic link MFA activated successfully")))
}
