//! The conversation with a mail server (RFC 5321), step by step: what a refusal means depends on the step.

use std::net::IpAddr;
use std::time::Duration;

use lettre::Message;
use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, CertificateStore, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::time::timeout;
use url::Url;

use super::mailer::{Failure, StartError};

/// How long a whole conversation may take. A server that is silent, or says one byte a second, costs no more than this;
/// with the longest pause between two tries it stays below a minute.
pub(super) const PATIENCE: Duration = Duration::from_secs(25);

/// The port of `smtp://`, where STARTTLS is spoken (RFC 6409).
const SUBMISSION: u16 = 587;

/// The port of `smtps://` (RFC 8314 section 3.3).
const SUBMISSIONS: u16 = 465;

/// A mail server, as the settings describe it.
#[derive(Debug, Clone)]
pub(super) struct Server {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
}

/// How the conversation is kept from being read.
#[derive(Clone)]
enum Security {
    /// Not at all: there is nobody in between.
    Loopback,
    /// Nothing is said before STARTTLS.
    StartTls(TlsParameters),
    /// TLS from the first byte.
    Tls(TlsParameters),
}

impl std::fmt::Debug for Security {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Loopback => "Loopback",
            Self::StartTls(_) => "StartTls",
            Self::Tls(_) => "Tls",
        })
    }
}

impl Server {
    /// The server of a URL. STARTTLS is required unless it is this machine.
    ///
    /// # Errors
    ///
    /// A URL that names no server; TLS that cannot be used here.
    pub(super) fn new(url: &str) -> Result<Self, StartError> {
        let url = Url::parse(url).map_err(|_| StartError::Url)?;
        let host = url.host_str().ok_or(StartError::Url)?;
        let is_required = url.query().is_some();
        let (security, port) = if url.scheme() == "smtps" {
            (Security::Tls(parameters(host)?), SUBMISSIONS)
        } else if is_loopback(host) && !is_required {
            (Security::Loopback, SUBMISSION)
        } else {
            (Security::StartTls(parameters(host)?), SUBMISSION)
        };
        let read = |text| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8_lossy()
                .into_owned()
        };
        let credentials = (!url.username().is_empty()).then(|| {
            let password = url.password().unwrap_or_default();
            Credentials::new(read(url.username()), read(password))
        });
        Ok(Self {
            host: bare(host).to_owned(),
            port: url.port().unwrap_or(port),
            security,
            credentials,
        })
    }

    /// Hands a mail over.
    ///
    /// # Errors
    ///
    /// [`Failure::Permanent`] when the server refuses this one mail for good; everything that may be mended, wrong
    /// credentials and a refused sender too, is [`Failure::Temporary`].
    pub(super) async fn send(&self, message: &Message) -> Result<(), Failure> {
        let late = |_| {
            let patience = PATIENCE.as_secs();
            Failure::Temporary(format!("the mail server took longer than {patience} s"))
        };
        timeout(PATIENCE, self.converse(message))
            .await
            .map_err(late)?
    }

    async fn converse(&self, message: &Message) -> Result<(), Failure> {
        let mut server = self.connect().await.map_err(|error| temporary(&error))?;
        let handed_over = hand_over(&mut server, message.envelope(), &message.formatted()).await;
        // It has been taken, or not: how the server says goodbye changes nothing.
        server.abort().await;
        handed_over
    }

    /// A conversation in which mail may be sent: encrypted and authenticated, as far as the settings ask for it.
    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let me = ClientId::default();
        let tls = match &self.security {
            Security::Tls(tls) => Some(tls.clone()),
            Security::StartTls(_) | Security::Loopback => None,
        };
        let address = (self.host.as_str(), self.port);
        let mut server =
            AsyncSmtpConnection::connect_tokio1(address, Some(PATIENCE), &me, tls, None).await?;
        if let Security::StartTls(tls) = &self.security {
            server.starttls(tls.clone(), &me).await?;
        }
        if let Some(credentials) = &self.credentials {
            server.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(server)
    }
}

/// Gives one mail to a server.
async fn hand_over(
    server: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    mail: &[u8],
) -> Result<(), Failure> {
    let mut options = Vec::new();
    let mut addresses = envelope.to().iter().chain(envelope.from());
    if !addresses.all(|address| AsRef::<str>::as_ref(address).is_ascii()) {
        if !server
            .server_info()
            .supports_feature(Extension::SmtpUtfEight)
        {
            let why = "the mail server takes no addresses with letters like these";
            return Err(Failure::Temporary(why.to_owned()));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    // A sender that is refused is the settings' mistake, and no fault of the mail.
    let sender = Mail::new(envelope.from().cloned(), options);
    server
        .command(sender)
        .await
        .map_err(|error| temporary(&error))?;
    for recipient in envelope.to() {
        let recipient = Rcpt::new(recipient.clone(), Vec::new());
        server
            .command(recipient)
            .await
            .map_err(|error| refused(&error))?;
    }
    server
        .command(Data)
        .await
        .map_err(|error| refused(&error))?;
    server.message(mail).await.map_err(|error| {
        if error.is_permanent() || error.is_transient() {
            refused(&error)
        } else {
            Failure::Unsure(one_line(&error))
        }
    })?;
    Ok(())
}

fn temporary(error: &SmtpError) -> Failure {
    Failure::Temporary(one_line(error))
}

/// What a refusal of the mail itself means: 5xx is for good (RFC 5321 section 4.2.1).
fn refused(error: &SmtpError) -> Failure {
    if error.is_permanent() {
        Failure::Permanent(one_line(error))
    } else {
        temporary(error)
    }
}

/// TLS with whom this machine trusts, which `SSL_CERT_FILE` and `SSL_CERT_DIR` change; where it names nobody, with
/// Mozilla's list, which is compiled in.
fn parameters(host: &str) -> Result<TlsParameters, StartError> {
    let own = rustls_native_certs::load_native_certs();
    for error in &own.errors {
        log::warn!("certificates of this machine: {error}");
    }
    let store = if own.certs.is_empty() {
        log::warn!("this machine names no certificate authorities: Mozilla's are used for mail");
        CertificateStore::WebpkiRoots
    } else {
        CertificateStore::Default
    };
    TlsParameters::builder(bare(host).to_owned())
        .certificate_store(store)
        .build()
        .map_err(StartError::Tls)
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
