//! Verdicts and pictures in plain words, sentences that a mayor understands, in both languages.

use super::document::{FanChart, GapFigures, HeatMap, Measure, Stack, VerdictCard};
use super::number;
use crate::language::Text;
use crate::metric::{Block, Role};
use crate::scenario::Plan;
use crate::study::{AreaShortage, Verdict, VerdictLevel};
use crate::text;

/// The name of a rank.
pub const fn rank(rank: VerdictLevel) -> Text {
    match rank {
        VerdictLevel::Meets => Text::new("meets demand", "满足需求"),
        VerdictLevel::AtRisk => Text::new("at risk", "有风险"),
        VerdictLevel::FallsShort => Text::new("falls short", "不足"),
        VerdictLevel::Unstable => Text::new("unstable", "不稳定（需求持续超过能力）"),
    }
}

/// A probability as planners say it: never a bare 0 % or 100 % from a finite number of replications.
pub fn probability(p: f64) -> Text {
    if p <= 0.0 {
        Text::new("almost 0%", "接近 0%")
    } else if p < 0.01 {
        Text::new("under 1%", "不到 1%")
    } else if p > 0.99 {
        Text::new("over 99%", "超过 99%")
    } else {
        let percent = (p * 100.0).round();
        text!("{percent}%", "{percent}%")
    }
}

/// The name of a rank, marked where another seed might give another.
pub fn standing(rank: VerdictLevel, close_to: Option<VerdictLevel>) -> Text {
    let name = self::rank(rank);
    if close_to.is_none() {
        return name;
    }
    let (en, zh) = (&name.en, &name.zh);
    text!("{en} – too close to call", "{zh}（尚难判定）")
}

/// What the verdict says of the district, then of its areas, then of later surplus. `crowded` are those with a place above
/// the norm in the worst year, where the stage counts them.
pub fn verdict(plan: &Plan, block: &Block, verdict: &Verdict, crowded: Option<f64>) -> Text {
    let mut said = district(plan, block, verdict);
    let short = verdict.rank == VerdictLevel::FallsShort;
    let more = [
        crowded.filter(|crowded| *crowded >= 0.5 && short).map(above_the_norm),
        reasons(block, verdict),
        verdict.close_to.map(|other| too_close(verdict.rank, other)),
        areas(plan, verdict),
        verdict.surplus_from.map(|year| low_use(block, verdict, year)),
    ];
    for more in more.into_iter().flatten() {
        said = join(&said, &more);
    }
    said
}

fn above_the_norm(crowded: f64) -> Text {
    let crowded = number::whole(crowded);
    text!(" About {crowded} are taught in classes above the standard size.", "另有约 {crowded} 人超出标准班额就读。")
}

/// Which limits of a promise are broken how often, where it has several.
fn reasons(block: &Block, verdict: &Verdict) -> Option<Text> {
    let limits = &block.promise.as_ref()?.limits;
    if limits.len() < 2 || verdict.rank == VerdictLevel::Meets {
        return None;
    }
    let (en, zh): (Vec<String>, Vec<String>) = limits
        .iter()
        .zip(&verdict.by_limit)
        .map(|(limit, p)| {
            let p = number::probability(*p);
            (format!("{} {p}", limit.broken.en), format!("{} {p}", limit.broken.zh))
        })
        .unzip();
    let (en, zh, year) = (en.join(", "), zh.join("，"), verdict.worst_year.0);
    Some(text!(" By reason in {year}: {en}.", "按原因（{year} 年）：{zh}。"))
}

fn too_close(rank: VerdictLevel, other: VerdictLevel) -> Text {
    let (rank, other) = (self::rank(rank), self::rank(other));
    let (en, zh, other_en, other_zh) = (&rank.en, &rank.zh, &other.en, &other.zh);
    text!(
        " Too close to call between “{en}” and “{other_en}” with so few replications.",
        "“{zh}”与“{other_zh}”之间尚难判定（模拟次数所限）。"
    )
}

