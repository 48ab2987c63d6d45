//! The simulations of a comparison.

use super::explain;
use super::member::{Entry, Numbers};
use crate::cli::interrupt;
use crate::cli::loading::failed;
use crate::cli::manifest::Earlier;
use crate::cli::progress::Runs;
use crate::cli::talk::Done;
use crate::language::Language;
use crate::report::{Compared, MadeWith, Member, Versus};
use crate::run::{Results, RunOptions, simulate};
use crate::scenario::{Plan, changes};
use crate::study::RunSummary;
use crate::study::comparison::{
    Actuals, Comparison, Counted, Recorded, Side, best, common_years, compare as difference, headlines, totals,
};

/// What is asked for beside the plans.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// Replications of each plan.
    pub replications: Option<u32>,
    /// Seed.
    pub seed: Option<u64>,
    /// Whether groups of inputs are switched one after another.
    pub explain: bool,
    /// Whether no progress is shown.
    pub quiet: bool,
    /// The language.
    pub language: Language,
}

/// The simulations of a comparison: one seed, one number of replications, one bar.
pub(super) struct Study {
    asked: RunOptions,
    explain: bool,
    bar: Runs,
    language: Language,
}

/// A plan with what came of it, or the summary of a finished run.
pub(super) enum Ran<'e> {
    Simulated(&'e Plan, Results, RunSummary),
    Recorded(&'e Recorded),
}

impl Ran<'_> {
    pub(super) fn side(&self) -> Side<'_> {
        match self {
            Self::Simulated(plan, results, summary) => Side::Simulated(plan, results, summary),
            Self::Recorded(recorded) => Side::Recorded(recorded),
        }
    }
}

impl Study {
    pub(super) fn new(asked: &Asked, entries: &[Entry]) -> Self {
        let earlier = entries.iter().find_map(|e| e.earlier.as_ref());
        let replications = asked.replications.or(earlier.map(|e| e.replications)).unwrap_or(1_000) as usize;
        let seed = asked.seed.or(earlier.map(|e| e.seed)).unwrap_or(1);
        let run = RunOptions { replications, seed, threads: 0 };
        let simulated = entries.iter().filter(|e| e.member.origin.is_simulated()).count();
        let bar = Runs::new(replications * simulated, asked.language, asked.quiet);
        Self { asked: run, explain: asked.explain, bar, language: asked.language }
    }

    /// Replications of each plan.
    pub(super) fn replications(&self) -> usize {
        self.asked.replications
    }

    pub(super) fn run(&self, entries: &[Entry]) -> Done<Compared> {
        let (first, others) = entries.split_first().expect("invariant: two plans at least are named");
        let baseline = self.ran(first)?;
        let mut compared = Compared {
            baseline: self.member(first, &baseline),
            others: Vec::with_capacity(others.len()),
            seed: self.asked.seed,
            replications: self.asked.replications,
            best: Vec::new(),
        };
        let span = entries.iter().map(Entry::years).fold((i32::MIN, i32::MAX), |a, b| (a.0.max(b.0), a.1.min(b.1)));
        let mut unserved = vec![totals(baseline.side(), span)];
        for entry in others {
            let ran = self.ran(entry)?;
            unserved.push(totals(ran.side(), span));
            compared.others.push(self.versus((first, &baseline), (entry, &ran))?);
        }
        self.bar.finish();
        compared.best = unserved.into_iter().collect::<Option<Vec<_>>>().map_or_else(Vec::new, |plans| best(&plans));
        Ok(compared)
    }

