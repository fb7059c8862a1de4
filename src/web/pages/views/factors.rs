//! The pages on which somebody who is signed in sets up and changes their second factors.

use askama::Template;

use super::{When, methods};
use crate::mfa::Method;
use crate::web::pages::frame::Frame;
use crate::words::Messages;

/// A QR code as one SVG path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrSvg {
    /// Modules a side, quiet zone included.
    pub size: usize,
    /// The `d` attribute that draws the dark modules.
    pub path: String,
}

impl QrSvg {
    /// Modules of white on each side, which scanners ask for.
    pub const QUIET: usize = 4;

    /// Draws the dark ones of `width` times `width` modules (column, row), runs of them at a time.
    pub fn draw(width: usize, is_dark: impl Fn(usize, usize) -> bool) -> Self {
        let mut path = String::new();
        for y in 0..width {
            let mut x = 0;
            while x < width {
                let run = (x..width).take_while(|x| is_dark(*x, y)).count();
                if run > 0 {
                    let (left, top) = (x + Self::QUIET, y + Self::QUIET);
                    path.push_str(&format!("M{left} {top}h{run}v1h-{run}z"));
                }
                x += run + 1;
            }
        }
        Self {
            size: width + 2 * Self::QUIET,
            path,
        }
    }
}

/// What finishing a set-up changes besides the method itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUpKind {
    /// It turns multi-factor authentication on, and every other device is signed out.
    First,
    /// It is one more method.
    Further,
    /// It takes the place of an app that keeps working until then.
    Move,
}

/// `/security/app`: scan, or type in, then prove. The form posts `code` to `/security/app/code`.
#[derive(Template)]
#[template(path = "security/app.html")]
pub struct AppSetupPage {
    /// The shared part.
    pub frame: Frame,
    /// What it is for.
    pub kind: SetUpKind,
    /// The `otpauth://` URI as a picture.
    pub qr: QrSvg,
    /// The `otpauth://` URI.
    pub uri: String,
    /// The secret in base32.
    pub key: String,
    /// The account as the app will show it.
    pub account: String,
    /// The issuer as the app will show it.
    pub issuer: String,
    /// Where giving it up leads.
    pub back: &'static str,
}

impl AppSetupPage {
    /// The heading.
    pub fn title(&self) -> String {
        match self.kind {
            SetUpKind::First | SetUpKind::Further => self.frame.t.text("app-title"),
            SetUpKind::Move => self.frame.t.text("app-move-title"),
        }
    }

    /// Whether it takes the place of an app.
    pub fn is_move(&self) -> bool {
        self.kind == SetUpKind::Move
    }

    /// Whether it turns multi-factor authentication on.
    pub fn turns_on(&self) -> bool {
        self.kind == SetUpKind::First
    }

    /// The key in groups of four.
    pub fn grouped_key(&self) -> String {
        let mut grouped = String::with_capacity(self.key.len() * 5 / 4);
        for (at, c) in self.key.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(c);
        }
        grouped
    }
}

/// What removing a method leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterRemoval {
    /// Signing in goes on as it is, with other methods or, where this one is switched off, without one.
    Others {
        /// The methods that stay in use; may be empty.
        left: Vec<Method>,
        /// The one that is asked for first from then on, if this one was until now.
        next: Option<Method>,
    },
    /// It was the last one, and the password alone will be enough.
    TurnsOff,
    /// It is the last one, and one is required: it cannot be removed.
    Refused {
        /// Who requires it.
        organization: String,
    },
}

/// `/security/app/remove` and `/security/email/remove`: posts to its own URL.
#[derive(Template)]
#[template(path = "security/method_remove.html")]
pub struct RemovePage {
    /// The shared part.
    pub frame: Frame,
    /// What is removed: a method that is one thing. Passkeys are removed one by one, on a page of their own.
    pub method: Method,
    /// What it means.
    pub after: AfterRemoval,
    /// Whether another method could be added first.
    pub can_add_other: bool,
}

impl RemovePage {
    fn is_app(&self) -> bool {
        self.method == Method::Totp
    }

    /// The heading.
    pub fn title(&self) -> String {
        let t = &self.frame.t;
        match (&self.after, self.is_app()) {
            (AfterRemoval::Others { .. }, true) => t.text("app-remove-title"),
            (AfterRemoval::Others { .. }, false) => t.text("email-remove-title"),
            (AfterRemoval::TurnsOff, _) => t.text("mfa-off-title"),
            (AfterRemoval::Refused { .. }, true) => t.text("app-remove-refused-title"),
            (AfterRemoval::Refused { .. }, false) => t.text("email-remove-refused-title"),
        }
    }

