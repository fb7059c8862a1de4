//! The members of the caller's organization.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::json::{Done, Json, done};
use crate::accounts::Caller;
use crate::accounts::users::Role;
use crate::activity::Door;
use crate::crypto::password::Password;
use crate::db::users::User;
use crate::organizations::members::{self as rules, Change, NewMember};
use crate::web::access::{self, Asking};
use crate::web::error::{ApiError, ErrorBody, Failure, Refusal};
use crate::web::origin::origin;

/// A member.
#[derive(Serialize, Clone, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Member {
    /// The account's id.
    id: String,
    /// The address.
    email: String,
    /// First name.
    name: String,
    /// Last name.
    last_name: String,
    /// The organization's id.
    org_id: Option<String>,
    /// The role's number.
    org_role: i32,
    /// The account can be signed in to.
    validated: bool,
    /// Always null: what is removed is gone.
    deleted_at: Option<String>,
    /// The role's name.
    org_role_description: &'static str,
    /// Every role held, as numbers.
    org_roles: Vec<i32>,
}

impl Member {
    fn of(user: &User) -> Result<Self, Failure> {
        let role = role(user.role)?;
        Ok(Self {
            id: user.id.clone(),
            email: user.email.clone(),
            name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            org_id: user.organization_id.clone(),
            org_role: role.number(),
            validated: user.password_hash.is_some(),
            deleted_at: None,
            org_role_description: role.name(),
            org_roles: vec![role.number()],
        })
    }
}

fn role(number: i32) -> Result<Role, Failure> {
    Role::from_number(number)
        .ok_or_else(|| Failure::Internal("users.role holds a value that no rule knows".into()))
}

/// Which page of the members.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Paging {
    /// Fifty members by address, counted from 1. Without it as many as there may be, a thousand.
    #[param(value_type = Option<u64>)]
    page: Option<u32>,
}

/// Members.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Members {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// By address.
    data: Vec<Member>,
    /// How many there are altogether.
    total: i64,
}

/// The members of the caller's organization.
#[utoipa::path(
    get, path = "/organization/users", tag = "Organization", params(Paging),
    security(("bearer" = ["full"])),
    responses(
        (status = 200, body = Members),
        (status = 400, body = ErrorBody, description = "No organization, or a page that is no number"),
        (status = 403, body = ErrorBody, description = "Also without the role"),
    )
)]
pub(in crate::web) async fn list(
    http: HttpRequest,
    Asking(caller): Asking,
    paging: web::Query<Paging>,
) -> Result<HttpResponse, ApiError> {
    let (caller, page) = (Caller::clone(&caller), paging.page);
    let (members, total) = access::app(&http)?
        .db(move |_, conn| rules::list(conn, &caller, page))
        .await?;
    Ok(HttpResponse::Ok().json(Members {
        success: true,
        data: members.iter().map(Member::of).collect::<Result<_, _>>()?,
        total,
    }))
}

/// One member, at the top and once more inside.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct OneMember {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// The member.
    #[serde(flatten)]
    member: Member,
    /// The same.
    data: Member,
}

/// One member of the caller's organization.
#[utoipa::path(
    get, path = "/organization/users/{id}", tag = "Organization",
    params(("id" = String, Path, description = "The member's id")),
    security(("bearer" = ["full"])),
    responses(
        (status = 200, body = OneMember), (status = 404, body = ErrorBody),
        (status = 400, body = ErrorBody, description = "No organization"),
        (status = 403, body = ErrorBody, description = "Also without the role"),
    )
)]
pub(in crate::web) async fn show(
    http: HttpRequest,
    path: web::Path<String>,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let (caller, id) = (Caller::clone(&caller), path.into_inner());
    let member = access::app(&http)?
        .db(move |_, conn| rules::find(conn, &caller, &id))
        .await?;
    let member = Member::of(&member)?;
    Ok(HttpResponse::Ok().json(OneMember {
        success: true,
        data: member.clone(),
        member,
    }))
}

/// Somebody to be added.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct MemberBody {
    /// The address.
    email: String,
    /// The password. Empty, an invitation has to be asked for.
    #[serde(default)]
    password: String,
    /// First name.
    first_name: String,
    /// Last name.
    last_name: String,
    /// The role's number; an ordinary member's without it.
    #[serde(default)]
    org_role: i32,
    /// Mails a link for choosing a password.
    #[serde(default)]
    send_invite: bool,
}

/// A member after a change.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct MemberChanged {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// As it is now.
    data: Member,
    /// What was done.
    message: &'static str,
}

