//! What planners are told of faults in `[elderly]` and its tables: what is wrong, and what to write instead.

use super::demand::need::embedding::Embedding;
use super::demand::need::levels::{LEVEL_KEYS, LEVELS};
use crate::diagnostic::{Finding, code};
use crate::input::nearest;
use crate::language::Text;
use crate::text;

const fn contradiction(message: Text, remedy: Text) -> Finding {
    Finding { code: code::CONTRADICTION, message, remedy }
}

const fn missing(message: Text, remedy: Text) -> Finding {
    Finding { code: code::MISSING_KEY, message, remedy }
}

const fn cell(message: Text, remedy: Text) -> Finding {
    Finding { code: code::CELL, message, remedy }
}

const fn table(message: Text, remedy: Text) -> Finding {
    Finding { code: code::ROW, message, remedy }
}

// The section as a whole.

pub(crate) fn nothing_to_simulate() -> Finding {
    missing(
        Text::new(
            "[elderly] has neither need, supply and services nor queues nor stations",
            "[elderly] 既无 need、supply、services，也无 queues 或 stations",
        ),
        Text::new(
            "give need, living, supply and services, or [elderly.queues.<name>]",
            "请给出 need、living、supply 与 services，或 [elderly.queues.<名称>]",
        ),
    )
}

pub(crate) fn no_people() -> Finding {
    contradiction(
        Text::new("need follows people, but the scenario has none", "失能人数来自人口，但方案没有 [people]"),
        Text::new(
            "add [people], or describe [elderly.queues.<name>] only",
            "请加入 [people]，或只写 [elderly.queues.<名称>]",
        ),
    )
}

pub(crate) fn key_is_needed(key: &str) -> Finding {
    missing(
        text!("[elderly] does not say `{key}`", "[elderly] 缺少 `{key}`"),
        text!("add `{key} = ...`", "请补上 `{key} = ...`"),
    )
}

/// A queue is to be asked when it is full itself; `others` are those that could be meant.
pub(crate) fn overflow_to_itself(name: &str, others: &str) -> Finding {
    contradiction(
        text!("a queue cannot overflow to itself: «{name}»", "队列不能转往自己：“{name}”"),
        if others.is_empty() {
            Text::new("delete `overflow_to`", "请删去 `overflow_to`")
        } else {
            text!("delete `overflow_to`, or name one of: {others}", "请删去 `overflow_to`，或从下列中选一：{others}")
        },
    )
}

pub(crate) fn too_many_queues(most: usize) -> Finding {
    contradiction(
        text!("there are more than {most} queues", "队列超过 {most} 个"),
        Text::new("split the scenario", "请拆分方案"),
    )
}

pub(crate) fn too_many_areas(areas: usize, most: usize) -> Finding {
    contradiction(
        text!(
            "elderly care is simulated for up to {most} areas, but the scenario has {areas}",
            "养老服务最多模拟 {most} 个区域，方案有 {areas} 个"
        ),
        Text::new(
            "split the scenario, join areas, or leave [elderly.prices] out",
            "请拆分方案、合并区域，或不写 [elderly.prices]",
        ),
    )
}

pub(crate) fn nobody_is_registered() -> Finding {
    contradiction(
        Text::new(
            "only registered people are entitled, but nothing says who is registered",
            "仅本地户籍者可享受待遇，但方案没有给出户籍状况",
        ),
        Text::new("add [people.registration], or remove it", "请加入 [people.registration]，或删去此键"),
    )
}

// Definition of need.

pub(crate) fn no_such_definition(name: &str, known: &[&str]) -> Finding {
    let list = known.join(", ");
    let remedy = nearest(name, known.iter().copied()).map_or_else(
        || {
            text!(
                "write one of {list}; or describe the table's own in words",
                "请选 {list} 之一；或用文字说明表自身的口径"
            )
        },
        |meant| text!("did you mean `{meant}`? Known: {list}", "是否想写 `{meant}`？可用：{list}"),
    );
    Finding {
        code: code::UNKNOWN_CHOICE,
        message: text!("there is no definition of need «{name}»", "没有名为“{name}”的失能口径"),
        remedy,
    }
}

pub(crate) fn definition_counts_from(definition: &str, level: &str) -> Finding {
    contradiction(
        text!("{definition} counts people from {level} on", "{definition} 口径从 {level} 起计"),
        text!("remove `counts_as_need`, or write \"{level}\"", "请删去 `counts_as_need`，或写 \"{level}\""),
    )
}

// Services and queues.

pub(crate) fn no_stay(path: &str) -> Finding {
    missing(
        text!("[{path}] does not say `stay_months`", "[{path}] 缺少 `stay_months`"),
        Text::new("add the mean stay in months", "请补上平均入住月数"),
    )
}

