//! The embedded database as a file: copying it while it is in use, and replacing it while it is not. What may be done with
//! a Postgres database is Postgres's own business.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, SqliteConnection, sql_query};

use super::Conn;

/// What SQLite keeps beside a database.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// A lock beside the embedded database: shared by every process that uses it, alone for the one that replaces it. Held
/// until it is dropped.
#[derive(Debug)]
pub struct InUse {
    _file: File,
}

impl InUse {
    /// Says that this process uses the database.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WouldBlock`] while it is being replaced; the operating system's.
    pub fn shared(path: &Path) -> io::Result<Self> {
        let file = open_lock(path)?;
        file.try_lock_shared()?;
        Ok(Self { _file: file })
    }

    /// Keeps every other process away from the database.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WouldBlock`] while another one uses it; the operating system's.
    pub fn alone(path: &Path) -> io::Result<Self> {
        let file = open_lock(path)?;
        file.try_lock()?;
        Ok(Self { _file: file })
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(beside(path, ".lock"))
}

/// A name that begins like a database's.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Writes what the database holds now into a file that is there and empty. Nobody has to wait for it. `None` on Postgres,
/// which has programs of its own for that.
pub fn copy_into(conn: &mut Conn, path: &str) -> QueryResult<Option<()>> {
    match conn {
        Conn::Sqlite(sqlite) => sql_query("VACUUM INTO ?")
            .bind::<Text, _>(path)
            .execute(sqlite)
            .map(|_| Some(())),
        Conn::Postgres(_) => Ok(None),
    }
}

/// What is wrong with a file that is to be a whole database of ours; `None` for one that is fine.
///
/// # Errors
///
/// SQLite's, for a file that is no database at all.
pub fn find_fault(path: &str) -> Result<Option<String>, String> {
    #[derive(QueryableByName)]
    struct Check {
        #[diesel(sql_type = Text)]
        integrity_check: String,
    }
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let mut conn = SqliteConnection::establish(path).map_err(|error| error.to_string())?;
    let mut look = || {
        let check: Check = sql_query("PRAGMA integrity_check(1)").get_result(&mut conn)?;
        if check.integrity_check != "ok" {
            return Ok(Some(check.integrity_check));
        }
        let orphans = sql_query("SELECT count(*) AS n FROM pragma_foreign_key_check");
        if orphans.get_result::<Count>(&mut conn)?.n > 0 {
            return Ok(Some("rows refer to others that are missing".to_owned()));
        }
        let ours = sql_query(
            "SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('key_checks', 'users', 'activity_head')",
        );
        if ours.get_result::<Count>(&mut conn)?.n != 3 {
            return Ok(Some("it is no database of Countersign".to_owned()));
        }
        Ok(None)
    };
    look().map_err(|error: diesel::result::Error| error.to_string())
}

/// Puts one database in the place of another, which nobody uses, and keeps that one under the name `kept`, if there was
/// any. At every moment there is a whole database in the place.
///
/// # Errors
///
/// The operating system's.
pub fn replace(new: &Path, path: &Path, kept: &Path) -> io::Result<bool> {
    let had_one = path.try_exists()?;
    if had_one {
        // What SQLite wrote beside the old one belongs to the old one, and would ruin the new one.
        for ending in BESIDE {
            match fs::rename(beside(path, ending), beside(kept, ending)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        fs::hard_link(path, kept)?;
    }
    fs::rename(new, path)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(had_one)
}
