//! The mail of an email link: the link, the same as a code, and what to do if nobody asked for it.

use std::time::Duration;

use askama::Template;
use tokio::time::timeout;

use super::mailer::{Failure, Letter};
use super::place;
use crate::activity::Facts;
use crate::app::App;
use crate::mfa::magic_link::{Mailed, Purpose};
use crate::words::{Messages, When};

/// How long somebody waits for a mail server: they have their answer within five seconds.
const PATIENCE: Duration = Duration::from_secs(4);

#[derive(Template)]
#[template(path = "email/link.txt")]
struct Text<'a>(&'a Said<'a>);

#[derive(Template)]
#[template(path = "email/link.html")]
struct Html<'a>(&'a Said<'a>);

struct Said<'a> {
    t: &'a Messages,
    subject: String,
    lead: String,
    account: &'a str,
    link: String,
    code: String,
    until: When,
    when: When,
    place: String,
    not_you: String,
    /// What the code belongs to, for browsers that fill it in: the host of the page that asks for it.
    host: String,
}

/// Sends an email link and waits until a mail server has it. `facts` say who asked; the language is
/// theirs.
///
/// # Errors
///
/// [`Failure::Unsure`] when it may arrive all the same.
pub async fn send_link(
    app: &App,
    mailed: &Mailed,
    facts: &Facts,
    language: Option<&str>,
) -> Result<(), Failure> {
    let t = Messages::of_reader(language);
    let letter = letter(app, &t, mailed, facts).map_err(Failure::Permanent)?;
    let late = |_| Failure::Unsure("the mail server takes too long".to_owned());
    timeout(PATIENCE, app.mailer.send(&letter))
        .await
        .map_err(late)?
}

fn letter(app: &App, t: &Messages, mailed: &Mailed, facts: &Facts) -> Result<Letter, String> {
    let (url, host) = (&app.config.public_url, app.config.public_url.host());
    let said = say(t, url.origin(), host, mailed, facts);
    let failed = |error: askama::Error| error.to_string();
    Ok(Letter {
        id: mailed.id.clone(),
        recipient: mailed.address.clone(),
        text: Text(&said).render().map_err(failed)?,
        html: Html(&said).render().map_err(failed)?,
        subject: said.subject,
    })
}

fn say<'a>(
    t: &'a Messages,
    public_url: &str,
    host: String,
    mailed: &'a Mailed,
    facts: &Facts,
) -> Said<'a> {
    let (path, subject, lead, not_you) = match mailed.purpose {
        Purpose::Prove => (
            "/login/link/",
            t.text("mail-link-sign-in-subject"),
            t.text("mail-link-sign-in-lead"),
            t.text("mail-link-sign-in-not-you"),
        ),
        Purpose::SetUp => (
            "/security/email/confirm/",
            t.text("mail-link-set-up-subject"),
            t.text("mail-link-set-up-lead"),
            t.text("mail-link-set-up-not-you"),
        ),
    };
    Said {
        t,
        subject,
        lead,
        account: &mailed.address,
        link: format!("{public_url}{path}{}", mailed.token.expose()),
        code: mailed.code.digits(),
        until: When::clock(t, mailed.expires_at),
        when: When::utc(t, facts.at),
        place: place(t, facts),
        not_you,
        host,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;
    use crate::crypto::token::{Kind, Token};
    use crate::mfa::Code;

    /// The whole of both mails. Whoever changes a word sees here what it does to them.
    #[test]
    fn what_every_email_link_says() {
        let at = DateTime::UNIX_EPOCH.naive_utc();
        let facts = Facts {
            method: None,
            detail: None,
            at,
            address: Some("203.0.113.7".into()),
            user_agent: Some("curl/8.5.0".into()),
        };
        let mut all = String::new();
        for purpose in [Purpose::Prove, Purpose::SetUp] {
            let mailed = Mailed {
                id: "a".into(),
                purpose,
                address: "ada@example.com".into(),
                token: Token::from_text(Kind::Link, &format!("cs_ln_{}", "A".repeat(43))).unwrap(),
                code: Code::parse("012345").unwrap(),
                expires_at: at + TimeDelta::minutes(10),
            };
            let (url, host) = ("https://login.example.com", "login.example.com".to_owned());
            let t = Messages::default();
            let said = say(&t, url, host, &mailed, &facts);
            let (text, html) = (Text(&said).render(), Html(&said).render());
            let (text, html) = (text.unwrap(), html.unwrap());
            assert_eq!(text.lines().last(), Some("@login.example.com #012345"));
            let html = crate::mail::body(&html);
            all += &format!("===== {}\n{text}\n-----{html}\n\n", said.subject);
        }
        insta::assert_snapshot!(all);
    }
}
