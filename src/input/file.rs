//! Opening the files of a scenario: UTF-8 only, bounded in size, never outside the scenario's neighbourhood.

use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::Reading;
use crate::diagnostic::{FileId, Span, code};
use crate::language::Text;
use crate::text;

/// Largest file that is read, in bytes.
pub const LARGEST_FILE: u64 = 64 << 20;

/// Reads a file into the reading. `asked_at` is where another file named it; `None` for the file on the command line.
pub fn open(reading: &Reading, path: &Path, asked_at: Option<Span>) -> Option<(FileId, String)> {
    match read_text(path) {
        Ok(text) => {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            reading.add_to_hash(&name, text.as_bytes());
            Some((reading.faults.add_file(path, text.clone()), text))
        }
        Err((message, remedy)) => {
            let span = asked_at.unwrap_or_else(|| Span {
                file: reading.faults.add_file(path, String::new()),
                start: 0,
                end: 0,
            });
            reading.faults.error(code::FILE, span, message, remedy);
            None
        }
    }
}

fn read_text(path: &Path) -> Result<String, (Text, Text)> {
    let shown = path.display();
    let failed = |reason: std::io::Error| {
        (
            text!("cannot read the file {shown}: {reason}", "无法读取文件 {shown}：{reason}"),
            Text::new(
                "check the name; paths are relative to the file that names them",
                "请检查文件名；路径相对于引用它的文件",
            ),
        )
    };
    let file = fs::File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let mut bytes = Vec::with_capacity(size.min(LARGEST_FILE) as usize);
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err((
            text!("the file {shown} is larger than 64 MiB", "文件 {shown} 超过 64 MiB"),
            Text::new("split it, or leave out rows that are not used", "请拆分文件或删去不用的行"),
        ));
    }
    let text = String::from_utf8(bytes).map_err(|fault| {
        let line = fault.as_bytes()[..fault.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        (
            text!("the file {shown} is not UTF-8 text (line {line})", "文件 {shown} 不是 UTF-8 编码（第 {line} 行）"),
            Text::new(
                "save it as UTF-8; a file from Excel may be GBK: choose «CSV UTF-8» when saving",
                "请另存为 UTF-8；Excel 导出的文件可能是 GBK，保存时请选择“CSV UTF-8”",
            ),
        )
    })?;
    // A byte-order mark says nothing about the text; columns are counted without it.
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}

/// The path that `name` means when written in the file `from`, or a fault: names must be relative and may leave the
/// folder of the file by one level at most.
pub fn resolve(reading: &Reading, name: &str, at: Span) -> Option<PathBuf> {
    let relative = Path::new(name);
    let mut up = 0_i32;
    let mut highest = 0;
    let mut plain = !name.is_empty();
    for part in relative.components() {
        match part {
            Component::ParentDir => up += 1,
            Component::Normal(_) => up -= 1,
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => plain = false,
        }
        highest = highest.max(up);
    }
    if !plain || highest > 1 {
        reading.faults.error(
            code::FILE,
            at,
            text!("the file name «{name}» leaves the scenario's folders", "文件名“{name}”超出了方案所在的文件夹"),
            Text::new(
                "write a path relative to this file, such as `data/areas.csv` or `../lixia/scenario.toml`",
                "请写相对于本文件的路径，例如 `data/areas.csv` 或 `../lixia/scenario.toml`",
            ),
        );
        return None;
    }
    let folder = reading.faults.path(at.file).parent().map(Path::to_owned).unwrap_or_default();
    Some(folder.join(relative))
}
