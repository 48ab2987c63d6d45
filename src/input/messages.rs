//! What is said of files that cannot be read as they stand.

use crate::dates::{Date, NoDate};
use crate::diagnostic::{Finding, code};
use crate::input::{Column, common_mistakes, nearest};
use crate::language::Text;
use crate::text;

/// A date that an example shows.
const EXAMPLE: &str = "2026-09-01";

/// A text that is no date; `may_be_empty` where nothing need be written.
pub(super) fn no_date(name: &str, written: &str, fault: NoDate, may_be_empty: bool) -> Finding {
    if let NoDate::Impossible(last) = fault {
        return impossible_day(name, written, last);
    }
    if let Some((message, remedy)) = common_mistakes::date_as_meant(written) {
        return Finding { code: code::CELL, message, remedy };
    }
    let (or_en, or_zh) = if may_be_empty { (", or leave the cell empty", "，或留空") } else { ("", "") };
    Finding {
        code: code::CELL,
        message: text!("`{name}` = «{written}» is not a date", "`{name}` =“{written}”不是日期"),
        remedy: text!("write a date such as {EXAMPLE}{or_en}", "请写 {EXAMPLE} 这样的日期{or_zh}"),
    }
}

/// A day that its month does not have; `last` is the last one it has.
fn impossible_day(name: &str, written: &str, last: Date) -> Finding {
    let Date { year, month, day } = last;
    Finding {
        code: code::CELL,
        message: text!(
            "`{name}` = «{written}» does not exist: month {month} of {year} has {day} days",
            "`{name}` =“{written}”不存在：{year} 年 {month} 月只有 {day} 天"
        ),
        remedy: text!("write {last}, or the day that is meant", "请写 {last}，或正确的日期"),
    }
}

/// The cells of a table are parted by another mark than a comma.
pub(super) fn separator(en: &str, zh: &str) -> Finding {
    Finding {
        code: code::COLUMN,
        message: text!(
            "the cells of this table are parted by {en}, not by `,`",
            "此表以{zh}分隔，不是以半角逗号 `,` 分隔"
        ),
        remedy: Text::new(
            "in Excel or WPS «Save as» type «CSV UTF-8 (comma delimited)»",
            "请在 Excel 或 WPS 中“另存为”，选“CSV UTF-8（逗号分隔）”",
        ),
    }
}

/// A table lacks a column that it must have.
pub(super) fn no_column(column: &Column) -> Finding {
    let (name, help, sense) = (column.name, &column.help.en, &column.help.zh);
    Finding {
        code: code::COLUMN,
        message: text!("the table has no column `{name}`", "表中缺少列 `{name}`"),
        remedy: text!("add a column `{name}`: {help}", "请增加列 `{name}`：{sense}"),
    }
}

/// A column has another name now.
pub(super) fn renamed_column(name: &str, now: &str) -> Finding {
    Finding {
        code: code::COLUMN,
        message: text!("the column `{name}` is now called `{now}`", "列 `{name}` 现已改名为 `{now}`"),
        remedy: text!(
            "write `{now}`, or let `civicap upgrade` carry the whole scenario over",
            "请写 `{now}`，或用 `civicap upgrade` 转换整个方案"
        ),
    }
}

/// A column that no reader knows.
pub(super) fn unknown_column(name: &str, columns: &[Column]) -> Finding {
    let known = || columns.iter().map(|c| c.name);
    let list = known().collect::<Vec<_>>().join(", ");
    Finding {
        code: code::COLUMN,
        message: text!("unknown column `{name}`", "未知的列 `{name}`"),
        remedy: nearest(name, known()).map_or_else(
            || text!("remove it; known columns: {list}", "请删去；可用的列：{list}"),
            |meant| text!("did you mean `{meant}`?", "是否想写 `{meant}`？"),
        ),
    }
}

/// A row has more or fewer cells than the heading.
pub(super) fn cells_of_row(found: usize, expected: usize) -> Finding {
    Finding {
        code: code::ROW,
        message: text!("this row has {found} cells, the heading {expected}", "此行有 {found} 格，表头有 {expected} 格"),
        remedy: Text::new(
            "give every row one cell for each column; a cell with a comma stands between two `\"`",
            "每行的格数须与表头一致；含逗号的格须前后各写一个 `\"`",
        ),
    }
}

/// A key or a column that is read and cannot act; `needed` is what would let it.
pub(super) fn idle(name: &str, needed: &Text) -> Finding {
    let (en, zh) = (&needed.en, &needed.zh);
    Finding {
        code: code::IDLE,
        message: text!("`{name}` has no effect here", "`{name}` 在此不起作用"),
        remedy: text!("to let it act, {en}; else delete it", "若要其生效，请{zh}；否则请删去"),
    }
}

/// A row says what an earlier one says.
pub(super) fn row_given_twice(columns: &[&str], line: usize) -> Finding {
    let (en, zh) = (columns.join(", "), columns.join("、"));
    Finding {
        code: code::ROW,
        message: text!(
            "this row is given twice: line {line} has the same {en}",
            "此行重复：第 {line} 行的 {zh} 与此相同"
        ),
        remedy: text!(
            "delete one of the two, or correct what tells them apart: {en}",
            "请删去其中一行，或改正用于区分的列：{zh}"
        ),
    }
}

/// The ages of a row are partly those of an earlier one.
pub(super) fn ages_overlap(written: &str, other: &str, line: usize) -> Finding {
    Finding {
        code: code::ROW,
        message: text!(
            "the ages {written} overlap {other} of line {line}",
            "年龄 {written} 与第 {line} 行的 {other} 重叠"
        ),
        remedy: Text::new("let every age belong to one row", "请使每个年龄只属于一行"),
    }
}
