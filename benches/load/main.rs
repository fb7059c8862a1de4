//! The load benchmark: `GET /mfa/status`, and the page that shows the same, of the server as it is shipped against a
//! bare actix handler of the same build that returns the same body. Rounds alternate, so that a ratio holds although
//! the machine's speed drifts; medians are printed, beside the goals. Nothing here fails because it is slow.
//!
//! `make bench` runs it. `ACCOUNTS`, `MANY`, `FEW`, `ROUNDS` and `SECONDS` change its size; Postgres is measured too
//! when `TEST_DATABASE_URL` names one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod data;
mod members;
mod server;
mod storm;
mod wrk;

use std::path::Path;
use std::time::Duration;

use data::Database;
use server::{Person, Server};
use wrk::{Load, Measured};

/// Requests that wait for each other in no way.
const CONNECTIONS: usize = 32;

/// People whose tokens are used in turn where the size of the database is compared.
const PEOPLE: usize = 1_000;

/// What two runs of the same thing differ by.
const NOISE: f64 = 0.03;

/// How long people sign in at once.
const STORM: Duration = Duration::from_secs(20);

struct Sizes {
    accounts: usize,
    many: usize,
    few: usize,
    rounds: usize,
    seconds: usize,
}

fn main() {
    let sizes = Sizes {
        accounts: number("ACCOUNTS", 200_000),
        many: number("MANY", 1_000_000),
        few: number("FEW", 1_000),
        rounds: number("ROUNDS", 5),
        seconds: number("SECONDS", 3),
    };
    let cores = cores();
    println!(
        "{} accounts, {CONNECTIONS} connections, {} alternating rounds of {} s, medians; {cores} cores, shared with \
         the load",
        sizes.accounts, sizes.rounds, sizes.seconds
    );
    actix_web::rt::System::new().block_on(async {
        on_sqlite(&sizes).await;
        match std::env::var("TEST_DATABASE_URL") {
            Ok(url) => on_postgres(&sizes, &url).await,
            Err(_) => println!("\nPostgres: not measured (TEST_DATABASE_URL is not set)"),
        }
    });
    println!("\nThe binary");
    let bytes = std::fs::metadata(server::BINARY).unwrap().len();
    row(
        "size, stripped",
        mebibytes(bytes as f64),
        bytes < 25 << 20,
        "under 25 MiB",
    );
}

async fn on_sqlite(sizes: &Sizes) {
    println!("\nSQLite");
    let folder = tempfile::tempdir().unwrap();
    let database = Database::fill(folder.path(), None, sizes.accounts, 0).await;
    let server = Server::start(&database).await;
    let person = Person::sign_in(&server).await;
    compare(&server, &person, sizes, 0.50).await;
    page(&server, &person, sizes).await;
    crowd(sizes).await;
    storm(&server, &person, &database).await;
    large_organization(None).await;
    let permits = storm::permits();
    let limit = (64 + 19 * permits as u64) << 20;
    let resident = server.resident();
    row(
        "resident memory after all that",
        mebibytes(resident as f64),
        resident < limit,
        &format!("under {} MiB", limit >> 20),
    );
    drop(server);
    let again = Server::start(&database).await;
    let ready = again.ready_after;
    row(
        "start to ready on this database",
        format!("{:.2} s", ready.as_secs_f64()),
        ready < Duration::from_millis(300),
        "under 0.30 s",
    );
}

async fn on_postgres(sizes: &Sizes, url: &str) {
    println!("\nPostgres");
    let folder = tempfile::tempdir().unwrap();
    let database = Database::fill(folder.path(), Some(url), sizes.accounts, 0).await;
    let server = Server::start(&database).await;
    let person = Person::sign_in(&server).await;
    compare(&server, &person, sizes, 0.20).await;
    large_organization(Some(url)).await;
}

/// The lists of an organization with many members.
async fn large_organization(url: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::fill(folder.path(), url, members::MEMBERS, 0).await;
    database.change(members::join);
    let server = Server::start(&database).await;
    let person = Person::sign_in(&server).await;
    members::measure(&server, &person).await;
}

/// The status, new and unchanged, against the bare handler.
async fn compare(server: &Server, person: &Person, sizes: &Sizes, goal: f64) {
    let bare = server::Bare::start(person.body.clone());
    let ours = format!("{}/mfa/status", server.url);
    let bearer = format!("Authorization: Bearer {}", person.token);
    let known = format!("If-None-Match: {}", person.etag);
    let loads = [
        Load::new(&bare.url).header(&bearer),
        Load::new(&ours).header(&bearer),
        Load::new(&ours).header(&bearer).header(&known),
    ];
    let [bare_rate, status, unchanged] = alternate(&loads, sizes).await.map(rate);
    let ratio = status / bare_rate;
    figure("bare handler", format!("{bare_rate:.0} /s"));
    figure("status", format!("{status:.0} /s"));
    figure("status, unchanged (304)", format!("{unchanged:.0} /s"));
    row(
        "status to bare",
        format!("{ratio:.2}"),
        ratio >= goal,
        &format!("at least {goal:.2}"),
    );
    let ratio = unchanged / status;
    row(
        "unchanged to status",
        format!("{ratio:.2}"),
        ratio >= 1.0 - NOISE,
        "at least 1.00, less 0.03 of noise",
    );
    bare.stop().await;
}

