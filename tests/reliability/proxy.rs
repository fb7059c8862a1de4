//! A wire between a server and its database that can be slow, or silent.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// What becomes of every piece of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Manner {
    /// It is passed on.
    Prompt,
    /// It is passed on two seconds later.
    Slow,
    /// It is taken, and kept until the manner changes.
    Silent,
}

/// A proxy on a thread of its own.
pub struct Proxy {
    pub port: u16,
    manner: Arc<AtomicU8>,
}

impl Proxy {
    pub fn to(port: u16) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let proxy = Self {
            port: listener.local_addr().unwrap().port(),
            manner: Arc::new(AtomicU8::new(Manner::Prompt as u8)),
        };
        let manner = Arc::clone(&proxy.manner);
        let target = SocketAddr::from(([127, 0, 0, 1], port));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((near, _)) = listener.accept().await {
                    let Ok(far) = TcpStream::connect(target).await else {
                        continue;
                    };
                    let ((near_in, near_out), (far_in, far_out)) =
                        (near.into_split(), far.into_split());
                    tokio::spawn(pass(near_in, far_out, Arc::clone(&manner)));
                    tokio::spawn(pass(far_in, near_out, Arc::clone(&manner)));
                }
            });
        });
        proxy
    }

    pub fn becomes(&self, manner: Manner) {
        self.manner.store(manner as u8, Ordering::SeqCst);
    }
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    manner: Arc<AtomicU8>,
) {
    let mut data = [0; 16 * 1_024];
    while let Ok(length) = from.read(&mut data).await {
        if length == 0 {
            break;
        }
        if manner.load(Ordering::SeqCst) == Manner::Slow as u8 {
            sleep(Duration::from_secs(2)).await;
        }
        while manner.load(Ordering::SeqCst) == Manner::Silent as u8 {
            sleep(Duration::from_millis(20)).await;
        }
        if to.write_all(&data[..length]).await.is_err() {
            break;
        }
    }
}
