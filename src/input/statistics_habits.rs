//! Habits of statistics offices that are no slips: school years in place of years, and marks in place of counts that are not shown.

use crate::diagnostic::{Finding, code};
use crate::language::Text;
use crate::text;

/// Marks of a number that is not shown: too small, not collected, not applicable.
const MARKS: [&str; 20] = [
    "*", "**", "…", "...", "..", "-", "–", "—", "x", "c", ":", "na", "n/a", "#n/a", "nan", "null", "none", "s", "—-",
    "无",
];

/// Whether a cell says that a number is not shown: one of the usual marks, or a bound such as `<5`.
pub(crate) fn is_mark(cell: &str) -> bool {
    let plain = cell.trim().to_lowercase();
    let bound = plain.strip_prefix(['<', '≤', '＜']).map(str::trim);
    MARKS.contains(&plain.as_str()) || bound.is_some_and(|bound| bound.parse::<f64>().is_ok())
}

/// The year in which a school year begins: of `2006-07`, `2006/07`, `2006-2007` and `2006学年`; `None` for what is none.
pub(crate) fn school_year(cell: &str) -> Option<i32> {
    let bare = cell.trim().trim_end_matches("学年度").trim_end_matches("学年").trim_end_matches('年').trim();
    let named = bare.len() < cell.trim().len();
    let mut parts = bare.split(['-', '/', '–', '—', '~', '～']).map(|part| part.trim().trim_end_matches('年'));
    let year = |part: &str| part.parse::<i32>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()));
    let begins = parts.next().filter(|part| part.len() == 4).and_then(year)?;
    match (parts.next(), parts.next()) {
        (None, _) => named.then_some(begins),
        (Some(ends), None) => {
            let follows = match ends.len() {
                2 => year(ends)? == (begins + 1) % 100,
                4 => year(ends)? == begins + 1,
                _ => false,
            };
            follows.then_some(begins)
        }
        _ => None,
    }
}

/// A school year where a year is wanted.
pub(super) fn not_a_year(cell: &str, year: i32) -> Finding {
    Finding {
        code: code::CELL,
        message: text!(
            "«{cell}» is a school year or a day, and here stands a year",
            "“{cell}”是学年或日期，此处应写年份"
        ),
        remedy: text!("write the year in which it begins: {year}", "请写起始年份：{year}"),
    }
}

/// A mark in a cell that may be empty.
pub(super) fn mark_where_empty_would_do(column: &str, cell: &str) -> Finding {
    Finding {
        code: code::CELL,
        message: text!(
            "`{column}` = «{cell}» is the mark of what is not shown",
            "`{column}` =“{cell}”是未公布数据的符号"
        ),
        remedy: Text::new("leave the cell empty: not known", "请留空，即未知"),
    }
}

/// A mark where a number is needed.
pub(super) fn mark_where_a_number_is_needed(column: &str, cell: &str) -> Finding {
    Finding {
        code: code::CELL,
        message: text!(
            "`{column}` = «{cell}» is the mark of what is not shown, and here a number is needed",
            "`{column}` =“{cell}”是未公布数据的符号，而此处必须有数"
        ),
        remedy: Text::new("write the number, or an estimate of it", "请写该数，或写估计值"),
    }
}

/// Cells whose mark is read as not known; the first of them is shown.
pub(crate) fn marks_are_not_known(cell: &str, cells: usize) -> Finding {
    Finding {
        code: code::CAUTION,
        message: text!(
            "{cells} cell(s) hold a mark such as «{cell}» in place of a count: they are read as not known",
            "{cells} 个单元格以“{cell}”等符号代替数字：按未知处理"
        ),
        remedy: Text::new(
            "if the counts are known, write them; an empty cell means the same",
            "如有实际数，请填写；留空含义相同",
        ),
    }
}

/// School years that are read as the years in which they begin.
pub(crate) fn school_years_are_read(cell: &str, year: i32) -> Finding {
    Finding {
        code: code::CAUTION,
        message: text!(
            "school years are read as the years in which they begin, «{cell}» as {year}; births of the row are then those of the calendar year {year}",
            "学年按起始年份读取，“{cell}”读作 {year} 年；该行的出生数即 {year} 日历年的出生数"
        ),
        remedy: text!("write {year}, with the births of that calendar year", "可写 {year}，并填该日历年的出生数"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_year_is_the_year_in_which_it_begins() {
        for (written, year) in [
            ("2006-07", 2006),
            ("2006/07", 2006),
            ("2006–07", 2006),
            ("2006-2007", 2006),
            ("2012学年", 2012),
            ("2012-2013学年", 2012),
            ("2012—2013学年度", 2012),
            ("1999-00", 1999),
        ] {
            assert_eq!(school_year(written), Some(year), "{written}");
        }
        for other in ["2006", "2006-09", "2006-08", "2006-07-01", "2006-2008", "06-07", "", "-", "2006-7", "abc-de"] {
            assert_eq!(school_year(other), None, "{other}");
        }
    }

    #[test]
    fn marks_of_what_is_not_shown_are_no_numbers() {
        for mark in ["*", "NA", "N/A", "#N/A", "-", "…", "<5", "≤10", "x", "c", "< 5"] {
            assert!(is_mark(mark), "{mark}");
        }
        for other in ["", "5", "-5", "1e3", "five", "<", "<a"] {
            assert!(!is_mark(other), "{other}");
        }
    }
}