/// Adds a member.
#[utoipa::path(
    post, path = "/organization/users", tag = "Organization", request_body = MemberBody,
    security(("bearer" = ["full", "strong_step_up"])),
    responses(
        (status = 200, body = MemberChanged),
        (status = 403, body = ErrorBody, description = "Also without the role, or for an owner whom an administrator would make"),
        (status = 409, body = ErrorBody, description = "The address has an account"), (status = 503, body = ErrorBody),
    )
)]
pub(in crate::web) async fn add(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<MemberBody>,
) -> Result<HttpResponse, ApiError> {
    let Json(body) = body;
    if body.password.is_empty() && !body.send_invite {
        let sentence = "Without a password an invitation has to be sent".to_owned();
        return Err(Refusal::BadRequest(sentence).into());
    }
    let new = NewMember {
        email: body.email,
        first_name: body.first_name,
        last_name: body.last_name,
        role: body.org_role,
        password: (!body.password.is_empty()).then(|| Password::new(body.password)),
        is_invited: body.send_invite,
    };
    let origin = origin(&http, Door::Api);
    let member = rules::add(access::app(&http)?, &origin, &caller, new).await?;
    Ok(HttpResponse::Ok().json(MemberChanged {
        success: true,
        data: Member::of(&member)?,
        message: "User created successfully",
    }))
}

/// What is to change; what is left out stays.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct MemberChange {
    /// First name.
    #[serde(default)]
    name: Option<String>,
    /// Last name.
    #[serde(default)]
    last_name: Option<String>,
    /// The role's number.
    #[serde(default)]
    org_role: Option<i32>,
}

/// Changes a member's names or role.
#[utoipa::path(
    put, path = "/organization/users/{id}", tag = "Organization", request_body = MemberChange,
    params(("id" = String, Path, description = "The member's id")),
    security(("bearer" = ["full", "strong_step_up"])),
    responses(
        (status = 200, body = MemberChanged), (status = 404, body = ErrorBody),
        (status = 403, body = ErrorBody, description = "Also without the role, or for an owner whom an administrator would change"),
        (status = 409, body = ErrorBody, description = "Raising oneself, or the last owner"),
    )
)]
pub(in crate::web) async fn update(
    http: HttpRequest,
    path: web::Path<String>,
    Asking(caller): Asking,
    body: Json<MemberChange>,
) -> Result<HttpResponse, ApiError> {
    let Json(body) = body;
    let change = Change {
        first_name: body.name,
        last_name: body.last_name,
        role: body.org_role,
    };
    let (_, member) = changed(&http, &caller, path.into_inner(), change).await?;
    Ok(HttpResponse::Ok().json(MemberChanged {
        success: true,
        data: Member::of(&member)?,
        message: "User updated successfully",
    }))
}

async fn changed(
    http: &HttpRequest,
    caller: &Caller,
    id: String,
    change: Change,
) -> Result<(User, User), Failure> {
    let (caller, origin) = (caller.clone(), origin(http, Door::Api));
    access::app(http)?
        .db(move |app, conn| rules::change(conn, app, &origin, &caller, &id, &change))
        .await
        .map_err(Failure::from)
}

/// Removes a member's account with everything that hangs on it.
#[utoipa::path(
    delete, path = "/organization/users/{id}", tag = "Organization",
    params(("id" = String, Path, description = "The member's id")),
    security(("bearer" = ["full", "strong_step_up"])),
    responses(
        (status = 200, body = Done), (status = 404, body = ErrorBody),
        (status = 400, body = ErrorBody, description = "No organization"),
        (status = 403, body = ErrorBody, description = "Also without the role, or for an owner whom an administrator would remove"),
        (status = 409, body = ErrorBody, description = "Oneself, or the last owner"),
    )
)]
pub(in crate::web) async fn remove(
    http: HttpRequest,
    path: web::Path<String>,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let (caller, origin) = (Caller::clone(&caller), origin(&http, Door::Api));
    let id = path.into_inner();
    access::app(&http)?
        .db(move |app, conn| rules::remove(conn, app, &origin, &caller, &id))
        .await?;
    Ok(HttpResponse::Ok().json(done("User deleted successfully")))
}

/// Another role.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct RoleBody {
    /// The role's number.
    org_role: i32,
}

/// What became of a role.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoleData {
    /// The member's id.
    user_id: String,
    /// The number of the role before.
    previous_role: i32,
    /// The number of the role now.
    new_role: i32,
    /// What was done.
    message: &'static str,
}

/// A role after a change.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct RoleChanged {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// What became of it.
    data: RoleData,
    /// What was done.
    message: &'static str,
}

/// Gives a member another role.
#[utoipa::path(
    put, path = "/user/{id}/role", tag = "Organization", request_body = RoleBody,
    params(("id" = String, Path, description = "The member's id")),
    security(("bearer" = ["full", "strong_step_up"])),
    responses(
        (status = 200, body = RoleChanged), (status = 404, body = ErrorBody),
        (status = 403, body = ErrorBody, description = "Also without the role, or for an owner whom an administrator would change or make"),
        (status = 409, body = ErrorBody, description = "Raising oneself, or the last owner"),
    )
)]
pub(in crate::web) async fn change_role(
    http: HttpRequest,
    path: web::Path<String>,
    Asking(caller): Asking,
    body: Json<RoleBody>,
) -> Result<HttpResponse, ApiError> {
    let change = Change {
        role: Some(body.0.org_role),
        ..Change::default()
    };
    let (before, after) = changed(&http, &caller, path.into_inner(), change).await?;
    let message = "User role updated successfully";
    Ok(HttpResponse::Ok().json(RoleChanged {
        success: true,
        data: RoleData {
            user_id: after.id,
            previous_role: before.role,
            new_role: after.role,
            message,
        },
        message,
    }))
}
