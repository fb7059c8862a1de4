//! The text form of a password hash, and the bounds within which a stored one is believed.
//!
//! `$argon2id$v=19$m=19456,t=2,p=1,keyid=<pepper key>$<salt>$<peppered tag>`: a PHC string whose last
//! field is not argon2's tag but an HMAC of it. Only the format; `password` computes the tag.

use std::fmt;

use data_encoding::BASE64_NOPAD;

/// A stored hash must not be able to order more memory than this: it may come from a tampered row.
const MAX_MEMORY_KIB: u32 = 128 * 1024;
const MAX_PASSES: u32 = 10;
const MAX_LANES: u32 = 16;

/// What one run of argon2id costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Params {
    /// Memory in KiB (`m`).
    pub memory_kib: u32,
    /// Passes over the memory (`t`).
    pub passes: u32,
    /// Lanes (`p`).
    pub lanes: u32,
}

/// OWASP's Password Storage Cheat Sheet: 19 MiB and two passes.
impl Default for Params {
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
        }
    }
}

/// Everything that, with a password, determines its tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recipe {
    pub(super) params: Params,
    pub(super) kid: String,
    pub(super) salt: [u8; 16],
}

/// A parsed stored hash.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct StoredHash {
    pub(super) recipe: Recipe,
    pub(super) tag: [u8; 32],
}

impl StoredHash {
    /// Reads a stored hash; `None` for any other text and for costs out of bounds.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("$argon2id$v=19$")?;
        let (costs, rest) = rest.split_once('$')?;
        let (salt, tag) = rest.split_once('$')?;
        let (memory, costs) = costs.strip_prefix("m=")?.split_once(",t=")?;
        let (passes, costs) = costs.split_once(",p=")?;
        let (lanes, kid) = costs.split_once(",keyid=")?;
        let stored = Self {
            recipe: Recipe {
                params: Params {
                    memory_kib: memory.parse().ok().filter(|m| *m <= MAX_MEMORY_KIB)?,
                    passes: passes.parse().ok().filter(|t| *t <= MAX_PASSES)?,
                    lanes: lanes.parse().ok().filter(|p| *p <= MAX_LANES)?,
                },
                kid: kid.to_owned(),
                salt: decode(salt)?,
            },
            tag: decode(tag)?,
        };
        // One hash has one spelling: `m=+8` or `m=08` parse as numbers, but we never wrote them.
        (stored.to_string() == text).then_some(stored)
    }
}

impl fmt::Display for StoredHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Recipe { params, kid, salt } = &self.recipe;
        write!(
            f,
            "$argon2id$v=19$m={},t={},p={},keyid={kid}${}${}",
            params.memory_kib,
            params.passes,
            params.lanes,
            BASE64_NOPAD.encode(salt),
            BASE64_NOPAD.encode(&self.tag)
        )
    }
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    fn sample() -> StoredHash {
        StoredHash {
            recipe: Recipe {
                params: Params::default(),
                kid: "k-1".to_owned(),
                salt: [1; 16],
            },
            tag: [2; 32],
        }
    }

    #[test]
    fn a_stored_hash_is_read_back() {
        let text = sample().to_string();
        assert!(
            text.starts_with("$argon2id$v=19$m=19456,t=2,p=1,keyid=k-1$AQEB"),
            "{text}"
        );
        assert!(StoredHash::parse(&text).unwrap() == sample());
    }

    #[test]
    fn another_spelling_and_a_ruinous_cost_are_refused() {
        let text = sample().to_string();
        for (from, to) in [
            ("m=19456", "m=131073"),
            ("m=19456", "m=4294967295"),
            ("m=19456", "m=+19456"),
            ("m=19456", "m=019456"),
            ("m=19456", "m="),
            ("t=2", "t=11"),
            ("p=1", "p=17"),
            ("argon2id", "argon2i"),
            ("v=19", "v=16"),
            (",keyid=k-1", ""),
            ("$AQEB", "$AQE"),
            ("$AQEB", "$AQEB=="),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text);
            assert!(StoredHash::parse(&changed).is_none(), "{changed}");
        }
        for text in [
            "",
            "$argon2id$",
            "plain",
            &format!("{text}$"),
            &format!("{text}A"),
        ] {
            assert!(StoredHash::parse(text).is_none(), "{text}");
        }
    }
}
