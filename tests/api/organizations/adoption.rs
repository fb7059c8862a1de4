//! Counts, lists and the rehearsal: from an index, and always what the status of each member says.

use countersign::accounts::users::Role;
use countersign::mfa::{Method, status};
use serde_json::{Value, json};

use super::{member, owner};
use crate::support::{Program, TestApp};

const MEMBERS: &str = "/mfa/organization/members";
const REHEARSAL: &str = "/mfa/organization/rehearsal";

/// Everybody of "A": one of each combination of methods, named after them, some with backup codes.
async fn of_all_kinds(app: &TestApp) {
    for kind in 0..16 {
        let user = app.user().email(&format!("kind{kind:02}@example.com"));
        let person = user.without_password().in_organization("A").create().await;
        for (bit, method) in [
            (1, Method::Totp),
            (2, Method::MagicLink),
            (4, Method::Passkey),
        ] {
            if kind & bit != 0 {
                app.db_add_factor(&person.id, method);
            }
        }
        if kind & 8 != 0 {
            let sql = "UPDATE users SET backup_codes_left = 3 WHERE id = '{}'";
            app.db_execute(&sql.replace("{}", &person.id));
        }
    }
    app.user()
        .in_organization("B")
        .with_factor(Method::Totp)
        .create()
        .await;
}

async fn emails(program: &Program<'_>, query: &str) -> Vec<String> {
    let answer = program.get(&format!("{MEMBERS}{query}")).await;
    let data = answer.ok()["data"].as_array().unwrap();
    data.iter()
        .map(|one| one["email"].as_str().unwrap().to_owned())
        .collect()
}

/// Compares every list and every count with the status of each member.
async fn is_true(app: &TestApp, admin: &Program<'_>) {
    let now = app.app.clock.now();
    let all = admin.get(MEMBERS).await.ok()["data"].clone();
    let all = all.as_array().unwrap();
    let of = |member: &Value| {
        let id = member["id"].as_str().unwrap();
        app.db(|conn| status::load(conn, id, &app.app.server, now).unwrap())
    };
    let named = |is_meant: &dyn Fn(&status::Status) -> bool| -> Vec<&str> {
        let meant = all.iter().filter(|member| is_meant(&of(member)));
        meant
            .map(|member| member["email"].as_str().unwrap())
            .collect()
    };
    for member in all {
        assert_eq!(member["isEnabled"], of(member).is_enabled);
        assert_eq!(member["enabledMethods"], json!(of(member).enabled_methods));
    }
    let without =
        |status: &status::Status| status.is_enabled && status.backup_codes_left.unwrap_or(0) == 0;
    let on = named(&|status| status.is_enabled);
    assert_eq!(emails(admin, "?filter=on").await, on);
    assert_eq!(
        emails(admin, "?filter=off").await,
        named(&|status| !status.is_enabled)
    );
    assert_eq!(emails(admin, "?filter=no_codes").await, named(&without));
    let counts = admin.get("/mfa/organization/adoption").await;
    let counts = &counts.ok()["data"];
    assert_eq!(counts["members"], all.len());
    assert_eq!(counts["enabled"], on.len());
    assert_eq!(counts["withoutBackupCodes"], named(&without).len());
}

#[actix_web::test]
async fn lists_and_counts_are_what_the_status_of_each_member_says() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    of_all_kinds(&app).await;
    is_true(&app, &admin).await;
    // Suspended, switched off, unproved and removed methods are noticed, whoever wrote them.
    let one = emails(&admin, "?search=kind15").await;
    assert_eq!(one, ["kind15@example.com"]);
    for change in [
        "UPDATE factors SET suspended_at = created_at WHERE method = 'totp'",
        "UPDATE factors SET enabled = FALSE WHERE method = 'magic_link'",
        "UPDATE factors SET suspended_at = NULL",
        "UPDATE factors SET verified_at = NULL WHERE method = 'passkey'",
        "UPDATE users SET backup_codes_left = 0 WHERE backup_codes_left > 0",
    ] {
        app.db_execute(
            &format!("{change} AND user_id IN (SELECT id FROM users WHERE email LIKE 'kind%')")
                .replace("= NULL AND", "= NULL WHERE")
                .replace(
                    "backup_codes_left > 0 AND user_id",
                    "backup_codes_left > 0 AND id",
                ),
        );
        is_true(&app, &admin).await;
    }
}

