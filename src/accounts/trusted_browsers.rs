//! Trusted browsers: for a while after a second factor was proved in one, the password is enough there, where the account's
//! organization allows it. Trust stands for the second factor and never for the password, and only at a sign-in: whatever asks
//! for a fresh proof asks for a real one. Triggers end it with any change of what was proved.

use chrono::{NaiveDateTime, TimeDelta};

use super::{Access, Caller, Error, sessions};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::token::{Kind, NamedToken, Token};
use crate::db::organizations::{self, Organization};
use crate::db::trusted_browsers::{self, TrustedBrowser};
use crate::db::users::User;
use crate::db::{Conn, is_storable, new_id};
use crate::mfa::status::Rows;

/// For how many days an organization can allow it at most.
pub const MAX_DAYS: i32 = 90;

/// How many browsers of an account are trusted at the same time.
const MAX_BROWSERS: usize = 20;

/// What stands in a session and in the record where others have the word of a method.
pub const TRUSTED_BROWSER: &str = "trusted_browser";

/// What a browser keeps of the accounts that trust it.
#[derive(Debug, Clone)]
pub struct KeptTrust {
    /// What it is trusted by at the next sign-in to this account.
    pub own: NamedToken,
    /// The ids of those that other accounts trust it by.
    pub others: Vec<String>,
    /// Until when any of them is of use.
    pub until: NaiveDateTime,
}

/// What a browser's trust is worth at a sign-in with the password.
pub(super) enum Verdict {
    /// The account does not trust it.
    Nothing,
    /// What it presents was used before. Whatever that browser called itself is not trusted any more.
    Copied(String),
    /// It stands for the second factor.
    Trusted {
        /// When that was proved.
        proved_at: NaiveDateTime,
        /// What it keeps from now on.
        kept: KeptTrust,
    },
}

impl Verdict {
    /// What the browser keeps from now on.
    pub(super) fn kept(&self) -> Option<KeptTrust> {
        match self {
            Self::Nothing | Self::Copied(_) => None,
            Self::Trusted { kept, .. } => Some(kept.clone()),
        }
    }
}

/// A browser that is trusted now.
#[derive(Debug, Clone)]
pub struct Trusted {
    /// As stored.
    pub browser: TrustedBrowser,
    /// Until when, as things are now.
    pub until: NaiveDateTime,
}

/// Trust that was just given.
pub(super) struct Given {
    /// What the browser keeps.
    pub(super) kept: KeptTrust,
    days: i32,
}

/// For how many days the members of an organization may have a browser trusted; `None` where they may not.
pub fn days(organization: Option<&Organization>) -> Option<i32> {
    organization
        .map(|organization| organization.trust_days)
        .filter(|days| *days > 0)
}

/// For how many days the caller's browser can be trusted by the sign-in that it is finishing.
pub fn offered(caller: &Caller) -> Option<i32> {
    let is_finishing =
        caller.is_browser() && caller.session.pending && caller.access == Access::FactorOwed;
    days(caller.organization.as_ref()).filter(|_| is_finishing)
}

/// Until when a browser is trusted: as long as was allowed then, and no longer than is allowed now.
fn until(browser: &TrustedBrowser, organization: Option<&Organization>) -> Option<NaiveDateTime> {
    let days = TimeDelta::days(days(organization)?.into());
    Some(browser.expires_at.min(browser.proved_at + days))
}

/// The browsers that an account trusts now, those first in which the second factor was proved last.
///
/// # Errors
///
/// Only the database's.
pub fn list(
    conn: &mut Conn,
    user_id: &str,
    organization: Option<&Organization>,
    now: NaiveDateTime,
) -> Result<Vec<Trusted>, Error> {
    if days(organization).is_none() {
        return Ok(Vec::new());
    }
    let all = trusted_browsers::list_by_user(conn, user_id)?;
    let trusted = all.into_iter().filter_map(|browser| {
        let until = until(&browser, organization).filter(|until| now < *until)?;
        Some(Trusted { browser, until })
    });
    Ok(trusted.collect())
}

/// Looks at what a browser presents beside the right password of an account that owes a second factor. A secret is used up by
/// that, and another one takes its place. Who presents an earlier one holds a copy, or never got the answer that brought the
/// next: that cannot be told apart, so the browser is not trusted any more. Runs in the transaction of the sign-in, under the
/// account's lock.
///
/// # Errors
///
/// Only the database's and the random generator's.
pub(super) fn present(
    conn: &mut Conn,
    origin: &Origin,
    account: &Rows,
    now: NaiveDateTime,
) -> Result<Verdict, Error> {
    let (user_id, organization) = (&account.user.id, account.organization.as_ref());
    for NamedToken { id, token } in &origin.trusts {
        // Another account's, or one that is over.
        let Some(browser) = trusted_browsers::find_by_user(conn, user_id, id)? else {
            continue;
        };
        let (proved_at, secret) = (browser.proved_at, token.hash());
        if browser.secret_hash != secret.as_bytes() {
            trusted_browsers::delete(conn, user_id, id)?;
            return Ok(Verdict::Copied(browser.user_agent));
        }
        let Some(until) = until(&browser, organization).filter(|until| now < *until) else {
            continue;
        };
        let next = Token::new(Kind::Trust)?;
        let hash = next.hash();
        let used = trusted_browsers::consume(conn, id, secret.as_bytes(), hash.as_bytes(), now)?;
        if used == 1 {
            let kept = keep(conn, origin, id, next, until)?;
            return Ok(Verdict::Trusted { proved_at, kept });
        }
    }
    Ok(Verdict::Nothing)
}

