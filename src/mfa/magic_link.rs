//! Email links: a mail with a link and a six-digit code. Either answers, once, in the session that asked for it, while it
//! is the newest and the account's address is the one it went to.

use std::time::Duration;

use chrono::NaiveDateTime;
use subtle::ConstantTimeEq;

use super::six_digits::Code;
use super::{Error, Method, settings};
use crate::crypto::keyring::{Keyring, Label};
use crate::crypto::random_bytes;
use crate::crypto::token::{Kind, Token, TokenHash};
use crate::db::magic_links::{self, MagicLink};
use crate::db::users::User;
use crate::db::{Conn, new_id};

/// How many codes may be tried against one mail at a set-up.
const SET_UP_TRIES: i32 = 5;

/// The largest multiple of a million that 32 bits hold: what lies above would make some codes likelier.
const UNBIASED: u32 = 4_294_000_000;

/// What a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Proving that its reader is the account's holder, to set the method up.
    SetUp,
    /// Finishing a sign-in, or proving again in a complete session that it is you.
    Prove,
}

impl Purpose {
    const fn column(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::Prove => "prove",
        }
    }
}

/// A mail that is about to be sent. What is in it is nowhere else.
#[derive(Debug, Clone)]
pub struct Mailed {
    /// The row's id.
    pub id: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Where it goes.
    pub address: String,
    /// The secret part of the link.
    pub token: Token,
    /// The same in six digits, for another device.
    pub code: Code,
    /// Until when it works.
    pub expires_at: NaiveDateTime,
}

/// Whether a mail still works, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It works.
    Live,
    /// It was used then.
    Used(NaiveDateTime),
    /// A newer one was sent then, or the method changed.
    Replaced(NaiveDateTime),
    /// It ran out.
    Expired,
}

/// Whether a mail still works.
pub fn state(link: &MagicLink, now: NaiveDateTime) -> State {
    match (link.used_at, link.replaced_at) {
        (Some(at), _) => State::Used(at),
        (None, Some(at)) => State::Replaced(at),
        (None, None) if link.expires_at <= now => State::Expired,
        (None, None) => State::Live,
    }
}

/// The same for an account: a mail to an address that is not its own any more has run out.
pub fn state_for(link: &MagicLink, user: &User, now: NaiveDateTime) -> State {
    match state(link, now) {
        State::Live if link.address != user.email => State::Expired,
        state => state,
    }
}

/// Makes a mail, which works once [`record_sent`] says that it is on its way. Runs in the caller's transaction, which holds
/// the account's lock.
///
/// # Errors
///
/// The database's, and the generator's.
#[allow(clippy::too_many_arguments)] // each is a column
pub fn prepare(
    conn: &mut Conn,
    keys: &Keyring,
    user: &User,
    session_id: &str,
    purpose: Purpose,
    return_to: &str,
    lifetime: Duration,
    now: NaiveDateTime,
) -> Result<Mailed, Error> {
    let mailed = Mailed {
        id: new_id(),
        purpose,
        address: user.email.clone(),
        token: Token::new(Kind::Link)?,
        code: new_code()?,
        expires_at: now + lifetime,
    };
    magic_links::insert(
        conn,
        &MagicLink {
            id: mailed.id.clone(),
            user_id: user.id.clone(),
            session_id: session_id.to_owned(),
            purpose: purpose.column().to_owned(),
            address: mailed.address.clone(),
            token_hash: mailed.token.hash().to_vec(),
            code_hash: seal(keys, &mailed.id, mailed.code),
            return_to: return_to.to_owned(),
            wrong: 0,
            created_at: now,
            expires_at: mailed.expires_at,
            sent_at: None,
            used_at: None,
            replaced_at: None,
        },
    )?;
    Ok(mailed)
}

/// Records that a mail is on its way: it works from now on, and older ones of its purpose do not any more. Runs in the
/// caller's transaction, which holds the account's lock.
///
/// # Errors
///
/// Only the database's.
pub fn record_sent(
    conn: &mut Conn,
    user_id: &str,
    mailed: &Mailed,
    now: NaiveDateTime,
) -> Result<(), Error> {
    magic_links::update_sent(conn, &mailed.id, now)?;
    let purpose = Some(mailed.purpose.column());
    magic_links::update_replaced(conn, user_id, purpose, Some(&mailed.id), now)?;
    Ok(())
}

/// Forgets a mail that nobody took: older ones work on.
///
/// # Errors
///
/// Only the database's.
pub fn forget(conn: &mut Conn, mailed: &Mailed) -> Result<(), Error> {
    magic_links::delete(conn, &mailed.id)?;
    Ok(())
}

/// Withdraws a mail that may arrive although nobody said that it would: it counts as asked for, and works for nobody;
/// older ones work on.
///
/// # Errors
///
/// Only the database's.
pub fn withdraw(conn: &mut Conn, mailed: &Mailed, now: NaiveDateTime) -> Result<(), Error> {
    magic_links::update_withdrawn(conn, &mailed.id, now)?;
    Ok(())
}

