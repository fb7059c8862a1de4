//! The rows of an account, read where nobody has read them yet. A request has its own from the question who asks.

use chrono::NaiveDateTime;

use super::{Account, Error, Server, Status, status};
use crate::db::factors::Factor;
use crate::db::organizations::Organization;
use crate::db::users::User;
use crate::db::{Conn, factors, organizations, users};

/// Reads an account's rows and computes its state.
///
/// # Errors
///
/// [`Error::NotFound`] without such an account; otherwise as [`status`].
pub fn load(
    conn: &mut Conn,
    user_id: &str,
    server: &Server,
    now: NaiveDateTime,
) -> Result<Status, Error> {
    let user = users::find(conn, user_id)?.ok_or(Error::NotFound)?;
    Rows::read(conn, user)?.status(server, now)
}

/// An account's rows, read one table after the other.
#[derive(Debug)]
#[allow(missing_docs)] // each field is a row of the table of its name
pub struct Rows {
    pub user: User,
    pub organization: Option<Organization>,
    pub factors: Vec<Factor>,
}

impl Rows {
    /// Reads what belongs to an account.
    ///
    /// # Errors
    ///
    /// Only the database's.
    pub fn read(conn: &mut Conn, user: User) -> Result<Self, Error> {
        let organization = match &user.organization_id {
            Some(id) => organizations::find(conn, id)?,
            None => None,
        };
        let factors = factors::list_by_user(conn, &user.id)?;
        Ok(Self {
            user,
            organization,
            factors,
        })
    }

    /// The account's state.
    ///
    /// # Errors
    ///
    /// As [`status`].
    pub fn status(&self, server: &Server, now: NaiveDateTime) -> Result<Status, Error> {
        let account = Account {
            user: &self.user,
            organization: self.organization.as_ref(),
            factors: &self.factors,
        };
        status(account, server, now)
    }
}
