//! What settings mean and which are refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use clap::{Args, Command, FromArgMatches};

use super::*;

/// The option of the variable, `--bind=...` for `COUNTERSIGN_BIND`.
fn option(variable: &str, value: &str) -> String {
    let name = variable.strip_prefix("COUNTERSIGN_").unwrap();
    format!("--{}={value}", name.to_lowercase().replace('_', "-"))
}

/// Settings as the command line and the environment would give them.
fn settings(pairs: &[(&str, &str)]) -> Settings {
    let options = pairs.iter().map(|(name, value)| option(name, value));
    let matches = Settings::augment_args(Command::new("countersign"))
        .try_get_matches_from(std::iter::once("countersign".to_owned()).chain(options))
        .unwrap();
    Settings::from_arg_matches(&matches).unwrap()
}

fn config(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::from_settings(&settings(pairs))
}

fn names() -> Vec<String> {
    let command = Settings::augment_args(Command::new(""));
    let env = |arg: &clap::Arg| arg.get_env().unwrap().to_str().unwrap().to_owned();
    command.get_arguments().map(env).collect()
}

#[test]
fn without_settings_everything_has_its_default() {
    let config = config(&[]).unwrap();
    assert_eq!(
        config.database,
        DatabaseUrl::Sqlite("./data/countersign.db".into())
    );
    assert_eq!(config.key_file, PathBuf::from("./data/keys"));
    assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.public_url.origin(), "http://localhost:8080");
    assert_eq!(config.rp_id.as_deref(), Some("localhost"));
    assert_eq!(
        config.mail_from.to_string(),
        "Countersign <noreply@localhost>"
    );
    assert_eq!(config.smtp_url, None);
    assert_eq!(config.trusted_proxies, 0);
    assert!(config.email_link);
    assert_eq!(
        config.lifetimes,
        Lifetimes {
            limited: minutes(10),
            access: minutes(60),
            refresh_idle: hours(24),
            refresh_absolute: hours(168),
            refresh_grace: Duration::from_secs(10),
            session_idle: minutes(60),
            session_absolute: hours(24),
            step_up: minutes(10),
            link: minutes(10),
            setup: minutes(15),
            lock_first: minutes(15),
        }
    );
    assert_eq!(
        config.limits.password_address.unwrap().interval(),
        Duration::from_secs(6)
    );
    assert_eq!(config.limits.password_account, Some(5));
    assert_eq!(config.limits.code_address.unwrap().count, 30);
    assert_eq!(config.limits.mail.len(), 3);
}

#[test]
fn defaults_follow_the_settings_they_are_made_from() {
    let config = config(&[
        ("COUNTERSIGN_DATA_DIR", "/var/lib/countersign"),
        ("COUNTERSIGN_BIND", "[::1]:9000"),
    ])
    .unwrap();
    assert_eq!(
        config.database,
        DatabaseUrl::Sqlite("/var/lib/countersign/countersign.db".into())
    );
    assert_eq!(config.key_file, PathBuf::from("/var/lib/countersign/keys"));
    assert_eq!(config.public_url.origin(), "http://localhost:9000");
}

