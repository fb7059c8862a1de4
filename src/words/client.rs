//! A client as people know it: "Chrome on macOS". The name is a guess from what the browser says.

use woothee::parser::Parser;

use super::Messages;

/// What a client calls itself.
pub struct Client {
    /// "Chrome".
    pub browser: String,
    /// "macOS".
    pub system: String,
    /// It is a phone.
    pub is_mobile: bool,
}

/// The client behind a User-Agent, where that is a browser that is known.
pub fn of(user_agent: &str) -> Option<Client> {
    let found = Parser::new().parse(user_agent)?;
    let browser = match found.name {
        "Internet Explorer" | "UNKNOWN" | "" => return None,
        name => name,
    };
    let system = match found.os {
        "Mac OSX" => "macOS",
        "iPhone" | "iPad" | "iPod" => "iOS",
        os if os.starts_with("Windows Phone") => "Windows Phone",
        os if os.starts_with("Windows") => "Windows",
        os @ ("Android" | "Linux" | "ChromeOS") => os,
        _ => return None,
    };
    Some(Client {
        browser: browser.to_owned(),
        system: system.to_owned(),
        is_mobile: found.category == "smartphone",
    })
}

impl Client {
    /// "Chrome on macOS".
    pub fn name(&self, t: &Messages) -> String {
        t.with2(
            "frame-client",
            "browser",
            &self.browser,
            "system",
            &self.system,
        )
    }
}

/// The name of the browser behind a User-Agent, where it is known.
pub fn name(t: &Messages, user_agent: &str) -> Option<String> {
    of(user_agent).map(|client| client.name(t))
}

/// What a program calls itself, without its version, where that is one plain word: it is shown to people, and a stranger
/// may have written it.
pub fn product(user_agent: &str) -> Option<&str> {
    let product = user_agent.split(['/', ' ']).next()?;
    // What every browser calls itself says nothing of one that is not known.
    let is_plain = product != "Mozilla"
        && (1..=30).contains(&product.len())
        && product
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    is_plain.then_some(product)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(user_agent: &str) -> Option<String> {
        super::name(&Messages::default(), user_agent)
    }

    #[test]
    fn common_browsers_are_known_by_name() {
        let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(name(mac).as_deref(), Some("Chrome on macOS"));
        let firefox =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(name(firefox).as_deref(), Some("Firefox on Windows"));
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
        assert_eq!(name(phone).as_deref(), Some("Safari on iOS"));
        assert!(of(phone).is_some_and(|client| client.is_mobile));
    }

    #[test]
    fn anything_else_has_no_name() {
        for unknown in ["", "curl/8.5.0", "\"><script>alert(1)</script>"] {
            assert_eq!(name(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_program_is_named_by_one_plain_word_or_not_at_all() {
        assert_eq!(product("curl/8.5.0"), Some("curl"));
        assert_eq!(product("python-requests/2.32"), Some("python-requests"));
        for strange in [
            "",
            "Mozilla/5.0",
            "/1",
            "evil.example/1",
            "<b>",
            &"a".repeat(31),
        ] {
            assert_eq!(product(strange), None, "{strange}");
        }
    }
}
