//! In which language a request is answered: the one that the account is set to, or else the first of those that the browser
//! asks for (RFC 9110, section 12.5.4) which there is.

use std::rc::Rc;

use actix_web::http::header::{AcceptLanguage, Header};
use actix_web::{HttpMessage, HttpRequest};

use crate::accounts::Caller;
use crate::words::Messages;

/// The words for whoever asks.
pub(super) fn words(http: &HttpRequest) -> Messages {
    chosen(http).or_else(|| asked(http)).unwrap_or_default()
}

/// What the browser asks for, where there is any of it.
pub(super) fn asked(http: &HttpRequest) -> Option<Messages> {
    // A header that cannot be read asks for nothing.
    let ranked = AcceptLanguage::parse(http).ok()?.ranked();
    ranked
        .iter()
        .filter_map(|preference| preference.item())
        .find_map(|tag| Messages::of(tag.primary_language()))
}

fn chosen(http: &HttpRequest) -> Option<Messages> {
    let extensions = http.extensions();
    let caller = extensions.get::<Rc<Caller>>()?;
    Messages::of(caller.user.language.as_deref()?)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header;
    use actix_web::test::TestRequest;

    fn tag(header: &str) -> Option<&'static str> {
        let request = TestRequest::default().insert_header((header::ACCEPT_LANGUAGE, header));
        super::asked(&request.to_http_request()).map(|t| t.tag())
    }

    #[test]
    fn the_first_language_that_there_is_answers() {
        assert_eq!(tag("de"), Some("de"));
        assert_eq!(tag("de-CH, en;q=0.7"), Some("de"));
        assert_eq!(tag("fr, es;q=0.5, en;q=0.9"), Some("en"));
        assert_eq!(tag("pt-BR, es-419;q=0.8"), Some("es"));
    }

    #[test]
    fn whoever_asks_for_nothing_that_there_is_gets_none() {
        for header in ["", "*", "fr", "xx;q=1", ";;;,,,", "de;q=nan", "de_AT"] {
            assert_eq!(tag(header), None, "{header}");
        }
    }
}
