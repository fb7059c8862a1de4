//! Properties of the rules, over whatever sequences proptest makes up, on SQLite, or on Postgres when
//! `TEST_DATABASE_URL` names one. 256 sequences each; as many as `PROPTEST_CASES` says, or 4,000 with
//! `COUNTERSIGN_SOAK=1`.
//!
//! Properties of a single function stand beside it. These here need a database and several rooms, and compare them
//! with a model that says the same in a few lines.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod access;
mod attempts;
mod edges;
mod factors;
mod refresh;
mod status;
mod totp;
mod world;
