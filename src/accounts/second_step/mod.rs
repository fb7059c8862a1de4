//! The second step: a code or a passkey that finishes a sign-in, or proves again in a complete session that it is
//! you.

mod code;
mod passkey;

use chrono::NaiveDateTime;

use super::tokens::{self, Cookies, Tokens};
use super::{Caller, Error, devices, sessions, trusted_browsers};
use crate::activity::{self, Entry, Event, Origin};
use crate::app::App;
use crate::crypto::token::Kind;
use crate::db::{self, Conn};
use crate::mfa::verify::{self, Proof};

pub use self::code::{verify, verify_link};
pub use self::passkey::{start as start_passkey, verify as verify_passkey};

/// What a right code bought.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What to hand out: a complete sign-in's tokens, or what is renewed with a fresh proof.
    pub tokens: Tokens,
    /// Backup codes left, when one was used.
    pub backup_codes_left: Option<u32>,
}

/// Spends a right code and gives the session what it buys. `None` when somebody else spent it first.
fn accept(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    proof: &Proof,
    wants_trust: bool,
    now: NaiveDateTime,
) -> Result<Option<Verified>, Error> {
    let user = sessions::recheck(conn, app, caller, now)?;
    if !verify::spend(conn, &user, proof, now)? {
        return Ok(None);
    }
    let by_mail = matches!(proof, Proof::MagicLink { .. });
    if user.password_by_mail && !by_mail && caller.session.password_at.is_some() {
        // Who knows this password has more than the mailbox. Without the password it could be anybody's by now.
        db::users::update_password_by_mail(conn, &user.id, false)?;
    }
    let given = match wants_trust && may_trust(caller, proof) {
        true => trusted_browsers::give(conn, origin, &user, now)?,
        false => None,
    };
    let mut tokens = match prove(conn, app, origin, caller, proof.word(), now)? {
        Tokens::Kept => {
            let refresh = tokens::replace_refresh(conn, app, &caller.session, now)?;
            Tokens::Renewed { refresh }
        }
        tokens => tokens,
    };
    if let (Some(given), Tokens::Cookie(cookies)) = (&given, &mut tokens) {
        cookies.trust = Some(given.kept.clone());
    }
    let backup_codes_left = match proof {
        Proof::Backup { .. } => db::users::find(conn, &user.id)?
            .and_then(|user| user.backup_codes_left)
            .map(|left| u32::try_from(left).unwrap_or(0)),
        Proof::Totp { .. } | Proof::MagicLink { .. } | Proof::Passkey(_) => None,
    };
    let event = if caller.session.pending {
        Event::MfaVerify
    } else {
        Event::StepUp
    };
    let mut entry = Entry::success(event).of(&user).by(proof.word());
    if let Some(left) = backup_codes_left {
        entry = entry.about(left.to_string());
    }
    if let Proof::Passkey(one) = proof {
        entry = entry.about(&one.passkey.name);
    }
    activity::record(conn, &app.keys, origin, entry, now)?;
    if let Some(given) = given {
        given.record(conn, app, origin, &user, now)?;
    }
    Ok(Some(Verified {
        tokens,
        backup_codes_left,
    }))
}

/// Whether a browser may be trusted by this: at the end of a sign-in, and not by a backup code, which somebody uses who has
/// nothing else.
fn may_trust(caller: &Caller, proof: &Proof) -> bool {
    trusted_browsers::offered(caller).is_some()
        && match proof {
            Proof::Totp { .. } | Proof::MagicLink { .. } | Proof::Passkey(_) => true,
            Proof::Backup { .. } => false,
        }
}

/// Marks the caller's session as one in which a second factor was just proved, and hands out its tokens: the
/// first ones of a sign-in that is complete by this, or a browser's next cookie. The one UPDATE on the session
/// decides. Runs in the caller's transaction; what the caller does after it is to record it.
pub(super) fn prove(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    word: &str,
    now: NaiveDateTime,
) -> Result<Tokens, Error> {
    let session = &caller.session;
    let lifetimes = &app.config.lifetimes;
    let expires_at = match (session.pending, caller.is_browser()) {
        (false, _) => session.expires_at,
        (true, true) => now + lifetimes.session_absolute,
        (true, false) => now + lifetimes.refresh_absolute,
    };
    let pending = session.pending;
    if db::sessions::update_factor_proof(conn, &session.id, pending, word, now, expires_at)? != 1 {
        return Err(Error::InvalidToken);
    }
    let proved = db::sessions::Session {
        pending: false,
        expires_at,
        ..session.clone()
    };
    let mut met = None;
    if pending {
        sessions::enforce_cap(conn, &proved, now)?;
        let (is_browser, user_id) = (caller.is_browser(), &caller.user.id);
        met = Some(devices::meet(conn, origin, is_browser, user_id, now)?);
        db::users::update_last_sign_in(conn, user_id, origin.language, now)?;
    }
    let tokens = if caller.is_browser() {
        Tokens::Cookie(Cookies {
            session: tokens::replace(conn, &session.id, Kind::Cookie, now, expires_at)?,
            device: met.as_ref().and_then(|met| met.token.clone()),
            trust: None,
        })
    } else if pending {
        let limited = tokens::column(Kind::Limited);
        db::session_tokens::delete_by_session_and_kind(conn, &session.id, limited)?;
        Tokens::Pair(tokens::pair(conn, app, &proved, now)?)
    } else {
        Tokens::Kept
    };
    if let Some(met) = met {
        let user = db::users::find(conn, &caller.user.id)?.ok_or(Error::InvalidToken)?;
        met.record(conn, app, origin, &user, now)?;
    }
    Ok(tokens)
}
