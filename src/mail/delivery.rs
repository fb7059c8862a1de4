//! Sends what is due: claims one mail at a time, so that several processes on one database share the work, and sends a few at
//! once, so that one slow conversation does not hold up the others.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::result::Error as DbError;
use futures_util::{StreamExt, stream};

use super::mailer::{Failure, Letter};
use super::outbox::{self, Occasion};
use super::smtp::PATIENCE;
use super::{notice, request, requirement, reset_request};
use crate::activity::Facts;
use crate::app::App;
use crate::db::mails::{self, Mail};
use crate::db::write;
use crate::words::Messages;

/// How many mails are looked at in one go.
const BATCH: i64 = 100;

/// How many are sent at once.
const AT_ONCE: usize = 8;

/// How much longer than any conversation a claim holds: only a process that died loses it, and what it had in hand is
/// sent by another one within a minute.
const CLAIM_BEYOND: TimeDelta = TimeDelta::seconds(5);

/// The longest pause between two tries: a mail is on its way within a minute after its server is back.
const LONGEST_PAUSE: TimeDelta = TimeDelta::seconds(30);

/// After how long a mail is given up.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(5);

/// Sends the mails that are due. Answers how many left.
///
/// # Errors
///
/// The first of the database's, once every mail was tried; a mail that did not leave is tried again later.
pub async fn deliver_due(app: &App) -> Result<usize, DbError> {
    let due = app
        .db(|app, conn| mails::list_due(conn, app.clock.now(), BATCH))
        .await?;
    let tried: Vec<_> = stream::iter(due)
        .map(|mail| claim_and_deliver(app, mail))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let mut sent = 0;
    for left in tried {
        sent += usize::from(left?);
    }
    Ok(sent)
}

/// Sends one mail, unless somebody else does. Answers whether it left from here.
async fn claim_and_deliver(app: &App, mail: Mail) -> Result<bool, DbError> {
    let id = mail.id.clone();
    let is_ours = app
        .db(move |app, conn| {
            let now = app.clock.now();
            let until = now + PATIENCE + CLAIM_BEYOND;
            write(conn, |conn| mails::claim(conn, &id, now, until))
        })
        .await?
        == 1;
    if is_ours {
        deliver(app, mail).await
    } else {
        Ok(false)
    }
}

/// Sends one mail that was claimed. Answers whether it left.
async fn deliver(app: &App, mail: Mail) -> Result<bool, DbError> {
    let is_late = |at: NaiveDateTime| at <= app.clock.now();
    if mail.expires_at.is_some_and(is_late) {
        let id = mail.id;
        log::warn!("mail {id} ({}) was not sent in time", mail.event);
        return app
            .db(move |_, conn| write(conn, |conn| mails::delete(conn, &id)))
            .await
            .map(|_| false);
    }
    let sent = match letter(app, &mail) {
        Ok(letter) => app.mailer.send(&letter).await,
        Err(why) => Err(Failure::Permanent(why)),
    };
    let now = app.clock.now();
    let (id, event) = (mail.id.clone(), mail.event.clone());
    match &sent {
        Ok(()) => log::info!("mail {id} ({event}) was sent"),
        Err(failure @ Failure::Permanent(_)) => log::error!("mail {id} ({event}): {failure}"),
        Err(failure @ (Failure::Temporary(_) | Failure::Unsure(_))) => {
            log::warn!("mail {id} ({event}) is tried again: {failure}");
        }
    }
    let again = match &sent {
        Err(Failure::Temporary(_) | Failure::Unsure(_))
            if now < mail.created_at + GIVE_UP_AFTER =>
        {
            Some(next_try(mail.tries, now))
        }
        Ok(()) | Err(_) => None,
    };
    app.db(move |_, conn| {
        write(conn, |conn| match again {
            Some(at) => mails::update_failed(conn, &id, at),
            None => mails::delete(conn, &id),
        })
    })
    .await?;
    Ok(sent.is_ok())
}

fn letter(app: &App, mail: &Mail) -> Result<Letter, String> {
    let public_url = app.config.public_url.origin();
    let t = Messages::of_reader(mail.language.as_deref());
    let recipient = &mail.recipient;
    let facts = || serde_json::from_str::<Facts>(&mail.params).map_err(|error| error.to_string());
    let said = match Occasion::from_word(&mail.event) {
        _ if mail.event == requirement::EVENT => {
            requirement::say(&t, mail, public_url, app.clock.now())?
        }
        _ if mail.event == reset_request::EVENT => reset_request::say(&t, mail, public_url)?,
        Some(occasion) => {
            let link = outbox::open(&app.keys, mail)?;
            request::say(&t, occasion, &facts()?, recipient, public_url, link)?
        }
        None => notice::say(&t, &mail.event, &facts()?, recipient, public_url)?,
    };
    Ok(Letter {
        id: mail.id.clone(),
        recipient: mail.recipient.clone(),
        subject: said.subject,
        text: said.text,
        html: said.html,
    })
}

/// 2, 4, 8, 16, 30 s after the tries before this one.
fn next_try(tries: i32, now: NaiveDateTime) -> NaiveDateTime {
    let pause = TimeDelta::seconds(2 << tries.clamp(0, 6));
    now + pause.min(LONGEST_PAUSE)
}
