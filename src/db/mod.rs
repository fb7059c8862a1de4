//! The tables, and the only code that knows which database is behind them.
//!
//! One file a table, queries only: nothing here decides anything. Rules live in `mfa`, `accounts` and
//! `organizations`; they receive a `&mut Conn` and never learn which variant it is.

pub mod activity;
pub mod backup;
pub mod backup_codes;
mod conn;
pub mod factors;
pub mod key_checks;
pub mod known_devices;
pub mod link_requests;
pub mod magic_links;
pub mod mails;
pub mod members;
pub mod mfa_attempts;
mod migrations;
pub mod one_time_links;
pub mod organizations;
pub mod passkey_ceremonies;
pub mod passkeys;
pub mod password_failures;
pub mod requirement_rounds;
#[allow(missing_docs)] // generated; the migrations describe the columns
pub mod schema;
pub mod sealed;
pub mod session_tokens;
pub mod sessions;
mod time;
pub mod totp_secrets;
pub mod totp_setups;
pub mod trusted_browsers;
pub mod users;

pub use backup::InUse;
pub use conn::{Conn, Manager, checkpoint, durability, reader};
pub use migrations::{MigrationError, applied, migrate};

use std::time::Duration;

use diesel::QueryResult;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::query_dsl::LoadQuery;
use diesel::result::{DatabaseErrorKind, Error};

use crate::config::DatabaseUrl;

/// The connection pool of a serving process or a command.
pub type Pool = r2d2::Pool<Manager>;

/// How long a caller waits for a free connection before the answer is "unavailable": fifty writers at once get
/// their turn on SQLite, and a database that is away is said to be within two seconds.
pub const POOL_WAIT: Duration = Duration::from_millis(1_600);

/// Connections kept by one process. SQLite has one writer at a time and readers are short; Postgres servers
/// are often shared, so both stay modest.
pub const POOL_SIZE: u32 = 8;

/// Builds the pool. Fails at once, with the database's own words, when no connection can be made.
pub fn open(url: &DatabaseUrl) -> Result<Pool, diesel::ConnectionError> {
    let manager = Manager::new(url.clone());
    // r2d2 would retry a hopeless URL until its time-out and hide the reason: ask once, directly.
    drop(manager.establish()?);
    Ok(r2d2::Pool::builder()
        .max_size(POOL_SIZE)
        // None is made ahead of need: a command that ended while one was being made would end in libpq's or
        // OpenSSL's clean-up under that thread's feet.
        .min_idle(Some(0))
        .connection_timeout(POOL_WAIT)
        .build_unchecked(manager))
}

/// Takes a connection out of the pool; a pool that has none to give is a database that cannot be reached.
pub fn connection(pool: &Pool) -> QueryResult<r2d2::PooledConnection<Manager>> {
    connection_within(pool, POOL_WAIT)
}

/// The same for a caller who has waited already.
pub fn connection_within(
    pool: &Pool,
    wait: Duration,
) -> QueryResult<r2d2::PooledConnection<Manager>> {
    pool.get_timeout(wait).map_err(unreachable)
}

/// Why no connection could be had, as the error of a query: the database is away.
pub fn unreachable(error: impl std::error::Error) -> Error {
    Error::DatabaseError(
        DatabaseErrorKind::UnableToSendCommand,
        Box::new(error.to_string()),
    )
}

/// Loads a query on the variant that a connection is. The enum writes a query's SQL out again at each call, although
/// the variant has its statement ready: too slow for what every page asks.
macro_rules! load {
    ($conn:expr, $query:expr) => {
        match $conn {
            $crate::db::Conn::Postgres(conn) => $query.load(conn),
            $crate::db::Conn::Sqlite(conn) => $query.load(conn),
        }
    };
}
use load;

/// Asking for a row of which there is one or none.
trait AtMostOne<'query, Row>: LoadQuery<'query, Conn, Row> + Sized {
    /// The row. Without a LIMIT: SQLite looks at the number that is bound to one and plans the statement anew.
    fn at_most_one(self, conn: &mut Conn) -> QueryResult<Option<Row>> {
        self.internal_load(conn)?.next().transpose()
    }
}

impl<'query, Row, Query: LoadQuery<'query, Conn, Row>> AtMostOne<'query, Row> for Query {}

/// Runs `f` in a transaction that may write: committed when it answers `Ok`, rolled back when it answers `Err`.
///
/// On SQLite the transaction starts as `BEGIN IMMEDIATE`: one that reads first and writes later would be
/// refused outright, instead of waiting, when another writer came in between.
pub fn write<T, E>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
where
    E: From<Error>,
{
    match conn {
        Conn::Postgres(pg) => AnsiTransactionManager::begin_transaction(pg)?,
        Conn::Sqlite(sqlite) => {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")?;
        }
    }
    match f(conn) {
        Ok(value) => {
            match conn {
                Conn::Postgres(pg) => AnsiTransactionManager::commit_transaction(pg)?,
                Conn::Sqlite(sqlite) => AnsiTransactionManager::commit_transaction(sqlite)?,
            }
            Ok(value)
        }
        Err(error) => {
            // The rule's own error is the one worth telling; a failed rollback leaves the connection marked
            // as broken, and the pool drops it.
            let _ = match conn {
                Conn::Postgres(pg) => AnsiTransactionManager::rollback_transaction(pg),
                Conn::Sqlite(sqlite) => AnsiTransactionManager::rollback_transaction(sqlite),
            };
            Err(error)
        }
    }
}

/// Whether an error means that the database is away, full or overloaded, rather than that a query was wrong.
pub fn is_unavailable(error: &Error) -> bool {
    match error {
        Error::DatabaseError(kind, _) => !matches!(
            kind,
            DatabaseErrorKind::UniqueViolation
                | DatabaseErrorKind::ForeignKeyViolation
                | DatabaseErrorKind::NotNullViolation
                | DatabaseErrorKind::CheckViolation
        ),
        Error::BrokenTransactionManager | Error::RollbackErrorOnCommit { .. } => true,
        _ => false,
    }
}

/// Whether a text can stand in the database at all: Postgres refuses every question with a NUL in it.
pub fn is_storable(text: &str) -> bool {
    !text.contains('\0')
}

/// A fresh id: UUIDv7 as text, so that ids of one table sort by the time they were made.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
