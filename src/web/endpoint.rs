//! What a route is: its row in the table of `routes`. Nothing here knows a single URL.

use actix_web::Route;
use actix_web::http::Method;

/// Which of the two faces a URL has. No URL has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// JSON, opened by a bearer token.
    Api,
    /// HTML, opened by the cookie.
    Page,
    /// A file that is the same for everybody.
    File,
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Anyone,
    /// Any session, also one that still owes a second factor or has to set one up.
    AnySession,
    /// A session that owes nothing, also one that has to set a second factor up.
    Enrolling,
    /// The same, with a fresh proof.
    EnrollingStepUp,
    /// A session with full access.
    Full,
    /// A session with full access and a fresh proof.
    StepUp,
    /// A session with full access and a fresh proof by more than a backup code.
    StrongStepUp,
}

/// Which proof a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// None beyond the session.
    Session,
    /// A fresh one.
    Fresh,
    /// A fresh one by more than a backup code.
    Strong,
}

impl Who {
    /// The proof that is asked for.
    pub(super) const fn proof(self) -> Proof {
        match self {
            Self::Anyone | Self::AnySession | Self::Enrolling | Self::Full => Proof::Session,
            Self::EnrollingStepUp | Self::StepUp => Proof::Fresh,
            Self::StrongStepUp => Proof::Strong,
        }
    }
}

/// One row of the table.
pub struct Endpoint {
    /// The HTTP method. GET answers HEAD too.
    pub method: Method,
    /// The path, with actix's placeholders.
    pub path: &'static str,
    /// JSON, page or file.
    pub face: Face,
    /// Who may call it.
    pub who: Who,
    /// What a 500 of this route says.
    pub failure: &'static str,
    pub(super) handler: fn() -> Route,
    /// Answers whatever the method is: there is nothing here.
    answers_all: bool,
}

/// A route of the JSON API.
pub(super) const fn api(
    method: Method,
    path: &'static str,
    who: Who,
    failure: &'static str,
    handler: fn() -> Route,
) -> Endpoint {
    Endpoint {
        method,
        path,
        face: Face::Api,
        who,
        failure,
        handler,
        answers_all: false,
    }
}

/// A page.
pub(super) const fn page(
    method: Method,
    path: &'static str,
    who: Who,
    handler: fn() -> Route,
) -> Endpoint {
    Endpoint {
        method,
        path,
        face: Face::Page,
        who,
        failure: "",
        handler,
        answers_all: false,
    }
}

/// A file that is the same for everybody.
pub(super) const fn file(path: &'static str, handler: fn() -> Route) -> Endpoint {
    Endpoint {
        method: Method::GET,
        path,
        face: Face::File,
        who: Who::Anyone,
        failure: "",
        handler,
        answers_all: false,
    }
}

/// What answers every URL of a face that is not in the table.
pub(super) const fn nowhere(face: Face, path: &'static str, handler: fn() -> Route) -> Endpoint {
    Endpoint {
        method: Method::GET,
        path,
        face,
        who: Who::Anyone,
        failure: "",
        handler,
        answers_all: true,
    }
}

/// The row that answers a method, if any. Where nothing is, nothing answers every method.
pub(super) fn row_for(rows: &'static [Endpoint], method: &Method) -> Option<&'static Endpoint> {
    rows.iter()
        .find(|row| row.answers_all || answers(&row.method, method))
}

/// HEAD is answered by GET.
pub(super) fn answers(row: &Method, asked: &Method) -> bool {
    row == asked || (row == Method::GET && asked == Method::HEAD)
}