    /// What the form posts to.
    pub fn url(&self) -> &'static str {
        match self.is_app() {
            true => "/security/app/remove",
            false => "/security/email/remove",
        }
    }

    /// What ends with it.
    pub fn what_ends(&self) -> String {
        match self.is_app() {
            true => self.frame.t.text("app-remove-after"),
            false => self.frame.t.text("email-remove-after"),
        }
    }

    /// What the button says.
    pub fn button(&self) -> String {
        match self.is_app() {
            true => self.frame.t.text("app-remove-button"),
            false => self.frame.t.text("email-remove-button"),
        }
    }

    /// What it means that it is the only one.
    pub fn only(&self) -> String {
        match self.is_app() {
            true => self.frame.t.text("app-remove-last"),
            false => self.frame.t.text("email-remove-last"),
        }
    }

    /// Why it stays.
    pub fn refused(&self, organization: &str) -> String {
        let t = &self.frame.t;
        match (self.can_add_other, self.is_app()) {
            (true, _) => t.with("app-remove-refused", "organization", organization),
            (false, true) => t.with("app-remove-refused-move", "organization", organization),
            (false, false) => t.with("email-remove-refused-alone", "organization", organization),
        }
    }

    /// Methods inside a sentence.
    pub fn phrases(&self, methods: &[Method]) -> String {
        methods::phrases(&self.frame.t, methods)
    }

    /// A method inside a sentence.
    pub fn phrase(&self, method: &Method) -> String {
        methods::phrase(&self.frame.t, *method)
    }
}

/// Backup codes for as long as they can be shown, and what they are for.
#[derive(Template)]
#[template(path = "security/codes.txt")]
pub struct CodesFile {
    /// The words.
    pub t: Messages,
    /// As people type them: `XXXXX-XXXXX`.
    pub codes: Vec<String>,
    /// The account's address.
    pub account: String,
    /// When they were made.
    pub created: When,
}

/// `/security/codes`: shown once. The form posts to `/security/codes/saved`.
#[derive(Template)]
#[template(path = "security/codes.html")]
pub struct CodesPage {
    /// The shared part.
    pub frame: Frame,
    /// The codes, the same as in the file; `None` when they cannot be shown any more.
    pub shown: Option<CodesFile>,
}

impl CodesPage {
    /// The heading.
    pub fn title(&self) -> String {
        let t = &self.frame.t;
        match self.shown {
            Some(_) => t.text("codes-title"),
            None => t.text("codes-gone-title"),
        }
    }

    /// What the button copies: the text of the file.
    pub fn text(&self, shown: &CodesFile) -> String {
        shown.render().unwrap_or_default()
    }
}

/// `/security/codes/new`: asks before codes that still work are replaced. Posts to `/security/codes`.
#[derive(Template)]
#[template(path = "security/codes_new.html")]
pub struct NewCodesPage {
    /// The shared part.
    pub frame: Frame,
    /// How many codes stop working.
    pub unused: u32,
}

/// `/security/primary`: which method is asked for first. Posts `method`, a word of the wire, to its own URL.
#[derive(Template)]
#[template(path = "security/primary.html")]
pub struct PrimaryPage {
    /// The shared part.
    pub frame: Frame,
    /// The methods in use, at least two.
    pub methods: Vec<Method>,
    /// The one that is asked for first now.
    pub current: Method,
}

impl PrimaryPage {
    /// Whether it is asked for first now.
    pub fn is_current(&self, method: &Method) -> bool {
        self.current == *method
    }

    /// The name of a method.
    pub fn name(&self, method: &Method) -> String {
        methods::name(&self.frame.t, *method)
    }

    /// The line below it.
    pub fn help(&self, method: &Method) -> String {
        methods::help(&self.frame.t, *method)
    }
}

/// `/security/mfa/off`: posts to its own URL.
#[derive(Template)]
#[template(path = "security/mfa_off.html")]
pub struct MfaOffPage {
    /// The shared part.
    pub frame: Frame,
    /// Who requires a second factor; it cannot be turned off then (403).
    pub required_by: Option<String>,
}

impl MfaOffPage {
    /// The heading.
    pub fn title(&self) -> String {
        let t = &self.frame.t;
        match self.required_by {
            None => t.text("mfa-off-title"),
            Some(_) => t.text("mfa-off-refused-title"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_modules_become_runs_inside_the_quiet_zone() {
        let rows = ["##.", "...", ".##"];
        let qr = QrSvg::draw(3, |x, y| rows[y].as_bytes()[x] == b'#');
        assert_eq!(qr.size, 11);
        assert_eq!(qr.path, "M4 4h2v1h-2zM5 6h2v1h-2z");
    }

    #[test]
    fn a_key_is_read_in_groups_of_four() {
        let page = AppSetupPage {
            frame: Frame::default(),
            kind: SetUpKind::First,
            qr: QrSvg::draw(0, |_, _| false),
            uri: String::new(),
            key: "GEZDGNBVGY".into(),
            account: String::new(),
            issuer: String::new(),
            back: "/security",
        };
        assert_eq!(page.grouped_key(), "GEZD GNBV GY");
    }
}
