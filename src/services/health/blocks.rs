//! The blocks of results beside those of tiers: residents wherever they ask, units, and hospitals.

use super::hospitals::{Facility, Hospitals};
use super::metrics;
use super::model::{Component, TIERS};
use super::read::LABELS;
use super::units::Unit;
use crate::language::Text;
use crate::metric::{Block, BlockGroup, BlockId, Catalogue};
use crate::text;

static UNITS: BlockGroup =
    BlockGroup { one: Text::new("Unit", "单元"), many: Text::new("Units", "各单元"), note: None };

static HOSPITALS: BlockGroup = BlockGroup {
    one: Text::new("Hospital", "机构"),
    many: Text::new("Hospitals", "各机构"),
    note: Some(Text::new(
        "Requests are divided among the hospitals of a tier by their open beds. Where a tier fills its beds as one (pooling = \"tier\"), \
         nobody in it lies in one hospital rather than another: its hospitals are not told apart and do not appear here.",
        "同层级的请求按开放床位分到各机构。全层级统一调配床位（pooling = \"tier\"）时，病人不属于其中某一家，因此该层级各机构不单列。",
    )),
};

/// The block of what became of residents.
pub(super) fn add_residents(catalogue: &mut Catalogue) -> BlockId {
    catalogue.add(Block {
        service: "health",
        service_label: super::LABEL,
        stage: "residents".to_owned(),
        stage_label: Text::new("Residents, wherever they ask", "居民（含区外就医）"),
        metrics: metrics::OfResidents::TABLE,
        by_area: true,
        promise: None,
        family: None,
    })
}

/// The name of the beds of a specialty in a tier.
pub(super) fn unit_label(tier: &Text, specialty: &Text) -> Text {
    let (place, house, en, zh) = (&tier.en, &tier.zh, &specialty.en, &specialty.zh);
    text!("{place}: {en}", "{house}：{zh}")
}

/// A block for the beds of each specialty in each tier.
pub(super) fn add_units(components: &[Component], catalogue: &mut Catalogue) -> Vec<Unit> {
    let mut units = Vec::new();
    for (component, Component { name: (id, name), pools, .. }) in components.iter().enumerate() {
        for (group, (tier, label)) in TIERS.iter().zip(&LABELS).enumerate() {
            if pools.iter().all(|pool| usize::from(pool.group) != group) {
                continue;
            }
            let block = catalogue.add(Block {
                service: "health",
                service_label: super::LABEL,
                stage: format!("{tier}_{id}"),
                stage_label: unit_label(label, name),
                metrics: metrics::OfUnit::TABLE,
                by_area: false,
                promise: None,
                family: Some(&UNITS),
            });
            units.push(Unit { component, group, block });
        }
    }
    units
}

/// A block for each facility that fills its own beds.
pub(super) fn add_hospitals(facilities: &[Facility], components: &[Component], catalogue: &mut Catalogue) -> Hospitals {
    let blocks = facilities.iter().map(|facility| {
        let block = catalogue.add(Block {
            service: "health",
            service_label: super::LABEL,
            stage: format!("hospital_{}", facility.id),
            stage_label: facility.label.clone(),
            metrics: metrics::OfHospital::TABLE,
            by_area: false,
            promise: None,
            family: Some(&HOSPITALS),
        });
        facility.projects.iter().for_each(|project| catalogue.note_project(block, *project));
        block
    });
    Hospitals::new(facilities, blocks.collect(), components)
}
