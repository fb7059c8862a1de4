//! `/security/activity`: what happened to the account, in past-tense sentences.

use actix_web::http::StatusCode;
use actix_web::web;
use chrono::DateTime;
use serde::Deserialize;

use super::views::{ActivityPage, ActivityRow, Code, Event as Sentence, Paging, Way, When};
use super::{PageResult, Visit, device, render};
use crate::accounts::profile::LANGUAGE;
use crate::accounts::trusted_browsers::TRUSTED_BROWSER;
use crate::accounts::users::Role;
use crate::accounts::{Caller, overview};
use crate::activity::{Door, Event};
use crate::db::activity::Happened;
use crate::mfa::Method;
use crate::words::Messages;
use crate::words::client;

#[derive(Deserialize)]
pub(in crate::web) struct PageNumber {
    #[serde(default)]
    page: Option<u32>,
}

impl PageNumber {
    /// Counted from 1.
    pub(super) fn number(&self) -> u32 {
        self.page.unwrap_or(1).max(1)
    }
}

/// `GET /security/activity`
pub(in crate::web) async fn show(visit: Visit, query: web::Query<PageNumber>) -> PageResult {
    let page = query.number();
    let caller = Caller::clone(visit.caller()?);
    let (rows, has_older) = visit
        .app
        .db(move |_, conn| overview::load_activity(conn, &caller.user.id, page))
        .await?;
    let rows = rows.iter().map(|entry| row(&visit.t, entry)).collect();
    render(
        StatusCode::OK,
        &ActivityPage {
            frame: visit.frame()?,
            rows,
            paging: Paging { page, has_older },
        },
    )
}

/// An entry of the record as a row of the list.
pub(super) fn row(t: &Messages, entry: &Happened) -> ActivityRow {
    let agent = entry.user_agent.as_deref();
    let client = agent.and_then(|agent| client::name(t, agent));
    let place = [entry.peer_address.clone(), client];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(", ");
    ActivityRow {
        what: sentence(t, entry),
        when: When::utc(t, entry.at),
        place: if entry.door == Door::Cli.word() {
            t.text("activity-command-line")
        } else {
            place
        },
    }
}

