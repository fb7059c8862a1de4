//! The content security policy of every answer, judged by the rules of csp-evaluator (github.com/google/csp-evaluator):
//! what it calls a finding of high severity, and what makes a policy no policy.

use std::collections::{BTreeMap, BTreeSet};

use countersign::web::ROUTES;

use crate::support::TestApp;

/// Directives that browsers know (CSP Level 3, Trusted Types, Fetch metadata excluded).
const KNOWN: &[&str] = &[
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "report-to",
    "require-trusted-types-for",
    "sandbox",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "upgrade-insecure-requests",
    "worker-src",
];

/// Directives that decide what runs.
const RUNS: &[&str] = &["script-src", "object-src", "base-uri"];

/// What an evaluator would find wrong with a policy.
fn findings(policy: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut directives: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for part in policy
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let mut words = part.split_whitespace();
        let name = words.next().unwrap_or_default();
        if !KNOWN.contains(&name) {
            found.insert(format!("unknown or deprecated directive {name}"));
        }
        // Browsers go by the first of two.
        if directives.insert(name, words.collect()).is_some() {
            found.insert(format!("{name} stands twice"));
        }
    }
    let of = |name: &str| match name {
        // These two do not fall back to default-src.
        "base-uri" | "form-action" | "frame-ancestors" => directives.get(name),
        _ => directives
            .get(name)
            .or_else(|| directives.get("default-src")),
    };
    for name in RUNS.iter().chain(&["form-action", "frame-ancestors"]) {
        let is_sandboxed = directives
            .get("sandbox")
            .is_some_and(|flags| flags.is_empty());
        if of(name).is_none() && !(is_sandboxed && *name != "frame-ancestors") {
            found.insert(format!("{name} is missing"));
        }
    }
    for (name, values) in &directives {
        if matches!(
            *name,
            "sandbox" | "trusted-types" | "require-trusted-types-for"
        ) {
            continue;
        }
        for value in values {
            let word = value.trim_matches('\'');
            let is_quoted = value.starts_with('\'') && value.ends_with('\'') && value.len() > 2;
            match word {
                "unsafe-inline" | "unsafe-eval" | "unsafe-hashes" | "wasm-unsafe-eval" => {
                    found.insert(format!("{name} allows {word}"));
                }
                "none" if values.len() > 1 => {
                    found.insert(format!("{name} has more beside 'none'"));
                }
                "none" | "self" | "strict-dynamic" if !is_quoted => {
                    found.insert(format!("{name}: {word} lacks its quotes"));
                }
                "none" | "self" => {}
                _ if word.starts_with("nonce-") => {
                    found.insert(format!(
                        "{name} has a nonce, which a kept page would repeat"
                    ));
                }
                // A star, a scheme, an IP address, a host: each of them is somebody else's content.
                _ => {
                    found.insert(format!("{name} allows {value}"));
                }
            }
        }
    }
    found
}

#[test]
fn i08_what_an_evaluator_would_call_a_finding_is_found() {
    let good = "default-src 'none'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    assert_eq!(findings(good), BTreeSet::new());
    for (bad, finding) in [
        ("script-src 'self'", "base-uri is missing"),
        ("script-src 'self'", "object-src is missing"),
        ("img-src 'self'", "script-src is missing"),
        ("default-src 'none'", "frame-ancestors is missing"),
        (
            "default-src 'none'; script-src 'self' 'unsafe-inline'",
            "script-src allows unsafe-inline",
        ),
        (
            "default-src 'none'; script-src 'unsafe-eval'",
            "script-src allows unsafe-eval",
        ),
        ("default-src *", "default-src allows *"),
        (
            "default-src 'none'; script-src data:",
            "script-src allows data:",
        ),
        (
            "default-src 'none'; script-src https:",
            "script-src allows https:",
        ),
        (
            "default-src 'none'; script-src cdn.example",
            "script-src allows cdn.example",
        ),
        (
            "default-src 'none'; script-src 127.0.0.1",
            "script-src allows 127.0.0.1",
        ),
        ("default-src none", "default-src: none lacks its quotes"),
        (
            "default-src 'none' 'self'",
            "default-src has more beside 'none'",
        ),
        (
            "default-src 'none'; script-src 'nonce-abc'",
            "script-src has a nonce, which a kept page would repeat",
        ),
        (
            "default-src 'none'; reflected-xss block",
            "unknown or deprecated directive reflected-xss",
        ),
        (
            "default-src 'none'; script-src 'self'; script-src *",
            "script-src stands twice",
        ),
    ] {
        let all = findings(bad);
        assert!(all.contains(finding), "{bad}: {all:?}");
    }
}

#[actix_web::test]
async fn i08_an_evaluator_finds_nothing_wrong_with_the_policy_of_any_answer() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let (mut pages, mut policies) = (0, BTreeSet::new());
    let gets = ROUTES.iter().filter(|row| row.method == "GET");
    for row in gets {
        let path = row.path.replace("{hash}", &"0".repeat(16));
        let path = path
            .replace("{name}", "app.css")
            .replace("{token}", "x")
            .replace("{id}", "x");
        let answer = browser.get(&path).await;
        let all: Vec<_> = answer
            .headers
            .get_all("content-security-policy")
            .iter()
            .collect();
        assert_eq!(all.len(), 1, "{path}");
        let policy = all[0].to_str().unwrap();
        assert_eq!(findings(policy), BTreeSet::new(), "{path}: {policy}");
        let kind = answer.header("content-type").unwrap_or_default();
        if kind.starts_with("text/html") {
            let trusted = "require-trusted-types-for 'script'; trusted-types 'none'";
            assert!(policy.contains(trusted), "{path}: {policy}");
            pages += 1;
        }
        policies.insert(policy.to_owned());
    }
    assert!(pages > 10, "only {pages} pages were open");
    assert_eq!(
        policies.len(),
        2,
        "one for pages and one for everything else: {policies:?}"
    );
}

#[actix_web::test]
async fn i08_a_hundred_loads_have_one_policy_and_no_page_holds_anything_that_it_forbids() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    let first = browser.get("/login").await;
    for _ in 0..100 {
        let again = browser.get("/login").await;
        let name = "content-security-policy";
        assert_eq!(
            again.header(name),
            first.header(name),
            "no nonce is made per answer"
        );
    }
    let (_, browser) = app.user().in_browser().await;
    for path in [
        "/login",
        "/security",
        "/security/password",
        "/security/activity",
        "/help",
    ] {
        let page = browser.get(path).await;
        assert_eq!(
            page.texts("script:not([src])"),
            [""; 0],
            "{path}: a script in the page"
        );
        assert_eq!(
            page.texts("style, [style]"),
            [""; 0],
            "{path}: a style in the page"
        );
        let html = page.html.to_lowercase();
        assert!(!html.contains("nonce="), "{path}");
        for handler in [
            " onclick=",
            " onsubmit=",
            " onload=",
            " onerror=",
            "javascript:",
        ] {
            assert!(!html.contains(handler), "{path}: {handler}");
        }
    }
}
