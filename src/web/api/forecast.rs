//! The lock-out forecast as programs read it, beside the status.

use serde::{Serialize, Serializer};

use crate::mfa::forecast::{Advice, Chance, Details, Forecast, forecast};
use crate::mfa::{Method, Status};

/// What would still let the account in if its holder lost their phone. Only what the status knows counts here: whether a
/// passkey is on the phone is not known, so it might be lost.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LockoutForecast {
    /// What does not depend on the phone.
    #[serde(serialize_with = "those_there_are")]
    #[schema(value_type = Vec<SignInWay>, example = json!(["BACKUP_CODE"]))]
    survives: Ways,
    /// What may have been on the phone, or have needed it.
    #[serde(serialize_with = "those_there_are")]
    #[schema(value_type = Vec<SignInWay>, example = json!([Method::Passkey]))]
    might_survive: Ways,
    /// The one thing that would make it better; absent when nothing is known to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LockoutAdvice>)]
    advice: Option<&'static str>,
}

/// The words of those there are; an array, so that the status costs no allocation more.
type Ways = [Option<&'static str>; 3];

/// The words for what finishes a sign-in.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(dead_code)] // only the document's
enum SignInWay {
    /// A link mailed to the account's address.
    MagicLink,
    /// A WebAuthn credential.
    Passkey,
    /// One of the backup codes.
    BackupCode,
}

/// The words for what makes a forecast better.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code)] // only the document's
enum LockoutAdvice {
    /// Create backup codes, and keep them.
    CreateBackupCodes,
    /// Add a passkey.
    AddPasskey,
    /// Set up the email link.
    AddMagicLink,
}

impl LockoutForecast {
    /// The forecast of an account; `None` where the password alone is enough.
    pub(super) fn of(status: &Status) -> Option<Self> {
        let forecast = forecast(status, Details::default())?;
        Some(Self {
            survives: those(&forecast, Chance::Sure),
            might_survive: those(&forecast, Chance::Unsure),
            advice: forecast.advice.map(|advice| match advice {
                Advice::CreateBackupCodes => "create_backup_codes",
                Advice::AddPasskey | Advice::AddDurablePasskey => "add_passkey",
                Advice::AddMagicLink => "add_magic_link",
            }),
        })
    }
}

fn those(forecast: &Forecast, chance: Chance) -> Ways {
    let word = |found: Option<Chance>, word| (found == Some(chance)).then_some(word);
    [
        word(forecast.magic_link, Method::MagicLink.wire()),
        word(forecast.passkey, Method::Passkey.wire()),
        word(forecast.backup_codes, "BACKUP_CODE"),
    ]
}

fn those_there_are<S: Serializer>(ways: &Ways, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ways.iter().flatten())
}
