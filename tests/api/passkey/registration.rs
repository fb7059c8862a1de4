//! Making a passkey (WebAuthn L3, section 7.1).

use std::collections::HashSet;
use std::time::Instant;

use chrono::TimeDelta;
use countersign::crypto::token::hash_bytes;
use countersign::mfa::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::soft_passkey::{Case, Changes, Edit, SoftPasskey, b64, map, text, unb64};

#[actix_web::test]
async fn e01_both_algorithms_several_passkeys_and_extensions_that_nobody_asked_for() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut first = SoftPasskey::es256(&app.origin);
    let mut second = SoftPasskey::rs256(&app.origin);
    second.extensions = Some(map(&[
        (text("strange"), text("thing")),
        (text("uvm"), map(&[])),
    ]));
    for key in [&mut first, &mut second] {
        let mut credential = key.create(&program.start_passkey().await);
        credential["clientExtensionResults"]["appid"] = json!("not even a boolean");
        credential["clientExtensionResults"]["unheard"] = json!([1, 2, 3]);
        program.finish_passkey(&credential).await.ok();
    }
    for key in [&mut first, &mut second] {
        let credential = key.get(&program.passkey_options().await);
        program.answer_passkey(&credential).await.ok();
    }
    assert_eq!(program.passkeys().await.len(), 2);
    assert_eq!(program.status().await["enabledMethods"], json!(["PASSKEY"]));
}

#[actix_web::test]
async fn e01_the_clients_own_shape_and_every_documented_way_are_taken() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    for (n, path) in [
        "/mfa/verify-setup",
        "/mfa/passkey/complete-registration",
        "/mfa/passkey/complete-registration-1",
    ]
    .into_iter()
    .enumerate()
    {
        let data = program
            .post("/mfa/setup", json!({"mfaType": "PASSKEY"}))
            .await;
        let data = data.ok()["data"].clone();
        for (short, whole) in [
            ("/challenge", "/publicKey/challenge"),
            ("/rpName", "/publicKey/rp/name"),
            ("/rpID", "/publicKey/rp/id"),
            ("/userName", "/publicKey/user/name"),
            ("/userId", "/publicKey/user/id"),
        ] {
            assert_eq!(data.pointer(short).unwrap(), data.pointer(whole).unwrap());
        }
        assert_eq!(data["origin"], app.origin.as_str());
        let mut credential = SoftPasskey::es256(&app.origin).create(&data["publicKey"]);
        let results = credential["clientExtensionResults"].take();
        credential
            .as_object_mut()
            .unwrap()
            .remove("clientExtensionResults");
        credential["response"]["clientExtensionResults"] = results;
        let body =
            json!({"mfaType": "PASSKEY", "credential": credential, "challenge": data["challenge"]});
        let answer = program.post(path, body).await;
        let said = if n == 0 {
            "MFA setup verified and enabled"
        } else {
            "Passkey registration completed"
        };
        assert_eq!(answer.ok()["message"], said, "{path}");
    }
    assert_eq!(program.passkeys().await.len(), 3);
}

