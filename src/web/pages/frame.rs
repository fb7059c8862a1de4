//! What every page carries besides its own content: language, form token, who is signed in, the message
//! slots. Not here: the pages themselves (`views`) and how a response is made.

use crate::web::files::Assets;
use crate::words::Messages;

/// The person whose session the page is rendered for.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account's address, shown in the header.
    pub email: String,
    /// True when the whole service is open to this session. False while a second factor is owed or the
    /// gate is on: the header then offers nothing but signing out.
    pub full: bool,
    /// Whether the organization's pages are open to the account.
    pub administers: bool,
}

/// Something a form was refused for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The id of the field, or empty when it concerns the form as a whole.
    pub field: &'static str,
    /// The sentence, the same in the summary and at the field.
    pub text: String,
}

/// The part that all pages share.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The words.
    pub t: Messages,
    /// The form token of this session, or of the pre-session of somebody signed out.
    pub csrf: String,
    /// Who is signed in, if anybody is.
    pub signed_in: Option<SignedIn>,
    /// One line about what just worked. Not shown beside problems.
    pub flash: Option<String>,
    /// Whether the focus goes there.
    pub flash_takes_focus: bool,
    /// Why the form was refused; empty on a page that is not a refused form.
    pub problems: Vec<Problem>,
    /// This server's origin, where a page has to name it.
    pub origin: String,
    /// Where the static files are.
    pub assets: Assets,
}

impl Frame {
    /// Whether this page is a refused form.
    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// The first problem of a field.
    pub fn problem_for(&self, field: &str) -> Option<&str> {
        self.problems
            .iter()
            .find(|problem| problem.field == field)
            .map(|problem| problem.text.as_str())
    }

    /// The same frame with these problems.
    #[must_use]
    pub fn with_problems(mut self, problems: Vec<Problem>) -> Self {
        self.problems = problems;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_found_by_its_field() {
        let frame = Frame::default().with_problems(vec![
            Problem {
                field: "",
                text: "whole form".into(),
            },
            Problem {
                field: "email",
                text: "first".into(),
            },
            Problem {
                field: "email",
                text: "second".into(),
            },
        ]);
        assert!(frame.has_problems());
        assert_eq!(frame.problem_for("email"), Some("first"));
        assert_eq!(frame.problem_for("password"), None);
    }
}
