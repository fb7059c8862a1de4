//! `/login/verify`: the second step of a sign-in. What the step-up page shares with it stands here too: which
//! ways an account has, and how a refused code is told.

use actix_web::web;
use serde::Deserialize;

use super::form::{Posted, Rejected};
use super::trusted_browsers::Ticked;
use super::views::{Code, FormProblem, SecondStep, VerifyPage, Way, masked};
use super::{
    PageResult, Visit, gate, local_path, passkey, render_form, see_other, sign_in, trusted_browsers,
};
use crate::accounts::second_step;
use crate::accounts::{Access, Caller, Error};
use crate::mfa::Method;
use crate::web::error::{Failure, PageError};

#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    #[serde(default)]
    method: String,
    #[serde(default)]
    return_to: String,
    #[serde(default)]
    trust: Ticked,
}

#[derive(Deserialize)]
pub(in crate::web) struct CodeForm {
    #[serde(default)]
    method: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    credential: String,
    #[serde(default)]
    return_to: String,
    #[serde(default)]
    trust: Ticked,
}

/// `GET /login/verify`
pub(in crate::web) async fn show(visit: Visit, query: web::Query<Asked>) -> PageResult {
    if let Some(elsewhere) = elsewhere(visit.caller()?, &query.return_to) {
        return Ok(see_other(&elsewhere));
    }
    let query = query.into_inner();
    page(&visit, &query.method, &query.return_to, query.trust, None).await
}

/// `POST /login/verify`
pub(in crate::web) async fn submit(visit: Visit, posted: Posted<CodeForm>) -> PageResult {
    let form = match posted {
        Posted::Genuine(form) => form,
        Posted::Stale(form) => {
            let rejected = Rejected::stale();
            return again(&visit, &form, &rejected).await;
        }
    };
    // Proved already, perhaps in another tab: nothing to spend a code on.
    if let Some(elsewhere) = elsewhere(visit.caller()?, &form.return_to) {
        return Ok(see_other(&elsewhere));
    }
    let wants_trust = form.trust.is_on();
    match verify(
        &visit,
        &form.method,
        &form.code,
        &form.credential,
        wants_trust,
    )
    .await?
    {
        Ok(()) => Ok(see_other(&gate::landing(
            &visit.caller()?.status,
            &form.return_to,
        ))),
        Err(rejected) => again(&visit, &form, &rejected).await,
    }
}

async fn again(visit: &Visit, form: &CodeForm, rejected: &Rejected) -> PageResult {
    let (method, return_to) = (&form.method, &form.return_to);
    page(visit, method, return_to, form.trust, Some(rejected)).await
}

/// Where somebody belongs who owes nothing.
fn elsewhere(caller: &Caller, return_to: &str) -> Option<String> {
    match caller.access {
        Access::FactorOwed => None,
        Access::MustEnrol => Some(gate::gate(return_to)),
        Access::Full => Some(local_path::or(return_to, sign_in::LANDING).to_owned()),
    }
}

pub(super) async fn page(
    visit: &Visit,
    method: &str,
    return_to: &str,
    trust: Ticked,
    rejected: Option<&Rejected>,
) -> PageResult {
    let page = VerifyPage {
        frame: visit.frame_for(rejected)?,
        step: SecondStep {
            trust: trusted_browsers::offer(visit, trust),
            ..step(visit, method, ways(visit.caller()?)).await?
        },
        return_to: local_path::or(return_to, "").to_owned(),
    };
    render_form(rejected, &page)
}

/// Answers in the way of this word, with what was typed or with what the browser said, and gives the browser what that
/// buys; and trust, where that is wanted and allowed. The inner error is what the form says.
pub(super) async fn verify(
    visit: &Visit,
    method: &str,
    typed: &str,
    credential: &str,
    wants_trust: bool,
) -> Result<Result<(), Rejected>, PageError> {
    match Way::from_word(method).unwrap_or(Way::Code(Code::App)) {
        Way::Passkey => verify_passkey(visit, credential, wants_trust).await,
        Way::Code(code) => verify_code(visit, code, typed, wants_trust).await,
    }
}

