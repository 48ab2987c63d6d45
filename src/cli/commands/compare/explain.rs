//! `--explain`: groups of changed inputs switched one after another, each step a paired run.

use super::member::{Entry, Numbers};
use crate::cli::talk::Done;
use crate::language::{Language, Text};
use crate::run::Results;
use crate::scenario::{Change, Plan, Request, Source, load_switched};
use crate::study::RunSummary;
use crate::study::comparison::{Comparison, Headline, Side, Step, step};

/// Two plans whose difference is to be explained.
pub(super) struct Pair<'a> {
    /// Their difference.
    pub comparison: &'a Comparison,
    /// What is said of each stage.
    pub headlines: &'a [Headline],
    /// The inputs that differ.
    pub changes: &'a [Change],
    /// The plans.
    pub entries: [&'a Entry; 2],
}

/// A plan between the two, simulated.
struct Between {
    plan: Plan,
    results: Results,
    summary: RunSummary,
}

impl Between {
    fn side(&self) -> Side<'_> {
        Side::Simulated(&self.plan, &self.results, &self.summary)
    }
}

/// The steps from one plan to the other. A group that does not make a sound scenario alone is switched with the next.
pub(super) fn steps(
    pair: &Pair<'_>,
    ends: [Side<'_>; 2],
    simulate: &impl Fn(&str, &Plan) -> Done<(Results, RunSummary)>,
    language: Language,
) -> Done<Vec<Step>> {
    if !pair.comparison.paired {
        return Ok(Vec::new());
    }
    let mut groups: Vec<&Change> = pair.changes.iter().collect();
    groups.dedup_by(|b, a| a.group == b.group);
    let mut steps = Vec::new();
    let mut waiting: Vec<Text> = Vec::new();
    let mut before: Option<Between> = None;
    for (i, group) in groups.iter().enumerate() {
        waiting.push(group.group.named());
        let last = i + 1 == groups.len();
        let next = if last { None } else { switched(pair, group.group.order()) };
        if !last && next.is_none() {
            continue;
        }
        let label = together(&waiting);
        waiting.clear();
        let after = match next {
            Some(plan) => {
                let (results, summary) = simulate(label.get(language), &plan)?;
                Some(Between { plan, results, summary })
            }
            None => None,
        };
        let from = before.as_ref().map_or(ends[0], Between::side);
        let to = after.as_ref().map_or(ends[1], Between::side);
        steps.push(step(pair.comparison, pair.headlines, label, from, to));
        before = after;
    }
    Ok(steps)
}

fn together(labels: &[Text]) -> Text {
    let en: Vec<&str> = labels.iter().map(|t| t.en.as_ref()).collect();
    let zh: Vec<&str> = labels.iter().map(|t| t.zh.as_ref()).collect();
    Text::owned(en.join(" + "), zh.join("＋"))
}

/// The first plan with all groups up to `order` switched; `None` when that makes no sound scenario.
fn switched(pair: &Pair<'_>, order: usize) -> Option<Plan> {
    let [a, b] = pair.entries;
    let (Numbers::Plan(before, _), Numbers::Plan(_, request)) = (&a.numbers, &b.numbers) else { return None };
    let (from, to) = (a.file.as_ref()?, b.file.as_ref()?);
    let chosen: Vec<&Change> = pair.changes.iter().filter(|c| c.group.order() <= order).collect();
    let between = Request { settings: before.settings.clone(), ..request.clone() };
    load_switched(from, Source { file: to, settings: &request.settings }, &chosen, between).plan
}