/// The security page of somebody who is signed in, against a bare handler of the status.
async fn page(server: &Server, person: &Person, sizes: &Sizes) {
    let bare = server::Bare::start(person.body.clone());
    let loads = [
        Load::new(&bare.url),
        Load::new(&format!("{}/security", server.url))
            .header("Host: localhost")
            .header(&format!("Cookie: {}", person.cookie)),
    ];
    let [bare_rate, page] = alternate(&loads, sizes).await.map(rate);
    let ratio = page / bare_rate;
    figure("/security", format!("{page:.0} /s"));
    row(
        "/security to bare",
        format!("{ratio:.2}"),
        ratio >= 0.20,
        "at least 0.20",
    );
    bare.stop().await;
}

/// One person's status among few accounts and among many; and that of a thousand people in turn, whose rows fit into
/// no processor's cache when they are spread over a million.
async fn crowd(sizes: &Sizes) {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut servers = Vec::new();
    let mut loads = Vec::new();
    for (folder, accounts) in folders.iter().zip([sizes.few, sizes.many]) {
        let database = Database::fill(folder.path(), None, accounts, PEOPLE).await;
        let script = wrk::in_turn(folder.path(), &database.tokens);
        let server = Server::start(&database).await;
        let load = || Load::new(&format!("{}/mfa/status", server.url));
        loads.push(load().header(&format!("Authorization: Bearer {}", database.tokens[0])));
        loads.push(load().script(&script));
        servers.push(server);
    }
    let loads: [Load; 4] = loads.try_into().unwrap_or_else(|_| unreachable!());
    let [one_of_few, some_of_few, one_of_many, some_of_many] = alternate(&loads, sizes)
        .await
        .map(|all| median(all.iter().map(|one| one.p50).collect()));
    let ratio = one_of_many / one_of_few;
    row(
        &format!("p50, {} to {} accounts", sizes.many, sizes.few),
        format!("{ratio:.2}"),
        ratio <= 1.2,
        "at most 1.20",
    );
    figure(
        "the same, 1,000 people in turn",
        format!("{:.2}", some_of_many / some_of_few),
    );
}

/// The status of everybody else while many people sign in, all at a pace that leaves the machine time.
async fn storm(server: &Server, person: &Person, database: &Database) {
    let load = Load::new(&format!("{}/mfa/status", server.url))
        .header(&format!("Authorization: Bearer {}", person.token))
        .script(&wrk::at_a_pace(Path::new(&database.folder)));
    let idle = load.run(5).await.p99;
    let alone = storm::time_of_one(server).await;
    let signed_in = storm::sign_in(server, STORM);
    let seconds = STORM.as_secs() as usize;
    let (finished, busy) = futures_util::join!(signed_in, load.run(seconds));
    let possible = storm::permits() as f64 * STORM.as_secs_f64() / alone.as_secs_f64();
    figure("p99 when idle", millis(idle));
    row(
        "p99 while 64 clients sign in",
        millis(busy.p99),
        busy.p99 < 0.050 && busy.p99 < 10.0 * idle,
        "under 50 ms and 10 times idle",
    );
    let share = finished as f64 / possible;
    row(
        &format!("their sign-ins, {finished} of {possible:.0}"),
        format!("{share:.2}"),
        share >= 0.8,
        "at least 0.80",
    );
}

/// Runs all loads one after the other, round by round.
async fn alternate<const N: usize>(loads: &[Load; N], sizes: &Sizes) -> [Vec<Measured>; N] {
    let mut results = std::array::from_fn(|_| Vec::new());
    for _ in 0..sizes.rounds {
        for (load, results) in loads.iter().zip(&mut results) {
            results.push(load.run(sizes.seconds).await);
        }
    }
    results
}

fn rate(measured: Vec<Measured>) -> f64 {
    median(measured.iter().map(|one| one.rate).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn figure(what: &str, value: String) {
    println!("  {what:<34} {value:>12}");
}

fn row(what: &str, value: String, holds: bool, goal: &str) {
    let verdict = if holds { "holds" } else { "MISSED" };
    println!("  {what:<34} {value:>12}  {verdict:<6}  {goal}");
}

fn mebibytes(bytes: f64) -> String {
    format!("{:.1} MiB", bytes / f64::from(1 << 20))
}

fn millis(seconds: f64) -> String {
    format!("{:.2} ms", seconds * 1_000.0)
}

/// What the server counts, too: it takes a thread for each, and hashes on all but one.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}
