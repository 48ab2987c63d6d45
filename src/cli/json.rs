//! What `--json` prints: verdicts of a run, what a comparison found, what projects are worth, or faults of a scenario,
//! for other programs. A number that is not there is `null`.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::visible;
use crate::diagnostic::{Diagnostics, Severity};
use crate::language::Language;
use crate::metric::{BlockId, Role};
use crate::need::{Kept, Need};
use crate::report::report_json::RecordKind;
use crate::report::{Compared, Versus};
use crate::run::Results;
use crate::scenario::{ObservedSet, Plan};
use crate::study::appraisal::{ProjectValue, YearValue};
use crate::study::comparison::{Headline, Standing};
use crate::study::{Verdict, VerdictLevel, compare, scores_by_metric};

/// The faults of a scenario with their places (lines and columns from 1), and what was understood.
pub(super) fn checked(diagnostics: &Diagnostics, plan: Option<&Plan>, language: Language) -> String {
    let faults: Vec<Value> = diagnostics
        .list
        .iter()
        .map(|fault| {
            let (line, column) = diagnostics.line_and_column(fault.span.file, fault.span.start);
            let (end_line, end_column) = diagnostics.line_and_column(fault.span.file, fault.span.end);
            let file = diagnostics.files.get(fault.span.file.0 as usize);
            json!({
                "code": fault.code,
                "severity": if fault.severity == Severity::Error { "error" } else { "warning" },
                "file": file.map(|file| file.path.to_string_lossy().into_owned()),
                "line": line, "column": column, "end_line": end_line, "end_column": end_column,
                "message": visible::message(fault.message.get(language)),
                "remedy": visible::message(fault.remedy.get(language)),
            })
        })
        .collect();
    let scenario = plan.map(|plan| {
        json!({
            "name": plan.name,
            "label": plan.label.get(language),
            "hash": plan.hash,
            "start": plan.site.start,
            "end": plan.site.end,
            "areas": plan.site.areas.len(),
            "services": plan.services.iter().map(|(kind, _)| kind.name).collect::<Vec<_>>(),
            "inputs": plan.inputs.len(),
        })
    });
    print(&json!({ "format": 1, "sound": plan.is_some(), "faults": faults, "scenario": scenario }))
}

/// The verdicts of a run and the files it wrote.
pub(super) fn ran(
    plan: &Plan,
    verdicts: &[Verdict],
    replications: usize,
    files: &[PathBuf],
    language: Language,
) -> String {
    let area = |index: usize| plan.site.areas.get(index).map(|area| area.id.as_str());
    let verdicts: Vec<Value> = verdicts
        .iter()
        .map(|verdict| {
            let block = plan.catalogue.block(verdict.block);
            json!({
                "service": block.service,
                "stage": block.stage,
                "label": format!("{} · {}", block.service_label.get(language), block.stage_label.get(language)),
                "rank": rank(verdict.rank),
                "worst_year": verdict.worst_year.0,
                "worst_year_probability": verdict.worst_year.1,
                "unmet_in_worst_year": verdict.unmet,
                "probability_by_year": verdict.by_year.iter().map(|(year, p)| json!({ "year": year, "probability": p })).collect::<Vec<_>>(),
                "worst_area": verdict.worst_area.map(|worst| json!({ "area": area(worst.area), "year": worst.year, "probability": worst.probability })),
                "short_areas": verdict.short_areas.iter().filter_map(|at| area(*at)).collect::<Vec<_>>(),
                "first_risky_year": verdict.first_risky_year,
                "surplus_from": verdict.surplus_from,
            })
        })
        .collect();
    print(&json!({
        "format": 1,
        "scenario": plan.name,
        "hash": plan.hash,
        "replications": replications,
        "verdicts": verdicts,
        "files": names(files),
    }))
}

