//! How wrong codes are counted, against a model of it; and what holds while many are in flight at once.

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use countersign::db::mfa_attempts::{self, MfaAttempts};
use countersign::db::users::User;
use countersign::mfa::verify::{self, Looked};
use countersign::mfa::{Counted, Error, Left};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::world::{Authenticator, World, check, noon, step_of};

const LOCK: Duration = Duration::from_secs(900);

/// What is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Wrong,
    /// The code of now, spent or not.
    Now,
}

#[derive(Debug, Clone)]
enum Move {
    Answer(Kind),
    /// So many milliseconds pass.
    Wait(i64),
    /// As many milliseconds pass as the lock still lasts, and so many more or less.
    WaitForLock(i64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        6 => Just(Move::Answer(Kind::Wrong)),
        3 => Just(Move::Answer(Kind::Now)),
        2 => (0..90_000_i64).prop_map(Move::Wait),
        1 => (-1..=1_i64).prop_map(Move::WaitForLock),
    ];
    vec(one, 1..40)
}

/// The count of security's first table: five, fifteen minutes, twice as long each time, a day at most; a hundred.
struct Model {
    wrong: u32,
    locked_until: Option<NaiveDateTime>,
    suspended: bool,
    /// Right codes in a row while locked, and the step of the last.
    run: Option<(u32, i64)>,
    last_step: i64,
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Right,
    Spent(u32),
    Wrong(u32, Option<Duration>),
    Locked(Duration),
    Suspended,
}

impl Model {
    fn answer(&mut self, step: Option<i64>, now: NaiveDateTime) -> Outcome {
        if self.suspended {
            return Outcome::Suspended;
        }
        let fresh = step.filter(|step| *step > self.last_step);
        if let Some(until) = self.locked_until.filter(|until| *until > now) {
            self.run = fresh.and_then(|step| match self.run {
                Some((_, last)) if step <= last => None,
                Some((length, _)) => Some((length + 1, step)),
                None => Some((1, step)),
            });
            if let Some((3, step)) = self.run {
                self.clear(step);
                return Outcome::Right;
            }
            return Outcome::Locked(seconds_up(until - now));
        }
        self.run = None;
        match (step, fresh) {
            (_, Some(step)) => {
                self.clear(step);
                Outcome::Right
            }
            (Some(_), None) => {
                // The fifth lock that it would have been is not one after all.
                self.locked_until = None;
                Outcome::Spent(5 - self.wrong % 5)
            }
            (None, _) => {
                self.wrong += 1;
                self.suspended = self.wrong >= 100;
                self.locked_until = None;
                let mut lock = None;
                if self.wrong.is_multiple_of(5) {
                    let times = 1_i32 << (self.wrong / 5 - 1).min(16);
                    let long = (TimeDelta::minutes(15) * times).min(TimeDelta::hours(24));
                    self.locked_until = Some(now + long);
                    lock = Some(seconds_up(long));
                }
                Outcome::Wrong(
                    if lock.is_some() {
                        0
                    } else {
                        5 - self.wrong % 5
                    },
                    lock,
                )
            }
        }
    }

    fn clear(&mut self, step: i64) {
        *self = Self {
            wrong: 0,
            locked_until: None,
            suspended: false,
            run: None,
            last_step: step,
        };
    }
}

fn seconds_up(time: TimeDelta) -> Duration {
    Duration::from_secs(time.num_milliseconds().unsigned_abs().div_ceil(1_000))
}

#[test]
fn wrong_codes_lock_and_right_ones_unlock_as_the_model_says() {
    let before = prop_oneof![0..5_i32, 0..100_i32, 90..100_i32];
    check((before, moves()), |world, (before, moves)| {
        let mut now = noon();
        let user = world.person(None);
        let last_step = step_of(now) - 1;
        let app = world.give_app(&user, last_step);
        // So many wrong ones in a row, and the last lock just over.
        start_at(world, &user, before, now);
        let mut model = Model {
            wrong: before.unsigned_abs(),
            locked_until: None,
            suspended: false,
            run: None,
            last_step,
        };
        for one in moves {
            match one {
                Move::Wait(millis) => now += TimeDelta::milliseconds(millis),
                Move::WaitForLock(off) => {
                    let until = model.locked_until.unwrap_or(now);
                    now = now.max(until + TimeDelta::milliseconds(off));
                }
                Move::Answer(kind) => {
                    let typed = match kind {
                        Kind::Wrong => app.wrong(step_of(now)),
                        Kind::Now => app.shows(step_of(now)),
                    };
                    let expected = model.answer(app.step_of(&typed, now), now);
                    prop_assert_eq!(answer(world, &user, &app, kind, now), expected);
                }
            }
        }
        Ok(())
    });
}

fn start_at(world: &mut World, user: &User, wrong: i32, now: NaiveDateTime) {
    let row = MfaAttempts {
        user_id: user.id.clone(),
        streak: "before".to_owned(),
        wrong,
        locked_until: None,
        suspended_at: None,
        run_length: 0,
        run_step: None,
        updated_at: now,
    };
    if wrong > 0 {
        world.write(|conn| mfa_attempts::update_or_insert(conn, &row).unwrap());
    }
}

