//! A server with a database, a port and a clock of its own.

use std::net::{SocketAddr, TcpListener};

use actix_web::dev::ServerHandle;
use chrono::TimeDelta;
use countersign::app::App;
use countersign::clock::Clock;
use countersign::config::{Config, Settings};
use countersign::crypto::password::Params;
use countersign::web::{self, ServerOptions};

use super::database::Database;
use super::watched_log;

/// Cheap enough for hundreds of tests; what the live parameters cost is measured elsewhere.
const CHEAP: Params = Params {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

/// A running server. It stops when dropped.
pub struct TestApp {
    /// The process's parts, for what tests read and write directly.
    pub app: App,
    /// `http://localhost:PORT`
    pub origin: String,
    /// Where it listens.
    pub address: SocketAddr,
    /// Sends requests without cookies and without following redirects.
    pub client: reqwest::Client,
    handle: ServerHandle,
    _database: Database,
    _folder: tempfile::TempDir,
}

impl TestApp {
    /// A server with the default settings, but for the limits per client address: all tests share one.
    pub async fn spawn() -> Self {
        Self::spawn_with(|_| {}).await
    }

    /// A server whose settings the test changes.
    pub async fn spawn_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::spawn_hashing(CHEAP, change).await
    }

    /// A server that hashes passwords as a real one does.
    pub async fn spawn_with_live_hashing() -> Self {
        Self::spawn_hashing(Params::default(), |_| {}).await
    }

    async fn spawn_hashing(params: Params, change: impl FnOnce(&mut Config)) -> Self {
        watched_log::start();
        let folder = tempfile::tempdir().unwrap();
        let database = Database::new(folder.path());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let settings = Settings {
            data_dir: Some(folder.path().to_str().unwrap().to_owned()),
            database_url: database.url(),
            bind: Some(address.to_string()),
            limit_password_address: Some("0".to_owned()),
            ..Settings::default()
        };
        let mut config = Config::from_settings(&settings).unwrap();
        change(&mut config);
        let origin = format!("http://localhost:{}", address.port());
        let app = App::start(config, Clock::default(), params).unwrap();
        let options = ServerOptions {
            workers: 1,
            handle_signals: false,
        };
        let server = web::start(app.clone(), listener, options).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self {
            app,
            client: client(address).build().unwrap(),
            origin,
            address,
            handle,
            _database: database,
            _folder: folder,
        }
    }

    /// Does what the start of a process does, once more and with the settings of now.
    pub fn start_again(&self) {
        App::start(self.app.config.clone(), self.app.clock.clone(), CHEAP).unwrap();
    }

    /// Moves the server's clock.
    pub fn advance(&self, by: TimeDelta) {
        self.app.clock.advance(by);
    }

    /// A path of this server as a URL.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The stop is asked for when the future is made; nobody has to wait for it.
        drop(self.handle.stop(false));
    }
}

/// A client that reaches the server by the name in its public URL.
pub fn client(address: SocketAddr) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .resolve("localhost", address)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
}
