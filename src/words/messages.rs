//! The words of pages: Fluent message files, read once, looked up by id. No sentence is decided here,
//! and nothing here is markup: askama escapes what these functions return.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// One embedded message file: its name and its text.
type File = (&'static str, &'static str);

macro_rules! language {
    ($tag:literal: $($name:literal),+) => {
        ($tag, &[$(($name, include_str!(concat!("../../templates/messages/", $tag, "/", $name, ".ftl")))),+])
    };
    ($tag:literal) => {
        language!($tag:
            "frame", "flash", "form", "status", "activity", "method",
            "home", "welcome", "password_link", "password_lost", "link_spent", "login", "verify", "confirm", "recover",
            "setup", "security", "passkey", "app", "email", "codes", "primary", "mfa_off", "password", "address",
            "devices", "language", "admin", "members", "help", "error", "mail"
        )
    };
}

/// Every language there is, by its tag (BCP 47), the first one being for whoever understands none of them. A new language
/// is one more row and a folder of files.
pub const LANGUAGES: &[(&str, &[File])] = &[language!("en"), language!("de"), language!("es")];

/// Stands for a value while a sentence is cut in two at that value; a private-use character, so no
/// message and no name contains it.
const SLOT: &str = "\u{E000}";

struct Language {
    tag: &'static str,
    bundle: FluentBundle<FluentResource>,
}

static LOADED: LazyLock<Vec<Language>> = LazyLock::new(|| {
    LANGUAGES
        .iter()
        .map(|&(tag, files)| load(tag, files))
        .collect()
});

fn load(tag: &'static str, files: &[File]) -> Language {
    let locale: LanguageIdentifier = tag.parse().unwrap_or_else(|error| {
        log::error!("language tag {tag}: {error}");
        LanguageIdentifier::default()
    });
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    bundle.set_use_isolating(false);
    for (name, source) in files {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                log::error!("messages {tag}/{name}.ftl: {errors:?}");
                resource
            }
        };
        if let Err(errors) = bundle.add_resource(resource) {
            log::error!("messages {tag}/{name}.ftl: {errors:?}");
        }
    }
    Language { tag, bundle }
}

/// What a message can carry: text or a whole number.
pub trait Argument {
    /// The value in Fluent's terms.
    fn value(&self) -> FluentValue<'_>;
}

impl Argument for str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self)
    }
}

impl Argument for String {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

impl<A: Argument + ?Sized> Argument for &A {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

macro_rules! whole_numbers {
    ($($number:ty),+) => {$(
        impl Argument for $number {
            fn value(&self) -> FluentValue<'_> {
                FluentValue::from(*self)
            }
        }
    )+};
}

whole_numbers!(u8, u16, u32, u64, usize, i32, i64);

/// A sentence cut at one of its values, so that a template can put an element around that value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The text before the value.
    pub before: String,
    /// The text after the value.
    pub after: String,
}

/// A sentence cut at two of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split2 {
    /// The text before the first value.
    pub before: String,
    /// The text between the two.
    pub between: String,
    /// The text after the second value.
    pub after: String,
}

/// The messages of one language. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Messages {
    language: Option<&'static Language>,
}

impl Default for Messages {
    /// English.
    fn default() -> Self {
        #[cfg(test)]
        if let Some(language) = tests::OTHER.get() {
            return language;
        }
        Self {
            language: LOADED.first(),
        }
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Messages").field(&self.tag()).finish()
    }
}

impl Messages {
    /// Every language.
    pub fn all() -> impl Iterator<Item = Self> {
        LOADED.iter().map(|language| Self {
            language: Some(language),
        })
    }

    /// The messages of the language with this tag, where there are any; of a region's, those of its language.
    pub fn of(tag: &str) -> Option<Self> {
        let language = tag.split('-').next().unwrap_or_default();
        LOADED
            .iter()
            .find(|loaded| loaded.tag.eq_ignore_ascii_case(language))
            .map(|language| Self {
                language: Some(language),
            })
    }

    /// The messages for whoever reads this language, as far as is known.
    pub fn of_reader(tag: Option<&str>) -> Self {
        tag.and_then(Self::of).unwrap_or_default()
    }

