//! Several processes on one database: starting together, serving together, commands beside a server.

use serde_json::json;

use crate::support::{PASSWORD, Place, path_of};

#[actix_web::test]
async fn r10_processes_that_start_at_once_on_a_new_database_all_come_up_and_migrate_it_once() {
    let place = Place::new();
    let mut servers: Vec<_> = (0..4).map(|_| place.start(&["serve"], |_| {})).collect();
    let mut migrations = 0;
    for server in &mut servers {
        server.wait_until_it_listens();
        migrations += server
            .log
            .iter()
            .filter(|line| line.contains("applied migration"))
            .count();
    }
    let applied = place.sql_number("SELECT count(*) AS n FROM __diesel_schema_migrations");
    assert_eq!(i64::try_from(migrations).unwrap(), applied);
    assert_eq!(place.sql_number("SELECT count(*) AS n FROM key_checks"), 1);
    let mut links = Vec::new();
    for server in &servers {
        assert_eq!(server.get("/health/ready").await, 200);
        links.push(server.link());
    }
    // Each printed a link; the newest is the one that counts, on every server.
    let mut alive = 0;
    for link in &links {
        alive += usize::from(servers[0].get(path_of(link)).await == 200);
    }
    assert_eq!(alive, 1);
    assert_eq!(
        place.run(&["activity", "verify"]).ok(),
        "the record is intact: 4 rows"
    );
}

#[test]
fn r21_commands_that_start_at_once_on_a_new_database_all_succeed() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for n in 0..4 {
            let place = &place;
            scope.spawn(move || place.create_user(&format!("person-{n}@example.com"), &[]));
        }
    });
    assert_eq!(
        place
            .run(&["--json", "user", "list"])
            .json()
            .as_array()
            .unwrap()
            .len(),
        4
    );
    place.run(&["activity", "verify"]).ok();
}

#[actix_web::test]
async fn r21_commands_work_beside_a_serving_process() {
    let place = Place::new();
    place.create_user("ada@example.com", &[]);
    let server = place.serve();
    let (token, _) = server.sign_in("ada@example.com").await;
    let commands = std::thread::scope(|scope| {
        let busy = scope.spawn(|| {
            for n in 0..5 {
                place.create_user(&format!("person-{n}@example.com"), &[]);
                place.run(&["user", "list"]).ok();
                place.run(&["user", "link", "ada@example.com"]).ok();
                place.run(&["mfa", "status", "ada@example.com"]).ok();
                place.run(&["activity", "verify"]).ok();
            }
        });
        futures_util::future::ready(busy.join())
    });
    commands.await.unwrap();
    for n in 0..5 {
        server.sign_in(&format!("person-{n}@example.com")).await;
    }
    let (status, _) = server
        .call("GET", "/user/profile", &token, json!(null))
        .await;
    assert_eq!(status, 200);
}

#[actix_web::test]
async fn r21_two_servers_on_one_database_share_sessions() {
    let place = Place::new();
    if place.postgres.is_none() {
        return;
    }
    place.create_user("ada@example.com", &[]);
    let other_place = place.twin();
    let (one, two) = (place.serve(), other_place.serve());
    assert_eq!((one.printed().len(), two.printed().len()), (0, 0));

    let (token, id) = one.sign_in("ada@example.com").await;
    let (status, body) = two.call("GET", "/mfa/status", &token, json!(null)).await;
    assert_eq!(
        (status, &body["data"]["sessionVerified"]),
        (200, &json!(true))
    );
    let (second, _) = two.sign_in("ada@example.com").await;
    let path = format!("/token/{id}");
    let (status, body) = two.call("DELETE", &path, &second, json!(null)).await;
    assert_eq!(status, 200, "{body}");
    let (status, _) = one.call("GET", "/mfa/status", &token, json!(null)).await;
    assert_eq!(status, 401);
    let (status, _) = one.call("POST", "/user/logout", &second, json!({})).await;
    assert_eq!(status, 200);
    let (status, _) = two.call("GET", "/mfa/status", &second, json!(null)).await;
    assert_eq!(status, 401);
}

#[actix_web::test]
async fn r21_two_servers_on_one_database_count_wrong_passwords_together() {
    let place = Place::new();
    if place.postgres.is_none() {
        return;
    }
    place.create_user("ada@example.com", &[]);
    let other_place = place.twin();
    let (one, two) = (place.serve(), other_place.serve());
    let mut refused = 0;
    for n in 0..10 {
        let server = if n % 2 == 0 { &one } else { &two };
        let body = json!({"email": "ada@example.com", "password": "not the password at all"});
        let (status, _) = server.call("POST", "/user/login", "", body).await;
        assert!(n >= 5 || status == 401, "try {n}: {status}");
        refused += usize::from(status == 429);
    }
    assert!(refused >= 1, "each process counts alone");
}

#[actix_web::test]
async fn r21_two_servers_refresh_one_token_to_one_pair() {
    let place = Place::new();
    if place.postgres.is_none() {
        return;
    }
    place.create_user("ada@example.com", &[]);
    let other_place = place.twin();
    let (one, two) = (place.serve(), other_place.serve());
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    let (_, signed_in) = one.call("POST", "/user/login", "", body).await;
    let body = json!({"refresh_token": signed_in["refreshToken"]});
    let tries = (0..20).map(|n| {
        let server = if n % 2 == 0 { &one } else { &two };
        server.call("POST", "/user/refresh", "", body.clone())
    });
    let answers = futures_util::future::join_all(tries).await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.0 == 200 && answer == &answers[0]),
        "{answers:?}"
    );
}
