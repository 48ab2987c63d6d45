//! The first section: the answer, and what should be minded when quoting it.

use super::findings::{Findings, headed};
use super::{input_names, inputs, required_capacity, track_record};
use crate::language::Text;
use crate::metric::{CellAddress, Role};
use crate::report::document::{AreaRisk, Block, Caveat, Section, VerdictCard, VerdictLevel, Weight};
use crate::report::{number, sentences};
use crate::study::{AreaShortage, Headline, Verdict};
use crate::text;
use crate::uncertainty::{ParameterDef, Status};

pub(super) fn section(findings: Findings<'_>) -> Section {
    let cards = findings.verdicts.iter().map(|verdict| card(findings, verdict)).collect();
    let mut blocks = vec![Block::Verdicts(cards)];
    blocks.extend(required_capacity::table(findings).map(Block::Table));
    blocks.extend(caveats(findings).into_iter().map(Block::Caveat));
    Section { key: "verdicts".to_owned(), title: Text::new("Verdicts", "结论"), blocks }
}

fn card(findings: Findings<'_>, verdict: &Verdict) -> VerdictCard {
    let plan = findings.plan;
    let block = plan.catalogue.block(verdict.block);
    let worst = (verdict.worst_year.0 - plan.site.start) as usize;
    let stretched = plan.catalogue.metric(verdict.block, Role::OverNorm);
    let crowded = stretched.and_then(|metric| findings.mean(verdict.block, metric, worst));
    VerdictCard {
        service: block.service_label.clone(),
        stage: headed(&block.stage_label),
        rank: verdict.rank,
        sentence: sentences::verdict(plan, block, verdict, crowded),
        promise: block.promise.as_ref().map(|promise| {
            let percent = number::percent(promise.confidence, 0);
            let (en, zh) = (&promise.text.en, &promise.text.zh);
            text!("{en}, in every year with {percent} confidence", "{zh}；每年须有 {percent} 的把握")
        }),
        worst_year: (verdict.rank != VerdictLevel::Unstable).then_some(verdict.worst_year),
        worst_area: verdict.worst_area.map(|AreaShortage { area, year, probability }| AreaRisk {
            area: findings.row_label(area),
            year,
            probability,
        }),
        surplus_from: verdict.surplus_from,
        by_year: verdict.by_year.clone(),
        see: Some(block.service.to_owned()),
    }
}

/// Fewest replications whose verdicts deserve to be called more than coarse.
const COARSE_BELOW: usize = 200;

/// Replications below which a report should say that it is coarse.
pub(super) const fn coarse_below() -> usize {
    COARSE_BELOW
}

/// Monte Carlo standard error of a probability above which it should not be quoted to the percent.
const ERROR_WORTH_SAYING: f64 = 0.02;

fn caveats(findings: Findings<'_>) -> Vec<Caveat> {
    let mut all: Vec<Caveat> = [coarse(findings), error(findings), close_calls(findings), chance_only(findings)]
        .into_iter()
        .flatten()
        .collect();
    all.extend(certain_services(findings));
    all.extend([assumed(findings), left_out(findings), track_record::caveat(findings)].into_iter().flatten());
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
                findings.results.column(
                    &plan.catalogue,
                    CellAddress { block: id, metric, row: district, year: index },
                    &mut column,
                );
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
        let points = number::real(worst * 100.0, 1);
        let needed = number::whole(needed);
        Caveat {
            weight: Weight::Caution,
            says: text!(
                "Probabilities carry a Monte Carlo standard error of up to {points} percentage points.",
                "概率的模拟标准误最高为 {points} 个百分点。"
            ),
            advice: text!(
                "{needed} replications would bring it below 2 points",
                "运行 {needed} 次可降到 2 个百分点以下"
            ),
        }
    })
}

/// Standard errors within which a probability does not tell on which side of a line it lies.
const TOO_CLOSE: f64 = 2.0;

/// More replications than this nobody is sent to make.
const MOST_ADVISED: f64 = 100_000.0;

