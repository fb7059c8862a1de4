//! The kinds of values that settings have, and how each is read from text.
//!
//! Nothing here knows which setting it reads. A problem is a fixed sentence that never quotes the
//! value, since some values are secrets.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use url::{Host, Url};

/// What is wrong with a value.
pub(super) type Problem = &'static str;

/// Nothing lives longer than a year; also keeps sums of times far from overflowing.
const MAX_TIME: Duration = Duration::from_secs(365 * 24 * 60 * 60);
const MAX_COUNT: u32 = 1_000_000;
/// The longest contact, in characters.
const MAX_CONTACT: usize = 500;

/// Where the data is kept.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The embedded database, in this file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, by a URL that may hold a password.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err("must not contain spaces or line breaks");
        }
        if let Some(path) = text.strip_prefix("sqlite://") {
            // SQLite would take these for something else than the name of a file.
            let is_special = path.starts_with(":memory:") || path.starts_with("file:");
            if path.is_empty() || path.ends_with('/') || path.contains('?') || is_special {
                return Err("must name a file after sqlite://");
            }
            return Ok(Self::Sqlite(path.into()));
        }
        let server = text
            .strip_prefix("postgres://")
            .or_else(|| text.strip_prefix("postgresql://"))
            .ok_or("must begin with sqlite://, postgres:// or postgresql://")?;
        if server.is_empty() {
            return Err("must name a database after postgres://");
        }
        Ok(Self::Postgres(text.to_owned()))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(redacted)"),
        }
    }
}

/// The mail server, by a URL that may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(String);

impl SmtpUrl {
    /// The whole URL, for the one who connects.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for SmtpUrl {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let url = Url::parse(text).map_err(|_| "is not a URL")?;
        if !matches!(url.scheme(), "smtp" | "smtps") {
            return Err("must begin with smtp:// or smtps://");
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err("must name a mail server");
        }
        if url.port() == Some(0) {
            return Err("must not use port 0");
        }
        if url.username().is_empty() && url.password().is_some() {
            return Err("has a password but no user");
        }
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err("must end after the host and port, but for ?tls=required");
        }
        if !matches!(url.query(), None | Some("tls=required")) {
            return Err("knows no other option than ?tls=required");
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpUrl(redacted)")
    }
}

/// How browsers reach this server: an origin, and nothing after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    host: Host,
    is_https: bool,
}

impl PublicUrl {
    /// The origin as browsers write it, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host as browsers write it, an IPv6 address in brackets.
    #[must_use]
    pub fn host(&self) -> String {
        self.host.to_string()
    }

    /// The host when it is a name and not an IP address.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        match &self.host {
            Host::Domain(domain) => Some(domain),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        }
    }

    /// Whether browsers come over TLS; if not, they come from this machine.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host as the domain of a mail address (RFC 5321 section 4.1.3 for the IP addresses).
    pub(super) fn mail_domain(&self) -> String {
        match &self.host {
            Host::Domain(domain) => domain.clone(),
            Host::Ipv4(address) => format!("[{address}]"),
            Host::Ipv6(address) => format!("[IPv6:{address}]"),
        }
    }
}

impl FromStr for PublicUrl {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let url = Url::parse(text).map_err(|_| "is not a URL")?;
        let is_https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err("must begin with https://"),
        };
        let host = url.host().ok_or("must name a host")?.to_owned();
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not hold a user or a password");
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err("must end after the host and port");
        }
        if url.port() == Some(0) {
            return Err("must not use port 0");
        }
        if matches!(&host, Host::Domain(domain) if domain.ends_with('.')) {
            return Err("must not have a dot after the host");
        }
        if !is_https && !is_loopback(&host) {
            return Err("must begin with https:// unless the host is localhost");
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            host,
            is_https,
        })
    }
}

fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(domain) => domain == "localhost" || domain.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// The sender of every mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFrom {
    /// What mail programs show; empty when only the address was given.
    pub name: String,
    /// The address.
    pub address: String,
}

impl FromStr for MailFrom {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let problem = "must be written as Name <user@host> or user@host";
        let (name, address) = match text.strip_suffix('>') {
            Some(text) => text.split_once('<').ok_or(problem)?,
            None => ("", text),
        };
        let name = name.trim().trim_matches('"').trim();
        let is_plain_name = !name.contains(|c: char| c.is_control() || "<>\"\\".contains(c));
        let (local, domain) = address.split_once('@').ok_or(problem)?;
        let is_plain = |part: &str| {
            !part.is_empty()
                && !part.contains(|c: char| {
                    c.is_whitespace() || c.is_control() || "<>()@,;\"\\".contains(c)
                })
        };
        if !is_plain_name || !is_plain(local) || !is_plain(domain) {
            return Err(problem);
        }
        Ok(Self {
            name: name.to_owned(),
            address: address.to_owned(),
        })
    }
}

impl fmt::Display for MailFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            f.write_str(&self.address)
        } else {
            write!(f, "{} <{}>", self.name, self.address)
        }
    }
}

/// So many in so much time, written `10/60s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many; also how many may come at once.
    pub count: u32,
    /// In how much time.
    pub period: Duration,
}

