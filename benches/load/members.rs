//! A large organization: every list of its members, one request after the other, as somebody who turns its pages.

use std::time::{Duration, Instant};

use countersign::db::Conn;
use diesel::connection::SimpleConnection;

use super::server::{Person, Server};
use super::{figure, row};

/// How many members there are.
pub const MEMBERS: usize = 100_000;

/// How often each list is asked for.
const TIMES: usize = 60;

/// What any page has to stay below.
const GOAL: Duration = Duration::from_millis(50);

const LISTS: [(&str, &str); 10] = [
    ("counts", "/mfa/organization/adoption"),
    ("first page", "/mfa/organization/members"),
    ("in the middle", "/mfa/organization/members?after=u55"),
    ("on", "/mfa/organization/members?filter=on&after=u55"),
    (
        "off, one in a thousand",
        "/mfa/organization/members?filter=off",
    ),
    (
        "without codes",
        "/mfa/organization/members?filter=no_codes&after=u9",
    ),
    (
        "search for an address",
        "/mfa/organization/members?search=u77",
    ),
    (
        "search among the few",
        "/mfa/organization/members?search=b&filter=off",
    ),
    (
        "rehearsal",
        "/mfa/organization/rehearsal?allowedMethods=GOOGLE_AUTH",
    ),
    ("last page by number", "/organization/users?page=2000"),
];

/// The same for people.
const PAGES: [(&str, &str); 5] = [
    ("the organization", "/admin"),
    ("page in the middle", "/admin/members?after=u55"),
    ("page back from it", "/admin/members?before=u55"),
    ("page of the few", "/admin/members?filter=off"),
    (
        "page of a search",
        "/admin/members?search=b&filter=no_codes",
    ),
];

/// Puts accounts into the organization of the person who signs in, one in a thousand without a method, one in three
/// without backup codes.
pub fn join(conn: &mut Conn) {
    // The ids of the others are no numbers, and Postgres looks at conditions in an order of its own.
    let number = "(CASE WHEN id LIKE 'u%' THEN CAST(substr(id, 2) AS INTEGER) ELSE 0 END)";
    for from in (0..MEMBERS).step_by(10_000) {
        let these = format!("{number} > {from} AND {number} <= {}", from + 10_000);
        let organization = "(SELECT id FROM organizations)";
        conn.batch_execute(&format!(
            "UPDATE users SET organization_id = {organization}, joined_at = created_at, name_key = 'a b', \
             last_name_key = 'b' WHERE {these}; \
             UPDATE users SET backup_codes_left = 10 WHERE {these} AND {number} % 3 <> 0; \
             DELETE FROM factors WHERE user_id IN (SELECT id FROM users WHERE {these} AND {number} % 1000 = 0)"
        ))
        .unwrap();
    }
    conn.batch_execute("UPDATE users SET role = 255 WHERE email = 'ada@example.com'")
        .unwrap();
    // Postgres vacuums by itself, but not within the seconds of this bench.
    let tidy = match conn {
        Conn::Sqlite(_) => "ANALYZE",
        Conn::Postgres(_) => "VACUUM ANALYZE",
    };
    conn.batch_execute(tidy).unwrap();
}

/// Prints how long each list takes.
pub async fn measure(server: &Server, person: &Person) {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let mut slowest = Duration::ZERO;
    let lists = LISTS.map(|(name, path)| {
        let request = client.get(format!("{}{path}", server.url));
        (name, request.bearer_auth(&person.token))
    });
    let pages = PAGES.map(|(name, path)| {
        let request = client.get(format!("{}{path}", server.url));
        // The pages lead to the public host; the server answers to both.
        let request = request.header("Host", "localhost");
        (name, request.header("Cookie", &person.cookie))
    });
    for (name, request) in lists.into_iter().chain(pages) {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let asked = Instant::now();
            let answer = request.try_clone().unwrap().send().await.unwrap();
            assert_eq!(answer.status(), 200, "{name}");
            answer.bytes().await.unwrap();
            times.push(asked.elapsed());
        }
        times.sort_unstable();
        let p95 = times[TIMES * 95 / 100];
        slowest = slowest.max(p95);
        figure(&format!("members, {name}, p95"), milliseconds(p95));
    }
    row(
        &format!("the slowest of them, {MEMBERS} members"),
        milliseconds(slowest),
        slowest < GOAL,
        "under 50 ms",
    );
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
