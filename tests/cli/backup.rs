//! `countersign backup` and `restore`, and what stands for them on Postgres.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::authenticator::{App, sign_in_with};
use crate::support::{Outcome, PASSWORD, Place, Server};

fn serve(place: &Place) -> Server {
    place.serve_with(|command| {
        command.env("COUNTERSIGN_LIMIT_CODE_ADDRESS", "0");
    })
}

/// Signs somebody in and out for as long as another thing takes.
async fn meanwhile<T>(server: &Server, work: impl FnOnce() -> T + Send + 'static) -> T
where
    T: Send + 'static,
{
    let working = actix_web::rt::task::spawn_blocking(work);
    let mut signed_in = 0;
    while !working.is_finished() || signed_in == 0 {
        let (token, _) = server.sign_in("grace@example.com").await;
        let (status, _) = server.call("POST", "/user/logout", &token, json!({})).await;
        assert_eq!(status, 200);
        signed_in += 1;
    }
    working.await.unwrap()
}

/// Somebody with an app whose first backup code is used, and somebody without.
async fn people(place: &Place, server: &Server) -> App {
    for email in ["ada@example.com", "grace@example.com"] {
        place.create_user(email, &[]);
    }
    let (token, _) = server.sign_in("ada@example.com").await;
    let app = App::set_up(server, &token).await;
    assert_eq!(
        sign_in_with(server, "ada@example.com", &app.backup_codes[0])
            .await
            .0,
        200
    );
    app
}

/// What is used stays used, what is not works, and nobody is signed in.
async fn is_as_it_was(server: &Server, app: &App, token: &str) {
    let (status, _) = server.call("GET", "/mfa/status", token, json!(null)).await;
    assert_eq!(status, 401, "a session of before lives");
    let used = sign_in_with(server, "ada@example.com", &app.backup_codes[0]).await;
    assert_eq!(used.0, 400, "{used:?}");
    let unused = sign_in_with(server, "ada@example.com", &app.backup_codes[1]).await;
    assert_eq!(unused.0, 200, "{unused:?}");
}

#[actix_web::test]
async fn r17_a_copy_that_was_made_under_load_is_whole_and_works_in_another_place() {
    let place = Place::new();
    if place.postgres.is_some() {
        return;
    }
    let server = serve(&place);
    let app = people(&place, &server).await;
    let (token, _) = server.sign_in("grace@example.com").await;
    let copy = place.path("copy.db");
    let mut command = place.command(&["backup", copy.to_str().unwrap()]);
    let outcome = meanwhile(&server, move || {
        command.env("RUST_LOG", "error");
        Outcome::of(command)
    })
    .await;
    assert!(outcome.ok().contains("is a whole copy"), "{outcome:?}");
    assert_eq!(
        fs::metadata(&copy).unwrap().permissions().mode() & 0o777,
        0o600
    );

    let other = Place::new();
    fs::copy(place.path("keys"), other.path("keys")).unwrap();
    let restored = other
        .run(&["--json", "restore", copy.to_str().unwrap()])
        .json();
    assert_eq!(
        (&restored["accounts"], &restored["kept"]),
        (&json!(2), &json!(null))
    );
    assert_eq!(
        other.sql_number(
            "SELECT count(*) AS n FROM pragma_integrity_check WHERE integrity_check <> 'ok'"
        ),
        0
    );
    let elsewhere = serve(&other);
    is_as_it_was(&elsewhere, &app, &token).await;
    other.run(&["activity", "verify"]).ok();
    // Where it was copied from, nothing is different.
    let (status, _) = server.call("GET", "/mfa/status", &token, json!(null)).await;
    assert_eq!(status, 200);
}

#[actix_web::test]
async fn r17_a_copy_takes_the_place_of_what_was_there_which_is_kept() {
    let place = Place::new();
    if place.postgres.is_some() {
        return;
    }
    let server = serve(&place);
    let app = people(&place, &server).await;
    let (token, _) = server.sign_in("grace@example.com").await;
    place.sql(
        "INSERT INTO trusted_browsers (id, user_id, secret_hash, user_agent, proved_at, expires_at) \
         SELECT 'trusted', id, x'00', '', '2026-01-01 00:00:00', '2036-01-01 00:00:00' FROM users LIMIT 1",
    );
    let copy = place.path("copy.db").to_str().unwrap().to_owned();
    place.run(&["backup", &copy]).ok();
    place.create_user("late@example.com", &[]);

    let refused = place.run(&["restore", &copy]);
    assert!(
        refused
            .failed()
            .ends_with("is in use: stop the server first"),
        "{refused:?}"
    );
    // Killed, so that the last changes stand beside the database and not in it.
    server.signal("KILL");
    server.wait(Duration::from_secs(10));
    let restored = place.run(&["--json", "restore", &copy]).json();
    let kept = restored["kept"].as_str().unwrap();
    let server = serve(&place);
    is_as_it_was(&server, &app, &token).await;
    assert_eq!(place.sql_number("SELECT count(*) AS n FROM users"), 2);
    let trusted = "SELECT count(*) AS n FROM trusted_browsers";
    assert_eq!(place.sql_number(trusted), 0, "trust of before lives");
    assert_eq!(
        place.sql_number("SELECT count(*) AS n FROM activity WHERE event = 'database_restored'"),
        1
    );

    // What was there before is whole, with what came after the copy.
    let other = Place::new();
    fs::copy(place.path("keys"), other.path("keys")).unwrap();
    for ending in ["", "-wal"] {
        if Path::new(&format!("{kept}{ending}")).exists() {
            fs::copy(
                format!("{kept}{ending}"),
                other.path(&format!("countersign.db{ending}")),
            )
            .unwrap();
        }
    }
    assert_eq!(
        other
            .run(&["--json", "user", "list"])
            .json()
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let left: Vec<_> = fs::read_dir(place.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_str().unwrap().contains("restoring")),
        "{left:?}"
    );
}

#[test]
fn r17_a_copy_without_its_key_is_refused_and_so_is_a_start_with_it() {
    let place = Place::new();
    if place.postgres.is_some() {
        return;
    }
    place.create_user("ada@example.com", &[]);
    let copy = place.path("copy.db").to_str().unwrap().to_owned();
    place.run(&["backup", &copy]).ok();
    let other = Place::new();
    other.create_user("grace@example.com", &[]);
    let refused = other.run(&["restore", &copy]);
    assert!(
        refused.failed().contains("does not open this database"),
        "{refused:?}"
    );
    assert_eq!(
        other.sql_number("SELECT count(*) AS n FROM users WHERE email = 'grace@example.com'"),
        1
    );
    let names = fs::read_dir(other.path("")).unwrap().count();
    assert!(names <= 5, "something was left behind");

    fs::copy(&copy, other.path("countersign.db")).unwrap();
    let refused = other.run(&["serve"]);
    assert!(
        refused.failed().starts_with("COUNTERSIGN_KEY_FILE: "),
        "{refused:?}"
    );
    assert!(
        refused.took < Duration::from_secs(1)
            || other.run(&["serve"]).took < Duration::from_secs(1),
        "{refused:?}"
    );
}

#[test]
fn r17_what_is_no_copy_is_refused_and_nothing_is_overwritten() {
    let place = Place::new();
    if place.postgres.is_some() {
        return;
    }
    place.create_user("ada@example.com", &[]);
    let path = |name: &str| place.path(name).to_str().unwrap().to_owned();
    let copy = path("copy.db");
    place.run(&["backup", &copy]).ok();
    let again = place.run(&["backup", &copy]);
    assert!(again.failed().contains("File exists"), "{again:?}");
    place
        .run(&["backup", &path("no/such/folder/copy.db")])
        .failed();

    fs::write(
        place.path("junk.db"),
        "not a database, however long one looks at it",
    )
    .unwrap();
    fs::write(place.path("empty.db"), "").unwrap();
    let mut damaged = fs::read(&copy).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 8_000].fill(0x5a);
    fs::write(place.path("damaged.db"), damaged).unwrap();
    for name in ["missing.db", "junk.db", "empty.db", "damaged.db"] {
        let refused = place.run(&["restore", &path(name)]);
        assert!(refused.failed().contains(name), "{refused:?}");
    }
    assert!(!place.path("missing.db").exists());
    assert_eq!(place.sql_number("SELECT count(*) AS n FROM users"), 1);
    // A folder that nobody may write to loses nothing either.
    fs::set_permissions(&copy, Permissions::from_mode(0o400)).unwrap();
    place.run(&["restore", &copy]).ok();
}

