//! The HTTP server: the application with its middleware, the limits of its connections, its end.

use std::net::TcpListener;
use std::pin::pin;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::rt::time::sleep;
use actix_web::{App as HttpApp, HttpServer, web};
use futures_util::future::{Either, select};
use tokio::signal::unix::{SignalKind, signal};

use super::connections::Connections;
use super::{headers, routes};
use crate::activity::MAX_LISTENERS;
use crate::app::{App, Reader};

/// How long the head of a request may take to arrive.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Connections in total: as many for requests as there may be streams.
pub const MAX_CONNECTIONS: usize = 2 * MAX_LISTENERS;

/// How long a server that was told to stop still takes requests, and says that it is not ready.
const NOTICE: Duration = Duration::from_secs(1);

/// How long requests in flight may take after that, in seconds.
const STOP_SECONDS: u64 = 8;

/// What a caller decides about the server.
#[derive(Debug, Clone, Copy)]
pub struct ServerOptions {
    /// How many threads answer requests.
    pub workers: usize,
    /// Whether SIGTERM and SIGINT stop it.
    pub handle_signals: bool,
}

/// Starts serving on a listener that is bound already.
///
/// # Errors
///
/// The operating system's.
pub fn start(app: App, listener: TcpListener, options: ServerOptions) -> std::io::Result<Server> {
    let is_behind_proxy = app.config.trusted_proxies > 0;
    let connections = Connections::default();
    let leaving = app.clone();
    let server = HttpServer::new(move || {
        HttpApp::new()
            .app_data(web::Data::new(app.clone()))
            .app_data(Reader::new(app.clone(), options.workers))
            .configure(|config| routes::register(config, &app))
            .wrap(from_fn(headers::middleware))
    })
    .workers(options.workers)
    .client_request_timeout(HEAD_TIME)
    .keep_alive(KEEP_ALIVE)
    .max_connections((MAX_CONNECTIONS / options.workers.max(1)).max(1))
    .shutdown_timeout(STOP_SECONDS)
    .on_connect(move |connection, data| {
        if !is_behind_proxy {
            connections.opened(connection, data);
        }
    });
    let server = server.disable_signals().listen(listener)?.run();
    if options.handle_signals {
        actix_web::rt::spawn(stop_when_told(leaving, server.handle()));
    }
    Ok(server)
}

/// Stops on a signal: at once on SIGINT; on SIGTERM after a moment in which it says that it is not ready, so that whoever
/// sends it requests has somewhere else to send them. A second signal ends that moment.
async fn stop_when_told(app: App, server: ServerHandle) {
    let (mut term, mut int) = match (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) {
        (Ok(term), Ok(int)) => (term, int),
        (Err(error), _) | (_, Err(error)) => {
            return log::error!("signals cannot be listened to: {error}");
        }
    };
    let mut signals = async || {
        let term = pin!(term.recv());
        let int = pin!(int.recv());
        matches!(select(term, int).await, Either::Left(_))
    };
    let is_polite = signals().await;
    app.leave();
    if is_polite {
        log::info!("told to stop");
        select(pin!(sleep(NOTICE)), pin!(signals())).await;
    }
    server.stop(true).await;
}
