//! What an organization asks of its members: how it stands, the form for changing it, and what a change would mean.

use askama::Template;
use chrono::NaiveDateTime;

use super::{When, methods};
use crate::mfa::Method;
use crate::organizations::adoption::{Counts, Rehearsal, Start};
use crate::organizations::requirement::{Asks, Requirement};
use crate::web::pages::frame::Frame;
use crate::words::{Messages, Split};

/// `/admin`.
#[derive(Template)]
#[template(path = "admin/overview.html")]
pub struct AdminPage {
    /// The shared part.
    pub frame: Frame,
    /// The organization's name.
    pub organization: String,
    /// What is asked now.
    pub standing: StandingText,
    /// What could be asked.
    pub form: RequirementForm,
    /// Whoever looks has no second factor, and changes nothing before.
    pub needs_own_factor: bool,
    /// For how many days members may have a browser trusted; 0 is never.
    pub trust_days: i32,
    /// How far the members are.
    pub adoption: AdoptionText,
}

impl AdminPage {
    /// For how long browsers are trusted, in words.
    pub fn trust(&self) -> String {
        self.frame.t.count("admin-trust", self.trust_days)
    }
}

/// What is asked of members now, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingText {
    /// Since when, or from when, where it is required.
    pub day: Option<(Split, When)>,
    /// How many are ready.
    pub sentence: String,
    /// How many have days left that others don't.
    pub later: Option<String>,
}

impl StandingText {
    /// The words for a requirement. `later` are the members who have days left that others don't.
    pub fn new(
        t: &Messages,
        requirement: &Requirement,
        counts: &Counts,
        later: i64,
        now: NaiveDateTime,
    ) -> Self {
        let (members, enabled) = (counts.members, counts.enabled);
        let day = requirement.from.map(|from| {
            let split = match from <= now {
                true => t.split("admin-since", "date"),
                false => t.split("admin-from", "date"),
            };
            (split, When::day(t, from.date()))
        });
        let left = members - enabled - later;
        let sentence = match requirement.asks {
            Asks::Nothing => t.with2("admin-off", "enabled", enabled, "members", members),
            Asks::Recommended => {
                t.with2("admin-recommended", "enabled", enabled, "members", members)
            }
            Asks::Required if enabled == members => t.count("admin-all-ready", members),
            Asks::Required if requirement.is_in_force(now) => t.with3(
                "admin-ready-now",
                ("enabled", enabled),
                ("members", members),
                ("left", left),
            ),
            Asks::Required => t.with3(
                "admin-ready-then",
                ("enabled", enabled),
                ("members", members),
                ("left", left),
            ),
        };
        let later = (later > 0).then(|| t.count("admin-later", later));
        Self {
            day,
            sentence,
            later,
        }
    }

    /// Whether a second factor is required.
    pub fn is_required(&self) -> bool {
        self.day.is_some()
    }
}

/// What is to be asked of members, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequirementForm {
    /// One of the words below.
    pub asks: String,
    /// A day, `YYYY-MM-DD`.
    pub from: String,
    /// A number of days.
    pub extra_days: String,
    /// The authenticator app counts.
    pub app: bool,
    /// The email link counts.
    pub email: bool,
    /// A passkey counts.
    pub passkey: bool,
}

impl RequirementForm {
    /// Nothing is asked.
    pub const OFF: &str = "off";
    /// A second factor is recommended.
    pub const RECOMMENDED: &str = "recommended";
    /// A second factor is required.
    pub const REQUIRED: &str = "required";

    /// Whether this much is asked.
    pub fn is(&self, asks: &str) -> bool {
        self.asks == asks
    }
}

/// How far the members are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptionText {
    /// All members.
    pub members: i64,
    /// Those with a method that counts.
    pub enabled: i64,
    /// Both in words.
    pub sentence: String,
    /// The name of each method, and how many have it; the strongest first.
    pub methods: Vec<(String, i64)>,
    /// Those with a method and without backup codes.
    pub without_codes: i64,
}

impl AdoptionText {
    /// The words for these counts.
    pub fn new(t: &Messages, counts: &Counts) -> Self {
        let percent = counts.enabled * 100 / counts.members.max(1);
        Self {
            members: counts.members,
            enabled: counts.enabled,
            sentence: t.with3(
                "adoption-enabled",
                ("enabled", counts.enabled),
                ("members", counts.members),
                ("percent", percent),
            ),
            methods: Method::BY_STRENGTH
                .into_iter()
                .map(|method| (methods::name(t, method), counts.having(method)))
                .collect(),
            without_codes: counts.without_codes,
        }
    }
}

/// `/admin/requirement?asks=...`: posts the fields it was opened with to the same URL.
#[derive(Template)]
#[template(path = "admin/requirement.html")]
pub struct RequirementPage {
    /// The shared part.
    pub frame: Frame,
    /// What the page was opened with.
    pub query: String,
    /// The same.
    pub form: RequirementForm,
    /// Whoever looks has no second factor, and changes nothing before.
    pub needs_own_factor: bool,
    /// What it would mean; `None` where the form says what is wrong with it.
    pub preview: Option<Preview>,
}

