//! Backup codes: made, shown once as page, file and print, and said to be saved.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use askama::Template;

use super::form::{NoFields, Posted, Rejected};
use super::views::{CodesFile, CodesPage, Flash, NewCodesPage, When};
use super::{PageResult, Visit, gate, old_page, render, see_other};
use crate::accounts::{Caller, factors};
use crate::web::error::{Failure, PageError};

const PAGE: &str = "/security/codes";

/// `POST /security/codes`: makes a new set; the one before dies.
pub(in crate::web) async fn create(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    if let Posted::Stale(_) = posted {
        return old_page(&visit);
    }
    factors::create_codes(&visit.app, &visit.origin(), visit.caller()?).await?;
    visit.cookie.leave(&Flash::CodesCreated)?;
    Ok(see_other(PAGE))
}

/// `GET /security/codes`: the codes, as long as they can be shown.
pub(in crate::web) async fn show(visit: Visit) -> PageResult {
    let shown = shown(&visit).await?;
    if shown.is_none() && visit.caller()?.status.backup_codes_left.is_none() {
        return Ok(see_other("/security#codes"));
    }
    render(
        StatusCode::OK,
        &CodesPage {
            frame: visit.frame()?,
            shown,
        },
    )
}

/// `GET /security/codes/file`: the same as a text file.
pub(in crate::web) async fn file(visit: Visit) -> PageResult {
    let Some(shown) = shown(&visit).await? else {
        return Ok(see_other(PAGE));
    };
    let text = shown
        .render()
        .map_err(|error| Failure::Internal(format!("template: {error}")))?;
    let name: String = visit
        .caller()?
        .user
        .email
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let mut response = HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(text);
    let disposition = format!("attachment; filename=\"countersign-backup-codes-{name}.txt\"");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// `POST /security/codes/saved`: they are not shown any more.
pub(in crate::web) async fn saved(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    if let Posted::Stale(_) = posted {
        let rejected = Rejected::stale();
        let shown = shown(&visit).await?;
        let frame = visit.frame_with(&rejected.problems)?;
        return rejected.render(&CodesPage { frame, shown });
    }
    let caller = Caller::clone(visit.caller()?);
    visit
        .app
        .db(move |app, conn| factors::save_codes(conn, &caller, app.clock.now()))
        .await?;
    visit.cookie.leave(&Flash::CodesSaved)?;
    Ok(see_other(&gate::resume(&visit)))
}

/// `GET /security/codes/new`: asks before codes that still work are replaced.
pub(in crate::web) async fn show_new(visit: Visit) -> PageResult {
    let unused = visit.caller()?.status.backup_codes_left.unwrap_or(0);
    render(
        StatusCode::OK,
        &NewCodesPage {
            frame: visit.frame()?,
            unused,
        },
    )
}

async fn shown(visit: &Visit) -> Result<Option<CodesFile>, PageError> {
    let caller = Caller::clone(visit.caller()?);
    let account = caller.user.email.clone();
    let shown = visit
        .app
        .db(move |app, conn| factors::show_codes(conn, app, &caller, app.clock.now()))
        .await?;
    Ok(shown.map(|shown| CodesFile {
        t: visit.t,
        codes: shown.codes.iter().map(|code| code.shown()).collect(),
        account,
        created: When::utc(&visit.t, shown.created_at),
    }))
}
