//! What each rule's error is to a client. Exhaustive: a new error of a rule has to be thought about here.

use super::refusal::WrongCode;
use super::{Failure, Refusal};
use crate::crypto::password::HashError;
use crate::crypto::password_policy::PolicyError;
use crate::mfa::passkey::{MAX_NAME, MAX_PASSKEYS, NameProblem};
use crate::{accounts, db, mfa};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        if db::is_unavailable(&error) {
            log::warn!("the database could not be used: {error}");
            Self::Unavailable
        } else {
            Self::Internal(format!("database: {error}"))
        }
    }
}

impl From<mfa::Error> for Failure {
    fn from(error: mfa::Error) -> Self {
        use mfa::Error;
        let wrong = |left: mfa::Left, drift, is_spent| {
            Refusal::WrongCode(WrongCode {
                attempts_left: left.tries,
                locked_for: left.locked_for,
                drift,
                is_spent,
            })
            .into()
        };
        match error {
            Error::NotFound => Refusal::NotFound.into(),
            Error::NotAvailable => Refusal::NotAvailable.into(),
            Error::NotConfigured => Refusal::NotConfigured.into(),
            Error::NotEnabled | Error::NothingEnabled | Error::Suspended => {
                Refusal::NotEnabled.into()
            }
            Error::LastMethodRequired => Refusal::LastMethod.into(),
            Error::NoSetup => Refusal::SetupNotProved(None).into(),
            Error::WrongSetupCode { drift } => Refusal::SetupNotProved(drift).into(),
            Error::MalformedCode => {
                let sentence = "The code is six digits, or a backup code".to_owned();
                Refusal::BadRequest(sentence).into()
            }
            Error::WrongCode { left, drift } => wrong(left, drift, false),
            Error::SpentCode { left } => wrong(left, None, true),
            Error::PasskeyRefused(_)
            | Error::UnknownChallenge
            | Error::UnknownPasskey
            | Error::PasskeyCounter => Refusal::WrongPasskey.into(),
            Error::TooManyPasskeys => {
                let sentence =
                    format!("There are {MAX_PASSKEYS} passkeys, the most an account may have");
                Refusal::BadRequest(sentence).into()
            }
            Error::PasskeyName(problem) => Refusal::BadRequest(name_sentence(&problem)).into(),
            Error::Locked { wait } => Refusal::Locked(wait).into(),
            Error::UnknownValue(column) => {
                Self::Internal(format!("{column} holds a value that no rule knows"))
            }
            error @ (Error::Sealed(_) | Error::Internal(_)) => Self::Internal(error.to_string()),
            Error::Database(error) => error.into(),
        }
    }
}

fn name_sentence(problem: &NameProblem) -> String {
    match problem {
        NameProblem::Empty => "The name is empty".to_owned(),
        NameProblem::TooLong => format!("The name has more than {MAX_NAME} characters"),
        NameProblem::Taken(_) => "Another passkey of this account has that name".to_owned(),
    }
}

impl From<accounts::Error> for Failure {
    fn from(error: accounts::Error) -> Self {
        use accounts::Error;
        match error {
            Error::InvalidCredentials => Refusal::InvalidCredentials.into(),
            Error::WrongPassword => Refusal::WrongPassword.into(),
            Error::Throttled { retry_after } => Refusal::RateLimited(retry_after).into(),
            Error::Forbidden => Refusal::Forbidden.into(),
            Error::NoOrganization => Refusal::NoOrganization.into(),
            Error::OwnFactorNeeded => Refusal::OwnFactorNeeded.into(),
            Error::RoleConflict => Refusal::RoleConflict.into(),
            Error::Outdated => Refusal::Conflict.into(),
            Error::FactorOwed | Error::StrongProofOwed => Refusal::StepUpRequired.into(),
            Error::Policy(error) => Refusal::Policy(error).into(),
            Error::Field(name) => {
                Refusal::BadRequest(format!("The field \"{name}\" cannot be that")).into()
            }
            Error::EmailTaken => Refusal::Conflict.into(),
            Error::LinkSpent => Refusal::LinkSpent.into(),
            Error::InvalidToken => Refusal::InvalidToken.into(),
            Error::NotFound => Refusal::NotFound.into(),
            Error::EmailUnavailable => Refusal::EmailUnavailable.into(),
            Error::Hash(HashError::Busy { retry_after }) => Refusal::Busy(retry_after).into(),
            Error::Hash(HashError::TooLong) => Refusal::Policy(PolicyError::TooLong).into(),
            Error::Hash(error) => Self::Internal(format!("hashing: {error}")),
            Error::Crypto(error) => Self::Internal(format!("keys: {error}")),
            Error::Mfa(error) => error.into(),
            Error::Database(error) => error.into(),
        }
    }
}
