//! A family of refresh tokens has one live leaf at most, a repeated refresh within the grace gets the same pair, and a
//! used token that is presented after it ends the family.

use chrono::{NaiveDateTime, TimeDelta};
use countersign::accounts::sessions::{self, SessionKind};
use countersign::accounts::tokens::{Pair, Tokens};
use countersign::accounts::{Error, refresh, sign_in};
use countersign::activity::{Door, Origin};
use countersign::crypto::password::Password;
use countersign::db::schema::session_tokens;
use diesel::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseResult;

use super::world::{PASSWORD, World, check};

#[derive(Debug, Clone)]
enum Move {
    /// Whoever has the newest token refreshes.
    Newest,
    /// Somebody presents any token that there ever was.
    Any(Index),
    /// Somebody presents the one before the newest.
    Before,
    /// So many milliseconds pass.
    Wait(i64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let wait = prop_oneof![
        6 => 0..4_000_i64,
        3 => 6_000..12_000_i64,
        1 => 0..30 * 3_600_000_i64,
    ];
    let one = prop_oneof![
        5 => Just(Move::Newest),
        3 => Just(Move::Before),
        1 => any::<Index>().prop_map(Move::Any),
        3 => wait.prop_map(Move::Wait),
    ];
    vec(one, 1..20)
}

/// Every pair of a family, oldest first, and when each but the newest was used.
struct Family {
    pairs: Vec<(Pair, NaiveDateTime)>,
    used_at: Vec<NaiveDateTime>,
    is_alive: bool,
    ends: NaiveDateTime,
}

/// What a refresh should be answered.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    Next,
    Same,
    Refused,
}

impl Family {
    /// Times in between are measured by the system's clock, so close calls are nobody's.
    fn expect(&mut self, which: usize, now: NaiveDateTime) -> Option<Expected> {
        let newest = self.pairs.len() - 1;
        if !self.is_alive || now >= self.ends {
            return Some(Expected::Refused);
        }
        if which == newest {
            let idle = self.pairs[newest].1 + TimeDelta::hours(24);
            return (!is_close(now, idle)).then(|| match now < idle {
                true => Expected::Next,
                false => Expected::Refused,
            });
        }
        let grace = self.used_at[which] + TimeDelta::seconds(10);
        if which + 1 == newest && is_close(now, grace) {
            return None;
        }
        if which + 1 == newest && now < grace {
            return Some(Expected::Same);
        }
        self.is_alive = false;
        Some(Expected::Refused)
    }
}

fn is_close(one: NaiveDateTime, other: NaiveDateTime) -> bool {
    (one - other).abs() < TimeDelta::milliseconds(300)
}

#[test]
fn a_family_has_one_live_leaf_and_dies_of_a_used_token() {
    check(moves(), one_leaf);
}

fn one_leaf(world: &mut World, moves: Vec<Move>) -> TestCaseResult {
    let app = world.app.clone();
    let origin = Origin::local(Door::Api);
    let user = world.person(None);
    let password = Password::new(PASSWORD.to_owned());
    let signing_in = sign_in::with_password(&app, &origin, SessionKind::Api, &user.email, password);
    let signed_in = world.runtime.block_on(signing_in).unwrap();
    let Tokens::Pair(pair) = signed_in.tokens else {
        return Err(TestCaseError::fail("no pair"));
    };
    let session = signed_in.caller.session;
    let mut family = Family {
        pairs: vec![(pair, session.created_at)],
        used_at: Vec::new(),
        is_alive: true,
        ends: session.expires_at,
    };
    for one in moves {
        let newest = family.pairs.len() - 1;
        let which = match one {
            Move::Newest => newest,
            Move::Before => newest.saturating_sub(1),
            Move::Any(index) => index.index(family.pairs.len()),
            Move::Wait(millis) => {
                app.clock.advance(TimeDelta::milliseconds(millis));
                continue;
            }
        };
        let now = app.clock.now();
        let Some(expected) = family.expect(which, now) else {
            continue;
        };
        let text = family.pairs[which].0.refresh.expose().to_owned();
        match (
            expected,
            refresh::refresh(&mut world.conn, &app, &origin, &text),
        ) {
            (Expected::Next, Ok(pair)) => {
                prop_assert!(
                    family
                        .pairs
                        .iter()
                        .all(|(old, _)| old.refresh != pair.refresh)
                );
                family.used_at.push(now);
                family.pairs.push((pair, now));
            }
            (Expected::Same, Ok(pair)) => prop_assert_eq!(&pair, &family.pairs[newest].0),
            (Expected::Refused, Err(Error::InvalidToken)) => {}
            // Sixty a minute: no sequence is so long.
            (expected, answer) => {
                let answer = answer.map(drop).map_err(|error| error.to_string());
                return Err(TestCaseError::fail(format!("{expected:?}, but {answer:?}")));
            }
        }
        let live = live_leaves(world, &session.id);
        prop_assert!(live <= 1, "{} live leaves", live);
        let access = family.pairs.last().unwrap().0.access.expose();
        let caller = sessions::authenticate_bearer(&mut world.conn, &app, access, now).unwrap();
        let is_fresh = now < family.pairs.last().unwrap().1 + TimeDelta::minutes(59);
        if !family.is_alive {
            prop_assert!(caller.is_none(), "a dead family's access token works");
        } else if is_fresh && now < family.ends {
            prop_assert!(caller.is_some(), "a live family's access token is refused");
        }
    }
    Ok(())
}

/// Refresh tokens of a session that are still to be used.
fn live_leaves(world: &mut World, session_id: &str) -> i64 {
    session_tokens::table
        .filter(session_tokens::session_id.eq(session_id))
        .filter(session_tokens::kind.eq("refresh"))
        .filter(session_tokens::consumed_at.is_null())
        .count()
        .get_result(&mut **world.conn)
        .unwrap()
}
