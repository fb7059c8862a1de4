//! The mail to administrators about a member who can't prove who they are: leaving it, and what it says.

use chrono::NaiveDateTime;
use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use super::notice::{Notice, Said};
use super::place;
use crate::activity::{Facts, Origin};
use crate::db::Conn;
use crate::db::mails::{self, Mail};
use crate::db::members::Addressee;
use crate::db::users::User;
use crate::words::{Messages, When};

/// `mails.event` of these mails.
pub(super) const EVENT: &str = "reset_requested";

#[derive(Serialize, Deserialize)]
struct Request {
    user_id: String,
    name: String,
    email: String,
    facts: Facts,
}

/// Leaves the mail to each of these administrators, in the caller's transaction.
pub fn ask(
    conn: &mut Conn,
    administrators: &[Addressee],
    origin: &Origin,
    member: &User,
    now: NaiveDateTime,
) -> QueryResult<()> {
    let request = Request {
        user_id: member.id.clone(),
        name: member.full_name(),
        email: member.email.clone(),
        facts: Facts {
            method: None,
            detail: None,
            at: now,
            // Whoever administers sees no address of anybody.
            address: None,
            user_agent: origin.user_agent.clone(),
        },
    };
    for administrator in administrators {
        let mail = Mail::new(&administrator.email, EVENT, &request, now)?;
        mails::insert(conn, mail, Some(&administrator.id))?;
    }
    Ok(())
}

/// Renders a mail.
///
/// # Errors
///
/// A sentence for the log: our own mistake.
pub(super) fn say(t: &Messages, mail: &Mail, public_url: &str) -> Result<Said, String> {
    let request: Request = serde_json::from_str(&mail.params).map_err(|error| error.to_string())?;
    Notice {
        t,
        subject: t.with("mail-reset-requested", "name", &request.name),
        sentence: t.with2(
            "mail-reset-requested-text",
            "name",
            &request.name,
            "email",
            &request.email,
        ),
        account: &request.email,
        when: When::utc(t, request.facts.at),
        place: place(t, &request.facts),
        advice: t.text("mail-reset-requested-check"),
        link: format!("{public_url}/admin/members/{}", request.user_id),
    }
    .render()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn what_administrators_read() {
        let now = DateTime::UNIX_EPOCH.naive_utc();
        let request = Request {
            user_id: "019a9d5e".into(),
            name: "Grace <b>Hopper".into(),
            email: "grace@example.com".into(),
            facts: Facts {
                method: None,
                detail: None,
                at: now,
                address: Some("203.0.113.7".into()),
                user_agent: Some("curl/8.5.0".into()),
            },
        };
        let mail = Mail::new("ada@example.com", EVENT, &request, now).unwrap();
        let url = "https://login.example.com";
        let said = say(&Messages::default(), &mail, url).unwrap();
        insta::assert_snapshot!(format!(
            "===== {}\n{}\n-----{}",
            said.subject,
            said.text,
            crate::mail::body(&said.html)
        ));
    }
}
