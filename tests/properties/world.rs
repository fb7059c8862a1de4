//! What every property needs: a process without a server, a database of its own, and people in it.

#[path = "../shared/authenticator.rs"]
mod authenticator;
#[path = "../shared/own_schema.rs"]
mod own_schema;

use std::cell::RefCell;
use std::fmt::Debug;

use chrono::{DateTime, NaiveDateTime};
use countersign::accounts::users::{self, NewUser, Role};
use countersign::activity::{Door, Origin};
use countersign::app::App;
use countersign::clock::Clock;
use countersign::config::{Config, Settings};
use countersign::crypto::keyring::{Label, Place};
use countersign::crypto::password::{Params, Password};
use countersign::db::factors::{self, Factor};
use countersign::db::totp_secrets::{self, TotpSecret};
use countersign::db::users::User;
use countersign::db::{self, Conn, Manager, new_id, write};
use countersign::mfa::{Code, Method, Status, status};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config as Runs, TestCaseResult, TestRunner};
use totp_rs::Secret;

use self::authenticator::AuthenticatorApp;
use self::own_schema::own_schema;

/// Cheap: what hashing costs is measured elsewhere.
const CHEAP: Params = Params {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// How many sequences a soak tries.
const SOAK: u32 = 4_000;

/// Where rules are told the time, it starts here.
pub fn noon() -> NaiveDateTime {
    DateTime::from_timestamp(1_780_315_200, 0)
        .unwrap()
        .naive_utc()
}

/// The number of a time step of an authenticator app.
pub fn step_of(now: NaiveDateTime) -> i64 {
    now.and_utc().timestamp().div_euclid(30)
}

/// A process, a connection, and something that runs its futures.
pub struct World {
    pub app: App,
    pub conn: r2d2::PooledConnection<Manager>,
    pub runtime: tokio::runtime::Runtime,
    hash: String,
    _folder: tempfile::TempDir,
}

impl World {
    pub fn new() -> Self {
        // Memory where there is any: what survives a power failure is tested elsewhere.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let folder = folder.unwrap();
        let settings = Settings {
            data_dir: Some(folder.path().to_str().unwrap().to_owned()),
            database_url: own_schema(),
            limit_password_address: Some("0".to_owned()),
            limit_code_address: Some("0".to_owned()),
            ..Settings::default()
        };
        let config = Config::from_settings(&settings).unwrap();
        let app = App::start(config, Clock::default(), CHEAP).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let password = Password::new(PASSWORD.to_owned());
        let hash = runtime.block_on(app.hasher.hash(password)).unwrap();
        Self {
            conn: db::connection(&app.pool).unwrap(),
            app,
            runtime,
            hash,
            _folder: folder,
        }
    }

    /// Somebody new, with the password of everybody.
    pub fn person(&mut self, organization: Option<String>) -> User {
        let new = NewUser {
            email: format!("{}@example.com", new_id()),
            first_name: "Ada".to_owned(),
            last_name: "Lovelace".to_owned(),
            organization_id: organization,
            role: Role::User,
            password_hash: Some(self.hash.clone()),
        };
        let (origin, keys) = (Origin::local(Door::Api), self.app.keys.clone());
        self.write(|conn| users::create(conn, &keys, &origin, new, noon()).unwrap())
    }

    /// Gives somebody an authenticator app whose steps up to `last_step` are spent.
    pub fn give_app(&mut self, user: &User, last_step: i64) -> Authenticator {
        let factor_id = self.give_factor(user, Method::Totp);
        let secret = countersign::crypto::random_bytes::<20>().unwrap();
        let place = Place {
            table: "totp_secrets",
            column: "secret",
            user_id: &user.id,
            row_id: &factor_id,
        };
        let sealed = self.app.keys.seal(Label::Totp, &place, &secret).unwrap();
        let row = TotpSecret {
            user_id: user.id.clone(),
            factor_id: factor_id.clone(),
            secret: sealed,
            last_step,
            created_at: noon(),
        };
        self.write(|conn| totp_secrets::replace(conn, &row).unwrap());
        Authenticator(AuthenticatorApp::holding(Secret::from(secret.to_vec())))
    }

    /// Gives somebody a method, proved and switched on. Answers its id.
    pub fn give_factor(&mut self, user: &User, method: Method) -> String {
        let factor = Factor {
            id: new_id(),
            user_id: user.id.clone(),
            method: method.column().to_owned(),
            verified_at: Some(noon()),
            enabled: true,
            suspended_at: None,
            last_used_at: None,
        };
        self.write(|conn| factors::insert(conn, &factor, noon()).unwrap());
        factor.id
    }

    /// Somebody's state.
    pub fn status(&mut self, user: &User, now: NaiveDateTime) -> Status {
        status::load(&mut self.conn, &user.id, &self.app.server, now).unwrap()
    }

    /// Runs `f` in a transaction.
    pub fn write<T>(&mut self, f: impl FnOnce(&mut Conn) -> T) -> T {
        write(&mut self.conn, |conn| {
            Ok::<_, diesel::result::Error>(f(conn))
        })
        .unwrap()
    }
}

/// An authenticator app that is asked step by step.
pub struct Authenticator(AuthenticatorApp);

impl Authenticator {
    /// One that scanned this secret.
    pub fn scanned(secret: &str) -> Self {
        Self(AuthenticatorApp::scanned(secret))
    }

    /// What it shows in this step.
    pub fn shows(&self, step: i64) -> String {
        self.0.shows(step * 30)
    }

    /// The same, as the rules take it.
    pub fn code(&self, step: i64) -> Code {
        Code::parse(&self.shows(step)).unwrap()
    }

    /// Six digits that it shows nowhere near this step.
    pub fn wrong(&self, step: i64) -> String {
        self.0.never_shows(step * 30)
    }

    /// The newest of the steps around now that shows this code.
    pub fn step_of(&self, code: &str, now: NaiveDateTime) -> Option<i64> {
        let current = step_of(now);
        (current - 1..=current + 1)
            .rev()
            .find(|step| self.shows(*step) == code)
    }
}

/// Runs a property over everything that `strategy` makes up, in one world.
pub fn check<S: Strategy>(strategy: S, property: impl Fn(&mut World, S::Value) -> TestCaseResult)
where
    S::Value: Debug,
{
    let mut runs = Runs {
        // The shortest sequence that fails is printed; it belongs into a test of its own.
        failure_persistence: None,
        ..Runs::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none()
        && std::env::var("COUNTERSIGN_SOAK").as_deref() == Ok("1")
    {
        runs.cases = SOAK;
    }
    let world = RefCell::new(World::new());
    let mut runner = TestRunner::new(runs);
    let outcome = runner.run(&strategy, |value| property(&mut world.borrow_mut(), value));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
