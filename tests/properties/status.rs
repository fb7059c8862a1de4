//! The status is a function of rows and the time, and says of any rows what a second reading of the rules says.

use chrono::{NaiveDateTime, TimeDelta};
use countersign::db::factors::Factor;
use countersign::db::organizations::Organization;
use countersign::db::users::User;
use countersign::mfa::status::{Account, Server, status};
use countersign::mfa::{Method, Status};
use proptest::option;
use proptest::prelude::*;

use super::world::noon;

/// Any rows: of a member, the organization and the factors; what the server allows; and how many hours from noon it is.
#[derive(Debug, Clone)]
struct Rows {
    user: User,
    organization: Option<Organization>,
    factors: Vec<Factor>,
    server: Server,
    hours: i64,
}

fn at(hours: i64) -> NaiveDateTime {
    noon() + TimeDelta::hours(hours)
}

fn users() -> impl Strategy<Value = User> {
    let words = option::of(prop::sample::select(vec!["totp", "magic_link", "passkey"]));
    let codes = option::of(-1..11_i32);
    let joined = option::of(-300..300_i64);
    let parts = (words, codes, joined, any::<bool>(), any::<bool>());
    parts.prop_map(|(primary, codes, joined, required, by_mail)| User {
        id: "u".into(),
        email: "ada@example.com".into(),
        first_name: "Ada".into(),
        last_name: "Lovelace".into(),
        organization_id: Some("o".into()),
        role: 0,
        joined_at: joined.map(at),
        password_hash: None,
        password_changed_at: None,
        mfa_required: required,
        primary_method: primary.map(str::to_owned),
        mfa_reset_at: None,
        epoch: 0,
        deactivated_at: None,
        created_at: at(-100),
        backup_codes_left: codes,
        password_by_mail: by_mail,
        language: None,
    })
}

fn organizations() -> impl Strategy<Value = Organization> {
    let asked = prop::sample::select(vec!["off", "recommended", "required", "required"]);
    let from = option::of(-300..300_i64);
    let parts = (asked, from, 0..20_i32, any::<[bool; 3]>());
    parts.prop_map(|(asked, from, days, allowed)| Organization {
        id: "o".into(),
        name: "Analytical Engines".into(),
        mfa_requirement: asked.into(),
        mfa_enforce_from: from.map(at),
        mfa_extra_days: days,
        allow_totp: allowed[0],
        allow_passkey: allowed[1],
        allow_magic_link: allowed[2],
        trust_days: 0,
        created_at: at(-200),
    })
}

fn factor(method: Method) -> impl Strategy<Value = Option<Factor>> {
    option::of(any::<[bool; 3]>()).prop_map(move |state| {
        state.map(|[verified, enabled, suspended]| Factor {
            id: method.column().into(),
            user_id: "u".into(),
            method: method.column().into(),
            verified_at: verified.then(noon),
            enabled,
            suspended_at: suspended.then(noon),
            last_used_at: None,
        })
    })
}

fn rows() -> impl Strategy<Value = Rows> {
    let factors = Method::ALL.map(factor);
    let server = any::<[bool; 2]>();
    let parts = (users(), option::of(organizations()), factors, server);
    (parts, -400..400_i64).prop_map(|((user, organization, factors, server), hours)| Rows {
        user,
        organization,
        factors: factors.into_iter().flatten().collect(),
        server: Server {
            magic_link: server[0],
            passkey: server[1],
        },
        hours,
    })
}

fn of(rows: &Rows) -> Status {
    let account = Account {
        user: &rows.user,
        organization: rows.organization.as_ref(),
        factors: &rows.factors,
    };
    status(account, &rows.server, at(rows.hours)).unwrap()
}

/// The rules again, one method at a time.
fn usable(rows: &Rows, method: Method) -> bool {
    let on_server = match method {
        Method::Totp => true,
        Method::MagicLink => rows.server.magic_link,
        Method::Passkey => rows.server.passkey,
    };
    let counts = rows.organization.as_ref().is_none_or(|organization| {
        organization.mfa_requirement != "required"
            || match method {
                Method::Totp => organization.allow_totp,
                Method::MagicLink => organization.allow_magic_link,
                Method::Passkey => organization.allow_passkey,
            }
    });
    let is_on = |factor: &Factor| {
        factor.verified_at.is_some() && factor.enabled && factor.suspended_at.is_none()
    };
    let own = |factor: &&Factor| factor.method == method.column();
    on_server && counts && rows.factors.iter().find(own).is_some_and(is_on)
}

