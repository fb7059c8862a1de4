//! What fuzzers call of the front desk: bodies, headers, cookies. See `crate::fuzzing`.

#![allow(clippy::expect_used)] // what fails here is a finding

use std::future::Future;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::test::TestRequest;
use actix_web::{FromRequest, HttpRequest, ResponseError};
use serde::de::DeserializeOwned;

use super::api::json::Json;
use super::api::{settings, setup, sign_in, verify};
use super::credential::{AuthenticationCredential, RegistrationCredential};
use super::{access, kept, origin};
use crate::accounts::sessions;
use crate::activity::Door;
use crate::crypto::fuzzing::token_kinds;

pub(crate) use super::pages::fuzzing::{forms, local_path};

/// The end of a future that waits for nothing.
pub(super) fn now<F: Future>(future: F) -> F::Output {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime");
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// A body as a handler gets it. What is refused is the client's mistake, and the answer quotes nothing of it.
fn body<T: DeserializeOwned>(data: &[u8]) -> Option<T> {
    let json = (header::CONTENT_TYPE, "application/json");
    let request = TestRequest::post().insert_header(json);
    let (http, mut payload) = request.set_payload(data.to_vec()).to_http_parts();
    match now(Json::<T>::from_request(&http, &mut payload)) {
        Ok(body) => Some(body.0),
        Err(error) => {
            assert!(error.status_code().is_client_error());
            None
        }
    }
}

/// The bodies of a sign-in and of what is like it.
pub(crate) fn login_json(data: &[u8]) {
    let _ = body::<sign_in::LoginBody>(data);
    let _ = body::<sign_in::RefreshBody>(data);
    let _ = body::<settings::ResetBody>(data);
}

/// The body of a second step, and of a set-up.
pub(crate) fn verify_login_json(data: &[u8]) {
    let _ = body::<verify::VerifyLoginBody>(data);
    let _ = body::<setup::VerifySetupBody>(data);
    let _ = body::<setup::MethodBody>(data);
}

/// What a browser says of a passkey, in either ceremony.
pub(crate) fn credential_json(data: &[u8]) {
    if let Some(credential) = body::<RegistrationCredential>(data)
        && let Ok(made) = credential.read()
    {
        assert!(made.transports.len() <= 20);
        assert!(made.transports.iter().all(|word| word.len() <= 20));
    }
    if let Some(credential) = body::<AuthenticationCredential>(data)
        && let Ok(used) = credential.read()
    {
        assert!(used.user_handle.is_none_or(|handle| !handle.is_empty()));
    }
}

/// A request with this as the value of a header, where a header can have it.
fn with_header(name: HeaderName, data: &[u8]) -> Option<HttpRequest> {
    let value = HeaderValue::from_bytes(data).ok()?;
    Some(
        TestRequest::get()
            .insert_header((name, value))
            .to_http_request(),
    )
}

/// Who somebody says they are.
pub(crate) fn bearer_and_cookie(data: &[u8]) {
    if let Some(http) = with_header(header::AUTHORIZATION, data)
        && let Some(token) = access::bearer(&http)
    {
        assert_eq!(token, token.trim());
        assert!(token_kinds(token) <= 1);
        if sessions::parse_bearer(token).is_some() {
            assert!(token.starts_with("cs_at_") || token.starts_with("cs_lt_"));
            assert_eq!(token.len(), 49);
        }
    }
    if let Some(http) = with_header(header::COOKIE, data) {
        let devices = kept::devices(&http);
        assert!(devices.len() <= 5);
        assert!(
            devices
                .iter()
                .all(|token| token.expose().starts_with("cs_dv_"))
        );
        let from = origin::origin(&http, Door::Browser);
        assert_eq!(from.devices, devices);
        let trusts = kept::trusts(&http);
        assert!(trusts.len() <= 5);
        for trust in &trusts {
            assert!(trust.token.expose().starts_with("cs_tb_") && trust.id.len() <= 36);
            assert!(!trust.expose().contains([';', ',', ' ', '.']));
        }
        assert_eq!(from.trusts, trusts);
    }
}

/// What proxies, and whoever pretends to be one, write about a client's address.
pub(crate) fn forwarded_for(data: &[u8]) {
    let name = HeaderName::from_static("x-forwarded-for");
    let Some(http) = with_header(name, data) else {
        return;
    };
    assert_eq!(origin::client_address(&http, 0), None, "nobody is believed");
    for trusted in 1..=3 {
        if let Some(address) = origin::client_address(&http, trusted) {
            address.parse::<std::net::IpAddr>().expect("an address");
        }
    }
}
