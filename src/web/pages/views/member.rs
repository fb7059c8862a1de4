//! The members of an organization: the list, one of them, and resetting one.

use askama::Template;

use super::status::Tone;
use super::{ActivityRow, Paging, Usage, When, methods};
use crate::accounts::users::Role;
use crate::mfa::Method;
use crate::organizations::adoption::{Filter, Listed};
use crate::organizations::profile::Reset;
use crate::web::pages::frame::Frame;
use crate::words::Messages;

/// `/admin/members`.
#[derive(Template)]
#[template(path = "admin/members.html")]
pub struct MembersPage {
    /// The shared part.
    pub frame: Frame,
    /// The filters, as links.
    pub filters: Vec<FilterLink>,
    /// The word of the one in use; empty for all members.
    pub filter: &'static str,
    /// As typed.
    pub search: String,
    /// At most 50, by address.
    pub rows: Vec<MemberRow>,
    /// Where the page before is.
    pub previous: Option<String>,
    /// Where the page after is.
    pub next: Option<String>,
    /// The same members as a file.
    pub file: String,
}

/// A filter of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterLink {
    /// Which one.
    pub filter: Filter,
    /// Where it leads.
    pub href: String,
    /// How many members it leaves.
    pub count: i64,
    /// The one in use.
    pub is_current: bool,
}

impl FilterLink {
    /// What it is called.
    pub fn name(&self, t: &Messages) -> String {
        match self.filter {
            Filter::All => t.text("members-all"),
            Filter::On => t.text("members-on"),
            Filter::Off => t.text("members-off"),
            Filter::WithoutCodes => t.text("members-no-codes"),
        }
    }
}

/// How the MFA of a member stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberState {
    /// Decoration.
    pub tone: Tone,
    /// In words.
    pub text: String,
}

impl MemberState {
    /// The words for a member.
    pub fn new(t: &Messages, listed: &Listed) -> Self {
        let status = &listed.status;
        let day = |at: chrono::NaiveDateTime| When::day(t, at.date()).text;
        let (tone, text) = if status.is_enabled {
            (Tone::Ok, t.text("members-state-on"))
        } else if let Some(at) = listed.member.user.mfa_reset_at {
            let text = t.with("members-state-reset", "date", day(at));
            (Tone::Warning, text)
        } else if let Some(from) = status.enforced_from {
            let text = t.with("members-state-by", "date", day(from));
            (Tone::Warning, text)
        } else {
            (Tone::Neutral, t.text("members-state-off"))
        };
        Self { tone, text }
    }
}

/// A member in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Its id, for the link.
    pub id: String,
    /// First and last name.
    pub name: String,
    /// The address.
    pub email: String,
    /// How its MFA stands.
    pub state: MemberState,
    /// The methods in use, by name.
    pub methods: String,
    /// When it last signed in.
    pub last_sign_in: Option<When>,
}

impl MemberRow {
    /// The row of a member.
    pub fn new(t: &Messages, listed: &Listed) -> Self {
        let user = &listed.member.user;
        Self {
            id: user.id.clone(),
            name: user.full_name(),
            email: user.email.clone(),
            state: MemberState::new(t, listed),
            methods: methods::names(t, &listed.status.enabled_methods),
            last_sign_in: listed.member.last_sign_in_at.map(|at| When::utc(t, at)),
        }
    }
}

/// A method of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberMethod {
    /// Which one.
    pub method: Method,
    /// What its holder calls it, where it has a name.
    pub name: Option<String>,
    /// Since when it is there, and when it was last used.
    pub usage: Usage,
    /// It can be used to sign in.
    pub is_on: bool,
}

impl MemberMethod {
    /// What to call it.
    pub fn title(&self, t: &Messages) -> String {
        match &self.name {
            Some(name) => t.with("member-passkey", "name", name),
            None => methods::name(t, self.method),
        }
    }
}

