//! Signing in: with a password, or with a passkey alone; and the session that opens.

use super::passwords::{compare, record_wrong};
use super::sessions::{self, Access, Caller, SessionKind, access};
use super::tokens::{self, Cookies, Tokens};
use super::trusted_browsers::{self, TRUSTED_BROWSER, Verdict};
use super::{Error, devices, passkeys, throttle, unfinished, users};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::password::Password;
use crate::crypto::token::Kind;
use crate::db::sessions::Session;
use crate::db::users::User;
use crate::db::{self, Conn, new_id, password_failures, write};
use crate::mfa::passkey::{self, Assertion, Holder, Purpose};
use crate::mfa::status::Rows;
use crate::mfa::verify::{self, Proof, UsedPasskey};
use crate::mfa::{self, Method};

/// A sign-in that got as far as a session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who, and what the session may do.
    pub caller: Caller,
    /// What to hand out.
    pub tokens: Tokens,
}

/// The password step. Opens a session that may do whatever the account's MFA state allows by then.
///
/// An unknown address, a wrong password, an account without one and a deactivated account take the same time
/// and get the same answer.
///
/// # Errors
///
/// [`Error::InvalidCredentials`]; [`Error::Throttled`] after too many wrong passwords for this address;
/// [`Error::Hash`] when the server is busy.
pub async fn with_password(
    app: &App,
    origin: &Origin,
    kind: SessionKind,
    typed_email: &str,
    password: Password,
) -> Result<SignedIn, Error> {
    // What cannot be an address is looked up, counted and answered like one that is unknown.
    let email = users::normalize_email(typed_email).unwrap_or_else(|| {
        // No address holds a NUL, and Postgres would refuse the question.
        typed_email.trim().to_lowercase().replace('\0', "\u{fffd}")
    });
    let key = throttle::key(&app.keys, &email);
    let find = move |conn: &mut Conn| db::users::find_by_email(conn, &email);
    let (found, verdict) = compare(app, origin, &key, password, find).await?;
    let stored = found.as_ref().and_then(|user| user.password_hash.clone());
    let origin = origin.clone();
    match (found, stored) {
        (Some(user), Some(stored)) if verdict.matches && user.deactivated_at.is_none() => {
            throttle::give_back(app, &origin);
            app.db(move |app, conn| {
                write(conn, |conn| {
                    let current = checked(conn, &user)?;
                    if let Some(rehash) = &verdict.rehash {
                        db::users::update_password_hash(conn, &user.id, &stored, rehash)?;
                    }
                    password_failures::delete(conn, &key)?;
                    open(conn, app, &origin, kind, current, Opened::ByPassword)
                })
            })
            .await
        }
        (found, _) => {
            app.db(move |app, conn| {
                let now = app.clock.now();
                record_wrong(conn, app, &origin, found.as_ref(), &key, Event::SignIn, now)
            })
            .await?;
            Err(Error::InvalidCredentials)
        }
    }
}

/// The account as it is now, locked, if its password is still the one that was verified. The hash may be another one:
/// whoever signed in at the same time had the same password hashed anew.
fn checked(conn: &mut Conn, verified: &User) -> Result<User, Error> {
    db::users::lock(conn, &verified.id)?;
    db::users::find(conn, &verified.id)?
        .filter(|user| user.password_changed_at == verified.password_changed_at)
        .filter(|user| user.password_hash.is_some())
        .filter(|user| user.deactivated_at.is_none())
        .ok_or(Error::InvalidCredentials)
}

/// Starts signing in with a passkey, before anybody has said who: what to hand to the browser or program.
///
/// # Errors
///
/// [`mfa::Error::NotAvailable`] where passkeys cannot work; [`Error::Throttled`] for too many from one address.
pub async fn start_with_passkey(
    app: &App,
    origin: &Origin,
    browser: Option<String>,
) -> Result<passkey::PublicKeyCredentialRequestOptions, Error> {
    app.relying_party()?;
    app.challenge_buckets
        .take(origin.address.as_deref(), app.clock.now())
        .map_err(|retry_after| Error::Throttled { retry_after })?;
    app.db(move |app, conn| {
        let (rp, now) = (app.relying_party()?, app.clock.now());
        let holder = holder(browser.as_deref());
        write(conn, |conn| {
            let purpose = Purpose::SignIn;
            Ok(passkey::start_authentication(
                conn,
                rp,
                purpose,
                &holder,
                &[],
                now,
            )?)
        })
    })
    .await
}

