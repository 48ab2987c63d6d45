//! Every input with its meaning, status and source.

use super::input_names;
use crate::input::{InputEntry, units};
use crate::language::Text;
use crate::report::document::{Block, Caption, InputRow, Inputs, Section};
use crate::scenario::Plan;
use crate::uncertainty::InputKind;

pub(super) fn section(plan: &Plan) -> Section {
    let rows = figures(plan)
        .map(|input| InputRow {
            key: input.path.clone(),
            meaning: input_names::meaning(plan, &input.path),
            value: input.shown.clone(),
            unit: (!input.unit.is_empty()).then(|| units::unit(input.unit)),
            kind: input.provenance.kind(),
            source: input.provenance.source.clone(),
        })
        .collect();
    let caption = Caption::new(Text::new("Data and parameters by what they rest on", "数据与参数及其依据")).takeaway(Text::new(
        "Default: the scenario is silent, and a standard or usual value is taken. Statistics: read in the source. Derived: \
         computed from it. Judgement: nobody has counted it, so it deserves a better figure first. For more on a key: \
         civicap explain KEY.",
        "默认值：方案未给出，采用标准值或常用值；统计数据：出处中直接可查；推算：据出处推算；判断：尚无统计，应优先以实际数据替换。用 civicap explain 键名 可查看每个键的说明。",
    ));
    Section {
        key: "inputs".to_owned(),
        title: Text::new("Data and parameters", "数据与参数"),
        blocks: vec![Block::Inputs(Inputs { caption, rows })],
    }
}

/// The figures and tables; the years asked for are a question, not a figure that somebody counted or assumed.
pub(super) fn figures(plan: &Plan) -> impl Iterator<Item = &InputEntry> {
    plan.inputs.iter().filter(|input| !input.path.starts_with("horizon."))
}

/// How many of them rest on something.
pub(super) fn resting_on(plan: &Plan, kind: InputKind) -> usize {
    figures(plan).filter(|input| input.provenance.kind() == kind).count()
}