/// When an account asked for its mails since then, newest first.
///
/// # Errors
///
/// Only the database's.
pub fn list_times(
    conn: &mut Conn,
    user_id: &str,
    since: NaiveDateTime,
) -> Result<Vec<NaiveDateTime>, Error> {
    Ok(magic_links::list_times(conn, user_id, since)?)
}

/// The newest mail of a session that was handed over, whatever became of it.
///
/// # Errors
///
/// Only the database's.
pub fn find_newest(
    conn: &mut Conn,
    session_id: &str,
    purpose: Purpose,
) -> Result<Option<MagicLink>, Error> {
    let mails = magic_links::list_by_session(conn, session_id, purpose.column())?;
    let sent = mails.into_iter().filter(|link| link.sent_at.is_some());
    Ok(sent.max_by_key(|link| (link.sent_at, link.id.clone())))
}

/// When an account's newest mail of the same purpose as this one was handed over.
///
/// # Errors
///
/// Only the database's.
pub fn find_newer(conn: &mut Conn, link: &MagicLink) -> Result<Option<NaiveDateTime>, Error> {
    let newest = magic_links::find_newest_sent(conn, &link.user_id, &link.purpose)?;
    Ok(newest.filter(|at| is_after(*at, link.sent_at)))
}

fn is_after(at: NaiveDateTime, sent: Option<NaiveDateTime>) -> bool {
    sent.is_some_and(|sent| at > sent)
}

/// The mail behind the token of a link, whatever became of it.
///
/// # Errors
///
/// Only the database's.
pub fn find(
    conn: &mut Conn,
    token: &TokenHash,
    purpose: Purpose,
) -> Result<Option<MagicLink>, Error> {
    let found = magic_links::find_by_token(conn, token.as_bytes())?;
    Ok(found.filter(|link| link.purpose == purpose.column()))
}

/// What came out of a mail that is presented in a session.
#[derive(Debug)]
pub(super) enum Check {
    /// It is right, and was not used: the row's id.
    Right(String),
    /// It was right, and is not any more; or it is right in another session.
    Spent,
    /// It is wrong.
    Wrong,
}

/// Looks at the token of a link in a session.
pub(super) fn check_token(
    conn: &mut Conn,
    user: &User,
    session_id: &str,
    token: &TokenHash,
    now: NaiveDateTime,
) -> Result<Check, Error> {
    let found = find(conn, token, Purpose::Prove)?.filter(|link| link.user_id == user.id);
    Ok(match found {
        None => Check::Wrong,
        Some(link) if link.session_id == session_id => judge(link, user, now),
        Some(_) => Check::Spent,
    })
}

/// Looks at a code in a session. The codes of older mails are known, too, and of those that may have arrived: one that was
/// typed from the wrong mail is no wrong code.
pub(super) fn check_code(
    conn: &mut Conn,
    keys: &Keyring,
    user: &User,
    session_id: &str,
    code: Code,
    now: NaiveDateTime,
) -> Result<Check, Error> {
    let mails = magic_links::list_by_session(conn, session_id, Purpose::Prove.column())?;
    for link in mails {
        if is_code(keys, &link, code)? {
            return Ok(judge(link, user, now));
        }
    }
    Ok(Check::Wrong)
}

fn judge(link: MagicLink, user: &User, now: NaiveDateTime) -> Check {
    match state_for(&link, user, now) {
        // One that is read before the mail server has said that it took it works a moment later.
        State::Live if link.sent_at.is_some() => Check::Right(link.id),
        _ => Check::Spent,
    }
}

/// Counts a set-up's code before it is looked at, and answers the mail that it is to be compared with. Runs in the caller's
/// transaction.
///
/// # Errors
///
/// [`Error::NoSetup`] without a mail that works, or after too many wrong codes.
pub fn admit_set_up(
    conn: &mut Conn,
    session_id: &str,
    now: NaiveDateTime,
) -> Result<MagicLink, Error> {
    let link = find_newest(conn, session_id, Purpose::SetUp)?.ok_or(Error::NoSetup)?;
    if magic_links::update_tried(conn, &link.id, SET_UP_TRIES, now)? != 1 {
        return Err(Error::NoSetup);
    }
    Ok(link)
}

/// Whether this is the code of this mail.
///
/// # Errors
///
/// The keys'.
pub fn is_code(keys: &Keyring, link: &MagicLink, code: Code) -> Result<bool, Error> {
    let (kid, mac) = link
        .code_hash
        .split_once('.')
        .ok_or(Error::UnknownValue("magic_links.code_hash"))?;
    let expected = keys.mac_with(Label::Token, kid, &message(&link.id, code))?;
    let stored = data_encoding::HEXLOWER
        .decode(mac.as_bytes())
        .map_err(|_| Error::UnknownValue("magic_links.code_hash"))?;
    Ok(expected.ct_eq(stored.as_slice()).into())
}

