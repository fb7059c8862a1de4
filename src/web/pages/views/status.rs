//! The multi-factor status in words: which badge and which sentence belong to which facts. Not here: finding
//! the facts out, which is `mfa::status`.

use super::{When, methods};
use crate::mfa::Method;
use crate::words::Messages;

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
    /// What can be done about it.
    pub action: Option<Action>,
}

/// A step that a notice offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// The words on the link or button.
    pub text: String,
    /// Where it leads.
    pub href: &'static str,
    /// Whether that takes a form.
    pub post: bool,
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

/// What has to be pointed out. The first case that matches wins.
fn notice(t: &Messages, facts: &StatusFacts) -> Option<Notice> {
    let create_codes = |text| Action {
        text,
        href: "/security/codes",
        post: true,
    };
    let (tone, text, action) = if let (Some(reset), false) = (&facts.reset, facts.is_enabled) {
        (Tone::Warning, reset.sentence(t), set_up(t, facts))
    } else if facts.gate {
        return None;
    } else if let (Some(deadline), false) = (&facts.deadline, facts.is_enabled) {
        let action = set_up(t, facts).filter(|_| facts.saved_methods == 0);
        let organization = facts.organization.as_str();
        let date = &deadline.text;
        let text = match action {
            Some(_) => t.with2(
                "status-notice-deadline-set-up",
                "organization",
                organization,
                "date",
                date,
            ),
            None => t.with2(
                "status-notice-deadline",
                "organization",
                organization,
                "date",
                date,
            ),
        };
        (Tone::Warning, text, action)
    } else if let (Some(organization), false) = (&facts.recommended_by, facts.is_enabled) {
        let action = set_up(t, facts).filter(|_| facts.saved_methods == 0);
        let text = match action {
            Some(_) => t.with(
                "status-notice-recommended-set-up",
                "organization",
                organization,
            ),
            None => t.with("status-notice-recommended", "organization", organization),
        };
        (Tone::Neutral, text, action)
    } else if has_one_way(facts) {
        let action = create_codes(t.text("status-action-create-codes"));
        let text = t.text("status-notice-one-way");
        (Tone::Warning, text, Some(action))
    } else if let (Some(left @ 0..=3), true) = (facts.backup_codes_left, facts.is_enabled) {
        let text = t.text("status-action-new-codes");
        if left == 0 {
            let action = create_codes(text);
            let text = t.text("status-notice-codes-used-up");
            (Tone::Warning, text, Some(action))
        } else {
            // Some still work: the page behind the link says what becomes of them.
            let action = Action {
                text,
                href: "/security/codes/new",
                post: false,
            };
            let text = t.count("status-notice-codes-few", left);
            (Tone::Neutral, text, Some(action))
        }
    } else {
        return None;
    };
    Some(Notice { tone, text, action })
}

/// The way to a first method: the strongest that there is.
fn set_up(t: &Messages, facts: &StatusFacts) -> Option<Action> {
    let is_available = |method| facts.available_methods.contains(&method);
    let (href, post) = if is_available(Method::Passkey) {
        ("/security/passkeys/add", false)
    } else if is_available(Method::Totp) {
        ("/security/app", true)
    } else {
        return None;
    };
    Some(Action {
        text: t.text("status-action-set-up"),
        href,
        post,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(facts: StatusFacts) -> (String, String, Option<String>) {
        let header = StatusHeader::new(
            &Messages::default(),
            StatusFacts {
                organization: "Acme".into(),
                demanded_by: "Acme".into(),
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
    fn st_1_st_2_st_3_st_4_st_5_st_8_st_9_every_status_has_its_sentence() {
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
            (
                "On".into(),
                "You have one way to sign in.".into(),
                Some(
                    "If you lose it, you lose access. Add a second method or create backup codes."
                        .into()
                )
            )
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

    fn notice_of(facts: StatusFacts) -> (String, Option<(String, &'static str, bool)>) {
        let facts = StatusFacts {
            organization: "Acme".into(),
            demanded_by: "Acme".into(),
            available_methods: vec![Method::Totp],
            ..facts
        };
        let notice = StatusHeader::new(&Messages::default(), facts)
            .notice
            .unwrap();
        let action = notice
            .action
            .map(|action| (action.text, action.href, action.post));
        (notice.text, action)
    }

    #[test]
    fn st_6_st_7_st_10_every_notice_offers_what_can_be_done() {
        let day = || When {
            iso: "2027-01-01".into(),
            text: "1 Jan 2027".into(),
        };
        let deadline = StatusFacts {
            deadline: Some(day()),
            is_required: true,
            ..Default::default()
        };
        let set_up = Some(("Set up".to_owned(), "/security/app", true));
        assert_eq!(
            notice_of(deadline.clone()),
            (
                "Acme requires MFA from 1 Jan 2027. Set it up now; it takes about two minutes."
                    .into(),
                set_up.clone()
            )
        );
        let reset = |organization: Option<&str>| {
            notice_of(StatusFacts {
                reset: Some(Reset {
                    at: day(),
                    organization: organization.map(str::to_owned),
                }),
                ..deadline.clone()
            })
        };
        let (text, action) = reset(Some("Acme"));
        assert!(text.starts_with("An administrator of Acme reset your MFA on 1 Jan 2027."));
        assert_eq!(action, set_up);
        assert!(
            reset(None)
                .0
                .starts_with("Your MFA was reset on 1 Jan 2027")
        );
        let two = |left| StatusFacts {
            is_enabled: true,
            enabled_methods: vec![Method::Totp, Method::Passkey],
            primary_method: Some(Method::Passkey),
            backup_codes_left: Some(left),
            ..Default::default()
        };
        let new_codes = |href, post| Some(("Create new codes".to_owned(), href, post));
        assert_eq!(
            notice_of(two(0)),
            (
                "You have used all your backup codes.".into(),
                new_codes("/security/codes", true)
            )
        );
        assert_eq!(
            notice_of(two(1)),
            (
                "You have 1 backup code left.".into(),
                new_codes("/security/codes/new", false)
            )
        );
        assert_eq!(StatusHeader::new(&Messages::default(), two(4)).notice, None);
    }
}
