//! R10: each migration up, down and up again over ten thousand accounts; one that is killed in the middle; an older
//! database. That several processes migrate once, and that a newer database is left alone, is in `tests/cli`.

use std::path::Path;
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

use crate::scale::{at_most, chance, millis, scaled};
use crate::support::Place;

/// How many accounts there are.
const ACCOUNTS: usize = 10_000;

/// Everything that a schema consists of, one line each, in an order of its own.
const SQLITE_SCHEMA: &str = "SELECT type || ' ' || name || ': ' || coalesce(sql, '') AS line FROM sqlite_master \
     WHERE name NOT LIKE 'sqlite_%' ORDER BY 1";
const POSTGRES_SCHEMA: &str = "SELECT line FROM ( \
     SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' \
       || coalesce(column_default, '-') AS line \
       FROM information_schema.columns WHERE table_schema = current_schema() \
     UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = current_schema() \
     UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
       WHERE connamespace = current_schema()::regnamespace \
     UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid \
       WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace \
     UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc \
       WHERE pronamespace = current_schema()::regnamespace) lines ORDER BY 1";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

/// A database between two migrations.
enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Database {
    fn of(place: &Place) -> Self {
        match &place.postgres {
            Some(url) => Self::Postgres(PgConnection::establish(url).unwrap()),
            None => {
                let file = place.path("countersign.db");
                let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
                conn.batch_execute("PRAGMA foreign_keys = ON").unwrap();
                Self::Sqlite(conn)
            }
        }
    }

    fn schema(&mut self) -> Vec<String> {
        let lines: Vec<Line> = match self {
            Self::Sqlite(conn) => sql_query(SQLITE_SCHEMA).load(conn),
            Self::Postgres(conn) => sql_query(POSTGRES_SCHEMA).load(conn),
        }
        .unwrap();
        let mut lines: Vec<String> = lines.into_iter().map(|line| plain(&line.line)).collect();
        // The list of what was applied is none of theirs.
        lines.retain(|line| !line.contains("__diesel_schema_migrations"));
        lines.sort();
        lines
    }

    /// Applies the next migration, all or nothing as a start does; answers its name, or none when there is none.
    fn up(&mut self) -> Option<String> {
        match self {
            Self::Sqlite(conn) => next(conn, "sqlite"),
            Self::Postgres(conn) => next(conn, "postgres"),
        }
    }

    fn down(&mut self) {
        match self {
            Self::Sqlite(conn) => drop(conn.revert_last_migration(files("sqlite")).unwrap()),
            Self::Postgres(conn) => drop(conn.revert_last_migration(files("postgres")).unwrap()),
        }
    }
}

/// SQLite keeps what was typed, comments and all; and a table that was renamed back has its name in quotes.
fn plain(sql: &str) -> String {
    let without_comments = sql.lines().filter_map(|line| line.split("--").next());
    let words = without_comments.flat_map(str::split_whitespace);
    words.collect::<Vec<_>>().join(" ").replace('"', "")
}

/// What stands in one schema only.
fn difference(one: &[String], other: &[String]) -> Vec<String> {
    let only = |here: &[String], there: &[String]| -> Vec<String> {
        here.iter()
            .filter(|line| !there.contains(line))
            .cloned()
            .collect()
    };
    [only(one, other), only(other, one)].concat()
}

fn files(database: &str) -> FileBasedMigrations {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    FileBasedMigrations::from_path(root.join(database)).unwrap()
}

fn next<DB, C>(conn: &mut C, database: &str) -> Option<String>
where
    DB: diesel::backend::Backend,
    C: Connection<Backend = DB> + MigrationHarness<DB>,
    FileBasedMigrations: MigrationSource<DB>,
{
    let pending = conn.pending_migrations(files(database)).unwrap();
    let migration = pending.first()?;
    conn.run_migration(migration).unwrap();
    Some(migration.name().to_string())
}

/// Accounts as the first schema has them.
fn fill(place: &Place) {
    place.sql(&format!(
        "INSERT INTO organizations (id, name, created_at, updated_at) \
         VALUES ('org', 'Engines', '2026-01-01 00:00:00', '2026-01-01 00:00:00'); \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ACCOUNTS}) \
         INSERT INTO users (id, email, first_name, last_name, organization_id, created_at, updated_at) \
         SELECT 'user-' || CAST(i AS TEXT), 'user-' || CAST(i AS TEXT) || '@example.com', 'Ada', 'Lovelace', 'org', \
         '2026-01-01 00:00:00', '2026-01-01 00:00:00' FROM n; \
         INSERT INTO factors (id, user_id, method, verified_at, enabled, created_at) \
         SELECT 'factor-' || id, id, 'totp', '2026-01-01 00:00:00', TRUE, '2026-01-01 00:00:00' FROM users"
    ));
}

fn accounts(place: &Place) -> i64 {
    place.sql_number("SELECT count(*) AS n FROM users JOIN factors ON factors.user_id = users.id")
}

#[test]
fn r10_each_migration_goes_up_and_down_and_up_and_keeps_ten_thousand_accounts() {
    let place = Place::new();
    let mut database = Database::of(&place);
    let (mut before, mut slowest) = (database.schema(), Duration::ZERO);
    let mut count = 0;
    loop {
        let since = Instant::now();
        let Some(name) = database.up() else { break };
        slowest = slowest.max(since.elapsed());
        let after = database.schema();
        database.down();
        let undone = difference(&database.schema(), &before);
        assert!(
            undone.is_empty(),
            "{name} does not undo what it did: {undone:#?}"
        );
        database.up().unwrap();
        let other = difference(&database.schema(), &after);
        assert!(
            other.is_empty(),
            "{name} does something else the second time: {other:#?}"
        );
        if count == 0 {
            fill(&place);
        }
        assert_eq!(accounts(&place), ACCOUNTS as i64, "{name}");
        before = after;
        count += 1;
    }
    assert!(count > 10);
    drop(database);
    // The binary finds nothing left to do, and everybody.
    place.run(&["migrate"]).ok();
    let people = place.run(&["--json", "user", "list"]).json();
    assert_eq!(people.as_array().unwrap().len(), ACCOUNTS);
    at_most(
        "R10",
        "slowest migration of 10,000 accounts",
        millis(slowest),
        "ms",
        5_000.0,
    );
}

#[actix_web::test]
async fn r10_a_migration_that_is_killed_in_the_middle_is_begun_anew() {
    for _ in 0..scaled(3, 30) {
        let place = Place::new();
        Database::of(&place).up().unwrap();
        fill(&place);
        // Twice, so that it is likely that one of them is in the middle.
        for _ in 0..2 {
            let started = place.start(&["migrate"], |_| {});
            sleep(Duration::from_millis(chance(150))).await;
            // Dropped, it is killed, if it has not ended.
            drop(started);
        }
        let applied = "SELECT count(*) AS n FROM __diesel_schema_migrations";
        let between = place.sql_number(applied);
        place.run(&["migrate"]).ok();
        let all = place.sql_number(applied);
        assert!(
            between == 1 || between == all,
            "{between} of {all}: all or nothing"
        );
        assert_eq!(accounts(&place), ACCOUNTS as i64);
    }
}
