//! `civicap new`: a small commented scenario with its tables, to be filled with a planner's own figures.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::bilingual::both;
use crate::cli::output_args::OutputArgs;
use crate::cli::run_folder::fill_empty;
use crate::cli::starter;
use crate::cli::system_errors::in_words;
use crate::cli::talk::{Done, Failure, print};
use crate::cli::visible;
use crate::language::Text;
use crate::text;

/// Options of `new`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(value_name = "DIR", help = both("Folder to make; it must not exist, or be empty", "要新建的文件夹；须不存在或为空"))]
    pub folder: PathBuf,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `civicap new`.
pub(crate) fn new(options: &Options) -> Done {
    let language = options.output.language();
    let folder = &options.folder;
    let shown = visible::path(folder);
    match fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
        Ok(false) => {}
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => {}
        Ok(true) => {
            return Err(Failure::bad_input(text!(
                "the folder {shown} is not empty\nhelp: name a folder that does not exist yet",
                "文件夹 {shown} 不是空的\n改法：请另写一个尚不存在的文件夹名"
            )));
        }
        Err(reason) => {
            let reason = in_words(&reason);
            let (en, zh) = (&reason.en, &reason.zh);
            return Err(Failure::bad_input(text!(
                "{shown} cannot be the folder: {en}",
                "{shown} 不能用作文件夹：{zh}"
            )));
        }
    }
    let files = starter::files(language);
    fill_empty(folder, &files)?;
    if options.output.quiet { Ok(()) } else { print(welcome(folder, files.len()).get(language)) }
}

fn welcome(folder: &Path, files: usize) -> Text {
    let shown = visible::path(folder);
    let scenario = visible::path(&folder.join(starter::MAIN));
    text!(
        "{shown}: {files} files. Next:\n  civicap check {scenario}\n  civicap run {scenario}\nThen put your own figures into scenario.toml and data/; every comment says where.\n",
        "{shown}：已写入 {files} 个文件。接着：\n  civicap check {scenario}\n  civicap run {scenario}\n然后按注释把 scenario.toml 和 data/ 中的数换成本区数据。\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn an_existing_empty_folder_is_filled_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        fill_empty(folder.path(), &starter::files(Language::Zh)).unwrap();
        let mut names: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, ["data", "late.toml", "scenario.schema.json", "scenario.toml"]);
    }
}
