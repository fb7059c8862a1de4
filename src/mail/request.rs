//! What a mail says that somebody asked for: what to do, until when, and what if it was somebody else.

use askama::Template;
use chrono::NaiveDateTime;

use super::notice::Said;
use super::outbox::Occasion;
use super::place;
use crate::activity::Facts;
use crate::words::{Messages, When};

#[derive(Template)]
#[template(path = "email/request.txt")]
struct Text<'a>(&'a Words<'a>);

#[derive(Template)]
#[template(path = "email/request.html")]
struct Html<'a>(&'a Words<'a>);

struct Words<'a> {
    t: &'a Messages,
    subject: String,
    sentence: String,
    /// The page to open, and until when that leads anywhere.
    link: Option<(String, When)>,
    /// Where a new link is to be had; empty where it is elsewhere.
    again: String,
    /// The account, unless the mail may reach somebody who must not learn of it.
    account: &'a str,
    when: When,
    place: String,
    advice: String,
}

/// Renders a mail.
///
/// # Errors
///
/// A sentence for the log: our own mistake.
pub(super) fn say(
    t: &Messages,
    occasion: Occasion,
    facts: &Facts,
    recipient: &str,
    public_url: &str,
    link: Option<(String, NaiveDateTime)>,
) -> Result<Said, String> {
    let (subject, sentence, advice) = words(t, occasion, facts.detail.as_deref());
    let is_about_password = matches!(occasion, Occasion::PasswordLink | Occasion::Invitation);
    let words = Words {
        t,
        subject,
        sentence,
        link: link.map(|(path, until)| (format!("{public_url}{path}"), When::utc(t, until))),
        again: if is_about_password {
            format!("{public_url}/password")
        } else {
            String::new()
        },
        account: if is_about_password { recipient } else { "" },
        when: When::utc(t, facts.at),
        place: place(t, facts),
        advice,
    };
    let failed = |error: askama::Error| error.to_string();
    Ok(Said {
        text: Text(&words).render().map_err(failed)?,
        html: Html(&words).render().map_err(failed)?,
        subject: words.subject,
    })
}

/// Subject, sentence, and what to do about a mail that nobody expected.
fn words(t: &Messages, occasion: Occasion, organization: Option<&str>) -> (String, String, String) {
    match occasion {
        Occasion::PasswordLink => (
            t.text("mail-password-link"),
            t.text("mail-password-link-text"),
            t.text("mail-request-not-you"),
        ),
        Occasion::Invitation => (
            t.text("mail-invitation"),
            match organization {
                Some(name) => t.with("mail-invitation-organization-text", "organization", name),
                None => t.text("mail-invitation-text"),
            },
            match organization {
                Some(name) => t.with("mail-invitation-organization-ask", "organization", name),
                None => t.text("mail-invitation-ask"),
            },
        ),
        Occasion::AddressLink => (
            t.text("mail-address-link"),
            t.text("mail-address-link-text"),
            t.text("mail-request-not-you"),
        ),
        Occasion::AddressTaken => (
            t.text("mail-address-taken"),
            t.text("mail-address-taken-text"),
            t.text("mail-request-not-you"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(occasion: Occasion, organization: Option<&str>) -> Said {
        let facts = Facts {
            method: None,
            detail: organization.map(str::to_owned),
            at: chrono::DateTime::UNIX_EPOCH.naive_utc(),
            address: Some("203.0.113.7".into()),
            user_agent: Some("curl/8.5.0".into()),
        };
        let until = facts.at + chrono::TimeDelta::hours(1);
        let has_link = occasion != Occasion::AddressTaken;
        let link = has_link.then(|| ("/password/cs_ln_x".to_owned(), until));
        let (t, url) = (Messages::default(), "https://login.example.com");
        say(&t, occasion, &facts, "ada@example.com", url, link).unwrap()
    }

    /// The whole of every mail. Whoever changes a word sees here what it does to all of them.
    #[test]
    fn what_every_request_says() {
        let mut all = String::new();
        for occasion in Occasion::ALL {
            let organizations = match occasion {
                Occasion::Invitation => &[None, Some("Northwind")][..],
                _ => &[None],
            };
            for organization in organizations {
                let Said {
                    subject,
                    text,
                    html,
                } = said(occasion, *organization);
                let html = crate::mail::body(&html);
                all += &format!("===== {subject}\n{text}\n-----{html}\n\n");
            }
        }
        insta::assert_snapshot!(all);
    }

    #[test]
    fn every_occasion_has_its_words_and_its_link_stands_alone_on_a_line() {
        for occasion in Occasion::ALL {
            for organization in [None, Some("Northwind <b>\r\nBcc: eve@example.com")] {
                let said = said(occasion, organization);
                let address = "https://login.example.com/password/cs_ln_x";
                let has_link = occasion != Occasion::AddressTaken;
                let anchor = format!("<a href=\"{address}\">");
                assert_eq!(said.text.lines().any(|line| line == address), has_link);
                assert_eq!(said.html.contains(&anchor), has_link);
                assert_eq!(said.text.contains("1 Jan 1970, 01:00 UTC"), has_link);
                assert!(!said.text.contains("mail-") && !said.html.contains("mail-"));
                assert!(!said.subject.contains('\n') && !said.html.contains("<b>"));
                let names_account = said.text.contains("ada@example.com");
                let is_theirs = matches!(occasion, Occasion::PasswordLink | Occasion::Invitation);
                assert_eq!(names_account, is_theirs, "{occasion:?}");
            }
        }
    }
}
