//! How a mail leaves: over SMTP, or, without a mail server in the settings, into a folder.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use lettre::address::AddressError;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::smtp::Server;
use crate::config::Config;

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
    /// It was handed over, and the server did not say whether it took it.
    #[error("{0}")]
    Unsure(String),
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
    Smtp(Server),
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
                Some(url) => Way::Smtp(Server::new(url.expose())?),
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
            Way::Smtp(server) => server.send(&message).await,
        }
    }
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
