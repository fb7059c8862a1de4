//! Every URL on one screen: method, path, who may call it, the sentence of its 500, the handler. This table
//! is the only registration there is, and the middleware authorises from it, so a new route is closed until
//! its row says otherwise.

use std::collections::BTreeSet;

use actix_web::guard::{Guard, fn_guard};
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig, to};

use super::api::{
    adoption, health, magic_link, members, openapi, organization, passkey,
    password as api_password, profile, sessions as api_sessions, settings, setup,
    sign_in as api_sign_in, status, verify,
};
use super::endpoint::{Endpoint, Face, Who, answers, api, file, nowhere, page};
use super::pages::{
    activity, address, admin, backup_codes, confirm, devices, email_link, gate, help, language,
    not_found, passkey as page_passkey, password, second_step, security, settings as page_settings,
    sign_in, totp, trusted_browsers, welcome,
};
use super::{files, guard, session, well_known};
use crate::app::App;

/// The table. Routes of one path stand together.
#[rustfmt::skip]
pub static ROUTES: &[Endpoint] = &[
    api(Method::GET,    "/mfa/status",              Who::AnySession, "Failed to get MFA status",   || to(status::status)),
    api(Method::GET,    "/mfa/status/stream",       Who::AnySession, "Failed to follow MFA status", || to(status::stream)),
    api(Method::GET,    "/mfa/methods",             Who::AnySession, "Failed to get MFA methods",  || to(status::methods)),
    api(Method::POST,   "/mfa/setup",               Who::EnrollingStepUp, "Failed to setup MFA",   || to(setup::setup)),
    api(Method::POST,   "/mfa/verify-setup",        Who::Enrolling,  "Failed to verify MFA setup", || to(setup::verify_setup)),
    api(Method::POST,   "/mfa/enable",              Who::StrongStepUp, "Failed to enable MFA",     || to(settings::enable)),
    api(Method::POST,   "/mfa/disable",             Who::StepUp,     "Failed to disable MFA",      || to(settings::disable)),
    api(Method::POST,   "/mfa/primary",             Who::StrongStepUp, "Failed to set primary MFA", || to(settings::primary)),
    api(Method::POST,   "/mfa/reset",               Who::StepUp,     "Failed to reset MFA",        || to(settings::reset)),
    api(Method::POST,   "/mfa/verify-login",        Who::AnySession, "Failed to verify MFA",       || to(verify::verify_login)),
    api(Method::POST,   "/mfa/passkey/auth-options", Who::AnySession, "Failed to generate authentication options", || to(passkey::auth_options)),
    api(Method::POST,   "/mfa/passkey/complete-registration", Who::Enrolling, "Failed to complete passkey registration", || to(passkey::complete_registration)),
    api(Method::POST,   "/mfa/passkey/complete-registration-1", Who::Enrolling, "Failed to complete passkey registration", || to(passkey::complete_registration_1)),
    api(Method::POST,   "/mfa/magic-link/send",     Who::AnySession, "Failed to send magic link",  || to(magic_link::send)),
    api(Method::POST,   "/mfa/magic-link/activate", Who::Anyone,     "Failed to activate magic link MFA", || to(magic_link::activate)),
    api(Method::GET,    "/mfa/passkeys",            Who::Full,       "Failed to get passkeys",     || to(passkey::list)),
    api(Method::PUT,    "/mfa/passkeys/{id}",       Who::StrongStepUp, "Failed to rename the passkey", || to(passkey::rename)),
    api(Method::DELETE, "/mfa/passkeys/{id}",       Who::StepUp,     "Failed to remove the passkey", || to(passkey::remove)),
    api(Method::POST,   "/mfa/backup-codes",        Who::StepUp,     "Failed to create backup codes", || to(settings::backup_codes)),
    api(Method::POST,   "/mfa/organization/enforce", Who::StrongStepUp, "Failed to update organization MFA enforcement", || to(organization::enforce)),
    api(Method::GET,    "/mfa/organization/adoption", Who::Full,     "Failed to get MFA adoption", || to(adoption::adoption)),
    api(Method::GET,    "/mfa/organization/members", Who::Full,      "Failed to get members",      || to(adoption::members)),
    api(Method::GET,    "/mfa/organization/members.csv", Who::Full,  "Failed to get members",      || to(adoption::members_csv)),
    api(Method::GET,    "/mfa/organization/rehearsal", Who::Full,    "Failed to rehearse MFA enforcement", || to(adoption::rehearsal)),
    api(Method::GET,    "/mfa/organization/rehearsal.csv", Who::Full, "Failed to rehearse MFA enforcement", || to(adoption::rehearsal_csv)),

    api(Method::POST,   "/user/login",              Who::Anyone,     "Failed to sign in",          || to(api_sign_in::login)),
    api(Method::POST,   "/user/login/passkey",      Who::Anyone,     "Failed to sign in",          || to(passkey::login)),
    api(Method::POST,   "/user/login/passkey/options", Who::Anyone,  "Failed to generate authentication options", || to(passkey::login_options)),
    api(Method::POST,   "/user/refresh",            Who::Anyone,     "Failed to refresh the token", || to(api_sign_in::refresh)),
    api(Method::POST,   "/user/logout",             Who::Anyone,     "Failed to sign out",         || to(api_sign_in::logout)),
    api(Method::POST,   "/user/verify-password",    Who::Enrolling,  "Failed to verify the password", || to(api_sign_in::verify_password)),
    api(Method::POST,   "/user/request-reset-password", Who::Anyone, "Failed to request a password reset", || to(api_password::request_reset)),
    api(Method::POST,   "/user/reset-password",     Who::Anyone,     "Failed to reset the password", || to(api_password::reset)),
    api(Method::GET,    "/user/profile",            Who::Full,       "Failed to get the profile",  || to(profile::profile)),
    api(Method::PUT,    "/user/{id}",               Who::Full,       "Failed to update the user",  || to(profile::update)),

    api(Method::PUT,    "/user/{id}/role",          Who::StrongStepUp, "Failed to update the role", || to(members::change_role)),

    api(Method::GET,    "/organization/users",      Who::Full,       "Failed to get users",        || to(members::list)),
    api(Method::POST,   "/organization/users",      Who::StrongStepUp, "Failed to create the user", || to(members::add)),
    api(Method::GET,    "/organization/users/{id}", Who::Full,       "Failed to get the user",     || to(members::show)),
    api(Method::PUT,    "/organization/users/{id}", Who::StrongStepUp, "Failed to update the user", || to(members::update)),
    api(Method::DELETE, "/organization/users/{id}", Who::StrongStepUp, "Failed to delete the user", || to(members::remove)),
    api(Method::GET,    "/organization/{id}",       Who::Full,       "Failed to get the organization", || to(organization::organization)),
    api(Method::PUT,    "/organization/{id}",       Who::StrongStepUp, "Failed to update the organization", || to(organization::change_organization)),

    api(Method::GET,    "/token",                   Who::Full,       "Failed to get tokens",       || to(api_sessions::tokens)),
    api(Method::DELETE, "/token/{id}",              Who::StepUp,     "Failed to revoke the token", || to(api_sessions::revoke_token)),
    api(Method::GET,    "/sessions",                Who::Full,       "Failed to get sessions",     || to(api_sessions::sessions)),
    api(Method::POST,   "/sessions/revoke-all",     Who::StepUp,     "Failed to revoke sessions",  || to(api_sessions::revoke_all)),
    api(Method::POST,   "/sessions/{id}/revoke",    Who::StepUp,     "Failed to revoke the session", || to(api_sessions::revoke)),

    api(Method::GET,    "/health/live",             Who::Anyone,     "Not live",                   || to(health::live)),
    api(Method::GET,    "/health/ready",            Who::Anyone,     "Not ready",                  || to(health::ready)),
    #[cfg(feature = "faults")]
    api(Method::GET,    "/health/panic/{place}",    Who::Anyone,     "Failed to panic",            || to(health::panic)),
    api(Method::GET,    "/openapi.json",            Who::Anyone,     "Failed to get the document", || to(openapi::json)),

    page(Method::GET,   "/",                        Who::Anyone,     || to(sign_in::home)),
    page(Method::GET,   "/welcome/{token}",         Who::Anyone,     || to(welcome::show)),
    page(Method::POST,  "/welcome/{token}",         Who::Anyone,     || to(welcome::submit)),
    page(Method::GET,   "/password",                Who::Anyone,     || to(password::show_lost)),
    page(Method::POST,  "/password",                Who::Anyone,     || to(password::submit_lost)),
    page(Method::GET,   "/password/{token}",        Who::Anyone,     || to(password::show_link)),
    page(Method::POST,  "/password/{token}",        Who::Anyone,     || to(password::submit_link)),
    page(Method::GET,   "/login",                   Who::Anyone,     || to(sign_in::show)),
    page(Method::POST,  "/login",                   Who::Anyone,     || to(sign_in::submit)),
    page(Method::POST,  "/login/passkey",           Who::Anyone,     || to(page_passkey::sign_in)),
    page(Method::POST,  "/login/passkey/options",   Who::Anyone,     || to(page_passkey::sign_in_options)),
    page(Method::POST,  "/login/verify/options",    Who::AnySession, || to(page_passkey::prove_options)),
    page(Method::GET,   "/login/verify",            Who::AnySession, || to(second_step::show)),
    page(Method::POST,  "/login/verify",            Who::AnySession, || to(second_step::submit)),
    page(Method::GET,   "/login/link",              Who::AnySession, || to(email_link::show)),
    page(Method::POST,  "/login/link",              Who::AnySession, || to(email_link::send)),
    page(Method::POST,  "/login/link/code",         Who::AnySession, || to(email_link::submit_code)),
    page(Method::GET,   "/login/link/status",       Who::Anyone,     || to(email_link::poll)),
    page(Method::GET,   "/login/link/{token}",      Who::Anyone,     || to(email_link::open)),
    page(Method::POST,  "/login/link/{token}",      Who::Anyone,     || to(email_link::confirm)),
    page(Method::GET,   "/login/recover",           Who::Anyone,     || to(sign_in::recover)),
    page(Method::POST,  "/login/recover",           Who::AnySession, || to(sign_in::ask_for_reset)),
    page(Method::POST,  "/logout",                  Who::Anyone,     || to(sign_in::sign_out)),
    page(Method::GET,   "/setup",                   Who::Enrolling,  || to(gate::setup)),
    page(Method::GET,   "/setup/later",             Who::Enrolling,  || to(gate::later)),
    page(Method::GET,   "/confirm",                 Who::Enrolling,  || to(confirm::show)),
    page(Method::POST,  "/confirm",                 Who::Enrolling,  || to(confirm::submit)),
    page(Method::GET,   "/help",                    Who::Anyone,     || to(help::help)),
    page(Method::GET,   "/security",                Who::Full,       || to(security::show)),
    page(Method::GET,   "/security/stream",         Who::Full,       || to(security::stream)),
    page(Method::GET,   "/security/passkeys/add",   Who::EnrollingStepUp, || to(page_passkey::show_add)),
    page(Method::POST,  "/security/passkeys/add",   Who::Enrolling,  || to(page_passkey::add)),
    page(Method::POST,  "/security/passkeys/options", Who::EnrollingStepUp, || to(page_passkey::add_options)),
    page(Method::GET,   "/security/passkeys/{id}/name", Who::StrongStepUp, || to(page_passkey::show_name)),
    page(Method::POST,  "/security/passkeys/{id}/name", Who::StrongStepUp, || to(page_passkey::name)),
    page(Method::GET,   "/security/passkeys/{id}/remove", Who::StepUp, || to(page_passkey::show_remove)),
    page(Method::POST,  "/security/passkeys/{id}/remove", Who::StepUp, || to(page_passkey::remove)),
    page(Method::GET,   "/security/app",            Who::Enrolling,  || to(totp::show)),
    page(Method::POST,  "/security/app",            Who::EnrollingStepUp, || to(totp::start)),
    page(Method::POST,  "/security/app/code",       Who::Enrolling,  || to(totp::finish)),
    page(Method::GET,   "/security/app/remove",     Who::StepUp,     || to(totp::show_remove)),
    page(Method::POST,  "/security/app/remove",     Who::StepUp,     || to(totp::remove)),
    page(Method::GET,   "/security/email",          Who::Enrolling,  || to(email_link::show_set_up)),
    page(Method::POST,  "/security/email",          Who::EnrollingStepUp, || to(email_link::start)),
    page(Method::POST,  "/security/email/code",     Who::Enrolling,  || to(email_link::submit_set_up_code)),
    page(Method::GET,   "/security/email/confirm/{token}", Who::Anyone, || to(email_link::open_set_up)),
    page(Method::POST,  "/security/email/confirm/{token}", Who::Anyone, || to(email_link::confirm_set_up)),
    page(Method::GET,   "/security/email/remove",   Who::StepUp,     || to(email_link::show_remove)),
    page(Method::POST,  "/security/email/remove",   Who::StepUp,     || to(email_link::remove)),
    page(Method::GET,   "/security/codes",          Who::Full,       || to(backup_codes::show)),
    page(Method::POST,  "/security/codes",          Who::StepUp,     || to(backup_codes::create)),
    page(Method::GET,   "/security/codes/file",     Who::Full,       || to(backup_codes::file)),
    page(Method::GET,   "/security/codes/new",      Who::StepUp,     || to(backup_codes::show_new)),
    page(Method::POST,  "/security/codes/saved",    Who::Full,       || to(backup_codes::saved)),
    page(Method::GET,   "/security/primary",        Who::StrongStepUp, || to(page_settings::show_primary)),
    page(Method::POST,  "/security/primary",        Who::StrongStepUp, || to(page_settings::primary)),
    page(Method::GET,   "/security/mfa/off",        Who::StepUp,     || to(page_settings::show_off)),
    page(Method::POST,  "/security/mfa/off",        Who::StepUp,     || to(page_settings::turn_off)),
    page(Method::POST,  "/security/mfa/on",         Who::StrongStepUp, || to(page_settings::turn_on)),
    page(Method::GET,   "/security/password",       Who::Full,       || to(password::show_change)),
    page(Method::POST,  "/security/password",       Who::Full,       || to(password::submit_change)),
    page(Method::GET,   "/security/address",        Who::StrongStepUp, || to(address::show)),
    page(Method::POST,  "/security/address",        Who::StrongStepUp, || to(address::submit)),
    page(Method::GET,   "/security/address/confirm/{token}", Who::Full, || to(address::show_confirm)),
    page(Method::POST,  "/security/address/confirm/{token}", Who::Full, || to(address::confirm)),
    page(Method::GET,   "/security/language",       Who::Full,       || to(language::show)),
    page(Method::POST,  "/security/language",       Who::Full,       || to(language::choose)),
    page(Method::GET,   "/security/devices",        Who::StepUp,     || to(devices::show)),
    page(Method::POST,  "/security/devices",        Who::StepUp,     || to(devices::submit)),
    page(Method::POST,  "/security/trusted/{id}/stop", Who::Full,   || to(trusted_browsers::stop)),
    page(Method::GET,   "/security/activity",       Who::Full,       || to(activity::show)),
    page(Method::GET,   "/admin",                   Who::Full,       || to(admin::show)),
    page(Method::GET,   "/admin/requirement",       Who::Full,       || to(admin::requirement::show)),
    page(Method::POST,  "/admin/requirement",       Who::StrongStepUp, || to(admin::requirement::submit)),
    page(Method::GET,   "/admin/requirement.csv",   Who::Full,       || to(admin::requirement::file)),
    page(Method::GET,   "/admin/trust",             Who::Full,       || to(admin::trust::show)),
    page(Method::POST,  "/admin/trust",             Who::StrongStepUp, || to(admin::trust::submit)),
    page(Method::GET,   "/admin/members",           Who::Full,       || to(admin::members::show)),
    page(Method::GET,   "/admin/members.csv",       Who::Full,       || to(admin::members::file)),
    page(Method::GET,   "/admin/members/{id}",      Who::Full,       || to(admin::member::show)),
    page(Method::GET,   "/admin/members/{id}/reset", Who::StrongStepUp, || to(admin::reset::show)),
    page(Method::POST,  "/admin/members/{id}/reset", Who::StrongStepUp, || to(admin::reset::submit)),

    file("/static/{hash}/{name}",                   || to(files::hashed)),
    file("/.well-known/passkey-endpoints",          || to(well_known::passkey_endpoints)),
    file("/.well-known/change-password",            || to(well_known::change_password)),
    file("/.well-known/webauthn",                   || to(well_known::webauthn)),
    file("/favicon.ico",                            || to(files::favicon)),
    file("/robots.txt",                             || to(files::robots)),
];

