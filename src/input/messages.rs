//! What is said of files that cannot be read as they stand.

use crate::dates::{Date, NoDate};
use crate::diagnostic::{Finding, code};
use crate::input::Column;
use crate::input::common_mistakes::{self, nearest};
use crate::language::Text;
use crate::text;
use crate::uncertainty::Link;

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
pub(super) fn unknown_column(name: &str, columns: &[Column], headings: &[String]) -> Finding {
    let known = || columns.iter().map(|c| c.name);
    // What is there already is not what was meant.
    let open = || known().filter(|known| headings.iter().all(|heading| heading != known));
    let list = known().collect::<Vec<_>>().join(", ");
    Finding {
        code: code::COLUMN,
        message: text!("unknown column `{name}`", "未知的列 `{name}`"),
        remedy: nearest(name, open()).map_or_else(
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

/// A key has another name now; `place` is its section in brackets, if that is told.
pub(super) fn renamed_key(place: &str, key: &str, name: &str) -> Finding {
    Finding {
        code: code::UNKNOWN_KEY,
        message: text!("{place}`{key}` is now called `{name}`", "{place}`{key}` 现已改名为 `{name}`"),
        remedy: text!(
            "write `{name}`, or let `civicap upgrade` carry the whole scenario over",
            "请写 `{name}`，或用 `civicap upgrade` 转换整个方案"
        ),
    }
}

/// Two of `value`, `by_year` and `distribution` stand beside each other.
pub(super) fn two_levels(first: &str, second: &str) -> Finding {
    Finding {
        code: code::LAW,
        message: text!(
            "`{second}` stands beside `{first}`: only one of them can hold",
            "`{second}` 与 `{first}` 并存，只能有一个生效"
        ),
        remedy: text!("delete `{second}` or `{first}`", "请删去 `{second}` 或 `{first}`"),
    }
}

/// Doubt that begins after the last year.
pub(super) fn doubt_after_the_end(path: &str, from: i32, last: i32) -> Finding {
    Finding {
        code: code::IDLE,
        message: text!(
            "the doubt about `{path}` begins in {from}, after the last year, {last}: it counts as certain",
            "`{path}` 的不确定性自 {from} 年起，晚于末年 {last} 年，等于没有不确定性"
        ),
        remedy: text!("write `from` of {last} or before, or leave it out", "请将 `from` 写为不晚于 {last}，或不写"),
    }
}

/// A walk that begins in the last year and has no step to take.
pub(super) fn walk_without_years(path: &str, begins: i32) -> Finding {
    Finding {
        code: code::IDLE,
        message: text!(
            "the random walk of `{path}` begins in {begins}, the last year, and takes no step",
            "`{path}` 的随机游走自末年 {begins} 年开始，没有一步可走"
        ),
        remedy: Text::new(
            "give `sd` for doubt about the level, or let it begin earlier",
            "请用 `sd` 表示水平的不确定性，或提早开始",
        ),
    }
}

/// A level from which no spread leads away on its scale.
pub(super) fn doubt_at_infinity(path: &str, level: f64, link: Link) -> Finding {
    let (scale, near) = match link {
        Link::Log => ("log", "0.01"),
        _ if level >= 1.0 => ("logit", "0.99"),
        _ => ("logit", "0.01"),
    };
    Finding {
        code: code::IDLE,
        message: text!(
            "`{path}` is {level}, from which no spread leads away on the {scale} scale: there it is certain",
            "`{path}` 为 {level}，在 {scale} 尺度上任何离散程度都不起作用，等于确定值"
        ),
        remedy: text!(
            "write a value a little inside, such as {near}, or `scale = \"linear\"`",
            "请写略在范围内的值（如 {near}），或写 scale = \"linear\""
        ),
    }
}

/// Differences between areas where there is only one.
pub(super) fn one_area(path: &str) -> Finding {
    Finding {
        code: code::IDLE,
        message: text!(
            "`{path}` has differences between areas, but there is one area: they act as doubt about its level",
            "`{path}` 写了区域间差异，但只有一个区域：实际成为水平的不确定性"
        ),
        remedy: Text::new(
            "write `sd` in place of `between_areas_sd`, and `random_walk_sd` in place of `areas_random_walk_sd`",
            "请用 `sd` 代替 `between_areas_sd`，用 `random_walk_sd` 代替 `areas_random_walk_sd`",
        ),
    }
}

/// A group whose only member moves with nobody.
pub(super) fn group_of_one(path: &str, group: &str) -> Finding {
    Finding {
        code: code::IDLE,
        message: text!(
            "`{path}` is alone in the correlation group «{group}»: it moves with nothing",
            "相关组“{group}”中只有 `{path}` 一项，没有可共同变动的数"
        ),
        remedy: Text::new(
            "give another number the same group, or take the group away",
            "请让另一个数使用同一组名，或删去组名",
        ),
    }
}

/// A spread on the log scale by which nothing is known.
pub(super) fn anything_goes(path: &str, sd: f64) -> Finding {
    let factor = libm::exp(sd);
    Finding {
        code: code::CAUTION,
        message: text!(
            "`{path}` has a spread of {sd} on the log scale: a factor of {factor:.0} either way is nothing unusual",
            "`{path}` 的对数尺度离散程度为 {sd}：上下相差 {factor:.0} 倍都属正常"
        ),
        remedy: Text::new(
            "on this scale 0.1 is about 10 %; for a spread in the unit itself write `scale = \"linear\"`",
            "此尺度上 0.1 约为 10%；若为原单位的离散程度，请写 scale = \"linear\"",
        ),
    }
}

/// A distribution that is cut at a bound of its key, which moves its mean.
pub(super) fn cut_mean(path: &str, bound: f64, stated: f64, used: f64) -> Finding {
    Finding {
        code: code::CAUTION,
        message: text!(
            "the distribution of `{path}` reaches beyond {bound} and is cut there: its mean is {used:.4}, not {stated:.4}",
            "`{path}` 的分布超出 {bound} 并在此截断：均值为 {used:.4}，而非 {stated:.4}"
        ),
        remedy: Text::new(
            "write a distribution within the range (lognormal or gamma from 0, beta for shares), or a smaller spread",
            "请改用不越界的分布（非负数用 lognormal 或 gamma，比例用 beta），或减小离散程度",
        ),
    }
}

/// A per cent where a share is wanted.
pub(super) fn percent_for_share(column: &str, written: &str, share: f64) -> Finding {
    Finding {
        code: code::CELL,
        message: text!(
            "`{column}` = «{written}» is above 1, and here stands a share: is it a per cent?",
            "`{column}` =“{written}”大于 1，此处应写比例：是否写成了百分数？"
        ),
        remedy: text!("write it as a share: {share}", "请写成小数：{share}"),
    }
}

/// Names in a message are no more than these.
const MOST_NAMED: usize = 20;

/// The first of a list of names; a message must stay readable when there are thousands.
pub(crate) fn first_of(words: &[&str]) -> String {
    let more = if words.len() > MOST_NAMED { ", ..." } else { "" };
    format!("{}{more}", words[..words.len().min(MOST_NAMED)].join(", "))
}
