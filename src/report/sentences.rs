//! Verdicts and pictures in plain words, sentences that a mayor understands, in both languages.

use super::document::{FanChart, HeatMap, Measure, Stack, VerdictCard};
use super::number;
use crate::language::Text;
use crate::metric::Block;
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

/// What the verdict says of the district, then of its areas, then of later surplus. `crowded` are those with a place above
/// the norm in the worst year, where the stage counts them.
pub fn verdict(plan: &Plan, block: &Block, verdict: &Verdict, crowded: Option<f64>) -> Text {
    let mut said = district(plan, verdict);
    if let Some(crowded) = crowded.filter(|crowded| *crowded >= 0.5 && verdict.rank == VerdictLevel::FallsShort) {
        let crowded = number::whole(crowded);
        let more = text!(
            " About {crowded} more have a place above the class-size norm.",
            "另有约 {crowded} 人在超标准班额的班级就读。"
        );
        said = join(&said, &more);
    }
    if let Some(more) = areas(plan, verdict) {
        said = join(&said, &more);
    }
    if let Some(year) = verdict.surplus_from {
        let line = block.promise.as_ref().map_or(0.0, |p| p.surplus_below * 100.0).round();
        let more = if verdict.rank != VerdictLevel::Meets && year <= verdict.worst_year.0 {
            text!(
                " Yet from {year} on it is more likely than not that less than {line}% of the places are used: what is known \
                 allows both.",
                "但 {year} 年起使用率又多半低于 {line}%：按现有认识，两种情形都可能出现。"
            )
        } else {
            text!(
                " From {year} on it is more likely than not that less than {line}% of the places are used.",
                "{year} 年起使用率多半低于 {line}%。"
            )
        };
        said = join(&said, &more);
    }
    said
}

/// How likely something is that is more likely than not, in words that do not say more than the number.
fn likelihood(p: f64) -> Text {
    // By the percentage that is written beside it.
    match (p * 100.0).round() {
        percent if percent > 95.0 => Text::new("almost surely", "几乎肯定"),
        percent if percent >= 66.0 => Text::new("likely", "很可能"),
        _ => Text::new("more likely than not", "多半"),
    }
}

fn district(plan: &Plan, verdict: &Verdict) -> Text {
    let (from, to) = (plan.shown_from, plan.site.end);
    let (year, p) = verdict.worst_year;
    let likely = likelihood(p);
    let (likely_en, likely_zh) = (&likely.en, &likely.zh);
    let p = probability(p);
    let (p_en, p_zh) = (&p.en, &p.zh);
    // A number stands apart from the words before it, words do not.
    let apart = if p_zh.starts_with(|c: char| c.is_ascii_digit()) { " " } else { "" };
    let unmet = number::whole(verdict.unmet);
    match verdict.rank {
        VerdictLevel::Meets if verdict.worst_year.1 <= 0.0 => text!(
            "What is planned is enough in every year {from}–{to}: no replication shows a shortage.",
            "{from}–{to} 年各年规划均可满足需求，所有模拟中均未出现不足。"
        ),
        VerdictLevel::Meets => text!(
            "What is planned is enough in every year {from}–{to}; the risk of a shortage is highest in {year}: {p_en}.",
            "{from}–{to} 年各年规划均可满足需求，不足的概率以 {year} 年最高：{p_zh}。"
        ),
        VerdictLevel::AtRisk => text!(
            "What is planned may fall short; the district's risk is highest in {year}: {p_en}.",
            "规划可能不足：全区风险最高在 {year} 年，概率{apart}{p_zh}。"
        ),
        VerdictLevel::FallsShort if verdict.unmet < 0.5 => text!(
            "What is planned {likely_en} falls short, worst in {year}: probability {p_en}, on average less than one unserved.",
            "规划{likely_zh}不足，{year} 年最重：概率{apart}{p_zh}，平均不到 1 人（次）得不到服务。"
        ),
        VerdictLevel::FallsShort => text!(
            "What is planned {likely_en} falls short, worst in {year}: probability {p_en}, on average {unmet} unserved.",
            "规划{likely_zh}不足，{year} 年最重：概率{apart}{p_zh}，平均 {unmet} 人（次）得不到服务。"
        ),
        VerdictLevel::Unstable => text!(
            "Demand stays above capacity: lists grow without end, so no waiting time can be stated.",
            "需求持续超过能力，等候队伍不断加长，无法给出等候时间。"
        ),
    }
}

