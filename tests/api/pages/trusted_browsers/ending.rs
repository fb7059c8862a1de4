//! What ends trust by itself: time, and every change of what was proved, whoever makes it.

use chrono::TimeDelta;
use countersign::accounts::purge;
use countersign::activity::{Door, Origin};
use countersign::db::users;
use countersign::mfa::{Method, settings};
use serde_json::json;

use super::{is_enough, member, server, trusted};
use crate::support::authenticator::Authenticator;
use crate::support::soft_passkey::SoftPasskey;
use crate::support::{PASSWORD, Person, Program, TestApp};

const NEW_PASSWORD: &str = "an entirely different sentence";

/// Somebody with an app, a passkey and a program that proved the app, in an organization that trusts browsers.
async fn equipped(app: &TestApp) -> (Person<'_>, Program<'_>, Authenticator, SoftPasskey) {
    let (person, authenticator) = member(app, 30).await;
    let program = person.sign_in_with(&authenticator).await;
    let mut key = SoftPasskey::new(app);
    program.enrol(&mut key).await;
    (person, program, authenticator, key)
}

/// Whether a browser is still trusted that was trusted before this.
async fn survives(app: &TestApp, person: &Person<'_>, change: impl AsyncFnOnce()) -> bool {
    app.db_trust(&person.id);
    change().await;
    !app.db_trusted(&person.id).is_empty()
}

#[actix_web::test]
async fn dv_5_it_ends_by_itself_however_often_it_is_used() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = trusted(&person, &authenticator).await;
    for _ in 0..3 {
        app.advance(TimeDelta::days(9));
        assert!(is_enough(&browser, &person).await);
    }
    app.advance(TimeDelta::days(3) - TimeDelta::minutes(1));
    assert!(is_enough(&browser, &person).await);
    app.advance(TimeDelta::minutes(1));
    assert!(!is_enough(&browser, &person).await);
    app.advance(TimeDelta::seconds(1));
    app.db(|conn| purge(conn, &app.app, app.app.clock.now()).unwrap());
    assert!(app.db_trusted(&person.id).is_empty());
}

#[actix_web::test]
async fn fewer_days_are_felt_by_the_next_sign_in() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let organization = person.organization_id.as_deref().unwrap();
    let browser = trusted(&person, &authenticator).await;
    app.advance(TimeDelta::days(10) - TimeDelta::minutes(1));
    app.db_trust_days(organization, 10);
    assert!(is_enough(&browser, &person).await);
    app.advance(TimeDelta::minutes(1));
    assert!(!is_enough(&browser, &person).await);
    app.db_trust_days(organization, 90);
    assert!(
        is_enough(&browser, &person).await,
        "no longer than was said"
    );
    app.db_trust_days(organization, 0);
    assert!(!is_enough(&browser, &person).await);
}

#[actix_web::test]
async fn dv_5_every_change_of_a_method_by_its_holder_ends_it() {
    let app = server().await;
    let (person, program, _, _) = equipped(&app).await;
    let word = |word: &str| json!({"mfaType": word});
    let post = async |path: &str, body| {
        program.post(path, body).await.ok();
    };
    for (what, path, body) in [
        ("primary", "/mfa/primary", word("PASSKEY")),
        ("off", "/mfa/disable", word("GOOGLE_AUTH")),
        ("on", "/mfa/enable", word("GOOGLE_AUTH")),
        ("codes", "/mfa/backup-codes", json!({})),
    ] {
        assert!(
            !survives(&app, &person, async || post(path, body).await).await,
            "{what}"
        );
    }
    let another_app = async || {
        program.set_up_totp().await;
    };
    assert!(!survives(&app, &person, another_app).await, "another app");
    let mut other = SoftPasskey::new(&app);
    let another_key = async || program.enrol(&mut other).await;
    assert!(
        !survives(&app, &person, another_key).await,
        "another passkey"
    );
    let path = program.newest_passkey().await;
    let removed = async || {
        program.delete(&path).await.ok();
    };
    assert!(!survives(&app, &person, removed).await, "a passkey removed");
    let all = async || post("/mfa/reset", json!({})).await;
    assert!(!survives(&app, &person, all).await, "reset");
}