fn low_use(block: &Block, verdict: &Verdict, year: i32) -> Text {
    let line = block.promise.as_ref().map_or(0.0, |p| p.surplus_below * 100.0).round();
    if verdict.rank != VerdictLevel::Meets && year <= verdict.worst_year.0 {
        text!(
            " Low use is also likely from {year} on (less than {line}% of places in use); the data cannot yet tell which.",
            "{year} 年起也较可能出现闲置（利用率低于 {line}%）；现有数据尚不能判定。"
        )
    } else {
        text!(
            " From {year} on places are likely under-used (less than {line}% in use).",
            "{year} 年起较可能出现闲置（利用率低于 {line}%）。"
        )
    }
}

/// How likely something is that is more likely than not, in words that do not say more than the number.
fn likelihood(p: f64) -> Text {
    // By the percentage that is written beside it.
    match (p * 100.0).round() {
        percent if percent > 95.0 => Text::new("almost surely", "几乎肯定"),
        percent if percent >= 66.0 => Text::new("likely", "很可能"),
        _ => Text::new("more likely than not", "较可能"),
    }
}

fn district(plan: &Plan, block: &Block, verdict: &Verdict) -> Text {
    let (from, to) = (plan.shown_from, plan.site.end);
    let (year, p) = verdict.worst_year;
    let likely = likelihood(p);
    let (likely_en, likely_zh) = (&likely.en, &likely.zh);
    let p = probability(p);
    let (p_en, p_zh) = (&p.en, &p.zh);
    // A number stands apart from the words before it, words do not.
    let apart = if p_zh.starts_with(|c: char| c.is_ascii_digit()) { " " } else { "" };
    match verdict.rank {
        VerdictLevel::Meets if verdict.worst_year.1 <= 0.0 => text!(
            "Planned places are enough in every year {from}–{to}; no replication shows a shortage.",
            "{from}–{to} 年按现有规划均可满足需求，所有模拟均达标。"
        ),
        VerdictLevel::Meets => text!(
            "Planned places are enough in every year {from}–{to}; tightest year {year}: target missed with probability {p_en}.",
            "{from}–{to} 年按现有规划均可满足需求；最紧张年份为 {year} 年，不达标概率{apart}{p_zh}。"
        ),
        VerdictLevel::AtRisk => text!(
            "Planned places may be too few; tightest year {year}: target missed with probability {p_en}.",
            "按现有规划可能不足；最紧张年份为 {year} 年，不达标概率{apart}{p_zh}。"
        ),
        VerdictLevel::FallsShort => {
            let without = without(block, verdict.unmet);
            let (without_en, without_zh) = (&without.en, &without.zh);
            text!(
                "Planned places are {likely_en} too few; tightest year {year}: target missed with probability {p_en}; {without_en}.",
                "按现有规划，{likely_zh}不足；最紧张年份为 {year} 年，不达标概率{apart}{p_zh}，{without_zh}。"
            )
        }
        VerdictLevel::Unstable => text!(
            "Demand stays above capacity: lists grow without end, so no waiting time can be stated.",
            "需求持续超过供给能力，等候人数不断增加，无法给出等候时间。"
        ),
    }
}

/// How many go without, by the name that the stage gives them.
fn without(block: &Block, unmet: f64) -> Text {
    let metric = block.metrics.iter().find(|metric| metric.role == Role::Unmet);
    let label = metric.map_or_else(|| Text::new("Unserved", "未获服务"), |metric| metric.label.clone());
    // What stands in brackets is the unit.
    let (en, zh) = (lower(&label.en), label.zh.split('（').next().unwrap_or_default());
    if unmet < 0.5 {
        return text!("on average fewer than one {en}", "平均{zh}不足 1");
    }
    let unmet = number::whole(unmet);
    text!("on average {unmet} {en}", "平均{zh}约 {unmet}")
}

