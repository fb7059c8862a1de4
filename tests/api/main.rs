//! Black-box tests over HTTP against the real server, on SQLite, or on Postgres when `TEST_DATABASE_URL`
//! names one. Every test has a database of its own; they run in parallel and in any order.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod access;
mod activity;
mod address;
mod attempts;
mod backup_codes;
mod contract;
mod csrf;
mod factor_activity;
mod forecast;
mod guessing;
mod headers;
mod input;
mod limits;
mod lost_password;
mod magic_link;
mod mail;
mod openapi;
mod organizations;
mod origins;
mod pages;
mod passkey;
mod password_policy;
mod passwords;
mod paths;
mod policy;
mod proofs;
mod races;
mod refresh;
mod secrets;
mod sessions;
mod settings;
mod sign_in;
mod sign_out;
mod status;
mod stream;
mod support;
mod totp;
