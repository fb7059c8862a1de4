//! Adding a passkey or a security key.

use serde::Deserialize;

use super::{CredentialForm, list, signal_unknown, stale, to_script, unreadable};
use crate::accounts::{Caller, Error, factors, passkeys};
use crate::mfa::passkey::{Attestation, Door, MAX_PASSKEYS};
use crate::mfa::{self, Method};
use crate::web::credential::{self, RegistrationCredential};
use crate::web::error::{Failure, Refusal};
use crate::web::pages::form::{Posted, Rejected};
use crate::web::pages::views::{Flash, FormProblem, PasskeyAddPage};
use crate::web::pages::{PageResult, Visit, gate, render_form, see_other};
fn attestation(credential: &str) -> Result<Attestation, Refusal> {
    let parsed: Option<RegistrationCredential> = serde_json::from_str(credential).ok();
    parsed.ok_or_else(unreadable)?.read()
}

#[derive(Deserialize)]
pub(in crate::web) struct DoorForm {
    #[serde(default)]
    door: String,
}

/// `POST /security/passkeys/options`
pub(in crate::web) async fn add_options(visit: Visit, posted: Posted<DoorForm>) -> PageResult {
    let Posted::Genuine(form) = posted else {
        return stale();
    };
    let door = match form.door.as_str() {
        "security-key" => Door::SecurityKey,
        _ => Door::Passkey,
    };
    let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
    let options = visit
        .app
        .db(move |app, conn| passkeys::start(conn, app, &origin, &caller, door))
        .await?;
    to_script(&options)
}

/// `GET /security/passkeys/add`
pub(in crate::web) async fn show_add(visit: Visit) -> PageResult {
    add_page(&visit, None, None).await
}

/// `POST /security/passkeys/add`: adds what the authenticator made.
pub(in crate::web) async fn add(visit: Visit, posted: Posted<CredentialForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(_) => return add_page(&visit, Some(&Rejected::stale()), None).await,
    };
    let not_added = Rejected::fields(vec![FormProblem::PasskeyNotAdded]);
    let Ok(attestation) = attestation(&form.credential) else {
        return add_page(&visit, Some(&not_added), None).await;
    };
    let id = attestation.raw_id.clone();
    let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
    let words = credential::passkey_words(&visit.t, &visit.http);
    let added = visit
        .app
        .db(move |app, conn| {
            passkeys::finish(conn, app, &origin, &caller, attestation, None, &words)
        })
        .await;
    match added {
        Ok(added) => {
            gate::renew(&visit, &added.tokens)?;
            if added.is_first {
                create_codes(&visit).await?;
            }
            visit.cookie.leave(&match added.is_first {
                true => Flash::PasskeyFirst,
                false => Flash::PasskeyAdded,
            })?;
            Ok(see_other(&format!(
                "/security/passkeys/{}/name",
                added.passkey.id
            )))
        }
        // The same form, sent twice: the other one may be about to store it.
        Err(Error::Mfa(mfa::Error::UnknownChallenge)) => {
            add_page(&visit, Some(&not_added), None).await
        }
        Err(Error::Mfa(mfa::Error::PasskeyRefused(_) | mfa::Error::NotAvailable)) => {
            let signal = signal_unknown(&visit, id).await?;
            add_page(&visit, Some(&not_added), signal).await
        }
        Err(Error::Mfa(mfa::Error::TooManyPasskeys)) => {
            let rejected = Rejected::fields(vec![FormProblem::PasskeysFull(MAX_PASSKEYS)]);
            let signal = signal_unknown(&visit, id).await?;
            add_page(&visit, Some(&rejected), signal).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The codes that come with a first method. Without them the security page says that there are none.
async fn create_codes(visit: &Visit) -> Result<(), Failure> {
    let codes = factors::create_codes(&visit.app, &visit.origin(), visit.caller()?).await;
    if codes.is_err() {
        log::warn!("backup codes could not be made after a first set-up");
    }
    Ok(())
}

async fn add_page(
    visit: &Visit,
    rejected: Option<&Rejected>,
    signal_unknown: Option<String>,
) -> PageResult {
    let caller = visit.caller()?;
    let is_available = |method| {
        let state = caller.status.state_of(method);
        state.is_some_and(|state| state.is_available)
    };
    let back = gate::back(visit, "/security#passkeys")?;
    if !is_available(Method::Passkey) {
        return Ok(see_other(back));
    }
    let own = list(visit).await?;
    let has_app = caller.status.state_of(Method::Totp);
    let page = PasskeyAddPage {
        frame: visit.frame_for(rejected)?,
        is_first: !caller.status.owes_factor,
        is_full: (own.len() >= MAX_PASSKEYS).then_some(MAX_PASSKEYS),
        can_use_app: is_available(Method::Totp) && !has_app.is_some_and(|app| app.is_configured),
        signal_unknown,
        back,
    };
    render_form(rejected, &page)
}
