//! What a passkey is called: the name it gets by itself, and the one that its holder chooses.

use crate::db::passkeys::Passkey;
use crate::mfa::Error;

/// The longest name, in characters.
pub const MAX_NAME: usize = 60;

/// Transports of authenticators that are plugged in or held against the device.
const ROAMING: [&str; 3] = ["usb", "nfc", "ble"];

/// Why a passkey cannot be called so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameProblem {
    /// There is nothing in it.
    Empty,
    /// It has more than [`MAX_NAME`] characters.
    TooLong,
    /// Another passkey of the account has this name.
    Taken(String),
}

/// What a passkey is called when nobody says: words that the faces choose.
#[derive(Debug, Clone)]
pub struct Words {
    /// For an authenticator that is plugged in.
    pub security_key: String,
    /// For one on another device.
    pub phone: String,
    /// The browser and its system, where they are known.
    pub client: Option<String>,
    /// For everything else.
    pub passkey: String,
}

/// Whether a passkey lives on a key that is plugged in or held against the device.
pub fn is_security_key(passkey: &Passkey) -> bool {
    let mut words = passkey.transports.split_whitespace();
    !passkey.backup_eligible && words.any(|word| ROAMING.contains(&word))
}

/// A name for a new passkey: the first that applies, with a number where the account has it already.
pub(super) fn default(
    provider: Option<&str>,
    transports: &[String],
    backup_eligible: bool,
    words: &Words,
    own: &[Passkey],
) -> String {
    let is_roaming = transports
        .iter()
        .any(|word| ROAMING.contains(&word.as_str()));
    let name = match provider {
        Some(provider) => provider,
        None if is_roaming && !backup_eligible => &words.security_key,
        None if transports == ["hybrid"] => &words.phone,
        None => words.client.as_deref().unwrap_or(&words.passkey),
    };
    let numbered = (2..).map(|number| format!("{name} {number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !is_taken(name, own, None))
        .unwrap_or_default()
}

/// A name as its holder typed it, cleaned: `id` is the passkey that gets it, if it is there already.
pub(super) fn chosen(typed: &str, own: &[Passkey], id: Option<&str>) -> Result<String, Error> {
    // Control characters, what cannot be seen, and what turns the direction of the text around it.
    let is_odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let plain: String = typed
        .chars()
        .map(|c| if is_odd(c) { ' ' } else { c })
        .collect();
    let name = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let problem = if name.is_empty() {
        NameProblem::Empty
    } else if name.chars().count() > MAX_NAME {
        NameProblem::TooLong
    } else if is_taken(&name, own, id) {
        NameProblem::Taken(name)
    } else {
        return Ok(name);
    };
    Err(Error::PasskeyName(problem))
}

fn is_taken(name: &str, own: &[Passkey], id: Option<&str>) -> bool {
    let name = name.to_lowercase();
    own.iter()
        .filter(|row| Some(row.id.as_str()) != id)
        .any(|row| row.name.to_lowercase() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(client: Option<&str>) -> Words {
        Words {
            security_key: "Security key".into(),
            phone: "Phone or tablet".into(),
            client: client.map(str::to_owned),
            passkey: "Passkey".into(),
        }
    }

    fn passkey(name: &str) -> Passkey {
        Passkey {
            id: name.into(),
            factor_id: String::new(),
            user_id: String::new(),
            credential_id: Vec::new(),
            credential: String::new(),
            counter: 0,
            backup_eligible: true,
            backup_state: true,
            discoverable: true,
            transports: String::new(),
            aaguid: None,
            rp_id: String::new(),
            name: name.into(),
            created_at: chrono::DateTime::UNIX_EPOCH.naive_utc(),
            last_used_at: None,
            last_used_by: None,
        }
    }

    #[test]
    fn pk_4_a_new_passkey_is_called_by_the_first_name_that_applies() {
        let name = |provider, transports: &[&str], backed, client| {
            let transports: Vec<String> = transports.iter().map(|word| (*word).into()).collect();
            default(provider, &transports, backed, &words(client), &[])
        };
        let mac = Some("Chrome on macOS");
        assert_eq!(name(Some("1Password"), &["usb"], false, mac), "1Password");
        assert_eq!(name(None, &["nfc", "usb"], false, mac), "Security key");
        assert_eq!(name(None, &["usb"], true, mac), "Chrome on macOS");
        assert_eq!(name(None, &["hybrid"], true, mac), "Phone or tablet");
        assert_eq!(
            name(None, &["hybrid", "internal"], true, mac),
            "Chrome on macOS"
        );
        assert_eq!(name(None, &["internal"], true, None), "Passkey");
    }

    #[test]
    fn pk_4_a_name_that_is_there_already_gets_a_number() {
        let own = [passkey("passkey"), passkey("Passkey 2")];
        let name = default(None, &[], true, &words(None), &own);
        assert_eq!(name, "Passkey 3");
    }

    #[test]
    fn a_chosen_name_is_cleaned_and_must_differ_from_the_others() {
        let own = [passkey("Work laptop"), passkey("Phone")];
        let problem = |typed: &str, id| match chosen(typed, &own, id) {
            Ok(name) => panic!("{name}"),
            Err(Error::PasskeyName(problem)) => problem,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(
            chosen("  My\n\u{202e}key\0 ", &own, None).unwrap(),
            "My key"
        );
        assert_eq!(
            chosen("work laptop", &own, Some("Work laptop")).unwrap(),
            "work laptop"
        );
        assert_eq!(problem(" \u{a0}\u{200b}", None), NameProblem::Empty);
        assert_eq!(
            problem("PHONE", Some("Work laptop")),
            NameProblem::Taken("PHONE".into())
        );
        assert_eq!(
            chosen(&"ä".repeat(60), &own, None).unwrap().chars().count(),
            60
        );
        assert_eq!(problem(&"ä".repeat(61), None), NameProblem::TooLong);
    }
}
