//! Commands and options under the names that they had before: scripts that use them go on working, and are told the new name.

use std::ffi::OsString;

use crate::language::Text;
use crate::text;

/// Commands that had another name.
const COMMANDS: [(&str, &str); 2] = [("projects", "appraise"), ("fit", "calibrate")];

/// Options that had another name.
const OPTIONS: [(&str, &str); 3] =
    [("--part", "--shard"), ("--more-places", "--extra-capacity"), ("--precision", "--target-mcse")];

/// What to say of the former names among the words that were typed, the program's name first.
pub(super) fn told(typed: &[OsString]) -> Vec<Text> {
    let words = typed.iter().skip(1).filter_map(|word| word.to_str()).take_while(|word| *word != "--");
    let (options, others): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with('-'));
    let command = others.first().copied();
    let mut said: Vec<Text> = command.into_iter().filter_map(|word| renamed(&COMMANDS, word)).collect();
    said.extend(options.iter().filter_map(|word| renamed(&OPTIONS, word.split('=').next().unwrap_or(word))));
    said
}

fn renamed(names: &[(&str, &str)], word: &str) -> Option<Text> {
    let (old, new) = names.iter().find(|(old, _)| *old == word)?;
    Some(text!("warning: `{old}` is now called `{new}`; write `{new}`", "提示：`{old}` 现名 `{new}`，请改用 `{new}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command;
    use crate::language::Language;

    fn typed(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn only_former_names_are_told_and_each_once() {
        assert!(told(&typed(&["civicap", "run", "projects", "--shard", "1/2"])).is_empty());
        assert!(told(&typed(&["civicap", "explain", "--", "--part"])).is_empty());
        let said = told(&typed(&["civicap", "projects", "fit", "--more-places=3", "--quiet"]));
        assert_eq!(said.len(), 2);
        assert!(said[0].en.contains("`appraise`") && said[1].zh.contains("`--extra-capacity`"));
    }

    #[test]
    fn former_names_are_understood_and_shown_nowhere() {
        let mut tree = command(Language::En);
        for (old, new) in COMMANDS {
            assert_eq!(tree.find_subcommand(old).map(clap::Command::get_name), Some(new));
        }
        let help: String = tree.render_long_help().to_string()
            + &tree.get_subcommands_mut().map(|inner| inner.render_long_help().to_string()).collect::<String>();
        for (old, new) in OPTIONS {
            assert!(help.contains(new) && !help.contains(old), "{old}");
        }
        for (old, _) in COMMANDS {
            assert!(!help.contains(&format!("  {old} ")), "{old}");
        }
    }
}