/// Two keys say how long people wait.
pub(crate) fn patience_in_two_ways(total: &str, by_cause: &str) -> Finding {
    contradiction(
        text!(
            "`{total}` counts every cause of leaving the list, `{by_cause}` builds it from causes: both are given",
            "`{total}` 已含各种退出原因，`{by_cause}` 则按原因合成，两者不能并存"
        ),
        Text::new("remove one of the two", "请删去其中之一"),
    )
}

pub(crate) fn no_hazard() -> Finding {
    contradiction(
        Text::new("all hazards are 0, so nobody would leave the list", "各项风险均为 0，则无人退出等候"),
        Text::new(
            "remove `reneging_hazards`, or give a yearly hazard",
            "请删去 `reneging_hazards`，或给出某一项年风险",
        ),
    )
}

// What would let an idle key act.

pub(crate) fn moved_to_beds() -> Text {
    Text::new("write it in short_stay or a long_stay_ service", "写在 short_stay 或 long_stay_… 服务中")
}

pub(crate) fn moved_to_days() -> Text {
    Text::new("write it in day or meals", "写在 day 或 meals 中")
}

pub(crate) fn moved_to_community() -> Text {
    Text::new("write it in home_visits, day or meals", "写在 home_visits、day 或 meals 中")
}

pub(crate) fn entitle_somebody() -> Text {
    Text::new("give the entitled shares under [elderly.entitled]", "在 [elderly.entitled] 写明享受比例")
}

pub(crate) fn several_areas() -> Text {
    Text::new("give several areas with their neighbours", "给出多个区域及其相邻关系")
}

pub(crate) fn a_service_of_beds() -> Text {
    Text::new(
        "add short_stay or a long_stay_ service to [elderly.services]",
        "在 [elderly.services] 中加入 short_stay 或 long_stay_… 服务",
    )
}

pub(crate) fn a_service_of_days() -> Text {
    Text::new(
        "add day or meals to [elderly.services], without a value of their own",
        "在 [elderly.services] 中加入 day 或 meals，且不另写此值",
    )
}

pub(crate) fn carers_do_not_limit(care: &str) -> Finding {
    Finding {
        code: code::IDLE,
        message: text!(
            "`staff` has no effect: nothing says how many places of {care} a carer looks after",
            "`staff` 不起作用：方案没有写明一名护理人员可照护多少个 {care} 位"
        ),
        remedy: text!(
            "give `places_per_carer` in [elderly.services.{care}], or leave the column empty",
            "请在 [elderly.services.{care}] 写明 `places_per_carer`，或将此列留空"
        ),
    }
}

// Shares.

pub(crate) fn prices_do_not_add_to_one(sum: f64) -> Finding {
    contradiction(
        text!("the three shares add to {sum:.3}, not 1", "三个比例之和为 {sum:.3}，不等于 1"),
        Text::new("make basic + ordinary + premium = 1", "请使 basic + ordinary + premium = 1"),
    )
}

pub(crate) fn arrangements_do_not_add_to_one(sum: f64) -> Finding {
    cell(
        text!("the three shares add to {sum:.3}, not 1", "三个比例之和为 {sum:.3}，不等于 1"),
        Text::new("make alone + couple + with_children = 1", "请使 alone + couple + with_children = 1"),
    )
}

pub(crate) fn needs_do_not_add_to_one(sum: f64) -> Finding {
    cell(
        text!("the four shares add to {sum:.4}, not 1", "四个比例之和为 {sum:.4}，不等于 1"),
        Text::new("make none + mild + moderate + severe = 1", "请使 none + mild + moderate + severe = 1"),
    )
}

pub(crate) fn probabilities_do_not_add_to_one(sum: f64) -> Finding {
    cell(
        text!("the five probabilities add to {sum:.4}, not 1", "五个概率之和为 {sum:.4}，不等于 1"),
        Text::new("make none + mild + moderate + severe + dead = 1", "请使 none + mild + moderate + severe + dead = 1"),
    )
}

// Ages.

pub(crate) fn not_whole(column: &str, number: f64, low: i32, high: i32) -> Finding {
    cell(
        text!("`{column}` = {number} is not a whole number", "`{column}` = {number} 不是整数"),
        text!("write a whole number in {low} … {high}", "请写 {low} … {high} 之内的整数"),
    )
}

pub(crate) fn not_an_age_group(written: &str) -> Finding {
    cell(
        text!("«{written}» is not an age group", "“{written}”不是年龄组"),
        Text::new("write 60-64, or 85+ for the last", "请写 60-64，最后一组写 85+"),
    )
}

