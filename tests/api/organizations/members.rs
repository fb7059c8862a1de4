//! Adding, changing and removing members, as the published client does it.

use countersign::accounts::users::Role;
use futures_util::join;
use serde_json::{Value, json};

use super::{member, owner, protected};
use crate::support::email_links::mailed;
use crate::support::{Person, Program, TestApp};

const USERS: &str = "/organization/users";

fn path(person: &Person<'_>) -> String {
    format!("{USERS}/{}", person.id)
}

fn somebody(email: &str) -> Value {
    json!({"email": email, "password": "seven quiet lanterns drift", "firstName": "Grace", "lastName": "Hopper"})
}

#[actix_web::test]
async fn the_members_are_listed_by_address_in_the_client_s_shape() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    for n in 0..60 {
        let user = app.user().email(&format!("m{n:02}@example.com"));
        user.without_password().in_organization("A").create().await;
    }
    app.user().in_organization("B").create().await;
    let all = admin.get(USERS).await;
    assert_eq!(all.ok()["total"], 61);
    let data = all.body["data"].as_array().unwrap();
    assert_eq!(data.len(), 61);
    let first = &data[0];
    assert_eq!(first["email"], "m00@example.com");
    assert_eq!(
        (
            &first["name"],
            &first["lastName"],
            &first["orgRole"],
            &first["validated"]
        ),
        (&json!("Ada"), &json!("Lovelace"), &json!(0), &json!(false))
    );
    assert_eq!(first["orgRoleDescription"], "USER");
    assert_eq!(
        (&first["orgRoles"], &first["deletedAt"]),
        (&json!([0]), &Value::Null)
    );
    let second = admin.get("/organization/users?page=2").await;
    assert_eq!(second.ok()["data"].as_array().unwrap().len(), 11);
    assert_eq!(second.body["total"], 61);
    admin
        .get("/organization/users?page=x")
        .await
        .refused(400, "invalid_request");
    let one = admin
        .get(&format!("{USERS}/{}", first["id"].as_str().unwrap()))
        .await;
    assert_eq!(one.ok()["email"], "m00@example.com");
    assert_eq!(one.body["data"]["email"], "m00@example.com");
    let (_, program) = member(&app).await;
    program.get(USERS).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_member_is_added_with_a_password_or_by_invitation() {
    let (app, server) = mailed().await;
    let (person, admin, _) = owner(&app).await;
    let added = admin.post(USERS, somebody("Grace@Example.com ")).await;
    assert_eq!(added.ok()["data"]["email"], "grace@example.com");
    assert_eq!(
        added.body["data"]["orgId"],
        person.organization_id.clone().unwrap()
    );
    assert_eq!(added.body["data"]["validated"], true);
    let login = json!({"email": "grace@example.com", "password": "seven quiet lanterns drift"});
    app.stranger().post("/user/login", login).await.ok();
    admin
        .post(USERS, somebody("grace@example.com"))
        .await
        .refused(409, "conflict");

    let mut invited = somebody("edsger@example.com");
    invited["password"] = "".into();
    admin
        .post(USERS, invited.clone())
        .await
        .refused(400, "invalid_request");
    invited["sendInvite"] = true.into();
    let answer = admin.post(USERS, invited).await;
    assert_eq!(answer.ok()["data"]["validated"], false);
    app.deliver().await;
    let mails = server.received_by("edsger@example.com");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text().contains("at A."), "{}", mails[0].text());
    let link = app.link_in(&mails[0]);
    assert_eq!(app.browser().get(&link).await.status, 200);
}

#[actix_web::test]
async fn what_cannot_be_a_member_is_none() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    let before = app.db_state();
    for (field, value) in [
        ("email", json!("no address")),
        ("firstName", json!(" ")),
        ("lastName", json!("a\nb")),
        ("orgRole", json!(3)),
        ("password", json!("short")),
        ("email", json!(7)),
    ] {
        let mut body = somebody("grace@example.com");
        body[field] = value;
        assert_eq!(admin.post(USERS, body).await.status, 400, "{field}");
    }
    assert_eq!(app.db_state(), before);
}

