//! The caller's organization, and what it asks of its members.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::json::{Data, Done, Json, data, done};
use super::status::MfaType;
use crate::accounts::{Caller, Error};
use crate::activity::Door;
use crate::clock::rfc3339;
use crate::db::organizations::Organization;
use crate::mfa::Method;
use crate::organizations::managed;
use crate::organizations::requirement::{self, Asks, Change, Requirement};
use crate::organizations::trust;
use crate::web::access::{self, Asking};
use crate::web::error::{ApiError, ErrorBody, Failure, Refusal};
use crate::web::origin::origin;

/// What to ask of the members.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct EnforceBody {
    /// Whether a second factor is required.
    enforced: bool,
    /// From when, as RFC 3339; at once without it, or when it is over.
    #[serde(default)]
    #[schema(format = DateTime)]
    enforce_from: Option<String>,
    /// The methods that count; left out, they stay as they are.
    #[serde(default)]
    #[schema(value_type = Option<Vec<MfaType>>)]
    allowed_methods: Option<Vec<String>>,
    /// How many days new members have, counted from joining, up to 365; left out, they stay as they are.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 365)]
    extra_days: Option<i32>,
}

/// Requires a second factor of everybody in the organization, or stops doing so. Felt by everybody's next request.
#[utoipa::path(
    post, path = "/mfa/organization/enforce", tag = "Organization", request_body = EnforceBody,
    security(("bearer" = ["full", "strong_step_up"])),
    responses(
        (status = 200, body = Done),
        (status = 403, body = ErrorBody, description = "Also without the role, or without a second factor that counts"),
        (status = 500, body = ErrorBody, description = "Failed to update organization MFA enforcement"),
    )
)]
pub(in crate::web) async fn enforce(
    http: HttpRequest,
    Asking(caller): Asking,
    body: Json<EnforceBody>,
) -> Result<HttpResponse, ApiError> {
    let body = body.0;
    let methods = body.allowed_methods.map(|words| {
        words
            .iter()
            .map(|word| Method::from_wire(word).ok_or(Refusal::InvalidMfaType))
            .collect::<Result<Vec<_>, _>>()
    });
    let change = Change {
        asks: asks(body.enforced),
        from: body.enforce_from.as_deref().map(instant).transpose()?,
        extra_days: body.extra_days,
        methods: methods.transpose()?,
    };
    set(&http, &caller, change).await?;
    Ok(HttpResponse::Ok().json(done(if body.enforced {
        "MFA enforcement enabled for organization"
    } else {
        "MFA enforcement disabled for organization"
    })))
}

const fn asks(enforced: bool) -> Asks {
    if enforced {
        Asks::Required
    } else {
        Asks::Nothing
    }
}

/// A time as RFC 3339, in UTC.
pub(super) fn instant(text: &str) -> Result<NaiveDateTime, Refusal> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.naive_utc())
        .map_err(|_| Refusal::BadRequest("enforceFrom is no time as RFC 3339 has it".to_owned()))
}

async fn set(http: &HttpRequest, caller: &Caller, change: Change) -> Result<(), Failure> {
    let (caller, origin) = (caller.clone(), origin(http, Door::Api));
    access::app(http)?
        .db(move |app, conn| requirement::set(conn, app, &origin, &caller, &change))
        .await
        .map(drop)
        .map_err(Failure::from)
}

/// An organization. What this service knows nothing of is empty.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganizationData {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Always empty.
    domain: &'static str,
    /// Always false.
    repos_disabled: bool,
    /// Always true.
    #[serde(rename = "is_business")]
    is_business: bool,
    /// A second factor is required, in force or announced.
    mfa_enforced: bool,
    /// From when it is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa_enforce_from: Option<String>,
    /// How many days new members have, counted from joining.
    mfa_extra_days: i32,
    /// The methods that count.
    #[schema(value_type = Vec<MfaType>)]
    mfa_allowed_methods: Vec<Method>,
    /// For how many days members may have a browser trusted, so that their password is enough in it; 0 is never.
    trust_days: i32,
}

