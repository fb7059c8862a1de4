//! Codes: counted before they are looked at, and what becomes of a right, a wrong and a spent one.

use chrono::NaiveDateTime;

use super::{Caller, Error, Verified, accept};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::db::users::User;
use crate::db::{self, Conn, write};
use crate::mfa::verify::{self, Looked, Presented};
use crate::mfa::{self, Counted, Left, Method};

/// Answers with a code, in a session that owes it or in one that renews its proof. Without a method only a backup
/// code is understood. `wants_trust`: a browser that finishes its sign-in by this is to be trusted, where that is allowed.
///
/// # Errors
///
/// [`mfa::Error`] for a code that is malformed, wrong, spent, locked out, or of a method that cannot be used;
/// [`Error::Throttled`] for too many codes from one address; [`Error::InvalidToken`] when the session ended in
/// between.
pub async fn verify(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    method: Option<Method>,
    typed: &str,
    wants_trust: bool,
) -> Result<Verified, Error> {
    let presented = Presented::parse(method, typed)?;
    answer(app, origin, caller, presented, wants_trust).await
}

/// Answers with the token of a mailed link, in the session that asked for it.
///
/// # Errors
///
/// As [`verify`].
pub async fn verify_link(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    token: &str,
    wants_trust: bool,
) -> Result<Verified, Error> {
    let presented = Presented::parse_link(token)?;
    answer(app, origin, caller, presented, wants_trust).await
}

async fn answer(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    presented: Presented,
    wants_trust: bool,
) -> Result<Verified, Error> {
    app.code_buckets
        .take(origin.address.as_deref(), app.clock.now())
        .map_err(|retry_after| Error::Throttled { retry_after })?;
    let word = presented.word();
    let looked = match presented {
        Presented::Totp(code) => {
            let caller = caller.clone();
            app.db(move |app, conn| {
                let lock = app.config.lifetimes.lock_first;
                let (user, status) = (&caller.user, &caller.status);
                let (keys, now, wall) = (&app.keys, app.clock.now(), app.clock.wall());
                let looked = verify::look_at_totp(conn, keys, user, status, code, lock, now, wall)?;
                Ok::<_, Error>(looked)
            })
            .await
        }
        presented @ (Presented::Mailed(_) | Presented::Link(_)) => {
            let caller = caller.clone();
            app.db(move |app, conn| {
                let lock = app.config.lifetimes.lock_first;
                let (user, status, session) = (&caller.user, &caller.status, &caller.session.id);
                let (keys, now) = (&app.keys, app.clock.now());
                let looked =
                    verify::look_at_mail(conn, keys, user, status, session, &presented, lock, now)?;
                Ok::<_, Error>(looked)
            })
            .await
        }
        Presented::Backup(code) => look_at_backup(app, caller, code).await,
    };
    let (origin, caller) = (origin.clone(), caller.clone());
    app.db(move |app, conn| {
        if let Err(Error::Mfa(mfa::Error::Sealed(_))) = &looked {
            record_sealed(conn, app, &origin, &caller, word)?;
        }
        let looked = looked?;
        conclude(conn, app, &origin, &caller, word, looked, wants_trust)
    })
    .await
}

/// Counts a backup code, hashes it without a connection, and judges it.
async fn look_at_backup(
    app: &App,
    caller: &Caller,
    code: mfa::backup_codes::Code,
) -> Result<Looked, Error> {
    let (user, status) = (caller.user.clone(), caller.status.clone());
    let admitted = app
        .db(move |app, conn| {
            let lock = app.config.lifetimes.lock_first;
            verify::admit_backup(conn, &user, &status, lock, app.clock.now())
        })
        .await;
    let (codes, counted) = match admitted {
        Err(mfa::Error::Locked { wait }) => return Ok(Looked::Locked(wait)),
        admitted => admitted?,
    };
    let hashes = codes.iter().map(|code| code.hash.clone()).collect();
    match app.hasher.find_in_set(code.for_hashing(), hashes).await {
        Ok(found) => {
            let found = found.and_then(|index| codes.get(index));
            Ok(verify::judge_backup(found, counted))
        }
        Err(busy) => {
            // Nobody looked at it, so nobody can call it wrong.
            let user = caller.user.clone();
            app.db(move |app, conn| give_back(conn, app, &user, Some(&counted)))
                .await?;
            Err(busy.into())
        }
    }
}

