//! Who waits for something to happen to an account, and how they learn that it did: one look at the record a second for all
//! of them, whichever process wrote it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diesel::QueryResult;
use tokio::sync::Notify;

use super::Event;
use crate::db::Conn;
use crate::db::activity::{self, Subject};

/// How many may wait at a time.
pub const MAX_LISTENERS: usize = 1_024;

/// How many of them may wait for one account.
pub const MAX_PER_ACCOUNT: usize = 16;

/// How many entries are looked at one by one. After more than that in a second everybody is woken.
const MAX_ENTRIES: u32 = 500;

/// Those who wait. Clones share them.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    /// The last entry that was looked at; `None` while nobody has to know.
    seen: Option<i64>,
    listeners: HashMap<u64, Listed>,
    last_number: u64,
}

struct Listed {
    user_id: String,
    organization_id: Option<String>,
    bell: Arc<Notify>,
}

/// Somebody who waits, until dropped.
pub struct Listener {
    watch: Watch,
    number: u64,
    bell: Arc<Notify>,
}

/// Why nobody else may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crowded {
    /// Too many wait for this account.
    Account,
    /// Too many wait in this process.
    Process,
}

impl Watch {
    /// Waits for what happens to an account or its organization from now on.
    ///
    /// # Errors
    ///
    /// When too many wait already.
    pub fn listen(
        &self,
        user_id: &str,
        organization_id: Option<&str>,
    ) -> Result<Listener, Crowded> {
        let mut waiting = self.waiting();
        let of_account = waiting
            .listeners
            .values()
            .filter(|listed| listed.user_id == user_id);
        if of_account.count() >= MAX_PER_ACCOUNT {
            return Err(Crowded::Account);
        }
        if waiting.listeners.len() >= MAX_LISTENERS {
            return Err(Crowded::Process);
        }
        let bell = Arc::new(Notify::new());
        waiting.last_number += 1;
        let number = waiting.last_number;
        let listed = Listed {
            user_id: user_id.to_owned(),
            organization_id: organization_id.map(str::to_owned),
            bell: Arc::clone(&bell),
        };
        waiting.listeners.insert(number, listed);
        Ok(Listener {
            watch: self.clone(),
            number,
            bell,
        })
    }

    /// Whether nobody waits: then there is nothing to look for.
    pub fn is_idle(&self) -> bool {
        self.waiting().listeners.is_empty()
    }

    /// Looks at what was recorded since the last look, and wakes whom it concerns.
    ///
    /// # Errors
    ///
    /// Only the database's; the next look begins where this one did.
    pub fn look(&self, conn: &mut Conn) -> QueryResult<()> {
        let seen = self.waiting().seen;
        let Some(seen) = seen else {
            // What they have read may be older than this.
            let newest = activity::head(conn)?.seq;
            self.waiting().seen = Some(newest);
            self.wake_all();
            return Ok(());
        };
        let subjects = activity::list_subjects_after(conn, seen, MAX_ENTRIES)?;
        let Some(last) = subjects.last() else {
            return Ok(());
        };
        if subjects.len() == MAX_ENTRIES as usize {
            self.waiting().seen = None;
            return self.look(conn);
        }
        let mut waiting = self.waiting();
        waiting.seen = Some(last.seq);
        for listed in waiting.listeners.values() {
            if subjects.iter().any(|subject| listed.is_concerned(subject)) {
                listed.bell.notify_one();
            }
        }
        Ok(())
    }

    /// Wakes everybody.
    pub fn wake_all(&self) {
        for listed in self.waiting().listeners.values() {
            listed.bell.notify_one();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listed {
    fn is_concerned(&self, subject: &Subject) -> bool {
        let of_everybody = Event::from_word(&subject.event).is_some_and(Event::is_of_organization);
        subject.user_id.as_ref() == Some(&self.user_id)
            || (of_everybody
                && subject.organization_id.is_some()
                && subject.organization_id == self.organization_id)
    }
}

impl Listener {
    /// Waits until something may have happened; at once when it did since the last call.
    pub async fn woken(&self) {
        self.bell.notified().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut waiting = self.watch.waiting();
        waiting.listeners.remove(&self.number);
        if waiting.listeners.is_empty() {
            waiting.seen = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_leaves_makes_room() {
        let watch = Watch::default();
        let mut of_one: Vec<_> = (0..MAX_PER_ACCOUNT)
            .map(|_| watch.listen("one", Some("theirs")).ok().unwrap())
            .collect();
        assert_eq!(
            watch.listen("one", Some("theirs")).err(),
            Some(Crowded::Account)
        );
        let another = watch.listen("another", None);
        assert!(another.is_ok());
        of_one.pop();
        of_one.push(watch.listen("one", Some("theirs")).ok().unwrap());
        assert!(!watch.is_idle());
        drop((of_one, another));
        assert!(watch.is_idle());
    }

    #[test]
    fn a_process_has_room_for_so_many_and_no_more() {
        let watch = Watch::default();
        let all: Vec<_> = (0..MAX_LISTENERS)
            .map(|n| watch.listen(&n.to_string(), None).ok().unwrap())
            .collect();
        assert_eq!(watch.listen("one more", None).err(), Some(Crowded::Process));
        drop(all);
    }

    #[test]
    fn an_entry_concerns_its_account_and_one_about_the_rules_everybody_they_bind() {
        let listed = Listed {
            user_id: "one".to_owned(),
            organization_id: Some("theirs".to_owned()),
            bell: Arc::default(),
        };
        let subject = |user: &str, organization: Option<&str>, event: Event| Subject {
            seq: 1,
            user_id: Some(user.to_owned()),
            organization_id: organization.map(str::to_owned),
            event: event.word(true).to_owned(),
        };
        assert!(listed.is_concerned(&subject("one", None, Event::PasskeyAdded)));
        assert!(!listed.is_concerned(&subject("another", Some("theirs"), Event::PasskeyAdded)));
        assert!(listed.is_concerned(&subject("another", Some("theirs"), Event::EnforceOn)));
        assert!(!listed.is_concerned(&subject("another", Some("others"), Event::EnforceOn)));
        assert!(!listed.is_concerned(&subject("another", None, Event::EnforceOn)));
    }
}
