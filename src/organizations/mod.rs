//! The rules of organizations: how one comes into being, and who joins it.

pub mod founding;
pub mod members;
pub mod reset;