fn areas(plan: &Plan, verdict: &Verdict) -> Option<Text> {
    let AreaShortage { area, year, probability: p } = verdict.worst_area?;
    let label = &plan.site.areas[area].label;
    let (en, zh, p) = (&label.en, &label.zh, probability(p));
    let (p_en, p_zh) = (&p.en, &p.zh);
    let count = verdict.short_areas.len();
    Some(match count {
        0 => text!(" Most exposed: {en} ({year}, {p_en}).", "风险最高的街道：{zh}（{year} 年，{p_zh}）。"),
        1 => text!(
            " {en} is more likely short than not ({year}, {p_en}).",
            "{zh}不足的可能性过半（{year} 年，{p_zh}）。"
        ),
        _ => text!(
            " {count} subdistricts are more likely short than not in some year, most of all {en} ({year}, {p_en}).",
            "有 {count} 个街道在某些年份不足的可能性过半，最重的是{zh}（{year} 年，{p_zh}）。"
        ),
    })
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
        let list = list(&short, worst_in, "worst in", "年最重");
        let (en, zh) = (&list.en, &list.zh);
        clauses.push(text!("more likely short than not: {en}", "不足的可能性过半：{zh}"));
    }
    if !risky.is_empty() {
        let list = list(&risky, worst_in, "worst in", "年最重");
        let (en, zh) = (&list.en, &list.zh);
        clauses.push(text!("at risk: {en}", "有风险：{zh}"));
    }
    if enough.len() == cards.len() {
        clauses.push(Text::new("enough in every stage and year", "各学段（层级）各年均够用"));
    } else if !enough.is_empty() {
        let list = list(&enough, |_| None, "", "");
        clauses.push(Text::owned(format!("enough: {}", list.en), format!("够用：{}", list.zh)));
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
    join(&said, &text!(" Places to spare: {en}.", "富余：{zh}。"))
}

/// Stages with a year and a probability each: "Primary school (worst in 2024: 83%), Junior secondary (2029: 81%)". The words
/// stand with the first only.
fn list(
    cards: &[&VerdictCard],
    year: impl Fn(&VerdictCard) -> Option<(i32, Option<String>)>,
    before: &str,
    after: &str,
) -> Text {
    let mut said = false;
    let mut en = Vec::new();
    let mut zh = Vec::new();
    for card in cards {
        let (stage_en, stage_zh) = (&card.stage.en, &card.stage.zh);
        let Some((year, probability)) = year(card) else {
            en.push(stage_en.to_string());
            zh.push(stage_zh.to_string());
            continue;
        };
        let (before, after) = if said { (String::new(), "年") } else { (format!("{before} "), after) };
        let (p_en, p_zh) = probability.map_or_else(Default::default, |p| (format!(": {p}"), format!("，{p}")));
        en.push(format!("{stage_en} ({before}{year}{p_en})"));
        zh.push(format!("{stage_zh}（{year} {after}{p_zh}）"));
        said = true;
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
                "{middle} in {year} (9 in 10: {low}–{high}) against {places} places",
                "{year} 年 {middle}（九成情形 {low}–{high}），{places_zh} {places}"
            ),
            None => text!("{middle} in {year} (9 in 10: {low}–{high})", "{year} 年 {middle}（九成情形 {low}–{high}）"),
        })
    };
    let (peak, last) = (at(highest)?, chart.years.len() - 1);
    let (en, zh) = (&peak.en, &peak.zh);
    if highest == last {
        return Some(text!("Highest at the end: {en}.", "末年最高：{zh}。"));
    }
    let end = at(last)?;
    let (end_en, end_zh) = (&end.en, &end.zh);
    Some(text!("Highest: {en}; at the end {end_en}.", "最高：{zh}；末年：{end_zh}。"))
}

/// The same of what is in use, which says nothing of those who found no place.
pub fn bounded_by_places(said: &Text) -> Text {
    join(
        said,
        &Text::new(
            " What is in use never exceeds the places: whether they are enough shows in who waits and who goes without, below.",
            "在用数不会超过位数：够不够，看下方等候和得不到服务的人数，不看两线的距离。",
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
        return Some(Text::new("On average nobody goes without.", "平均而言无人得不到服务。"));
    }
    let share = number::percent(unmet.values[worst] / all, 1);
    Some(text!(
        "Most go without in {year}: {count} on average, {share} of those who ask.",
        "{year} 年得不到服务者最多：平均 {count}，占需求者 {share}。"
    ))
}

/// What a heat map shows: the worst area and year, and how many areas are more likely short than not.
pub fn heat(map: &HeatMap) -> Option<Text> {
    let areas: Vec<_> = map.rows.iter().filter(|row| !row.whole).collect();
    let cells = areas.iter().flat_map(|row| row.values.iter().zip(&map.years).map(|(p, year)| (*p, *year, &row.label)));
    let (p, year, area) = cells.filter(|(p, ..)| p.is_finite()).reduce(|a, b| if b.0 > a.0 { b } else { a })?;
    if p <= 0.0 {
        return Some(Text::new("No area is short in any replication.", "所有模拟中各街道均未出现不足。"));
    }
    let likely = areas.iter().filter(|row| row.values.iter().any(|p| *p > 0.5)).count();
    let (all, p, en, zh) = (areas.len(), number::probability(p), &area.en, &area.zh);
    Some(text!(
        "Highest: {en}, {year} ({p}). {likely} of {all} areas are more likely short than not in some year.",
        "最高：{zh}，{year} 年（{p}）。{all} 个街道中有 {likely} 个在某些年份不足的可能性过半。"
    ))
}

/// One text after the other.
pub(super) fn join(a: &Text, b: &Text) -> Text {
    Text::owned(format!("{}{}", a.en, b.en), format!("{}{}", a.zh, b.zh))
}
