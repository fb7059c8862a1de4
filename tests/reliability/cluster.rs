//! A Postgres cluster of a test's own, which may be stopped, crashed and started again. It is as durable as Debian's
//! default: what is committed is on the disk.

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::Place;

/// A running cluster. It ends and is removed when dropped.
pub struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes a cluster and starts it; `None` when the suite does not run on Postgres.
    pub fn start_new() -> Option<Self> {
        std::env::var_os("TEST_DATABASE_URL")?;
        let mut versions: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
            .unwrap()
            .map(|entry| entry.unwrap().path().join("bin"))
            .collect();
        versions.sort();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let cluster = Self {
            // Short: the path of a socket has a limit.
            folder: tempfile::Builder::new()
                .prefix("cs-pg")
                .tempdir_in("/tmp")
                .unwrap(),
            programs: versions.pop().unwrap(),
            port: listener.local_addr().unwrap().port(),
        };
        drop(listener);
        if is_root() {
            run(Command::new("chown")
                .arg("postgres:")
                .arg(cluster.folder.path()));
        }
        run(cluster.program("initdb").args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]));
        cluster.start();
        Some(cluster)
    }

    pub fn start(&self) {
        let folder = self.folder.path().display();
        let options = format!("-p {} -k {folder} -c listen_addresses=127.0.0.1", self.port);
        let log = self.folder.path().join("log");
        run(self.program("pg_ctl").args([
            "-w",
            "-t",
            "60",
            "-o",
            &options,
            "-l",
            log.to_str().unwrap(),
            "start",
        ]));
    }

    /// Ends it without a last word, as a crash does.
    pub fn crash(&self) {
        run(self
            .program("pg_ctl")
            .args(["-w", "-m", "immediate", "stop"]));
    }

    /// The processes that serve clients, those first that are at work.
    pub fn backends(&self) -> Vec<i64> {
        use diesel::prelude::*;
        #[derive(diesel::QueryableByName)]
        struct Backend {
            #[diesel(sql_type = diesel::sql_types::Integer)]
            pid: i32,
        }
        let mut conn = diesel::PgConnection::establish(&self.url()).unwrap();
        let rows: Vec<Backend> = diesel::sql_query(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() \
             ORDER BY (state = 'active') DESC, state_change DESC",
        )
        .load(&mut conn)
        .unwrap();
        rows.into_iter().map(|row| row.pid.into()).collect()
    }

    pub const fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// The URL by way of another port.
    pub fn url_at(&self, port: u16) -> String {
        format!("postgres://postgres@127.0.0.1:{port}/postgres")
    }

    /// A place whose database is this cluster.
    pub fn place(&self) -> Place {
        let mut place = Place::new();
        place.postgres = Some(self.url());
        place
    }

    /// One of Postgres's programs. It refuses to run as root, so root hands over to the user of Debian's package.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command
            .current_dir(self.folder.path())
            .env("LC_ALL", "C")
            .env("PGDATA", self.folder.path().join("data"));
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let stop = self
            .program("pg_ctl")
            .args(["-m", "immediate", "stop"])
            .output();
        drop(stop);
    }
}

/// Whether the tests run as root.
pub fn is_root() -> bool {
    Path::new("/proc/self").metadata().unwrap().uid() == 0
}

fn run(command: &mut Command) {
    // No pipe: a server that is started here would hold it open.
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success(), "{command:?}");
}