/// Uses a set-up's mail up and switches the method on. Runs in the caller's transaction, which holds the account's lock.
///
/// # Errors
///
/// [`Error::NoSetup`] for everybody but one, and once the account has another address.
pub fn finish_set_up(
    conn: &mut Conn,
    user: &User,
    link: &MagicLink,
    now: NaiveDateTime,
) -> Result<(), Error> {
    if link.address != user.email || magic_links::consume(conn, &link.id, now)? != 1 {
        return Err(Error::NoSetup);
    }
    settings::enable_factor(conn, &user.id, Method::MagicLink, now)?;
    Ok(())
}

/// The digest by which a code is known: under a key, since there are only a million codes, and bound to its row. Written
/// `kid.hex`.
fn seal(keys: &Keyring, id: &str, code: Code) -> String {
    let (kid, mac) = keys.sign(Label::Token, |_| message(id, code));
    format!("{kid}.{}", data_encoding::HEXLOWER.encode(&mac))
}

fn message(id: &str, code: Code) -> Vec<u8> {
    format!("magic_links:code_hash:{id}:{}", code.digits()).into_bytes()
}

fn new_code() -> Result<Code, Error> {
    loop {
        if let Some(code) = code_of(u32::from_le_bytes(random_bytes()?)) {
            return Ok(code);
        }
    }
}

/// The code of a random number; none of one that would make some codes likelier than others.
fn code_of(drawn: u32) -> Option<Code> {
    (drawn < UNBIASED).then(|| Code::from_number(drawn % 1_000_000))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_code_is_known_only_beside_its_own_mail() {
        let keys = Keyring::ephemeral().unwrap();
        let code = Code::parse("012345").unwrap();
        let own = link("a", seal(&keys, "a", code));
        assert!(is_code(&keys, &own, code).unwrap());
        assert!(!is_code(&keys, &own, Code::parse("012346").unwrap()).unwrap());
        assert!(!is_code(&keys, &link("b", own.code_hash), code).unwrap());
        assert!(is_code(&keys, &link("a", "no digest".into()), code).is_err());
    }

    #[test]
    fn every_code_is_as_likely_as_any_other() {
        let digits = |drawn| code_of(drawn).map(|code| code.digits());
        assert_eq!(digits(0).as_deref(), Some("000000"));
        assert_eq!(digits(7_001_234).as_deref(), Some("001234"));
        assert_eq!(digits(UNBIASED - 1).as_deref(), Some("999999"));
        assert_eq!((digits(UNBIASED), digits(u32::MAX)), (None, None));
        assert_eq!(UNBIASED % 1_000_000, 0);
    }

    #[test]
    fn a_mail_works_once_it_is_on_its_way_to_the_address_that_the_account_has() {
        let user = |email: &str| User {
            email: email.into(),
            ..crate::mfa::status::tests::user()
        };
        let sent = MagicLink {
            sent_at: Some(NOW),
            ..link("a", String::new())
        };
        let is_right = |link: &MagicLink, user: &User| {
            matches!(judge(link.clone(), user, NOW), Check::Right(_))
        };
        let (ada, moved) = (user("ada@example.com"), user("new@example.com"));
        assert!(is_right(&sent, &ada) && !is_right(&sent, &moved));
        assert!(!is_right(&link("a", String::new()), &ada));
        assert_eq!(state_for(&sent, &ada, NOW), State::Live);
        assert_eq!(state_for(&sent, &moved, NOW), State::Expired);
        assert_eq!(state_for(&sent, &ada, sent.expires_at), State::Expired);
        assert!(!is_right(
            &MagicLink {
                replaced_at: Some(NOW),
                ..sent.clone()
            },
            &ada
        ));
    }

    #[test]
    fn no_mail_is_newer_than_itself() {
        let later = NOW + TimeDelta::microseconds(1);
        assert!(is_after(later, Some(NOW)) && !is_after(NOW, Some(NOW)));
        assert!(!is_after(NOW, Some(later)) && !is_after(NOW, None));
    }

    fn link(id: &str, code_hash: String) -> MagicLink {
        MagicLink {
            id: id.into(),
            user_id: String::new(),
            session_id: String::new(),
            purpose: String::new(),
            address: "ada@example.com".into(),
            token_hash: Vec::new(),
            code_hash,
            return_to: String::new(),
            wrong: 0,
            created_at: NOW,
            expires_at: NOW + TimeDelta::minutes(10),
            sent_at: None,
            used_at: None,
            replaced_at: None,
        }
    }

    const NOW: NaiveDateTime = chrono::DateTime::UNIX_EPOCH.naive_utc();
}
