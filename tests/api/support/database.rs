//! A database of a test's own. Migrations run once a process, and every test has a copy of what they made.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use countersign::config::DatabaseUrl;
use countersign::db;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// The server that the suite runs on; `None` for SQLite.
static SERVER: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("TEST_DATABASE_URL").ok());

/// The migrated database that is copied: the name of one, or the path of a file.
static TEMPLATE: LazyLock<String> = LazyLock::new(|| match &*SERVER {
    Some(server) => {
        let name = new_name("template");
        run(server, &format!("CREATE DATABASE {name}"));
        migrate(&DatabaseUrl::Postgres(named(server, &name)));
        name
    }
    None => {
        let folder = tempfile::tempdir().unwrap().keep();
        let path = folder.join("countersign.db");
        migrate(&DatabaseUrl::Sqlite(path.clone()));
        path.to_str().unwrap().to_owned()
    }
});

/// One test's database. Gone when dropped; a file goes with the folder that it is in.
pub struct Database {
    name: Option<String>,
}

impl Database {
    /// A migrated one without any rows, in this data folder where it is a file.
    pub fn new(data_dir: &Path) -> Self {
        let Some(server) = &*SERVER else {
            fs::copy(&*TEMPLATE, data_dir.join("countersign.db")).unwrap();
            return Self { name: None };
        };
        let name = new_name("test");
        // The other strategy writes every page to the log first.
        run(
            server,
            &format!(
                "CREATE DATABASE {name} TEMPLATE {} STRATEGY FILE_COPY",
                *TEMPLATE
            ),
        );
        Self { name: Some(name) }
    }

    /// The setting for it; `None` for the file in the data folder.
    pub fn url(&self) -> Option<String> {
        let server = SERVER.as_deref()?;
        self.name.as_ref().map(|name| named(server, name))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let (Some(server), Some(name)) = (&*SERVER, &self.name) {
            // The server that is being stopped may still be connected.
            run(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn new_name(kind: &str) -> String {
    format!("{kind}_{}", db::new_id().replace('-', "_"))
}

/// The URL of another database of the same server.
fn named(server: &str, name: &str) -> String {
    let mut url: url::Url = server.parse().unwrap();
    url.set_path(name);
    url.to_string()
}

fn run(server: &str, sql: &str) {
    PgConnection::establish(server)
        .unwrap()
        .batch_execute(sql)
        .unwrap();
}

/// Closes it again: what is in use cannot be copied.
fn migrate(url: &DatabaseUrl) {
    let pool = db::open(url).unwrap();
    let mut conn = db::connection(&pool).unwrap();
    db::migrate(&mut conn).unwrap();
    db::checkpoint(&mut conn).unwrap();
}
