//! What a notice says: what happened, when, where, and what to do if it was somebody else. Never a secret, never a link that
//! signs in.

use askama::Template;

use super::place;
use crate::activity::{Event, Facts};
use crate::mfa::verify::BACKUP_CODE;
use crate::mfa::{Method, PRODUCT};
use crate::words::{Messages, When};

/// A notice, rendered.
pub(super) struct Said {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

#[derive(Template)]
#[template(path = "email/notice.txt")]
struct Text<'a>(&'a Notice<'a>);

#[derive(Template)]
#[template(path = "email/notice.html")]
struct Html<'a>(&'a Notice<'a>);

pub(super) struct Notice<'a> {
    pub(super) t: &'a Messages,
    pub(super) subject: String,
    pub(super) sentence: String,
    pub(super) account: &'a str,
    pub(super) when: When,
    pub(super) place: String,
    pub(super) advice: String,
    /// Where to look; empty where the reader may not get there any more.
    pub(super) link: String,
}

impl Notice<'_> {
    pub(super) fn render(self) -> Result<Said, String> {
        let failed = |error: askama::Error| error.to_string();
        Ok(Said {
            text: Text(&self).render().map_err(failed)?,
            html: Html(&self).render().map_err(failed)?,
            subject: self.subject,
        })
    }
}

/// Renders the notice about an event, `word` in the record.
///
/// # Errors
///
/// A sentence for the log, when there is nothing to say about it: our own mistake.
pub(super) fn say(
    t: &Messages,
    word: &str,
    facts: &Facts,
    account: &str,
    public_url: &str,
) -> Result<Said, String> {
    let event = Event::from_word(word).ok_or_else(|| format!("nothing is known of {word}"))?;
    let (subject, sentence) =
        words(t, event, facts).ok_or_else(|| format!("nothing is said about {word}"))?;
    // The old address opens nothing any more.
    let (advice, link) = if event == Event::AddressChanged {
        (t.text("mail-address-changed-not-you"), String::new())
    } else {
        (
            t.text("mail-not-you"),
            format!("{public_url}/security#activity"),
        )
    };
    Notice {
        t,
        subject,
        sentence,
        account,
        when: When::utc(t, facts.at),
        place: place(t, facts),
        advice,
        link,
    }
    .render()
}

