//! What stands in the head of a report: how its numbers were made.

use crate::language::Text;
use crate::report::document::Fact;
use crate::report::number;
use crate::scenario::Plan;

/// A fact under a name in English and Chinese.
pub(super) const fn fact(en: &'static str, zh: &'static str, value: Text) -> Fact {
    Fact { label: Text::new(en, zh), value }
}

/// Seed, scenario and program: with them anybody makes the same numbers again.
pub(super) fn origin(plan: &Plan, seed: u64) -> [Fact; 3] {
    [
        fact("Seed", "随机种子", Text::name(seed.to_string())),
        fact("Scenario hash", "方案哈希", Text::name(plan.hash.chars().take(16).collect::<String>())),
        program(),
    ]
}

/// The version of the program.
pub(super) fn program() -> Fact {
    fact("civicap", "civicap", Text::name(env!("CARGO_PKG_VERSION")))
}

/// The facts of a study that ran a plan several times.
pub(super) fn of_study(plan: &Plan, replications: usize, runs: usize, seed: u64) -> Vec<Fact> {
    let (from, to) = (plan.shown_from, plan.site.end);
    let mut facts = vec![
        fact("Years", "年份", Text::name(format!("{from}–{to}"))),
        fact("Replications of each run", "每次运行的模拟次数", Text::name(number::whole(replications as f64))),
        fact("Runs", "运行数", Text::name(runs.to_string())),
    ];
    facts.extend(origin(plan, seed));
    facts
}
