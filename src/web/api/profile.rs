//! The caller's own account, as programs read and change it.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::json::{Done, Json, data, done};
use crate::accounts::profile::{self as rules, Update};
use crate::accounts::users::Role;
use crate::activity::Door;
use crate::crypto::password::Password;
use crate::web::access::{self, Asking};
use crate::web::error::{ApiError, ErrorBody, Failure, Refusal};
use crate::web::origin::origin;

/// An account.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    /// The account's id.
    id: String,
    /// First name.
    name: String,
    /// Last name.
    last_name: String,
    /// The address.
    email: String,
    /// The organization's id; null without one.
    org_id: Option<String>,
    /// The role's number; null without an organization.
    org_role: Option<i32>,
    /// The role's name.
    org_role_description: &'static str,
    /// Every role held, as numbers.
    org_roles: Vec<i32>,
    /// The account can be signed in to.
    validated: bool,
    /// A second factor is demanded of this account.
    mfa_required: bool,
    /// The account belongs to an organization.
    is_business: bool,
}

/// The caller's own account.
#[utoipa::path(
    get, path = "/user/profile", tag = "Account", security(("bearer" = ["full"])),
    responses(
        (status = 200, body = inline(super::json::Data<Profile>)),
    )
)]
pub(in crate::web) async fn profile(Asking(caller): Asking) -> Result<HttpResponse, ApiError> {
    let user = &caller.user;
    let role = match user.organization_id {
        Some(_) => Some(Role::from_number(user.role).ok_or_else(|| {
            Failure::Internal("users.role holds a value that no rule knows".into())
        })?),
        None => None,
    };
    Ok(HttpResponse::Ok().json(data(Profile {
        id: user.id.clone(),
        name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        email: user.email.clone(),
        org_id: user.organization_id.clone(),
        org_role: role.map(Role::number),
        org_role_description: role.map_or("", Role::name),
        org_roles: role.map(Role::number).into_iter().collect(),
        validated: user.password_hash.is_some(),
        mfa_required: caller.status.is_required,
        is_business: user.organization_id.is_some(),
    })))
}

/// What is to change; what is left out stays.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct ProfileChange {
    /// First name.
    #[serde(default)]
    name: Option<String>,
    /// Last name.
    #[serde(default)]
    last_name: Option<String>,
    /// A new password; needs the current one.
    #[serde(default)]
    password: Option<String>,
    /// The current password.
    #[serde(default)]
    current_password: Option<String>,
}

/// Changes the caller's own account. A new password ends every other session.
#[utoipa::path(
    put, path = "/user/{id}", tag = "Account", request_body = ProfileChange,
    params(("id" = String, Path, description = "The caller's own id")),
    security(("bearer" = ["full"])),
    responses(
        (status = 200, body = Done), (status = 404, body = ErrorBody),
        (status = 429, body = ErrorBody),
    )
)]
pub(in crate::web) async fn update(
    http: HttpRequest,
    path: web::Path<String>,
    Asking(caller): Asking,
    body: Json<ProfileChange>,
) -> Result<HttpResponse, ApiError> {
    if path.into_inner() != caller.user.id {
        return Err(Refusal::NotFound.into());
    }
    let Json(change) = body;
    let password = match (change.current_password, change.password) {
        (Some(current), Some(new)) => Some((Password::new(current), Password::new(new))),
        (None, Some(_)) => {
            let sentence = "A new password needs currentPassword".to_owned();
            return Err(Refusal::BadRequest(sentence).into());
        }
        (_, None) => None,
    };
    let update = Update {
        first_name: change.name,
        last_name: change.last_name,
        password,
    };
    rules::update(
        access::app(&http)?,
        &origin(&http, Door::Api),
        &caller,
        update,
    )
    .await?;
    Ok(HttpResponse::Ok().json(done("User updated")))
}
