//! `/admin/requirement`: what a change would mean, by name, before it is made; and making it. The page can be opened as often
//! as one likes and changes nothing.

use actix_web::web;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::Deserialize;
use url::form_urlencoded;

use super::{changing, needs_own_factor, organization};
use crate::accounts::{Caller, Error};
use crate::mfa::Method;
use crate::organizations::adoption::{self, NAMED, Rehearsal};
use crate::organizations::requirement::{
    self as rules, Asks, Change, MAX_EXTRA_DAYS, Requirement, Set,
};
use crate::web::csv;
use crate::web::error::{Failure, PageError, Refusal};
use crate::web::pages::form::{Posted, Rejected};
use crate::web::pages::views::{
    Flash, FormProblem, Preview, RehearsalText, RequirementForm, RequirementPage, When,
};
use crate::web::pages::{PageResult, Visit, render_form, see_other};

/// How many are named on the page.
const SHOWN: i64 = 10;

/// How many days ahead the form proposes.
const AHEAD: TimeDelta = TimeDelta::days(14);

/// The fields, as typed. A box that is not ticked sends nothing.
#[derive(Deserialize, Clone, Default)]
pub(in crate::web) struct Fields {
    #[serde(default)]
    asks: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    app: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    passkey: Option<String>,
}

/// `GET /admin/requirement`
pub(in crate::web) async fn show(visit: Visit, query: web::Query<Fields>) -> PageResult {
    let organization = organization(&visit)?;
    let before = Requirement::of(organization)?;
    let fields = query.into_inner();
    // Opened by hand, without a question; or nothing is asked, and nothing is to be asked.
    let is_empty = fields.asks.is_empty();
    if is_empty || (before.asks == Asks::Nothing && fields.asks == word(Asks::Nothing)) {
        return Ok(see_other("/admin"));
    }
    page(&visit, fields, None).await
}

/// `GET /admin/requirement.csv`
pub(in crate::web) async fn file(visit: Visit, query: web::Query<Fields>) -> PageResult {
    let before = Requirement::of(organization(&visit)?)?;
    let change = change(&query, &before, visit.app.clock.now())
        .ok()
        .filter(|change| change.asks == Asks::Required)
        .ok_or_else(|| Refusal::BadRequest("Nothing that stops anybody".to_owned()))?;
    let rehearsal = rehearse(&visit, change, NAMED).await?;
    Ok(csv::file(&rehearsal.named, "rehearsal")?)
}

/// `POST /admin/requirement`
pub(in crate::web) async fn submit(visit: Visit, posted: Posted<Fields>) -> PageResult {
    let before = Requirement::of(changing(&visit).await?)?;
    let fields = match posted {
        Posted::Genuine(fields) => fields,
        Posted::Stale(fields) => return page(&visit, fields, Some(Rejected::stale())).await,
    };
    let change = match change(&fields, &before, visit.app.clock.now()) {
        Ok(change) => change,
        Err(problems) => return page(&visit, fields, Some(Rejected::fields(problems))).await,
    };
    let (caller, origin) = (Caller::clone(visit.caller()?), visit.origin());
    let set = visit
        .app
        .db(move |app, conn| rules::set(conn, app, &origin, &caller, &change))
        .await;
    match set {
        Ok(set) => {
            visit.cookie.leave(&flash(&visit, &set))?;
            Ok(see_other("/admin"))
        }
        Err(error) => {
            let rejected = rejected(error)?;
            page(&visit, fields, Some(rejected)).await
        }
    }
}

fn flash(visit: &Visit, set: &Set) -> Flash {
    if !set.is_new {
        return Flash::RequirementKept;
    }
    match (set.requirement.asks, set.requirement.from) {
        (Asks::Nothing, _) => Flash::NotRequired,
        (Asks::Recommended, _) => Flash::Recommended,
        (Asks::Required, _) if !set.is_announced => Flash::RequirementSaved,
        (Asks::Required, Some(from)) if from > visit.app.clock.now() => {
            Flash::RequiredFrom(When::day(&visit.t, from.date()).text)
        }
        (Asks::Required, _) => Flash::Required,
    }
}

/// What the page says about a change that is refused.
fn rejected(error: Error) -> Result<Rejected, PageError> {
    match error {
        Error::OwnFactorNeeded => Ok(Rejected::forbidden(FormProblem::OwnFactorNeeded)),
        Error::Field("enforceFrom") => Ok(Rejected::fields(vec![FormProblem::DateFar])),
        error => Err(Failure::from(error).into()),
    }
}

