//! What planners are told of faults in the section `[people]` and its tables: what is wrong, and what to do about it.
//!
//! One function for each fault, in both languages; the place is added where it is found ([`Message::in_cell`],
//! [`Message::in_table`], [`Message::at_key`]).

use crate::diagnostic::code;
use crate::input::{Row, Section, Sheet};
use crate::language::Text;
use crate::text;

/// A fault as a planner reads it: what is wrong and what to do.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    message: Text,
    remedy: Text,
}

impl Message {
    const fn new(message: Text, remedy: Text) -> Self {
        Self { message, remedy }
    }

    /// Notes it at a cell of a table.
    pub(crate) fn in_cell(self, row: Row<'_>, column: &str) {
        row.fault(column, self.message, self.remedy);
    }

    /// Notes it of a table as a whole.
    pub(crate) fn in_table(self, sheet: &Sheet<'_>) {
        sheet.fault(self.message, self.remedy);
    }

    /// Notes it at a key of a section, as a value of the wrong kind.
    pub(crate) fn wrong_kind(self, section: &Section<'_>, key: &str) {
        section.fault(code::WRONG_KIND, key, self.message, self.remedy);
    }

    /// Notes it at a key that is missing from a section.
    pub(crate) fn missing(self, section: &Section<'_>, key: &str) {
        section.fault(code::MISSING_KEY, key, self.message, self.remedy);
    }

    /// Notes it at a key of a section, as something that contradicts what else is said.
    pub(crate) fn contradiction(self, section: &Section<'_>, key: &str) {
        section.fault(code::CONTRADICTION, key, self.message, self.remedy);
    }
}

pub(crate) fn not_an_age(written: &str) -> Message {
    Message::new(
        text!("`age` = «{written}» is no age", "`age` =“{written}”不是年龄"),
        Text::new(
            "write a single age (7), a group (5-9) or an open group (85+), up to 100",
            "请写单岁（7）、年龄组（5-9）或开口组（85+），最大 100",
        ),
    )
}

pub(crate) fn age_given_twice(age: &str) -> Message {
    Message::new(
        text!("the age {age} is given twice", "年龄 {age} 重复出现"),
        Text::new("keep one row for each age; groups must not overlap", "每个年龄只保留一行，年龄组不得重叠"),
    )
}

pub(crate) fn area_given_twice(id: &str) -> Message {
    Message::new(
        text!("«{id}» is given twice", "“{id}”重复出现"),
        Text::new("keep one row for each area", "每个区域只保留一行"),
    )
}

pub(crate) fn area_on_two_rows() -> Message {
    Message::new(
        Text::new("an area stands on two rows", "有区域出现两行"),
        Text::new("keep one row for each area", "每个区域只保留一行"),
    )
}

pub(crate) fn area_without_row(area: &str) -> Message {
    Message::new(
        text!("the table has no row of the area {area}", "表中没有区域 {area} 的行"),
        Text::new(
            "give the people of every area; where nobody lives, write a row with 0 persons",
            "请填写每个区域的人数；无人居住的写一行 0 人",
        ),
    )
}

pub(crate) fn more_people_than_any_country(total: u64) -> Message {
    Message::new(
        text!("the table has {total} people, more than any country", "表中合计 {total} 人，超过任何国家的人口"),
        Text::new("write persons, not thousands of them or codes", "请以人为单位填写，勿填千人数或代码"),
    )
}

pub(crate) fn age_without_row(sex: &str, age: usize) -> Message {
    Message::new(
        text!("the table has no row for {sex}, age {age}", "表中缺少 {sex} {age} 岁的行"),
        Text::new("give every age from 0 to 100+ for both sexes", "请为男女两性给出 0 到 100+ 的每个年龄"),
    )
}

pub(crate) fn one_table_of_residents() -> Message {
    Message::new(
        Text::new("one of `table` and `census` must say who lives here", "须由 `table` 与 `census` 之一给出人口"),
        Text::new("give one table of residents", "请给出一张人口表"),
    )
}

pub(crate) fn reference_date_not_in_the_year_before(year: i32) -> Message {
    Message::new(
        text!(
            "the people are not counted within the year before 1 January {year}, the first simulated day",
            "人口表的时点不在模拟首日 {year} 年 1 月 1 日之前一年内"
        ),
        Text::new(
            "set `base` in [horizon] to the January after the count",
            "请把 [horizon] 的 `base` 设为该时点之后的1月",
        ),
    )
}

pub(crate) fn shares_of_births(total: &str) -> Message {
    Message::new(
        text!(
            "the shares of births at ages 15 to 49 add to {total}, or there are shares at other ages",
            "15–49 岁生育份额合计为 {total}，或其他年龄有份额"
        ),
        Text::new("give shares for ages 15 to 49 only, adding to 1", "请只给 15–49 岁的份额，合计为 1"),
    )
}