/// What a change would mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preview {
    /// A second factor is required.
    Required(RehearsalText),
    /// It is recommended.
    Recommended {
        /// It was required.
        lifts: bool,
    },
    /// Nothing is asked.
    Nothing {
        /// It was required, and not only recommended.
        was_required: bool,
    },
}

impl RequirementPage {
    /// The heading.
    pub fn title(&self) -> String {
        let t = &self.frame.t;
        match &self.preview {
            None => t.text("requirement-title"),
            Some(Preview::Required(rehearsal)) => rehearsal.title.clone(),
            Some(Preview::Recommended { .. }) => t.text("requirement-recommend-title"),
            Some(Preview::Nothing { was_required: true }) => t.text("requirement-stop-title"),
            Some(Preview::Nothing { .. }) => t.text("requirement-stop-recommending-title"),
        }
    }

    /// What the button says.
    pub fn button(&self, preview: &Preview) -> String {
        let t = &self.frame.t;
        match preview {
            Preview::Required(rehearsal) => rehearsal.button.clone(),
            Preview::Recommended { .. } => t.text("requirement-button-recommend"),
            Preview::Nothing { was_required: true } => t.text("requirement-button-stop"),
            Preview::Nothing { .. } => t.text("requirement-button-stop-recommending"),
        }
    }
}

/// `/admin/trust?trust_days=...`: posts the field it was opened with to the same URL.
#[derive(Template)]
#[template(path = "admin/trust.html")]
pub struct TrustPage {
    /// The shared part.
    pub frame: Frame,
    /// As typed.
    pub typed: String,
    /// The same as a number; `None` where the form says what is wrong with it.
    pub days: Option<i32>,
}

impl TrustPage {
    /// The heading.
    pub fn title(&self) -> String {
        let t = &self.frame.t;
        match self.days {
            None => t.text("admin-trust-title"),
            Some(days) => t.count("trust-days-title", days),
        }
    }

    /// What it would mean.
    pub fn after(&self) -> String {
        let t = &self.frame.t;
        t.count("trust-days-after", self.days.unwrap_or_default())
    }

    /// What the button says.
    pub fn button(&self) -> String {
        let t = &self.frame.t;
        match self.days {
            Some(0) => t.text("trust-days-button-never"),
            Some(_) | None => t.text("trust-days-button"),
        }
    }
}

/// Whom a requirement would stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RehearsalText {
    /// The heading.
    pub title: String,
    /// How many it would stop.
    pub sentence: String,
    /// What else is to be known of them.
    pub remarks: Vec<String>,
    /// The first of them: id, name and address.
    pub named: Vec<(String, String, String)>,
    /// How many more there are.
    pub more: i64,
    /// The methods that would count.
    pub counting: String,
    /// What new members would have.
    pub extra_days: String,
    /// Whether there are days to be reminded in.
    pub is_announced: bool,
    /// What the button says.
    pub button: String,
}

impl RehearsalText {
    /// The words for a rehearsal.
    pub fn new(t: &Messages, rehearsal: &Rehearsal) -> Self {
        let requirement = &rehearsal.requirement;
        let day = When::day(t, rehearsal.at.date()).text;
        let (title, button) = match rehearsal.start {
            Start::Later => (
                t.with("requirement-from-title", "date", &day),
                t.with("requirement-button-from", "date", &day),
            ),
            Start::InForce => (
                t.text("requirement-change-title"),
                t.text("requirement-button-change"),
            ),
            Start::Now => (
                t.text("requirement-now-title"),
                t.text("requirement-button-now"),
            ),
        };
        let is_announced = rehearsal.start == Start::Later;
        let (stopped, members) = (rehearsal.stopped - rehearsal.later, rehearsal.members);
        let sentence = if rehearsal.stopped == 0 {
            t.count("rehearsal-nobody", members)
        } else if is_announced {
            t.with3(
                "rehearsal-stopped-then",
                ("date", &day),
                ("stopped", stopped),
                ("members", members),
            )
        } else {
            t.with2(
                "rehearsal-stopped-now",
                "stopped",
                stopped,
                "members",
                members,
            )
        };
        let (only_email, later) = (rehearsal.only_email, rehearsal.later);
        let remarks = [
            rehearsal
                .lifts
                .then(|| t.with("rehearsal-lifts", "date", &day)),
            (only_email > 0).then(|| t.count("rehearsal-only-email", only_email)),
            (later > 0).then(|| t.count("rehearsal-later", later)),
        ];
        let named: Vec<_> = rehearsal
            .named
            .iter()
            .map(|listed| {
                let user = &listed.member.user;
                (user.id.clone(), user.full_name(), user.email.clone())
            })
            .collect();
        let shown = i64::try_from(named.len()).unwrap_or(rehearsal.stopped);
        Self {
            title,
            sentence,
            remarks: remarks.into_iter().flatten().collect(),
            more: rehearsal.stopped - shown,
            named,
            counting: methods::names(t, &requirement.methods),
            extra_days: match requirement.extra_days {
                0 => t.text("rehearsal-days-none"),
                days => t.count("rehearsal-days-count", days),
            },
            is_announced,
            button,
        }
    }
}
