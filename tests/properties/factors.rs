//! Changes to one's own factors: whoever has to have a method is never left without one, a change that is refused
//! changes nothing, and what takes something away ends every other session.

use countersign::db::factors::{self, Factor};
use countersign::db::organizations::{self, Organization};
use countersign::db::passkeys::{self, Passkey};
use countersign::db::users::{self, User};
use countersign::db::{new_id, write};
use countersign::mfa::settings::{self, Change};
use countersign::mfa::{Error, Method, Server, Status, status};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestCaseResult;

use super::world::{World, check, noon};

/// What an account is at first.
#[derive(Debug, Clone)]
struct Start {
    /// Of each method: proved, switched on, suspended.
    factors: [Option<[bool; 3]>; 3],
    passkeys: Vec<bool>,
    required: bool,
    /// What the organization asks, and which methods count for it.
    organization: Option<(&'static str, [bool; 3])>,
    server: [bool; 2],
}

fn starts() -> impl Strategy<Value = Start> {
    let factor = || option::of((any::<bool>(), any::<bool>(), prop::bool::weighted(0.2)));
    let factor = move || factor().prop_map(|one| one.map(|(a, b, c)| [a, b, c]));
    let factors = [factor(), factor(), factor()];
    let asked = select(vec!["off", "recommended", "required", "required"]);
    let organization = option::of((asked, any::<[bool; 3]>()));
    let passkeys = vec(any::<bool>(), 0..4);
    let parts = (
        factors,
        passkeys,
        any::<bool>(),
        organization,
        any::<[bool; 2]>(),
    );
    parts.prop_map(
        |(factors, passkeys, required, organization, server)| Start {
            factors,
            passkeys,
            required,
            organization,
            server,
        },
    )
}

#[derive(Debug, Clone)]
enum Move {
    Change(Change),
    RemovePasskey(Index),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let method = || select(Method::ALL.to_vec());
    let one = prop_oneof![
        2 => method().prop_map(|one| Move::Change(Change::Enable(one))),
        3 => method().prop_map(|one| Move::Change(Change::Disable(one))),
        2 => method().prop_map(|one| Move::Change(Change::Primary(one))),
        2 => method().prop_map(|one| Move::Change(Change::Remove(one))),
        2 => any::<Index>().prop_map(Move::RemovePasskey),
        1 => Just(Move::Change(Change::TurnOn)),
        1 => Just(Move::Change(Change::TurnOff)),
        1 => Just(Move::Change(Change::Reset)),
    ];
    vec(one, 1..8)
}

#[test]
fn whoever_has_to_have_a_method_keeps_one_whatever_they_change() {
    check((starts(), moves()), |world, (start, moves)| {
        let user = stage(world, &start);
        let server = Server {
            magic_link: start.server[0],
            passkey: start.server[1],
        };
        for one in moves {
            let change = match one {
                Move::Change(change) => change,
                Move::RemovePasskey(which) => {
                    let own = passkeys::list_by_user(&mut world.conn, &user.id).unwrap();
                    if own.is_empty() {
                        continue;
                    }
                    Change::RemovePasskey {
                        id: own[which.index(own.len())].id.clone(),
                        rp_id: Some("example.com".to_owned()),
                    }
                }
            };
            one_change(world, &server, &user, &change)?;
        }
        Ok(())
    });
}

fn one_change(world: &mut World, server: &Server, user: &User, change: &Change) -> TestCaseResult {
    let before = load(world, server, user);
    let changed = write(&mut world.conn, |conn| {
        settings::change(conn, server, &user.id, change, noon())
    });
    let after = load(world, server, user);
    let takes_away = !matches!(
        change,
        Change::Enable(_) | Change::TurnOn | Change::Primary(_)
    );
    if before.status.is_required {
        prop_assert!(!before.status.is_enabled || after.status.is_enabled);
        prop_assert!(!before.status.owes_factor || after.status.owes_factor);
        prop_assert!(*change != Change::Reset || changed.is_err());
    }
    let changed = match changed {
        Ok(changed) => changed,
        Err(error) => {
            let known = matches!(
                error,
                Error::NotConfigured | Error::NotEnabled | Error::LastMethodRequired
            );
            prop_assert!(known, "{}", error);
            let is_last = matches!(error, Error::LastMethodRequired);
            prop_assert!(!is_last || before.status.is_required && takes_away);
            prop_assert_eq!(before, after);
            return Ok(());
        }
    };
    prop_assert_eq!(&changed.status, &after.status);
    let turns_on = !before.status.owes_factor && after.status.owes_factor;
    prop_assert_eq!(
        changed.ends_sessions,
        changed.did_anything && (takes_away || turns_on)
    );
    prop_assert_eq!(after.epoch, before.epoch + i32::from(changed.ends_sessions));
    if let Some(primary) = after.status.primary_method {
        prop_assert_eq!(after.primary.as_deref(), Some(primary.column()));
    }
    match change {
        Change::Disable(method) | Change::Remove(method) => {
            prop_assert!(!after.status.enabled_methods.contains(method));
        }
        Change::Primary(method) => prop_assert_eq!(after.status.primary_method, Some(*method)),
        Change::TurnOff | Change::Reset => prop_assert!(!after.status.owes_factor),
        Change::Enable(_) | Change::TurnOn | Change::RemovePasskey { .. } => {}
    }
    Ok(())
}

/// What a change may touch.
#[derive(Debug, PartialEq)]
struct Loaded {
    status: Status,
    epoch: i32,
    primary: Option<String>,
    passkeys: Vec<String>,
}

fn load(world: &mut World, server: &Server, user: &User) -> Loaded {
    let row = users::find(&mut world.conn, &user.id).unwrap().unwrap();
    let passkeys = passkeys::list_by_user(&mut world.conn, &user.id).unwrap();
    Loaded {
        status: status::load(&mut world.conn, &user.id, server, noon()).unwrap(),
        epoch: row.epoch,
        primary: row.primary_method,
        passkeys: passkeys.into_iter().map(|passkey| passkey.id).collect(),
    }
}

/// Somebody as `start` says.
fn stage(world: &mut World, start: &Start) -> User {
    let organization = start.organization.map(|(asked, allowed)| Organization {
        id: new_id(),
        name: new_id(),
        mfa_requirement: asked.to_owned(),
        mfa_enforce_from: Some(noon()),
        mfa_extra_days: 0,
        allow_totp: allowed[0],
        allow_passkey: allowed[1],
        allow_magic_link: allowed[2],
        trust_days: 0,
        created_at: noon(),
    });
    if let Some(organization) = &organization {
        world.write(|conn| organizations::insert(conn, organization).unwrap());
    }
    let user = world.person(organization.map(|organization| organization.id));
    world.write(|conn| {
        users::update_mfa_required(conn, &user.id, start.required, noon()).unwrap();
        for (method, state) in Method::ALL.into_iter().zip(start.factors) {
            let Some([proved, enabled, suspended]) = state else {
                continue;
            };
            let factor = Factor {
                id: new_id(),
                user_id: user.id.clone(),
                method: method.column().to_owned(),
                verified_at: proved.then(noon),
                enabled,
                suspended_at: suspended.then(noon),
                last_used_at: None,
            };
            factors::insert(conn, &factor, noon()).unwrap();
            if method == Method::Passkey {
                for is_of_here in &start.passkeys {
                    passkeys::insert(conn, &passkey(&factor, *is_of_here)).unwrap();
                }
            }
        }
    });
    user
}

fn passkey(factor: &Factor, is_of_here: bool) -> Passkey {
    let id = new_id();
    Passkey {
        credential_id: id.clone().into_bytes(),
        name: id.clone(),
        id,
        factor_id: factor.id.clone(),
        user_id: factor.user_id.clone(),
        credential: "{}".to_owned(),
        counter: 0,
        backup_eligible: false,
        backup_state: false,
        discoverable: true,
        transports: String::new(),
        aaguid: None,
        rp_id: if is_of_here {
            "example.com"
        } else {
            "old.example"
        }
        .to_owned(),
        created_at: noon(),
        last_used_at: None,
        last_used_by: None,
    }
}
