//! The rules of accounts: who somebody is, how they sign in, and what their sessions may do.
//!
//! Whatever hashes a password is an `async fn` over the [`crate::app::App`]: it reads and admits, hashes
//! without holding a connection, then writes. Everything else is plain functions over a `&mut Conn`.

pub mod address;
mod devices;
pub mod email_link;
mod error;
pub mod factors;
pub mod link_requests;
pub mod links;
mod mail_limits;
pub mod overview;
pub mod passkeys;
pub mod passwords;
pub mod profile;
mod purge;
pub mod refresh;
pub mod resealing;
pub mod second_step;
pub mod sessions;
pub mod sign_in;
pub mod throttle;
pub mod tokens;
pub mod trusted_browsers;
pub mod unfinished;
pub mod users;

pub use error::Error;
pub use purge::purge;
pub use sessions::{Access, Caller};
