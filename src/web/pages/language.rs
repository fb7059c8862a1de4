//! In which language somebody reads.

use serde::Deserialize;

use super::form::{Posted, Rejected};
use super::views::{Flash, LanguagePage};
use super::{PageResult, Visit, render_form, see_other};
use crate::accounts::profile;
use crate::words::Messages;

#[derive(Deserialize)]
pub(in crate::web) struct LanguageForm {
    #[serde(default)]
    language: String,
}

/// `GET /security/language`
pub(in crate::web) async fn show(visit: Visit) -> PageResult {
    page(&visit, None)
}

/// `POST /security/language`
pub(in crate::web) async fn choose(visit: Visit, posted: Posted<LanguageForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(_) => return page(&visit, Some(&Rejected::stale())),
    };
    let chosen = Messages::of(&form.language).map(|t| t.tag());
    // Nothing else can be chosen on the page.
    if chosen.is_none() && !form.language.is_empty() {
        return Ok(see_other("/security/language"));
    }
    profile::choose_language(&visit.app, &visit.origin(), visit.caller()?, chosen).await?;
    visit.cookie.leave(&Flash::LanguageChanged)?;
    Ok(see_other("/security"))
}

fn page(visit: &Visit, rejected: Option<&Rejected>) -> PageResult {
    let page = LanguagePage {
        frame: visit.frame_for(rejected)?,
        chosen: visit.caller()?.user.language.clone(),
    };
    render_form(rejected, &page)
}
