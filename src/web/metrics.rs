//! `/metrics`, on a listener of its own: what it tells is for whoever may reach that, and the public one never answers it.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::header;
use actix_web::{App as HttpApp, HttpResponse, HttpServer, web};

use crate::app::App;
use crate::db::mails;
use crate::metrics;

/// The format that `prometheus-client` writes.
const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How long the head of a request may take to arrive.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// Starts counting, and answering `GET /metrics` on a listener that is bound already.
///
/// # Errors
///
/// The operating system's.
pub fn start(app: App, listener: TcpListener) -> std::io::Result<Server> {
    metrics::start();
    let server = HttpServer::new(move || {
        HttpApp::new()
            .app_data(web::Data::new(app.clone()))
            .service(web::resource("/metrics").route(web::get().to(answer)))
    })
    .workers(1)
    .client_request_timeout(HEAD_TIME)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}

async fn answer(app: web::Data<App>) -> HttpResponse {
    // Monitoring is asked most when the database is away.
    let waiting = app.db(|_, conn| mails::count(conn)).await;
    match metrics::text(waiting.ok()) {
        Some(text) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, FORMAT))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(text),
        None => HttpResponse::NotFound().finish(),
    }
}