fn look(
    world: &mut World,
    user: &User,
    app: &Authenticator,
    kind: Kind,
    now: NaiveDateTime,
) -> Result<Looked, Error> {
    let code = match kind {
        Kind::Wrong => countersign::mfa::Code::parse(&app.wrong(step_of(now))).unwrap(),
        Kind::Now => app.code(step_of(now)),
    };
    let status = world.status(user, now);
    let keys = world.app.keys.clone();
    verify::look_at_totp(&mut world.conn, &keys, user, &status, code, LOCK, now, now)
}

/// Looks at one answer and draws its consequences, as a sign-in does.
fn answer(
    world: &mut World,
    user: &User,
    app: &Authenticator,
    kind: Kind,
    now: NaiveDateTime,
) -> Outcome {
    match look(world, user, app, kind, now) {
        Err(Error::Suspended) => Outcome::Suspended,
        Err(error) => panic!("{error}"),
        Ok(Looked::Locked(wait)) => Outcome::Locked(wait),
        Ok(Looked::Right(proof, _)) => {
            assert!(world.write(|conn| verify::spend(conn, user, &proof, now).unwrap()));
            Outcome::Right
        }
        Ok(Looked::Spent(counted)) => Outcome::Spent(give_back(world, user, &counted, now).tries),
        Ok(Looked::Wrong { counted, .. }) => {
            let left = conclude(world, user, &counted, now);
            Outcome::Wrong(left.tries, left.locked_for)
        }
    }
}

fn give_back(world: &mut World, user: &User, counted: &Counted, now: NaiveDateTime) -> Left {
    world.write(|conn| verify::give_back(conn, user, Some(counted), now).unwrap())
}

fn conclude(world: &mut World, user: &User, counted: &Counted, now: NaiveDateTime) -> Left {
    world.write(|conn| verify::conclude_wrong(conn, user, counted, now).unwrap())
}

#[derive(Debug, Clone)]
enum Crowd {
    /// Somebody's answer is admitted and looked at.
    Look(Kind),
    /// One of those that were looked at is concluded.
    Conclude(Index),
    /// So many seconds pass.
    Wait(i64),
}

fn crowds() -> impl Strategy<Value = Vec<Crowd>> {
    let kind = prop_oneof![3 => Just(Kind::Wrong), 1 => Just(Kind::Now)];
    let one = prop_oneof![
        5 => kind.prop_map(Crowd::Look),
        4 => any::<Index>().prop_map(Crowd::Conclude),
        1 => (0..1_000_i64).prop_map(Crowd::Wait),
    ];
    vec(one, 1..40)
}

#[test]
fn the_count_never_falls_without_a_success_and_no_more_than_five_are_looked_at_between_two_locks() {
    check(crowds(), |world, moves| {
        let mut now = noon();
        let user = world.person(None);
        let app = world.give_app(&user, step_of(now) - 1);
        let mut in_flight: Vec<Looked> = Vec::new();
        // Answers that were looked at since the last success or the last lock that ran out, less those given back.
        let (mut looked_at, mut lock) = (0, None);
        for one in moves {
            let before = count(world, &user);
            match one {
                Crowd::Wait(seconds) => {
                    now += TimeDelta::seconds(seconds);
                    if lock.is_some_and(|until| until <= now) {
                        (looked_at, lock) = (0, None);
                    }
                }
                Crowd::Look(kind) => match look(world, &user, &app, kind, now).unwrap() {
                    Looked::Locked(_) => prop_assert_eq!(count(world, &user), before),
                    Looked::Right(proof, None) => in_flight.push(Looked::Right(proof, None)),
                    looked => {
                        looked_at += 1;
                        prop_assert!(looked_at <= 5, "{} were looked at", looked_at);
                        prop_assert_eq!(count(world, &user), before + 1);
                        in_flight.push(looked);
                        lock = locked_until(world, &user);
                        prop_assert_eq!(lock.is_some(), (before + 1) % 5 == 0);
                    }
                },
                Crowd::Conclude(_) if in_flight.is_empty() => {}
                Crowd::Conclude(which) => match in_flight.remove(which.index(in_flight.len())) {
                    Looked::Wrong { counted, .. } => {
                        conclude(world, &user, &counted, now);
                        prop_assert_eq!(count(world, &user), before);
                    }
                    Looked::Right(proof, counted) => {
                        let spent =
                            world.write(|conn| verify::spend(conn, &user, &proof, now).unwrap());
                        if spent {
                            prop_assert_eq!(count(world, &user), 0);
                            (looked_at, lock) = (0, None);
                        } else if let Some(counted) = counted {
                            give_back(world, &user, &counted, now);
                            let after = count(world, &user);
                            prop_assert!(after == before || after + 1 == before);
                            looked_at -= (before - after).min(looked_at);
                            lock = locked_until(world, &user).filter(|until| *until > now);
                        }
                    }
                    Looked::Spent(counted) => {
                        give_back(world, &user, &counted, now);
                        let after = count(world, &user);
                        prop_assert!(after == before || after + 1 == before);
                        looked_at -= (before - after).min(looked_at);
                        lock = locked_until(world, &user).filter(|until| *until > now);
                    }
                    Looked::Locked(_) => {}
                },
            }
        }
        Ok(())
    });
}

fn count(world: &mut World, user: &User) -> i32 {
    mfa_attempts::find(&mut world.conn, &user.id)
        .unwrap()
        .map_or(0, |row| row.wrong)
}

fn locked_until(world: &mut World, user: &User) -> Option<NaiveDateTime> {
    mfa_attempts::find(&mut world.conn, &user.id)
        .unwrap()
        .and_then(|row| row.locked_until)
}
