//! What the operator decides: settings are read once, checked as a whole, and fixed from then on.
//!
//! A setting that cannot work stops the start here, with one line that names it; nobody else reads the
//! environment. Nothing is opened or created here. (`RUST_LOG` is read by the logger itself.)

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing; // what fuzzers call of this room
mod settings; // the options and variables, with their help
mod values; // the kinds of values and how they are read

use std::borrow::Cow;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

pub use settings::{Settings, reject_unknown_variables, reject_unreadable_variables};
pub use values::{DatabaseUrl, MailFrom, PublicUrl, Rate, SmtpUrl};

use values::Problem;

/// The longest lock there is, so the first one cannot be longer.
const LOCK_MAX: Duration = hours(24);

/// The longest that an email link works, and the code with it (NIST SP 800-63B section 3.1.3.2).
const MAX_LINK: Duration = minutes(10);

/// A setting that cannot work: one line that names it and never quotes its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {problem}")]
pub struct ConfigError {
    setting: Cow<'static, str>,
    problem: Problem,
}

impl ConfigError {
    fn new(setting: impl Into<Cow<'static, str>>, problem: Problem) -> Self {
        Self {
            setting: setting.into(),
            problem,
        }
    }

    /// The variable's name.
    #[must_use]
    pub fn setting(&self) -> &str {
        &self.setting
    }
}

/// Everything that was decided, in the types it is used in.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder of the embedded database, the key file and the outbox.
    pub data_dir: PathBuf,
    /// Where the data is kept.
    pub database: DatabaseUrl,
    /// Where to listen.
    pub bind: SocketAddr,
    /// How browsers reach this server.
    pub public_url: PublicUrl,
    /// What passkeys are bound to; `None`, and no passkeys, when the public host is an IP address.
    pub rp_id: Option<String>,
    /// Other origins whose pages may use these passkeys.
    pub related_origins: Vec<String>,
    /// The file with the root keys.
    pub key_file: PathBuf,
    /// The mail server; `None` turns mails into files in the data folder.
    pub smtp_url: Option<SmtpUrl>,
    /// The sender of every mail.
    pub mail_from: MailFrom,
    /// How many proxy hops to believe about the client's address.
    pub trusted_proxies: u8,
    /// How long everything lives.
    pub lifetimes: Lifetimes,
    /// How often everything may be tried.
    pub limits: Limits,
    /// Whether links by e-mail are offered as a second factor.
    pub email_link: bool,
    /// Whom people can ask who can't sign in: plain text.
    pub contact: Option<String>,
    /// Where `/metrics` is answered; `None` for nowhere.
    pub metrics_bind: Option<SocketAddr>,
}

/// How long everything lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifetimes {
    /// A limited token: the time to prove the second factor.
    pub limited: Duration,
    /// An access token.
    pub access: Duration,
    /// A refresh token that is not used.
    pub refresh_idle: Duration,
    /// An API session, however often it is refreshed.
    pub refresh_absolute: Duration,
    /// How long a repeated refresh gets the same answer; may be zero.
    pub refresh_grace: Duration,
    /// A browser session that is not used.
    pub session_idle: Duration,
    /// A browser session, however much it is used.
    pub session_absolute: Duration,
    /// A proof for sensitive changes.
    pub step_up: Duration,
    /// A mailed sign-in link.
    pub link: Duration,
    /// A pending set-up.
    pub setup: Duration,
    /// The first lock after too many wrong codes.
    pub lock_first: Duration,
}

/// How often everything may be tried. `None`, or an empty list, is no limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Failed passwords per client address.
    pub password_address: Option<Rate>,
    /// Failed passwords per account before it has to wait between two tries.
    pub password_account: Option<u32>,
    /// Codes per client address.
    pub code_address: Option<Rate>,
    /// Mailed links per account; each of these holds.
    pub mail: Vec<Rate>,
}

