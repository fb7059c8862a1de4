//! The document against what is really answered: names that are used once, an example for every body, and the word of every
//! refusal that any test here is given.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use countersign::web::{Face, ROUTES};
use serde_json::Value;

use crate::openapi::documented_codes;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(countersign::web::openapi()).unwrap());

/// The words that each path answers a refusal with, whatever the method.
static WORDS: LazyLock<BTreeMap<&'static str, BTreeSet<(u16, String)>>> = LazyLock::new(|| {
    let mut words: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for row in ROUTES.iter().filter(|row| row.face == Face::Api) {
        let method = row.method.as_str().to_lowercase();
        let answers = &DOCUMENT["paths"][row.path][&method]["responses"];
        for (status, answer) in answers.as_object().unwrap() {
            for word in words_of(answer) {
                let known = (status.parse().unwrap(), word);
                words.entry(row.path).or_default().insert(known);
            }
        }
    }
    words
});

fn words_of(answer: &Value) -> Vec<String> {
    let narrowed = "/content/application~1json/schema/allOf/1/properties/error_code/enum";
    let words = answer.pointer(narrowed).cloned();
    words.map_or_else(Vec::new, |words| serde_json::from_value(words).unwrap())
}

/// Whether a path is one that a pattern of the table stands for.
fn fits(pattern: &str, path: &str) -> bool {
    let (wanted, given) = (pattern.split('/'), path.split('/'));
    wanted.clone().count() == given.clone().count()
        && wanted
            .zip(given)
            .all(|(wanted, given)| wanted == given || wanted.starts_with('{'))
}

/// Fails when the document does not know this refusal. Every answer that a test reads comes by here.
#[track_caller]
pub fn expect_documented(path: &str, status: u16, word: &str) {
    // Nothing documents a method that a path does not have.
    if word.is_empty() || status == 405 {
        return;
    }
    let named = WORDS.get_key_value(path);
    let mut fitting = WORDS.iter().filter(|(pattern, _)| fits(pattern, path));
    let Some((pattern, words)) = named.or_else(|| fitting.next()) else {
        return; // nothing is there, or a page
    };
    let is_known = words.contains(&(status, word.to_owned()));
    assert!(
        is_known,
        "the document of {pattern} knows no {status} {word}"
    );
}

#[test]
#[should_panic(expected = "the document of /user/{id} knows no 409 conflict")]
fn a_refusal_that_the_document_does_not_know_fails_its_test() {
    expect_documented("/user/somebody", 404, "not_found");
    expect_documented("/user/somebody", 409, "conflict");
}

#[test]
fn every_refusal_names_the_words_that_it_comes_with() {
    let known = documented_codes();
    let mut used = BTreeSet::from(["method_not_allowed".to_owned()]);
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let words = words_of(answer);
                let different: BTreeSet<_> = words.iter().collect();
                assert_eq!(different.len(), words.len(), "{method} {path} {status}");
                let is_refusal = status.starts_with(['4', '5']);
                assert_eq!(!words.is_empty(), is_refusal, "{method} {path} {status}");
                used.extend(words);
            }
        }
    }
    assert_eq!(used, known, "each word is some operation's");
}

#[test]
fn every_operation_has_an_id_of_its_own_and_its_parameters_are_where_they_are_read() {
    let mut ids = BTreeSet::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(
                ids.insert(id.to_owned()),
                "{id} is the id of two operations"
            );
            let parameters = operation["parameters"].as_array();
            for parameter in parameters.into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                let is_in_path = path.contains(&format!("{{{name}}}"));
                let place = match name {
                    _ if is_in_path => "path",
                    "Last-Event-ID" => "header",
                    _ => "query",
                };
                assert_eq!(parameter["in"], place, "{method} {path} {name}");
                let is_required = parameter["required"] == true;
                assert_eq!(is_required, is_in_path, "{method} {path} {name}");
            }
        }
    }
}

#[test]
fn every_body_has_an_example_with_all_that_it_has_to_hold() {
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap();
            let sent = operation.get("requestBody");
            for body in answers.values().chain(sent) {
                for (kind, content) in body["content"].as_object().into_iter().flatten() {
                    let name = format!("{method} {path} {kind}");
                    let example = content.get("example").unwrap_or(&Value::Null);
                    assert!(!holds_null(example), "{name}: {example}");
                    for required in required_by(&content["schema"]) {
                        assert!(example.get(&required).is_some(), "{name} lacks {required}");
                    }
                }
            }
        }
    }
}

fn holds_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(all) => all.iter().any(holds_null),
        Value::Object(all) => all.values().any(holds_null),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn required_by(schema: &Value) -> Vec<String> {
    let referred = schema["$ref"]
        .as_str()
        .or(schema["allOf"][0]["$ref"].as_str());
    let schema = referred.map_or(schema, |path| {
        DOCUMENT.pointer(path.trim_start_matches('#')).unwrap()
    });
    let required = schema.get("required").cloned();
    required.map_or_else(Vec::new, |names| serde_json::from_value(names).unwrap())
}

#[test]
fn a_body_that_may_be_left_out_is_never_null_and_a_reset_is_described_as_one() {
    let reset = &DOCUMENT["paths"]["/mfa/reset"]["post"]["requestBody"];
    assert_eq!(reset["required"], false);
    let schema = &reset["content"]["application/json"]["schema"];
    let path = schema["$ref"].as_str().unwrap();
    let fields = &DOCUMENT.pointer(path.trim_start_matches('#')).unwrap()["properties"];
    assert!(fields.get("resetUserId").is_some(), "{fields}");
    assert_eq!(fields["resetUserId"]["type"], "string");
}

/// Two types of one name would be one schema, and one of them would be described by the other.
#[test]
fn no_two_types_share_the_name_of_a_schema() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let mut folders = vec![folder];
    let mut names = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let mut is_schema = false;
            for line in source.lines() {
                is_schema |= line.starts_with("#[derive") && line.contains("ToSchema");
                let words: Vec<_> = line.split([' ', '<', '{', '(']).collect();
                let kind = words
                    .iter()
                    .position(|word| matches!(*word, "struct" | "enum"));
                if let Some(at) = kind.filter(|_| is_schema && !line.starts_with('/')) {
                    let name = words[at + 1].to_owned();
                    assert!(names.insert(name.clone()), "two schemas are called {name}");
                    is_schema = false;
                }
            }
        }
    }
    assert!(names.len() > 40, "{names:?}");
}
