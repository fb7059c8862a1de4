//! Requests as bytes, for what no well-behaved client would send.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::TestApp;

/// Everything that came back on one connection until the server closed it.
#[derive(Debug)]
pub struct Wire {
    pub text: String,
}

impl TestApp {
    /// Sends these bytes over a connection of their own, says that there will be no more, and reads until the
    /// server closes it. A server that keeps it open fails the test.
    pub async fn wire(&self, bytes: impl AsRef<[u8]>) -> Wire {
        let bytes = bytes.as_ref().to_vec();
        self.over_wire(bytes, true).await
    }

    /// The same without saying that there will be no more.
    pub async fn wire_left_open(&self, bytes: impl AsRef<[u8]>) -> Wire {
        let bytes = bytes.as_ref().to_vec();
        self.over_wire(bytes, false).await
    }

    async fn over_wire(&self, bytes: Vec<u8>, ends: bool) -> Wire {
        let address = self.address;
        let exchange = move || {
            let mut stream = TcpStream::connect(address).unwrap();
            let patience = Some(Duration::from_secs(20));
            stream.set_read_timeout(patience).unwrap();
            // A server that refuses early may close while this is still writing.
            let _ = stream.write_all(&bytes);
            if ends {
                let _ = stream.shutdown(Shutdown::Write);
            }
            Wire::of(stream)
        };
        // The server's own future runs on the test's thread, which must not be blocked.
        tokio::task::spawn_blocking(exchange).await.unwrap()
    }
}

impl Wire {
    fn of(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4_096];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => bytes.extend_from_slice(&buffer[..n]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
                Err(error) => panic!("the server keeps the connection open: {error}"),
            }
        }
        Self {
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// The status of each answer, in order.
    pub fn statuses(&self) -> Vec<u16> {
        self.text
            .split("HTTP/1.1 ")
            .skip(1)
            .map(|answer| answer[..3].parse().unwrap())
            .collect()
    }

    /// The value of a header of the first answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next()?;
        head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}
