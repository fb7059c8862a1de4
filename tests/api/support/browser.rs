//! A browser without JavaScript: keeps cookies, reads pages, fills and sends forms.

use std::sync::Arc;

use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::HeaderMap;
use scraper::{Html, Selector};

use super::TestApp;
use super::actors::is_stream;
use super::app::client;

/// A browser with a cookie jar of its own.
pub struct Browser<'a> {
    pub app: &'a TestApp,
    client: reqwest::Client,
    jar: Arc<Jar>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(app: &'a TestApp) -> Self {
        let jar = Arc::new(Jar::default());
        let client = client(app.address)
            .cookie_provider(Arc::clone(&jar))
            .user_agent("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36")
            .build()
            .unwrap();
        Self { app, client, jar }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        let request = self
            .client
            .get(self.app.url(path))
            .header("sec-fetch-site", "none");
        Page::of(path, request.send().await.unwrap()).await
    }

    /// Fills the fields of a page's main form and sends it, hidden fields and all, to where it says.
    pub async fn submit(&self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let (action, mut form) = page.form();
        for (name, value) in fields {
            form.retain(|(known, _)| known != name);
            form.push(((*name).to_owned(), (*value).to_owned()));
        }
        self.post(&action, &form).await
    }

    /// Sends a form as a page of this origin would.
    pub async fn post(&self, path: &str, form: &[(String, String)]) -> Page {
        self.post_from("same-origin", path, form).await
    }

    /// Sends a form as a page of another `site` would.
    pub async fn post_from(&self, site: &str, path: &str, form: &[(String, String)]) -> Page {
        let request = self
            .client
            .post(self.app.url(path))
            .header("sec-fetch-site", site)
            .form(form);
        Page::of(path, request.send().await.unwrap()).await
    }

    /// A request to be finished by the test.
    pub fn request(&self, verb: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(verb, self.app.url(path))
    }

    /// The session's cookie as the next request would send it.
    pub fn cookie(&self) -> Option<String> {
        self.cookie_named("countersign")
    }

    /// The cookie that the browser is recognised by.
    pub fn device_cookie(&self) -> Option<String> {
        self.cookie_named("countersign-device")
    }

    /// The cookie that the browser is trusted by.
    pub fn trust_cookie(&self) -> Option<String> {
        self.cookie_named("countersign-trust")
    }

    fn cookie_named(&self, name: &str) -> Option<String> {
        let cookies = self.jar.cookies(&self.app.origin.parse().unwrap())?;
        let mut all = cookies.to_str().unwrap().split("; ").map(str::to_owned);
        all.find(|cookie| cookie.starts_with(&format!("{name}=")))
    }

    /// Ends, as browsers do: what has no date is forgotten.
    pub fn restart(&self) {
        self.plant("countersign=; Max-Age=0");
    }

    /// Puts a cookie into the jar, as `name=value`.
    pub fn plant(&self, cookie: &str) {
        self.jar.add_cookie_str(
            &format!("{cookie}; Path=/"),
            &self.app.origin.parse().unwrap(),
        );
    }
}

/// A page, or a redirect to one.
#[derive(Debug)]
pub struct Page {
    /// The path that was asked for.
    pub path: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub html: String,
}

impl Page {
    pub async fn of(path: &str, response: reqwest::Response) -> Self {
        let headers = response.headers().clone();
        Self {
            path: path.to_owned(),
            status: response.status().as_u16(),
            html: match is_stream(&headers) {
                true => String::new(),
                false => response.text().await.unwrap(),
            },
            headers,
        }
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// The texts of everything that a CSS selector finds, white space folded.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let document = Html::parse_document(&self.html);
        document
            .select(&Selector::parse(selector).unwrap())
            .map(|element| {
                let text: String = element.text().collect();
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    /// The text of the first thing that a CSS selector finds.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        let texts = self.texts(selector);
        texts
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no {selector} in {} {}", self.status, self.html))
    }

    /// An attribute of the first thing that a CSS selector finds.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let document = Html::parse_document(&self.html);
        let found = document.select(&Selector::parse(selector).unwrap()).next();
        found.and_then(|element| element.value().attr(name).map(str::to_owned))
    }

    /// The action and the fields of the form in `main`.
    #[track_caller]
    pub fn form(&self) -> (String, Vec<(String, String)>) {
        self.form_at("main form")
    }

    /// The action and the fields of the first form that a CSS selector finds.
    #[track_caller]
    pub fn form_at(&self, selector: &str) -> (String, Vec<(String, String)>) {
        let document = Html::parse_document(&self.html);
        let form = document
            .select(&Selector::parse(selector).unwrap())
            .next()
            .unwrap_or_else(|| panic!("no {selector} in {} {}", self.status, self.html));
        let action = form.value().attr("action").unwrap_or(&self.path).to_owned();
        let fields = form
            .select(&Selector::parse("input[name]").unwrap())
            .map(|input| {
                let attribute = |name| input.value().attr(name).unwrap_or_default().to_owned();
                (attribute("name"), attribute("value"))
            })
            .collect();
        (action, fields)
    }

    /// The sentences in the error summary.
    pub fn problems(&self) -> Vec<String> {
        self.texts("[role=alert] li")
    }
}
