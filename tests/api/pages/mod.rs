//! Every page that a browser without JavaScript can see.

mod account;
mod cookies;
mod links;
mod passkey;
mod safety;
mod second_factor;
mod sign_in;
