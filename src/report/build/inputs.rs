//! Every input with its status and source.

use crate::language::Text;
use crate::report::document::{Block, Caption, InputRow, Inputs, Section};
use crate::scenario::Plan;

pub(super) fn section(plan: &Plan) -> Section {
    let rows = plan
        .inputs
        .iter()
        .map(|input| InputRow {
            key: input.path.clone(),
            value: Text::name(input.shown.clone()),
            unit: (!input.unit.is_empty()).then(|| Text::new(input.unit, input.unit)),
            status: input.provenance.status,
            source: input.provenance.source.clone(),
            defaulted: input.provenance.defaulted,
        })
        .collect();
    let caption = Caption::new(Text::new("Inputs by status", "输入及其性质"));
    Section {
        key: "inputs".to_owned(),
        title: Text::new("Inputs", "输入"),
        blocks: vec![Block::Inputs(Inputs { caption, rows })],
    }
}
