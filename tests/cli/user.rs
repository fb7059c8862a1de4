//! `countersign user`: creating people, listing them, giving them links.

use serde_json::{Value, json};

use crate::support::{Outcome, PASSWORD, Place, path_of};

fn create(place: &Place, email: &str, more: &[&str]) -> Outcome {
    let names = [
        "user",
        "create",
        "--email",
        email,
        "--first-name",
        "Ada",
        "--last-name",
        "Lovelace",
    ];
    place.run(&[&names[..], more].concat())
}

fn listed(place: &Place) -> Vec<Value> {
    place
        .run(&["--json", "user", "list"])
        .json()
        .as_array()
        .unwrap()
        .clone()
}

#[test]
fn a_new_person_gets_a_link_alone_on_a_line() {
    let place = Place::new();
    let outcome = create(&place, " Ada@Example.COM ", &[]);
    assert!(path_of(outcome.ok()).starts_with("/password/cs_ln_"));
    let people = listed(&place);
    assert_eq!(people.len(), 1);
    assert_eq!(people[0]["email"], "ada@example.com");
    assert_eq!(people[0]["firstName"], "Ada");
    assert_eq!(people[0]["lastName"], "Lovelace");
    assert_eq!(people[0]["role"], "USER");
    assert_eq!(people[0]["organizationId"], Value::Null);
    assert_eq!(people[0]["lastSignInAt"], Value::Null);
}

#[test]
fn in_json_a_new_person_has_an_id_and_a_link_that_ends() {
    let place = Place::new();
    let answer = create(&place, "ada@example.com", &["--json"]).json();
    assert_eq!(answer["email"], "ada@example.com");
    assert!(path_of(answer["link"].as_str().unwrap()).starts_with("/password/cs_ln_"));
    let expires_at = answer["expiresAt"].as_str().unwrap();
    assert!(expires_at.ends_with('Z') && expires_at.len() == "2026-01-01T00:00:00.000Z".len());
    assert_eq!(listed(&place)[0]["id"], answer["id"]);
}

