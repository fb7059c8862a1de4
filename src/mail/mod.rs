//! Mail: what a notice says, and how it leaves. Which events are told of is decided in `activity`, where they are
//! recorded; a mail is a row from then on, and everything here may fail and be tried again. An email link is no notice: it is
//! sent while somebody waits for it.

mod delivery;
mod link;
mod mailer;
mod notice;
pub mod outbox; // leaving a mail that was asked for
mod request; // what it says
pub mod requirement;
pub mod reset_request;
mod smtp;

pub use delivery::deliver_due;
pub use link::send_link;
pub use mailer::{Failure, Mailer, StartError};

use crate::activity::Facts;
use crate::words::{Messages, client};

/// Where something came from: an address, and the browser or program.
fn place(t: &Messages, facts: &Facts) -> String {
    let client = facts.user_agent.as_deref().and_then(|agent| {
        client::name(t, agent).or_else(|| client::product(agent).map(str::to_owned))
    });
    let place = [facts.address.clone(), client];
    place.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What of a mail stands below its head, which is the same for all of them.
#[cfg(test)]
fn body(html: &str) -> &str {
    html.split_once("</head>").unwrap().1
}