pub(crate) fn not_a_group_of_living() -> Finding {
    cell(
        Text::new("the table of living arrangements has no such sex and age", "居住方式表中没有这一性别和年龄组"),
        Text::new("use the same age groups in both tables", "两张表请用相同的年龄组"),
    )
}

pub(crate) fn need_is_missing() -> Finding {
    table(
        Text::new(
            "a sex, an age group or a living arrangement of the table of living arrangements has no need here",
            "居住方式表中的某一性别、年龄组或居住方式在此表中没有对应的行",
        ),
        Text::new("give a row for each of them", "请为每一种给出一行"),
    )
}

pub(crate) fn ages_not_covered(what_en: &str, what_zh: &str) -> Finding {
    table(
        text!("{what_en} does not cover ages 60 to 100+ of both sexes", "{what_zh}未覆盖男女 60 至 100+ 岁"),
        Text::new("add the missing ages; the last may be open (100+)", "请补上缺少的年龄，最后一组可写 100+"),
    )
}

pub(crate) fn age_in_two_groups(age: usize) -> Finding {
    cell(
        text!("age {age} is in two groups", "{age} 岁属于两个年龄组"),
        Text::new("let every age be in one group", "每个年龄只属于一组"),
    )
}

pub(crate) fn ages_without_row(from: usize, to: usize) -> Finding {
    table(
        text!("ages {from} to {to} of a sex have no row", "某一性别 {from} 至 {to} 岁没有对应的行"),
        Text::new("let the age groups follow each other without a gap", "请使各年龄组首尾相接"),
    )
}

// Facilities.

pub(crate) fn service_not_planned(care: &str) -> Finding {
    Finding {
        code: code::CAUTION,
        message: text!(
            "places of {care} are given, but nobody uses them: [elderly.services] has no {care}",
            "给出了 {care} 的位数，但无人使用：[elderly.services] 中没有 {care}"
        ),
        remedy: text!(
            "add [elderly.services.{care}] with the shares of people who use it, or leave these rows out",
            "请加入 [elderly.services.{care}] 并写明使用比例，或删去这些行"
        ),
    }
}

// Transitions.

pub(crate) fn table_and_source_differ(source: &str) -> Finding {
    contradiction(
        text!(
            "transitions = \"{source}\" and `transition_table` do not go together",
            "transitions = \"{source}\" 与 `transition_table` 不相符"
        ),
        Text::new(
            "for a table of your own write transitions = \"hazards\" or \"yearly\" and its file under `transition_table`; otherwise leave that key out",
            "用自己的表时请写 transitions = \"hazards\" 或 \"yearly\"，并在 `transition_table` 写表名；否则请删去该键",
        ),
    )
}

pub(crate) fn levels_are_missing(people: &Text, years: i32) -> Finding {
    let over = if years == 1 { Text::name("") } else { text!(", over {years} years", "（{years} 年）") };
    let (en, zh) = (format!("{}{}", people.en, over.en), format!("{}{}", people.zh, over.zh));
    cell(
        text!("{en}: not every level has a row", "{zh}：各程度未写全"),
        Text::new("give rows from none, mild, moderate and severe", "请写出 none、mild、moderate、severe 四行"),
    )
}

pub(crate) fn no_rates(people: &Text) -> Finding {
    let (en, zh) = (&people.en, &people.zh);
    cell(
        text!(
            "{en}: no rates of change can give this yearly matrix (it has no real logarithm)",
            "{zh}：没有任何变化率能得出此年度矩阵（无实对数）"
        ),
        Text::new(
            "check the rows, in most cases one is miscopied or rests on few people; or use transitions = \"need_table\"",
            "请检查各行（多为抄写错误或样本太小）；或改用 transitions = \"need_table\"",
        ),
    )
}

pub(crate) fn no_rates_near(people: &Text, distance: f64) -> Finding {
    let (en, zh, points) = (&people.en, &people.zh, 100.0 * distance);
    cell(
        text!(
            "{en}: no rates of change come near this yearly matrix; the nearest miss it by {points:.1} percentage points",
            "{zh}：没有变化率能接近此年度矩阵，最接近者仍相差 {points:.1} 个百分点"
        ),
        Text::new(
            "such a matrix mixes people or measurements; smooth it, give rates (transitions = \"hazards\"), or use \"need_table\"",
            "此类矩阵混合了不同人群或测量误差；请先平滑，或直接给变化率（transitions = \"hazards\"），或用 \"need_table\"",
        ),
    )
}

/// What is said of `count` yearly matrices that all come from rates.
pub(crate) fn all_embeddable(count: u32) -> Text {
    text!(
        "need: all {count} yearly matrices come from rates of change (embeddable)",
        "失能：{count} 个年度矩阵都对应可行的变化率（可嵌入连续时间）"
    )
}

