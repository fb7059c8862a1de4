//! The append-only, hash-chained record of what happened, written in the same transaction as the change.
//!
//! Never in here: a password, code, secret, token, link, challenge or cookie.

use chrono::{NaiveDateTime, SubsecRound};
use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use crate::crypto::keyring::{Keyring, Label};
use crate::crypto::token::Token;
use crate::db::activity::Activity;
use crate::db::mails::Mail;
use crate::db::users::User;
use crate::db::{Conn, activity, mails, new_id};
use crate::metrics;

/// How many characters of a User-Agent are kept.
const USER_AGENT_CHARS: usize = 200;

/// How many rows [`verify`] reads at a time.
const VERIFY_BATCH: i64 = 1_000;

/// What happened. The words are those of the OWASP logging vocabulary where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the words say it
pub enum Event {
    SignIn,
    NewDevice,
    Unfinished,
    PasswordAccepted,
    TokenRevoked,
    TokenReuse,
    SignOut,
    StepUp,
    PasswordChanged,
    PasswordChosen,
    ProfileChanged,
    AddressChanged,
    AccountCreated,
    OrganizationCreated,
    LinkCreated,
    MagicLinkSent,
    MfaReset,
    MfaSetupStarted,
    MfaEnabled,
    MfaDisabled,
    MfaRemoved,
    MfaPrimary,
    MfaVerify,
    MfaLocked,
    MfaSuspended,
    PasskeyAdded,
    PasskeyRenamed,
    PasskeyRemoved,
    PasskeyCounter,
    BackupCodesCreated,
    Refused,
    EnforceOn,
    EnforceOff,
    OrganizationChanged,
    MemberReset,
    /// Somebody who can't prove who they are asked the administrators for a reset.
    ResetAsked,
    RoleChanged,
    MemberChanged,
    MemberRemoved,
    AccountRemoved,
    DecryptFailed,
    /// Another key seals and signs from then on.
    KeyRotated,
    /// The database was replaced by a copy of it.
    Restored,
}

impl Event {
    /// Every event.
    pub(crate) const ALL: [Self; 43] = [
        Self::SignIn,
        Self::NewDevice,
        Self::Unfinished,
        Self::PasswordAccepted,
        Self::TokenRevoked,
        Self::TokenReuse,
        Self::SignOut,
        Self::StepUp,
        Self::PasswordChanged,
        Self::PasswordChosen,
        Self::ProfileChanged,
        Self::AddressChanged,
        Self::AccountCreated,
        Self::OrganizationCreated,
        Self::LinkCreated,
        Self::MagicLinkSent,
        Self::MfaReset,
        Self::MfaSetupStarted,
        Self::MfaEnabled,
        Self::MfaDisabled,
        Self::MfaRemoved,
        Self::MfaPrimary,
        Self::MfaVerify,
        Self::MfaLocked,
        Self::MfaSuspended,
        Self::PasskeyAdded,
        Self::PasskeyRenamed,
        Self::PasskeyRemoved,
        Self::PasskeyCounter,
        Self::BackupCodesCreated,
        Self::Refused,
        Self::EnforceOn,
        Self::EnforceOff,
        Self::OrganizationChanged,
        Self::MemberReset,
        Self::ResetAsked,
        Self::RoleChanged,
        Self::MemberChanged,
        Self::MemberRemoved,
        Self::AccountRemoved,
        Self::DecryptFailed,
        Self::KeyRotated,
        Self::Restored,
    ];

    /// The event behind a word in the record.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|event| event.word(true) == word || event.word(false) == word)
    }

    /// The word in the record.
    pub const fn word(self, succeeded: bool) -> &'static str {
        match self {
            Self::SignIn if succeeded => "authn_login_success",
            Self::SignIn => "authn_login_fail",
            Self::NewDevice => "authn_new_device",
            Self::Unfinished => "authn_unfinished",
            Self::PasswordAccepted => "authn_password_success",
            Self::TokenRevoked => "authn_token_revoked",
            Self::TokenReuse => "authn_token_reuse",
            Self::SignOut => "authn_logout",
            Self::StepUp => "stepup",
            Self::PasswordChanged => "authn_password_change",
            Self::PasswordChosen => "authn_password_chosen",
            Self::ProfileChanged => "user_changed",
            Self::AddressChanged => "user_address_changed",
            Self::AccountCreated => "user_created",
            Self::OrganizationCreated => "organization_created",
            Self::LinkCreated => "link_created",
            Self::MagicLinkSent => "magic_link_sent",
            Self::MfaReset => "mfa_reset",
            Self::MfaSetupStarted => "mfa_setup_started",
            Self::MfaEnabled => "mfa_enabled",
            Self::MfaDisabled => "mfa_disabled",
            Self::MfaRemoved => "mfa_removed",
            Self::MfaPrimary => "mfa_primary",
            Self::MfaVerify if succeeded => "mfa_verify_success",
            Self::MfaVerify => "mfa_verify_fail",
            Self::MfaLocked => "mfa_verify_lock",
            Self::MfaSuspended => "mfa_suspended",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRenamed => "passkey_renamed",
            Self::PasskeyRemoved => "passkey_removed",
            Self::PasskeyCounter => "passkey_counter_regress",
            Self::BackupCodesCreated => "backup_regenerated",
            Self::Refused => "authz_fail",
            Self::EnforceOn => "enforce_on",
            Self::EnforceOff => "enforce_off",
            Self::OrganizationChanged => "organization_changed",
            Self::MemberReset => "member_mfa_reset",
            Self::ResetAsked => "mfa_reset_requested",
            Self::RoleChanged => "authz_role_changed",
            Self::MemberChanged => "member_changed",
            Self::MemberRemoved => "member_removed",
            Self::AccountRemoved => "user_removed",
            Self::DecryptFailed => "crypt_decrypt_fail",
            Self::KeyRotated => "key_rotated",
            Self::Restored => "database_restored",
        }
    }
}

