//! What `--json` prints: verdicts of a run, or faults of a scenario, for other programs.

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostics, Severity};
use crate::language::Language;
use crate::scenario::Plan;
use crate::study::{Rank, Verdict};

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
                "message": fault.message.get(language),
                "remedy": fault.remedy.get(language),
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
    files: &[std::path::PathBuf],
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
                "worst_area": verdict.worst_area.map(|(at, year, p)| json!({ "area": area(at), "year": year, "probability": p })),
                "short_areas": verdict.short_areas.iter().filter_map(|at| area(*at)).collect::<Vec<_>>(),
                "first_risky_year": verdict.first_risky_year,
                "surplus_from": verdict.surplus_from,
            })
        })
        .collect();
    let files: Vec<String> = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    print(&json!({
        "format": 1,
        "scenario": plan.name,
        "hash": plan.hash,
        "replications": replications,
        "verdicts": verdicts,
        "files": files,
    }))
}

fn print(value: &Value) -> String {
    format!("{value:#}\n")
}

const fn rank(rank: Rank) -> &'static str {
    match rank {
        Rank::Meets => "meets",
        Rank::AtRisk => "at_risk",
        Rank::FallsShort => "falls_short",
        Rank::Unstable => "unstable",
    }
}
