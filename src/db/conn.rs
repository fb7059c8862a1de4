//! The connection: one enum over both databases, how each is opened, and the pool's manager.
//!
//! What a connection must be told before its first query (pragmas, time limits) stands here and nowhere else.

use std::io;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::r2d2::R2D2Connection;
use diesel::{
    Connection, ConnectionError, PgConnection, QueryResult, RunQueryDsl, SqliteConnection,
    sql_query,
};

use crate::config::DatabaseUrl;

/// A connection to whichever database the settings name.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// The embedded database.
    Sqlite(SqliteConnection),
}

/// `synchronous=FULL`: in WAL mode NORMAL may lose the last commits when the power fails, and a used code
/// would work again. The busy time-out comes first, since switching to WAL may itself have to wait. Each connection keeps
/// 128 KiB of the file: the operating system keeps the rest, and what has to be fast is read by the readers.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 3000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -128;";

/// Times are stored without a zone and always mean UTC. A statement that takes 3 s is given up.
const POSTGRES_SETTINGS: &str = "SET TIME ZONE 'UTC'; SET statement_timeout = '3s'; \
     SET idle_in_transaction_session_timeout = '10s'; SET synchronous_commit = on;";

/// A reader in WAL mode waits for nobody but a process that mends or replaces the file, and it must not keep its
/// thread waiting for that.
const SQLITE_READER_SETTINGS: &str = "PRAGMA busy_timeout = 100; PRAGMA query_only = ON;";

/// What the readers of one process may keep of the file, in KiB, all together: the upper levels of the indexes of a
/// million accounts, and those of a thousand people whole.
const READERS_KEEP: usize = 64 * 1_024;

/// How long a Postgres connection is believed to be alive without being asked: asking is a round trip, as long as
/// the question itself.
const ALIVE_FOR: Duration = Duration::from_secs(1);

/// Seconds to connect; milliseconds until unanswered data, and seconds until silence, mean that the server is
/// gone.
const POSTGRES_TIME_LIMITS: [(&str, u32); 5] = [
    ("connect_timeout", 3),
    ("tcp_user_timeout", 5_000),
    ("keepalives_idle", 5),
    ("keepalives_interval", 2),
    ("keepalives_count", 2),
];

/// Makes connections for the pool.
///
/// diesel's own manager would try each variant of the enum in turn and hide the real error; this one picks
/// the variant by the URL.
#[derive(Debug)]
pub struct Manager {
    url: DatabaseUrl,
}

impl Manager {
    pub(super) fn new(url: DatabaseUrl) -> Self {
        Self { url }
    }

    pub(super) fn establish(&self) -> Result<Conn, ConnectionError> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => sqlite(path).map(Conn::Sqlite),
            DatabaseUrl::Postgres(url) => postgres(url).map(Conn::Postgres),
        }
    }
}

/// A connection of the pool, and when it was last known to be alive.
pub struct Pooled {
    conn: Conn,
    alive_at: Instant,
}

impl Deref for Pooled {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Pooled, Self::Error> {
        let conn = self
            .establish()
            .map_err(diesel::r2d2::Error::ConnectionError)?;
        Ok(Pooled {
            conn,
            alive_at: Instant::now(),
        })
    }

    /// Only an answer moves the time on: a connection that is in use and dead is found within a second.
    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), Self::Error> {
        if let Conn::Postgres(pg) = &mut pooled.conn
            && pooled.alive_at.elapsed() > ALIVE_FOR
        {
            pg.ping().map_err(diesel::r2d2::Error::QueryError)?;
            pooled.alive_at = Instant::now();
        }
        // A file does not go away the way a server does.
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        std::thread::panicking()
            || match &mut pooled.conn {
                Conn::Postgres(pg) => pg.is_broken(),
                Conn::Sqlite(sqlite) => sqlite.is_broken(),
            }
    }
}

/// A connection for the reads of one of so many threads. None on Postgres, where a read waits for the network.
pub fn reader(url: &DatabaseUrl, threads: usize) -> Option<diesel::ConnectionResult<Conn>> {
    match url {
        DatabaseUrl::Sqlite(path) => Some(open_sqlite(path).and_then(|mut conn| {
            let keep = READERS_KEEP / threads.max(1);
            conn.batch_execute(SQLITE_READER_SETTINGS)
                .and_then(|()| conn.batch_execute(&format!("PRAGMA cache_size = -{keep}")))
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(Conn::Sqlite(conn))
        })),
        DatabaseUrl::Postgres(_) => None,
    }
}

