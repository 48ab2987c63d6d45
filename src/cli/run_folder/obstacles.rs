//! What stands in the way of a file: a file where a folder should be, or what the system refuses.

use std::io;
use std::path::Path;

use crate::cli::system_errors::in_words;
use crate::cli::talk::Failure;
use crate::cli::visible;
use crate::language::Text;
use crate::text;

/// Whether the nearest thing that exists on the way to a folder is a folder itself.
pub(super) fn no_file_in_the_way(folder: &Path) -> Result<(), Failure> {
    let Some(there) = folder.ancestors().find(|above| above.exists()) else { return Ok(()) };
    if there.is_dir() {
        return Ok(());
    }
    let (shown, there) = (visible::path(folder), visible::path(there));
    Err(Failure::bad_input(text!(
        "results cannot go to {shown}: {there} is a file, not a folder\nhelp: name a folder with --out, such as --out runs/first",
        "结果不能写到 {shown}：{there} 是文件，不是文件夹\n改法：请用 --out 指定一个文件夹，例如 --out runs/first"
    )))
}

/// What to say of a file that cannot be written.
pub(in crate::cli) fn cannot_write(file: &Path, error: &io::Error) -> Text {
    let (shown, reason) = (visible::path(file), in_words(error));
    let (en, zh) = (&reason.en, &reason.zh);
    text!("cannot write {shown}: {en}", "无法写入 {shown}：{zh}")
}