fn sentence(t: &Messages, entry: &Happened) -> Sentence {
    let other = || Sentence::Other(entry.event.clone());
    let Some(event) = Event::from_word(&entry.event) else {
        return other();
    };
    let succeeded = entry.outcome == "success";
    let word = entry.method.as_deref().unwrap_or_default();
    let (method, way) = (Method::from_column(word), device::way(word));
    let (detail, reason) = (entry.detail.clone(), entry.reason.as_deref());
    let left = detail.as_deref().and_then(|left| left.parse().ok());
    let named = |sentence: fn(String) -> Sentence| detail.clone().map_or_else(other, sentence);
    let of_method = |sentence: fn(Method) -> Sentence| method.map_or_else(other, sentence);
    match event {
        Event::SignIn => match (way, succeeded) {
            (Some(Way::Passkey), true) => Sentence::SignedInWithPasskey(detail),
            (Some(Way::Passkey), false) => Sentence::PasskeyRefused,
            (None, true) if word == TRUSTED_BROWSER => Sentence::SignedInByTrust,
            (_, true) => Sentence::SignedIn,
            (_, false) => Sentence::SignInFailed,
        },
        Event::NewDevice => Sentence::NewDevice,
        Event::Unfinished => Sentence::Unfinished,
        Event::PasswordAccepted => Sentence::PasswordAccepted,
        Event::SignOut => Sentence::SignedOut,
        Event::TokenRevoked if entry.method.is_some() => Sentence::OthersSignedOut,
        Event::TokenRevoked => Sentence::DeviceSignedOut(named_client(t, entry)),
        Event::TokenReuse => Sentence::TokenReused,
        Event::TrustGiven => left.map_or_else(other, Sentence::TrustGiven),
        Event::TrustRevoked if entry.method.is_some() => Sentence::AllTrustEnded,
        Event::TrustRevoked => Sentence::TrustEnded(named_client(t, entry)),
        Event::TrustReuse => Sentence::TrustCopied(named_client(t, entry)),
        Event::StepUp if !succeeded => Sentence::ConfirmFailed,
        Event::StepUp => match way {
            None => Sentence::Confirmed,
            Some(Way::Passkey) => Sentence::ConfirmedWithPasskey(detail),
            Some(Way::Code(Code::App)) => Sentence::ConfirmedWithApp,
            Some(Way::Code(Code::Mail)) => Sentence::ConfirmedWithMail,
            Some(Way::Code(Code::Backup)) => Sentence::ConfirmedWithBackupCode(left),
        },
        Event::MfaVerify => match way {
            None => other(),
            Some(Way::Passkey) if succeeded => Sentence::SignedInWithPasskey(detail),
            Some(Way::Passkey) => Sentence::PasskeyRefused,
            Some(Way::Code(Code::App)) if succeeded => Sentence::SignedInWithApp,
            Some(Way::Code(Code::Mail)) if succeeded => Sentence::SignedInWithMail,
            Some(Way::Code(Code::Backup)) if succeeded => Sentence::SignedInWithBackupCode(left),
            Some(Way::Code(code)) if reason == Some("spent_code") => Sentence::CodeSpent(code),
            Some(Way::Code(code)) => Sentence::CodeWrong(code),
        },
        Event::PasskeyAdded if !succeeded => Sentence::PasskeyNotAdded,
        Event::PasskeyAdded => named(Sentence::PasskeyAdded),
        Event::PasskeyRenamed => named(Sentence::PasskeyRenamed),
        Event::PasskeyRemoved => named(Sentence::PasskeyRemoved),
        Event::PasskeyCounter => Sentence::PasskeyCounter,
        Event::MfaLocked => Sentence::CodesLocked,
        Event::MfaSuspended => Sentence::CodesSuspended,
        Event::MfaSetupStarted => of_method(Sentence::SetUpStarted),
        Event::MfaEnabled if method.is_none() => Sentence::MfaOn,
        Event::MfaEnabled => of_method(Sentence::MethodEnabled),
        Event::MfaDisabled if method.is_none() => Sentence::MfaOff,
        Event::MfaDisabled => of_method(Sentence::MethodDisabled),
        Event::MfaRemoved => of_method(Sentence::MethodRemoved),
        Event::MfaPrimary => Sentence::PrimaryChanged(method),
        Event::MfaReset if word == "administrator" => Sentence::MfaReset(detail),
        Event::MfaReset => Sentence::MfaResetByHolder,
        Event::BackupCodesCreated => Sentence::BackupCodesCreated,
        Event::PasswordChanged if succeeded => Sentence::PasswordChanged,
        Event::PasswordChanged => Sentence::PasswordChangeFailed,
        Event::PasswordChosen => Sentence::PasswordChosen,
        Event::ProfileChanged if detail.as_deref() == Some(LANGUAGE) => Sentence::LanguageChanged,
        Event::ProfileChanged => Sentence::ProfileChanged,
        Event::AccountCreated => Sentence::AccountCreated,
        Event::OrganizationCreated => Sentence::OrganizationCreated,
        Event::AddressChanged => named(Sentence::AddressChanged),
        Event::LinkCreated if word == "change_address" => Sentence::AddressAsked,
        Event::LinkCreated if !succeeded => Sentence::LinkRefused,
        Event::LinkCreated => Sentence::LinkIssued,
        Event::MagicLinkSent => Sentence::MailSent,
        Event::Refused => Sentence::Refused,
        Event::EnforceOn => enforced(t, entry).unwrap_or_else(other),
        Event::EnforceOff if entry.detail.as_deref() == Some("recommended") => {
            Sentence::Recommended
        }
        Event::EnforceOff => Sentence::EnforceOff,
        Event::OrganizationChanged => named(Sentence::OrganizationRenamed),
        Event::TrustDaysChanged => left.map_or_else(other, Sentence::TrustDaysChanged),
        Event::MemberReset => named(Sentence::MemberReset),
        Event::ResetAsked => Sentence::ResetAsked,
        Event::RoleChanged => {
            let role = detail.as_deref().and_then(Role::from_name);
            role.map_or_else(other, Sentence::RoleChanged)
        }
        Event::MemberChanged => named(Sentence::MemberChanged),
        Event::MemberRemoved => named(Sentence::MemberRemoved),
        Event::AccountRemoved | Event::DecryptFailed | Event::KeyRotated | Event::Restored => {
            other()
        }
    }
}

/// The browser that an entry is about.
fn named_client(t: &Messages, entry: &Happened) -> Option<String> {
    let agent = entry.detail.as_deref()?;
    client::name(t, agent)
}

/// What was asked of an organization: the instant, the methods, the days.
fn enforced(t: &Messages, entry: &Happened) -> Option<Sentence> {
    let mut parts = entry.detail.as_deref()?.split(' ');
    let from = DateTime::parse_from_rfc3339(parts.next()?).ok()?;
    let methods = parts.next()?.split(',').filter_map(Method::from_wire);
    Some(Sentence::EnforceOn {
        from: When::day(t, from.date_naive()).text,
        methods: methods.collect(),
        days: parts.next()?.parse().ok()?,
    })
}
