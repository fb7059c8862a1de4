//! What an account is made of: its address, its names, its role; how one comes into being.

use chrono::NaiveDateTime;
use diesel::result::{DatabaseErrorKind, Error as DbError};

use super::Error;
use crate::activity::{self, Entry, Event, Origin};
use crate::crypto::keyring::Keyring;
use crate::db::users::User;
use crate::db::{Conn, new_id, users};

/// The longest address that mail can be delivered to (RFC 5321 section 4.5.3.1.3, less the brackets).
const MAX_EMAIL: usize = 254;

/// The longest name of a person or an organization, in characters.
pub const MAX_NAME: usize = 100;

/// What somebody may do in their organization. The numbers are those of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum Role {
    /// A member.
    User = 0,
    /// Sees bills.
    Billing = 1,
    /// Manages workspaces.
    Workspaces = 2,
    /// Manages members and the MFA requirement.
    Administrators = 254,
    /// An administrator that no other administrator can reset.
    Owner = 255,
}

impl Role {
    /// Every role, weakest first.
    pub const ALL: [Self; 5] = [
        Self::User,
        Self::Billing,
        Self::Workspaces,
        Self::Administrators,
        Self::Owner,
    ];

    /// The number in the database and in the API.
    pub const fn number(self) -> i32 {
        self as i32
    }

    /// The role behind a number.
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.number() == number)
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The role's name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Billing => "BILLING",
            Self::Workspaces => "WORKSPACES",
            Self::Administrators => "ADMINISTRATORS",
            Self::Owner => "OWNER",
        }
    }
}

/// An account to be created.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// As typed.
    pub email: String,
    /// As typed.
    pub first_name: String,
    /// As typed.
    pub last_name: String,
    /// The organization it joins, if any.
    pub organization_id: Option<String>,
    /// Its role there.
    pub role: Role,
    /// The hash of its password; without one, a link for choosing it is due.
    pub password_hash: Option<String>,
}

/// Creates an account. Runs in the caller's transaction.
///
/// # Errors
///
/// [`Error::Field`] for an address or a name that cannot be one, [`Error::EmailTaken`] for an address that
/// has an account.
pub fn create(
    conn: &mut Conn,
    keys: &Keyring,
    origin: &Origin,
    new: NewUser,
    now: NaiveDateTime,
) -> Result<User, Error> {
    let user = User {
        id: new_id(),
        email: normalize_email(&new.email).ok_or(Error::Field("email"))?,
        first_name: normalize_name(&new.first_name).ok_or(Error::Field("first_name"))?,
        last_name: normalize_name(&new.last_name).ok_or(Error::Field("last_name"))?,
        joined_at: new.organization_id.is_some().then_some(now),
        organization_id: new.organization_id,
        role: new.role.number(),
        password_changed_at: new.password_hash.is_some().then_some(now),
        password_hash: new.password_hash,
        mfa_required: false,
        primary_method: None,
        mfa_reset_at: None,
        epoch: 0,
        deactivated_at: None,
        created_at: now,
        backup_codes_left: None,
        password_by_mail: false,
        language: None,
    };
    if users::find_by_email(conn, &user.email)?.is_some() {
        return Err(Error::EmailTaken);
    }
    users::insert(conn, &user).map_err(|error| match error {
        // Somebody else's transaction came first.
        DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::EmailTaken,
        error => Error::Database(error),
    })?;
    // Until they sign in themselves they are written to in the language of whoever made the account.
    users::update_browser_language(conn, &user.id, origin.language)?;
    activity::record(
        conn,
        keys,
        origin,
        Entry::success(Event::AccountCreated).of(&user),
        now,
    )?;
    Ok(user)
}

/// An address as it is stored and looked up: trimmed, lower case. `None` for what cannot be one.
///
/// Deliberately narrow: one `@`, no quoting, no comments, no display name, nothing that a mail header could
/// take for a second recipient.
pub fn normalize_email(typed: &str) -> Option<String> {
    let email = typed.trim().to_lowercase();
    let (local, domain) = email.split_once('@')?;
    let is_plain = |c: char| {
        !c.is_whitespace() && !c.is_control() && !is_unseen(c) && !r#"@<>()[]\,;:""#.contains(c)
    };
    let is_dotted = |part: &str| part.split('.').all(|label| !label.is_empty());
    (email.len() <= MAX_EMAIL
        && is_dotted(local)
        && is_dotted(domain)
        && local.chars().all(is_plain)
        && domain.chars().all(is_plain))
    .then_some(email)
}

/// Characters that nobody sees, or that turn the direction around: with them, one address looks like another.
pub(crate) const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// A name as it is stored: trimmed. `None` when nothing is left, when it is too long, or when it holds
/// control characters.
pub fn normalize_name(typed: &str) -> Option<String> {
    let name = typed.trim();
    (!name.is_empty() && name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control))
        .then(|| name.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_trimmed_and_lower_cased() {
        assert_eq!(
            normalize_email("  Ada@Example.COM ").as_deref(),
            Some("ada@example.com")
        );
        assert!(normalize_email("müller@exämple.de").is_some());
    }

    #[test]
    fn nothing_that_could_be_two_recipients_is_an_address() {
        for typed in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a@b@c",
            "ada@example.com.",
            "ada.@example.com",
            "a@x\r\nBcc: b@y",
            "a@x,b@y",
            "\"n\" <a@x>",
            "a b@x.org",
            "a;b@x.org",
            "a\u{202e}b@x.org",
            "a\u{200b}@x.org",
        ] {
            assert_eq!(normalize_email(typed), None, "{typed:?}");
        }
        assert_eq!(normalize_email(&format!("{}@x.org", "a".repeat(250))), None);
    }

    #[test]
    fn a_name_is_kept_as_it_is_written() {
        assert_eq!(
            normalize_name(" <b>Ada</b> ").as_deref(),
            Some("<b>Ada</b>")
        );
        assert_eq!(normalize_name(" \t"), None);
        assert_eq!(normalize_name("a\nb"), None);
        assert_eq!(normalize_name(&"a".repeat(MAX_NAME + 1)), None);
    }

    #[test]
    fn every_role_leads_back_to_its_number() {
        for role in Role::ALL {
            assert_eq!(Role::from_number(role.number()), Some(role));
        }
        assert_eq!(Role::from_number(3), None);
    }
}
