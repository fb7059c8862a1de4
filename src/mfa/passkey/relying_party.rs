//! Who passkeys are made for.

use url::Url;
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

/// Who passkeys are made for: the domain they are bound to, and the origins that may ask for them.
#[derive(Debug)]
pub struct RelyingParty {
    pub(super) webauthn: Webauthn,
    /// The domain, `rp.id`.
    pub id: String,
    /// What people are told they sign in to, `rp.name`.
    pub name: &'static str,
    /// The origins, this server's own first; compared as they are.
    pub(super) origins: Vec<String>,
}

impl RelyingParty {
    /// For a domain and the origins that may ask for its passkeys, this server's own first.
    ///
    /// # Errors
    ///
    /// A sentence, when webauthn-rs does not take them.
    pub fn new(id: &str, name: &'static str, origins: Vec<String>) -> Result<Self, String> {
        let mut urls = origins.iter().map(|origin| Url::parse(origin));
        let own = urls.next().ok_or("there is no origin")?;
        let own = own.map_err(|error| error.to_string())?;
        let mut builder = WebauthnBuilder::new(id, &own)
            .map_err(|error| error.to_string())?
            .rp_name(name);
        for url in urls {
            builder = builder.append_allowed_origin(&url.map_err(|error| error.to_string())?);
        }
        Ok(Self {
            webauthn: builder.build().map_err(|error| error.to_string())?,
            id: id.to_owned(),
            name,
            origins,
        })
    }

    /// This server's own origin.
    pub fn origin(&self) -> &str {
        self.origins.first().map_or("", String::as_str)
    }

    /// Every origin that may ask besides this server's own.
    pub fn related_origins(&self) -> &[String] {
        self.origins.get(1..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_outside_the_domain_is_refused_at_the_start() {
        let origins = vec!["https://login.example.org".to_owned()];
        assert!(RelyingParty::new("example.com", "Countersign", origins).is_err());
    }
}