#[test]
fn values_are_read() {
    let config = config(&[
        (
            "COUNTERSIGN_DATABASE_URL",
            "postgresql://u:hunter2@db/countersign",
        ),
        ("COUNTERSIGN_PUBLIC_URL", "https://Login.Example.com:443/"),
        ("COUNTERSIGN_RP_ID", "example.com"),
        (
            "COUNTERSIGN_SMTP_URL",
            "smtp://u:hunter2@mail.example.com:587?tls=required",
        ),
        ("COUNTERSIGN_MAIL_FROM", "security@example.com"),
        ("COUNTERSIGN_TRUSTED_PROXIES", "2"),
        ("COUNTERSIGN_REFRESH_GRACE", "0s"),
        ("COUNTERSIGN_ACCESS_TTL", "90s"),
        ("COUNTERSIGN_SESSION_ABSOLUTE", "7d"),
        ("COUNTERSIGN_LIMIT_PASSWORD_ADDRESS", "0"),
        ("COUNTERSIGN_LIMIT_PASSWORD_ACCOUNT", "0"),
        ("COUNTERSIGN_LIMIT_CODE_ADDRESS", "100/1m"),
        ("COUNTERSIGN_LIMIT_MAIL", "0"),
        ("COUNTERSIGN_EMAIL_LINK", "off"),
        ("COUNTERSIGN_CONTACT", " IT desk\next. 4471 "),
    ])
    .unwrap();
    assert_eq!(config.public_url.origin(), "https://login.example.com");
    assert!(config.public_url.is_https());
    assert_eq!(config.rp_id.as_deref(), Some("example.com"));
    assert_eq!(config.mail_from.to_string(), "security@example.com");
    assert_eq!(config.trusted_proxies, 2);
    assert_eq!(config.lifetimes.refresh_grace, Duration::ZERO);
    assert_eq!(config.lifetimes.access, Duration::from_secs(90));
    assert_eq!(config.lifetimes.session_absolute, hours(168));
    assert_eq!(
        config.limits,
        Limits {
            password_address: None,
            password_account: None,
            code_address: Some(Rate {
                count: 100,
                period: minutes(1)
            }),
            mail: Vec::new(),
        }
    );
    assert!(!config.email_link);
    assert_eq!(config.contact.as_deref(), Some("IT desk\next. 4471"));
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn plain_http_is_for_this_machine_only_and_an_address_has_no_passkeys() {
    for (url, rp_id, sender) in [
        (
            "http://localhost:8080",
            Some("localhost"),
            "noreply@localhost",
        ),
        (
            "http://app.localhost",
            Some("app.localhost"),
            "noreply@app.localhost",
        ),
        ("http://127.0.0.1:8080", None, "noreply@[127.0.0.1]"),
        ("http://[::1]:8080", None, "noreply@[IPv6:::1]"),
        ("https://192.0.2.1", None, "noreply@[192.0.2.1]"),
        (
            "https://example.com",
            Some("example.com"),
            "noreply@example.com",
        ),
    ] {
        let config = config(&[("COUNTERSIGN_PUBLIC_URL", url)]).unwrap();
        assert_eq!(config.public_url.origin(), url);
        assert_eq!(config.rp_id.as_deref(), rp_id);
        assert_eq!(config.mail_from.address, sender);
    }
}

#[test]
fn a_setting_that_cannot_work_is_named_and_not_quoted() {
    let cases = [
        ("BIND", "hunter2"),
        ("BIND", "localhost:8080"),
        ("BIND", "127.0.0.1"),
        ("BIND", "127.0.0.1:65536"),
        ("BIND", "127.0.0.1:0"),
        ("METRICS_BIND", "9464"),
        ("DATABASE_URL", "mysql://root:hunter2@db/x"),
        ("DATABASE_URL", "postgres://"),
        ("DATABASE_URL", "postgres://u:hunter2 @db/x"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///var/lib/"),
        ("DATABASE_URL", "sqlite://file:x?mode=ro"),
        ("DATABASE_URL", "hunter2"),
        ("PUBLIC_URL", "http://example.com"),
        ("PUBLIC_URL", "http://localhost.example.com"),
        ("PUBLIC_URL", "http://192.0.2.1"),
        ("PUBLIC_URL", "https://example.com/login"),
        ("PUBLIC_URL", "https://example.com?x"),
        ("PUBLIC_URL", "https://example.com#x"),
        ("PUBLIC_URL", "https://admin:hunter2@example.com"),
        ("PUBLIC_URL", "https://example.com."),
        ("PUBLIC_URL", "https://example.com:0"),
        ("PUBLIC_URL", "ftp://example.com"),
        ("PUBLIC_URL", "example.com"),
        ("RP_ID", "example.com"),
        ("RP_ID", "ocalhost"),
        ("RP_ID", ".localhost"),
        ("SMTP_URL", "http://mail.example.com"),
        ("SMTP_URL", "mail.example.com:25"),
        ("SMTP_URL", "smtp://u:hunter2@"),
        ("SMTP_URL", "smtp://:hunter2@mail.example.com"),
        ("SMTP_URL", "smtp://mail.example.com?tls=none"),
        ("SMTP_URL", "smtp://mail.example.com/hunter2"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b@c"),
        ("MAIL_FROM", "A <a@b>, B <c@d>"),
        ("MAIL_FROM", "a@b\r\nBcc: c@d"),
        ("TRUSTED_PROXIES", "11"),
        ("TRUSTED_PROXIES", "256"),
        ("TRUSTED_PROXIES", "+1"),
        ("TRUSTED_PROXIES", "yes"),
        ("ACCESS_TTL", "60"),
        ("ACCESS_TTL", "0s"),
        ("ACCESS_TTL", "1.5h"),
        ("ACCESS_TTL", "10 m"),
        ("ACCESS_TTL", "m"),
        ("ACCESS_TTL", "366d"),
        ("ACCESS_TTL", "99999999999999999999s"),
        ("ACCESS_TTL", "8d"),
        ("REFRESH_GRACE", "0"),
        ("REFRESH_GRACE", "25h"),
        ("REFRESH_IDLE", "8d"),
        ("SESSION_IDLE", "25h"),
        ("LOCK_FIRST", "25h"),
        ("LIMIT_PASSWORD_ADDRESS", "10"),
        ("LIMIT_PASSWORD_ADDRESS", "0/60s"),
        ("LIMIT_PASSWORD_ADDRESS", "10/0s"),
        ("LIMIT_CODE_ADDRESS", "30/minute"),
        ("LIMIT_PASSWORD_ACCOUNT", "-1"),
        ("LINK_TTL", "11m"),
        ("LIMIT_MAIL", "3/5m,"),
        ("EMAIL_LINK", "true"),
        ("CONTACT", "desk\t\u{7}"),
    ];
    for (name, value) in cases {
        let name = format!("COUNTERSIGN_{name}");
        let Err(error) = config(&[(&name, value)]) else {
            panic!("{name} was accepted: {value}");
        };
        let message = error.to_string();
        assert_eq!(error.setting(), name, "{value}");
        assert!(message.starts_with(&format!("{name}: ")), "{message}");
        assert!(
            !message.contains("hunter2") && !message.contains('\n'),
            "{message}"
        );
    }
}

#[test]
fn a_passkey_domain_is_the_public_host_or_a_parent_that_can_be_owned() {
    let with = |rp_id| {
        config(&[
            ("COUNTERSIGN_PUBLIC_URL", "https://login.example.com"),
            ("COUNTERSIGN_RP_ID", rp_id),
        ])
    };
    for rp_id in ["login.example.com", "example.com"] {
        assert_eq!(with(rp_id).unwrap().rp_id.as_deref(), Some(rp_id));
    }
    for rp_id in [
        "com",
        "ample.com",
        ".example.com",
        "Example.com",
        "other.com",
        "a.login.example.com",
    ] {
        assert_eq!(
            with(rp_id).unwrap_err().setting(),
            "COUNTERSIGN_RP_ID",
            "{rp_id}"
        );
    }
    let address = config(&[
        ("COUNTERSIGN_PUBLIC_URL", "https://192.0.2.1"),
        ("COUNTERSIGN_RP_ID", "192.0.2.1"),
    ]);
    assert_eq!(address.unwrap_err().setting(), "COUNTERSIGN_RP_ID");
}

#[test]
fn related_origins_are_whole_origins_with_at_most_five_names() {
    let with = |origins| {
        config(&[
            ("COUNTERSIGN_PUBLIC_URL", "https://login.example.com"),
            ("COUNTERSIGN_RELATED_ORIGINS", origins),
        ])
    };
    let read = with(
        "https://example.co.uk, https://login.example.com,https://example.de:8443,https://example.co.uk",
    );
    assert_eq!(
        read.unwrap().related_origins,
        ["https://example.co.uk", "https://example.de:8443"]
    );
    // A name under another suffix, or below itself, is the same name.
    let of = |hosts: &[&str]| {
        let origins: Vec<_> = hosts.iter().map(|host| format!("https://{host}")).collect();
        origins.join(",")
    };
    let five = of(&[
        "a.com", "a.co.uk", "x.a.de", "b.com", "c.com", "d.com", "e.com",
    ]);
    assert!(with(&five).is_ok());
    let six = of(&["a.com", "b.com", "c.com", "d.com", "e.com", "f.com"]);
    for wrong in [
        six.as_str(),
        "https://example.com/path",
        "http://example.com",
        "https://192.0.2.1",
        "example.com",
        "https://a.com,,https://b.com",
    ] {
        let error = with(wrong).unwrap_err();
        assert_eq!(error.setting(), "COUNTERSIGN_RELATED_ORIGINS", "{wrong}");
    }
}

#[test]
fn an_empty_value_is_a_mistake_for_every_setting() {
    assert_eq!(names().len(), 28);
    for name in names() {
        assert_eq!(config(&[(&name, "")]).unwrap_err().setting(), name);
    }
}

#[test]
fn an_unknown_variable_of_ours_is_refused() {
    assert_eq!(reject_unknown_variables(names()), Ok(()));
    assert_eq!(
        reject_unknown_variables(["PATH", "RUST_LOG", "countersign_bind", ""]),
        Ok(())
    );
    for name in [
        "COUNTERSIGN_BNID",
        "COUNTERSIGN_",
        "COUNTERSIGN_TEST_CLOCK",
        "COUNTERSIGN_BIND2",
    ] {
        let error = reject_unknown_variables(["HOME", name]).unwrap_err();
        assert_eq!(error.setting(), name);
    }
}

#[test]
fn neither_help_nor_debug_shows_a_value() {
    let settings = settings(&[("COUNTERSIGN_SMTP_URL", "smtp://u:hunter2@mail")]);
    assert_eq!(format!("{settings:?}"), "Settings { .. }");
    for arg in Settings::augment_args(Command::new("")).get_arguments() {
        assert!(arg.is_hide_env_values_set() && arg.is_global_set(), "{arg}");
        assert!(arg.get_help().is_some(), "{arg}");
    }
}

#[test]
fn a_9_nobody_is_hurried_by_a_default() {
    let of = Config::from_settings(&settings(&[])).unwrap().lifetimes;
    let five_minutes = Duration::from_secs(300);
    for (what, time) in [
        ("the second step", of.limited),
        ("a proof", of.step_up),
        ("a mailed link", of.link),
        ("a set-up", of.setup),
        ("an idle browser", of.session_idle),
    ] {
        assert!(time >= five_minutes, "{what}: {time:?}");
    }
}
