//! Black-box tests over HTTP against the real server, on SQLite, or on Postgres when `TEST_DATABASE_URL`
//! names one. Every test has a database of its own; they run in parallel and in any order.

mod access;
mod activity;
mod csrf;
mod headers;
mod input;
mod openapi;
mod pages;
mod passwords;
mod refresh;
mod sessions;
mod sign_in;
mod status;
mod support;
