//! Passkeys: signing in with one, and adding, naming and removing them. The browser is asked by script; whatever it
//! answers arrives here in a form like any other.

mod add;
mod name;
mod remove;
mod shown;
mod sign_in;

use actix_web::HttpResponse;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(in crate::web) use self::add::{add, add_options, show_add};
pub(in crate::web) use self::name::{name, show_name};
pub(in crate::web) use self::remove::{remove, show_remove};
pub(super) use self::shown::{section, signals};
pub(super) use self::sign_in::{assertion, refused};
pub(in crate::web) use self::sign_in::{prove_options, sign_in, sign_in_options};
use super::{PageResult, Visit};
use crate::accounts::{Caller, passkeys};
use crate::db::passkeys::Passkey;
use crate::web::error::{Failure, Refusal};
/// What a script asks for goes to it as JSON, and nothing else on a page does.
fn to_script(options: &impl Serialize) -> PageResult {
    Ok(HttpResponse::Ok().json(options))
}

/// The answer to a script whose page is too old to ask.
fn stale() -> PageResult {
    Ok(HttpResponse::Forbidden().finish())
}

fn unreadable() -> Refusal {
    Refusal::BadRequest("The credential could not be read".to_owned())
}

#[derive(Deserialize)]
pub(in crate::web) struct CredentialForm {
    #[serde(default)]
    credential: String,
    #[serde(default)]
    return_to: String,
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
