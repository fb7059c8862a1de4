//! Proving that it is you with something besides the password: at sign-in, and again before something
//! important. Both pages show the same panels.

use askama::Template;
use chrono::TimeDelta;

use super::{FormProblem, When};
use crate::web::pages::frame::Frame;
use crate::words::Messages;

/// A way to prove who is there. Every page that offers one matches exhaustively.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A passkey, which the browser is asked for.
    Passkey,
    /// A code, which is typed.
    Code(Code),
}

/// A code that is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Of the authenticator app.
    App,
    /// Out of an email, which has a link as well.
    Mail,
    /// One of the backup codes.
    Backup,
}

impl Way {
    /// Every way, in the order in which pages offer them.
    pub const ALL: [Self; 4] = [
        Self::Passkey,
        Self::Code(Code::App),
        Self::Code(Code::Mail),
        Self::Code(Code::Backup),
    ];

    /// The word in `?method=` and in the form's field `method`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Code(code) => code.word(),
        }
    }

    /// The way behind such a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.word() == word)
    }

    /// What it is called in a list.
    pub fn name(self, t: &Messages) -> String {
        match self {
            Self::Passkey => t.text("method-passkey-name"),
            Self::Code(Code::App) => t.text("method-app-name"),
            Self::Code(Code::Mail) => t.text("method-email-name"),
            Self::Code(Code::Backup) => t.text("method-code-name"),
        }
    }

    /// What it is called inside a sentence without an article: "password and authenticator app".
    pub fn noun(self, t: &Messages) -> String {
        match self {
            Self::Passkey => t.text("method-passkey-noun"),
            Self::Code(Code::App) => t.text("method-app-noun"),
            Self::Code(Code::Mail) => t.text("method-email-noun"),
            Self::Code(Code::Backup) => t.text("method-code-noun"),
        }
    }

    /// One line of help.
    pub fn help(self, t: &Messages) -> String {
        match self {
            Self::Passkey => t.text("method-passkey-help"),
            Self::Code(Code::App) => t.text("method-app-help"),
            Self::Code(Code::Mail) => t.text("method-email-help"),
            Self::Code(Code::Backup) => t.text("method-code-help"),
        }
    }
}

impl Code {
    /// The word in the form's field `method`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Mail => "email",
            Self::Backup => "code",
        }
    }

    /// The label of the field.
    pub fn label(self, t: &Messages) -> String {
        match self {
            Self::App => t.text("verify-app-label"),
            Self::Mail => t.text("email-code-label"),
            Self::Backup => t.text("method-code-name"),
        }
    }

    /// The hint of the field.
    pub fn hint(self, t: &Messages) -> String {
        match self {
            Self::App => t.text("verify-app-hint"),
            Self::Mail => t.text("email-code-hint"),
            Self::Backup => t.text("verify-code-hint"),
        }
    }

    /// Whether the field takes digits only, which phones have another keyboard for.
    pub const fn is_digits(self) -> bool {
        match self {
            Self::App | Self::Mail => true,
            Self::Backup => false,
        }
    }

    /// Why something that cannot be such a code was refused, before anything was compared or counted.
    pub fn malformed(self, typed: &str) -> FormProblem {
        let is_empty = !typed.chars().any(char::is_alphanumeric);
        match self {
            Self::App if is_empty => FormProblem::AppCodeEmpty,
            Self::Mail if is_empty => FormProblem::MailCodeEmpty,
            Self::App | Self::Mail if typed.chars().any(char::is_alphabetic) => {
                FormProblem::AppCodeLetters
            }
            Self::App | Self::Mail => FormProblem::AppCodeLength,
            Self::Backup if is_empty => FormProblem::BackupCodeEmpty,
            Self::Backup => FormProblem::BackupCodeLength,
        }
    }
}

/// The box that has a browser trusted once it has proved who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustBox {
    /// For how many days.
    pub days: i32,
    /// As it was left.
    pub is_ticked: bool,
}

impl TrustBox {
    /// What the field `trust` sends once it is ticked.
    pub const ON: &str = "on";
}

/// What a page asks for, and what it offers instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondStep {
    /// The panel that is open. `None` when codes are switched off for the account and nothing else can be
    /// asked for: the page then only says so and points to `/login/recover`.
    pub open: Option<Way>,
    /// The other ways this account has, in the order of [`Way::ALL`].
    pub others: Vec<Way>,
    /// What its passkeys are called, where that panel is open.
    pub passkeys: Vec<String>,
    /// Where its email links go, masked.
    pub address: String,
    /// The password came by mail, and there is nothing but the email link beside it.
    pub is_mailbox_alone: bool,
    /// The box, at a sign-in where it may be ticked.
    pub trust: Option<TrustBox>,
}

impl SecondStep {
    /// "Use the passkey you saved in ...".
    pub fn passkey_lead(&self, t: &Messages) -> String {
        match self.passkeys.split_last() {
            None => t.text("passkey-use"),
            Some((one, [])) => t.with("passkey-use-one", "name", one),
            Some((last, others)) => t.with2(
                "passkey-use-several",
                "names",
                others.join(", "),
                "last",
                last,
            ),
        }
    }

    /// Whether the box is ticked, which the other ways then take over.
    pub fn wants_trust(&self) -> bool {
        self.trust.is_some_and(|trust| trust.is_ticked)
    }

