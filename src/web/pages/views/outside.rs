//! Pages for people who are not (or not fully) signed in: the first start, links, sign-in, recovery and the
//! gate. The second step is `second_step`.

use askama::Template;

use super::{When, methods};
use crate::mfa::Method;
use crate::web::pages::frame::Frame;
use crate::words::Messages;

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

/// `/password`: a lost password.
#[derive(Template)]
#[template(path = "password_lost.html")]
pub struct PasswordLostPage {
    /// The shared part.
    pub frame: Frame,
    /// As typed.
    pub email: String,
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

/// What ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A session.
    Session,
    /// A sign-in that was not complete.
    SignIn,
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
    pub ended: Option<Ended>,
    /// Passkeys can be used here.
    pub passkeys: bool,
    /// A passkey that is not known here, for whoever keeps it, as JSON.
    pub signal_unknown: Option<String>,
}

/// What somebody can still do who proved the password and owes a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The account has unused backup codes, and codes are not switched off for it.
    pub has_backup_codes: bool,
    /// Some method can be used: the way back to `/login/verify` makes sense.
    pub has_usable_method: bool,
}

/// `/login/recover`: the same for everybody, except for somebody who already proved the password.
#[derive(Template)]
#[template(path = "recover.html")]
pub struct RecoverPage {
    /// The shared part.
    pub frame: Frame,
    /// What the operator set as contact, plain text.
    pub contact: Option<String>,
    /// The session proved the password and owes a second factor.
    pub owed: Option<Owed>,
    /// The organization whose administrators can be asked from here.
    pub can_ask: Option<String>,
}

/// One way through the gate.
#[derive(Clone, Debug)]
pub struct GateCard {
    /// The method's name.
    pub title: String,
    /// One sentence about it.
    pub text: String,
    /// Where it is set up.
    pub href: &'static str,
    /// Whether that takes a form: the set-up starts by writing something.
    pub post: bool,
    /// Whether it is the one to take.
    pub is_recommended: bool,
}

impl GateCard {
    /// The card of a method, where this version can set it up.
    pub fn of(t: &Messages, method: Method) -> Option<Self> {
        match method {
            Method::Totp => Some(Self {
                title: methods::name(t, method),
                text: t.text("setup-app"),
                href: "/security/app",
                post: true,
                is_recommended: false,
            }),
            Method::Passkey => Some(Self {
                title: methods::name(t, method),
                text: t.text("setup-passkey"),
                href: "/security/passkeys/add",
                post: false,
                is_recommended: true,
            }),
            Method::MagicLink => Some(Self {
                title: methods::name(t, method),
                text: t.text("setup-email"),
                href: "/security/email",
                post: false,
                is_recommended: false,
            }),
        }
    }
}

/// `/setup`: the gate, and what it will be.
#[derive(Template)]
#[template(path = "setup.html")]
pub struct SetupPage {
    /// The shared part.
    pub frame: Frame,
    /// Who demands it.
    pub organization: String,
    /// From when: `When::day`. `None` at the gate: from now on.
    pub from: Option<When>,
    /// Where it leads to do it later, while that can be.
    pub later: String,
    /// That it was reset, and by whom.
    pub reset: Option<String>,
    /// What can be set up; may be empty.
    pub cards: Vec<GateCard>,
}

/// `/setup/later`: reminds of what will be demanded.
#[derive(Template)]
#[template(path = "setup_later.html")]
pub struct LaterPage {
    /// The shared part.
    pub frame: Frame,
    /// Who demands it.
    pub organization: String,
    /// From when: `When::day`.
    pub from: When,
    /// Where it is set up.
    pub now: String,
    /// Where the person was going.
    pub later: String,
}
