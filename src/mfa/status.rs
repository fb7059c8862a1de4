//! The one computation of an account's MFA state.
//!
//! [`status`] is a pure function of rows and the time. `GET /mfa/status` serialises what it answers, the
//! security page draws it, `countersign mfa status` prints it, and access is decided from it. Nothing else
//! knows how to tell whether MFA is on.

use chrono::{NaiveDateTime, TimeDelta};

use super::{Error, Method};
use crate::db::factors::Factor;
use crate::db::organizations::Organization;
use crate::db::users::User;
use crate::db::{Conn, factors, organizations, users};

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

/// Reads an account's rows and computes its state.
///
/// # Errors
///
/// [`Error::NotFound`] without such an account; otherwise as [`status`].
pub fn load(
    conn: &mut Conn,
    user_id: &str,
    server: &Server,
    now: NaiveDateTime,
) -> Result<Status, Error> {
    let user = users::find(conn, user_id)?.ok_or(Error::NotFound)?;
    Rows::read(conn, user)?.status(server, now)
}

/// An account's rows, read one table after the other.
#[derive(Debug)]
#[allow(missing_docs)] // each field is a row of the table of its name
pub struct Rows {
    pub user: User,
    pub organization: Option<Organization>,
    pub factors: Vec<Factor>,
}

impl Rows {
    /// Reads what belongs to an account.
    ///
    /// # Errors
    ///
    /// Only the database's.
    pub fn read(conn: &mut Conn, user: User) -> Result<Self, Error> {
        let organization = match &user.organization_id {
            Some(id) => organizations::find(conn, id)?,
            None => None,
        };
        let factors = factors::list_by_user(conn, &user.id)?;
        Ok(Self {
            user,
            organization,
            factors,
        })
    }

    /// The account's state.
    ///
    /// # Errors
    ///
    /// As [`status`].
    pub fn status(&self, server: &Server, now: NaiveDateTime) -> Result<Status, Error> {
        let account = Account {
            user: &self.user,
            organization: self.organization.as_ref(),
            factors: &self.factors,
        };
        status(account, server, now)
    }
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

/// When an organization's requirement comes, or came, into force for a member; `None` where it requires nothing.
///
/// # Errors
///
/// As [`status`].
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
struct Requirement<'a> {
    /// The organization, when it requires a second factor, in force or announced.
    organization: Option<&'a Organization>,
    /// When the requirement comes, or came, into force for this member.
    comes: Option<NaiveDateTime>,
}

