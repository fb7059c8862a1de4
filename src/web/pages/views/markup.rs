//! Rules about markup, checked over every page in every state: what the response headers forbid, what forms
//! must carry, what assistive technology needs.

use std::collections::BTreeSet;

use super::samples;

/// The opening tags of this kind.
fn tags<'a>(page: &'a str, kind: &str) -> Vec<&'a str> {
    page.match_indices('<')
        .filter_map(|(at, _)| page.get(at..)?.split_inclusive('>').next())
        .filter(|tag| {
            tag.get(1..)
                .is_some_and(|tag| tag.split([' ', '>', '\n']).next() == Some(kind))
        })
        .collect()
}

/// The value of an attribute of an opening tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

fn all_tags(page: &str) -> Vec<&str> {
    page.match_indices('<')
        .filter_map(|(at, _)| page.get(at..)?.split_inclusive('>').next())
        .collect()
}

#[test]
fn nothing_is_inline_that_the_policy_forbids() {
    for (name, page) in samples::all() {
        for tag in all_tags(&page) {
            assert!(attribute(tag, "style").is_none(), "{name}: {tag}");
            let outside_values: String = tag.split('"').step_by(2).collect();
            assert!(!outside_values.contains(" on"), "{name}: {tag}");
            assert!(
                !tag.contains("javascript:") && !tag.contains("=\"data:"),
                "{name}: {tag}"
            );
        }
        assert!(tags(&page, "style").is_empty(), "{name}");
        for script in tags(&page, "script") {
            assert!(
                attribute(script, "src").is_some() && script.contains(" defer"),
                "{name}: {script}"
            );
        }
        assert_eq!(
            page.matches("<script").count(),
            page.matches("></script>").count(),
            "{name}"
        );
    }
}

#[test]
fn what_people_typed_is_never_markup() {
    let pages = samples::all();
    let page = |wanted: &str| {
        pages
            .iter()
            .find(|(name, _)| name == wanted)
            .unwrap()
            .1
            .clone()
    };
    assert!(page("security").contains("Obscure/0.1 &#60;script&#62;"));
    assert!(page("welcome-problems").contains("Northwind &#38; &#60;Sons&#62;"));
}

#[test]
fn every_form_that_posts_carries_the_token_and_leaves_checking_to_the_server() {
    for (name, page) in samples::all() {
        for form in page.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let opening = form.split('>').next().unwrap();
            assert!(opening.contains(" novalidate"), "{name}: {opening}");
            if opening.contains("method=\"get\"") {
                // What is asked by GET stands in addresses, where a token has no place.
                assert!(!form.contains("csrf"), "{name}: {opening}");
                continue;
            }
            assert!(opening.contains("method=\"post\""), "{name}: {opening}");
            assert!(
                form.contains("<input type=\"hidden\" name=\"csrf\" value=\"q3mF0v-token\">"),
                "{name}"
            );
        }
        for input in tags(&page, "input") {
            for forbidden in [" required", " pattern=", " maxlength=", " minlength="] {
                assert!(!input.contains(forbidden), "{name}: {input}");
            }
        }
    }
}

#[test]
fn passwords_are_never_sent_back() {
    for (name, page) in samples::all() {
        for input in tags(&page, "input")
            .into_iter()
            .filter(|tag| tag.contains("type=\"password\""))
        {
            assert!(attribute(input, "value").is_none(), "{name}: {input}");
            assert!(
                matches!(
                    attribute(input, "autocomplete"),
                    Some("current-password" | "new-password")
                ),
                "{name}: {input}"
            );
        }
    }
}

