//! Pages about the service itself: help, and the page for everything that went wrong.

use askama::Template;

use super::When;
use crate::web::pages::frame::Frame;

/// `/help`, signed in or not.
#[derive(Template)]
#[template(path = "help.html")]
pub struct HelpPage {
    /// The shared part.
    pub frame: Frame,
}

/// A heading and a sentence that say more than the status.
pub struct Why {
    /// The heading.
    pub title: String,
    /// The sentence below it.
    pub sentence: String,
}

/// The page for a status that has no page of its own: 400, 403, 404, 405, 408, 410, 413, 429, 500, 503.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The shared part.
    pub frame: Frame,
    /// The response's status; anything unlisted reads like 500.
    pub status: u16,
    /// What to say instead of the general words (403).
    pub why: Option<Why>,
    /// The request id, shown with 500.
    pub reference: Option<String>,
    /// When to try again (429, 503): `When::clock`.
    pub retry_at: Option<When>,
}

impl ErrorPage {
    /// The heading.
    pub fn title(&self) -> String {
        let t = &self.frame.t;
        if let Some(why) = &self.why {
            return why.title.clone();
        }
        match self.status {
            400 => t.text("error-400-title"),
            403 => t.text("error-403-title"),
            404 => t.text("error-404-title"),
            405 => t.text("error-405-title"),
            410 => t.text("error-410-title"),
            408 => t.text("error-408-title"),
            413 => t.text("error-413-title"),
            429 => t.text("error-429-title"),
            503 => t.text("error-503-title"),
            _ => t.text("error-500-title"),
        }
    }

    /// The sentence below it.
    pub fn sentence(&self) -> String {
        let t = &self.frame.t;
        if let Some(why) = &self.why {
            return why.sentence.clone();
        }
        match self.status {
            400 => t.text("error-400"),
            403 => t.text("error-403"),
            404 => t.text("error-404"),
            405 => t.text("error-405"),
            410 => t.text("error-410"),
            408 => t.text("error-408"),
            413 => t.text("error-413"),
            429 => t.text("error-429"),
            503 => t.text("error-503"),
            _ => t.text("error-500"),
        }
    }

    /// Whether waiting helps.
    pub fn is_temporary(&self) -> bool {
        matches!(self.status, 429 | 503)
    }
}