/// One of the programs that come with Postgres.
fn postgres_program(name: &str) -> Command {
    let installed = fs::read_dir("/usr/lib/postgresql").unwrap();
    let newest = installed.map(|entry| entry.unwrap().path()).max().unwrap();
    Command::new(newest.join("bin").join(name))
}

#[actix_web::test]
async fn r17_postgres_s_own_programs_copy_and_restore_it_under_load() {
    let place = Place::new();
    let Some(url) = place.postgres.clone() else {
        return;
    };
    let copy = place.path("copy.sql").to_str().unwrap().to_owned();
    for arguments in [["backup", copy.as_str()], ["restore", copy.as_str()]] {
        assert!(place.run(&arguments).failed().contains("pg_dump"));
    }
    let (base, schema) = url.split_once("?options=-csearch_path%3D").unwrap();
    let (base, schema) = (base.to_owned(), schema.to_owned());

    let server = serve(&place);
    let app = people(&place, &server).await;
    let dumped = {
        let (base, schema, copy) = (base.clone(), schema.clone(), copy.clone());
        meanwhile(&server, move || {
            let mut dump = postgres_program("pg_dump");
            dump.args(["--no-owner", "-n", &schema, "-f", &copy, "-d", &base]);
            dump.output().unwrap()
        })
    }
    .await;
    assert!(dumped.status.success(), "{dumped:?}");
    let used_later = sign_in_with(&server, "ada@example.com", &app.backup_codes[2]).await;
    assert_eq!(used_later.0, 200);
    server.signal("TERM");
    server.wait(Duration::from_secs(10));

    place.sql(&format!("DROP SCHEMA {schema} CASCADE"));
    let mut restore = postgres_program("psql");
    restore.args(["-qX", "-v", "ON_ERROR_STOP=1", "-f", &copy, "-d", &base]);
    let restored = restore.output().unwrap();
    assert!(restored.status.success(), "{restored:?}");

    let server = serve(&place);
    let body = json!({"email": "grace@example.com", "password": PASSWORD});
    assert_eq!(server.call("POST", "/user/login", "", body).await.0, 200);
    let used = sign_in_with(&server, "ada@example.com", &app.backup_codes[0]).await;
    assert_eq!(used.0, 400, "{used:?}");
    let unused = sign_in_with(&server, "ada@example.com", &app.backup_codes[1]).await;
    assert_eq!(unused.0, 200, "{unused:?}");
    place.run(&["activity", "verify"]).ok();
}
