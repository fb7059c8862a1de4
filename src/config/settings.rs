//! The settings as they are written: one option of the command line and one variable each.
//!
//! Only names and help. What a value means, and whether it can work, is decided in `values` and in
//! `Config::from_settings`.

use std::ffi::{OsStr, OsString};
use std::fmt;

use clap::{Args, Command};

use super::ConfigError;

/// What the names of all our environment variables begin with.
const PREFIX: &str = "COUNTERSIGN_";

/// Every setting, as text or absent. Flatten it into the command line; options win over variables.
//
// All of it is text so that clap has nothing to complain about: its messages would quote the value.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Folder for the embedded database, the key file and mails that are not sent [default: ./data]
    #[arg(
        long,
        env = "COUNTERSIGN_DATA_DIR",
        value_name = "FOLDER",
        global = true,
        hide_env_values = true
    )]
    pub data_dir: Option<String>,

    /// Where the data is kept: sqlite://FILE or postgres://... [default: countersign.db in the data folder]
    #[arg(
        long,
        env = "COUNTERSIGN_DATABASE_URL",
        value_name = "URL",
        global = true,
        hide_env_values = true
    )]
    pub database_url: Option<String>,

    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(
        long,
        env = "COUNTERSIGN_BIND",
        value_name = "ADDRESS:PORT",
        global = true,
        hide_env_values = true
    )]
    pub bind: Option<String>,

    /// How browsers reach this server; every mailed link begins with it [default: http://localhost:PORT]
    #[arg(
        long,
        env = "COUNTERSIGN_PUBLIC_URL",
        value_name = "URL",
        global = true,
        hide_env_values = true
    )]
    pub public_url: Option<String>,

    /// Domain that passkeys are bound to: the public host or a parent of it [default: the public host]
    #[arg(
        long,
        env = "COUNTERSIGN_RP_ID",
        value_name = "DOMAIN",
        global = true,
        hide_env_values = true
    )]
    pub rp_id: Option<String>,

    /// Other origins whose pages may use these passkeys, in between commas: five distinct names at most
    #[arg(
        long,
        env = "COUNTERSIGN_RELATED_ORIGINS",
        value_name = "ORIGINS",
        global = true,
        hide_env_values = true
    )]
    pub related_origins: Option<String>,

    /// File with the root keys, made on first start [default: keys in the data folder]
    #[arg(
        long,
        env = "COUNTERSIGN_KEY_FILE",
        value_name = "FILE",
        global = true,
        hide_env_values = true
    )]
    pub key_file: Option<String>,

    /// Mail server: smtp://... or smtps://..., with ?tls=required to insist on encryption [default: mails become files]
    #[arg(
        long,
        env = "COUNTERSIGN_SMTP_URL",
        value_name = "URL",
        global = true,
        hide_env_values = true
    )]
    pub smtp_url: Option<String>,

    /// Sender of every mail [default: Countersign <noreply@PUBLIC_HOST>]
    #[arg(
        long,
        env = "COUNTERSIGN_MAIL_FROM",
        value_name = "NAME <ADDRESS>",
        global = true,
        hide_env_values = true
    )]
    pub mail_from: Option<String>,

    /// How many proxies in front of this server to believe about the client's address [default: 0]
    #[arg(
        long,
        env = "COUNTERSIGN_TRUSTED_PROXIES",
        value_name = "HOPS",
        global = true,
        hide_env_values = true
    )]
    pub trusted_proxies: Option<String>,

    /// Time to prove the second factor after the password [default: 10m]
    #[arg(
        long,
        env = "COUNTERSIGN_LIMITED_TTL",
        value_name = "TIME",
        global = true,
        hide_env_values = true
    )]
    pub limited_ttl: Option<String>,

    /// Life of an access token [default: 60m]
    #[arg(
        long,
        env = "COUNTERSIGN_ACCESS_TTL",
        value_name = "TIME",
        global = true,
        hide_env_values = true
    )]
    pub access_ttl: Option<String>,

    /// Life of a refresh token that is not used [default: 24h]
    #[arg(
        long,
        env = "COUNTERSIGN_REFRESH_IDLE",
        value_name = "TIME",
        global = true,
        hide_env_values = true
    )]
    pub refresh_idle: Option<String>,

    /// Life of an API session, however often it is refreshed [default: 7d]
    #[arg(
        long,
        env = "COUNTERSIGN_REFRESH_ABSOLUTE",
        value_name = "TIME",
        global = true,
        hide_env_values = true
    )]
    pub refresh_absolute: Option<String>,

    /// How long a repeated refresh gets the same answer; 0s for not at all [default: 10s]
    #[arg(
        long,
        env = "COUNTERSIGN_REFRESH_GRACE",
        value_name = "TIME",
        global = true,
        hide_env_values = true
    )]
    pub refresh_grace: Option<String>,

    /// Life of a browser session that is not used [default: 60m]
    #[arg(
        long,
        env = "COUNTERSIGN_SESSION_IDLE",
        value_name = "TIME",
        global = true,
        hide_env_values = true
    )]
    pub session_idle: Option<String>,

    /// Life of a browser session, however much it is used [default: 24h]
    #[arg(
        long,
        env = "COUNTERSIGN_SESSION_ABSOLUTE",
        value_name = "TIME",
        global = true,
        hide_env_values = true
    )]
    pub session_absolute: Option<String>,

    /// How long a proof of identity allows sensitive changes [default: 10m]
    #[arg(
        long,
        env = "COUNTERSIGN_STEP_UP_TTL",
        value_name = "TIME",
        global = true,
        hide_env_values = true
    )]
    pub step_up_ttl: Option<String>,

    /// Life of a mailed sign-in link [default: 10m]
    #[arg(
        long,
        env = "COUNTERSIGN_LINK_TTL",
        value_name = "TIME",
        global = true,
        hide_env_values = true
    )]
    pub link_ttl: Option<String>,

    /// Time to finish setting up a method [default: 15m]
    #[arg(
        long,
        env = "COUNTERSIGN_SETUP_TTL",
        value_name = "TIME",
        global = true,
        hide_env_values = true
    )]
    pub setup_ttl: Option<String>,

    /// First lock after too many wrong codes; each further one doubles [default: 15m]
    #[arg(
        long,
        env = "COUNTERSIGN_LOCK_FIRST",
        value_name = "TIME",
        global = true,
        hide_env_values = true
    )]
    pub lock_first: Option<String>,

    /// Failed passwords per client address; 0 for no limit [default: 10/60s]
    #[arg(
        long,
        env = "COUNTERSIGN_LIMIT_PASSWORD_ADDRESS",
        value_name = "COUNT/TIME",
        global = true,
        hide_env_values = true
    )]
    pub limit_password_address: Option<String>,

    /// Failed passwords per account before it has to wait between two tries; 0 for no limit [default: 5]
    #[arg(
        long,
        env = "COUNTERSIGN_LIMIT_PASSWORD_ACCOUNT",
        value_name = "COUNT",
        global = true,
        hide_env_values = true
    )]
    pub limit_password_account: Option<String>,

    /// Codes per client address; 0 for no limit [default: 30/60s]
    #[arg(
        long,
        env = "COUNTERSIGN_LIMIT_CODE_ADDRESS",
        value_name = "COUNT/TIME",
        global = true,
        hide_env_values = true
    )]
    pub limit_code_address: Option<String>,

    /// Mailed links per account, all of these at once; 0 for no limit [default: 3/5m,5/10m,15/1h]
    #[arg(
        long,
        env = "COUNTERSIGN_LIMIT_MAIL",
        value_name = "COUNT/TIME,...",
        global = true,
        hide_env_values = true
    )]
    pub limit_mail: Option<String>,

    /// Whether this server offers links by e-mail as a second factor: on or off [default: on]
    #[arg(
        long,
        env = "COUNTERSIGN_EMAIL_LINK",
        value_name = "ON|OFF",
        global = true,
        hide_env_values = true
    )]
    pub email_link: Option<String>,

    /// Whom people can ask who can't sign in, shown to them as it is written [default: nothing]
    #[arg(
        long,
        env = "COUNTERSIGN_CONTACT",
        value_name = "TEXT",
        global = true,
        hide_env_values = true
    )]
    pub contact: Option<String>,

    /// Address and port for /metrics, which is answered there and nowhere else [default: nowhere]
    #[arg(
        long,
        env = "COUNTERSIGN_METRICS_BIND",
        value_name = "ADDRESS:PORT",
        global = true,
        hide_env_values = true
    )]
    pub metrics_bind: Option<String>,
}

