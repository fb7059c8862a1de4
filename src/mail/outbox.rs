//! Mails that somebody asked for, most with a link: leaving one to be sent. What it says is in `request`, how it leaves in
//! `delivery`.

use chrono::NaiveDateTime;

use crate::activity::{Facts, Origin};
use crate::crypto;
use crate::crypto::keyring::{Keyring, Label, Place};
use crate::db::Conn;
use crate::db::mails::{self, Mail};

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// A link for choosing a password, for somebody who has lost theirs.
    PasswordLink,
    /// The same for somebody whose account was just made.
    Invitation,
    /// A link that proves a new address.
    AddressLink,
    /// Somebody wanted this address for their account, and it belongs to another one. No link.
    AddressTaken,
}

impl Occasion {
    pub(super) const ALL: [Self; 4] = [
        Self::PasswordLink,
        Self::Invitation,
        Self::AddressLink,
        Self::AddressTaken,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::PasswordLink => "password_link",
            Self::Invitation => "invitation",
            Self::AddressLink => "address_link",
            Self::AddressTaken => "address_taken",
        }
    }

    /// The occasion behind `mails.event`; `None` for the words of the record.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|occasion| occasion.word() == word)
    }
}

/// Why a mail could not be left.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its link could not be sealed.
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

/// The link in a mail.
pub struct Link<'a> {
    /// Its row in `one_time_links`: the mail goes unsent when that goes.
    pub id: &'a str,
    /// The path of its page, with the token.
    pub path: &'a str,
    /// Until when it works, and the mail is worth sending.
    pub expires_at: NaiveDateTime,
}

/// A mail to be left.
pub struct Post<'a> {
    /// What it is about.
    pub occasion: Occasion,
    /// Whom it is for: one normalised address.
    pub recipient: &'a str,
    /// The account in whose language it is.
    pub user_id: &'a str,
    /// The name of the organization, where that says more.
    pub organization: Option<String>,
    /// The link in it.
    pub link: Option<Link<'a>>,
}

/// Leaves a mail to be sent, in the caller's transaction.
///
/// # Errors
///
/// The database's, and the generator's.
pub fn leave(
    conn: &mut Conn,
    keys: &Keyring,
    origin: &Origin,
    post: Post<'_>,
    now: NaiveDateTime,
) -> Result<(), Error> {
    let facts = Facts {
        method: None,
        detail: post.organization,
        at: now,
        address: origin.address.clone(),
        user_agent: origin.user_agent.clone(),
    };
    let mut mail = Mail::new(post.recipient, post.occasion.word(), &facts, now)?;
    if let Some(link) = post.link {
        let sealed = keys.seal(Label::Token, &place(&mail.id), link.path.as_bytes())?;
        mail.link = Some(sealed);
        mail.link_id = Some(link.id.to_owned());
        mail.expires_at = Some(link.expires_at);
    }
    mails::insert(conn, mail, Some(post.user_id))?;
    Ok(())
}

/// The path in a mail, and until when it leads anywhere.
///
/// # Errors
///
/// A sentence for the log when it cannot be opened.
pub(super) fn open(keys: &Keyring, mail: &Mail) -> Result<Option<(String, NaiveDateTime)>, String> {
    let (Some(sealed), Some(expires_at)) = (&mail.link, mail.expires_at) else {
        return Ok(None);
    };
    let path = keys
        .open(Label::Token, &place(&mail.id), sealed)
        .map_err(|error| error.to_string())?;
    let path = String::from_utf8(path.to_vec()).map_err(|_| "its link is no text".to_owned())?;
    Ok(Some((path, expires_at)))
}

/// A mail may be for nobody who has an account, so its row alone says where the link belongs.
pub(crate) const fn place(id: &str) -> Place<'_> {
    Place {
        table: "mails",
        column: "link",
        user_id: "",
        row_id: id,
    }
}