    fn ran<'e>(&self, entry: &'e Entry) -> Done<Ran<'e>> {
        match &entry.numbers {
            Numbers::Plan(plan, _) => {
                self.bar.now(entry.member.label.get(self.language));
                self.simulated(plan).map(|(results, summary)| Ran::Simulated(plan, results, summary))
            }
            Numbers::Summary(recorded) => Ok(Ran::Recorded(recorded)),
        }
    }

    /// The plan with how far it is from the finished run that it repeats.
    fn member(&self, entry: &Entry, ran: &Ran<'_>) -> Member {
        let as_then = |e: &Earlier| e.seed == self.asked.seed && e.replications as usize == self.asked.replications;
        let recorded = entry.recorded.as_ref().filter(|_| entry.earlier.as_ref().is_some_and(as_then));
        let drift = match (ran, recorded) {
            (Ran::Simulated(plan, _, summary), Some(recorded)) => Some(recorded.drift(plan, summary)),
            _ => None,
        };
        Member { drift, made_with: self.made_otherwise(entry), ..entry.member.clone() }
    }

    /// What a finished run was made with, where it was made again otherwise.
    fn made_otherwise(&self, entry: &Entry) -> Option<MadeWith> {
        let earlier = entry.earlier.as_ref().filter(|_| entry.recorded.is_some())?;
        let made = MadeWith { seed: earlier.seed, replications: earlier.replications };
        (made.seed != self.asked.seed || made.replications as usize != self.asked.replications).then_some(made)
    }

    /// The difference between the runs as they were made, where either was made again otherwise.
    fn own(&self, a: (&Entry, &Ran<'_>), b: (&Entry, &Ran<'_>), years: (i32, i32)) -> Option<Comparison> {
        let [own_a, own_b] = [a, b].map(|(entry, _)| self.made_otherwise(entry).and(entry.recorded.as_ref()));
        if own_a.is_none() && own_b.is_none() {
            return None;
        }
        let [side_a, side_b] = [own_a.map_or(a.1.side(), Side::Recorded), own_b.map_or(b.1.side(), Side::Recorded)];
        Some(difference(side_a, side_b, years))
    }

    fn simulated(&self, plan: &Plan) -> Done<(Results, RunSummary)> {
        let results = simulate(plan, self.asked, &self.bar, interrupt::watch()).map_err(|failure| failed(&failure))?;
        let summary = RunSummary::new(plan, &results);
        Ok((results, summary))
    }

    fn versus(&self, a: (&Entry, &Ran<'_>), b: (&Entry, &Ran<'_>)) -> Done<Versus> {
        let (before, after) = (a.1.side(), b.1.side());
        let years = common_years(before, after).expect("invariant: years in common were looked for");
        let comparison = difference(before, after, years);
        let headlines = headlines(&comparison);
        // A file whose faults were not shown has none: both were loaded before.
        let differing = a.0.source().zip(b.0.source()).and_then(|(a, b)| changes(a, b).ok());
        let steps = match &differing {
            Some(differing) if self.explain => {
                let simulate = |label: &str, plan: &Plan| {
                    self.bar.now(label);
                    self.simulated(plan)
                };
                let pair = explain::Pair {
                    comparison: &comparison,
                    headlines: &headlines,
                    changes: differing,
                    entries: [a.0, b.0],
                };
                explain::steps(&pair, [before, after], &simulate, self.language)?
            }
            _ => Vec::new(),
        };
        Ok(Versus {
            member: self.member(b.0, b.1),
            own: self.own(a, b, years),
            actuals: Actuals::of(&comparison),
            counted: counted_since(a.1, b.1),
            same_frame: same_frame(a.1, b.1),
            comparison,
            headlines,
            changes: differing,
            steps,
        })
    }
}

/// What the second plan has observed and the first has not, as the first foresaw it.
fn counted_since(a: &Ran<'_>, b: &Ran<'_>) -> Vec<Counted> {
    match (a, b) {
        (Ran::Simulated(plan, results, _), Ran::Simulated(after, ..)) => Counted::since(plan, results, after),
        _ => Vec::new(),
    }
}

/// Whether both plans draw for the same areas from the same year on.
fn same_frame(a: &Ran<'_>, b: &Ran<'_>) -> bool {
    match (a, b) {
        (Ran::Simulated(a, ..), Ran::Simulated(b, ..)) => {
            a.site.first_year == b.site.first_year && a.site.area_ids() == b.site.area_ids()
        }
        _ => false,
    }
}
