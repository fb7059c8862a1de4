//! The append-only, hash-chained record of what happened, written in the same transaction as the change.
//!
//! Never in here: a password, code, secret, token, link, challenge or cookie.

mod chain; // the hashes that hold the rows together; checking them, and letting go of old rows
mod event; // what can happen
mod watch; // who waits for it

pub use chain::{Verdict, purge, verify};
pub use event::Event;
pub use watch::{Crowded, Listener, MAX_LISTENERS, MAX_PER_ACCOUNT, Watch};

use chrono::{NaiveDateTime, SubsecRound};
use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use crate::crypto::keyring::{Keyring, Label};
use crate::crypto::token::{NamedToken, Token};
use crate::db::activity::Activity;
use crate::db::mails::Mail;
use crate::db::users::User;
use crate::db::{Conn, activity, mails, new_id};
use crate::metrics;

/// How many characters of a User-Agent are kept.
const USER_AGENT_CHARS: usize = 200;

/// Where a request came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Door {
    /// A page.
    Browser,
    /// The JSON API.
    Api,
    /// The command line.
    Cli,
    /// The server itself.
    Server,
}

impl Door {
    /// The word in the record.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Api => "api",
            Self::Cli => "cli",
            Self::Server => "server",
        }
    }
}

/// From where something was asked for, and by whom: what every entry of one request shares.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Origin {
    /// Where it came in.
    pub door: Door,
    /// The address of the peer, or of the client that the trusted proxies vouch for.
    pub address: Option<String>,
    /// What `X-Forwarded-For` said, when a proxy is trusted.
    pub forwarded_for: Option<String>,
    /// The browser's or program's own words about itself.
    pub user_agent: Option<String>,
    /// The id that the answer carries too.
    pub request_id: Option<String>,
    /// The account that asks, once known.
    pub actor_id: Option<String>,
    /// The session that asks, once known.
    pub session_id: Option<String>,
    /// What the browser was recognised by at earlier sign-ins. Never recorded.
    #[serde(skip)]
    pub devices: Vec<Token>,
    /// What the browser was trusted by at earlier sign-ins. Never recorded.
    #[serde(skip)]
    pub trusts: Vec<NamedToken>,
    /// The language that is asked for (BCP 47), where there is one. Never recorded.
    #[serde(skip)]
    pub language: Option<&'static str>,
}

impl Origin {
    /// An origin without a peer: the command line or the server itself.
    pub const fn local(door: Door) -> Self {
        Self {
            door,
            address: None,
            forwarded_for: None,
            user_agent: None,
            request_id: None,
            actor_id: None,
            session_id: None,
            devices: Vec::new(),
            trusts: Vec::new(),
            language: None,
        }
    }
}

/// One entry to be recorded.
#[derive(Debug, Clone)]
pub struct Entry {
    event: Event,
    succeeded: bool,
    reason: Option<&'static str>,
    user_id: Option<String>,
    organization_id: Option<String>,
    /// Where its holder is told of it.
    email: Option<String>,
    /// Where else.
    other_email: Option<String>,
    method: Option<&'static str>,
    detail: Option<String>,
    /// When it began, where its holder is told that rather than when it was noticed.
    begun_at: Option<NaiveDateTime>,
}

impl Entry {
    /// Something that was done.
    pub const fn success(event: Event) -> Self {
        Self {
            event,
            succeeded: true,
            reason: None,
            user_id: None,
            organization_id: None,
            email: None,
            other_email: None,
            method: None,
            detail: None,
            begun_at: None,
        }
    }

    /// Something that was tried and refused, with a fixed word for why.
    pub fn failure(event: Event, reason: &'static str) -> Self {
        Self {
            succeeded: false,
            reason: Some(reason),
            ..Self::success(event)
        }
    }

    /// Whose account it is about.
    pub fn of(mut self, user: &User) -> Self {
        self.user_id = Some(user.id.clone());
        self.organization_id.clone_from(&user.organization_id);
        self.email = Some(user.email.clone());
        self
    }

    /// Another address of its holder, who is told there too.
    pub fn also_to(mut self, address: impl Into<String>) -> Self {
        self.other_email = Some(address.into());
        self
    }

    /// How it was done: a fixed word.
    pub const fn by(mut self, method: &'static str) -> Self {
        self.method = Some(method);
        self
    }

