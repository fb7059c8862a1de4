//! The sentences that handlers put into a page. Handlers name the case, the message files have the words.

mod event;
mod flash;
mod problem;

pub use event::Event;
pub use flash::Flash;
pub use problem::FormProblem;
