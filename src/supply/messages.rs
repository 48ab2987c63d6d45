//! What is said of rows of facilities that cannot be meant so.

use crate::dates::Day;
use crate::diagnostic::{Finding, code};
use crate::language::Text;
use crate::text;

/// A row has no key.
pub(super) fn no_facility() -> Finding {
    Finding {
        code: code::CELL,
        message: Text::new("the row does not say which facility it is of", "此行没有写设施代码"),
        remedy: Text::new("give the facility a key of letters and digits", "请写由字母和数字组成的设施代码"),
    }
}

/// A facility is called what results call all of them.
pub(super) fn reserved_facility() -> Finding {
    Finding {
        code: code::CELL,
        message: Text::new(
            "no facility can be called `all`: results call the district so",
            "设施代码不能写 `all`：结果中以此表示全区",
        ),
        remedy: Text::new("give the facility another key", "请改用其他设施代码"),
    }
}

/// It closes before it opens, by the dates in the row.
pub(super) fn closes_before_it_opens(opens: Day, closes: Day) -> Finding {
    Finding {
        code: code::CONTRADICTION,
        message: text!(
            "it closes on {closes}, on or before the day it opens, {opens}",
            "停用日期 {closes} 不晚于启用日期 {opens}"
        ),
        remedy: Text::new(
            "exchange the two dates; of what stands today, closes and opens again leave `opens` empty and give `reopens`",
            "请对调两个日期；若现已开放、停用后重新启用，请把 `opens` 留空并填写 `reopens`",
        ),
    }
}

/// It closes before the project opens that it would open with.
pub(super) fn closes_before_its_project(opens: Day, closes: Day, first: Day) -> Finding {
    let past = Day::first_of(first.year() - 10);
    Finding {
        code: code::CONTRADICTION,
        message: text!(
            "without `opens` it opens with its project, on {opens}, and closes on {closes}, not later",
            "未写 `opens` 即随项目于 {opens} 启用，而停用日期 {closes} 不晚于此"
        ),
        remedy: text!(
            "if it stands today and closes with the project, write the day on which it opened in `opens`, such as {past}",
            "若现已开放、随项目停用，请在 `opens` 写当初的启用日期，如 {past}"
        ),
    }
}

/// It opens again although it does not close before.
pub(super) fn reopens_before_it_closes() -> Finding {
    Finding {
        code: code::CONTRADICTION,
        message: Text::new("it opens again before it closes", "重新启用早于停用"),
        remedy: Text::new(
            "give the date of closing in `closes`, and a later one in `reopens`",
            "请在 `closes` 写停用日期，在 `reopens` 写更晚的日期",
        ),
    }
}

/// Its project has nothing to move.
pub(super) fn project_moves_nothing(project: &str, opens: Day) -> Finding {
    Finding {
        code: code::CAUTION,
        message: text!(
            "it is open since {opens}: the project «{project}» moves nothing of it",
            "此设施自 {opens} 起已开放，项目“{project}”对其没有影响"
        ),
        remedy: Text::new("take the project out of the row, or correct the date", "请删去此行的项目，或改正日期"),
    }
}

/// Rows of a project open on other days than the project.
pub(super) fn opens_apart_from_its_project(project: &str, own: Day, planned: Day) -> Finding {
    Finding {
        code: code::CAUTION,
        message: text!(
            "it opens on {own}, its project «{project}» on {planned}; the date of the row holds, moved by the project's delay",
            "此行于 {own} 启用，所属项目“{project}”于 {planned} 启用；以此行日期为准，随项目延期"
        ),
        remedy: text!(
            "leave `opens` empty to open with the project, or write {planned}",
            "请将 `opens` 留空（随项目启用），或写 {planned}"
        ),
    }
}

/// So many rows are open in none of the years, this being the first of them.
pub(super) fn open_in_no_year(facility: &str, rows: usize, first: i32, last: i32) -> Finding {
    let message = if rows == 1 {
        text!(
            "«{facility}» is open in none of the years {first} … {last}",
            "“{facility}”在 {first}—{last} 年间从未开放"
        )
    } else {
        text!(
            "{rows} rows, «{facility}» first, are open in none of the years {first} … {last}",
            "“{facility}”等 {rows} 行在 {first}—{last} 年间从未开放"
        )
    };
    Finding {
        code: code::CAUTION,
        message,
        remedy: Text::new("correct the dates, or delete the row", "请改正日期，或删去该行"),
    }
}