#[actix_web::test]
async fn what_does_not_count_is_off_from_the_day_of_the_requirement_on() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    of_all_kinds(&app).await;
    let narrow = json!({"enforced": true, "allowedMethods": ["GOOGLE_AUTH", "PASSKEY"]});
    admin.enforce(narrow).await.ok();
    is_true(&app, &admin).await;
    let off = emails(&admin, "?filter=off").await;
    assert!(off.contains(&"kind02@example.com".to_owned()), "{off:?}");
    admin.enforce(json!({"enforced": false})).await.ok();
    is_true(&app, &admin).await;
}

#[actix_web::test]
async fn the_rehearsal_says_who_would_be_stopped_and_changes_nothing() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    of_all_kinds(&app).await;
    let before = app.db_state();
    let all = admin.get(REHEARSAL).await;
    let all = &all.ok()["data"];
    assert_eq!((&all["members"], &all["stopped"]), (&json!(17), &json!(2)));
    let narrow = "?allowedMethods=GOOGLE_AUTH,PASSKEY&enforceFrom=2099-01-01T00:00:00Z";
    admin
        .get(&format!("{REHEARSAL}{narrow}"))
        .await
        .refused(400, "invalid_request");
    let answer = admin
        .get(&format!("{REHEARSAL}?allowedMethods=GOOGLE_AUTH,PASSKEY"))
        .await;
    let narrow = &answer.ok()["data"];
    assert_eq!(narrow["stopped"], 4);
    assert_eq!(narrow["onlyEmailLink"], 2);
    let who: Vec<&str> = narrow["who"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["email"].as_str().unwrap())
        .collect();
    assert_eq!(
        who,
        [
            "kind00@example.com",
            "kind02@example.com",
            "kind08@example.com",
            "kind10@example.com"
        ]
    );
    let lately = admin.get(&format!("{REHEARSAL}?extraDays=30")).await;
    assert_eq!(lately.ok()["data"]["later"], 2);
    assert_eq!(app.db_state(), before);
    // What was rehearsed is what comes.
    let enforce = json!({"enforced": true, "allowedMethods": ["GOOGLE_AUTH", "PASSKEY"]});
    admin.enforce(enforce).await.ok();
    assert_eq!(emails(&admin, "?filter=off").await, who);
}

#[actix_web::test]
async fn members_are_found_by_what_their_address_or_name_begins_with() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    let body = |email: &str, first: &str, last: &str| json!({"email": email, "password": "seven quiet lanterns drift", "firstName": first, "lastName": last});
    for (email, first, last) in [
        ("grace@example.com", "Grace", "Hopper"),
        ("edsger@example.com", "Edsger", "Dijkstra"),
        ("zoe@example.com", "Zoë", "Ångström"),
    ] {
        let added = admin
            .post("/organization/users", body(email, first, last))
            .await;
        added.ok();
    }
    for (typed, found) in [
        ("GRACE@", "grace@example.com"),
        ("hop", "grace@example.com"),
        ("edsger%20d", "edsger@example.com"),
        ("%C3%A5NG", "zoe@example.com"),
        ("%20Zo%C3%AB", "zoe@example.com"),
    ] {
        assert_eq!(
            emails(&admin, &format!("?search={typed}")).await,
            [found],
            "{typed}"
        );
    }
    for typed in ["rac", "%25", "_", "no%20such", "%00"] {
        let none = emails(&admin, &format!("?search={typed}")).await;
        assert!(none.is_empty(), "{typed}: {none:?}");
    }
    assert!(emails(&admin, "?after=%00").await.is_empty());
    assert_eq!(
        emails(&admin, "?search=grace&filter=on").await,
        Vec::<String>::new()
    );
    let id = admin.get("/organization/users").await.ok()["data"][1]["id"].clone();
    let path = format!("/organization/users/{}", id.as_str().unwrap());
    admin.put(&path, json!({"lastName": "Murray"})).await.ok();
    assert_eq!(
        emails(&admin, "?search=murray").await,
        ["grace@example.com"]
    );
    admin
        .get(&format!("{MEMBERS}?filter=some"))
        .await
        .refused(400, "invalid_request");
}

