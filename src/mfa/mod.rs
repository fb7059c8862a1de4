//! The rules of factors: what an account has, owes and may use.
//!
//! Plain synchronous functions over a `&mut Conn` and the time. No HTTP, no HTML, no password.

mod attempts;
pub mod backup_codes;
mod error;
pub mod forecast;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
pub mod magic_link;
pub mod member_state;
pub mod method;
pub mod passkey;
pub mod settings;
mod six_digits;
pub mod status;
pub mod totp;
pub mod verify;

/// What people set their methods up for, as apps and passkey managers show it.
pub const PRODUCT: &str = "Countersign";

pub use attempts::{Counted, Left};
pub use error::Error;
pub use method::Method;
pub use six_digits::Code;
pub use status::{Account, MethodState, Server, Status};
