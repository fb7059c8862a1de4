//! Removing a passkey.

use actix_web::web;

use super::find;
use super::shown::row;
use crate::accounts::{Error, passkeys};
use crate::db::is_storable;
use crate::mfa::{self, Method};
use crate::web::error::Refusal;
use crate::web::pages::form::{NoFields, Posted, Rejected};
use crate::web::pages::settings::change;
use crate::web::pages::views::{AfterPasskey, Flash, PasskeyRemovePage, methods};
use crate::web::pages::{PageResult, Visit, gate, render_form, see_other};
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
