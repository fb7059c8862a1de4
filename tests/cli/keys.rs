//! The key file at start: made once, never replaced, and refused when it is not the right one.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use crate::support::{Outcome, Place};

#[track_caller]
fn refused(place: &Place, words: &str) {
    let outcome = place.run(&["user", "list"]);
    let said = outcome.failed();
    assert!(said.starts_with("COUNTERSIGN_KEY_FILE: "), "{said}");
    assert!(said.contains(words), "{said}");
    let limit = Duration::from_secs(1);
    assert!(
        outcome.took < limit || place.run(&["user", "list"]).took < limit,
        "{outcome:?}"
    );
}

#[test]
fn the_first_start_makes_a_key_file_that_only_its_owner_reads() {
    let place = Place::new();
    place.run(&["migrate"]).ok();
    let keys = place.path("keys");
    assert_eq!(
        fs::metadata(&keys).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let before = fs::read(&keys).unwrap();
    place.run(&["migrate"]).ok();
    assert_eq!(fs::read(&keys).unwrap(), before);
}

#[test]
fn a_data_folder_that_is_made_is_closed_to_others() {
    let place = Place::new();
    let folder = place.path("new/data");
    let mut command = place.command(&["migrate"]);
    command.env("COUNTERSIGN_DATA_DIR", &folder);
    Outcome::of(command).ok();
    assert_eq!(
        fs::metadata(&folder).unwrap().permissions().mode() & 0o777,
        0o700
    );
}

#[test]
fn r19_a_key_file_that_others_can_read_is_refused() {
    let place = Place::new();
    place.create_user("ada@example.com", &[]);
    for mode in [0o644, 0o640, 0o602] {
        fs::set_permissions(place.path("keys"), Permissions::from_mode(mode)).unwrap();
        refused(&place, "0600");
    }
    fs::set_permissions(place.path("keys"), Permissions::from_mode(0o400)).unwrap();
    place.run(&["user", "list"]).ok();
}

#[test]
fn r19_a_missing_key_file_is_not_made_anew_over_existing_data() {
    let place = Place::new();
    place.create_user("ada@example.com", &[]);
    fs::remove_file(place.path("keys")).unwrap();
    refused(&place, "No such file");
    assert!(!place.path("keys").exists());
}

#[test]
fn r19_the_key_file_of_another_database_is_refused() {
    let (place, other) = (Place::new(), Place::new());
    place.create_user("ada@example.com", &[]);
    other.run(&["migrate"]).ok();
    fs::copy(other.path("keys"), place.path("keys")).unwrap();
    refused(&place, "does not open this database");
    assert_eq!(place.sql_number("SELECT count(*) AS n FROM key_checks"), 1);
}

#[test]
fn r19_a_key_file_that_is_none_is_refused_without_quoting_it() {
    let place = Place::new();
    place.run(&["migrate"]).ok();
    let good = fs::read_to_string(place.path("keys")).unwrap();
    let secret = good.split_whitespace().last().unwrap();
    for (text, words) in [
        (String::new(), "session root is missing"),
        ("s3cret".to_owned(), "line 1"),
        (good.replace("active", "inactive"), "line"),
        (good.lines().take(1).collect(), ""),
        (format!("{good}{}", good.lines().last().unwrap()), "repeats"),
        (format!("{good}\u{0}"), ""),
    ] {
        fs::write(place.path("keys"), &text).unwrap();
        let outcome = place.run(&["migrate"]);
        let said = outcome.failed();
        assert!(
            said.starts_with("COUNTERSIGN_KEY_FILE: ") && said.contains(words),
            "{said}"
        );
        assert!(!said.contains("s3cret"), "{said}");
        let quoted = good
            .split_whitespace()
            .any(|word| word.len() > 30 && said.contains(word));
        assert!(!quoted, "{said}: {}", secret.len());
    }
}

#[test]
fn r19_a_folder_in_the_place_of_the_key_file_is_refused() {
    let place = Place::new();
    fs::create_dir(place.path("keys")).unwrap();
    refused(&place, "not a regular file");
}