/// What is said where `near` of `count` yearly matrices do not come from rates, the worst of them that of `people`.
pub(crate) fn nearly_embeddable(near: u32, count: u32, people: &Text, embedding: &Embedding) -> Finding {
    let points = 100.0 * embedding.distance;
    let level = |level: usize| if level < LEVELS { LEVEL_KEYS[level] } else { "dead" };
    let (from, to, rate) = embedding.negative.map_or(("", "", 0.0), |n| (level(n.from), level(n.to), n.rate));
    let (en, zh) = (&people.en, &people.zh);
    Finding {
        code: code::CAUTION,
        message: text!(
            "need: {near} of {count} yearly matrices have no valid rates of change; the nearest are used and miss them by at most {points:.2} percentage points ({en}: {from} to {to} would need {rate:.4} a year)",
            "失能：{count} 个年度矩阵中有 {near} 个没有可行的变化率，已用最接近者代替，与原矩阵最多相差 {points:.2} 个百分点（{zh}：{from} 到 {to} 需要 {rate:.4}/年）"
        ),
        remedy: Text::new(
            "nothing need be done if that difference does not matter; never take roots of such a matrix",
            "若该差异可以接受则无需处理；切勿对此类矩阵开方求月度矩阵",
        ),
    }
}

/// The matrix of several years against the power of the yearly one.
pub(crate) fn power_differs(years: i32, people: &Text, difference: f64) -> Finding {
    let (en, zh, points) = (&people.en, &people.zh, 100.0 * difference);
    Finding {
        code: code::CAUTION,
        message: text!(
            "{years} years by the yearly matrix differ from the matrix of {years} years by at most {points:.1} percentage points ({en})",
            "年度矩阵的 {years} 次方与 {years} 年矩阵最多相差 {points:.1} 个百分点（{zh}）"
        ),
        remedy: Text::new(
            "the two do not tell of one chain: people differ in more than age and need, or fall in and out of need within a year; the yearly matrix is used",
            "两者不属于同一条链：人群差异不止年龄与失能，或一年内有反复；模拟采用年度矩阵",
        ),
    }
}

// Places in use, for calibration.

pub(crate) fn no_figures() -> Finding {
    table(
        Text::new("the table has no figures", "表中没有数据"),
        Text::new("give a row for each service", "每项服务写一行"),
    )
}

pub(crate) fn by_area_and_whole(care: &str, year: i32) -> Finding {
    cell(
        text!("{care} of {year} stands both by area and for the district", "{care} {year} 年既有分区域又有全区的数据"),
        Text::new("give one or the other", "只保留其中一种"),
    )
}

pub(crate) fn counted_twice(care: &str, year: i32) -> Finding {
    cell(
        text!("{care} of {year} is counted twice", "{care} {year} 年的数据重复"),
        Text::new("one row for each level, or one for all levels together", "每层级一行，或各层级合计一行"),
    )
}

/// Death rates per 1,000.
pub(crate) fn deaths_per_thousand(rate: f64) -> Finding {
    let meant = rate / 1_000.0;
    cell(
        text!("{rate} deaths per person and year: nobody would live another year", "每人年死亡 {rate}：无人能再活一年"),
        text!("are these deaths per 1,000? then write {meant}", "是否为每千人死亡数？若是，请写 {meant}"),
    )
}

/// Places that no facility has.
pub(crate) fn many_places(places: f64) -> Finding {
    Finding {
        code: code::CAUTION,
        message: text!("{places} places in one facility are hardly meant", "一个设施有 {places} 个位数，不合常理"),
        remedy: Text::new(
            "write the places of one facility; are these people, or square metres?",
            "请写一个设施的位数；是否误填了人数或面积？",
        ),
    }
}

/// Requests for many times what the places of a queue could serve.
pub(crate) fn requests_without_end(requests: f64, places: f64, served: f64) -> Finding {
    Finding {
        code: code::CAUTION,
        message: text!(
            "{requests:.0} requests a year for {places:.0} places, of which one serves about {served:.1} people a year",
            "每年 {requests:.0} 人申请、{places:.0} 个位数，而一个位数一年约服务 {served:.1} 人"
        ),
        remedy: Text::new(
            "write the requests of a year for these places, and the stay in months",
            "请写这些位数一年的申请人数，以及以月计的入住时长",
        ),
    }
}

/// More people are counted in a place than there are places.
pub(crate) fn more_counted_than_places(people: u32, places: u32) -> Finding {
    contradiction(
        text!("{people} people are counted in {places} places", "在住 {people} 人，而位数只有 {places} 个"),
        Text::new(
            "correct one of the two; who waits for a place belongs to those who wait",
            "请更正其一；未入住的等候者应计入等候人数",
        ),
    )
}
