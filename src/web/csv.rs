//! Lists as files for spreadsheets: RFC 4180, UTF-8, one line a member.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Bytes;
use futures_util::stream;

use super::error::Failure;
use crate::accounts::Caller;
use crate::app::App;
use crate::clock::rfc3339;
use crate::organizations::adoption::{self, Listed, Query};

/// How many members are read in one go.
const CHUNK: i64 = 1_000;

const HEAD: [&str; 9] = [
    "email",
    "firstName",
    "lastName",
    "isEnabled",
    "methods",
    "backupCodesLeft",
    "enforcedFrom",
    "resetAt",
    "lastSignIn",
];

/// The members that a query selects, all of them, in as many pieces as it takes: nobody waits for the last before the first
/// is on its way.
///
/// # Errors
///
/// As [`adoption::list`], for the first piece; what fails later cuts the answer off.
pub(super) async fn members(
    app: &App,
    caller: &Caller,
    query: Query,
    name: &str,
) -> Result<HttpResponse, Failure> {
    let (first, next) = piece(app.clone(), caller.clone(), query, true).await?;
    let (app, caller) = (app.clone(), caller.clone());
    let rest = stream::unfold(next, move |next| {
        let (app, caller) = (app.clone(), caller.clone());
        async move {
            let (bytes, next) = match piece(app, caller, next?, false).await {
                Ok((bytes, next)) => (Ok(bytes), next),
                Err(_) => (
                    Err(actix_web::error::ErrorInternalServerError("cut off")),
                    None,
                ),
            };
            Some((bytes, next))
        }
    });
    let pieces = stream::once(async { Ok::<_, actix_web::Error>(first) });
    Ok(attachment(name).streaming(futures_util::StreamExt::chain(pieces, rest)))
}

/// These members, as a file of this name.
///
/// # Errors
///
/// Our own mistake.
pub(super) fn file(members: &[Listed], name: &str) -> Result<HttpResponse, Failure> {
    Ok(attachment(name).body(lines(members, true)?))
}

fn attachment(name: &str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ));
    response
}

/// One piece, and what selects the next one.
async fn piece(
    app: App,
    caller: Caller,
    query: Query,
    is_first: bool,
) -> Result<(Bytes, Option<Query>), Failure> {
    let selecting = query.clone();
    let page = app
        .db(move |app, conn| adoption::list(conn, app, &caller, &selecting, CHUNK))
        .await?;
    let last = page.members.last().map(|one| one.member.user.email.clone());
    let next = page.has_next.then_some(Query {
        after: last,
        ..query
    });
    Ok((lines(&page.members, is_first)?, next))
}

fn lines(members: &[Listed], has_head: bool) -> Result<Bytes, Failure> {
    let failed = |error: csv::Error| Failure::Internal(format!("a list: {error}"));
    let mut file = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    if has_head {
        file.write_record(HEAD).map_err(failed)?;
    }
    for Listed { member, status } in members {
        let user = &member.user;
        let methods: Vec<_> = status
            .enabled_methods
            .iter()
            .map(|one| one.wire())
            .collect();
        let time = |at: Option<chrono::NaiveDateTime>| at.map(rfc3339).unwrap_or_default();
        file.write_record([
            plain(&user.email),
            plain(&user.first_name),
            plain(&user.last_name),
            status.is_enabled.to_string(),
            methods.join(" "),
            status
                .backup_codes_left
                .map(|left| left.to_string())
                .unwrap_or_default(),
            time(status.enforced_from),
            time(user.mfa_reset_at),
            time(member.last_sign_in_at),
        ])
        .map_err(failed)?;
    }
    let bytes = file
        .into_inner()
        .map_err(|error| Failure::Internal(format!("a list: {error}")))?;
    Ok(bytes.into())
}

/// What somebody typed, so that no spreadsheet takes it for a formula (OWASP, CSV injection).
fn plain(text: &str) -> String {
    let risky = [
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ];
    if text.starts_with(risky) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
