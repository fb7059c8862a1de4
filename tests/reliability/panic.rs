//! R20: a handler that panics costs its own answer and nothing else. Only a build with the feature `faults` has one.

use std::time::Duration;

use futures_util::future::{join, join_all};

use crate::client::Client;
use crate::people::Person;
use crate::support::Place;

#[actix_web::test]
async fn r20_a_hundred_panics_cost_a_hundred_answers_and_nothing_else() {
    let place = Place::new();
    let ada = Person::new(&place, "ada@example.com");
    let server = place.serve();
    let (client, other) = (Client::of(&server), Client::from(&server, "127.0.0.2"));
    let token = ada.sign_in(&client).await;
    for (where_, status) in [("handler", 500), ("database", 503)] {
        for _ in 0..10 {
            let path = format!("/health/panic/{where_}");
            let panics = join_all((0..10).map(|_| client.get(&path, "")));
            let statuses = join_all((0..10).map(|_| other.get("/mfa/status", &token)));
            let (panics, statuses) = join(panics, statuses).await;
            for answer in panics {
                let answer = answer.expect("a panic closes the connection without an answer");
                assert_eq!(answer.status, status, "{answer:?}");
                let said = answer.body.to_string();
                assert!(
                    !said.contains("asked to") && !said.contains(".rs"),
                    "{said}"
                );
            }
            assert!(
                statuses
                    .into_iter()
                    .all(|answer| answer.is_some_and(|answer| answer.is_ok()))
            );
        }
    }
    ada.sign_in(&client).await;
    println!("R20  200 panics: 200 answers, no other request hurt");
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(10)), Some(0));
}
