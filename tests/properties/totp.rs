//! A code of an authenticator app is accepted once, in order, and only around its time: whatever is presented, however
//! the clock moves, and however looking and spending of many callers interleave.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;
use countersign::mfa::verify::{self, Looked, Proof};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseResult;

use super::world::{World, check, noon, step_of};

const LOCK: Duration = Duration::from_secs(900);

#[derive(Debug, Clone)]
enum Move {
    /// The clock goes on or back by so many seconds.
    Clock(i64),
    /// Somebody presents the code of so many steps from now, and it is looked at.
    Look(i64),
    /// One that was looked at and found right is spent.
    Spend(Index),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        2 => (-100..200_i64).prop_map(Move::Clock),
        4 => (-3..=3_i64).prop_map(Move::Look),
        4 => any::<Index>().prop_map(Move::Spend),
    ];
    vec(one, 1..30)
}

#[test]
fn a_code_is_accepted_once_in_order_and_around_its_time() {
    check(moves(), accepted_once);
}

fn accepted_once(world: &mut World, moves: Vec<Move>) -> TestCaseResult {
    let mut now = noon();
    let mut last = step_of(now) - 2;
    let user = world.person(None);
    let app = world.give_app(&user, last);
    let keys = world.app.keys.clone();
    let mut accepted = BTreeSet::new();
    let mut in_flight: Vec<(i64, Proof)> = Vec::new();
    for one in moves {
        match one {
            Move::Clock(seconds) => now += TimeDelta::seconds(seconds),
            Move::Look(off) => {
                let typed = app.shows(step_of(now) + off);
                let code = app.code(step_of(now) + off);
                let status = world.status(&user, now);
                let conn = &mut world.conn;
                let looked =
                    verify::look_at_totp(conn, &keys, &user, &status, code, LOCK, now, now);
                let shown = app.step_of(&typed, now);
                match looked.unwrap() {
                    Looked::Right(proof, _) => {
                        let Proof::Totp { step, .. } = proof else {
                            return Err(TestCaseError::fail("another method's proof"));
                        };
                        prop_assert_eq!(Some(step), shown);
                        prop_assert!(step > last && (step - step_of(now)).abs() <= 1);
                        in_flight.push((step, proof));
                    }
                    Looked::Spent(counted) => {
                        prop_assert!(shown.is_some_and(|step| step <= last));
                        world.write(|conn| {
                            verify::give_back(conn, &user, Some(&counted), now).unwrap()
                        });
                    }
                    Looked::Wrong { counted, drift } => {
                        prop_assert_eq!(shown, None);
                        prop_assert!(drift.is_none_or(|off| off < TimeDelta::zero()));
                        // How wrong ones are counted is another property.
                        world.write(|conn| {
                            verify::give_back(conn, &user, Some(&counted), now).unwrap()
                        });
                    }
                    Looked::Locked(_) => {}
                }
            }
            Move::Spend(which) if !in_flight.is_empty() => {
                let (step, proof) = in_flight.remove(which.index(in_flight.len()));
                let spent = world.write(|conn| verify::spend(conn, &user, &proof, now).unwrap());
                prop_assert_eq!(spent, step > last, "step {} after {}", step, last);
                if spent {
                    prop_assert!(accepted.insert(step), "twice: {}", step);
                    last = step;
                }
            }
            Move::Spend(_) => {}
        }
    }
    Ok(())
}
