//! What a running process holds: settings, keys, the pool, the hasher, the clock. Made once at start, in an
//! order in which every failure is one clear line.

use std::cell::RefCell;
use std::fs;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use diesel::result::{DatabaseErrorKind, Error as DbError};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::activity::{self, Door, Entry, Event, Origin};
use crate::buckets::{Buckets, By};
use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl, Rate};
use crate::crypto::keyring::Keyring;
use crate::crypto::password::{Hasher, Params};
use crate::crypto::{self, KeyFileError};
use crate::db::key_checks::KeyCheck;
use crate::db::{self, Conn, InUse, MigrationError, Pool, key_checks, write};
use crate::mail::{self, Mailer};
use crate::mfa::passkey::RelyingParty;
use crate::mfa::{self, Server};

/// How many refreshes an account may ask for: sixty a minute.
const REFRESHES: Rate = Rate {
    count: 60,
    period: Duration::from_secs(60),
};

/// How many passkeys an account may start to add: sixty an hour, since a cancelled prompt is one too.
const PASSKEY_SETUPS: Rate = Rate {
    count: 60,
    period: Duration::from_secs(3_600),
};

/// How many challenges a client address may ask for without saying who: every sign-in page asks for one.
const CHALLENGES: Rate = Rate {
    count: 120,
    period: Duration::from_secs(60),
};

/// How many mails with a link a client address may ask for: twenty in five minutes.
const LINK_REQUESTS: Rate = Rate {
    count: 20,
    period: Duration::from_secs(300),
};

/// How many set-ups an account may start: ten an hour.
const SETUPS: Rate = Rate {
    count: 10,
    period: Duration::from_secs(3_600),
};

