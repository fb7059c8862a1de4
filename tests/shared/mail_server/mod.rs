//! A mail server on loopback: it speaks SMTP (RFC 5321), keeps what it is given, and misbehaves when asked to, or towards
//! recipients whose names begin so:
//!
//! - `nobody-`: refused for good before the mail, `spam-` after it
//! - `later-`: refused for now, twice
//! - `cut-`: the first mail is taken, and the connection cut before that is said
//! - `quiet-`: no answer for ever, `slow-`: answers of one byte a second
//!
//! It runs on a thread of its own, so that a test may block.

mod certificates;
mod conversation;

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

pub use certificates::Certificates;

/// What the server does with every mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Takes it, but for the recipients above.
    Takes,
    /// Refuses it for now, as greylisting does.
    NotNow,
    /// Refuses it for good.
    Refuses,
    /// Refuses whoever sends it.
    RefusesSender,
    /// Hangs up in the middle.
    HangsUp,
}

/// How the server is talked to.
#[derive(Clone, Default)]
pub enum Tls {
    /// In the clear.
    #[default]
    None,
    /// In the clear until the client asks for STARTTLS.
    Upgraded(Arc<Certificates>),
    /// From the first byte.
    Wrapped(Arc<Certificates>),
}

/// A mail as the server got it.
#[derive(Debug, Clone)]
pub struct Received {
    pub recipients: Vec<String>,
    pub data: String,
    /// Over an encrypted connection.
    pub is_encrypted: bool,
    /// After the right password.
    pub is_authenticated: bool,
}

impl Received {
    /// The value of a header, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.data.split("\r\n\r\n").next()?.replace("\r\n ", " ");
        let prefix = format!("{name}: ");
        let line = head.lines().find(|line| line.starts_with(&prefix))?;
        Some(line[prefix.len()..].to_owned())
    }

    /// The text part.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The part of this kind, decoded.
    pub fn part(&self, kind: &str) -> String {
        let content = format!("Content-Type: {kind}");
        // Soft breaks first: what follows one may look like the end of a part.
        let data = self.data.replace("=\r\n", "");
        let part = data.split(&content).nth(1).unwrap();
        let body = part
            .split("\r\n\r\n")
            .skip(1)
            .collect::<Vec<_>>()
            .join("\n\n");
        let body = body.split("\r\n--").next().unwrap();
        unquoted(&body.replace("\r\n", "\n"))
    }
}

/// What quoted-printable stands for (RFC 2045, section 6.7).
fn unquoted(text: &str) -> String {
    let mut pieces = text.split('=');
    let mut bytes = pieces.next().unwrap().as_bytes().to_vec();
    for piece in pieces {
        let (sign, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(sign, 16).unwrap());
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).unwrap()
}

/// What the conversations share.
#[derive(Default)]
struct Shared {
    manner: Mutex<Option<Manner>>,
    tls: Tls,
    /// The user and password that the server asks for.
    account: Mutex<Option<(String, String)>>,
    received: Mutex<Vec<Received>>,
    /// Every line that a client said outside of mails, and whether it was encrypted.
    said: Mutex<Vec<(String, bool)>>,
    /// How often each recipient was tried.
    tries: Mutex<HashMap<String, usize>>,
    /// How long it takes to take a mail.
    takes: Mutex<Duration>,
}

/// A running mail server.
pub struct MailServer {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    runtime: Handle,
    listening: Mutex<JoinHandle<()>>,
}

impl MailServer {
    /// A server that takes every mail.
    pub fn start() -> Self {
        Self::start_with(Tls::None)
    }

    /// A server that is talked to so.
    pub fn start_with(tls: Tls) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let shared = Arc::new(Shared {
            tls,
            takes: Mutex::new(Duration::from_millis(20)),
            ..Shared::default()
        });
        let (sender, runtime) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            sender.send(runtime.handle().clone()).unwrap();
            runtime.block_on(std::future::pending::<()>());
        });
        let runtime = runtime.recv().unwrap();
        Self {
            address: listener.local_addr().unwrap(),
            listening: Mutex::new(runtime.spawn(listen(listener, shared.clone()))),
            shared,
            runtime,
        }
    }

    /// Asks for this user and password.
    pub fn asks_for(&self, user: &str, password: &str) {
        *self.shared.account.lock().unwrap() = Some((user.to_owned(), password.to_owned()));
    }

    /// Takes so long to take a mail.
    pub fn takes_as_long_as(&self, duration: Duration) {
        *self.shared.takes.lock().unwrap() = duration;
    }

    pub fn becomes(&self, manner: Manner) {
        *self.shared.manner.lock().unwrap() = Some(manner);
    }

    /// Where it is reached: `smtp://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Goes away: nobody listens any more.
    pub fn goes_away(&self) {
        self.listening.lock().unwrap().abort();
        while TcpStream::connect(self.address).is_ok() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Is back where it was.
    pub fn comes_back(&self) {
        let listener = TcpListener::bind(self.address).unwrap();
        let listening = self.runtime.spawn(listen(listener, self.shared.clone()));
        *self.listening.lock().unwrap() = listening;
    }

    /// What it got, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap().clone()
    }

    /// Every line that a client said outside of mails, and whether it was encrypted.
    pub fn said(&self) -> Vec<(String, bool)> {
        self.shared.said.lock().unwrap().clone()
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    while let Ok((stream, _)) = listener.accept().await {
        let shared = shared.clone();
        tokio::spawn(async move {
            // A client that hangs up is none of the server's business.
            let _ = conversation::hold(stream, &shared).await;
        });
    }
}
