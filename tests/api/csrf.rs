//! Forms that our own pages did not send: refused with the page again, and without effect.

use reqwest::Method as Verb;

use crate::support::{Browser, PASSWORD, Page, TestApp};

type Fields = Vec<(String, String)>;

const NEW_PASSWORD: &str = "an entirely different sentence";

/// A form on a page, filled in as somebody would who means it.
struct Filled<'a> {
    name: &'static str,
    browser: Browser<'a>,
    action: String,
    fields: Fields,
    /// Fields whose text has to be there again when the form is refused.
    kept: &'static [&'static str],
    /// The heading of the page that is shown again.
    heading: &'static str,
}

impl<'a> Filled<'a> {
    fn new(
        name: &'static str,
        browser: Browser<'a>,
        page: &Page,
        selector: &str,
        filled: &[(&str, &str)],
        kept: &'static [&'static str],
        heading: &'static str,
    ) -> Self {
        let (action, mut fields) = page.form_at(selector);
        for (name, value) in filled {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        Self {
            name,
            browser,
            action,
            fields,
            kept,
            heading,
        }
    }

    /// The fields with another form token, or without one.
    fn with_token(&self, token: Option<&str>) -> Fields {
        let mut fields = self.fields.clone();
        fields.retain(|(name, _)| name != "csrf");
        if let Some(token) = token {
            fields.push(("csrf".to_owned(), token.to_owned()));
        }
        fields
    }

    fn token(&self) -> &str {
        let found = self.fields.iter().find(|(name, _)| name == "csrf");
        &found.unwrap().1
    }

    /// Sends the fields with these headers.
    async fn send(&self, fields: &Fields, headers: &[(&str, &str)]) -> Page {
        let mut request = self.browser.request(Verb::POST, &self.action).form(fields);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Page {
            path: self.action.clone(),
            status,
            headers,
            html: response.text().await.unwrap(),
        }
    }

    #[track_caller]
    fn is_refused(&self, how: &str, page: &Page) {
        let what = format!("{}: {how}", self.name);
        assert_eq!(page.status, 403, "{what}");
        assert_eq!(
            page.problems(),
            ["This page was open too long. Check the details and try again."],
            "{what}"
        );
        assert!(page.text("title").starts_with("Error: "), "{what}");
        assert_eq!(page.text("h1"), self.heading, "{what}");
        for name in self.kept {
            let typed = &self
                .fields
                .iter()
                .find(|(known, _)| known == name)
                .unwrap()
                .1;
            let shown = page.attribute(&format!("main [name={name}]"), "value");
            assert_eq!(shown.as_ref(), Some(typed), "{what}: {name}");
        }
        for secret in [PASSWORD, NEW_PASSWORD] {
            assert!(!page.html.contains(secret), "{what}");
        }
    }
}

/// Every form there is, filled in by somebody who may send it.
async fn forms<'a>(app: &'a TestApp) -> Vec<Filled<'a>> {
    let mut forms = Vec::new();

    let browser = app.browser();
    let newcomer = app.user().without_password().create().await;
    let path = app.db_password_link(&newcomer.id);
    let page = browser.get(&path).await;
    let fields = [("password", NEW_PASSWORD)];
    let heading = "Choose a password";
    forms.push(Filled::new(
        "password link",
        browser,
        &page,
        "main form",
        &fields,
        &[],
        heading,
    ));

    let person = app.user().create().await;
    let browser = app.browser();
    let page = browser.get("/login?return_to=/security/activity").await;
    let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
    let kept = &["email", "return_to"];
    forms.push(Filled::new(
        "sign in",
        browser,
        &page,
        "main form",
        &fields,
        kept,
        "Sign in",
    ));

    let browser = person.browser().await;
    let page = browser.get("/confirm?next=/security/devices").await;
    let (fields, kept) = ([("password", PASSWORD)], &["next"]);
    let heading = "Confirm it's you";
    forms.push(Filled::new(
        "confirm",
        browser,
        &page,
        "main form",
        &fields,
        kept,
        heading,
    ));

    let browser = app.user().in_browser().await.1;
    let page = browser.get("/security/password").await;
    let fields = [("current_password", PASSWORD), ("password", NEW_PASSWORD)];
    let heading = "Change password";
    forms.push(Filled::new(
        "password",
        browser,
        &page,
        "main form",
        &fields,
        &[],
        heading,
    ));

    let (person, browser) = app.user().in_browser().await;
    person.sign_in().await;
    let other = person.app.db_session_ids(&person.id)[0].clone();
    let path = format!("/security/devices?session={other}");
    let page = browser.get(&path).await;
    let (kept, heading) = (&["session"], "Sign out App or script?");
    forms.push(Filled::new(
        "one device",
        browser,
        &page,
        "main form",
        &[],
        kept,
        heading,
    ));

    let (person, browser) = app.user().in_browser().await;
    person.sign_in().await;
    let page = browser.get("/security/devices").await;
    let heading = "Sign out 1 other device?";
    forms.push(Filled::new(
        "all devices",
        browser,
        &page,
        "main form",
        &[],
        &[],
        heading,
    ));
    forms
}