impl Event {
    /// Whether the account's holder is told of it by mail. Nobody can switch that off.
    pub(crate) fn is_told(self, succeeded: bool, method: Option<&str>) -> bool {
        match self {
            Self::NewDevice
            | Self::PasswordChanged
            | Self::PasswordChosen
            | Self::AddressChanged
            | Self::MfaEnabled
            | Self::MfaDisabled
            | Self::MfaRemoved
            | Self::MfaPrimary
            | Self::MfaReset
            | Self::PasskeyAdded
            | Self::PasskeyRemoved
            | Self::BackupCodesCreated
            | Self::MemberReset
            | Self::ResetAsked
            | Self::RoleChanged
            | Self::AccountRemoved => succeeded,
            Self::MfaVerify | Self::StepUp => succeeded && method == Some("backup_code"),
            Self::Unfinished
            | Self::MfaLocked
            | Self::MfaSuspended
            | Self::PasskeyCounter
            | Self::TokenReuse => true,
            Self::SignIn
            | Self::PasswordAccepted
            | Self::TokenRevoked
            | Self::SignOut
            | Self::ProfileChanged
            | Self::AccountCreated
            | Self::OrganizationCreated
            | Self::LinkCreated
            | Self::MagicLinkSent
            | Self::MfaSetupStarted
            | Self::PasskeyRenamed
            | Self::Refused
            | Self::EnforceOn
            | Self::EnforceOff
            | Self::OrganizationChanged
            | Self::MemberChanged
            | Self::MemberRemoved
            | Self::DecryptFailed
            | Self::KeyRotated
            | Self::Restored => false,
        }
    }
}

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
        message(&head.hash, &row)
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
    mails::insert(conn, &Mail::new(&email, &row.event, &facts, now)?)
}

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every row follows from the one before, up to the recorded end.
    Intact {
        /// How many rows there are.
        rows: u64,
    },
    /// The chain is broken here.
    Broken {
        /// The number of the first row that does not follow, or of the first that is missing.
        seq: i64,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// Checks the whole chain, in order, and names the first row that breaks it.
pub fn verify(conn: &mut Conn, keys: &Keyring) -> QueryResult<Verdict> {
    let head = activity::head(conn)?;
    let mut last = (0_i64, vec![0_u8; 32]);
    let mut rows = 0;
    loop {
        let batch = activity::list_after(conn, last.0, VERIFY_BATCH)?;
        if batch.is_empty() {
            break;
        }
        for row in batch {
            if row.seq != last.0 + 1 {
                return Ok(Verdict::Broken {
                    seq: last.0 + 1,
                    reason: "a row is missing",
                });
            }
            let expected = keys.mac_with(Label::Audit, &row.key_id, &message(&last.1, &row));
            if expected.is_err() {
                return Ok(Verdict::Broken {
                    seq: row.seq,
                    reason: "the row names an unknown key",
                });
            }
            if !expected.is_ok_and(|hash| hash.as_slice() == row.hash) {
                return Ok(Verdict::Broken {
                    seq: row.seq,
                    reason: "the row does not match its hash",
                });
            }
            last = (row.seq, row.hash);
            rows += 1;
        }
    }
    // Rows that were added while this ran lie behind the head that was read first.
    if last.0 < head.seq {
        return Ok(Verdict::Broken {
            seq: last.0 + 1,
            reason: "the end of the record is missing",
        });
    }
    if last.0 == head.seq && last.1 != head.hash {
        return Ok(Verdict::Broken {
            seq: head.seq,
            reason: "the end of the record does not match",
        });
    }
    Ok(Verdict::Intact { rows })
}

/// What the hash of a row covers: the hash before it, then every column, each with its length.
fn message(previous: &[u8], row: &Activity) -> Vec<u8> {
    let mut message = Vec::with_capacity(512);
    let mut field = |value: Option<&[u8]>| match value {
        Some(bytes) => {
            message.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
            message.extend_from_slice(bytes);
        }
        None => message.extend_from_slice(&u64::MAX.to_be_bytes()),
    };
    field(Some(previous));
    field(Some(&row.seq.to_be_bytes()));
    field(Some(&row.at.and_utc().timestamp_millis().to_be_bytes()));
    for text in [&row.id, &row.event, &row.outcome, &row.door, &row.key_id] {
        field(Some(text.as_bytes()));
    }
    for text in [
        &row.reason,
        &row.actor_id,
        &row.user_id,
        &row.organization_id,
        &row.method,
        &row.detail,
        &row.peer_address,
        &row.forwarded_for,
        &row.user_agent,
        &row.request_id,
        &row.session_hash,
    ] {
        field(text.as_deref().map(str::as_bytes));
    }
    message
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
