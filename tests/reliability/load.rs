//! R13: more sign-ins than can be hashed. Those that cannot be served soon are told so at once, and everybody else
//! notices little.

use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::rt::spawn;
use actix_web::rt::time::{interval, sleep};
use futures_util::future::join_all;

use crate::client::Client;
use crate::people::Person;
use crate::process::resident;
use crate::scale::{at_least, at_most, millis, percentile, scaled};
use crate::support::{Place, without_limits};

const MEBIBYTE: f64 = 1_048_576.0;

/// How long statuses take, at twenty a second.
pub async fn statuses(client: Rc<Client>, token: String, duration: Duration) -> Vec<Duration> {
    let mut ticks = interval(Duration::from_millis(50));
    let until = Instant::now() + duration;
    let mut asked = Vec::new();
    while Instant::now() < until {
        ticks.tick().await;
        let (client, token) = (Rc::clone(&client), token.clone());
        asked.push(spawn(async move {
            let answer = client.get("/mfa/status", &token).await.unwrap();
            assert!(answer.is_ok(), "{answer:?}");
            answer.took
        }));
    }
    join_all(asked)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

#[actix_web::test]
async fn r13_a_storm_of_sign_ins_is_bounded_and_holds_up_no_other_request() {
    let place = Place::new();
    let ada = Rc::new(Person::new(&place, "ada@example.com"));
    let server = place.serve_with(|command| {
        without_limits(command);
        command.env("RUST_LOG", "warn,countersign=info");
    });
    let quiet = Rc::new(Client::from(&server, "127.0.0.2"));
    let token = ada.sign_in(&quiet).await;
    let mut idle = statuses(
        Rc::clone(&quiet),
        token.clone(),
        Duration::from_secs(scaled(2, 10)),
    )
    .await;
    let idle = percentile(&mut idle, 99);
    // What one sign-in after the other takes, which a machine that is slower than ours cannot beat.
    let since = Instant::now();
    for _ in 0..20 {
        ada.log_in(&quiet).await;
    }
    let alone = 20.0 / since.elapsed().as_secs_f64();
    let before = resident(server.pid);

    let duration = Duration::from_secs(scaled(4, 30));
    let until = Instant::now() + duration;
    let people: Vec<_> = ada.copies(&place, 64).into_iter().map(Rc::new).collect();
    let storm: Vec<_> = people
        .into_iter()
        .map(|person| {
            let client = Client::from(&server, "127.0.0.3");
            spawn(async move {
                let (mut done, mut refused) = (0_usize, 0_usize);
                while Instant::now() < until {
                    let answer = client
                        .post("/user/login", "", person.password())
                        .await
                        .unwrap();
                    match answer.status {
                        200 => done += 1,
                        503 => {
                            assert!(answer.retry_after.is_some(), "{answer:?}");
                            refused += 1;
                            // Half of what it asks for: a client that is worse than it should be.
                            sleep(Duration::from_millis(500)).await;
                        }
                        _ => panic!("{answer:?}"),
                    }
                    assert!(
                        answer.took < Duration::from_secs(scaled(15, 5)),
                        "{answer:?}"
                    );
                }
                (done, refused)
            })
        })
        .collect();
    let mut took = statuses(quiet, token, duration).await;
    let storm = join_all(storm).await;
    let (done, refused) = storm
        .into_iter()
        .map(Result::unwrap)
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let grown = resident(server.pid).saturating_sub(before);
    let permits = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .saturating_sub(1)
        .max(1);
    println!(
        "R13  {done} sign-ins, {refused} told to come back; idle status p99 {:.1} ms",
        millis(idle)
    );
    let goal = millis(idle * 5).max(50.0);
    at_most(
        "R13",
        "status p99",
        millis(percentile(&mut took, 99)),
        "ms",
        goal,
    );
    at_least(
        "R13",
        "sign-ins",
        done as f64 / duration.as_secs_f64(),
        "/s",
        28.0_f64.min(0.6 * alone),
    );
    let room = permits as f64 * 19.0 + 32.0;
    at_most("R13", "memory grown", grown as f64 / MEBIBYTE, "MiB", room);
    assert!(done > 0 && refused > 0, "{done} and {refused}");
    // Twice that is a leak on any machine.
    assert!(grown as f64 / MEBIBYTE < 2.0 * room, "{grown} bytes");
}
