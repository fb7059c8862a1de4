//! A server whose mails arrive somewhere, and what is read in them.

use countersign::accounts::link_requests::handle_waiting;
use countersign::config::Config;
use countersign::mail::deliver_due;
use diesel::prelude::*;

use super::TestApp;
use super::mail_server::{MailServer, Received};

impl TestApp {
    /// A server with a mail server of its own.
    pub async fn spawn_with_mail(change: impl FnOnce(&mut Config)) -> (Self, MailServer) {
        let server = MailServer::start();
        let url = server.url().parse().unwrap();
        let app = Self::spawn_with(|config| {
            config.smtp_url = Some(url);
            change(config);
        })
        .await;
        (app, server)
    }

    /// Does what a serving process does once a second: answers how many mails left.
    pub async fn deliver(&self) -> usize {
        handle_waiting(&self.app).await.unwrap();
        deliver_due(&self.app).await.unwrap()
    }

    /// Whether the account's password came by a mailed link.
    pub fn db_is_password_by_mail(&self, user_id: &str) -> bool {
        use countersign::db::schema::users;
        self.db(|conn| {
            users::table
                .find(user_id)
                .select(users::password_by_mail)
                .first(conn)
                .unwrap()
        })
    }

    /// The path that a mail leads to: a line of its own that begins with this server's public address.
    #[track_caller]
    pub fn link_in(&self, mail: &Received) -> String {
        let (origin, text) = (self.app.config.public_url.origin(), mail.text());
        let link = text.lines().find_map(|line| line.strip_prefix(origin));
        link.unwrap_or_else(|| panic!("no link in {text}"))
            .to_owned()
    }
}

impl MailServer {
    /// The mails for this address, oldest first.
    pub fn received_by(&self, address: &str) -> Vec<Received> {
        let recipient = format!("RCPT TO:<{address}>");
        let mut mails = self.received();
        mails.retain(|mail| mail.recipients == [recipient.as_str()]);
        mails
    }

    /// The subjects of the mails for this address, oldest first.
    pub fn subjects(&self, address: &str) -> Vec<String> {
        let mails = self.received_by(address);
        let subjects = mails.iter().filter_map(|mail| mail.header("Subject"));
        subjects.collect()
    }
}
