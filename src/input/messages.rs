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
