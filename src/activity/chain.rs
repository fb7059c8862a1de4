//! The chain: each row holds an HMAC over itself and over the row before. Whoever changes, adds or removes one has to make
//! all that follow anew, and cannot without the key.
//!
//! Rows are kept for 400 days. What then goes leaves an anchor behind, from where the check begins.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::QueryResult;

use crate::crypto::keyring::{Keyring, Label};
use crate::db::activity::{Activity, Anchor};
use crate::db::{Conn, activity};

/// How long rows are kept.
const KEPT_FOR: TimeDelta = TimeDelta::days(400);

/// How many rows [`verify`] reads, and [`purge`] removes, at a time.
const BATCH: i64 = 1_000;

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
    let mut last = match activity::find_anchor(conn)? {
        Some(anchor) if is_genuine(keys, &anchor) => (anchor.seq, anchor.hash),
        Some(anchor) => {
            return Ok(Verdict::Broken {
                seq: anchor.seq,
                reason: "what stands for the rows before it is not ours",
            });
        }
        None => (0, vec![0; 32]),
    };
    let mut rows = 0;
    loop {
        let batch = activity::list_after(conn, last.0, BATCH)?;
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
pub(super) fn message(previous: &[u8], row: &Activity) -> Vec<u8> {
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

/// Lets go of the oldest rows that are older than they have to be, a thousand at most. Call it in a transaction.
///
/// # Errors
///
/// Only the database's.
pub fn purge(conn: &mut Conn, keys: &Keyring, now: NaiveDateTime) -> QueryResult<()> {
    let from = activity::find_anchor(conn)?.map_or(0, |anchor| anchor.seq);
    let is_due = |row: &Activity| row.at < now - KEPT_FOR;
    let oldest = activity::list_after(conn, from, 1)?;
    if !oldest.iter().any(is_due) {
        return Ok(());
    }
    let rows = activity::list_after(conn, from, BATCH)?;
    let Some(last) = rows.into_iter().take_while(is_due).last() else {
        return Ok(());
    };
    let mut anchor = Anchor {
        seq: last.seq,
        hash: last.hash,
        key_id: String::new(),
        mac: Vec::new(),
    };
    let (key_id, mac) = keys.sign(Label::Audit, |_| anchor_message(&anchor));
    anchor.key_id = key_id;
    anchor.mac = mac.to_vec();
    activity::delete_up_to(conn, &anchor)
}

fn is_genuine(keys: &Keyring, anchor: &Anchor) -> bool {
    keys.mac_with(Label::Audit, &anchor.key_id, &anchor_message(anchor))
        .is_ok_and(|mac| mac.as_slice() == anchor.mac)
}

/// Shorter than the message of any row, so that none passes for the other.
fn anchor_message(anchor: &Anchor) -> Vec<u8> {
    [b"anchor", &anchor.seq.to_be_bytes()[..], &anchor.hash].concat()
}
