//! The browser's cookie: encrypted, and carrying only a random id, or, before anybody is signed in, a random
//! pre-session for the forms; and one line to be shown on the next page. What the id stands for is a row in
//! the database, and that row is the authority.

use actix_session::config::{BrowserSession, CookieContentSecurity};
use actix_session::storage::CookieSessionStore;
use actix_session::{Session, SessionExt, SessionMiddleware};
use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Key, SameSite};
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Failure;
use crate::app::App;
use crate::crypto::random_bytes;
use crate::crypto::token::Token;

const ID: &str = "id";
const PRE_SESSION: &str = "pre";
const FLASH: &str = "flash";
const ENDED: &str = "ended";
const CODE_USED: &str = "code";
const WANTED: &str = "wanted";
const TRUST: &str = "trust";

/// The middleware that reads and writes the cookie. `__Host-` makes browsers refuse it from anywhere but
/// this very origin over https; on a loopback http address the prefix could not work.
pub(super) fn middleware(app: &App) -> SessionMiddleware<CookieSessionStore> {
    let secure = app.config.public_url.is_https();
    let key = Key::from(&app.keys.cookie_key());
    let lifetime =
        Duration::try_from(app.config.lifetimes.session_absolute).unwrap_or(Duration::DAY);
    SessionMiddleware::builder(CookieSessionStore::default(), key)
        .cookie_name(
            if secure {
                "__Host-countersign"
            } else {
                "countersign"
            }
            .to_owned(),
        )
        .cookie_secure(secure)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .cookie_content_security(CookieContentSecurity::Private)
        .session_lifecycle(BrowserSession::default().state_ttl(lifetime))
        .build()
}

/// The cookie's content, typed.
pub(super) struct Cookie(Session);

impl Cookie {
    /// The cookie of this request. Only pages have one.
    pub(super) fn of(http: &HttpRequest) -> Self {
        Self(http.get_session())
    }

    /// The id of the session, if somebody is signed in.
    pub(super) fn id(&self) -> Option<String> {
        self.0.get(ID).ok().flatten()
    }

    /// What a form of this browser is bound to: the session, or a pre-session that is made now.
    pub(super) fn form_binding(&self) -> Result<String, Failure> {
        if let Some(binding) = self.known_form_binding() {
            return Ok(binding);
        }
        let fresh =
            random_bytes::<32>().map_err(|error| Failure::Internal(format!("keys: {error}")))?;
        let fresh = BASE64URL_NOPAD.encode(&fresh);
        self.put(PRE_SESSION, &fresh)?;
        Ok(fresh)
    }

    /// What a form that was sent must have been bound to.
    pub(super) fn known_form_binding(&self) -> Option<String> {
        self.id().or_else(|| self.0.get(PRE_SESSION).ok().flatten())
    }

    /// Takes a new id: at sign-in, and at each rise of privilege.
    pub(super) fn adopt(&self, id: &Token) -> Result<(), Failure> {
        self.0.remove(PRE_SESSION);
        self.put(ID, &id.expose())
    }

    /// Forgets who was signed in, and everything else.
    pub(super) fn forget(&self) {
        self.0.clear();
    }

    /// Leaves a line for the next page.
    pub(super) fn leave(&self, flash: &impl Serialize) -> Result<(), Failure> {
        self.put(FLASH, flash)
    }

    /// Takes the line that was left.
    pub(super) fn take_flash<T: DeserializeOwned>(&self) -> Option<T> {
        self.take(FLASH)
    }

    /// Leaves word that a session ran out, whose it was, and whether its sign-in was complete.
    pub(super) fn leave_ended(&self, email: &str, was_pending: bool) -> Result<(), Failure> {
        self.put(ENDED, &(email, was_pending))
    }

    /// Takes that word.
    pub(super) fn take_ended(&self) -> Option<(String, bool)> {
        self.take(ENDED)
    }

    /// Leaves word that this sign-in used a backup code, and how many are left.
    pub(super) fn leave_code_used(&self, left: u32) -> Result<(), Failure> {
        self.put(CODE_USED, &left)
    }

    /// Takes that word.
    pub(super) fn take_code_used(&self) -> Option<u32> {
        self.take(CODE_USED)
    }

    /// Leaves word where its holder was going when a set-up came in between.
    pub(super) fn leave_wanted(&self, path: &str) -> Result<(), Failure> {
        self.put(WANTED, &path)
    }

    /// That word.
    pub(super) fn wanted(&self) -> Option<String> {
        self.0.get(WANTED).ok().flatten()
    }

    /// Takes that word.
    pub(super) fn take_wanted(&self) -> Option<String> {
        self.take(WANTED)
    }

    /// Leaves word whether this browser is to be trusted, while a mail is waited for.
    pub(super) fn leave_trust(&self, wanted: bool) -> Result<(), Failure> {
        if wanted {
            return self.put(TRUST, &true);
        }
        self.take::<bool>(TRUST);
        Ok(())
    }

    /// That word.
    pub(super) fn wants_trust(&self) -> bool {
        self.0.contains_key(TRUST)
    }

    fn take<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        // Removing what is not there would have the cookie sent again with every page.
        if !self.0.contains_key(key) {
            return None;
        }
        self.0.remove_as(key)?.ok()
    }

    fn put(&self, key: &str, value: &impl Serialize) -> Result<(), Failure> {
        self.0
            .insert(key, value)
            .map_err(|error| Failure::Internal(format!("cookie: {error}")))
    }
}
