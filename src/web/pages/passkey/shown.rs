//! The passkeys of the security page, and what passkey managers are told there.

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use crate::accounts::{Access, Caller};
use crate::db::passkeys::Passkey;
use crate::mfa::Method;
use crate::mfa::passkey::{MAX_PASSKEYS, is_security_key, provider};
use crate::web::pages::Visit;
use crate::web::pages::views::{PasskeyRow, PasskeySection, Signals, When};
use crate::words::{Messages, client};
/// A passkey as its card shows it.
pub(super) fn row(t: &Messages, passkey: &Passkey) -> PasskeyRow {
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
            .and_then(|agent| client::name(t, agent)),
    }
}

/// The passkeys of the security page; `None` when there are none and none can be added.
pub(in crate::web::pages) fn section(
    t: &Messages,
    caller: &Caller,
    own: &[Passkey],
) -> Option<PasskeySection> {
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
pub(in crate::web::pages) fn signals(
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
