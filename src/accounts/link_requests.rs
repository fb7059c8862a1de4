//! Links that are asked for by mail. Asking adds a row and does nothing else, so that neither the answer nor its time
//! tells whether there is an account; what comes of it is decided afterwards, by whichever process comes first.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::result::Error as DbError;

use super::links::{self, Mailing, Purpose};
use super::mail_limits::{longest, wait_after};
use super::users::normalize_email;
use super::{Caller, Error, sessions, throttle};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::db::link_requests::{self, LinkRequest};
use crate::db::users::User;
use crate::db::{self, Conn, new_id, one_time_links, write};
use crate::mail::outbox::{self, Occasion, Post};

/// How many requests are looked at in one go.
const BATCH: i64 = 50;

/// After how long nobody waits for the mail any more: the server was away.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(1);

/// Asks for a link with which a lost password is replaced. Succeeds whether or not there is an account.
///
/// # Errors
///
/// [`Error::Field`] for what cannot be an address; [`Error::Throttled`] for too many from one client address.
pub async fn ask_for_password(app: &App, origin: &Origin, typed: &str) -> Result<(), Error> {
    let address = normalize_email(typed).ok_or(Error::Field("email"))?;
    app.link_buckets
        .take(origin.address.as_deref(), app.clock.now())
        .map_err(|retry_after| Error::Throttled { retry_after })?;
    let origin = origin.clone();
    app.db(move |app, conn| {
        let now = app.clock.now();
        let request = request(Purpose::ChoosePassword, address, None, &origin, now)?;
        write(conn, |conn| Ok(link_requests::insert(conn, &request)?))
    })
    .await
}

/// Asks for a link that proves a new address of the caller's. Answers the address as it is stored. Succeeds whether or
/// not it has an account.
///
/// # Errors
///
/// [`Error::Field`] for what cannot be an address; [`Error::EmailTaken`] for the one that the account has;
/// [`Error::Throttled`] over the account's limits.
pub async fn ask_for_address(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    typed: &str,
) -> Result<String, Error> {
    let address = normalize_email(typed).ok_or(Error::Field("email"))?;
    if address == caller.user.email {
        return Err(Error::EmailTaken);
    }
    let (origin, caller) = (origin.clone(), caller.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        let (purpose, id) = (Purpose::ChangeAddress, Some(caller.user.id.clone()));
        let request = request(purpose, address.clone(), id, &origin, now)?;
        write(conn, |conn| {
            sessions::recheck(conn, app, &caller, now)?;
            if let Some(wait) = wait(conn, app, purpose, &caller.user.id, now)? {
                let retry_after = throttle::whole_seconds(wait);
                return Err(Error::Throttled { retry_after });
            }
            link_requests::insert(conn, &request)?;
            // Here and not when it is mailed: their own record must not tell whose address it is either.
            links::record_created(conn, &app.keys, &origin, purpose, Some(&caller.user), now)?;
            Ok(address)
        })
    })
    .await
}

fn request(
    purpose: Purpose,
    address: String,
    user_id: Option<String>,
    origin: &Origin,
    now: NaiveDateTime,
) -> Result<LinkRequest, DbError> {
    let origin = serde_json::to_string(origin)
        .map_err(|error| DbError::SerializationError(Box::new(error)))?;
    Ok(LinkRequest {
        id: new_id(),
        purpose: purpose.column().to_owned(),
        address,
        user_id,
        origin,
        created_at: now,
        handled_at: None,
    })
}

/// Makes links of what was asked for, and leaves their mails. Answers how many.
///
/// # Errors
///
/// The database's, for the list; a single request that fails waits for the next time.
pub async fn handle_waiting(app: &App) -> Result<usize, Error> {
    let waiting = app
        .db(|_, conn| Ok::<_, Error>(link_requests::list_waiting(conn, BATCH)?))
        .await?;
    let mut mailed = 0;
    for request in waiting {
        let id = request.id.clone();
        let handled = app
            .db(move |app, conn| write(conn, |conn| handle(conn, app, &request)))
            .await;
        match handled {
            Ok(is_mailed) => mailed += usize::from(is_mailed),
            Err(error) => log::warn!("request {id} for a link could not be handled: {error}"),
        }
    }
    Ok(mailed)
}

/// Forgets requests that no limit counts any more.
pub(super) fn purge(conn: &mut Conn, app: &App, now: NaiveDateTime) -> Result<(), Error> {
    link_requests::delete_older(conn, now - longest(&app.config.limits.mail))?;
    Ok(())
}

