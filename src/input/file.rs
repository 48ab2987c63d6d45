//! Opening the files of a scenario: UTF-8 only, bounded in size, never outside the scenario's neighbourhood.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use super::load_session::LoadSession;
use super::value::is_hidden;
use crate::diagnostic::{FileId, Span, code};
use crate::language::Text;
use crate::text;

/// The byte-order mark that some editors put before a text.
const MARK: char = '\u{feff}';

/// Largest file that is read, in bytes.
pub const LARGEST_FILE: u64 = 64 << 20;

thread_local! {
    /// What files held when they were first read, while [`reading_once`] asks to remember it.
    static READ: RefCell<Option<BTreeMap<PathBuf, String>>> = const { RefCell::new(None) };
}

/// What `work` makes when every file is read once in it: whoever opens it again sees what it held the first time, so that
/// a scenario that is edited meanwhile is one scenario all the same.
pub(crate) fn reading_once<T>(work: impl FnOnce() -> T) -> T {
    let before = READ.replace(Some(BTreeMap::new()));
    let made = work();
    READ.replace(before);
    made
}

/// What `work` makes when these files hold these texts, whatever the disk says: a variant is tried before it is written.
pub(crate) fn with_given<T>(files: &[(PathBuf, String)], work: impl FnOnce() -> T) -> T {
    let mut known = READ.with_borrow(Clone::clone).unwrap_or_default();
    known.extend(files.iter().cloned());
    let before = READ.replace(Some(known));
    let made = work();
    READ.replace(before);
    made
}

/// The text of a file, as it was when it was first read.
fn read_once(path: &Path) -> Result<String, (Text, Text)> {
    if let Some(text) = READ.with_borrow(|read| read.as_ref().and_then(|read| read.get(path).cloned())) {
        return Ok(text);
    }
    let text = read_text(path)?;
    READ.with_borrow_mut(|read| read.as_mut().map(|read| read.insert(path.to_owned(), text.clone())));
    Ok(text)
}

/// Reads a file into the reading. `asked_at` is where another file named it; `None` for the file on the command line.
/// A byte-order mark says nothing about the text and is left out; columns are counted without it.
pub fn open(session: &LoadSession, path: &Path, asked_at: Option<Span>) -> Option<(FileId, String)> {
    let read = read_once(path).map(without_mark);
    note(session, path, asked_at, read)
}

fn without_mark(mut text: String) -> String {
    if text.starts_with(MARK) {
        text.drain(..MARK.len_utf8());
    }
    text
}

/// The same with a byte-order mark, for a file that is written again.
pub(crate) fn open_as_written(session: &LoadSession, path: &Path, asked_at: Option<Span>) -> Option<(FileId, String)> {
    note(session, path, asked_at, read_text(path))
}

/// Notes a file that was read, or why it could not be.
fn note(
    session: &LoadSession,
    path: &Path,
    asked_at: Option<Span>,
    read: Result<String, (Text, Text)>,
) -> Option<(FileId, String)> {
    match read {
        Ok(text) => {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            session.add_to_hash(&name, text.as_bytes());
            Some((session.diagnostics.add_file(path, text.clone()), text))
        }
        Err((message, remedy)) => {
            let span = asked_at.unwrap_or_else(|| Span {
                file: session.diagnostics.add_file(path, String::new()),
                start: 0,
                end: 0,
            });
            session.diagnostics.error(code::FILE, span, message, remedy);
            None
        }
    }
}