    /// The language tag for `<html lang>`.
    pub fn tag(&self) -> &'static str {
        self.language.map_or("en", |language| language.tag)
    }

    /// A sentence without values.
    pub fn text(&self, id: &str) -> String {
        self.format(id, &FluentArgs::new())
    }

    /// A sentence with one value.
    pub fn with(&self, id: &str, key: &str, value: impl Argument) -> String {
        let mut args = FluentArgs::new();
        args.set(key, value.value());
        self.format(id, &args)
    }

    /// A sentence with two values.
    pub fn with2(
        &self,
        id: &str,
        key: &str,
        value: impl Argument,
        second_key: &str,
        second_value: impl Argument,
    ) -> String {
        let mut args = FluentArgs::new();
        args.set(key, value.value());
        args.set(second_key, second_value.value());
        self.format(id, &args)
    }

    /// A sentence whose form depends on a number, `$count` in the message.
    pub fn count(&self, id: &str, count: impl Argument) -> String {
        self.with(id, "count", count)
    }

    /// A sentence cut at the value `slot`.
    pub fn split(&self, id: &str, slot: &str) -> Split {
        cut(self.with(id, slot, SLOT))
    }

    /// A sentence with one value, cut at another value, `slot`.
    pub fn split_with(&self, id: &str, slot: &str, key: &str, value: impl Argument) -> Split {
        cut(self.with2(id, slot, SLOT, key, value))
    }

    /// A sentence cut at two values, which it names in this order.
    pub fn split2(&self, id: &str, first: &str, second: &str) -> Split2 {
        let Split { before, after } = cut(self.with2(id, first, SLOT, second, SLOT));
        let rest = cut(after);
        Split2 {
            before,
            between: rest.before,
            after: rest.after,
        }
    }

    /// A sentence with three values.
    pub fn with3(
        &self,
        id: &str,
        (key, value): (&str, impl Argument),
        (second_key, second_value): (&str, impl Argument),
        (third_key, third_value): (&str, impl Argument),
    ) -> String {
        let mut args = FluentArgs::new();
        args.set(key, value.value());
        args.set(second_key, second_value.value());
        args.set(third_key, third_value.value());
        self.format(id, &args)
    }

    fn format(&self, id: &str, args: &FluentArgs<'_>) -> String {
        let found = self.language.and_then(|language| {
            let pattern = language.bundle.get_message(id)?.value()?;
            Some((language, pattern))
        });
        let Some((language, pattern)) = found else {
            log::error!("no message {id} in {}", self.tag());
            return id.to_owned();
        };
        let mut errors = Vec::new();
        let text = language
            .bundle
            .format_pattern(pattern, Some(args), &mut errors)
            .into_owned();
        if !errors.is_empty() {
            log::error!("message {id} in {}: {errors:?}", self.tag());
        }
        text
    }
}

fn cut(sentence: String) -> Split {
    match sentence.split_once(SLOT) {
        Some((before, after)) => Split {
            before: before.to_owned(),
            after: after.to_owned(),
        },
        None => Split {
            before: sentence,
            after: String::new(),
        },
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// What this thread's tests have instead of English.
        pub(super) static OTHER: Cell<Option<Messages>> = const { Cell::new(None) };
    }

    /// Does `f` with another language in the place of English: what tests show is made in that one.
    pub(crate) fn speaking<T>(t: Messages, f: impl FnOnce() -> T) -> T {
        OTHER.set(Some(t));
        let done = f();
        OTHER.set(None);
        done
    }

    #[test]
    fn every_file_of_every_language_reads_without_an_error() {
        for (tag, files) in LANGUAGES {
            tag.parse::<LanguageIdentifier>().unwrap();
            let mut bundle = FluentBundle::new_concurrent(Vec::new());
            for (name, source) in *files {
                let resource = FluentResource::try_new((*source).to_owned())
                    .unwrap_or_else(|(_, errors)| panic!("{tag}/{name}.ftl: {errors:?}"));
                bundle
                    .add_resource(resource)
                    .unwrap_or_else(|errors| panic!("{tag}/{name}.ftl: {errors:?}"));
            }
        }
    }

    #[test]
    fn an_unknown_id_renders_itself() {
        assert_eq!(
            Messages::default().text("no-such-message"),
            "no-such-message"
        );
    }

    #[test]
    fn values_and_plurals_fill_in() {
        let t = Messages::default();
        assert_eq!(
            t.with("form-problem-throttled", "time", "14:05 UTC"),
            "Too many tries. Try again after 14:05 UTC."
        );
        assert_eq!(t.count("devices-title", 1), "Sign out 1 other device?");
        assert_eq!(t.count("devices-title", 3), "Sign out 3 other devices?");
    }

    #[test]
    fn a_sentence_is_cut_at_its_value() {
        let cut = Messages::default().split_with(
            "security-devices-signed-in",
            "date",
            "proof",
            "password",
        );
        assert_eq!(
            cut,
            Split {
                before: "Signed in ".into(),
                after: " with password".into()
            }
        );
    }

    #[test]
    fn a_sentence_is_cut_at_two_of_its_values() {
        let cut = Messages::default().split2("security-method-used", "since", "used");
        assert_eq!(
            cut,
            Split2 {
                before: "On since ".into(),
                between: ", last used ".into(),
                after: String::new()
            }
        );
    }

    #[test]
    fn only_known_languages_are_found() {
        let tag = |asked| Messages::of(asked).map(|t| t.tag());
        assert_eq!(tag("en"), Some("en"));
        assert_eq!((tag("de-AT"), tag("ES-419")), (Some("de"), Some("es")));
        assert_eq!((tag("xx"), tag(""), tag("deu")), (None, None, None));
    }
}
