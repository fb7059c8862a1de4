//! What fuzzers call of the settings: each kind of value. See `crate::fuzzing`.

#![allow(clippy::expect_used)] // what fails here is a finding

use std::time::Duration;

use super::values::{self, DatabaseUrl, MailFrom, PublicUrl, Rate, SmtpUrl};

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// One text as every kind of value; a second line is the domain of passkeys or the other origins.
pub(crate) fn settings(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (first, second) = text.split_once('\n').unwrap_or((text, ""));
    if let Ok(time) = values::time(first) {
        assert!(time <= YEAR);
        assert_eq!(values::lifetime(first).is_ok(), !time.is_zero());
    }
    for rate in values::rates(first).unwrap_or_default() {
        let Rate { count, period } = rate;
        assert!((1..=1_000_000).contains(&count) && !period.is_zero() && period <= YEAR);
        assert!(rate.interval() <= period);
    }
    let _ = values::rate(first);
    let _ = values::count(first).map(|count| assert!(count != Some(0)));
    let _ = values::hops(first).map(|hops| assert!(hops <= 10));
    let _ = values::switch(first);
    let _ = values::path(first);
    let _ = values::bind(first);
    let contact = values::contact(text).unwrap_or_default();
    assert!(contact.chars().count() <= 500);
    mail_from(first);
    database(first);
    if let Ok(url) = first.parse::<SmtpUrl>() {
        assert_eq!(
            (url.expose(), format!("{url:?}").as_str()),
            (first, "SmtpUrl(redacted)")
        );
    }
    public_url(first, second);
}

fn mail_from(text: &str) {
    let Ok(from) = text.parse::<MailFrom>() else {
        return;
    };
    let shown = from.to_string();
    assert!(!shown.contains(['\r', '\n']), "one header: {shown}");
    assert_eq!(shown.parse(), Ok(from));
}

fn database(text: &str) {
    if let Ok(DatabaseUrl::Postgres(url)) = text.parse() {
        let shown = format!("{:?}", DatabaseUrl::Postgres(url));
        assert_eq!(shown, "Postgres(redacted)");
    }
}

/// What can be the public URL reads back as itself, and only this machine goes without TLS.
fn public_url(text: &str, second: &str) {
    let Ok(url) = text.parse::<PublicUrl>() else {
        return;
    };
    assert_eq!(url.origin().parse(), Ok(url.clone()));
    assert!(!url.origin().ends_with('/') && !url.host().is_empty());
    if !url.is_https() {
        let host = url.host();
        let is_own = host.ends_with("localhost") || host.starts_with("127.") || host == "[::1]";
        assert!(is_own, "{host}");
    }
    if let Ok(id) = values::rp_id(second, &url) {
        let host = url.domain().expect("a name");
        assert!(
            host == id || host.ends_with(&format!(".{id}")),
            "{id} of {host}"
        );
    }
    for origin in values::related_origins(second, &url).unwrap_or_default() {
        assert_ne!(origin, url.origin());
        origin.parse::<PublicUrl>().expect("an origin");
    }
}
