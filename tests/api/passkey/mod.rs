//! Passkeys over JSON, with an authenticator in software: the two ceremonies, signing in with nothing else, and what their
//! holder does with them.

mod authentication;
mod manage;
mod registration;
mod sign_in;
