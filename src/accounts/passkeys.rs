//! What people do with their own passkeys: adding, naming, listing. Removing one is a change like others
//! (`factors`); signing in with one is `sign_in`, proving oneself with one `second_step`.

use chrono::NaiveDateTime;

use super::factors::{available, end_what_ends};
use super::tokens::Tokens;
use super::{Caller, Error, second_step, sessions};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::db::passkeys::Passkey;
use crate::db::users::User;
use crate::db::{self, Conn, write};
use crate::mfa::passkey::{
    self, Attestation, Door, Holder, PublicKeyCredentialCreationOptions, Purpose, Words,
};
use crate::mfa::settings::{self, Change};
use crate::mfa::{self, Method};

/// A passkey that was added.
#[derive(Debug)]
pub struct Added {
    /// It, under the name it got.
    pub passkey: Passkey,
    /// What to hand out: a sign-in that is complete by this, or a fresh proof.
    pub tokens: Tokens,
    /// It was the first method: MFA is on from now on.
    pub is_first: bool,
}

/// The caller's passkeys, oldest first.
///
/// # Errors
///
/// Only the database's.
pub fn list(conn: &mut Conn, caller: &Caller) -> Result<Vec<Passkey>, Error> {
    Ok(db::passkeys::list_by_user(conn, &caller.user.id)?)
}

/// Whether somebody here has the passkey of this id.
///
/// # Errors
///
/// Only the database's.
pub fn is_known(conn: &mut Conn, credential_id: &[u8]) -> Result<bool, Error> {
    Ok(db::passkeys::find_by_credential(conn, credential_id)?.is_some())
}

/// Starts adding a passkey: what to hand to the browser.
///
/// # Errors
///
/// [`mfa::Error::NotAvailable`]; [`mfa::Error::TooManyPasskeys`]; [`Error::Throttled`] for too many an hour.
pub fn start(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    door: Door,
) -> Result<PublicKeyCredentialCreationOptions, Error> {
    let now = app.clock.now();
    available(caller, Method::Passkey)?;
    app.passkey_buckets
        .take(Some(caller.user.id.as_str()), now)
        .map_err(|retry_after| Error::Throttled { retry_after })?;
    let rp = app.relying_party()?;
    write(conn, |conn| {
        let user = sessions::recheck(conn, app, caller, now)?;
        let session_id = &caller.session.id;
        let options = passkey::start_registration(conn, rp, &user, session_id, door, now)?;
        let entry = Entry::success(Event::MfaSetupStarted)
            .of(&user)
            .by(Method::Passkey.column());
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(options)
    })
}

/// Adds the passkey that an authenticator has made, under a name of the holder's or one in `words`. It counts as a
/// proof in this session.
///
/// # Errors
///
/// [`mfa::Error::PasskeyRefused`], [`mfa::Error::TooManyPasskeys`], [`mfa::Error::PasskeyName`].
pub fn finish(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    attestation: Attestation,
    name: Option<&str>,
    words: &Words,
) -> Result<Added, Error> {
    let (rp, now) = (app.relying_party()?, app.clock.now());
    if let Some(name) = name {
        // Before the challenge is used up: another name can still be given.
        passkey::check_name(conn, &caller.user.id, name)?;
    }
    let holder = Holder::session(&caller.user.id, &caller.session.id);
    let data = &attestation.client_data;
    let added = passkey::take(conn, Purpose::Register, &holder, data, now)
        .and_then(|state| passkey::verify_registration(rp, &state, attestation))
        .map_err(Error::from)
        .and_then(|verified| {
            write(conn, |conn| {
                let user = &sessions::recheck(conn, app, caller, now)?;
                let before = mfa::status::load(conn, &user.id, &app.server, now)?;
                let passkey = passkey::store(conn, rp, user, verified, name, words, now)?;
                let method = Method::Passkey;
                let changed = settings::set_up(conn, &app.server, &user.id, method, &before, now)?;
                end_what_ends(conn, caller, &changed, now)?;
                let tokens = second_step::prove(conn, app, origin, caller, method.column(), now)?;
                let entry = Entry::success(Event::PasskeyAdded)
                    .of(user)
                    .by(method.column())
                    .about(&passkey.name);
                activity::record(conn, &app.keys, origin, entry, now)?;
                Ok(Added {
                    passkey,
                    tokens,
                    is_first: !before.is_enabled,
                })
            })
        });
    if let Err(Error::Mfa(error)) = &added {
        record_refused(conn, app, origin, &caller.user, Event::PasskeyAdded, error)?;
    }
    added
}

/// The change that removes a passkey.
pub fn removal(app: &App, id: &str) -> Change {
    let rp = app.relying_party().ok();
    Change::RemovePasskey {
        id: id.to_owned(),
        rp_id: rp.map(|rp| rp.id.clone()),
    }
}

/// Gives one of the caller's passkeys another name.
///
/// # Errors
///
/// [`mfa::Error::NotFound`] for the id of nothing or of somebody else's; [`mfa::Error::PasskeyName`].
pub fn rename(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    id: &str,
    typed: &str,
) -> Result<Passkey, Error> {
    let now = app.clock.now();
    write(conn, |conn| {
        let user = sessions::recheck(conn, app, caller, now)?;
        let (passkey, is_new) = passkey::rename(conn, &user.id, id, typed)?;
        if is_new {
            let entry = Entry::success(Event::PasskeyRenamed)
                .of(&user)
                .by(Method::Passkey.column())
                .about(&passkey.name);
            activity::record(conn, &app.keys, origin, entry, now)?;
        }
        Ok(passkey)
    })
}

/// Records that a passkey was refused, where that says something about it and not about a form.
pub(super) fn record_refused(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    user: &User,
    event: Event,
    error: &mfa::Error,
) -> Result<(), Error> {
    let (event, reason) = match error {
        mfa::Error::PasskeyRefused(reason) => (event, *reason),
        mfa::Error::UnknownChallenge => (event, "challenge"),
        mfa::Error::UnknownPasskey => (event, "unknown_passkey"),
        mfa::Error::PasskeyCounter => (Event::PasskeyCounter, "counter_went_back"),
        _ => return Ok(()),
    };
    let now: NaiveDateTime = app.clock.now();
    let entry = Entry::failure(event, reason)
        .of(user)
        .by(Method::Passkey.column());
    write(conn, |conn| {
        activity::record(conn, &app.keys, origin, entry, now)
    })?;
    Ok(())
}