/// The form of the first owner, on a server without accounts.
async fn welcome(app: &TestApp) -> Filled<'_> {
    let browser = app.browser();
    let page = browser.get(&app.db_first_owner_link()).await;
    let fields = [
        ("organization", "Analytical Engines"),
        ("first_name", "Ada"),
        ("last_name", "Lovelace"),
        ("email", "ada@example.com"),
        ("password", PASSWORD),
    ];
    let kept = &["organization", "first_name", "last_name", "email"];
    let heading = "Create your organization";
    Filled::new(
        "welcome",
        browser,
        &page,
        "main form",
        &fields,
        kept,
        heading,
    )
}

const SAME_ORIGIN: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];

/// Tries every way in which the form may come from elsewhere, then the one in which it does not.
async fn is_guarded(app: &TestApp, form: &Filled<'_>, foreign_tokens: &[String]) {
    let before = app.db_state();
    let flipped: String = form
        .token()
        .chars()
        .map(|c| if c == 'A' { 'B' } else { 'A' })
        .collect();
    let mut tokens = vec![
        ("no token", None),
        ("an empty token", Some("")),
        ("a token that is not ours", Some(flipped.as_str())),
        ("half a token", Some(&form.token()[..20])),
    ];
    for foreign in foreign_tokens {
        tokens.push(("the token of somebody else", Some(foreign.as_str())));
    }
    for (how, token) in tokens {
        let page = form.send(&form.with_token(token), SAME_ORIGIN).await;
        form.is_refused(how, &page);
    }
    let origin = app.origin.as_str();
    let headers: [(&str, &[(&str, &str)]); 9] = [
        ("cross-site", &[("sec-fetch-site", "cross-site")]),
        ("same-site", &[("sec-fetch-site", "same-site")]),
        ("typed", &[("sec-fetch-site", "none")]),
        (
            "cross-site with our origin",
            &[("sec-fetch-site", "cross-site"), ("origin", origin)],
        ),
        ("neither header", &[]),
        ("origin null", &[("origin", "null")]),
        ("another origin", &[("origin", "https://evil.test")]),
        (
            "another origin and an empty site",
            &[("sec-fetch-site", ""), ("origin", "https://evil.test")],
        ),
        (
            "our host on another port",
            &[("origin", "http://localhost:1")],
        ),
    ];
    for (how, headers) in headers {
        let page = form.send(&form.fields, headers).await;
        form.is_refused(how, &page);
    }
    // Refused before anything is looked at: nothing changes, nothing is even recorded.
    assert_eq!(app.db_state(), before, "{}", form.name);
    let page = form.send(&form.fields, &[("origin", origin)]).await;
    assert_eq!(page.status, 303, "{}: {}", form.name, page.html);
    assert_ne!(app.db_state(), before, "{}", form.name);
}

async fn token_of(browser: &Browser<'_>, path: &str) -> String {
    let page = browser.get(path).await;
    page.attribute("[name=csrf]", "value").unwrap()
}

