//! Where a request comes from: its peer, its program, who is asking. What the record and the limits go by.

use std::net::IpAddr;
use std::rc::Rc;

use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest};

use super::access;
use super::kept;
use super::language;
use super::request_id::RequestId;
use crate::accounts::Caller;
use crate::activity::{Door, Origin};

/// How much of a header that a client writes is kept.
const HEADER_CHARS: usize = 200;

/// What the record says about where this request came from.
pub(super) fn origin(http: &HttpRequest, door: Door) -> Origin {
    let trusted = access::app(http).map_or(0, |app| app.config.trusted_proxies);
    let forwarded = (trusted > 0)
        .then(|| header_text(http, "x-forwarded-for"))
        .flatten();
    let extensions = http.extensions();
    let caller = extensions.get::<Rc<Caller>>();
    Origin {
        door,
        address: client_address(http, trusted),
        forwarded_for: forwarded,
        user_agent: header_text(http, header::USER_AGENT.as_str()),
        request_id: extensions.get::<RequestId>().map(|id| id.0.clone()),
        actor_id: caller.map(|caller| caller.user.id.clone()),
        session_id: caller.map(|caller| caller.session.id.clone()),
        devices: match door {
            Door::Browser => kept::devices(http),
            Door::Api | Door::Cli | Door::Server => Vec::new(),
        },
        trusts: match door {
            Door::Browser => kept::trusts(http),
            Door::Api | Door::Cli | Door::Server => Vec::new(),
        },
        language: language::asked(http).map(|t| t.tag()),
    }
}

/// The client's address: the peer, or, behind `trusted` proxies, the entry that the outermost of them wrote.
/// Anything that a client can write itself lies further left and is not believed.
pub(super) fn client_address(http: &HttpRequest, trusted: u8) -> Option<String> {
    let peer = http.peer_addr().map(|peer| peer.ip());
    if trusted == 0 {
        return peer.map(|ip| ip.to_string());
    }
    let list: Vec<&str> = http
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let index = list.len().checked_sub(usize::from(trusted));
    index
        .and_then(|index| list.get(index))
        .and_then(|entry| entry.parse::<IpAddr>().ok())
        .or(peer)
        .map(|ip| ip.to_string())
}

fn header_text(http: &HttpRequest, name: &str) -> Option<String> {
    let bytes = http.headers().get(name)?.as_bytes();
    Some(
        String::from_utf8_lossy(bytes)
            .chars()
            .filter(|c| !c.is_control())
            .take(HEADER_CHARS)
            .collect(),
    )
}