/// Signs in with a passkey alone. It verifies who holds it, so nothing further is owed (WebAuthn L3, section 7.2).
///
/// # Errors
///
/// [`mfa::Error::UnknownPasskey`] for one that is not registered here; [`mfa::Error::PasskeyRefused`] for one that
/// proves nothing, or whose account cannot use it now; [`mfa::Error::PasskeyCounter`]; [`Error::Throttled`].
pub async fn with_passkey(
    app: &App,
    origin: &Origin,
    kind: SessionKind,
    browser: Option<String>,
    assertion: Assertion,
) -> Result<SignedIn, Error> {
    app.code_buckets
        .take(origin.address.as_deref(), app.clock.now())
        .map_err(|retry_after| Error::Throttled { retry_after })?;
    let origin = origin.clone();
    app.db(move |app, conn| {
        let (rp, now) = (app.relying_party()?, app.clock.now());
        let holder = holder(browser.as_deref());
        let data = &assertion.client_data;
        let state = passkey::take(conn, Purpose::SignIn, &holder, data, now)?;
        let passkey = db::passkeys::find_by_credential(conn, &assertion.raw_id)?
            .ok_or(mfa::Error::UnknownPasskey)?;
        let user_id = passkey.user_id.clone();
        let client = origin.user_agent.as_deref();
        let signed_in = passkey::check_handle(conn, &assertion, &user_id, true)
            .and_then(|()| passkey::verify_assertion(rp, &state, assertion, &passkey, client, now))
            .map_err(Error::from)
            .and_then(|used| {
                let one = UsedPasskey { passkey, used };
                write(conn, |conn| {
                    complete(conn, app, &origin, kind, &user_id, &one)
                })
            });
        if signed_in.is_ok() {
            app.code_buckets.give_back(origin.address.as_deref());
        }
        if let Err(Error::Mfa(error)) = &signed_in
            && let Some(user) = db::users::find(conn, &user_id)?
        {
            passkeys::record_refused(conn, app, &origin, &user, Event::SignIn, error)?;
        }
        signed_in
    })
    .await
}

fn holder(browser: Option<&str>) -> Holder<'_> {
    browser.map_or(Holder::Program, Holder::Browser)
}

/// Spends a verified passkey and opens its owner's session, if the account lets it in now.
fn complete(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    kind: SessionKind,
    user_id: &str,
    one: &UsedPasskey,
) -> Result<SignedIn, Error> {
    let now = app.clock.now();
    db::users::lock(conn, user_id)?;
    let user = db::users::find(conn, user_id)?
        .filter(|user| user.deactivated_at.is_none())
        .ok_or(mfa::Error::PasskeyRefused("deactivated"))?;
    let status = Rows::read(conn, user.clone())?.status(&app.server, now)?;
    passkey::usable(&status).map_err(|_| mfa::Error::PasskeyRefused("not_usable"))?;
    let proof = Proof::Passkey(Box::new(one.clone()));
    if !verify::spend(conn, &user, &proof, now)? {
        return Err(passkey::not_spent(conn, &one.passkey)?.into());
    }
    open(conn, app, origin, kind, user, Opened::ByPasskey(one))
}

/// What was proved when a session opens.
#[derive(Clone, Copy)]
pub(crate) enum Opened<'a> {
    /// The password.
    ByPassword,
    /// A passkey, which is all that is ever owed.
    ByPasskey(&'a UsedPasskey),
}

