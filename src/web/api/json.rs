//! The body of a JSON request, and the envelopes of answers.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::StreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::web::error::{ApiError, Failure, Refusal};

/// The largest body of any request.
const MAX_BODY: usize = 64 * 1024;

/// How long a body may take to arrive; actix has no limit of its own.
pub(in crate::web) const BODY_TIME: Duration = Duration::from_secs(10);

/// The body of a request: `application/json`, or nothing at all, which is read as an object without fields.
pub(in crate::web) struct Json<T>(pub(in crate::web) T);

impl<T: DeserializeOwned> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(http: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = http
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .and_then(|kind| kind.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        let (http, payload) = (http.clone(), payload.take());
        Box::pin(async move {
            let body = read_body(&http, payload).await?;
            if body.is_empty() {
                return parse(b"{}");
            }
            if !is_json {
                return Err(Refusal::NotJson.into());
            }
            parse(&body)
        })
    }
}

/// Left in a request while its body is being read: that time is the client's and not the handler's.
struct Arriving;

/// Whether the body of this request is still on its way.
pub(in crate::web) fn is_arriving(http: &HttpRequest) -> bool {
    http.extensions().contains::<Arriving>()
}

/// Reads a body within its limits of size and time.
pub(in crate::web) async fn read_body(
    http: &HttpRequest,
    mut payload: Payload,
) -> Result<web::BytesMut, Failure> {
    let read = async {
        let mut body = web::BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| bad("The request body could not be read"))?;
            if body.len() + chunk.len() > MAX_BODY {
                return Err(Refusal::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    http.extensions_mut().insert(Arriving);
    let read = tokio::time::timeout(BODY_TIME, read).await;
    http.extensions_mut().remove::<Arriving>();
    match read {
        Ok(body) => Ok(body?),
        Err(_late) => Err(Refusal::TooSlow.into()),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<Json<T>, ApiError> {
    // serde would take an array for an object whose fields are left unnamed.
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(bad("The request body is not an object").into());
    }
    serde_json::from_slice(body).map(Json).map_err(|error| {
        use serde_json::error::Category;
        // serde's own words can quote what was sent; a password has no business in an answer.
        let sentence = match error.classify() {
            Category::Syntax | Category::Eof | Category::Io => "The request body is not valid JSON",
            Category::Data => "The request body lacks a field or holds one of another type",
        };
        bad(sentence).into()
    })
}

fn bad(sentence: &str) -> Refusal {
    Refusal::BadRequest(sentence.to_owned())
}

/// An answer with data.
#[derive(Serialize, utoipa::ToSchema)]
pub(in crate::web) struct Data<T> {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// What was asked for.
    data: T,
}

/// Wraps what was asked for.
pub(in crate::web) const fn data<T>(data: T) -> Data<T> {
    Data {
        success: true,
        data,
    }
}

/// An answer that only says that something was done.
#[derive(Serialize, utoipa::ToSchema)]
pub(in crate::web) struct Done {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// What was done.
    message: &'static str,
}

/// Says that something was done.
pub(in crate::web) const fn done(message: &'static str) -> Done {
    Done {
        success: true,
        message,
    }
}
