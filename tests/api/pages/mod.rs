//! Every page that a browser without JavaScript can see.

mod account;
mod admin;
mod changes;
mod cookies;
mod email_link;
mod gate;
mod language;
mod links;
mod passkey;
mod safety;
pub mod second_factor;
mod sign_in;
mod trusted_browsers;
