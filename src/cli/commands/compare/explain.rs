//! `--explain`: groups of changed inputs switched one after another, each step a paired run.

use super::member::{Entry, Numbers};
use super::{Failed, Ran, Study};
use crate::language::Text;
use crate::run::Results;
use crate::scenario::{Change, Plan, load_switched};
use crate::study::RunSummary;
use crate::study::comparison::{Comparison, Headline, Side, Step, step};

/// The steps from one plan to the other. A group that does not make a sound scenario alone is switched with the next.
pub(super) fn steps(
    study: &Study,
    (comparison, headlines): (&Comparison, &[Headline]),
    changes: &[Change],
    a: (&Entry, &Ran<'_>),
    b: (&Entry, &Ran<'_>),
) -> Result<Vec<Step>, Failed> {
    if !comparison.paired {
        return Ok(Vec::new());
    }
    let mut groups: Vec<&Change> = changes.iter().collect();
    groups.dedup_by(|b, a| a.group == b.group);
    let mut steps = Vec::new();
    let mut waiting: Vec<Text> = Vec::new();
    let mut before: Option<(Plan, Results, RunSummary)> = None;
    for (i, group) in groups.iter().enumerate() {
        waiting.push(group.group.named());
        let last = i + 1 == groups.len();
        let next = if last { None } else { switched(changes, group.group.order(), a.0, b.0) };
        if !last && next.is_none() {
            continue;
        }
        let label = together(&waiting);
        waiting.clear();
        study.bar.now(label.get(study.language));
        let after = match next {
            Some(plan) => {
                let (results, digest) = study.simulated(&plan)?;
                Some((plan, results, digest))
            }
            None => None,
        };
        let from = before.as_ref().map_or_else(|| a.1.side(), side);
        let to = after.as_ref().map_or_else(|| b.1.side(), side);
        steps.push(step(comparison, headlines, label, from, to));
        before = after;
    }
    Ok(steps)
}

fn side((plan, results, digest): &(Plan, Results, RunSummary)) -> Side<'_> {
    Side::Simulated(plan, results, digest)
}

fn together(labels: &[Text]) -> Text {
    let en: Vec<&str> = labels.iter().map(|t| t.en.as_ref()).collect();
    let zh: Vec<&str> = labels.iter().map(|t| t.zh.as_ref()).collect();
    Text::owned(en.join(" + "), zh.join("＋"))
}

/// The first plan with all groups up to `order` switched; `None` when that makes no sound scenario.
fn switched(changes: &[Change], order: usize, a: &Entry, b: &Entry) -> Option<Plan> {
    let (Numbers::Plan(_, request), Some(from), Some(to)) = (&b.numbers, &a.file, &b.file) else { return None };
    let chosen: Vec<&Change> = changes.iter().filter(|c| c.group.order() <= order).collect();
    load_switched(from, to, &chosen, *request).plan
}
