//! What `--json` prints: verdicts of a run, what a comparison found, what projects are worth, or faults of a scenario,
//! for other programs. A number that is not there is `null`.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::visible;
use crate::diagnostic::{Diagnostics, Severity};
use crate::language::Language;
use crate::metric::Role;
use crate::report::Compared;
use crate::report::report_json::RecordKind;
use crate::scenario::Plan;
use crate::study::appraisal::{ProjectValue, YearValue};
use crate::study::comparison::{Comparison, Headline, Standing};
use crate::study::{Verdict, VerdictLevel};

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

/// What changes from the baseline to each other plan, by stage, and the files that say more.
pub(super) fn compared(compared: &Compared, files: &[PathBuf], language: Language) -> String {
    let plans: Vec<Value> = compared
        .others
        .iter()
        .map(|versus| {
            let stages = versus.headlines.iter().map(|headline| stage(&versus.comparison, headline, language));
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

fn stage(comparison: &Comparison, headline: &Headline, language: Language) -> Value {
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
    json!({
        "service": stage.service,
        "stage": stage.stage,
        "label": format!("{} · {}", stage.service_label.get(language), stage.stage_label.get(language)),
        "baseline": standing(&stage.standings[0]),
        "plan": standing(&stage.standings[1]),
        "unmet": unmet,
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