/// Opens a session for somebody who just proved who they are. Runs in the caller's transaction.
pub(crate) fn open(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    kind: SessionKind,
    user: User,
    opened: Opened<'_>,
) -> Result<SignedIn, Error> {
    let now = app.clock.now();
    let lifetimes = &app.config.lifetimes;
    let rows = Rows::read(conn, user)?;
    let status = rows.status(&app.server, now)?;
    // A program keeps no cookie, and a passkey is all that is ever owed.
    let is_asked =
        matches!(opened, Opened::ByPassword) && kind == SessionKind::Browser && status.owes_factor;
    let trust = match is_asked {
        true => trusted_browsers::present(conn, origin, &rows, now)?,
        false => Verdict::Nothing,
    };
    // Trust gives access, and no younger proof than there was.
    let (factor, factor_at) = match (opened, &trust) {
        (Opened::ByPasskey(_), _) => (Some(Method::Passkey.column()), Some(now)),
        (Opened::ByPassword, Verdict::Trusted { proved_at, .. }) => {
            (Some(TRUSTED_BROWSER), Some(*proved_at))
        }
        (Opened::ByPassword, Verdict::Nothing | Verdict::Copied(_)) => (None, None),
    };
    let mut session = Session {
        id: new_id(),
        user_id: rows.user.id.clone(),
        kind: kind.column().to_owned(),
        epoch: rows.user.epoch,
        pending: false,
        password_at: matches!(opened, Opened::ByPassword).then_some(now),
        factor_at,
        factor: factor.map(str::to_owned),
        peer_address: origin.address.clone().unwrap_or_default(),
        user_agent: origin.user_agent.clone().unwrap_or_default(),
        created_at: now,
        last_seen_at: now,
        expires_at: now
            + match kind {
                SessionKind::Browser => lifetimes.session_absolute,
                SessionKind::Api => lifetimes.refresh_absolute,
            },
        ended_at: None,
    };
    let access = access(&status, &session);
    // A browser at the enrolment gate gets the time that setting up a method takes; a program gets a limited
    // token, which its set-up exchanges.
    session.pending = match kind {
        SessionKind::Browser => access == Access::FactorOwed,
        SessionKind::Api => access != Access::Full,
    };
    if session.pending {
        session.expires_at = now + lifetimes.limited;
    }
    // A browser that signs in anew leaves its old session behind for good.
    if let (SessionKind::Browser, Some(actor), Some(old)) =
        (kind, &origin.actor_id, &origin.session_id)
    {
        db::sessions::update_ended(conn, actor, std::slice::from_ref(old), now)?;
    }
    db::sessions::insert(conn, &session)?;
    sessions::enforce_cap(conn, &session, now)?;
    if access == Access::FactorOwed {
        unfinished::watch(conn, &session)?;
    }
    let met = if session.pending {
        None
    } else {
        let is_browser = kind == SessionKind::Browser;
        Some(devices::meet(
            conn,
            origin,
            is_browser,
            &session.user_id,
            now,
        )?)
    };
    let tokens = match kind {
        SessionKind::Browser => Tokens::Cookie(Cookies {
            session: tokens::add(conn, &session.id, Kind::Cookie, now, session.expires_at)?,
            device: met.as_ref().and_then(|met| met.token.clone()),
            trust: trust.kept(),
        }),
        SessionKind::Api if session.pending => Tokens::Limited {
            token: tokens::add(conn, &session.id, Kind::Limited, now, session.expires_at)?,
            expires_at: session.expires_at,
        },
        SessionKind::Api => Tokens::Pair(tokens::pair(conn, app, &session, now)?),
    };
    if access == Access::Full {
        db::users::update_last_sign_in(conn, &rows.user.id, origin.language, now)?;
    }
    let mut origin = origin.clone();
    origin.actor_id = Some(rows.user.id.clone());
    origin.session_id = Some(session.id.clone());
    let event = if session.pending {
        Event::PasswordAccepted
    } else {
        Event::SignIn
    };
    let mut entry = Entry::success(event)
        .of(&rows.user)
        .by(factor.unwrap_or("password"));
    if let Opened::ByPasskey(one) = opened {
        entry = entry.about(&one.passkey.name);
    }
    if let Some(met) = met {
        met.record(conn, app, &origin, &rows.user, now)?;
    }
    activity::record(conn, &app.keys, &origin, entry, now)?;
    if let Verdict::Copied(agent) = trust {
        trusted_browsers::record_copy(conn, app, &origin, &rows.user, agent, now)?;
    }
    Ok(SignedIn {
        caller: Caller {
            token_expires_at: session.expires_at,
            session,
            user: rows.user,
            organization: rows.organization,
            factors: rows.factors,
            status,
            access,
        },
        tokens,
    })
}
