//! The harness: a server of one's own, and actors that read like sentences.

mod actors;
mod app;
pub mod authenticator;
mod browser;
mod database;
mod db;
pub mod email_links;
#[allow(dead_code)] // the other test program needs more of it
#[path = "../../shared/mail_server/mod.rs"]
pub mod mail_server;
pub mod mailbox;
mod passkeys;
pub mod soft_passkey;
mod state;
pub mod timing;
pub mod watched_log;
mod wire;

pub use actors::{Answer, PASSWORD, Person, Program};
pub use app::TestApp;
pub use browser::{Browser, Page};
pub use wire::Wire;
