//! What people do to their own second factors: setting them up, changing them, and the codes for a bad day.
//! The rules are `mfa`'s; here they meet the session that asks and everything that ends with a change.

use chrono::NaiveDateTime;

use super::tokens::Tokens;
use super::{Caller, Error, second_step, sessions};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::db::{self, Conn, write};
use crate::mfa::backup_codes::{self, Code, Shown};
use crate::mfa::settings::{self, Change, Changed};
use crate::mfa::totp::{self, SetUp};
use crate::mfa::{self, Method};

/// A set-up of an authenticator app that was started, with the codes that come to life with it.
pub struct Started {
    /// The secret, for the app.
    pub setup: SetUp,
    /// Ten codes, or none when a live set exists.
    pub codes: Vec<Code>,
}

/// A set-up that was finished.
#[derive(Debug)]
pub struct Finished {
    /// What to hand out: a sign-in that is complete by this, or a fresh proof.
    pub tokens: Tokens,
    /// It was the first method: MFA is on from now on.
    pub is_first: bool,
    /// The sign-in waited for this, and is complete now.
    pub completes_sign_in: bool,
}

/// Starts setting up an authenticator app, for a page: codes come after it.
///
/// # Errors
///
/// [`mfa::Error::NotAvailable`]; [`Error::Throttled`] for too many set-ups an hour.
pub async fn start_totp(app: &App, origin: &Origin, caller: &Caller) -> Result<(), Error> {
    admit_setup(app, caller)?;
    let (origin, caller) = (origin.clone(), caller.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        write(conn, |conn| start(conn, app, &origin, &caller, now))?;
        Ok(())
    })
    .await
}

/// Starts setting up an authenticator app, for a program: answered together with the backup codes, which are
/// inert until the app is proved.
///
/// # Errors
///
/// As [`start_totp`], and [`Error::Hash`] when the server is busy.
pub async fn start_totp_with_codes(
    app: &App,
    origin: &Origin,
    caller: &Caller,
) -> Result<Started, Error> {
    admit_setup(app, caller)?;
    let has_live_set = caller.status.is_enabled && caller.user.backup_codes_left.is_some();
    let codes = if has_live_set {
        Vec::new()
    } else {
        backup_codes::generate()?
    };
    let hashes = hash(app, &codes).await?;
    let (origin, caller) = (origin.clone(), caller.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        write(conn, |conn| {
            let setup = start(conn, app, &origin, &caller, now)?;
            if !codes.is_empty() {
                let (user, session) = (&caller.user.id, &caller.session.id);
                backup_codes::store(conn, &app.keys, user, session, &codes, hashes, now)?;
            }
            Ok(Started { setup, codes })
        })
    })
    .await
}

pub(super) fn admit_setup(app: &App, caller: &Caller) -> Result<(), Error> {
    app.setup_buckets
        .take(Some(caller.user.id.as_str()), app.clock.now())
        .map_err(|retry_after| Error::Throttled { retry_after })
}

fn start(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    now: NaiveDateTime,
) -> Result<SetUp, Error> {
    sessions::recheck(conn, app, caller, now)?;
    available(caller, Method::Totp)?;
    let expires_at = now + app.config.lifetimes.setup;
    let (user, session) = (&caller.user, &caller.session.id);
    let setup = totp::start_setup(conn, &app.keys, user, session, now, expires_at)?;
    let entry = Entry::success(Event::MfaSetupStarted)
        .of(user)
        .by(Method::Totp.column());
    activity::record(conn, &app.keys, origin, entry, now)?;
    Ok(setup)
}

pub(super) fn available(caller: &Caller, method: Method) -> Result<(), mfa::Error> {
    match caller.status.state_of(method) {
        Some(state) if state.is_available => Ok(()),
        Some(_) | None => Err(mfa::Error::NotAvailable),
    }
}

/// The set-up that waits in the caller's session. Looking changes nothing.
///
/// # Errors
///
/// [`mfa::Error::NoSetup`].
pub fn find_totp(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    now: NaiveDateTime,
) -> Result<SetUp, Error> {
    let (user, session) = (&caller.user, &caller.session.id);
    Ok(totp::find_setup(conn, &app.keys, user, session, now)?)
}

