//! Which passwords may be chosen: long enough, not too long, not the first guess.
//!
//! After NIST SP 800-63B-4 section 3.1.1.2: no rules of composition and nothing that expires. A
//! password is compared with the list as a whole, so a long sentence may well contain a common word.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::password::{MAX_BYTES, MAX_CODE_POINTS, normalize};

/// Where the password may be the only factor.
const MIN_ALONE: usize = 15;
/// Where a second factor is enforced.
const MIN_WITH_SECOND_FACTOR: usize = 8;

/// Our own name is the first guess of whoever knows what this is.
const SERVICE: &str = "countersign";

/// Royce Williams' list of the 20,000 most common passwords, as shipped with Django (BSD licence):
/// lower-case, sorted bytewise, without entries too short to be chosen here and without those that
/// are not ASCII.
static COMMON: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// What is known about the person who chooses. Leave empty what is not.
#[derive(Debug, Clone, Copy, Default)]
pub struct PolicyContext<'a> {
    /// Whether this account must always present a second factor too.
    pub mfa_enforced: bool,
    /// The organization's name.
    pub organization: &'a str,
    /// The person's first name.
    pub first_name: &'a str,
    /// The person's last name.
    pub last_name: &'a str,
    /// The account's address.
    pub email: &'a str,
}

impl PolicyContext<'_> {
    /// The fewest code points a password may have here.
    #[must_use]
    pub const fn min_length(&self) -> usize {
        if self.mfa_enforced {
            MIN_WITH_SECOND_FACTOR
        } else {
            MIN_ALONE
        }
    }

    /// The names by which somebody would start guessing, in lower case.
    fn words(&self) -> BTreeSet<String> {
        let full_name = format!("{} {}", self.first_name, self.last_name);
        let mut words = BTreeSet::new();
        for name in [SERVICE, self.organization, &full_name, self.email] {
            let name = fold(name);
            let parts: Vec<_> = name
                .split(|c: char| !c.is_alphanumeric())
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect();
            words.insert(parts.concat());
            words.extend(parts);
            if let Some((local, domain)) = name.split_once('@') {
                words.extend([local.to_owned(), domain.to_owned()]);
            }
            words.insert(name.trim().to_owned());
        }
        words.remove("");
        words
    }
}

/// Why a password may not be chosen. The words for it belong to the faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Fewer code points than needed.
    #[error("shorter than {min} characters")]
    TooShort {
        /// The fewest that would do for this account.
        min: usize,
    },
    /// More than 256 code points or 1,024 bytes.
    #[error("longer than {MAX_CODE_POINTS} characters or {MAX_BYTES} bytes")]
    TooLong,
    /// One of the most common passwords, alone or repeated.
    #[error("one of the most common passwords")]
    Common,
    /// The name of the service, the organization or the person, or a part of the address, alone or
    /// repeated.
    #[error("a name that is easy to guess")]
    ContainsContext,
}

/// Whether this password may be chosen by this person.
///
/// # Errors
/// The first reason why not.
pub fn check_policy(password: &str, context: &PolicyContext<'_>) -> Result<(), PolicyError> {
    let password = normalize(password).ok_or(PolicyError::TooLong)?;
    let min = context.min_length();
    if password.chars().count() < min {
        return Err(PolicyError::TooShort { min });
    }
    let password = zeroize::Zeroizing::new(fold(&password));
    if context.words().iter().any(|word| repeats(word, &password)) {
        return Err(PolicyError::ContainsContext);
    }
    let mut starts = password
        .char_indices()
        .map(|(end, _)| password.split_at(end).0)
        .chain([password.as_str()]);
    if starts.any(|start| repeats(start, &password) && is_common(start)) {
        return Err(PolicyError::Common);
    }
    Ok(())
}

fn is_common(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok()
}

/// Whether `text` is `word`, or `word` again and again until it was long enough.
fn repeats(word: &str, text: &str) -> bool {
    !word.is_empty()
        && word.len() <= text.len()
        && word.bytes().cycle().zip(text.bytes()).all(|(a, b)| a == b)
}