fn give_back(
    conn: &mut Conn,
    app: &App,
    user: &User,
    counted: Option<&Counted>,
) -> Result<Left, Error> {
    let now = app.clock.now();
    Ok(write(conn, |conn| {
        verify::give_back(conn, user, counted, now)
    })?)
}

/// Turns what a code proved to be into its consequences, each in one transaction with its record.
fn conclude(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    word: &'static str,
    looked: Looked,
    wants_trust: bool,
) -> Result<Verified, Error> {
    let now = app.clock.now();
    match looked {
        Looked::Right(proof, counted) => {
            let accepted = write(conn, |conn| {
                accept(conn, app, origin, caller, &proof, wants_trust, now)
            });
            match accepted {
                Ok(Some(verified)) => Ok(verified),
                Ok(None) => spent(conn, app, origin, caller, word, counted.as_ref(), now),
                Err(error) => {
                    // The code was right: what else went wrong is not counted against its holder.
                    if let Err(also) = give_back(conn, app, &caller.user, counted.as_ref()) {
                        log::warn!("the count of a right code was not given back: {also}");
                    }
                    Err(error)
                }
            }
        }
        Looked::Spent(counted) => spent(conn, app, origin, caller, word, Some(&counted), now),
        Looked::Wrong { counted, drift } => {
            let left = wrong(conn, app, origin, caller, word, &counted, now)?;
            Err(mfa::Error::WrongCode { left, drift }.into())
        }
        Looked::Locked(wait) => Err(mfa::Error::Locked { wait }.into()),
    }
}

fn spent(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    word: &'static str,
    counted: Option<&Counted>,
    now: NaiveDateTime,
) -> Result<Verified, Error> {
    let left = write(conn, |conn| {
        let left = verify::give_back(conn, &caller.user, counted, now)?;
        let entry = Entry::failure(Event::MfaVerify, "spent_code")
            .of(&caller.user)
            .by(word);
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok::<_, Error>(left)
    })?;
    Err(mfa::Error::SpentCode { left }.into())
}

fn wrong(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    word: &'static str,
    counted: &Counted,
    now: NaiveDateTime,
) -> Result<Left, Error> {
    write(conn, |conn| {
        let user = &db::users::find(conn, &caller.user.id)?.ok_or(Error::InvalidToken)?;
        let left = verify::conclude_wrong(conn, user, counted, now)?;
        let entry = Entry::failure(Event::MfaVerify, "wrong_code")
            .of(user)
            .by(word);
        activity::record(conn, &app.keys, origin, entry, now)?;
        if left.is_suspended {
            let entry = Entry::failure(Event::MfaSuspended, "too_many_wrong_codes").of(user);
            activity::record(conn, &app.keys, origin, entry, now)?;
        } else if left.locked_for.is_some() {
            let entry = Entry::failure(Event::MfaLocked, "too_many_wrong_codes").of(user);
            activity::record(conn, &app.keys, origin, entry, now)?;
        }
        Ok(left)
    })
}

/// A secret that does not open was changed, or belongs to somebody else: somebody has to know.
fn record_sealed(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    word: &'static str,
) -> Result<(), Error> {
    let entry = Entry::failure(Event::DecryptFailed, "secret_does_not_open")
        .of(&caller.user)
        .by(word);
    write(conn, |conn| {
        activity::record(conn, &app.keys, origin, entry, app.clock.now())
    })?;
    Ok(())
}