pub(crate) fn nobody_arrives() -> Message {
    Message::new(
        Text::new("nobody says who arrives: all arriving weights are 0", "没有说明迁入者的性别年龄：迁入权重全为 0"),
        Text::new(
            "give `ages` here, or `in_migration_weight` in the table of [people.migration]",
            "请在此给出 `ages`，或在 [people.migration] 的表中给出 `in_migration_weight`",
        ),
    )
}

pub(crate) fn nobody_says_where() -> Message {
    Message::new(
        Text::new("nobody says where they arrive: all weights of areas are 0", "没有说明迁入何处：各区域权重全为 0"),
        Text::new(
            "give an area a weight above 0, or leave `areas` out: then they go where residents are",
            "请给某个区域大于 0 的权重，或删去 `areas`：则按常住人口分配",
        ),
    )
}

pub(crate) fn row_given_twice() -> Message {
    Message::new(
        Text::new("this row stands in the table twice, alike in every cell", "此行在表中重复，各单元格完全相同"),
        Text::new(
            "keep it once; add up the dwellings of two projects alike",
            "只保留一行；若是两个相同项目，请合计套数",
        ),
    )
}

pub(crate) fn four_yields_needed(found: usize) -> Message {
    Message::new(
        text!("{found} yields are given, four are needed", "给出了 {found} 个数，需要 4 个"),
        Text::new("write children aged 0-2, 3-5, 6-11, 12-14", "请依次写 0–2、3–5、6–11、12–14 岁儿童数"),
    )
}

pub(crate) fn probabilities_add_to(key: &str, total: f64) -> Message {
    Message::new(
        text!("`{key}` adds to {total}", "`{key}` 合计为 {total}"),
        Text::new("make the probabilities add to 1", "请使概率合计为 1"),
    )
}

pub(crate) fn shares_add_to(key: &str, total: f64) -> Message {
    Message::new(
        text!("`{key}` adds to {total}", "`{key}` 合计为 {total}"),
        Text::new("make the shares add to 1 or less", "请使份额合计不超过 1"),
    )
}

pub(crate) fn not_an_age_group(written: &str) -> Message {
    Message::new(
        text!("`{written}` is no age group", "`{written}` 不是年龄组"),
        Text::new(
            "write a group (0-14) or an open group (\"60+\"), up to 100",
            "请写年龄组（0-14）或开口组（\"60+\"），最大 100",
        ),
    )
}

pub(crate) fn age_in_no_one_group(age: usize) -> Message {
    Message::new(
        text!("no age group, or more than one, has age {age}", "{age} 岁不属于任何年龄组，或属于多个年龄组"),
        Text::new(
            "let the groups follow one another from 0 to an open group, such as 0-14, 15-59, \"60+\"",
            "请使年龄组从 0 岁起首尾相接，末组开口，例如 0-14、15-59、\"60+\"",
        ),
    )
}

pub(crate) fn registered_share_alone() -> Message {
    Message::new(
        Text::new(
            "`registered_share` is given, but nobody else's registration is",
            "给出了 `registered_share`，但没有其他人的户籍状况",
        ),
        Text::new("add [people.registration], or remove it", "请加入 [people.registration]，或删去此键"),
    )
}

/// Years that a run simulates, both included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SimulatedYears {
    pub(crate) first: i32,
    pub(crate) last: i32,
}

pub(crate) fn total_of_a_year_not_simulated(year: i32, simulated: SimulatedYears) -> Message {
    let SimulatedYears { first, last } = simulated;
    Message::new(
        text!(
            "{year} is not simulated: the run goes from {first} to {last}",
            "{year} 年不在模拟年份 {first}–{last} 之内"
        ),
        Text::new(
            "remove the row, or set `base` in [horizon] to an earlier year",
            "请删去该行，或把 [horizon] 的 `base` 设得更早",
        ),
    )
}

pub(crate) fn row_without_total(year: i32) -> Message {
    Message::new(
        text!("the row of {year} holds no total", "{year} 年的行没有任何总数"),
        Text::new("give residents, births or deaths", "请给出 residents、births 或 deaths"),
    )
}

pub(crate) fn totals_given_twice(year: i32) -> Message {
    Message::new(
        text!("totals of {year} are given twice", "{year} 年的总数重复"),
        Text::new("give one row a year for the district, or one for each area", "每年只给全区一行，或每个区域一行"),
    )
}

pub(crate) fn totals_cannot_be_met(year: i32) -> Message {
    Message::new(
        text!(
            "the totals of {year} cannot be met: births, deaths, arrivals and leavers would have to change more than fivefold, or nobody comes and goes",
            "无法达到 {year} 年的已知总数：出生、死亡、迁入或迁出需改变五倍以上，或根本没有人迁移"
        ),
        Text::new(
            "check the totals against the table of residents (do both hold students?), or add [people.in_migration]",
            "请核对该总数与人口表的口径（是否都含学生），或加入 [people.in_migration]",
        ),
    )
}