/// The parts of a running process. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] consists of.
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The database.
    pub pool: Pool,
    /// Held while the process lives: the embedded database is in use.
    _in_use: Option<InUse>,
    /// As many as there are connections.
    turns: Arc<Semaphore>,
    /// The keys.
    pub keys: Arc<Keyring>,
    /// Hashes passwords, a few at a time.
    pub hasher: Hasher,
    /// Sends mails.
    pub mailer: Mailer,
    /// The time.
    pub clock: Clock,
    /// What the settings leave of the methods.
    pub server: Server,
    /// Wrong passwords per client address.
    pub password_buckets: Buckets,
    /// Codes per client address.
    pub code_buckets: Buckets,
    /// Passkeys are bound to this; `None` where they cannot work.
    relying_party: Option<RelyingParty>,
    /// Challenges for signing in with a passkey, per client address.
    pub challenge_buckets: Buckets,
    /// Set-ups of passkeys per account.
    pub passkey_buckets: Buckets,
    /// Set-ups of other methods per account.
    pub setup_buckets: Buckets,
    /// Mails with a link that were asked for, per client address.
    pub link_buckets: Buckets,
    /// Refreshes per account.
    pub refresh_buckets: Buckets,
    is_leaving: AtomicBool,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Why a process could not start. Each is one line, and none holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be made.
    #[error("COUNTERSIGN_DATA_DIR: {0} cannot be made: {1}")]
    DataDir(String, std::io::Error),
    /// The database cannot be opened.
    #[error("COUNTERSIGN_DATABASE_URL: the database cannot be opened: {0}")]
    Database(String),
    /// The database cannot be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The key file cannot be used.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The key file is not the one this database was made with.
    #[error(
        "COUNTERSIGN_KEY_FILE: the key file does not open this database: it lacks key {0}, or holds another one of \
         that name"
    )]
    WrongKey(String),
    /// A key or the generator failed.
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    /// The public URL and the domain of passkeys do not go together.
    #[error("COUNTERSIGN_RP_ID: {0}")]
    RelyingParty(String),
    /// Mail cannot be set up.
    #[error(transparent)]
    Mail(#[from] mail::StartError),
    /// Hashing does not work here.
    #[error("passwords cannot be hashed here: {0}")]
    Hasher(#[from] crypto::password::HashError),
}

impl From<DbError> for StartError {
    fn from(error: DbError) -> Self {
        Self::Database(one_line(&error))
    }
}

impl App {
    /// Opens the database, brings its schema up to date, opens the keys and proves that they fit.
    ///
    /// # Errors
    ///
    /// The first thing that is not as it has to be.
    pub fn start(config: Config, clock: Clock, params: Params) -> Result<Self, StartError> {
        make_data_dir(&config.data_dir)?;
        let in_use = InUse::shared(&config.database).map_err(|error| in_use(&config, &error))?;
        let pool = open_pool(&config.database)?;
        let mut conn = db::connection(&pool)?;
        for name in db::migrate(&mut conn)? {
            log::info!("applied migration {name}");
        }
        if let Some(at) = db::activity::newest(&mut conn)? {
            clock.was(at);
        }
        let keys = Arc::new(open_keys(&mut conn, &config.key_file, &clock)?);
        find_orphans(&mut conn, config.rp_id.as_deref(), clock.now())?;
        drop(conn);
        let hasher = Hasher::new(Arc::clone(&keys), params)?;
        let server = Server {
            magic_link: config.email_link,
            passkey: config.rp_id.is_some(),
        };
        let mailer = Mailer::new(&config)?;
        let limits = &config.limits;
        let password_buckets = Buckets::new(By::Address, limits.password_address.as_ref());
        let code_buckets = Buckets::new(By::Address, limits.code_address.as_ref());
        let relying_party = open_relying_party(&config)?;
        let challenge_buckets = Buckets::new(By::Address, Some(&CHALLENGES));
        let passkey_buckets = Buckets::new(By::Account, Some(&PASSKEY_SETUPS));
        let setup_buckets = Buckets::new(By::Account, Some(&SETUPS));
        let are_mails_limited = !limits.mail.is_empty();
        let link_rate = are_mails_limited.then_some(&LINK_REQUESTS);
        let link_buckets = Buckets::new(By::Address, link_rate);
        let refresh_buckets = Buckets::new(By::Account, Some(&REFRESHES));
        Ok(Self(Arc::new(Parts {
            config,
            pool,
            _in_use: in_use,
            turns: Arc::new(Semaphore::new(db::POOL_SIZE as usize)),
            keys,
            hasher,
            mailer,
            clock,
            server,
            password_buckets,
            code_buckets,
            relying_party,
            challenge_buckets,
            passkey_buckets,
            setup_buckets,
            link_buckets,
            refresh_buckets,
            is_leaving: AtomicBool::new(false),
        })))
    }

    /// Soon it will be gone: from now on it says so, while it still answers.
    pub fn leave(&self) {
        self.is_leaving.store(true, Ordering::Relaxed);
    }

    /// Whether it will be gone soon.
    pub fn is_leaving(&self) -> bool {
        self.is_leaving.load(Ordering::Relaxed)
    }

    /// What passkeys are bound to.
    ///
    /// # Errors
    ///
    /// [`mfa::Error::NotAvailable`] where they cannot work.
    pub fn relying_party(&self) -> Result<&RelyingParty, mfa::Error> {
        self.relying_party.as_ref().ok_or(mfa::Error::NotAvailable)
    }

    /// Runs `f` over a connection, off the event loop: async code's door to the database. Whoever waits for a
    /// connection waits here, where that costs no thread.
    ///
    /// # Errors
    ///
    /// Whatever `f` answers, and the database's error when no connection is to be had.
    pub async fn db<T, E>(
        &self,
        f: impl FnOnce(&Self, &mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.db_within(db::POOL_WAIT, f).await
    }

    async fn db_within<T, E>(
        &self,
        wait: Duration,
        f: impl FnOnce(&Self, &mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let since = Instant::now();
        let turn = timeout(wait, Arc::clone(&self.turns).acquire_owned());
        let turn = turn.await.map_err(db::unreachable)?;
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let left = wait.saturating_sub(since.elapsed());
            let mut conn = db::connection_within(&app.pool, left)?;
            f(&app, &mut conn)
        })
        .await;
        done.unwrap_or_else(|gone| {
            Err(E::from(DbError::DatabaseError(
                DatabaseErrorKind::Unknown,
                Box::new(gone.to_string()),
            )))
        })
    }
}

/// One thread's own door to the database, for the question that every request asks and other short reads.
///
/// On SQLite they run where they are asked for, over a connection of the thread's own: handing one to another
/// thread costs more than the read. On Postgres they wait for the network, and so go through [`App::db`].
pub struct Reader {
    app: App,
    threads: usize,
    own: RefCell<Option<Conn>>,
}

impl Reader {
    /// A reader for one of so many threads. It opens its connection when first asked.
    pub fn new(app: App, threads: usize) -> Self {
        Self {
            app,
            threads,
            own: RefCell::new(None),
        }
    }

    /// Runs `f`, which only reads. After any error the next read has a new connection.
    ///
    /// # Errors
    ///
    /// As [`App::db`].
    pub async fn read<T, E>(
        &self,
        f: impl FnOnce(&App, &mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.read_within(db::POOL_WAIT, f).await
    }

    /// The same for a caller who can do without the answer, and does after so long.
    ///
    /// # Errors
    ///
    /// As [`App::db`].
    pub async fn read_within<T, E>(
        &self,
        wait: Duration,
        f: impl FnOnce(&App, &mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let kept = self.own.take();
        let Some(conn) = kept
            .map(Ok)
            .or_else(|| db::reader(&self.app.config.database, self.threads))
        else {
            return self.app.db_within(wait, f).await;
        };
        let mut conn = conn.map_err(db::unreachable)?;
        let answer = f(&self.app, &mut conn)?;
        self.own.replace(Some(conn));
        Ok(answer)
    }
}

/// The folder that holds the embedded database, the key file and the outbox; nobody else may read it.
fn make_data_dir(path: &Path) -> Result<(), StartError> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| StartError::DataDir(path.display().to_string(), error))
}

/// Why the lock of the embedded database was not to be had.
fn in_use(config: &Config, error: &std::io::Error) -> StartError {
    let name = match &config.database {
        DatabaseUrl::Sqlite(path) => path.display().to_string(),
        DatabaseUrl::Postgres(_) => String::new(),
    };
    StartError::Database(match error.kind() {
        std::io::ErrorKind::WouldBlock => format!("{name}: it is being restored"),
        _ => format!("{name}: {error}"),
    })
}

fn open_pool(url: &DatabaseUrl) -> Result<Pool, StartError> {
    db::open(url).map_err(|error| {
        let reason = one_line(&error);
        StartError::Database(match url {
            DatabaseUrl::Sqlite(path) => format!("{}: {reason}", path.display()),
            DatabaseUrl::Postgres(_) => without_quotation(&reason),
        })
    })
}

/// libpq quotes what it cannot read of a URL, and that may be the password in it. Once it has reached a
/// server it names host, user and database only.
fn without_quotation(reason: &str) -> String {
    match (reason.find('"'), reason.rfind('"')) {
        (Some(start), Some(end)) if !reason.starts_with("connection to server") => {
            let before = reason.get(..start).unwrap_or_default();
            let after = reason.get(end + 1..).unwrap_or_default();
            format!("{before}...{after}")
        }
        _ => reason.to_owned(),
    }
}

/// Who passkeys are made for, unless the public host is an IP address.
fn open_relying_party(config: &Config) -> Result<Option<RelyingParty>, StartError> {
    let Some(id) = &config.rp_id else {
        return Ok(None);
    };
    let own = config.public_url.origin().to_owned();
    let origins = std::iter::once(own).chain(config.related_origins.iter().cloned());
    RelyingParty::new(id, mfa::PRODUCT, origins.collect())
        .map(Some)
        .map_err(StartError::RelyingParty)
}

/// A passkey works for the domain it was made for and for no other: after a change of that, an account without another one
/// is not said to be protected by what it cannot use. It still owes a second factor.
fn find_orphans(
    conn: &mut Conn,
    rp_id: Option<&str>,
    now: NaiveDateTime,
) -> Result<(), StartError> {
    let Some(rp_id) = rp_id else { return Ok(()) };
    db::passkeys::update_found_again(conn, rp_id)?;
    if db::passkeys::exist_of_other_rp(conn, rp_id)? {
        let orphans = db::passkeys::update_orphaned(conn, rp_id, now)?;
        log::warn!(
            "there are passkeys of another domain than {rp_id}, which COUNTERSIGN_RP_ID sets: they cannot be used, and \
             {orphans} more accounts have no other one"
        );
    }
    Ok(())
}

/// Opens the key file, makes it on the very first start, and proves that it belongs to this database.
fn open_keys(conn: &mut Conn, path: &Path, clock: &Clock) -> Result<Keyring, StartError> {
    // A database with data and no key file is a mistake to be mended, not a first start.
    let keys = if key_checks::list(conn)?.is_empty() {
        Keyring::load_or_create(path)?
    } else {
        Keyring::load(path)?
    };
    adopt_active_key(conn, &keys, clock.now()).or_else(|error| match key_checks::list(conn) {
        // Two first starts at once: the other process has stored the same check by now.
        Ok(stored)
            if stored.iter().any(|check| {
                check.key_id == keys.active_kid()
                    && keys.verify_check(&check.key_id, &check.envelope).is_ok()
            }) =>
        {
            Ok(())
        }
        _ => Err(error),
    })?;
    Ok(keys)
}

/// Proves that the keys fit the database, and notes the active one down there if it is new.
///
/// # Errors
///
/// [`StartError::WrongKey`]; the database's.
pub fn adopt_active_key(
    conn: &mut Conn,
    keys: &Keyring,
    now: NaiveDateTime,
) -> Result<(), StartError> {
    write(conn, |conn| {
        let stored = key_checks::list(conn)?;
        for check in &stored {
            keys.verify_check(&check.key_id, &check.envelope)
                .map_err(|_| StartError::WrongKey(check.key_id.clone()))?;
        }
        let (key_id, envelope) = keys.check_value()?;
        if stored.iter().any(|check| check.key_id == key_id) {
            return Ok(());
        }
        let entry = Entry::success(Event::KeyRotated).about(&key_id);
        key_checks::insert(
            conn,
            &KeyCheck {
                key_id,
                envelope,
                created_at: now,
            },
        )?;
        if !stored.is_empty() {
            let origin = Origin::local(Door::Server);
            activity::record(conn, keys, &origin, entry, now)?;
        }
        Ok(())
    })
}

/// A database's error on one line, as the start prints it.
fn one_line(error: &dyn std::error::Error) -> String {
    error
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
