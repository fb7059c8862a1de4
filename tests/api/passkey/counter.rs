//! What an authenticator counts: each use has to be further than the last.

use futures_util::future::join_all;

use super::patient_app;
use crate::support::soft_passkey::SoftPasskey;
use crate::support::{Person, TestApp};

/// Somebody whose passkey has counted this far.
async fn counted_to(app: &TestApp, count: u32) -> (Person<'_>, SoftPasskey) {
    let (person, program) = app.user().signed_in().await;
    let mut key = SoftPasskey::new(app).but(|key| key.sign_count = count);
    program.enrol(&mut key).await;
    (person, key)
}

fn stored(app: &TestApp, person: &Person<'_>) -> i64 {
    app.db_passkeys(&person.id)[0].counter
}

#[actix_web::test]
async fn e16_a_count_that_does_not_grow_is_refused_and_recorded() {
    let app = patient_app().await;
    let (person, key) = counted_to(&app, 10).await;
    let at = |count| key.but(|key| key.sign_count = count);
    for count in [9, 10, 0] {
        let limited = person.sign_in().await;
        let answer = limited.prove(&at(count)).await;
        answer.refused(400, "invalid_code");
        limited
            .get("/user/profile")
            .await
            .refused(403, "mfa_required");
        assert_eq!(stored(&app, &person), 10, "{count}");
    }
    let alone = app.sign_in_with_only(&at(10)).await;
    alone.refused(401, "invalid_credentials");
    let recorded = app.db_reasons(&person.id, "passkey_counter_regress");
    assert_eq!(recorded, ["counter_went_back"; 4]);

    person.sign_in_by(&at(11)).await;
    assert_eq!(stored(&app, &person), 11);
    let limited = person.sign_in().await;
    let again = limited.prove(&at(11)).await;
    again.refused(400, "invalid_code");
    person.sign_in_by(&at(u32::MAX)).await;
    assert_eq!(stored(&app, &person), i64::from(u32::MAX));
}

#[actix_web::test]
async fn e16_of_two_uses_at_once_the_higher_count_stays() {
    let app = patient_app().await;
    let (person, key) = counted_to(&app, 11).await;
    for round in 0..12 {
        let low = 12 + 2 * round;
        // The higher count sets out first in every other round.
        let counts = if round % 2 == 0 {
            [low, low + 1]
        } else {
            [low + 1, low]
        };
        let mut waiting = Vec::new();
        for count in counts {
            let limited = person.sign_in().await;
            let options = limited.request_options().await;
            let used = key.but(|key| key.sign_count = count).get(&options);
            waiting.push((limited, used.json()));
        }
        let both = waiting
            .iter()
            .map(|(limited, used)| limited.present(used.clone()));
        let answers = join_all(both).await;
        for (count, answer) in counts.into_iter().zip(answers) {
            if count > low {
                answer.ok();
            } else {
                assert!([200, 400].contains(&answer.status), "{}", answer.body);
            }
        }
        assert_eq!(stored(&app, &person), i64::from(low) + 1, "round {round}");
    }
}

#[actix_web::test]
async fn of_many_copies_that_count_the_same_one_gets_in() {
    let app = patient_app().await;
    let (person, key) = counted_to(&app, 1).await;
    for count in 2..5 {
        let mut waiting = Vec::new();
        for _ in 0..8 {
            let limited = person.sign_in().await;
            let options = limited.request_options().await;
            let used = key.but(|key| key.sign_count = count).get(&options);
            waiting.push((limited, used.json()));
        }
        let all = waiting
            .iter()
            .map(|(limited, used)| limited.present(used.clone()));
        let answers = join_all(all).await;
        let right = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(right, 1, "{count}");
        assert!(answers.iter().all(|answer| answer.status < 500));
        assert_eq!(stored(&app, &person), i64::from(count));
    }
}

#[actix_web::test]
async fn a_passkey_that_begins_to_count_is_held_to_it() {
    let app = patient_app().await;
    let (person, key) = counted_to(&app, 0).await;
    for count in [0, 0, 5] {
        let key = key.but(|key| key.sign_count = count);
        person.sign_in_by(&key).await;
    }
    let limited = person.sign_in().await;
    limited.prove(&key).await.refused(400, "invalid_code");
    assert_eq!(stored(&app, &person), 5);
}