#[test]
fn a_password_from_the_standard_input_needs_no_link() {
    let place = Place::new();
    let arguments = [
        "user",
        "create",
        "--email",
        "ada@example.com",
        "--first-name",
        "Ada",
        "--last-name",
        "Lovelace",
        "--password-stdin",
    ];
    let typed = format!("{PASSWORD}\r\n");
    let outcome = place.pipe(&arguments, typed.as_bytes());
    assert_eq!(outcome.ok(), "created ada@example.com");
    let arguments = [
        &arguments[..3],
        &["grace@example.com"],
        &arguments[4..],
        &["--json"],
    ]
    .concat();
    let answer = place.pipe(&arguments, PASSWORD.as_bytes()).json();
    assert_eq!(
        (&answer["link"], &answer["expiresAt"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_password_that_may_not_be_chosen_creates_nobody_and_is_not_repeated() {
    let place = Place::new();
    let arguments = [
        "user",
        "create",
        "--email",
        "ada@example.com",
        "--first-name",
        "Ada",
        "--last-name",
        "Lovelace",
        "--organization",
        "Analytical Engines",
        "--password-stdin",
    ];
    let long = "long ".repeat(2_000);
    let cases: [(&[u8], &str); 7] = [
        (b"", "15"),
        (b"fourteen chars\n", "15"),
        (b"passwordpassword", "common"),
        (b"analyticalengines", "guess"),
        (b"ada@example.com", "guess"),
        (long.as_bytes(), "longer than"),
        (b"\xff\xfe is not UTF-8, whatever it is", "UTF-8"),
    ];
    for (typed, reason) in cases {
        let outcome = place.pipe(&arguments, typed);
        let said = outcome.failed();
        assert!(said.contains(reason), "{said}");
        let typed = String::from_utf8_lossy(typed);
        assert!(typed.is_empty() || !said.contains(typed.trim()), "{said}");
        assert_eq!(outcome.stdout, "");
    }
    assert_eq!(listed(&place), Vec::<Value>::new());
}

#[test]
fn a_taken_address_is_refused_in_any_case_and_changes_nothing() {
    let place = Place::new();
    create(&place, "ada@example.com", &[]).ok();
    for typed in ["ada@example.com", "ADA@example.COM"] {
        let outcome = create(&place, typed, &["--organization", "New"]);
        assert!(
            outcome.failed().contains("has an account already"),
            "{outcome:?}"
        );
    }
    assert_eq!(listed(&place).len(), 1);
    assert_eq!(
        place.sql_number("SELECT count(*) AS n FROM organizations"),
        0
    );
}

#[test]
fn what_cannot_be_a_field_is_named_by_its_option() {
    let place = Place::new();
    let long = "x".repeat(101);
    let base = [
        ("--email", "ada@example.com"),
        ("--first-name", "Ada"),
        ("--last-name", "Lovelace"),
        ("--organization", "Engines"),
    ];
    for (option, value) in [
        ("--email", "not an address"),
        ("--email", ""),
        ("--first-name", " "),
        ("--last-name", "a\nb"),
        ("--organization", ""),
        ("--organization", &long),
    ] {
        let mut arguments = vec!["user", "create"];
        for (name, usual) in base {
            arguments.extend([name, if name == option { value } else { usual }]);
        }
        let outcome = place.run(&arguments);
        assert!(outcome.failed().starts_with(option), "{outcome:?}");
    }
    assert_eq!(listed(&place), Vec::<Value>::new());
    assert_eq!(
        place.sql_number("SELECT count(*) AS n FROM organizations"),
        0
    );
}

#[test]
fn an_organization_is_made_once_and_joined_after_that() {
    let place = Place::new();
    let roles = [
        ("owner", "OWNER"),
        ("administrator", "ADMINISTRATORS"),
        ("user", "USER"),
    ];
    for (role, _) in roles {
        let more = ["--organization", " Analytical Engines ", "--role", role];
        create(&place, &format!("{role}@example.com"), &more).ok();
    }
    let people = listed(&place);
    for (role, word) in roles {
        let person = people
            .iter()
            .find(|person| person["email"] == format!("{role}@example.com"));
        assert_eq!(person.unwrap()["role"], word);
    }
    assert!(
        people
            .iter()
            .all(|person| person["organizationId"] == people[0]["organizationId"])
    );
    assert!(people[0]["organizationId"].is_string());
    let text = place.run(&["user", "list"]);
    assert_eq!(
        text.ok().lines().collect::<Vec<_>>(),
        [
            "administrator@example.com\tAda Lovelace\tADMINISTRATORS",
            "owner@example.com\tAda Lovelace\tOWNER",
            "user@example.com\tAda Lovelace\tUSER",
        ]
    );
}

#[test]
fn an_empty_list_is_said_in_words_and_as_an_empty_array() {
    let place = Place::new();
    assert_eq!(place.run(&["user", "list"]).ok(), "there is no account yet");
    assert_eq!(place.run(&["--json", "user", "list"]).json(), json!([]));
}

#[actix_web::test]
async fn a_new_link_kills_the_old_one_and_works_on_the_server() {
    let place = Place::new();
    let first = create(&place, "ada@example.com", &[]);
    let server = place.serve();
    assert_eq!(server.get(path_of(first.ok())).await, 200);
    let second = place.run(&["user", "link", "ADA@example.com"]);
    assert_eq!(server.get(path_of(first.ok())).await, 410);
    assert_eq!(server.get(path_of(second.ok())).await, 200);
    let answer = place
        .run(&["user", "link", "ada@example.com", "--json"])
        .json();
    let mut fields: Vec<_> = answer.as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["expiresAt", "link"]);
    assert_eq!(server.get(path_of(second.ok())).await, 410);
    assert_eq!(
        server.get(path_of(answer["link"].as_str().unwrap())).await,
        200
    );
}

#[test]
fn there_is_no_link_for_nobody_and_none_for_a_first_owner_among_others() {
    let place = Place::new();
    let outcome = place.run(&["user", "link", "nobody@example.com"]);
    assert!(
        outcome.failed().contains("nobody@example.com"),
        "{outcome:?}"
    );
    assert!(path_of(place.run(&["user", "link"]).ok()).starts_with("/welcome/cs_ln_"));
    create(&place, "ada@example.com", &[]).ok();
    assert!(
        place
            .run(&["user", "link"])
            .failed()
            .contains("there are accounts already")
    );
    let odd = place.run(&["user", "link", "line\nbreak\u{1b}[31m"]);
    assert!(!odd.failed().contains('\u{1b}'), "{odd:?}");
}

/// The mails of this place: what the server has left in its folder after a while.
fn mails(place: &Place, at_least: usize) -> Vec<String> {
    for _ in 0..100 {
        std::thread::sleep(std::time::Duration::from_millis(100));
        let Ok(files) = std::fs::read_dir(place.path("outbox")) else {
            continue;
        };
        let paths = files.map(|file| file.unwrap().path());
        let mails: Vec<_> = paths
            .filter(|path| path.extension().is_some_and(|end| end == "eml"))
            .map(|path| std::fs::read_to_string(path).unwrap().replace("=\r\n", ""))
            .collect();
        if mails.len() >= at_least {
            return mails;
        }
    }
    panic!("the mails do not come");
}

#[test]
fn a_link_that_is_mailed_is_not_printed_and_the_server_sends_it() {
    let place = Place::new();
    let more = ["--organization", "Northwind", "--mail"];
    let outcome = create(&place, "ada@example.com", &more);
    assert_eq!(outcome.ok(), "the server mails a link to ada@example.com");
    assert!(!outcome.stderr.contains("cs_ln_"));
    let answer = create(&place, "grace@example.com", &["--mail", "--json"]).json();
    assert_eq!(answer["link"], Value::Null);
    assert!(answer["expiresAt"].as_str().unwrap().ends_with('Z'));
    place.create_user("olga@example.com", &[]);
    let answer = place
        .run(&["--json", "user", "link", "olga@example.com", "--mail"])
        .json();
    assert_eq!(answer["link"], Value::Null);

    let server = place.serve();
    let mails = mails(&place, 3);
    for (address, subject, part) in [
        (
            "ada@example.com",
            "Your new account",
            "ask an administrator of Northwind.",
        ),
        (
            "grace@example.com",
            "Your new account",
            "ask whoever runs this service.",
        ),
        (
            "olga@example.com",
            "Your link for a new password",
            "asked for a new password",
        ),
    ] {
        let to = format!("To: {address}\r\n");
        let mail = mails.iter().find(|mail| mail.contains(&to)).unwrap();
        assert!(mail.contains(&format!("Subject: {subject}\r\n")), "{mail}");
        assert!(mail.contains(part), "{mail}");
        assert!(
            mail.contains(&format!("{}/password/cs_ln_", server.origin)),
            "{mail}"
        );
    }
}

#[test]
fn what_cannot_be_mailed_is_said() {
    let place = Place::new();
    for arguments in [
        &["user", "link", "--mail"][..],
        &[
            "user",
            "create",
            "--email",
            "ada@example.com",
            "--first-name",
            "Ada",
            "--last-name",
            "Lovelace",
            "--mail",
            "--password-stdin",
        ],
    ] {
        assert_eq!(place.run(arguments).code, Some(2), "{arguments:?}");
    }
    place
        .run(&["user", "link", "nobody@example.com", "--mail"])
        .failed();
}
