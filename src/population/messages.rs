//! What planners are told of faults in the section `[people]` and its tables: what is wrong, and what to do about it.
//!
//! One function for each fault, in both languages; the place is added where it is found.

use crate::diagnostic::{Finding, code};
use crate::language::Text;
use crate::text;

const fn finding(code: &'static str, message: Text, remedy: Text) -> Finding {
    Finding { code, message, remedy }
}

pub(crate) fn not_an_age(written: &str) -> Finding {
    finding(
        code::CELL,
        text!("`age` = «{written}» is no age", "`age` =“{written}”不是年龄"),
        Text::new(
            "write a single age (7), a group (5-9) or an open group (85+), up to 100",
            "请写单岁（7）、年龄组（5-9）或开口组（85+），最大 100",
        ),
    )
}

pub(crate) fn area_on_two_rows() -> Finding {
    finding(
        code::ROW,
        Text::new("an area stands on two rows", "有区域出现两行"),
        Text::new("keep one row for each area", "每个区域只保留一行"),
    )
}

pub(crate) fn area_without_row(area: &str) -> Finding {
    finding(
        code::ROW,
        text!("the table has no row of the area {area}", "表中没有区域 {area} 的行"),
        Text::new(
            "give the people of every area; where nobody lives, write a row with 0 persons",
            "请填写每个区域的人数；无人居住的写一行 0 人",
        ),
    )
}

pub(crate) fn more_people_than_any_country(total: u64) -> Finding {
    finding(
        code::ROW,
        text!("the table has {total} people, more than any country", "表中合计 {total} 人，超过任何国家的人口"),
        Text::new("write persons, not thousands of them or codes", "请以人为单位填写，勿填千人数或代码"),
    )
}

pub(crate) fn age_without_row(sex: &str, age: usize) -> Finding {
    finding(
        code::ROW,
        text!("the table has no row for {sex}, age {age}", "表中缺少 {sex} {age} 岁的行"),
        Text::new("give every age from 0 to 100+ for both sexes", "请为男女两性给出 0 到 100+ 的每个年龄"),
    )
}

pub(crate) fn one_table_of_residents(both: bool) -> Finding {
    let code = if both { code::CONTRADICTION } else { code::MISSING_KEY };
    finding(
        code,
        Text::new("one of `table` and `census` must say who lives here", "须由 `table` 与 `census` 之一给出人口"),
        Text::new("give one table of residents", "请给出一张人口表"),
    )
}

pub(crate) fn reference_date_not_in_the_year_before(year: i32) -> Finding {
    finding(
        code::CONTRADICTION,
        text!(
            "the people are not counted within the year before 1 January {year}, the first simulated day",
            "人口表的时点不在模拟首日 {year} 年 1 月 1 日之前一年内"
        ),
        Text::new(
            "set `base_year` in [horizon] to the January after the count",
            "请把 [horizon] 的 `base_year` 设为该时点之后的1月",
        ),
    )
}

pub(crate) fn shares_of_births(total: &str) -> Finding {
    finding(
        code::ROW,
        text!(
            "the shares of births at ages 15 to 49 add to {total}, or there are shares at other ages",
            "15–49 岁生育份额合计为 {total}，或其他年龄有份额"
        ),
        Text::new("give shares for ages 15 to 49 only, adding to 1", "请只给 15–49 岁的份额，合计为 1"),
    )
}

pub(crate) fn nobody_arrives() -> Finding {
    finding(
        code::CONTRADICTION,
        Text::new("nobody says who arrives: all arriving weights are 0", "没有说明迁入者的性别年龄：迁入权重全为 0"),
        Text::new(
            "give `ages` here, or `in_migration_weight` in the table of [people.migration]",
            "请在此给出 `ages`，或在 [people.migration] 的表中给出 `in_migration_weight`",
        ),
    )
}

pub(crate) fn nobody_says_where() -> Finding {
    finding(
        code::CONTRADICTION,
        Text::new("nobody says where they arrive: all weights of areas are 0", "没有说明迁入何处：各区域权重全为 0"),
        Text::new(
            "give an area a weight above 0, or leave `areas` out: then they go where residents are",
            "请给某个区域大于 0 的权重，或删去 `areas`：则按常住人口分配",
        ),
    )
}

