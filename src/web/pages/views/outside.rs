//! Pages for people who are not (or not fully) signed in: the first start, links, sign-in, step-up,
//! recovery and the gate.

use askama::Template;

use crate::web::messages::Messages;
use crate::web::pages::frame::Frame;

/// `/` while there is no account.
#[derive(Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// The shared part.
    pub frame: Frame,
}

/// `/welcome/{token}`: the first owner. The form posts to its own URL.
#[derive(Template)]
#[template(path = "welcome.html")]
pub struct WelcomePage {
    /// The shared part.
    pub frame: Frame,
    /// The token of the link, for the form's address.
    pub token: String,
    /// As typed.
    pub organization: String,
    /// As typed.
    pub first_name: String,
    /// As typed.
    pub last_name: String,
    /// As typed.
    pub email: String,
    /// The smallest number of characters of a password.
    pub min_password: usize,
}

/// `/password/{token}`: a first or a new password. The form posts to its own URL.
#[derive(Template)]
#[template(path = "password_link.html")]
pub struct PasswordLinkPage {
    /// The shared part.
    pub frame: Frame,
    /// The token of the link, for the form's address.
    pub token: String,
    /// The account the link belongs to.
    pub email: String,
    /// The smallest number of characters of a password.
    pub min_password: usize,
}

/// 410 for a one-time link that ran out, was used or was never issued.
#[derive(Template)]
#[template(path = "link_spent.html")]
pub struct LinkSpentPage {
    /// The shared part.
    pub frame: Frame,
}

/// `/login`.
#[derive(Template)]
#[template(path = "login.html")]
pub struct LoginPage {
    /// The shared part.
    pub frame: Frame,
    /// As typed, or known from the session that ended.
    pub email: String,
    /// Where to go afterwards; checked by the handler, may be empty.
    pub return_to: String,
    /// A page was asked for with a session that ran out. Not shown beside problems.
    pub session_ended: bool,
}

/// `/confirm?next=`: the step-up by password.
#[derive(Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage {
    /// The shared part.
    pub frame: Frame,
    /// Completes "You're about to ...": [`ConfirmPage::action_for`], or the caller's own words.
    pub action: String,
    /// Where to go afterwards; checked by the handler.
    pub next: String,
}

impl ConfirmPage {
    /// The words for what the person is about to do on the page `next`.
    pub fn action_for(t: &Messages, next: &str) -> String {
        match next.split(['?', '#']).next() {
            Some("/security/devices") if next.contains("?session=") => {
                t.text("confirm-action-device")
            }
            Some("/security/devices") => t.text("confirm-action-devices"),
            Some("/security/password") => t.text("confirm-action-password"),
            _ => t.text("confirm-action-other"),
        }
    }
}

/// `/login/recover`: the same for everybody, except for somebody who already proved the password.
#[derive(Template)]
#[template(path = "recover.html")]
pub struct RecoverPage {
    /// The shared part.
    pub frame: Frame,
    /// What the operator set as contact, plain text.
    pub contact: Option<String>,
    /// The session proved the password, and the account owes a factor that cannot be used.
    pub signed_in_but_owed: bool,
}

/// One way through the gate.
#[derive(Clone, Debug)]
pub struct GateCard {
    /// The method's name.
    pub title: String,
    /// One sentence about it.
    pub text: String,
    /// Where it is set up.
    pub href: String,
}

/// `/setup`: the gate.
#[derive(Template)]
#[template(path = "setup.html")]
pub struct SetupPage {
    /// The shared part.
    pub frame: Frame,
    /// Who demands it.
    pub organization: String,
    /// What can be set up; may be empty.
    pub cards: Vec<GateCard>,
}
