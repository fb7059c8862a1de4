//! Removing the email link.

use crate::mfa::Method;
use crate::web::pages::form::{NoFields, Posted};
use crate::web::pages::settings::{Removal, remove_method, show_removal};
use crate::web::pages::views::Flash;
use crate::web::pages::{PageResult, Visit};

const REMOVAL: Removal = Removal {
    method: Method::MagicLink,
    section: "/security#email",
    removed: Flash::MailRemoved,
    removed_next: Flash::MailRemovedNext,
    removed_last: Flash::MailRemovedLast,
};

/// `GET /security/email/remove`
pub(in crate::web) async fn show_remove(visit: Visit) -> PageResult {
    show_removal(&visit, &REMOVAL, None)
}

/// `POST /security/email/remove`
pub(in crate::web) async fn remove(visit: Visit, posted: Posted<NoFields>) -> PageResult {
    remove_method(&visit, &REMOVAL, &posted).await
}