/// Proves an authenticator app by its first code and puts it to use. The code is spent by that, and counts
/// as a proof in this session.
///
/// # Errors
///
/// [`mfa::Error::MalformedCode`], [`mfa::Error::NoSetup`], [`mfa::Error::WrongSetupCode`].
pub fn finish_totp(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    typed: &str,
) -> Result<Finished, Error> {
    let code = mfa::Code::parse(typed).ok_or(mfa::Error::MalformedCode)?;
    let (now, wall) = (app.clock.now(), app.clock.wall());
    write(conn, |conn| {
        let user = &sessions::recheck(conn, app, caller, now)?;
        let session = &caller.session.id;
        let before = mfa::status::load(conn, &user.id, &app.server, now)?;
        totp::finish_setup(conn, &app.keys, user, session, code, now, wall)?;
        backup_codes::activate_pending(conn, &user.id, session, now)?;
        let changed = settings::set_up(conn, &app.server, &user.id, Method::Totp, &before, now)?;
        end_what_ends(conn, caller, &changed, now)?;
        let word = Method::Totp.column();
        let tokens = second_step::prove(conn, app, origin, caller, word, now)?;
        let entry = Entry::success(Event::MfaEnabled).of(user).by(word);
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(Finished {
            tokens,
            is_first: !before.is_enabled,
            completes_sign_in: caller.session.pending,
        })
    })
}

/// Makes a change to the caller's factors. Where every other session has to end, this one lives on.
///
/// # Errors
///
/// As [`settings::change`].
pub fn change(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    change: Change,
) -> Result<Changed, Error> {
    let now = app.clock.now();
    write(conn, |conn| {
        let user = sessions::recheck(conn, app, caller, now)?;
        let user_id = &user.id;
        let removed = match &change {
            Change::RemovePasskey { id, .. } => db::passkeys::find_by_user(conn, user_id, id)?,
            _ => None,
        };
        let changed = settings::change(conn, &app.server, user_id, &change, now)?;
        if !changed.did_anything {
            // It was so already: nothing to record, and nothing to tell.
            return Ok(changed);
        }
        end_what_ends(conn, caller, &changed, now)?;
        let (event, method) = match change {
            Change::RemovePasskey { .. } => (Event::PasskeyRemoved, Some(Method::Passkey)),
            Change::Enable(method) => (Event::MfaEnabled, Some(method)),
            Change::Disable(method) => (Event::MfaDisabled, Some(method)),
            Change::Remove(method) => (Event::MfaRemoved, Some(method)),
            Change::Primary(method) => (Event::MfaPrimary, Some(method)),
            Change::TurnOn => (Event::MfaEnabled, None),
            Change::TurnOff => (Event::MfaDisabled, None),
            Change::Reset => (Event::MfaReset, None),
        };
        let mut entry = Entry::success(event).of(&user);
        if let Some(method) = method {
            entry = entry.by(method.column());
        }
        if let Some(passkey) = removed {
            entry = entry.about(passkey.name);
        }
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(changed)
    })
}

pub(super) fn end_what_ends(
    conn: &mut Conn,
    caller: &Caller,
    changed: &Changed,
    now: NaiveDateTime,
) -> Result<(), Error> {
    if changed.ends_sessions {
        sessions::end_others(conn, caller, now)?;
        sessions::adopt_epoch(conn, caller)?;
    }
    Ok(())
}

/// Makes a new set of backup codes, live at once; the one before dies with every code of it.
///
/// # Errors
///
/// [`mfa::Error::NothingEnabled`] without a method that the codes could stand in for; [`Error::Hash`] when
/// the server is busy.
pub async fn create_codes(app: &App, origin: &Origin, caller: &Caller) -> Result<Vec<Code>, Error> {
    let codes = backup_codes::generate()?;
    let hashes = hash(app, &codes).await?;
    let (origin, caller) = (origin.clone(), caller.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        write(conn, |conn| {
            let user = &sessions::recheck(conn, app, &caller, now)?;
            if !mfa::status::load(conn, &user.id, &app.server, now)?.is_enabled {
                return Err(mfa::Error::NothingEnabled.into());
            }
            let session = &caller.session.id;
            let set = backup_codes::store(conn, &app.keys, &user.id, session, &codes, hashes, now)?;
            backup_codes::activate(conn, &set, now)?;
            let entry = Entry::success(Event::BackupCodesCreated).of(user);
            activity::record(conn, &app.keys, &origin, entry, now)?;
            Ok(codes)
        })
    })
    .await
}

/// The codes that this session made a moment ago, until they are said to be saved.
///
/// # Errors
///
/// The database's and the keys'.
pub fn show_codes(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    now: NaiveDateTime,
) -> Result<Option<Shown>, Error> {
    let (user, session) = (&caller.user.id, &caller.session.id);
    Ok(backup_codes::show(conn, &app.keys, user, session, now)?)
}

/// Records that the caller saved the codes; they are not shown any more.
///
/// # Errors
///
/// Only the database's.
pub fn save_codes(conn: &mut Conn, caller: &Caller, now: NaiveDateTime) -> Result<(), Error> {
    db::backup_codes::update_saved(conn, &caller.user.id, &caller.session.id, now)?;
    Ok(())
}

async fn hash(app: &App, codes: &[Code]) -> Result<Vec<String>, Error> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let passwords = codes.iter().map(Code::for_hashing).collect();
    Ok(app.hasher.hash_set(passwords).await?)
}