/// Words with a small first letter, as they stand inside a sentence.
fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn areas(plan: &Plan, verdict: &Verdict) -> Option<Text> {
    let AreaShortage { area, year, probability: p } = verdict.worst_area?;
    let label = &plan.site.areas[area].label;
    let (en, zh, p) = (&label.en, &label.zh, probability(p));
    let (p_en, p_zh) = (&p.en, &p.zh);
    let count = verdict.short_areas.len();
    Some(match count {
        0 => text!(" Tightest area: {en} ({year}, {p_en}).", "最紧张的街道：{zh}（{year} 年，{p_zh}）。"),
        1 => text!(" Shortage is likely in {en} ({year}, {p_en}).", "{zh}预计不足（{year} 年，不达标概率 {p_zh}）。"),
        _ => text!(
            " In {count} areas shortage is more likely than not in some year, most of all in {en} ({year}, {p_en}).",
            "有 {count} 个街道在某些年份不达标概率过半，最高的是{zh}（{year} 年，{p_zh}）。"
        ),
    })
}

/// The gap of the stage that most likely misses its target, in one line; `None` where all are met.
pub fn tightest(cards: &[&VerdictCard]) -> Option<Text> {
    let risk = |card: &VerdictCard| card.worst_year.map_or(0.0, |(_, p)| p);
    let open = cards.iter().filter(|card| card.rank != VerdictLevel::Meets && card.gap.is_some());
    let worst =
        open.reduce(|worst, next| if (next.rank, risk(next)) > (worst.rank, risk(worst)) { next } else { worst })?;
    worst.gap.as_ref().map(|figures| gap(&worst.stage, figures))
}

/// A count in words that say "about": to the hundred from a thousand on, to the ten from a hundred on.
pub fn about(value: f64) -> String {
    let step = if value >= 1000.0 {
        100.0
    } else if value >= 100.0 {
        10.0
    } else {
        1.0
    };
    number::whole((value / step).round() * step)
}

/// The gap of a stage in its tightest year in one plain line: how many, where, and what is planned mends.
pub fn gap(stage: &Text, gap: &GapFigures) -> Text {
    let (stage_en, stage_zh, year) = (&stage.en, &stage.zh, gap.year);
    // The year is said: "people", not "people/year".
    let unit = |words: &str, end: &str| words.strip_suffix(end).unwrap_or(words).to_owned();
    let (unit_en, unit_zh) = (unit(&gap.unit.en, "/year"), unit(&gap.unit.zh, "/年"));
    if gap.mean < 0.5 {
        return text!(
            "{stage_en}, {year} (tightest year): on average nothing is missing.",
            "{stage_zh} {year} 年（最紧张年份）：平均无缺口。"
        );
    }
    let (mean, high) = (about(gap.mean), about(gap.high));
    let mut said = if gap.mended.is_some() {
        text!(
            "{stage_en}, {year}: about {mean} {unit_en} short (in 90% of cases at most {high})",
            "{stage_zh} {year} 年：预计缺约 {mean} {unit_zh}（90% 情形不超过 {high}）"
        )
    } else {
        text!(
            "{stage_en}, {year}: about {mean} {unit_en} go without (in 90% of cases at most {high})",
            "{stage_zh} {year} 年：预计约 {mean} {unit_zh}得不到服务（90% 情形不超过 {high}）"
        )
    };
    if let Some((area, _)) = &gap.worst_area {
        let (en, zh) = (&area.en, &area.zh);
        said = join(&said, &text!(", most in {en}", "，以{zh}最多"));
    }
    let mended = gap.mended.filter(|mended| *mended >= 0.5).map(|mended| {
        let (without, mended) = (about(gap.mean + mended), about(mended));
        text!(
            ". Without what is planned {without} would be missing: planned openings mend {mended}, {mean} are still missing.",
            "。如无已规划项目将缺约 {without}：已规划项目可补 {mended}，仍缺 {mean}。"
        )
    });
    join(&said, &mended.unwrap_or_else(|| Text::new(".", "。")))
}

/// The worst rank among stages of a service.
pub fn worst(cards: &[&VerdictCard]) -> Option<VerdictLevel> {
    cards.iter().map(|card| card.rank).max()
}