/// Ages without a row, in words: `20-39, 60`.
fn ranges(ages: &[std::ops::Range<usize>]) -> String {
    let one = |range: &std::ops::Range<usize>| match range.len() {
        1 => range.start.to_string(),
        _ => format!("{}-{}", range.start, range.end - 1),
    };
    ages.iter().map(one).collect::<Vec<_>>().join(", ")
}

pub(crate) fn ages_of_residents_without_row(area: &str, sex: &str, ages: &[std::ops::Range<usize>]) -> Finding {
    let missing = ranges(ages);
    finding(
        code::ROW,
        text!("the table has no row for {area}, {sex}, aged {missing}", "表中缺少 {area} {sex} {missing} 岁的行"),
        Text::new(
            "give every age of both sexes up to the last that any row names; where nobody is, write 0 persons",
            "请为男女两性给出直至表中最高年龄的每个年龄；无人的写 0 人",
        ),
    )
}

pub(crate) fn sex_without_row(sex: &str) -> Finding {
    finding(
        code::CAUTION,
        text!(
            "the table has no row for any {sex}: nobody of that sex lives here",
            "表中没有 {sex} 的行：视为无此性别人口"
        ),
        text!(
            "add the rows of {sex}, or write one with 0 persons if that is meant",
            "请补上 {sex} 的行；若确无，请写 0 人的行"
        ),
    )
}

pub(crate) fn ages_below_without_row(first: usize) -> Finding {
    finding(
        code::CAUTION,
        text!(
            "the table has no row for ages below {first}: nobody of these ages lives here",
            "表中没有 {first} 岁以下的行：视为无此年龄人口"
        ),
        Text::new("add the rows, or write them with 0 persons if that is meant", "请补上这些行；若确无，请写 0 人的行"),
    )
}

pub(crate) fn ages_of_births_without_row(ages: &[std::ops::Range<usize>]) -> Finding {
    let missing = ranges(ages);
    finding(
        code::ROW,
        text!(
            "the table has no row for ages {missing}, between two others",
            "表中缺少 {missing} 岁的行（其前后年龄都有）"
        ),
        Text::new(
            "give every age from the first to the last; without births, write 0",
            "请给出首末年龄之间的每个年龄；无生育的写 0",
        ),
    )
}

pub(crate) fn ages_of_weights_without_row(sex: &str, ages: &[std::ops::Range<usize>]) -> Finding {
    let missing = ranges(ages);
    finding(
        code::CAUTION,
        text!(
            "nobody comes who is {sex} and aged {missing}: the table has no row",
            "表中没有 {sex} {missing} 岁的行：无人迁入"
        ),
        Text::new("if that is meant, write rows with weight 0", "若确实如此，请写权重为 0 的行"),
    )
}

pub(crate) fn deaths_per_thousand(sex: &str, age: usize, rate: f64) -> Finding {
    let meant = rate / 1_000.0;
    finding(
        code::ROW,
        text!(
            "{rate} deaths per person and year ({sex}, age {age}): nobody would live another year",
            "每人年死亡 {rate}（{sex} {age} 岁）：无人能再活一年"
        ),
        text!(
            "are these deaths per 1,000? divide them by 1,000: write {meant}",
            "是否为每千人死亡数？请除以 1000：写 {meant}"
        ),
    )
}

pub(crate) fn life_expectancy(sex: &str, years: f64) -> Finding {
    let years = format!("{years:.1}");
    finding(
        code::CAUTION,
        text!(
            "by this table the life expectancy of {sex} people is {years} years",
            "按此表，{sex} 的预期寿命为 {years} 岁"
        ),
        Text::new(
            "compare it with the published one (65 to 85 almost everywhere); rates are deaths per person and year, 0.0046 for 4.6 per 1,000",
            "请与公布值核对（多数地区为 65–85 岁）；死亡率应为每人年，千分之 4.6 写作 0.0046",
        ),
    )
}

pub(crate) fn births_per_woman(births: f64) -> Finding {
    finding(
        code::CAUTION,
        text!(
            "{births} births per woman: the highest of any country is about 7",
            "总和生育率 {births}：各国最高约为 7"
        ),
        Text::new(
            "write the births of one woman in her life, such as 1.02, not births per 100 or 1,000",
            "请写一名妇女一生的生育数，例如 1.02，不是每百人或每千人的数",
        ),
    )
}

