//! Tests of the binary itself: its commands, its settings, its start and its end. Each test has a folder, a
//! database and a port of its own; on Postgres when `TEST_DATABASE_URL` names one, else on SQLite.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod activity;
mod authenticator;
mod backup;
mod database;
mod key_rotation;
mod keys;
mod landing;
mod mail;
#[allow(dead_code)] // the other test program needs more of it
#[path = "../shared/mail_server/mod.rs"]
mod mail_server;
mod metrics;
mod mfa;
mod processes;
mod serve;
mod settings;
#[allow(dead_code)] // the other test program needs more of it
mod support;
mod user;
