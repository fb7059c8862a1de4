//! The embedded migrations: applied at start, once, however many processes start together.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, write};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The key of the lock that starting processes take turns with on Postgres ("coun" in ASCII).
const ADVISORY_LOCK: i64 = 0x636f_756e;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database holds a migration that this binary does not know.
    #[error("the database was made by a newer version of Countersign (it has migration {0})")]
    NewerSchema(String),
    /// A migration, or the list of them, failed.
    #[error("the database could not be migrated: {0}")]
    Failed(String),
}

impl From<diesel::result::Error> for MigrationError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<Box<dyn std::error::Error + Send + Sync>> for MigrationError {
    fn from(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Applies what is pending, all or nothing, and answers the names of what was applied.
///
/// The list is read under the lock that the migrations run under, so that of two processes which start
/// together the second finds nothing left to do.
pub fn migrate(conn: &mut Conn) -> Result<Vec<String>, MigrationError> {
    write(conn, |conn| match conn {
        Conn::Postgres(pg) => {
            // Waiting for another process's migrations is not a statement gone wrong.
            pg.batch_execute(&format!(
                "SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock({ADVISORY_LOCK});"
            ))?;
            run::<PgConnection, _>(pg, POSTGRES)
        }
        Conn::Sqlite(sqlite) => run::<SqliteConnection, _>(sqlite, SQLITE),
    })
}

/// Whether every migration of this binary has been applied.
pub fn applied(conn: &mut Conn) -> Result<bool, MigrationError> {
    let pending = match conn {
        Conn::Postgres(pg) => pg.has_pending_migration(POSTGRES)?,
        Conn::Sqlite(sqlite) => sqlite.has_pending_migration(SQLITE)?,
    };
    Ok(!pending)
}

fn run<C, DB>(conn: &mut C, source: EmbeddedMigrations) -> Result<Vec<String>, MigrationError>
where
    C: Connection<Backend = DB> + MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known: Vec<Box<dyn Migration<DB>>> = source.migrations()?;
    let known: Vec<MigrationVersion<'_>> = known.iter().map(|m| m.name().version()).collect();
    if let Some(newer) = conn
        .applied_migrations()?
        .into_iter()
        .find(|version| !known.contains(version))
    {
        return Err(MigrationError::NewerSchema(newer.to_string()));
    }
    let applied = conn.run_pending_migrations(source)?;
    Ok(applied.iter().map(ToString::to_string).collect())
}
