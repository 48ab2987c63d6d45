//! What should be minded when quoting a verdict, and what to do about it.

use super::findings::Findings;
use super::{input_names, inputs, track_record};
use crate::language::Text;
use crate::metric::{CellAddress, Role};
use crate::report::document::{Caveat, Weight};
use crate::report::number;
use crate::study::{Headline, Verdict, applies};
use crate::text;
use crate::uncertainty::{InputKind, ParameterDef};

/// Fewest replications whose verdicts deserve to be called more than coarse.
const COARSE_BELOW: usize = 200;

/// Replications below which a report should say that it is coarse.
pub(super) const fn coarse_below() -> usize {
    COARSE_BELOW
}

/// Monte Carlo standard error of a probability above which it should not be quoted to the percent.
const ERROR_WORTH_SAYING: f64 = 0.02;

/// Every warning, those of the whole run first.
pub(super) fn all(findings: Findings<'_>) -> Vec<Caveat> {
    let mut all: Vec<Caveat> = [coarse(findings), error(findings), close_calls(findings), chance_only(findings)]
        .into_iter()
        .flatten()
        .collect();
    all.extend(certain_services(findings));
    let last = [judgement(findings), left_out(findings), not_applicable(findings), track_record::caveat(findings)];
    all.extend(last.into_iter().flatten());
    all.extend(suspicious(findings));
    all
}

/// Metrics whose mean lies further from 0 than they should, each in its worst year.
fn suspicious(findings: Findings<'_>) -> Vec<Caveat> {
    let plan = findings.plan;
    let (mut caveats, mut column) = (Vec::new(), Vec::new());
    for (id, block) in plan.catalogue.blocks() {
        for (metric, def) in block.metrics.iter().enumerate() {
            let Some(caution) = &def.caution else { continue };
            let district = plan.catalogue.district(id);
            // A year in which most replications have nothing to compare tells of the others only.
            let means = findings.years().into_iter().filter_map(|(index, year)| {
                let address = CellAddress { block: id, metric, row: district, year: index };
                findings.results.column(&plan.catalogue, address, &mut column);
                let values = column.iter().filter(|value| !value.is_nan()).count();
                let statistic = findings.summary.at(plan, id, metric, district, index)?;
                (2 * values > column.len()).then_some((year, statistic.mean))
            });
            let worst = means.reduce(|worst, next| if next.1.abs() > worst.1.abs() { next } else { worst });
            let Some((year, mean)) = worst.filter(|(_, mean)| mean.abs() > caution.beyond) else { continue };
            let (found, stage, [en, zh]) = (number::percent(mean, 1), &block.stage_label, caution.says);
            let (place, name) = (&stage.en, &stage.zh);
            caveats.push(Caveat {
                weight: Weight::Serious,
                says: text!("{place}, {year}: {en} ({found}).", "{name}，{year} 年：{zh}（{found}）。"),
                advice: Text::new(caution.advice[0], caution.advice[1]),
            });
        }
    }
    caveats
}

fn coarse(findings: Findings<'_>) -> Option<Caveat> {
    let n = findings.results.replications();
    (n < COARSE_BELOW).then(|| Caveat {
        weight: Weight::Serious,
        says: text!("A coarse run: {n} replications.", "本次模拟较粗：仅 {n} 次。"),
        advice: Text::new(
            "run 1,000 or more (--replications 1000) before quoting a probability",
            "引用概率前请至少运行 1,000 次（--replications 1000）",
        ),
    })
}

/// The largest Monte Carlo error among the probabilities that verdicts quote, and how many replications would do.
fn error(findings: Findings<'_>) -> Option<Caveat> {
    let plan = findings.plan;
    let worst = findings
        .verdicts
        .iter()
        .filter_map(|v| {
            let year = (v.worst_year.0 - plan.site.start) as usize;
            let district = plan.catalogue.district(v.block);
            findings.summary.of(plan, v.block, Role::TargetMissed, district, year).map(|s| s.mcse)
        })
        .filter(|e| e.is_finite())
        .fold(0.0, f64::max);
    (worst > ERROR_WORTH_SAYING).then(|| {
        let needed = findings.results.replications() as f64 * (worst / ERROR_WORTH_SAYING).powi(2);
        let needed = (needed / 100.0).ceil() * 100.0;
        let points = number::whole(2.0 * worst * 100.0);
        let needed = number::whole(needed);
        Caveat {
            weight: Weight::Caution,
            says: text!(
                "Few replications: a probability may be off by ±{points} percentage points.",
                "模拟次数偏少，概率可能有 ±{points} 个百分点误差。"
            ),
            advice: text!("{needed} replications would bring it to ±4 points", "运行 {needed} 次可降到 ±4 个百分点"),
        }
    })
}

