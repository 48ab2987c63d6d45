//! The two languages a planner reads, and text that exists in both.
//!
//! Every message and label is written once, at the place that knows its meaning, with both languages side by side:
//! a translation cannot be missing and its arguments are checked by the compiler. No keys, no files, no lookup.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A language of reports and messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// The language of a locale name such as `zh_CN.UTF-8`; English when it is not Chinese.
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }

    /// The BCP 47 tag, as used in `lang` attributes.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-Hans",
        }
    }
}

/// The same words in English and Chinese. Kept in files as one string where both are the same, else as `[en, zh]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Kept", from = "Kept")]
pub struct Text {
    /// English.
    pub en: Cow<'static, str>,
    /// Chinese.
    pub zh: Cow<'static, str>,
}

impl Text {
    /// Text known when the program is built.
    pub const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en: Cow::Borrowed(en), zh: Cow::Borrowed(zh) }
    }

    /// Text made while the program runs, usually by [`text!`](crate::text).
    pub fn owned(en: String, zh: String) -> Self {
        Self { en: Cow::Owned(en), zh: Cow::Owned(zh) }
    }

    /// A name that reads the same in both languages, such as one that a planner wrote.
    pub fn name(name: impl Into<String>) -> Self {
        let name = name.into();
        Self::owned(name.clone(), name)
    }

    /// The words in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// The form in which a text is kept in files.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    Same(String),
    Both(String, String),
}

impl From<Text> for Kept {
    fn from(text: Text) -> Self {
        if text.en == text.zh {
            Self::Same(text.en.into_owned())
        } else {
            Self::Both(text.en.into_owned(), text.zh.into_owned())
        }
    }
}

impl From<Kept> for Text {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Same(name) => Self::name(name),
            Kept::Both(en, zh) => Self::owned(en, zh),
        }
    }
}

/// Formats one [`Text`](crate::language::Text): the English pattern, then the Chinese one, with the same captured variables.
///
/// ```
/// use civicap::{language::Language, text};
/// let found = 7;
/// let said = text!("found {found}", "得到 {found}");
/// assert_eq!(said.get(Language::Zh), "得到 7");
/// ```
#[macro_export]
macro_rules! text {
    ($en:literal, $zh:literal) => {
        $crate::language::Text::owned(format!($en), format!($zh))
    };
}
