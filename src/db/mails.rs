//! `mails`: what is to be sent, until a mail server has taken it.

use std::fmt;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;

use super::schema::mails;
use super::{Conn, new_id, users};

/// A mail as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = mails)]
#[allow(missing_docs)] // the columns are described in the migration
pub struct Mail {
    pub id: String,
    pub recipient: String,
    pub event: String,
    pub params: String,
    pub created_at: NaiveDateTime,
    pub tries: i32,
    pub next_try_at: NaiveDateTime,
    pub claimed_until: Option<NaiveDateTime>,
    pub link: Option<String>,
    pub link_id: Option<String>,
    pub expires_at: Option<NaiveDateTime>,
    pub language: Option<String>,
}

impl Mail {
    /// A mail without a link, to be sent now. Fails only when what it says cannot be written down as JSON.
    pub fn new(
        recipient: &str,
        event: &str,
        params: &impl Serialize,
        now: NaiveDateTime,
    ) -> QueryResult<Self> {
        let params = serde_json::to_string(params)
            .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))?;
        Ok(Self {
            id: new_id(),
            recipient: recipient.to_owned(),
            event: event.to_owned(),
            params,
            created_at: now,
            tries: 0,
            next_try_at: now,
            claimed_until: None,
            link: None,
            link_id: None,
            expires_at: None,
            language: None,
        })
    }
}

impl fmt::Debug for Mail {
    /// Without the address and what is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("id", &self.id)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}

/// Adds a mail, in the language of this account.
pub fn insert(conn: &mut Conn, mut mail: Mail, user_id: Option<&str>) -> QueryResult<()> {
    if let Some(id) = user_id {
        mail.language = users::find_language(conn, id)?;
    }
    diesel::insert_into(mails::table)
        .values(mail)
        .execute(conn)
        .map(drop)
}

/// The mails that are due and that nobody is sending, oldest first.
pub fn list_due(conn: &mut Conn, now: NaiveDateTime, limit: i64) -> QueryResult<Vec<Mail>> {
    mails::table
        .filter(mails::next_try_at.le(now))
        .filter(
            mails::claimed_until
                .is_null()
                .or(mails::claimed_until.le(now).assume_not_null()),
        )
        .order((mails::next_try_at, mails::id))
        .limit(limit)
        .select(Mail::as_select())
        .load(conn)
}

/// Takes a mail that is due for sending. The count is the verdict: of several processes one gets it.
pub fn claim(
    conn: &mut Conn,
    id: &str,
    now: NaiveDateTime,
    until: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        mails::table
            .find(id)
            .filter(mails::next_try_at.le(now))
            .filter(
                mails::claimed_until
                    .is_null()
                    .or(mails::claimed_until.le(now).assume_not_null()),
            ),
    )
    .set((
        mails::claimed_until.eq(until),
        mails::tries.eq(mails::tries + 1),
    ))
    .execute(conn)
}

/// How many mails wait.
pub fn count(conn: &mut Conn) -> QueryResult<i64> {
    mails::table.count().get_result(conn)
}

/// Lets go of a mail that could not be sent.
pub fn update_failed(conn: &mut Conn, id: &str, next_try_at: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(mails::table.find(id))
        .set((
            mails::claimed_until.eq(None::<NaiveDateTime>),
            mails::next_try_at.eq(next_try_at),
        ))
        .execute(conn)
}

/// Forgets a mail: it was taken, or will never be.
pub fn delete(conn: &mut Conn, id: &str) -> QueryResult<usize> {
    diesel::delete(mails::table.find(id)).execute(conn)
}