fn read_text(path: &Path) -> Result<String, (Text, Text)> {
    let shown = path.display();
    let failed = |reason: std::io::Error| unreadable(path, &reason);
    // Asked before opening: a pipe would wait for somebody to write, a device never ends.
    let known = fs::metadata(path).map_err(failed)?;
    if !known.is_file() {
        let kind = if known.is_dir() { ("a folder", "文件夹") } else { ("a device or a pipe", "设备或管道") };
        let (en, zh) = kind;
        let inside = path.join("scenario.toml");
        let remedy = if inside.is_file() {
            let inside = inside.display();
            text!("name the file in it: {inside}", "请写其中的文件：{inside}")
        } else {
            Text::new("name a plain file, such as `data/areas.csv`", "请写普通文件名，例如 `data/areas.csv`")
        };
        return Err((text!("{shown} is {en}, not a file", "{shown} 是{zh}，不是文件"), remedy));
    }
    let too_large = || {
        (
            text!("the file {shown} is larger than 64 MiB", "文件 {shown} 超过 64 MiB"),
            Text::new("split it, or leave out rows that are not used", "请拆分文件或删去不用的行"),
        )
    };
    if known.len() > LARGEST_FILE {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(known.len() as usize);
    // It may grow while it is read.
    fs::File::open(path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(too_large());
    }
    String::from_utf8(bytes).map_err(|fault| {
        let at = fault.utf8_error().valid_up_to();
        not_utf8(path, fault.as_bytes(), at)
    })
}

/// Why a file cannot be read, in both languages: systems give their reasons in one.
fn unreadable(path: &Path, reason: &std::io::Error) -> (Text, Text) {
    let shown = path.display();
    let message = match reason.kind() {
        ErrorKind::NotFound => text!("there is no file {shown}", "找不到文件 {shown}"),
        ErrorKind::PermissionDenied => {
            text!("the file {shown} may not be read by you", "没有读取文件 {shown} 的权限")
        }
        _ => {
            let reason = in_words(reason);
            let (en, zh) = (&reason.en, &reason.zh);
            text!("cannot read the file {shown}: {en}", "无法读取文件 {shown}：{zh}")
        }
    };
    let remedy = match neighbour(path) {
        Some(meant) => text!("did you mean `{meant}`?", "是否想写 `{meant}`？"),
        None if reason.kind() == ErrorKind::PermissionDenied => {
            Text::new("ask its owner for leave to read it", "请向文件所有者申请读取权限")
        }
        None => Text::new(
            "check the name; paths are relative to the file that names them",
            "请检查文件名；路径相对于引用它的文件",
        ),
    };
    (message, remedy)
}

/// Why the system does not open a file, where that is not all there is to say.
fn in_words(reason: &std::io::Error) -> Text {
    match (reason.kind(), reason.raw_os_error()) {
        (ErrorKind::InvalidFilename, _) => Text::new("its name is too long", "文件名过长"),
        (ErrorKind::NotADirectory, _) => {
            Text::new("a part of its path is a file, not a folder", "路径中有一部分是文件而不是文件夹")
        }
        (_, Some(CIRCLE_OF_LINKS)) => Text::new("links on its way lead in a circle", "路径中的链接循环指向自身"),
        (_, Some(number)) => text!("the system refuses (error {number})", "系统拒绝（错误 {number}）"),
        (_, None) => Text::new("it ended too early", "文件提前结束"),
    }
}

/// The system's number of links that lead to each other; the standard library has no kind for it.
const CIRCLE_OF_LINKS: i32 = if cfg!(target_os = "linux") { 40 } else { 62 };

/// A file beside the one that is missing, with nearly its name: a slip of the hand, or the workbook not yet saved as CSV.
fn neighbour(path: &Path) -> Option<String> {
    if path.exists() {
        return None;
    }
    let wanted = path.file_name()?.to_str()?;
    if path.extension().is_none() && path.with_extension("toml").is_file() {
        return Some(format!("{wanted}.toml")).filter(|name| !name.chars().any(is_hidden));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension() == path.extension() && !name.chars().any(is_hidden))
        .collect();
    names.sort();
    // Names of tables are alike: two letters at most are a slip, more are another table.
    names.into_iter().find(|name| strsim::osa_distance(wanted, name) <= 2)
}

/// What is wrong with a file that is not UTF-8, and how to save it so, by the encoding that it most likely has.
fn not_utf8(path: &Path, bytes: &[u8], at: usize) -> (Text, Text) {
    let shown = path.display();
    let line = bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return (
            text!("the file {shown} is a workbook, not a CSV table", "文件 {shown} 是工作簿，不是 CSV 表"),
            Text::new(
                "open it in Excel or WPS and «Save as» type «CSV UTF-8»",
                "请在 Excel 或 WPS 中打开，“另存为”选“CSV UTF-8”",
            ),
        );
    }
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes[..at].contains(&0);
    if utf16 {
        return (
            text!("the file {shown} is UTF-16, not UTF-8", "文件 {shown} 是 UTF-16 编码，不是 UTF-8"),
            Text::new(
                "save it as UTF-8: in Notepad «Save as», encoding «UTF-8»; in Excel «CSV UTF-8»",
                "请另存为 UTF-8：记事本“另存为”，编码选“UTF-8”；Excel 选“CSV UTF-8”",
            ),
        );
    }
    if is_gbk(bytes) {
        return (
            text!(
                "the file {shown} is GBK (GB 18030), not UTF-8 (line {line})",
                "文件 {shown} 是 GBK（GB 18030）编码，不是 UTF-8（第 {line} 行）"
            ),
            Text::new(
                "save it as UTF-8: in Excel or WPS «Save as», type «CSV UTF-8»; in Notepad encoding «UTF-8»; or \
                 `iconv -f GB18030 -t UTF-8 old.csv > new.csv`",
                "请另存为 UTF-8：Excel 或 WPS“另存为”选“CSV UTF-8”；记事本编码选“UTF-8”；或执行 `iconv -f GB18030 -t UTF-8 旧.csv > 新.csv`",
            ),
        );
    }
    (
        text!("the file {shown} is not UTF-8 text (line {line})", "文件 {shown} 不是 UTF-8 编码（第 {line} 行）"),
        Text::new(
            "save it as UTF-8: in Excel «CSV UTF-8», in an editor encoding «UTF-8»",
            "请另存为 UTF-8：Excel 选“CSV UTF-8”，编辑器编码选“UTF-8”",
        ),
    )
}

