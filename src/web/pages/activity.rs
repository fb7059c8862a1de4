//! `/security/activity`: what happened to the account, in past-tense sentences.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::views::{ActivityPage, ActivityRow, Event as Sentence, When};
use super::{PageResult, Visit, device, render};
use crate::accounts::{Caller, overview};
use crate::activity::{Door, Event};
use crate::db::activity::Activity;
use crate::web::messages::Messages;

#[derive(Deserialize)]
pub(in crate::web) struct PageNumber {
    #[serde(default)]
    page: Option<u32>,
}

/// `GET /security/activity`
pub(in crate::web) async fn show(visit: Visit, query: web::Query<PageNumber>) -> PageResult {
    let page = query.page.unwrap_or(1).max(1);
    let caller = Caller::clone(visit.caller()?);
    let (rows, has_older) = visit
        .app
        .db(move |_, conn| overview::load_activity(conn, &caller, page))
        .await?;
    let rows = rows.iter().map(|entry| row(&visit.t, entry)).collect();
    render(
        StatusCode::OK,
        &ActivityPage {
            frame: visit.frame()?,
            rows,
            page,
            has_older,
        },
    )
}

/// An entry of the record as a row of the list.
pub(super) fn row(t: &Messages, entry: &Activity) -> ActivityRow {
    let client = entry.user_agent.as_deref().and_then(device::client);
    let place = [entry.peer_address.clone(), client.map(|client| client.name)];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(", ");
    ActivityRow {
        what: sentence(entry),
        when: When::utc(t, entry.at),
        place: if entry.door == Door::Cli.word() {
            t.text("activity-command-line")
        } else {
            place
        },
    }
}

fn sentence(entry: &Activity) -> Sentence {
    let succeeded = entry.outcome == "success";
    match (Event::from_word(&entry.event), succeeded) {
        (Some(Event::SignIn), true) => Sentence::SignedIn,
        (Some(Event::SignIn), false) => Sentence::SignInFailed,
        (Some(Event::SignOut), _) => Sentence::SignedOut,
        (Some(Event::TokenRevoked), _) if entry.method.is_some() => Sentence::OthersSignedOut,
        (Some(Event::TokenRevoked), _) => {
            let client = entry.detail.as_deref().and_then(device::client);
            Sentence::DeviceSignedOut(client.map(|client| client.name))
        }
        (Some(Event::TokenReuse), _) => Sentence::TokenReused,
        (Some(Event::StepUp), true) => Sentence::Confirmed,
        (Some(Event::StepUp), false) => Sentence::ConfirmFailed,
        (Some(Event::PasswordChanged), true) => Sentence::PasswordChanged,
        (Some(Event::PasswordChanged), false) => Sentence::PasswordChangeFailed,
        (Some(Event::PasswordChosen), _) => Sentence::PasswordChosen,
        (Some(Event::ProfileChanged), _) => Sentence::ProfileChanged,
        (Some(Event::AccountCreated), _) => Sentence::AccountCreated,
        (Some(Event::OrganizationCreated), _) => Sentence::OrganizationCreated,
        (Some(Event::LinkCreated), _) => Sentence::LinkIssued,
        (Some(Event::MfaReset), _) => Sentence::MfaReset,
        (
            Some(
                Event::MfaSetupStarted
                | Event::MfaEnabled
                | Event::MfaDisabled
                | Event::MfaRemoved
                | Event::MfaPrimary
                | Event::MfaVerify
                | Event::MfaLocked
                | Event::MfaSuspended
                | Event::BackupCodesCreated
                | Event::DecryptFailed,
            )
            | None,
            _,
        ) => Sentence::Other(entry.event.clone()),
    }
}
