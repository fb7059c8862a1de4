//! The file that holds the root keys: its format, its birth and its permissions.
//!
//! Only reading and writing. What is derived from a root key belongs to `keyring`. No error quotes
//! the file: a mistyped line may well be a key.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use zeroize::Zeroizing;

use super::random_bytes;

/// A root key has at least as many bytes as the keys derived from it.
const MIN_KEY_BYTES: usize = 32;
/// Far above any real key file; keeps a path such as `/dev/zero` from filling the memory.
const MAX_FILE_BYTES: u64 = 64 * 1024;
const MAX_KID_BYTES: usize = 32;

/// Why a key file was not accepted. One line that names the setting and the file, never a secret.
#[derive(Debug, thiserror::Error)]
#[error("COUNTERSIGN_KEY_FILE: {}: {problem}", .path.display())]
pub struct KeyFileError {
    path: PathBuf,
    problem: Problem,
}

/// What is wrong with a key file.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("mode {0:04o} lets others read it; chmod it to 0600")]
    Exposed(u32),
    #[error("not a regular file of at most 64 KiB of text")]
    NotText,
    #[error(
        "line {0} is neither a comment nor `session <base64>` nor `key <id> <base64> [active]`"
    )]
    Line(usize),
    #[error("line {0}: the key is not base64 of at least 32 bytes")]
    Weak(usize),
    #[error("line {0} repeats an id or the session root")]
    Repeated(usize),
    #[error("the session root is missing")]
    NoSession,
    #[error("no key is marked active")]
    NoActive,
    #[error("more than one key is marked active")]
    TwoActive,
    #[error("it has another session root than at the start")]
    OtherSession,
    #[error("{0}")]
    Crypto(#[from] super::Error),
}

impl Problem {
    /// Says which file has the problem.
    pub(super) fn at(self, path: &Path) -> KeyFileError {
        KeyFileError {
            path: path.to_owned(),
            problem: self,
        }
    }
}

/// The root keys as the file lists them; wiped when dropped.
pub(super) struct KeyFile {
    pub(super) session: Zeroizing<Vec<u8>>,
    pub(super) active: RootKey,
    pub(super) retired: Vec<RootKey>,
}

/// One `key` line.
pub(super) struct RootKey {
    pub(super) kid: String,
    pub(super) root: Zeroizing<Vec<u8>>,
}

impl KeyFile {
    /// Reads the text of a key file.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let (mut session, mut active) = (None, None);
        let mut retired: Vec<RootKey> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut words = line.split_whitespace();
            match (
                words.next(),
                words.next(),
                words.next(),
                words.next(),
                words.next(),
            ) {
                (Some("session"), Some(root), None, ..) => {
                    if session.replace(decode(root, number)?).is_some() {
                        return Err(Problem::Repeated(number));
                    }
                }
                (Some("key"), Some(kid), Some(root), mark @ (None | Some("active")), None)
                    if is_kid(kid) =>
                {
                    let key = RootKey {
                        kid: kid.to_owned(),
                        root: decode(root, number)?,
                    };
                    if active.iter().chain(&retired).any(|known| known.kid == kid) {
                        return Err(Problem::Repeated(number));
                    }
                    if mark.is_none() {
                        retired.push(key);
                    } else if active.replace(key).is_some() {
                        return Err(Problem::TwoActive);
                    }
                }
                _ => return Err(Problem::Line(number)),
            }
        }
        Ok(Self {
            session: session.ok_or(Problem::NoSession)?,
            active: active.ok_or(Problem::NoActive)?,
            retired,
        })
    }

    /// The text of a new key file. Its key has a random id, so that the keys of two installations
    /// are never taken for each other.
    pub(super) fn fresh() -> Result<Zeroizing<String>, Problem> {
        let (session, (_, key)) = (fresh_root()?, fresh_key()?);
        Ok(Zeroizing::new(format!(
            "# Root keys of Countersign. Without this file the database cannot be read: back it up, apart from the database.\n\
             session {}\n\
             {} active\n",
            *session, *key
        )))
    }
}

/// A new root key that is not active: its id, and its line.
pub(super) fn fresh_key() -> Result<(String, Zeroizing<String>), Problem> {
    let kid = HEXLOWER.encode(&random_bytes::<4>()?);
    let line = Zeroizing::new(format!("key {kid} {}", *fresh_root()?));
    Ok((kid, line))
}

fn fresh_root() -> Result<Zeroizing<String>, Problem> {
    let root = Zeroizing::new(random_bytes::<MIN_KEY_BYTES>()?);
    Ok(Zeroizing::new(BASE64.encode(root.as_ref())))
}

/// Reads a key file that must exist.
pub(super) fn read(path: &Path) -> Result<KeyFile, Problem> {
    KeyFile::parse(&read_text(path)?)
}

/// The text of a key file that must exist.
pub(super) fn read_text(path: &Path) -> Result<Zeroizing<String>, Problem> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > MAX_FILE_BYTES {
        return Err(Problem::NotText);
    }
    // The open file is asked, not the path: the path may name another file by now.
    refuse_exposed(&metadata)?;
    let mut text = Zeroizing::new(String::new());
    file.take(MAX_FILE_BYTES)
        .read_to_string(&mut text)
        .map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => Problem::NotText,
            _ => Problem::Io(error),
        })?;
    Ok(text)
}

