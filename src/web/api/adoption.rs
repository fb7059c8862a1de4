//! How far the caller's organization is, as programs read it.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::json::{Data, data};
use super::organization::instant;
use super::status::MfaType;
use crate::accounts::Caller;
use crate::clock::rfc3339;
use crate::mfa::Method;
use crate::organizations::adoption::{self as rules, Filter, Listed, NAMED, PER_PAGE, Query};
use crate::organizations::requirement::{Asks, Change};
use crate::web::access::{self, Asking};
use crate::web::csv;
use crate::web::error::{ApiError, ErrorBody, Failure, Refusal};

/// How many members have what.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Adoption {
    /// All members.
    members: i64,
    /// Those with a method that counts.
    enabled: i64,
    /// Those of them without backup codes.
    without_backup_codes: i64,
    /// How many have each method, whether or not it counts.
    #[schema(example = json!({(Method::Totp.wire()): 31, (Method::Passkey.wire()): 17}))]
    methods: BTreeMap<&'static str, i64>,
}

/// How many members of the caller's organization have what.
#[utoipa::path(
    get, path = "/mfa/organization/adoption", tag = "Organization", security(("bearer" = ["full"])),
    responses(
        (status = 200, body = inline(Data<Adoption>)),
        (status = 400, body = ErrorBody, description = "No organization"),
        (status = 403, body = ErrorBody, description = "Also without the role"),
        (status = 500, body = ErrorBody, description = "Failed to get MFA adoption"),
    )
)]
pub(in crate::web) async fn adoption(
    http: HttpRequest,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let caller = Caller::clone(&caller);
    let counts = access::app(&http)?
        .db(move |app, conn| rules::count(conn, app, &caller))
        .await?;
    Ok(HttpResponse::Ok().json(data(Adoption {
        members: counts.members,
        enabled: counts.enabled,
        without_backup_codes: counts.without_codes,
        methods: counts
            .methods
            .into_iter()
            .map(|(method, count)| (method.wire(), count))
            .collect(),
    })))
}

/// Which members.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Selected {
    /// `on`, `off`, `no_codes` (on, and without backup codes); all without it.
    #[serde(default)]
    filter: Option<String>,
    /// What the address, the name or the last name begins with.
    #[serde(default)]
    search: Option<String>,
    /// After this address.
    #[serde(default)]
    after: Option<String>,
}

impl Selected {
    fn query(self) -> Result<Query, Refusal> {
        let word = self.filter.unwrap_or_default();
        let filter = Filter::from_word(&word)
            .ok_or_else(|| Refusal::BadRequest("filter is on, off or no_codes".to_owned()))?;
        Ok(Query {
            filter,
            search: self.search,
            after: self.after,
            before: None,
        })
    }
}

/// A member with its MFA state.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberState {
    /// The account's id.
    id: String,
    /// The address.
    email: String,
    /// First name.
    name: String,
    /// Last name.
    last_name: String,
    /// At least one method can be used and counts.
    is_enabled: bool,
    /// Those methods.
    #[schema(value_type = Vec<MfaType>)]
    enabled_methods: Vec<Method>,
    /// Unused backup codes; absent when no set was ever issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    backup_codes_left: Option<u32>,
    /// When an announced requirement comes into force for this member.
    #[serde(skip_serializing_if = "Option::is_none")]
    enforced_from: Option<String>,
    /// When an administrator reset it; absent once a method is set up again.
    #[serde(skip_serializing_if = "Option::is_none")]
    reset_at: Option<String>,
    /// When it last signed in, if ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sign_in: Option<String>,
}

impl From<Listed> for MemberState {
    fn from(listed: Listed) -> Self {
        let Listed { member, status } = listed;
        Self {
            id: member.user.id,
            email: member.user.email,
            name: member.user.first_name,
            last_name: member.user.last_name,
            is_enabled: status.is_enabled,
            enabled_methods: status.enabled_methods,
            backup_codes_left: status.backup_codes_left,
            enforced_from: status.enforced_from.map(rfc3339),
            reset_at: member.user.mfa_reset_at.map(rfc3339),
            last_sign_in: member.last_sign_in_at.map(rfc3339),
        }
    }
}

/// A page of members.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct MemberStates {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// By address, fifty at most.
    data: Vec<MemberState>,
    /// What `after` has to be for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The members of the caller's organization with their MFA state.
#[utoipa::path(
    get, path = "/mfa/organization/members", tag = "Organization", params(Selected), security(("bearer" = ["full"])),
    responses(
        (status = 200, body = MemberStates),
        (status = 400, body = ErrorBody, description = "No organization, or no such filter"),
        (status = 403, body = ErrorBody, description = "Also without the role"),
        (status = 500, body = ErrorBody, description = "Failed to get members"),
    )
)]
pub(in crate::web) async fn members(
    http: HttpRequest,
    Asking(caller): Asking,
    selected: web::Query<Selected>,
) -> Result<HttpResponse, ApiError> {
    let query = selected.into_inner().query()?;
    let caller = Caller::clone(&caller);
    let page = access::app(&http)?
        .db(move |app, conn| rules::list(conn, app, &caller, &query, PER_PAGE))
        .await?;
    let last = page.members.last().map(|one| one.member.user.email.clone());
    Ok(HttpResponse::Ok().json(MemberStates {
        success: true,
        next: last.filter(|_| page.has_next),
        data: page.members.into_iter().map(MemberState::from).collect(),
    }))
}

