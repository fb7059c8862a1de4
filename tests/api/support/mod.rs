//! The harness: a server of one's own, and actors that read like sentences.

mod actors;
mod app;
pub mod authenticator;
mod browser;
mod db;
pub mod email_links;
pub mod mail_server;
pub mod mailbox;
mod passkeys;
pub mod soft_passkey;
mod state;
mod wire;

pub use actors::{Answer, PASSWORD, Person, Program};
pub use app::TestApp;
pub use browser::{Browser, Page};
pub use wire::Wire;
