//! How a mail leaves: over SMTP, or, without a mail server in the settings, into a folder.

use std::fs;
use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::address::AddressError;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::Url;

use crate::config::Config;

/// How long a mail server may take for one step of the conversation.
const PATIENCE: Duration = Duration::from_secs(10);

/// The port of `smtp://`, where STARTTLS is spoken (RFC 6409).
const SUBMISSION: u16 = 587;

/// The port of `smtps://` (RFC 8314 section 3.3).
const SUBMISSIONS: u16 = 465;

/// A mail, rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The row's id: the same mail sent twice has the same Message-ID.
    pub id: String,
    /// Whom it is for: one address.
    pub recipient: String,
    /// What happened.
    pub subject: String,
    /// For people who read text.
    pub text: String,
    /// The same for everybody else.
    pub html: String,
}

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It will never leave: the address is none, or the server refused this mail for good.
    #[error("refused for good: {0}")]
    Permanent(String),
    /// It may leave later.
    #[error("{0}")]
    Temporary(String),
}

/// Why mail cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The sender's address is none.
    #[error("COUNTERSIGN_MAIL_FROM: {0}")]
    Sender(AddressError),
    /// TLS does not work here.
    #[error("COUNTERSIGN_SMTP_URL: TLS cannot be used: {0}")]
    Tls(lettre::transport::smtp::Error),
    /// The URL, which was read before, names no server.
    #[error("COUNTERSIGN_SMTP_URL: names no mail server")]
    Url,
}

/// Sends mails.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Mailbox,
    /// What stands behind the `@` of a Message-ID.
    host: String,
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl Mailer {
    /// As the settings say. Opens nothing yet.
    ///
    /// # Errors
    ///
    /// A sender or server that cannot be.
    pub fn new(config: &Config) -> Result<Self, StartError> {
        let from = &config.mail_from;
        let address: Address = from.address.parse().map_err(StartError::Sender)?;
        Ok(Self {
            from: Mailbox::new(Some(from.name.clone()), address),
            host: config.public_url.host(),
            way: match &config.smtp_url {
                Some(url) => Way::Smtp(transport(url.expose())?),
                None => Way::Folder(config.data_dir.join("outbox")),
            },
        })
    }

    /// Hands a mail over. `Ok` means that somebody else has it now.
    ///
    /// # Errors
    ///
    /// [`Failure`].
    pub async fn send(&self, letter: &Letter) -> Result<(), Failure> {
        let to: Address = letter
            .recipient
            .parse()
            .map_err(|error: AddressError| Failure::Permanent(error.to_string()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(
                letter.text.clone(),
                letter.html.clone(),
            ))
            .map_err(|error| Failure::Permanent(error.to_string()))?;
        match &self.way {
            Way::Folder(folder) => write(folder, &letter.id, &message.formatted()),
            Way::Smtp(transport) => match transport.send(message).await {
                Ok(_) => Ok(()),
                // A refusal of this one mail; what is wrong with the server itself may be mended.
                Err(error) if error.is_permanent() => Err(Failure::Permanent(one_line(&error))),
                Err(error) => Err(Failure::Temporary(one_line(&error))),
            },
        }
    }
}

/// STARTTLS is required unless the server is this machine: there is nobody in between.
fn transport(url: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, StartError> {
    let url = Url::parse(url).map_err(|_| StartError::Url)?;
    let host = url.host_str().ok_or(StartError::Url)?;
    let is_required = url.query().is_some();
    let (tls, port) = if url.scheme() == "smtps" {
        (Tls::Wrapper(parameters(host)?), SUBMISSIONS)
    } else if is_loopback(host) && !is_required {
        (Tls::None, SUBMISSION)
    } else {
        (Tls::Required(parameters(host)?), SUBMISSION)
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(bare(host))
        .port(url.port().unwrap_or(port))
        .tls(tls)
        .timeout(Some(PATIENCE));
    if !url.username().is_empty() {
        let read = |text| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8_lossy()
                .into_owned()
        };
        let password = url.password().unwrap_or_default();
        builder = builder.credentials(Credentials::new(read(url.username()), read(password)));
    }
    Ok(builder.build())
}

fn parameters(host: &str) -> Result<TlsParameters, StartError> {
    TlsParameters::new(bare(host).to_owned()).map_err(StartError::Tls)
}

/// Addresses in URLs of this scheme are mere text to the parser.
fn is_loopback(host: &str) -> bool {
    let address: Option<IpAddr> = bare(host).parse().ok();
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}

/// An IPv6 address without its brackets.
fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

/// Writes a mail as a file that only its owner may read. It is there whole or not at all.
fn write(folder: &Path, id: &str, mail: &[u8]) -> Result<(), Failure> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    let failed = |error: std::io::Error| Failure::Temporary(error.to_string());
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(failed)?;
    let (path, draft) = (
        folder.join(format!("{id}.eml")),
        folder.join(format!(".{id}")),
    );
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .map_err(failed)?;
    file.write_all(mail).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    fs::rename(&draft, &path).map_err(failed)?;
    log::info!("a mail is in {}", path.display());
    Ok(())
}

fn one_line(error: &dyn std::error::Error) -> String {
    let words: Vec<_> = std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect();
    words
        .join(": ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// No answer by a machine is wanted (RFC 3834 section 5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
