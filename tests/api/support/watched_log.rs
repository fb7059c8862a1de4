//! The log of every server of the suite, at its fullest (K05): a secret that shows up in it ends the run at once.
//!
//! What begins like a token of ours, or like the URI of an authenticator app, is known by its looks; passwords, secrets,
//! codes and challenges are known because whoever receives one in a test hands it to [`keep`].

use std::collections::HashSet;
use std::sync::{LazyLock, Once, PoisonError, RwLock};

use super::PASSWORD;

/// Shorter words than these would be found in anything.
const SHORTEST: usize = 10;

static SECRETS: LazyLock<RwLock<HashSet<String>>> = LazyLock::new(RwLock::default);

/// Remembers what must never be logged.
pub fn keep(secret: &str) {
    assert!(
        secret.len() >= SHORTEST,
        "too short to be looked for: {secret}"
    );
    let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    secrets.insert(secret.to_owned());
}

/// What a text gives away, if anything.
pub fn find_secret(text: &str) -> Option<&str> {
    for fixed in [PASSWORD, "otpauth://"] {
        if text.contains(fixed) {
            return Some(fixed);
        }
    }
    let secrets = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.split(|c| !is_part(c))
        .filter(|word| word.len() >= SHORTEST)
        .find(|word| is_token(word) || secrets.contains(*word))
}

/// `cs_`, two letters for the kind, and 256 bits.
fn is_token(word: &str) -> bool {
    word.starts_with("cs_") && word.get(5..6) == Some("_") && word.len() > 30
}

/// Starts watching. The log goes on to where `RUST_LOG` says.
pub fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let shown = env_logger::builder().is_test(true).build();
        log::set_boxed_logger(Box::new(Watched { shown })).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
}

struct Watched {
    shown: env_logger::Logger,
}

impl log::Log for Watched {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        is_ours(metadata.target())
    }

    fn log(&self, record: &log::Record<'_>) {
        if !is_ours(record.target()) {
            return;
        }
        let line = record.args().to_string();
        if let Some(secret) = find_secret(&line) {
            eprintln!("K05: {} logs a secret, {secret}: {line}", record.target());
            std::process::abort();
        }
        if self.shown.matches(record) {
            self.shown.log(record);
        }
    }

    fn flush(&self) {}
}

/// The server never lets webauthn-rs write; reqwest, hyper and what they stand on are the tests' own.
fn is_ours(target: &str) -> bool {
    let foreign = [
        "webauthn_rs",
        "reqwest",
        "hyper",
        "h2",
        "cookie_store",
        "selectors",
        "html5ever",
    ];
    !foreign.iter().any(|name| target.starts_with(name))
}
