//! The blocks of results beside those of tiers: residents wherever they ask, and units.

use super::metrics;
use super::model::{Component, TIERS};
use super::read::LABELS;
use super::units::Unit;
use crate::language::Text;
use crate::metric::{Block, BlockId, Catalogue};
use crate::text;

/// The block of what became of residents.
pub(super) fn add_residents(catalogue: &mut Catalogue) -> BlockId {
    catalogue.add(Block {
        service: "health",
        service_label: super::LABEL,
        stage: "residents".to_owned(),
        stage_label: Text::new("Residents, wherever they ask", "居民（含区外就医）"),
        metrics: metrics::RESIDENTS,
        by_area: true,
        promise: None,
    })
}

/// A block for the beds of each specialty in each tier.
pub(super) fn add_units(components: &[Component], catalogue: &mut Catalogue) -> Vec<Unit> {
    let mut units = Vec::new();
    for (component, Component { name: (id, name), pools, .. }) in components.iter().enumerate() {
        for (group, (tier, label)) in TIERS.iter().zip(&LABELS).enumerate() {
            if pools.iter().all(|pool| usize::from(pool.group) != group) {
                continue;
            }
            let (place, house, en, zh) = (&label.en, &label.zh, &name.en, &name.zh);
            let block = catalogue.add(Block {
                service: "health",
                service_label: super::LABEL,
                stage: format!("{tier}_{id}"),
                stage_label: text!("{place}: {en}", "{house}：{zh}"),
                metrics: metrics::UNIT,
                by_area: false,
                promise: None,
            });
            units.push(Unit { component, group, block });
        }
    }
    units
}
