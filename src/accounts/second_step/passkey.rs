//! Passkeys: nobody can guess one, so they are not counted.

use super::{Caller, Error, Verified, accept, sessions};
use crate::accounts::passkeys;
use crate::activity::{Event, Origin};
use crate::app::App;
use crate::db::{self, Conn, write};
use crate::mfa;
use crate::mfa::passkey::{self, Assertion, Holder, Purpose};
use crate::mfa::verify::{Proof, UsedPasskey};

/// Starts answering with a passkey: what to hand to the browser.
///
/// # Errors
///
/// [`mfa::Error::NotConfigured`], [`mfa::Error::NotEnabled`] when no passkey can be used;
/// [`Error::InvalidToken`] when the session ended in between.
pub fn start(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
) -> Result<passkey::PublicKeyCredentialRequestOptions, Error> {
    passkey::usable(&caller.status)?;
    let (rp, now) = (app.relying_party()?, app.clock.now());
    write(conn, |conn| {
        sessions::recheck(conn, app, caller, now)?;
        let mut own = db::passkeys::list_by_user(conn, &caller.user.id)?;
        own.retain(|passkey| passkey.rp_id == rp.id);
        if own.is_empty() {
            return Err(mfa::Error::NotConfigured.into());
        }
        let holder = Holder::session(&caller.user.id, &caller.session.id);
        let purpose = Purpose::Prove;
        Ok(passkey::start_authentication(
            conn, rp, purpose, &holder, &own, now,
        )?)
    })
}

/// Answers with a passkey, in a session that owes it or in one that renews its proof. It is not counted with the
/// codes: nobody can guess it, and it works while they are locked.
///
/// # Errors
///
/// [`mfa::Error::PasskeyRefused`], [`mfa::Error::UnknownPasskey`], [`mfa::Error::PasskeyCounter`]; otherwise as
/// [`super::verify`].
pub async fn verify(
    app: &App,
    origin: &Origin,
    caller: &Caller,
    assertion: Assertion,
    wants_trust: bool,
) -> Result<Verified, Error> {
    app.code_buckets
        .take(origin.address.as_deref(), app.clock.now())
        .map_err(|retry_after| Error::Throttled { retry_after })?;
    let (origin, caller) = (origin.clone(), caller.clone());
    app.db(move |app, conn| {
        let now = app.clock.now();
        let verified = look_at(conn, app, &origin, &caller, assertion).and_then(|one| {
            let proof = Proof::Passkey(Box::new(one.clone()));
            match write(conn, |conn| {
                accept(conn, app, &origin, &caller, &proof, wants_trust, now)
            })? {
                Some(verified) => Ok(verified),
                None => Err(passkey::not_spent(conn, &one.passkey)?.into()),
            }
        });
        if verified.is_ok() {
            app.code_buckets.give_back(origin.address.as_deref());
        }
        if let Err(Error::Mfa(error)) = &verified {
            passkeys::record_refused(conn, app, &origin, &caller.user, Event::MfaVerify, error)?;
        }
        verified
    })
    .await
}

/// Verifies a passkey's answer; its challenge is gone from then on.
fn look_at(
    conn: &mut Conn,
    app: &App,
    origin: &Origin,
    caller: &Caller,
    assertion: Assertion,
) -> Result<UsedPasskey, Error> {
    let (rp, now) = (app.relying_party()?, app.clock.now());
    let user_id = &caller.user.id;
    let holder = Holder::session(user_id, &caller.session.id);
    let state = passkey::take(conn, Purpose::Prove, &holder, &assertion.client_data, now)?;
    passkey::usable(&caller.status)?;
    let passkey = db::passkeys::find_by_credential(conn, &assertion.raw_id)?
        .ok_or(mfa::Error::UnknownPasskey)?;
    if passkey.user_id != *user_id {
        return Err(mfa::Error::PasskeyRefused("not_own").into());
    }
    passkey::check_handle(conn, &assertion, user_id, false)?;
    let client = origin.user_agent.as_deref();
    let used = passkey::verify_assertion(rp, &state, assertion, &passkey, client, now)?;
    Ok(UsedPasskey { passkey, used })
}
