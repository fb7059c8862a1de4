//! What fuzzers call of the pages: forms, and where a form may send people. See `crate::fuzzing`.

#![allow(clippy::expect_used)] // what fails here is a finding

use actix_web::test::TestRequest;
use actix_web::web::Query;
use actix_web::{FromRequest, ResponseError, http::header::HeaderValue};
use url::Url;

use super::form::Posted;
use super::local_path;
use super::passkey::CredentialForm;
use super::sign_in::{LoginForm, ReturnTo};
use crate::fuzzing::text;
use crate::web::fuzzing::now;

/// A form, as different ones are read. None of these requests comes from a page of ours.
pub(crate) fn forms(data: &[u8]) {
    is_stale::<LoginForm>(data);
    is_stale::<CredentialForm>(data);
    if let Some(query) = text(data) {
        let _ = Query::<ReturnTo>::from_query(query);
    }
}

fn is_stale<T: serde::de::DeserializeOwned + 'static>(data: &[u8]) {
    let request = TestRequest::post().set_payload(data.to_vec());
    let (http, mut payload) = request.to_http_parts();
    match now(Posted::<T>::from_request(&http, &mut payload)) {
        Ok(Posted::Genuine(_)) => panic!("a form from nowhere is genuine"),
        Ok(Posted::Stale(_)) => {}
        Err(error) => assert!(error.status_code().is_client_error()),
    }
}

/// Where people want to go after a sign-in.
pub(crate) fn local_path(data: &[u8]) {
    let Some(typed) = text(data) else { return };
    let path = local_path::or(typed, "/security");
    let base = Url::parse("https://countersign.example/a/b").expect("a URL");
    let target = base.join(path).expect("what is followed is a URL");
    assert_eq!(target.origin(), base.origin(), "{path}");
    assert!(target.username().is_empty() && target.password().is_none());
    HeaderValue::from_str(path).expect("what is followed is a header");
    let asked = local_path::with("/login", "return_to", typed);
    let asked = base.join(&asked).expect("a URL");
    assert_eq!((asked.path(), asked.origin()), ("/login", base.origin()));
    assert_eq!(asked.query_pairs().count(), 1);
    assert!(asked.query_pairs().all(|(_, path)| path == typed));
}
