//! Email links over the JSON API, with a real SMTP conversation in between.

mod delivery;
mod independence;
mod set_up;
mod sign_in;

use crate::support::email_links::mailed;
use crate::support::mail_server::MailServer;
use crate::support::{Person, Program, TestApp};

/// Somebody whose email link is on, and the program that set it up.
async fn reader<'a>(app: &'a TestApp, server: &MailServer) -> (Person<'a>, Program<'a>) {
    let (person, program) = app.user().signed_in().await;
    program.set_up_email_link(server, &person.email).await;
    (person, program)
}