#[test]
fn fields_have_labels_and_are_wired_to_hints_and_errors() {
    for (name, page) in samples::all() {
        let mut ids = BTreeSet::new();
        for tag in all_tags(&page) {
            if let Some(id) = attribute(tag, "id") {
                assert!(ids.insert(id), "{name}: two elements are called {id}");
            }
        }
        for tag in all_tags(&page) {
            for reference in [
                "for",
                "aria-describedby",
                "aria-controls",
                "aria-labelledby",
            ] {
                for id in attribute(tag, reference)
                    .unwrap_or_default()
                    .split_whitespace()
                {
                    assert!(ids.contains(id), "{name}: {tag} points nowhere");
                }
            }
            if let Some(id) = attribute(tag, "href").and_then(|href| href.strip_prefix('#')) {
                assert!(ids.contains(id), "{name}: {tag} leads nowhere");
            }
        }
        let labels: BTreeSet<_> = tags(&page, "label")
            .into_iter()
            .filter_map(|label| attribute(label, "for"))
            .collect();
        for input in tags(&page, "input") {
            if input.contains("type=\"hidden\"") || input.contains("aria-hidden=\"true\"") {
                continue;
            }
            let id = attribute(input, "id").unwrap();
            assert!(labels.contains(id), "{name}: {input}");
            let has_error = ids.contains(format!("{id}-error").as_str());
            assert_eq!(
                input.contains(" aria-invalid=\"true\""),
                has_error,
                "{name}: {input}"
            );
            let described = attribute(input, "aria-describedby").unwrap_or_default();
            assert_eq!(described.contains("-error"), has_error, "{name}: {input}");
        }
    }
}

#[test]
fn a_refused_form_says_so_in_its_title_and_takes_the_focus() {
    for (name, page) in samples::all() {
        let refused = page.contains("class=\"summary");
        assert_eq!(page.contains("<title>Error: "), refused, "{name}");
        assert!(page.contains(" - Countersign</title>"), "{name}");
        if refused {
            let summary = all_tags(&page)
                .into_iter()
                .find(|tag| tag.contains("class=\"summary"))
                .unwrap();
            for needed in ["role=\"alert\"", "tabindex=\"-1\"", " autofocus"] {
                assert!(summary.contains(needed), "{name}: {summary}");
            }
            assert!(!page.contains("class=\"flash"), "{name}");
        }
    }
}

#[test]
fn headings_start_at_one_and_never_skip_a_level() {
    for (name, page) in samples::all() {
        assert_eq!(tags(&page, "h1").len(), 1, "{name}");
        let main = page.split_once("<main").unwrap().1;
        // The error summary stands before the heading.
        let from_heading = main.get(main.find("<h1").unwrap()..).unwrap();
        let mut last = 0;
        for tag in all_tags(from_heading) {
            let level = match tag.get(..3) {
                Some("<h1") => 1,
                Some("<h2") => 2,
                Some("<h3") => 3,
                _ => continue,
            };
            assert!(level <= last + 1, "{name}: {tag}");
            last = level;
        }
    }
}

#[test]
fn help_and_the_skip_link_are_at_the_same_place_on_every_page() {
    for (name, page) in samples::all() {
        let body = page.split_once("<body>").unwrap().1.trim_start();
        assert!(
            body.starts_with("<a class=\"skip\" href=\"#main\">"),
            "{name}"
        );
        let footer = page.split_once("<footer").unwrap().1;
        assert_eq!(tags(footer, "a"), ["<a href=\"/help\">"], "{name}");
    }
}

#[test]
fn the_security_page_repeats_the_status_for_machines() {
    let pages = samples::all();
    let (_, page) = pages.iter().find(|(name, _)| name == "security").unwrap();
    let main = *tags(page, "main").first().unwrap();
    assert_eq!(attribute(main, "data-is-enabled"), Some("false"));
    assert_eq!(attribute(main, "data-is-required"), Some("false"));
    assert_eq!(attribute(main, "data-is-enforced"), Some("false"));
    assert_eq!(attribute(main, "data-enabled-methods"), Some(""));
    assert_eq!(attribute(main, "data-session-verified"), Some("true"));
    assert_eq!(attribute(main, "data-primary-method"), None);
    assert_eq!(attribute(main, "data-backup-codes-left"), None);
}

