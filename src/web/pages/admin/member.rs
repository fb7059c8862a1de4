//! `/admin/members/{id}`: one member, by the names and dates of its methods and what happened lately. Never a secret, a code,
//! or an address.

use actix_web::http::StatusCode;
use actix_web::web;

use super::organization;
use crate::accounts::Caller;
use crate::mfa::Method;
use crate::organizations::profile::{self, Profile};
use crate::web::error::Failure;
use crate::web::pages::activity::{self, PageNumber};
use crate::web::pages::views::{
    ActivityRow, MemberMethod, MemberPage, MemberState, Paging, Usage, When,
};
use crate::web::pages::{PageResult, Visit, render};
use crate::words::Messages;

/// `GET /admin/members/{id}`
pub(in crate::web) async fn show(
    visit: Visit,
    id: web::Path<String>,
    query: web::Query<PageNumber>,
) -> PageResult {
    let page = query.number();
    let profile = load(&visit, id.into_inner(), page).await?;
    let (t, listed) = (&visit.t, &profile.listed);
    let user = &listed.member.user;
    let page = MemberPage {
        frame: visit.frame()?,
        id: user.id.clone(),
        name: user.full_name(),
        email: user.email.clone(),
        role: crate::accounts::users::Role::from_number(user.role),
        state: MemberState::new(t, listed),
        last_sign_in: listed.member.last_sign_in_at.map(|at| When::utc(t, at)),
        methods: methods(t, &profile),
        codes_left: listed.status.backup_codes_left,
        reset: profile.reset,
        activity: profile
            .activity
            .iter()
            .map(|row| happened(t, row))
            .collect(),
        paging: Paging {
            page,
            has_older: profile.has_older,
        },
    };
    render(StatusCode::OK, &page)
}

/// The member; anybody who is none is not found, as any page that is nowhere.
pub(super) async fn load(visit: &Visit, id: String, page: u32) -> Result<Profile, Failure> {
    organization(visit)?;
    let caller = Caller::clone(visit.caller()?);
    visit
        .read(move |app, conn| profile::load(conn, app, &caller, &id, page))
        .await
}

/// A row of the record without the address that its holder sees.
fn happened(t: &Messages, row: &crate::db::activity::Happened) -> ActivityRow {
    let mut row = row.clone();
    row.peer_address = None;
    activity::row(t, &row)
}

/// The methods that are set up: each passkey by its name, everything else once.
fn methods(t: &Messages, profile: &Profile) -> Vec<MemberMethod> {
    let (status, member) = (&profile.listed.status, &profile.listed.member);
    let is_on = |method| {
        status
            .state_of(method)
            .is_some_and(|state| state.is_enabled)
    };
    let passkeys = profile.passkeys.iter().map(|passkey| MemberMethod {
        method: Method::Passkey,
        name: Some(passkey.name.clone()),
        usage: Usage {
            since: When::day(t, passkey.created_at.date()),
            last_used: passkey.last_used_at.map(|at| When::utc(t, at)),
        },
        is_on: is_on(Method::Passkey),
    });
    let others = [Method::Totp, Method::MagicLink];
    let others = others.into_iter().filter_map(|method| {
        let mut factors = member.factors.iter();
        let factor = factors.find(|factor| factor.method == method.column())?;
        Some(MemberMethod {
            method,
            name: None,
            usage: Usage {
                since: When::day(t, factor.verified_at?.date()),
                last_used: factor.last_used_at.map(|at| When::utc(t, at)),
            },
            is_on: is_on(method),
        })
    });
    passkeys.chain(others).collect()
}
