//! Rules about words, checked over the message files, the templates and the code that names messages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::samples;
use crate::words::LANGUAGES;

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn templates() -> Vec<(PathBuf, String)> {
    ["html", "txt"]
        .into_iter()
        .flat_map(|extension| files("templates", extension))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect()
}

/// Id and text of each message of a language, terms and comments left out.
pub(super) fn messages(language: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (_, source) in language {
        let mut id = None;
        for line in source.lines() {
            if line.starts_with(' ') {
                if let Some(text) = id.as_ref().and_then(|id| found.get_mut(id)) {
                    text.push(' ');
                    text.push_str(line.trim());
                }
            } else if let Some((name, text)) = line
                .split_once(" = ")
                .filter(|_| !line.starts_with(['#', '-']))
            {
                id = Some(name.to_owned());
                assert!(
                    found.insert(name.to_owned(), text.to_owned()).is_none(),
                    "{name} stands twice"
                );
            } else {
                id = None;
            }
        }
    }
    found
}

fn english() -> BTreeMap<String, String> {
    messages(LANGUAGES.iter().find(|(tag, _)| *tag == "en").unwrap().1)
}

/// The `{ $names }` in a message.
fn variables(text: &str) -> BTreeSet<String> {
    text.split('$')
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

/// What a call gives: the method, the id and the keys, as far as they are string literals.
fn calls(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for method in [
        "text",
        "with",
        "with2",
        "with3",
        "count",
        "split",
        "split_with",
        "split2",
    ] {
        let opening = format!(".{method}(");
        for (start, _) in source.match_indices(&opening) {
            let rest = source.get(start + opening.len()..).unwrap().trim_start();
            let Some(rest) = rest.strip_prefix('"') else {
                continue;
            };
            let (id, rest) = rest.split_once('"').unwrap();
            // `str::split` and the like have the same names; a message id is words with dashes.
            if !id.contains('-') || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
                continue;
            }
            let mut depth = 1;
            let arguments: String = rest
                .chars()
                .take_while(|c| {
                    depth += match c {
                        '(' => 1,
                        ')' => -1,
                        _ => 0,
                    };
                    depth > 0
                })
                .collect();
            let mut keys: BTreeSet<String> = arguments
                .split('"')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect();
            if method == "count" {
                keys.insert("count".into());
            }
            // A value that is itself a literal or another message is not a key.
            keys.retain(|key| key.chars().all(|c| c.is_ascii_lowercase()));
            found.push((id.to_owned(), keys));
        }
    }
    found
}

