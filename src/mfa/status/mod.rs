//! The one computation of an account's MFA state.
//!
//! [`status`] is a pure function of rows and the time. `GET /mfa/status` serialises what it answers, the
//! security page draws it, `countersign mfa status` prints it, and access is decided from it. Nothing else
//! knows how to tell whether MFA is on.

mod requirement;
mod rows;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
pub(super) mod tests;

use chrono::NaiveDateTime;

use self::requirement::Requirement;
use super::{Error, Method};
use crate::db::factors::Factor;
use crate::db::organizations::Organization;
use crate::db::users::User;

pub use self::requirement::{allows, comes_at, counting_methods};
pub use self::rows::{Rows, load};

/// The rows that the status is a function of.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)] // each field is a row of the table of its name
pub struct Account<'a> {
    pub user: &'a User,
    pub organization: Option<&'a Organization>,
    pub factors: &'a [Factor],
}

/// What the operator's settings leave of the methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// `COUNTERSIGN_EMAIL_LINK` is on.
    pub magic_link: bool,
    /// The public host is a name, so that it can be a passkey's relying party.
    pub passkey: bool,
}

/// An account's MFA state at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// At least one method can be used to sign in.
    pub is_enabled: bool,
    /// A second factor is demanded: of this person, or by the organization, in force or announced.
    pub is_required: bool,
    /// The organization's requirement is in force for this member now.
    pub is_enforced: bool,
    /// The methods that can be used, in wire order.
    pub enabled_methods: Vec<Method>,
    /// The method asked for first; `None` when there is none to ask for.
    pub primary_method: Option<Method>,
    /// When an announced requirement comes into force.
    pub enforced_from: Option<NaiveDateTime>,
    /// Unused backup codes; `None` when no set was ever issued.
    pub backup_codes_left: Option<u32>,
    /// Every method there is, in wire order.
    pub methods: Vec<MethodState>,
    /// A second factor is owed at sign-in. Suspended and closed methods count: they never make the password
    /// enough.
    pub owes_factor: bool,
    /// The enrolment gate is on: a second factor is demanded now, and there is no method to give it with.
    pub must_enrol: bool,
    /// The password came by a mailed link, and nothing has shown since that its holder has more than the mailbox.
    pub password_by_mail: bool,
}

/// One method of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MethodState {
    /// Which one.
    pub method: Method,
    /// It can be set up here and now.
    pub is_available: bool,
    /// It has been set up and proved.
    pub is_configured: bool,
    /// It can be used to sign in.
    pub is_enabled: bool,
    /// It can prove who somebody is, whether or not the organization counts it.
    pub is_provable: bool,
    /// It is switched on, but the server switched it off after too many wrong answers.
    pub is_suspended: bool,
}

impl Status {
    /// How one method stands.
    pub fn state_of(&self, method: Method) -> Option<&MethodState> {
        self.methods.iter().find(|state| state.method == method)
    }

    /// Whether a method answers at a sign-in. Where none counts for the organization those that do not count answer: their
    /// holder proves one of them, and then meets the gate.
    fn answers(&self, method: Method) -> bool {
        if self.is_enabled {
            return self.enabled_methods.contains(&method);
        }
        self.state_of(method).is_some_and(|state| state.is_provable)
    }

    /// The email link answers, and is not accepted for now: whoever reads the mail could have set the password, too, and
    /// there is something else to prove oneself with.
    pub fn is_link_set_aside(&self) -> bool {
        let has_other_method = || self.answers(Method::Totp) || self.answers(Method::Passkey);
        self.password_by_mail
            && self.answers(Method::MagicLink)
            && (has_other_method() || self.backup_codes_left.unwrap_or(0) > 0)
    }

    /// Whether a sign-in can be finished with this method now.
    pub fn offers(&self, method: Method) -> bool {
        self.answers(method) && (method != Method::MagicLink || !self.is_link_set_aside())
    }

    /// The methods that a sign-in can be finished with now, in wire order.
    pub fn offered_methods(&self) -> Vec<Method> {
        let offered = |method: &Method| self.offers(*method);
        Method::ALL.into_iter().filter(offered).collect()
    }

    /// Too many wrong answers switched a method off.
    pub fn is_suspended(&self) -> bool {
        self.methods.iter().any(|state| state.is_suspended)
    }

    /// Whether there are unused backup codes that can be used.
    pub fn has_backup_codes(&self) -> bool {
        self.backup_codes_left.unwrap_or(0) > 0 && !self.is_suspended()
    }

    /// The one of them that is asked for first: the primary method, or the strongest.
    pub fn offered_first(&self) -> Option<Method> {
        self.primary_method
            .into_iter()
            .chain(Method::BY_STRENGTH)
            .find(|method| self.offers(*method))
    }
}

/// Computes an account's MFA state.
///
/// # Errors
///
/// [`Error::UnknownValue`] when a row holds a word that no rule knows: an account that cannot be understood
/// is never reported as unprotected.
pub fn status(account: Account<'_>, server: &Server, now: NaiveDateTime) -> Result<Status, Error> {
    let requirement = Requirement::of(account)?;
    let is_enforced = requirement.comes.is_some_and(|from| from <= now);
    let is_required = account.user.mfa_required || requirement.comes.is_some();

    let mut methods = Vec::with_capacity(Method::ALL.len());
    let mut owes_factor = false;
    for factor in account.factors {
        if Method::from_column(&factor.method).is_none() {
            return Err(Error::UnknownValue("factors.method"));
        }
        owes_factor |= factor.verified_at.is_some() && factor.enabled;
    }
    for method in Method::ALL {
        let is_accepted = server.accepts(method);
        let open = is_accepted && requirement.allows(method);
        let factor = account
            .factors
            .iter()
            .find(|factor| factor.method == method.column());
        let is_configured = factor.is_some_and(|factor| factor.verified_at.is_some());
        let is_usable = is_configured
            && factor.is_some_and(|factor| factor.enabled && factor.suspended_at.is_none());
        methods.push(MethodState {
            method,
            is_available: open,
            is_configured,
            is_suspended: factor.is_some_and(|factor| factor.suspended_at.is_some()),
            is_provable: is_accepted && is_usable,
            is_enabled: open && is_usable,
        });
    }

    let enabled_methods: Vec<Method> = methods
        .iter()
        .filter(|state| state.is_enabled)
        .map(|state| state.method)
        .collect();
    let is_enabled = !enabled_methods.is_empty();
    Ok(Status {
        is_enabled,
        is_required,
        is_enforced,
        primary_method: primary(account.user, &enabled_methods)?,
        enabled_methods,
        enforced_from: requirement.comes.filter(|_| !is_enforced),
        backup_codes_left: account
            .user
            .backup_codes_left
            .map(|left| u32::try_from(left).unwrap_or(0)),
        methods,
        owes_factor,
        must_enrol: (account.user.mfa_required || is_enforced) && !is_enabled,
        password_by_mail: account.user.password_by_mail,
    })
}

impl Server {
    const fn accepts(self, method: Method) -> bool {
        match method {
            Method::Totp => true,
            Method::MagicLink => self.magic_link,
            Method::Passkey => self.passkey,
        }
    }
}

/// The chosen primary method while it can be used, else the strongest that can.
fn primary(user: &User, enabled: &[Method]) -> Result<Option<Method>, Error> {
    let chosen = match &user.primary_method {
        Some(word) => {
            Some(Method::from_column(word).ok_or(Error::UnknownValue("users.primary_method"))?)
        }
        None => None,
    };
    Ok(chosen
        .into_iter()
        .chain(Method::BY_STRENGTH)
        .find(|method| enabled.contains(method)))
}
