//! What a member of an organization has, in one number: `users.member_state`, which the database keeps. Lists and counts of
//! many members are made of it; the status of one is not.

use super::Method;

/// The bit of unused backup codes.
const CODES: i32 = 8;

/// Every state there is.
pub fn all() -> impl Iterator<Item = i32> {
    0..16
}

const fn bit(method: Method) -> i32 {
    match method {
        Method::Totp => 1,
        Method::MagicLink => 2,
        Method::Passkey => 4,
    }
}

/// Whether a member in this state has a method: proved, switched on and not suspended.
pub const fn has(state: i32, method: Method) -> bool {
    state & bit(method) != 0
}

/// Whether a member in this state has one of these methods.
pub fn has_any(state: i32, methods: &[Method]) -> bool {
    methods.iter().any(|method| has(state, *method))
}

/// Whether a member in this state has the email link and no other method.
pub const fn has_only_email(state: i32) -> bool {
    state & 7 == bit(Method::MagicLink)
}

/// Whether a member in this state has backup codes left.
pub const fn has_codes(state: i32) -> bool {
    state & CODES != 0
}