#[test]
fn pages_and_static_files_stay_small() {
    for (name, page) in samples::all() {
        assert!(page.len() < 30_000, "{name}: {}", page.len());
    }
    let css = include_str!("../../../../static/css/app.css");
    assert!(css.len() < 12_000, "app.css: {}", css.len());
    assert_eq!(css.matches('{').count(), css.matches('}').count());
    assert!(!css.contains("url(") && !css.contains("@import"));
    // Nothing covers what has the focus.
    assert!(!css.contains("sticky") && !css.contains("position:fixed"));
    for js in [
        include_str!("../../../../static/js/security.js"),
        include_str!("../../../../static/js/passkey.js"),
        include_str!("../../../../static/js/live.js"),
    ] {
        assert!(js.len() < 8_000 && !js.contains("innerHTML") && !js.contains("eval("));
    }
}

/// What stands between an element's opening tag, which begins here, and its end.
fn inside(page: &str, tag: &str) -> String {
    let kind = tag
        .trim_start_matches('<')
        .split([' ', '>'])
        .next()
        .unwrap();
    let (opens, closes) = (
        [format!("<{kind} "), format!("<{kind}>")],
        format!("</{kind}>"),
    );
    let from = page.find(tag).unwrap() + tag.len();
    let mut depth = 1;
    let mut rest = page.get(from..).unwrap();
    let mut found = String::new();
    while let Some(at) = rest.find('<') {
        let (text, after) = rest.split_at(at);
        found.push_str(text);
        if after.starts_with(&closes) {
            depth -= 1;
        } else if opens.iter().any(|open| after.starts_with(open)) {
            depth += 1;
        }
        if depth == 0 {
            return found;
        }
        let (tag, after) = after.split_at(after.find('>').unwrap() + 1);
        found.push_str(tag);
        rest = after;
    }
    panic!("{tag} has no end");
}

#[test]
fn st_12_no_tone_is_colour_alone() {
    let toned = |tag: &str| {
        let classes: Vec<_> = attribute(tag, "class")
            .unwrap_or_default()
            .split(' ')
            .collect();
        let is = |class: &str| classes.contains(&class);
        is("notice")
            || is("flash")
            || is("summary")
            || is("alert")
            || (is("badge") && (is("ok") || is("warn") || is("danger")))
    };
    let mut seen = BTreeSet::new();
    for (name, page) in samples::all() {
        for tag in all_tags(&page).into_iter().filter(|tag| toned(tag)) {
            seen.insert(attribute(tag, "class").unwrap().to_owned());
            let inside = inside(&page, tag);
            let icon = tags(&inside, "svg").first().copied().unwrap_or_default();
            assert!(
                icon.contains("aria-hidden=\"true\""),
                "{name}: {tag} {inside}"
            );
            let words = inside.split('>').filter_map(|part| part.split('<').next());
            assert!(
                words.map(str::trim).any(|word| !word.is_empty()),
                "{name}: {tag}"
            );
        }
        for icon in tags(&page, "svg") {
            let is_image = icon.contains("role=\"img\"") && icon.contains("aria-label=\"");
            let is_silent = icon.contains("aria-hidden=\"true\"") || icon.contains(" hidden");
            assert!(is_image || is_silent, "{name}: {icon}");
        }
    }
    assert!(seen.len() > 5, "{seen:?}");
}

#[test]
fn a_3_who_has_given_an_address_is_not_asked_for_it_again() {
    let known = [
        "verify",
        "confirm",
        "email-wait",
        "email-landing",
        "recover",
        "setup",
        "passkey-",
        "security-codes",
    ];
    let mut seen = 0;
    for (name, page) in samples::all() {
        if !known.iter().any(|start| name.starts_with(start)) {
            continue;
        }
        seen += 1;
        for input in tags(&page, "input") {
            let is_address = input.contains("type=\"email\"");
            assert!(
                !is_address || input.contains("aria-hidden=\"true\""),
                "{name}: {input}"
            );
        }
    }
    assert!(seen > 20, "{seen}");
}
