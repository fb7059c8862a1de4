//! The mail to a member about what their organization requires: leaving it, and what it says.

use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use super::notice::Said;
use crate::db::Conn;
use crate::db::mails::{self, Mail};
use crate::db::users::User;
use crate::words::{Messages, When};

/// `mails.event` of these mails.
pub(super) const EVENT: &str = "mfa_required";

/// What a member is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Announcement {
    /// The organization's name.
    pub organization: String,
    /// When the requirement comes into force for this member.
    pub comes_at: NaiveDateTime,
    /// The member has a method that counts.
    pub is_ready: bool,
}

#[derive(Template)]
#[template(path = "email/requirement.txt")]
struct Text<'a>(&'a Words<'a>);

#[derive(Template)]
#[template(path = "email/requirement.html")]
struct Html<'a>(&'a Words<'a>);

struct Words<'a> {
    t: &'a Messages,
    subject: String,
    sentence: String,
    /// What to do, and where; nothing for whoever is ready.
    page: Option<String>,
    account: &'a str,
    ask: String,
}

/// Leaves the mail to be sent, in the caller's transaction.
pub fn announce(
    conn: &mut Conn,
    member: &User,
    announcement: &Announcement,
    now: NaiveDateTime,
) -> QueryResult<()> {
    let mail = Mail::new(&member.email, EVENT, announcement, now)?;
    mails::insert(conn, mail, Some(&member.id))
}

/// Renders a mail.
///
/// # Errors
///
/// A sentence for the log: our own mistake.
pub(super) fn say(
    t: &Messages,
    mail: &Mail,
    public_url: &str,
    now: NaiveDateTime,
) -> Result<Said, String> {
    let told: Announcement =
        serde_json::from_str(&mail.params).map_err(|error| error.to_string())?;
    let from = When::utc(t, told.comes_at);
    let organization = told.organization.as_str();
    let (subject, sentence) = if told.comes_at <= now {
        (
            t.text("mail-required-now"),
            t.with("mail-required-now-text", "organization", organization),
        )
    } else {
        (
            t.with(
                "mail-required",
                "date",
                When::day(t, told.comes_at.date()).text,
            ),
            t.with2(
                "mail-required-text",
                "organization",
                organization,
                "time",
                &from.text,
            ),
        )
    };
    let words = Words {
        t,
        subject,
        sentence,
        page: (!told.is_ready).then(|| format!("{public_url}/security")),
        account: &mail.recipient,
        ask: t.with("mail-required-ask", "organization", organization),
    };
    let failed = |error: askama::Error| error.to_string();
    Ok(Said {
        text: Text(&words).render().map_err(failed)?,
        html: Html(&words).render().map_err(failed)?,
        subject: words.subject,
    })
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    /// The whole of every mail. Whoever changes a word sees here what it does to all of them.
    #[test]
    fn what_every_announcement_says() {
        let now = DateTime::UNIX_EPOCH.naive_utc();
        let mut all = String::new();
        for (comes_at, is_ready) in [
            (now + TimeDelta::days(14), false),
            (now + TimeDelta::days(14), true),
            (now, false),
            (now, true),
        ] {
            let announcement = Announcement {
                organization: "Northwind <b>".into(),
                comes_at,
                is_ready,
            };
            let mail = Mail::new("ada@example.com", EVENT, &announcement, now).unwrap();
            let url = "https://login.example.com";
            let said = say(&Messages::default(), &mail, url, now).unwrap();
            assert!(!said.html.contains("<b>"));
            all += &format!(
                "===== {}\n{}\n-----{}\n\n",
                said.subject,
                said.text,
                crate::mail::body(&said.html)
            );
        }
        insta::assert_snapshot!(all);
    }
}