fn used() -> Vec<(PathBuf, String, BTreeSet<String>)> {
    let code = files("src", "rs").into_iter().filter_map(|path| {
        // Tests may name messages as they like.
        let skipped = ["copy.rs", "markup.rs", "messages.rs", "tests.rs"];
        if skipped.iter().any(|name| path.ends_with(name)) {
            return None;
        }
        let text = fs::read_to_string(&path).unwrap();
        let text = text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default()
            .to_owned();
        Some((path, text))
    });
    templates()
        .into_iter()
        .chain(code)
        .flat_map(|(path, text)| {
            calls(&text)
                .into_iter()
                .map(move |(id, keys)| (path.clone(), id, keys))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_message_that_is_named_exists_and_gets_its_values() {
    let known = english();
    let used = used();
    assert!(used.len() > 100, "the search found almost nothing");
    for (path, id, keys) in used {
        let text = known
            .get(&id)
            .unwrap_or_else(|| panic!("{}: no message {id}", path.display()));
        assert_eq!(variables(text), keys, "{}: values of {id}", path.display());
    }
}

#[test]
fn no_message_is_left_over() {
    let used: BTreeSet<String> = used().into_iter().map(|(_, id, _)| id).collect();
    let left: Vec<String> = english()
        .into_keys()
        .filter(|id| !used.contains(id))
        .collect();
    assert!(left.is_empty(), "nobody uses {left:?}");
}

#[test]
fn every_language_has_the_same_messages_with_the_same_values() {
    let values = |language: &[(&str, &str)]| -> BTreeMap<String, BTreeSet<String>> {
        messages(language)
            .into_iter()
            .map(|(id, text)| (id, variables(&text)))
            .collect()
    };
    let first = values(LANGUAGES.first().unwrap().1);
    for (tag, files) in LANGUAGES {
        assert_eq!(values(files), first, "{tag}");
    }
}

#[test]
fn templates_say_nothing_themselves() {
    for (path, text) in templates() {
        let mut text = without(&text, "{#", "#}");
        // These fill attributes.
        text = without(&text, "{%- macro wiring", "{%- endmacro -%}");
        for attributes in [
            "width",
            "main_attributes",
            "security_current",
            "organization_current",
        ] {
            text = without(
                &text,
                &format!("{{% block {attributes} %}}"),
                "{% endblock %}",
            );
        }
        let text = without(&text, "{%", "%}");
        let text = without(&text, "{{", "}}");
        let text = without(&text, "<code>", "</code>");
        let text = without(&text, "<", ">");
        let words: String = text.chars().filter(|c| c.is_alphabetic()).collect();
        assert!(words.is_empty(), "{}: {words}", path.display());
    }
}

pub(super) fn without(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        rest = after
            .split_once(close)
            .unwrap_or_else(|| panic!("{open} stays open"))
            .1;
    }
    kept + rest
}

#[test]
fn copy_1_headings_are_in_sentence_case_and_nothing_is_shouted() {
    let names = [
        "Countersign",
        "MFA",
        "UTC",
        "Security",
        "-product",
        "$count",
    ];
    for (id, text) in english() {
        assert!(!text.contains('!'), "{id}: {text}");
        if id.ends_with("-title") {
            let words = text
                .split_whitespace()
                .skip(1)
                .filter(|word| !names.contains(&word.trim_end_matches('?')));
            for word in words.filter(|_| !text.contains("->")) {
                assert!(!word.starts_with(char::is_uppercase), "{id}: {word}");
            }
            assert!(!text.ends_with('.'), "{id}: {text}");
        }
    }
}

#[test]
fn copy_2_and_the_vocabulary_avoid_words_that_do_not_help() {
    let banned = [
        "please",
        "sorry",
        "oops",
        "invalid",
        "valid",
        "illegal",
        "forbidden",
        "2fa",
        "2sv",
        "otp",
        "totp",
        "webauthn",
        "fido2",
        "credential",
        "credentials",
        "challenge",
        "verification",
        "token",
        "aaguid",
        "submit",
        "click",
    ];
    let phrases = [
        "an error occurred",
        "something went wrong",
        "magic link",
        "recovery code",
        "two-step",
        "two-factor",
    ];
    for (id, text) in english() {
        let text = text.to_lowercase();
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            assert!(!banned.contains(&word), "{id}: {word}");
        }
        for phrase in phrases {
            assert!(!text.contains(phrase), "{id}: {phrase}");
        }
    }
}

/// The visible text of each element of this kind.
pub(super) fn texts(page: &str, open: &str, close: &str) -> Vec<String> {
    page.split(open)
        .skip(1)
        .map(|rest| {
            let inside = rest.split_once('>').unwrap().1.split_once(close).unwrap().0;
            without(inside, "<", ">").trim().to_owned()
        })
        .collect()
}

#[test]
fn copy_3_buttons_say_what_they_do() {
    let verbs = [
        "Sign",
        "Add",
        "Create",
        "Save",
        "Change",
        "Confirm",
        "Show",
        "Set",
        "Turn",
        "Move",
        "Remove",
        "Copy",
        "Print",
        "Send",
        "Use",
        "I&#39;ve",
        "Require",
        "Recommend",
        "Stop",
        "Reset",
        "Search",
        "Request",
    ];
    for (name, page) in samples::all() {
        for button in texts(&page, "<button", "</button>") {
            let (verb, object) = button
                .split_once(' ')
                .unwrap_or_else(|| panic!("{name}: {button}"));
            assert!(
                verbs.contains(&verb) && !object.is_empty(),
                "{name}: {button}"
            );
        }
    }
}

#[test]
fn copy_4_nothing_trails_off_and_a_dangerous_button_has_a_way_out() {
    for (id, text) in english() {
        assert!(
            !text.contains("...") && !text.contains('\u{2026}'),
            "{id}: {text}"
        );
    }
    for (name, page) in samples::all() {
        if page.contains("<button class=\"danger\"") {
            assert!(
                texts(&page, "<a ", "</a>")
                    .iter()
                    .any(|link| link.starts_with("Keep")),
                "{name}"
            );
        }
    }
}

#[test]
fn copy_4_a_link_leads_to_the_question_and_a_button_answers_it() {
    // What takes something away, and asks on a page of its own first.
    let asks = |tag: &str, attribute: &str| {
        let ends = ["/remove", "/mfa/off", "/reset", "/codes/new"];
        let value = tag
            .split_once(attribute)
            .and_then(|(_, rest)| rest.split('"').next());
        value.is_some_and(|path| ends.iter().any(|end| path.ends_with(end)))
    };
    let mut seen = [0; 2];
    for (name, page) in samples::all() {
        let questions = texts(&page, "<h1", "</h1>");
        for tag in page.split("<a ").skip(1) {
            let tag = tag.split('>').next().unwrap();
            assert!(!tag.contains("danger"), "{name}: {tag}");
            if asks(tag, "href=\"") {
                seen[0] += 1;
                assert!(tag.contains("class=\"button"), "{name}: {tag}");
            }
        }
        for tag in page.split("<form ").skip(1) {
            let tag = tag.split('>').next().unwrap();
            if asks(tag, "action=\"") {
                seen[1] += 1;
                let is_question = questions.iter().any(|title| title.ends_with('?'));
                assert!(is_question, "{name}: {tag} {questions:?}");
            }
        }
    }
    assert!(seen[0] > 10 && seen[1] > 5, "{seen:?}");
}

#[test]
fn copy_5_times_are_absolute_and_readable_by_machines() {
    for (id, text) in english() {
        for word in ["ago", "yesterday", "today", "tomorrow", "recently"] {
            assert!(
                !text.split_whitespace().any(|part| part == word),
                "{id}: {text}"
            );
        }
    }
    for (name, page) in samples::all() {
        assert_eq!(
            page.matches("<time").count(),
            page.matches("<time datetime=\"202").count(),
            "{name}"
        );
    }
}

#[test]
fn copy_6_what_cannot_be_undone_says_first_what_happens() {
    let pages = samples::all();
    for wanted in [
        "password-link",
        "security-password",
        "security-devices",
        "security-devices-one",
        "security-address-confirm",
        "security-app-setup",
        "security-app-remove",
        "security-app-remove-last",
        "security-codes-new",
        "security-mfa-off",
        "admin-requirement",
        "admin-requirement-stop",
        "admin-trust",
        "admin-trust-never",
        "admin-member-reset",
    ] {
        let (_, page) = pages.iter().find(|(name, _)| name == wanted).unwrap();
        let consequence = page
            .find("consequence")
            .unwrap_or_else(|| panic!("{wanted} says nothing"));
        let button = page
            .find("<button class=\"primary\"")
            .or_else(|| page.find("<button class=\"danger\""));
        assert!(consequence < button.unwrap(), "{wanted}");
    }
    // And wherever else a button takes something away.
    let mut dangers = 0;
    for (name, page) in &pages {
        for (at, _) in page.match_indices("<button class=\"danger\"") {
            dangers += 1;
            let consequence = page.find("consequence");
            assert!(consequence.is_some_and(|before| before < at), "{name}");
        }
    }
    assert!(dangers > 10, "{dangers}");
}
