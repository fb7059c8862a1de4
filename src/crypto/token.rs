//! Opaque tokens: how one is made, what it looks like, and the hash by which it is found again.
//!
//! Nothing here knows whether a token is alive; that is a row in the database.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Error, random_bytes};

/// 256 bits in base64url without padding.
const RANDOM_CHARS: usize = 43;

/// A UUID.
const ID_CHARS: usize = 36;

/// What a token may be used for. The prefix lets secret scanners find a leaked one, and keeps one kind
/// from ever being taken for another: it is part of what is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Full access to the API.
    Access,
    /// Exchanged for a new pair of tokens.
    Refresh,
    /// The password was right, a second factor is owed.
    Limited,
    /// The id that a browser's cookie carries.
    Cookie,
    /// The secret part of a mailed or printed link.
    Link,
    /// What a browser is recognised by at its next sign-in. It opens nothing.
    Device,
    /// What a trusted browser presents beside the password. Each use replaces it.
    Trust,
}

impl Kind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Access => "cs_at_",
            Self::Refresh => "cs_rt_",
            Self::Limited => "cs_lt_",
            Self::Cookie => "cs_ck_",
            Self::Link => "cs_ln_",
            Self::Device => "cs_dv_",
            Self::Trust => "cs_tb_",
        }
    }
}

/// A token in plain text: given out once and never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// A new token of 256 random bits.
    ///
    /// # Errors
    /// [`Error::Random`] when the system gives no random bytes.
    pub fn new(kind: Kind) -> Result<Self, Error> {
        let secret = Zeroizing::new(random_bytes::<32>()?);
        let mut text = Zeroizing::new(String::with_capacity(kind.prefix().len() + RANDOM_CHARS));
        text.push_str(kind.prefix());
        BASE64URL_NOPAD.encode_append(secret.as_ref(), &mut text);
        Ok(Self(text))
    }

    /// A token that was given out before, from its text; `None` when it does not look like this kind.
    #[must_use]
    pub fn from_text(kind: Kind, text: &str) -> Option<Self> {
        parse(kind, text).map(|_| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text to hand to the client.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database stores in its place.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(redacted)")
    }
}

/// A token that names the record it belongs to, so that one which is the record's no more is noticed. As text `id:token`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedToken {
    /// The record's id, which is no secret.
    pub id: String,
    /// The token.
    pub token: Token,
}

impl NamedToken {
    /// One that was given out before, from its text; `None` when it does not look like this kind.
    #[must_use]
    pub fn from_text(kind: Kind, text: &str) -> Option<Self> {
        let (id, token) = text.split_once(':')?;
        let is_id = (1..=ID_CHARS).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        let token = Token::from_text(kind, token).filter(|_| is_id)?;
        let id = id.to_owned();
        Some(Self { id, token })
    }

    /// The text to hand to the client.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}:{}", self.id, self.token.expose()))
    }
}

/// The SHA-256 of a well-formed token. Tokens are random and long, so a plain hash is enough: there is
/// nothing to guess, and the look-up goes through an index.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The 32 bytes, owned, as a row wants them.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.0.to_vec()
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(redacted)")
    }
}

/// The SHA-256 of any text. For a token that a client sent, use [`parse`].
#[must_use]
pub fn hash(text: &str) -> Vec<u8> {
    hash_bytes(text.as_bytes())
}

/// The SHA-256 of any bytes.
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// The hash of `text` if it looks exactly like a token of this kind. Anything else is turned away
/// before it costs a hash or a query.
#[must_use]
pub fn parse(kind: Kind, text: &str) -> Option<TokenHash> {
    let random = text.strip_prefix(kind.prefix())?;
    let is_well_formed = random.len() == RANDOM_CHARS
        && random
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    is_well_formed.then(|| TokenHash(Sha256::digest(text.as_bytes()).into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    const KINDS: [Kind; 7] = [
        Kind::Access,
        Kind::Refresh,
        Kind::Limited,
        Kind::Cookie,
        Kind::Link,
        Kind::Device,
        Kind::Trust,
    ];

    #[test]
    fn a_token_is_found_again_by_its_hash_and_only_as_its_own_kind() {
        for made_as in KINDS {
            let token = Token::new(made_as).unwrap();
            assert_eq!(token.hash().to_vec(), hash(token.expose()));
            for read_as in KINDS {
                let found = parse(read_as, token.expose());
                assert_eq!(found, (made_as == read_as).then(|| token.hash()));
            }
        }
    }

    #[test]
    fn tokens_differ() {
        let mut seen = std::collections::HashSet::new();
        assert!((0..1000).all(|_| seen.insert(Token::new(Kind::Access).unwrap().hash())));
    }

    #[test]
    fn garbage_is_turned_away() {
        let token = Token::new(Kind::Access).unwrap();
        let text = token.expose();
        let random = &text[6..];
        for garbage in [
            String::new(),
            "cs_at_".to_owned(),
            random.to_owned(),
            text[..text.len() - 1].to_owned(),
            format!("{text}A"),
            format!("{text} "),
            format!(" {text}"),
            format!("CS_AT_{random}"),
            format!("cs_at_%41{}", &random[3..]),
            format!("cs_at_+{}", &random[1..]),
            format!("cs_at_é{}", &random[2..]),
            format!("cs_at_{}", "A".repeat(4096)),
        ] {
            assert_eq!(parse(Kind::Access, &garbage), None, "{garbage}");
        }
    }

    #[test]
    fn a_named_token_is_read_as_it_was_written_and_nothing_else_is() {
        let token = Token::new(Kind::Trust).unwrap();
        let id = "019a9d5e-0000-7000-8000-000000000001".to_owned();
        let named = NamedToken { id, token };
        let text = named.expose().to_string();
        let read = |text: &str| NamedToken::from_text(Kind::Trust, text);
        assert_eq!(read(&text), Some(named.clone()));
        assert_eq!(NamedToken::from_text(Kind::Device, &text), None);
        let secret = named.token.expose();
        for garbage in [
            secret.to_owned(),
            format!(":{secret}"),
            format!("{}:", named.id),
            format!("{}:{text}", named.id),
            format!("0{text}"),
            format!("id\0:{secret}"),
        ] {
            assert_eq!(read(&garbage), None, "{garbage}");
        }
    }

    #[test]
    fn debug_shows_neither_token_nor_hash() {
        let token = Token::new(Kind::Access).unwrap();
        assert_eq!(
            format!("{token:?} {:?}", token.hash()),
            "Token(redacted) TokenHash(redacted)"
        );
    }
}