/// Upper and lower case are the same guess. Names may come in any normal form.
fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfc().flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    const ALONE: PolicyContext<'static> = PolicyContext {
        mfa_enforced: false,
        organization: "Müller & Söhne",
        first_name: "Ada",
        last_name: "Lovelace",
        email: "ada.lovelace+work@analytical-engines.example",
    };
    const ENFORCED: PolicyContext<'static> = PolicyContext {
        mfa_enforced: true,
        ..ALONE
    };

    #[test]
    fn the_list_can_be_searched() {
        assert!(COMMON.is_sorted());
        assert_eq!(COMMON.len(), 8346);
        assert!(is_common("password1") && !is_common("Password1") && !is_common("unheard-of"));
    }

    #[test]
    fn length_is_counted_in_code_points_after_normalisation() {
        let short = |min| Err(PolicyError::TooShort { min });
        assert_eq!(check_policy("fourteen chars", &ALONE), short(15));
        assert_eq!(check_policy("fifteen charac.", &ALONE), Ok(()));
        assert_eq!(check_policy("sevench", &ENFORCED), short(8));
        assert_eq!(check_policy("eightch.", &ENFORCED), Ok(()));
        // Seven letters, typed as fourteen code points.
        assert_eq!(check_policy(&"e\u{301}".repeat(7), &ENFORCED), short(8));
        assert_eq!(check_policy(&"x1".repeat(128), &ALONE), Ok(()));
        assert_eq!(
            check_policy(&format!("{}x", "x1".repeat(128)), &ALONE),
            Err(PolicyError::TooLong)
        );
        assert_eq!(check_policy(&"😀y".repeat(128), &ALONE), Ok(()));
        assert_eq!(
            check_policy(&"x".repeat(1_000_000), &ALONE),
            Err(PolicyError::TooLong)
        );
    }

    #[test]
    fn there_are_no_rules_of_composition() {
        for password in [
            "all lower case words",
            "               .",
            "密码密码密钥密码一二三四五六七",
        ] {
            assert_eq!(check_policy(password, &ALONE), Ok(()), "{password}");
        }
    }

    #[test]
    fn the_first_guesses_are_refused_in_any_case_and_repeated() {
        for password in [
            "password",
            "PASSWORD1",
            "Iloveyou1",
            "passwordpassword",
            "12345678123456",
        ] {
            assert_eq!(
                check_policy(password, &ENFORCED),
                Err(PolicyError::Common),
                "{password}"
            );
        }
        for password in [
            "passwordpassword",
            "aaaaaaaaaaaaaaaaaaaa",
            "qwertyuiopqwert",
        ] {
            assert_eq!(
                check_policy(password, &ALONE),
                Err(PolicyError::Common),
                "{password}"
            );
        }
    }

    #[test]
    fn names_are_refused_alone_and_repeated() {
        for password in [
            "Countersign",
            "countersigncountersign",
            "countersigncoun",
            "Müller & Söhne",
            "mu\u{308}llerso\u{308}hne",
            "ada lovelace",
            "AdaLovelace",
            "lovelace",
            "adaadaadaadaada",
            "ada.lovelace+work@analytical-engines.example",
            "ada.lovelace+work",
            "analytical-engines.example",
            "analytical",
        ] {
            let verdict = check_policy(password, &ENFORCED);
            assert_eq!(verdict, Err(PolicyError::ContainsContext), "{password}");
        }
        let sentence = "lovelace wrote the first countersign password";
        assert_eq!(check_policy(sentence, &ALONE), Ok(()));
    }

    #[test]
    fn an_unknown_person_has_no_names() {
        let nobody = PolicyContext::default();
        assert_eq!(check_policy("a perfectly fine sentence", &nobody), Ok(()));
        assert_eq!(
            nobody.words().into_iter().collect::<Vec<_>>(),
            ["countersign"]
        );
    }

    #[test]
    fn a_word_that_is_longer_is_not_repeated() {
        assert!(repeats("abc", "abc") && repeats("abc", "abcab"));
        assert!(!repeats("abc", "ab") && !repeats("", "ab") && !repeats("abc", "abd"));
    }
}