#[actix_web::test]
async fn e02_options_ask_for_what_they_have_to_and_no_challenge_comes_twice() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    let options = program.start_passkey().await;
    assert_eq!(
        options["rp"],
        json!({"id": "localhost", "name": "Countersign"})
    );
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["timeout"], 300_000);
    assert_eq!(options["extensions"], json!({"credProps": true}));
    assert_eq!(options["excludeCredentials"], json!([]));
    let selection = json!({"residentKey": "required", "requireResidentKey": true, "userVerification": "required"});
    assert_eq!(options["authenticatorSelection"], selection);
    assert!(options.get("hints").is_none());
    let algorithms: Vec<i64> = options["pubKeyCredParams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["alg"].as_i64().unwrap())
        .collect();
    assert_eq!(algorithms[0], -7);
    assert!(
        algorithms.contains(&-257) && !algorithms.contains(&-8),
        "{algorithms:?}"
    );
    assert_eq!(options["user"]["name"], person.email.as_str());
    assert_eq!(options["user"]["displayName"], "Ada Lovelace");
    let handle = unb64(&options["user"]["id"]);
    assert_eq!(handle.len(), 16);
    assert!(!b64(&handle).contains(&person.id) && handle != person.id.as_bytes());

    let body = json!({"mfaType": "PASSKEY", "securityKey": true});
    let key = program.post("/mfa/setup", body).await.ok()["data"]["publicKey"].clone();
    assert_eq!(key["authenticatorSelection"]["residentKey"], "discouraged");
    assert_eq!(
        key["authenticatorSelection"]["userVerification"],
        "required"
    );
    assert_eq!(key["hints"], json!(["security-key"]));
    assert_eq!(
        key["user"]["id"], options["user"]["id"],
        "one handle an account"
    );

    let mut passkey = program.passkey();
    program.add_passkey(&mut passkey).await;
    let again = program.start_passkey().await;
    assert_eq!(again["excludeCredentials"][0]["id"], b64(&passkey.id));
    assert_eq!(
        again["excludeCredentials"][0]["transports"],
        json!(["internal", "hybrid"])
    );

    let mut challenges = HashSet::new();
    for _ in 0..300 {
        let options = program.passkey_options().await;
        assert_eq!(unb64(&options["challenge"]).len(), 32);
        assert_eq!(options["userVerification"], "required");
        assert_eq!(options["rpId"], "localhost");
        assert_eq!(options["allowCredentials"][0]["id"], b64(&passkey.id));
        assert!(challenges.insert(options["challenge"].to_string()));
    }
}

