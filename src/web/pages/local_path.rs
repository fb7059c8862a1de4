//! Where a form may send people afterwards: a path on this very origin, and nothing that a browser could
//! read as anything else.

use url::form_urlencoded;

/// The longest path that is followed.
const MAX_LENGTH: usize = 1_024;

/// `typed` if it is a local path, else `fallback`.
pub(super) fn or<'a>(typed: &'a str, fallback: &'a str) -> &'a str {
    if is_local(typed) { typed } else { fallback }
}

/// `page?name=path`, encoded.
pub(super) fn with(page: &str, name: &str, path: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair(name, path)
        .finish();
    format!("{page}?{query}")
}

/// One slash and then something else: `//host` and `/\host` lead to another origin, and browsers drop tabs
/// and line breaks before they look.
fn is_local(path: &str) -> bool {
    let mut bytes = path.bytes();
    bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && path.len() <= MAX_LENGTH
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_paths_of_our_own_are_followed() {
        for good in [
            "/",
            "/security",
            "/security/activity?page=2",
            "/security#codes",
        ] {
            assert!(is_local(good), "{good}");
        }
        for bad in [
            "",
            "security",
            "//evil.test",
            "/\\evil.test",
            "https://evil.test/",
            "javascript:alert(1)",
            "/\t/evil.test",
            "/a\\b",
            "/a b",
            "/ä",
        ] {
            assert!(!is_local(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_followed_stays_on_this_origin(typed in ".{0,40}|/[/\\\\a-z.:@?#%]{0,20}") {
            let base = url::Url::parse("https://countersign.example/").unwrap();
            let target = base.join(or(&typed, "/security")).unwrap();
            prop_assert_eq!(target.origin(), base.origin());
        }
    }
}
