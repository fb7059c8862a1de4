//! Words that people read, by whichever door they leave: the messages, dates, what a client is called. No markup, and no
//! decision about what is said.

pub mod client;
mod messages;
mod when;

#[cfg(test)]
pub(crate) use messages::tests::speaking;
pub use messages::{Argument, LANGUAGES, Messages, Split, Split2};
pub use when::When;