/// Tries each change of a right answer, and then that the right answer still works.
async fn refused(app: &TestApp, changes: &[Case<'_>]) {
    let (_, program) = app.user().signed_in().await;
    for (name, change, edit) in changes {
        let mut key = program.passkey();
        edit(&mut key);
        let credential = key.create_with(&program.start_passkey().await, change);
        let answer = program.finish_passkey(&credential).await;
        assert_eq!(answer.status, 400, "{name}: {}", answer.body);
        assert_eq!(
            answer.text("/error"),
            "Passkey registration failed",
            "{name}"
        );
        assert_eq!(program.status().await["isEnabled"], false, "{name}");
    }
    program.add_passkey(&mut program.passkey()).await;
}

type Change = Box<dyn Fn(&mut Value)>;

const AS_IT_IS: Edit<'_, SoftPasskey> = &|_| {};

fn client(change: Edit<'_, Value>) -> Changes<'_> {
    Changes {
        client: Some(change),
        ..Changes::default()
    }
}

#[actix_web::test]
async fn e03_another_type_or_challenge_is_refused() {
    let app = TestApp::spawn().await;
    let (_, other) = app.user().signed_in().await;
    let foreign = other.start_passkey().await["challenge"].clone();
    let padded = |client: &mut Value| {
        client["challenge"] = format!("{}=", client["challenge"].as_str().unwrap()).into();
    };
    refused(
        &app,
        &[
            (
                "type",
                client(&|client| client["type"] = "webauthn.get".into()),
                AS_IT_IS,
            ),
            (
                "random",
                client(&|client| client["challenge"] = b64(&[7; 32]).into()),
                AS_IT_IS,
            ),
            (
                "foreign",
                client(&|client| client["challenge"] = foreign.clone()),
                AS_IT_IS,
            ),
            ("padded", client(&padded), AS_IT_IS),
            (
                "number",
                client(&|client| client["challenge"] = 7.into()),
                AS_IT_IS,
            ),
            ("none", client(&|client| *client = json!({})), AS_IT_IS),
        ],
    )
    .await;
}

#[actix_web::test]
async fn e07_only_this_origin_and_this_domain_and_no_frame() {
    let app = TestApp::spawn().await;
    let port = app.address.port();
    let origins = [
        format!("https://localhost:{port}"),
        "http://localhost:1".to_owned(),
        "http://localhost".to_owned(),
        format!("http://a.localhost:{port}"),
        format!("http://localhost.:{port}"),
        format!("http://LOCALHOST:{port}"),
        format!("http://localhost:{port}/"),
        "https://rp.evil.test".to_owned(),
        "https://evil-localhost".to_owned(),
        "null".to_owned(),
        String::new(),
    ];
    let changes: Vec<Change> = origins
        .iter()
        .map(|origin| -> Change {
            let origin = origin.clone();
            Box::new(move |client| client["origin"] = origin.clone().into())
        })
        .chain([
            Box::new(|client: &mut Value| drop(client.as_object_mut().unwrap().remove("origin")))
                as Change,
            Box::new(|client| client["crossOrigin"] = true.into()),
            Box::new(|client| client["topOrigin"] = "https://evil.test".into()),
        ])
        .collect();
    let mut cases: Vec<Case<'_>> = changes
        .iter()
        .map(|change| ("client data", client(change.as_ref()), AS_IT_IS))
        .collect();
    cases.push(("rp", Changes::default(), &|key| {
        key.rp_id = "evil.test".into()
    }));
    refused(&app, &cases).await;
}

#[actix_web::test]
async fn e08_e14_e15_what_cannot_be_a_passkey_here_is_refused() {
    let app = TestApp::spawn().await;
    let as_it_is = Changes::default;
    refused(
        &app,
        &[
            ("e08 not verified", as_it_is(), &|key| key.uv = false),
            ("e08 not present", as_it_is(), &|key| key.up = false),
            ("e14 EdDSA", as_it_is(), &|key| key.algorithm = -8),
            ("e14 ES256K", as_it_is(), &|key| key.algorithm = -47),
            ("e14 RS1", as_it_is(), &|key| {
                *key = SoftPasskey {
                    algorithm: -65_535,
                    ..SoftPasskey::rs256(&key.origin)
                };
            }),
            ("e14 1,024 bytes", as_it_is(), &|key| {
                key.id = vec![7; 1_024]
            }),
            ("e14 no byte", as_it_is(), &|key| key.id.clear()),
            ("e15 backed up, not eligible", as_it_is(), &|key| {
                key.be = false
            }),
        ],
    )
    .await;
}

#[actix_web::test]
async fn e14_an_id_may_be_long_and_belongs_to_one_account_alone() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let mut key = program.passkey();
    key.id = vec![9; 1_023];
    program.add_passkey(&mut key).await;
    let credential = key.get(&program.passkey_options().await);
    program.answer_passkey(&credential).await.ok();
    let (_, other) = app.user().signed_in().await;
    let credential = key.clone().create(&other.start_passkey().await);
    let answer = other.finish_passkey(&credential).await;
    assert_eq!(answer.text("/error"), "Passkey registration failed");
    assert_eq!(other.status().await["isEnabled"], false);
}

#[actix_web::test]
async fn where_passkeys_are_not_allowed_any_more_one_that_was_started_is_not_added() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().in_organization("Codes").signed_in().await;
    let credential = program.passkey().create(&program.start_passkey().await);
    let organization = person.organization_id.clone().unwrap();
    let tomorrow = app.app.clock.now() + TimeDelta::days(1);
    app.db_require_mfa(&organization, Some(tomorrow), &[Method::Totp]);
    let answer = program.finish_passkey(&credential).await;
    answer.refused(400, "method_not_available");
    assert_eq!(program.status().await["isEnabled"], false);
}

#[actix_web::test]
async fn e05_d05_a_challenge_works_once_in_its_own_session_for_its_own_purpose_for_300_seconds() {
    let app = TestApp::spawn().await;
    let (person, program) = app.user().signed_in().await;
    // Too late, and just in time.
    let options = program.start_passkey().await;
    app.advance(TimeDelta::seconds(300));
    let late = program.passkey().create(&options);
    program
        .finish_passkey(&late)
        .await
        .refused(400, "invalid_code");
    let options = program.start_passkey().await;
    app.advance(TimeDelta::seconds(299));
    let mut key = program.passkey();
    program.finish_passkey(&key.create(&options)).await.ok();
    // The same answer again, and another answer to the same challenge.
    program
        .finish_passkey(&key.create(&options))
        .await
        .refused(400, "invalid_code");
    let other_key = program.passkey().create(&options);
    program
        .finish_passkey(&other_key)
        .await
        .refused(400, "invalid_code");
    // A wrong answer uses the challenge up.
    let options = program.start_passkey().await;
    let mut unverified = program.passkey();
    unverified.uv = false;
    program
        .finish_passkey(&unverified.create(&options))
        .await
        .refused(400, "invalid_code");
    program
        .finish_passkey(&program.passkey().create(&options))
        .await
        .refused(400, "invalid_code");
    // Another purpose.
    let options = program.start_passkey().await;
    program
        .answer_passkey(&key.get(&options))
        .await
        .refused(400, "invalid_code");
    let mut proving = program.passkey_options().await;
    proving["user"] = options["user"].clone();
    program
        .finish_passkey(&program.passkey().create(&proving))
        .await
        .refused(400, "invalid_code");
    // Another session of the same account. It finds nothing, and uses nothing up.
    let limited = person.sign_in().await;
    let verified = limited
        .answer_passkey(&key.get(&limited.passkey_options().await))
        .await;
    let second = limited.with_token(&verified.text("/fullAccessToken"));
    let options = program.start_passkey().await;
    let credential = program.passkey().create(&options);
    second
        .finish_passkey(&credential)
        .await
        .refused(400, "invalid_code");
    program.finish_passkey(&credential).await.ok();
    assert_eq!(program.passkeys().await.len(), 2);
}

