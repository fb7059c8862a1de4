//! `/admin/members`: the members, filtered, searched and page by page; and the same as a file.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;
use url::form_urlencoded;

use super::{count, organization};
use crate::accounts::Caller;
use crate::organizations::adoption::{self, Counts, Filter, PER_PAGE, Page, Query};
use crate::web::csv;
use crate::web::error::{Failure, Refusal};
use crate::web::pages::views::{FilterLink, MemberRow, MembersPage};
use crate::web::pages::{PageResult, Visit, render};

/// Which members.
#[derive(Deserialize)]
pub(in crate::web) struct Selected {
    #[serde(default)]
    filter: String,
    #[serde(default)]
    search: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    before: String,
}

impl Selected {
    fn filter(&self) -> Result<Filter, Failure> {
        let no_such = || Refusal::BadRequest("There is no such filter".to_owned());
        Ok(Filter::from_word(&self.filter).ok_or_else(no_such)?)
    }

    fn query(&self) -> Result<Query, Failure> {
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        Ok(Query {
            filter: self.filter()?,
            search: given(&self.search),
            after: given(&self.after),
            before: given(&self.before).filter(|_| self.after.is_empty()),
        })
    }

    /// The same members somewhere else: a page of them, or all of them.
    fn url(&self, path: &str, edge: (&str, &str)) -> String {
        let search = ("search", self.search.trim());
        address(path, [("filter", self.filter.as_str()), search, edge])
    }
}

/// A path with those of these values that say something.
fn address<const N: usize>(path: &str, values: [(&str, &str); N]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(values.into_iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    match query.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{query}"),
    }
}

/// Where they are listed.
const LIST: &str = "/admin/members";

/// `GET /admin/members`
pub(in crate::web) async fn show(visit: Visit, selected: web::Query<Selected>) -> PageResult {
    organization(&visit)?;
    let (filter, query) = (selected.filter()?, selected.query()?);
    let caller = Caller::clone(visit.caller()?);
    let page = visit
        .read(move |app, conn| adoption::list(conn, app, &caller, &query, PER_PAGE))
        .await?;
    let counts = count(&visit).await?;
    let page = MembersPage {
        frame: visit.frame()?,
        filters: filters(filter, &counts),
        filter: filter.word(),
        search: selected.search.trim().to_owned(),
        rows: page
            .members
            .iter()
            .map(|listed| MemberRow::new(&visit.t, listed))
            .collect(),
        previous: edge(&selected, &page, false),
        next: edge(&selected, &page, true),
        file: selected.url("/admin/members.csv", ("", "")),
    };
    render(StatusCode::OK, &page)
}

/// The filters without the search, as their counts are.
fn filters(current: Filter, counts: &Counts) -> Vec<FilterLink> {
    Filter::EVERY
        .into_iter()
        .map(|filter| FilterLink {
            filter,
            href: address(LIST, [("filter", filter.word())]),
            count: counts.of(filter),
            is_current: filter == current,
        })
        .collect()
}

/// Where the page beside this one is, if there is one.
fn edge(selected: &Selected, page: &Page, forward: bool) -> Option<String> {
    let (has, name, member) = match forward {
        true => (page.has_next, "after", page.members.last()),
        false => (page.has_previous, "before", page.members.first()),
    };
    let address = member?.member.user.email.as_str();
    has.then(|| selected.url(LIST, (name, address)))
}

/// `GET /admin/members.csv`
pub(in crate::web) async fn file(visit: Visit, selected: web::Query<Selected>) -> PageResult {
    organization(&visit)?;
    let query = Query {
        after: None,
        before: None,
        ..selected.query()?
    };
    Ok(csv::members(&visit.app, visit.caller()?, query, "members").await?)
}