/// A run beside what was counted: every count, and the scores of each metric.
pub(super) fn scored(plan: &Plan, results: &Results, sets: &[ObservedSet]) -> String {
    let area = |block: BlockId, row: usize| {
        let district = row == plan.catalogue.district(block);
        plan.site.areas.get(row).filter(|_| !district).map(|area| area.id.as_str())
    };
    let name = |block: BlockId, metric: usize| {
        let def = plan.catalogue.block(block);
        [def.service, &def.stage, def.metrics[metric].id].map(str::to_owned)
    };
    let sets = sets.iter().map(|set| {
        let compared = compare(plan, results, set);
        let counts = compared.iter().map(|c| {
            let o = c.observation;
            let [service, stage, metric] = name(o.block, o.metric);
            json!({
                "service": service, "stage": stage, "metric": metric, "area": area(o.block, o.row), "year": o.when,
                "observed": o.value, "median": c.median, "interval_80": c.interval, "interval_95": c.wide,
                "rank": c.rank, "crps": c.crps, "inside_80": c.inside(),
            })
        });
        let scores = scores_by_metric(plan, &compared).into_iter().map(|s| {
            let [service, stage, metric] = name(s.block, s.metric);
            let known = |value: f64| (s.score.forecasts > 0).then_some(value);
            let [half, four_fifths, most] = s.score.cover();
            json!({
                "service": service, "stage": stage, "metric": metric, "of_areas": s.of_areas, "counts": s.counts,
                "mean_absolute_error": known(s.score.absolute()), "bias": known(s.score.bias()), "crps": s.crps,
                "in_50": known(half), "in_80": known(four_fifths), "in_95": known(most),
            })
        });
        json!({ "set": set.id, "counts": counts.collect::<Vec<_>>(), "scores": scores.collect::<Vec<_>>() })
    });
    print(&json!({ "format": 1, "scenario": plan.name, "sets": sets.collect::<Vec<_>>() }))
}

/// What changes from the baseline to each other plan, by stage, and the files that say more.
pub(super) fn compared(compared: &Compared, files: &[PathBuf], language: Language) -> String {
    let plans: Vec<Value> = compared
        .others
        .iter()
        .map(|versus| {
            let stages = versus.headlines.iter().map(|headline| stage(versus, headline, language));
            let changes = versus.changes.as_ref().map(|changes| {
                changes.iter().map(|change| {
                    json!({
                        "key": change.key(),
                        "news": change.group.cause.label().get(language),
                        "part": change.group.label.get(language),
                        "before": change.before,
                        "now": change.after,
                    })
                })
            });
            json!({
                "name": versus.member.name,
                "label": versus.member.label.get(language),
                "years": versus.comparison.years,
                "paired": versus.comparison.paired,
                "stages": stages.collect::<Vec<_>>(),
                "changes": changes.map(Iterator::collect::<Vec<_>>),
            })
        })
        .collect();
    print(&json!({
        "format": 1,
        "baseline": compared.baseline.name,
        "label": compared.baseline.label.get(language),
        "seed": compared.seed,
        "replications": compared.replications,
        "plans": plans,
        "files": names(files),
    }))
}

fn stage(versus: &Versus, headline: &Headline, language: Language) -> Value {
    let comparison = &versus.comparison;
    let stage = &comparison.stages[headline.stage];
    let standing = |standing: &Option<Standing>| {
        standing.as_ref().map(|standing| {
            json!({
                "rank": standing.rank.map(rank),
                "worst_year": standing.worst_year.map(|(year, _)| year),
                "worst_year_probability": standing.worst_year.map(|(_, p)| p),
                "first_risky_year": standing.first_risky_year,
                "surplus_from": standing.surplus_from,
            })
        })
    };
    let unmet = comparison.district(stage, Role::Unmet, headline.year).map(|cell| {
        let spread = cell.paired.map(|paired| paired.spread.quantiles);
        json!({
            "year": headline.year,
            "baseline": cell.a.mean,
            "plan": cell.b.mean,
            "difference": cell.mean,
            "mcse": cell.mcse,
            "p05": spread.map(|q| q[0]),
            "p50": spread.map(|q| q[3]),
            "p95": spread.map(|q| q[6]),
            "p_better": cell.paired.and_then(|paired| paired.better),
            "p_worse": cell.paired.and_then(|paired| paired.worse),
        })
    });
    // Finished runs that were made again to be paired: what they said themselves.
    let own = versus.own_unserved(headline).map(|cell| {
        json!({
            "year": headline.year,
            "baseline": cell.a.mean,
            "baseline_mcse": cell.a.mcse,
            "plan": cell.b.mean,
            "plan_mcse": cell.b.mcse,
        })
    });
    json!({
        "service": stage.service,
        "stage": stage.stage,
        "label": format!("{} · {}", stage.service_label.get(language), stage.stage_label.get(language)),
        "baseline": standing(&stage.standings[0]),
        "plan": standing(&stage.standings[1]),
        "unmet": unmet,
        "unmet_as_made": own,
    })
}

