//! Every input with its meaning, status and source.

use super::input_names;
use crate::input::{InputEntry, units};
use crate::language::Text;
use crate::report::document::{Block, Caption, InputRow, Inputs, Section};
use crate::scenario::Plan;
use crate::uncertainty::Status;

pub(super) fn section(plan: &Plan) -> Section {
    let rows = figures(plan)
        .map(|input| InputRow {
            key: input.path.clone(),
            meaning: input_names::meaning(plan, &input.path),
            value: input.shown.clone(),
            unit: (!input.unit.is_empty()).then(|| units::unit(input.unit)),
            status: input.provenance.status,
            source: input.provenance.source.clone(),
            defaulted: input.provenance.defaulted,
        })
        .collect();
    let caption = Caption::new(Text::new("Inputs by status", "输入及其性质")).takeaway(Text::new(
        "Published: read in the source. Derived: computed from it. Assumed: nobody has counted it, so it deserves a \
         better figure first. For more on a key: civicap explain KEY.",
        "公开数据：出处中直接可查；推算：据出处推算；假设：尚无统计，应优先以实际数据替换。用 civicap explain 键名 可查看每个键的说明。",
    ));
    Section {
        key: "inputs".to_owned(),
        title: Text::new("Inputs", "输入"),
        blocks: vec![Block::Inputs(Inputs { caption, rows })],
    }
}

/// The figures and tables; the years asked for are a question, not a figure that somebody counted or assumed.
pub(super) fn figures(plan: &Plan) -> impl Iterator<Item = &InputEntry> {
    plan.inputs.iter().filter(|input| !input.path.starts_with("horizon."))
}

/// How many of them nobody has counted.
pub(super) fn assumed(plan: &Plan) -> usize {
    figures(plan).filter(|input| input.provenance.status == Status::Assumed).count()
}
