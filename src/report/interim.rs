//! What a run that goes on can already say: one line a verdict, and how coarse it still is.

use super::{sentences, words};
use crate::language::{Language, Text};
use crate::scenario::Plan;
use crate::study::Verdict;
use crate::text;

/// The verdicts after `replications`, whose probabilities have a Monte Carlo standard error of at most `error`.
pub fn lines(plan: &Plan, verdicts: &[Verdict], replications: usize, error: f64, language: Language) -> String {
    let points = (200.0 * error).ceil();
    let heading: Text = text!(
        "So far, after {replications} replications (coarse: ±{points} points):",
        "{replications} 次模拟后的初步结论（误差约 ±{points} 个百分点）："
    );
    let mut said = heading.get(language).to_owned();
    for verdict in verdicts {
        said.push('\n');
        said.push_str(&line(plan, verdict, language));
    }
    said
}

fn line(plan: &Plan, verdict: &Verdict, language: Language) -> String {
    let block = plan.catalogue.block(verdict.block);
    let (mark, rank) = (words::mark(verdict.rank), sentences::rank(verdict.rank));
    let (year, p) = verdict.worst_year;
    let p = sentences::probability(p);
    let (service, stage) = (block.service_label.get(language), block.stage_label.get(language));
    let line = format!("  {mark} {service} · {stage}: {} ({}, {year})", rank.get(language), p.get(language));
    super::terminal::clean(&line)
}
