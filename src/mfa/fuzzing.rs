//! What fuzzers call of this room: codes as people type them, and the URI for an authenticator app. See
//! `crate::fuzzing`.

#![allow(clippy::expect_used)] // what fails here is a finding

use url::Url;
use zeroize::Zeroizing;

use super::six_digits::is_filler;
use super::totp::SetUp;
use super::verify::Presented;
use super::{Code, Method, PRODUCT, backup_codes};

/// A backup code, and what a code is taken for.
pub(crate) fn backup_code(data: &[u8]) {
    let Ok(typed) = std::str::from_utf8(data) else {
        return;
    };
    let code = backup_codes::Code::parse(typed);
    if let Some(code) = &code {
        let shown = code.shown();
        assert_eq!(shown.len(), 11);
        assert!(!shown.contains(['I', 'L', 'O', 'U']));
        assert_eq!(backup_codes::Code::parse(&shown).as_ref(), Some(code));
        assert_eq!(typed.chars().filter(|c| !is_filler(*c)).count(), 10);
    }
    // Ten characters are a backup code whatever the method, and nothing else is one.
    for method in Method::ALL.into_iter().map(Some).chain([None]) {
        let taken = Presented::parse(method, typed);
        assert_eq!(matches!(taken, Ok(Presented::Backup(_))), code.is_some());
        if let Ok(Presented::Totp(_)) = taken {
            assert_eq!(method, Some(Method::Totp));
        }
    }
    let _ = Presented::parse_link(typed);
}

/// Six digits.
pub(crate) fn six_digits(data: &[u8]) {
    let Ok(typed) = std::str::from_utf8(data) else {
        return;
    };
    if let Some(code) = Code::parse(typed) {
        let digits = code.digits();
        assert!(digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit()));
        assert!(Code::parse(&digits) == Some(code));
        assert_eq!(typed.chars().filter(|c| !is_filler(*c)).count(), 6);
    }
}

/// The URI for an app: whatever an account is called, the app learns exactly its secret and whose it is.
pub(crate) fn otpauth(data: &[u8]) {
    let Ok(account) = std::str::from_utf8(data) else {
        return;
    };
    let set_up = SetUp {
        id: String::new(),
        secret: Zeroizing::new(b"12345678901234567890".to_vec()),
        account: account.to_owned(),
    };
    let Ok(uri) = set_up.uri() else {
        // A colon would end the issuer's part of the label; no address has one.
        assert!(account.contains(':') || account.is_empty(), "{account}");
        return;
    };
    let uri = Url::parse(&uri).expect("a URI");
    assert_eq!((uri.scheme(), uri.host_str()), ("otpauth", Some("totp")));
    assert_eq!(uri.fragment(), None);
    let label = percent_encoding::percent_decode_str(uri.path()).decode_utf8_lossy();
    assert_eq!(label, format!("/{PRODUCT}:{account}"));
    let mut members: Vec<_> = uri.query_pairs().collect();
    members.retain(|(name, _)| !matches!(&**name, "algorithm" | "digits" | "period"));
    members.sort();
    let secret = ("secret".into(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into());
    assert_eq!(members, [("issuer".into(), PRODUCT.into()), secret]);
}