/// The same members, all of them, for a spreadsheet.
#[utoipa::path(
    get, path = "/mfa/organization/members.csv", tag = "Organization", params(Selected), security(("bearer" = ["full"])),
    responses(
        (status = 200, content_type = "text/csv", body = String),
        (status = 400, body = ErrorBody, description = "No organization, or no such filter"),
        (status = 403, body = ErrorBody, description = "Also without the role"),
        (status = 500, body = ErrorBody, description = "Failed to get members"),
    )
)]
pub(in crate::web) async fn members_csv(
    http: HttpRequest,
    Asking(caller): Asking,
    selected: web::Query<Selected>,
) -> Result<HttpResponse, ApiError> {
    let query = selected.into_inner().query()?;
    Ok(csv::members(access::app(&http)?, &caller, query, "members").await?)
}

/// What would be asked.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
pub(in crate::web) struct Supposed {
    /// From when, as RFC 3339; at once without it.
    #[serde(default)]
    enforce_from: Option<String>,
    /// The methods that would count, in between commas; as now without it.
    #[serde(default)]
    allowed_methods: Option<String>,
    /// How many days new members would have; as now without it.
    #[serde(default)]
    #[param(minimum = 0, maximum = 365)]
    extra_days: Option<i32>,
}

impl Supposed {
    fn change(self) -> Result<Change, Refusal> {
        let methods = self.allowed_methods.map(|words| {
            words
                .split(',')
                .map(|word| Method::from_wire(word.trim()).ok_or(Refusal::InvalidMfaType))
                .collect::<Result<Vec<_>, _>>()
        });
        Ok(Change {
            asks: Asks::Required,
            from: self.enforce_from.as_deref().map(instant).transpose()?,
            extra_days: self.extra_days,
            methods: methods.transpose()?,
        })
    }
}

/// What would happen.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rehearsed {
    /// When it would be felt.
    at: String,
    /// All members.
    members: i64,
    /// How many would have to set a method up first.
    stopped: i64,
    /// How many of them have the email link alone, and it would not count.
    only_email_link: i64,
    /// How many of them would have days left then, because they joined lately.
    later: i64,
    /// Who they are, by address, a thousand at most.
    who: Vec<MemberState>,
}

/// Says whom a requirement would stop, and changes nothing.
#[utoipa::path(
    get, path = "/mfa/organization/rehearsal", tag = "Organization", params(Supposed), security(("bearer" = ["full"])),
    responses(
        (status = 200, body = inline(Data<Rehearsed>)),
        (status = 400, body = ErrorBody, description = "No organization, or what cannot be asked"),
        (status = 403, body = ErrorBody, description = "Also without the role"),
        (status = 500, body = ErrorBody, description = "Failed to rehearse MFA enforcement"),
    )
)]
pub(in crate::web) async fn rehearsal(
    http: HttpRequest,
    Asking(caller): Asking,
    supposed: web::Query<Supposed>,
) -> Result<HttpResponse, ApiError> {
    let rehearsed = rehearse(&http, &caller, supposed.into_inner()).await?;
    Ok(HttpResponse::Ok().json(data(Rehearsed {
        at: rfc3339(rehearsed.at),
        members: rehearsed.members,
        stopped: rehearsed.stopped,
        only_email_link: rehearsed.only_email,
        later: rehearsed.later,
        who: rehearsed.named.into_iter().map(MemberState::from).collect(),
    })))
}

async fn rehearse(
    http: &HttpRequest,
    caller: &Caller,
    supposed: Supposed,
) -> Result<rules::Rehearsal, Failure> {
    let (change, caller) = (supposed.change()?, caller.clone());
    access::app(http)?
        .db(move |app, conn| rules::rehearse(conn, app, &caller, &change, NAMED))
        .await
        .map_err(Failure::from)
}

/// Whom it would stop, a thousand at most, for a spreadsheet.
#[utoipa::path(
    get, path = "/mfa/organization/rehearsal.csv", tag = "Organization", params(Supposed), security(("bearer" = ["full"])),
    responses(
        (status = 200, content_type = "text/csv", body = String),
        (status = 400, body = ErrorBody, description = "No organization, or what cannot be asked"),
        (status = 403, body = ErrorBody, description = "Also without the role"),
        (status = 500, body = ErrorBody, description = "Failed to rehearse MFA enforcement"),
    )
)]
pub(in crate::web) async fn rehearsal_csv(
    http: HttpRequest,
    Asking(caller): Asking,
    supposed: web::Query<Supposed>,
) -> Result<HttpResponse, ApiError> {
    let rehearsed = rehearse(&http, &caller, supposed.into_inner()).await?;
    Ok(csv::file(&rehearsed.named, "rehearsal")?)
}
