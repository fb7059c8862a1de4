//! Email links: sending one, setting the method up with one, and what the page behind one has to know. Answering with one
//! is the second step's.

use chrono::NaiveDateTime;

use super::factors::{Finished, available, end_what_ends};
use super::mail_limits::{longest, wait_after};
use super::tokens::Tokens;
use super::{Caller, Error, second_step, sessions, throttle};
use crate::activity::{self, Entry, Event, Facts, Origin};
use crate::app::App;
use crate::crypto::token::{self, Kind};
use crate::db::magic_links::MagicLink;
use crate::db::sessions::Session;
use crate::db::users::User;
use crate::db::{self, Conn, write};
use crate::mail;
use crate::mfa::magic_link::{self, Mailed, Purpose, State};
use crate::mfa::settings;
use crate::mfa::{self, Method, verify};

/// Sends the mail that sets the method up, to the account's own address.
///
/// # Errors
///
/// [`mfa::Error::NotAvailable`]; [`Error::Throttled`] for too many mails or set-ups;
/// [`Error::EmailUnavailable`], which leaves everything as it was.
pub async fn start_set_up(app: &App, origin: &Origin, caller: &Caller) -> Result<(), Error> {
    available(caller, Method::MagicLink)?;
    super::factors::admit_setup(app, caller)?;
    send(app, origin, caller, Purpose::SetUp, "").await
}

/// Sends the mail that finishes the caller's sign-in, or proves again that it is they. `return_to` is where its page leads.
///
/// # Errors
///
/// [`mfa::Error::NotConfigured`] and the like when the method cannot be used; [`Error::Throttled`];
/// [`Error::EmailUnavailable`], which leaves an earlier mail as it was.
pub async fn send_link(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    return_to: &str,
) -> Result<(), Error> {
    verify::usable(&caller.status, Method::MagicLink)?;
    send(app, origin, caller, Purpose::Prove, return_to).await
}

/// Runs to its end also when nobody waits for it any more: a mail that is on its way has to work.
async fn send(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    purpose: Purpose,
    return_to: &str,
) -> Result<(), Error> {
    let (app, origin) = (app.clone(), origin.clone());
    let (caller, return_to) = (caller.clone(), return_to.to_owned());
    let sending = tokio::spawn(async move {
        let mailed = prepare(&app, &caller, purpose, return_to).await?;
        let facts = Facts {
            method: None,
            detail: None,
            at: app.clock.now(),
            address: origin.address.clone(),
            user_agent: origin.user_agent.clone(),
        };
        let chosen = caller.user.language.as_deref();
        let sent = mail::send_link(&app, &mailed, &facts, chosen.or(origin.language)).await;
        if let Err(why) = &sent {
            log::warn!("an email link could not be sent: {why}");
        }
        let became = match &sent {
            Ok(()) => Became::Sent,
            Err(mail::Failure::Unsure(_)) => Became::Unsure,
            Err(mail::Failure::Permanent(_) | mail::Failure::Temporary(_)) => Became::Nothing,
        };
        conclude(&app, origin, caller, mailed, became).await?;
        sent.map_err(|_| Error::EmailUnavailable)
    });
    sending.await.map_err(|_| Error::EmailUnavailable)?
}

async fn prepare(
    app: &App,
    caller: &Caller,
    purpose: Purpose,
    return_to: String,
) -> Result<Mailed, Error> {
    let caller = caller.clone();
    app.db(move |app, conn| {
        let now = app.clock.now();
        write(conn, |conn| {
            let user = sessions::recheck(conn, app, &caller, now)?;
            let (session, keys) = (&caller.session.id, &app.keys);
            let limits = &app.config.limits.mail;
            let times = magic_link::list_times(conn, &user.id, now - longest(limits))?;
            if let Some(wait) = wait_after(limits, &times, now) {
                let retry_after = throttle::whole_seconds(wait);
                return Err(Error::Throttled { retry_after });
            }
            let lifetime = app.config.lifetimes.link;
            Ok(magic_link::prepare(
                conn, keys, &user, session, purpose, &return_to, lifetime, now,
            )?)
        })
    })
    .await
}

/// What became of a mail.
#[derive(Clone, Copy)]
enum Became {
    Sent,
    /// It may arrive all the same.
    Unsure,
    Nothing,
}

async fn conclude(
    app: &App,
    origin: Origin,
    caller: Caller,
    mailed: Mailed,
    became: Became,
) -> Result<(), Error> {
    app.db(move |app, conn| {
        let now = app.clock.now();
        write(conn, |conn| {
            db::users::lock(conn, &caller.user.id)?;
            match became {
                Became::Sent => {}
                Became::Unsure => return Ok(magic_link::withdraw(conn, &mailed, now)?),
                Became::Nothing => return Ok(magic_link::forget(conn, &mailed)?),
            }
            magic_link::record_sent(conn, &caller.user.id, &mailed, now)?;
            let event = match mailed.purpose {
                Purpose::SetUp => Event::MfaSetupStarted,
                Purpose::Prove => Event::MagicLinkSent,
            };
            let entry = Entry::success(event).of(&caller.user).by(WORD);
            activity::record(conn, &app.keys, &origin, entry, now)?;
            Ok(())
        })
    })
    .await
}

const WORD: &str = Method::MagicLink.column();

