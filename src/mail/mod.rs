//! Mail: what a notice says, and how it leaves. Which events are told of is decided in `activity`, where they are
//! recorded; a mail is a row from then on, and everything here may fail and be tried again.

mod delivery;
mod mailer;
mod notice;
mod smtp;

pub use delivery::deliver_due;
pub use mailer::{Mailer, StartError};