impl Config {
    /// Reads every setting and checks that they can work together.
    ///
    /// # Errors
    /// The first setting that cannot work.
    pub fn from_settings(settings: &Settings) -> Result<Self, ConfigError> {
        let s = settings;
        let data_dir = read("COUNTERSIGN_DATA_DIR", &s.data_dir, values::path)?
            .unwrap_or_else(|| PathBuf::from("./data"));
        let database = read("COUNTERSIGN_DATABASE_URL", &s.database_url, str::parse)?
            .unwrap_or_else(|| DatabaseUrl::Sqlite(data_dir.join("countersign.db")));
        let bind = read("COUNTERSIGN_BIND", &s.bind, values::bind)?
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let public_url = match read("COUNTERSIGN_PUBLIC_URL", &s.public_url, str::parse)? {
            Some(url) => url,
            // Port 0 means any port, which nobody could write into a link.
            None => format!("http://localhost:{}", bind.port())
                .parse()
                .map_err(|_| {
                    ConfigError::new("COUNTERSIGN_BIND", "port 0 needs COUNTERSIGN_PUBLIC_URL")
                })?,
        };
        let rp_id = read("COUNTERSIGN_RP_ID", &s.rp_id, |text| {
            values::rp_id(text, &public_url)
        })?
        .or_else(|| public_url.domain().map(str::to_owned));
        let related_origins = read("COUNTERSIGN_RELATED_ORIGINS", &s.related_origins, |text| {
            values::related_origins(text, &public_url)
        })?
        .unwrap_or_default();
        let mail_from =
            read("COUNTERSIGN_MAIL_FROM", &s.mail_from, str::parse)?.unwrap_or_else(|| MailFrom {
                name: "Countersign".to_owned(),
                address: format!("noreply@{}", public_url.mail_domain()),
            });
        Ok(Self {
            key_file: read("COUNTERSIGN_KEY_FILE", &s.key_file, values::path)?
                .unwrap_or_else(|| data_dir.join("keys")),
            data_dir,
            database,
            bind,
            public_url,
            rp_id,
            related_origins,
            smtp_url: read("COUNTERSIGN_SMTP_URL", &s.smtp_url, str::parse)?,
            mail_from,
            trusted_proxies: read(
                "COUNTERSIGN_TRUSTED_PROXIES",
                &s.trusted_proxies,
                values::hops,
            )?
            .unwrap_or(0),
            lifetimes: Lifetimes::from_settings(s)?,
            limits: Limits::from_settings(s)?,
            email_link: read("COUNTERSIGN_EMAIL_LINK", &s.email_link, values::switch)?
                .unwrap_or(true),
            contact: read("COUNTERSIGN_CONTACT", &s.contact, values::contact)?,
            metrics_bind: read("COUNTERSIGN_METRICS_BIND", &s.metrics_bind, values::bind)?,
        })
    }
}

impl Lifetimes {
    fn from_settings(s: &Settings) -> Result<Self, ConfigError> {
        let lifetime = |setting, value: &Option<String>, default| {
            Ok(read(setting, value, values::lifetime)?.unwrap_or(default))
        };
        let lifetimes = Self {
            limited: lifetime("COUNTERSIGN_LIMITED_TTL", &s.limited_ttl, minutes(10))?,
            access: lifetime("COUNTERSIGN_ACCESS_TTL", &s.access_ttl, minutes(60))?,
            refresh_idle: lifetime("COUNTERSIGN_REFRESH_IDLE", &s.refresh_idle, hours(24))?,
            refresh_absolute: lifetime(
                "COUNTERSIGN_REFRESH_ABSOLUTE",
                &s.refresh_absolute,
                hours(7 * 24),
            )?,
            refresh_grace: read("COUNTERSIGN_REFRESH_GRACE", &s.refresh_grace, values::time)?
                .unwrap_or(Duration::from_secs(10)),
            session_idle: lifetime("COUNTERSIGN_SESSION_IDLE", &s.session_idle, minutes(60))?,
            session_absolute: lifetime(
                "COUNTERSIGN_SESSION_ABSOLUTE",
                &s.session_absolute,
                hours(24),
            )?,
            step_up: lifetime("COUNTERSIGN_STEP_UP_TTL", &s.step_up_ttl, minutes(10))?,
            link: lifetime("COUNTERSIGN_LINK_TTL", &s.link_ttl, minutes(10))?,
            setup: lifetime("COUNTERSIGN_SETUP_TTL", &s.setup_ttl, minutes(15))?,
            lock_first: lifetime("COUNTERSIGN_LOCK_FIRST", &s.lock_first, minutes(15))?,
        };
        lifetimes.check_relations()?;
        Ok(lifetimes)
    }