fn open_sqlite(path: &Path) -> Result<SqliteConnection, ConnectionError> {
    let path = path.to_str().ok_or_else(|| {
        ConnectionError::BadConnection("the path of the database is not UTF-8".to_owned())
    })?;
    SqliteConnection::establish(path)
}

fn sqlite(path: &Path) -> Result<SqliteConnection, ConnectionError> {
    let mut conn = open_sqlite(path)?;
    // SQLite does not wait for the lock that switches a new file to WAL, so two first starts can collide.
    let mut tries = 0;
    loop {
        match conn.batch_execute(SQLITE_SETTINGS) {
            Ok(()) => return Ok(conn),
            Err(error) if tries < 20 && error.to_string().contains("locked") => {
                tries += 1;
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(error) => return Err(ConnectionError::CouldntSetupConfiguration(error)),
        }
    }
}

fn postgres(url: &str) -> Result<PgConnection, ConnectionError> {
    let mut conn = PgConnection::establish(&with_time_limits(url))?;
    conn.batch_execute(POSTGRES_SETTINGS)
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

#[derive(diesel::QueryableByName)]
struct Word {
    #[diesel(sql_type = diesel::sql_types::Text)]
    word: String,
}

/// How safe from a power cut what this connection commits is, in the database's own words.
///
/// # Errors
///
/// One that says so where SQLite would not keep its promise: where its log cannot be shared, it falls back to another one.
pub fn durability(conn: &mut Conn) -> QueryResult<String> {
    match conn {
        Conn::Sqlite(sqlite) => {
            let mut ask = |pragma: &str| {
                let question =
                    format!("SELECT CAST({pragma} AS TEXT) AS word FROM pragma_{pragma}");
                sql_query(question)
                    .get_result::<Word>(sqlite)
                    .map(|row| row.word)
            };
            let (mode, synchronous) = (ask("journal_mode")?, ask("synchronous")?);
            // 2 is FULL.
            if mode != "wal" || synchronous != "2" {
                let reason = format!("journal_mode is {mode}, synchronous is {synchronous}");
                return Err(super::unreachable(std::io::Error::other(reason)));
            }
            Ok("SQLite: journal_mode=wal synchronous=FULL".to_owned())
        }
        Conn::Postgres(pg) => {
            let mut ask = |name: &str| {
                let question = format!("SELECT current_setting('{name}') AS word");
                sql_query(question)
                    .get_result::<Word>(pg)
                    .map(|row| row.word)
            };
            let (commit, fsync) = (ask("synchronous_commit")?, ask("fsync")?);
            Ok(format!(
                "Postgres: synchronous_commit={commit} fsync={fsync}"
            ))
        }
    }
}

/// Moves what stands in SQLite's write-ahead log into the file itself. Fails while another connection is in the way.
pub fn checkpoint(conn: &mut Conn) -> QueryResult<()> {
    #[derive(diesel::QueryableByName)]
    struct Done {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        busy: i32,
    }
    let Conn::Sqlite(sqlite) = conn else {
        return Ok(());
    };
    let done: Done = sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(sqlite)?;
    match done.busy {
        0 => Ok(()),
        _ => Err(super::unreachable(io::Error::from(
            io::ErrorKind::ResourceBusy,
        ))),
    }
}

/// libpq would wait for a silent server for ever, when connecting and afterwards, unless the URL says
/// otherwise.
fn with_time_limits(url: &str) -> String {
    let mut url = url.to_owned();
    for (name, value) in POSTGRES_TIME_LIMITS {
        if !url.contains(&format!("{name}=")) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&format!("{name}={value}"));
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::prelude::*;
    use diesel::sql_types::Text;

    #[derive(QueryableByName)]
    struct CompileOption {
        #[diesel(sql_type = Text)]
        compile_options: String,
    }

    /// What it is for stands in `.cargo/config.toml`.
    #[test]
    fn sqlite_is_compiled_to_plan_statements_once_and_to_share_no_page_cache() {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        let options: Vec<CompileOption> = diesel::sql_query("PRAGMA compile_options")
            .load(&mut conn)
            .unwrap();
        let has = |option: &str| options.iter().any(|row| row.compile_options == option);
        assert!(!has("ENABLE_STAT4"));
        assert!(!has("ENABLE_MEMORY_MANAGEMENT"));
        assert!(has("THREADSAFE=2"));
    }

    #[test]
    fn a_reader_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("test.db"));
        let mut reader = reader(&url, 1).unwrap().unwrap();
        let written = reader.batch_execute("CREATE TABLE t (a INTEGER)");
        assert!(written.is_err());
    }
}
