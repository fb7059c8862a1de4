//! Passkeys: signing in with one, and adding, naming and removing them. The browser is asked by script; whatever it
//! answers arrives here in a form like any other.

use actix_web::{HttpResponse, web};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::form::{NoFields, Posted, Rejected};
use super::settings::change;
use super::sign_in::{LoginForm, adopt, after_sign_in};
use super::views::{
    AfterPasskey, Flash, FormProblem, PasskeyAddPage, PasskeyNamePage, PasskeyRemovePage,
    PasskeyRow, PasskeySection, Signals, When, methods,
};
use super::{PageResult, Visit, gate, render_form, see_other, sign_in};
use crate::accounts::sessions::SessionKind;
use crate::accounts::{Access, Caller, Error, factors, passkeys, second_step, sign_in as rules};
use crate::db::is_storable;
use crate::db::passkeys::Passkey;
use crate::mfa::passkey::{
    Assertion, Attestation, Door, MAX_NAME, MAX_PASSKEYS, NameProblem, is_security_key, provider,
};
use crate::mfa::{self, Method};
use crate::web::credential::{self, AuthenticationCredential, RegistrationCredential};
use crate::web::error::{Failure, PageError, Refusal};
use crate::words::Messages;
use crate::words::client;

/// What a script asks for goes to it as JSON, and nothing else on a page does.
fn to_script(options: &impl Serialize) -> PageResult {
    Ok(HttpResponse::Ok().json(options))
}

/// The answer to a script whose page is too old to ask.
fn stale() -> PageResult {
    Ok(HttpResponse::Forbidden().finish())
}

/// The answer of an authenticator, out of the form's field.
pub(super) fn assertion(credential: &str) -> Result<Assertion, Refusal> {
    let parsed: Option<AuthenticationCredential> = serde_json::from_str(credential).ok();
    parsed.ok_or_else(unreadable)?.read()
}

fn attestation(credential: &str) -> Result<Attestation, Refusal> {
    let parsed: Option<RegistrationCredential> = serde_json::from_str(credential).ok();
    parsed.ok_or_else(unreadable)?.read()
}

fn unreadable() -> Refusal {
    Refusal::BadRequest("The credential could not be read".to_owned())
}

/// `POST /login/passkey/options`
pub(in crate::web) async fn sign_in_options(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    if let Posted::Stale(_) = posted {
        return stale();
    }
    let browser = visit.cookie.known_form_binding();
    let options = rules::start_with_passkey(&visit.app, &visit.origin(), browser).await?;
    to_script(&options)
}

#[derive(Deserialize)]
pub(in crate::web) struct CredentialForm {
    #[serde(default)]
    credential: String,
    #[serde(default)]
    return_to: String,
}

/// `POST /login/passkey`: signs in with a passkey alone.
pub(in crate::web) async fn sign_in(visit: Visit, posted: Posted<CredentialForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => return not_signed_in(&visit, form, &Rejected::stale(), None),
    };
    let Ok(assertion) = assertion(&form.credential) else {
        let rejected = Rejected::fields(vec![FormProblem::PasskeyRefused]);
        return not_signed_in(&visit, form, &rejected, None);
    };
    let id = assertion.raw_id.clone();
    let browser = visit.cookie.known_form_binding();
    let (origin, kind) = (visit.origin(), SessionKind::Browser);
    match rules::with_passkey(&visit.app, &origin, kind, browser, assertion).await {
        Ok(signed_in) => {
            adopt(&visit, &signed_in.tokens)?;
            let access = signed_in.caller.access;
            Ok(see_other(&after_sign_in(access, &form.return_to)))
        }
        Err(error) => {
            // Only what is truly unknown may be hidden by whoever keeps it.
            let signal = match error {
                Error::Mfa(mfa::Error::UnknownPasskey) => signal_unknown(&visit, id).await?,
                _ => None,
            };
            let rejected = refused(&visit, error, FormProblem::PasskeyRefused)?;
            not_signed_in(&visit, form, &rejected, signal)
        }
    }
}