/// Whether every byte beyond ASCII belongs to a character of GB 18030 (two bytes, or four), and most are common Chinese
/// characters or marks (GB 2312), which other encodings hit by chance only in short texts.
fn is_gbk(bytes: &[u8]) -> bool {
    let (mut at, mut common, mut all) = (0, 0, 0);
    let byte = |i: usize| bytes.get(i).copied().unwrap_or(0);
    while at < bytes.len() {
        if bytes[at] < 0x80 {
            at += 1;
            continue;
        }
        all += 1;
        match (bytes[at], byte(at + 1), byte(at + 2), byte(at + 3)) {
            (0x81..=0xfe, 0x30..=0x39, 0x81..=0xfe, 0x30..=0x39) => at += 4,
            (high @ 0x81..=0xfe, low @ (0x40..=0x7e | 0x80..=0xfe), ..) => {
                common += usize::from((0xa1..=0xf7).contains(&high) && low >= 0xa1);
                at += 2;
            }
            _ => return false,
        }
    }
    2 * common > all
}

/// The path that `name` means when written in the file `from`, or a fault: names must be relative and may leave the
/// folder of the file by one level at most.
pub fn resolve(session: &LoadSession, name: &str, at: Span) -> Option<PathBuf> {
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
        session.diagnostics.error(
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
    let folder = session.diagnostics.folder(at.file);
    let path = folder.join(relative);
    if leads_away(&folder, &path) {
        session.diagnostics.error(
            code::FILE,
            at,
            text!("«{name}» is a link that leads out of the scenario's folders", "“{name}”是指向方案文件夹之外的链接"),
            Text::new(
                "copy the file beside the scenario: what it says belongs to the scenario and to its hash",
                "请把文件复制到方案旁边：其内容属于方案，并计入方案哈希",
            ),
        );
        return None;
    }
    Some(path)
}

/// Whether a path that stays near by its words leaves by a link. What does not exist leads nowhere.
fn leads_away(folder: &Path, path: &Path) -> bool {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let (Ok(real), Ok(home)) = (path.canonicalize(), folder.canonicalize()) else { return false };
    !real.starts_with(home.parent().unwrap_or(&home))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_edited_meanwhile_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        let text = || open(&LoadSession::default(), &file, None).map(|(_, text)| text);
        fs::write(&file, "before").unwrap();
        reading_once(|| {
            assert_eq!(text().as_deref(), Some("before"));
            fs::write(&file, "after").unwrap();
            assert_eq!(text().as_deref(), Some("before"));
            fs::remove_file(&file).unwrap();
            assert_eq!(text().as_deref(), Some("before"));
        });
        assert_eq!(text(), None);
    }

    #[test]
    fn chinese_in_gbk_is_known_from_other_bytes() {
        // 历下区,小学 in GBK.
        assert!(is_gbk(b"\xc0\xfa\xcf\xc2\xc7\xf8,\xd0\xa1\xd1\xa7\n"));
        assert!(!is_gbk(b"caf\xe9\n"));
        assert!(!is_gbk(&[0xff, 0x00, 0x10, 0x80, 0x80, 0x20]));
    }
}
