//! How many connections one address may hold. Counted when a connection opens and closes; refused at its
//! first request, since actix offers no earlier moment to say no.

use std::any::Any;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use actix_web::dev::Extensions;
use actix_web::http::header;
use actix_web::rt::net::TcpStream;
use actix_web::{HttpRequest, HttpResponse};

/// Connections that one address may hold at a time.
const MAX_PER_ADDRESS: usize = 64;

type Counts = Arc<Mutex<HashMap<IpAddr, usize>>>;

static OPEN: LazyLock<Counts> = LazyLock::new(Counts::default);

/// One open connection; counted for as long as it lives.
struct Held {
    address: IpAddr,
    /// Whether the address held its share already when this one opened.
    is_over: bool,
}

impl Held {
    fn new(address: IpAddr) -> Self {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        *count += 1;
        Self {
            address,
            is_over: *count > MAX_PER_ADDRESS,
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// Counts a connection that just opened. Behind a trusted proxy every client shares the proxy's address,
/// so nothing is counted there.
pub(super) fn opened(connection: &dyn Any, data: &mut Extensions) {
    let peer = connection
        .downcast_ref::<TcpStream>()
        .and_then(|stream| stream.peer_addr().ok());
    if let Some(peer) = peer {
        data.insert(Held::new(peer.ip()));
    }
}

/// Whether this request's connection is one too many for its address.
pub(super) fn is_over_limit(http: &HttpRequest) -> bool {
    http.conn_data::<Held>().is_some_and(|held| held.is_over)
}

/// The answer on a connection that is one too many; it is closed with it.
pub(super) fn refuse() -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .force_close()
        .insert_header((header::RETRY_AFTER, "5"))
        .finish()
}
