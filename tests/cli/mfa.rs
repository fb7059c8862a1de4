//! `countersign mfa`: the status as the API says it, and the operator's reset.

use serde_json::json;

use crate::support::Place;

/// Writes the row of an authenticator app: nothing can set one up yet.
fn add_factor(place: &Place, user_id: &str) {
    let now = "'2026-01-01 00:00:00'";
    place.sql(&format!(
        "INSERT INTO factors (id, user_id, method, verified_at, enabled, created_at) \
         VALUES ('factor', '{user_id}', 'totp', {now}, TRUE, {now})"
    ));
}

#[test]
fn the_status_of_a_fresh_account_is_that_of_the_api_without_a_session() {
    let place = Place::new();
    place.create_user("ada@example.com", &[]);
    let status = place.run(&["--json", "mfa", "status", "Ada@Example.com"]);
    let expected = json!({"isEnabled": false, "isRequired": false, "isEnforced": false,
        "enabledMethods": []});
    assert_eq!(status.json(), expected);
    let text = place.run(&["mfa", "status", "ada@example.com"]);
    assert_eq!(
        text.ok(),
        "MFA:      off\nRequired: no\nEnforced: no\nMethods:  none"
    );
}

#[test]
fn the_status_says_what_is_set_up_and_what_is_demanded() {
    let place = Place::new();
    let id = place.create_user("ada@example.com", &["--organization", "Engines"]);
    add_factor(&place, &id);
    place.sql("UPDATE organizations SET mfa_requirement = 'required', mfa_enforce_from = '2999-01-01 00:00:00'");
    let status = place.run(&["--json", "mfa", "status", "ada@example.com"]);
    let expected = json!({"isEnabled": true, "isRequired": true, "isEnforced": false,
        "enabledMethods": ["GOOGLE_AUTH"], "primaryMethod": "GOOGLE_AUTH",
        "enforcedFrom": "2999-01-01T00:00:00.000Z",
        "lockoutForecast": {"survives": [], "mightSurvive": [], "advice": "create_backup_codes"}});
    assert_eq!(status.json(), expected);
    let text = place.run(&["mfa", "status", "ada@example.com"]);
    for line in [
        "MFA:      on",
        "Required: yes",
        "Methods:  GOOGLE_AUTH",
        "Primary:  GOOGLE_AUTH",
    ] {
        assert!(text.ok().lines().any(|said| said == line), "{text:?}");
    }
}

#[actix_web::test]
async fn a_reset_removes_every_method_and_signs_out_everywhere() {
    let place = Place::new();
    let id = place.create_user("ada@example.com", &[]);
    let other = place.create_user("grace@example.com", &[]);
    let server = place.serve();
    let (token, _) = server.sign_in("ada@example.com").await;
    let (bystander, _) = server.sign_in("grace@example.com").await;
    add_factor(&place, &id);
    let (status, body) = server
        .call("GET", "/user/profile", &token, json!(null))
        .await;
    assert_eq!((status, &body["error_code"]), (403, &json!("mfa_required")));

    let outcome = place.run(&["mfa", "reset", "ada@example.com"]);
    assert!(outcome.ok().contains("ada@example.com"), "{outcome:?}");
    let (status, _) = server
        .call("GET", "/user/profile", &token, json!(null))
        .await;
    assert_eq!(status, 401);
    let (status, _) = server
        .call("GET", "/user/profile", &bystander, json!(null))
        .await;
    assert_eq!(status, 200, "{other}");
    let (token, _) = server.sign_in("ada@example.com").await;
    let (status, body) = server.call("GET", "/mfa/status", &token, json!(null)).await;
    assert_eq!((status, &body["data"]["isEnabled"]), (200, &json!(false)));
    assert_eq!(
        place
            .run(&["--json", "mfa", "reset", "ada@example.com"])
            .json(),
        json!({"success": true})
    );
}

#[test]
fn an_unknown_address_is_named() {
    let place = Place::new();
    for command in ["status", "reset"] {
        for arguments in [
            vec!["mfa", command, "nobody@example.com"],
            vec!["--json", "mfa", command, "nobody@example.com"],
        ] {
            let outcome = place.run(&arguments);
            assert!(
                outcome.failed().contains("nobody@example.com"),
                "{outcome:?}"
            );
            assert_eq!(outcome.stdout, "");
        }
    }
}
