//! Refresh tokens: rotated at each use, with a short grace for a network that repeats requests, and the end
//! of the whole session for anybody who presents a used one later (RFC 9700 section 4.14.2).

use std::time::Duration;

use chrono::NaiveDateTime;

use super::Error;
use super::sessions::is_session_live;
use super::tokens::{self, Pair};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::token::{self, Kind, Token, TokenHash};
use crate::crypto::{open_under, seal_under};
use crate::db::session_tokens::{self, SessionToken};
use crate::db::sessions::{self, Presented};
use crate::db::{Conn, users, write};

/// Binds a sealed pair to its purpose.
const SEAL_LABEL: &str = "countersign/v1/refresh-successor";

/// What became of a presented refresh token.
enum Outcome {
    Rotated(Pair),
    /// Used before, and outside its grace. The session has ended; the transaction must be kept.
    Reused,
}

/// Exchanges a refresh token for the next pair. Repeated within the grace, the same token gets the same
/// pair; presented later, it ends the session for whoever holds its tokens.
///
/// # Errors
///
/// [`Error::InvalidToken`] for anything that is not a live refresh token, reuse included; [`Error::Throttled`]
/// for too many refreshes of one account.
pub fn refresh(conn: &mut Conn, app: &App, origin: &Origin, text: &str) -> Result<Pair, Error> {
    let hash = token::parse(Kind::Refresh, text).ok_or(Error::InvalidToken)?;
    let now = app.clock.now();
    let outcome = write(conn, |conn| {
        let find = |conn: &mut Conn| {
            sessions::find_by_token(conn, hash.as_bytes())?.ok_or(Error::InvalidToken)
        };
        // A proof that is renewed at the same time replaces the refresh token, too: one after the other.
        let account = find(conn)?.user.id;
        users::lock(conn, &account)?;
        let rows = find(conn)?;
        if !is_session_live(&rows.session, &rows.user, app, now) {
            return Err(Error::InvalidToken);
        }
        // Only now: a token of a session that has ended must not cost the account's others their turn.
        app.refresh_buckets
            .take(Some(&account), now)
            .map_err(|retry_after| Error::Throttled { retry_after })?;
        if session_tokens::consume(conn, hash.as_bytes(), now)? == 1 {
            return rotate(conn, app, &rows, &hash, text, now).map(Outcome::Rotated);
        }
        // Used before: the row is read again, since whoever used it may have committed just now.
        let used = session_tokens::find(conn, hash.as_bytes())?
            .filter(|token| token.consumed_at.is_some())
            .ok_or(Error::InvalidToken)?;
        match successor_in_grace(app, &used, text, rows.session.expires_at, now)? {
            Some(pair) => Ok(Outcome::Rotated(pair)),
            None => end_for_reuse(conn, app, origin, &rows, now),
        }
    })?;
    match outcome {
        Outcome::Rotated(pair) => Ok(pair),
        Outcome::Reused => Err(Error::InvalidToken),
    }
}

/// Makes the next pair and keeps it, sealed under the presented token itself, for the grace. Using a token
/// ends the grace of the one before it.
fn rotate(
    conn: &mut Conn,
    app: &App,
    rows: &Presented,
    hash: &TokenHash,
    text: &str,
    now: NaiveDateTime,
) -> Result<Pair, Error> {
    let pair = tokens::pair(conn, app, &rows.session, now)?;
    session_tokens::update_successors_gone(conn, &rows.session.id)?;
    if !app.config.lifetimes.refresh_grace.is_zero() {
        let plain = format!("{} {}", pair.access.expose(), pair.refresh.expose());
        let sealed = seal_under(text.as_bytes(), SEAL_LABEL, plain.as_bytes())?;
        session_tokens::update_successor(conn, hash.as_bytes(), &sealed)?;
    }
    Ok(pair)
}

/// The pair that replaced a used token, while its grace lasts.
fn successor_in_grace(
    app: &App,
    used: &SessionToken,
    text: &str,
    session_end: NaiveDateTime,
    now: NaiveDateTime,
) -> Result<Option<Pair>, Error> {
    let (Some(consumed_at), Some(sealed)) = (used.consumed_at, &used.successor) else {
        return Ok(None);
    };
    if used.kind != tokens::column(Kind::Refresh)
        || !is_in_grace(consumed_at, app.config.lifetimes.refresh_grace, now)
    {
        return Ok(None);
    }
    let plain = open_under(text.as_bytes(), SEAL_LABEL, sealed)?;
    let pair = std::str::from_utf8(&plain)
        .ok()
        .and_then(|plain| plain.split_once(' '))
        .and_then(|(access, refresh)| {
            Some(Pair {
                access: Token::from_text(Kind::Access, access)?,
                access_expires_at: (consumed_at + app.config.lifetimes.access).min(session_end),
                refresh: Token::from_text(Kind::Refresh, refresh)?,
            })
        });
    Ok(pair)
}

fn is_in_grace(consumed_at: NaiveDateTime, grace: Duration, now: NaiveDateTime) -> bool {
    now < consumed_at + grace
}

fn end_for_reuse(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    rows: &Presented,
    now: NaiveDateTime,
) -> Result<Outcome, Error> {
    let ids = [rows.session.id.clone()];
    sessions::update_ended(conn, &rows.user.id, &ids, now)?;
    let mut origin = origin.clone();
    origin.session_id = Some(rows.session.id.clone());
    let entry = Entry::failure(Event::TokenReuse, "refresh_token_reused").of(&rows.user);
    activity::record(conn, &app.keys, &origin, entry, now)?;
    Ok(Outcome::Reused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grace_ends_at_its_instant() {
        let used = chrono::DateTime::UNIX_EPOCH.naive_utc();
        let (grace, moment) = (Duration::from_secs(10), Duration::from_micros(1));
        assert!(is_in_grace(used, grace, used));
        assert!(is_in_grace(used, grace, used + grace - moment));
        assert!(!is_in_grace(used, grace, used + grace));
        assert!(!is_in_grace(used, Duration::ZERO, used));
    }
}
