//! What is said of a section `[health]` that cannot be meant so, in both languages.

use crate::dates::Day;
use crate::diagnostic::{Finding, code};
use crate::language::Text;
use crate::text;

const fn missing(message: Text, remedy: Text) -> Finding {
    Finding { code: code::MISSING_KEY, message, remedy }
}

const fn contradiction(message: Text, remedy: Text) -> Finding {
    Finding { code: code::CONTRADICTION, message, remedy }
}

const fn caution(message: Text, remedy: Text) -> Finding {
    Finding { code: code::CAUTION, message, remedy }
}

/// No specialty is named.
pub(crate) fn no_specialty() -> Finding {
    missing(
        Text::new("no specialty is named", "未列出任何专科组"),
        Text::new(
            "add [health.specialties.<name>] for each, or [health.wards.<name>]",
            "请为每个专科加 [health.specialties.<名称>]，或改用 [health.wards.<名称>]",
        ),
    )
}

/// There is nobody to ask for a bed.
pub(crate) fn no_people() -> Finding {
    missing(
        Text::new("there are no people and no wards", "既无人口也无病区"),
        Text::new(
            "add [people], or [health.wards.<name>] with demand given directly",
            "请加入 [people]，或用 [health.wards.<名称>] 直接给定需求",
        ),
    )
}

/// Patients are counted on the first day, but tiers have no place for the count.
pub(crate) fn counted_in_tiers() -> Finding {
    contradiction(
        Text::new("only wards can be opened with the patients who were counted", "只有病区可以按实际在院人数起步"),
        Text::new("write opening = \"stationary\"", "请写 opening = \"stationary\""),
    )
}

/// No ward says who was counted.
pub(crate) fn nobody_counted() -> Finding {
    contradiction(
        Text::new("no ward says how many patients were counted", "没有病区给出首日在院人数"),
        Text::new(
            "add `opening_patients` or `opening_patients_by_days` to the wards",
            "请在病区中加 opening_patients 或 opening_patients_by_days",
        ),
    )
}

/// Counted patients are given in two ways.
pub(crate) fn counted_twice() -> Finding {
    contradiction(
        Text::new("the patients of the first day are given twice", "首日在院病人给了两次"),
        Text::new(
            "keep `opening_patients` or `opening_patients_by_days`",
            "请只保留 opening_patients 或 opening_patients_by_days",
        ),
    )
}

/// A list of three beds is not one.
pub(crate) fn three_whole_numbers() -> Finding {
    contradiction(
        Text::new("`additional_beds` is not three whole numbers", "additional_beds 应为三个整数"),
        Text::new(
            "write one for each tier, community, district, tertiary: [0, 1, 0]",
            "请依次写社区、区属、三级各一个：[0, 1, 0]",
        ),
    )
}

/// Beds are added where there are none.
pub(crate) fn nothing_to_add_to(tier: &str, specialty: &str) -> Finding {
    contradiction(
        text!(
            "`additional_beds` adds to {tier} beds for {specialty}, but there are none",
            "additional_beds 要增加 {tier} 的 {specialty} 床位，但该处没有床位"
        ),
        text!(
            "add a row {specialty} in {tier} to the table of beds instead",
            "请改为在床位表中加一行 {tier} 的 {specialty}"
        ),
    )
}

/// Only a large tertiary tier can be simulated in daily steps.
pub(crate) fn no_daily_steps() -> Finding {
    contradiction(
        Text::new(
            "only a tertiary tier with pooling = \"tier\" and without step-down can be simulated in daily steps",
            "只有 pooling = \"tier\" 且不下转的三级层级可以按天模拟",
        ),
        Text::new("write engine = \"hour\"", "请写 engine = \"hour\""),
    )
}

/// Stays are too short for daily steps.
pub(crate) fn short_stays_in_daily_steps(specialty: &str, days: f64, least: f64) -> Finding {
    let (days, least) = (format!("{days:.2}"), format!("{least:.0}"));
    contradiction(
        text!(
            "patients of «{specialty}» stay for {days} days: beds that are given twice a day cannot be simulated in daily steps, which need {least} days and few stays of hours",
            "“{specialty}”平均住院 {days} 天：一天内多次使用的床位不能按天模拟（须平均至少 {least} 天，且当天出院者很少）"
        ),
        Text::new("write engine = \"hour\"", "请写 engine = \"hour\""),
    )
}

/// Urgent patients wait for longer than a step.
pub(crate) fn long_waits_in_daily_steps() -> Finding {
    contradiction(
        Text::new(
            "in daily steps urgent patients wait for no longer than the day, but `urgent_wait_hours` is above 24",
            "按天模拟时急诊候床不超过当天，而 urgent_wait_hours 大于 24",
        ),
        Text::new(
            "write engine = \"hour\", or urgent_wait_hours = 24 or less",
            "请写 engine = \"hour\"，或使 urgent_wait_hours 不超过 24",
        ),
    )
}

