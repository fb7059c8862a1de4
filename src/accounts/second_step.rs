//! The second step: a code or a passkey that finishes a sign-in, or proves again in a complete session that it is
//! you.

use chrono::NaiveDateTime;

use super::tokens::{self, Cookies, Tokens};
use super::{Caller, Error, devices, passkeys, sessions, trusted_browsers};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::token::Kind;
use crate::db::users::User;
use crate::db::{self, Conn, write};
use crate::mfa::passkey::{self, Assertion, Holder, Purpose};
use crate::mfa::verify::{self, Looked, Presented, Proof, UsedPasskey};
use crate::mfa::{self, Counted, Left, Method};

/// What a right code bought.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What to hand out: a complete sign-in's tokens, or what is renewed with a fresh proof.
    pub tokens: Tokens,
    /// Backup codes left, when one was used.
    pub backup_codes_left: Option<u32>,
}

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

/// Starts answering with a passkey: what to hand to the browser.
///
/// # Errors
///
/// [`mfa::Error::NotConfigured`], [`mfa::Error::NotEnabled`] when no passkey can be used;
/// [`Error::InvalidToken`] when the session ended in between.
pub fn start_passkey(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
) -> Result<passkey::PublicKeyCredentialRequestOptions, Error> {
    passkey::usable(&caller.status)?;
    let (rp, now) = (app.relying_party()?, app.clock.now());
    write(conn, |conn| {
        sessions::recheck(conn, app, caller, now)?;
        let mut own = db::passkeys::list_by_user(conn, &caller.user.id)?;
        own.retain(|passkey| passkey.rp_id == rp.id);
        if own.is_empty() {
            return Err(mfa::Error::NotConfigured.into());
        }
        let holder = Holder::session(&caller.user.id, &caller.session.id);
        let purpose = Purpose::Prove;
        Ok(passkey::start_authentication(
            conn, rp, purpose, &holder, &own, now,
        )?)
    })
}

/// Answers with a passkey, in a session that owes it or in one that renews its proof. It is not counted with the
/// codes: nobody can guess it, and it works while they are locked.
///
/// # Errors
///
/// [`mfa::Error::PasskeyRefused`], [`mfa::Error::UnknownPasskey`], [`mfa::Error::PasskeyCounter`]; otherwise as
/// [`verify`].
pub async fn verify_passkey(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    assertion: Assertion,
    wants_trust: bool,
) -> Result<Verified, Error> {
    app.code_buckets
        .take(origin.address.as_deref(), app.clock.now())
        .map_err(|retry_after| Error::Throttled { retry_after })?;
    let (origin, caller) = (origin.clone(), caller.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        let verified = look_at_passkey(conn, app, &origin, &caller, assertion).and_then(|one| {
            let proof = Proof::Passkey(Box::new(one.clone()));
            match write(conn, |conn| {
                accept(conn, app, &origin, &caller, &proof, wants_trust, now)
            })? {
                Some(verified) => Ok(verified),
                None => Err(passkey::not_spent(conn, &one.passkey)?.into()),
            }
        });
        if verified.is_ok() {
            app.code_buckets.give_back(origin.address.as_deref());
        }
        if let Err(Error::Mfa(error)) = &verified {
            passkeys::record_refused(conn, app, &origin, &caller.user, Event::MfaVerify, error)?;
        }
        verified
    })
    .await
}

