//! Passwords of accounts: proving one again, changing it, choosing one by a link.

use chrono::NaiveDateTime;
use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error as DbError};

use super::links::{self, Purpose};
use super::sessions::Caller;
use super::throttle;
use super::{Error, sessions};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::password::{Password, Verdict};
use crate::crypto::password_policy::{PolicyContext, check_policy};
use crate::crypto::token::Token;
use crate::db::organizations::Organization;
use crate::db::users::User;
use crate::db::{Conn, one_time_links, password_failures, users, write};
use crate::mfa::status::Rows;

/// Somebody who holds a live link for choosing a password.
#[derive(Debug)]
pub struct Choosing {
    /// Whose password it will be.
    pub user: User,
    organization: Option<Organization>,
    is_enforced: bool,
}

impl Choosing {
    /// What the policy asks of them.
    pub fn policy_context(&self) -> PolicyContext<'_> {
        policy_context(&self.user, self.organization.as_ref(), self.is_enforced)
    }
}

/// What the policy asks of the caller.
pub fn policy_of(caller: &Caller) -> PolicyContext<'_> {
    policy_context(
        &caller.user,
        caller.organization.as_ref(),
        caller.status.is_enforced,
    )
}

fn policy_context<'a>(
    user: &'a User,
    organization: Option<&'a Organization>,
    is_enforced: bool,
) -> PolicyContext<'a> {
    PolicyContext {
        mfa_enforced: is_enforced,
        organization: organization.map_or("", |organization| &organization.name),
        first_name: &user.first_name,
        last_name: &user.last_name,
        email: &user.email,
    }
}

/// Proves the password again inside a session, for accounts that owe no second factor. The proof lasts
/// as long as the settings say. A browser gets a new cookie: its privilege has risen.
///
/// # Errors
///
/// [`Error::FactorOwed`] when a password proves nothing here; [`Error::WrongPassword`];
/// [`Error::Throttled`]; [`Error::Hash`] when the server is busy.
pub async fn prove(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    password: Password,
) -> Result<Option<Token>, Error> {
    if caller.status.owes_factor {
        return Err(Error::FactorOwed);
    }
    check_current(app, origin, caller, password, Event::StepUp).await?;
    let (origin, caller) = (origin.clone(), caller.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        write(conn, |conn| {
            let cookie = sessions::prove_password(conn, app, &caller, now)?;
            let entry = Entry::success(Event::StepUp)
                .of(&caller.user)
                .by("password");
            activity::record(conn, &app.keys, &origin, entry, now)?;
            Ok(cookie)
        })
    })
    .await
}

/// Changes the caller's own password. Every other session ends; this one lives on, and counts as just
/// proved. A browser gets a new cookie.
///
/// # Errors
///
/// [`Error::WrongPassword`] for the current one, [`Error::Policy`] for the new one; [`Error::Throttled`];
/// [`Error::Hash`] when the server is busy.
pub async fn change(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    current: Password,
    new: Password,
) -> Result<Option<Token>, Error> {
    check_policy(new.expose(), &policy_of(caller))?;
    check_current(app, origin, caller, current, Event::PasswordChanged).await?;
    let hash = app.hasher.hash(new).await?;
    let (origin, caller) = (origin.clone(), caller.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        write(conn, |conn| {
            let user = sessions::recheck(conn, app, &caller, now)?;
            users::update_password(conn, &user.id, &hash, false, now)?;
            // Whoever asked for a link may be whom the change is to keep out.
            one_time_links::delete_by_user(conn, &user.id)?;
            sessions::end_others(conn, &caller, now)?;
            sessions::adopt_epoch(conn, &caller)?;
            let cookie = sessions::prove_password(conn, app, &caller, now)?;
            let entry = Entry::success(Event::PasswordChanged).of(&user);
            activity::record(conn, &app.keys, &origin, entry, now)?;
            Ok(cookie)
        })
    })
    .await
}

