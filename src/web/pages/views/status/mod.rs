//! The multi-factor status in words: which badge and which sentence belong to which facts. Not here: finding
//! the facts out, which is `mfa::status`.

mod notice;
#[cfg(test)]
mod tests;

use self::notice::notice;
use super::{When, methods};
use crate::mfa::Method;
use crate::words::Messages;

pub use self::notice::Notice;

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

/// That somebody else removed every method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// When: `When::day`.
    pub at: When,
    /// The organization whose administrator it was; `None` for whoever runs the service.
    pub organization: Option<String>,
}

impl Reset {
    /// What its holder is told.
    pub fn sentence(&self, t: &Messages) -> String {
        let date = &self.at.text;
        match &self.organization {
            Some(organization) => {
                let name = organization.as_str();
                t.with2("status-notice-reset-by", "organization", name, "date", date)
            }
            None => t.with("status-notice-reset", "date", date),
        }
    }
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
    /// Methods that are set up, but switched off by their holder.
    pub saved_methods: u32,
    /// Methods that can be set up here and now (`isAvailable`).
    pub available_methods: Vec<Method>,
    /// A reset by somebody else, until a method is set up again.
    pub reset: Option<Reset>,
    /// A second factor is demanded now and no usable method is enabled.
    pub gate: bool,
    /// The later date from which it is demanded: `When::day`.
    pub deadline: Option<When>,
    /// `enforcedFrom`, as the API writes it.
    pub enforced_from: Option<String>,
    /// Who recommends it, and demands nothing: the organization's name.
    pub recommended_by: Option<String>,
    /// Who demands it, as a sentence begins: the organization's name.
    pub organization: String,
    /// The same inside a sentence.
    pub demanded_by: String,
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
        let notice = notice(t, &facts);
        let (tone, badge, sentence) = if facts.gate {
            (
                Tone::Danger,
                t.text("status-badge-needed"),
                t.with("status-needed", "organization", organization),
            )
        } else if let (Some(deadline), false) = (&facts.deadline, facts.is_enabled) {
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
        } else if has_one_way(&facts) {
            (
                Tone::Ok,
                t.text("status-badge-on"),
                t.text("status-one-way"),
            )
        } else if facts.is_required {
            (
                Tone::Ok,
                t.text("status-badge-on-required"),
                t.with("status-required", "organization", &facts.demanded_by),
            )
        } else {
            let primary = facts.primary_method.map_or_else(
                || t.text("status-method-any"),
                |method| methods::phrase(t, method),
            );
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

/// One method, and nothing for the day it is out of reach.
fn has_one_way(facts: &StatusFacts) -> bool {
    facts.is_enabled
        && facts.enabled_methods.len() == 1
        && facts.backup_codes_left.unwrap_or(0) == 0
}