/// Records that trust ended because of a copy, and leaves the mail. Takes the lock of the record's end.
///
/// # Errors
///
/// Only the database's.
pub(super) fn record_copy(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    user: &User,
    agent: String,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let entry = Entry::failure(Event::TrustReuse, "used_before")
        .of(user)
        .about(agent);
    activity::record(conn, &app.keys, origin, entry, now)?;
    Ok(())
}

/// Trusts the browser in which the second factor was just proved, if the account's organization allows it now. Runs in the
/// transaction of that proof.
///
/// # Errors
///
/// Only the database's and the random generator's.
pub(super) fn give(
    conn: &mut Conn,
    origin: &Origin,
    user: &User,
    now: NaiveDateTime,
) -> Result<Option<Given>, Error> {
    let organization = match &user.organization_id {
        Some(id) => organizations::find(conn, id)?,
        None => None,
    };
    let Some(days) = days(organization.as_ref()) else {
        return Ok(None);
    };
    // One browser is trusted once.
    for before in &origin.trusts {
        trusted_browsers::delete(conn, &user.id, &before.id)?;
    }
    let (id, token) = (new_id(), Token::new(Kind::Trust)?);
    let until = now + TimeDelta::days(days.into());
    let browser = TrustedBrowser {
        id: id.clone(),
        user_id: user.id.clone(),
        secret_hash: token.hash().to_vec(),
        user_agent: origin.user_agent.clone().unwrap_or_default(),
        proved_at: now,
        expires_at: until,
        last_used_at: None,
    };
    trusted_browsers::insert(conn, &browser)?;
    let all = trusted_browsers::list_by_user(conn, &user.id)?;
    for over in all.iter().skip(MAX_BROWSERS) {
        trusted_browsers::delete(conn, &user.id, &over.id)?;
    }
    let kept = keep(conn, origin, &id, token, until)?;
    Ok(Some(Given { kept, days }))
}

impl Given {
    /// Records it, and leaves the mail. Takes the lock of the record's end.
    ///
    /// # Errors
    ///
    /// Only the database's.
    pub(super) fn record(
        &self,
        conn: &mut Conn,
        app: &App,
        origin: &Origin,
        user: &User,
        now: NaiveDateTime,
    ) -> Result<(), Error> {
        let entry = Entry::success(Event::TrustGiven)
            .of(user)
            .about(self.days.to_string());
        activity::record(conn, &app.keys, origin, entry, now)?;
        Ok(())
    }
}

/// What a browser keeps: this, and what other accounts still trust it by.
fn keep(
    conn: &mut Conn,
    origin: &Origin,
    id: &str,
    token: Token,
    until: NaiveDateTime,
) -> Result<KeptTrust, Error> {
    let presented = origin.trusts.iter().map(|other| other.id.clone());
    let presented: Vec<_> = presented.filter(|other| other != id).collect();
    let others = trusted_browsers::list_ends(conn, &presented)?;
    Ok(KeptTrust {
        until: others.iter().fold(until, |until, (_, end)| until.max(*end)),
        others: others.into_iter().map(|(id, _)| id).collect(),
        own: NamedToken {
            id: id.to_owned(),
            token,
        },
    })
}

/// Stops trusting a browser of the caller's, and answers which it was. That only takes away, so the session is enough for it.
///
/// # Errors
///
/// [`Error::NotFound`] for the id of nothing, or of somebody else's; [`Error::InvalidToken`] when the session ended meanwhile.
pub fn stop(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    id: &str,
    now: NaiveDateTime,
) -> Result<TrustedBrowser, Error> {
    if !is_storable(id) {
        return Err(Error::NotFound);
    }
    let user = sessions::recheck(conn, app, caller, now)?;
    let browser = trusted_browsers::find_by_user(conn, &user.id, id)?.ok_or(Error::NotFound)?;
    if trusted_browsers::delete(conn, &user.id, id)? != 1 {
        return Err(Error::NotFound);
    }
    let entry = Entry::success(Event::TrustRevoked)
        .of(&user)
        .about(browser.user_agent.clone());
    activity::record(conn, &app.keys, origin, entry, now)?;
    Ok(browser)
}
