//! JSON: one file a stem. Parse, call the rule, serialise. The sentences of the API's answers stand here.

pub(super) mod adoption;
mod examples;
mod forecast;
pub(super) mod health;
pub(super) mod json;
pub(super) mod magic_link;
pub(super) mod members;
pub(super) mod openapi;
pub(super) mod organization;
pub(super) mod passkey;
pub(super) mod password;
pub(super) mod profile;
mod refusals;
pub(super) mod sessions;
pub(super) mod settings;
pub(super) mod setup;
pub(super) mod sign_in;
pub(super) mod status;
pub(super) mod verify;
