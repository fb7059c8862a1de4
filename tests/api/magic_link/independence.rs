//! A password that came by mail and a link that comes by mail are one factor.

use serde_json::json;

use super::{mailed, reader};
use crate::support::soft_passkey::SoftPasskey;
use crate::support::{PASSWORD, TestApp};

fn mark(app: &TestApp, user_id: &str) {
    app.db(|conn| countersign::db::users::update_password_by_mail(conn, user_id, true).unwrap());
}

#[actix_web::test]
async fn beside_a_password_that_came_by_mail_the_link_is_not_accepted_where_there_is_anything_else()
{
    let (app, server) = mailed().await;
    let (person, program) = reader(&app, &server).await;
    let phone = program.set_up_totp().await;
    mark(&app, &person.id);
    // What the account has is what it has; what is asked for is something else.
    let status = program.status().await;
    assert_eq!(
        status["enabledMethods"],
        json!(["GOOGLE_AUTH", "MAGIC_LINK"])
    );
    let answer = person.try_sign_in(PASSWORD).await;
    assert_eq!(answer.ok()["mfaMethods"], json!(["GOOGLE_AUTH"]));
    assert_eq!(answer.body["primaryMethod"], "GOOGLE_AUTH");
    let limited = person.sign_in().await;
    limited
        .send_email_link()
        .await
        .refused(400, "method_not_enabled");
    limited
        .answer_email_link("code", "123456")
        .await
        .refused(400, "method_not_enabled");
    // A sign-in by something else shows that there is more than a mailbox.
    limited.answer(&phone.next_code(&app)).await.ok();
    assert!(!app.db_is_password_by_mail(&person.id));
    person.sign_in().await.send_email_link().await.ok();
}

#[actix_web::test]
async fn a_backup_code_is_something_else_too() {
    let (app, server) = mailed().await;
    let (person, program) = reader(&app, &server).await;
    let codes = program.post_nothing("/mfa/backup-codes").await;
    let backup = codes.ok()["data"]["backupCodes"][0]
        .as_str()
        .unwrap()
        .to_owned();
    mark(&app, &person.id);
    let limited = person.sign_in().await;
    limited
        .send_email_link()
        .await
        .refused(400, "method_not_enabled");
    let body = json!({"mfaType": "MAGIC_LINK", "code": backup});
    limited.post("/mfa/verify-login", body).await.ok();
    assert!(!app.db_is_password_by_mail(&person.id));
}

#[actix_web::test]
async fn where_it_is_all_there_is_it_is_accepted_and_the_mark_stays() {
    let (app, server) = mailed().await;
    let (person, _) = reader(&app, &server).await;
    mark(&app, &person.id);
    let limited = person.sign_in().await;
    limited.send_email_link().await.ok();
    let link = server.newest_link(&app, &person.email);
    let answer = limited.answer_email_link("token", &link.token).await;
    assert!(app.db_is_password_by_mail(&person.id));
    // Changing the password with the old one shows that its holder knows it.
    let full = app.stranger().with_token(&answer.text("/fullAccessToken"));
    let body = json!({"password": "another long passphrase", "currentPassword": PASSWORD});
    full.put(&format!("/user/{}", person.id), body).await.ok();
    assert!(!app.db_is_password_by_mail(&person.id));
}

#[actix_web::test]
async fn a_passkey_alone_says_nothing_of_who_knows_the_password() {
    let (app, server) = mailed().await;
    let (person, program) = reader(&app, &server).await;
    let mut key = SoftPasskey::new(&app);
    program.enrol(&mut key).await;
    mark(&app, &person.id);
    app.sign_in_with_only(&key).await.ok();
    assert!(app.db_is_password_by_mail(&person.id));
    let limited = person.sign_in().await;
    limited
        .send_email_link()
        .await
        .refused(400, "method_not_enabled");
    // After the password it does.
    limited.prove(&key).await.ok();
    assert!(!app.db_is_password_by_mail(&person.id));
}