#[actix_web::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    for n in 0..120 {
        let user = app.user().email(&format!("m{n:03}.{}@example.com", n % 7));
        let user = user.without_password().in_organization("A");
        let user = if n % 3 == 0 {
            user.with_factor(Method::Totp)
        } else {
            user
        };
        user.create().await;
    }
    for filter in ["", "filter=on&", "filter=off&"] {
        let mut seen = Vec::new();
        let mut path = format!("{MEMBERS}?{filter}");
        loop {
            let answer = admin.get(&path).await;
            let page = answer.ok();
            let data = page["data"].as_array().unwrap();
            assert!(data.len() <= 50);
            seen.extend(
                data.iter()
                    .map(|one| one["email"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next"].as_str() else {
                break;
            };
            path = format!("{MEMBERS}?{filter}after={next}");
        }
        let mut sorted = seen.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(seen, sorted);
        let expected = match filter {
            "" => 121,
            "filter=on&" => 41,
            _ => 80,
        };
        assert_eq!(seen.len(), expected, "{filter}");
    }
}

#[actix_web::test]
async fn the_same_members_come_as_a_file_in_which_nothing_is_a_formula() {
    let app = TestApp::spawn().await;
    let (_, admin, _) = owner(&app).await;
    for n in 0..30 {
        let user = app.user().email(&format!("m{n:02}@example.com"));
        user.without_password().in_organization("A").create().await;
    }
    let evil = json!({"email": "+evil@example.com", "password": "seven quiet lanterns drift",
        "firstName": "=1+1", "lastName": "a,\"b\""});
    admin.post("/organization/users", evil).await.ok();
    let answer = admin
        .get_raw("/mfa/organization/members.csv?filter=off")
        .await;
    assert_eq!(answer.0, 200);
    let lines: Vec<&str> = answer.1.lines().collect();
    assert_eq!(lines.len(), 32);
    assert_eq!(
        lines[0],
        "email,firstName,lastName,isEnabled,methods,backupCodesLeft,enforcedFrom,resetAt,lastSignIn"
    );
    assert_eq!(
        lines[1],
        "'+evil@example.com,'=1+1,\"a,\"\"b\"\"\",false,,,,,"
    );
    let (status, text) = admin.get_raw("/mfa/organization/rehearsal.csv").await;
    assert_eq!((status, text.lines().count()), (200, 32));
    let all = admin.get_raw("/mfa/organization/members.csv").await.1;
    assert!(all.contains(",true,GOOGLE_AUTH,10,,,20"), "{all}");
}

#[actix_web::test]
async fn g01_what_an_organization_has_is_for_its_administrators() {
    let app = TestApp::spawn().await;
    owner(&app).await;
    let (_, program) = member(&app).await;
    let (_, alone) = app.user().signed_in().await;
    let (_, foreign) = app
        .user()
        .in_organization("B")
        .role(Role::Owner)
        .signed_in()
        .await;
    for path in [
        "/mfa/organization/adoption",
        MEMBERS,
        "/mfa/organization/members.csv",
        REHEARSAL,
        "/mfa/organization/rehearsal.csv",
    ] {
        program.get(path).await.refused(403, "forbidden");
        alone.get(path).await.refused(400, "invalid_request");
    }
    assert_eq!(
        foreign.get("/mfa/organization/adoption").await.ok()["data"]["members"],
        1
    );
}