/// More replications than this nobody is sent to make.
const MOST_ADVISED: f64 = 100_000.0;

/// Verdicts that another seed might give otherwise, and how many replications would tell.
fn close_calls(findings: Findings<'_>) -> Option<Caveat> {
    let close: Vec<&Verdict> = findings.verdicts.iter().filter(|verdict| verdict.close_to.is_some()).collect();
    if close.is_empty() {
        return None;
    }
    let needed = close.iter().filter_map(|verdict| needed(findings, verdict)).fold(0.0, f64::max);
    let label = |verdict: &&Verdict| &findings.plan.catalogue.block(verdict.block).stage_label;
    let en = close.iter().map(|verdict| label(verdict).en.as_ref()).collect::<Vec<_>>().join(", ");
    let zh = close.iter().map(|verdict| label(verdict).zh.as_ref()).collect::<Vec<_>>().join("、");
    let advice = if needed > 0.0 && needed <= MOST_ADVISED {
        let needed = number::whole((needed / 100.0).ceil() * 100.0);
        text!("about {needed} replications would settle it", "运行约 {needed} 次可以分清")
    } else {
        Text::new(
            "take them as lying on the line; more replications would hardly settle it",
            "视为处于界线上；增加次数也难分清",
        )
    };
    Some(Caveat {
        weight: Weight::Caution,
        says: text!(
            "Too close to call: {en}. Another seed might give another verdict.",
            "尚难判定：{zh}。换一个随机种子可能得出另一结论。"
        ),
        advice,
    })
}

/// Replications after which the district's probability in the tightest year would lie apart from the nearest line.
fn needed(findings: Findings<'_>, verdict: &Verdict) -> Option<f64> {
    let plan = findings.plan;
    let promise = plan.catalogue.block(verdict.block).promise.as_ref()?;
    let year = (verdict.worst_year.0 - plan.site.start) as usize;
    let district = plan.catalogue.district(verdict.block);
    let risk = findings.summary.of(plan, verdict.block, Role::TargetMissed, district, year)?;
    let line = [0.5, 1.0 - promise.confidence].into_iter().map(|line| (risk.mean - line).abs()).fold(1.0, f64::min);
    Some((2.0 * risk.mcse / line).powi(2) * findings.results.replications() as f64)
}

fn chance_only(findings: Findings<'_>) -> Option<Caveat> {
    let uncertain = findings.plan.parameters.defs().iter().any(ParameterDef::is_uncertain);
    // What theory speaks of is chance alone.
    (!uncertain && findings.plan.theory.is_empty()).then(|| Caveat {
        weight: Weight::Serious,
        says: Text::new(
            "No input is uncertain: the intervals hold chance events only and are far too narrow.",
            "没有任何不确定的输入：区间只含偶然波动，过于狭窄。",
        ),
        advice: Text::new(
            "give the inputs that nobody knows a law, such as { distribution = \"normal\", mean = ..., sd = ... }",
            "请给没有把握的输入写上分布，例如 { distribution = \"normal\", mean = ..., sd = ... }",
        ),
    })
}

/// Services of an uncertain scenario that have no uncertain input of their own.
fn certain_services(findings: Findings<'_>) -> Vec<Caveat> {
    let uncertain: Vec<&ParameterDef> =
        findings.plan.parameters.defs().iter().filter(|def| def.is_uncertain()).collect();
    if uncertain.is_empty() {
        return Vec::new();
    }
    let has = |service: &str| uncertain.iter().any(|def| def.path.split('.').next() == Some(service));
    let without = findings.plan.services.iter().filter(|(kind, _)| !has(kind.name));
    without
        .map(|(kind, _)| {
            let (en, zh, name) = (&kind.label.en, &kind.label.zh, kind.name);
            Caveat {
                weight: Weight::Caution,
                says: text!(
                    "{en}: none of its own inputs is uncertain, so its intervals hold chance and the doubt about people only.",
                    "{zh}：自身的输入均为定值，区间只含偶然波动与人口的不确定性。"
                ),
                advice: text!(
                    "give what nobody knows under [{name}] a law, such as {{ distribution = \"pert\", low = ..., mode = ..., high = ... }}",
                    "请给 [{name}] 中没有把握的输入写上分布，例如 {{ distribution = \"pert\", low = ..., mode = ..., high = ... }}"
                ),
            }
        })
        .collect()
}