/// There are beds without a stay.
pub(crate) fn no_stay(tier: &str, specialty: &str) -> Finding {
    missing(
        text!("there are {tier} beds for {specialty} but no length of stay", "{tier} 有 {specialty} 床位但没有住院日"),
        text!("add a row {specialty},{tier} to the table of stays", "请在住院日表中加一行 {specialty},{tier}"),
    )
}

/// A tier is asked but has no beds.
pub(crate) fn asked_without_beds(tier: &str, specialty: &str) -> Finding {
    contradiction(
        text!(
            "{tier} hospitals are asked for {specialty} but have no beds for it",
            "{tier} 有 {specialty} 的住院请求但没有床位"
        ),
        Text::new(
            "add beds, or let nobody ask there: set the share and the non-resident demand to 0",
            "请增加床位，或将其首选比例与区外流入设为 0",
        ),
    )
}

/// A specialty in more facilities than can know each other.
pub(crate) fn many_facilities(specialty: &str, found: usize, most: usize) -> Finding {
    contradiction(
        text!(
            "{specialty} stands in {found} facilities and areas, more than {most}",
            "{specialty} 的床位分布在 {found} 处机构，超过 {most} 处"
        ),
        Text::new(
            "give the beds of an area as one facility, pool the tier (`pooling`), or run parts of the country apart",
            "请按街道合并为一处机构，或统筹该层级的床位（`pooling`），或分地区运行",
        ),
    )
}

/// A date is missing.
pub(crate) fn no_day() -> Finding {
    Finding {
        code: code::CELL,
        message: Text::new("the row has no day here", "此处缺少日期"),
        remedy: Text::new("write a day such as 2026-02-17", "请写日期，例如 2026-02-17"),
    }
}

/// More beds than anybody means.
pub(crate) fn many_beds(beds: u32) -> Finding {
    caution(
        text!("{beds} beds in one row", "一行 {beds} 张床"),
        Text::new("the largest hospitals have some thousand: check the number", "最大的医院也只有几千张，请核对"),
    )
}

/// Beds are given as a number and as a table.
pub(crate) fn beds_and_table() -> Finding {
    missing(Text::new("the beds are given twice: as a number and as a table", "床位给了两次：数目与表"), either_beds())
}

/// Nothing says how many beds there are.
pub(crate) fn no_beds() -> Finding {
    missing(Text::new("nothing says how many beds there are", "未给出床位数"), either_beds())
}

const fn either_beds() -> Text {
    Text::new("write either `beds = ...` or `supply = \"table.csv\"`", "请只写 beds = ... 或 supply = \"表.csv\" 之一")
}

/// More patients need intensive care at a time than there are in hospital.
pub(crate) fn more_in_intensive_care(name: &str, share: f64, intensive: f64, stay: f64) -> Finding {
    let (share, intensive, stay) = (format!("{share:.3}"), format!("{intensive:.1}"), format!("{stay:.1}"));
    contradiction(
        text!(
            "patients of «{name}» stay for {stay} days in all, of which {share} x {intensive} days in intensive care: the part is longer than the whole",
            "“{name}”的病人全程平均住院 {stay} 天，其中重症监护平均 {share} × {intensive} 天：部分大于整体"
        ),
        Text::new(
            "let the mean stay of the ward contain the days in intensive care, or lower the share or the stay there",
            "病区平均住院日须包含重症监护天数；否则请降低该比例或重症监护天数",
        ),
    )
}

/// A unit takes nobody's patients.
pub(crate) fn takes_nobody(list: &str) -> Finding {
    contradiction(
        Text::new("the unit takes nobody's patients", "该单元不收治任何病人"),
        text!("write some of: {list}", "请从下列中选：{list}"),
    )
}

/// A unit takes patients of something unknown.
pub(crate) fn no_such_place(name: &str, list: &str) -> Finding {
    Finding {
        code: code::UNKNOWN_NAME,
        message: text!("no tier or ward is called «{name}»", "没有层级或病区“{name}”"),
        remedy: text!("write some of: {list}", "请从下列中选：{list}"),
    }
}

/// Patients have two units.
pub(crate) fn taken_twice(name: &str) -> Finding {
    contradiction(
        text!("patients of «{name}» already have intensive care", "“{name}”的病人已有重症监护单元"),
        text!("name «{name}» once; add the beds to its unit", "“{name}”只写一次，床位加到其所属单元"),
    )
}

