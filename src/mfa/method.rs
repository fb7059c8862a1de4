//! The second factors there are, and their words: on the wire, in the database. Nothing about how each works.

use serde::{Serialize, Serializer};

/// A kind of second factor. Every place that must answer for each of them matches exhaustively.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// A time-based code from an authenticator app (RFC 6238), whichever app it is.
    Totp,
    /// A link mailed to the account's address.
    MagicLink,
    /// A WebAuthn credential.
    Passkey,
}

impl Method {
    /// Every method, in the order in which the API lists them.
    pub const ALL: [Self; 3] = [Self::Totp, Self::MagicLink, Self::Passkey];

    /// Every method, strongest first: the order in which one takes another's place as the primary method.
    pub const BY_STRENGTH: [Self; 3] = [Self::Passkey, Self::Totp, Self::MagicLink];

    /// The word on the wire.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Totp => "GOOGLE_AUTH",
            Self::MagicLink => "MAGIC_LINK",
            Self::Passkey => "PASSKEY",
        }
    }

    /// The method behind a word on the wire; the letter case matters.
    pub fn from_wire(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.wire() == word)
    }

    /// The word in the database.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::MagicLink => "magic_link",
            Self::Passkey => "passkey",
        }
    }

    /// The method behind a word in the database.
    pub fn from_column(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.column() == word)
    }
}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.wire())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_its_method() {
        for method in Method::ALL {
            assert_eq!(Method::from_wire(method.wire()), Some(method));
            assert_eq!(Method::from_column(method.column()), Some(method));
        }
        assert_eq!(Method::from_wire("google_auth"), None);
    }

    #[test]
    fn both_orders_hold_every_method() {
        let mut by_strength = Method::BY_STRENGTH;
        by_strength.sort();
        let mut all = Method::ALL;
        all.sort();
        assert_eq!(all, by_strength);
    }
}
