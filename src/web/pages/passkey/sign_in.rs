//! Signing in with a passkey alone, and what a passkey answers to the second step and the step-up.

use super::{CredentialForm, signal_unknown, stale, to_script, unreadable};
use crate::accounts::sessions::SessionKind;
use crate::accounts::{Caller, Error, second_step, sign_in as rules};
use crate::mfa;
use crate::mfa::passkey::Assertion;
use crate::web::credential::AuthenticationCredential;
use crate::web::error::{PageError, Refusal};
use crate::web::pages::form::{NoFields, Posted, Rejected};
use crate::web::pages::sign_in::{self, LoginForm, adopt, after_sign_in};
use crate::web::pages::views::FormProblem;
use crate::web::pages::{PageResult, Visit, see_other};
/// The answer of an authenticator, out of the form's field.
pub(in crate::web::pages) fn assertion(credential: &str) -> Result<Assertion, Refusal> {
    let parsed: Option<AuthenticationCredential> = serde_json::from_str(credential).ok();
    parsed.ok_or_else(unreadable)?.read()
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
            Ok(see_other(&after_sign_in(
                &signed_in.caller,
                &form.return_to,
            )))
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

/// Why a passkey was refused, if it is something that a form can say; else a failure of the page. `wrong` is the
/// form's word for one that proves nothing.
pub(in crate::web::pages) fn refused(
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
            | mfa::Error::UnknownChallenge
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