fn judgement(findings: Findings<'_>) -> Option<Caveat> {
    let (count, judged) =
        (inputs::figures(findings.plan).count(), inputs::resting_on(findings.plan, InputKind::Judgement));
    let share = judged as f64 / count.max(1) as f64;
    (share > 0.25).then(|| {
        let share = number::percent(share, 0);
        let said = text!(
            "{judged} of {count} data and parameters ({share}) are judgements, not counts",
            "{count} 项数据与参数中有 {judged} 项（{share}）是判断，不是统计"
        );
        let (en, zh) = (&said.en, &said.zh);
        let drivers = drivers(findings);
        Caveat {
            weight: Weight::Caution,
            says: match explained(findings) {
                Some(explained) => text!(
                    "{en}; one by one they explain {explained} of the variance of the numbers that verdicts rest on (mean over the stages).",
                    "{zh}；逐项计，它们解释了结论所依据的各指标方差的 {explained}（各学段（层级）平均）。"
                ),
                None => text!("{en}.", "{zh}。"),
            },
            advice: match drivers {
                Some(Text { en, zh }) => text!(
                    "replace these first, they move the verdicts most: {en}",
                    "请先以实际数据替换对结论影响最大的：{zh}"
                ),
                None => {
                    Text::new("replace them by the district's own figures where they exist", "请以本区实际数据替换")
                }
            },
        }
    })
}

/// Stages with neither demand nor places: there is nothing to say of them.
fn not_applicable(findings: Findings<'_>) -> Option<Caveat> {
    let Findings { plan, results, summary, .. } = findings;
    let stages = plan.catalogue.blocks().filter(|(_, block)| block.promise.is_some());
    let without: Vec<&Text> =
        stages.filter(|(id, _)| !applies(plan, results, summary, *id)).map(|(_, block)| &block.stage_label).collect();
    (!without.is_empty()).then(|| {
        let en = without.iter().map(|stage| stage.en.as_ref()).collect::<Vec<_>>().join(", ");
        let zh = without.iter().map(|stage| stage.zh.as_ref()).collect::<Vec<_>>().join("、");
        Caveat {
            weight: Weight::Note,
            says: text!("Not applicable, with neither demand nor places: {en}.", "不适用（既无需求也无供给）：{zh}。"),
            advice: Text::new(
                "if the district has them, give their demand and their places",
                "如本区设有，请补充其需求与供给数据",
            ),
        }
    })
}

/// Headlines of stages with a verdict: numbers of the people alone decide nothing.
fn of_stages(findings: Findings<'_>) -> impl Iterator<Item = &Headline> {
    findings.headlines.iter().filter(move |h| findings.plan.catalogue.block(h.block).promise.is_some())
}

/// Mean share of the variance of stages' headlines that judgements explain one by one.
pub(super) fn explained(findings: Findings<'_>) -> Option<String> {
    let shares: Vec<f64> = of_stages(findings).map(|headline| headline.judgement).collect();
    (!shares.is_empty()).then(|| number::percent(shares.iter().sum::<f64>() / shares.len() as f64, 0))
}

/// Judgements named in the advice.
const NAMED: usize = 5;

/// The judgements that explain most, over all stages: what each means and its key.
fn drivers(findings: Findings<'_>) -> Option<Text> {
    let defs = findings.plan.parameters.defs();
    let mut sums: Vec<(f64, &str)> = Vec::new();
    for influence in of_stages(findings).flat_map(|headline| &headline.influences) {
        let def = &defs[influence.parameter.index()];
        if def.provenance.kind() != InputKind::Judgement {
            continue;
        }
        match sums.iter_mut().find(|(_, path)| *path == def.path) {
            Some((sum, _)) => *sum += influence.share,
            None => sums.push((influence.share, &def.path)),
        }
    }
    sums.sort_by(|a, b| b.0.total_cmp(&a.0));
    let named = |(_, path): &(f64, &str)| {
        let meaning = input_names::meaning(findings.plan, path);
        (format!("{} [{path}]", meaning.en), format!("{}［{path}］", meaning.zh))
    };
    let (en, zh): (Vec<_>, Vec<_>) = sums.iter().take(NAMED).map(named).unzip();
    (!en.is_empty()).then(|| Text::owned(en.join("; "), zh.join("；")))
}

fn left_out(findings: Findings<'_>) -> Option<Caveat> {
    let names: Vec<&Text> = findings.plan.site.projects.iter().filter(|p| p.left_out).map(|p| &p.label).collect();
    (!names.is_empty()).then(|| {
        let en = names.iter().map(|n| n.en.as_ref()).collect::<Vec<_>>().join("; ");
        let zh = names.iter().map(|n| n.zh.as_ref()).collect::<Vec<_>>().join("；");
        Caveat {
            weight: Weight::Note,
            says: text!("This plan leaves out: {en}.", "本方案不实施：{zh}。"),
            advice: Text::new("compare with the scenario that builds them", "请与实施这些项目的方案比较"),
        }
    })
}
