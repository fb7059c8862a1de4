//! The pages of email links: waiting for one, the page behind one, and setting the method up.

use askama::Template;
use url::form_urlencoded;

use super::{TrustBox, When};
use crate::web::pages::frame::Frame;
use crate::words::Messages;

/// What an email link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailPurpose {
    /// It finishes a sign-in.
    SignIn,
    /// It proves again in a complete session that it is you.
    Confirm,
    /// It sets the method up.
    SetUp,
}

/// An address as somebody who knows it recognises it: "a****@example.com".
pub fn masked(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((local, host)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}****@{host}")
        }
        None => "****".to_owned(),
    }
}

/// "Check your email", at `/login/link` and `/security/email`: a code can be typed here, and another mail sent. Both forms
/// post below the page's own URL.
#[derive(Template)]
#[template(path = "email_wait.html")]
pub struct EmailWaitPage {
    /// The shared part.
    pub frame: Frame,
    /// What it is for.
    pub purpose: MailPurpose,
    /// Where the mail went, masked.
    pub address: String,
    /// Until when it works: `When::clock`.
    pub until: When,
    /// Where the sign-in leads; checked by the handler, may be empty.
    pub return_to: String,
    /// Whether it turns multi-factor authentication on.
    pub turns_on: bool,
    /// The box, at a sign-in where it may be ticked.
    pub trust: Option<TrustBox>,
    /// Where giving a set-up up leads.
    pub back: &'static str,
}

impl EmailWaitPage {
    /// Where the page is, which its forms post to and below.
    pub fn url(&self) -> &'static str {
        match self.purpose {
            MailPurpose::SignIn | MailPurpose::Confirm => "/login/link",
            MailPurpose::SetUp => "/security/email",
        }
    }

    /// The button below the code.
    pub fn button(&self) -> String {
        button(&self.frame.t, self.purpose)
    }

    /// Whether the page looks by itself whether the link was opened.
    pub fn polls(&self) -> bool {
        self.purpose != MailPurpose::SetUp
    }

    /// Where there is another way to do the same.
    pub fn other(&self) -> &'static str {
        match self.purpose {
            MailPurpose::SignIn => "/login/verify",
            MailPurpose::Confirm => "/confirm",
            MailPurpose::SetUp => self.back,
        }
    }

    /// What of this page goes along: where the sign-in leads, and the box.
    pub fn other_query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let key = match self.purpose {
            MailPurpose::Confirm => "next",
            MailPurpose::SignIn | MailPurpose::SetUp => "return_to",
        };
        if !self.return_to.is_empty() {
            query.append_pair(key, &self.return_to);
        }
        if self.wants_trust() {
            query.append_pair("trust", TrustBox::ON);
        }
        match query.finish() {
            query if query.is_empty() => query,
            query => format!("?{query}"),
        }
    }

    /// Whether the box is ticked.
    pub fn wants_trust(&self) -> bool {
        self.trust.is_some_and(|trust| trust.is_ticked)
    }

    /// What leads there.
    pub fn other_text(&self) -> String {
        let t = &self.frame.t;
        match self.purpose {
            MailPurpose::SignIn | MailPurpose::Confirm => t.text("email-other"),
            MailPurpose::SetUp => t.text("email-cancel"),
        }
    }
}

fn button(t: &Messages, purpose: MailPurpose) -> String {
    match purpose {
        MailPurpose::SignIn => t.text("verify-button"),
        MailPurpose::Confirm => t.text("confirm-code-button"),
        MailPurpose::SetUp => t.text("email-set-up-button"),
    }
}

/// `/security/email` before a mail was sent. The form posts to the page's own URL.
#[derive(Template)]
#[template(path = "security/email.html")]
pub struct EmailSetupPage {
    /// The shared part.
    pub frame: Frame,
    /// Where the mail goes.
    pub address: String,
    /// Where the way back leads.
    pub back: &'static str,
}

/// What somebody finds behind the link of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Landing {
    /// It works here.
    Ready {
        /// The account's address.
        account: String,
        /// "Chrome on macOS" and the address that asked, as far as known.
        asked_by: String,
        /// Whether it turns multi-factor authentication on.
        turns_on: bool,
    },
    /// It works in the browser that asked for it, and this is another one.
    Elsewhere,
    /// It was used then.
    Used(When),
    /// A newer one was sent then.
    Newer(When),
    /// It ran out then.
    Expired(When),
    /// It leads to nothing.
    Unknown,
}

/// `/login/link/{token}` and `/security/email/confirm/{token}`: looking uses nothing up. The form posts to its own URL.
#[derive(Template)]
#[template(path = "email_landing.html")]
pub struct EmailLandingPage {
    /// The shared part.
    pub frame: Frame,
    /// What it is for.
    pub purpose: MailPurpose,
    /// The token of the link, for the form's address.
    pub token: String,
    /// What there is to say.
    pub landing: Landing,
    /// The box, at a sign-in where it may be ticked.
    pub trust: Option<TrustBox>,
    /// Where the next mail leads, checked by the handler; `None` where none can be asked for from here.
    pub again: Option<String>,
}

impl EmailLandingPage {
    /// The heading.
    pub fn title(&self) -> String {
        let t = &self.frame.t;
        match (&self.landing, self.purpose) {
            (Landing::Ready { .. }, MailPurpose::SignIn) => t.text("email-landing-sign-in"),
            (Landing::Ready { .. }, MailPurpose::Confirm) => t.text("verify-title"),
            (Landing::Ready { .. }, MailPurpose::SetUp) => t.text("email-landing-set-up"),
            (Landing::Elsewhere, _) => t.text("email-landing-elsewhere-title"),
            _ => t.text("email-landing-over-title"),
        }
    }

    /// Whether the box is ticked.
    pub fn wants_trust(&self) -> bool {
        self.trust.is_some_and(|trust| trust.is_ticked)
    }

    /// Whether there is a button to press.
    pub fn is_ready(&self) -> bool {
        matches!(self.landing, Landing::Ready { .. })
    }

    /// Where the form posts to, and the page is.
    pub fn url(&self) -> String {
        match self.purpose {
            MailPurpose::SignIn | MailPurpose::Confirm => format!("/login/link/{}", self.token),
            MailPurpose::SetUp => format!("/security/email/confirm/{}", self.token),
        }
    }

    /// What the button says.
    pub fn button(&self) -> String {
        match self.purpose {
            MailPurpose::Confirm => self.frame.t.text("email-landing-confirm-button"),
            purpose => button(&self.frame.t, purpose),
        }
    }

    /// Where another mail is asked for.
    pub fn send(&self) -> &'static str {
        match self.purpose {
            MailPurpose::SignIn | MailPurpose::Confirm => "/login/link",
            MailPurpose::SetUp => "/security/email",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_recognised_by_its_first_letter_and_its_host() {
        assert_eq!(masked("ada@example.com"), "a****@example.com");
        assert_eq!(masked("é@example.com"), "é****@example.com");
        assert_eq!(masked("@"), "****@");
    }
}
