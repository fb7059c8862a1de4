//! What the status answers to rows of every kind.

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

fn at(now: NaiveDateTime, user: &User, organization: &Organization, factors: &[Factor]) -> Status {
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
