//! The caller's sessions, under the two names that clients know them by: `/sessions` lists every sign-in,
//! `/token` those of programs.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::json::{Done, done};
use crate::accounts::Caller;
use crate::accounts::sessions::{self as rules, SessionKind};
use crate::accounts::trusted_browsers::TRUSTED_BROWSER;
use crate::activity::Door;
use crate::clock::rfc3339;
use crate::db::sessions::Session;
use crate::db::write;
use crate::mfa::Method;
use crate::mfa::verify::BACKUP_CODE;
use crate::web::access::{self, Asking};
use crate::web::error::{ApiError, ErrorBody};
use crate::web::origin::origin;

/// Every live session of the caller.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct SessionList {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// The caller's own first, then the most recently used.
    sessions: Vec<SessionItem>,
}

/// A sign-in, in a browser or by a program.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionItem {
    /// The session's id.
    id: String,
    /// From where it was signed in.
    ip_address: String,
    /// When it was signed in.
    started_at: String,
    /// When it was last used, to the minute.
    last_activity: String,
    /// When it ends, however much it is used.
    expires_at: String,
    /// What was proved at its sign-in.
    login_method: String,
    /// It is a browser's.
    is_browser: bool,
    /// It is the caller's own.
    is_current: bool,
    /// What the browser or program called itself.
    user_agent: String,
}

impl SessionItem {
    fn new(session: Session, caller: &Caller) -> Self {
        let factor = session.factor.as_deref().and_then(|word| match word {
            BACKUP_CODE => Some("BACKUP_CODE"),
            TRUSTED_BROWSER => Some("TRUSTED_BROWSER"),
            word => Method::from_column(word).map(Method::wire),
        });
        let password = session.password_at.map(|_| "PASSWORD");
        Self {
            is_current: session.id == caller.session.id,
            is_browser: session.kind == SessionKind::Browser.column(),
            id: session.id,
            ip_address: session.peer_address,
            started_at: rfc3339(session.created_at),
            last_activity: rfc3339(session.last_seen_at),
            expires_at: rfc3339(session.expires_at),
            login_method: password
                .into_iter()
                .chain(factor)
                .collect::<Vec<_>>()
                .join("+"),
            user_agent: session.user_agent,
        }
    }
}

/// Every live API session of the caller.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct TokenList {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// The caller's own first, then the most recently used.
    tokens: Vec<TokenItem>,
}

/// A program's sign-in. No token material.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenItem {
    /// The session's id.
    id: String,
    /// When it was signed in.
    created_at: String,
    /// When it was last used, to the minute.
    last_used_at: String,
    /// When it ends, however often it is refreshed.
    expires_at: String,
    /// From where it was signed in.
    ip_address: String,
    /// What the program called itself.
    user_agent: String,
    /// It is the caller's own.
    is_current: bool,
}

async fn live(http: &HttpRequest, caller: &Caller) -> Result<Vec<Session>, ApiError> {
    let caller = caller.clone();
    Ok(access::app(http)?
        .db(move |app, conn| rules::list(conn, app, &caller, app.clock.now()))
        .await?)
}

/// The caller's live sessions.
#[utoipa::path(
    get, path = "/sessions", tag = "Sessions", security(("bearer" = ["full"])),
    responses(
        (status = 200, body = SessionList),
    )
)]
pub(in crate::web) async fn sessions(
    http: HttpRequest,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let sessions = live(&http, &caller).await?;
    Ok(HttpResponse::Ok().json(SessionList {
        success: true,
        sessions: sessions
            .into_iter()
            .map(|session| SessionItem::new(session, &caller))
            .collect(),
    }))
}

/// The caller's live API sessions.
#[utoipa::path(
    get, path = "/token", tag = "Sessions", security(("bearer" = ["full"])),
    responses(
        (status = 200, body = TokenList),
    )
)]
pub(in crate::web) async fn tokens(
    http: HttpRequest,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let sessions = live(&http, &caller).await?;
    let tokens = sessions
        .into_iter()
        .filter(|session| session.kind == SessionKind::Api.column())
        .map(|session| TokenItem {
            is_current: session.id == caller.session.id,
            id: session.id,
            created_at: rfc3339(session.created_at),
            last_used_at: rfc3339(session.last_seen_at),
            expires_at: rfc3339(session.expires_at),
            ip_address: session.peer_address,
            user_agent: session.user_agent,
        })
        .collect();
    Ok(HttpResponse::Ok().json(TokenList {
        success: true,
        tokens,
    }))
}

async fn end(
    http: &HttpRequest,
    caller: &Caller,
    id: String,
    only: Option<SessionKind>,
) -> Result<(), ApiError> {
    let (caller, origin) = (caller.clone(), origin(http, Door::Api));
    access::app(http)?
        .db(move |app, conn| {
            write(conn, |conn| {
                rules::revoke(conn, app, &origin, &caller, &id, only, app.clock.now())
            })
        })
        .await?;
    Ok(())
}

/// Ends one of the caller's API sessions, with its refresh token.
#[utoipa::path(
    delete, path = "/token/{id}", tag = "Sessions",
    params(("id" = String, Path, description = "The session's id")),
    security(("bearer" = ["full", "step_up"])),
    responses(
        (status = 200, body = Done), (status = 404, body = ErrorBody),
    )
)]
pub(in crate::web) async fn revoke_token(
    http: HttpRequest,
    path: web::Path<String>,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    end(&http, &caller, path.into_inner(), Some(SessionKind::Api)).await?;
    Ok(HttpResponse::Ok().json(done("Token revoked")))
}

/// Ends one of the caller's sessions.
#[utoipa::path(
    post, path = "/sessions/{id}/revoke", tag = "Sessions",
    params(("id" = String, Path, description = "The session's id")),
    security(("bearer" = ["full", "step_up"])),
    responses(
        (status = 200, body = Done), (status = 404, body = ErrorBody),
    )
)]
pub(in crate::web) async fn revoke(
    http: HttpRequest,
    path: web::Path<String>,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    end(&http, &caller, path.into_inner(), None).await?;
    Ok(HttpResponse::Ok().json(done("Session revoked")))
}

/// Ends every session of the caller but their own. Browsers that were trusted are asked for the second step again.
#[utoipa::path(
    post, path = "/sessions/revoke-all", tag = "Sessions", security(("bearer" = ["full", "step_up"])),
    responses(
        (status = 200, body = Done),
    )
)]
pub(in crate::web) async fn revoke_all(
    http: HttpRequest,
    Asking(caller): Asking,
) -> Result<HttpResponse, ApiError> {
    let (caller, origin) = (Caller::clone(&caller), origin(&http, Door::Api));
    access::app(&http)?
        .db(move |app, conn| {
            write(conn, |conn| {
                rules::revoke_others(conn, app, &origin, &caller, app.clock.now())
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(done("All other sessions revoked")))
}
