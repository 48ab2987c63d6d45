//! Why the system refuses, in both languages, and what to do about it where that is known.

use std::io::{self, ErrorKind};

use crate::language::Text;
use crate::text;

/// Numbers of the system's errors that the standard library has no kind for.
#[cfg(unix)]
mod numbers {
    pub(super) const TOO_MANY_OPEN_HERE: i32 = 24;
    pub(super) const TOO_MANY_OPEN_AT_ALL: i32 = 23;
    pub(super) const INPUT_OUTPUT: i32 = 5;
}

#[cfg(not(unix))]
mod numbers {
    pub(super) const TOO_MANY_OPEN_HERE: i32 = 4;
    pub(super) const TOO_MANY_OPEN_AT_ALL: i32 = 4;
    pub(super) const INPUT_OUTPUT: i32 = 1117;
}

/// Why the system refuses, and what to do about it where that is known.
pub(super) fn in_words(error: &io::Error) -> Text {
    by_number(error).unwrap_or_else(|| by_kind(error))
}

fn by_number(error: &io::Error) -> Option<Text> {
    match error.raw_os_error()? {
        numbers::TOO_MANY_OPEN_HERE | numbers::TOO_MANY_OPEN_AT_ALL => Some(Text::new(
            "too many files are open\nhelp: close other programs, or raise the limit (`ulimit -n`)",
            "打开的文件过多\n改法：请关闭其他程序，或提高上限（`ulimit -n`）",
        )),
        numbers::INPUT_OUTPUT => Some(Text::new(
            "the disk reports a fault\nhelp: check the disk or the network share, and name a folder elsewhere with --out",
            "磁盘报告读写故障\n改法：请检查磁盘或网络共享，并用 --out 另选文件夹",
        )),
        _ => None,
    }
}

fn by_kind(error: &io::Error) -> Text {
    match error.kind() {
        ErrorKind::StorageFull => Text::new(
            "the disk is full\nhelp: make room, or name a folder on another disk with --out",
            "磁盘已满\n改法：请清理磁盘，或用 --out 指定其他磁盘上的文件夹",
        ),
        ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Text::new(
            "the file is larger than this user or process may write\nhelp: ask for a larger quota (or see `ulimit -f`), or \
             name another folder with --out",
            "文件大小超过该用户或进程的配额\n改法：请提高配额（或检查 `ulimit -f`），或用 --out 另选文件夹",
        ),
        ErrorKind::ReadOnlyFilesystem => Text::new(
            "the disk is read-only\nhelp: name a folder elsewhere with --out",
            "磁盘为只读\n改法：请用 --out 另选文件夹",
        ),
        ErrorKind::PermissionDenied => Text::new(
            "permission denied\nhelp: ask the owner for leave, or name a folder with --out in which you may write",
            "没有权限\n改法：请向所有者申请权限，或用 --out 指定有写入权限的文件夹",
        ),
        ErrorKind::AlreadyExists => Text::new(
            "a file of that name is in the way\nhelp: name another folder with --out",
            "已有同名文件，不能作为文件夹\n改法：请用 --out 另选文件夹",
        ),
        ErrorKind::NotFound => Text::new("there is no such file or folder", "没有这个文件或文件夹"),
        ErrorKind::NotADirectory => Text::new(
            "a file is in the way where a folder should be\nhelp: name another folder with --out",
            "路径中有一部分是文件而不是文件夹\n改法：请用 --out 另选文件夹",
        ),
        ErrorKind::IsADirectory => Text::new(
            "it is a folder, not a file\nhelp: name a file in it",
            "这是文件夹，不是文件\n改法：请写其中的文件名",
        ),
        ErrorKind::InvalidFilename => Text::new(
            "the name is too long, or has characters that this disk does not take\nhelp: name a shorter one with --out",
            "名称过长，或含有此磁盘不允许的字符\n改法：请用 --out 指定较短的名称",
        ),
        ErrorKind::OutOfMemory => Text::new(
            "there is not enough memory\nhelp: close other programs, or ask for less at once",
            "内存不足\n改法：请关闭其他程序，或减少一次的工作量",
        ),
        ErrorKind::Interrupted => Text::new("it was interrupted\nhelp: try again", "操作被中断\n改法：请重试"),
        _ => {
            let number = error.raw_os_error().map_or_else(|| error.to_string(), |number| format!("{number}"));
            text!("the system refuses (error {number})", "系统拒绝（错误 {number}）")
        }
    }
}