    /// When it began: what its holder is told instead of when it was noticed.
    pub const fn begun(mut self, at: NaiveDateTime) -> Self {
        self.begun_at = Some(at);
        self
    }

    /// The name of the object at this time.
    pub fn about(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// Adds an entry to the record. Call it last in the transaction: it takes the lock of the chain's end.
pub fn record(
    conn: &mut Conn,
    keys: &Keyring,
    origin: &Origin,
    entry: Entry,
    now: NaiveDateTime,
) -> QueryResult<()> {
    let head = activity::lock_head(conn)?;
    let mut row = Activity {
        seq: head.seq + 1,
        id: new_id(),
        at: now.trunc_subsecs(3),
        event: entry.event.word(entry.succeeded).to_owned(),
        outcome: if entry.succeeded {
            "success"
        } else {
            "failure"
        }
        .to_owned(),
        reason: entry.reason.map(str::to_owned),
        door: origin.door.word().to_owned(),
        actor_id: origin.actor_id.clone(),
        user_id: entry.user_id,
        organization_id: entry.organization_id,
        method: entry.method.map(str::to_owned),
        detail: entry.detail,
        peer_address: origin.address.clone(),
        forwarded_for: origin.forwarded_for.clone(),
        user_agent: origin.user_agent.as_deref().map(clip),
        request_id: origin.request_id.clone(),
        session_hash: origin.session_id.as_deref().map(session_hash),
        key_id: String::new(),
        hash: Vec::new(),
    };
    let (key_id, hash) = keys.sign(Label::Audit, |key_id| {
        key_id.clone_into(&mut row.key_id);
        chain::message(&head.hash, &row)
    });
    row.key_id = key_id;
    row.hash = hash.to_vec();
    activity::insert(conn, &row)?;
    metrics::count_event(entry.event.word(entry.succeeded));
    if entry.event.is_told(entry.succeeded, entry.method) {
        for email in entry.email.into_iter().chain(entry.other_email) {
            tell(conn, &row, email, entry.begun_at, now)?;
        }
    }
    log::info!(target: "activity", "{}", line(&row));
    Ok(())
}

/// What a notice has to say about an entry, as it waits in its row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Facts {
    /// How it was done: a word of the record.
    pub method: Option<String>,
    /// The name of the object, or how many are left.
    pub detail: Option<String>,
    /// When, in UTC.
    pub at: NaiveDateTime,
    /// From which address.
    pub address: Option<String>,
    /// By what, in its own words.
    pub user_agent: Option<String>,
}

/// Leaves a mail about an entry, in the entry's own transaction.
fn tell(
    conn: &mut Conn,
    row: &Activity,
    email: String,
    begun_at: Option<NaiveDateTime>,
    now: NaiveDateTime,
) -> QueryResult<()> {
    let facts = Facts {
        method: row.method.clone(),
        detail: row.detail.clone(),
        at: begun_at.unwrap_or(row.at),
        address: row.peer_address.clone(),
        user_agent: row.user_agent.clone(),
    };
    let mail = Mail::new(&email, &row.event, &facts, now)?;
    mails::insert(conn, mail, row.user_id.as_deref())
}

/// A session's id is a key to nothing, but it need not stand in logs either.
fn session_hash(id: &str) -> String {
    let hash = crate::crypto::token::hash(id);
    data_encoding::HEXLOWER.encode(hash.get(..8).unwrap_or_default())
}

fn clip(text: &str) -> String {
    text.chars().take(USER_AGENT_CHARS).collect()
}

/// The entry as one line of JSON for the log.
fn line(row: &Activity) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        seq: i64,
        at: String,
        event: &'a str,
        outcome: &'a str,
        reason: &'a Option<String>,
        door: &'a str,
        actor: &'a Option<String>,
        user: &'a Option<String>,
        organization: &'a Option<String>,
        method: &'a Option<String>,
        address: &'a Option<String>,
        request: &'a Option<String>,
        session: &'a Option<String>,
    }
    let line = Line {
        seq: row.seq,
        at: crate::clock::rfc3339(row.at),
        event: &row.event,
        outcome: &row.outcome,
        reason: &row.reason,
        door: &row.door,
        actor: &row.actor_id,
        user: &row.user_id,
        organization: &row.organization_id,
        method: &row.method,
        address: &row.peer_address,
        request: &row.request_id,
        session: &row.session_hash,
    };
    serde_json::to_string(&line).unwrap_or_default()
}