impl Rate {
    /// The time after which one more is allowed, when they are given back one by one.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.period / self.count.max(1)
    }
}

impl FromStr for Rate {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let problem = "must be written as a count and a time, such as 10/60s, or 0 for no limit";
        let (count, period) = text.split_once('/').ok_or(problem)?;
        let count = number(count)
            .filter(|n| (1..=MAX_COUNT).contains(n))
            .ok_or(problem)?;
        let period = lifetime(period).map_err(|_| problem)?;
        Ok(Self { count, period })
    }
}

/// `0`, for none, or one rate.
pub(super) fn rate(text: &str) -> Result<Option<Rate>, Problem> {
    match text {
        "0" => Ok(None),
        _ => text.parse().map(Some),
    }
}

/// `0`, for none, or rates with commas between them.
pub(super) fn rates(text: &str) -> Result<Vec<Rate>, Problem> {
    match text {
        "0" => Ok(Vec::new()),
        _ => text.split(',').map(str::parse).collect(),
    }
}

/// A few lines of plain text.
pub(super) fn contact(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.chars().count() > MAX_CONTACT {
        return Err("must not be longer than 500 characters");
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err("must be plain text");
    }
    Ok(text.to_owned())
}

/// `0`, for none, or a count.
pub(super) fn count(text: &str) -> Result<Option<u32>, Problem> {
    match number(text) {
        Some(0) => Ok(None),
        Some(count) if count <= MAX_COUNT => Ok(Some(count)),
        _ => Err("must be a count, or 0 for no limit"),
    }
}

/// A time that may be none at all.
pub(super) fn time(text: &str) -> Result<Duration, Problem> {
    let problem = "must be written with a unit: 90s, 10m, 24h or 7d";
    let (digits, seconds) = [("s", 1), ("m", 60), ("h", 60 * 60), ("d", 24 * 60 * 60)]
        .iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, *seconds)))
        .ok_or(problem)?;
    let time = number(digits)
        .map(|n| Duration::from_secs(u64::from(n) * seconds))
        .ok_or(problem)?;
    if time > MAX_TIME {
        return Err("must not be longer than 365d");
    }
    Ok(time)
}

/// A time in which something can live.
pub(super) fn lifetime(text: &str) -> Result<Duration, Problem> {
    match time(text)? {
        Duration::ZERO => Err("must be longer than nothing"),
        time => Ok(time),
    }
}

pub(super) fn path(text: &str) -> Result<PathBuf, Problem> {
    if text.contains('\0') {
        return Err("is not a path");
    }
    Ok(text.into())
}

pub(super) fn bind(text: &str) -> Result<SocketAddr, Problem> {
    text.parse()
        .map_err(|_| "must be an IP address and a port, such as 127.0.0.1:8080 or [::]:8080")
}

pub(super) fn hops(text: &str) -> Result<u8, Problem> {
    number(text)
        .and_then(|hops| u8::try_from(hops).ok())
        .filter(|hops| *hops <= 10)
        .ok_or("must be a number from 0 to 10")
}

pub(super) fn switch(text: &str) -> Result<bool, Problem> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("must be on or off"),
    }
}

/// The domain passkeys are bound to: the public host, or a parent of it that somebody can own.
pub(super) fn rp_id(text: &str, public_url: &PublicUrl) -> Result<String, Problem> {
    let host = public_url
        .domain()
        .ok_or("cannot be used while the host of the public URL is an IP address")?;
    let is_parent = host
        .strip_suffix(text)
        .is_some_and(|children| children.ends_with('.'))
        && text.contains('.')
        && !text.starts_with('.');
    if text == host || is_parent {
        Ok(text.to_owned())
    } else {
        Err("must be the host of the public URL or a parent domain of it, in lower case")
    }
}

/// How many distinct names browsers look at in a list of related origins (WebAuthn L3, section 5.11).
const MAX_LABELS: usize = 5;

/// Other origins whose pages may use the passkeys of this one, its own left out.
pub(super) fn related_origins(text: &str, public_url: &PublicUrl) -> Result<Vec<String>, Problem> {
    if public_url.domain().is_none() {
        return Err("cannot be used while the host of the public URL is an IP address");
    }
    let mut origins: Vec<String> = Vec::new();
    let mut labels = BTreeSet::new();
    for part in text.split(',') {
        let url: PublicUrl = part
            .trim()
            .parse()
            .map_err(|_| "must be https origins in between commas")?;
        let host = url.domain().ok_or("must name hosts and not IP addresses")?;
        labels.insert(label(host).to_owned());
        if url.origin() != public_url.origin() && !origins.iter().any(|one| one == url.origin()) {
            origins.push(url.origin().to_owned());
        }
    }
    if labels.len() > MAX_LABELS {
        return Err("holds more than five distinct names before their public suffix");
    }
    Ok(origins)
}

/// The name that was registered, without what stands before it and without the public suffix.
fn label(host: &str) -> &str {
    let domain = psl::domain_str(host).unwrap_or(host);
    domain.split('.').next().unwrap_or(domain)
}

/// Digits and nothing else: `parse` alone would take a plus sign as well.
fn number(text: &str) -> Option<u32> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| text.parse().ok()).flatten()
}