fn not_signed_in(
    visit: &Visit,
    form: CredentialForm,
    rejected: &Rejected,
    signal: Option<String>,
) -> PageResult {
    let form = LoginForm::returning_to(form.return_to);
    sign_in::again(visit, form, rejected, signal)
}

/// Tells the passkey manager that nobody here knows this passkey, if that is so: of a form that was sent twice, one may have
/// been refused and the other not.
async fn signal_unknown(visit: &Visit, raw_id: Vec<u8>) -> Result<Option<String>, Failure> {
    let credential_id = BASE64URL_NOPAD.encode(&raw_id);
    let is_known = visit
        .read(move |_, conn| passkeys::is_known(conn, &raw_id))
        .await?;
    let rp = visit.app.relying_party().ok().filter(|_| !is_known);
    Ok(rp.map(|rp| json!({"rpId": rp.id, "credentialId": credential_id}).to_string()))
}

/// Why a passkey was refused, if it is something that a form can say; else a failure of the page. `wrong` is the
/// form's word for one that proves nothing.
pub(super) fn refused(
    visit: &Visit,
    error: Error,
    wrong: FormProblem,
) -> Result<Rejected, PageError> {
    match error {
        Error::Mfa(mfa::Error::UnknownPasskey) => {
            Ok(Rejected::fields(vec![FormProblem::PasskeyUnknown]))
        }
        Error::Mfa(
            mfa::Error::PasskeyRefused(_)
            | mfa::Error::PasskeyCounter
            | mfa::Error::NotConfigured
            | mfa::Error::NotEnabled,
        ) => Ok(Rejected::fields(vec![wrong])),
        Error::Throttled { retry_after } => {
            let problem = FormProblem::PasskeyThrottled(visit.until(retry_after));
            Ok(Rejected::throttled(retry_after, problem))
        }
        error => Err(error.into()),
    }
}

