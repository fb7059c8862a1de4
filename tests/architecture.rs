//! The laws of ARCHITECTURE.md, held by reading the source: which room may name which, and what stands in
//! one place only.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

/// Every room, and what of this crate it may name besides itself. Rooms that stand on no row may name
/// anything: `web`, `cli` and the binary.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("config", &[]),
    ("buckets", &["config"]),
    ("words", &[]),
    ("metrics", &[]),
    ("threads", &[]),
    ("crypto", &["threads"]),
    ("db", &["config"]),
    ("activity", &["clock", "crypto", "db", "metrics"]),
    (
        "mail",
        &["activity", "app", "config", "crypto", "db", "mfa", "words"],
    ),
    ("mfa", &["activity", "clock", "crypto", "db"]),
    (
        "app",
        &[
            "activity", "buckets", "clock", "config", "crypto", "db", "mail", "mfa", "threads",
        ],
    ),
    (
        "accounts",
        &[
            "activity", "app", "clock", "config", "crypto", "db", "mail", "mfa",
        ],
    ),
    (
        "organizations",
        &[
            "accounts", "activity", "app", "clock", "crypto", "db", "mail", "mfa",
        ],
    ),
];

/// Rooms that hold rules, and know nothing of how an answer is given.
const RULE_ROOMS: &[&str] = &["mfa", "accounts", "organizations"];

struct Source {
    path: PathBuf,
    room: String,
    /// Without comments.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let code = text
                .lines()
                .map(|line| line.split("//").next().unwrap_or_default())
                .collect::<Vec<_>>()
                .join("\n");
            let inside = path.strip_prefix(&root).unwrap();
            let first = inside.components().next().unwrap();
            let room = Path::new(first.as_os_str()).file_stem().unwrap();
            let room = room.to_str().unwrap().to_owned();
            Source { path, room, code }
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The rooms that a file names: what follows `crate::`, also inside `use crate::{a, b::c}`.
fn named(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for after in code.split("crate::").skip(1) {
        let parts: Vec<&str> = match after.strip_prefix('{') {
            Some(group) => top_level(group),
            None => vec![after],
        };
        for part in parts {
            let name: String = part
                .trim_start()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            rooms.push(name);
        }
    }
    rooms
}

/// The items of a braced list, up to its closing brace.
fn top_level(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&group[start..at]);
                return items;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

#[test]
fn arrows_point_one_way() {
    let sources = sources();
    let rooms: Vec<&str> = sources.iter().map(|source| source.room.as_str()).collect();
    for source in &sources {
        let Some((_, allowed)) = MAY_NAME.iter().find(|(room, _)| *room == source.room) else {
            continue;
        };
        for name in named(&source.code) {
            let is_room = rooms.contains(&name.as_str());
            assert!(
                !is_room || name == source.room || allowed.contains(&name.as_str()),
                "{} names {name}",
                source.path.display()
            );
        }
    }
}

#[test]
fn rules_know_nothing_of_http_html_or_connections() {
    for source in sources() {
        if !RULE_ROOMS.contains(&source.room.as_str()) {
            continue;
        }
        for word in [
            "actix",
            "askama",
            "HttpRequest",
            "StatusCode",
            "PgConnection",
            "SqliteConnection",
            "<p>",
        ] {
            assert!(
                !source.code.contains(word),
                "{} names {word}",
                source.path.display()
            );
        }
    }
}

#[test]
fn only_the_tables_know_which_database_it_is() {
    for source in sources().iter().filter(|source| source.room != "db") {
        for word in [
            "Conn::Postgres",
            "Conn::Sqlite",
            "PgConnection",
            "SqliteConnection",
        ] {
            assert!(
                !source.code.contains(word),
                "{} names {word}",
                source.path.display()
            );
        }
    }
}

#[test]
fn the_wire_words_of_methods_stand_in_one_file() {
    for source in sources() {
        if source.path.ends_with("mfa/method.rs") {
            continue;
        }
        for word in ["\"GOOGLE_AUTH\"", "\"MAGIC_LINK\"", "\"PASSKEY\""] {
            assert!(
                !source.code.contains(word),
                "{} holds {word}",
                source.path.display()
            );
        }
    }
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |database: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("migrations")
            .join(database);
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn every_module_says_what_belongs_in_it() {
    for source in sources() {
        let text = fs::read_to_string(&source.path).unwrap();
        let first = text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("//!") || first.starts_with("// @generated"),
            "{} begins with: {first}",
            source.path.display()
        );
    }
}

#[test]
fn the_reader_of_the_source_sees_what_it_should() {
    assert_eq!(
        named("use crate::{a, b::{c, d}, e_f};\ncrate::g::h()"),
        ["a", "b", "e_f", "g"]
    );
}
