//! The database at start: one that cannot be read, one that is too new, one that does not answer.

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use crate::support::{Outcome, Place};

fn migrate(place: &Place, url: &str) -> Outcome {
    let mut command = place.command(&["migrate"]);
    command.env("COUNTERSIGN_DATABASE_URL", url);
    Outcome::of(command)
}

#[track_caller]
fn refused(place: &Place, url: &str) -> String {
    let outcome = migrate(place, url);
    let said = outcome.failed();
    assert!(said.starts_with("COUNTERSIGN_DATABASE_URL: "), "{said}");
    let limit = Duration::from_secs(1);
    assert!(
        outcome.took < limit || migrate(place, url).took < limit,
        "{outcome:?}"
    );
    said.to_owned()
}

#[test]
fn r10_a_database_of_a_newer_version_is_left_alone() {
    let place = Place::new();
    place.create_user("ada@example.com", &[]);
    place.sql("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')");
    for arguments in [&["migrate"][..], &["user", "list"], &["serve"]] {
        let outcome = place.run(arguments);
        let said = outcome.failed();
        assert!(
            said.contains("newer version") && said.contains("29990101000000"),
            "{said}"
        );
        assert_eq!(outcome.stdout, "");
    }
    assert_eq!(place.sql_number("SELECT count(*) AS n FROM users"), 1);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_kept() {
    let place = Place::new();
    let file = place.path("other.db");
    let junk = b"this is not a database, however long one looks at it ".repeat(100);
    fs::write(&file, &junk).unwrap();
    let said = refused(&place, &format!("sqlite://{}", file.display()));
    assert!(
        said.contains("not a database") && said.contains("other.db"),
        "{said}"
    );
    assert_eq!(fs::read(&file).unwrap(), junk);
    fs::create_dir(place.path("folder.db")).unwrap();
    for name in ["folder.db", "no/such/folder.db"] {
        refused(&place, &format!("sqlite://{}", place.path(name).display()));
    }
}

#[test]
fn a_server_that_is_not_there_is_refused_without_its_password() {
    let place = Place::new();
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let said = refused(&place, &format!("postgres://user:s3cret@{nobody}/db"));
    assert!(
        said.contains("refused") && !said.contains("s3cret"),
        "{said}"
    );
}

#[test]
fn a_url_that_cannot_be_read_is_not_quoted() {
    let place = Place::new();
    for url in [
        "postgres://user:s3cret@[::1/db",
        "postgres://user:s3%cret@127.0.0.1/db",
        "postgres://user:s3cret/more@127.0.0.1/db",
        "postgres://user:\"s3cret\"@[::1/db",
        "postgres://user:s3cret@127.0.0.1:99999/db",
        "postgres://127.0.0.1/db?password=s3cret=more",
        "postgres://127.0.0.1/db?passwort=s3cret",
    ] {
        let said = refused(&place, url);
        assert!(!said.contains("s3"), "{said}");
    }
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let place = Place::new();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://user:s3cret@{}/db", silent.local_addr().unwrap());
    let outcome = migrate(&place, &url);
    let said = outcome.failed();
    assert!(
        said.starts_with("COUNTERSIGN_DATABASE_URL: ") && said.contains("timeout"),
        "{said}"
    );
    assert!(outcome.took < Duration::from_secs(10), "{outcome:?}");
}

#[test]
fn a_wrong_password_of_the_database_is_said_and_not_shown() {
    let place = Place::new();
    let Some(url) = &place.postgres else { return };
    let (scheme, rest) = url.split_once("://").unwrap();
    let (user, rest) = rest.split_once(':').unwrap();
    let (_, rest) = rest.split_once('@').unwrap();
    let said = refused(&place, &format!("{scheme}://{user}:s3cret@{rest}"));
    assert!(
        said.contains("password authentication failed") && !said.contains("s3cret"),
        "{said}"
    );
}