/// One sentence on a service from the verdicts on its stages: what is not enough and when, what is, where places stand empty.
pub fn service(cards: &[&VerdictCard]) -> Text {
    let with = |ranks: &[VerdictLevel]| -> Vec<&VerdictCard> {
        cards.iter().copied().filter(|card| ranks.contains(&card.rank)).collect()
    };
    let (short, risky) = (with(&[VerdictLevel::FallsShort, VerdictLevel::Unstable]), with(&[VerdictLevel::AtRisk]));
    let enough = with(&[VerdictLevel::Meets]);
    let worst_in = |card: &VerdictCard| card.worst_year.map(|(year, p)| (year, Some(number::probability(p))));
    let mut clauses = Vec::new();
    if !short.is_empty() {
        let list = list(&short, worst_in, "tightest", "年最紧张");
        let (en, zh) = (&list.en, &list.zh);
        clauses.push(text!("shortage likely: {en}", "预计不足：{zh}"));
    }
    if !risky.is_empty() {
        let list = list(&risky, worst_in, "tightest", "年最紧张");
        let (en, zh) = (&list.en, &list.zh);
        clauses.push(text!("at risk: {en}", "有风险：{zh}"));
    }
    if enough.len() == cards.len() {
        clauses.push(Text::new("enough in every stage and year", "各学段（层级）各年均可满足需求"));
    } else if !enough.is_empty() {
        let list = list(&enough, |_| None, "", "");
        clauses.push(Text::owned(format!("enough: {}", list.en), format!("可满足需求：{}", list.zh)));
    }
    let en: Vec<&str> = clauses.iter().map(|clause| clause.en.as_ref()).collect();
    let zh: Vec<&str> = clauses.iter().map(|clause| clause.zh.as_ref()).collect();
    let said = Text::owned(capital(&en.join("; ")) + ".", zh.join("；") + "。");
    // Places that stand empty while they may also not be enough are no surplus: only those that are enough, or that outlast
    // the worst year.
    let outlasts = |card: &VerdictCard| match (card.surplus_from, card.worst_year) {
        (Some(from), Some((worst, _))) => card.rank == VerdictLevel::Meets || from > worst,
        (from, None) => from.is_some(),
        (None, _) => false,
    };
    let spare: Vec<&VerdictCard> = cards.iter().copied().filter(|card| outlasts(card)).collect();
    if spare.is_empty() {
        return said;
    }
    let list = list(&spare, |card| card.surplus_from.map(|year| (year, None)), "from", "年起");
    let (en, zh) = (&list.en, &list.zh);
    join(&said, &text!(" Spare places: {en}.", "富余：{zh}。"))
}

/// Stages with a year and a probability each: "Primary school (tightest 2024: 83%), Junior secondary (tightest 2029: 81%)".
/// The words stand with every one: "from 2031" cut to "2031" would be that year alone.
fn list(
    cards: &[&VerdictCard],
    year: impl Fn(&VerdictCard) -> Option<(i32, Option<String>)>,
    before: &str,
    after: &str,
) -> Text {
    let mut en = Vec::new();
    let mut zh = Vec::new();
    for card in cards {
        let (stage_en, stage_zh) = (&card.stage.en, &card.stage.zh);
        let Some((year, probability)) = year(card) else {
            en.push(stage_en.to_string());
            zh.push(stage_zh.to_string());
            continue;
        };
        let (p_en, p_zh) = probability.map_or_else(Default::default, |p| (format!(": {p}"), format!("，{p}")));
        en.push(format!("{stage_en} ({before} {year}{p_en})"));
        zh.push(format!("{stage_zh}（{year} {after}{p_zh}）"));
    }
    Text::owned(en.join(", "), zh.join("、"))
}