pub(crate) fn arrivals_beyond_residents(people: f64, residents: f64) -> Finding {
    let (people, residents) = (people.round(), residents.round());
    finding(
        code::CAUTION,
        text!(
            "{people} people a year come to a district of {residents}",
            "每年迁入 {people} 人，而全区只有 {residents} 人"
        ),
        Text::new(
            "is this the number of a whole city, or of all years? write the people of one year who come to this district",
            "是否为全市或多年的合计？请写一年内迁入本区的人数",
        ),
    )
}

pub(crate) fn more_displaced_than_residents(people: f64, residents: u32) -> Finding {
    let people = people.round();
    finding(
        code::CONTRADICTION,
        text!(
            "{people} people are to move out of an area where {residents} live",
            "该区域仅有 {residents} 人，却要迁出 {people} 人"
        ),
        text!(
            "write the people of this area who move out, {residents} at most",
            "请写该区域迁出的人数，最多 {residents} 人"
        ),
    )
}

pub(crate) fn more_displaced_than_counted(people: f64, residents: u32) -> Finding {
    Finding { code: code::CAUTION, ..more_displaced_than_residents(people, residents) }
}

pub(crate) fn total_of_zero_among_others(what: &'static str, year: i32, usual: f64) -> Finding {
    let usual = usual.round();
    finding(
        code::CAUTION,
        text!("{what} is 0 in {year} and about {usual} in other years", "{year} 年 {what} 为 0，其他年份约为 {usual}"),
        Text::new("where a number is not known, leave the cell empty", "未知的数请留空"),
    )
}

pub(crate) fn four_yields_needed(found: usize) -> Finding {
    finding(
        code::WRONG_KIND,
        text!("{found} yields are given, four are needed", "给出了 {found} 个数，需要 4 个"),
        Text::new("write children aged 0-2, 3-5, 6-11, 12-14", "请依次写 0–2、3–5、6–11、12–14 岁儿童数"),
    )
}

pub(crate) fn probabilities_add_to(key: &str, total: f64) -> Finding {
    finding(
        code::CONTRADICTION,
        text!("`{key}` adds to {total}", "`{key}` 合计为 {total}"),
        Text::new("make the probabilities add to 1", "请使概率合计为 1"),
    )
}

pub(crate) fn shares_add_to(key: &str, total: f64) -> Finding {
    finding(
        code::CONTRADICTION,
        text!("`{key}` adds to {total}", "`{key}` 合计为 {total}"),
        Text::new("make the shares add to 1 or less", "请使份额合计不超过 1"),
    )
}

pub(crate) fn not_an_age_group(written: &str) -> Finding {
    finding(
        code::WRONG_KIND,
        text!("`{written}` is no age group", "`{written}` 不是年龄组"),
        Text::new(
            "write a group (0-14) or an open group (\"60+\"), up to 100",
            "请写年龄组（0-14）或开口组（\"60+\"），最大 100",
        ),
    )
}

pub(crate) fn age_in_no_one_group(age: usize) -> Finding {
    finding(
        code::CONTRADICTION,
        text!("no age group, or more than one, has age {age}", "{age} 岁不属于任何年龄组，或属于多个年龄组"),
        Text::new(
            "let the groups follow one another from 0 to an open group, such as 0-14, 15-59, \"60+\"",
            "请使年龄组从 0 岁起首尾相接，末组开口，例如 0-14、15-59、\"60+\"",
        ),
    )
}

