//! One conversation, from the server's side.

use std::io::{Error, ErrorKind};
use std::time::Duration;

use data_encoding::BASE64;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::{Manner, Received, Shared, Tls};

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

struct Line {
    stream: BufReader<Box<dyn Stream>>,
    is_encrypted: bool,
    /// One byte a second.
    is_slow: bool,
}

impl Line {
    /// The next line, without its end. The end of the stream is an error.
    async fn hear(&mut self) -> Result<String, Error> {
        let mut bytes = Vec::new();
        if self.stream.read_until(b'\n', &mut bytes).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8(bytes).unwrap();
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    async fn say(&mut self, answer: &str) -> Result<(), Error> {
        let answer = format!("{answer}\r\n");
        if self.is_slow {
            for byte in answer.bytes() {
                self.stream.write_all(&[byte]).await?;
                self.stream.flush().await?;
                sleep(Duration::from_secs(1)).await;
            }
            return Ok(());
        }
        self.stream.write_all(answer.as_bytes()).await?;
        self.stream.flush().await
    }
}

pub(super) async fn hold(stream: TcpStream, shared: &Shared) -> Result<(), Error> {
    let mut line = Line {
        is_encrypted: matches!(shared.tls, Tls::Wrapped(_)),
        stream: BufReader::new(match &shared.tls {
            Tls::Wrapped(own) => Box::new(own.acceptor.accept(stream).await?),
            Tls::Upgraded(_) | Tls::None => Box::new(stream),
        }),
        is_slow: false,
    };
    let mut recipients: Vec<String> = Vec::new();
    let mut is_authenticated = false;
    line.say("220 sink").await?;
    loop {
        let said = line.hear().await?;
        let remembered = (said.clone(), line.is_encrypted);
        shared.said.lock().unwrap().push(remembered);
        let manner = shared.manner.lock().unwrap().unwrap_or(Manner::Takes);
        let answer = match said.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => capabilities(shared, line.is_encrypted),
            "STARTTLS" => {
                let Tls::Upgraded(own) = &shared.tls else {
                    return Err(ErrorKind::InvalidInput.into());
                };
                line.say("220 go on").await?;
                let plain = line.stream.into_inner();
                line = Line {
                    stream: BufReader::new(Box::new(own.acceptor.accept(plain).await?)),
                    is_encrypted: true,
                    is_slow: false,
                };
                continue;
            }
            "AUTH" => {
                is_authenticated = is_right(shared, &said);
                if is_authenticated {
                    "235 welcome"
                } else {
                    "535 5.7.8 wrong"
                }
                .to_owned()
            }
            "MAIL" if manner == Manner::RefusesSender => "550 5.7.1 not you".to_owned(),
            "MAIL" if !is_authenticated && shared.account.lock().unwrap().is_some() => {
                "530 5.7.0 who are you".to_owned()
            }
            "MAIL" | "RSET" => "250 ok".to_owned(),
            "RCPT" => {
                let name = said
                    .strip_prefix("RCPT TO:<")
                    .unwrap_or_default()
                    .to_owned();
                let tries = {
                    let mut tries = shared.tries.lock().unwrap();
                    let tries = tries.entry(name.clone()).or_default();
                    *tries += 1;
                    *tries
                };
                match manner {
                    Manner::NotNow => "451 4.7.1 try again",
                    Manner::Refuses => "550 5.1.1 nobody here",
                    _ if name.starts_with("nobody-") => "550 5.1.1 nobody here",
                    _ if name.starts_with("later-") && tries < 3 => "451 4.7.1 try again",
                    _ if name.starts_with("quiet-") => return std::future::pending().await,
                    _ => {
                        line.is_slow = name.starts_with("slow-");
                        recipients.push(said);
                        "250 ok"
                    }
                }
                .to_owned()
            }
            "DATA" if manner == Manner::HangsUp => return Ok(()),
            "DATA" => {
                line.say("354 go on").await?;
                let data = mail(&mut line).await?;
                let is_of = |name: &str| recipients.iter().any(|one| one.contains(name));
                let is_cut = is_of(":<cut-") && {
                    let tries = shared.tries.lock().unwrap();
                    let mut of_this = tries.iter().filter(|(name, _)| name.starts_with("cut-"));
                    of_this.all(|(_, tries)| *tries == 1)
                };
                if is_of(":<spam-") {
                    "554 5.7.1 not wanted".to_owned()
                } else {
                    let takes = *shared.takes.lock().unwrap();
                    let mail = Received {
                        recipients: std::mem::take(&mut recipients),
                        data,
                        is_encrypted: line.is_encrypted,
                        is_authenticated,
                    };
                    shared.received.lock().unwrap().push(mail);
                    // Two who send at once would be seen sending the same.
                    sleep(takes).await;
                    if is_cut {
                        return Ok(());
                    }
                    "250 taken".to_owned()
                }
            }
            "QUIT" => return line.say("221 bye").await,
            _ => "502 what".to_owned(),
        };
        line.say(&answer).await?;
    }
}

/// The lines of a mail up to the dot.
async fn mail(line: &mut Line) -> Result<String, Error> {
    let mut data = String::new();
    loop {
        let text = line.hear().await?;
        if text == "." {
            return Ok(data);
        }
        data.push_str(text.strip_prefix('.').unwrap_or(&text));
        data.push_str("\r\n");
    }
}

fn capabilities(shared: &Shared, is_encrypted: bool) -> String {
    let mut lines = vec!["sink"];
    if matches!(shared.tls, Tls::Upgraded(_)) && !is_encrypted {
        lines.push("STARTTLS");
    }
    if shared.account.lock().unwrap().is_some() {
        lines.push("AUTH PLAIN");
    }
    let last = lines.len() - 1;
    let lines = lines.iter().enumerate().map(|(n, line)| {
        let sign = if n == last { ' ' } else { '-' };
        format!("250{sign}{line}")
    });
    lines.collect::<Vec<_>>().join("\r\n")
}

/// Whether `AUTH PLAIN` (RFC 4616) names the right user and password.
fn is_right(shared: &Shared, said: &str) -> bool {
    let account = shared.account.lock().unwrap();
    let (user, password) = account.as_ref().unwrap();
    let right = BASE64.encode(format!("\0{user}\0{password}").as_bytes());
    said == format!("AUTH PLAIN {right}")
}