async fn page(visit: &Visit, fields: Fields, rejected: Option<Rejected>) -> PageResult {
    let organization = organization(visit)?;
    let before = Requirement::of(organization)?;
    let now = visit.app.clock.now();
    let mut needs_own_factor = needs_own_factor(visit)?;
    // Without a form of its own, the page is what the button stands on; with one, where the mistake is mended.
    let was_required = before.asks == Asks::Required;
    let (preview, rejected) = match change(&fields, &before, now) {
        Err(problems) => (None, Some(Rejected::fields(problems))),
        Ok(change) => match change.asks {
            Asks::Nothing => (Some(Preview::Nothing { was_required }), rejected),
            Asks::Recommended => {
                let lifts = was_required;
                (Some(Preview::Recommended { lifts }), rejected)
            }
            Asks::Required => match rules::after(organization, &change, now) {
                Err(error) => (None, Some(self::rejected(error)?)),
                Ok(_) => {
                    let rehearsal = rehearse(visit, change, SHOWN).await?;
                    needs_own_factor = rehearsal.needs_own_factor;
                    let text = RehearsalText::new(&visit.t, &rehearsal);
                    (Some(Preview::Required(text)), rejected)
                }
            },
        },
    };
    let page = RequirementPage {
        frame: visit.frame_for(rejected.as_ref())?,
        query: query(&fields),
        form: form(&fields),
        needs_own_factor,
        preview,
    };
    render_form(rejected.as_ref(), &page)
}

async fn rehearse(visit: &Visit, change: Change, names: i64) -> Result<Rehearsal, Failure> {
    let caller = Caller::clone(visit.caller()?);
    visit
        .read(move |app, conn| adoption::rehearse(conn, app, &caller, &change, names))
        .await
}

/// What was typed, as a change; or what is wrong with it.
fn change(
    fields: &Fields,
    before: &Requirement,
    now: NaiveDateTime,
) -> Result<Change, Vec<FormProblem>> {
    let asks = [Asks::Nothing, Asks::Recommended, Asks::Required]
        .into_iter()
        .find(|asks| word(*asks) == fields.asks)
        .ok_or_else(|| vec![FormProblem::PageOld])?;
    if asks != Asks::Required {
        return Ok(Change {
            asks,
            from: None,
            extra_days: None,
            methods: None,
        });
    }
    let mut problems = Vec::new();
    let from = chosen_day(&fields.from, before, now);
    let from = from.map_err(|problem| problems.push(problem)).ok();
    let extra_days = fields.days.trim().parse().ok();
    let extra_days = extra_days.filter(|days| (0..=MAX_EXTRA_DAYS).contains(days));
    if extra_days.is_none() {
        problems.push(FormProblem::ExtraDays(MAX_EXTRA_DAYS));
    }
    let ticked = [
        (Method::Totp, &fields.app),
        (Method::MagicLink, &fields.email),
        (Method::Passkey, &fields.passkey),
    ];
    let methods: Vec<_> = ticked
        .into_iter()
        .filter(|(_, ticked)| ticked.is_some())
        .map(|(method, _)| method)
        .collect();
    if methods.is_empty() {
        problems.push(FormProblem::NoMethodCounts);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Change {
        asks,
        from,
        extra_days,
        methods: Some(methods),
    })
}

/// The beginning of a day that is not over; or the instant from which it is required already, whose day may be.
fn chosen_day(
    typed: &str,
    before: &Requirement,
    now: NaiveDateTime,
) -> Result<NaiveDateTime, FormProblem> {
    let day = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d");
    let day = day.map_err(|_| FormProblem::DateFormat)?;
    match before.from.filter(|from| from.date() == day) {
        Some(from) => Ok(from),
        None if day < now.date() => Err(FormProblem::DateOver),
        None => Ok(day.and_time(NaiveTime::MIN)),
    }
}

const fn word(asks: Asks) -> &'static str {
    match asks {
        Asks::Nothing => RequirementForm::OFF,
        Asks::Recommended => RequirementForm::RECOMMENDED,
        Asks::Required => RequirementForm::REQUIRED,
    }
}

/// The form as it first stands: what is asked now, and a day to begin with.
pub(super) fn form_of(requirement: &Requirement, now: NaiveDateTime) -> RequirementForm {
    let from = requirement.from.unwrap_or(now + AHEAD);
    let counts = |method| requirement.methods.contains(&method);
    RequirementForm {
        asks: word(requirement.asks).to_owned(),
        from: from.date().to_string(),
        extra_days: requirement.extra_days.to_string(),
        app: counts(Method::Totp),
        email: counts(Method::MagicLink),
        passkey: counts(Method::Passkey),
    }
}

fn form(fields: &Fields) -> RequirementForm {
    RequirementForm {
        asks: fields.asks.clone(),
        from: fields.from.clone(),
        extra_days: fields.days.clone(),
        app: fields.app.is_some(),
        email: fields.email.is_some(),
        passkey: fields.passkey.is_some(),
    }
}

/// The fields as the query of this page's address.
fn query(fields: &Fields) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("asks", &fields.asks);
    if fields.asks == word(Asks::Required) {
        query.append_pair("from", &fields.from);
        query.append_pair("days", &fields.days);
        let boxes = [
            ("app", &fields.app),
            ("email", &fields.email),
            ("passkey", &fields.passkey),
        ];
        for (name, ticked) in boxes {
            if ticked.is_some() {
                query.append_pair(name, "on");
            }
        }
    }
    query.finish()
}