/// Proves by the code of the mail that its reader is the account's holder, and puts the method to use. It counts as a
/// proof in this session.
///
/// # Errors
///
/// [`mfa::Error::MalformedCode`], [`mfa::Error::NoSetup`], [`mfa::Error::WrongSetupCode`].
pub fn finish_by_code(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    typed: &str,
) -> Result<Finished, Error> {
    let code = mfa::Code::parse(typed).ok_or(mfa::Error::MalformedCode)?;
    let now = app.clock.now();
    // Counted before it is looked at, and whatever it turns out to be.
    let link = write(conn, |conn| {
        sessions::recheck(conn, app, caller, now)?;
        Ok::<_, Error>(magic_link::admit_set_up(conn, &caller.session.id, now)?)
    })?;
    if !magic_link::is_code(&app.keys, &link, code)? {
        return Err(mfa::Error::WrongSetupCode { drift: None }.into());
    }
    finish(conn, app, origin, caller, &link, now)
}

/// The same by the link, opened in the browser that asked for it.
///
/// # Errors
///
/// [`Error::LinkSpent`] for anything but a link that works, in its own session.
pub fn finish_by_link(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    typed: &str,
) -> Result<Finished, Error> {
    let now = app.clock.now();
    let link = find(conn, typed, Purpose::SetUp)?
        .filter(|link| link.session_id == caller.session.id)
        .ok_or(Error::LinkSpent)?;
    match finish(conn, app, origin, caller, &link, now) {
        Err(Error::Mfa(mfa::Error::NoSetup)) => Err(Error::LinkSpent),
        finished => finished,
    }
}

fn finish(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    link: &MagicLink,
    now: NaiveDateTime,
) -> Result<Finished, Error> {
    write(conn, |conn| {
        let user = sessions::recheck(conn, app, caller, now)?;
        let before = mfa::status::load(conn, &user.id, &app.server, now)?;
        magic_link::finish_set_up(conn, &user, link, now)?;
        let method = Method::MagicLink;
        let changed = settings::set_up(conn, &app.server, &user.id, method, &before, now)?;
        end_what_ends(conn, caller, &changed, now)?;
        let tokens: Tokens = second_step::prove(conn, app, origin, caller, WORD, now)?;
        let entry = Entry::success(Event::MfaEnabled).of(&user).by(WORD);
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(Finished {
            tokens,
            is_first: !before.is_enabled,
            completes_sign_in: caller.session.pending,
        })
    })
}

/// The same for a program that hands over the token of the link without a session of its own: the session that asked has to
/// be alive, and lives on; nobody is signed in by it.
///
/// # Errors
///
/// [`Error::LinkSpent`] for anything but a link that works; [`Error::NotFound`] when the account is deactivated.
pub fn activate(conn: &mut Conn, app: &App, origin: &Origin, typed: &str) -> Result<(), Error> {
    let now = app.clock.now();
    let link = find(conn, typed, Purpose::SetUp)?.ok_or(Error::LinkSpent)?;
    write(conn, |conn| {
        db::users::lock(conn, &link.user_id)?;
        let user = db::users::find(conn, &link.user_id)?
            .filter(|user| user.deactivated_at.is_none())
            .ok_or(Error::NotFound)?;
        asking_session(conn, app, &user, &link, now)?.ok_or(Error::LinkSpent)?;
        let before = mfa::status::load(conn, &user.id, &app.server, now)?;
        match magic_link::finish_set_up(conn, &user, &link, now) {
            Err(mfa::Error::NoSetup) => return Err(Error::LinkSpent),
            finished => finished?,
        }
        let method = Method::MagicLink;
        let changed = settings::set_up(conn, &app.server, &user.id, method, &before, now)?;
        if changed.ends_sessions {
            let kept = Some(link.session_id.as_str());
            db::sessions::update_others_ended(conn, &user.id, kept, now)?;
            db::sessions::update_epoch(conn, &link.session_id)?;
        }
        let entry = Entry::success(Event::MfaEnabled).of(&user).by(WORD);
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(())
    })
}

/// The session that asked for a mail, while it is alive.
fn asking_session(
    conn: &mut Conn,
    app: &App,
    user: &User,
    link: &MagicLink,
    now: NaiveDateTime,
) -> Result<Option<Session>, Error> {
    let session = db::sessions::find_by_user(conn, &user.id, &link.session_id)?;
    Ok(session.filter(|session| sessions::is_session_live(session, user, app, now)))
}

fn find(conn: &mut Conn, typed: &str, purpose: Purpose) -> Result<Option<MagicLink>, Error> {
    let Some(hash) = token::parse(Kind::Link, typed) else {
        return Ok(None);
    };
    Ok(magic_link::find(conn, &hash, purpose)?)
}

/// What the page behind a link has to know. Looking uses nothing up, however often it is done.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The mail.
    pub link: MagicLink,
    /// Whether it works, and if not, why.
    pub state: State,
    /// When a newer one was sent.
    pub newer_sent_at: Option<NaiveDateTime>,
    /// The session that asked for it, while it is alive.
    pub session: Option<Session>,
}

/// The mail behind a link, whatever became of it; `None` for the link of nothing.
///
/// # Errors
///
/// Only the database's.
pub fn open(
    conn: &mut Conn,
    app: &App,
    typed: &str,
    purpose: Purpose,
) -> Result<Option<Opened>, Error> {
    let now = app.clock.now();
    let Some(link) = find(conn, typed, purpose)? else {
        return Ok(None);
    };
    let Some(user) = db::users::find(conn, &link.user_id)? else {
        return Ok(None);
    };
    Ok(Some(Opened {
        state: magic_link::state_for(&link, &user, now),
        newer_sent_at: magic_link::find_newer(conn, &link)?,
        session: asking_session(conn, app, &user, &link, now)?,
        link,
    }))
}

/// The newest mail that the caller's session asked for, whatever became of it.
///
/// # Errors
///
/// Only the database's.
pub fn find_newest(
    conn: &mut Conn,
    caller: &Caller,
    purpose: Purpose,
) -> Result<Option<MagicLink>, Error> {
    Ok(magic_link::find_newest(conn, &caller.session.id, purpose)?)
}
