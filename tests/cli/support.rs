//! The harness: a place where the binary runs, in an environment that holds nothing but what a test puts there.

#[path = "../shared/own_schema.rs"]
mod own_schema;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, sql_query};
use serde_json::{Value, json};

use self::own_schema::own_schema;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// How long anything may take that has to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A data folder and a database, both new.
pub struct Place {
    folder: tempfile::TempDir,
    /// The URL of the database when it is not the file in the folder.
    pub postgres: Option<String>,
}

/// How a command ended.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub took: Duration,
}

/// A serving process. It is killed when dropped.
pub struct Server {
    /// `http://localhost:PORT`
    pub origin: String,
    pub pid: u32,
    ended: Receiver<ExitStatus>,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    /// What it said on the standard error output until it listened.
    pub log: Vec<String>,
}

impl Place {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            postgres: own_schema(),
        }
    }

    /// A second place that has this one's database and keys.
    pub fn twin(&self) -> Self {
        let mut twin = Self::new();
        twin.postgres.clone_from(&self.postgres);
        std::fs::copy(self.path("keys"), twin.path("keys")).unwrap();
        twin
    }

    /// A path in the data folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary, about to run here.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command
            .args(arguments)
            .env_clear()
            .env("COUNTERSIGN_DATA_DIR", self.folder.path())
            .stdin(Stdio::null());
        if let Some(url) = &self.postgres {
            command.env("COUNTERSIGN_DATABASE_URL", url);
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command(arguments))
    }

    /// Runs a command that reads from the standard input.
    pub fn pipe(&self, arguments: &[&str], input: &[u8]) -> Outcome {
        let mut command = self.command(arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let started = Instant::now();
        // A command that refuses before it has read everything closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(input);
        Outcome::new(child.wait_with_output().unwrap(), started)
    }

    /// Creates somebody with the usual password and answers their id.
    pub fn create_user(&self, email: &str, more: &[&str]) -> String {
        let names = [
            "--first-name",
            "Ada",
            "--last-name",
            "Lovelace",
            "--password-stdin",
        ];
        let arguments = [
            &["--json", "user", "create", "--email", email],
            &names[..],
            more,
        ]
        .concat();
        let outcome = self.pipe(&arguments, PASSWORD.as_bytes());
        outcome.json()["id"].as_str().unwrap().to_owned()
    }

    /// Starts a server and waits until it listens.
    pub fn serve(&self) -> Server {
        self.serve_with(|_| {})
    }

    /// Starts a server with more in its environment.
    pub fn serve_with(&self, change: impl FnOnce(&mut Command)) -> Server {
        let mut server = self.start(&["serve"], change);
        server.wait_until_it_listens();
        server
    }

    /// Starts a server without waiting for anything.
    pub fn start(&self, arguments: &[&str], change: impl FnOnce(&mut Command)) -> Server {
        let port = free_port();
        let mut command = self.command(arguments);
        command.env("COUNTERSIGN_BIND", format!("127.0.0.1:{port}"));
        change(&mut command);
        Server::new(command, port)
    }

    /// Runs statements on the database directly.
    pub fn sql(&self, statements: &str) {
        match &self.postgres {
            Some(url) => PgConnection::establish(url)
                .unwrap()
                .batch_execute(statements),
            None => self.sqlite().batch_execute(statements),
        }
        .unwrap();
    }

    /// The number that a statement selects as `n`.
    pub fn sql_number(&self, statement: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        let row: Row = match &self.postgres {
            Some(url) => {
                sql_query(statement).get_result(&mut PgConnection::establish(url).unwrap())
            }
            None => sql_query(statement).get_result(&mut self.sqlite()),
        }
        .unwrap();
        row.n
    }

    /// Keeps everybody else from writing, from now on for so long.
    pub fn hold_writers(&self, duration: Duration) -> JoinHandle<()> {
        fn hold<C: Connection + Send + 'static>(
            mut conn: C,
            begin: &str,
            duration: Duration,
        ) -> JoinHandle<()> {
            conn.batch_execute(begin).unwrap();
            std::thread::spawn(move || {
                std::thread::sleep(duration);
                conn.batch_execute("ROLLBACK").unwrap();
            })
        }
        match &self.postgres {
            Some(url) => hold(
                PgConnection::establish(url).unwrap(),
                "BEGIN; LOCK TABLE sessions IN EXCLUSIVE MODE",
                duration,
            ),
            None => hold(self.sqlite(), "BEGIN IMMEDIATE", duration),
        }
    }

    fn sqlite(&self) -> SqliteConnection {
        let file = self.path("countersign.db");
        let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
        conn.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
        conn
    }
}