/// Words with a capital first letter, as a heading begins.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What a fan shows: the highest median of demand with its interval, against places, and how it ends.
pub fn fan(chart: &FanChart) -> Option<Text> {
    let highest = (0..chart.demand.len())
        .filter(|&i| chart.demand[i][3].is_finite())
        .reduce(|best, i| if chart.demand[i][3] > chart.demand[best][3] { i } else { best })?;
    let written = |value: f64| number::measured(value, chart.measure);
    let at = |i: usize| -> Option<Text> {
        let (year, demand) = (chart.years.get(i)?, chart.demand.get(i)?);
        let (middle, low, high) = (written(demand[3]), written(demand[0]), written(demand[6]));
        let against = chart.places.get(i).map(|places| written(places[1]));
        let places_zh = chart.places_label.zh.split('（').next().unwrap_or_default();
        Some(match against {
            Some(places) => text!(
                "{middle} in {year} (90% interval {low}–{high}) against {places} places",
                "{year} 年 {middle}（90% 区间 {low}–{high}），{places_zh} {places}"
            ),
            None => {
                text!("{middle} in {year} (90% interval {low}–{high})", "{year} 年 {middle}（90% 区间 {low}–{high}）")
            }
        })
    };
    let (peak, last) = (at(highest)?, chart.years.len() - 1);
    let (en, zh) = (&peak.en, &peak.zh);
    if highest == last {
        return Some(text!("Highest at the end: {en}.", "规划期末达到最高：{zh}。"));
    }
    let end = at(last)?;
    let (end_en, end_zh) = (&end.en, &end.zh);
    Some(text!("Highest: {en}; at the end {end_en}.", "最高：{zh}；规划期末：{end_zh}。"))
}

/// The same of what is in use, which says nothing of those who found no place.
pub fn bounded_by_places(said: &Text) -> Text {
    join(
        said,
        &Text::new(
            " What is in use never exceeds the places: whether they are enough shows in who waits and who goes without, below.",
            "在用数不会超过床位（名额）数：是否够用请看下方等候和未获服务的人数，而不是两线的距离。",
        ),
    )
}

/// What a stack shows: the year with most people left without.
pub fn stack(chart: &Stack) -> Option<Text> {
    let unmet = chart.parts.iter().find(|part| part.unmet)?;
    let worst = (0..unmet.values.len())
        .filter(|&i| unmet.values[i].is_finite())
        .reduce(|worst, i| if unmet.values[i] > unmet.values[worst] { i } else { worst })?;
    let all: f64 = chart.parts.iter().filter_map(|part| part.values.get(worst)).sum();
    let (count, year) = (number::measured(unmet.values[worst], Measure::Count), chart.years.get(worst)?);
    if unmet.values[worst] < 0.5 {
        return Some(Text::new("On average nobody goes without.", "平均而言需求均得到满足。"));
    }
    let share = number::percent(unmet.values[worst] / all, 1);
    Some(text!(
        "Peak unmet need: {year}, {count} on average, {share} of demand.",
        "未满足需求的峰值在 {year} 年：平均 {count}，占需求的 {share}。"
    ))
}

/// What a heat map shows: the worst area and year, and how many areas are more likely short than not.
pub fn heat(map: &HeatMap) -> Option<Text> {
    let areas: Vec<_> = map.rows.iter().filter(|row| !row.whole).collect();
    let cells = areas.iter().flat_map(|row| row.values.iter().zip(&map.years).map(|(p, year)| (*p, *year, &row.label)));
    let (p, year, area) = cells.filter(|(p, ..)| p.is_finite()).reduce(|a, b| if b.0 > a.0 { b } else { a })?;
    if p <= 0.0 {
        return Some(Text::new("No area misses the target in any replication.", "所有模拟中各街道均达标。"));
    }
    let likely = areas.iter().filter(|row| row.values.iter().any(|p| *p > 0.5)).count();
    let (p, en, zh) = (number::probability(p), &area.en, &area.zh);
    let highest = text!("Highest: {en}, {year} ({p}).", "最高：{zh}，{year} 年（{p}）。");
    let more = match likely {
        0 => Text::new(" In no area is shortage more likely than not.", "没有街道的不达标概率过半。"),
        1 => Text::new(
            " In one area shortage is more likely than not in some year.",
            "有 1 个街道在某些年份不达标概率过半。",
        ),
        _ => text!(
            " In {likely} areas shortage is more likely than not in some year.",
            "有 {likely} 个街道在某些年份不达标概率过半。"
        ),
    };
    Some(join(&highest, &more))
}

/// One text after the other.
pub(super) fn join(a: &Text, b: &Text) -> Text {
    Text::owned(format!("{}{}", a.en, b.en), format!("{}{}", a.zh, b.zh))
}
