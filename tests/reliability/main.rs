//! What happens to the real binary when something breaks, section by section of its promises (R01 to R21): processes
//! that are killed, databases that go away, disks that fill up, clocks that jump, clients that are too many or too slow.
//!
//! Each test has two scales: seconds in an ordinary `cargo test`, minutes where `COUNTERSIGN_SOAK=1` is set (`make soak`).
//! Figures are printed in both and judged in the second, where no other test runs beside. Elsewhere are R06 (mail that
//! does not leave: `tests/cli/mail.rs`, `tests/api/mail/refusals.rs`, `tests/api/magic_link/delivery.rs`), R19 (settings:
//! `tests/cli/settings.rs`, `keys.rs`, `database.rs`), and what of R04 needs a passkey (`tests/api/passkey/single_use.rs`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "../shared/authenticator.rs"]
mod authenticator;
mod client;
mod clock_jumps;
mod cluster;
mod database_away;
mod deeds;
mod disk_full;
mod durability;
mod kill;
mod large_input;
mod load;
#[allow(dead_code)] // the other test programs need more of it
#[path = "../shared/mail_server/mod.rs"]
mod mail_server;
mod migrations;
#[cfg(feature = "faults")]
mod panic;
mod people;
mod process;
mod proxy;
mod restart;
mod scale;
mod single_use;
mod slow_clients;
mod soak;
mod streams;
#[allow(dead_code)] // the other test program needs more of it
#[path = "../cli/support.rs"]
mod support;
