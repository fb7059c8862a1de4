//! Countersign: a self-hosted multi-factor-authentication service in one binary.
//!
//! Pages and JSON are two faces of the same rules. Arrows point one way:
//! `web -> organizations -> accounts -> mfa -> db`; `tests/architecture.rs` holds them to it.

pub mod accounts; // the rules of accounts: signing in, sessions, passwords
pub mod activity; // the append-only, hash-chained record of what happened
pub mod app; // what a running process holds, and how it starts
pub mod buckets; // token buckets per client address
pub mod cli; // the command line
pub mod clock; // the time
pub mod config; // the settings
pub mod crypto; // keys, seals, tokens, password hashes
pub mod db; // the tables, on SQLite or Postgres
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing; // what fuzzers call: one function a target
pub mod mail; // notices: what they say and how they leave
pub mod metrics; // what a monitoring system may ask
pub mod mfa; // THE RULES of factors; the one computation of the status
pub mod organizations; // the rules of organizations
pub mod threads; // for work that blocks
pub mod web; // the front desk: routes, pages, JSON
pub mod words; // messages, dates, names of clients: what people read
