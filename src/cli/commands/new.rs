//! `civicap new`: a small commented scenario with its tables, to be filled with a planner's own figures.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{complain, say};
use crate::cli::args::OutputArgs;
use crate::cli::output::readable;
use crate::cli::{exit, starter};
use crate::language::Text;
use crate::text;

/// Options of `new`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Folder to make; it must not exist, or be empty
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// What every command understands.
    #[command(flatten)]
    pub voice: OutputArgs,
}

/// `civicap new`.
pub(crate) fn new(options: &Options) -> u8 {
    let language = options.voice.language();
    let folder = &options.folder;
    let shown = folder.display();
    match fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
        Ok(false) => {}
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => {}
        Ok(true) => {
            let said = text!(
                "the folder {shown} is not empty\nhelp: name a folder that does not exist yet",
                "文件夹 {shown} 不是空的\n改法：请另写一个尚不存在的文件夹名"
            );
            return complain(&said, language, exit::BAD_INPUT);
        }
        Err(reason) => {
            let said = text!("{shown} cannot be the folder: {reason}", "{shown} 不能用作文件夹：{reason}");
            return complain(&said, language, exit::BAD_INPUT);
        }
    }
    let files = starter::files(language);
    if let Err(reason) = write(folder, &files) {
        return complain(
            &text!("cannot write {shown}: {reason}", "无法写入 {shown}：{reason}"),
            language,
            exit::FAILURE,
        );
    }
    if !options.voice.quiet {
        say(welcome(folder, files.len()).get(language));
    }
    exit::SUCCESS
}

/// Writes everything aside and renames it, the scenario itself last: an interrupted start leaves no half scenario.
fn write(folder: &Path, files: &[(String, String)]) -> io::Result<()> {
    let exists = folder.is_dir();
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = if exists { folder } else { parent };
    fs::create_dir_all(beside)?;
    let aside = tempfile::Builder::new().prefix(".civicap-new-").tempdir_in(beside)?;
    for (name, text) in files {
        let path = aside.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(aside.path()))?;
        let mut file = fs::File::create(&path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
    }
    readable(aside.path(), 0o755)?;
    if !exists {
        fs::rename(aside.path(), folder)?;
        // What was renamed away is no longer there to be removed.
        let _ = aside.keep();
        return Ok(());
    }
    let mut parts: Vec<PathBuf> =
        fs::read_dir(aside.path())?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<_>>()?;
    parts.sort_by_key(|path| path.ends_with(starter::MAIN));
    for part in parts {
        fs::rename(&part, folder.join(part.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

fn welcome(folder: &Path, files: usize) -> Text {
    let shown = folder.display();
    let scenario = folder.join(starter::MAIN);
    let scenario = scenario.display();
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
    fn an_existing_empty_folder_is_filled_and_the_scenario_comes_last() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &starter::files(Language::Zh)).unwrap();
        let mut names: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, ["data", "late.toml", "scenario.schema.json", "scenario.toml"]);
    }
}
