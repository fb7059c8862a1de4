//! The multi-factor status in words: which badge and which sentence belong to which facts. Not here: finding
//! the facts out, which is `mfa::status`.

use super::When;
use crate::mfa::Method;
use crate::web::messages::Messages;

/// What a badge or a notice says besides its words; decoration only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Ok,
    /// Neither good nor bad.
    Neutral,
    /// To be looked at.
    Warning,
    /// To be acted on.
    Danger,
}

impl Tone {
    /// The CSS class.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Neutral => "neutral",
            Self::Warning => "warn",
            Self::Danger => "danger",
        }
    }
}

/// The one notice a page can carry above its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Decoration.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

/// What `mfa::status` knows about the account, in the wire's words; the page shows it and repeats it in
/// `data-` attributes, so that a test can compare the page with the JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusFacts {
    /// `isEnabled`
    pub is_enabled: bool,
    /// `isRequired`
    pub is_required: bool,
    /// `isEnforced`
    pub is_enforced: bool,
    /// `enabledMethods`, wire words in wire order.
    pub enabled_methods: Vec<Method>,
    /// `primaryMethod`
    pub primary_method: Option<Method>,
    /// `sessionVerified`
    pub session_verified: bool,
    /// Backup codes left; `None` when no set was issued.
    pub backup_codes_left: Option<u32>,
    /// Methods that were set up, in use or not.
    pub saved_methods: u32,
    /// A second factor is demanded now and no usable method is enabled.
    pub gate: bool,
    /// The later date from which it is demanded: `When::day`.
    pub deadline: Option<When>,
    /// `enforcedFrom`, as the API writes it.
    pub enforced_from: Option<String>,
    /// Who demands it: the organization's name.
    pub organization: String,
}

/// The status as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusHeader {
    /// Where it came from.
    pub facts: StatusFacts,
    /// Decoration of the badge.
    pub tone: Tone,
    /// The word in the badge.
    pub badge: String,
    /// The sentence under the heading.
    pub sentence: String,
    /// What has to be pointed out, if anything.
    pub notice: Option<Notice>,
}

impl StatusHeader {
    /// The words for these facts. The first case that matches wins.
    pub fn new(t: &Messages, facts: StatusFacts) -> Self {
        let organization = facts.organization.as_str();
        let mut notice = None;
        let (tone, badge, sentence) = if facts.gate {
            (
                Tone::Danger,
                t.text("status-badge-needed"),
                t.with("status-needed", "organization", organization),
            )
        } else if let (Some(deadline), false) = (&facts.deadline, facts.is_enabled) {
            let text = t.with2(
                "status-notice-deadline",
                "organization",
                organization,
                "date",
                &deadline.text,
            );
            notice = Some(Notice {
                tone: Tone::Warning,
                text,
            });
            (
                Tone::Warning,
                t.with("status-badge-by", "date", &deadline.text),
                t.text("status-password-only"),
            )
        } else if !facts.is_enabled && facts.saved_methods > 0 {
            (
                Tone::Neutral,
                t.text("status-badge-off"),
                t.count("status-saved", facts.saved_methods),
            )
        } else if !facts.is_enabled {
            (
                Tone::Neutral,
                t.text("status-badge-off"),
                t.text("status-password-only"),
            )
        } else if facts.enabled_methods.len() == 1 && facts.backup_codes_left.unwrap_or(0) == 0 {
            (
                Tone::Ok,
                t.text("status-badge-on"),
                t.text("status-one-way"),
            )
        } else if facts.is_required {
            (
                Tone::Ok,
                t.text("status-badge-on-required"),
                t.with("status-required", "organization", organization),
            )
        } else {
            let primary = match facts.primary_method {
                Some(Method::Passkey) => t.text("status-method-passkey"),
                Some(Method::Totp) => t.text("status-method-app"),
                Some(Method::MagicLink) => t.text("status-method-email"),
                None => t.text("status-method-any"),
            };
            (
                Tone::Ok,
                t.text("status-badge-on"),
                t.with("status-on", "primary", primary),
            )
        };
        Self {
            facts,
            tone,
            badge,
            sentence,
            notice,
        }
    }

    /// The enabled methods for the `data-` attribute.
    pub fn methods(&self) -> String {
        let words: Vec<_> = self
            .facts
            .enabled_methods
            .iter()
            .map(|method| method.wire())
            .collect();
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(facts: StatusFacts) -> (String, String, Option<String>) {
        let header = StatusHeader::new(
            &Messages::default(),
            StatusFacts {
                organization: "Acme".into(),
                ..facts
            },
        );
        (
            header.badge,
            header.sentence,
            header.notice.map(|notice| notice.text),
        )
    }

    fn says(badge: &str, sentence: &str) -> (String, String, Option<String>) {
        (badge.into(), sentence.into(), None)
    }

    #[test]
    fn every_status_has_its_sentence() {
        assert_eq!(
            header(StatusFacts {
                gate: true,
                is_required: true,
                is_enforced: true,
                ..Default::default()
            }),
            says(
                "Set-up needed",
                "Acme requires MFA. Set up one method to continue."
            )
        );
        let deadline = When {
            iso: "2027-01-01".into(),
            text: "1 Jan 2027".into(),
        };
        assert_eq!(
            header(StatusFacts {
                deadline: Some(deadline),
                is_required: true,
                ..Default::default()
            }),
            (
                "Set up by 1 Jan 2027".into(),
                "Your account is protected by a password only.".into(),
                Some("Acme requires MFA from 1 Jan 2027.".into())
            )
        );
        assert_eq!(
            header(StatusFacts {
                saved_methods: 2,
                ..Default::default()
            }),
            says(
                "Off",
                "2 methods are saved, but you are not asked for them when you sign in."
            )
        );
        assert_eq!(
            header(StatusFacts::default()),
            says("Off", "Your account is protected by a password only.")
        );
        let one = StatusFacts {
            is_enabled: true,
            enabled_methods: vec![Method::Passkey],
            primary_method: Some(Method::Passkey),
            ..Default::default()
        };
        assert_eq!(
            header(one.clone()),
            says("On", "You have one way to sign in.")
        );
        let with_codes = StatusFacts {
            backup_codes_left: Some(9),
            ..one
        };
        assert_eq!(
            header(with_codes.clone()),
            says(
                "On",
                "You confirm it's you with a passkey after your password."
            )
        );
        assert_eq!(
            header(StatusFacts {
                is_required: true,
                ..with_codes
            }),
            says(
                "On, required",
                "You can change methods, but Acme does not allow turning MFA off."
            )
        );
    }
}
