//! The plans of a comparison, as its report sees them.

use crate::language::Text;
use crate::metric::Role;
use crate::scenario::Change;
use crate::study::comparison::{
    Actuals, Comparison, Counted, Difference, Drift, Headline, StageBest, StageChange, Step,
};
use crate::text;

/// One of the plans compared.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its short name, for tables.
    pub name: String,
    /// Its name.
    pub label: Text,
    /// The file or folder as it was named.
    pub file: String,
    /// How its numbers came about.
    pub origin: Origin,
    /// How far it is from the finished run that it repeats; `None` where it repeats none, or with other replications.
    pub drift: Option<Drift>,
    /// What a finished run was made with, where that is not what it was made again with for this comparison.
    pub made_with: Option<MadeWith>,
}

/// What decides the chance events of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeWith {
    /// Seed.
    pub seed: u64,
    /// Replications.
    pub replications: u32,
}

/// How the numbers of a plan came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Simulated for this comparison.
    Simulated,
    /// A finished run whose scenario is unchanged: simulated again.
    Again,
    /// A finished run whose scenario has changed or gone: simulated again from the inputs kept with it.
    Kept,
    /// The summary of a finished run: its scenario has changed since.
    SummaryOfChanged,
    /// The summary of a finished run: its scenario is not there any more.
    SummaryOfMissing,
}

impl Origin {
    /// Whether there are replications to be paired.
    pub const fn is_simulated(self) -> bool {
        matches!(self, Self::Simulated | Self::Again | Self::Kept)
    }
}

/// One plan against the baseline.
#[derive(Clone, Debug)]
pub struct Versus {
    /// The plan.
    pub member: Member,
    /// What changes.
    pub comparison: Comparison,
    /// The same between the finished runs as they were made, where they were made again otherwise.
    pub own: Option<Comparison>,
    /// The stage and year that are quoted, for every stage with a promise.
    pub headlines: Vec<Headline>,
    /// The inputs that differ; `None` where a scenario is gone.
    pub changes: Option<Vec<Change>>,
    /// Groups of changes switched one after another, if that was asked for.
    pub steps: Vec<Step>,
    /// Earlier forecasts of a later start.
    pub actuals: Option<Actuals>,
    /// Earlier forecasts of what was counted since.
    pub counted: Vec<Counted>,
    /// Whether both carry people forward from the same year and over the same areas, so that all draws are shared.
    pub same_frame: bool,
}

impl Versus {
    /// The stage that a headline is about, in the runs as they were made.
    pub(super) fn own_stage(&self, headline: &Headline) -> Option<&StageChange> {
        let stage = &self.comparison.stages[headline.stage];
        self.own.as_ref()?.stages.iter().find(|own| own.service == stage.service && own.stage == stage.stage)
    }

    /// Those unserved in the stage and year of a headline, in the runs as they were made.
    pub(crate) fn own_unserved(&self, headline: &Headline) -> Option<&Difference> {
        self.own.as_ref()?.district(self.own_stage(headline)?, Role::Unmet, headline.year)
    }
}

/// Everything that was compared.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The plan that the others are held against.
    pub baseline: Member,
    /// The others.
    pub others: Vec<Versus>,
    /// Seed of the simulations.
    pub seed: u64,
    /// Replications of each plan.
    pub replications: usize,
    /// How likely each plan leaves the fewest unserved, by stage; empty where not all plans were simulated.
    pub best: Vec<StageBest>,
}

/// One plan against the baseline, with its place among the others.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) compared: &'a Compared,
    pub(super) versus: &'a Versus,
    pub(super) index: usize,
}

impl Part<'_> {
    /// A key that is unique among the others.
    pub(super) fn key(self, name: &str) -> String {
        if self.compared.others.len() == 1 { name.to_owned() } else { format!("{name}-{}", self.index + 1) }
    }

    /// A title that says which plan, when there are several.
    pub(super) fn title(self, title: &Text) -> Text {
        if self.compared.others.len() == 1 {
            return title.clone();
        }
        let (plan_en, plan_zh) = (&self.versus.member.label.en, &self.versus.member.label.zh);
        let (en, zh) = (&title.en, &title.zh);
        text!("{plan_en} · {en}", "{plan_zh} · {zh}")
    }
}

/// A span of years in one word.
pub(super) fn years(from: i32, to: i32) -> String {
    if from == to { from.to_string() } else { format!("{from}–{to}") }
}
