//! R07: the disk fills up. What cannot be stored is refused, also a code that is right and a failure that has to count;
//! reads go on, and so does everything once there is room again. A full disk of the log holds up nobody.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use serde_json::json;

use crate::client::{Client, until};
use crate::people::Person;
use crate::scale::{at_most, millis, skipped};
use crate::support::{Place, free_port, without_limits};

/// A small disk, unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    /// Mounts 8 MiB of memory there.
    fn mount(folder: &Path) -> Result<Self, String> {
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=8m,mode=700", "countersign-test"])
            .arg(folder);
        let output = mount.output().map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(Self(folder.to_owned()))
        } else {
            Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
        }
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let path = self.0.join("filler");
        let mut filler = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .unwrap();
        for size in [64 * 1_024, 4_096, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(&self.0).status();
        drop(unmounted);
    }
}

/// A process that is killed when dropped.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[actix_web::test]
async fn r07_on_a_full_disk_what_cannot_be_stored_is_refused_and_reads_go_on() {
    let place = Place::new();
    if place.postgres.is_some() {
        return skipped("R07", "the disk of a database server is its own matter");
    }
    let disk = match Disk::mount(&place.path("")) {
        Ok(disk) => disk,
        Err(reason) => return skipped("R07", &format!("no small disk can be mounted: {reason}")),
    };
    let mut ada = Person::new(&place, "ada@example.com");
    let server = place.serve_with(without_limits);
    let client = Client::of(&server);
    let token = ada.sign_in(&client).await;
    ada.set_up_app(&client, &token).await;
    ada.forget_steps(&place);
    let full = ada.enter(&place, &client).await.text("fullAccessToken");
    let mut owed = Vec::new();
    for _ in 0..4 {
        owed.push(ada.sign_in(&client).await);
    }
    ada.forget_steps(&place);
    disk.fill();
    // What SQLite has room for in the files that it has is stored; then no more.
    until(
        Duration::from_secs(30),
        "the disk is never full",
        async || {
            let answer = client
                .post("/user/login", "", ada.password())
                .await
                .unwrap();
            assert!([200, 503, 507].contains(&answer.status), "{answer:?}");
            assert!(answer.is_ok() || answer.retry_after.is_some(), "{answer:?}");
            disk.fill();
            !answer.is_ok()
        },
    )
    .await;

    assert_eq!(
        client.status_of("/mfa/status", &full).await,
        200,
        "reads go on"
    );
    assert_eq!(client.status_of("/health/live", "").await, 200);
    let left = |person: &Person| {
        let id = &person.id;
        place.sql_number(&format!(
            "SELECT coalesce(sum(wrong), 0) AS n FROM mfa_attempts WHERE user_id = '{id}'"
        ))
    };
    let counted = left(&ada);
    for body in [
        ada.code(),
        ada.wrong_code(),
        json!({"mfaType": "GOOGLE_AUTH", "code": ada.backup_codes[0]}),
    ] {
        let answer = client
            .post("/mfa/verify-login", &owed[0], body)
            .await
            .unwrap();
        assert_eq!(answer.status, 500, "{answer:?}");
        assert_eq!(answer.body["error_code"], "internal", "{answer:?}");
        assert!(answer.retry_after.is_some(), "{answer:?}");
    }
    assert_eq!(
        left(&ada),
        counted,
        "an attempt that was refused is not half stored"
    );
    assert_eq!(ada.backup_codes.len(), 10);

    disk.free();
    let since = std::time::Instant::now();
    until(Duration::from_secs(20), "it does not recover", async || {
        let answer = client
            .post("/mfa/verify-login", &owed[1], ada.code())
            .await
            .unwrap();
        answer.is_ok()
    })
    .await;
    at_most(
        "R07",
        "until it works again",
        millis(since.elapsed()),
        "ms",
        5_000.0,
    );
    for check in [
        "SELECT count(*) AS n FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
        "SELECT count(*) AS n FROM pragma_foreign_key_check",
    ] {
        assert_eq!(place.sql_number(check), 0, "{check}");
    }
    let verified = place.run(&["activity", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    drop(server);
}

#[actix_web::test]
async fn r07_a_full_disk_of_the_log_holds_up_nobody() {
    let place = Place::new();
    let ada = Person::new(&place, "ada@example.com");
    let port = free_port();
    // Writing there fails as on a disk without room.
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = place.command(&["serve"]);
    command
        .env("COUNTERSIGN_BIND", format!("127.0.0.1:{port}"))
        .env("RUST_LOG", "trace")
        .stdout(full())
        .stderr(full());
    let _serving = Serving(command.spawn().unwrap());
    let client = Client::at(&format!("http://localhost:{port}"));
    until(Duration::from_secs(30), "it does not serve", async || {
        client.status_of("/health/ready", "").await == 200
    })
    .await;
    for _ in 0..20 {
        let token = ada.sign_in(&client).await;
        assert_eq!(client.status_of("/user/profile", &token).await, 200);
    }
    place.run(&["activity", "verify"]).ok();
}
