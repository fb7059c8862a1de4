//! The columns that hold sealed values, as a rotation of keys goes through them: what is sealed by another key than the
//! one of now, one after the other. What is sealed, and where, belongs to the files of the tables.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::Conn;
use super::schema::{backup_code_sets, mails, totp_secrets, totp_setups};

/// A column of sealed values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// `totp_secrets.secret`
    TotpSecret,
    /// `totp_setups.secret`
    TotpSetup,
    /// `backup_code_sets.plain`
    BackupCodes,
    /// `mails.link`
    MailLink,
}

impl Column {
    /// Every such column.
    pub const ALL: [Self; 4] = [
        Self::TotpSecret,
        Self::TotpSetup,
        Self::BackupCodes,
        Self::MailLink,
    ];
}

/// A sealed value, and whose it is.
#[derive(Debug, Clone, Queryable)]
pub struct Sealed {
    /// The id of its row.
    pub id: String,
    /// The account it belongs to, if the row names one.
    pub user_id: Option<String>,
    /// The envelope.
    pub envelope: String,
}

/// The first row after the id `after` whose envelope begins otherwise than with `prefix`.
pub fn find_otherwise(
    conn: &mut Conn,
    column: Column,
    prefix: &str,
    after: &str,
) -> QueryResult<Option<Sealed>> {
    let current = format!("{prefix}%");
    macro_rules! first {
        ($table:ident, $id:ident, $user:expr, $envelope:ident) => {
            $table::table
                .filter($table::$id.gt(after))
                .filter($table::$envelope.not_like(&current))
                .order($table::$id)
                .select(($table::$id, $user, $table::$envelope.assume_not_null()))
                .first(conn)
                .optional()
        };
    }
    match column {
        Column::TotpSecret => {
            first!(
                totp_secrets,
                factor_id,
                totp_secrets::user_id.nullable(),
                secret
            )
        }
        Column::TotpSetup => first!(totp_setups, id, totp_setups::user_id.nullable(), secret),
        Column::BackupCodes => {
            first!(
                backup_code_sets,
                id,
                backup_code_sets::user_id.nullable(),
                plain
            )
        }
        Column::MailLink => first!(mails, id, None::<String>.into_sql::<Nullable<Text>>(), link),
    }
}

/// Puts another envelope in the place of one that is still there. The count is the verdict.
pub fn update(
    conn: &mut Conn,
    column: Column,
    sealed: &Sealed,
    envelope: &str,
) -> QueryResult<usize> {
    macro_rules! replace {
        ($table:ident, $id:ident, $envelope:ident) => {
            diesel::update(
                $table::table
                    .filter($table::$id.eq(&sealed.id))
                    .filter($table::$envelope.eq(&sealed.envelope)),
            )
            .set($table::$envelope.eq(envelope))
            .execute(conn)
        };
    }
    match column {
        Column::TotpSecret => replace!(totp_secrets, factor_id, secret),
        Column::TotpSetup => replace!(totp_setups, id, secret),
        Column::BackupCodes => replace!(backup_code_sets, id, plain),
        Column::MailLink => replace!(mails, id, link),
    }
}