/// `POST /login/verify/options`: for the second step and the step-up.
pub(in crate::web) async fn prove_options(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    if let Posted::Stale(_) = posted {
        return stale();
    }
    let caller = Caller::clone(visit.caller()?);
    let options = visit
        .app
        .db(move |app, conn| second_step::start_passkey(conn, app, &caller))
        .await?;
    to_script(&options)
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
            adopt(&visit, &added.tokens)?;
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
        Err(Error::Mfa(mfa::Error::PasskeyRefused(_))) => {
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
    if !is_available(Method::Passkey) {
        return Ok(see_other(match caller.access {
            Access::MustEnrol => "/setup",
            Access::Full | Access::FactorOwed => "/security#passkeys",
        }));
    }
    let own = list(visit).await?;
    let has_app = caller.status.state_of(Method::Totp);
    let page = PasskeyAddPage {
        frame: visit.frame_for(rejected)?,
        is_first: !caller.status.owes_factor,
        is_full: (own.len() >= MAX_PASSKEYS).then_some(MAX_PASSKEYS),
        can_use_app: is_available(Method::Totp) && !has_app.is_some_and(|app| app.is_configured),
        signal_unknown,
    };
    render_form(rejected, &page)
}

/// The passkeys of whoever is signed in.
pub(super) async fn list(visit: &Visit) -> Result<Vec<Passkey>, Failure> {
    let caller = Caller::clone(visit.caller()?);
    visit
        .read(move |_, conn| passkeys::list(conn, &caller))
        .await
}

/// One of them; anything else is not found.
async fn find(visit: &Visit, id: &str) -> Result<(Passkey, Vec<Passkey>), Failure> {
    let own = list(visit).await?;
    let found = own.iter().find(|row| row.id == id).cloned();
    Ok((found.ok_or(Refusal::NotFound)?, own))
}

#[derive(Deserialize)]
pub(in crate::web) struct NameForm {
    #[serde(default)]
    name: String,
}

/// `GET /security/passkeys/{id}/name`
pub(in crate::web) async fn show_name(visit: Visit, id: web::Path<String>) -> PageResult {
    let (passkey, _) = find(&visit, &id).await?;
    name_page(&visit, passkey.id, passkey.name, None).await
}

/// `POST /security/passkeys/{id}/name`
pub(in crate::web) async fn name(
    visit: Visit,
    id: web::Path<String>,
    posted: Posted<NameForm>,
) -> PageResult {
    let id = id.into_inner();
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => {
            return name_page(&visit, id, form.name, Some(&Rejected::stale())).await;
        }
    };
    let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
    let (of, typed) = (id.clone(), form.name.clone());
    let renamed = visit
        .app
        .db(move |app, conn| passkeys::rename(conn, app, &origin, &caller, &of, &typed))
        .await;
    match renamed {
        Ok(passkey) => {
            visit.cookie.leave(&Flash::PasskeyNamed(passkey.name))?;
            Ok(see_other(next_after_naming(&visit).await?))
        }
        Err(Error::Mfa(mfa::Error::PasskeyName(problem))) => {
            let problem = match problem {
                NameProblem::Empty => FormProblem::PasskeyNameEmpty,
                NameProblem::TooLong => FormProblem::PasskeyNameLong(MAX_NAME),
                NameProblem::Taken(name) => FormProblem::PasskeyNameTaken(name),
            };
            let rejected = Rejected::fields(vec![problem]);
            name_page(&visit, id, form.name, Some(&rejected)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn name_page(
    visit: &Visit,
    id: String,
    typed: String,
    rejected: Option<&Rejected>,
) -> PageResult {
    let page = PasskeyNamePage {
        frame: visit.frame_for(rejected)?,
        id,
        typed,
        next: next_after_naming(visit).await?,
    };
    render_form(rejected, &page)
}

/// The codes of a first method wait to be saved; otherwise there is nothing more to do.
async fn next_after_naming(visit: &Visit) -> Result<&'static str, PageError> {
    let caller = Caller::clone(visit.caller()?);
    let shown = visit
        .app
        .db(move |app, conn| factors::show_codes(conn, app, &caller, app.clock.now()))
        .await?;
    Ok(match shown {
        Some(_) => "/security/codes",
        None => "/security#passkeys",
    })
}

/// `GET /security/passkeys/{id}/remove`
pub(in crate::web) async fn show_remove(visit: Visit, id: web::Path<String>) -> PageResult {
    remove_page(&visit, &id, None).await
}

/// `POST /security/passkeys/{id}/remove`
pub(in crate::web) async fn remove(
    visit: Visit,
    id: web::Path<String>,
    posted: Posted<NoFields>,
) -> PageResult {
    if let Posted::Stale(_) = posted {
        return remove_page(&visit, &id, Some(&Rejected::stale())).await;
    }
    let (passkey, own) = find(&visit, &id).await?;
    let before = visit.caller()?.status.primary_method;
    let was_last = own.len() == 1;
    let flash = match change(&visit, passkeys::removal(&visit.app, &id)).await {
        Ok(changed) => match changed.status.primary_method {
            None if before.is_some() => Flash::PasskeyRemovedLast(passkey.name),
            Some(next) if was_last && before == Some(Method::Passkey) => {
                Flash::PasskeyRemovedNext(passkey.name, next)
            }
            _ => Flash::PasskeyRemoved(passkey.name),
        },
        // Removed already, on another device: that is what was asked for.
        Err(Error::Mfa(mfa::Error::NotFound)) => Flash::PasskeyRemoved(passkey.name),
        Err(Error::Mfa(mfa::Error::LastMethodRequired)) => {
            return remove_page(&visit, &id, Some(&Rejected::conflict())).await;
        }
        Err(error) => return Err(error.into()),
    };
    visit.cookie.leave(&flash)?;
    Ok(see_other("/security"))
}

async fn remove_page(visit: &Visit, id: &str, rejected: Option<&Rejected>) -> PageResult {
    if !is_storable(id) {
        return Err(Refusal::NotFound.into());
    }
    let (passkey, mut own) = find(visit, id).await?;
    if let Ok(rp) = visit.app.relying_party() {
        // The others cannot be used, so they are nothing that is left.
        own.retain(|row| row.id == passkey.id || row.rp_id == rp.id);
    }
    let (t, caller) = (&visit.t, visit.caller()?);
    let status = &caller.status;
    let is_usable = status.enabled_methods.contains(&Method::Passkey);
    let other_passkeys = own
        .iter()
        .filter(|row| is_usable && row.id != passkey.id)
        .map(|row| t.with("passkey-remove-left-passkey", "name", &row.name));
    let other_methods: Vec<Method> = Method::BY_STRENGTH
        .into_iter()
        .filter(|method| *method != Method::Passkey && status.enabled_methods.contains(method))
        .collect();
    let left: Vec<String> = other_passkeys
        .chain(
            other_methods
                .iter()
                .map(|method| methods::phrase(t, *method)),
        )
        .collect();
    let is_last = own.len() == 1;
    let next = other_methods
        .first()
        .copied()
        .filter(|_| is_last && is_usable);
    let after = if !left.is_empty() || !is_last || !status.owes_factor {
        AfterPasskey::Others { left, next }
    } else if status.is_required {
        AfterPasskey::Refused {
            organization: gate::who_demands(t, caller),
        }
    } else {
        AfterPasskey::TurnsOff
    };
    let page = PasskeyRemovePage {
        frame: visit.frame_for(rejected)?,
        passkey: row(t, &passkey),
        after,
    };
    render_form(rejected, &page)
}

/// A passkey as its card shows it.
fn row(t: &Messages, passkey: &Passkey) -> PasskeyRow {
    PasskeyRow {
        id: passkey.id.clone(),
        name: passkey.name.clone(),
        is_security_key: is_security_key(passkey),
        is_bound: !passkey.backup_eligible,
        is_not_backed_up: passkey.backup_eligible && !passkey.backup_state,
        is_after_password: !passkey.discoverable,
        provider: passkey.aaguid.as_deref().and_then(provider),
        added: When::day(t, passkey.created_at.date()),
        last_used: passkey.last_used_at.map(|at| When::day(t, at.date())),
        last_used_by: passkey
            .last_used_by
            .as_deref()
            .and_then(client::of)
            .map(|client| client.name),
    }
}

/// The passkeys of the security page; `None` when there are none and none can be added.
pub(super) fn section(t: &Messages, caller: &Caller, own: &[Passkey]) -> Option<PasskeySection> {
    let status = &caller.status;
    let state = status.state_of(Method::Passkey)?;
    if own.is_empty() && !state.is_available {
        return None;
    }
    let column = Method::Passkey.column();
    let factor = caller.factors.iter().find(|factor| factor.method == column);
    let is_on = factor.is_some_and(|factor| factor.enabled);
    let (on_keys, on_devices) = own
        .iter()
        .map(|passkey| row(t, passkey))
        .partition(|row| row.is_security_key);
    let is_full = own.len() >= MAX_PASSKEYS;
    Some(PasskeySection {
        on_devices,
        on_keys,
        can_add: state.is_available && !is_full,
        is_full: is_full.then_some(MAX_PASSKEYS),
        is_off: !own.is_empty() && !is_on,
        is_not_allowed: !own.is_empty() && is_on && !state.is_enabled,
        is_fragile: !own.is_empty()
            && own.iter().all(|passkey| !passkey.backup_eligible)
            && status.backup_codes_left.unwrap_or(0) == 0,
        is_recommended: own.is_empty() && !status.owes_factor,
    })
}

/// What the passkey manager is told on a page of somebody who is fully signed in. Nothing at all unless the list is
/// whole: a short one makes it hide passkeys that work.
pub(super) fn signals(
    visit: &Visit,
    caller: &Caller,
    own: &[Passkey],
    handle: Option<&[u8]>,
) -> Option<Signals> {
    let rp = visit.app.relying_party().ok()?;
    if caller.access != Access::Full {
        return None;
    }
    let user_id = BASE64URL_NOPAD.encode(handle?);
    let ids: Vec<String> = own
        .iter()
        .filter(|passkey| passkey.rp_id == rp.id)
        .map(|passkey| BASE64URL_NOPAD.encode(&passkey.credential_id))
        .collect();
    let user = &caller.user;
    Some(Signals {
        all: json!({"rpId": rp.id, "userId": user_id, "allAcceptedCredentialIds": ids}).to_string(),
        user: json!({"rpId": rp.id, "userId": user_id, "name": user.email, "displayName": user.full_name()})
            .to_string(),
    })
}
