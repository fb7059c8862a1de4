//! Second factors in words: what each is called, in a list and in a sentence.

use crate::mfa::Method;
use crate::words::Messages;

/// As a heading or in a list: "Authenticator app".
pub fn name(t: &Messages, method: Method) -> String {
    match method {
        Method::Totp => t.text("method-app-name"),
        Method::MagicLink => t.text("method-email-name"),
        Method::Passkey => t.text("method-passkey-name"),
    }
}

/// Several in a list, the strongest first: "Passkey, Authenticator app".
pub fn names(t: &Messages, methods: &[Method]) -> String {
    let strongest = Method::BY_STRENGTH.into_iter();
    let names: Vec<_> = strongest
        .filter(|method| methods.contains(method))
        .map(|method| name(t, method))
        .collect();
    names.join(", ")
}

/// Inside a sentence: "an authenticator app".
pub fn phrase(t: &Messages, method: Method) -> String {
    match method {
        Method::Totp => t.text("method-app"),
        Method::MagicLink => t.text("method-email"),
        Method::Passkey => t.text("method-passkey"),
    }
}

/// One line about what it asks of a person.
pub fn help(t: &Messages, method: Method) -> String {
    match method {
        Method::Totp => t.text("method-app-help"),
        Method::MagicLink => t.text("method-email-help"),
        Method::Passkey => t.text("method-passkey-help"),
    }
}

/// Several, inside a sentence: "a passkey, an email link".
pub fn phrases(t: &Messages, methods: &[Method]) -> String {
    let phrases: Vec<_> = methods.iter().map(|method| phrase(t, *method)).collect();
    phrases.join(", ")
}
