//! A right password that no second factor follows is told.

use chrono::TimeDelta;
use countersign::accounts::unfinished::tell_due;
use countersign::mfa::Method;

use super::{SIGN_IN, answer, sign_in, subjects, told, with_mail};
use crate::support::authenticator::Authenticator;
use crate::support::mail_server::MailServer;
use crate::support::{Person, TestApp};

const SUBJECT: &str = "A sign-in stopped after your password";

/// Looks, as every process does every few seconds.
fn look(app: &TestApp) -> usize {
    app.db(|conn| tell_due(conn, &app.app).unwrap())
}

/// What is told after so long.
async fn told_after(app: &TestApp, server: &MailServer, by: TimeDelta) -> Vec<String> {
    app.advance(by);
    look(app);
    subjects(&told(app, server).await)
}

/// Somebody with an authenticator app, signed in by a program; that is told already.
async fn somebody<'a>(app: &'a TestApp, server: &MailServer) -> (Person<'a>, Authenticator) {
    let (person, program) = app.user().signed_in().await;
    let authenticator = program.set_up_totp().await;
    told(app, server).await;
    (person, authenticator)
}

#[actix_web::test]
async fn a_right_password_without_a_second_factor_is_told_after_three_minutes_once() {
    let (app, server) = with_mail().await;
    let (person, _) = somebody(&app, &server).await;
    let began = app.app.clock.now();
    sign_in(&app.browser(), &person).await;
    let not_yet = told_after(&app, &server, TimeDelta::seconds(170)).await;
    assert!(not_yet.is_empty(), "{not_yet:?}");
    app.advance(TimeDelta::seconds(15));
    assert_eq!(look(&app), 1);
    let mails = told(&app, &server).await;
    assert_eq!(subjects(&mails), [SUBJECT]);
    let said = mails[0].text();
    let when = format!("{} UTC", began.format("%H:%M"));
    for part in [
        "Somebody entered your password, and the second step did not follow.",
        "If that was you, there is nothing to do.",
        "Where: 127.0.0.1, Chrome on Linux",
        when.as_str(),
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert_eq!(look(&app), 0, "once");
    let events = app.db_activity(&person.id);
    let event = events.last().unwrap();
    assert_eq!(event.event, "authn_unfinished");
    assert_eq!(
        (event.outcome.as_str(), event.door.as_str()),
        ("failure", "browser")
    );
    assert!(event.session_hash.is_some() && event.actor_id.is_none());
}

#[actix_web::test]
async fn a_program_that_stops_there_is_told_too() {
    let (app, server) = with_mail().await;
    let (person, _) = somebody(&app, &server).await;
    person.sign_in().await;
    let mails = told_after(&app, &server, TimeDelta::minutes(4)).await;
    assert_eq!(mails, [SUBJECT]);
}

#[actix_web::test]
async fn a_sign_in_that_was_finished_and_one_that_was_started_twice_are_no_news() {
    let (app, server) = with_mail().await;
    let (person, authenticator) = somebody(&app, &server).await;
    let browser = app.browser();
    sign_in(&browser, &person).await;
    answer(&browser, &authenticator.next_code(&app)).await;
    assert_eq!(
        told_after(&app, &server, TimeDelta::minutes(4)).await,
        [SIGN_IN]
    );

    // Started twice, the second one finished.
    sign_in(&browser, &person).await;
    app.advance(TimeDelta::seconds(20));
    sign_in(&browser, &person).await;
    answer(&browser, &authenticator.next_code(&app)).await;
    assert!(
        told_after(&app, &server, TimeDelta::minutes(4))
            .await
            .is_empty()
    );

    // Started twice, the first one finished.
    let (one, other) = (person.sign_in().await, person.sign_in().await);
    one.answer(&authenticator.next_code(&app)).await.ok();
    assert!(
        told_after(&app, &server, TimeDelta::minutes(4))
            .await
            .is_empty()
    );
    drop(other);
}

#[actix_web::test]
async fn what_another_client_finished_excuses_nobody() {
    let (app, server) = with_mail().await;
    let (person, authenticator) = somebody(&app, &server).await;
    let thief = app.browser();
    sign_in(&thief, &person).await;
    person.sign_in_with(&authenticator).await;
    assert_eq!(
        told_after(&app, &server, TimeDelta::minutes(4)).await,
        [SUBJECT]
    );
}

#[actix_web::test]
async fn signing_out_or_guessing_hides_nothing() {
    let (app, server) = with_mail().await;
    let (person, authenticator) = somebody(&app, &server).await;
    let thief = person.sign_in().await;
    for _ in 0..2 {
        let wrong = authenticator.wrong_code(&app);
        assert_eq!(thief.answer(&wrong).await.status, 400);
    }
    assert_eq!(thief.post_nothing("/user/logout").await.status, 200);
    assert_eq!(
        told_after(&app, &server, TimeDelta::minutes(4)).await,
        [SUBJECT]
    );
}

#[actix_web::test]
async fn whoever_stops_again_and_again_causes_one_mail_an_hour() {
    let (app, server) = with_mail().await;
    let (person, _) = somebody(&app, &server).await;
    let mut all = Vec::new();
    for _ in 0..13 {
        person.sign_in().await;
        all.extend(told_after(&app, &server, TimeDelta::minutes(5)).await);
    }
    assert_eq!(all, [SUBJECT, SUBJECT], "in 65 minutes");
}

#[actix_web::test]
async fn an_account_that_has_to_set_a_method_up_first_is_not_told() {
    let (app, server) = with_mail().await;
    let (person, _) = app.user().in_organization("Gate").signed_in().await;
    let organization = person.organization_id.clone().unwrap();
    app.db_require_mfa(&organization, None, &[Method::Totp]);
    let limited = person.sign_in().await;
    assert_eq!(limited.get("/user/profile").await.status, 403);
    sign_in(&app.browser(), &person).await;
    let mails = told_after(&app, &server, TimeDelta::minutes(4)).await;
    assert!(!mails.contains(&SUBJECT.to_owned()), "{mails:?}");
}

#[actix_web::test]
async fn of_many_who_look_at_once_one_tells() {
    let (app, server) = with_mail().await;
    for _ in 0..5 {
        let (person, _) = somebody(&app, &server).await;
        person.sign_in().await;
    }
    app.advance(TimeDelta::minutes(4));
    let all = (0..4).map(|_| app.app.db(|app, conn| tell_due(conn, app)));
    let told_of = futures_util::future::join_all(all).await;
    let sum: usize = told_of.into_iter().map(Result::unwrap).sum();
    let mails = subjects(&told(&app, &server).await);
    assert_eq!((sum, mails.len()), (5, 5), "{mails:?}");
}

#[actix_web::test]
async fn what_cannot_be_told_is_looked_at_again() {
    let (app, server) = with_mail().await;
    let (person, _) = somebody(&app, &server).await;
    person.sign_in().await;
    app.advance(TimeDelta::minutes(4));
    app.db_execute("ALTER TABLE mails RENAME TO mails_hidden");
    app.db(|conn| assert!(tell_due(conn, &app.app).is_err()));
    app.db_execute("ALTER TABLE mails_hidden RENAME TO mails");
    assert_eq!(look(&app), 1);
    assert_eq!(subjects(&told(&app, &server).await), [SUBJECT]);
}
