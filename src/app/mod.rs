//! What a running process holds: settings, keys, the pool, the hasher, the clock. Made once at start, in an
//! order in which every failure is one clear line.

mod opening;
mod reader;

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::result::{DatabaseErrorKind, Error as DbError};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use self::opening::{
    find_orphans, make_data_dir, open_keys, open_pool, open_relying_party, use_database,
};
use crate::activity::Watch;
use crate::buckets::{Buckets, By};
use crate::clock::Clock;
use crate::config::{Config, Rate};
use crate::crypto::keyring::Keyring;
use crate::crypto::password::{Hasher, Params};
use crate::db::{self, Conn, InUse, Pool};
use crate::mail::Mailer;
use crate::mfa::passkey::RelyingParty;
use crate::mfa::{self, Server};
use crate::threads::Threads;

pub use opening::{StartError, adopt_active_key};
pub use reader::Reader;

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
    /// Where connections are used, one thread each.
    threads: Threads,
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
    /// Who waits for changes of an account.
    pub watch: Watch,
    is_leaving: AtomicBool,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
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
        let in_use = use_database(&config.database)?;
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
        let connections = db::POOL_SIZE as usize;
        Ok(Self(Arc::new(Parts {
            config,
            pool,
            _in_use: in_use,
            turns: Arc::new(Semaphore::new(connections)),
            threads: Threads::new("database", connections).map_err(StartError::Threads)?,
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
            watch: Watch::default(),
            is_leaving: AtomicBool::new(false),
        })))
    }

    /// Soon it will be gone: from now on it says so, while it still answers. Who waits for changes waits elsewhere.
    pub fn leave(&self) {
        self.is_leaving.store(true, Ordering::Relaxed);
        self.watch.wake_all();
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
        let done = self
            .threads
            .run(move || {
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
