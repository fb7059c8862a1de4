//! What the whole database holds, for tests that say that nothing has changed.

use countersign::db::Conn;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Nullable, Text};

use super::TestApp;

/// What only records and counts.
const RECORDS: [&str; 3] = ["activity", "activity_head", "password_failures"];

#[derive(QueryableByName)]
struct Dump {
    #[diesel(sql_type = Nullable<Text>)]
    dump: Option<String>,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

impl TestApp {
    /// Every row of every table as text, but for when sessions were last seen.
    pub fn db_state(&self) -> String {
        self.db(|conn| {
            let tables = tables(conn);
            let dumps = tables.iter().map(|table| dump(conn, table));
            dumps.collect::<Vec<_>>().join("\n\n")
        })
    }

    /// The same without what only records and counts: the activity and the failures.
    pub fn db_state_but_records(&self) -> String {
        self.db(|conn| {
            let mut tables = tables(conn);
            tables.retain(|table| !RECORDS.contains(&table.as_str()));
            let dumps = tables.iter().map(|table| dump(conn, table));
            dumps.collect::<Vec<_>>().join("\n\n")
        })
    }
}

/// Every table there is.
fn tables(conn: &mut Conn) -> Vec<String> {
    let sql = match conn {
        Conn::Postgres(_) => {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
        }
        Conn::Sqlite(_) => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        }
    };
    let found: Vec<Named> = sql_query(sql).load(conn).unwrap();
    found.into_iter().map(|table| table.name).collect()
}

fn dump(conn: &mut Conn, table: &str) -> String {
    let sql = match conn {
        Conn::Postgres(_) => format!(
            "SELECT string_agg((to_jsonb(t) - 'last_seen_at')::text, E'\\n' \
             ORDER BY to_jsonb(t)::text) AS dump FROM {table} t"
        ),
        Conn::Sqlite(_) => {
            let columns: Vec<Named> =
                sql_query(format!("SELECT name FROM pragma_table_info('{table}')"))
                    .load(conn)
                    .unwrap();
            let row: Vec<String> = columns
                .iter()
                .filter(|column| column.name != "last_seen_at")
                .map(|column| format!("quote(\"{}\")", column.name))
                .collect();
            let row = row.join(" || '|' || ");
            format!(
                "SELECT group_concat(line, char(10)) AS dump FROM \
                 (SELECT {row} AS line FROM {table} ORDER BY line)"
            )
        }
    };
    let dump: Dump = sql_query(sql).get_result(conn).unwrap();
    format!("{table}\n{}", dump.dump.unwrap_or_default())
}
