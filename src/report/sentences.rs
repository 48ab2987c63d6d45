//! Verdicts in plain words, one sentence a mayor understands, in both languages.

use crate::language::Text;
use crate::metric::Block;
use crate::scenario::Plan;
use crate::study::{Rank, Verdict};
use crate::text;

/// The name of a rank.
pub const fn rank(rank: Rank) -> Text {
    match rank {
        Rank::Meets => Text::new("meets demand", "满足需求"),
        Rank::AtRisk => Text::new("at risk", "有风险"),
        Rank::FallsShort => Text::new("falls short", "不足"),
        Rank::Unstable => Text::new("unstable", "不稳定（需求持续超过能力）"),
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

/// What the verdict says of the district, then of its areas, then of later surplus.
pub fn verdict(plan: &Plan, block: &Block, verdict: &Verdict) -> Text {
    let mut said = district(plan, verdict);
    if let Some(more) = areas(plan, verdict) {
        said = join(&said, &more);
    }
    if let Some(year) = verdict.surplus_from {
        let line = block.promise.as_ref().map_or(0.0, |p| p.surplus_below * 100.0).round();
        let more = text!(
            " From {year} on less than {line}% of the places are likely to be used.",
            "{year} 年起使用率可能低于 {line}%。"
        );
        said = join(&said, &more);
    }
    said
}

fn district(plan: &Plan, verdict: &Verdict) -> Text {
    let (from, to) = (plan.shown_from, plan.site.end);
    let (year, p) = verdict.worst_year;
    let p = probability(p);
    let (p_en, p_zh) = (&p.en, &p.zh);
    let unmet = crate::report::number::whole(verdict.unmet);
    match verdict.rank {
        Rank::Meets if verdict.worst_year.1 <= 0.0 => text!(
            "What is planned is enough in every year {from}–{to}: no replication shows a shortage.",
            "{from}–{to} 年各年规划均可满足需求，所有模拟中均未出现不足。"
        ),
        Rank::Meets => text!(
            "What is planned is enough in every year {from}–{to}; the risk of a shortage is highest in {year}: {p_en}.",
            "{from}–{to} 年各年规划均可满足需求，不足的概率以 {year} 年最高：{p_zh}。"
        ),
        Rank::AtRisk => text!(
            "What is planned may fall short; the district's risk is highest in {year}: {p_en}.",
            "规划可能不足：全区风险最高在 {year} 年，概率 {p_zh}。"
        ),
        Rank::FallsShort => text!(
            "What is planned is likely not enough, worst in {year}: probability {p_en}, about {unmet} unserved.",
            "规划很可能不足，{year} 年最重：概率 {p_zh}，约 {unmet} 人（次）得不到服务。"
        ),
        Rank::Unstable => text!(
            "Demand stays above capacity: lists grow without end, so no waiting time can be stated.",
            "需求持续超过能力，等候队伍不断加长，无法给出等候时间。"
        ),
    }
}

fn areas(plan: &Plan, verdict: &Verdict) -> Option<Text> {
    let (area, year, p) = verdict.worst_area?;
    let label = &plan.site.areas[area].label;
    let (en, zh, p) = (&label.en, &label.zh, probability(p));
    let (p_en, p_zh) = (&p.en, &p.zh);
    let count = verdict.short_areas.len();
    Some(match count {
        0 => text!(" Most exposed: {en} ({year}, {p_en}).", "风险最高的街道：{zh}（{year} 年，{p_zh}）。"),
        1 => text!(" {en} is likely short ({year}, {p_en}).", "{zh}很可能不足（{year} 年，{p_zh}）。"),
        _ => text!(
            " {count} subdistricts are likely short in some year, most of all {en} ({year}, {p_en}).",
            "有 {count} 个街道在某些年份很可能不足，最重的是{zh}（{year} 年，{p_zh}）。"
        ),
    })
}

fn join(a: &Text, b: &Text) -> Text {
    Text::owned(format!("{}{}", a.en, b.en), format!("{}{}", a.zh, b.zh))
}