/// What answers a page that is nowhere.
static NO_PAGE: Endpoint = nowhere(Face::Page, "/{rest:.*}", || to(not_found::page));

/// What answers a URL below the API's that is nowhere.
static NO_ROUTE: Endpoint = nowhere(Face::Api, "", || to(not_found::route));

/// Whether something on a page asks for more than a backup code. `path` may have a query.
pub(super) fn needs_strong_proof(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    ROUTES
        .iter()
        .filter(|row| row.face == Face::Page && row.who == Who::StrongStepUp)
        .any(|row| fits(row.path, path))
}

/// Whether a path is one that a row's pattern stands for.
fn fits(pattern: &str, path: &str) -> bool {
    let (wanted, given) = (pattern.split('/'), path.split('/'));
    wanted.clone().count() == given.clone().count()
        && wanted
            .zip(given)
            .all(|(wanted, given)| wanted == given || wanted.starts_with('{'))
}

/// Registers the table: one resource a path, behind the middleware that authorises from it.
pub(super) fn register(config: &mut ServiceConfig, app: &App) {
    for rows in ROUTES.chunk_by(|a, b| a.path == b.path) {
        let Some(first) = rows.first() else { continue };
        let guarded = rows
            .iter()
            .fold(web::resource(first.path), |resource, row| {
                resource.route((row.handler)().guard(takes(&row.method)))
            })
            .wrap(guard::middleware(rows));
        match first.face {
            // The JSON API never sees a cookie, so it cannot be opened by one.
            Face::Api | Face::File => config.service(guarded),
            Face::Page => config.service(guarded.wrap(session::middleware(app))),
        };
    }
    let prefixes: BTreeSet<&str> = ROUTES
        .iter()
        .filter(|row| row.face == Face::Api)
        .filter_map(|row| row.path.split('/').nth(1))
        .collect();
    for prefix in prefixes {
        config.service(
            web::resource([format!("/{prefix}"), format!("/{prefix}/{{rest:.*}}")])
                .route((NO_ROUTE.handler)())
                .wrap(guard::middleware(std::slice::from_ref(&NO_ROUTE))),
        );
    }
    config.service(
        web::resource(NO_PAGE.path)
            .route((NO_PAGE.handler)())
            .wrap(guard::middleware(std::slice::from_ref(&NO_PAGE)))
            .wrap(session::middleware(app)),
    );
}

fn takes(row: &'static Method) -> impl Guard {
    fn_guard(move |request| answers(row, &request.head().method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_of_one_path_stand_together_and_share_a_face() {
        let mut seen = std::collections::HashSet::new();
        for rows in ROUTES.chunk_by(|a, b| a.path == b.path) {
            assert!(seen.insert(rows[0].path), "{} stands twice", rows[0].path);
            assert!(rows.iter().all(|row| row.face == rows[0].face));
        }
    }

    #[test]
    fn pages_that_a_backup_code_does_not_open_are_known_by_their_paths() {
        for path in [
            "/admin/members/019a9d5e/reset",
            "/admin/requirement?asks=off",
            "/security/primary",
        ] {
            assert!(needs_strong_proof(path), "{path}");
        }
        for path in [
            "/admin/members/019a9d5e",
            "/security/codes/new",
            "/security",
            "/",
            "",
        ] {
            assert!(!needs_strong_proof(path), "{path}");
        }
    }

    #[test]
    fn every_json_route_has_a_sentence_for_its_500() {
        for row in ROUTES.iter().filter(|row| row.face == Face::Api) {
            assert!(!row.failure.is_empty(), "{}", row.path);
        }
    }
}