/// Verdicts that another run might give otherwise: the worst year lies within Monte Carlo error of a line between ranks.
fn close_calls(findings: Findings<'_>) -> Option<Caveat> {
    let plan = findings.plan;
    let mut needed: f64 = 0.0;
    let mut stages: Vec<&Text> = Vec::new();
    for verdict in findings.verdicts.iter().filter(|v| v.rank != VerdictLevel::Unstable) {
        let block = plan.catalogue.block(verdict.block);
        let Some(promise) = &block.promise else { continue };
        let year = (verdict.worst_year.0 - plan.site.start) as usize;
        let district = plan.catalogue.district(verdict.block);
        let Some(risk) = findings.summary.of(plan, verdict.block, Role::TargetMissed, district, year) else { continue };
        let line = [0.5, 1.0 - promise.confidence].into_iter().map(|line| (risk.mean - line).abs()).fold(1.0, f64::min);
        if risk.mcse.is_finite() && line < TOO_CLOSE * risk.mcse {
            needed = needed.max((TOO_CLOSE * risk.mcse / line).powi(2) * findings.results.replications() as f64);
            stages.push(&block.stage_label);
        }
    }
    if stages.is_empty() {
        return None;
    }
    let en = stages.iter().map(|stage| stage.en.as_ref()).collect::<Vec<_>>().join(", ");
    let zh = stages.iter().map(|stage| stage.zh.as_ref()).collect::<Vec<_>>().join("、");
    let advice = if needed <= MOST_ADVISED {
        let needed = number::whole((needed / 100.0).ceil() * 100.0);
        text!("about {needed} replications would tell", "运行约 {needed} 次可以分清")
    } else {
        Text::new(
            "take them as lying on the line; more replications would hardly tell",
            "视为处于界线上；增加次数也难分清",
        )
    };
    Some(Caveat {
        weight: Weight::Caution,
        says: text!(
            "The verdict on {en} lies within the Monte Carlo error of the line to the next: another seed might give another.",
            "{zh}的结论处于两级界线的模拟误差之内：换一个随机种子可能得出另一结论。"
        ),
        advice,
    })
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

fn assumed(findings: Findings<'_>) -> Option<Caveat> {
    let (mut count, mut assumed) = (0, 0);
    for input in inputs::figures(findings.plan) {
        count += 1;
        assumed += usize::from(input.provenance.status == Status::Assumed);
    }
    let share = f64::from(assumed as u32) / f64::from((count as u32).max(1));
    (share > 0.25).then(|| {
        let share = number::percent(share, 0);
        let said = text!(
            "{assumed} of {count} inputs ({share}) are assumed, not counted",
            "{count} 项输入中有 {assumed} 项（{share}）是假设，不是统计"
        );
        let (en, zh) = (&said.en, &said.zh);
        let drivers = drivers(findings);
        Caveat {
            weight: Weight::Caution,
            says: match explained(findings) {
                Some(explained) => text!(
                    "{en}; one by one they explain {explained} of the variance of the numbers that verdicts rest on (mean over the stages).",
                    "{zh}；逐项计，它们解释了结论所依据的各指标方差的 {explained}（各学段/层级平均）。"
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

/// Headlines of stages with a verdict: numbers of the people alone decide nothing.
fn of_stages(findings: Findings<'_>) -> impl Iterator<Item = &Headline> {
    findings.headlines.iter().filter(move |h| findings.plan.catalogue.block(h.block).promise.is_some())
}

/// Mean share of the variance of stages' headlines that assumed inputs explain one by one.
fn explained(findings: Findings<'_>) -> Option<String> {
    let shares: Vec<f64> = of_stages(findings).map(|headline| headline.assumed).collect();
    (!shares.is_empty()).then(|| number::percent(shares.iter().sum::<f64>() / shares.len() as f64, 0))
}

/// Assumed inputs named in the advice.
const NAMED: usize = 5;

/// The assumed inputs that explain most, over all stages: what each means and its key.
fn drivers(findings: Findings<'_>) -> Option<Text> {
    let defs = findings.plan.parameters.defs();
    let mut sums: Vec<(f64, &str)> = Vec::new();
    for influence in of_stages(findings).flat_map(|headline| &headline.influences) {
        let def = &defs[influence.parameter.index()];
        if def.provenance.status != Status::Assumed {
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
