//! The lock-out forecast in words.

use crate::mfa::forecast::{Advice, Chance, Details, Forecast, Kept};
use crate::words::Messages;

/// What a lost phone would leave, as the security page says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForecastText {
    /// What would still work.
    pub sentence: String,
    /// What would make it better.
    pub advice: Option<AdviceLink>,
}

/// What would make a forecast better, inside "To be safer, ...".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdviceLink {
    /// The words.
    pub text: String,
    /// Where it is done.
    pub href: &'static str,
    /// It is about backup codes.
    pub is_codes: bool,
}

impl ForecastText {
    /// The words for a forecast, and for what it was made with.
    pub fn new(t: &Messages, forecast: Forecast, details: Details) -> Self {
        let ways = ways(t, forecast, details);
        Self {
            sentence: match ways.is_empty() {
                true => t.text("security-forecast-none"),
                false => t.with("security-forecast", "ways", ways.join("; ")),
            },
            advice: forecast.advice.map(|advice| link(t, advice, details)),
        }
    }
}

fn ways(t: &Messages, forecast: Forecast, details: Details) -> Vec<String> {
    let passkey = forecast.passkey.map(|_| match details.passkey {
        Some(Kept::OnSecurityKey) => t.text("security-forecast-key"),
        Some(Kept::InBackup) => t.text("security-forecast-passkey"),
        Some(Kept::OnOneDevice) | None => t.text("security-forecast-passkey-maybe"),
    });
    let codes = forecast.backup_codes.map(|chance| match chance {
        Chance::Sure => t.text("security-forecast-codes"),
        Chance::Unsure => t.text("security-forecast-codes-maybe"),
    });
    let email = forecast
        .magic_link
        .map(|_| t.text("security-forecast-email-maybe"));
    [passkey, codes, email].into_iter().flatten().collect()
}

fn link(t: &Messages, advice: Advice, details: Details) -> AdviceLink {
    let (text, href) = match advice {
        Advice::CreateBackupCodes if details.are_codes_unsaved => {
            (t.text("security-forecast-save-codes"), "#codes")
        }
        Advice::CreateBackupCodes => (t.text("security-forecast-create-codes"), "#codes"),
        Advice::AddPasskey => (
            t.text("security-forecast-add-passkey"),
            "/security/passkeys/add",
        ),
        Advice::AddDurablePasskey => (
            t.text("security-forecast-add-durable"),
            "/security/passkeys/add",
        ),
        Advice::AddMagicLink => (t.text("security-forecast-add-email"), "#email"),
    };
    AdviceLink {
        text,
        href,
        is_codes: advice == Advice::CreateBackupCodes,
    }
}
