//! Rules about languages, checked over every page in every state and each of them.

use std::collections::{BTreeMap, BTreeSet};

use super::copy::{messages, without};
use super::samples;
use crate::words::{LANGUAGES, Messages, speaking};

/// What a message says itself, between its values and selectors.
fn fragments(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut said = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}', '[']) {
        let (before, after) = rest.split_at(at);
        said.push_str(before);
        found.push(std::mem::take(&mut said));
        rest = match after.as_bytes().first() {
            // A value; a selector's texts follow its arrow.
            Some(b'{') => match (after.find("->"), after.find('}')) {
                (Some(arrow), Some(end)) if arrow < end => &after[arrow + 2..],
                (_, Some(end)) => &after[end + 1..],
                (_, None) => "",
            },
            // A selector's key.
            Some(b'[') => after.split_once(']').map_or("", |(_, rest)| rest),
            _ => &after[1..],
        };
    }
    found.push(rest.to_owned());
    found
        .into_iter()
        .map(|text| {
            text.trim_matches([' ', '*', '.', ',', ';', ':', '"'])
                .to_owned()
        })
        .filter(|text| text.chars().any(char::is_alphabetic))
        .collect()
}

/// What a page says: its texts and the attributes that are read out.
fn said(page: &str) -> Vec<String> {
    let page = without(page, "<script", "</script>");
    let page = without(&page, "<code", "</code>");
    let mut found: Vec<String> = page
        .split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|(_, text)| text.trim().to_owned())
        .collect();
    for name in [
        "aria-label",
        "placeholder",
        "title",
        "alt",
        "data-label",
        "content",
    ] {
        let opening = format!(" {name}=\"");
        found.extend(page.split(&opening).skip(1).filter_map(|rest| {
            let value = rest.split('"').next()?;
            Some(value.to_owned())
        }));
    }
    found.retain(|text| text.chars().any(char::is_alphabetic));
    found
}

/// Whether `whole` holds `part`, and not within a word.
fn holds(whole: &str, part: &str) -> bool {
    whole.match_indices(part).any(|(at, _)| {
        let before = whole[..at].chars().next_back();
        let after = whole[at + part.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[test]
fn a_page_in_another_language_has_no_english_left() {
    let english = messages(LANGUAGES.first().unwrap().1);
    for (t, (tag, files)) in Messages::all().zip(LANGUAGES).skip(1) {
        assert_eq!(t.tag(), *tag);
        // What people and devices are called is the same everywhere; what this language says too is not English.
        let own: BTreeSet<String> = messages(files)
            .values()
            .flat_map(|text| fragments(text))
            .collect();
        let foreign: BTreeSet<String> = english
            .values()
            .flat_map(|text| fragments(text))
            // A language is called what it calls itself.
            .filter(|text| {
                text.len() > 3 && text != "English" && !own.iter().any(|own| holds(own, text))
            })
            .map(|text| text.replace('\'', "&#39;"))
            .collect();
        assert!(foreign.len() > 500, "{tag}: {}", foreign.len());
        let mut texts = BTreeMap::new();
        for (name, page) in speaking(t, samples::all) {
            assert!(page.contains(&format!("<html lang=\"{tag}\"")), "{name}");
            texts.extend(said(&page).into_iter().map(|text| (text, name.clone())));
        }
        let mut left = BTreeSet::new();
        for (text, name) in &texts {
            for found in foreign.iter().filter(|part| holds(text, part)) {
                left.insert(format!("{name}: {found:?} in {text:?}"));
            }
        }
        assert!(left.is_empty(), "{tag}: {left:#?}");
    }
}

#[test]
fn every_message_is_translated() {
    let english = messages(LANGUAGES.first().unwrap().1);
    for (tag, files) in LANGUAGES.iter().skip(1) {
        let same: Vec<String> = messages(files)
            .into_iter()
            .filter(|(id, text)| english.get(id) == Some(text) && fragments(text).len() > 1)
            .map(|(id, _)| id)
            .collect();
        assert!(same.is_empty(), "{tag}: {same:?}");
    }
}

#[test]
fn copy_2_no_language_shouts_begs_or_blames() {
    let banned = [
        (
            "de",
            ["bitte", "leider", "ungültig", "entschuld", "oje", "klick"],
        ),
        (
            "es",
            [
                "por favor",
                "lo sentimos",
                "inválid",
                "perdón",
                "haga clic",
                "ilegal",
            ],
        ),
    ];
    for (tag, words) in banned {
        let (_, files) = LANGUAGES.iter().find(|(other, _)| *other == tag).unwrap();
        for (id, text) in messages(files) {
            let lower = text.to_lowercase();
            assert!(!lower.contains(['!', '¡']), "{tag} {id}: {text}");
            for word in words {
                assert!(!lower.contains(word), "{tag} {id}: {text}");
            }
        }
    }
}
