//! An answer works once, and a challenge is answered once, however often and however many at a time.

use futures_util::future::join_all;
use serde_json::Value;

use super::{holder, patient_app};
use crate::support::Answer;
use crate::support::soft_passkey::{Signature, SoftPasskey};

/// How many got in. None may have failed for another reason than being late.
#[track_caller]
fn accepted(answers: &[Answer]) -> usize {
    for answer in answers {
        let is_late = matches!(
            (answer.status, answer.code()),
            (400, "invalid_code") | (401, "unauthenticated" | "invalid_credentials")
        );
        assert!(answer.status == 200 || is_late, "{answer:?}");
    }
    answers.iter().filter(|answer| answer.status == 200).count()
}

#[actix_web::test]
async fn e05_an_assertion_works_once_and_never_again_in_another_sign_in() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    let limited = person.sign_in().await;
    let used = key.get(&limited.request_options().await).json();
    limited.present(used.clone()).await.ok();
    let again = limited.present(used.clone()).await;
    again.refused(401, "unauthenticated");
    let limited = person.sign_in().await;
    let again = limited.present(used.clone()).await;
    again.refused(400, "invalid_code");
    let options = limited.request_options().await;
    for session in [&limited, &program] {
        let again = session.present(used.clone()).await;
        again.refused(400, "invalid_code");
    }
    let again = app.sign_in_alone(used).await;
    again.refused(401, "invalid_credentials");
    limited.present(key.get(&options).json()).await.ok();
}

#[actix_web::test]
async fn e05_an_assertion_that_signed_somebody_in_alone_works_once() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    let used = key.get(&app.sign_in_options().await).json();
    app.sign_in_alone(used.clone()).await.ok();
    for _ in 0..2 {
        let again = app.sign_in_alone(used.clone()).await;
        again.refused(401, "invalid_credentials");
    }
    let limited = person.sign_in().await;
    limited.present(used).await.refused(400, "invalid_code");
    app.sign_in_with_only(&key).await.ok();
}

#[actix_web::test]
async fn e05_a_challenge_that_made_a_passkey_makes_no_other() {
    let app = patient_app().await;
    let (_, program) = app.user().signed_in().await;
    let options = program.creation_options().await;
    let first = SoftPasskey::new(&app).create(&options).json();
    let second = SoftPasskey::new(&app).create(&options).json();
    program.register(first.clone()).await.ok();
    for again in [first, second] {
        let answer = program.register(again).await;
        answer.refused(400, "invalid_code");
    }
    assert_eq!(program.own_passkeys().await.len(), 1);
}

#[actix_web::test]
async fn e05_r04_of_fifty_copies_at_once_one_finishes_the_sign_in() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    for round in 0..5 {
        let limited = person.sign_in().await;
        let used = key.get(&limited.request_options().await).json();
        let copies = (0..50).map(|_| limited.present(used.clone()));
        assert_eq!(accepted(&join_all(copies).await), 1, "round {round}");
    }
}

#[actix_web::test]
async fn e05_r04_of_fifty_copies_at_once_one_renews_the_proof() {
    let app = patient_app().await;
    let (_, program, key) = holder(&app).await;
    for round in 0..3 {
        let used = key.get(&program.request_options().await).json();
        let copies = (0..50).map(|_| program.present(used.clone()));
        assert_eq!(accepted(&join_all(copies).await), 1, "round {round}");
    }
}

#[actix_web::test]
async fn e05_r04_of_fifty_copies_at_once_one_signs_in_alone() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    for round in 0..3 {
        let used = key.get(&app.sign_in_options().await).json();
        let copies = (0..50).map(|_| app.sign_in_alone(used.clone()));
        assert_eq!(accepted(&join_all(copies).await), 1, "round {round}");
        let sessions = app.db_session_ids(&person.id).len();
        assert_eq!(sessions, round + 2, "one more than before");
    }
}

#[actix_web::test]
async fn e05_r04_of_fifty_copies_at_once_of_a_new_passkey_one_is_added() {
    let app = patient_app().await;
    let (person, program) = app.user().signed_in().await;
    for round in 1..4 {
        let options = program.creation_options().await;
        let made = SoftPasskey::new(&app).create(&options).json();
        let copies = (0..50).map(|_| program.register(made.clone()));
        assert_eq!(accepted(&join_all(copies).await), 1, "round {round}");
        assert_eq!(app.db_passkeys(&person.id).len(), round);
    }
}

#[actix_web::test]
async fn e14_of_one_id_made_for_several_accounts_at_once_one_is_added() {
    let app = patient_app().await;
    for round in 0..4 {
        let mut key = SoftPasskey::new(&app);
        let mut waiting = Vec::new();
        for _ in 0..8 {
            let (person, program) = app.user().signed_in().await;
            let options = program.creation_options().await;
            waiting.push((person, program, key.create(&options).json()));
        }
        let all = waiting
            .iter()
            .map(|(_, program, made)| program.register(made.clone()));
        let answers = join_all(all).await;
        assert_eq!(accepted(&answers), 1, "round {round}");
        for ((person, program, _), answer) in waiting.iter().zip(&answers) {
            let has_it = answer.status == 200;
            assert_eq!(app.db_passkeys(&person.id).len(), usize::from(has_it));
            assert_eq!(program.status().await["isEnabled"], has_it);
        }
    }
}

#[actix_web::test]
async fn e05_a_first_wrong_answer_uses_the_challenge_up() {
    let app = patient_app().await;
    let (person, program, key) = holder(&app).await;
    let wrong = key.but(|key| key.signature = Signature::es256());
    let pair = |options: &Value| [wrong.get(options).json(), key.get(options).json()];

    let limited = person.sign_in().await;
    for used in pair(&limited.request_options().await) {
        limited.present(used).await.refused(400, "invalid_code");
    }
    limited.prove(&key).await.ok();

    for used in pair(&app.sign_in_options().await) {
        let answer = app.sign_in_alone(used).await;
        answer.refused(401, "invalid_credentials");
    }
    app.sign_in_with_only(&key).await.ok();

    let options = program.creation_options().await;
    let mut new = SoftPasskey::new(&app);
    let mut unverified = new.but(|key| key.flags = 0);
    for key in [&mut unverified, &mut new] {
        let answer = program.register(key.create(&options).json()).await;
        answer.refused(400, "invalid_code");
    }
    assert_eq!(program.own_passkeys().await.len(), 1);
    program.enrol(&mut new).await;
}

#[actix_web::test]
async fn two_challenges_answered_at_once_with_one_passkey_are_both_good() {
    let app = patient_app().await;
    let (person, _, key) = holder(&app).await;
    for _ in 0..4 {
        let (one, other) = (person.sign_in().await, person.sign_in().await);
        let first = key.get(&one.request_options().await).json();
        let second = key.get(&other.request_options().await).json();
        let answers = join_all([one.present(first), other.present(second)]).await;
        assert_eq!(accepted(&answers), 2, "it does not count");
    }
}