#[actix_web::test]
async fn roles_are_given_by_whoever_may_and_never_to_oneself() {
    let app = TestApp::spawn().await;
    let (boss, as_boss, _) = owner(&app).await;
    let (helper, as_helper, _) = protected(&app, Role::Administrators).await;
    let (person, program) = member(&app).await;
    let role = |person: &Person<'_>| format!("/user/{}/role", person.id);
    let to = |number: i32| json!({"orgRole": number});

    let changed = as_helper.put(&role(&person), to(254)).await;
    assert_eq!(
        changed.ok()["data"],
        json!({"userId": person.id, "previousRole": 0, "newRole": 254,
            "message": "User role updated successfully"})
    );
    as_helper.put(&role(&person), to(0)).await.ok();
    for (who, number) in [(&person, 255), (&boss, 0)] {
        let answer = as_helper.put(&role(who), to(number)).await;
        answer.refused(403, "forbidden");
    }
    as_helper
        .put(&role(&helper), to(255))
        .await
        .refused(403, "forbidden");
    as_boss
        .put(&role(&boss), to(254))
        .await
        .refused(409, "conflict");
    program
        .put(&role(&person), to(255))
        .await
        .refused(403, "forbidden");
    as_boss
        .put(&role(&person), to(9))
        .await
        .refused(400, "invalid_request");
    // Lowering oneself is nobody's harm, and raising oneself again is not to be had.
    as_helper.put(&role(&helper), to(2)).await.ok();
    as_helper
        .put(&role(&helper), to(254))
        .await
        .refused(403, "forbidden");
    let told = app.db_activity(&person.id);
    let changes = told.iter().filter(|row| row.event == "authz_role_changed");
    assert_eq!(changes.count(), 2);
}

#[actix_web::test]
async fn of_two_owners_who_demote_each_other_at_once_one_stays() {
    let app = TestApp::spawn().await;
    let (one, as_one, _) = owner(&app).await;
    let (other, as_other, _) = owner(&app).await;
    for round in 0..6 {
        let demote = |person: &Person<'_>| format!("/user/{}/role", person.id);
        let (a, b) = (demote(&other), demote(&one));
        let body = json!({"orgRole": 254});
        let (a, b) = join!(as_one.put(&a, body.clone()), as_other.put(&b, body));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403], "round {round}: {} {}", a.body, b.body);
        let raise = json!({"orgRole": 255});
        let (left, lost) = if a.status == 200 {
            (&as_one, &other)
        } else {
            (&as_other, &one)
        };
        left.put(&demote(lost), raise).await.ok();
    }
}

#[actix_web::test]
async fn a_member_is_renamed_and_removed_with_everything() {
    let (app, server) = mailed().await;
    let (boss, admin, _) = owner(&app).await;
    let (person, program, _) = protected(&app, Role::User).await;
    let answer = admin
        .put(
            &path(&person),
            json!({"name": " Grace ", "lastName": "Hopper"}),
        )
        .await;
    assert_eq!(answer.ok()["data"]["name"], "Grace");
    let profile = program.get("/user/profile").await;
    assert_eq!(profile.ok()["data"]["lastName"], "Hopper");
    admin
        .put(&path(&person), json!({"name": ""}))
        .await
        .refused(400, "invalid_request");

    app.deliver().await;
    let before = server.subjects(&person.email).len();
    let gone = admin.delete(&path(&person)).await;
    assert_eq!(gone.ok()["message"], "User deleted successfully");
    program
        .get("/mfa/status")
        .await
        .refused(401, "unauthenticated");
    person
        .try_sign_in(crate::support::PASSWORD)
        .await
        .refused(401, "invalid_credentials");
    admin.get(&path(&person)).await.refused(404, "not_found");
    app.deliver().await;
    assert_eq!(
        server.subjects(&person.email)[before..],
        ["Your account was removed"]
    );
    let rows = app.db_activity(&boss.id);
    assert!(
        rows.iter().any(|row| row.event == "member_removed"
            && row.detail.as_deref() == Some(person.email.as_str()))
    );
    // The address is free for another account.
    admin.post(USERS, somebody(&person.email)).await.ok();
}

#[actix_web::test]
async fn nobody_removes_themselves_or_who_is_above_them() {
    let app = TestApp::spawn().await;
    let (boss, as_boss, _) = owner(&app).await;
    let (helper, as_helper, _) = protected(&app, Role::Administrators).await;
    let (_, program) = member(&app).await;
    as_boss.delete(&path(&boss)).await.refused(409, "conflict");
    as_helper
        .delete(&path(&helper))
        .await
        .refused(409, "conflict");
    for (who, changes) in [(&as_helper, &boss), (&program, &helper)] {
        let who: &Program<'_> = who;
        who.delete(&path(changes)).await.refused(403, "forbidden");
        who.put(&path(changes), json!({"name": "Mallory"}))
            .await
            .refused(403, "forbidden");
    }
}

#[actix_web::test]
async fn g02_a_foreign_member_is_as_unknown_as_no_member() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    let foreign = app.user().in_organization("B").create().await;
    let before = app.db_state();
    let mut answers = Vec::new();
    for id in [foreign.id.as_str(), "no-such-id"] {
        let path = format!("{USERS}/{id}");
        let role = format!("/user/{id}/role");
        for answer in [
            admin.get(&path).await,
            admin.put(&path, json!({"name": "Mallory"})).await,
            admin.delete(&path).await,
            admin.put(&role, json!({"orgRole": 1})).await,
        ] {
            answer.refused(404, "not_found");
            answers.push(answer.body);
        }
    }
    let (known, unknown) = answers.split_at(4);
    assert_eq!(known, unknown);
    assert_eq!(app.db_state(), before);
}
