//! The blocks of results beside those of tiers: residents wherever they ask, units, and hospitals.

use crate::language::Text;
use crate::metric::{Block, BlockGroup, BlockId, Catalogue};
use crate::services::health::input::facilities;
use crate::services::health::input::facilities::FacilityBeds;
use crate::services::health::metrics;
use crate::services::health::model::Component;
use crate::services::health::model::Hospitals;
use crate::services::health::model::SpecialtyUnit;
use crate::services::health::tier::Tier;
use crate::text;

static UNITS: BlockGroup =
    BlockGroup { one: Text::new("Unit", "单元"), many: Text::new("Units", "各单元"), note: None };

static HOSPITALS: BlockGroup = BlockGroup {
    one: Text::new("Hospital", "机构"),
    many: Text::new("Hospitals", "各机构"),
    note: Some(Text::new(
        "RequestRates are divided among the hospitals of a tier by their open beds. Where a tier fills its beds as one (pooling = \"tier\"), \
         nobody in it lies in one hospital rather than another: its hospitals are not told apart and do not appear here.",
        "同层级的请求按开放床位分到各机构。全层级统一调配床位（pooling = \"tier\"）时，病人不属于其中某一家，因此该层级各机构不单列。",
    )),
};

/// The block of what became of residents.
pub(crate) fn add_residents(catalogue: &mut Catalogue) -> BlockId {
    catalogue.add(Block {
        service: "health",
        service_label: metrics::LABEL,
        stage: "residents".to_owned(),
        stage_label: Text::new("Residents, wherever they ask", "居民（含区外就医）"),
        metrics: metrics::OfResidents::TABLE,
        by_area: true,
        promise: None,
        family: None,
    })
}

/// The name of the beds of a specialty in a tier.
pub(crate) fn unit_label(tier: &Text, specialty: &Text) -> Text {
    let (place, house, en, zh) = (&tier.en, &tier.zh, &specialty.en, &specialty.zh);
    text!("{place}: {en}", "{house}：{zh}")
}

/// A block for the beds of each specialty in each tier.
pub(crate) fn add_units(components: &[Component], catalogue: &mut Catalogue) -> Vec<SpecialtyUnit> {
    let mut units = Vec::new();
    for (component, Component { id, label: name, pools, .. }) in components.iter().enumerate() {
        for tier in Tier::ALL {
            let group = tier.index();
            if pools.iter().all(|pool| usize::from(pool.group) != group) {
                continue;
            }
            let block = catalogue.add(Block {
                service: "health",
                service_label: metrics::LABEL,
                stage: format!("{}_{id}", tier.key()),
                stage_label: unit_label(&tier.label(), name),
                metrics: metrics::OfUnit::TABLE,
                by_area: false,
                promise: None,
                family: Some(&UNITS),
            });
            units.push(SpecialtyUnit { component, group, block });
        }
    }
    units
}

/// A block for each facility that fills its own beds.
pub(crate) fn add_hospitals(
    facilities: &[FacilityBeds],
    components: &[Component],
    catalogue: &mut Catalogue,
) -> Hospitals {
    let blocks = facilities.iter().map(|facility| {
        let block = catalogue.add(Block {
            service: "health",
            service_label: metrics::LABEL,
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
    facilities::hospitals(facilities, blocks.collect(), components)
}
