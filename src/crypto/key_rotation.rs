//! Changing a key file that is in use: a further key, and another one made the active one.
//!
//! Each change replaces the file as a whole, so that a process that reads it meanwhile gets the one or the other. What
//! is sealed anew afterwards is decided by the rooms that own the values.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

use zeroize::Zeroizing;

use super::key_file::{
    KeyFile, KeyFileError, Problem, draft_in, folder_of, fresh_key, read_text, write_new,
};

/// Adds a key that opens and verifies, but does not seal yet. Answers its id.
///
/// # Errors
/// One line that names the file when it cannot be read, or not be replaced.
pub fn add_key(path: &Path) -> Result<String, KeyFileError> {
    let added = fresh_key().and_then(|(kid, line)| {
        replace(path, |text| {
            let text = text.trim_end_matches('\n');
            Zeroizing::new(format!("{text}\n{}\n", *line))
        })?;
        Ok(kid)
    });
    added.map_err(|problem| problem.at(path))
}

/// Makes a key of the file the one that seals and signs from now on. The one before stays in the file, to open what it
/// has sealed.
///
/// # Errors
/// As [`add_key`], and when the file has no such key.
pub fn activate_key(path: &Path, kid: &str) -> Result<(), KeyFileError> {
    replace(path, |text| with_active(text, kid)).map_err(|problem| problem.at(path))
}

/// The text of a key file with another key marked as active. Comments stay where they are.
fn with_active(text: &str, kid: &str) -> Zeroizing<String> {
    let mut changed = Zeroizing::new(String::with_capacity(text.len() + 16));
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let is_key = words.next() == Some("key");
        let is_wanted = is_key && words.next() == Some(kid);
        let bare = line.trim_end();
        changed.push_str(match bare.strip_suffix("active") {
            Some(before) if is_key => before.trim_end(),
            _ => line,
        });
        changed.push_str(if is_wanted { " active\n" } else { "\n" });
    }
    changed
}

/// Puts what `change` makes of the file's text in its place, with the owner and the mode that the file had. Of several
/// processes at once each waits for its turn.
fn replace(path: &Path, change: impl FnOnce(&str) -> Zeroizing<String>) -> Result<(), Problem> {
    // A link stays a link: what it leads to is replaced.
    let path = fs::canonicalize(path)?;
    let folder = File::open(folder_of(&path))?;
    folder.lock()?;
    let before = fs::metadata(&path)?;
    let text = change(&read_text(&path)?);
    // A file that nothing could be started with never gets there.
    KeyFile::parse(&text)?;
    let draft = draft_in(folder_of(&path))?;
    let outcome = write_new(&draft, &text)
        .and_then(|()| chown(&draft, Some(before.uid()), Some(before.gid())))
        .and_then(|()| {
            fs::set_permissions(&draft, PermissionsExt::from_mode(before.mode() & 0o777))
        })
        .and_then(|()| fs::rename(&draft, &path))
        .and_then(|()| folder.sync_all());
    if outcome.is_err() {
        // The outcome says what went wrong; a draft that was never made is none to be missed.
        let _ = fs::remove_file(&draft);
    }
    Ok(outcome?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::super::keyring::{Keyring, Label};
    use super::*;

    #[test]
    fn a_comment_about_what_is_active_stays_as_it_is() {
        let text = "# the first one is active\nkey a AAAA active\nkey b BBBB\n";
        assert_eq!(
            *with_active(text, "b"),
            "# the first one is active\nkey a AAAA\nkey b BBBB active\n"
        );
    }

    #[test]
    fn an_added_key_waits_and_an_activated_one_seals_beside_those_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let serving = Keyring::load_or_create(&path).unwrap();
        let (first, kept) = serving.sign(Label::Audit, |_| b"row".to_vec());
        fs::write(
            &path,
            format!("# ours\n{}", fs::read_to_string(&path).unwrap()),
        )
        .unwrap();

        let second = add_key(&path).unwrap();
        assert_eq!(serving.reload().unwrap(), None);
        assert_eq!(serving.key_ids(), [first.clone(), second.clone()]);
        activate_key(&path, &second).unwrap();
        assert_eq!(serving.active_kid(), first, "not read yet");
        assert_eq!(serving.reload().unwrap(), Some(second.clone()));
        assert_eq!(serving.key_ids(), [second.clone(), first.clone()]);
        assert_eq!(serving.mac_with(Label::Audit, &first, b"row"), Ok(kept));

        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# ours\n# Root keys"), "{text}");
        assert_eq!(text.matches(" active").count(), 1);
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "no draft stays"
        );
    }

    #[test]
    fn a_key_that_just_came_is_found_without_being_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let serving = Keyring::load_or_create(&path).unwrap();
        activate_key(&path, &add_key(&path).unwrap()).unwrap();
        let (kid, mac) = Keyring::load(&path)
            .unwrap()
            .sign(Label::Token, |_| b"code".to_vec());
        assert_eq!(serving.mac_with(Label::Token, &kid, b"code"), Ok(mac));
    }

    #[test]
    fn a_change_that_cannot_work_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let serving = Keyring::load_or_create(&path).unwrap();
        let before = fs::read_to_string(&path).unwrap();
        assert!(activate_key(&path, "nobody").is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), before);

        let other = KeyFile::fresh().unwrap();
        fs::write(&path, &*other).unwrap();
        let said = serving.reload().unwrap_err().to_string();
        assert!(said.contains("another session root"), "{said}");
        assert_eq!(serving.key_ids().len(), 1);
    }
}