#[actix_web::test]
async fn i04_every_form_is_refused_unless_our_page_sent_it_from_this_browser() {
    let app = TestApp::spawn().await;
    let (_, somebody) = app.user().in_browser().await;
    let foreign = [
        token_of(&somebody, "/security").await,
        token_of(&app.browser(), "/login").await,
    ];
    for form in forms(&app).await {
        is_guarded(&app, &form, &foreign).await;
    }
}

#[actix_web::test]
async fn i04_the_first_owners_form_is_refused_unless_our_page_sent_it() {
    let app = TestApp::spawn().await;
    let foreign = [token_of(&app.browser(), "/login").await];
    let form = welcome(&app).await;
    is_guarded(&app, &form, &foreign).await;
}

#[actix_web::test]
async fn i04_signing_out_is_refused_unless_our_page_sent_it() {
    let app = TestApp::spawn().await;
    let (_, browser) = app.user().in_browser().await;
    let page = browser.get("/security").await;
    let (_, fields) = page.form_at("header form");
    let before = app.db_state();
    for (fields, site) in [
        (Vec::new(), "same-origin"),
        (vec![("csrf".to_owned(), "x".to_owned())], "same-origin"),
        (fields.clone(), "cross-site"),
        (fields.clone(), "none"),
    ] {
        let page = browser.post_from(site, "/logout", &fields).await;
        assert_eq!(page.status, 403);
        assert_eq!(page.header("clear-site-data"), None);
        assert_eq!(page.text("h1"), "This page was open too long");
    }
    assert_eq!(app.db_state(), before);
    assert_eq!(browser.get("/security").await.status, 200);
    assert_eq!(browser.post("/logout", &fields).await.status, 303);
    // The same button on another tab: there is nobody to sign out any more.
    let again = browser.post("/logout", &fields).await;
    assert_eq!((again.status, again.location()), (303, "/login"));
}

#[actix_web::test]
async fn i04_a_form_token_dies_with_the_session_it_belongs_to() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let browser = app.browser();
    let before_login = token_of(&browser, "/login").await;
    let fields = [
        ("csrf", before_login.as_str()),
        ("email", &person.email),
        ("password", PASSWORD),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(browser.post("/login", &fields).await.status, 303);
    let first = token_of(&browser, "/security").await;
    assert_ne!(first, before_login);
    let change = |token: &str| {
        let fields = [("csrf", token), ("session", "others")];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let page = browser
        .post("/security/devices", &change(&before_login))
        .await;
    assert_eq!(page.status, 403);
    // The step-up renews the cookie, and with it the token.
    let confirm = browser.get("/confirm").await;
    assert_eq!(
        browser
            .submit(&confirm, &[("password", PASSWORD)])
            .await
            .status,
        303
    );
    let second = token_of(&browser, "/security").await;
    assert_ne!(second, first);
    assert_eq!(
        browser
            .post("/security/devices", &change(&first))
            .await
            .status,
        403
    );
    assert_eq!(
        browser
            .post("/security/devices", &change(&second))
            .await
            .status,
        303
    );
    // Signing out and in again does too.
    let page = browser.get("/security").await;
    browser
        .post("/logout", &page.form_at("header form").1)
        .await;
    assert_ne!(token_of(&browser, "/login").await, before_login);
}

#[actix_web::test]
async fn i04_a_form_of_another_content_type_or_in_the_address_is_no_form() {
    let app = TestApp::spawn().await;
    let person = app.user().create().await;
    let browser = app.browser();
    let token = token_of(&browser, "/login").await;
    let before = app.db_state();
    let query = format!("/login?csrf={token}&email={}&password=x", person.email);
    let page = browser.post(&query, &[]).await;
    assert_eq!(page.status, 403);
    let body = serde_json::json!({"csrf": token, "email": person.email, "password": PASSWORD});
    let request = browser
        .request(Verb::POST, "/login")
        .header("sec-fetch-site", "same-origin")
        .json(&body);
    assert!(matches!(
        request.send().await.unwrap().status().as_u16(),
        400 | 403 | 415
    ));
    assert_eq!(app.db_state(), before);
}