/// From when on the organization demands a factor of this member.
fn comes(rows: &Rows) -> Option<NaiveDateTime> {
    let organization = rows.organization.as_ref()?;
    (organization.mfa_requirement == "required").then_some(())?;
    let joined = rows.user.joined_at.unwrap_or(rows.user.created_at);
    let from = organization
        .mfa_enforce_from
        .unwrap_or(organization.created_at);
    Some(from.max(joined + TimeDelta::days(organization.mfa_extra_days.into())))
}

proptest! {
    #[test]
    fn the_status_says_what_a_second_reading_of_the_rules_says(rows in rows()) {
        let found = of(&rows);
        let now = at(rows.hours);
        let usable: Vec<_> = Method::ALL.into_iter().filter(|one| usable(&rows, *one)).collect();
        prop_assert_eq!(&found.enabled_methods, &usable);
        prop_assert_eq!(found.is_enabled, !usable.is_empty());
        let owed = rows.factors.iter().any(|one| one.verified_at.is_some() && one.enabled);
        prop_assert_eq!(found.owes_factor, owed);
        let comes = comes(&rows);
        let enforced = comes.is_some_and(|from| from <= now);
        prop_assert_eq!(found.is_enforced, enforced);
        prop_assert_eq!(found.is_required, comes.is_some() || rows.user.mfa_required);
        prop_assert_eq!(found.enforced_from, comes.filter(|_| !enforced));
        let demanded = enforced || rows.user.mfa_required;
        prop_assert_eq!(found.must_enrol, demanded && usable.is_empty());
        let chosen = rows.user.primary_method.as_deref().and_then(Method::from_column);
        let strongest = [Method::Passkey, Method::Totp, Method::MagicLink];
        let first = chosen.into_iter().chain(strongest).find(|one| usable.contains(one));
        prop_assert_eq!(found.primary_method, first);
    }

    #[test]
    fn what_is_no_part_of_the_rules_changes_nothing_and_neither_does_the_order(rows in rows()) {
        let mut other = rows.clone();
        other.factors.reverse();
        other.user.email = "other@example.com".into();
        other.user.epoch += 1;
        other.user.role = 2;
        other.user.password_hash = Some("$".into());
        other.user.mfa_reset_at = Some(noon());
        for factor in &mut other.factors {
            factor.last_used_at = Some(noon());
        }
        if let Some(organization) = &mut other.organization {
            organization.name = "Difference Engines".into();
        }
        prop_assert_eq!(of(&other), of(&rows));
    }

    #[test]
    fn what_is_offered_proves_something_and_only_what_is_owed_is_asked_for(rows in rows()) {
        let found = of(&rows);
        for method in found.offered_methods() {
            prop_assert!(found.owes_factor);
            prop_assert!(found.state_of(method).is_some_and(|state| state.is_provable));
            prop_assert!(!found.is_enabled || found.enabled_methods.contains(&method));
        }
        let first = found.offered_first();
        prop_assert_eq!(first.is_some(), !found.offered_methods().is_empty());
        prop_assert!(first.is_none_or(|one| found.offered_methods().contains(&one)));
        // Nothing is set aside for want of which nobody could sign in.
        if found.is_link_set_aside() {
            let has_codes = found.backup_codes_left.unwrap_or(0) > 0;
            prop_assert!(!found.offered_methods().is_empty() || has_codes);
        }
        prop_assert!(!found.must_enrol || found.is_required && !found.is_enabled);
    }

    #[test]
    fn time_only_ever_brings_a_requirement_into_force(rows in rows(), later in 0..1_000_i64) {
        let (found, mut after) = (of(&rows), rows.clone());
        after.hours += later;
        let after = of(&after);
        prop_assert!(!found.is_enforced || after.is_enforced);
        prop_assert!(!found.must_enrol || after.must_enrol);
        prop_assert_eq!(found.is_required, after.is_required);
        prop_assert_eq!(found.enabled_methods, after.enabled_methods);
    }
}
