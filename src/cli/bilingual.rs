//! The help of commands and options in both languages, side by side where each is declared: none can be forgotten, since
//! [`both`] takes two.
//!
//! Help is asked for while the tree of commands is built, before anything was understood; the language that it is to be in
//! is set for the thread that builds it.

use std::cell::Cell;

use crate::language::Language;

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::En) };
}

/// What `work` makes when help is asked for in `language`.
pub(super) fn speaking<T>(language: Language, work: impl FnOnce() -> T) -> T {
    let before = SPOKEN.replace(language);
    let made = work();
    SPOKEN.set(before);
    made
}

/// The words in the language that is spoken.
pub(super) fn both(en: &'static str, zh: &'static str) -> &'static str {
    match SPOKEN.get() {
        Language::En => en,
        Language::Zh => zh,
    }
}
