//! The sentences that handlers put into a page. Handlers name the case, the message files have the words.

mod event;
mod flash;
mod problem;

pub use event::Event;
pub use flash::Flash;
pub use problem::FormProblem;

use crate::accounts::users::Role;
use crate::words::Messages;

/// What somebody may do in their organization.
pub fn role(t: &Messages, role: Role) -> String {
    match role {
        Role::User => t.text("member-role-user"),
        Role::Billing => t.text("member-role-billing"),
        Role::Workspaces => t.text("member-role-workspaces"),
        Role::Administrators => t.text("member-role-administrator"),
        Role::Owner => t.text("member-role-owner"),
    }
}
