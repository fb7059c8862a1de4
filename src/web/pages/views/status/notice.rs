//! The one notice above a page's heading: what has to be pointed out, and what can be done about it.

use super::{StatusFacts, Tone, has_one_way};
use crate::mfa::Method;
use crate::words::Messages;

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

/// What has to be pointed out. The first case that matches wins.
pub(super) fn notice(t: &Messages, facts: &StatusFacts) -> Option<Notice> {
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