/// Makes a key file unless there is one. Of several processes that start at once, the first wins and
/// the others leave its file alone.
pub(super) fn create_if_missing(path: &Path) -> Result<(), Problem> {
    // `symlink_metadata` so that a dangling link counts as a file and fails when it is read.
    if path.symlink_metadata().is_ok() {
        return Ok(());
    }
    let folder = folder_of(path);
    // Written beside its final place and linked there when complete: a link never replaces a file,
    // and nobody can ever read half of it.
    let draft = draft_in(folder)?;
    let outcome = write_new(&draft, &KeyFile::fresh()?).and_then(|()| fs::hard_link(&draft, path));
    // The draft may not exist when writing failed; the outcome says so better than this would.
    let _ = fs::remove_file(&draft);
    match outcome {
        Ok(()) => Ok(File::open(folder)?.sync_all()?),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The folder that a file stands in.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A name in a folder that no file has.
pub(super) fn draft_in(folder: &Path) -> Result<PathBuf, Problem> {
    Ok(folder.join(format!(".keys.{}", HEXLOWER.encode(&random_bytes::<8>()?))))
}

/// Writes a file that was not there, for its owner's eyes only.
pub(super) fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn refuse_exposed(metadata: &fs::Metadata) -> Result<(), Problem> {
    let mode = std::os::unix::fs::MetadataExt::mode(metadata) & 0o777;
    if mode & 0o077 == 0 {
        Ok(())
    } else {
        Err(Problem::Exposed(mode))
    }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &fs::Metadata) -> Result<(), Problem> {
    Ok(())
}

/// Ids appear in envelopes (between dots), in associated data (between colons) and in stored
/// password hashes (between commas), so they contain none of these.
fn is_kid(text: &str) -> bool {
    (1..=MAX_KID_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn decode(text: &str, line: usize) -> Result<Zeroizing<Vec<u8>>, Problem> {
    match BASE64.decode(text.as_bytes()).map(Zeroizing::new) {
        Ok(root) if root.len() >= MIN_KEY_BYTES => Ok(root),
        _ => Err(Problem::Weak(line)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    const ROOT: &str = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=";

    #[test]
    fn a_file_of_sixty_four_kibibytes_is_read_and_a_longer_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let read = |name: &str, length: u64| {
            let path = folder.path().join(name);
            let mut text = KeyFile::fresh().unwrap().to_string();
            text.push('#');
            text.push_str(&"x".repeat(usize::try_from(length).unwrap() - text.len()));
            write_new(&path, &text).unwrap();
            super::read(&path).is_ok()
        };
        assert!(read("full", MAX_FILE_BYTES));
        assert!(!read("more", MAX_FILE_BYTES + 1));
        assert!(!read("much", 2 * MAX_FILE_BYTES));
    }

    #[test]
    fn a_file_without_a_folder_is_in_this_one() {
        assert_eq!(folder_of(Path::new("keys")), Path::new("."));
        assert_eq!(folder_of(Path::new("data/keys")), Path::new("data"));
    }

    #[test]
    fn a_fresh_file_is_read_back() {
        let file = KeyFile::parse(&KeyFile::fresh().unwrap()).unwrap();
        assert_eq!(file.session.len(), 32);
        assert_eq!(file.active.root.len(), 32);
        assert_ne!(file.session, file.active.root);
        assert!(file.retired.is_empty());
    }

    #[test]
    fn a_retired_key_stays_beside_the_active_one() {
        let file = KeyFile::parse(&format!(
            "session {ROOT}\nkey a {ROOT}\nkey b {ROOT} active\n"
        ))
        .unwrap();
        assert_eq!(file.active.kid, "b");
        assert_eq!(file.retired[0].kid, "a");
    }

    #[test]
    fn a_file_that_cannot_work_is_refused_without_quoting_it() {
        let cases = [
            ("", "session root is missing"),
            ("session ROOT\n", "no key is marked active"),
            ("session ROOT\nkey a ROOT\n", "no key is marked active"),
            (
                "session ROOT\nkey a ROOT active\nkey b ROOT active",
                "more than one key",
            ),
            (
                "session ROOT\nkey a ROOT active\nkey a ROOT",
                "line 3 repeats",
            ),
            (
                "session ROOT\nsession ROOT\nkey a ROOT active",
                "line 2 repeats",
            ),
            ("key a ROOT active\n", "session root is missing"),
            (
                "session ROOT\nkey a c2hvcnQ= active",
                "line 2: the key is not base64",
            ),
            (
                "session c2hvcnQ=\nkey a ROOT active",
                "line 1: the key is not base64",
            ),
            (
                "session ROOT\nkey a !ROOT active",
                "line 2: the key is not base64",
            ),
            ("session ROOT\nkey a ROOT current", "line 2 is neither"),
            ("session ROOT\nkey a ROOT active now", "line 2 is neither"),
            ("session ROOT\nkey a.b ROOT active", "line 2 is neither"),
            ("session ROOT\nkey ROOT active", "line 2 is neither"),
            ("session ROOT extra\nkey a ROOT active", "line 1 is neither"),
            ("ROOT", "line 1 is neither"),
        ];
        for (text, expected) in cases {
            let problem = KeyFile::parse(&text.replace("ROOT", ROOT))
                .err()
                .unwrap_or_else(|| panic!("accepted: {text}"));
            let message = problem.at(Path::new("/data/keys")).to_string();
            assert!(message.contains(expected), "{text:?}: {message}");
            assert!(message.starts_with("COUNTERSIGN_KEY_FILE: /data/keys: "));
            assert!(
                !message.contains(ROOT) && !message.contains('\n'),
                "{message}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        create_if_missing(&path).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(read(&path).is_ok());
        for mode in [0o640, 0o604, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(read(&path), Err(Problem::Exposed(seen)) if seen == mode));
        }
    }

    #[test]
    fn a_missing_file_and_a_folder_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            read(&folder.path().join("keys")),
            Err(Problem::Io(_))
        ));
        assert!(matches!(read(folder.path()), Err(Problem::NotText)));
    }
}