impl OrganizationData {
    fn of(organization: &Organization) -> Result<Self, Failure> {
        let requirement = Requirement::of(organization)?;
        Ok(Self {
            id: organization.id.clone(),
            name: organization.name.clone(),
            domain: "",
            repos_disabled: false,
            is_business: true,
            mfa_enforced: requirement.asks == Asks::Required,
            mfa_enforce_from: requirement.from.map(rfc3339),
            mfa_extra_days: requirement.extra_days,
            mfa_allowed_methods: requirement.methods,
            trust_days: organization.trust_days,
        })
    }
}

/// The caller's own organization; any other is unknown.
fn own<'a>(caller: &'a Caller, id: &str) -> Result<&'a Organization, Failure> {
    let own = caller.organization.as_ref();
    own.filter(|organization| organization.id == id)
        .ok_or_else(|| Refusal::NotFound.into())
}

/// The caller's organization.
#[utoipa::path(
    get, path = "/organization/{id}", tag = "Organization",
    params(("id" = String, Path, description = "The id of the caller's organization")),
    security(("bearer" = ["full"])),
    responses(
        (status = 200, body = inline(Data<OrganizationData>)), (status = 404, body = ErrorBody),
    )
)]
pub(in crate::web) async fn organization(
    path: web::Path<String>,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let organization = OrganizationData::of(own(&caller, &path)?)?;
    Ok(HttpResponse::Ok().json(data(organization)))
}

/// What is to change; what is left out stays. What this service knows nothing of is not looked at.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) struct OrganizationChange {
    /// Another name.
    #[serde(default)]
    name: Option<String>,
    /// Whether a second factor is required from now on.
    #[serde(default)]
    mfa_enforced: Option<bool>,
    /// For how many days members may have a browser trusted from now on; 0 is never. Fewer days hold for browsers that are
    /// trusted already.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 90)]
    trust_days: Option<i32>,
}

/// An organization after a change.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct OrganizationChanged {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// As it is now.
    data: OrganizationData,
    /// What was done.
    message: &'static str,
}

/// Changes the caller's organization. `mfaEnforced` is the same rule as `/mfa/organization/enforce`.
#[utoipa::path(
    put, path = "/organization/{id}", tag = "Organization", request_body = OrganizationChange,
    params(("id" = String, Path, description = "The id of the caller's organization")),
    security(("bearer" = ["full", "strong_step_up"])),
    responses(
        (status = 200, body = OrganizationChanged), (status = 404, body = ErrorBody),
        (status = 403, body = ErrorBody, description = "Also without the role, or without a second factor that counts"),
    )
)]
pub(in crate::web) async fn change_organization(
    http: HttpRequest,
    path: web::Path<String>,
    Asking(caller): Asking,
    body: Json<OrganizationChange>,
) -> Result<HttpResponse, ApiError> {
    own(&caller, &path)?;
    let OrganizationChange {
        name,
        mfa_enforced,
        trust_days,
    } = body.0;
    if let Some(enforced) = mfa_enforced {
        let change = Change {
            asks: asks(enforced),
            from: None,
            extra_days: None,
            methods: None,
        };
        set(&http, &caller, change).await?;
    }
    let (caller, origin) = (Caller::clone(&caller), origin(&http, Door::Api));
    let changed = access::app(&http)?
        .db(move |app, conn| {
            if let Some(name) = name {
                requirement::rename(conn, app, &origin, &caller, &name)?;
            }
            if let Some(days) = trust_days {
                trust::set(conn, app, &origin, &caller, days)?;
            }
            let id = &managed(&caller)?.id;
            crate::db::organizations::find(conn, id)?.ok_or(Error::NotFound)
        })
        .await?;
    Ok(HttpResponse::Ok().json(OrganizationChanged {
        success: true,
        data: OrganizationData::of(&changed)?,
        message: "Organization updated successfully",
    }))
}
