//! How many connections one address may hold. Counted when a connection opens and closes; refused at its
//! first request, since actix offers no earlier moment to say no.

use std::any::Any;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::dev::Extensions;
use actix_web::http::header;
use actix_web::rt::net::TcpStream;
use actix_web::{HttpRequest, HttpResponse};

/// Connections that one address may hold at a time.
const MAX_PER_ADDRESS: usize = 64;

/// The connections of one server that are open, by address.
#[derive(Clone, Default)]
pub(super) struct Connections(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Connections {
    /// Counts a connection that just opened. Behind a trusted proxy every client shares the proxy's address,
    /// so nothing is to be counted there.
    pub(super) fn opened(&self, connection: &dyn Any, data: &mut Extensions) {
        let peer = connection
            .downcast_ref::<TcpStream>()
            .and_then(|stream| stream.peer_addr().ok());
        if let Some(peer) = peer {
            data.insert(self.hold(peer.ip()));
        }
    }

    fn hold(&self, address: IpAddr) -> Held {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        *count += 1;
        Held {
            connections: self.clone(),
            address,
            is_over: *count > MAX_PER_ADDRESS,
        }
    }
}

/// One open connection; counted for as long as it lives.
struct Held {
    connections: Connections,
    address: IpAddr,
    /// Whether the address held its share already when this one opened.
    is_over: bool,
}

impl Drop for Held {
    fn drop(&mut self) {
        let open = &self.connections.0;
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
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