    /// A part that outlives its whole would never be reached: somebody expects what cannot happen.
    fn check_relations(&self) -> Result<(), ConfigError> {
        let relations = [
            (
                "COUNTERSIGN_LINK_TTL",
                self.link,
                MAX_LINK,
                "must not be longer than 10m: the code in the same mail may not live longer",
            ),
            (
                "COUNTERSIGN_REFRESH_IDLE",
                self.refresh_idle,
                self.refresh_absolute,
                "must not be longer than COUNTERSIGN_REFRESH_ABSOLUTE",
            ),
            (
                "COUNTERSIGN_ACCESS_TTL",
                self.access,
                self.refresh_absolute,
                "must not be longer than COUNTERSIGN_REFRESH_ABSOLUTE",
            ),
            (
                "COUNTERSIGN_REFRESH_GRACE",
                self.refresh_grace,
                self.refresh_idle,
                "must not be longer than COUNTERSIGN_REFRESH_IDLE",
            ),
            (
                "COUNTERSIGN_SESSION_IDLE",
                self.session_idle,
                self.session_absolute,
                "must not be longer than COUNTERSIGN_SESSION_ABSOLUTE",
            ),
            (
                "COUNTERSIGN_LOCK_FIRST",
                self.lock_first,
                LOCK_MAX,
                "must not be longer than 24h, the longest lock there is",
            ),
        ];
        match relations
            .into_iter()
            .find(|(_, part, whole, _)| part > whole)
        {
            Some((setting, .., problem)) => Err(ConfigError::new(setting, problem)),
            None => Ok(()),
        }
    }
}

impl Limits {
    fn from_settings(s: &Settings) -> Result<Self, ConfigError> {
        let per = |count, period| Rate { count, period };
        Ok(Self {
            password_address: read(
                "COUNTERSIGN_LIMIT_PASSWORD_ADDRESS",
                &s.limit_password_address,
                values::rate,
            )?
            .unwrap_or(Some(per(10, minutes(1)))),
            password_account: read(
                "COUNTERSIGN_LIMIT_PASSWORD_ACCOUNT",
                &s.limit_password_account,
                values::count,
            )?
            .unwrap_or(Some(5)),
            code_address: read(
                "COUNTERSIGN_LIMIT_CODE_ADDRESS",
                &s.limit_code_address,
                values::rate,
            )?
            .unwrap_or(Some(per(30, minutes(1)))),
            mail: read("COUNTERSIGN_LIMIT_MAIL", &s.limit_mail, values::rates)?.unwrap_or_else(
                || vec![per(3, minutes(5)), per(5, minutes(10)), per(15, hours(1))],
            ),
        })
    }
}

/// Reads one setting if it is there. An empty value is a mistake and not an absence: a script whose
/// variable came out empty should not start a server with defaults nobody chose.
fn read<T>(
    setting: &'static str,
    value: &Option<String>,
    parse: impl FnOnce(&str) -> Result<T, Problem>,
) -> Result<Option<T>, ConfigError> {
    match value.as_deref() {
        None => Ok(None),
        Some("") => Err("is empty; leave it out for the default"),
        Some(text) => parse(text).map(Some),
    }
    .map_err(|problem| ConfigError::new(setting, problem))
}

const fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

const fn hours(n: u64) -> Duration {
    minutes(60 * n)
}

#[cfg(test)]
mod tests;
