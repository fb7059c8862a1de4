//! `countersign serve`: the first owner's link while there is no account, the server, the cleaning up.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::{System, spawn, task::spawn_blocking, time::interval};

use super::Failed;
use crate::accounts::{self, Error, link_requests, unfinished};
use crate::activity::{Door, Origin};
use crate::app::App;
use crate::clock::Watch;
use crate::db::{self, write};
use crate::mail;
use crate::organizations::founding::first_owner_link;
use crate::organizations::reminders;
use crate::web::{self, ServerOptions};

/// How often what has expired is removed.
const PURGE_EVERY: Duration = Duration::from_secs(60);

/// How often mails that are due are looked for.
const DELIVER_EVERY: Duration = Duration::from_secs(1);

/// How often sign-ins that stopped after the password are looked for.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// How often the key file is read, in case another key is active by now.
const READ_KEYS_EVERY: Duration = Duration::from_secs(1);

/// How often the record is looked at for those who wait for changes.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often the system's clock is compared with one that nobody sets.
const LOOK_AT_CLOCK_EVERY: Duration = Duration::from_secs(1);

/// How many pieces of the mails to many members are left in a row.
const MOST_PIECES: usize = 25;

/// How many files the process may have open: each connection is one, and the database and the log want a few.
const FILES: u64 = 2 * web::MAX_CONNECTIONS as u64;

pub(super) fn run(app: App) -> Result<(), Failed> {
    ask_for_files();
    let listener = TcpListener::bind(app.config.bind)
        .map_err(|error| Failed::Bind("COUNTERSIGN_BIND", error))?;
    let metrics_listener = match app.config.metrics_bind {
        Some(bind) => Some(
            TcpListener::bind(bind)
                .map_err(|error| Failed::Bind("COUNTERSIGN_METRICS_BIND", error))?,
        ),
        None => None,
    };
    print_first_owner_link(&app)?;
    log::info!("{}", db::durability(&mut *db::connection(&app.pool)?)?);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let reached = app.config.public_url.origin().to_owned();
    let pool = app.pool.clone();
    System::new().block_on(async move {
        spawn(purge(app.clone()));
        spawn(deliver(app.clone()));
        spawn(tell(app.clone()));
        spawn(follow_keys(app.clone()));
        spawn(wake(app.clone()));
        spawn(watch_the_clock());
        let options = ServerOptions {
            workers,
            handle_signals: true,
        };
        if let Some(listener) = metrics_listener {
            spawn(web::start_metrics(app.clone(), listener)?);
        }
        let bind = app.config.bind;
        let server = web::start(app, listener, options)?;
        log::info!("listening on {bind}, reached as {reached}");
        server.await
    })?;
    if let Err(error) = db::connection(&pool).and_then(|mut conn| db::checkpoint(&mut conn)) {
        log::warn!("the write-ahead log could not be emptied: {error}");
    }
    log::info!("stopped");
    Ok(())
}

/// Many systems give a process 1,024 files unless it asks for more, and more to whoever asks.
fn ask_for_files() {
    match rlimit::increase_nofile_limit(FILES) {
        Ok(files) if files >= FILES => {}
        Ok(files) => log::warn!(
            "this process may have {files} files open, which is less than {FILES}: with many clients at once, some \
             will not be answered"
        ),
        Err(error) => log::warn!("how many files may be open could not be changed: {error}"),
    }
}

/// While there is no account, every start prints a fresh link, alone on a line of the standard output.
fn print_first_owner_link(app: &App) -> Result<(), Failed> {
    let mut conn = db::connection(&app.pool)?;
    let origin = Origin::local(Door::Server);
    match first_owner_link(&mut conn, &app.keys, &origin, app.clock.now()) {
        Ok(link) => {
            log::info!("there is no account yet: open the link below to create the first one");
            let mut out = std::io::stdout().lock();
            writeln!(out, "{}", link.url(app.config.public_url.origin()))?;
            out.flush()?;
            Ok(())
        }
        // There is an account.
        Err(Error::LinkSpent) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn deliver(app: App) {
    let mut ticks = interval(DELIVER_EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = link_requests::handle_waiting(&app).await {
            log::warn!("requests for links could not be looked for: {error}");
        }
        if let Err(error) = mail::deliver_due(&app).await {
            log::warn!("mails could not be looked for: {error}");
        }
    }
}

async fn tell(app: App) {
    let mut ticks = interval(TELL_EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = app.db(|app, conn| unfinished::tell_due(conn, app)).await {
            log::warn!("sign-ins that stopped could not be looked for: {error}");
        }
        for _ in 0..MOST_PIECES {
            match app.db(|app, conn| reminders::tell_due(conn, app)).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    log::warn!("members could not be told of a requirement: {error}");
                    break;
                }
            }
        }
    }
}

/// Whoever waits for a change learns of it, also when another process made it.
async fn wake(app: App) {
    let mut ticks = interval(LOOK_EVERY);
    loop {
        ticks.tick().await;
        if app.watch.is_idle() {
            continue;
        }
        if let Err(error) = app.db(|app, conn| app.watch.look(conn)).await {
            log::warn!("changes could not be looked for: {error}");
        }
    }
}

/// A rotation of keys changes the file under a process that serves.
async fn follow_keys(app: App) {
    let mut ticks = interval(READ_KEYS_EVERY);
    let mut told = String::new();
    loop {
        ticks.tick().await;
        let keys = Arc::clone(&app.keys);
        match spawn_blocking(move || keys.reload()).await {
            Ok(Ok(active)) => {
                told.clear();
                if let Some(kid) = active {
                    log::info!("key {kid} seals and signs from now on");
                }
            }
            // The keys of before go on. Once is enough to be told so.
            Ok(Err(error)) if error.to_string() != told => {
                log::warn!("the key file was not read again: {error}");
                told = error.to_string();
            }
            Ok(Err(_)) | Err(_) => {}
        }
    }
}

async fn watch_the_clock() {
    let mut watch = Watch::start();
    let mut ticks = interval(LOOK_AT_CLOCK_EVERY);
    loop {
        ticks.tick().await;
        if let Some(jump) = watch.jump() {
            let seconds = jump.num_milliseconds() as f64 / 1_000.0;
            log::warn!(
                "the system's clock jumped by {seconds:+.1} s: codes of apps are judged by the new time, and nothing \
                 that has expired comes back"
            );
        }
    }
}

async fn purge(app: App) {
    let mut ticks = interval(PURGE_EVERY);
    loop {
        ticks.tick().await;
        let purged = app
            .db(|app, conn| write(conn, |conn| accounts::purge(conn, app, app.clock.now())))
            .await;
        if let Err(error) = purged {
            log::warn!("what has expired could not be removed: {error}");
        }
    }
}
