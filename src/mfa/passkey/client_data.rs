//! What the browser says it saw (WebAuthn L3, section 5.8.1), as far as webauthn-rs does not look at it.

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use serde_json::Value;

use crate::mfa::Error;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: Option<Value>,
    #[serde(default)]
    top_origin: Option<Value>,
}

/// The challenge that was answered.
pub(super) fn challenge(client_data: &[u8]) -> Option<Vec<u8>> {
    let data: ClientData = serde_json::from_slice(client_data).ok()?;
    BASE64URL_NOPAD.decode(data.challenge.as_bytes()).ok()
}

/// Checks the origin, letter by letter, and that the page was no frame in somebody else's.
///
/// # Errors
///
/// [`Error::PasskeyRefused`].
pub(super) fn check(client_data: &[u8], origins: &[String]) -> Result<(), Error> {
    let data: ClientData =
        serde_json::from_slice(client_data).map_err(|_| Error::PasskeyRefused("client_data"))?;
    if !origins.contains(&data.origin) {
        return Err(Error::PasskeyRefused("origin"));
    }
    let is_framed = data.cross_origin.is_some_and(|framed| framed != false);
    if is_framed || data.top_origin.is_some() {
        return Err(Error::PasskeyRefused("cross_origin"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_taken(members: &str) -> bool {
        let text = format!(r#"{{"type":"webauthn.get","challenge":"AA",{members}}}"#);
        check(text.as_bytes(), &["https://a.example".to_owned()]).is_ok()
    }

    #[test]
    fn only_an_origin_on_the_list_is_taken_letter_by_letter() {
        assert!(is_taken(r#""origin":"https://a.example""#));
        for other in [
            "https://a.example/",
            "https://A.example",
            "https://a.example.",
            "https://a.example:443",
            "http://a.example",
            "null",
            "",
        ] {
            assert!(!is_taken(&format!(r#""origin":"{other}""#)), "{other}");
        }
    }

    #[test]
    fn a_page_in_a_frame_is_refused() {
        let own = r#""origin":"https://a.example""#;
        assert!(is_taken(&format!(r#"{own},"crossOrigin":false"#)));
        for framed in [
            r#""crossOrigin":true"#,
            r#""crossOrigin":"no""#,
            r#""topOrigin":"https://a.example""#,
            r#""crossOrigin":false,"topOrigin":"https://b.example""#,
        ] {
            assert!(!is_taken(&format!("{own},{framed}")), "{framed}");
        }
    }
}
