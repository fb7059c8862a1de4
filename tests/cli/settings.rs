//! Settings that cannot work, the help, and the exit codes.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use crate::support::{Outcome, Place};

/// Stands in every value that could be a secret.
const CANARY: &str = "s3cret";

/// Asserts that a start ends at once, with one line that names `setting` and repeats no secret. A machine
/// with other things to do gets a second chance.
#[track_caller]
fn refused(setting: &str, mut run: impl FnMut() -> Outcome) {
    let outcome = run();
    let said = outcome.failed();
    assert!(
        said.starts_with(&format!("{setting}: ")),
        "{setting}: {said}"
    );
    assert!(!said.contains(CANARY), "{said}");
    assert_eq!(outcome.stdout, "", "{setting}");
    let limit = Duration::from_secs(1);
    assert!(
        outcome.took < limit || run().took < limit || run().took < limit,
        "{setting}: {outcome:?}"
    );
}

#[test]
fn r19_a_setting_that_cannot_work_stops_the_start_at_once() {
    let cases = [
        ("BIND", "localhost:8080"),
        ("BIND", "127.0.0.1"),
        ("BIND", "127.0.0.1:0"),
        ("PUBLIC_URL", "http://mfa.example.com"),
        ("PUBLIC_URL", "ftp://localhost"),
        ("PUBLIC_URL", "https://user:s3cret@mfa.example.com"),
        ("PUBLIC_URL", "https://mfa.example.com/path"),
        ("RP_ID", "example.com"),
        ("RELATED_ORIGINS", "https://example.com/path"),
        ("DATABASE_URL", "mysql://root:s3cret@localhost/db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "postgres://user:s3cret@local host/db"),
        ("SMTP_URL", "http://user:s3cret@mail.example.com"),
        ("SMTP_URL", "smtp://:s3cret@mail.example.com"),
        ("SMTP_URL", "smtp://user:s3cret@mail.example.com?tls=maybe"),
        ("MAIL_FROM", "a@example.com, b@example.com"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "11"),
        ("ACCESS_TTL", "60"),
        ("ACCESS_TTL", "0s"),
        ("ACCESS_TTL", "8d"),
        ("LIMITED_TTL", "-5m"),
        ("REFRESH_IDLE", "8d"),
        ("REFRESH_GRACE", "25h"),
        ("REFRESH_ABSOLUTE", "400d"),
        ("SESSION_IDLE", "25h"),
        ("SESSION_ABSOLUTE", "24 h"),
        ("STEP_UP_TTL", "ten minutes"),
        ("LINK_TTL", "99999999999999999999s"),
        ("SETUP_TTL", "1.5h"),
        ("LOCK_FIRST", "25h"),
        ("LIMIT_PASSWORD_ADDRESS", "10"),
        ("LIMIT_PASSWORD_ACCOUNT", "+5"),
        ("LIMIT_CODE_ADDRESS", "0/60s"),
        ("LIMIT_MAIL", "3/5m,"),
        ("EMAIL_LINK", "yes"),
    ];
    let place = Place::new();
    for (name, value) in cases {
        let name = format!("COUNTERSIGN_{name}");
        refused(&name, || {
            let mut command = place.command(&[]);
            Outcome::of({
                command.env(&name, value);
                command
            })
        });
    }
    assert!(
        !place.path("keys").exists(),
        "something was made before the settings were checked"
    );
}

#[test]
fn r19_no_setting_may_be_empty() {
    let place = Place::new();
    let help = place.run(&["--help"]);
    let names: Vec<&str> = help
        .ok()
        .split("[env: ")
        .skip(1)
        .filter_map(|rest| rest.split([']', '=']).next())
        .collect();
    assert!(names.len() >= 24, "{names:?}");
    for name in names {
        refused(name, || {
            let mut command = place.command(&["migrate"]);
            command.env(name, "");
            Outcome::of(command)
        });
    }
}

#[test]
fn r19_an_option_is_refused_under_the_name_of_its_variable() {
    let place = Place::new();
    for (option, name) in [
        ("--bind", "BIND"),
        ("--access-ttl", "ACCESS_TTL"),
        ("--smtp-url", "SMTP_URL"),
    ] {
        for arguments in [
            vec![option, "s3cret", "migrate"],
            vec!["migrate", option, "s3cret"],
        ] {
            refused(&format!("COUNTERSIGN_{name}"), || place.run(&arguments));
        }
    }
}

#[test]
fn r19_a_variable_that_is_no_setting_is_refused() {
    let place = Place::new();
    for name in [
        "COUNTERSIGN_ACESS_TTL",
        "COUNTERSIGN_",
        "COUNTERSIGN_bind",
        "COUNTERSIGN_SECRET_KEY",
    ] {
        refused(name, || {
            let mut command = place.command(&["migrate"]);
            command.env(name, CANARY);
            Outcome::of(command)
        });
    }
    let mut command = place.command(&["migrate"]);
    command
        .env("countersign_bind", "x")
        .env("MY_COUNTERSIGN_X", "y");
    Outcome::of(command).ok();
}

#[test]
fn r19_a_value_that_is_not_text_is_refused() {
    let place = Place::new();
    for name in [
        "COUNTERSIGN_BIND",
        "COUNTERSIGN_SMTP_URL",
        "COUNTERSIGN_KEY_FILE",
    ] {
        refused(name, || {
            let mut command = place.command(&["migrate"]);
            command.env(name, OsStr::from_bytes(b"s3cret\xff"));
            Outcome::of(command)
        });
    }
}

#[test]
fn r19_a_data_folder_that_cannot_be_one_is_named() {
    let place = Place::new();
    let file = place.path("file");
    std::fs::write(&file, "").unwrap();
    for folder in [file.clone(), file.join("below")] {
        refused("COUNTERSIGN_DATA_DIR", || {
            let mut command = place.command(&["migrate"]);
            command.env("COUNTERSIGN_DATA_DIR", &folder);
            Outcome::of(command)
        });
    }
}

#[test]
fn the_help_names_every_variable_and_command_and_no_value() {
    let place = Place::new();
    let mut command = place.command(&["--help"]);
    command.env(
        "COUNTERSIGN_SMTP_URL",
        "smtp://user:s3cret@mail.example.com",
    );
    let help = Outcome::of(command);
    let help = help.ok();
    for name in "DATA_DIR DATABASE_URL BIND PUBLIC_URL RP_ID RELATED_ORIGINS KEY_FILE SMTP_URL MAIL_FROM TRUSTED_PROXIES LIMITED_TTL \
         ACCESS_TTL REFRESH_IDLE REFRESH_ABSOLUTE REFRESH_GRACE SESSION_IDLE SESSION_ABSOLUTE STEP_UP_TTL LINK_TTL \
         SETUP_TTL LOCK_FIRST LIMIT_PASSWORD_ADDRESS LIMIT_PASSWORD_ACCOUNT LIMIT_CODE_ADDRESS LIMIT_MAIL EMAIL_LINK"
        .split_whitespace()
    {
        assert!(help.contains(&format!("COUNTERSIGN_{name}")), "{name}");
        assert!(help.contains(&format!("--{}", name.to_lowercase().replace('_', "-"))), "{name}");
    }
    for name in ["serve", "user", "mfa", "activity", "migrate", "--json"] {
        assert!(help.contains(name), "{name}");
    }
    assert!(!help.contains(CANARY));
    assert!(place.run(&["--version"]).ok().starts_with("countersign "));
}

#[test]
fn what_cannot_be_understood_ends_with_2() {
    let place = Place::new();
    for arguments in [
        &["nonsense"][..],
        &["user"],
        &["user", "create"],
        &[
            "user",
            "create",
            "--email",
            "a@b.c",
            "--first-name",
            "A",
            "--last-name",
            "B",
            "--role",
            "king",
        ],
        &["mfa", "status"],
        &["activity", "verify", "more"],
        &["--no-such-option"],
        &["--bind"],
    ] {
        let outcome = place.run(arguments);
        assert_eq!(
            (outcome.code, outcome.stdout.as_str()),
            (Some(2), ""),
            "{outcome:?}"
        );
        assert!(
            outcome.stderr.contains("Usage") || outcome.stderr.contains("--help"),
            "{outcome:?}"
        );
    }
    assert!(!place.path("keys").exists());
}

#[test]
fn migrating_says_so_and_can_be_repeated() {
    let place = Place::new();
    for _ in 0..2 {
        assert_eq!(place.run(&["migrate"]).ok(), "the database is up to date");
    }
    let answer = place.run(&["--json", "migrate"]).json();
    assert_eq!(answer, serde_json::json!({"success": true}));
    assert!(place.sql_number("SELECT count(*) AS n FROM __diesel_schema_migrations") >= 1);
}
