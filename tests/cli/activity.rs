//! `countersign activity verify`: an intact record, and every way to break one.

use serde_json::json;

use crate::support::Place;

/// A record of a few rows.
fn recorded() -> Place {
    let place = Place::new();
    for name in ["ada", "grace", "joan"] {
        place.create_user(
            &format!("{name}@example.com"),
            &["--organization", "Engines"],
        );
    }
    place
}

/// Lets a statement change what is append-only.
fn tamper(place: &Place, statement: &str) {
    let table = if place.postgres.is_some() {
        " ON activity"
    } else {
        ""
    };
    place.sql(&format!(
        "DROP TRIGGER activity_is_append_only{table}; {statement}"
    ));
}

#[track_caller]
fn broken(place: &Place, row: i64) {
    let outcome = place.run(&["activity", "verify"]);
    let said = outcome.failed();
    assert!(
        said.starts_with(&format!("the record is broken at row {row}: ")),
        "{said}"
    );
    assert_eq!(outcome.stdout, "");
    let outcome = place.run(&["--json", "activity", "verify"]);
    outcome.failed();
    let answer: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(
        (&answer["intact"], &answer["row"]),
        (&json!(false), &json!(row))
    );
    assert!(answer["reason"].is_string());
}

#[test]
fn an_intact_record_is_counted() {
    let place = recorded();
    let rows = place.sql_number("SELECT count(*) AS n FROM activity");
    assert!(rows >= 4);
    let text = format!("the record is intact: {rows} rows");
    assert_eq!(place.run(&["activity", "verify"]).ok(), text);
    let json = place.run(&["--json", "activity", "verify"]).json();
    assert_eq!(json, json!({"intact": true, "rows": rows}));
    assert_eq!(
        Place::new().run(&["activity", "verify"]).ok(),
        "the record is intact: 0 rows"
    );
}

#[test]
fn the_database_itself_refuses_to_change_a_row() {
    let place = recorded();
    let attempt = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        place.sql("UPDATE activity SET event = 'nothing' WHERE seq = 2");
    }));
    assert!(attempt.is_err());
    place.run(&["activity", "verify"]).ok();
}

#[test]
fn a_changed_row_is_named_whatever_was_changed() {
    for change in [
        "event = 'nothing'",
        "user_id = 'somebody else'",
        "user_id = NULL",
        "at = '2020-01-01 00:00:00'",
        "peer_address = '203.0.113.7'",
        "reason = ''",
        "hash = (SELECT hash FROM activity WHERE seq = 1)",
        "key_id = 'unknown'",
    ] {
        let place = recorded();
        tamper(
            &place,
            &format!("UPDATE activity SET {change} WHERE seq = 2"),
        );
        broken(&place, 2);
    }
}

#[test]
fn a_missing_row_is_named() {
    for row in [1, 3] {
        let place = recorded();
        tamper(&place, &format!("DELETE FROM activity WHERE seq = {row}"));
        broken(&place, row);
    }
}

#[test]
fn a_cut_off_end_is_noticed() {
    let place = recorded();
    let rows = place.sql_number("SELECT count(*) AS n FROM activity");
    tamper(
        &place,
        &format!("DELETE FROM activity WHERE seq > {}", rows - 2),
    );
    broken(&place, rows - 1);
    let place = recorded();
    tamper(&place, "DELETE FROM activity");
    broken(&place, 1);
}

#[test]
fn rows_that_changed_places_are_noticed() {
    let place = recorded();
    tamper(
        &place,
        "UPDATE activity SET seq = -1 WHERE seq = 2; UPDATE activity SET seq = 2 WHERE seq = 3; \
         UPDATE activity SET seq = 3 WHERE seq = -1",
    );
    broken(&place, 2);
}

#[test]
fn a_row_that_was_made_up_is_noticed() {
    let place = recorded();
    let rows = place.sql_number("SELECT count(*) AS n FROM activity");
    tamper(
        &place,
        &format!(
            "INSERT INTO activity (seq, id, at, event, outcome, door, key_id, hash) SELECT {}, 'made up', at, \
             event, outcome, door, key_id, hash FROM activity WHERE seq = {rows}",
            rows + 1
        ),
    );
    broken(&place, rows + 1);
}
