//! R03: what is committed is on the disk, and the start says so.

use crate::support::Place;

#[actix_web::test]
async fn r03_the_start_says_how_safe_from_a_power_cut_a_commit_is() {
    let place = Place::new();
    let server = place.serve();
    let said = server.log.join("\n");
    if place.postgres.is_some() {
        assert!(said.contains("Postgres: synchronous_commit=on "), "{said}");
    } else {
        assert!(
            said.contains("SQLite: journal_mode=wal synchronous=FULL"),
            "{said}"
        );
        // The file itself remembers the one, and each connection is told the other.
        let modes = "SELECT count(*) AS n FROM pragma_journal_mode WHERE journal_mode = 'wal'";
        assert_eq!(place.sql_number(modes), 1);
    }
}