/// Two of the values are URLs with a password in them, so none is shown.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}

/// Refuses a `COUNTERSIGN_...` variable that is no setting: a mistyped name would otherwise leave its
/// default in force without a word. Takes the names of all variables, never their values.
///
/// # Errors
/// Names the first unknown variable.
pub fn reject_unknown_variables<N: AsRef<OsStr>>(
    names: impl IntoIterator<Item = N>,
) -> Result<(), ConfigError> {
    // Asked of clap, so that the list cannot fall behind the struct above.
    let command = Settings::augment_args(Command::new(""));
    for name in names {
        let name = name.as_ref();
        let is_ours = name.as_encoded_bytes().starts_with(PREFIX.as_bytes());
        let is_known = || {
            command
                .get_arguments()
                .any(|arg| arg.get_env() == Some(name))
        };
        if is_ours && !is_known() {
            let name = name.to_string_lossy().escape_debug().to_string();
            return Err(ConfigError::new(
                name,
                "no such setting; countersign --help lists them",
            ));
        }
    }
    Ok(())
}

/// Refuses a setting whose value is not text, which clap refuses too, but without saying which one.
///
/// # Errors
/// Names the first such variable.
pub fn reject_unreadable_variables(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<(), ConfigError> {
    let unreadable = variables
        .into_iter()
        .filter(|(name, _)| name.as_encoded_bytes().starts_with(PREFIX.as_bytes()))
        .find(|(_, value)| value.to_str().is_none());
    match unreadable {
        Some((name, _)) => {
            let name = name.to_string_lossy().escape_debug().to_string();
            Err(ConfigError::new(name, "is not valid UTF-8"))
        }
        None => Ok(()),
    }
}