/// `/admin/members/{id}?page=`.
#[derive(Template)]
#[template(path = "admin/member.html")]
pub struct MemberPage {
    /// The shared part.
    pub frame: Frame,
    /// The member's id, for links.
    pub id: String,
    /// First and last name.
    pub name: String,
    /// The address.
    pub email: String,
    /// What it may do.
    pub role: Option<Role>,
    /// How its MFA stands.
    pub state: MemberState,
    /// When it last signed in.
    pub last_sign_in: Option<When>,
    /// What is set up.
    pub methods: Vec<MemberMethod>,
    /// Unused backup codes; `None` when there never were any.
    pub codes_left: Option<u32>,
    /// Whether it may be reset.
    pub reset: Reset,
    /// At most 50, newest first, without addresses.
    pub activity: Vec<ActivityRow>,
    /// Which page of it.
    pub paging: Paging,
}

impl MemberPage {
    /// The role's name.
    pub fn role_name(&self) -> String {
        super::role(&self.frame.t, self.role.unwrap_or(Role::User))
    }

    /// What there is to say about resetting.
    pub fn reset_text(&self) -> String {
        let t = &self.frame.t;
        match self.reset {
            Reset::Possible => t.text("member-reset"),
            Reset::Oneself => t.text("member-reset-oneself"),
            Reset::Owner => t.text("member-reset-owner"),
            Reset::Nothing => t.text("member-reset-nothing"),
        }
    }

    /// Whether it may be done.
    pub fn can_reset(&self) -> bool {
        self.reset == Reset::Possible
    }

    /// Its own address.
    pub fn url(&self) -> String {
        format!("/admin/members/{}", self.id)
    }
}

/// What a reset takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Losses {
    /// How many passkeys.
    pub passkeys: usize,
    /// An authenticator app.
    pub has_app: bool,
    /// The email link.
    pub has_email_link: bool,
    /// How many unused backup codes.
    pub codes: u32,
    /// How many signed-in devices.
    pub devices: usize,
    /// How many trusted browsers.
    pub trusted: usize,
    /// A second factor is demanded, so that it has to be set up again.
    pub sets_up_again: bool,
}

impl Losses {
    /// All of it as sentences.
    pub fn text(&self, t: &Messages) -> String {
        let things = [
            (self.passkeys > 0).then(|| t.count("reset-passkeys", self.passkeys)),
            self.has_app.then(|| t.text("reset-app")),
            self.has_email_link.then(|| t.text("reset-email")),
            (self.codes > 0).then(|| t.count("reset-codes", self.codes)),
        ];
        let mut things: Vec<_> = things.into_iter().flatten().collect();
        let last = things.pop().unwrap_or_default();
        let things = match things.is_empty() {
            true => last,
            false => t.with2("reset-and", "first", things.join(", "), "last", last),
        };
        let after = t.with2("reset-after", "count", self.devices, "things", things);
        match self.trusted {
            0 => after,
            trusted => format!("{after} {}", t.count("reset-trust", trusted)),
        }
    }
}

/// `/admin/members/{id}/reset`: posts to its own URL.
#[derive(Template)]
#[template(path = "admin/reset.html")]
pub struct ResetPage {
    /// The shared part.
    pub frame: Frame,
    /// The member's id.
    pub id: String,
    /// First and last name.
    pub name: String,
    /// The address.
    pub email: String,
    /// What it takes away.
    pub losses: Losses,
    /// The epoch of the account, which comes back with the form.
    pub seen: i32,
    /// As typed.
    pub reason: String,
    /// As typed.
    pub confirm: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reset_takes_away_is_one_sentence() {
        let t = Messages::default();
        let all = Losses {
            passkeys: 2,
            has_app: true,
            has_email_link: false,
            codes: 8,
            devices: 3,
            trusted: 0,
            sets_up_again: true,
        };
        assert_eq!(
            all.text(&t),
            "This removes 2 passkeys, the authenticator app and 8 backup codes, and signs them out on 3 devices."
        );
        let trusted = Losses {
            trusted: 1,
            ..all.clone()
        };
        assert!(
            trusted
                .text(&t)
                .ends_with("on 3 devices. It also ends trust in 1 browser.")
        );
        let one = Losses {
            passkeys: 0,
            codes: 0,
            devices: 0,
            ..all
        };
        assert_eq!(
            one.text(&t),
            "This removes the authenticator app. They are not signed in on any device."
        );
    }
}