async fn verify_passkey(
    visit: &Visit,
    credential: &str,
    wants_trust: bool,
) -> Result<Result<(), Rejected>, PageError> {
    let wrong = FormProblem::PasskeyRefusedHere;
    let Ok(assertion) = passkey::assertion(credential) else {
        return Ok(Err(Rejected::fields(vec![wrong])));
    };
    let (origin, caller) = (visit.origin(), visit.caller()?);
    match second_step::verify_passkey(&visit.app, &origin, caller, assertion, wants_trust).await {
        Ok(verified) => Ok(Ok(gate::renew(visit, &verified.tokens)?)),
        Err(error) => Ok(Err(passkey::refused(visit, error, wrong)?)),
    }
}

pub(super) async fn verify_code(
    visit: &Visit,
    way: Code,
    typed: &str,
    wants_trust: bool,
) -> Result<Result<(), Rejected>, PageError> {
    let method = match way {
        Code::App => Some(Method::Totp),
        Code::Mail => Some(Method::MagicLink),
        Code::Backup => None,
    };
    let (app, origin, caller) = (&visit.app, visit.origin(), visit.caller()?);
    let verified = second_step::verify(app, &origin, caller, method, typed, wants_trust).await;
    match verified {
        Ok(verified) => {
            gate::renew(visit, &verified.tokens)?;
            if let Some(left) = verified.backup_codes_left {
                visit.cookie.leave_code_used(left)?;
            }
            Ok(Ok(()))
        }
        Err(Error::Throttled { retry_after }) => {
            let problem = FormProblem::CodeThrottled(visit.until(retry_after));
            Ok(Err(Rejected::throttled(retry_after, problem)))
        }
        Err(Error::Mfa(error)) => Ok(Err(Rejected::by_code(visit, error, way, typed)?)),
        Err(error) => Ok(Err(Rejected::by_rule(visit, error, way.malformed(typed))?)),
    }
}

/// What the page asks for, and what else there is, of these ways. Opens on what was asked for, else on the primary method.
pub(super) async fn step(
    visit: &Visit,
    asked: &str,
    ways: Vec<Way>,
) -> Result<SecondStep, Failure> {
    let caller = visit.caller()?;
    let primary = caller.status.offered_first().map(|method| match method {
        Method::Totp => Way::Code(Code::App),
        Method::MagicLink => Way::Code(Code::Mail),
        Method::Passkey => Way::Passkey,
    });
    let open = Way::from_word(asked)
        .into_iter()
        .chain(primary)
        .chain(ways.iter().copied())
        .find(|way| ways.contains(way));
    let passkeys = match open {
        Some(Way::Passkey) => passkey::list(visit).await?,
        Some(Way::Code(_)) | None => Vec::new(),
    };
    Ok(SecondStep {
        open,
        others: ways
            .iter()
            .copied()
            .filter(|way| Some(*way) != open)
            .collect(),
        passkeys: passkeys.into_iter().map(|passkey| passkey.name).collect(),
        address: masked(&caller.user.email),
        is_mailbox_alone: caller.status.password_by_mail && ways == [Way::Code(Code::Mail)],
        trust: None,
    })
}

/// The ways that an account has.
pub(super) fn ways(caller: &Caller) -> Vec<Way> {
    let offered = caller.status.offered_methods();
    Way::ALL
        .into_iter()
        .filter(|way| match way {
            Way::Passkey => offered.contains(&Method::Passkey),
            Way::Code(Code::App) => offered.contains(&Method::Totp),
            Way::Code(Code::Mail) => offered.contains(&Method::MagicLink),
            Way::Code(Code::Backup) => caller.status.has_backup_codes(),
        })
        .collect()
}
