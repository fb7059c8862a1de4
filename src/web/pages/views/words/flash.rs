//! What just worked.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::super::methods;
use crate::mfa::Method;
use crate::words::Messages;

/// What just worked, for the line at the top of the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flash {
    /// On /login after signing out.
    SignedOut,
    /// On /login after a one-time password link was used.
    PasswordChosen,
    /// On /login after a link was asked for; the address as typed.
    PasswordLinkAsked(String),
    /// On /security after a new address was typed; that address.
    AddressLinkAsked(String),
    /// On /security after a new address was confirmed; that address.
    AddressChanged(String),
    /// On /security after the password form.
    PasswordChanged,
    /// On /security after the welcome form; the organization's name.
    OrganizationCreated(String),
    /// On the page the person was sent back to after the step-up.
    Confirmed,
    /// On /security; the device's name as its row showed it.
    DeviceSignedOut(String),
    /// On /security; how many.
    OthersSignedOut(usize),
    /// On /security: this browser is not trusted any more.
    TrustStopped(String),
    /// On /security/codes: the app works, and it turned multi-factor authentication on.
    AppFirst,
    /// On /security: the app works, besides other methods.
    AppOn,
    /// On /security: another app took the place of the one before.
    AppReplaced,
    /// On /security: the app was removed, and what is asked for first stays.
    AppRemoved,
    /// On /security: the app was removed, and this method is asked for first from now on.
    AppRemovedNext(#[serde(deserialize_with = "method")] Method),
    /// On /security: the app was the last method and is removed.
    AppRemovedLast,
    /// On /security/app: the set-up that was shown ran out.
    AppSetUpExpired,
    /// On /security/codes: the email link works, and it turned multi-factor authentication on.
    MailFirst,
    /// On /security: the email link works, besides other methods.
    MailOn,
    /// On /security: the email link was removed, and what is asked for first stays.
    MailRemoved,
    /// On /security: the email link was removed, and this method is asked for first from now on.
    MailRemovedNext(#[serde(deserialize_with = "method")] Method),
    /// On /security: the email link was the last method and is removed.
    MailRemovedLast,
    /// On /security/passkeys/{id}/name: it turned multi-factor authentication on.
    PasskeyFirst,
    /// On /security/passkeys/{id}/name: it was added besides other methods.
    PasskeyAdded,
    /// On the page after naming; its name.
    PasskeyNamed(String),
    /// On /security: the passkey of this name was removed, and what is asked for first stays.
    PasskeyRemoved(String),
    /// On /security: it was the last passkey, and this method is asked for first from now on.
    PasskeyRemovedNext(String, #[serde(deserialize_with = "method")] Method),
    /// On /security: it was the last method.
    PasskeyRemovedLast(String),
    /// On /security/codes.
    CodesCreated,
    /// On /security.
    CodesSaved,
    /// On /security; the method that is asked for first from now on.
    PrimaryChanged(#[serde(deserialize_with = "method")] Method),
    /// On /security: another language was chosen.
    LanguageChanged,
    /// On /security: the saved methods are in use again.
    MfaOn,
    /// On /security: no method is in use, all stay saved.
    MfaOff,
    /// On /admin: a second factor is required, from now on.
    Required,
    /// On /admin: the same from this day.
    RequiredFrom(String),
    /// On /admin: something about it is new that nobody is told of.
    RequirementSaved,
    /// On /admin: it is what it was.
    RequirementKept,
    /// On /admin: it is recommended.
    Recommended,
    /// On /admin: nothing is asked of members any more.
    NotRequired,
    /// On /admin: for how many days members may have a browser trusted.
    TrustDays(i32),
    /// On the member's page after a reset; the member's name.
    MemberReset(String),
    /// On /login/recover after the administrators were asked.
    ResetAsked,
    /// The same, and they were asked before that day.
    ResetAskedBefore,
}

fn method<'de, D: Deserializer<'de>>(from: D) -> Result<Method, D::Error> {
    let word = String::deserialize(from)?;
    Method::from_wire(&word).ok_or_else(|| D::Error::custom("no such method"))
}

impl Flash {
    /// Whether the focus goes to it: what the person looked at before is gone.
    pub const fn takes_focus(&self) -> bool {
        matches!(
            self,
            Self::PasskeyRemoved(_) | Self::PasskeyRemovedNext(..) | Self::PasskeyRemovedLast(_)
        )
    }

    /// The sentence.
    pub fn text(&self, t: &Messages) -> String {
        match self {
            Self::SignedOut => t.text("flash-signed-out"),
            Self::PasswordChosen => t.text("flash-password-chosen"),
            Self::PasswordChanged => t.text("flash-password-changed"),
            Self::PasswordLinkAsked(address) => {
                t.with("flash-password-link-asked", "address", address)
            }
            Self::AddressLinkAsked(address) => {
                t.with("flash-address-link-asked", "address", address)
            }
            Self::AddressChanged(address) => t.with("flash-address-changed", "address", address),
            Self::OrganizationCreated(name) => {
                t.with("flash-organization-created", "organization", name)
            }
            Self::Confirmed => t.text("flash-confirmed"),
            Self::DeviceSignedOut(name) => t.with("flash-device-signed-out", "device", name),
            Self::OthersSignedOut(count) => t.count("flash-others-signed-out", count),
            Self::TrustStopped(name) => t.with("flash-trust-stopped", "browser", name),
            Self::AppFirst => t.text("flash-app-first"),
            Self::AppOn => t.text("flash-app-on"),
            Self::AppReplaced => t.text("flash-app-replaced"),
            Self::AppRemoved => t.text("flash-app-removed"),
            Self::AppRemovedNext(next) => {
                let next = methods::phrase(t, *next);
                t.with("flash-app-removed-next", "method", next)
            }
            Self::AppRemovedLast => t.text("flash-app-removed-last"),
            Self::AppSetUpExpired => t.text("flash-app-set-up-expired"),
            Self::MailFirst => t.text("flash-email-first"),
            Self::MailOn => t.text("flash-email-on"),
            Self::MailRemoved => t.text("flash-email-removed"),
            Self::MailRemovedNext(next) => {
                let next = methods::phrase(t, *next);
                t.with("flash-email-removed-next", "method", next)
            }
            Self::MailRemovedLast => t.text("flash-email-removed-last"),
            Self::PasskeyFirst => t.text("flash-passkey-first"),
            Self::PasskeyAdded => t.text("flash-passkey-added"),
            Self::PasskeyNamed(name) => t.with("flash-passkey-named", "name", name),
            Self::PasskeyRemoved(name) => t.with("flash-passkey-removed", "name", name),
            Self::PasskeyRemovedNext(name, next) => {
                let next = methods::phrase(t, *next);
                t.with2("flash-passkey-removed-next", "name", name, "method", next)
            }
            Self::PasskeyRemovedLast(name) => t.with("flash-passkey-removed-last", "name", name),
            Self::CodesCreated => t.text("flash-codes-created"),
            Self::CodesSaved => t.text("flash-codes-saved"),
            Self::PrimaryChanged(method) => {
                let method = methods::phrase(t, *method);
                t.with("flash-primary-changed", "method", method)
            }
            Self::LanguageChanged => t.text("flash-language-changed"),
            Self::MfaOn => t.text("flash-mfa-on"),
            Self::MfaOff => t.text("flash-mfa-off"),
            Self::Required => t.text("flash-required"),
            Self::RequiredFrom(date) => t.with("flash-required-from", "date", date),
            Self::RequirementSaved => t.text("flash-requirement-saved"),
            Self::RequirementKept => t.text("flash-requirement-kept"),
            Self::Recommended => t.text("flash-recommended"),
            Self::NotRequired => t.text("flash-not-required"),
            Self::TrustDays(days) => t.count("flash-trust-days", days),
            Self::ResetAsked => t.text("flash-reset-asked"),
            Self::ResetAskedBefore => t.text("flash-reset-asked-before"),
            Self::MemberReset(name) => t.with("flash-member-reset", "name", name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_survives_the_cookie() {
        for flash in [
            Flash::AppRemovedNext(Method::Passkey),
            Flash::PrimaryChanged(Method::Totp),
            Flash::MfaOff,
        ] {
            let kept = serde_json::to_string(&flash).unwrap();
            assert_eq!(serde_json::from_str::<Flash>(&kept).unwrap(), flash);
        }
    }
}
