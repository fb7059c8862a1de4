//! A mail server on loopback: it speaks SMTP (RFC 5321), keeps what it is given, and misbehaves when asked to.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign::config::SmtpUrl;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Takes it.
    Takes,
    /// Refuses it for now, as greylisting does.
    NotNow,
    /// Refuses it for good.
    Refuses,
    /// Hangs up in the middle.
    HangsUp,
}

/// A mail as the server got it.
#[derive(Debug, Clone)]
pub struct Received {
    pub recipients: Vec<String>,
    pub data: String,
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
        let plain = self.data.split("Content-Type: text/plain").nth(1).unwrap();
        let body = plain
            .split("\r\n\r\n")
            .skip(1)
            .collect::<Vec<_>>()
            .join("\n\n");
        let body = body.split("\r\n--").next().unwrap().to_owned();
        body.replace("=\r\n", "")
            .replace("\r\n", "\n")
            .replace("=3D", "=")
    }
}

/// A running mail server.
pub struct MailServer {
    pub url: SmtpUrl,
    manner: Arc<Mutex<Manner>>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl MailServer {
    /// A server that takes every mail.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self {
            url: format!("smtp://127.0.0.1:{port}").parse().unwrap(),
            manner: Arc::new(Mutex::new(Manner::Takes)),
            received: Arc::default(),
        };
        let (manner, received) = (server.manner.clone(), server.received.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, manner.clone(), received.clone()));
            }
        });
        server
    }

    pub fn becomes(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// What it got, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

async fn converse(
    stream: TcpStream,
    manner: Arc<Mutex<Manner>>,
    received: Arc<Mutex<Vec<Received>>>,
) -> std::io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    let mut recipients = Vec::new();
    writing.write_all(b"220 sink\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let manner = *manner.lock().unwrap();
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" | "HELO" | "MAIL" | "RSET" => "250 ok",
            "RCPT" => match manner {
                Manner::Takes | Manner::HangsUp => {
                    recipients.push(line.clone());
                    "250 ok"
                }
                Manner::NotNow => "451 4.7.1 try again",
                Manner::Refuses => "550 5.1.1 nobody here",
            },
            "DATA" if manner == Manner::HangsUp => return Ok(()),
            "DATA" => {
                writing.write_all(b"354 go on\r\n").await?;
                let mut data = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    data.push_str("\r\n");
                }
                let mail = Received {
                    recipients: std::mem::take(&mut recipients),
                    data,
                };
                received.lock().unwrap().push(mail);
                // Two who send at once would be seen sending the same.
                tokio::time::sleep(Duration::from_millis(20)).await;
                "250 taken"
            }
            "QUIT" => {
                writing.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 what",
        };
        writing
            .write_all(format!("{answer}\r\n").as_bytes())
            .await?;
    }
    Ok(())
}