/// What each project is worth by stage and year, and the files that say more.
pub(super) fn appraised(plan: &Plan, values: &[ProjectValue], files: &[PathBuf], language: Language) -> String {
    let year = |year: &YearValue| {
        json!({
            "year": year.year,
            "fewer_unserved": year.fewer.mean,
            "mcse": year.fewer.mcse,
            "p05": year.fewer.quantiles[0],
            "p95": year.fewer.quantiles[6],
            "p_fewer": year.better,
            "p_more": year.worse,
            "risk_with": year.risks[0],
            "risk_without": year.risks[1],
            "places_added": year.places,
        })
    };
    let projects = values.iter().map(|value| {
        let stages = value.stages.iter().map(|stage| {
            let block = plan.catalogue.block(stage.block);
            let years: Vec<Value> = stage.years.iter().map(year).collect();
            let outside = stage.fewer_outside.map(|fewer| fewer.mean);
            json!({ "service": block.service, "stage": block.stage, "fewer_outside": outside, "years": years })
        });
        json!({
            "project": value.subject.id,
            "label": value.subject.label.get(language),
            "stages": stages.collect::<Vec<_>>(),
        })
    });
    print(&json!({
        "format": 1,
        "scenario": plan.name,
        "hash": plan.hash,
        "projects": projects.collect::<Vec<_>>(),
        "files": names(files),
    }))
}

/// What should be built at each target, and the files that say more.
pub(super) fn needed(plan: &Plan, need: &Need, files: &[PathBuf], language: Language) -> String {
    let kept = |kept: &[Kept]| -> Vec<Value> {
        kept.iter().map(|kept| json!({ "year": kept.year, "kept": kept.share, "mcse": kept.error })).collect()
    };
    let month = |(year, month): (i32, u32)| format!("{year}-{month:02}");
    let targets = need.rows.iter().map(|row| {
        let block = plan.catalogue.block(row.target.block);
        let by_area = block.by_area && plan.catalogue.areas() > 1;
        let area = plan.site.areas.get(row.target.row).filter(|_| by_area);
        let opening = row.opening.as_ref().map(|opening| {
            json!({
                "opens": month(opening.opens),
                "in_time": opening.in_time,
                "decide_by": month(opening.decide),
                "kept_from": opening.kept_from,
                "needed_from": opening.needed.0,
                "needed_until": opening.needed.1,
                "years": kept(&opening.kept),
            })
        });
        json!({
            "service": block.service,
            "stage": block.stage,
            "area": area.map(|area| area.id.as_str()),
            "label": area.map_or(&block.stage_label, |area| &area.label).get(language),
            "confidence": row.target.confidence,
            "attainable": row.size.lumps.is_some(),
            "least_units": row.units(),
            "least_places": row.units().map(|units| f64::from(units) * need.room(row)),
            "lump": row.target.lump,
            "as_planned": kept(&row.target.base),
            "with_all_added": kept(&row.size.with),
            "with_one_lump_less": row.size.with_one_less.as_deref().map(kept),
            "low_use_at_the_end": row.size.low_use,
            "opening": opening,
        })
    });
    print(&json!({
        "format": 1,
        "scenario": plan.name,
        "hash": plan.hash,
        "runs": need.runs,
        "targets": targets.collect::<Vec<_>>(),
        "files": names(files),
    }))
}

/// The pages that were rendered again.
pub(super) fn rendered(kind: RecordKind, files: &[PathBuf]) -> String {
    print(&json!({ "format": 1, "kind": kind, "files": names(files) }))
}

fn names(files: &[PathBuf]) -> Vec<String> {
    files.iter().map(|file| file.to_string_lossy().into_owned()).collect()
}

fn print(value: &Value) -> String {
    visible::json(&format!("{value:#}\n"))
}

const fn rank(rank: VerdictLevel) -> &'static str {
    match rank {
        VerdictLevel::Meets => "meets",
        VerdictLevel::AtRisk => "at_risk",
        VerdictLevel::FallsShort => "falls_short",
        VerdictLevel::Unstable => "unstable",
    }
}