/// Nobody needs the beds of a unit.
pub(crate) fn nobody_needs_intensive_care() -> Finding {
    contradiction(
        Text::new("nobody ever needs the intensive care", "没有病人需要重症监护"),
        Text::new(
            "add `intensive_urgent_share` or `intensive_elective_share` to a specialty or ward",
            "请在专科组或病区中加 intensive_urgent_share 或 intensive_elective_share",
        ),
    )
}

/// Patients need a unit that there is not.
pub(crate) fn no_intensive_care(name: &str) -> Finding {
    contradiction(
        text!(
            "patients of «{name}» need intensive care, but no unit takes them",
            "“{name}”的病人需要重症监护，但没有单元收治"
        ),
        Text::new(
            "add [health.intensive_care.<name>] with `patients_of`, or take the share away",
            "请加 [health.intensive_care.<名称>] 并写 patients_of，或删去该比例",
        ),
    )
}

/// A section names a specialty that there is not.
pub(crate) fn no_such_specialty(name: &str, list: &str) -> Finding {
    Finding {
        code: code::UNKNOWN_NAME,
        message: text!("no specialty is called «{name}»", "没有专科“{name}”"),
        remedy: text!("write some of: {list}", "请从下列中选：{list}"),
    }
}

/// Too many wards.
pub(crate) fn too_many_wards(most: usize) -> Finding {
    Finding {
        code: code::OUT_OF_RANGE,
        message: text!("there are more than {most} wards", "病区超过 {most} 个"),
        remedy: Text::new("put wards together, or run them apart", "请合并病区，或分别运行"),
    }
}

/// No ward.
pub(crate) fn no_ward() -> Finding {
    missing(
        Text::new("no ward is named", "未列出任何病区"),
        Text::new("add [health.wards.<name>]", "请加入 [health.wards.<名称>]"),
    )
}

/// The stay of a ward is given twice.
pub(crate) fn stay_twice() -> Finding {
    missing(
        Text::new("the stay is given twice: by a law and as it was counted", "住院日给了两次：分布与实际计数"),
        Text::new("keep `los_mean_days` or `observed_stays`", "请只保留 los_mean_days 或 observed_stays"),
    )
}

/// The stay of a ward is missing.
pub(crate) fn no_stay_of_ward() -> Finding {
    missing(
        Text::new("the ward does not say how long patients stay", "病区未给出住院日"),
        Text::new(
            "add `los_mean_days = ...` (mean stay, days) or `observed_stays = \"table.csv\"`",
            "请补上 los_mean_days = ...（平均住院日）或 observed_stays = \"表.csv\"",
        ),
    )
}

/// Some stay long, but for how long?
pub(crate) fn no_long_stay() -> Finding {
    missing(
        Text::new("some patients stay long, but it is not said how long", "有长住病人，但未给出其住院日"),
        Text::new("add `long_mean_days = ...`", "请补上 long_mean_days = ...（长住病人的平均住院日）"),
    )
}

/// A ward overflows to itself.
pub(crate) fn overflow_to_itself(name: &str, others: &str) -> Finding {
    let remedy = if others.is_empty() {
        text!("take «{name}» away: there is no other ward", "请删去“{name}”：没有其他病区")
    } else {
        text!("take «{name}» away, or write one of: {others}", "请删去“{name}”，或从下列中选：{others}")
    };
    contradiction(text!("a ward cannot overflow to itself: «{name}»", "病区不能转往自己：“{name}”"), remedy)
}

/// A ward overflows to one that there is not.
pub(crate) fn no_such_ward(name: &str, others: &str) -> Finding {
    let remedy = if others.is_empty() {
        text!("take «{name}» away: there is no other ward", "请删去“{name}”：没有其他病区")
    } else {
        text!("write one of: {others}", "请从下列中选：{others}")
    };
    Finding {
        code: code::UNKNOWN_NAME,
        message: text!("`overflow_to` does not know another ward «{name}»", "`overflow_to` 不认识其他病区“{name}”"),
        remedy,
    }
}

/// Full beds would wait for each other.
pub(crate) fn step_down_circle(id: &str) -> Finding {
    contradiction(
        text!(
            "patients of «{id}» step down in a circle: full beds would wait for each other for ever",
            "“{id}”的病人下转成环：满床互相等待，永远无法腾出"
        ),
        Text::new("let step-down end in a ward from which patients go home", "请使下转终止于病人由此回家的病区"),
    )
}

/// Days until nobody comes back.
pub(crate) fn nobody_comes_back() -> Finding {
    contradiction(
        Text::new(
            "nobody of this specialty comes back, so days until then say nothing",
            "该专科无人再入院，天数无意义",
        ),
        Text::new(
            "give `readmission_share` as well, or name the specialty in [health.readmission]",
            "请同时给出 readmission_share，或在 [health.readmission] 中列出该专科",
        ),
    )
}