impl Outcome {
    /// Runs a command to its end.
    pub fn of(mut command: Command) -> Self {
        let started = Instant::now();
        Self::new(command.output().unwrap(), started)
    }

    fn new(output: std::process::Output, started: Instant) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            took: started.elapsed(),
        }
    }

    /// What a command that succeeds says.
    #[track_caller]
    pub fn ok(&self) -> &str {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{self:?}");
        self.stdout.trim_end()
    }

    /// What a command that succeeds says, as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(self.ok()).unwrap()
    }

    /// The one line that a command gives as the reason of its failure.
    #[track_caller]
    pub fn failed(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        let line = self.stderr.strip_suffix('\n').unwrap();
        assert!(!line.contains('\n'), "{self:?}");
        line.strip_prefix("countersign: ").unwrap()
    }
}

impl Server {
    fn new(mut command: Command, port: u16) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdout, stderr) = (
            lines(child.stdout.take().unwrap()),
            lines(child.stderr.take().unwrap()),
        );
        let (sender, ended) = channel();
        let pid = child.id();
        std::thread::spawn(move || sender.send(child.wait().unwrap()));
        Self {
            origin: format!("http://localhost:{port}"),
            pid,
            ended,
            stdout,
            stderr,
            log: Vec::new(),
        }
    }

    /// Waits for the line of the log that says so.
    pub fn wait_until_it_listens(&mut self) {
        loop {
            let line = self.stderr.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("it does not listen: {:?}", self.log));
            self.log.push(line);
            if self.log.last().unwrap().contains("listening on") {
                return;
            }
        }
    }

    /// The next line on the standard output.
    pub fn link(&self) -> String {
        self.stdout.recv_timeout(PATIENCE).unwrap()
    }

    /// The other lines on the standard output so far.
    pub fn printed(&self) -> Vec<String> {
        self.stdout.try_iter().collect()
    }

    /// What it has said on the standard error output since it listened; each line once.
    pub fn said(&self) -> Vec<String> {
        self.stderr.try_iter().collect()
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args(["-s", name, &self.pid.to_string()])
            .status();
        assert!(status.unwrap().success());
    }

    /// Waits for the end, and answers the exit code.
    pub fn wait(&self, patience: Duration) -> Option<i32> {
        self.ended
            .recv_timeout(patience)
            .expect("it does not end")
            .code()
    }

    /// The rest of the log, once the process has ended.
    pub fn rest_of_log(&self) -> Vec<String> {
        self.stderr.iter().collect()
    }

    /// The status of a GET.
    pub async fn get(&self, path: &str) -> u16 {
        let request = client().get(format!("{}{path}", self.origin));
        request.send().await.unwrap().status().as_u16()
    }

    /// Calls the API: status and body.
    pub async fn call(&self, verb: &str, path: &str, token: &str, body: Value) -> (u16, Value) {
        let url = format!("{}{path}", self.origin);
        let mut request = client()
            .request(verb.parse().unwrap(), url)
            .bearer_auth(token);
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }

    /// Signs in with the usual password and answers the access token and the session's id.
    pub async fn sign_in(&self, email: &str) -> (String, String) {
        let body = json!({"email": email, "password": PASSWORD});
        let (status, body) = self.call("POST", "/user/login", "", body).await;
        assert_eq!(status, 200, "{body}");
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        (text("accessToken"), text("tokenId"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.ended.try_recv() == Err(TryRecvError::Empty) {
            let _ = Command::new("kill")
                .args(["-s", "KILL", &self.pid.to_string()])
                .output();
        }
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Switches every limit per client and account off: many ask at once, and all from here.
pub fn without_limits(command: &mut Command) {
    for limit in [
        "CODE_ADDRESS",
        "PASSWORD_ADDRESS",
        "PASSWORD_ACCOUNT",
        "MAIL",
    ] {
        command.env(format!("COUNTERSIGN_LIMIT_{limit}"), "0");
    }
}

/// The path in a link, which is alone on a line.
#[track_caller]
pub fn path_of(link: &str) -> &str {
    assert!(
        link.starts_with("http://localhost:") && !link.contains(char::is_whitespace),
        "{link:?}"
    );
    let path = link.splitn(4, '/').nth(3).unwrap();
    link.split_at(link.len() - path.len() - 1).1
}

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .resolve("localhost", ([127, 0, 0, 1], 0).into())
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// Reads lines as they come, on a thread, so that the process never waits for its reader.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