/// Chooses a password by a one-time link. Nobody is signed in by it; every session of the account ends.
///
/// # Errors
///
/// [`Error::LinkSpent`]; [`Error::Policy`], which leaves the link usable; [`Error::Hash`] when the server
/// is busy.
pub async fn choose(app: &App, origin: &Origin, token: &str, new: Password) -> Result<(), Error> {
    let token = token.to_owned();
    let choosing = {
        let token = token.clone();
        app.db(move |app, conn| find_choosing(conn, app, &token))
            .await?
    };
    check_policy(new.expose(), &choosing.policy_context())?;
    let user = choosing.user;
    let hash = app.hasher.hash(new).await?;
    let origin = origin.clone();
    app.db(move |app, conn| {
        let now = app.clock.now();
        write(conn, |conn| {
            // First the account, as everywhere, so that nobody waits for anybody in a circle.
            users::lock(conn, &user.id)?;
            let user = links::find_person(conn, &token, now)?;
            let link = links::consume(conn, Purpose::ChoosePassword, &token, now)?;
            let by_mail = link.address.is_some();
            users::update_password(conn, &user.id, &hash, by_mail, now)?;
            one_time_links::delete_by_user(conn, &user.id)?;
            crate::db::sessions::update_others_ended(conn, &user.id, None, now)?;
            password_failures::delete(conn, &throttle::key(&app.keys, &user.email))?;
            let entry = Entry::success(Event::PasswordChosen).of(&user);
            activity::record(conn, &app.keys, &origin, entry, now)?;
            Ok(())
        })
    })
    .await
}

/// Who holds this link. Looking uses nothing up.
///
/// # Errors
///
/// [`Error::LinkSpent`] for anything but a live link.
pub fn find_choosing(conn: &mut Conn, app: &App, token: &str) -> Result<Choosing, Error> {
    let now = app.clock.now();
    let user = links::find_person(conn, token, now)?;
    let rows = Rows::read(conn, user)?;
    let is_enforced = rows.status(&app.server, now)?.is_enforced;
    Ok(Choosing {
        user: rows.user,
        organization: rows.organization,
        is_enforced,
    })
}

/// Compares what was typed with the caller's stored password; a wrong one is counted and recorded.
async fn check_current(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    typed: Password,
    event: Event,
) -> Result<(), Error> {
    let key = throttle::key(&app.keys, &caller.user.email);
    let user_id = caller.user.id.clone();
    let find = move |conn: &mut Conn| users::find(conn, &user_id);
    let (_, verdict) = compare(app, origin, &key, typed, find).await?;
    if verdict.matches {
        throttle::give_back(app, origin);
        return Ok(());
    }
    let (origin, user) = (origin.clone(), caller.user.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        record_wrong(conn, app, &origin, Some(&user), &key, event, now)
    })
    .await?;
    Err(Error::WrongPassword)
}

/// Compares what was typed with the stored password of whoever `find` finds: with nobody's, in the same time,
/// where there is none. A token of the client's address stays taken; the caller gives it back, unless the
/// password turns out to be wrong.
pub(super) async fn compare(
    app: &App,
    origin: &Origin,
    key: &[u8],
    typed: Password,
    find: impl FnOnce(&mut Conn) -> QueryResult<Option<User>> + Send + 'static,
) -> Result<(Option<User>, Verdict), Error> {
    throttle::admit_address(app, origin)?;
    let key = key.to_vec();
    let admitted = async {
        let found = app
            .db(move |app, conn| {
                throttle::admit(conn, &key, app.clock.now())?;
                Ok::<_, Error>(find(conn)?)
            })
            .await?;
        let stored = found.as_ref().and_then(|user| user.password_hash.clone());
        let verdict = app.hasher.verify(typed, stored).await?;
        Ok((found, verdict))
    };
    admitted
        .await
        .inspect_err(|_| throttle::give_back(app, origin))
}

/// Counts and records a wrong password, whatever it was typed for.
pub(super) fn record_wrong(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    user: Option<&User>,
    key: &[u8],
    event: Event,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let entry = Entry::failure(event, "wrong_password").by("password");
    let entry = match user {
        Some(user) => entry.of(user),
        None => entry,
    };
    let mut count_and_record = || {
        write(conn, |conn| {
            throttle::count_failure(conn, key, app.config.limits.password_account, now)?;
            activity::record(conn, &app.keys, origin, entry.clone(), now)?;
            Ok(())
        })
    };
    match count_and_record() {
        // Two first failures at once: the row is there now.
        Err(Error::Database(DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _))) => {
            count_and_record()
        }
        done => done,
    }
}