pub(crate) fn registered_share_alone() -> Finding {
    finding(
        code::CONTRADICTION,
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

pub(crate) fn total_of_a_year_not_simulated(year: i32, simulated: SimulatedYears) -> Finding {
    let SimulatedYears { first, last } = simulated;
    finding(
        code::CELL,
        text!(
            "{year} is not simulated: the run goes from {first} to {last}",
            "{year} 年不在模拟年份 {first}–{last} 之内"
        ),
        Text::new(
            "remove the row, or set `base_year` in [horizon] to an earlier year",
            "请删去该行，或把 [horizon] 的 `base_year` 设得更早",
        ),
    )
}

pub(crate) fn row_without_total(year: i32) -> Finding {
    finding(
        code::ROW,
        text!("the row of {year} holds no total", "{year} 年的行没有任何总数"),
        Text::new("give residents, births or deaths", "请给出 residents、births 或 deaths"),
    )
}

pub(crate) fn totals_given_twice(year: i32) -> Finding {
    finding(
        code::CELL,
        text!("{year} has totals both of the district and of areas", "{year} 年既有全区总数又有区域总数"),
        Text::new("give one row a year for the district, or one for each area", "每年只给全区一行，或每个区域一行"),
    )
}

pub(crate) fn totals_cannot_be_met(year: i32) -> Finding {
    finding(
        code::CONTRADICTION,
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

/// What would let factors on deaths act.
pub(crate) const fn some_deaths() -> Text {
    Text::new("give death rates above 0 in the table", "在死亡率表中写大于 0 的数")
}

/// What would let the year of the death rates act.
pub(crate) const fn some_decline() -> Text {
    Text::new(
        "give death rates above 0 and their `yearly_decline` in the table",
        "在死亡率表中写大于 0 的死亡率及其 `yearly_decline`",
    )
}

/// What would let factors on leaving the district act.
pub(crate) const fn some_out_migration() -> Text {
    Text::new(
        "give rates of leaving the district above 0 in the table of [people.migration]",
        "在 [people.migration] 的表中写大于 0 的迁出率",
    )
}

/// What would let moves within the district act.
pub(crate) const fn some_internal_migration() -> Text {
    Text::new(
        "give several areas, and rates of moving between them above 0 in the table of [people.migration]",
        "给出多个区域，并在 [people.migration] 的表中写大于 0 的区内移动率",
    )
}

/// Rates of moving on another scale.
pub(crate) fn moves_per_hundred(rate: f64) -> Finding {
    let (of_hundred, of_thousand) = (rate / 100.0, rate / 1_000.0);
    finding(
        code::CAUTION,
        text!(
            "{rate} moves per person and year: hardly anybody would stay for a year",
            "每人年迁移 {rate} 次：几乎无人能住满一年"
        ),
        text!(
            "is it per 100 or per 1,000? then write {of_hundred} or {of_thousand}",
            "是否为每百人或每千人？若是，请写 {of_hundred} 或 {of_thousand}"
        ),
    )
}

/// What would let differences between areas act.
pub(crate) const fn several_areas() -> Text {
    Text::new("give several areas in `[areas]`", "在 `[areas]` 给出多个区域")
}

pub(crate) fn not_a_date(written: &str) -> Finding {
    finding(
        code::CELL,
        text!("`date` = «{written}» is no day or year", "`date` =“{written}”不是日期或年份"),
        Text::new(
            "write a day such as 2020-11-01, or a year for its 1 January",
            "请写日期（如 2020-11-01），或年份（指该年 1 月 1 日）",
        ),
    )
}

pub(crate) fn one_count(counts: usize) -> Finding {
    finding(
        code::ROW,
        text!(
            "the table holds {counts} count(s); two at least are needed",
            "表中只有 {counts} 个时点的统计，至少需要两个"
        ),
        Text::new(
            "add the rows of an earlier count of the same areas, by sex and age",
            "请加入同样区域更早一次统计的分性别年龄人数",
        ),
    )
}

pub(crate) fn area_not_counted(area: &str, sex: &str, date: &str) -> Finding {
    finding(
        code::ROW,
        text!("«{area}» has no row of {sex} on {date}", "“{area}”在 {date} 没有 {sex} 的行"),
        Text::new(
            "give every area on every day, in both sexes; leave areas out whose borders changed",
            "每个区域在每个时点都要有男女两性的行；区划变动过的区域请整个去掉",
        ),
    )
}

pub(crate) fn counts_not_whole_years_apart(from: &str, to: &str) -> Finding {
    finding(
        code::ROW,
        text!("{from} and {to} lie no whole number of years apart", "{from} 与 {to} 之间不是整年"),
        Text::new(
            "carry one of the counts to the same day of the year, and say so in the table",
            "请把其中一次统计推算到一年中的同一天，并在表中注明",
        ),
    )
}