impl<'a> Requirement<'a> {
    fn of(account: Account<'a>) -> Result<Self, Error> {
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

    fn allows(&self, method: Method) -> bool {
        self.organization
            .is_none_or(|organization| allows(organization, method))
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
pub(super) mod tests {
    use super::*;

    const SERVER: Server = Server {
        magic_link: true,
        passkey: true,
    };

    fn day(day: u32) -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 6, day)
            .and_then(|date| date.and_hms_opt(12, 0, 0))
            .expect("a date")
    }

    pub(in crate::mfa) fn user() -> User {
        User {
            id: "u".into(),
            email: "ada@example.com".into(),
            first_name: "Ada".into(),
            last_name: "Lovelace".into(),
            organization_id: Some("o".into()),
            role: 0,
            joined_at: Some(day(1)),
            password_hash: None,
            password_changed_at: None,
            mfa_required: false,
            primary_method: None,
            mfa_reset_at: None,
            epoch: 0,
            deactivated_at: None,
            created_at: day(1),
            backup_codes_left: None,
            password_by_mail: false,
            language: None,
        }
    }

    fn organization(requirement: &str, from: Option<NaiveDateTime>) -> Organization {
        Organization {
            id: "o".into(),
            name: "Analytical Engines".into(),
            mfa_requirement: requirement.into(),
            mfa_enforce_from: from,
            mfa_extra_days: 0,
            allow_totp: true,
            allow_passkey: true,
            allow_magic_link: true,
            trust_days: 0,
            created_at: day(1),
        }
    }

    fn factor(method: Method) -> Factor {
        Factor {
            id: method.column().into(),
            user_id: "u".into(),
            method: method.column().into(),
            verified_at: Some(day(2)),
            enabled: true,
            suspended_at: None,
            last_used_at: None,
        }
    }

    fn at(
        now: NaiveDateTime,
        user: &User,
        organization: &Organization,
        factors: &[Factor],
    ) -> Status {
        let account = Account {
            user,
            organization: Some(organization),
            factors,
        };
        status(account, &SERVER, now).expect("a status")
    }

    #[test]
    fn a_fresh_account_has_nothing_and_owes_nothing() {
        let status = at(day(3), &user(), &organization("off", None), &[]);
        assert!(!status.is_enabled && !status.is_required && !status.is_enforced);
        assert!(!status.owes_factor && !status.must_enrol);
        assert_eq!(status.primary_method, None);
    }

    #[test]
    fn methods_are_listed_in_wire_order_and_the_strongest_comes_first_at_sign_in() {
        let factors = [factor(Method::Passkey), factor(Method::Totp)];
        let status = at(day(3), &user(), &organization("off", None), &factors);
        assert_eq!(status.enabled_methods, [Method::Totp, Method::Passkey]);
        assert_eq!(status.primary_method, Some(Method::Passkey));
    }

    #[test]
    fn a_chosen_primary_method_wins_while_it_can_be_used() {
        let mut user = user();
        user.primary_method = Some("totp".into());
        let mut factors = [factor(Method::Passkey), factor(Method::Totp)];
        let organization = organization("off", None);
        let status = at(day(3), &user, &organization, &factors);
        assert_eq!(status.primary_method, Some(Method::Totp));
        factors[1].enabled = false;
        let status = at(day(3), &user, &organization, &factors);
        assert_eq!(status.primary_method, Some(Method::Passkey));
    }

    #[test]
    fn a_suspended_or_closed_method_is_not_usable_but_still_owed() {
        let mut suspended = factor(Method::Totp);
        suspended.suspended_at = Some(day(3));
        let status = at(day(4), &user(), &organization("off", None), &[suspended]);
        assert!(!status.is_enabled && status.owes_factor);

        let mut narrow = organization("required", Some(day(2)));
        narrow.allow_magic_link = false;
        let status = at(day(4), &user(), &narrow, &[factor(Method::MagicLink)]);
        assert!(!status.is_enabled && status.owes_factor && status.must_enrol);
        assert_eq!(status.offered_methods(), [Method::MagicLink]);
        let both = [factor(Method::MagicLink), factor(Method::Totp)];
        let status = at(day(4), &user(), &narrow, &both);
        assert_eq!(status.offered_methods(), [Method::Totp]);

        let closed = Server {
            magic_link: false,
            passkey: true,
        };
        let (user, organization) = (user(), organization("off", None));
        let factors = [factor(Method::MagicLink)];
        let account = Account {
            user: &user,
            organization: Some(&organization),
            factors: &factors,
        };
        let status = super::status(account, &closed, day(4)).expect("a status");
        assert!(!status.is_enabled && status.owes_factor);
        assert!(status.offered_methods().is_empty());
    }

    #[test]
    fn an_unproved_or_switched_off_method_is_neither_enabled_nor_owed() {
        let mut unproved = factor(Method::Totp);
        unproved.verified_at = None;
        let mut off = factor(Method::Passkey);
        off.enabled = false;
        let status = at(
            day(3),
            &user(),
            &organization("off", None),
            &[unproved, off],
        );
        assert!(!status.is_enabled && !status.owes_factor);
        assert_eq!(status.methods.iter().filter(|m| m.is_configured).count(), 1);
    }

    #[test]
    fn an_announced_requirement_is_required_but_not_enforced_until_its_day() {
        let organization = organization("required", Some(day(10)));
        let before = at(day(9), &user(), &organization, &[]);
        assert!(before.is_required && !before.is_enforced && !before.must_enrol);
        assert_eq!(before.enforced_from, Some(day(10)));
        let after = at(day(10), &user(), &organization, &[]);
        assert!(after.is_required && after.is_enforced && after.must_enrol);
        assert_eq!(after.enforced_from, None);
    }

    #[test]
    fn a_new_member_has_the_extra_days() {
        let mut organization = organization("required", Some(day(2)));
        organization.mfa_extra_days = 7;
        let mut user = user();
        user.joined_at = Some(day(5));
        assert!(!at(day(11), &user, &organization, &[]).is_enforced);
        assert!(at(day(12), &user, &organization, &[]).is_enforced);
    }

    #[test]
    fn a_persons_own_flag_demands_a_factor_without_the_organization() {
        let mut user = user();
        user.mfa_required = true;
        let organization = organization("off", None);
        let status = at(day(3), &user, &organization, &[]);
        assert!(status.is_required && !status.is_enforced && status.must_enrol);
        let status = at(day(3), &user, &organization, &[factor(Method::Totp)]);
        assert!(!status.must_enrol);
    }

    #[test]
    fn a_row_that_no_rule_knows_is_an_error_and_never_unprotected() {
        let mut strange = factor(Method::Totp);
        strange.method = "telepathy".into();
        let (user, organization) = (user(), organization("off", None));
        let factors = [strange];
        let account = Account {
            user: &user,
            organization: Some(&organization),
            factors: &factors,
        };
        assert!(matches!(
            status(account, &SERVER, day(3)),
            Err(Error::UnknownValue(_))
        ));
    }
}
