//! SE-5: what is changed is said on the next page, recorded, and mailed.

use super::passkey::add;
use super::second_factor::{press, set_up};
use crate::support::email_links::mailed;
use crate::support::mail_server::MailServer;
use crate::support::soft_passkey::SoftPasskey;
use crate::support::{Browser, Page, TestApp};

/// Somebody who changes things, and their mailbox.
struct Changing<'a> {
    app: &'a TestApp,
    server: &'a MailServer,
    browser: Browser<'a>,
    email: String,
    /// Mails that were looked at.
    read: usize,
}

impl Changing<'_> {
    /// After a change: what the page that it leads to says, what is recorded, what is mailed. Nothing is mailed where that
    /// is empty.
    async fn told(&mut self, done: &Page, said: &str, recorded: &str, mailed: &[&str]) {
        assert_eq!(done.status, 303, "{recorded}: {}", done.html);
        let next = self.browser.get(done.location()).await;
        assert_eq!(next.text("main [role=status]"), said);
        let rows = self
            .browser
            .get("/security")
            .await
            .texts("#activity tbody th");
        let newest = &rows[..rows.len().min(3)];
        assert!(
            newest.contains(&recorded.to_owned()),
            "{recorded}: {newest:?}"
        );
        self.app.deliver().await;
        let mut subjects = self.server.subjects(&self.email).split_off(self.read);
        self.read += subjects.len();
        subjects.sort();
        assert_eq!(subjects, mailed, "{recorded}");
    }

    /// Opens a page and presses its button.
    async fn press(&self, page: &str, action: &str) -> Page {
        let page = self.browser.get(page).await;
        press(&self.browser, &page, action).await
    }

    /// Opens a page and sends its form with these fields.
    async fn submit(&self, page: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.browser.get(page).await;
        self.browser.submit(&page, fields).await
    }
}

#[actix_web::test]
async fn se_5_every_change_is_said_recorded_and_mailed() {
    let (app, server) = mailed().await;
    let (person, browser) = app.user().in_browser().await;
    let mut ada = Changing {
        app: &app,
        server: &server,
        browser,
        email: person.email.clone(),
        read: 0,
    };
    set_up(&ada.browser).await;
    let codes = ada.press("/security/codes/new", "/security/codes").await;
    let all = [
        "Authenticator app turned on",
        "Backup codes created",
        "Backup codes created",
    ];
    let said = "10 backup codes created.";
    ada.told(&codes, said, "Backup codes created", &all).await;
    let saved = ada.press("/security/codes", "/security/codes/saved").await;
    ada.told(&saved, "Backup codes saved.", "Backup codes created", &[])
        .await;

    let added = add(&ada.browser, &mut SoftPasskey::new(&app)).await;
    let said = "Your passkey works. You can sign in with it from now on.";
    let recorded = "Passkey \"Chrome on Linux\" added";
    ada.told(&added, said, recorded, &["Passkey added"]).await;
    let name = added.location().to_owned();
    let named = ada.submit(&name, &[("name", "Laptop")]).await;
    let recorded = "Passkey renamed to \"Laptop\"";
    ada.told(&named, "Passkey saved as Laptop.", recorded, &[])
        .await;

    let first = ada
        .submit("/security/primary", &[("method", "PASSKEY")])
        .await;
    let said = "Primary method changed. We ask for a passkey first.";
    let recorded = "Primary method changed to a passkey";
    ada.told(&first, said, recorded, &["Primary method changed"])
        .await;

    let off = ada.press("/security/mfa/off", "/security/mfa/off").await;
    let said = "Multi-factor authentication is off. All other devices are signed out; your methods stay saved.";
    let recorded = "Multi-factor authentication turned off";
    ada.told(&off, said, recorded, &["MFA turned off"]).await;
    let on = ada.press("/security", "/security/mfa/on").await;
    let said = "Multi-factor authentication is on. All other devices are signed out.";
    let recorded = "Multi-factor authentication turned on";
    ada.told(&on, said, recorded, &["MFA turned on"]).await;

    let remove = name.replace("/name", "/remove");
    let removed = ada.submit(&remove, &[]).await;
    let said = "Passkey \"Laptop\" removed. From now on we ask for an authenticator app first. All other devices are signed \
                out.";
    let recorded = "Passkey \"Laptop\" removed";
    ada.told(&removed, said, recorded, &["Passkey removed"])
        .await;
    let removed = ada.submit("/security/app/remove", &[]).await;
    let said = "Authenticator app removed. Multi-factor authentication is off and all other devices are signed out.";
    let recorded = "Authenticator app removed";
    ada.told(&removed, said, recorded, &["Authenticator app removed"])
        .await;
}
