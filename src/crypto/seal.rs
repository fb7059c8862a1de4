//! HKDF, HMAC and AES-256-GCM in the one way this room uses each of them.
//!
//! Only shapes and algorithms. Which key is used for what belongs to `keyring`.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use data_encoding::BASE64URL_NOPAD;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Error, random_bytes};

/// The first word of every envelope, so that a later format can live beside this one.
pub(super) const VERSION: &str = "v1";

/// A key for AES-256 or HMAC-SHA-256, wiped when it is dropped.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// HKDF-SHA-256 (RFC 5869) without a salt: our inputs are uniformly random already.
pub(super) fn derive<const N: usize>(
    secret: &[u8],
    info: &str,
) -> Result<Zeroizing<[u8; N]>, Error> {
    let mut key = Zeroizing::new([0; N]);
    Hkdf::<Sha256>::new(None, secret)
        .expand(info.as_bytes(), key.as_mut())
        .map_err(|_| Error::Refused)?;
    Ok(key)
}

/// HMAC-SHA-256 (RFC 2104).
pub(super) fn hmac(key: &Key, message: &[u8]) -> [u8; 32] {
    // Padding the key to the block with zeros is HMAC's own first step. Done here, it leaves a
    // constructor that cannot fail.
    let mut block = Zeroizing::new([0; 64]);
    for (slot, byte) in block.iter_mut().zip(key.iter()) {
        *slot = *byte;
    }
    let block: &[u8; 64] = &block;
    Hmac::<Sha256>::new(block.into())
        .chain_update(message)
        .finalize()
        .into_bytes()
        .into()
}

/// Encrypts under a fresh random nonce; the answer is `nonce.ciphertext` in base64url.
pub(super) fn encrypt(key: &Key, place: &[u8], plaintext: &[u8]) -> Result<String, Error> {
    let nonce = random_bytes::<12>()?;
    let payload = Payload {
        msg: plaintext,
        aad: place,
    };
    let key: &[u8; 32] = key;
    let ciphertext = Aes256Gcm::new(key.into())
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| Error::Refused)?;
    Ok(format!(
        "{}.{}",
        BASE64URL_NOPAD.encode(&nonce),
        BASE64URL_NOPAD.encode(&ciphertext)
    ))
}

/// The reverse of [`encrypt`]. Decoding is strict, so a sealed value has exactly one spelling.
pub(super) fn decrypt(key: &Key, place: &[u8], sealed: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let decode = |part: &str| {
        BASE64URL_NOPAD
            .decode(part.as_bytes())
            .map_err(|_| Error::Malformed)
    };
    let (nonce, ciphertext) = sealed.split_once('.').ok_or(Error::Malformed)?;
    let nonce: [u8; 12] = decode(nonce)?.try_into().map_err(|_| Error::Malformed)?;
    let ciphertext = decode(ciphertext)?;
    let payload = Payload {
        msg: &ciphertext,
        aad: place,
    };
    let key: &[u8; 32] = key;
    Aes256Gcm::new(key.into())
        .decrypt(&Nonce::from(nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| Error::Refused)
}

/// Seals `plaintext` so that only whoever presents `secret` again can open it; no key of the keyring
/// is involved. `secret` must be random and long, such as a token: it is not stretched.
///
/// # Errors
/// [`Error::Random`] when the system gives no nonce.
pub fn seal_under(secret: &[u8], info: &str, plaintext: &[u8]) -> Result<String, Error> {
    let key = derive(secret, info)?;
    Ok(format!("{VERSION}.{}", encrypt(&key, b"", plaintext)?))
}

/// Opens what [`seal_under`] sealed with the same `secret` and `info`.
///
/// # Errors
/// [`Error::Malformed`] for a text of another shape, [`Error::Refused`] for another secret or purpose.
pub fn open_under(secret: &[u8], info: &str, envelope: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (version, sealed) = envelope.split_once('.').ok_or(Error::Malformed)?;
    if version != VERSION {
        return Err(Error::Malformed);
    }
    decrypt(&derive(secret, info)?, b"", sealed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn hmac_agrees_with_a_published_vector() {
        // RFC 4231 test case 2 has a short key; padded to 32 bytes it is the same HMAC key.
        let mut key = Key::default();
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            data_encoding::HEXLOWER.encode(&hmac(&key, b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn only_the_presented_secret_opens_what_was_sealed_under_it() {
        let sealed = seal_under(b"a long random secret", "successor", b"next").unwrap();
        assert_eq!(
            *open_under(b"a long random secret", "successor", &sealed).unwrap(),
            b"next"
        );
        for (secret, info) in [
            (&b"another secret"[..], "successor"),
            (b"a long random secret", "other"),
        ] {
            assert_eq!(open_under(secret, info, &sealed), Err(Error::Refused));
        }
        for text in ["", "v1", "v1.", "v2.AAAA.AAAA", "v1.AAAA.AAAA", "v1.%.%"] {
            assert_eq!(
                open_under(b"x", "successor", text),
                Err(Error::Malformed),
                "{text}"
            );
        }
    }
}