#[actix_web::test]
async fn dv_5_a_new_password_address_or_organization_ends_it_whoever_writes_it() {
    let app = server().await;
    let (person, program, _, _) = equipped(&app).await;
    let id = person.id.clone();
    let path = format!("/user/{id}");
    let body = json!({"password": NEW_PASSWORD, "currentPassword": PASSWORD});
    let password = async || {
        program.put(&path, body).await.ok();
    };
    assert!(!survives(&app, &person, password).await, "password");
    for change in [
        "UPDATE users SET email = 'other@example.com'",
        "UPDATE users SET epoch = epoch + 1",
        "UPDATE users SET primary_method = 'magic_link'",
        "UPDATE users SET password_changed_at = '2026-01-01 00:00:00'",
        "UPDATE users SET organization_id = NULL",
        "UPDATE users SET deactivated_at = '2026-01-01 00:00:00'",
    ] {
        let change = format!("{change} WHERE id = '{id}'");
        assert!(
            !survives(&app, &person, async || app.db_execute(&change)).await,
            "{change}"
        );
    }
    for change in [
        "UPDATE factors SET verified_at = '2026-01-01 00:00:00'",
        "UPDATE factors SET enabled = NOT enabled",
        "UPDATE totp_secrets SET created_at = '2026-01-01 00:00:00'",
        "UPDATE backup_code_sets SET activated_at = '2026-01-01 00:00:00'",
        "DELETE FROM passkeys",
        "DELETE FROM factors",
    ] {
        if change.contains("backup_code_sets") {
            app.db_execute(&format!(
                "UPDATE backup_code_sets SET activated_at = NULL WHERE user_id = '{id}'"
            ));
        }
        let change = format!("{change} WHERE user_id = '{id}'");
        assert!(
            !survives(&app, &person, async || app.db_execute(&change)).await,
            "{change}"
        );
    }
    let another_set = format!(
        "INSERT INTO backup_code_sets (id, user_id, session_id, activated_at, created_at) \
         SELECT 'set', user_id, 'session', created_at, created_at FROM backup_code_sets \
         WHERE user_id = '{id}' AND activated_at IS NULL"
    );
    app.db_execute(&format!(
        "UPDATE backup_code_sets SET activated_at = NULL WHERE user_id = '{id}'"
    ));
    let codes = async || app.db_execute(&another_set);
    assert!(
        !survives(&app, &person, codes).await,
        "another set of codes"
    );
    app.db_trust(&person.id);
    app.db_execute(&format!("DELETE FROM users WHERE id = '{id}'"));
    assert!(app.db_trusted(&id).is_empty());
}

#[actix_web::test]
async fn a_change_of_somebody_else_ends_nothing() {
    let app = server().await;
    let (person, _) = member(&app, 30).await;
    let (_, program, _, _) = equipped(&app).await;
    let reset = async || {
        program.post("/mfa/reset", json!({})).await.ok();
    };
    assert!(survives(&app, &person, reset).await);
}

#[actix_web::test]
async fn uses_names_suspensions_and_other_envelopes_end_nothing() {
    let app = server().await;
    let (person, program, authenticator, key) = equipped(&app).await;
    let path = program.newest_passkey().await;
    let renamed = async || {
        program.put(&path, json!({"name": "Work"})).await.ok();
    };
    assert!(survives(&app, &person, renamed).await, "renamed");
    let used = async || {
        program.prove(&key).await.ok();
    };
    assert!(survives(&app, &person, used).await, "a passkey used");
    let code = authenticator.next_code(&app);
    let used = async || {
        program.answer(&code).await.ok();
    };
    assert!(survives(&app, &person, used).await, "a code used");
    let codes = program.post_nothing("/mfa/backup-codes").await;
    let code = codes.ok()["data"]["backupCodes"][0]
        .as_str()
        .unwrap()
        .to_owned();
    let used = async || {
        person.sign_in().await.answer(&code).await.ok();
    };
    assert!(survives(&app, &person, used).await, "a backup code used");
    let started = async || {
        program.start_totp().await;
    };
    assert!(survives(&app, &person, started).await, "a set-up begun");
    let suspended = async || app.db_change_factor(&person.id, Method::Totp, true, true);
    assert!(survives(&app, &person, suspended).await, "suspended");
    let id = &person.id;
    for change in [
        format!("UPDATE totp_secrets SET secret = 'another envelope' WHERE user_id = '{id}'"),
        format!("UPDATE users SET password_hash = 'the same, hashed anew' WHERE id = '{id}'"),
        format!("UPDATE users SET first_name = 'A', role = 254, language = 'de' WHERE id = '{id}'"),
        format!("UPDATE users SET email = email, epoch = epoch WHERE id = '{id}'"),
        format!(
            "UPDATE factors SET enabled = enabled, verified_at = verified_at WHERE user_id = '{id}'"
        ),
    ] {
        assert!(
            survives(&app, &person, async || app.db_execute(&change)).await,
            "{change}"
        );
    }
}

#[actix_web::test]
async fn dv_5_a_change_on_a_page_is_felt_by_the_browser_that_was_trusted() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = trusted(&person, &authenticator).await;
    let other = trusted(&person, &authenticator).await;
    let page = browser.get("/security").await;
    assert!(
        page.text("#trusted .purpose")
            .ends_with("Any change of your password or methods stops trusting all of them.")
    );
    let page = browser.get("/security/password").await;
    let fields = [("current_password", PASSWORD), ("password", NEW_PASSWORD)];
    assert_eq!(browser.submit(&page, &fields).await.status, 303);
    for one in [&browser, &other] {
        let page = super::enter(one, &person, NEW_PASSWORD).await;
        assert_eq!(page.location(), "/login/verify");
    }
}

#[actix_web::test]
async fn or_7_a_reset_by_an_administrator_ends_it() {
    let app = server().await;
    let (person, authenticator) = member(&app, 30).await;
    let browser = trusted(&person, &authenticator).await;
    app.db(|conn| {
        countersign::db::write(conn, |conn| {
            let user = users::find(conn, &person.id)?.unwrap();
            let (origin, now) = (Origin::local(Door::Cli), app.app.clock.now());
            settings::reset_by_administrator(conn, &app.app.keys, &origin, &user, None, now)
        })
        .unwrap();
    });
    assert!(app.db_trusted(&person.id).is_empty());
    // Nothing is owed any more; and what the cookie holds is of no use once something is.
    let program = person.sign_in().await;
    program.set_up_totp().await;
    assert!(!is_enough(&browser, &person).await);
}
