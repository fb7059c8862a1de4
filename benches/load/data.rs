//! Databases of a given size, made before the server starts.

use std::ops::DerefMut;
use std::path::Path;

use countersign::accounts::users::{NewUser, Role};
use countersign::activity::{Door, Origin};
use countersign::app::App;
use countersign::clock::Clock;
use countersign::config::{Config, Settings};
use countersign::crypto::password::{Params, Password};
use countersign::crypto::token::{Kind, Token};
use countersign::db::session_tokens::{self, SessionToken};
use countersign::db::{self, Conn, write};
use countersign::organizations::members;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

pub const PASSWORD: &str = "correct horse battery staple";

/// The person who signs in as people do; the others are rows.
pub const EMAIL: &str = "ada@example.com";

/// How many of the others have a password.
pub const WITH_PASSWORD: usize = 64;

/// Accounts that are made by one statement, each well within the time that the server grants one.
const PIECE: usize = 20_000;

/// A database, and what the server has to be told to find it.
pub struct Database {
    pub folder: String,
    pub url: Option<String>,
    /// Access tokens of people spread over it.
    pub tokens: Vec<String>,
}

impl Database {
    /// A database with this many accounts, each with a method, a session and a token, so that the indexes are as deep
    /// as in earnest.
    pub async fn fill(folder: &Path, url: Option<&str>, accounts: usize, people: usize) -> Self {
        let folder = folder.to_str().unwrap().to_owned();
        let url = url.map(own_schema);
        let app = open(&folder, url.as_deref());
        let password = Password::new(PASSWORD.to_owned());
        let hash = app.hasher.hash(password).await.unwrap();
        let mut conn = unhurried(&app);
        insert(&mut conn, accounts);
        give_password(&mut conn, &hash);
        create_ada(&app, &mut conn, hash);
        let step = accounts / people.max(1);
        let tokens = (0..people)
            .map(|n| token_of(&mut conn, 1 + n * step))
            .collect();
        Self {
            folder,
            url,
            tokens,
        }
    }

    /// Changes the rows before a server is started on them.
    pub fn change(&self, change: impl FnOnce(&mut Conn)) {
        let app = open(&self.folder, self.url.as_deref());
        change(&mut unhurried(&app));
    }
}

/// A connection whose statements may take longer than those of a request.
fn unhurried(app: &App) -> impl DerefMut<Target: DerefMut<Target = Conn>> {
    let mut conn = db::connection(&app.pool).unwrap();
    if let Conn::Postgres(_) = **conn {
        conn.batch_execute("SET statement_timeout = 0").unwrap();
    }
    conn
}

fn open(folder: &str, url: Option<&str>) -> App {
    let settings = Settings {
        data_dir: Some(folder.to_owned()),
        database_url: url.map(str::to_owned),
        ..Settings::default()
    };
    let config = Config::from_settings(&settings).unwrap();
    App::start(config, Clock::default(), Params::default()).unwrap()
}

fn insert(conn: &mut Conn, accounts: usize) {
    let at = "'2026-01-01 00:00:00'";
    let hash = match conn {
        Conn::Sqlite(_) => "randomblob(32)",
        Conn::Postgres(_) => "sha256(('t' || i)::bytea)",
    };
    for from in (1..=accounts).step_by(PIECE) {
        let to = accounts.min(from + PIECE - 1);
        let numbers = format!(
            "WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})"
        );
        for (columns, values) in [
            (
                "users (id, email, first_name, last_name, backup_codes_left, created_at, updated_at)",
                format!("'u' || i, 'u' || i || '@example.com', 'A', 'B', 10, {at}, {at}"),
            ),
            (
                "factors (id, user_id, method, verified_at, enabled, created_at)",
                format!("'f' || i, 'u' || i, 'totp', {at}, TRUE, {at}"),
            ),
            (
                "sessions (id, user_id, kind, epoch, pending, password_at, factor_at, factor, peer_address, user_agent, \
                 created_at, last_seen_at, expires_at)",
                format!(
                    "'s' || i, 'u' || i, 'api', 0, FALSE, {at}, {at}, 'totp', '', '', {at}, '2099-01-01 00:00:00', \
                     '2099-01-01 00:00:00'"
                ),
            ),
            (
                "session_tokens (hash, session_id, kind, created_at, expires_at)",
                format!("{hash}, 's' || i, 'access', {at}, '2099-01-01 00:00:00'"),
            ),
        ] {
            let values = typed(conn, &values);
            conn.batch_execute(&format!(
                "INSERT INTO {columns} {numbers} SELECT {values} FROM n"
            ))
            .unwrap();
        }
    }
    conn.batch_execute("ANALYZE").unwrap();
}

/// Postgres takes a text for a time only where it is told to.
fn typed(conn: &Conn, values: &str) -> String {
    match conn {
        Conn::Sqlite(_) => values.to_owned(),
        Conn::Postgres(_) => values.replace("'20", "TIMESTAMP '20"),
    }
}

fn give_password(conn: &mut Conn, hash: &str) {
    for n in 1..=WITH_PASSWORD {
        conn.batch_execute(&format!(
            "DELETE FROM factors WHERE user_id = 'u{n}'; UPDATE users SET password_hash = '{hash}' WHERE id = 'u{n}'"
        ))
        .unwrap();
    }
}

fn create_ada(app: &App, conn: &mut Conn, hash: String) {
    let ada = NewUser {
        email: EMAIL.to_owned(),
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        organization_id: None,
        role: Role::User,
        password_hash: Some(hash),
    };
    write(conn, |conn| {
        let origin = Origin::local(Door::Cli);
        members::create(conn, &app.keys, &origin, Some("Acme"), ada, app.clock.now())
    })
    .unwrap();
}

fn token_of(conn: &mut Conn, account: usize) -> String {
    let token = Token::new(Kind::Access).unwrap();
    let at = |text| chrono::NaiveDateTime::parse_from_str(text, "%F %T").unwrap();
    let row = SessionToken {
        hash: token.hash().to_vec(),
        session_id: format!("s{account}"),
        kind: "access".to_owned(),
        created_at: at("2026-01-01 00:00:00"),
        expires_at: at("2099-01-01 00:00:00"),
        consumed_at: None,
        successor: None,
    };
    session_tokens::insert(conn, &row).unwrap();
    token.expose().to_owned()
}

fn own_schema(base: &str) -> String {
    let schema = format!("bench_{}", db::new_id().replace('-', "_"));
    PgConnection::establish(base)
        .unwrap()
        .batch_execute(&format!("CREATE SCHEMA {schema}"))
        .unwrap();
    format!("{base}?options=-csearch_path%3D{schema}")
}