/// Many more patients ask than beds could ever serve.
pub(crate) fn demand_without_end(requests: f64, beds: f64, served: f64) -> Finding {
    let (requests, beds, served) = (rounded(requests), rounded(beds), rounded(served));
    caution(
        text!(
            "{requests} requests a year for {beds} beds, of which one serves about {served} patients a year",
            "每年 {requests} 次请求、{beds} 张床，而一张床一年约收治 {served} 人"
        ),
        Text::new("is this a figure of a year, given as one of a day?", "是否把全年数字当作每日数字填写？"),
    )
}

/// More admissions than anybody has.
pub(crate) fn many_admissions(per_thousand: f64) -> Finding {
    let number = rounded(per_thousand);
    caution(
        text!("{number} admissions a year per 1,000 residents", "每千居民每年住院 {number} 人次"),
        Text::new(
            "the country has about 214 per 1,000, the oldest some 600: check the unit",
            "全国约 214 人次，高龄约 600 人次：请核对单位",
        ),
    )
}

/// A hole in the ages of a specialty.
pub(crate) fn ages_without_row(sex: &str, specialty: &str, ages: &str) -> Finding {
    caution(
        text!(
            "the table has no row for {sex}, age {ages}, {specialty}: they never ask for a bed",
            "表中没有 {sex}、{ages} 岁、{specialty} 的行：他们从不住院"
        ),
        text!(
            "add a row {sex},{ages},{specialty}, with 0 if it is meant so",
            "请补上 {sex},{ages},{specialty} 一行；若确实为零请写 0"
        ),
    )
}

/// One sex of a specialty is missing.
pub(crate) fn sex_without_row(sex: &str, specialty: &str) -> Finding {
    caution(
        text!("the table has no row for {sex}, {specialty}", "表中没有 {sex}、{specialty} 的行"),
        text!(
            "add rows {sex},...,{specialty}, with 0 if it is meant so",
            "请补上 {sex},…,{specialty} 各行；若确实为零请写 0"
        ),
    )
}

/// A whole number with its thousands apart.
fn rounded(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A coefficient of variation that its law does not have.
pub(crate) fn idle_cv(law: &str, cv: f64, own: f64) -> Finding {
    caution(
        text!(
            "a stay with los_distribution = \"{law}\" has the cv {own}; {cv} is not used",
            "los_distribution = \"{law}\" 的变异系数为 {own}，此处 {cv} 不起作用"
        ),
        text!(
            "write {own}, or give the specialty another `los_distribution`",
            "请写 {own}，或为该专科选其他 los_distribution"
        ),
    )
}

/// What would let a factor on the choice of the tertiary tier act.
pub(crate) const fn other_choice_factors() -> Text {
    Text::new(
        "change those of the other tiers or `outside_factor`: tertiary hospitals take the rest",
        "改其他层级的系数或 outside_factor：三级医院接收其余",
    )
}

/// What would let patients of the tertiary tier be sent up.
pub(crate) const fn a_tier_above() -> Text {
    Text::new("leave it out: there is no tier above", "请删去：三级之上没有层级")
}

/// What would let terms of urgent requests act.
pub(crate) const fn urgent_requests() -> Text {
    Text::new("give a ward `urgent_per_day`", "在病区中给出 `urgent_per_day`")
}

/// What would let terms of lists act.
pub(crate) const fn elective_requests() -> Text {
    Text::new("give a specialty an `elective_share` above 0", "使某专科的 `elective_share` 大于 0")
}

/// A weekday on which patients leave in part.
pub(crate) fn part_of_a_weekday() -> Finding {
    Finding {
        code: code::OUT_OF_RANGE,
        message: Text::new(
            "a weekday is one on which patients leave, or it is not: there are no parts",
            "某个星期几要么可出院、要么不可出院，不能写中间值",
        ),
        remedy: Text::new("write 1 or 0 for each weekday", "每个星期几请写 1 或 0"),
    }
}

/// Two holidays share a day, whose factors would be multiplied.
pub(crate) fn holidays_overlap(day: Day, line: usize) -> Finding {
    Finding {
        code: code::ROW,
        message: text!(
            "this holiday from {day} shares days with that of line {line}",
            "自 {day} 起的假期与第 {line} 行的假期有重叠的日子"
        ),
        remedy: Text::new(
            "let every day belong to one holiday: end the one before the other begins, or delete one",
            "每一天只能属于一个假期：请使前一个在后一个开始之前结束，或删去其一",
        ),
    }
}

/// What would let names of specialties act.
pub(crate) const fn specialties_not_wards() -> Text {
    Text::new("leave out `[health.wards]`: wards have no specialties", "不写 `[health.wards]`：病区不分专科")
}
