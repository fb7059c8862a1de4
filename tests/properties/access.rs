//! However somebody goes about it who has the password: as long as their account owes a second factor, none of their
//! tokens may do what a complete sign-in may, unless a second factor was proved in its session.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use countersign::accounts::sessions::{self, SessionKind};
use countersign::accounts::tokens::Tokens;
use countersign::accounts::{Access, Caller, factors, refresh, second_step, sign_in};
use countersign::activity::{Door, Origin};
use countersign::crypto::password::Password;
use countersign::db::users::{self, User};
use countersign::mfa::Method;
use countersign::mfa::settings::{self, Change};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestCaseResult;

use super::world::{Authenticator, PASSWORD, World, check, step_of};

#[derive(Debug, Clone)]
enum Move {
    SignIn,
    /// Any token that was ever given out is refreshed with.
    Refresh(Index),
    /// It is used to present a wrong or the right code.
    Verify(Index, bool),
    /// It is used to set an app up.
    SetUp(Index),
    /// It is used to change the account's factors.
    Change(Index, Change),
    /// It is used to sign out.
    SignOut(Index),
    /// An administrator resets the account, or demands a second factor of it or not.
    AdministratorResets,
    AdministratorDemands(bool),
    /// So many seconds pass.
    Wait(i64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let totp = Method::Totp;
    let changes = vec![
        Change::Disable(totp),
        Change::Enable(totp),
        Change::Remove(totp),
        Change::TurnOff,
        Change::TurnOn,
        Change::Reset,
    ];
    let one = prop_oneof![
        4 => Just(Move::SignIn),
        2 => any::<Index>().prop_map(Move::Refresh),
        4 => (any::<Index>(), prop::bool::weighted(0.7)).prop_map(|(a, b)| Move::Verify(a, b)),
        2 => any::<Index>().prop_map(Move::SetUp),
        3 => (any::<Index>(), select(changes)).prop_map(|(a, b)| Move::Change(a, b)),
        1 => any::<Index>().prop_map(Move::SignOut),
        1 => Just(Move::AdministratorResets),
        1 => any::<bool>().prop_map(Move::AdministratorDemands),
        1 => (0..900_i64).prop_map(Move::Wait),
    ];
    vec(one, 1..20)
}

/// Somebody with the password, and all that was ever given to them.
struct Thief {
    user: User,
    app: Authenticator,
    /// Access and limited tokens.
    tokens: Vec<String>,
    refresh: Vec<String>,
    /// The sessions in which a second factor was proved.
    proved: BTreeSet<String>,
}

#[test]
fn no_token_of_a_session_that_owes_a_factor_may_do_more_than_prove_it() {
    check(moves(), |world, moves| {
        let user = world.person(None);
        let now = world.app.clock.now();
        let app = world.give_app(&user, step_of(now) - 2);
        let mut thief = Thief {
            user,
            app,
            tokens: Vec::new(),
            refresh: Vec::new(),
            proved: BTreeSet::new(),
        };
        for one in moves {
            one_move(world, &mut thief, one);
            nothing_is_open(world, &thief)?;
        }
        Ok(())
    });
}

/// Looks at every token that there ever was.
fn nothing_is_open(world: &mut World, thief: &Thief) -> TestCaseResult {
    let now = world.app.clock.now();
    let status = world.status(&thief.user, now);
    for token in &thief.tokens {
        let Some(caller) = caller(world, token) else {
            continue;
        };
        let proved = thief.proved.contains(&caller.session.id);
        let expected = if status.owes_factor && !proved {
            Access::FactorOwed
        } else if status.must_enrol {
            Access::MustEnrol
        } else {
            Access::Full
        };
        prop_assert_eq!(caller.access, expected);
        let is_complete = !caller.session.pending;
        prop_assert_eq!(token.starts_with("cs_at_"), is_complete, "{}", token);
    }
    Ok(())
}

fn caller(world: &mut World, token: &str) -> Option<Caller> {
    let now = world.app.clock.now();
    sessions::authenticate_bearer(&mut world.conn, &world.app, token, now).unwrap()
}

/// Whoever presents one of the tokens, where it is alive.
fn presenter(world: &mut World, thief: &Thief, which: &Index) -> Option<Caller> {
    if thief.tokens.is_empty() {
        return None;
    }
    let token = which.get(&thief.tokens).clone();
    caller(world, &token)
}

fn one_move(world: &mut World, thief: &mut Thief, one: Move) {
    let app = world.app.clone();
    let origin = Origin::local(Door::Api);
    match one {
        Move::Wait(seconds) => app.clock.advance(TimeDelta::seconds(seconds)),
        Move::SignIn => {
            let password = Password::new(PASSWORD.to_owned());
            let email = thief.user.email.clone();
            let kind = SessionKind::Api;
            let signing_in = sign_in::with_password(&app, &origin, kind, &email, password);
            let signed_in = world.runtime.block_on(signing_in).unwrap();
            keep(thief, signed_in.tokens);
        }
        Move::Refresh(which) => {
            // A limited token is presented as a refresh token, too.
            let all: Vec<_> = thief.refresh.iter().chain(&thief.tokens).cloned().collect();
            if let Some(text) = (!all.is_empty()).then(|| which.get(&all))
                && let Ok(pair) = refresh::refresh(&mut world.conn, &app, &origin, text)
            {
                keep(thief, Tokens::Pair(pair));
            }
        }
        Move::Verify(which, is_right) => {
            let Some(caller) = presenter(world, thief, &which) else {
                return;
            };
            app.clock.advance(TimeDelta::seconds(30));
            let step = step_of(app.clock.now());
            let typed = match is_right {
                true => thief.app.shows(step),
                false => thief.app.wrong(step),
            };
            let method = Some(Method::Totp);
            let verifying = second_step::verify(&app, &origin, &caller, method, &typed, false);
            if let Ok(verified) = world.runtime.block_on(verifying) {
                assert!(is_right, "a wrong code was accepted");
                thief.proved.insert(caller.session.id);
                keep(thief, verified.tokens);
            }
        }
        Move::SetUp(which) => set_up(world, thief, &which),
        Move::Change(which, change) => {
            if let Some(caller) = presenter(world, thief, &which)
                && caller.access == Access::Full
            {
                let _ = factors::change(&mut world.conn, &app, &origin, &caller, change);
            }
        }
        Move::SignOut(which) => {
            if !thief.tokens.is_empty() {
                let hash = sessions::parse_bearer(which.get(&thief.tokens).as_str());
                let (now, hashes) = (app.clock.now(), [hash.unwrap()]);
                world.write(|conn| sessions::sign_out(conn, &app, &origin, &hashes, now).unwrap());
            }
        }
        Move::AdministratorResets => {
            let (user, now) = (thief.user.clone(), app.clock.now());
            world.write(|conn| {
                settings::reset_by_administrator(conn, &app.keys, &origin, &user, None, now)
                    .unwrap();
            });
        }
        Move::AdministratorDemands(demands) => {
            let (id, now) = (thief.user.id.clone(), app.clock.now());
            world.write(|conn| users::update_mfa_required(conn, &id, demands, now).unwrap());
        }
    }
}

/// Sets an app up with one of the tokens, where the routes let it.
fn set_up(world: &mut World, thief: &mut Thief, which: &Index) {
    let app = world.app.clone();
    let origin = Origin::local(Door::Api);
    let Some(caller) = presenter(world, thief, which) else {
        return;
    };
    if caller.access == Access::FactorOwed {
        return;
    }
    let starting = factors::start_totp(&app, &origin, &caller);
    if world.runtime.block_on(starting).is_err() {
        return; // ten an hour
    }
    let now = app.clock.now();
    let waiting = factors::find_totp(&mut world.conn, &app, &caller, now).unwrap();
    let authenticator = Authenticator::scanned(&waiting.secret().unwrap());
    let typed = authenticator.shows(step_of(now));
    let finished = factors::finish_totp(&mut world.conn, &app, &origin, &caller, &typed);
    if let Ok(finished) = finished {
        thief.app = authenticator;
        thief.proved.insert(caller.session.id);
        keep(thief, finished.tokens);
    }
}

fn keep(thief: &mut Thief, tokens: Tokens) {
    match tokens {
        Tokens::Limited { token, .. } => thief.tokens.push(token.expose().to_owned()),
        Tokens::Pair(pair) => {
            thief.tokens.push(pair.access.expose().to_owned());
            thief.refresh.push(pair.refresh.expose().to_owned());
        }
        Tokens::Renewed { refresh } => thief.refresh.push(refresh.expose().to_owned()),
        Tokens::Kept | Tokens::Cookie(_) => {}
    }
}
