//! How civicap speaks: the options that every command understands.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use super::bilingual::both;
use crate::language::Language;

/// How civicap speaks.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    #[arg(long, value_enum, help = both("Language of reports and messages [default: from the locale]",
        "报告和提示的语言：zh 中文，en 英文 [默认：随系统]"))]
    pub lang: Option<Lang>,
    #[arg(long, help = both("Say nothing but errors", "除错误外不作提示"))]
    pub quiet: bool,
}

/// What is done with the report when it is written.
#[derive(Debug, Args)]
pub(super) struct OpenArgs {
    #[arg(long, help = both("Open the report when it is written", "写成后打开报告"))]
    pub open: bool,
}

/// A language as typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

/// The language to speak before anything is understood: the one that `--lang` names, otherwise the system's.
pub(super) fn language_of(typed: &[OsString]) -> Language {
    let words: Vec<&str> = typed.iter().filter_map(|word| word.to_str()).collect();
    let named = words.iter().enumerate().find_map(|(i, word)| match word.strip_prefix("--lang")? {
        "" => words.get(i + 1).copied(),
        rest => rest.strip_prefix('='),
    });
    let lang = named.and_then(|name| Lang::from_str(name, false).ok());
    OutputArgs { lang, quiet: false }.language()
}

impl OutputArgs {
    /// The language to speak.
    pub(super) fn language(&self) -> Language {
        match self.lang {
            Some(Lang::Zh) => Language::Zh,
            Some(Lang::En) => Language::En,
            None => Language::of_locale(&sys_locale::get_locale().unwrap_or_default()),
        }
    }
}
