//! The rules of organizations: how one comes into being, who joins it, and what it asks of its members.

pub mod adoption;
pub mod founding;
pub mod help;
pub mod members;
pub mod profile;
pub mod reminders;
pub mod requirement;
pub mod reset;
mod rights;
pub mod trust;

pub use rights::{is_administrator, managed, record_refusal};
