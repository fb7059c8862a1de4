//! Email links: setting the method up, waiting for a mail, and the page behind its link. Looking at a link uses nothing up,
//! and no page sends itself: mail scanners open what they find.

mod landing;
mod prove;
mod remove;
mod set_up;

use chrono::{NaiveDateTime, TimeDelta};
use serde::Deserialize;

pub(in crate::web) use self::landing::{confirm, confirm_set_up, open, open_set_up};
pub(in crate::web) use self::prove::{poll, send, show, submit_code};
pub(in crate::web) use self::remove::{remove, show_remove};
pub(in crate::web) use self::set_up::{show_set_up, start, submit_set_up_code};
use super::form::Rejected;
use super::trusted_browsers::Ticked;
use super::views::{FormProblem, When};
use super::{Visit, full_minute_after};
use crate::accounts::{Caller, Error, email_link};
use crate::db::magic_links::MagicLink;
use crate::mfa::magic_link::{Purpose, State, state};
use crate::web::error::{Failure, PageError};

/// How soon after a mail the page sends another one.
const PAUSE: TimeDelta = TimeDelta::seconds(60);

#[derive(Deserialize)]
pub(in crate::web) struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    return_to: String,
    #[serde(default)]
    trust: Ticked,
}

/// The newest mail that this session asked for, whatever became of it.
async fn newest(visit: &Visit, purpose: Purpose) -> Result<Option<MagicLink>, Failure> {
    let caller = Caller::clone(visit.caller()?);
    visit
        .read(move |_, conn| email_link::find_newest(conn, &caller, purpose))
        .await
}

/// The same while it works.
async fn waiting(visit: &Visit, purpose: Purpose) -> Result<Option<MagicLink>, Failure> {
    let now = visit.app.clock.now();
    let newest = newest(visit, purpose).await?;
    Ok(newest.filter(|link| state(link, now) == State::Live))
}

/// Why the page does not send another mail yet.
fn too_soon(visit: &Visit, newest: Option<&MagicLink>) -> Option<Rejected> {
    let now = visit.app.clock.now();
    let free: NaiveDateTime = newest?.sent_at? + PAUSE;
    let wait = (free - now).to_std().ok().filter(|wait| !wait.is_zero())?;
    let at = When::clock_with_seconds(&visit.t, free + TimeDelta::milliseconds(999));
    Some(Rejected::throttled(wait, FormProblem::MailTooSoon(at)))
}

/// Why a mail was not sent, if it is something that a page can say; else a failure of the page.
fn not_sent(visit: &Visit, error: Error) -> Result<Rejected, PageError> {
    match error {
        Error::EmailUnavailable => Ok(Rejected::unavailable(FormProblem::MailUnavailable)),
        Error::Throttled { retry_after: wait } => {
            let at = full_minute_after(&visit.t, visit.app.clock.now(), wait);
            Ok(Rejected::throttled(wait, FormProblem::MailTooSoon(at)))
        }
        error => Err(error.into()),
    }
}
