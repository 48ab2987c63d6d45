//! `civicap backtest people`: what `calibrate people` would have written, run and held against the next count.
//!
//! With three counts or more each way teaches the forecast of the next, for the same areas. With two, half of the areas (by a
//! hash of their names) teach the other half, and the other way round. The scenario that is run is the one that calibration writes,
//! and it is scored by the code of `[observed]`.

use std::fs;
use std::path::Path;

use super::options::Options;
use super::scored::Scored;
use crate::cli::commands::calibrate::people::{read, schedules, with_people};
use crate::cli::interrupt;
use crate::cli::loading::failed;
use crate::cli::progress::Runs;
use crate::cli::talk::{Done, Failure};
use crate::input::plain_cells::cell;
use crate::language::{Language, Text};
use crate::population::calibration::{Counts, Fragment, GROUPS, NaiveRatios, Pair, Schedules, estimate};
use crate::report::people_scores::{self, PeopleScores};
use crate::run::{RunOptions, simulate};
use crate::scenario::{Request, load, read_observed};
use crate::study::compare;
use crate::text;

/// One forecast: what teaches, and what is forecast.
struct Fold {
    taught: Pair,
    teaching: Vec<usize>,
    forecast: Pair,
    kept: Vec<usize>,
}

/// Scores the forecasts of every fold.
pub(super) fn backtest(options: &Options, scenario: &Path, language: Language) -> Done<Scored> {
    let plan = with_people(scenario, language)?;
    let schedules = schedules(&plan)?;
    let counts = read(&options.file, &schedules, language)?;
    let folds = folds(&counts)?;
    let bar = Runs::new(folds.len() * options.paths as usize, language, options.output.quiet);
    let mut scores = PeopleScores::new(&counts);
    for fold in &folds {
        score(fold, &counts, &schedules, options, &bar, &mut scores)?;
    }
    bar.finish();
    Ok(Scored { said: people_scores::said(&scores, language), table: people_scores::csv(&scores) })
}

fn folds(counts: &Counts) -> Done<Vec<Fold>> {
    let pairs = counts.pairs();
    let all: Vec<usize> = (0..counts.areas.len()).collect();
    if pairs.len() >= 2 {
        let fold = |two: &[Pair]| Fold { taught: two[0], teaching: all.clone(), forecast: two[1], kept: all.clone() };
        return Ok(pairs.windows(2).map(fold).collect());
    }
    let (even, odd): (Vec<usize>, Vec<usize>) =
        all.iter().partition(|area| blake3::hash(counts.areas[**area].as_bytes()).as_bytes()[0] & 1 == 0);
    match pairs.first() {
        Some(pair) if !even.is_empty() && !odd.is_empty() => Ok(vec![
            Fold { taught: *pair, teaching: even.clone(), forecast: *pair, kept: odd.clone() },
            Fold { taught: *pair, teaching: odd, forecast: *pair, kept: even },
        ]),
        _ => Err(Failure::bad_input(Text::new(
            "two counts of one area leave nothing to be scored on\nhelp: add a third count, or the counts of other areas of the kind",
            "只有一个区域的两次统计，没有可供检验的数据\n改法：加入第三次统计，或同类其他区域的统计",
        ))),
    }
}

fn score(
    fold: &Fold,
    counts: &Counts,
    schedules: &Schedules<'_>,
    options: &Options,
    bar: &Runs,
    scores: &mut PeopleScores,
) -> Done {
    let found = estimate(counts, fold.taught, &fold.teaching, schedules);
    let made = Fragment {
        counts,
        date: fold.forecast.from,
        areas: &fold.kept,
        schedules,
        years: fold.forecast.years,
        apart: true,
        source: "backtest",
    };
    let refused = |reason: std::io::Error| {
        Failure::failed(text!("cannot write a scenario aside: {reason}", "无法写出临时方案：{reason}"))
    };
    let folder = tempfile::tempdir().map_err(refused)?;
    let mut scenario = folder.path().to_owned();
    for (name, text) in made.files(&found) {
        scenario = folder.path().join(name);
        fs::write(&scenario, text).map_err(refused)?;
    }
    let observed = folder.path().join("counted.csv");
    fs::write(&observed, counted(fold, counts)).map_err(refused)?;
    let loaded = load(&scenario, Request::default());
    let plan = loaded.plan.ok_or_else(|| unsound(&loaded.diagnostics))?;
    let read = read_observed(&observed, &plan.site, &plan.catalogue);
    let set = read.set.ok_or_else(|| unsound(&read.diagnostics))?;
    let run = RunOptions { replications: options.paths as usize, seed: options.seed, threads: 0 };
    let results = simulate(&plan, run, bar, interrupt::watch()).map_err(|failure| failed(&failure))?;
    let ratios = NaiveRatios::of(counts, fold.taught, &fold.teaching);
    let rows = 1 + GROUPS.len();
    for (at, compared) in compare(&plan, &results, &set).chunks_exact(rows).enumerate() {
        let area = fold.kept[at];
        let naive = ratios.forecast(counts, fold.forecast.from, area, fold.forecast.years);
        scores.add(counts.total(fold.forecast.from, area), compared, &naive);
    }
    Ok(())
}

/// The later counts as observed figures: each area's total, then its groups.
fn counted(fold: &Fold, counts: &Counts) -> String {
    let date = &counts.dates[fold.forecast.to].1;
    let mut text = "service,stage,metric,area,year,value\n".to_owned();
    for area in &fold.kept {
        let name = cell(&counts.areas[*area]);
        let total = counts.total(fold.forecast.to, *area);
        text.push_str(&format!("people,residents,population,{name},{date},{total}\n"));
        for group in GROUPS {
            let (ages, value) = (group.words(), counts.group(fold.forecast.to, *area, group));
            text.push_str(&format!("people,ages,ages_{ages},{name},{date},{value}\n"));
        }
    }
    text
}

/// A scenario made here that does not read: the first reason.
fn unsound(found: &crate::diagnostic::Diagnostics) -> Failure {
    let first = found.list.first().map_or(Text::new("", ""), |fault| fault.message.clone());
    let (en, zh) = (&first.en, &first.zh);
    Failure::failed(text!("these counts make no scenario: {en}", "无法由这些统计生成方案：{zh}"))
}
