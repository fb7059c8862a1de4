//! What an organization asks of its members, and from when.

use chrono::{NaiveDateTime, TimeDelta};

use super::{Account, Error, Method, Server};
use crate::db::organizations::Organization;

/// When an organization's requirement comes, or came, into force for a member; `None` where it requires nothing.
///
/// # Errors
///
/// As [`super::status`].
pub fn comes_at(account: Account<'_>) -> Result<Option<NaiveDateTime>, Error> {
    Ok(Requirement::of(account)?.comes)
}

/// Whether an organization lets a method count for its requirement.
pub const fn allows(organization: &Organization, method: Method) -> bool {
    match method {
        Method::Totp => organization.allow_totp,
        Method::MagicLink => organization.allow_magic_link,
        Method::Passkey => organization.allow_passkey,
    }
}

/// The methods that make an organization's members protected, in wire order: those that it lets count while it requires
/// any, and that this server has.
pub fn counting_methods(organization: &Organization, server: &Server) -> Vec<Method> {
    let is_required = organization.mfa_requirement == "required";
    let counts = |method: &Method| {
        server.accepts(*method) && (!is_required || allows(organization, *method))
    };
    Method::ALL.into_iter().filter(counts).collect()
}

/// What an organization asks of one member.
pub(super) struct Requirement<'a> {
    /// The organization, when it requires a second factor, in force or announced.
    organization: Option<&'a Organization>,
    /// When the requirement comes, or came, into force for this member.
    pub(super) comes: Option<NaiveDateTime>,
}

impl<'a> Requirement<'a> {
    pub(super) fn of(account: Account<'a>) -> Result<Self, Error> {
        let Some(organization) = account.organization else {
            return Ok(Self::none());
        };
        match organization.mfa_requirement.as_str() {
            "off" | "recommended" => Ok(Self::none()),
            "required" => {
                let joined = account.user.joined_at.unwrap_or(account.user.created_at);
                let welcome = joined + TimeDelta::days(organization.mfa_extra_days.into());
                // A requirement without a date is in force.
                let from = organization
                    .mfa_enforce_from
                    .unwrap_or(organization.created_at);
                Ok(Self {
                    organization: Some(organization),
                    comes: Some(from.max(welcome)),
                })
            }
            _ => Err(Error::UnknownValue("organizations.mfa_requirement")),
        }
    }

    const fn none() -> Self {
        Self {
            organization: None,
            comes: None,
        }
    }

    pub(super) fn allows(&self, method: Method) -> bool {
        self.organization
            .is_none_or(|organization| allows(organization, method))
    }
}