#[actix_web::test]
async fn e05_of_fifty_equal_registrations_one_is_taken() {
    let app = TestApp::spawn_with(|config| config.limits.code_address = None).await;
    let (_, program) = app.user().signed_in().await;
    let credential = program.passkey().create(&program.start_passkey().await);
    let all = (0..50).map(|_| program.finish_passkey(&credential));
    let answers = futures_util::future::join_all(all).await;
    let taken = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(taken, 1);
    assert!(
        answers
            .iter()
            .all(|answer| [200, 400].contains(&answer.status))
    );
    assert_eq!(program.passkeys().await.len(), 1);
}

/// Numbers that look random and are the same each time.
fn noise(seed: u32) -> impl Iterator<Item = usize> {
    (0_u32..).map(move |n| {
        let hash = hash_bytes(&[seed.to_be_bytes(), n.to_be_bytes()].concat());
        usize::from_be_bytes(hash[..8].try_into().unwrap())
    })
}

#[actix_web::test]
async fn e09_two_thousand_broken_answers_are_refused_and_none_takes_long() {
    let app = TestApp::spawn().await;
    let (_, program) = app.user().signed_in().await;
    let deep = [vec![0x81; 10_000], vec![0x00]].concat();
    let mut odd: Vec<Vec<u8>> = vec![
        Vec::new(),
        vec![0xa0],
        vec![0xff],
        deep,
        vec![0xbf; 60],
        vec![0x5b, 0xff, 0xff, 0xff, 0xff],
    ];
    let whole = {
        let mut key = program.passkey();
        let credential = key.create(&program.start_passkey().await);
        unb64(&credential["response"]["attestationObject"])
    };
    for n in 0..2_000 {
        let mut noise = noise(n);
        let mut bytes = whole.clone();
        for _ in 0..=noise.next().unwrap() % 3 {
            let at = noise.next().unwrap() % bytes.len().max(1);
            if bytes.is_empty() {
                break;
            }
            match noise.next().unwrap() % 4 {
                0 => bytes[at] ^= 1 << (noise.next().unwrap() % 8),
                1 => bytes.truncate(at.max(1)),
                2 => bytes.insert(at, noise.next().unwrap() as u8),
                _ => drop(bytes.remove(at)),
            }
        }
        odd.push(bytes);
    }
    // Each needs a challenge of its own, or nothing behind it would be looked at; an account gets sixty an hour.
    let mut programs = vec![program];
    for (n, bytes) in odd.into_iter().enumerate() {
        if n % 50 == 49 {
            programs.push(app.user().signed_in().await.1);
        }
        let program = programs.last().unwrap();
        let mut credential = program.passkey().create(&program.start_passkey().await);
        credential["response"]["attestationObject"] = b64(&bytes).into();
        let started = Instant::now();
        let answer = program.finish_passkey(&credential).await;
        // A byte of an id, of a counter or of a flag that does not matter leaves a passkey that is one; its own id is then not
        // the one that the browser named.
        assert!([200, 400].contains(&answer.status), "{}", answer.body);
        assert!(started.elapsed().as_secs() < 1);
        if answer.status == 200 {
            program.post("/mfa/reset", json!({})).await.ok();
        }
    }
}