/// Subject and sentence of an event. `None` for those that nobody is told of.
fn words(t: &Messages, event: Event, facts: &Facts) -> Option<(String, String)> {
    let method = facts.method.as_deref().unwrap_or_default();
    let named = facts.detail.clone().unwrap_or_default();
    let one = Method::from_column(method).map(|method| name(t, method));
    Some(match event {
        Event::NewDevice => (
            t.with("mail-new-device", "product", PRODUCT),
            t.text("mail-new-device-text"),
        ),
        Event::Unfinished => (t.text("mail-unfinished"), t.text("mail-unfinished-text")),
        Event::TrustGiven => {
            let days = facts.detail.as_deref()?.parse::<u32>().ok()?;
            (t.text("mail-trusted"), t.count("mail-trusted-text", days))
        }
        Event::TrustReuse => (
            t.text("mail-trust-copied"),
            t.text("mail-trust-copied-text"),
        ),
        Event::PasswordChanged => (
            t.text("mail-password-changed"),
            t.text("mail-password-changed-text"),
        ),
        Event::PasswordChosen => (
            t.text("mail-password-chosen"),
            t.text("mail-password-chosen-text"),
        ),
        Event::AddressChanged => (
            t.text("mail-address-changed"),
            t.with("mail-address-changed-text", "address", named),
        ),
        Event::MfaEnabled => match one {
            Some(method) => (
                t.with("mail-method-on", "method", &method),
                t.with("mail-method-on-text", "method", &method),
            ),
            None => (t.text("mail-mfa-on"), t.text("mail-mfa-on-text")),
        },
        Event::MfaDisabled => match one {
            Some(method) => (
                t.with("mail-method-off", "method", &method),
                t.with("mail-method-off-text", "method", &method),
            ),
            None => (t.text("mail-mfa-off"), t.text("mail-mfa-off-text")),
        },
        Event::MfaRemoved => (
            t.with("mail-method-removed", "method", one.as_ref()?),
            t.with("mail-method-removed-text", "method", one.as_ref()?),
        ),
        Event::MfaPrimary => (
            t.text("mail-primary"),
            t.with("mail-primary-text", "method", one.as_ref()?),
        ),
        Event::MfaReset if method == "administrator" => (
            t.text("mail-reset"),
            t.text("mail-reset-by-administrator-text"),
        ),
        Event::MfaReset => (t.text("mail-reset"), t.text("mail-reset-text")),
        Event::PasskeyAdded => (
            t.text("mail-passkey-added"),
            t.with("mail-passkey-added-text", "name", named),
        ),
        Event::PasskeyRemoved => (
            t.text("mail-passkey-removed"),
            t.with("mail-passkey-removed-text", "name", named),
        ),
        Event::PasskeyCounter => (
            t.text("mail-passkey-counter"),
            t.text("mail-passkey-counter-text"),
        ),
        Event::BackupCodesCreated => (
            t.text("mail-codes-created"),
            t.text("mail-codes-created-text"),
        ),
        Event::MfaVerify | Event::StepUp if method == BACKUP_CODE => {
            let left = facts.detail.as_deref()?.parse::<u32>().ok()?;
            (
                t.count("mail-code-used", left),
                t.count("mail-code-used-text", left),
            )
        }
        Event::MemberReset => (
            t.text("mail-member-reset"),
            t.with("mail-member-reset-text", "member", named),
        ),
        Event::ResetAsked => (t.text("mail-reset-asked"), t.text("mail-reset-asked-text")),
        Event::RoleChanged => (t.text("mail-role"), t.text("mail-role-text")),
        Event::AccountRemoved => (t.text("mail-removed"), t.text("mail-removed-text")),
        Event::MfaLocked => (t.text("mail-locked"), t.text("mail-locked-text")),
        Event::MfaSuspended => (t.text("mail-suspended"), t.text("mail-suspended-text")),
        Event::TokenReuse => (
            t.text("mail-token-reused"),
            t.text("mail-token-reused-text"),
        ),
        Event::SignIn
        | Event::PasswordAccepted
        | Event::TokenRevoked
        | Event::TrustRevoked
        | Event::SignOut
        | Event::StepUp
        | Event::MfaVerify
        | Event::ProfileChanged
        | Event::AccountCreated
        | Event::OrganizationCreated
        | Event::LinkCreated
        | Event::MagicLinkSent
        | Event::MfaSetupStarted
        | Event::PasskeyRenamed
        | Event::Refused
        | Event::EnforceOn
        | Event::EnforceOff
        | Event::OrganizationChanged
        | Event::TrustDaysChanged
        | Event::MemberChanged
        | Event::MemberRemoved
        | Event::DecryptFailed
        | Event::KeyRotated
        | Event::Restored => return None,
    })
}