/// Verifies a passkey's answer; its challenge is gone from then on.
fn look_at_passkey(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    assertion: Assertion,
) -> Result<UsedPasskey, Error> {
    let (rp, now) = (app.relying_party()?, app.clock.now());
    let user_id = &caller.user.id;
    let holder = Holder::session(user_id, &caller.session.id);
    let state = passkey::take(conn, Purpose::Prove, &holder, &assertion.client_data, now)?;
    passkey::usable(&caller.status)?;
    let passkey = db::passkeys::find_by_credential(conn, &assertion.raw_id)?
        .ok_or(mfa::Error::UnknownPasskey)?;
    if passkey.user_id != *user_id {
        return Err(mfa::Error::PasskeyRefused("not_own").into());
    }
    passkey::check_handle(conn, &assertion, user_id, false)?;
    let client = origin.user_agent.as_deref();
    let used = passkey::verify_assertion(rp, &state, assertion, &passkey, client, now)?;
    Ok(UsedPasskey { passkey, used })
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

/// Spends a right code and gives the session what it buys. `None` when somebody else spent it first.
fn accept(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    proof: &Proof,
    wants_trust: bool,
    now: NaiveDateTime,
) -> Result<Option<Verified>, Error> {
    let user = sessions::recheck(conn, app, caller, now)?;
    if !verify::spend(conn, &user, proof, now)? {
        return Ok(None);
    }
    let by_mail = matches!(proof, Proof::MagicLink { .. });
    if user.password_by_mail && !by_mail && caller.session.password_at.is_some() {
        // Who knows this password has more than the mailbox. Without the password it could be anybody's by now.
        db::users::update_password_by_mail(conn, &user.id, false)?;
    }
    let given = match wants_trust && may_trust(caller, proof) {
        true => trusted_browsers::give(conn, origin, &user, now)?,
        false => None,
    };
    let mut tokens = match prove(conn, app, origin, caller, proof.word(), now)? {
        Tokens::Kept => {
            let refresh = tokens::replace_refresh(conn, app, &caller.session, now)?;
            Tokens::Renewed { refresh }
        }
        tokens => tokens,
    };
    if let (Some(given), Tokens::Cookie(cookies)) = (&given, &mut tokens) {
        cookies.trust = Some(given.kept.clone());
    }
    let backup_codes_left = match proof {
        Proof::Backup { .. } => db::users::find(conn, &user.id)?
            .and_then(|user| user.backup_codes_left)
            .map(|left| u32::try_from(left).unwrap_or(0)),
        Proof::Totp { .. } | Proof::MagicLink { .. } | Proof::Passkey(_) => None,
    };
    let event = if caller.session.pending {
        Event::MfaVerify
    } else {
        Event::StepUp
    };
    let mut entry = Entry::success(event).of(&user).by(proof.word());
    if let Some(left) = backup_codes_left {
        entry = entry.about(left.to_string());
    }
    if let Proof::Passkey(one) = proof {
        entry = entry.about(&one.passkey.name);
    }
    activity::record(conn, &app.keys, origin, entry, now)?;
    if let Some(given) = given {
        given.record(conn, app, origin, &user, now)?;
    }
    Ok(Some(Verified {
        tokens,
        backup_codes_left,
    }))
}

/// Whether a browser may be trusted by this: at the end of a sign-in, and not by a backup code, which somebody uses who has
/// nothing else.
fn may_trust(caller: &Caller, proof: &Proof) -> bool {
    trusted_browsers::offered(caller).is_some()
        && match proof {
            Proof::Totp { .. } | Proof::MagicLink { .. } | Proof::Passkey(_) => true,
            Proof::Backup { .. } => false,
        }
}

/// Marks the caller's session as one in which a second factor was just proved, and hands out its tokens: the
/// first ones of a sign-in that is complete by this, or a browser's next cookie. The one UPDATE on the session
/// decides. Runs in the caller's transaction; what the caller does after it is to record it.
pub(super) fn prove(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    word: &str,
    now: NaiveDateTime,
) -> Result<Tokens, Error> {
    let session = &caller.session;
    let lifetimes = &app.config.lifetimes;
    let expires_at = match (session.pending, caller.is_browser()) {
        (false, _) => session.expires_at,
        (true, true) => now + lifetimes.session_absolute,
        (true, false) => now + lifetimes.refresh_absolute,
    };
    let pending = session.pending;
    if db::sessions::update_factor_proof(conn, &session.id, pending, word, now, expires_at)? != 1 {
        return Err(Error::InvalidToken);
    }
    let proved = db::sessions::Session {
        pending: false,
        expires_at,
        ..session.clone()
    };
    let mut met = None;
    if pending {
        sessions::enforce_cap(conn, &proved, now)?;
        let (is_browser, user_id) = (caller.is_browser(), &caller.user.id);
        met = Some(devices::meet(conn, origin, is_browser, user_id, now)?);
        db::users::update_last_sign_in(conn, user_id, origin.language, now)?;
    }
    let tokens = if caller.is_browser() {
        Tokens::Cookie(Cookies {
            session: tokens::replace(conn, &session.id, Kind::Cookie, now, expires_at)?,
            device: met.as_ref().and_then(|met| met.token.clone()),
            trust: None,
        })
    } else if pending {
        let limited = tokens::column(Kind::Limited);
        db::session_tokens::delete_by_session_and_kind(conn, &session.id, limited)?;
        Tokens::Pair(tokens::pair(conn, app, &proved, now)?)
    } else {
        Tokens::Kept
    };
    if let Some(met) = met {
        let user = db::users::find(conn, &caller.user.id)?.ok_or(Error::InvalidToken)?;
        met.record(conn, app, origin, &user, now)?;
    }
    Ok(tokens)
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
