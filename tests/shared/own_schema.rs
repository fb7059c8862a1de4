//! A place on Postgres for one test alone.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// The URL of a new schema in the database that `TEST_DATABASE_URL` names. None where the tests run on SQLite.
pub fn own_schema() -> Option<String> {
    let base = std::env::var("TEST_DATABASE_URL").ok()?;
    let schema = format!("test_{}", countersign::db::new_id().replace('-', "_"));
    PgConnection::establish(&base)
        .unwrap()
        .batch_execute(&format!("CREATE SCHEMA {schema}"))
        .unwrap();
    let separator = if base.contains('?') { '&' } else { '?' };
    Some(format!("{base}{separator}options=-csearch_path%3D{schema}"))
}