    /// The box, if a browser can be trusted by this code.
    pub fn trust_by(&self, code: &Code) -> Option<TrustBox> {
        match code {
            Code::App | Code::Mail => self.trust,
            Code::Backup => None,
        }
    }

    /// Whether the browser is asked for a passkey.
    pub fn uses_passkey(&self) -> bool {
        self.open == Some(Way::Passkey)
    }

    /// The code to ask for where passkeys need a script and there is none.
    pub fn without_script(&self) -> Option<Code> {
        self.others.iter().find_map(|way| match way {
            Way::Passkey => None,
            Way::Code(code) => Some(*code),
        })
    }
}

/// How the clock of the phone may be why a code is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Nothing hints at it.
    Unknown,
    /// Three wrong codes in a row: worth a look.
    Suspect,
    /// The code was right this many minutes ago, rounded; at least 1.
    Behind(i64),
    /// The code will be right in this many minutes, rounded; at least 1.
    Ahead(i64),
}

impl Clock {
    /// From the drift that the rules found (negative is behind), and whether this was at least the third
    /// wrong code in a row.
    pub fn of(drift: Option<TimeDelta>, is_third: bool) -> Self {
        let Some(drift) = drift else {
            return if is_third {
                Self::Suspect
            } else {
                Self::Unknown
            };
        };
        let seconds = drift.num_seconds();
        let minutes = ((seconds.abs() + 30) / 60).max(1);
        if seconds < 0 {
            Self::Behind(minutes)
        } else {
            Self::Ahead(minutes)
        }
    }
}

/// What is left after a wrong code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriesLeft {
    /// More than two, or not counted: not worth a word.
    Enough,
    /// One or two.
    Few(u32),
    /// None before this time: `When::clock`.
    None(When),
}

/// `/login/verify`: the second step of signing in. The form posts `method`, `return_to` and `code` to its own
/// URL.
#[derive(Template)]
#[template(path = "login_verify.html")]
pub struct VerifyPage {
    /// The shared part; `signed_in` is who proved the password.
    pub frame: Frame,
    /// What is asked for.
    pub step: SecondStep,
    /// Where to go afterwards; checked by the handler, may be empty.
    pub return_to: String,
}

/// `/confirm?next=`: the step-up. The form posts `next` and either `password`, or `method` and `code`, to its
/// own URL.
#[derive(Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage {
    /// The shared part.
    pub frame: Frame,
    /// Completes "You're about to ...": [`ConfirmPage::action_for`], or the caller's own words.
    pub action: String,
    /// Where to go afterwards; checked by the handler.
    pub next: String,
    /// What is asked for; the password of an account that owes no second factor.
    pub step: Option<SecondStep>,
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
            Some("/security/address") => t.text("confirm-action-address"),
            Some("/security/app") => t.text("confirm-action-app"),
            Some("/security/app/remove") => t.text("confirm-action-app-remove"),
            Some("/security/email") => t.text("confirm-action-email"),
            Some("/security/email/remove") => t.text("confirm-action-email-remove"),
            Some("/security/codes" | "/security/codes/new") => t.text("confirm-action-codes"),
            Some("/security/passkeys/add") => t.text("confirm-action-passkey"),
            Some(path) if path.starts_with("/security/passkeys/") && path.ends_with("/name") => {
                t.text("confirm-action-passkey-name")
            }
            Some(path) if path.starts_with("/security/passkeys/") => {
                t.text("confirm-action-passkey-remove")
            }
            Some("/security/primary") => t.text("confirm-action-primary"),
            Some("/security/mfa/on") => t.text("confirm-action-on"),
            Some("/security/mfa/off") => t.text("confirm-action-off"),
            Some("/admin/trust") => t.text("confirm-action-trust"),
            Some("/admin/requirement") => t.text("confirm-action-requirement"),
            Some(path) if path.starts_with("/admin/members/") => {
                t.text("confirm-action-member-reset")
            }
            _ => t.text("confirm-action-other"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_its_way() {
        for way in Way::ALL {
            assert_eq!(Way::from_word(way.word()), Some(way));
        }
        assert_eq!(Way::from_word("password"), None);
    }

    #[test]
    fn a_code_that_cannot_be_one_gets_the_sentence_for_what_was_typed() {
        for (typed, problem) in [
            ("", FormProblem::AppCodeEmpty),
            (" - ", FormProblem::AppCodeEmpty),
            ("12345", FormProblem::AppCodeLength),
            ("123 456 7", FormProblem::AppCodeLength),
            ("12345a", FormProblem::AppCodeLetters),
        ] {
            assert_eq!(Code::App.malformed(typed), problem, "{typed}");
        }
        assert_eq!(
            Code::Backup.malformed("\u{a0}"),
            FormProblem::BackupCodeEmpty
        );
        assert_eq!(
            Code::Backup.malformed("7K3QM"),
            FormProblem::BackupCodeLength
        );
    }

    #[test]
    fn a_clock_is_off_by_whole_minutes() {
        let off = |seconds| Clock::of(Some(TimeDelta::seconds(seconds)), true);
        assert_eq!(off(-60), Clock::Behind(1));
        assert_eq!(off(-90), Clock::Behind(2));
        assert_eq!(off(600), Clock::Ahead(10));
        assert_eq!(off(30), Clock::Ahead(1));
        assert_eq!(Clock::of(None, true), Clock::Suspect);
        assert_eq!(Clock::of(None, false), Clock::Unknown);
    }
}
