//! `[building]`: what is built at once, and how long that takes: what a question for more places needs to know.

use crate::diagnostic::code;
use crate::input::{KeyDef, Section, ValueKind};
use crate::metric::{BlockId, Catalogue};
use crate::text;

const LEAD: (&str, &str) =
    ("months from the decision to build until the places open, if nothing is late", "从决策到启用的月数（不计延期）");

/// Keys of one stage.
const STAGE: &[KeyDef] = &[
    KeyDef::optional(
        "lump",
        ValueKind::Whole(1, 10_000),
        "classes, beds or places",
        "how many are built at once at the least; left out: one class in each grade, 5 beds of a hospital or a home, 10 places of other care, 1 in a ward or a queue of its own",
        "一次至少建多少；不写则每年级 1 个班，医院与养老机构 5 张床，其他养老服务 10 个位，单独的病区或队列 1 个",
    ),
    KeyDef::optional("lead_time_months", ValueKind::Number(0.0, 240.0), "months", LEAD.0, LEAD.1),
];

/// Keys of `[building]`.
pub(super) const KEYS: &[KeyDef] = &[
    KeyDef::default("lead_time_months", ValueKind::Number(0.0, 240.0), "months", LEAD_TIME.0, LEAD.0, LEAD.1),
    KeyDef::optional(
        "stages",
        ValueKind::Named(STAGE),
        "",
        "what differs at a stage, tier, ward or service, by its key in summary.csv",
        "个别学段、层级、病区或服务的不同之处，按 summary.csv 中的 stage 代码",
    ),
];

/// What is said of building at a stage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct StageTerms {
    lump: Option<u32>,
    lead_time_months: Option<f64>,
}

/// How places are built.
#[derive(Clone, Debug)]
pub struct BuildingTerms {
    lead_time_months: f64,
    stages: Vec<(BlockId, StageTerms)>,
}

/// Two years, where the scenario does not say: a school or a home is seldom built faster.
const LEAD_TIME: (&str, f64) = ("24", 24.0);

impl Default for BuildingTerms {
    fn default() -> Self {
        Self { lead_time_months: LEAD_TIME.1, stages: Vec::new() }
    }
}

impl BuildingTerms {
    /// Units that are built at once at a stage, where the scenario says so.
    pub fn lump(&self, block: BlockId) -> Option<u32> {
        self.of(block).and_then(|terms| terms.lump)
    }

    /// Months from the decision to the opening.
    pub fn lead_time_months(&self, block: BlockId) -> f64 {
        self.of(block).and_then(|terms| terms.lead_time_months).unwrap_or(self.lead_time_months)
    }

    fn of(&self, block: BlockId) -> Option<StageTerms> {
        self.stages.iter().find(|(own, _)| *own == block).map(|(_, terms)| *terms)
    }
}

/// Reads `[building]`; `None` when a fault was noted.
pub(super) fn read(root: &Section<'_>, catalogue: &Catalogue, all_stages: bool) -> Option<BuildingTerms> {
    if !root.has("building") {
        return Some(BuildingTerms::default());
    }
    let section = root.section("building")?;
    let lead_time_months = section.number("lead_time_months");
    let named = section.named("stages");
    let stages: Vec<_> = named.iter().map(|(name, stage)| read_stage(name, stage, catalogue, all_stages)).collect();
    let stages = stages.into_iter().collect::<Option<Vec<_>>>()?;
    Some(BuildingTerms { lead_time_months: lead_time_months?, stages: stages.into_iter().flatten().collect() })
}

/// A stage with what is said of it. Where a service could not be read its stages are not known, and nothing is held against it.
fn read_stage(
    name: &str,
    stage: &Section<'_>,
    catalogue: &Catalogue,
    all_stages: bool,
) -> Option<Option<(BlockId, StageTerms)>> {
    let lump = stage.if_given("lump", Section::count);
    let lead_time_months = stage.if_given("lead_time_months", Section::number);
    let terms = StageTerms { lump: lump?, lead_time_months: lead_time_months? };
    let promised = || catalogue.blocks().filter(|(_, block)| block.promise.is_some());
    if let Some((block, _)) = promised().find(|(_, block)| block.stage == name) {
        return Some(Some((block, terms)));
    }
    if !all_stages {
        return Some(None);
    }
    let known = promised().map(|(_, block)| block.stage.as_str()).collect::<Vec<_>>().join(", ");
    stage.session.diagnostics.error(
        code::UNKNOWN_NAME,
        stage.span,
        text!("the scenario promises nothing at a stage «{name}»", "方案中没有带服务目标的“{name}”"),
        text!("write one of: {known}", "请写下列之一：{known}"),
    );
    None
}