fn name(t: &Messages, method: Method) -> String {
    match method {
        Method::Totp => t.text("method-app-name"),
        Method::MagicLink => t.text("method-email-name"),
        Method::Passkey => t.text("method-passkey-name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(method: Option<&str>, detail: Option<&str>) -> Facts {
        Facts {
            method: method.map(str::to_owned),
            detail: detail.map(str::to_owned),
            at: chrono::DateTime::UNIX_EPOCH.naive_utc(),
            address: Some("203.0.113.7".into()),
            user_agent: Some("curl/8.5.0".into()),
        }
    }

    fn said(word: &str, facts: &Facts) -> Said {
        let url = "https://login.example.com";
        say(&Messages::default(), word, facts, "ada@example.com", url).unwrap()
    }

    #[test]
    fn every_event_that_is_told_has_its_words() {
        for event in Event::ALL {
            for method in [
                None,
                Some("totp"),
                Some("backup_code"),
                Some("administrator"),
            ] {
                if !event.is_told(true, method) {
                    continue;
                }
                let of_one = matches!(event, Event::MfaRemoved | Event::MfaPrimary);
                if of_one && method != Some("totp") {
                    continue;
                }
                let facts = facts(method, Some("3"));
                let said = said(event.word(true), &facts);
                assert!(
                    !said.subject.is_empty() && !said.subject.starts_with("mail-"),
                    "{event:?}"
                );
                assert!(said.text.contains("1 Jan 1970, 00:00 UTC"), "{event:?}");
                let link = "https://login.example.com/security#activity";
                assert_eq!(
                    said.text.contains(link),
                    event != Event::AddressChanged,
                    "{event:?}"
                );
                assert!(
                    !said.text.contains("mail-") && !said.html.contains("mail-"),
                    "{event:?}"
                );
            }
        }
    }

    /// The whole of every mail. Whoever changes a word sees here what it does to all of them.
    #[test]
    fn what_every_notice_says() {
        let kinds: [(Event, Option<&str>, Option<&str>); 32] = [
            (Event::NewDevice, None, None),
            (Event::TrustGiven, None, Some("30")),
            (Event::TrustReuse, None, Some("curl/8.5.0")),
            (Event::Unfinished, None, None),
            (Event::PasswordChanged, None, None),
            (Event::PasswordChosen, None, None),
            (Event::AddressChanged, None, Some("new@example.com")),
            (Event::MfaEnabled, None, None),
            (Event::MfaEnabled, Some("totp"), None),
            (Event::MfaEnabled, Some("magic_link"), None),
            (Event::MfaDisabled, None, None),
            (Event::MfaDisabled, Some("passkey"), None),
            (Event::MfaRemoved, Some("totp"), None),
            (Event::MfaPrimary, Some("passkey"), None),
            (Event::MfaReset, None, None),
            (Event::MfaReset, Some("administrator"), None),
            (Event::ResetAsked, None, None),
            (
                Event::MemberReset,
                None,
                Some("bob@example.com: lost phone"),
            ),
            (Event::RoleChanged, None, Some("USER")),
            (Event::AccountRemoved, None, Some("Northwind")),
            (Event::PasskeyAdded, Some("passkey"), Some("Zoë's <phone>")),
            (
                Event::PasskeyRemoved,
                Some("passkey"),
                Some("Zoë's <phone>"),
            ),
            (Event::PasskeyCounter, Some("passkey"), None),
            (Event::BackupCodesCreated, None, None),
            (Event::MfaVerify, Some("backup_code"), Some("9")),
            (Event::MfaVerify, Some("backup_code"), Some("3")),
            (Event::MfaVerify, Some("backup_code"), Some("1")),
            (Event::StepUp, Some("backup_code"), Some("0")),
            (Event::MfaLocked, None, None),
            (Event::MfaSuspended, None, None),
            (Event::TokenReuse, None, None),
            (Event::PasswordChanged, None, None),
        ];
        let mut all = String::new();
        for (n, (event, method, detail)) in kinds.into_iter().enumerate() {
            let mut facts = facts(method, detail);
            if n == kinds.len() - 1 {
                // From the command line there is no place.
                (facts.address, facts.user_agent) = (None, None);
            }
            let Said {
                subject,
                text,
                html,
            } = said(event.word(true), &facts);
            all += &format!(
                "===== {subject}\n{text}\n-----{}\n\n",
                crate::mail::body(&html)
            );
        }
        for event in Event::ALL {
            let method = Some("backup_code");
            let is_told = event.is_told(true, method);
            assert!(
                !is_told || kinds.iter().any(|kind| kind.0 == event),
                "{event:?}"
            );
        }
        insta::assert_snapshot!(all);
    }

    #[test]
    fn a_mail_loads_nothing_and_is_readable_in_the_dark() {
        let said = said("mfa_enabled", &facts(Some("totp"), None));
        let head = said.html.split_once("<body>").unwrap().0;
        for word in ["http", "url(", "@import", "<link", "<script", "src="] {
            assert!(!head.contains(word), "{word}");
        }
        for word in ["<img", "<link", "src=", "background="] {
            assert!(!said.html.contains(word), "{word}");
        }
        assert!(head.contains("prefers-color-scheme:dark"));
    }

    #[test]
    fn a_name_cannot_break_out_of_the_page_or_the_subject() {
        let name = "\"><script>alert(1)</script>\r\nBcc: eve@example.com";
        let said = said("passkey_added", &facts(Some("passkey"), Some(name)));
        assert!(!said.html.contains("<script>"));
        assert!(!said.subject.contains('\n'));
    }
}