/// Handles one request, if nobody else did. Answers whether a mail was left.
fn handle(conn: &mut Conn, app: &App, request: &LinkRequest) -> Result<bool, Error> {
    let now = app.clock.now();
    if link_requests::consume(conn, &request.id, now)? != 1 {
        return Ok(false);
    }
    let origin: Origin = serde_json::from_str(&request.origin)
        .map_err(|error| DbError::DeserializationError(Box::new(error)))?;
    let is_for_password = request.purpose == Purpose::ChoosePassword.column();
    let refused = if request.created_at + GIVE_UP_AFTER <= now {
        Some(Refused::new(None, "too_late"))
    } else if is_for_password {
        mail_password_link(conn, app, &origin, request, now)?
    } else {
        mail_address_link(conn, app, &origin, request, now)?
    };
    let Some(Refused { user, reason }) = refused else {
        return Ok(true);
    };
    // A request that came to nothing does not count for anybody's limit.
    if is_for_password {
        link_requests::delete(conn, &request.id)?;
    }
    let purpose = if is_for_password {
        Purpose::ChoosePassword
    } else {
        Purpose::ChangeAddress
    };
    let entry = Entry::failure(Event::LinkCreated, reason).by(purpose.column());
    let entry = match &user {
        Some(user) => entry.of(user),
        None => entry,
    };
    activity::record(conn, &app.keys, &origin, entry, now)?;
    Ok(false)
}

/// Why no link was mailed: a fixed word for the record.
struct Refused {
    user: Option<User>,
    reason: &'static str,
}

impl Refused {
    const fn new(user: Option<User>, reason: &'static str) -> Self {
        Self { user, reason }
    }
}

fn mail_password_link(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    request: &LinkRequest,
    now: NaiveDateTime,
) -> Result<Option<Refused>, Error> {
    if let Some(found) = db::users::find_by_email(conn, &request.address)? {
        db::users::lock(conn, &found.id)?;
    }
    let Some(user) = db::users::find_by_email(conn, &request.address)? else {
        return Ok(Some(Refused::new(None, "no_account")));
    };
    if user.deactivated_at.is_some() {
        return Ok(Some(Refused::new(Some(user), "deactivated")));
    }
    let purpose = Purpose::ChoosePassword;
    if wait(conn, app, purpose, &user.id, now)?.is_some() {
        return Ok(Some(Refused::new(Some(user), "too_many")));
    }
    link_requests::update_user(conn, &request.id, &user.id)?;
    let mailing = Mailing {
        purpose,
        occasion: Occasion::PasswordLink,
        user: &user,
        address: &request.address,
        organization: None,
    };
    links::send(conn, &app.keys, origin, mailing, now)?;
    links::record_created(conn, &app.keys, origin, purpose, Some(&user), now)?;
    Ok(None)
}

fn mail_address_link(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    request: &LinkRequest,
    now: NaiveDateTime,
) -> Result<Option<Refused>, Error> {
    let id = request.user_id.as_deref().unwrap_or_default();
    db::users::lock(conn, id)?;
    let user = db::users::find(conn, id)?.filter(|user| user.deactivated_at.is_none());
    let Some(user) = user else {
        return Ok(Some(Refused::new(None, "no_account")));
    };
    let purpose = Purpose::ChangeAddress;
    if let Some(holder) = db::users::find_by_email(conn, &request.address)? {
        // Whoever reads that mailbox may know; whoever asked learns nothing, also not from an older link that goes on
        // working.
        one_time_links::delete_by_purpose(conn, purpose.column(), Some(id))?;
        let post = Post {
            occasion: Occasion::AddressTaken,
            recipient: &request.address,
            user_id: &holder.id,
            organization: None,
            link: None,
        };
        outbox::leave(conn, &app.keys, origin, post, now)?;
        return Ok(Some(Refused::new(None, "address_taken")));
    }
    let mailing = Mailing {
        purpose,
        occasion: Occasion::AddressLink,
        user: &user,
        address: &request.address,
        organization: None,
    };
    links::send(conn, &app.keys, origin, mailing, now)?;
    Ok(None)
}

/// How long a person has to wait for the next mail of this kind, if they have to.
fn wait(
    conn: &mut Conn,
    app: &App,
    purpose: Purpose,
    user_id: &str,
    now: NaiveDateTime,
) -> Result<Option<TimeDelta>, Error> {
    let rates = &app.config.limits.mail;
    let since = now - longest(rates);
    let times = link_requests::list_times(conn, purpose.column(), user_id, since)?;
    Ok(wait_after(rates, &times, now))
}
