//! The harness: a server of one's own, and actors that read like sentences.

mod actors;
mod app;
mod browser;
mod db;

pub use actors::{Answer, PASSWORD, Person, Program};
pub use app::TestApp;
pub use browser::{Browser, Page};
